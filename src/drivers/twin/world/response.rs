//! The response to the hold that a world plays, where its file alone decides it.

use super::World;
use crate::domain::canary::Category;
use crate::domain::ids::AdapterName;
use crate::domain::profile::Effect;
use statrs::distribution::{ContinuousCDF, Normal};

/// `(1 - lapse) * Phi((ln h - ln median) / spread)` of contact time `h`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayedResponse {
    /// Half of all presses that do not lapse reset from this contact time on, in seconds.
    pub median_s: f64,
    /// Standard deviation of the needed time's logarithm.
    pub spread: f64,
    /// Share of presses that do not reset, or not wholly, at any hold.
    pub lapse: f64,
}

impl PlayedResponse {
    /// The contact time at which this share of the way to the plateau is done, in seconds.
    pub fn relative(&self, share: f64) -> Option<f64> {
        let normal = Normal::new(0.0, 1.0).ok()?;
        (share > 0.0 && share < 1.0).then(|| self.median_s * (self.spread * normal.inverse_cdf(share)).exp())
    }

    /// The contact time at which this share of presses reset; `None` where no hold reaches it.
    pub fn absolute(&self, share: f64) -> Option<f64> {
        self.relative(share / (1.0 - self.lapse))
    }
}

impl World {
    /// The response on an adapter. `None` where more than one threshold decides: several hold windows, or one that ends. What a supply that
    /// browns out adds is not in it.
    pub fn response(&self, adapter: &AdapterName) -> Option<PlayedResponse> {
        let button = &self.camera.button;
        let [window] = button.windows.as_slice() else { return None };
        if window.to_s.is_some() || window.effect != Effect::FactoryReset {
            return None;
        }
        let model = self.adapters.get(adapter)?;
        let survives = |category| self.camera.flash.survive.get(category).copied().unwrap_or(0.0);
        let wiped: f64 = Category::ALL.iter().map(|category| 1.0 - survives(category)).product();
        Some(PlayedResponse {
            median_s: window.threshold_s.get() * model.threshold_factor,
            spread: model.threshold_spread.unwrap_or(window.spread),
            lapse: 1.0 - (1.0 - button.lapse) * (1.0 - button.acknowledged_only) * wiped,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_plateau_and_of_all_presses_differ_by_the_lapse() {
        let response = PlayedResponse { median_s: 10.0, spread: 0.1, lapse: 0.1 };
        assert!((response.relative(0.5).unwrap() - 10.0).abs() < 1e-9);
        assert!((response.absolute(0.45).unwrap() - 10.0).abs() < 1e-9);
        assert_eq!(response.absolute(0.95), None);
    }
}

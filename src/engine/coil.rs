//! The press that is being made, and the hold that was measured.

use crate::domain::rig::Calibration;
use crate::domain::units::{Seconds, Tick};

/// One edge of the coil's current.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// When.
    pub at: Tick,
    /// Standard uncertainty of that.
    pub u_s: Seconds,
}

/// What is known of the press of this trial.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coil {
    /// Switched on.
    pub on: Option<Edge>,
    /// Switched off.
    pub off: Option<Edge>,
}

impl Coil {
    /// Notes an edge: the first switching on, the last switching off.
    pub fn edge(&mut self, energised: bool, edge: Edge) {
        if energised {
            self.on = self.on.or(Some(edge));
        } else if self.on.is_some() {
            self.off = Some(edge);
        }
    }

    /// When the contact closed, by the calibrated stroke.
    pub fn contact(&self, calibration: &Calibration) -> Option<Tick> {
        self.on.map(|on| on.at + calibration.pull_in_s)
    }

    /// When the contact opened.
    pub fn opened(&self, calibration: &Calibration) -> Option<Tick> {
        self.off.map(|off| off.at + calibration.drop_out_s)
    }

    /// The measured hold, from contact (or from `counted_from`, where that is later) to release, and its standard uncertainty: both edges and
    /// the stroke are independent, so their variances add (GUM, JCGM 100:2008, 5.1.2).
    pub fn hold(&self, calibration: &Calibration, counted_from: Option<Tick>) -> Option<(Seconds, Seconds)> {
        let (on, off) = (self.on?, self.off?);
        let from = self.contact(calibration)?.max(counted_from.unwrap_or(Tick::ZERO));
        let hold = self.opened(calibration)?.since(from);
        let variance = [on.u_s, off.u_s, calibration.stroke_u_s].iter().map(|u| u.get() * u.get()).sum::<f64>();
        Some((hold, Seconds::new(variance.sqrt())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(at_s: f64) -> Edge {
        Edge { at: Tick::ZERO + Seconds::new(at_s), u_s: Seconds::from_millis(3) }
    }

    fn calibration() -> Calibration {
        Calibration {
            pull_in_s: Seconds::from_millis(20),
            drop_out_s: Seconds::from_millis(50),
            stroke_u_s: Seconds::from_millis(4),
            ..Calibration::default()
        }
    }

    #[test]
    fn the_hold_is_that_of_the_contact() {
        let mut coil = Coil::default();
        coil.edge(true, edge(100.0));
        coil.edge(false, edge(110.0));
        let (hold, u) = coil.hold(&calibration(), None).unwrap();
        assert_eq!(hold, Seconds::new(10.03));
        assert!((u.get() - (9e-6f64 + 9e-6 + 16e-6).sqrt()).abs() < 1e-6);
    }

    #[test]
    fn a_hold_that_counts_from_power_on_begins_there() {
        let mut coil = Coil::default();
        coil.edge(true, edge(100.0));
        coil.edge(false, edge(110.0));
        let from = Tick::ZERO + Seconds::new(105.05);
        assert_eq!(coil.hold(&calibration(), Some(from)).unwrap().0, Seconds::new(5.0));
    }

    #[test]
    fn a_press_without_an_end_has_no_hold() {
        let mut coil = Coil::default();
        coil.edge(false, edge(1.0));
        assert!(coil.off.is_none());
        coil.edge(true, edge(2.0));
        assert_eq!(coil.hold(&calibration(), None), None);
    }
}

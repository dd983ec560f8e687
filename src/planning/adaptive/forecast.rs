//! What an adaptive suite is expected to cost: the design played on made-up cameras, beside a grid on the same ones.

use super::chooser::{Chooser, Settings};
use super::standing::Standing;
use crate::analysis::posterior::Press;
use crate::planning::chance::keyed;
use rand::Rng;

/// The grid that is compared with: so many holds over the range, evenly in ln(hold), and so many trials of each; what benches do today.
pub const GRID: (u32, u32) = (10, 10);
/// Scatter of the thresholds of one camera's adapters in ln(hold): an assumption.
const SPREAD: f64 = 0.15;
/// Least and greatest scale of a response in ln(hold), even in its logarithm: an assumption.
const SCALES: (f64, f64) = (0.01, 0.2);
/// Greatest lapse; a third of the cameras have none: an assumption.
const LAPSE: f64 = 0.12;

/// Presses and bench hours of one made-up camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Presses of all adapters.
    pub presses: u32,
    /// Adapters that were done before their budget was spent.
    pub done: u32,
    /// Bench hours of those presses.
    pub hours: f64,
    /// Bench hours of the grid.
    pub grid_hours: f64,
}

/// A made-up adapter.
struct Device {
    threshold_s: f64,
    scale: f64,
    lapse: f64,
}

impl Device {
    fn resets(&self, hold_s: f64, u: f64) -> bool {
        u < self.rate(hold_s)
    }

    fn rate(&self, hold_s: f64) -> f64 {
        (1.0 - self.lapse) / (1.0 + (-(hold_s / self.threshold_s).ln() / self.scale).exp())
    }
}

/// Plays the design on a made-up camera with `n` adapters, at most `most` presses of each. The camera of each `number` is another one.
pub fn forecast(settings: Settings, n: usize, most: u32, number: u64) -> Forecast {
    // A made-up camera acknowledges nothing: what a real one's answers save is known when they were seen.
    let settings = Settings { listening: None, ..settings };
    let mut chance = keyed(settings.seed, "forecast", number);
    let mut uniform = move || (chance.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let devices = camera(settings.range, n, &mut uniform);
    let mut chooser = Chooser::new(n, settings);
    let mut sum = Forecast { presses: 0, done: 0, hours: 0.0, grid_hours: grid_hours(settings, &devices) };
    while let Some(choice) = chooser.next(|j| chooser.standing(j) == Standing::Open && (chooser.presses(j).len() as u32) < most) {
        let reset = devices[choice.adapter].resets(choice.hold_s, uniform());
        let bench_s = choice.hold_s + if reset { settings.cost.reset_s } else { settings.cost.quiet_s };
        chooser.tell(choice.adapter, Press { hold_s: choice.hold_s, reset }, None, bench_s);
        sum.presses += 1;
        sum.hours += bench_s / 3600.0;
    }
    sum.done = (0..n).filter(|j| chooser.standing(*j) != Standing::Open).count() as u32;
    sum
}

fn camera((from, to): (f64, f64), n: usize, uniform: &mut impl FnMut() -> f64) -> Vec<Device> {
    // Somewhere in the middle of the range: a suite's author expects it there.
    let centre = from.ln() + (0.2 + 0.6 * uniform()) * (to / from).ln();
    let scale = SCALES.0 * (SCALES.1 / SCALES.0).powf(uniform());
    let lapse = if uniform() < 1.0 / 3.0 { 0.0 } else { LAPSE * uniform() };
    (0..n)
        .map(|_| {
            // The sum of twelve uniforms is as good as normal here.
            let normal = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            Device { threshold_s: (centre + SPREAD * normal).exp(), scale, lapse }
        })
        .collect()
}

fn grid_hours(settings: Settings, devices: &[Device]) -> f64 {
    let (from, to) = settings.range;
    let hold = |i: u32| from * (to / from).powf(f64::from(i) / f64::from(GRID.0 - 1));
    let one = |device: &Device| -> f64 { (0..GRID.0).map(|i| settings.cost.expected(hold(i), device.rate(hold(i)))).sum() };
    f64::from(GRID.1) * devices.iter().map(one).sum::<f64>() / 3600.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::posterior::Quantity;
    use crate::planning::adaptive::{Aim, Cost};

    #[test]
    fn a_forecast_is_cheaper_than_the_grid_and_the_same_each_time() {
        let settings = Settings {
            quantity: Quantity::Relative(0.95),
            aim: Aim::Precision(0.2),
            range: (1.0, 90.0),
            sharing: true,
            probe_every: None,
            listening: None,
            cost: Cost { reset_s: 300.0, quiet_s: 150.0 },
            seed: 1,
        };
        let one = forecast(settings, 2, 40, 0);
        assert_eq!(one, forecast(settings, 2, 40, 0));
        assert!(one.presses >= 24 && one.presses <= 80 && one.hours < 0.5 * one.grid_hours, "{one:?}");
        // 200 trials of 150 to 390 s each.
        assert!((8.3..21.7).contains(&one.grid_hours), "{one:?}");
    }
}

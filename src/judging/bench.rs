//! What a check of the rig makes of raw samples: pure arithmetic.

use crate::domain::units::{Seconds, Tick};

/// A sample in its unit, and when it was taken.
pub type Sample = (Tick, f64);

/// So long before an edge of the coil its force is taken for steady.
const STEADY: Seconds = Seconds::from_millis(50);
/// The tip lifts when a fifth of the force is gone: far more than noise, and gone within a millisecond (the dome pushes).
const LIFTED: f64 = 0.8;

/// Mean and standard deviation of one value; `None` of no values. The deviation of a single value is zero: it says nothing.
pub fn spread(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len() as f64;
    if values.is_empty() {
        return None;
    }
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((mean, if values.len() > 1 { (squares / (count - 1.0)).sqrt() } else { 0.0 }))
}

/// Standard uncertainty of a standard deviation from so many values, for values that are normally distributed (JCGM 100:2008, E.4.3).
pub fn spread_u(deviation: f64, count: usize) -> f64 {
    deviation / (2.0 * (count.max(2) as f64 - 1.0)).sqrt()
}

/// Standard uncertainty of a value that lies anywhere within `width` (JCGM 100:2008, 4.3.7).
pub fn rectangular(width: f64) -> f64 {
    width / 12_f64.sqrt()
}

/// The light while it is lit, and its spread: of what lies above the middle between the darkest and the brightest sample, so that a light that
/// blinks counts as well.
pub fn lit(samples: &[Sample]) -> Option<(f64, f64)> {
    let values = || samples.iter().map(|(_, value)| *value);
    let middle = (values().fold(f64::INFINITY, f64::min) + values().fold(f64::NEG_INFINITY, f64::max)) / 2.0;
    let mut above: Vec<f64> = values().filter(|value| *value >= middle).collect();
    above.sort_by(f64::total_cmp);
    // The median: noise and the flanks of a blink are no level.
    let median = *above.get(above.len() / 2)?;
    Some((median, spread(&above)?.1))
}

/// When the tip lifted after the coil was switched off at `off`; it was switched on at `on`. `None` where no force says so.
pub fn lifted(force: &[Sample], on: Tick, off: Tick) -> Option<Tick> {
    let before = |edge: Tick| -> Vec<f64> {
        force.iter().filter(|(at, _)| *at < edge && edge.since(*at) <= STEADY).map(|(_, value)| *value).collect()
    };
    let ((zero, noise), (held, _)) = (spread(&before(on))?, spread(&before(off))?);
    if held - zero <= 10.0 * noise {
        return None;
    }
    let gone = zero + LIFTED * (held - zero);
    force.iter().find(|(at, value)| *at >= off && *value < gone).map(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[f64]) -> Vec<Sample> {
        values.iter().enumerate().map(|(n, value)| (Tick(n as u64 * 1000), *value)).collect()
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_textbook() {
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[3.0]), Some((3.0, 0.0)));
        let (mean, deviation) = spread(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap();
        assert!(mean == 5.0 && (deviation - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        assert!((spread_u(1.0, 51) - 0.1).abs() < 1e-12 && (rectangular(12_f64.sqrt()) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_light_that_blinks_or_is_steady_has_its_lit_level() {
        assert_eq!(lit(&samples(&[0.02, 0.4, 0.41, 0.02, 0.02, 0.4, 0.2])).unwrap().0, 0.4);
        assert_eq!(lit(&samples(&[0.4; 9])).unwrap().0, 0.4);
        assert_eq!(lit(&[]), None);
    }

    #[test]
    fn the_tip_lifts_when_the_force_goes_and_a_force_that_never_came_says_nothing() {
        let mut values = vec![0.1; 100];
        values.extend([4.1; 200]);
        values.extend([3.9, 2.0, 0.1, 0.1]);
        assert_eq!(lifted(&samples(&values), Tick(80_000), Tick(290_000)), Some(Tick(301_000)));
        assert_eq!(lifted(&samples(&[0.1; 400]), Tick(80_000), Tick(290_000)), None);
    }
}

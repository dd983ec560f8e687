//! The electrical side in closed form: a source behind a resistance, a load of constant power, a capacitor.

use super::math::exp;
use crate::domain::units::Seconds;

/// What stands at the camera's plug.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Volts.
    pub volts: f64,
    /// Amperes.
    pub amps: f64,
}

/// The stable operating point of a load of constant power `watts` at a source of `open_v` behind `ohm`: the upper root of
/// `V^2 - open_v V + ohm watts = 0`, from `V = open_v - ohm I` and `watts = V I`. `None` where the source cannot give that power at all
/// (more than `open_v^2 / 4 ohm`): the voltage collapses.
pub fn operating_point(open_v: f64, ohm: f64, watts: f64) -> Option<Point> {
    let discriminant = open_v * open_v - 4.0 * ohm * watts;
    if open_v <= 0.0 || discriminant < 0.0 {
        return None;
    }
    let volts = (open_v + discriminant.sqrt()) / 2.0;
    Some(Point { volts, amps: watts / volts })
}

/// How long a capacitor of `farads` feeds a load of constant power from one voltage down to another: the energy `C (from^2 - to^2) / 2`
/// divided by the power, at most 10 s.
pub fn ride_through(farads: f64, from_v: f64, to_v: f64, watts: f64) -> Seconds {
    let joules = farads * (from_v * from_v - to_v * to_v) / 2.0;
    Seconds::new((joules.max(0.0) / watts.max(1e-3)).min(10.0))
}

/// Voltage left on the capacitors `elapsed` after `from_v`, with nothing but leakage as a load: exponential, and called empty after
/// `drain`, which is five time constants (assumption).
pub fn residual(from_v: f64, elapsed: Seconds, drain: Seconds) -> f64 {
    if elapsed >= drain { 0.0 } else { from_v * exp(-5.0 * elapsed.get() / drain.get()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bad_cable_of_the_field_notes_sags_and_then_collapses() {
        // 1.5 W through 2 ohm from 5 V: 4.3 V by hand; no more than 25 / 8 = 3.125 W can be had.
        let idle = operating_point(5.0, 2.0, 1.5).unwrap();
        assert!((idle.volts - (5.0 + 13f64.sqrt()) / 2.0).abs() < 1e-12);
        assert!((idle.volts - 4.303).abs() < 1e-3);
        assert!(operating_point(5.0, 2.0, 3.12).is_some());
        assert_eq!(operating_point(5.0, 2.0, 3.13), None);
    }

    #[test]
    fn without_resistance_the_voltage_is_that_of_the_source() {
        assert_eq!(operating_point(5.0, 0.0, 2.0), Some(Point { volts: 5.0, amps: 0.4 }));
        assert_eq!(operating_point(0.0, 0.1, 0.0), None);
    }

    #[test]
    fn a_capacitor_gives_what_it_held() {
        // 470 uF from 5 V to 3 V: 3.76 mJ, at 2 W 1.88 ms.
        assert_eq!(ride_through(470e-6, 5.0, 3.0, 2.0), Seconds::from_micro(1880));
        assert_eq!(ride_through(470e-6, 3.0, 5.0, 2.0), Seconds::ZERO);
    }

    #[test]
    fn a_drained_camera_has_no_voltage_left() {
        assert_eq!(residual(4.0, Seconds::ZERO, Seconds::new(4.0)), 4.0);
        assert!(residual(4.0, Seconds::new(2.0), Seconds::new(4.0)) < 0.4);
        assert_eq!(residual(4.0, Seconds::new(4.0), Seconds::new(4.0)), 0.0);
    }

    proptest! {
        #[test]
        fn energy_is_balanced(open_v in 1.0f64..20.0, ohm in 0.0f64..5.0, watts in 0.0f64..20.0) {
            if let Some(point) = operating_point(open_v, ohm, watts) {
                let given = open_v * point.amps;
                let used = watts + ohm * point.amps * point.amps;
                prop_assert!((given - used).abs() < 1e-9 * given.max(1.0), "{given} given, {used} used");
                prop_assert!(point.volts >= open_v / 2.0 - 1e-9, "the lower root is not stable");
            } else {
                prop_assert!(watts > open_v * open_v / (4.0 * ohm));
            }
        }
    }
}

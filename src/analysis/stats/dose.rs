//! What the hold response is fitted to: presses, grouped by hold.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Holds within this ratio of each other are one level: 0.5 %, below the smallest spread that can be told
/// apart and above the jitter of a press.
const SAME_LEVEL: f64 = 1.005;

/// One judged press.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Press {
    /// Measured contact time, seconds, > 0.
    pub hold_s: f64,
    /// Whether the camera reset.
    pub reset: bool,
}

/// All presses of one hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dose {
    /// Measured contact time, seconds, > 0; the geometric mean where several were put together.
    pub hold_s: f64,
    /// Presses that reset, 0 to `n`.
    pub resets: u32,
    /// Judged presses.
    pub n: u32,
}

/// Why no fit was tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BadInput {
    /// A hold that is not a positive finite number of seconds.
    Hold(f64),
    /// More resets than presses.
    Counts {
        /// Presses that reset.
        resets: u32,
        /// Presses.
        n: u32,
    },
    /// A setting outside its range, by name.
    Setting(&'static str),
}

impl fmt::Display for BadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadInput::Hold(hold) => write!(f, "a hold of {hold} s is not a positive finite time"),
            BadInput::Counts { resets, n } => write!(f, "{resets} resets of {n} presses is impossible"),
            BadInput::Setting(name) => write!(f, "the setting `{name}` is outside its range"),
        }
    }
}

impl std::error::Error for BadInput {}

impl From<Press> for Dose {
    fn from(press: Press) -> Self {
        Dose { hold_s: press.hold_s, resets: u32::from(press.reset), n: 1 }
    }
}

/// Puts presses with practically the same hold together, shortest hold first.
///
/// # Errors
///
/// A hold that is not a positive finite time.
pub fn group_presses(presses: &[Press]) -> Result<Vec<Dose>, BadInput> {
    let singles: Vec<Dose> = presses.iter().map(|&press| press.into()).collect();
    group_doses(&singles)
}

/// Checks `doses`, sorts them by hold, drops empty ones and puts practically equal holds together.
///
/// # Errors
///
/// A hold that is not a positive finite time, or more resets than presses.
pub fn group_doses(doses: &[Dose]) -> Result<Vec<Dose>, BadInput> {
    for dose in doses {
        if !(dose.hold_s > 0.0 && dose.hold_s.is_finite()) {
            return Err(BadInput::Hold(dose.hold_s));
        }
        if dose.resets > dose.n {
            return Err(BadInput::Counts { resets: dose.resets, n: dose.n });
        }
    }
    let mut sorted: Vec<Dose> = doses.iter().copied().filter(|dose| dose.n > 0).collect();
    sorted.sort_by(|a, b| a.hold_s.total_cmp(&b.hold_s));
    // A level reaches from its shortest hold to 0.5 % above it, so levels cannot chain into one another.
    let mut levels = Vec::new();
    let mut rest = sorted.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.partition_point(|dose| dose.hold_s <= first.hold_s * SAME_LEVEL);
        let (level, after) = rest.split_at(count);
        levels.push(pool(level));
        rest = after;
    }
    Ok(levels)
}

/// All of `level` as one dose at the geometric mean hold. The caller passes at least one, none empty.
pub(super) fn pool(level: &[Dose]) -> Dose {
    let presses: f64 = level.iter().map(|dose| f64::from(dose.n)).sum();
    let ln_sum: f64 = level.iter().map(|dose| f64::from(dose.n) * dose.hold_s.ln()).sum();
    Dose {
        hold_s: (ln_sum / presses).exp(),
        resets: level.iter().map(|dose| dose.resets).fold(0, u32::saturating_add),
        n: level.iter().map(|dose| dose.n).fold(0, u32::saturating_add),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presses_of_one_commanded_hold_become_one_level() {
        let press = |hold_s, reset| Press { hold_s, reset };
        let levels = group_presses(&[press(10.02, true), press(5.0, false), press(9.99, false), press(10.01, true)]).unwrap();
        assert_eq!(levels.len(), 2);
        assert_eq!((levels[0].resets, levels[0].n), (0, 1));
        assert_eq!((levels[1].resets, levels[1].n), (2, 3));
        assert!((levels[1].hold_s - (10.02_f64 * 9.99 * 10.01).cbrt()).abs() < 1e-9);
    }

    #[test]
    fn close_levels_do_not_chain() {
        let doses: Vec<Dose> = (0..8).map(|i| Dose { hold_s: 10.0 * 1.003_f64.powi(i), resets: 0, n: 1 }).collect();
        assert_eq!(group_doses(&doses).unwrap().len(), 4);
    }

    #[test]
    fn bad_numbers_are_named() {
        let bad = |hold_s, resets, n| group_doses(&[Dose { hold_s, resets, n }]).unwrap_err();
        assert_eq!(bad(0.0, 1, 2), BadInput::Hold(0.0));
        assert_eq!(bad(1.0, 3, 2), BadInput::Counts { resets: 3, n: 2 });
        assert!(matches!(bad(f64::NAN, 1, 2), BadInput::Hold(_)));
        assert_eq!(group_doses(&[]), Ok(vec![]));
        assert_eq!(group_doses(&[Dose { hold_s: 1.0, resets: 0, n: 0 }]), Ok(vec![]));
    }
}

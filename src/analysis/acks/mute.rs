//! Whether an adapter that was never seen to acknowledge, and never reset, ever will.
//!
//! Its siblings show how their presses end in resets: after an acknowledgement, but for the few that are dead. The resets alone know less: of
//! siblings they see that many presses failed, and not that those were let go too early.

use super::Heard;
use super::weigh::{Likely, ODD};
use crate::analysis::posterior::axes::{GUESS, LOCATION_RANGE, NEVER, STRANGER};

/// So many presses are looked at, the longest ones: shorter ones say little.
const MOST: usize = 12;
/// An adapter may have dead presses of its own, beside those that its siblings have. A device of which more are does not do its work.
const DEAD: f64 = 0.2;

/// What an adapter's silence says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Silence {
    /// Weight of the account that its siblings' acknowledgements give, beside that of the resets alone.
    pub weight: f64,
    /// The probability that it never resets, by that account.
    pub never: f64,
}

/// Of an adapter's presses, none of which was acknowledged; `shown` is the share of its siblings' acknowledgements that come within a
/// hold, the smallest of all siblings. `None` where it reset: then the resets speak.
pub(super) fn silence(presses: &[Heard], likely: Likely, shown: impl Fn(f64) -> f64) -> Option<Silence> {
    if presses.is_empty() || presses.iter().any(|press| press.reset) {
        return None;
    }
    let mut longest: Vec<&Heard> = presses.iter().collect();
    longest.sort_by(|a, b| b.held_s.total_cmp(&a.held_s));
    // One adapter in twenty has a threshold of its own, evenly in ln(time).
    let by = |hold_s: f64| {
        let anywhere = (hold_s / LOCATION_RANGE.0).ln() / (LOCATION_RANGE.1 / LOCATION_RANGE.0).ln();
        (1.0 - STRANGER) * shown(hold_s) + STRANGER * anywhere.clamp(0.0, 1.0)
    };
    let (mut resets, mut never, mut alive) = (1.0, NEVER, 1.0 - NEVER);
    for press in longest.into_iter().take(MOST) {
        resets *= press.as_expected();
        never *= 1.0 - GUESS;
        alive *= likely.quiet(press.held_s, by).max(DEAD);
    }
    let linked = likely.linked() * (1.0 - ODD);
    let by_acks = linked * (never + alive);
    Some(Silence { weight: by_acks / (by_acks + (1.0 - linked) * resets), never: never / (never + alive) })
}

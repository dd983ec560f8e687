//! How far an adapter's question is answered, and when no more presses are asked for.

use crate::analysis::acks::Hold;

/// Level of every interval here.
pub const LEVEL: f64 = 0.95;
/// A state or a decision counts as certain from this probability on.
const CERTAIN: f64 = 0.975;
/// Looks in a row that must say the same: one look alone stops on a narrow interval that is narrow by luck.
const LOOKS: u32 = 2;
/// The least trials of an adapter before its interval counts.
const LEAST: u32 = 12;
/// The least resets and non-resets before an interval counts.
const LEAST_EACH: u32 = 3;

/// What is to be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// The interval's half width, as a share of the estimate.
    Precision(f64),
    /// Whether the hold is shorter than this many seconds.
    Spec(f64),
}

/// Where an adapter stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    /// More presses are wanted.
    Open,
    /// The interval is as narrow as asked for.
    Precise,
    /// The hold is certainly shorter (`true`) or longer than the one of the specification.
    Decided(bool),
    /// No hold up to the longest one does it.
    Never,
    /// Every hold does it, down to twice the shortest one.
    Always,
}

/// Counts looks in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looks {
    said: Standing,
    times: u32,
}

impl Looks {
    pub(super) fn new() -> Self {
        Looks { said: Standing::Open, times: 0 }
    }

    pub(super) fn look(&mut self, said: Standing) {
        self.times = if self.said == said { self.times + 1 } else { 1 };
        self.said = said;
    }

    pub(super) fn standing(&self) -> Standing {
        if self.times >= LOOKS { self.said } else { Standing::Open }
    }
}

/// What one look says.
pub(super) fn look(hold: &Hold, aim: Aim, range: (f64, f64), (resets, quiet): (u32, u32)) -> Standing {
    if hold.below(range.1) <= 1.0 - CERTAIN {
        return Standing::Never;
    }
    // Below the shortest hold nothing can be tried, so certainty would come late there; twice as long is short as well.
    if hold.below(2.0 * range.0) >= CERTAIN {
        return Standing::Always;
    }
    let reached = match aim {
        Aim::Precision(share) => precise(hold, share).then_some(Standing::Precise),
        Aim::Spec(spec_s) => decided(hold.below(spec_s)),
    };
    let enough = resets + quiet >= LEAST && resets.min(quiet) >= LEAST_EACH;
    match reached {
        Some(Standing::Precise) if !enough => Standing::Open,
        Some(standing) => standing,
        None => Standing::Open,
    }
}

fn precise(hold: &Hold, share: f64) -> bool {
    let (low, high) = hold.interval(LEVEL);
    high.is_finite() && 0.5 * (high - low) <= share * hold.at(0.5)
}

fn decided(below: f64) -> Option<Standing> {
    if below >= CERTAIN {
        Some(Standing::Decided(true))
    } else if below <= 1.0 - CERTAIN {
        Some(Standing::Decided(false))
    } else {
        None
    }
}

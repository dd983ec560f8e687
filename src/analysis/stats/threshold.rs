//! What is said about a hold response: thresholds with their intervals, and what the numbers mean.

use super::interval::Interval;
use super::likelihood::Curve;
use serde::{Deserialize, Serialize};

/// How far the data decide a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Bounded on both sides.
    Ok,
    /// No upper bound: any longer hold, or that there is no such hold, is plausible.
    OpenAbove,
    /// No lower bound.
    OpenBelow,
    /// Neither bound.
    Open,
    /// The plateau of the best curve does not reach this success rate. `lo_s` still bounds the hold from below,
    /// should there be one after all.
    #[serde(rename = "none")]
    NoSuchHold,
    /// Fewer than [`LEAST_PRESSES`](super::response::LEAST_PRESSES) judged presses, or all with the same outcome.
    NotEnoughData,
    /// Success falls again at longer holds, so no one hold stands for the curve.
    NotMonotone,
}

/// The hold at which something is reached, seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Best value. Where the data cannot tell a range of holds apart (all fail at 10 s, all reset at 20 s), the
    /// middle of that range in ln(hold).
    pub value_s: Option<f64>,
    /// Lower end of the interval; `None` where the data give none.
    pub lo_s: Option<f64>,
    /// Upper end of the interval; `None` where the data give none.
    pub hi_s: Option<f64>,
    /// What the numbers mean.
    pub status: Status,
}

/// The success rate that no hold exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// Best value, 0 to 1.
    pub value: f64,
    /// Interval at the confidence of the settings.
    pub interval: Interval,
}

/// Where a response that falls again begins and ends: success is at least one half between the two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edges {
    /// Hold at which success rises through one half.
    pub from: Threshold,
    /// Hold at which success falls through one half.
    pub to: Threshold,
}

/// Everything that is said about one adapter's response to the hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldResponse {
    /// Judged presses used.
    pub presses: u32,
    /// Hold with success rate 0.50.
    pub hold50: Threshold,
    /// Hold with success rate 0.95.
    pub hold95: Threshold,
    /// Hold with success rate 0.99.
    pub hold99: Threshold,
    /// Hold 95 % of the way from floor to plateau.
    pub hold95_rel: Threshold,
    /// The highest rate; `None` where the thresholds are `NotEnoughData` or `NotMonotone`.
    pub plateau: Option<Plateau>,
    /// Maximum-likelihood curve; `None` as above.
    pub curve: Option<Curve>,
    /// p-value of "success never falls as the hold grows"; `None` at `NotEnoughData`.
    pub monotone_p: Option<f64>,
    /// Both edges, where the status is `NotMonotone`.
    pub edges: Option<Edges>,
}

impl Status {
    /// The word used in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::OpenAbove => "open_above",
            Status::OpenBelow => "open_below",
            Status::Open => "open",
            Status::NoSuchHold => "none",
            Status::NotEnoughData => "not_enough_data",
            Status::NotMonotone => "not_monotone",
        }
    }

    /// The status of a threshold that exists, by the bounds that the data give.
    pub(super) fn of_bounds(lo_s: Option<f64>, hi_s: Option<f64>) -> Self {
        match (lo_s, hi_s) {
            (Some(_), Some(_)) => Status::Ok,
            (Some(_), None) => Status::OpenAbove,
            (None, Some(_)) => Status::OpenBelow,
            (None, None) => Status::Open,
        }
    }
}

impl Threshold {
    /// No number, and why.
    pub(super) fn without_value(status: Status) -> Self {
        Threshold { value_s: None, lo_s: None, hi_s: None, status }
    }

    /// Back from 1 / hold to hold.
    pub(super) fn mirrored(self) -> Self {
        let inverse = |x: Option<f64>| x.map(|x| 1.0 / x);
        let status = match self.status {
            Status::OpenAbove => Status::OpenBelow,
            Status::OpenBelow => Status::OpenAbove,
            other => other,
        };
        Threshold { value_s: inverse(self.value_s), lo_s: inverse(self.hi_s), hi_s: inverse(self.lo_s), status }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_files() {
        for status in [
            Status::Ok,
            Status::OpenAbove,
            Status::OpenBelow,
            Status::Open,
            Status::NoSuchHold,
            Status::NotEnoughData,
            Status::NotMonotone,
        ] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
    }

    #[test]
    fn mirroring_swaps_the_ends() {
        let rising = Threshold { value_s: Some(0.1), lo_s: Some(0.05), hi_s: None, status: Status::OpenAbove };
        let falling = rising.mirrored();
        assert_eq!(falling, Threshold { value_s: Some(10.0), lo_s: None, hi_s: Some(20.0), status: Status::OpenBelow });
    }
}

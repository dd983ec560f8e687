//! How well a response is known at every hold: the 50 % and 95 % bands of a chart.
//!
//! A band is the same profile-likelihood region as the intervals of the thresholds, read for many success rates instead of three: at each
//! rate it reaches from the shortest to the longest hold at which some plausible curve has this rate. Cut upright, it is the pointwise
//! interval of the rate at a hold: a rate is in it when the best curve through (hold, rate) is plausible. So the band is exactly as wide at
//! 95 % as the interval of `hold95`. It is pointwise: the whole true curve lies inside it less often than 95 times in 100.
//!
//! The 1.35-fold cut (see the module above) was calibrated at 95 %; for the 50 % band it is taken over, and coverage was not measured.

use super::interval::Interval;
use serde::{Deserialize, Serialize};

/// A range of holds in seconds. An end that is `None` is open: the band goes on there as far as one may look.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    /// Shortest plausible hold.
    pub lo_s: Option<f64>,
    /// Longest plausible hold.
    pub hi_s: Option<f64>,
}

/// The plausible holds of one success rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// The success rate, 0 to 1.
    pub rate: f64,
    /// The 50 % band; `None` where no curve in it has this rate at any hold.
    pub half: Option<Reach>,
    /// The band at the confidence of the settings.
    pub full: Option<Reach>,
}

/// Shares of the highest plausible rate at which a band is cut. Denser at both ends, where its edges bend.
const CUTS: [f64; 13] = [0.01, 0.03, 0.08, 0.16, 0.27, 0.4, 0.53, 0.66, 0.77, 0.86, 0.93, 0.97, 0.999];

/// Just below and just above a plateau.
const BESIDE: f64 = 1e-4;

/// The rates at which the bands are cut, in rising order: below and above each end of the plateau's two intervals an edge jumps.
pub(super) fn rates(half: Interval, full: Interval) -> Vec<f64> {
    let mut rates: Vec<f64> = CUTS.iter().map(|share| share * full.hi).collect();
    for plateau in [half, full] {
        rates.extend([plateau.lo - BESIDE, plateau.lo + BESIDE, plateau.hi - BESIDE]);
    }
    rates.retain(|rate| (0.01..1.0).contains(rate));
    rates.sort_by(f64::total_cmp);
    rates.dedup_by(|a, b| (*a - *b).abs() < 0.5 * BESIDE);
    rates
}

/// Every curve rises, so both edges do, and an edge that is open stays open. A search that stopped short is widened to what its neighbours show.
pub(super) fn rising(slices: &mut [Slice], band: impl Fn(&mut Slice) -> Option<&mut Reach>) {
    let mut most = Some(0.0_f64);
    for reach in slices.iter_mut().filter_map(&band) {
        reach.hi_s = most.zip(reach.hi_s).map(|(most, hi)| most.max(hi));
        most = reach.hi_s;
    }
    let mut least = Some(f64::INFINITY);
    for reach in slices.iter_mut().rev().filter_map(&band) {
        reach.lo_s = least.zip(reach.lo_s).map(|(least, lo)| least.min(lo));
        least = reach.lo_s;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_only_ever_widened() {
        let slice = |rate, lo_s, hi_s| Slice { rate, half: None, full: Some(Reach { lo_s, hi_s }) };
        let mut slices = [
            slice(0.1, Some(4.0), Some(9.0)),
            slice(0.5, Some(3.0), Some(8.0)),
            slice(0.8, Some(5.0), None),
            slice(0.9, Some(6.0), Some(20.0)),
        ];
        rising(&mut slices, |slice| slice.full.as_mut());
        let ends = slices.map(|slice| slice.full.map(|reach| (reach.lo_s, reach.hi_s)).unwrap());
        assert_eq!(ends, [(Some(3.0), Some(9.0)), (Some(3.0), Some(9.0)), (Some(5.0), None), (Some(6.0), None)]);
    }
}

//! How many presses a rate limit needs before it can be decided.

use super::dist::{binomial_at_least, is_level};
use serde::{Deserialize, Serialize};

/// Counts above this are reported as out of reach.
pub const MOST_TRIALS: u32 = 10_000;

/// The probability with which a limit shall be met at the expected rate.
const POWER: f64 = 0.8;

/// Trials per adapter that a rate limit needs; `None` where [`MOST_TRIALS`] do not suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialsNeeded {
    /// The least number with which the limit can be met at all: every press resets.
    pub without_failure: Option<u32>,
    /// The least number with which it is met with 80 % probability at the expected rate.
    pub at_expected_rate: Option<u32>,
}

/// Trials that each of `family` adapters (>= 1) needs to meet a limit of `min_rate` at `confidence`
/// (both 0..1) when its true rate is `expected_rate` (0..=1).
///
/// Exact binomial: met when `P(X >= k)` at `min_rate` is at most `(1 - confidence) / family`, Holm's
/// first and strictest step; the later adapters of a family need no more. Without failure that is
/// `min_rate^n <= alpha / family` (success run, e.g. Nelson 1982, Applied Life Data Analysis). The
/// probability to meet a limit does not rise at every single trial, since counts are whole numbers: the
/// answer is the least number that has 80 %, and one or two more can have a little less.
///
/// `None` if a number is outside its range.
pub fn trials_needed(min_rate: f64, confidence: f64, family: usize, expected_rate: f64) -> Option<TrialsNeeded> {
    let is_rate = |p: &f64| (0.0..=1.0).contains(p);
    if !is_rate(&min_rate) || !is_rate(&expected_rate) || !is_level(confidence) || family == 0 {
        return None;
    }
    let alpha = (1.0 - confidence) / family as f64;
    let without_failure = (1..=MOST_TRIALS).find(|&n| binomial_at_least(n, n, min_rate) <= alpha);
    let at_expected_rate = without_failure.and_then(|first| least_with_power(first, min_rate, alpha, expected_rate));
    Some(TrialsNeeded { without_failure, at_expected_rate })
}

/// The least number of trials, from `first` on, with which `POWER` is reached.
fn least_with_power(first: u32, min_rate: f64, alpha: f64, expected_rate: f64) -> Option<u32> {
    if expected_rate <= min_rate {
        return None;
    }
    // The count that meets the limit never falls as trials are added.
    let mut critical = first;
    (first..=MOST_TRIALS).find(|&n| {
        while critical <= n && binomial_at_least(critical, n, min_rate) > alpha {
            critical += 1;
        }
        binomial_at_least(critical, n, expected_rate) >= POWER
    })
}

#[cfg(test)]
mod tests {
    use super::super::interval::clopper_pearson_lower;
    use super::*;

    fn needed(min_rate: f64, family: usize, expected: f64) -> TrialsNeeded {
        trials_needed(min_rate, 0.95, family, expected).unwrap()
    }

    #[test]
    fn success_runs_are_the_textbook_ones() {
        assert_eq!(needed(0.90, 1, 1.0).without_failure, Some(29));
        assert_eq!(needed(0.95, 1, 1.0).without_failure, Some(59));
        assert_eq!(needed(0.99, 1, 1.0).without_failure, Some(299));
        assert_eq!(needed(0.90, 1, 1.0).at_expected_rate, Some(29));
    }

    #[test]
    fn out_of_reach_and_out_of_range() {
        assert_eq!(needed(0.9999, 1, 1.0).without_failure, None);
        assert_eq!(needed(0.6, 1, 0.6).at_expected_rate, None);
        assert_eq!(needed(0.6, 1, 0.601).at_expected_rate, None);
        assert_eq!(needed(1.0, 1, 1.0), TrialsNeeded { without_failure: None, at_expected_rate: None });
        for (r, c, m, e) in [(1.1, 0.95, 1, 0.9), (0.5, 1.0, 1, 0.9), (0.5, 0.95, 0, 0.9), (0.5, 0.95, 1, f64::NAN)] {
            assert_eq!(trials_needed(r, c, m, e), None);
        }
    }

    /// Binomial term by multiplication, nothing shared with the code under test.
    fn term(k: u32, n: u32, p: f64) -> f64 {
        (0..k).fold(1.0, |t, i| t * f64::from(n - i) / f64::from(i + 1) * p) * (1.0 - p).powi((n - k) as i32)
    }

    #[test]
    fn the_answer_is_the_least_by_enumeration() {
        for (min_rate, family, expected) in [(0.6, 1, 0.9), (0.6, 3, 0.9), (0.8, 4, 0.97), (0.5, 2, 0.7)] {
            let power = |n: u32| {
                (0..=n)
                    .filter(|&k| clopper_pearson_lower(k, n, 1.0 - 0.05 / family as f64).unwrap() >= min_rate)
                    .map(|k| term(k, n, expected))
                    .sum::<f64>()
            };
            let want = (1..200).find(|&n| power(n) >= 0.8);
            assert!(want.is_some());
            assert_eq!(needed(min_rate, family, expected).at_expected_rate, want, "{min_rate} {family} {expected}");
        }
    }
}

//! The Spearman-Kärber estimate of the median: no model, so a value to hold a model's against.

/// A median of ln(hold), or of whatever the levels are, with its variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    /// The estimate, in the unit of the levels.
    pub at: f64,
    /// Its variance.
    pub variance: f64,
}

/// The estimate from `levels` in ascending order, the share of successes at each, and the number of trials at each, at least 2: the mean of the
/// distribution that has the shares as its steps (Finney 1964, Statistical Method in Biological Assay, chapter 20; variance with `n - 1`).
///
/// `None` where the shares do not rise from 0 to 1, or the lists do not fit each other: the ends of the distribution were not seen then.
pub fn spearman_karber(levels: &[f64], shares: &[f64], trials: u32) -> Option<Median> {
    let rising = |list: &[f64]| list.windows(2).all(|pair| pair[0] <= pair[1]);
    let whole = shares.first() == Some(&0.0) && shares.last() == Some(&1.0);
    if levels.len() != shares.len() || !whole || trials < 2 || !rising(shares) || !levels.windows(2).all(|pair| pair[0] < pair[1])
    {
        return None;
    }
    let pairs = || levels.windows(2).zip(shares.windows(2));
    let at = pairs().map(|(x, p)| (p[1] - p[0]) * 0.5 * (x[0] + x[1])).sum();
    let inner = levels.windows(3).zip(&shares[1..]);
    let variance = inner.map(|(x, p)| p * (1.0 - p) / f64::from(trials - 1) * (0.5 * (x[2] - x[0])).powi(2)).sum();
    Some(Median { at, variance })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_found_in_the_middle_and_has_no_variance() {
        let median = spearman_karber(&[1.0, 2.0, 4.0], &[0.0, 0.0, 1.0], 10).unwrap();
        assert_eq!((median.at, median.variance), (3.0, 0.0));
    }

    #[test]
    fn a_distribution_that_was_not_seen_whole_has_no_mean() {
        for shares in [[0.1, 0.5, 1.0], [0.0, 0.5, 0.9], [0.0, 1.1, 1.0]] {
            assert_eq!(spearman_karber(&[1.0, 2.0, 3.0], &shares, 10), None, "{shares:?}");
        }
        assert_eq!(spearman_karber(&[1.0, 1.0], &[0.0, 1.0], 10), None);
        assert_eq!(spearman_karber(&[1.0, 2.0], &[0.0, 1.0], 1), None);
        assert_eq!(spearman_karber(&[], &[], 10), None);
    }
}

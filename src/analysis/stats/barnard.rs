//! Barnard's exact test of two rates.

use super::boschloo::largest_mean;
use super::two_rates::Counts;

/// Two-sided p-value of "both rates are equal" by Barnard's exact unconditional test (1945, Nature 156, 177) with the pooled score statistic
/// (Suissa and Shuster 1985, Journal of the Royal Statistical Society A 148, 317-327): the probability of a table with a score at least as
/// far from zero, at the common rate that makes it largest.
///
/// Scores that would be equal but for rounding are not put together: any fixed order of the tables gives an exact test, and this one, with the
/// score computed as below, is that of `scipy.stats.barnard_exact`, so that both say the same.
///
/// `None` where a sample is empty or has more successes than trials. The same for both orders of the samples. Takes the product of both
/// numbers of trials in time: for samples of up to some hundreds.
pub fn barnard(a: Counts, b: Counts) -> Option<f64> {
    a.rate().zip(b.rate())?;
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let seen = score(a, b).abs();
    // For each sum of successes, the share of its splits that are as unusual: what remains is a mean over a binomial number of successes.
    let shares: Vec<f64> = (0..=a.n + b.n)
        .map(|sum| {
            let split = super::two_rates::Split::new(a.n, b.n, sum);
            let unusual = |k: u32| score(Counts { k, ..a }, Counts { k: sum - k, ..b }).abs() >= seen;
            (split.first..).zip(&split.pmf).filter(|(k, _)| unusual(*k)).map(|(_, p)| p).sum()
        })
        .collect();
    Some(largest_mean(&shares).min(1.0))
}

/// The difference of the rates in units of its standard error under a common rate; 0 where that is 0.
fn score(a: Counts, b: Counts) -> f64 {
    let [ka, na, kb, nb] = [a.k, a.n, b.k, b.n].map(f64::from);
    let common = (ka + kb) / (na + nb);
    let error = (common * (1.0 - common) * (1.0 / na + 1.0 / nb)).sqrt();
    if error > 0.0 { (ka / na - kb / nb) / error } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::boschloo::ExactTest;
    use super::super::two_rates::tests::counts;
    use super::*;
    use proptest::prelude::*;

    /// The probability of `k` successes, by multiplying out.
    fn term(counts: Counts, p: f64) -> f64 {
        let Counts { k, n } = counts;
        let ways: f64 = (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product();
        ways * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
    }

    /// As it is defined: every table at each of 2000 common rates.
    fn by_enumeration(a: Counts, b: Counts) -> f64 {
        let all = (0..=a.n).flat_map(|k| (0..=b.n).map(move |j| (Counts { k, ..a }, Counts { k: j, ..b })));
        let unusual: Vec<_> = all.filter(|(x, y)| score(*x, *y).abs() >= score(a, b).abs()).collect();
        let at = |p: f64| unusual.iter().map(|(x, y)| term(*x, p) * term(*y, p)).sum::<f64>();
        (0..=2000).map(|i| at(f64::from(i) / 2000.0)).fold(0.0, f64::max)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn barnard_is_what_enumeration_says(a in counts(11), b in counts(11)) {
            let (got, want) = (barnard(a, b).unwrap(), by_enumeration(a, b));
            // The grid of the oracle may miss the very top, never by much.
            prop_assert!(got >= want - 1e-9 && got <= want + 2e-5, "{got} {want}");
            prop_assert_eq!(got.to_bits(), barnard(b, a).unwrap().to_bits());
        }
    }

    #[test]
    fn equal_rates_are_never_unusual_and_nothing_has_no_p_value() {
        let c = |k, n| Counts { k, n };
        assert!((barnard(c(5, 10), c(5, 10)).unwrap() - 1.0).abs() < 1e-9);
        assert!((barnard(c(0, 4), c(0, 9)).unwrap() - 1.0).abs() < 1e-9);
        assert_eq!((barnard(c(0, 0), c(1, 2)), barnard(c(3, 2), c(1, 2))), (None, None));
        // Both unconditional tests see what Fisher's does not.
        let (a, b) = (c(10, 10), c(6, 10));
        assert!(barnard(a, b).unwrap() < 0.05 && ExactTest::new(10, 10).unwrap().p_value(a, b).unwrap() < 0.05);
    }
}

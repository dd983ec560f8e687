//! Two rates side by side: Fisher's exact test and Newcombe's interval for their difference.

use super::interval::{Interval, wilson};

/// Probabilities that are equal but for rounding count as equal: the relative slack that `fisher.test` of R has, too.
const TIE: f64 = 1e-7;

/// Successes of one sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counts {
    /// Successes, 0 to `n`.
    pub k: u32,
    /// Trials.
    pub n: u32,
}

impl Counts {
    /// The share of successes; `None` without trials, since 0/0 is not 0 %, and for more successes than trials.
    pub fn rate(self) -> Option<f64> {
        (self.n > 0 && self.k <= self.n).then(|| f64::from(self.k) / f64::from(self.n))
    }
}

/// The successes of the first sample when both together have `total`: how probable each number is if the rates are equal.
pub(super) struct Split {
    /// Least possible number.
    pub(super) first: u32,
    /// Hypergeometric probabilities of `first`, `first + 1`, ...; their sum is 1.
    pub(super) pmf: Vec<f64>,
}

impl Split {
    /// The split of `total` successes, at most `n1 + n2`, over samples of `n1` and `n2`.
    pub(super) fn new(n1: u32, n2: u32, total: u32) -> Self {
        let (first, last) = (total.saturating_sub(n2), total.min(n1));
        let [n1, n2, total] = [n1, n2, total].map(f64::from);
        // From the most probable number outwards, each from its neighbour: no number is larger than 1, and what underflows is nothing.
        let mode = (((n1 + 1.0) * (total + 1.0) / (n1 + n2 + 2.0)).floor() as u32).clamp(first, last);
        let up = |j: f64| (n1 - j) * (total - j) / ((j + 1.0) * (n2 - total + j + 1.0));
        let mut pmf = vec![1.0; (last - first + 1) as usize];
        for j in mode..last {
            let at = (j - first) as usize;
            pmf[at + 1] = pmf[at] * up(f64::from(j));
        }
        for j in (first..mode).rev() {
            let at = (j - first) as usize;
            pmf[at] = pmf[at + 1] / up(f64::from(j));
        }
        let sum: f64 = pmf.iter().sum();
        pmf.iter_mut().for_each(|p| *p /= sum);
        Self { first, pmf }
    }

    /// The two-sided p-value of a number of probability `p`: all numbers that are no more probable.
    pub(super) fn p_of(&self, p: f64) -> f64 {
        self.pmf.iter().filter(|&&other| other <= p * (1.0 + TIE)).sum::<f64>().min(1.0)
    }

    /// Every p-value of [`Split::p_of`], ascending, one for each possible number.
    pub(super) fn p_values(&self) -> Vec<f64> {
        let mut sorted = self.pmf.clone();
        sorted.sort_by(f64::total_cmp);
        let mut sum = 0.0;
        let sums: Vec<f64> = sorted
            .iter()
            .map(|p| {
                sum += p;
                sum
            })
            .collect();
        let mut end = 0;
        let p_value = |p: &f64| {
            while end < sorted.len() && sorted[end] <= p * (1.0 + TIE) {
                end += 1;
            }
            sums[end - 1].min(1.0)
        };
        sorted.iter().map(p_value).collect()
    }
}

/// Two-sided p-value of "both rates are equal" by Fisher's exact test (1935, Journal of the Royal Statistical Society 98, 39-82): the
/// probability, given all successes together, of every split that is no more probable than the one seen.
///
/// `None` where a sample is empty or has more successes than trials. The same for both orders of the samples.
pub fn fisher(a: Counts, b: Counts) -> Option<f64> {
    a.rate().zip(b.rate())?;
    // Both orders go the same way, so that they give the same bits.
    let (first, second) = if a <= b { (a, b) } else { (b, a) };
    let split = Split::new(first.n, second.n, first.k + second.k);
    Some(split.p_of(split.pmf[(first.k - split.first) as usize]))
}

/// Two-sided interval for the rate of `b` less the rate of `a`: method 10 of Newcombe (1998), Statistics in Medicine 17, 873-890, made of the
/// two Wilson intervals, without a correction for continuity.
///
/// `None` where a sample is empty or has more successes than trials, and at a `confidence` outside 0..1.
pub fn newcombe(a: Counts, b: Counts, confidence: f64) -> Option<Interval> {
    let (pa, pb) = a.rate().zip(b.rate())?;
    let (wa, wb) = wilson(a.k, a.n, confidence).zip(wilson(b.k, b.n, confidence))?;
    let difference = pb - pa;
    let lo = difference - (pb - wb.lo).hypot(wa.hi - pa);
    let hi = difference + (wb.hi - pb).hypot(pa - wa.lo);
    Some(Interval { lo: lo.max(-1.0), hi: hi.min(1.0) })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn choose(n: u32, k: u32) -> u128 {
        (0..k).fold(1, |product, i| product * u128::from(n - i) / u128::from(i + 1))
    }

    /// The p-value in whole numbers: ways to get each split, compared and added without rounding.
    pub(in super::super) fn fisher_by_counting(a: Counts, b: Counts) -> f64 {
        let total = a.k + b.k;
        let ways = |k: u32| if k > a.n || total < k || total - k > b.n { 0 } else { choose(a.n, k) * choose(b.n, total - k) };
        let seen = ways(a.k);
        let all: u128 = (0..=total).map(ways).sum();
        let as_rare: u128 = (0..=total).map(ways).filter(|&w| w <= seen).sum();
        as_rare as f64 / all as f64
    }

    pub(in super::super) fn counts(most: u32) -> impl Strategy<Value = Counts> {
        (1..=most).prop_flat_map(|n| (0..=n).prop_map(move |k| Counts { k, n }))
    }

    fn c(k: u32, n: u32) -> Counts {
        Counts { k, n }
    }

    #[test]
    fn known_tests_and_intervals() {
        // The lady and her tea: three of four cups right each way.
        assert!((fisher(c(3, 4), c(1, 4)).unwrap() - 34.0 / 70.0).abs() < 1e-12);
        // Newcombe (1998), table II, method 10, cases (a), (b), (g).
        for (a, b, lo, hi) in
            [(c(48, 80), c(56, 70), 0.0524, 0.3339), (c(3, 10), c(9, 10), 0.1705, 0.8090), (c(0, 10), c(10, 10), 0.6075, 1.0)]
        {
            let got = newcombe(a, b, 0.95).unwrap();
            assert!((got.lo - lo).abs() < 6e-5 && (got.hi - hi).abs() < 6e-5, "{got:?}");
        }
        for (a, b) in [(c(0, 0), c(1, 2)), (c(1, 2), c(0, 0)), (c(3, 2), c(1, 2))] {
            assert_eq!((fisher(a, b), newcombe(a, b, 0.95)), (None, None));
        }
        assert_eq!(newcombe(c(1, 2), c(1, 2), 1.0), None);
    }

    #[test]
    fn large_samples_have_a_p_value_too() {
        let p = fisher(c(50_000, 100_000), c(50_000, 100_000)).unwrap();
        assert!((p - 1.0).abs() < 1e-9, "{p}");
        assert!(fisher(c(0, 100_000), c(100_000, 100_000)).unwrap() < 1e-300);
    }

    /// The end of a Wilson interval, as it is defined: the rate whose score test just has z = 1.96.
    fn wilson_end(k: u32, n: u32, towards: f64) -> f64 {
        let p = f64::from(k) / f64::from(n);
        let (mut inside, mut outside) = (p, towards);
        for _ in 0..200 {
            let mid = 0.5 * (inside + outside);
            let apart = (p - mid).abs() > 1.959_963_984_540_054 * (mid * (1.0 - mid) / f64::from(n)).sqrt();
            if apart { outside = mid } else { inside = mid }
        }
        inside
    }

    /// Coverage of the interval at true rates `p` and `q`, over every possible outcome.
    fn coverage(n: u32, m: u32, p: f64, q: f64) -> f64 {
        let term = |n: u32, k: u32, p: f64| choose(n, k) as f64 * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32);
        let mut sum = 0.0;
        for k in 0..=n {
            for j in 0..=m {
                let holds = newcombe(c(k, n), c(j, m), 0.95).unwrap().contains(q - p);
                sum += if holds { term(n, k, p) * term(m, j, q) } else { 0.0 };
            }
        }
        sum
    }

    #[test]
    fn the_interval_covers_what_it_promises_on_average() {
        let grid: Vec<f64> = (0..20).map(|i| (f64::from(i) + 0.5) / 20.0).collect();
        for (n, m) in [(10, 10), (5, 30)] {
            let all: Vec<f64> = grid.iter().flat_map(|&p| grid.iter().map(move |&q| coverage(n, m, p, q))).collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let least = all.iter().copied().fold(1.0, f64::min);
            assert!((0.945..0.98).contains(&mean) && least > 0.86, "{n}, {m}: mean {mean}, least {least}");
        }
    }

    proptest! {
        #[test]
        fn fisher_counts_every_table_that_is_as_rare(a in counts(30), b in counts(30)) {
            let (got, want) = (fisher(a, b).unwrap(), fisher_by_counting(a, b));
            prop_assert!((got - want).abs() < 1e-10, "{got} {want}");
            prop_assert_eq!(fisher(b, a), Some(got));
        }

        #[test]
        fn the_p_values_of_a_split_are_those_of_its_tables(n in 1_u32..25, m in 1_u32..25, share in 0.0..=1.0_f64) {
            let total = (share * f64::from(n + m)).round() as u32;
            let split = Split::new(n, m, total);
            let got = split.p_values();
            let k = split.first..split.first + split.pmf.len() as u32;
            let mut want: Vec<f64> = k.map(|k| fisher_by_counting(c(k, n), c(total - k, m))).collect();
            want.sort_by(f64::total_cmp);
            prop_assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-10));
        }

        #[test]
        fn newcombe_squares_and_adds_the_arms_of_two_score_intervals(a in counts(200), b in counts(200)) {
            let got = newcombe(a, b, 0.95).unwrap();
            let (pa, pb) = (a.rate().unwrap(), b.rate().unwrap());
            let arm = |up: f64, down: f64| (up * up + down * down).sqrt();
            let lo = pb - pa - arm(pb - wilson_end(b.k, b.n, 0.0), wilson_end(a.k, a.n, 1.0) - pa);
            let hi = pb - pa + arm(wilson_end(b.k, b.n, 1.0) - pb, pa - wilson_end(a.k, a.n, 0.0));
            prop_assert!((got.lo - lo).abs() < 1e-7 && (got.hi - hi).abs() < 1e-7, "{got:?} {lo} {hi}");
            prop_assert!(got.contains(pb - pa));
            let turned = newcombe(b, a, 0.95).unwrap();
            prop_assert!((turned.lo + got.hi).abs() < 1e-12 && (turned.hi + got.lo).abs() < 1e-12);
        }
    }
}

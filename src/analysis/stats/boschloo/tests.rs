//! The test against full enumeration: every table, every common rate of a fine grid.

use super::super::two_rates::tests::{counts, fisher_by_counting};
use super::*;
use proptest::prelude::*;

fn c(k: u32, n: u32) -> Counts {
    Counts { k, n }
}

fn p_value(a: Counts, b: Counts) -> f64 {
    ExactTest::new(a.n, b.n).unwrap().p_value(a, b).unwrap()
}

/// The probability of `k` successes, by multiplying out.
fn term(n: u32, k: u32, p: f64) -> f64 {
    (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product::<f64>() * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
}

/// All tables of these sizes.
fn tables(n: u32, m: u32) -> impl Iterator<Item = (Counts, Counts)> {
    (0..=n).flat_map(move |k| (0..=m).map(move |j| (c(k, n), c(j, m))))
}

/// Boschloo's p-value as it is defined: adds up every table at each of 2000 common rates.
fn by_enumeration(a: Counts, b: Counts) -> f64 {
    let seen = fisher_by_counting(a, b);
    let unusual: Vec<_> = tables(a.n, b.n).filter(|(x, y)| fisher_by_counting(*x, *y) <= seen * (1.0 + 1e-9)).collect();
    let at = |p: f64| unusual.iter().map(|(x, y)| term(x.n, x.k, p) * term(y.n, y.k, p)).sum::<f64>();
    (0..=2000).map(|i| at(f64::from(i) / 2000.0)).fold(0.0, f64::max)
}

/// Probability of a p-value of at most `alpha` at true rates `p` and `q`.
fn power(n: u32, m: u32, p: f64, q: f64, alpha: f64) -> f64 {
    let test = ExactTest::new(n, m).unwrap();
    let found = |(x, y): &(Counts, Counts)| test.p_value(*x, *y).unwrap() <= alpha;
    tables(n, m).filter(found).map(|(x, y)| term(n, x.k, p) * term(m, y.k, q)).sum()
}

#[test]
fn ten_against_ten() {
    // Fisher's p-value of 10/10 against 6/10 is 0.0867; the unconditional one is below 5 %.
    let (a, b) = (c(10, 10), c(6, 10));
    assert!((fisher(a, b).unwrap() - 0.0867).abs() < 1e-4);
    assert!((p_value(a, b) - by_enumeration(a, b)).abs() < 1e-5 && p_value(a, b) < 0.05);
    assert!((p_value(c(5, 10), c(5, 10)) - 1.0).abs() < 1e-9);
}

#[test]
fn the_test_keeps_its_level_at_every_common_rate() {
    for (n, m) in [(10, 10), (4, 17)] {
        for i in 0..=50 {
            let p = f64::from(i) / 50.0;
            let wrong = power(n, m, p, p, 0.05);
            assert!(wrong <= 0.05 + 1e-9, "{n}, {m}, {p}: {wrong}");
        }
    }
}

#[test]
fn a_detectable_difference_is_found_and_a_smaller_one_is_not() {
    for (n, m, rate, alpha) in [(10, 10, 0.5, 0.05), (12, 12, 0.9, 0.05), (30, 10, 0.2, 0.01)] {
        let test = ExactTest::new(n, m).unwrap();
        let found = test.detectable(rate, alpha).unwrap();
        let least = |difference: f64| {
            let (small, large) = (n.min(m), n.max(m));
            let of = |d: f64| {
                let (p, q) = test.rates(rate, d);
                power(small, large, p, q, alpha)
            };
            of(difference).min(of(-difference))
        };
        assert!(least(found) >= POWER && least(found - 0.002) < POWER, "{n}, {m}: {found}, {}", least(found));
    }
    // Two against two can never be told apart at 5 %: even 0 of 2 against 2 of 2 has p = 1/8.
    assert_eq!(ExactTest::new(2, 2).unwrap().detectable(0.5, 0.05), None);
}

#[test]
fn large_samples_are_tested_by_fisher_and_meet_the_small_ones_in_what_they_can_see() {
    let large = ExactTest::new(50_000, 60_000).unwrap();
    let (a, b) = (c(25_000, 50_000), c(30_500, 60_000));
    assert_eq!(large.p_value(a, b), fisher(a, b));
    assert!(large.detectable(0.5, 0.05).unwrap() < 0.01 && large.detectable(0.0, 0.05).unwrap() < 0.001);
    let exact = ExactTest::new(200, 200).unwrap();
    for rate in [0.5, 0.8] {
        let (one, other) = (exact.detectable(rate, 0.05).unwrap(), exact.by_arcsine(rate, 0.05));
        assert!((one - other).abs() < 0.01, "{rate}: {one} {other}");
    }
}

#[test]
fn no_trials_and_other_sizes_have_no_p_value() {
    assert!(ExactTest::new(0, 5).is_none());
    assert_eq!(ExactTest::new(4, 5).unwrap().p_value(c(1, 4), c(1, 4)), None);
    assert!(ExactTest::new(4, 5).unwrap().p_value(c(1, 5), c(1, 4)).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn boschloo_is_what_enumeration_says(a in counts(11), b in counts(11)) {
        let (got, want) = (p_value(a, b), by_enumeration(a, b));
        // The grid of the oracle may miss the very top, never by much.
        prop_assert!(got >= want - 1e-9 && got <= want + 2e-5, "{got} {want}");
    }

    #[test]
    fn it_never_exceeds_fisher_and_does_not_care_for_order_or_for_what_is_called_success(a in counts(60), b in counts(60)) {
        let p = p_value(a, b);
        prop_assert!(p <= fisher(a, b).unwrap() && p >= 0.0);
        prop_assert_eq!(p.to_bits(), p_value(b, a).to_bits());
        let turned = p_value(c(a.n - a.k, a.n), c(b.n - b.k, b.n));
        prop_assert!((p - turned).abs() < 1e-9, "{p} {turned}");
    }
}

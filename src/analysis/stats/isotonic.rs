//! The model-free companion of the hold response: the best curve that never falls.
//!
//! Pool adjacent violators: Ayer, Brunk, Ewing, Reid, Silverman (1955), Annals of Mathematical Statistics
//! 26, 641-647. For counts it gives the maximum-likelihood rates under "a longer hold is never worse".

/// The least-squares non-decreasing fit to `values` with positive `weights`, in the order given; for
/// rates weighted by their trials also the maximum-likelihood one.
///
/// `None` if the lengths differ, or a value is not finite, or a weight is not a positive finite number.
pub fn isotonic_fit(values: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
    let usable = values.len() == weights.len()
        && values.iter().all(|v| v.is_finite())
        && weights.iter().all(|w| w.is_finite() && *w > 0.0);
    if !usable {
        return None;
    }
    // Blocks of equal fit so far: weighted sum of values, weight, number of values.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(values.len());
    for (value, weight) in values.iter().zip(weights) {
        let mut last = (value * weight, *weight, 1);
        while let Some(&(sum, w, count)) = blocks.last() {
            if sum / w <= last.0 / last.1 {
                break;
            }
            last = (last.0 + sum, last.1 + w, last.2 + count);
            blocks.pop();
        }
        blocks.push(last);
    }
    Some(blocks.iter().flat_map(|&(sum, w, count)| std::iter::repeat_n(sum / w, count)).collect())
}

/// The non-decreasing maximum-likelihood rates of `counts` = (successes, trials) per level, shortest hold
/// first; one rate per level. `None` if a level has no trials or more successes than trials.
pub fn isotonic_rates(counts: &[(u32, u32)]) -> Option<Vec<f64>> {
    if counts.iter().any(|&(k, n)| n == 0 || k > n) {
        return None;
    }
    let rates: Vec<f64> = counts.iter().map(|&(k, n)| f64::from(k) / f64::from(n)).collect();
    let trials: Vec<f64> = counts.iter().map(|&(_, n)| f64::from(n)).collect();
    isotonic_fit(&rates, &trials)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The closed formula: at i, the largest over starts a <= i of the smallest over ends b >= i of the
    /// weighted mean of a..=b.
    fn by_max_min(v: &[f64], w: &[f64]) -> Vec<f64> {
        let mean = |a: usize, b: usize| (a..=b).map(|i| v[i] * w[i]).sum::<f64>() / w[a..=b].iter().sum::<f64>();
        (0..v.len())
            .map(|i| {
                (0..=i).map(|a| (i..v.len()).map(|b| mean(a, b)).fold(f64::INFINITY, f64::min)).fold(f64::NEG_INFINITY, f64::max)
            })
            .collect()
    }

    #[test]
    fn bad_input_gives_nothing() {
        assert_eq!(isotonic_fit(&[1.0], &[]), None);
        assert_eq!(isotonic_fit(&[1.0], &[0.0]), None);
        assert_eq!(isotonic_fit(&[f64::NAN], &[1.0]), None);
        assert_eq!(isotonic_rates(&[(0, 0)]), None);
        assert_eq!(isotonic_rates(&[]), Some(vec![]));
    }

    #[test]
    fn a_fall_is_pooled() {
        assert_eq!(isotonic_rates(&[(0, 10), (10, 10), (8, 10)]), Some(vec![0.0, 0.9, 0.9]));
    }

    proptest! {
        #[test]
        fn agrees_with_the_max_min_formula(data in prop::collection::vec((-5.0..5.0_f64, 0.1..9.0_f64), 0..14)) {
            let (v, w): (Vec<_>, Vec<_>) = data.into_iter().unzip();
            let fit = isotonic_fit(&v, &w).unwrap();
            prop_assert_eq!(fit.len(), v.len());
            for (got, want) in fit.iter().zip(by_max_min(&v, &w)) {
                prop_assert!((got - want).abs() < 1e-9, "{} {}", got, want);
            }
        }
    }
}

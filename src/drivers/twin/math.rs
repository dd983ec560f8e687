//! Exponential, logarithm and a normal draw in plain arithmetic. The functions of the platform's mathematics library differ in the last
//! bit between machines; a twin has to draw the same threshold on each of them.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// `e^x` by range reduction to |r| <= ln 2 / 2 and the Taylor series, whose first term left out is below 2e-17 there. Beyond ±700 it
/// saturates.
pub fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let halvings = (x / std::f64::consts::LN_2).round();
    let r = x - halvings * std::f64::consts::LN_2;
    let mut sum = 1.0;
    for k in (1..=14).rev() {
        sum = 1.0 + sum * r / f64::from(k);
    }
    // A power of two is a bit pattern: the exponent lies in -1010..=1010 by the clamp above, so it never leaves the normal numbers.
    sum * f64::from_bits(((1023 + halvings as i64) as u64) << 52)
}

/// Natural logarithm of a positive normal number, by `ln m = 2 artanh((m - 1) / (m + 1))` for the mantissa between 0.7 and 1.42.
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | (1023 << 52));
    if m > std::f64::consts::SQRT_2 {
        m /= 2.0;
        exponent += 1;
    }
    let t = (m - 1.0) / (m + 1.0);
    let square = t * t;
    let mut sum = 0.0;
    for k in (0..13).rev() {
        sum = sum * square + 1.0 / f64::from(2 * k + 1);
    }
    2.0 * t * sum + exponent as f64 * std::f64::consts::LN_2
}

/// Sine of an angle in turns, by the Taylor series around the nearest quarter: its first term left out is below 1e-17 there.
pub const fn sine(turns: f64) -> f64 {
    let mut part = turns - turns as i64 as f64;
    if part < 0.0 {
        part += 1.0;
    }
    // From here on within a quarter of a turn to both sides: sin(1/2 - x) = sin(x).
    if part > 0.75 {
        part -= 1.0;
    } else if part > 0.25 {
        part = 0.5 - part;
    }
    let x = part * std::f64::consts::TAU;
    let mut sum = 1.0;
    let mut k = 11;
    while k > 0 {
        sum = 1.0 - sum * x * x / ((2 * k) * (2 * k + 1)) as f64;
        k -= 1;
    }
    sum * x
}

/// A number in `[0, 1)` with 53 random bits.
pub fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// A standard normal draw (polar method of Marsaglia, 1964).
pub fn normal(rng: &mut ChaCha8Rng) -> f64 {
    loop {
        let (u, v) = (2.0 * uniform(rng) - 1.0, 2.0 * uniform(rng) - 1.0);
        let s = u * u + v * v;
        if s > 0.0 && s < 1.0 {
            return u * (-2.0 * ln(s) / s).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn exp_agrees_with_the_library(x in -600.0f64..600.0) {
            prop_assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12);
        }

        #[test]
        fn sine_agrees_with_the_library(turns in -50.0f64..50.0) {
            prop_assert!((sine(turns) - (turns * std::f64::consts::TAU).sin()).abs() < 1e-12);
        }

        #[test]
        fn ln_agrees_with_the_library(x in -600.0f64..600.0) {
            prop_assert!((ln(x.exp()) - x).abs() < 1e-12 * x.abs().max(1.0));
        }
    }

    #[test]
    fn the_normal_draw_has_the_normal_quantiles() {
        let mut rng = ChaCha8Rng::from_seed([7; 32]);
        let mut draws: Vec<f64> = (0..40_000).map(|_| normal(&mut rng)).collect();
        draws.sort_by(f64::total_cmp);
        for (share, z, tolerance) in [(0.05, -1.6449, 0.04), (0.5, 0.0, 0.03), (0.95, 1.6449, 0.04), (0.999, 3.0902, 0.2)] {
            let found = draws[(share * 40_000.0) as usize];
            assert!((found - z).abs() < tolerance, "quantile {share}: {found}");
        }
    }
}

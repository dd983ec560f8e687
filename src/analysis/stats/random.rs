//! Random numbers for the bootstrap, the same on every machine and in every version.

use super::dist::binomial_at_most;

/// Up to this many trials are tossed one by one.
const MOST_TOSSES: u32 = 10_000;

/// The generator SplitMix64 of Steele, Lea, Flood (2014), OOPSLA, 453-472: small, and the same for ever.
pub(super) struct SplitMix(u64);

impl SplitMix {
    /// The stream of a seed.
    pub(super) fn new(seed: u64) -> Self {
        SplitMix(seed)
    }

    /// Uniform in 0..1.
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Successes among `n` trials of probability `p`.
    pub(super) fn binomial(&mut self, n: u32, p: f64) -> u32 {
        if p <= 0.0 {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        if n <= MOST_TOSSES {
            return (0..n).map(|_| u32::from(self.uniform() < p)).sum();
        }
        // The smallest count whose distribution function reaches a uniform number.
        let u = self.uniform();
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = low + (high - low) / 2;
            if binomial_at_most(middle, n, p) < u { low = middle + 1 } else { high = middle }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned() {
        // The first output of SplitMix64 from seed 0 is 0xe220a8397b1dcdaf.
        let want = (0xe220_a839_7b1d_cdaf_u64 >> 11) as f64 / (1_u64 << 53) as f64;
        assert_eq!(SplitMix::new(0).uniform(), want);
    }

    #[test]
    fn counts_have_their_mean_and_certain_ones_are_certain() {
        let mut random = SplitMix::new(3);
        let sum: u32 = (0..10_000).map(|_| random.binomial(10, 0.3)).sum();
        // Standard deviation of the sum: 145.
        assert!((f64::from(sum) - 30_000.0).abs() < 600.0, "{sum}");
        // And so have counts too large to toss; standard deviation of the mean of 100: 14.
        let mean = (0..100).map(|_| f64::from(random.binomial(100_000, 0.3))).sum::<f64>() / 100.0;
        assert!((mean - 30_000.0).abs() < 60.0, "{mean}");
        assert_eq!((random.binomial(5, 0.0), random.binomial(5, 1.0)), (0, 5));
    }
}

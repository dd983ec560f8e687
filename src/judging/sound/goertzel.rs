//! One frequency out of many, block by block.

use std::f64::consts::TAU;

/// Share of a block's power that a pure tone keeps in a block of `length` samples when it is `offset` radians a sample beside the frequency
/// looked for: the squared Dirichlet kernel, here by its limit `sinc`.
fn kept(offset: f64, length: f64) -> f64 {
    let half = offset * length / 2.0;
    if half.abs() < 1e-6 { 1.0 } else { (half.sin() / half).powi(2) }
}

/// What one block holds of the frequency.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Mean square of all samples.
    pub(super) total: f64,
    /// Mean square of the part at the frequency.
    pub(super) at: f64,
    re: f64,
    im: f64,
}

impl Block {
    /// By how many radians a sample the tone of two blocks in a row lies beside the frequency, and the mean square that it has at its own.
    /// The pulse-pair estimate: the phase between both blocks beyond the expected one (Miller and Rochwarger, "A covariance approach to
    /// spectral moment estimation", IEEE Trans. Inf. Theory 18, 1972). Without ambiguity up to half a turn a block.
    pub(super) fn after(&self, before: &Block, goertzel: &Goertzel) -> (f64, f64) {
        let (re, im) = (self.re * before.re + self.im * before.im, self.im * before.re - self.re * before.im);
        let length = goertzel.length as f64;
        let turned = im.atan2(re) - goertzel.omega * length;
        let offset = (turned - TAU * (turned / TAU).round()) / length;
        (offset, self.at / kept(offset, length))
    }
}

/// The recurrence of Goertzel ("An algorithm for the evaluation of finite trigonometric series", Amer. Math. Monthly 65, 1958), at a
/// frequency that need not be a whole number of periods a block.
#[derive(Clone, Debug)]
pub(super) struct Goertzel {
    /// Radians a sample.
    omega: f64,
    cos: f64,
    sin: f64,
    /// Samples of a block.
    pub(super) length: usize,
    taken: usize,
    s1: f64,
    s2: f64,
    squares: f64,
}

impl Goertzel {
    /// For a frequency of `turns` periods a sample, in blocks of `length`.
    pub(super) fn new(turns: f64, length: usize) -> Self {
        let omega = TAU * turns;
        Self { omega, cos: omega.cos(), sin: omega.sin(), length, taken: 0, s1: 0.0, s2: 0.0, squares: 0.0 }
    }

    /// Begins a block.
    pub(super) fn restart(&mut self) {
        (self.taken, self.s1, self.s2, self.squares) = (0, 0.0, 0.0, 0.0);
    }

    /// How many samples the block lacks.
    pub(super) fn missing(&self) -> usize {
        self.length - self.taken
    }

    /// Takes samples, at most as many as are missing, less their mean; the block when it is full.
    pub(super) fn add(&mut self, codes: &[i16], mean: f64) -> Option<Block> {
        let twice = 2.0 * self.cos;
        let (mut s1, mut s2, mut squares) = (self.s1, self.s2, self.squares);
        for &code in codes {
            let x = f64::from(code) - mean;
            (s1, s2) = (x + twice * s1 - s2, s1);
            squares += x * x;
        }
        (self.s1, self.s2, self.squares) = (s1, s2, squares);
        self.taken += codes.len();
        if self.taken < self.length {
            return None;
        }
        let length = self.length as f64;
        let (re, im) = (s1 - self.cos * s2, self.sin * s2);
        self.restart();
        Some(Block { total: squares / length, at: 2.0 * (re * re + im * im) / (length * length), re, im })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two blocks of a tone of `turns` periods a sample.
    fn blocks(goertzel: &mut Goertzel, turns: f64) -> (Block, Block) {
        let wave = |n: usize| ((TAU * turns * n as f64 + 0.7).sin() * 10_000.0 + 50.0).round() as i16;
        let codes: Vec<i16> = (0..2 * goertzel.length).map(wave).collect();
        let length = goertzel.length;
        let first = goertzel.add(&codes[..length], 50.0).unwrap();
        (first, goertzel.add(&codes[length..], 50.0).unwrap())
    }

    #[test]
    fn a_tone_is_measured_at_its_own_frequency() {
        for (turns, length) in [(0.25, 40), (0.1, 100), (0.43, 23), (0.0625, 160)] {
            // A real tone has a mirror image: so much of its amplitude leaks in from there.
            let mirror = 1.0 / (length as f64 * (TAU * turns).sin());
            let mut goertzel = Goertzel::new(turns, length);
            for beside in [0.0, 0.01, -0.02, 0.03, -0.03] {
                let (first, second) = blocks(&mut goertzel, turns * (1.0 + beside));
                let (offset, power) = second.after(&first, &goertzel);
                let (found, turned) = (offset / (TAU * turns), TAU * turns * length as f64);
                assert!((found - beside).abs() < 2.0 * mirror / turned, "{turns} {beside}: {found}");
                assert!((power / 0.5e8 - 1.0).abs() < 2.5 * mirror, "{turns} {beside}: {power}");
                assert!((second.total / 0.5e8 - 1.0).abs() < 1.3 * mirror, "{turns} {beside}: {}", second.total);
            }
        }
    }

    #[test]
    fn another_tone_leaves_little() {
        let mut goertzel = Goertzel::new(0.25, 40);
        for turns in [0.17, 0.2, 0.275, 0.3, 0.42] {
            let (first, second) = blocks(&mut goertzel, turns);
            let (_, power) = second.after(&first, &goertzel);
            assert!(power < 0.1 * second.total, "{turns}: {}", power / second.total);
        }
    }
}

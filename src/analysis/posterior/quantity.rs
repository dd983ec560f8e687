//! What is read from a posterior: holds, the plateau, the success curve.

use super::axes::{GUESS, LAPSES, LINKS, N_ROW, N_SCALE, N_SHAPE, N_X, SURE, parts, shape};
use super::posterior::Posterior;
use super::window::spread;

/// A hold that is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// The hold at which this share of the way from floor to plateau is done.
    Relative(f64),
    /// The hold at which this share of presses reset; there is none where the plateau is lower.
    Absolute(f64),
}

impl Quantity {
    /// The hold of a suite's `target`, a word of thresholds.csv; `None` for an unknown word.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "hold50" => Quantity::Absolute(0.50),
            "hold95" => Quantity::Absolute(0.95),
            "hold99" => Quantity::Absolute(0.99),
            "hold95_rel" => Quantity::Relative(0.95),
            _ => return None,
        })
    }

    /// The share of the way to the plateau, for a response without lapse.
    pub fn share(self) -> f64 {
        match self {
            Quantity::Relative(q) | Quantity::Absolute(q) => q,
        }
    }

    /// Distance from the location, ln seconds; `None` where no hold does it.
    fn offset(self, row: usize) -> Option<f64> {
        let (link, lapse, _) = parts(row);
        let share = match self {
            Quantity::Relative(q) => q,
            Quantity::Absolute(p) => (p - GUESS) / (1.0 - GUESS - LAPSES[lapse].0),
        };
        (share < 1.0).then(|| spread(shape(row)) * LINKS[link].0.quantile(share))
    }
}

/// The distribution of a hold.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// (distance from the location in ln seconds, cumulated weights by location).
    parts: Vec<(f64, [f64; N_X])>,
    low: f64,
    step: f64,
    /// Mass at 0 seconds: resets at any hold.
    pub at_any: f64,
    /// Mass at no hold: never resets, or the plateau is too low.
    pub at_none: f64,
    /// Mass at no hold since the adapter never resets.
    never: f64,
}

impl Distribution {
    pub(super) fn of(posterior: &Posterior<'_>, quantity: Quantity) -> Self {
        let mut at_none = posterior.never;
        let mut parts = Vec::new();
        let mut take = |offset: Option<f64>, cells: &[f32]| {
            let mut sum = 0.0;
            let cumulated: [f64; N_X] = std::array::from_fn(|x| {
                sum += f64::from(cells[x]);
                sum
            });
            match offset {
                Some(offset) if sum > 1e-9 => parts.push((offset, cumulated)),
                Some(_) => {}
                None => at_none += sum,
            }
        };
        match quantity {
            // The lapse does not matter: a seventh of the parts.
            Quantity::Relative(q) => posterior.collapsed.chunks(N_X).enumerate().for_each(|(shape, cells)| {
                take(Some(spread(shape) * LINKS[shape / N_SCALE].0.quantile(q)), cells);
            }),
            Quantity::Absolute(_) => {
                posterior.weights.chunks(N_X).enumerate().for_each(|(row, cells)| take(quantity.offset(row), cells));
            }
        }
        Distribution {
            parts,
            low: posterior.window.low,
            step: posterior.window.step,
            at_any: posterior.always,
            at_none,
            never: posterior.never,
        }
    }

    /// The same where another account, of this weight, gives `never` for the probability that the adapter never resets, and knows no more.
    pub fn if_never(mut self, weight: f64, never: f64) -> Self {
        let mixed = (1.0 - weight) * self.never + weight * never;
        let by = (1.0 - mixed) / (1.0 - self.never).max(1e-12);
        self.parts.iter_mut().flat_map(|part| &mut part.1).for_each(|w| *w *= by);
        self.at_any *= by;
        self.at_none = (self.at_none - self.never) * by + mixed;
        self.never = mixed;
        self
    }

    /// The probability that the hold is shorter than `hold_s` seconds.
    pub fn below(&self, hold_s: f64) -> f64 {
        let t = hold_s.ln();
        let mut sum = self.at_any;
        for (offset, cells) in &self.parts {
            // Each cell's mass lies evenly over its width.
            let at = (t - offset - self.low) / self.step + 0.5;
            if at >= N_X as f64 {
                sum += cells[N_X - 1];
            } else if at > 0.0 {
                let i = at as usize;
                let before = if i == 0 { 0.0 } else { cells[i - 1] };
                sum += before + (cells[i] - before) * (at - i as f64);
            }
        }
        sum
    }

    /// The hold (seconds) with `share` of the posterior below it; 0 and infinity are answers.
    pub fn at(&self, share: f64) -> f64 {
        if share <= self.at_any {
            return 0.0;
        }
        if share >= 1.0 - self.at_none {
            return f64::INFINITY;
        }
        let (mut low, mut high) = (self.low - 3.0, self.low + self.step * N_X as f64 + 3.0);
        for _ in 0..30 {
            let mid = 0.5 * (low + high);
            if self.below(mid.exp()) < share { low = mid } else { high = mid }
        }
        (0.5 * (low + high)).exp()
    }

    /// The central interval that holds `level` of the posterior.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let tail = 0.5 * (1.0 - level);
        (self.at(tail), self.at(1.0 - tail))
    }
}

impl Posterior<'_> {
    /// The distribution of the reset rate at a hold, as (rate, weight) pairs in order of rate, at most `bins`.
    pub fn rate(&self, hold_s: f64, bins: usize) -> Vec<(f64, f64)> {
        let mut out = vec![0.0; bins];
        let mut put = |p: f64, w: f64| out[((p * bins as f64) as usize).min(bins - 1)] += w;
        put(GUESS, self.never);
        put(SURE, self.always);
        let mut rise = [0.0; N_X];
        for row in 0..N_ROW {
            self.window.rise_at(shape(row), hold_s.ln(), &mut rise);
            let lapse = LAPSES[parts(row).1].0;
            for (w, f) in self.weights[row * N_X..(row + 1) * N_X].iter().zip(&rise) {
                put(GUESS + (1.0 - GUESS - lapse) * f, f64::from(*w));
            }
        }
        out.into_iter().enumerate().map(|(i, w)| ((i as f64 + 0.5) / bins as f64, w)).collect()
    }

    /// The probability that a press of this hold resets.
    pub fn reset_rate(&self, hold_s: f64) -> f64 {
        let mut rising = vec![0.0_f32; N_SHAPE * N_X];
        for (row, cells) in self.weights.chunks(N_X).enumerate() {
            let by = (1.0 - GUESS - LAPSES[parts(row).1].0) as f32;
            rising[shape(row) * N_X..][..N_X].iter_mut().zip(cells).for_each(|(t, w)| *t += by * w);
        }
        let mut sum = GUESS * (1.0 - self.always) + SURE * self.always;
        let mut rise = [0.0; N_X];
        for (shape, cells) in rising.chunks(N_X).enumerate().filter(|(_, cells)| cells.iter().any(|w| *w > 1e-9)) {
            self.window.rise_at(shape, hold_s.ln(), &mut rise);
            sum += cells.iter().zip(&rise).map(|(w, f)| f64::from(*w) * f).sum::<f64>();
        }
        sum
    }

    /// The posterior of the plateau, as (plateau, weight) pairs, over adapters that have a threshold.
    pub fn plateau(&self) -> Vec<(f64, f64)> {
        let mut by_lapse = vec![0.0; LAPSES.len()];
        for (row, cells) in self.weights.chunks(N_X).enumerate() {
            by_lapse[parts(row).1] += f64::from(cells.iter().sum::<f32>());
        }
        LAPSES.iter().zip(by_lapse).map(|((lapse, _), w)| (1.0 - lapse, w)).collect()
    }
}

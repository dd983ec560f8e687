//! Which press of an acknowledging adapter comes next: a hold, when to let go, and how long after the acknowledgement.

use super::chooser::VAGUE;
use super::cost::Cost;
use super::guess::{Guess, Resets};
use super::release::{LetGo, LettingGo, Listening};
use super::width::TAIL;

/// Acknowledgement times are told apart in so many intervals.
const BINS: usize = 10;
/// Candidate holds.
const HOLDS: usize = 20;
/// Outcomes: acknowledged in an interval and reset, the same and not reset, neither seen nor reset, not seen and reset.
const OUTCOMES: usize = 2 * BINS + 2;

/// A press that could be next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub hold_s: f64,
    pub until: LetGo,
}

/// The best press, and whether it was chosen for the hold (and not for all it teaches).
pub(super) fn best(guesses: &[Guess], range: (f64, f64), listening: Listening, cost: Cost) -> Option<(Candidate, bool)> {
    let mut guesses = guesses.to_vec();
    guesses.sort_by(|a, b| a.hold.total_cmp(&b.hold));
    let guesses = &guesses[..];
    let table = Table::new(guesses, range.1);
    let (mean, var) = moments(guesses);
    let wide = var.sqrt() > VAGUE;
    let mut best: Option<(f64, Candidate)> = None;
    for candidate in candidates(guesses, &table, range) {
        let possible = match (candidate.until, listening.letting_go) {
            (LetGo::Hold, _) | (_, LettingGo::Later) => true,
            (LetGo::Ack { extra_s }, LettingGo::AtOnce) => extra_s == 0.0,
            (LetGo::Ack { .. }, LettingGo::Never) => false,
        };
        if !possible {
            continue;
        }
        let (gain, seconds) = table.weigh(&candidate, listening.reaction_s, cost, wide, (mean, var));
        let worth = gain / seconds;
        if best.is_none_or(|(top, _)| worth > top) {
            best = Some((worth, candidate));
        }
    }
    best.map(|(_, candidate)| (candidate, !wide))
}

fn moments(guesses: &[Guess]) -> (f64, f64) {
    let (mut mean, mut square) = (0.0, 0.0);
    for guess in guesses {
        mean += guess.weight * guess.hold;
        square += guess.weight * guess.hold * guess.hold;
    }
    (mean, (square - mean * mean).max(1e-7))
}

/// The value below which `share` of the weight lies.
fn quantile(guesses: &[Guess], share: f64, value: impl Fn(&Guess) -> f64) -> f64 {
    let mut all: Vec<(f64, f64)> = guesses.iter().map(|guess| (value(guess), guess.weight)).collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = all.iter().map(|one| one.1).sum();
    let mut sum = 0.0;
    all.iter()
        .find(|(_, w)| {
            sum += w;
            sum >= share * total
        })
        .or(all.last())
        .map_or(0.0, |one| one.0)
}

fn candidates(guesses: &[Guess], table: &Table<'_>, range: (f64, f64)) -> Vec<Candidate> {
    let low = quantile(guesses, 0.02, |guess| match guess.resets {
        Resets::Apart(rise, _) => rise.x - 3.0 * rise.s,
        Resets::At(..) => guess.ack.x - 3.0 * guess.ack.s,
    });
    let low = low.exp().clamp(range.0, range.1);
    let high = (1.2 * quantile(guesses, 0.98, |guess| guess.hold).exp()).clamp(1.1 * low, 1.1 * range.1).min(range.1);
    let grid: Vec<f64> = (0..HOLDS).map(|i| low * (high / low).max(1.0).powf(i as f64 / (HOLDS - 1) as f64)).collect();
    let mut extras: Vec<f64> = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99]
        .iter()
        .map(|share| {
            quantile(guesses, *share, |guess| match guess.resets {
                Resets::At(meaning, _) => meaning.threshold(guess.ack.x.exp()) - guess.ack.x.exp(),
                Resets::Apart(..) => guess.hold.exp() - guess.ack.x.exp(),
            })
        })
        .map(|extra| (100.0 * (1.1 * extra + 0.02).clamp(0.0, range.1)).round() / 100.0)
        .collect();
    extras.push(0.0);
    extras.sort_unstable_by(f64::total_cmp);
    extras.dedup();
    let long = (1.5 * table.edges[BINS - 1] * high / low.max(1e-9)).clamp(range.0, range.1);
    let long = long.max((2.0 * table.edges[BINS - 1]).min(range.1));
    let mut out: Vec<Candidate> = grid.iter().map(|hold_s| Candidate { hold_s: *hold_s, until: LetGo::Hold }).collect();
    out.extend(extras.into_iter().map(|extra_s| Candidate { hold_s: long, until: LetGo::Ack { extra_s } }));
    out.extend(
        grid[HOLDS / 3..].iter().step_by(3).map(|hold_s| Candidate { hold_s: *hold_s, until: LetGo::Ack { extra_s: 0.0 } }),
    );
    out
}

/// What does not depend on the candidate.
struct Table<'a> {
    guesses: &'a [Guess],
    /// Ends of the intervals of acknowledgement times, seconds.
    edges: [f64; BINS + 1],
    /// Each guess's distribution function at the ends.
    by: Vec<[f64; BINS + 1]>,
    entropy: Entropy,
    /// Width of the interval now.
    now: f64,
}

impl<'a> Table<'a> {
    fn new(guesses: &'a [Guess], longest: f64) -> Self {
        // A spread of acknowledgement times as all guesses together have it: each at a place of its own.
        let n = guesses.len() as f64;
        let mut at = Vec::with_capacity(guesses.len());
        for (i, guess) in guesses.iter().enumerate() {
            let u = ((i as f64 + 0.5) * 0.618_033_988_75).fract().clamp(0.5 / n, 1.0 - 0.5 / n);
            at.push((guess.ack.x + guess.ack.s * (u / (1.0 - u)).ln(), guess.weight));
        }
        at.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut edges = [0.0; BINS + 1];
        let (mut sum, mut next) = (0.0, 1);
        for (x, w) in &at {
            sum += w;
            while next < BINS && sum >= next as f64 / BINS as f64 {
                edges[next] = x.exp();
                next += 1;
            }
        }
        edges[0] = 1e-2;
        edges[BINS] = 2.0 * longest;
        (1..=BINS).for_each(|i| edges[i] = edges[i].clamp(edges[i - 1], 2.0 * longest));
        let lns = edges.map(f64::ln);
        let by = guesses.iter().map(|guess| lns.map(|edge| guess.ack.below(edge))).collect();
        let mut table = Table { guesses, edges, by, entropy: Entropy::new(), now: 1.0 };
        table.now = table.width(|i| guesses[i].weight, guesses.iter().map(|guess| guess.weight).sum());
        table
    }

    /// Distance in ln(hold) between the two ends of the interval, of guesses with these weights; guesses stand in order of their hold.
    fn width(&self, weight: impl Fn(usize) -> f64, total: f64) -> f64 {
        let end = |backwards: bool| {
            let mut sum = 0.0;
            for n in 0..self.guesses.len() {
                let i = if backwards { self.guesses.len() - 1 - n } else { n };
                sum += weight(i);
                if sum >= TAIL * total {
                    return self.guesses[i].hold;
                }
            }
            self.guesses[0].hold
        };
        (end(true) - end(false)).max(5e-3)
    }

    /// Expected gain of a candidate, and its expected seconds.
    fn weigh(&self, candidate: &Candidate, reaction_s: f64, cost: Cost, wide: bool, (mean, var): (f64, f64)) -> (f64, f64) {
        let hold = candidate.hold_s;
        let mut mid = [0.0; BINS];
        let mut held = [hold; BINS];
        for b in 0..BINS {
            mid[b] = (self.edges[b] * self.edges[b + 1]).sqrt().min(hold);
            if let LetGo::Ack { extra_s } = candidate.until {
                held[b] = (mid[b] + reaction_s + extra_s).min(hold);
            }
        }
        let mut sums = [[0.0; 3]; OUTCOMES];
        let mut each: Vec<[f64; OUTCOMES]> = Vec::with_capacity(self.guesses.len());
        let (mut inner, mut contact, mut resets) = (0.0, 0.0, 0.0);
        for (guess, by) in self.guesses.iter().zip(&self.by) {
            let mut p = [0.0; OUTCOMES];
            let (upto, shown) = (guess.ack.below(hold.ln()), guess.shown());
            let mut seen = 0.0;
            let flat = match (guess.resets, candidate.until) {
                (Resets::Apart(..), LetGo::Hold) => Some(guess.reset_at(hold, hold)),
                _ => None,
            };
            for b in 0..BINS {
                let here = (by[b + 1].min(upto) - by[b].min(upto)).max(0.0) * shown;
                if here > 1e-6 {
                    let y = flat.unwrap_or_else(|| guess.reset_at(mid[b], held[b]));
                    (p[b], p[BINS + b]) = (here * y, here * (1.0 - y));
                    seen += here;
                    contact += guess.weight * here * held[b];
                    resets += guess.weight * p[b];
                }
            }
            let silent = (1.0 - seen).max(0.0);
            let reset = guess.reset_unseen(hold, silent);
            (p[OUTCOMES - 2], p[OUTCOMES - 1]) = (silent - reset, reset);
            contact += guess.weight * silent * hold;
            resets += guess.weight * reset;
            if !wide {
                each.push(p.map(|p| guess.weight * p));
            }
            let v = guess.hold - mean;
            for (sum, p) in sums.iter_mut().zip(p) {
                let w = guess.weight * p;
                *sum = [sum[0] + w, sum[1] + w * v, sum[2] + w * v * v];
            }
            if wide {
                inner += guess.weight * p.iter().map(|p| self.entropy.of(*p)).sum::<f64>();
            }
        }
        let gain = if wide {
            sums.iter().map(|sum| self.entropy.of(sum[0])).sum::<f64>() - inner
        } else {
            let after = |[n, a, b]: &[f64; 3]| if *n > 1e-9 { n * (b / n - (a / n).powi(2)).max(1e-7).ln() } else { 0.0 };
            let width = |k: usize| if sums[k][0] > 1e-6 { sums[k][0] * self.width(|i| each[i][k], sums[k][0]).ln() } else { 0.0 };
            let narrower = self.now.ln() - (0..OUTCOMES).map(width).sum::<f64>();
            0.5 * (var.ln() - sums.iter().map(after).sum::<f64>()) + narrower
        };
        (gain, contact + cost.expected(0.0, resets))
    }
}

/// `-p ln p`, tabulated over the square root of `p`, on which it is smooth: the logarithms would be most of a decision's time.
struct Entropy(Vec<f64>);

impl Entropy {
    const STEPS: usize = 1024;

    fn new() -> Self {
        let at = |i: usize| (i as f64 / Entropy::STEPS as f64).powi(2);
        Entropy((0..=Entropy::STEPS + 1).map(|i| if i == 0 { 0.0 } else { -at(i) * at(i).ln() }).collect())
    }

    fn of(&self, p: f64) -> f64 {
        let at = p.clamp(0.0, 1.0).sqrt() * Entropy::STEPS as f64;
        let i = at as usize;
        self.0[i] + (self.0[i + 1] - self.0[i]) * (at - i as f64)
    }
}

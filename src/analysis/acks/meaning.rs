//! What an acknowledgement may mean for the reset, and what a device does beside it.

use std::sync::LazyLock;

/// Latency from a camera's threshold to the acknowledgement that is seen, seconds, with its prior: the light's own delay and the detector's.
/// An assumption, from lights and chimes that answer within 30 to 150 ms.
const LATENCIES: [(f64, f64); 5] = [(0.03, 0.1), (0.05, 0.25), (0.07, 0.3), (0.09, 0.2), (0.12, 0.15)];
/// Softness of an exact step in seconds, and its share of the margin: jitter of the light, and of a firmware's second timer. An assumption.
const JITTER: (f64, f64) = (0.015, 0.03);
/// A reset that the model does not know, or one that is missing.
const UNKNOWN: f64 = 0.004;

/// A way in which the threshold follows from the acknowledgement: `threshold = (acknowledgement + margin) * factor`, with a spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meaning {
    /// Seconds from the acknowledgement to the reset's threshold; negative where the threshold comes first.
    pub margin_s: f64,
    /// The threshold is that many times as long.
    pub factor: f64,
    /// Relative spread of the threshold about that; 0 where the link is exact.
    pub spread: f64,
}

/// Meanings in the words of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// The camera resets when it acknowledges.
    Reset,
    /// It resets a fixed time, or at a fixed multiple of the time, after it.
    After,
    /// It resets somewhere near it.
    Near,
    /// It says nothing about the reset.
    Unrelated,
}

impl Meaning {
    /// Whether each acknowledgement shows the press's own threshold.
    pub fn exact(&self) -> bool {
        self.spread == 0.0
    }

    /// Whether it has a number that one light at a fixed time can be fitted by: a margin after it, or a multiple.
    pub fn fitted(&self) -> bool {
        self.exact() && self.margin_s >= 0.0
    }

    /// In words.
    pub fn word(&self) -> Word {
        match self {
            Meaning { spread, .. } if *spread > 0.0 => Word::Near,
            Meaning { margin_s, .. } if *margin_s < 0.0 => Word::Reset,
            _ => Word::After,
        }
    }

    /// The threshold that goes with an acknowledgement at `ack_s`, seconds.
    pub fn threshold(&self, ack_s: f64) -> f64 {
        (ack_s + self.margin_s).max(1e-2) * self.factor
    }

    /// The acknowledgement that goes with a threshold, seconds; the inverse of [`Meaning::threshold`].
    pub fn ack(&self, threshold_s: f64) -> f64 {
        (threshold_s / self.factor - self.margin_s).max(1e-3)
    }

    /// The probability that the threshold was passed by a contact of `held_s`, given the acknowledgement at `ack_s`.
    pub fn passed(&self, ack_s: f64, held_s: f64) -> f64 {
        let at = self.threshold(ack_s);
        let soft = (JITTER.0 + JITTER.1 * self.margin_s.max(0.0)) * self.factor / at;
        let soft = if self.spread > 0.0 { self.spread.hypot(soft) } else { soft };
        let z = (held_s / at).ln() / soft;
        UNKNOWN + (1.0 - 2.0 * UNKNOWN) / (1.0 + (-z.clamp(-60.0, 60.0)).exp())
    }
}

/// Every meaning that competes, with its share among those where the acknowledgement has to do with the reset.
pub static MEANINGS: LazyLock<Vec<(Meaning, f64)>> = LazyLock::new(|| {
    let mut all = Vec::new();
    let mut add = |share: f64, some: Vec<Meaning>| {
        let each = share / some.len() as f64;
        all.extend(some.into_iter().map(|meaning| (meaning, each)));
    };
    let exact = |margin_s, factor| Meaning { margin_s, factor, spread: 0.0 };
    let steps = |n: u32, low: f64, high: f64| (0..n).map(move |i| low + (high - low) * f64::from(i) / f64::from(n - 1));
    for (latency, share) in LATENCIES {
        add(0.5 * share, vec![exact(-latency, 1.0)]);
    }
    // Little for those that have a number to fit: a light that comes at a fixed time fits one of them as long as all thresholds lie close together.
    add(0.07, steps(160, 0.1_f64.ln(), 60.0_f64.ln()).map(|m| exact(m.exp(), 1.0)).collect());
    add(0.03, steps(48, 0.02, 1.6).map(|f| exact(0.0, f.exp())).collect());
    for spread in [0.05, 0.18] {
        add(0.2, steps(24, -0.7, 1.6).map(|f| Meaning { margin_s: 0.0, factor: f.exp(), spread }).collect());
    }
    all
});

/// What happens to a press beside its threshold. Each is a share of all presses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// Presses that do nothing and show nothing.
    pub dead: f64,
    /// Presses that acknowledge and do not reset.
    pub chime: f64,
    /// Acknowledgements that are not seen.
    pub missed: f64,
}

/// Every set of habits that competes, with its prior. Either kind of lapse has the prior of the lapses of the yes/no model, coarser.
pub static HABITS: LazyLock<Vec<(Habits, f64)>> = LazyLock::new(|| {
    let lapses = [
        ((0.003, 0.003), 0.34),
        ((0.03, 0.003), 0.13),
        ((0.07, 0.003), 0.12),
        ((0.13, 0.003), 0.08),
        ((0.003, 0.03), 0.13),
        ((0.003, 0.07), 0.12),
        ((0.003, 0.13), 0.08),
    ];
    let misses = [(0.01, 0.7), (0.15, 0.1), (0.35, 0.1), (0.55, 0.1)];
    let pair = |((dead, chime), p): ((f64, f64), f64)| misses.map(|(missed, q)| (Habits { dead, chime, missed }, p * q));
    lapses.into_iter().flat_map(pair).collect()
});

/// A lapse of [`HABITS`] stands for a range; five values of it with equal prior mass between them, by the prior of the yes/no model.
const RANGES: [(f64, [f64; 5]); 4] = [
    (0.003, [0.001, 0.003, 0.005, 0.007, 0.012]),
    (0.03, [0.019, 0.025, 0.032, 0.039, 0.046]),
    (0.07, [0.055, 0.064, 0.074, 0.085, 0.096]),
    (0.13, [0.106, 0.117, 0.128, 0.140, 0.154]),
];

impl Habits {
    /// The shares of presses that reset, however long they are held: five of the same weight, since these habits stand for others near them.
    pub fn plateaus(&self) -> [f64; 5] {
        let (most, least) = (self.dead.max(self.chime), self.dead.min(self.chime));
        let range = RANGES.iter().find(|(lapse, _)| *lapse == most).map_or([most; 5], |(_, range)| *range);
        range.map(|lapse| (1.0 - lapse) * (1.0 - least))
    }

    /// The share of acknowledgements that are shown and seen.
    pub fn shown(&self) -> f64 {
        (1.0 - self.dead) * (1.0 - self.missed)
    }
}

//! From the edges of a light to its pattern.

use crate::domain::observation::{LightPattern, LightShape, Observation};
use crate::domain::units::{Hertz, Tick};

/// Without a blink seen so far, a level that stands for so long is steady: 2.5 s is half a period of the slowest blink (0.2 Hz), and a
/// fifth more for unequal halves.
pub const STEADY_US: u64 = 3_000_000;
/// While the light blinks, a level is steady after this many times the longer half of the blink, in percent: a late edge must not end it.
pub const STEADY_BLINK_PERCENT: u64 = 150;
/// And never sooner than this, so that one missing flash of a fast blink does not end it (our choice).
pub const STEADY_BLINK_FLOOR_US: u64 = 750_000;
/// Two periods of a blink may differ by so many percent, about the jitter of a program that blinks by sleeping (our choice).
pub const RHYTHM_PERCENT: u64 = 15;
/// A blink is another one when its period has changed by more percent than this: profiles tell rates apart by a fifth.
pub const ANOTHER_PERCENT: u64 = 20;
/// Jitter of the edges themselves: the length of two filter steps.
pub const JITTER_US: u64 = 2_000;
/// Periods longer than this are no blink: 0.2 Hz with a tenth to spare.
pub const LONGEST_PERIOD_US: u64 = 5_500_000;
/// So many edges without a rhythm, four periods of a blink and a half, make a pattern unclear.
pub const UNCLEAR_EDGES: u32 = 9;
/// A level that stood for so long between two others is told, though it was gone before it was steady; shorter ones are shadows (our choice).
pub const INTERLUDE_US: u64 = 500_000;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Pattern {
    Steady { lit: bool },
    Blink { period_us: u64, duty: f64 },
    Unclear,
}

impl Pattern {
    fn fact(self) -> LightPattern {
        let (shape, hz, duty) = match self {
            Pattern::Steady { lit: false } => (LightShape::Off, None, None),
            Pattern::Steady { lit: true } => (LightShape::Solid, None, None),
            Pattern::Unclear => (LightShape::Unclear, None, None),
            Pattern::Blink { period_us, duty } => {
                // As many digits as the measurement has.
                let hz = (1e8 / period_us.max(1) as f64).round() / 100.0;
                (LightShape::Blink, Some(Hertz::new(hz)), Some(((duty * 100.0).round() / 100.0) as f32))
            }
        };
        LightPattern { shape, hz, duty, colour: None, second: None }
    }
}

/// Edges that do not fit the pattern that was told last.
#[derive(Clone, Copy, Debug)]
struct Deviation {
    first_us: u64,
    edges: u32,
}

/// The fold over edges.
#[derive(Clone, Debug)]
pub(super) struct Rhythm {
    told: Option<Pattern>,
    /// When the pattern told last began: no later one begins before it.
    told_us: u64,
    lit: bool,
    /// When the present level began.
    since_us: u64,
    /// The last edges, oldest first, and how many there are.
    edges: [u64; 5],
    count: usize,
    deviation: Option<Deviation>,
    /// When the present level is steady; `u64::MAX` once it was told.
    pub(super) steady_at_us: u64,
}

impl Rhythm {
    /// Begins at `at_us` with a level, knowing nothing of a pattern.
    pub(super) fn new(at_us: u64, lit: bool) -> Self {
        Self {
            told: None,
            told_us: at_us,
            lit,
            since_us: at_us,
            edges: [0; 5],
            count: 0,
            deviation: None,
            steady_at_us: at_us.saturating_add(STEADY_US),
        }
    }

    /// Goes on after a hole in the stream: the pattern told last stands until it is contradicted.
    pub(super) fn after_hole(&self, at_us: u64, lit: bool) -> Self {
        Self { told: self.told, told_us: self.told_us, ..Self::new(at_us, lit) }
    }

    pub(super) fn lit(&self) -> bool {
        self.lit
    }

    /// The level changed.
    pub(super) fn edge(&mut self, at_us: u64, out: &mut Vec<(Tick, Observation)>) {
        self.lit = !self.lit;
        self.since_us = at_us;
        self.edges.rotate_left(1);
        self.edges[4] = at_us;
        self.count = (self.count + 1).min(5);
        match self.blink() {
            Some(blink) if self.is_told(blink) => self.deviation = None,
            Some(blink) => self.tell(self.edges[0], blink, out),
            None if self.fits_told() => {}
            None => self.deviate(at_us, out),
        }
        self.steady_at_us = at_us.saturating_add(self.patience_us());
    }

    /// The level has stood until [`Self::steady_at_us`].
    pub(super) fn steady(&mut self, out: &mut Vec<(Tick, Observation)>) {
        let steady = Pattern::Steady { lit: self.lit };
        self.steady_at_us = u64::MAX;
        if let Some(deviation) = self.deviation {
            match deviation.edges {
                0 | 1 => {}
                2 if self.since_us - deviation.first_us >= INTERLUDE_US => {
                    self.tell(deviation.first_us, Pattern::Steady { lit: !self.lit }, out);
                }
                2 => {}
                _ => self.tell(deviation.first_us, Pattern::Unclear, out),
            }
        }
        self.deviation = None;
        self.tell(self.since_us, steady, out);
    }

    /// The blink that the last five edges, two full periods, show.
    fn blink(&self) -> Option<Pattern> {
        if self.count < 5 {
            return None;
        }
        let [a, b, c, d, e] = self.edges;
        let period_us = (e - a) / 2;
        let alike = [c - a, d - b, e - c].into_iter().all(|span| near(span, period_us, RHYTHM_PERCENT));
        if !alike || period_us > LONGEST_PERIOD_US {
            return None;
        }
        // The run that has just ended has the opposite of the present level.
        let ended = (e - d) + (c - b);
        let lit = if self.lit { (e - a) - ended } else { ended };
        Some(Pattern::Blink { period_us, duty: lit as f64 / (e - a) as f64 })
    }

    fn is_told(&self, blink: Pattern) -> bool {
        match (self.told, blink) {
            (Some(Pattern::Blink { period_us: told, .. }), Pattern::Blink { period_us, .. }) => {
                near(period_us, told, ANOTHER_PERCENT)
            }
            _ => false,
        }
    }

    /// Whether the newest edge is where the blink told last has one.
    fn fits_told(&self) -> bool {
        match self.told {
            Some(Pattern::Blink { period_us, .. }) if self.deviation.is_none() => {
                near(self.edges[4] - self.edges[2], period_us, ANOTHER_PERCENT)
            }
            _ => false,
        }
    }

    fn deviate(&mut self, at_us: u64, out: &mut Vec<(Tick, Observation)>) {
        let mut deviation = self.deviation.unwrap_or(Deviation { first_us: at_us, edges: 0 });
        deviation.edges += 1;
        self.deviation = Some(deviation);
        if deviation.edges >= UNCLEAR_EDGES {
            self.tell(deviation.first_us, Pattern::Unclear, out);
        }
    }

    /// How long a level must stand to be steady.
    fn patience_us(&self) -> u64 {
        match self.told {
            Some(Pattern::Blink { period_us, duty }) => {
                let longer_half = period_us as f64 * duty.max(1.0 - duty);
                (longer_half as u64 * STEADY_BLINK_PERCENT / 100).max(STEADY_BLINK_FLOOR_US)
            }
            _ => STEADY_US,
        }
    }

    /// Tells a pattern unless it is the one told last.
    fn tell(&mut self, began_us: u64, pattern: Pattern, out: &mut Vec<(Tick, Observation)>) {
        if self.told == Some(pattern) {
            return;
        }
        self.told = Some(pattern);
        self.told_us = self.told_us.max(began_us);
        if !matches!(pattern, Pattern::Unclear) {
            self.deviation = None;
        }
        out.push((Tick(self.told_us), Observation::Light(pattern.fact())));
    }
}

/// Whether two spans differ by at most so many percent of the second, and the jitter of edges.
fn near(span: u64, of: u64, percent: u64) -> bool {
    span.abs_diff(of) <= of * percent / 100 + JITTER_US
}

//! From the edges of a light to its pattern.

use super::pattern::{Colours, Pattern};
use crate::domain::observation::{Colour, Observation};
use crate::domain::units::Tick;

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
/// And by more percent than this when its periods are alike to the next: a blink without jitter whose rate is another one (our choice, so that
/// rates a tenth apart are told apart).
pub const ANOTHER_EVEN_PERCENT: u64 = 7;
const EVEN_PERCENT: u64 = 1;
/// Jitter of the edges themselves: the length of two filter steps.
pub const JITTER_US: u64 = 2_000;
/// Periods longer than this are no blink: 0.2 Hz with a tenth to spare.
pub const LONGEST_PERIOD_US: u64 = 5_500_000;
/// So many edges without a rhythm, four periods of a blink and a half, make a pattern unclear.
pub const UNCLEAR_EDGES: u32 = 9;
/// A level that stood for so long between two others is told, though it was gone before it was steady; shorter ones are shadows, or a lamp
/// whose supply dips (our choice; `examples/light.rs` measures what is told and finds no false one).
pub const INTERLUDE_US: u64 = 200_000;

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
    /// What the light was before each of the last four edges: lit or not, and its colour.
    runs: [(bool, Option<Colour>); 4],
    /// Colours of the last flashes (lit between two edges, dark before), oldest first.
    flashes: [Option<Colour>; 4],
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
            runs: [(false, None); 4],
            flashes: [None; 4],
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

    pub(super) fn since_us(&self) -> u64 {
        self.since_us
    }

    /// The light goes on, off, or (`lit` as before) to another colour. `ended` is the colour that it had.
    pub(super) fn edge(&mut self, at_us: u64, lit: bool, ended: Option<Colour>, out: &mut Vec<(Tick, Observation)>) {
        let at_us = at_us.max(self.since_us);
        if self.lit && !lit {
            self.flashes.rotate_left(1);
            self.flashes[3] = ended;
        }
        self.runs.rotate_left(1);
        self.runs[3] = (self.lit, ended);
        self.lit = lit;
        self.since_us = at_us;
        self.edges.rotate_left(1);
        self.edges[4] = at_us;
        self.count = (self.count + 1).min(5);
        match self.rhythm() {
            Some((seen, even)) if self.is_told(seen, even) => self.deviation = None,
            Some((seen, _)) => self.tell(self.edges[0], seen, out),
            None if self.fits_told() => {}
            None => self.deviate(at_us, out),
        }
        self.steady_at_us = at_us.saturating_add(self.patience_us());
    }

    /// The colour of a light that stands could be named only now.
    pub(super) fn named(&mut self, colour: Option<Colour>, out: &mut Vec<(Tick, Observation)>) {
        let told = self.told == Some(Pattern::Steady { lit: true, colour: None });
        if told && colour.is_some() && self.steady_at_us == u64::MAX {
            self.tell(self.since_us, Pattern::Steady { lit: true, colour }, out);
        }
    }

    /// What was seen may not have been what it seemed: the level must stand anew.
    pub(super) fn stand_anew(&mut self, at_us: u64) {
        self.since_us = at_us;
        self.steady_at_us = at_us.saturating_add(STEADY_US);
    }

    /// The level has stood until [`Self::steady_at_us`].
    pub(super) fn steady(&mut self, colour: Option<Colour>, blinded: bool, out: &mut Vec<(Tick, Observation)>) {
        let steady = if blinded { Pattern::Unclear } else { Pattern::Steady { lit: self.lit, colour } };
        self.steady_at_us = u64::MAX;
        self.flashes = [None; 4];
        if let Some(deviation) = self.deviation {
            match deviation.edges {
                0 | 1 => {}
                2 if self.since_us - deviation.first_us >= INTERLUDE_US => {
                    let (lit, colour) = self.runs[3];
                    self.tell(deviation.first_us, Pattern::Steady { lit, colour }, out);
                }
                2 => {}
                _ => self.tell(deviation.first_us, Pattern::Unclear, out),
            }
        }
        self.deviation = None;
        self.tell(self.since_us, steady, out);
    }

    /// The rhythm that the last five edges, two full periods, show, and whether it is an even one.
    fn rhythm(&self) -> Option<(Pattern, bool)> {
        if self.count < 5 {
            return None;
        }
        let [a, b, c, d, e] = self.edges;
        let beat_us = (e - a) / 2;
        let alike = |percent| [c - a, d - b, e - c].into_iter().all(|span| near(span, beat_us, percent));
        if !alike(RHYTHM_PERCENT) || beat_us > LONGEST_PERIOD_US {
            return None;
        }
        // What the light was in the run that has just ended.
        let ended = (e - d) + (c - b);
        let lit = if self.runs[3].0 { ended } else { (e - a) - ended };
        let rhythm = Pattern::Rhythm { beat_us, duty: lit as f64 / (e - a).max(1) as f64, colours: self.colours()? };
        Some((rhythm, alike(EVEN_PERCENT)))
    }

    /// What the colours do in the last four runs.
    fn colours(&self) -> Option<Colours> {
        match self.runs {
            [(true, a), (false, _), (true, b), (false, _)] | [(false, _), (true, a), (false, _), (true, b)] => match (a, b) {
                (Some(x), Some(y)) if x != y => match self.flashes {
                    [Some(a), Some(b), Some(c), Some(d)] if a == c && b == d && a != b => Some(Colours::Flashes(a, b)),
                    _ => None,
                },
                _ => Some(Colours::One(a.or(b))),
            },
            [(true, a), (true, b), (true, c), (true, d)] if a == c && b == d => Some(Colours::Turns(a, b)),
            _ => None,
        }
    }

    fn is_told(&self, seen: Pattern, even: bool) -> bool {
        match (self.told, seen) {
            (Some(told @ Pattern::Rhythm { beat_us: before, .. }), Pattern::Rhythm { beat_us, colours, .. }) => {
                let percent = if even { ANOTHER_EVEN_PERCENT } else { ANOTHER_PERCENT };
                near(beat_us, before, percent) && told.goes_on_as(colours)
            }
            _ => false,
        }
    }

    /// Whether the newest edge is where the blink told last has one.
    fn fits_told(&self) -> bool {
        match self.told {
            Some(Pattern::Rhythm { beat_us, .. }) if self.deviation.is_none() => {
                near(self.edges[4] - self.edges[2], beat_us, ANOTHER_PERCENT)
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
            Some(Pattern::Rhythm { beat_us, colours: Colours::Turns(..), .. }) => {
                // Which of both colours is shown for longer is not kept: nearly a whole period covers either.
                beat_us.max(STEADY_BLINK_FLOOR_US)
            }
            Some(Pattern::Rhythm { beat_us, duty, .. }) => {
                let longer_half = beat_us as f64 * duty.max(1.0 - duty);
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

//! What a light can be said to do.

use crate::domain::observation::{Colour, LightPattern, LightShape};
use crate::domain::units::Hertz;

/// What the colours do in a rhythm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Colours {
    /// On and off in one colour, so far as it is known.
    One(Option<Colour>),
    /// One colour, then the other, without a gap.
    Turns(Option<Colour>, Option<Colour>),
    /// Flashes of two colours in turn, dark between them.
    Flashes(Colour, Colour),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pattern {
    Steady {
        lit: bool,
        colour: Option<Colour>,
    },
    /// `beat_us` is the time from an edge to the next but one.
    Rhythm {
        beat_us: u64,
        duty: f64,
        colours: Colours,
    },
    Unclear,
}

impl Pattern {
    pub(super) fn fact(self) -> LightPattern {
        let of = |shape| LightPattern { shape, hz: None, duty: None, colour: None, second: None };
        match self {
            Pattern::Steady { lit: false, .. } => of(LightShape::Off),
            Pattern::Steady { lit: true, colour } => LightPattern { colour, ..of(LightShape::Solid) },
            Pattern::Unclear => of(LightShape::Unclear),
            Pattern::Rhythm { beat_us, duty, colours: Colours::One(colour) } => {
                // As many digits as the measurement has.
                let duty = Some(((duty * 100.0).round() / 100.0) as f32);
                LightPattern { hz: hertz(beat_us), duty, colour, ..of(LightShape::Blink) }
            }
            Pattern::Rhythm { beat_us, colours: Colours::Turns(a, b), .. } => {
                LightPattern { hz: hertz(beat_us), ..alternating(a, b) }
            }
            Pattern::Rhythm { beat_us, colours: Colours::Flashes(a, b), .. } => {
                LightPattern { hz: hertz(beat_us.saturating_mul(2)), ..alternating(Some(a), Some(b)) }
            }
        }
    }

    /// Whether a rhythm newly seen is the one told before. A colour that could not be named says nothing against one that was.
    pub(super) fn goes_on_as(self, seen: Colours) -> bool {
        let Pattern::Rhythm { colours, .. } = self else { return false };
        match (colours, seen) {
            (Colours::One(told), Colours::One(seen)) => seen.is_none() || told == seen,
            (Colours::Turns(a, b), Colours::Turns(c, d)) => goes_on((a, b), (c, d)) || goes_on((a, b), (d, c)),
            (Colours::Flashes(a, b), Colours::Flashes(c, d)) => (a, b) == (c, d) || (a, b) == (d, c),
            _ => false,
        }
    }
}

fn goes_on(told: (Option<Colour>, Option<Colour>), seen: (Option<Colour>, Option<Colour>)) -> bool {
    (seen.0.is_none() || told.0 == seen.0) && (seen.1.is_none() || told.1 == seen.1)
}

fn hertz(period_us: u64) -> Option<Hertz> {
    Some(Hertz::new((1e8 / period_us.max(1) as f64).round() / 100.0))
}

/// Nobody can tell which of two colours is the first, so they stand in the order of their names' list, the unknown one last.
fn alternating(a: Option<Colour>, b: Option<Colour>) -> LightPattern {
    let (colour, second) = if a.is_none() || b.is_some_and(|b| a > Some(b)) { (b, a) } else { (a, b) };
    LightPattern { shape: LightShape::Alternating, hz: None, duty: None, colour, second }
}

//! What colour a lit light has, and when it becomes another.
//!
//! A colour is a direction from white: its hue. Real sensors see a little of every colour in each channel, which takes from the saturation
//! and leaves the hue. Noise must not make colours: a new one counts when the light has moved away from what it was, and has stayed there.

use crate::domain::observation::Colour;

/// Below this saturation a light is white (our choice: white lamps differ in warmth), above the next it has a hue, between them it has no name.
const WHITE_BELOW: f64 = 0.25;
const COLOURED_ABOVE: f64 = 0.35;
/// Hues in degrees: 0 red, 120 green, 240 blue. The primaries and their even mixtures by definition; amber (red with half of green: about what
/// #FFBF00 is in linear light) and purple (between violet lamps and magenta) are assumptions.
const HUES: [(Colour, f64); 7] = [
    (Colour::Red, 0.0),
    (Colour::Amber, 30.0),
    (Colour::Yellow, 60.0),
    (Colour::Green, 120.0),
    (Colour::Cyan, 180.0),
    (Colour::Blue, 240.0),
    (Colour::Purple, 290.0),
];
/// A hue nearer than this to the border between two names has none, in degrees.
const MARGIN_DEG: f64 = 2.5;
/// Share of full scale, all channels together, below which nothing is said of a colour.
const LEAST_STRENGTH: f64 = 0.03;
/// Two colours differ when their shares of the whole differ by this (amber and yellow: 0.17), at this strength or above. Weaker light has the
/// more noise in its shares, so it must differ by more.
const APART: f64 = 0.10;
const FULL_STRENGTH: f64 = 0.30;
/// Steps (of a millisecond) that another colour must stay to be one: the mixture of two colours while one fades into the other moves on.
const STAYS: u32 = 12;
/// Steps before the mean of a light is good for comparing, and before it is good for all time.
const FEW: u32 = 6;
const SETTLED: u32 = 256;

/// A channel of a colour sensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Primary {
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
}

/// The name of a colour from its red, green and blue parts (dark levels taken away, white = equal parts); `None` where it lies between two.
pub fn name(parts: [f64; 3]) -> Option<Colour> {
    let [r, g, b] = parts.map(|part| part.max(0.0));
    let total = r + g + b;
    if !(total.is_finite() && total > 0.0) {
        return None;
    }
    let saturation = 1.0 - 3.0 * r.min(g).min(b) / total;
    if saturation < WHITE_BELOW {
        return Some(Colour::White);
    }
    if saturation < COLOURED_ABOVE {
        return None;
    }
    // The angle in the triangle of the three parts around white.
    let hue = (3.0_f64.sqrt() * (g - b)).atan2(2.0 * r - g - b).to_degrees();
    let (mut best, mut next) = ((None, f64::INFINITY), f64::INFINITY);
    for (colour, at) in HUES {
        let far = ((hue - at + 540.0).rem_euclid(360.0) - 180.0).abs();
        if far < best.1 {
            next = best.1;
            best = (Some(colour), far);
        } else {
            next = next.min(far);
        }
    }
    best.0.filter(|_| next - best.1 >= 2.0 * MARGIN_DEG)
}

/// A sum of steps that belong together.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sums: [f64; 3],
    steps: u32,
}

impl Mean {
    fn add(&mut self, parts: [f64; 3]) {
        for (sum, part) in self.sums.iter_mut().zip(parts) {
            *sum += part;
        }
        self.steps += 1;
    }

    /// How far the shares of `parts` are from this mean's, and whether that is another colour.
    fn differs(&self, parts: [f64; 3]) -> bool {
        let (strength, whole) = (parts.iter().sum::<f64>(), self.sums.iter().sum::<f64>());
        let square = |(part, sum): (&f64, &f64)| (part / strength - sum / whole).powi(2);
        let far = parts.iter().zip(&self.sums).map(square).sum::<f64>().sqrt();
        far > APART * (FULL_STRENGTH / strength).max(1.0)
    }
}

/// What a step told of the colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Told {
    /// Nothing new.
    Nothing,
    /// The mean is good now.
    Settled,
    /// The light became another at `at_us`; `before` is what it was.
    Changed { at_us: u64, before: Option<Colour> },
}

/// The colour of a light since it was lit, or since it became another.
#[derive(Clone, Debug, Default)]
pub(super) struct ColourRun {
    mean: Mean,
    /// The last step that was like the mean.
    near_us: u64,
    /// Another colour: since when, and what.
    other: Option<(u64, Mean)>,
}

impl ColourRun {
    /// Its name so far.
    pub(super) fn name(&self) -> Option<Colour> {
        if self.mean.steps < FEW { None } else { name(self.mean.sums) }
    }

    /// Takes a step of a lit light.
    pub(super) fn see(&mut self, at_us: u64, parts: [f64; 3]) -> Told {
        if parts.iter().sum::<f64>() < LEAST_STRENGTH {
            return Told::Nothing;
        }
        if self.mean.steps < FEW || !self.mean.differs(parts) {
            self.near_us = at_us;
            self.other = None;
            if self.mean.steps == SETTLED {
                return Told::Nothing;
            }
            self.mean.add(parts);
            return if self.mean.steps == SETTLED { Told::Settled } else { Told::Nothing };
        }
        let (since_us, mut mean) = self.other.filter(|(_, other)| !other.differs(parts)).unwrap_or((at_us, Mean::default()));
        mean.add(parts);
        self.other = Some((since_us, mean));
        if mean.steps < STAYS {
            return Told::Nothing;
        }
        let (before, at_us) = (self.name(), u64::midpoint(self.near_us, since_us));
        *self = Self { mean, near_us: at_us, other: None };
        // The same name again: the light has grown paler, or its surroundings brighter.
        if self.name() == before { Told::Nothing } else { Told::Changed { at_us, before } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pure_and_pale_colours_have_their_names() {
        let cases = [
            ([1.0, 0.0, 0.0], Some(Colour::Red)),
            ([1.0, 0.6, 0.0], Some(Colour::Amber)),
            ([1.0, 1.0, 0.0], Some(Colour::Yellow)),
            ([0.0, 1.0, 0.0], Some(Colour::Green)),
            ([0.0, 1.0, 1.0], Some(Colour::Cyan)),
            ([0.0, 0.0, 1.0], Some(Colour::Blue)),
            ([0.6, 0.0, 1.0], Some(Colour::Purple)),
            ([1.0, 1.0, 1.0], Some(Colour::White)),
            ([1.0, 0.9, 0.75], Some(Colour::White)),
            // Lamps through overlapping filters.
            ([0.80, 0.13, 0.07], Some(Colour::Red)),
            ([0.2, 0.9, 0.3], Some(Colour::Green)),
            ([1.0, 0.5, 0.5], None),
            ([1.0, 0.20, 0.0], Some(Colour::Red)),
            ([1.0, 0.27, 0.0], None),
            ([0.0, 0.0, 0.0], None),
        ];
        for (parts, expected) in cases {
            assert_eq!(name(parts), expected, "{parts:?}");
        }
    }

    #[test]
    fn a_fade_from_red_to_green_is_one_change_and_has_no_colour_between() {
        let mut run = ColourRun::default();
        let mut told = Vec::new();
        for ms in 0..600_u64 {
            let green = (ms as f64 - 300.0).clamp(0.0, 18.0) / 18.0;
            told.push(run.see(ms * 1000, [0.4 * (1.0 - green), 0.4 * green, 0.0]));
        }
        let changes: Vec<_> = told.into_iter().filter(|told| !matches!(told, Told::Nothing | Told::Settled)).collect();
        let [Told::Changed { at_us, before: Some(Colour::Red) }] = changes[..] else { panic!("{changes:?}") };
        assert!(at_us.abs_diff(309_000) <= 1000, "{at_us}");
        assert_eq!(run.name(), Some(Colour::Green));
    }

    proptest! {
        #[test]
        fn strength_never_changes_a_name(parts in prop::array::uniform3(0.0_f64..1.0), times in 0.01_f64..100.0) {
            prop_assume!(parts.iter().sum::<f64>() > 0.1);
            let (one, other) = (name(parts), name(parts.map(|part| part * times)));
            // Rounding may move a light that lies on a border by a hair; to another name never.
            prop_assert!(one == other || one.is_none() || other.is_none());
        }
    }
}

//! States that last: the light's pattern, the supply, the stage of the boot.

use super::labels::SMALL;
use super::short;
use super::{LEFT, RIGHT, Time};
use crate::analysis::timeline::Timeline;
use crate::domain::observation::{BootStage, LightPattern, LightShape, Observation, PowerState};
use crate::report::chart::canvas::{Anchor, Canvas, GRID, INK, MUTED, PLATE, Point, text_width};
use crate::report::chart::sheet::{BLUE, ON_LIGHT, ORANGE, VERMILION};
use crate::report::words::stage_word;

/// Height of a lane of states.
pub const HEIGHT: f64 = 24.0;

/// A state and the seconds from which to which it lasted.
#[derive(Clone, Debug, PartialEq)]
pub struct Band<T> {
    pub from_s: f64,
    pub to_s: f64,
    pub state: T,
}

/// The states that `state` finds in the moments of a timeline; what was told before its beginning lasts into it.
pub fn bands<T>(line: &Timeline, state: impl Fn(&Observation) -> Option<T>) -> Vec<Band<T>> {
    let mut bands: Vec<Band<T>> = Vec::new();
    for moment in &line.moments {
        let Some(state) = state(&moment.observation) else { continue };
        let at_s = moment.at_s.clamp(line.from_s, line.to_s);
        if let Some(last) = bands.last_mut() {
            last.to_s = at_s;
        }
        bands.push(Band { from_s: at_s, to_s: line.to_s, state });
    }
    bands.retain(|band| band.to_s > band.from_s);
    bands
}

/// The light: dark is a line, lit is full, a rhythm is upright stripes, two colours in turn are stripes of two heights, no rhythm is hatched.
pub fn light(canvas: &mut Canvas<'_>, bands: &[Band<LightPattern>], time: Time, y: f64) {
    for band in bands {
        let (from, to) = ((time.x(band.from_s), y), (time.x(band.to_s), y + HEIGHT));
        match band.state.shape {
            LightShape::Off => canvas.line(&[(from.0, to.1 - 1.0), (to.0, to.1 - 1.0)], MUTED, 2.0),
            LightShape::Solid => canvas.rect(from, to, ORANGE, 1.0),
            LightShape::Blink => stripes(canvas, from, to, [0.0, 0.0]),
            LightShape::Alternating => stripes(canvas, from, to, [0.0, 0.5]),
            LightShape::Unclear => canvas.hatch(from, to, 6.0, MUTED),
        }
        canvas.line(&[(from.0, y), (from.0, to.1)], INK, 0.75);
        let ink = if band.state.shape == LightShape::Solid { ON_LIGHT } else { INK };
        let plate = matches!(band.state.shape, LightShape::Blink | LightShape::Alternating | LightShape::Unclear);
        words(canvas, &short::light(&band.state), (from, to), ink, plate);
    }
}

/// Upright stripes that begin at these shares of the height in turn, as the teeth of one comb; never so many that the drawing grows.
fn stripes(canvas: &mut Canvas<'_>, from: Point, to: Point, tops: [f64; 2]) {
    let step = ((to.0 - from.0) / 40.0).max(7.0);
    let mut comb = Vec::new();
    let mut x = from.0;
    while x < to.0 {
        let (end, top) = ((x + 0.5 * step).min(to.0), from.1 + tops[comb.len() / 4 % 2] * HEIGHT);
        comb.extend([(x, to.1), (x, top), (end, top), (end, to.1)]);
        x += step;
    }
    canvas.area(&comb, ORANGE, 1.0);
}

/// The supply by its decoded state: on is full, sagging is hatched, too high is darker, off is a line.
pub fn power(canvas: &mut Canvas<'_>, bands: &[Band<PowerState>], time: Time, y: f64) {
    for band in bands {
        let (from, to) = ((time.x(band.from_s), y), (time.x(band.to_s), y + HEIGHT));
        let word = match band.state {
            PowerState::Off => {
                canvas.line(&[(from.0, to.1 - 1.0), (to.0, to.1 - 1.0)], MUTED, 2.0);
                "off"
            }
            PowerState::On => {
                canvas.rect(from, to, BLUE, 0.25);
                "on"
            }
            PowerState::Sagging => {
                canvas.hatch(from, to, 5.0, VERMILION);
                "sagging"
            }
            PowerState::OverVoltage => {
                canvas.rect(from, to, VERMILION, 0.6);
                "too high"
            }
        };
        canvas.line(&[(from.0, y), (from.0, to.1)], INK, 0.75);
        words(canvas, word, (from, to), INK, band.state == PowerState::Sagging);
    }
}

/// The stages of boots as stairs: the higher, the further.
pub fn boots(canvas: &mut Canvas<'_>, bands: &[Band<(u32, BootStage)>], time: Time, y: f64) {
    let base = y + HEIGHT;
    canvas.line(&[(LEFT, base), (RIGHT, base)], GRID, 0.75);
    for band in bands {
        let (boot, stage) = band.state;
        let share = match stage {
            BootStage::Bootloader => 0.25,
            BootStage::Kernel => 0.5,
            BootStage::Userland => 0.75,
            BootStage::Application => 1.0,
        };
        let (from, to) = ((time.x(band.from_s), base - share * HEIGHT), (time.x(band.to_s), base));
        canvas.rect(from, to, BLUE, 0.3);
        canvas.line(&[(from.0, base), from, (to.0, from.1)], BLUE, 1.25);
        words(canvas, &format!("boot {boot}: {}", stage_word(stage)), ((from.0, y), to), INK, false);
    }
}

/// Words within a band, where it has room for them.
fn words(canvas: &mut Canvas<'_>, text: &str, (from, to): (Point, Point), ink: plotters::prelude::RGBColor, plate: bool) {
    let width = text_width(text, SMALL);
    if width + 8.0 > to.0 - from.0 {
        return;
    }
    let middle = 0.5 * (from.1 + to.1);
    if plate {
        canvas.rect((from.0 + 3.0, middle - 7.0), (from.0 + 7.0 + width, middle + 7.0), PLATE, 1.0);
    }
    canvas.text(text, (from.0 + 5.0, middle), SMALL, ink, Anchor::MiddleLeft);
}

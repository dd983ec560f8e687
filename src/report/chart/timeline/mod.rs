//! slot-N-attempt-M.svg: what was done to the camera in one trial, what its sensors told, and when.

mod bands;
mod labels;
mod lanes;
mod outline;
mod short;

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, fitted};
use super::sheet::{HEAD, LABEL, SIDE, sheet};
use crate::analysis::evidence::TrialEvidence;
use crate::analysis::timeline::{Timeline, Zero};
use crate::domain::profile::Profile;
use crate::report::words::number;
use lanes::{Lane, lanes};
use short::stimulus;

/// Width of the whole, and the plotting area.
const WIDTH: f64 = 920.0;
const LEFT: f64 = 132.0;
const RIGHT: f64 = WIDTH - 62.0;

/// Space between lanes.
const GAP: f64 = 9.0;

/// The time axis on the sheet.
#[derive(Clone, Copy)]
struct Time(Axis);

impl Time {
    /// Where a moment lies; at the edge for moments outside.
    fn x(self, at_s: f64) -> f64 {
        LEFT + self.0.share(at_s).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    fn shows(self, at_s: f64) -> bool {
        (0.0..=1.0).contains(&self.0.share(at_s))
    }
}

/// The heading and the drawing of a trial; `None` where it has no timeline.
pub fn timeline(profile: &Profile, trial: &TrialEvidence) -> Option<(String, Vec<u8>)> {
    let line = trial.timeline.as_ref()?;
    let time = Time(Axis { lo: line.from_s, hi: line.to_s });
    let lanes = lanes(profile, trial, line, time);
    let slot = &trial.started.slot;
    let verdict = trial.diagnosis.verdict.name().replace('_', " ");
    let volts = slot.condition.supply_v.map_or(String::new(), |volts| format!(" at {volts}"));
    let (adapter, what) = (&slot.condition.adapter, stimulus(&slot.condition.stimulus));
    let title = format!("Slot {}, attempt {}: {adapter}{volts}, {what}: {verdict}", slot.id, trial.started.attempt);
    let body: f64 = 24.0 + lanes.iter().map(|lane| lane.height + GAP).sum::<f64>() + 44.0;
    let svg = sheet(&title, WIDTH, body, &notes(line), |canvas| {
        if let Some(reason) = trial.diagnosis.reasons.first() {
            canvas.text(&fitted(reason, LABEL, WIDTH - 2.0 * SIDE), (SIDE, HEAD - 4.0), LABEL, MUTED, Anchor::TopLeft);
        }
        draw(canvas, line, &lanes, time);
    });
    Some((title, svg))
}

fn draw(canvas: &mut Canvas<'_>, line: &Timeline, lanes: &[Lane<'_>], time: Time) {
    let top = HEAD + 24.0;
    let base = top + lanes.iter().map(|lane| lane.height + GAP).sum::<f64>();
    for value in time.0.ticks(12) {
        canvas.line(&[(time.x(value), top), (time.x(value), base + 4.0)], GRID, 0.5);
        canvas.text(&number(value), (time.x(value), base + 8.0), LABEL, MUTED, Anchor::TopCentre);
    }
    canvas.line(&[(LEFT, base), (RIGHT, base)], MUTED, 1.0);
    canvas.text(axis_words(line), (0.5 * (LEFT + RIGHT), base + 24.0), LABEL, MUTED, Anchor::TopCentre);
    if time.shows(0.0) {
        canvas.dashes((time.x(0.0), top), (time.x(0.0), base), MUTED);
    }
    let mut y = top;
    for lane in lanes {
        canvas.text(&fitted(lane.name, LABEL, LEFT - 12.0 - SIDE), (SIDE, y + 1.0), LABEL, INK, Anchor::TopLeft);
        if !lane.below.is_empty() {
            canvas.text(&fitted(&lane.below, 10.0, LEFT - 8.0 - SIDE), (SIDE, y + 15.0), 10.0, MUTED, Anchor::TopLeft);
        }
        lane.draw(canvas, time, y);
        y += lane.height + GAP;
    }
}

fn axis_words(line: &Timeline) -> &'static str {
    match line.zero {
        Zero::Coil => "seconds from the press",
        Zero::Stimulus => "seconds from where a press would have begun",
        Zero::PowerOn => "seconds from power-on",
    }
}

fn notes(line: &Timeline) -> String {
    let mut said = match (line.zero, line.power_on_s) {
        (Zero::PowerOn, _) => vec!["The button was never pressed.".to_owned()],
        (_, Some(power)) if power < line.from_s => {
            vec![format!("The supply was switched on {} s before the press.", number(-power))]
        }
        _ => Vec::new(),
    };
    said.push("Filled marks decided the verdict, a filled triangle spoke against it, hollow ones did neither.".to_owned());
    if line.traces.is_empty() {
        said.push("No raw readings of this trial were kept: the states are those that the decoders told.".to_owned());
    }
    said.join(" ")
}

#[cfg(test)]
mod tests;

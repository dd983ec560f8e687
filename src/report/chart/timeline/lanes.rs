//! The lanes of a timeline: what was done to the button, then a lane for each sense that told anything.

use super::bands::{self, Band, bands};
use super::labels::{BESIDE, Place, SMALL, place, rows};
use super::outline::outline;
use super::{LEFT, RIGHT, Time, short};
use crate::analysis::evidence::TrialEvidence;
use crate::analysis::timeline::{COLUMNS, Envelope, Timeline, Zero};
use crate::domain::observation::{BootStage, LightPattern, Observation, PowerState};
use crate::domain::profile::Profile;
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Anchor, Canvas, GRID, INK, MUTED, Mark, PLATE, fitted, text_width};
use crate::report::chart::sheet::{BLUE, GREEN, LABEL, ORANGE, VERMILION};
use crate::report::words::number;
use plotters::prelude::RGBColor;

/// Height of a lane with a trace.
const TRACE: f64 = 62.0;
/// Height of the lane of the button: a bar for the order, one for the coil, and words.
const PRESS: f64 = 36.0;
/// Height of a row of marks, and of a row of words below.
const MARKS: f64 = 14.0;
const WORDS: f64 = 13.0;
/// The widest word of a mark.
const WIDEST: f64 = 200.0;
/// Marks nearer than this many pixels are one.
const NEAR: f64 = 5.0;

/// A lane with its name.
pub struct Lane<'a> {
    pub name: &'static str,
    /// What stands below the name.
    pub below: String,
    pub height: f64,
    content: Content<'a>,
}

enum Content<'a> {
    Button(&'a Timeline),
    Light(Vec<Band<LightPattern>>),
    Power(Vec<Band<PowerState>>),
    Boots(Vec<Band<(u32, BootStage)>>),
    Trace { envelope: &'a Envelope, line: &'a Timeline, axis: Axis, bounds: Vec<f64>, colour: RGBColor },
    Marks(Vec<Told>),
}

/// A mark with its words.
struct Told {
    at_s: f64,
    mark: Mark,
    filled: bool,
    text: String,
    place: Option<Place>,
}

/// The lanes of a trial, empty ones left out.
pub fn lanes<'a>(profile: &Profile, trial: &TrialEvidence, line: &'a Timeline, time: Time) -> Vec<Lane<'a>> {
    let mut lanes = Vec::new();
    let mut add = |name, below: String, height, content| lanes.push(Lane { name, below, height, content });
    if line.zero != Zero::PowerOn {
        let below = if line.zero == Zero::Coil { "ordered, coil" } else { "" };
        add("button", below.to_owned(), PRESS, Content::Button(line));
    }
    let light = bands(line, |seen| if let Observation::Light(pattern) = seen { Some(*pattern) } else { None });
    if !light.is_empty() {
        add("light", String::new(), bands::HEIGHT, Content::Light(light));
    }
    if let Some(envelope) = trace(line, "light") {
        let content = Content::Trace { envelope, line, axis: range(envelope, &[0.0], 0.25), bounds: vec![], colour: ORANGE };
        add("brightness", "as recorded".to_owned(), TRACE, content);
    }
    let supply = &profile.supply;
    let power = bands(line, |seen| if let Observation::Power { state } = seen { Some(*state) } else { None });
    let lowest = line.plug_v_min.map_or(String::new(), |volts| format!("lowest {volts:.2} V"));
    if let Some(envelope) = trace(line, "plug_v") {
        let bounds = vec![supply.min_v.get(), supply.max_v.get()];
        let axis = range(envelope, &bounds, 0.5);
        let below = if lowest.is_empty() { "as recorded".to_owned() } else { lowest };
        add("plug voltage (V)", below, TRACE, Content::Trace { envelope, line, axis, bounds, colour: BLUE });
    } else if !power.is_empty() {
        add("supply at the plug", lowest, bands::HEIGHT, Content::Power(power));
    }
    let highest = line.plug_a_max.map_or(String::new(), |amps| format!("highest {amps:.2} A"));
    if let Some(envelope) = trace(line, "plug_a") {
        let content = Content::Trace { envelope, line, axis: range(envelope, &[0.0], 0.2), bounds: vec![], colour: GREEN };
        add("plug current (A)", if highest.is_empty() { "as recorded".to_owned() } else { highest }, TRACE, content);
    }
    let boots = bands(line, |seen| if let Observation::Boot { boot, stage } = seen { Some((*boot, *stage)) } else { None });
    if !boots.is_empty() {
        add("boot stages", String::new(), bands::HEIGHT, Content::Boots(boots));
    }
    type Words = fn(&Observation) -> Option<String>;
    let marks: [(&str, Words); 4] =
        [("current events", short::current), ("console", short::console), ("sound, motor", short::sound), ("signs", short::sign)];
    for (name, words) in marks {
        let told = told(trial, line, time, words);
        if !told.is_empty() {
            let places: Vec<Option<Place>> = told.iter().map(|told| told.place).collect();
            let silent = places.iter().filter(|place| place.is_none()).count();
            let below = if silent > 0 { format!("{silent} without words") } else { String::new() };
            let height = (MARKS + WORDS * rows(&places) as f64).max(if silent > 0 { 28.0 } else { 0.0 });
            add(name, below, height, Content::Marks(told));
        }
    }
    lanes
}

fn trace<'a>(line: &'a Timeline, channel: &str) -> Option<&'a Envelope> {
    line.traces.iter().find(|envelope| envelope.channel == channel)
}

/// An axis over a trace, and over those bounds that are not far from it.
fn range(envelope: &Envelope, bounds: &[f64], least: f64) -> Axis {
    let read = || envelope.columns.iter().flatten().flat_map(|(lo, hi)| [f64::from(*lo), f64::from(*hi)]);
    let (lo, hi) = read().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
    let near = bounds.iter().copied().filter(|bound| *bound > lo - 1.0 && *bound < hi + 1.0);
    Axis::over(read().chain(near), least)
}

/// The marks of a lane. What was told at nearly the same time shares a mark, so that its words are not lost.
fn told(trial: &TrialEvidence, line: &Timeline, time: Time, words: fn(&Observation) -> Option<String>) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for moment in line.moments.iter().filter(|moment| time.shows(moment.at_s)) {
        let Some(text) = words(&moment.observation) else { continue };
        let against = trial.diagnosis.against.contains(&moment.seq);
        let filled = against || trial.diagnosis.decided_by.contains(&moment.seq);
        let mark = if against { Mark::Triangle } else { Mark::Circle };
        match told.last_mut() {
            Some(last) if time.x(moment.at_s) - time.x(last.at_s) < NEAR && last.mark == mark && last.filled == filled => {
                last.text = joined(&last.text, &text);
            }
            _ => told.push(Told { at_s: moment.at_s, mark, filled, text, place: None }),
        }
    }
    for told in &mut told {
        told.text = fitted(&told.text, SMALL, WIDEST);
    }
    let marks: Vec<(f64, &str)> = told.iter().map(|told| (time.x(told.at_s), told.text.as_str())).collect();
    let places = place(&marks, (LEFT, RIGHT));
    for (told, place) in told.iter_mut().zip(places) {
        told.place = place;
    }
    told
}

/// Two texts as one: "wifi wiped" and "motion wiped" are "wifi, motion wiped".
fn joined(one: &str, other: &str) -> String {
    let (Some((first, end)), Some((_, same))) = (one.rsplit_once(' '), other.rsplit_once(' ')) else {
        return format!("{one}, {other}");
    };
    if end == same { format!("{first}, {other}") } else { format!("{one}, {other}") }
}

impl Lane<'_> {
    /// Draws the lane from `y` on.
    pub fn draw(&self, canvas: &mut Canvas<'_>, time: Time, y: f64) {
        match &self.content {
            Content::Button(line) => button(canvas, line, time, y),
            Content::Light(found) => bands::light(canvas, found, time, y),
            Content::Power(found) => bands::power(canvas, found, time, y),
            Content::Boots(found) => bands::boots(canvas, found, time, y),
            Content::Trace { envelope, line, axis, bounds, colour } => {
                samples(canvas, (envelope, line), (time, *axis), bounds, *colour, y);
            }
            Content::Marks(told) => told.iter().for_each(|told| mark(canvas, told, time, y)),
        }
    }
}

/// The order as a hollow bar, the coil's current as a full one, and both in words beside them.
fn button(canvas: &mut Canvas<'_>, line: &Timeline, time: Time, y: f64) {
    let mut ends = vec![time.x(0.0)];
    let mut words = Vec::new();
    if let Some((from, to)) = line.commanded {
        let (from_x, to_x) = (time.x(from), time.x(to).max(time.x(from) + 2.0));
        canvas.frame((from_x, y + 2.0), (to_x, y + 13.0), INK, 1.25);
        ends.push(to_x);
        words.push(format!("ordered {} s", number(to - from)));
    }
    let coil = bands(line, |seen| if let Observation::Coil { energised, .. } = seen { Some(*energised) } else { None });
    for band in coil.iter().filter(|band| band.state) {
        let (from_x, to_x) = (time.x(band.from_s), time.x(band.to_s).max(time.x(band.from_s) + 2.0));
        canvas.rect((from_x, y + 17.0), (to_x, y + 30.0), VERMILION, 1.0);
        ends.push(to_x);
    }
    match line.hold {
        Some((hold, Some(u))) => words.push(format!("measured {hold:.2} s, uncertain by {u:.3} s")),
        Some((hold, None)) => words.push(format!("measured {hold:.2} s")),
        None if line.zero == Zero::Stimulus => words.push("nothing was pressed".to_owned()),
        None => words.push("hold not measured".to_owned()),
    }
    let text = words.join(", ");
    let right = ends.into_iter().fold(LEFT, f64::max) + 8.0;
    let width = text_width(&text, LABEL);
    // Beside the bars where there is room, else on a plate over their right end.
    let x = right.min(RIGHT - width);
    if x < right {
        canvas.rect((x - 4.0, y + 9.0), (RIGHT, y + 25.0), PLATE, 1.0);
    }
    canvas.text(&text, (x, y + 17.0), LABEL, INK, Anchor::MiddleLeft);
}

fn samples(
    canvas: &mut Canvas<'_>,
    (envelope, line): (&Envelope, &Timeline),
    (time, axis): (Time, Axis),
    bounds: &[f64],
    colour: RGBColor,
    y: f64,
) {
    let at = |value: f64| y + (1.0 - axis.share(value)) * TRACE;
    for value in axis.ticks(3) {
        canvas.line(&[(LEFT, at(value)), (RIGHT, at(value))], GRID, 0.5);
        if (y + 4.0..=y + TRACE - 4.0).contains(&at(value)) {
            canvas.text(&number(value), (RIGHT + 6.0, at(value)), SMALL, MUTED, Anchor::MiddleLeft);
        }
    }
    let width = (line.to_s - line.from_s) / COLUMNS as f64;
    let column = |(index, column): (usize, &Option<(f32, f32)>)| {
        let (lo, hi) = (*column)?;
        Some((time.x(line.from_s + width * (index as f64 + 0.5)), at(f64::from(hi)), at(f64::from(lo))))
    };
    let columns: Vec<_> = envelope.columns.iter().enumerate().map(column).collect();
    outline(&columns).iter().for_each(|area| canvas.area(area, colour, 1.0));
    let bounds = bounds.iter().filter(|bound| (0.0..=1.0).contains(&axis.share(**bound)));
    bounds.for_each(|bound| canvas.dashes((LEFT, at(*bound)), (RIGHT, at(*bound)), INK));
}

fn mark(canvas: &mut Canvas<'_>, told: &Told, time: Time, y: f64) {
    let centre = (time.x(told.at_s), y + 6.0);
    if let Some(place) = told.place {
        let top = y + MARKS + WORDS * place.row as f64;
        let (x, end, anchor) = match (place.before, place.row) {
            (true, _) => (place.right, top + 10.0, Anchor::TopRight),
            (false, 0) => (place.left, top - 1.0, Anchor::TopLeft),
            (false, _) => (place.left + BESIDE, top + 10.0, Anchor::TopLeft),
        };
        canvas.line(&[(centre.0, centre.1 + 4.0), (centre.0, end)], MUTED, 0.75);
        canvas.text(&told.text, (x, top), SMALL, INK, anchor);
    }
    match (told.mark, told.filled) {
        (Mark::Circle, false) => canvas.ring(centre, 3.6, INK),
        (Mark::Circle, true) => canvas.disc(centre, 4.4, VERMILION),
        (other, _) => canvas.mark(other, centre, 3.8, VERMILION, INK),
    }
}

//! holds-by-trial.svg and precision.svg: how an adaptive run came to know its holds, and what more bench time would tell.

use super::axis::{Axis, HoldAxis};
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, Mark, PLATE, Point, fitted, shortened};
use super::panels::group_titles;
use super::sheet::{Frame, Grid, LABEL, MOST, PALETTE, not_drawn, sheet};
use crate::analysis::Analysis;
use crate::analysis::course::{Course, Look, Path};
use crate::report::words::{number, percent, target};
use plotters::prelude::RGBColor;

const LEFT: f64 = 58.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 42.0;
const BOTTOM: f64 = 44.0;
/// Of more presses than this, every second, third and so on is drawn.
const DRAWN: usize = 150;
/// Half widths that the axis of precision may end at.
const WIDEST: [f64; 4] = [0.25, 0.5, 1.0, 2.0];
/// A projection goes at most so much further than the run went.
const FURTHER: f64 = 2.0;

/// The plotting area of a panel.
struct Area {
    left: f64,
    right: f64,
    top: f64,
    base: f64,
}

impl Area {
    fn of(frame: Frame) -> Self {
        let (right, base) = (frame.x + frame.width - RIGHT, frame.y + frame.height - BOTTOM);
        Self { left: frame.x + LEFT, right, top: frame.y + TOP, base }
    }

    fn x(&self, share: f64) -> f64 {
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn y(&self, share: f64) -> f64 {
        self.base - share.clamp(0.0, 1.0) * (self.base - self.top)
    }

    /// Title, finding, and an axis of whole numbers from left to right.
    fn head(&self, canvas: &mut Canvas<'_>, (title, finding): (&str, &str), axis: Axis, label: &str) {
        let room = self.right - self.left;
        canvas.text(&shortened(title, 13.0, room), (self.left, self.top - 38.0), 13.0, INK, Anchor::TopLeft);
        canvas.text(&fitted(finding, LABEL, room), (self.left, self.top - 20.0), LABEL, MUTED, Anchor::TopLeft);
        for tick in axis.ticks(5).into_iter().filter(|tick| (0.0..=1.0).contains(&axis.share(*tick))) {
            let x = self.x(axis.share(tick));
            canvas.line(&[(x, self.base), (x, self.base + 4.0)], MUTED, 0.75);
            canvas.text(&number(tick), (x, self.base + 9.0), LABEL, MUTED, Anchor::TopCentre);
        }
        canvas.line(&[(self.left, self.base), (self.right, self.base)], MUTED, 1.0);
        canvas.text(label, (0.5 * (self.left + self.right), self.base + 25.0), LABEL, MUTED, Anchor::TopCentre);
    }

    /// A guide from left to right with its label.
    fn level(&self, canvas: &mut Canvas<'_>, share: f64, label: &str) {
        let y = self.y(share);
        canvas.line(&[(self.left, y), (self.right, y)], GRID, 0.75);
        canvas.text(label, (self.left - 6.0, y), LABEL, MUTED, Anchor::MiddleRight);
    }
}

/// The groups of an adaptive run with their titles.
fn paths(analysis: &Analysis) -> Option<(&Course, Vec<(String, &Path)>)> {
    let course = analysis.course()?;
    let titles = group_titles(analysis).into_iter();
    let paths: Vec<_> = titles.filter_map(|(group, title)| Some((title, course.paths.get(&group)?))).collect();
    paths.iter().any(|(_, path)| !path.looks.is_empty()).then_some((course, paths))
}

fn title(analysis: &Analysis, what: &str) -> String {
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    format!("{what}: {name}")
}

/// Each press at its hold, and where the hold that is asked for was believed to lie after it; `None` for designs that are not adaptive.
pub fn holds_by_trial(analysis: &Analysis) -> Option<Vec<u8>> {
    let (course, all) = paths(analysis)?;
    let (shown, hidden) = all.split_at(all.len().min(MOST));
    let looks = || shown.iter().flat_map(|(_, path)| &path.looks);
    let holds = HoldAxis::over(looks().map(|look| look.hold_s));
    let most = shown.iter().map(|(_, path)| path.looks.len()).max().unwrap_or(1);
    let trials = Axis { lo: 0.0, hi: most as f64 + 1.0 };
    let grid = Grid::of(shown.len(), (260.0, 230.0));
    let notes = format!(
        "Each mark is a press, in the order in which they were made: a full disc reset, an open ring did not; on a square chance chose the hold, to \
         guard against the model. Band: where the {} was believed to lie after that press (95 %), with its median as a line.{}",
        target(&course.target),
        not_drawn(hidden.len(), "panels", "trials.csv")
    );
    Some(sheet(&title(analysis, "How the holds were found"), grid.width(), grid.height(), &notes, |canvas| {
        for (index, (title, path)) in shown.iter().enumerate() {
            let area = Area::of(grid.frame(index));
            let finding = format!("{} presses", path.looks.len());
            area.head(canvas, (title, &finding), trials, "press");
            for hold in holds.ticks(&[], area.base - area.top, |_| LABEL + 6.0) {
                area.level(canvas, holds.share(hold), &format!("{} s", number(hold)));
            }
            draw_holds(canvas, path, &area, (trials, holds), PALETTE[index % PALETTE.len()]);
        }
    }))
}

/// Presses with their numbers, thinned where they are many.
fn thinned(looks: &[Look]) -> impl DoubleEndedIterator<Item = (f64, &Look)> + Clone {
    let every = looks.len().div_ceil(DRAWN).max(1);
    looks.iter().enumerate().filter(move |(index, _)| index % every == 0).map(|(index, look)| (index as f64 + 1.0, look))
}

fn draw_holds(canvas: &mut Canvas<'_>, path: &Path, area: &Area, (trials, holds): (Axis, HoldAxis), colour: RGBColor) {
    let looks = thinned(&path.looks);
    let at = |trial: f64, hold: f64| -> Point {
        // What has no end goes to the edge.
        let share = if hold <= 0.0 {
            0.0
        } else if hold.is_finite() {
            holds.share(hold)
        } else {
            1.0
        };
        (area.x(trials.share(trial)), area.y(share))
    };
    let upper = looks.clone().map(|(trial, look)| at(trial, look.believed.2));
    let lower = looks.clone().rev().map(|(trial, look)| at(trial, look.believed.1));
    let band: Vec<Point> = upper.chain(lower).collect();
    if band.len() > 2 {
        canvas.area(&band, colour, 0.18);
    }
    let median: Vec<Point> = looks.clone().map(|(trial, look)| at(trial, look.believed.0)).collect();
    canvas.line(&median, colour, 1.5);
    let radius = (0.3 * (area.right - area.left) / (trials.hi - trials.lo)).clamp(1.3, 3.2);
    for (trial, look) in looks {
        let place = at(trial, look.hold_s);
        match (look.probe, look.reset) {
            (true, reset) => canvas.mark(Mark::Square, place, radius + 0.6, if reset { colour } else { PLATE }, INK),
            (false, true) => canvas.dot(place, radius, colour, INK),
            (false, false) => canvas.dot(place, radius, PLATE, INK),
        }
    }
}

/// Half width of the interval over bench minutes, and how long it would still take; `None` for designs that are not adaptive.
pub fn precision(analysis: &Analysis) -> Option<Vec<u8>> {
    let (course, all) = paths(analysis)?;
    let (shown, hidden) = all.split_at(all.len().min(MOST));
    let spent = |path: &Path| path.looks.last().map_or(0.0, |look| look.minutes);
    let longest = shown.iter().map(|(_, path)| spent(path)).fold(1.0, f64::max);
    let needs = |path: &Path| still_needed(path, course.goal?);
    let end = shown.iter().filter_map(|(_, path)| needs(path)).fold(longest, f64::max).min(FURTHER * longest);
    let minutes = Axis { lo: 0.0, hi: 1.02 * end };
    let narrowest =
        shown.iter().filter_map(|(_, path)| path.looks.last()?.precision()).fold(course.goal.unwrap_or(0.1), f64::max);
    let widest = WIDEST.into_iter().find(|width| *width >= 2.0 * narrowest).unwrap_or(4.0);
    let widths = Axis { lo: 0.0, hi: widest };
    let grid = Grid::of(shown.len(), (250.0, 220.0));
    let goal = course.goal.map_or(String::new(), |goal| {
        format!(
            " Heavy line: the half width that the suite asks for, {}. Dashed: how it would go on if it narrowed with the square root of the time.",
            percent(goal)
        )
    });
    let notes = format!(
        "Half width of the 95 % interval of the {}, as a share of the estimate, after each press, over the bench time of this panel's trials; \
         presses on siblings narrow it too.{goal}{}",
        target(&course.target),
        not_drawn(hidden.len(), "panels", "trials.csv")
    );
    Some(sheet(&title(analysis, "How precisely the holds are known"), grid.width(), grid.height(), &notes, |canvas| {
        for (index, (title, path)) in shown.iter().enumerate() {
            let area = Area::of(grid.frame(index));
            area.head(canvas, (title, &finding(path, course.goal)), minutes, "bench minutes");
            for fifth in 0..=5 {
                let width = 0.2 * f64::from(fifth) * widest;
                area.level(canvas, widths.share(width), &format!("±{}", percent(width)));
            }
            draw_precision(canvas, path, &area, (minutes, widths, course.goal), PALETTE[index % PALETTE.len()]);
        }
    }))
}

/// Bench minutes at which the goal would be reached, where it is not.
fn still_needed(path: &Path, goal: f64) -> Option<f64> {
    let last = path.looks.last()?;
    let width = last.precision().filter(|width| *width > goal)?;
    Some(last.minutes * (width / goal).powi(2))
}

fn finding(path: &Path, goal: Option<f64>) -> String {
    let Some(last) = path.looks.last() else { return "no judged press".to_owned() };
    let minutes = number(last.minutes.round());
    match (last.precision(), goal) {
        (None, _) => format!("no end to the interval in {minutes} min"),
        (Some(width), Some(goal)) if width > goal => {
            let needs = still_needed(path, goal).unwrap_or(last.minutes);
            format!("±{} in {minutes} min; {} more to go", percent(width), number((needs - last.minutes).round()))
        }
        (Some(width), _) => format!("±{} in {minutes} min", percent(width)),
    }
}

fn draw_precision(
    canvas: &mut Canvas<'_>,
    path: &Path,
    area: &Area,
    (minutes, widths, goal): (Axis, Axis, Option<f64>),
    colour: RGBColor,
) {
    let at = |time: f64, width: f64| (area.x(minutes.share(time)), area.y(widths.share(width)));
    if let Some(goal) = goal {
        canvas.line(&[(area.left, at(0.0, goal).1), (area.right, at(0.0, goal).1)], INK, 1.5);
    }
    let known = |(_, look): (f64, &Look)| Some(at(look.minutes, look.precision()?));
    let line: Vec<Point> = thinned(&path.looks).filter_map(known).collect();
    canvas.line(&line, colour, 1.75);
    if let Some(end) = line.last() {
        canvas.dot(*end, 3.0, colour, INK);
    }
    let Some((goal, last)) = goal.zip(path.looks.last()) else { return };
    let Some((needs, width)) = still_needed(path, goal).zip(last.precision()) else { return };
    let steps: Vec<Point> = (0..=12)
        .map(|step| last.minutes + (needs.min(minutes.hi) - last.minutes) * f64::from(step) / 12.0)
        .map(|time| at(time, width * (last.minutes / time).sqrt()))
        .collect();
    steps.windows(2).for_each(|pair| canvas.dashes(pair[0], pair[1], colour));
}

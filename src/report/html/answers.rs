//! The answer in words, adapter by adapter. Every claim names what it rests on, and what cannot be said is said.

mod target;

use super::tied;
use crate::analysis::Analysis;
use crate::analysis::cells::{Cell, Tally};
use crate::analysis::group::{Group, Kind};
use crate::analysis::guide::HOLD_FROM;
use crate::analysis::power::Power;
use crate::analysis::stats::threshold::Status;
use crate::analysis::thresholds::{Response, Threshold};
use crate::domain::condition::Release;
use crate::domain::profile::{Effect, Profile};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Level, Verdict};
use crate::report::chart::group_titles;
use crate::report::words::{interval_s, level_meaning, number, percent, place, seconds};

/// Answers that are shown at once; the others can be unfolded.
pub(super) const SHOWN: usize = 16;
/// More answers than this are left to the tables.
const ANSWERS_MAX: usize = 64;

/// What is said of one group of presses.
pub(super) struct Answer {
    /// The adapter, and what tells it from its siblings.
    pub place: String,
    /// What it takes to reset, as the rest of a sentence.
    pub lead: String,
    /// What was seen.
    pub rest: Vec<String>,
}

/// One answer for each group of presses.
pub(super) fn answers(analysis: &Analysis) -> Vec<Answer> {
    let groups = group_titles(analysis).into_iter().map(|(group, _)| group);
    groups.take(ANSWERS_MAX).map(|group| answer(analysis, &group)).collect()
}

/// What is known of one group.
struct Known<'a> {
    analysis: &'a Analysis,
    group: &'a Group,
    cells: Vec<&'a Cell>,
    response: Option<&'a Response>,
    power: Option<&'a Power>,
}

fn answer(analysis: &Analysis, group: &Group) -> Answer {
    let same = |power: &&Power| {
        (&power.dut_serial, &power.adapter, power.supply_v) == (&group.dut_serial, &group.adapter, group.supply_v)
    };
    let known = Known {
        analysis,
        group,
        cells: analysis.cells.iter().filter(|cell| cell.key.group == *group).collect(),
        response: analysis.responses.iter().find(|response| response.group == *group),
        power: analysis.power.iter().find(same),
    };
    let mut rest = Vec::new();
    rest.extend(known.dead());
    rest.extend(known.seen());
    rest.extend(known.some_unnoticed());
    rest.extend(known.unsaid());
    rest.extend(known.left_out());
    rest.extend(controls(analysis, group));
    if known.all().1 > 0 {
        rest.push(format!("Evidence level: {}.", group.level.name()));
    }
    let clauses = [known.unnoticed(), Some(known.need()), known.target(), known.asked(), known.sag()];
    let lead = clauses.into_iter().flatten().collect::<Vec<_>>().join("; ") + ".";
    Answer {
        place: tied(&place_in_words(group, analysis.units())),
        lead: tied(&lead),
        rest: rest.iter().map(|sentence| tied(sentence)).collect(),
    }
}

/// "oem-5v1a at 4.6 V, pressed 20 s after power-on and let go at a change".
fn place_in_words(group: &Group, units: usize) -> String {
    let mut text = place(&group.adapter, group.supply_v, &group.dut_serial, units);
    if let Some(outlet) = &group.outlet {
        text.push_str(&format!(" from outlet {outlet}"));
    }
    let after = group.press_after_s.map(|after| format!("pressed {} after power-on", seconds(after.get())));
    let change = (group.release == Some(Release::OnChange)).then(|| "let go only at a change".to_owned());
    let how: Vec<String> = after.into_iter().chain(change).collect();
    if how.is_empty() { text } else { format!("{text}, {},", how.join(" and ")) }
}

impl Known<'_> {
    fn hold95(&self) -> Option<&Threshold> {
        self.response?.best("hold95")
    }

    /// All presses of the group.
    fn all(&self) -> (u32, u32) {
        self.cells.iter().fold((0, 0), |sum, cell| (sum.0 + cell.tally.resets(), sum.1 + cell.tally.n()))
    }

    /// What a reset needs.
    fn need(&self) -> String {
        let (resets, n) = self.all();
        if n == 0 {
            return self.nothing();
        }
        if self.group.release == Some(Release::OnChange) {
            return format!("{resets} of {n} presses reset{}", sum_rate(&self.cells));
        }
        let few = "there are not enough data to say which hold resets 95 %".to_owned();
        let Some(one) = self.hold95() else { return few };
        let interval = interval_s(one.lo_s, one.hi_s);
        match (one.status, one.value_s, one.lo_s, one.hi_s) {
            (Status::Ok, Some(value), Some(lo), Some(hi)) => {
                format!("a reset needs {} ({} to {}) for 95 %", seconds(value), number(lo), number(hi))
            }
            (Status::NoSuchHold, ..) => self.no_such_hold(),
            (Status::NotMonotone, ..) => "long holds reset less often again, so no single hold is claimed for 95 %".to_owned(),
            (Status::NotEnoughData, ..) => few,
            (Status::Open, ..) => "these presses do not bound the hold that resets 95 %".to_owned(),
            (_, Some(value), Some(lo), None) => format!(
                "the best estimate of the hold that resets 95 % is {}; it may be as short as {}, and its upper end is not known",
                seconds(value),
                seconds(lo)
            ),
            (_, Some(value), None, Some(hi)) => format!(
                "the best estimate of the hold that resets 95 % is {}; it may be as long as {}, and its lower end is not known",
                seconds(value),
                seconds(hi)
            ),
            (_, None, Some(lo), None) => {
                format!("a hold that resets 95 % is {} or longer; its upper end is not known", seconds(lo))
            }
            _ => format!("a hold that resets 95 % is {interval}"),
        }
    }

    /// Why there is nothing to say.
    fn nothing(&self) -> String {
        let sum = |verdict| self.cells.iter().map(|cell| cell.tally.of(verdict)).sum::<u32>();
        match (sum(Verdict::NotReady), sum(Verdict::Inconclusive)) {
            (0, 0) => "no press was judged".to_owned(),
            (0, unclear) => format!("none of {unclear} presses could be judged"),
            (1, 0) => "the camera was not ready in the only trial, so it was not pressed".to_owned(),
            (never, 0) => format!("the camera was ready in none of {never} trials, so it was never pressed"),
            (never, unclear) => {
                format!("the camera was not ready in {never} trials, and {unclear} presses could not be judged")
            }
        }
    }

    /// A plateau below 95 % is a claim only where its whole interval is.
    fn no_such_hold(&self) -> String {
        let Some(plateau) = self.response.and_then(|response| response.plateau) else {
            return "no hold resets 95 % by the best fit".to_owned();
        };
        let (value, lo, hi) = (percent(plateau.value), 100.0 * plateau.interval.lo, percent(plateau.interval.hi));
        if plateau.interval.hi < 0.95 {
            format!("no hold resets 95 %: the response levels off at {value} ({lo:.0} to {hi})")
        } else {
            format!("it is undecided whether any hold resets 95 %: the response levels off at {value} ({lo:.0} to {hi})")
        }
    }

    /// Whether the hold that the guide asks for is enough, and that of the model's own instructions where it is another.
    fn asked(&self) -> Option<String> {
        if self.all().1 == 0 || self.group.release == Some(Release::OnChange) {
            return None;
        }
        let profile = &self.analysis.runs.first()?.facts.started.profile;
        let own = instructed(profile).filter(|own| *own != HOLD_FROM).map(|own| ("its instructions'", own));
        let said: Vec<String> =
            own.into_iter().chain([("the guide's", HOLD_FROM)]).filter_map(|(whose, hold)| self.enough(whose, hold)).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    fn enough(&self, whose: &str, hold: Seconds) -> Option<String> {
        let asked = format!("{whose} {}", seconds(hold.get()));
        let one = self.hold95();
        let bounded = one.filter(|one| !matches!(one.status, Status::NoSuchHold | Status::NotMonotone | Status::NotEnoughData));
        match bounded.map(|one| (one.lo_s, one.hi_s)) {
            Some((_, Some(hi))) if hi <= hold.get() => return Some(format!("{asked} is enough")),
            Some((Some(lo), _)) if lo > self.longest_for(hold) => return Some(format!("{asked} is too short")),
            _ => {}
        }
        let tried = self.cells.iter().find(|cell| cell.key.hold_s == Some(hold) && cell.tally.n() > 0 && !cell.adaptive);
        let undecided = bounded.is_some() || one.is_some_and(|one| one.status == Status::NoSuchHold);
        match tried {
            Some(cell) => Some(format!("with {asked}, {} of {} reset{}", cell.tally.resets(), cell.tally.n(), rate(&cell.tally))),
            None if undecided => Some(format!("whether {asked} is enough is undecided")),
            None => None,
        }
    }

    /// The longest press that may still count as one of this hold.
    fn longest_for(&self, hold: Seconds) -> f64 {
        let tolerance = self.analysis.runs.first().map_or(0.0, |run| run.facts.started.suite.design.hold_tolerance);
        hold.get() * (1.0 + tolerance)
    }

    /// Presses that did not reach the firmware of a camera that says when its button is pressed: the guide's second suspect comes first then.
    fn unnoticed(&self) -> Option<String> {
        let (resets, n) = self.all();
        let unnoticed: u32 = self.cells.iter().map(|cell| cell.tally.unnoticed).sum();
        let look = "look at the button, and at where the tip meets it";
        match (unnoticed, resets) {
            (0, _) => None,
            (1, 0) if n == 1 => Some(format!("the only press did not reach the camera's firmware: {look}")),
            (all, 0) if all == n => Some(format!("none of {n} presses reached the camera's firmware: {look}")),
            (some, _) if 2 * some >= n => Some(format!("{some} of {n} presses did not reach the camera's firmware: {look}")),
            _ => None,
        }
    }

    /// A few of them: no headline, but no secret either.
    fn some_unnoticed(&self) -> Option<String> {
        let (_, n) = self.all();
        let some: u32 = self.cells.iter().map(|cell| cell.tally.unnoticed).sum();
        (some > 0 && 2 * some < n).then(|| {
            format!("{some} of {n} presses did nothing and were not named on the camera's console: the tip may have missed.")
        })
    }

    /// A unit that did not come back.
    fn dead(&self) -> Option<String> {
        let (unit, deaths) = (&self.group.dut_serial, self.cells.iter().map(|cell| cell.tally.of(Verdict::Dead)).sum::<u32>());
        let erase = self.power.and_then(|power| power.plug_v_erase.map(|volts| (volts.min, power.rated_min_v)));
        let low = erase.filter(|(volts, rated)| *volts < rated.get());
        let how =
            low.map_or(String::new(), |(volts, _)| format!("; the plug fell to {} V at an erase on this adapter", number(volts)));
        match deaths {
            0 => None,
            1 => Some(format!("Unit {unit} was ready before one press and did not come back after it{how}.")),
            more => Some(format!("Unit {unit} did not come back after {more} presses{how}.")),
        }
    }

    /// A voltage at the plug that the camera is not rated for.
    fn sag(&self) -> Option<String> {
        let power = self.power?;
        let Some((volts, at_erase)) = power.worst() else { return self.weak_start(power) };
        let when = if at_erase { "at the erase" } else { "after a press" };
        let rated = power.rated_min_v;
        (volts < rated.get())
            .then(|| format!("the plug falls to {} V {when}, below the {rated} that the camera is rated for", number(volts)))
    }

    /// A source on which the camera did not even start.
    fn weak_start(&self, power: &Power) -> Option<String> {
        let (start, rated) = (power.plug_v_start?, power.rated_min_v);
        let elsewhere = |other: &&Power| {
            other.dut_serial == power.dut_serial && other.adapter != power.adapter && other.trials > other.not_ready
        };
        let other = self.analysis.power.iter().find(elsewhere).map(|other| format!(", and on {} it was ready", other.adapter));
        let gave = format!("the plug gave {} to {} V", number(start.min), number(start.max));
        (power.weak_starts > 0).then(|| {
            let other = other.unwrap_or_default();
            format!("{gave} and the camera is rated for {rated} or more{other}: look at the supply")
        })
    }

    /// What was seen at the shortest and the longest hold, and over all.
    fn seen(&self) -> Option<String> {
        let tried: Vec<&&Cell> = self.cells.iter().filter(|cell| cell.tally.n() > 0).collect();
        let of = |tally: &Tally| format!("{} of {}", tally.resets(), tally.n());
        let (first, last) = (tried.first()?, tried.last()?);
        let hold = |cell: &Cell| cell.key.hold_s.map_or(0.0, Seconds::get);
        let at = if self.group.release == Some(Release::OnChange) { "from" } else { "at" };
        if tried.len() == 1 {
            let least = if at == "from" { " at least" } else { "" };
            return Some(format!("Held for{least} {}: {} reset{}.", seconds(hold(first)), of(&first.tally), rate(&first.tally)));
        }
        if first.adaptive {
            let (resets, n) = self.all();
            let ends = (number(hold(first)), seconds(hold(last)));
            return Some(format!(
                "{resets} of {n} presses between {} and {} reset, at holds chosen by the data.",
                ends.0, ends.1
            ));
        }
        let one = |cell: &Cell| format!("{} reset {at} {}{}", of(&cell.tally), seconds(hold(cell)), rate(&cell.tally));
        Some(format!("Seen: {}, {}.", one(first), one(last)))
    }

    /// What these presses do not say.
    fn unsaid(&self) -> Option<String> {
        let n = self.response?.n;
        if self.group.release == Some(Release::OnChange) {
            return (self.all().1 > 0)
                .then(|| "The camera's answer ended these presses, so no hold for 95 % can be estimated from them.".to_owned());
        }
        let why = match self.hold95()?.status {
            Status::OpenAbove => "more presses at long holds would be needed for an upper end",
            Status::OpenBelow => "more presses at short holds would be needed for a lower end",
            Status::Open => "more presses would be needed for either end",
            Status::NotEnoughData if n > 0 => "presses on both sides of the threshold would be needed, and more of them",
            _ => return None,
        };
        let presses = if n == 1 { "1 press".to_owned() } else { format!("{n} presses") };
        Some(format!("Not to be said from {presses}: {why}."))
    }

    /// Trials that are not in the rates.
    fn left_out(&self) -> Option<String> {
        let sum = |count: &dyn Fn(&Tally) -> u32| self.cells.iter().map(|cell| count(&cell.tally)).sum::<u32>();
        let counts = [
            (sum(&|tally| tally.of(Verdict::Inconclusive)), "inconclusive"),
            (sum(&|tally| tally.of(Verdict::NotReady)), "never ready"),
            (sum(&|tally| tally.lost), "lost to the rig or a stop"),
        ];
        let said: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        (!said.is_empty()).then(|| format!("Trials not in the rates: {}.", said.join(", ")))
    }
}

/// The shortest hold that resets by the instructions of the model.
pub(super) fn instructed(profile: &Profile) -> Option<Seconds> {
    profile.press.windows.iter().find(|window| window.effect == Effect::FactoryReset).map(|window| window.from_s)
}

fn rate(tally: &Tally) -> String {
    tally.interval().map_or(String::new(), |ends| format!(" ({:.0} to {})", 100.0 * ends.lo, percent(ends.hi)))
}

/// The rate of all cells together, where they are presses of one kind.
fn sum_rate(cells: &[&Cell]) -> String {
    let (k, n) = cells.iter().fold((0, 0), |sum, cell| (sum.0 + cell.tally.resets(), sum.1 + cell.tally.n()));
    let share = crate::analysis::guide::Share { k, n };
    share.interval().map_or(String::new(), |ends| format!(" ({:.0} to {})", 100.0 * ends.lo, percent(ends.hi)))
}

/// Whether the camera resets without a press through the same adapter.
fn controls(analysis: &Analysis, group: &Group) -> Option<String> {
    let same = |other: &Group| {
        other.kind != Kind::Press
            && (&other.dut_serial, &other.adapter, other.supply_v) == (&group.dut_serial, &group.adapter, group.supply_v)
    };
    let cells = analysis.cells.iter().filter(|cell| same(&cell.key.group));
    let (resets, n) = cells.fold((0, 0), |sum, cell| {
        let partial = cell.tally.of(Verdict::PartialReset);
        (sum.0 + cell.tally.resets() + partial, sum.1 + cell.tally.n())
    });
    // A control is never pressed early: it waits until the camera is ready, as it would for any press of this adapter.
    let waited = if group.press_after_s.is_some() { ", of a camera that was ready" } else { "" };
    match (resets, n) {
        (_, 0) => None,
        (0, 1) => Some(format!("Without a press: no reset in 1 control{waited}.")),
        (0, _) => Some(format!("Without a press: no reset in {n} controls{waited}.")),
        _ => Some(format!(
            "Without a press the camera reset in {resets} of {n} controls: something else than the button resets it."
        )),
    }
}

/// What holds for the whole report.
pub(super) fn remarks(analysis: &Analysis) -> Vec<String> {
    let mut remarks = Vec::new();
    match analysis.units() {
        1 => remarks.push(
            "One unit was tested. However often it was pressed, nothing here says how other units of the model behave."
                .to_owned(),
        ),
        units => remarks.push(format!("{units} units were tested, each judged by itself.")),
    }
    let mut levels: Vec<Level> =
        analysis.cells.iter().filter(|cell| cell.tally.n() > 0).map(|cell| cell.key.group.level).collect();
    levels.sort();
    levels.dedup();
    remarks.extend(levels.into_iter().rev().map(|level| format!("Evidence {}.", level_meaning(level))));
    for run in analysis.runs.iter().filter(|run| !run.complete()) {
        let planned = run.extent.planned.map_or(String::new(), |planned| format!(" of {planned}"));
        remarks.push(format!("Run {} is incomplete: {}{planned} slots have a verdict.", run.facts.run_id, run.extent.judged));
    }
    remarks.extend(super::acks::said(analysis));
    remarks.iter().map(|remark| tied(remark)).collect()
}

#[cfg(test)]
mod tests;

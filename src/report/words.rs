//! The words of reports: numbers as people read them, and what every stable word means in a sentence.

use crate::analysis::Analysis;
use crate::analysis::RunSummary;
use crate::analysis::exit_code;
use crate::analysis::group::{Group, Kind};
use crate::analysis::stats::threshold::Status;
use crate::analysis::thresholds::Threshold;
use crate::domain::condition::Release;
use crate::domain::event::FinishReason;
use crate::domain::ids::{AdapterName, DutSerial};
use crate::domain::limit::LimitStatus;
use crate::domain::observation::{BootStage, MarkerMeaning};
use crate::domain::suite::DesignKind;
use crate::domain::units::Volts;
use crate::domain::verdict::{Level, Verdict};

/// A share as a percentage. What is not quite nothing or not quite all is never rounded to 0 or 100 %.
pub fn percent(share: f64) -> String {
    let value = 100.0 * share;
    let edge = (value > 0.0 && value < 0.95) || (value > 99.05 && value < 100.0);
    if edge { format!("{} %", (10.0 * value).round().clamp(1.0, 999.0) / 10.0) } else { format!("{value:.0} %") }
}

/// A number with three significant digits at least, without needless zeros: 0.25, 12.3, 120.
pub fn number(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    if digits > 0 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A span in seconds, as [`number`].
pub fn seconds(value: f64) -> String {
    format!("{} s", number(value))
}

/// An interval in seconds with ends that may be open.
pub fn interval_s(lo: Option<f64>, hi: Option<f64>) -> String {
    match (lo, hi) {
        (Some(lo), Some(hi)) => format!("{} to {}", number(lo), seconds(hi)),
        (Some(lo), None) => format!("{} or more", seconds(lo)),
        (None, Some(hi)) => format!("{} or less", seconds(hi)),
        (None, None) => "anything".to_owned(),
    }
}

/// A duration of bench work: `42 s`, `12 min`, `3 h 05 min`.
pub fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match (minutes / 60, minutes % 60) {
        (0, 0 | 1) if seconds < 90.0 => format!("{seconds:.0} s"),
        (0, rest) => format!("{rest} min"),
        (hours, rest) => format!("{hours} h {rest:02} min"),
    }
}

/// How strong evidence of a level is.
pub fn level_meaning(level: Level) -> &'static str {
    match level {
        Level::Proved => "proved: a reboot, a factory sign, and the canaries gone, each of which setup showed to be visible",
        Level::Indicated => "indicated: two of reboot, factory sign and canaries could be seen on this rig",
        Level::Suggested => "suggested: only the factory sign or the canaries could be seen on this rig",
        Level::None => "none: this rig could see no sign of a reset",
    }
}

/// What a caveat says, in a sentence.
pub fn caveat_meaning(word: &str) -> String {
    let fixed = match word {
        "one_unit" => "One unit was tested. However many presses: they say nothing about how units differ from each other.",
        "several_units" => {
            "Several units were tested, and each has its own rates. How units differ from each other is not estimated."
        }
        "no_data" => "Nothing was judged here.",
        "few" => "Fewer than ten judged trials: the interval is wide.",
        "inconclusive_present" => {
            "Some trials could not be judged. They are left out of the rate; the worst and the best case count them."
        }
        "canary_unread" => {
            "Some trials were left open because a canary could not be read. If it is the same in every trial, correct its `read` in the profile."
        }
        "not_ready_present" => "In some trials the camera was never ready and never pressed. They are not in the reset rate.",
        "dead_present" => "In some trials the camera did not come back. They count as no reset.",
        "trials_lost" => "Some attempts were lost to the rig or to a stop. They say nothing about the camera and are in no rate.",
        "incomplete" => "Trials that the suite asks for are missing.",
        "adaptive" => "Earlier outcomes had a say in where trials were placed, so a rate here is no sample of fixed size.",
        "stopped_by_data" => "The number of trials followed from their outcomes, so the interval of the rate is only a guide.",
        "hold_not_measured" => "Some presses have no measured hold. They are left out of the estimate.",
        "hold_ended_by_response" => {
            "The camera's answer ended these presses, so their holds are outcomes and no response is fitted to them."
        }
        "level_proved" | "level_indicated" | "level_suggested" | "level_none" => "The evidence level of the presses.",
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    if let Some(outlet) = word.strip_prefix("outlet_") {
        return format!("Powered from outlet {outlet}.");
    }
    if let Some(span) = word.strip_prefix("press_after_") {
        return format!("Pressed {} after power-on, ready or not.", span.replace('s', " s"));
    }
    word.replace('_', " ")
}

/// What the status of a threshold says.
pub fn status_meaning(status: Status) -> &'static str {
    match status {
        Status::Ok => "estimated",
        Status::OpenAbove => "no upper end: more presses at long holds would be needed",
        Status::OpenBelow => "no lower end: more presses at short holds would be needed",
        Status::Open => "bounded on neither side by these presses",
        Status::NoSuchHold => "none by the best fit, whose plateau is lower",
        Status::NotEnoughData => "not enough data",
        Status::NotMonotone => "success falls again at long holds, so no single hold is claimed",
    }
}

/// The hold for 95 % of a group in few words. Presses that the camera's answer ended have no response: their holds are outcomes.
pub fn hold95_in_short(group: &Group, threshold: Option<&Threshold>) -> String {
    let none = threshold.is_none_or(|one| one.status == Status::NotEnoughData);
    match group.release {
        Some(Release::OnChange) if none => "not asked: the camera's answer ends a press".to_owned(),
        _ => threshold.map_or("not enough data".to_owned(), threshold_in_short),
    }
}

/// What an adaptive suite asks for, in words: the hold of a name of thresholds.csv.
pub fn target(name: &str) -> String {
    match name {
        "hold95_rel" => "hold for 95 % of the way to the plateau".to_owned(),
        other => format!("hold for {} % success", other.trim_start_matches("hold")),
    }
}

/// The holds that reports tell of: the one for 95 % success, and what an adaptive suite asks for where that is another one.
pub fn told_holds(analysis: &Analysis) -> Vec<&str> {
    let design = analysis.runs.first().map(|run| &run.facts.started.suite.design);
    let asked = design.filter(|design| design.kind == DesignKind::Adaptive).map(|design| design.target());
    std::iter::once("hold95").chain(asked.filter(|asked| *asked != "hold95")).collect()
}

/// A hold with its interval in few words, for a line of a chart or a screen.
pub fn threshold_in_short(threshold: &Threshold) -> String {
    let interval = interval_s(threshold.lo_s, threshold.hi_s);
    match (threshold.status, threshold.value_s) {
        (Status::NoSuchHold, _) => "none by the best fit".to_owned(),
        (Status::NotMonotone, _) => "none (falls again)".to_owned(),
        (Status::NotEnoughData, _) => "not enough data".to_owned(),
        (_, Some(value)) => format!("{} ({interval})", seconds(value)),
        (_, None) if threshold.lo_s.is_some() || threshold.hi_s.is_some() => interval,
        (_, None) => "not enough data".to_owned(),
    }
}

/// Why a run's last session ended.
pub fn finish_meaning(run: &RunSummary) -> &'static str {
    match run.finish {
        Some(FinishReason::Complete) if run.extent.lost > 0 => "complete, but slots were lost to faults of the rig",
        Some(FinishReason::Complete) => "complete",
        Some(FinishReason::BudgetSpent) => "ended by the budget of the suite",
        Some(FinishReason::UnitDead) => "ended because the unit is dead",
        Some(FinishReason::UnitBudgetSpent) => "ended because the unit has suffered as much as its profile allows",
        Some(FinishReason::Stopped) => "stopped by the operator; can be resumed",
        Some(FinishReason::RigFaulted) => "ended because the rig failed too often; can be resumed",
        Some(FinishReason::Declined) => "ended because the customer has not agreed to a reset",
        None => "not finished: running, or ended by a crash; can be resumed",
    }
}

/// Adapter, voltage, and the unit where there are several.
pub fn place(adapter: &AdapterName, supply_v: Option<Volts>, serial: &DutSerial, units: usize) -> String {
    let volts = supply_v.map_or(String::new(), |volts| format!(" at {volts}"));
    if units > 1 { format!("{adapter}{volts}, {serial}") } else { format!("{adapter}{volts}") }
}

/// Where an adapter stands in the suite that names it first: reports keep the order that the author gave.
pub fn suite_order(analysis: &Analysis, adapter: &AdapterName) -> (usize, usize) {
    let place = |run: &RunSummary| run.facts.started.suite.factors.adapter.iter().position(|name| name == adapter);
    let found = analysis.runs.iter().enumerate().find_map(|(index, run)| place(run).map(|at| (index, at)));
    found.unwrap_or((usize::MAX, 0))
}

/// How far a boot came.
pub fn stage_word(stage: BootStage) -> &'static str {
    match stage {
        BootStage::Bootloader => "bootloader",
        BootStage::Kernel => "kernel",
        BootStage::Userland => "userland",
        BootStage::Application => "application",
    }
}

/// What a console marker means.
pub fn meaning_word(meaning: MarkerMeaning) -> &'static str {
    match meaning {
        MarkerMeaning::Bootloader => "bootloader",
        MarkerMeaning::BootloaderPrompt => "bootloader waits for a person",
        MarkerMeaning::Kernel => "kernel starts",
        MarkerMeaning::Userland => "programs start",
        MarkerMeaning::Ready => "the camera is up",
        MarkerMeaning::Button => "the button was noticed",
        MarkerMeaning::Accepted => "a reset was accepted",
        MarkerMeaning::Erasing => "erasing",
        MarkerMeaning::Factory => "factory state",
        MarkerMeaning::NotFactory => "not factory state",
        MarkerMeaning::WarmReboot => "about to boot again",
        MarkerMeaning::Fatal => "fatal",
        MarkerMeaning::Warning => "warning",
    }
}

/// The result of the whole in a sentence, by the exit code.
pub fn headline(analysis: &Analysis) -> String {
    let limits = |status| analysis.limits.iter().filter(|limit| limit.status == status).count();
    let incomplete = analysis.runs.iter().filter(|run| !run.complete()).count();
    let all = analysis.limits.len();
    match exit_code(analysis) {
        0 if all > 0 => format!("Every limit is met ({all} of {all}).{}", beside_limits(analysis)),
        0 => format!("Complete. The suite sets no limits.{}", beside_limits(analysis)),
        1 => {
            let dead = analysis.rows.iter().filter(|row| row.verdict() == Some(Verdict::Dead)).count();
            let found = [
                (limits(LimitStatus::NotMet), format!("of {all} limits not met")),
                (dead, "dead".to_owned()),
                (analysis.control_resets().count(), "reset without a press".to_owned()),
            ];
            let said: Vec<String> = found.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
            let rest = if incomplete > 0 { " The data are incomplete." } else { "" };
            format!("Not good: {}.{rest}", said.join(", "))
        }
        4 if analysis.nothing_decided() => {
            let count = |verdict| analysis.rows.iter().filter(|row| row.verdict() == Some(verdict)).count();
            let (unready, unclear) = (count(Verdict::NotReady), count(Verdict::Inconclusive));
            format!(
                "Undecided: no press could be judged ({unready} trials never ready, {unclear} inconclusive), so nothing is known of any hold."
            )
        }
        4 if limits(LimitStatus::Undecided) == 0 => {
            format!("Undecided: the budget was spent before every adapter had its answer.{}", beside_limits(analysis))
        }
        4 => format!("Undecided: {} of {all} limits met, the data do not decide the rest.", limits(LimitStatus::Met)),
        _ => "Incomplete: trials are missing, so take nothing here as the result.".to_owned(),
    }
}

/// Resets among all judged presses, and how many of these there are.
pub fn presses(analysis: &Analysis) -> (u32, u32) {
    let presses = analysis.cells.iter().filter(|cell| cell.key.group.kind == Kind::Press);
    presses.fold((0, 0), |sum, cell| (sum.0 + cell.tally.resets(), sum.1 + cell.tally.n()))
}

/// What met limits do not say: that none of them is about resets, and that no press reset anything.
fn beside_limits(analysis: &Analysis) -> String {
    let rates = analysis.limits.iter().any(|limit| limit.limit.min_rate.is_some());
    let (resets, n) = presses(analysis);
    let mut text = String::new();
    if !rates && !analysis.limits.is_empty() && n > 0 {
        text.push_str(" No limit is set on resets.");
    }
    if n > 0 && resets == 0 {
        let none = if n == 1 {
            "The only judged press reset nothing.".to_owned()
        } else {
            format!("None of {n} judged presses reset the camera.")
        };
        text.push_str(&format!(" {none}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_do_not_claim_all_or_nothing() {
        let read: Vec<_> = [0.0, 0.0004, 0.004, 0.5, 0.904, 0.9995, 0.99, 1.0].map(percent).into();
        assert_eq!(read, ["0 %", "0.1 %", "0.4 %", "50 %", "90 %", "99.9 %", "99 %", "100 %"]);
    }

    #[test]
    fn numbers_keep_three_digits_and_no_needless_zeros() {
        let read: Vec<_> = [0.25, 3.0, 3.004, 12.34, 120.4].map(number).into();
        assert_eq!(read, ["0.25", "3", "3", "12.3", "120"]);
    }

    #[test]
    fn open_ends_are_named() {
        assert_eq!(interval_s(Some(10.9), Some(14.0)), "10.9 to 14 s");
        assert_eq!(interval_s(Some(60.0), None), "60 s or more");
        assert_eq!(interval_s(None, Some(3.0)), "3 s or less");
    }

    #[test]
    fn durations_are_short() {
        let read: Vec<_> = [42.0, 89.0, 91.0, 720.0, 11_100.0].map(duration).into();
        assert_eq!(read, ["42 s", "89 s", "2 min", "12 min", "3 h 05 min"]);
    }
}

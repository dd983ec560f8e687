//! Rules between the files of a suite. Every problem is told at a place of the suite, since that is the file a user starts from.

mod bench;
mod power;

use crate::domain::adapter::Adapter;
use crate::domain::condition::Release;
use crate::domain::profile::{PressMode, Profile};
use crate::domain::rig::{Position, RigFile};
use crate::domain::suite::{Holds, Suite};
use crate::domain::units::Seconds;
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

/// The files of a suite, each sound in itself. Adapters are in the order of the suite.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'f> {
    /// The suite.
    pub suite: &'f Suite,
    /// The camera.
    pub profile: &'f Profile,
    /// The bench.
    pub rig: &'f RigFile,
    /// The power sources.
    pub adapters: &'f [Adapter],
}

/// Everything wrong or doubtful about the files together. Key paths are those of the suite.
pub fn cross(files: Inputs<'_>) -> Findings {
    let mut findings = Findings::default();
    for (index, adapter) in files.adapters.iter().enumerate() {
        power::label(&mut findings, &KeyPath::from("factors.adapter").index(index), adapter, files);
    }
    power::voltages(&mut findings, files);
    stimulus(&mut findings, files);
    for position in &files.rig.positions {
        coil(&mut findings, files, position);
        shortest(&mut findings, files, position);
        bench::channels(&mut findings, files, position);
        bench::senses(&mut findings, files, position);
        bench::signs(&mut findings, files, position);
    }
    findings
}

/// How the camera is pressed.
fn stimulus(findings: &mut Findings, files: Inputs<'_>) {
    let factors = &files.suite.factors;
    if files.profile.press.mode == PressMode::HoldThenPower {
        if !factors.press_after_s.is_empty() {
            let message = "this camera is pressed before power comes, so no press can follow power-on";
            findings.error("factors.press_after_s", message, "take it away, or use a profile whose press mode is \"hot\"");
        }
        if factors.release.contains(&Release::OnChange) {
            let message =
                "this camera is held while it boots, and the boot itself is a change: `on_change` would end each press at once";
            findings.warn("factors.release", message, "use \"after_hold\"");
        }
    }
    let (ready, trial) = (files.profile.ready.min_wait_s, files.suite.timeouts.trial_s);
    let least = ready + longest(files.suite).map_or(Seconds::ZERO, |(_, hold)| hold);
    let message = format!("a trial is given up after {trial}, before readiness and the longest hold are over ({least})");
    findings.require(trial > least, "timeouts.trial_s", message, "write a longer time; an hour is usual");
}

/// The longest press of a suite and the key that asks for it.
fn longest(suite: &Suite) -> Option<(KeyPath, Seconds)> {
    let at = KeyPath::from("factors");
    let hold = match &suite.factors.hold_s {
        Holds::Levels(levels) => {
            let (index, hold) = levels.iter().enumerate().max_by_key(|(_, hold)| **hold)?;
            (at.key("hold_s").index(index), *hold)
        }
        Holds::Range(range) => (at.key("hold_s").key("to"), range.to),
    };
    match suite.factors.hold_max_s.filter(|_| suite.factors.release.contains(&Release::OnChange)) {
        Some(max) if max > hold.1 => Some((at.key("hold_max_s"), max)),
        _ => Some(hold),
    }
}

fn coil(findings: &mut Findings, files: Inputs<'_>, position: &Position) {
    let bound = position.interlocks.coil_max_on_s;
    if let Some((at, hold)) = longest(files.suite).filter(|(_, hold)| *hold > bound) {
        let message = format!("a hold of {hold} is longer than position {} may energise its coil ({bound})", position.name);
        findings.error(at, message, format!("write {} or less, or raise `coil_max_on_s` if the coil stands it", bound.get()));
    }
}

/// No press of a hold is shorter than this: the contact bounces, and a camera reads its button every 10 to 50 ms (assumptions).
const SHORTEST: Seconds = Seconds::from_millis(50);

/// A contact cannot close for a shorter time than the plunger needs to let go again, give or take what is known of its stroke.
fn shortest(findings: &mut Findings, files: Inputs<'_>, position: &Position) {
    let found = &position.calibration;
    let stroke = found.drop_out_s + found.stroke_u_s;
    let least = SHORTEST.max(stroke);
    let at = KeyPath::from("factors").key("hold_s");
    let holds: Vec<(KeyPath, Seconds)> = match &files.suite.factors.hold_s {
        Holds::Levels(levels) => levels.iter().enumerate().map(|(index, hold)| (at.index(index), *hold)).collect(),
        Holds::Range(range) => vec![(at.key("from"), range.from)],
    };
    for (at, hold) in holds.into_iter().filter(|(_, hold)| *hold < least) {
        let message = format!(
            "a hold of {hold} is shorter than position {} can press: at least {least} (calibration: the contact opens {} after the coil goes \
             off, give or take {}; never under {SHORTEST})",
            position.name, found.drop_out_s, found.stroke_u_s
        );
        findings.error(at, message, format!("write {} or more", least.get()));
    }
}

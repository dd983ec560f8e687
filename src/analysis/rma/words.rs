//! What a conclusion says, in sentences for a person.

use super::cause::{Supplied, Unit};
use super::choose;
use super::finding::{BOOT, CONTACT, FORCE, Finding, KEPT, POWER, PRESS, Senses};
use super::gate::Missing;
use super::inference::{Done, Source, Test};
use crate::domain::ids::AdapterName;
use crate::domain::rma::{FaultClass, ReturnPlan};

/// The verdict in words.
pub fn verdict(class: Option<FaultClass>) -> &'static str {
    match class {
        Some(FaultClass::NoFaultFound) => "No fault found",
        Some(FaultClass::Supply) => "The power supply is at fault",
        Some(FaultClass::Button) => "The reset button is at fault",
        Some(FaultClass::Firmware) => "The firmware is at fault",
        Some(FaultClass::Hardware) => "The electronics are at fault",
        Some(FaultClass::Rig) => "The bench is at fault; nothing is said of the unit",
        None => "Undecided",
    }
}

/// What is to be done with the unit: the disposition code of the record, and its meaning.
pub fn disposition(class: Option<FaultClass>) -> (&'static str, &'static str) {
    match class {
        Some(FaultClass::NoFaultFound) => ("NFF", "return to the customer with the instructions"),
        Some(FaultClass::Supply) => ("PSU", "return to the customer with another adapter"),
        Some(FaultClass::Button) => ("BTN", "repair: reset button"),
        Some(FaultClass::Firmware) => ("FW", "load the firmware anew, then test again"),
        Some(FaultClass::Hardware) => ("HW", "replace the unit"),
        Some(FaultClass::Rig) => ("RIG", "repair the bench, then test again"),
        None => ("UND", "examine by hand"),
    }
}

/// The most likely cause.
pub fn cause((unit, supplied): (Unit, Supplied)) -> &'static str {
    match (unit, supplied) {
        (Unit::Sound, Supplied::Good) => "the unit resets as it should",
        (Unit::Sound, Supplied::Weak) => "the returned adapter or its cable gives too little under load",
        (Unit::Sound, Supplied::Dead) => "the returned adapter gives no usable voltage",
        (Unit::ButtonOpen, _) => "the button's contact does not close",
        (Unit::ButtonWorn, _) => "the button's contact opens while it is held",
        (Unit::FirmwareHangs, _) => "the boot hangs after the bootloader",
        (Unit::FirmwareFatal, _) => "the boot reports that it has failed",
        (Unit::FirmwareLoops, _) => "the unit boots again and again",
        (Unit::FirmwareAccepts, _) => "a reset is accepted and not carried out",
        (Unit::FirmwareDeaf, _) => "the button is noticed and no hold has an effect",
        (Unit::FirmwarePartial, _) => "a reset leaves settings standing",
        (Unit::HardwareSilent, _) => "the unit shows no life",
        (Unit::HardwareInput, _) => "the unit breaks down at a voltage within its rating",
        (Unit::HardwareFlaky, _) => "some boots fail",
        (Unit::RigMisses, _) => "the tip does not reach the button",
        (Unit::RigOutlet, _) => "good adapters are low on this bench",
    }
}

/// Why no verdict is given.
pub(super) fn undecided(class: FaultClass, p: f64, stop_at: f64, lacks: Option<Missing>) -> String {
    let likely = format!("The most likely class is {} with {p:.3}", class.name());
    match lacks {
        Some(missing) if p >= stop_at => format!("{likely}, and a verdict still needs {}.", choose::words(missing)),
        _ => format!("{likely}; a verdict needs {stop_at:.2}."),
    }
}

/// A test with the names that its source has on this rig: support asks which adapters were tried.
pub(super) fn told(test: Test, plan: &ReturnPlan) -> String {
    match test {
        Test::Stroke => test.to_string(),
        Test::Boot(source) => format!("a boot on {}", named(source, plan)),
        Test::Press(source) => format!("a press on {}", named(source, plan)),
    }
}

fn named(source: Source, plan: &ReturnPlan) -> String {
    let with = |name: Option<&AdapterName>| name.map_or(String::new(), |name| format!(" ({name})"));
    match source {
        Source::Returned => format!("the returned adapter{}", with(plan.returned.as_ref())),
        Source::Reference(place) => format!("a known-good source{}", with(plan.references.get(place))),
        Source::Margin => format!("the lowest rated voltage{}", with(plan.margin.as_ref())),
    }
}

/// What the tests showed, those that speak for the class first.
pub(super) fn reasons(class: FaultClass, tests: &[Done], plan: &ReturnPlan) -> Vec<String> {
    let mut told: Vec<(bool, String)> = Vec::new();
    for done in tests {
        let Some(text) = sentence(done) else { continue };
        let on = done.test.source().map(|source| format!("On {}", named(source, plan)));
        let text = format!("{}: {text}.", on.unwrap_or_else(|| "In a stroke without power".to_owned()));
        if !told.iter().any(|(_, known)| *known == text) {
            told.push((speaks_for(class, done), text));
        }
    }
    told.sort_by_key(|(speaks, _)| !speaks);
    told.into_iter().map(|(_, text)| text).collect()
}

fn speaks_for(class: FaultClass, done: &Done) -> bool {
    let reset = done.finding.word(PRESS) == "reset";
    match class {
        FaultClass::NoFaultFound => reset,
        FaultClass::Supply => done.test.source() == Some(Source::Returned) || reset,
        FaultClass::Button => !reset && (done.finding.word(PRESS) != "-" || done.finding.word(FORCE) != "-"),
        FaultClass::Firmware | FaultClass::Hardware => !reset && done.test != Test::Stroke,
        FaultClass::Rig => done.finding.word(POWER) != "good",
    }
}

/// One test in words; `None` where it showed nothing.
fn sentence(done: &Done) -> Option<String> {
    let word = |part: usize| done.finding.word(part);
    let mut parts: Vec<&str> = Vec::new();
    parts.extend(match word(POWER) {
        "off" => Some("no voltage came to the plug"),
        "sagging" => Some("the voltage at the plug fell below the unit's rating"),
        "good" => Some("the voltage at the plug was right"),
        _ => None,
    });
    parts.extend(match word(BOOT) {
        "ready" => Some("the unit was ready"),
        "silent" => Some("the unit said nothing"),
        "stops" => Some("the boot stopped half-way"),
        "fatal" => Some("the boot said that it had failed"),
        "loops" => Some("the boot began again and again"),
        "not_ready" => Some("the unit was never ready"),
        _ => None,
    });
    parts.extend(match word(PRESS) {
        "reset" => Some("the press reset it"),
        "partial" => Some(match word(KEPT) {
            "tail" => "the press left the last settings standing, as a wipe that is cut off does",
            "holes" => "the press left settings standing that the wipe had passed by",
            _ => "the press left settings standing",
        }),
        "reboot" => Some("the press made it boot and wiped nothing"),
        "acknowledged" => Some("the press was answered and nothing followed"),
        "nothing" => Some("the press had no effect"),
        "dead" => Some("after the press it did not come back"),
        "unclear" => Some("the press could not be judged"),
        _ => None,
    });
    parts.extend(match word(CONTACT) {
        "unnoticed" => Some("the button was not noticed"),
        "many" => Some("the button opened and closed while it was held"),
        _ => None,
    });
    parts.extend(match word(FORCE) {
        "snap" => Some("the button clicked"),
        "no_snap" => Some("the button was pressed home without a click"),
        "too_little" => Some("the tip did not press the button home"),
        _ => None,
    });
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A finding in as few words as a column of a table holds.
pub fn in_short(finding: &Finding) -> String {
    let short = |part: usize| match finding.word(part) {
        "-" | "once" => None,
        "off" => Some("no voltage"),
        "sagging" => Some("voltage low"),
        "good" => Some("voltage right"),
        "silent" => Some("not a word"),
        "stops" => Some("boot stopped half-way"),
        "fatal" => Some("boot failed"),
        "loops" => Some("boots again and again"),
        "not_ready" => Some("never ready"),
        "partial" => Some(match finding.word(KEPT) {
            "tail" => "the last settings left standing",
            "holes" => "settings passed by and left standing",
            _ => "settings left standing",
        }),
        "reboot" => Some("rebooted, nothing wiped"),
        "acknowledged" => Some("answered, nothing more"),
        "nothing" => Some("no effect"),
        "unnoticed" => Some("button not noticed"),
        "many" => Some("button opened while held"),
        "snap" => Some("clicked"),
        "no_snap" => Some("no click"),
        "too_little" => Some("not pressed home"),
        other => Some(other),
    };
    let words: Vec<&str> = [POWER, BOOT, PRESS, CONTACT, FORCE].into_iter().filter_map(short).collect();
    if words.is_empty() { "nothing to see".to_owned() } else { words.join(", ") }
}

/// What could not be seen.
pub(super) fn not_observed(senses: Senses, returned: bool, tests: &[Done]) -> Vec<String> {
    let mut list = Vec::new();
    let mut say = |unseen: bool, text: &str| list.extend(unseen.then(|| text.to_owned()));
    say(!senses.force, "click of the button: not observed (no force sensor)");
    say(!senses.plug, "voltage at the plug: not observed (no meter)");
    say(!senses.console, "console of the unit: not observed (not connected)");
    say(!returned, "the customer's adapter: not observed (none came with the unit)");
    let margin = tests.iter().any(|done| done.test.source() == Some(Source::Margin));
    say(!margin, "voltage margin: not tested");
    let on_returned = tests.iter().any(|done| done.test.source() == Some(Source::Returned));
    say(returned && !on_returned, "the returned adapter: not tested");
    list
}

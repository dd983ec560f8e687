//! What a test showed, as few words as the likelihoods are told by.

use crate::domain::exam::{Exam, Seen};
use crate::domain::observation::{BootStage, ForceEvent};
use crate::domain::rig::Position;
use crate::domain::verdict::{Fate, Verdict};
use std::fmt;

/// Which senses of a rig tell a test from another. What a rig cannot see is no part of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Senses {
    /// Volts at the plug.
    pub plug: bool,
    /// The camera's console.
    pub console: bool,
    /// The force on the button.
    pub force: bool,
}

impl Senses {
    /// All of them: what the likelihoods were made with.
    pub const ALL: Senses = Senses { plug: true, console: true, force: true };

    /// Those of a position.
    pub fn of(position: &Position) -> Self {
        Self { plug: position.plug.is_some(), console: position.console.is_some(), force: position.force.is_some() }
    }
}

/// A word of a finding: what one sense said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(u8);

/// The words of each part, `-` (not seen, or not asked) first.
const PARTS: [&[&str]; PARTS_N] = [
    &["-", "off", "sagging", "good"],
    &["-", "ready", "silent", "stops", "fatal", "loops", "not_ready"],
    &["-", "reset", "partial", "reboot", "acknowledged", "nothing", "dead", "unclear"],
    &["-", "unnoticed", "once", "many"],
    &["-", "snap", "no_snap", "too_little"],
    &["-", "tail", "holes"],
];

/// Parts of a finding.
pub const PARTS_N: usize = 6;
/// The part that tells of the supply.
pub const POWER: usize = 0;
/// The part that tells of the boot.
pub const BOOT: usize = 1;
/// The part that tells what the press did.
pub const PRESS: usize = 2;
/// The part that tells how often the camera noticed its button.
pub const CONTACT: usize = 3;
/// The part that tells of the force on the button.
pub const FORCE: usize = 4;
/// The part that tells which settings a partial reset left: the last ones, as a wipe that is cut off does, or some that it had passed by. That wipes go
/// through the categories in their order is an assumption (the network first, as the twin does).
pub const KEPT: usize = 5;

/// What a test showed: a word of each part. Written `good/ready/partial/once/snap/holes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding([Word; PARTS_N]);

impl Finding {
    /// What a trial showed to a rig with these senses.
    pub fn of(exam: &Exam, senses: Senses) -> Self {
        let seen = &exam.seen;
        let tried = seen_powered(exam);
        let pressed = exam.condition.stimulus.name() == "press" && seen.ready;
        let words = [
            if tried && senses.plug { power(seen) } else { "-" },
            if tried { boot(exam, senses) } else { "-" },
            if pressed { press(exam.verdict) } else { "-" },
            if pressed && senses.console { contact(seen.noticed) } else { "-" },
            if senses.force { seen.force.map_or("-", force) } else { "-" },
            if pressed && exam.verdict == Verdict::PartialReset { kept(exam) } else { "-" },
        ];
        Self::parse(&words.join("/")).unwrap_or(Finding([Word(0); PARTS_N]))
    }

    /// Reads it; `None` where it is no finding.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = [Word(0); PARTS_N];
        let mut parts = text.split('/');
        for (place, known) in words.iter_mut().zip(PARTS) {
            let word = parts.next()?;
            *place = Word(known.iter().position(|known| *known == word)? as u8);
        }
        parts.next().is_none().then_some(Self(words))
    }

    /// The word of a part.
    pub fn word(&self, part: usize) -> &'static str {
        PARTS.get(part).and_then(|words| words.get(usize::from(self.0[part].0))).copied().unwrap_or("-")
    }

    /// The number of a part's word, and how many words the part has.
    pub fn place(&self, part: usize) -> (usize, usize) {
        (usize::from(self.0[part].0), PARTS[part].len())
    }

    /// The same as a rig with fewer senses would have told it.
    pub fn coarsened(mut self, senses: Senses) -> Self {
        let mut hide = |part: usize| self.0[part] = Word(0);
        if !senses.plug {
            hide(POWER);
        }
        if !senses.console {
            hide(CONTACT);
        }
        if !senses.force {
            hide(FORCE);
        }
        let not_ready = PARTS[BOOT].len() as u8 - 1;
        if !senses.console && self.0[BOOT].0 > 1 {
            self.0[BOOT] = Word(not_ready);
        }
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = (0..PARTS_N).map(|part| self.word(part)).collect();
        f.pad(&words.join("/"))
    }
}

/// Whether the camera was to be fed in this trial.
fn seen_powered(exam: &Exam) -> bool {
    use crate::domain::condition::{Check, Stimulus};
    match exam.condition.stimulus {
        Stimulus::Press { .. } | Stimulus::Sham { .. } => true,
        Stimulus::Check { check } => check == Check::Boot,
        Stimulus::UnpoweredPress { .. } => false,
    }
}

fn power(seen: &Seen) -> &'static str {
    match seen {
        Seen { powered: false, .. } => "off",
        Seen { sagged: true, .. } => "sagging",
        _ => "good",
    }
}

/// Boots before the stimulus that are a loop: one more than a camera that updates itself makes (assumption).
const LOOP: u32 = 3;

fn boot(exam: &Exam, senses: Senses) -> &'static str {
    let seen = &exam.seen;
    match seen {
        Seen { ready: true, .. } => "ready",
        _ if !senses.console => "not_ready",
        Seen { boots, .. } if *boots >= LOOP => "loops",
        Seen { fatal: Some(_), .. } => "fatal",
        Seen { stage: None, .. } => "silent",
        Seen {
            stage: Some(BootStage::Bootloader | BootStage::Kernel | BootStage::Userland | BootStage::Application), ..
        } => "stops",
    }
}

fn press(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::FactoryReset => "reset",
        Verdict::PartialReset => "partial",
        Verdict::RebootOnly => "reboot",
        Verdict::AcknowledgedOnly => "acknowledged",
        Verdict::NoResponse => "nothing",
        Verdict::Dead => "dead",
        Verdict::Inconclusive => "unclear",
        Verdict::NotReady | Verdict::Checked => "-",
    }
}

fn contact(noticed: u32) -> &'static str {
    match noticed {
        0 => "unnoticed",
        1 => "once",
        _ => "many",
    }
}

fn kept(exam: &Exam) -> &'static str {
    let of = |fate: Fate| exam.canaries.iter().filter(move |(_, is)| **is == fate).map(|(category, _)| *category);
    match (of(Fate::Survived).min(), of(Fate::Gone).max()) {
        (Some(first_kept), Some(last_gone)) if first_kept < last_gone => "holes",
        (Some(_), Some(_)) => "tail",
        _ => "-",
    }
}

fn force(event: ForceEvent) -> &'static str {
    match event {
        ForceEvent::Snap => "snap",
        ForceEvent::NoSnap => "no_snap",
        ForceEvent::TooLittle => "too_little",
    }
}

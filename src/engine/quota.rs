//! Which observations are written down: at most 64 a trial, the rest are counted. A chatty console or a flapping supply must never crowd out
//! what a verdict rests on.

use crate::domain::observation::{ConsoleState, CurrentEvent, LightShape, MarkerMeaning, Observation};

/// Observations of a trial that may be written down (the journal's contract).
pub const MOST: u32 = 64;

/// The parts of a trial after the camera was prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The trial proper, before the stimulus.
    SettingUp,
    /// From the stimulus on.
    After,
}

/// How much a verdict needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// Few by nature, and always needed: coil, canaries, readiness, the network's word.
    Essential,
    /// Signs that a verdict may rest on.
    Sign,
    /// For the reader alone.
    Remark,
}

/// The allowance of one trial. What a part leaves unused, the next may use.
#[derive(Clone, Debug)]
pub struct Quota {
    essentials: u32,
    others: u32,
    counted: u32,
    signs: u32,
    remarks: u32,
    /// What the console said last of the factory state.
    word: Option<MarkerMeaning>,
    /// The latest boot, and how many beginnings of boots were written down in this part.
    boot: u32,
    begun: u32,
    /// What comes again and again, and was written down in this part: prompts are repeated every ten seconds.
    heard: Vec<Observation>,
}

/// Room that is kept for essential observations: two readings of four canaries, two coil edges, readiness before, after and when prepared,
/// the change, what console and network say of the factory state before and after.
const KEPT_FOR_ESSENTIALS: u32 = 24;
/// Beginnings of boots in each part that are always written down: ours, and the first that is not. A camera that starts again by itself before it
/// is pressed is not judged like one that is up, however much it said until then.
const BEGINNINGS: u32 = 2;

impl Quota {
    /// The allowance at the beginning of a trial.
    pub fn new() -> Self {
        Self { essentials: 0, others: 0, counted: 0, signs: 10, remarks: 2, word: None, boot: 0, begun: 0, heard: Vec::new() }
    }

    /// The next part of the trial begins.
    pub fn enter(&mut self, part: Part) {
        (self.word, self.begun) = (None, 0);
        self.heard.clear();
        let (signs, remarks) = match part {
            Part::SettingUp => (8, 2),
            Part::After => (16, 2),
        };
        self.signs += signs;
        self.remarks += remarks;
    }

    /// Whether this observation is written down; it is counted otherwise.
    pub fn admits(&mut self, observation: &Observation) -> bool {
        let weight = self.weigh(observation);
        let admitted = match weight {
            Weight::Essential => self.essentials + self.others < MOST,
            Weight::Sign => self.others < MOST - KEPT_FOR_ESSENTIALS && take(&mut self.signs),
            Weight::Remark => self.others < MOST - KEPT_FOR_ESSENTIALS && take(&mut self.remarks),
        };
        match (admitted, weight) {
            (true, Weight::Essential) => self.essentials += 1,
            (true, Weight::Sign | Weight::Remark) => self.others += 1,
            (false, _) => self.counted += 1,
        }
        admitted
    }

    /// A word about the factory state is essential when it is news, and what is repeated by nature is a sign once.
    fn weigh(&mut self, observation: &Observation) -> Weight {
        if self.begins(observation) && self.begun < BEGINNINGS {
            self.begun += 1;
            return Weight::Essential;
        }
        if repeats(observation) {
            if self.heard.contains(observation) {
                return Weight::Remark;
            }
            self.heard.push(observation.clone());
            return Weight::Sign;
        }
        let Observation::Marker { meaning: word @ (MarkerMeaning::Factory | MarkerMeaning::NotFactory), .. } = observation else {
            return weight(observation);
        };
        if self.word.replace(*word) == Some(*word) { Weight::Remark } else { Weight::Essential }
    }

    fn begins(&mut self, observation: &Observation) -> bool {
        match observation {
            Observation::Boot { boot, .. } => std::mem::replace(&mut self.boot, *boot) != *boot,
            Observation::Current { event } => *event == CurrentEvent::Restart,
            _ => false,
        }
    }

    /// How many were only counted.
    pub fn counted(&self) -> u64 {
        u64::from(self.counted)
    }
}

fn take(allowance: &mut u32) -> bool {
    let left = *allowance > 0;
    *allowance = allowance.saturating_sub(1);
    left
}

/// Whether an observation says nothing more when it comes again.
fn repeats(observation: &Observation) -> bool {
    matches!(
        observation,
        Observation::Tone { .. }
            | Observation::Console { state: ConsoleState::Silent }
            | Observation::Current { event: CurrentEvent::Infrared | CurrentEvent::Motor | CurrentEvent::Erase }
    )
}

fn weight(observation: &Observation) -> Weight {
    match observation {
        Observation::Coil { .. }
        | Observation::Network { .. }
        | Observation::Canary { .. }
        | Observation::Ready
        | Observation::Change { .. } => Weight::Essential,
        Observation::Light(pattern) if pattern.shape == LightShape::Unclear => Weight::Remark,
        Observation::Marker { meaning: MarkerMeaning::Warning, .. } => Weight::Remark,
        Observation::Light(_)
        | Observation::Boot { .. }
        | Observation::Marker { .. }
        | Observation::Force { .. }
        | Observation::Tone { .. }
        | Observation::Current { .. } => Weight::Sign,
        Observation::Power { .. } | Observation::Console { .. } | Observation::Motor { .. } => Weight::Remark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::canary::Category;
    use crate::domain::observation::{BootStage, PowerState};
    use crate::domain::verdict::Fate;

    fn canary() -> Observation {
        Observation::Canary { category: Category::Wifi, fate: Fate::Gone }
    }

    #[test]
    fn chatter_never_crowds_out_what_a_verdict_rests_on() {
        let mut quota = Quota::new();
        for part in [None, Some(Part::SettingUp), Some(Part::After)] {
            part.into_iter().for_each(|part| quota.enter(part));
            for boot in 0..200 {
                quota.admits(&Observation::Power { state: PowerState::Sagging });
                quota.admits(&Observation::Boot { boot, stage: BootStage::Bootloader });
            }
        }
        let canaries = (0..8).filter(|_| quota.admits(&canary())).count();
        assert_eq!(canaries, 8);
        let written = quota.essentials + quota.others;
        assert_eq!(u64::from(written) + quota.counted(), 3 * 400 + 8);
        assert!(written <= MOST);
    }

    #[test]
    fn a_boot_that_is_not_ours_is_told_however_much_was_said_before() {
        let mut quota = Quota::new();
        quota.enter(Part::SettingUp);
        let boot = |boot, stage| Observation::Boot { boot, stage };
        assert!(quota.admits(&boot(1, BootStage::Bootloader)));
        while quota.admits(&boot(1, BootStage::Kernel)) {}
        assert!(quota.admits(&boot(2, BootStage::Bootloader)));
        assert!(!quota.admits(&boot(2, BootStage::Kernel)) && !quota.admits(&boot(3, BootStage::Bootloader)));
        assert_eq!((0..8).filter(|_| quota.admits(&canary())).count(), 8);
    }

    #[test]
    fn never_more_than_the_contract_allows() {
        let mut quota = Quota::new();
        assert_eq!((0..100).filter(|_| quota.admits(&canary())).count() as u32, MOST);
    }

    #[test]
    fn a_word_about_the_factory_state_is_heard_when_it_is_news() {
        let mut quota = Quota::new();
        while quota.admits(&Observation::Power { state: PowerState::Off }) {}
        let says = |meaning| Observation::Marker { marker: "m".to_owned(), meaning };
        let heard = [MarkerMeaning::Factory, MarkerMeaning::Factory, MarkerMeaning::NotFactory, MarkerMeaning::Factory];
        assert_eq!(heard.map(|meaning| quota.admits(&says(meaning))), [true, false, true, true]);
    }

    #[test]
    fn a_prompt_that_is_repeated_is_heard_once_in_each_part() {
        let mut quota = Quota::new();
        quota.enter(Part::SettingUp);
        quota.enter(Part::After);
        while quota.admits(&Observation::Power { state: PowerState::Off }) {}
        let prompt = Observation::Tone { tone: "add me".to_owned() };
        let silent = Observation::Console { state: ConsoleState::Silent };
        assert_eq!([0; 3].map(|_| quota.admits(&prompt)), [true, false, false]);
        assert_eq!([0; 2].map(|_| quota.admits(&silent)), [true, false]);
        quota.enter(Part::After);
        assert!(quota.admits(&prompt));
    }

    #[test]
    fn the_stimulus_has_room_of_its_own() {
        let mut quota = Quota::new();
        let boot = Observation::Boot { boot: 1, stage: BootStage::Kernel };
        while quota.admits(&boot) {}
        quota.enter(Part::SettingUp);
        while quota.admits(&boot) {}
        quota.enter(Part::After);
        assert_eq!((0..16).filter(|_| quota.admits(&boot)).count(), 16);
    }
}

//! Sign (c): what became of the canaries.

use crate::domain::canary::Category;
use crate::domain::ids::Seq;
use crate::domain::verdict::Fate;
use std::collections::BTreeMap;

/// One category's canary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Canary {
    /// It was there before the stimulus, proved by this line.
    pub read_back: Option<Seq>,
    /// What was read after it, by which line. That it could not be read does not undo an earlier reading.
    pub after: Option<(Fate, Seq)>,
}

impl Canary {
    /// Whether it could be read neither before the stimulus nor after it.
    pub fn is_unknown(&self) -> bool {
        self.read_back.is_none() && self.after.is_none_or(|(fate, _)| fate == Fate::NotObserved)
    }
}

/// The fold over readings of canaries.
#[derive(Clone, Debug, Default)]
pub(super) struct Canaries {
    /// Setup wrote canaries: from then on they are due.
    pub(super) written: bool,
    pub(super) each: BTreeMap<Category, Canary>,
}

impl Canaries {
    /// The camera came to its factory state before the stimulus: nothing that was read back until then proves anything.
    pub(super) fn forget(&mut self) {
        self.each.values_mut().for_each(|canary| canary.read_back = None);
    }

    /// A canary was read.
    pub(super) fn read(&mut self, seq: Seq, category: Category, fate: Fate, after: bool) {
        let canary = self.each.entry(category).or_default();
        match (after, fate) {
            (false, Fate::Survived) => canary.read_back = Some(seq),
            (false, Fate::Gone | Fate::NotObserved) => canary.read_back = None,
            (true, Fate::NotObserved) => canary.after = canary.after.or(Some((fate, seq))),
            (true, Fate::Gone | Fate::Survived) => canary.after = Some((fate, seq)),
        }
    }
}

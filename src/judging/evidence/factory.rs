//! Sign (b): what each sense says of the factory state, before the stimulus and after it.

use super::Context;
use super::mark::Mark;
use crate::domain::ids::Seq;
use crate::domain::observation::{MarkerMeaning, NetworkStatus, Observation, Sense};
use crate::domain::profile::{ChimeMeaning, LightMeaning};
use crate::domain::units::{Seconds, Tick};
use std::collections::BTreeMap;

/// A prompt is a sound that is repeated: only who listened to a ready camera for so long and heard nothing knows that there is none. Prompts
/// that are known come every 10 s (field notes, Xiaomi in AP mode); three of them must be missing (our choice).
pub(super) const LISTENED: Seconds = Seconds::from_millis(30_000);
/// The senses that a proof of absence speaks for. Sound is none: it proves its absence by silence alone.
const SENSES: [Sense; 3] = [Sense::Light, Sense::Console, Sense::Network];

/// What a sense said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The camera is in the factory state, or is not.
    pub factory: bool,
    /// Where and when.
    pub mark: Mark,
}

/// The fold over observations that tell of the factory state.
#[derive(Clone, Debug, Default)]
pub(super) struct Factory {
    before: BTreeMap<Sense, Fact>,
    after: BTreeMap<Sense, Fact>,
    /// The light as it is now, where that says anything. A light is a state: it stands until it changes.
    light: Option<Fact>,
    /// Since when a camera that is ready has been listened to, before the stimulus.
    pub(super) listening: Option<Tick>,
}

impl Factory {
    /// Takes an observation, and the meaning of the light where it is one. What is seen of a camera without supply is no fact. True where it
    /// says that the camera came to its factory state before the stimulus: what was proved until then is past.
    pub(super) fn observe(&mut self, context: Context, observation: &Observation, meaning: Option<LightMeaning>) -> bool {
        let said = match observation {
            Observation::Light(_) => match meaning {
                Some(LightMeaning::Setup) => Some((Sense::Light, true)),
                Some(LightMeaning::Ready) => Some((Sense::Light, false)),
                _ => None,
            },
            Observation::Marker { meaning: MarkerMeaning::Factory, .. } => Some((Sense::Console, true)),
            Observation::Marker { meaning: MarkerMeaning::NotFactory, .. } => Some((Sense::Console, false)),
            Observation::Tone { .. } if context.tone == Some(ChimeMeaning::Setup) => Some((Sense::Sound, true)),
            Observation::Network { status: NetworkStatus::Factory } => Some((Sense::Network, true)),
            Observation::Network { status: NetworkStatus::Configured } => Some((Sense::Network, false)),
            _ => None,
        };
        let fact = said
            .filter(|_| context.powered)
            .map(|(sense, factory)| Fact { factory, mark: Mark { seq: context.seq, at: context.at, sense } });
        if matches!(observation, Observation::Light(_)) {
            self.light = fact;
        }
        let Some(fact) = fact else { return false };
        let facts = if context.after { &mut self.after } else { &mut self.before };
        facts.insert(fact.mark.sense, fact);
        // A prompt may be a neighbour's.
        let fell_back = !context.after && fact.factory && fact.mark.sense != Sense::Sound;
        if fell_back {
            self.before.retain(|_, other| other.factory || other.mark.at > fact.mark.at);
            self.listening = None;
        }
        fell_back
    }

    /// We switch the supply off: no light stands any more, and who listens begins anew.
    pub(super) fn power_off(&mut self) {
        self.light = None;
        self.listening = None;
    }

    /// The camera was brought out of the factory state at `at`: what it said on its console, over the network and by sound before is past,
    /// and listening begins anew. The light is a state, and tells by itself when it changes.
    pub(super) fn provisioned(&mut self, at: Tick) {
        self.listening = self.listening.map(|_| at);
        self.before.retain(|sense, fact| !fact.factory || *sense == Sense::Light);
    }

    /// Setup has proved the sign's absence: every sense counts as having said so, unless one says the contrary.
    pub(super) fn proved(&mut self, seq: Seq, at: Tick) {
        if self.before.values().any(|fact| fact.factory) {
            return;
        }
        for sense in SENSES {
            self.before.entry(sense).or_insert(Fact { factory: false, mark: Mark { seq, at, sense } });
        }
    }

    /// The camera booted again: what denied the factory state before speaks of the past.
    pub(super) fn rebooted(&mut self, at: Tick) {
        self.after.retain(|_, fact| fact.factory || fact.mark.at >= at);
    }

    /// Whether a sense showed before the stimulus that the camera was not in its factory state: the sign was absent. `until`: the stimulus,
    /// or now.
    pub(super) fn was_absent(&self, sense: Sense, until: Tick) -> bool {
        if sense == Sense::Sound {
            return !self.was_present(sense) && self.listening.is_some_and(|since| until >= since + LISTENED);
        }
        self.before.get(&sense).is_some_and(|fact| !fact.factory)
    }

    /// Whether a sense showed before the stimulus that the camera was in its factory state.
    pub(super) fn was_present(&self, sense: Sense) -> bool {
        self.before.get(&sense).is_some_and(|fact| fact.factory)
    }

    /// What a sense says after the stimulus.
    pub(super) fn after(&self, sense: Sense) -> Option<Fact> {
        let standing = self.light.filter(|fact| sense == Sense::Light && !fact.factory);
        self.after.get(&sense).copied().or(standing)
    }
}

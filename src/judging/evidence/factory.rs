//! Sign (b): through which senses the factory state can be seen, and what each says last.

use super::signs::{Lines, Sign};
use super::{Wiring, rules};
use crate::domain::ids::Seq;
use crate::domain::observation::{MarkerMeaning, NetworkStatus, Observation};
use crate::domain::profile::{LightMeaning, Profile};

/// What a sense said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The factory state.
    Factory(Seq),
    /// Another state.
    Other(Seq),
}

/// One sense for the factory state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SenseOf {
    possible: bool,
    before: Option<Says>,
    after: Option<Says>,
}

impl SenseOf {
    fn heard(&mut self, says: Says, after: bool) {
        if after {
            self.after = Some(says);
        } else {
            self.before = Some(says);
        }
    }

    /// It can be trusted where it was seen to say the contrary before the stimulus: then it works, and it can change.
    fn proved(&self) -> bool {
        self.possible && matches!(self.before, Some(Says::Other(_)))
    }
}

/// The factory signs through all senses.
#[derive(Clone, Debug)]
pub struct FactoryEvidence {
    light: SenseOf,
    marker: SenseOf,
    network: SenseOf,
}

impl FactoryEvidence {
    /// Nothing said yet.
    pub fn new(profile: &Profile, wiring: Wiring) -> Self {
        let sense = |possible| SenseOf { possible, before: None, after: None };
        Self {
            light: sense(profile.factory.light && wiring.light),
            marker: sense(profile.factory.marker && wiring.console),
            network: sense(profile.factory.network && wiring.probe),
        }
    }

    pub(super) fn apply(&mut self, seq: Seq, observation: &Observation, after: bool, profile: &Profile) {
        match observation {
            Observation::Light(pattern) => match rules::meaning(profile, pattern) {
                Some(LightMeaning::Setup) => self.light.heard(Says::Factory(seq), after),
                Some(LightMeaning::Ready) => self.light.heard(Says::Other(seq), after),
                _ => {}
            },
            Observation::Marker { meaning: MarkerMeaning::Factory, .. } => self.marker.heard(Says::Factory(seq), after),
            Observation::Marker { meaning: MarkerMeaning::NotFactory, .. } => self.marker.heard(Says::Other(seq), after),
            Observation::Network { status: NetworkStatus::Factory } => self.network.heard(Says::Factory(seq), after),
            Observation::Network { status: NetworkStatus::Configured } => self.network.heard(Says::Other(seq), after),
            _ => {}
        }
    }

    fn senses(&self) -> [&SenseOf; 3] {
        [&self.light, &self.marker, &self.network]
    }

    /// Whether any sense said before the stimulus that the camera is in its factory state.
    pub fn present_before(&self) -> bool {
        self.senses().iter().any(|sense| sense.possible && matches!(sense.before, Some(Says::Factory(_))))
    }

    /// Whether every possible sense has said before the stimulus that the camera is in another state.
    pub fn absence_proved(&self) -> bool {
        self.senses().iter().all(|sense| !sense.possible || sense.proved())
    }

    /// Whether any sense that works has spoken since the stimulus.
    pub fn spoken(&self) -> bool {
        self.senses().iter().any(|sense| sense.proved() && sense.after.is_some())
    }

    /// What became of the sign.
    pub fn sign(&self) -> Sign {
        let working = self.senses().into_iter().filter(|sense| sense.proved());
        let (mut any, mut seen, mut against) = (false, false, false);
        for sense in working {
            any = true;
            seen |= matches!(sense.after, Some(Says::Factory(_)));
            against |= matches!(sense.after, Some(Says::Other(_)));
        }
        match (any, against, seen) {
            (false, ..) => Sign::Unseeable,
            (_, true, _) => Sign::Against,
            (_, false, true) => Sign::Seen,
            (_, false, false) => Sign::NotSeen,
        }
    }

    /// The lines behind it.
    pub fn lines(&self) -> Lines {
        let mut lines = Lines::default();
        for sense in self.senses().into_iter().filter(|sense| sense.proved()) {
            match sense.after {
                Some(Says::Factory(seq)) => lines.seen.push(seq),
                Some(Says::Other(seq)) => lines.against.push(seq),
                None => {}
            }
        }
        lines
    }
}

//! How far the camera came since power-on, on its console and by its light, and how that ended: for the reader of a diagnosis, no sign of a reset.

use super::Moment;
use crate::domain::ids::Seq;
use crate::domain::observation::{BootStage, ConsoleState, LightPattern, MarkerMeaning, Observation};
use crate::domain::units::Tick;

/// A boot that has failed for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Name of the marker that said so.
    pub marker: String,
    /// The bootloader waits for a person; otherwise the marker was a fatal one.
    pub prompt: bool,
    /// Where it stands.
    pub moment: Moment,
}

/// The fold over what the console tells of boots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    boot: u32,
    /// How far the last boot since power-on came; `None` where the console showed none.
    pub stage: Option<BootStage>,
    /// How it failed, unless another boot began since.
    pub failure: Option<Failure>,
    /// The state of the line as it was told last; `None` for a rig without a console.
    pub line: Option<ConsoleState>,
    /// The light as it was told last.
    pub light: Option<LightPattern>,
}

impl Progress {
    /// We switch the supply on: what former boots did is past.
    pub(super) fn power_on(&mut self) {
        self.stage = None;
        self.failure = None;
        self.light = None;
    }

    /// The camera is revived: the same, but once.
    pub(super) fn power_on_unless(&mut self, revived_before: bool) {
        if !revived_before {
            self.power_on();
        }
    }

    /// Takes an observation.
    pub(super) fn observe(&mut self, seq: Seq, at: Tick, observation: &Observation) {
        match observation {
            Observation::Boot { boot, stage } => {
                if *boot > self.boot {
                    (self.boot, self.stage, self.failure) = (*boot, None, None);
                }
                // What seemed the end was none when the same boot comes further.
                if Some(*stage) > self.stage {
                    (self.stage, self.failure) = (Some(*stage), None);
                }
            }
            Observation::Marker { marker, meaning: meaning @ (MarkerMeaning::Fatal | MarkerMeaning::BootloaderPrompt) } => {
                let prompt = *meaning == MarkerMeaning::BootloaderPrompt;
                self.failure.get_or_insert(Failure { marker: marker.clone(), prompt, moment: Moment { seq, at } });
            }
            Observation::Console { state } => self.line = Some(*state),
            Observation::Light(pattern) => self.light = Some(*pattern),
            _ => {}
        }
    }
}

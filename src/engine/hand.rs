//! What a person does where the rig has no hand of its own: presses the button, lets go, and swaps adapters.

use super::coil::Edge;
use super::halt::Halt;
use super::session::Session;
use crate::domain::ids::AdapterName;
use crate::domain::observation::Observation;
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};

/// Standard uncertainty of a moment that a person tells by a key (assumption: what people's reaction times differ by).
const BY_HAND: Seconds = Seconds::from_millis(250);
/// So often a tag is asked for before the bench gives up.
const SCANS: usize = 3;

impl Session<'_> {
    /// Asks for the button to be pressed. The answer is the contact.
    pub fn press_by_hand(&mut self) -> Result<(), Halt> {
        let text = format!(
            "Press the button and keep it down ({}). Answer in the moment in which it goes down.",
            self.bench.profile.button.place
        );
        self.ask(&text, &["it is down".to_owned()])?;
        self.hand_edge(true)
    }

    /// Asks for the button to be let go.
    pub fn let_go_by_hand(&mut self) -> Result<(), Halt> {
        self.ask("Let go of the button NOW. Answer in the moment in which it comes up.", &["it is up".to_owned()])?;
        self.hand_edge(false)
    }

    /// The edge of a coil that would have moved the contact now.
    fn hand_edge(&mut self, down: bool) -> Result<(), Halt> {
        let calibration = &self.bench.position.calibration;
        let stroke = if down { calibration.pull_in_s } else { calibration.drop_out_s };
        let at = self.now() - stroke;
        self.coil.edge(down, Edge { at, u_s: BY_HAND });
        self.observe(at, Observation::Coil { energised: down, u_s: BY_HAND })
    }

    /// Asks for an adapter to be plugged in and for its tag: what is written on a plan is not what hangs at the camera.
    pub fn swap_by_hand(&mut self, adapter: &AdapterName) -> Result<(), Halt> {
        if self.connected.as_ref() == Some(adapter) {
            return Ok(());
        }
        let known = self.bench.adapters.iter().find(|known| known.name == *adapter);
        let tag = known.and_then(|known| known.asset_tag.clone()).unwrap_or_else(|| adapter.to_string());
        let channels = &self.bench.position.channels;
        let outlet =
            channels.iter().find(|(_, held)| *held == adapter).map_or_else(String::new, |(place, _)| format!(" at {place}"));
        let unplug =
            self.connected.as_ref().map_or_else(|| "Unplug whatever feeds the camera".to_owned(), |old| format!("Unplug {old}"));
        let mut text = format!("{unplug}, plug in {adapter}{outlet}, and scan its tag ({tag}).");
        // Until the tag has been read nobody knows what hangs there.
        self.connected = None;
        for _ in 0..SCANS {
            let answer = self.ask(&text, &[])?;
            if answer.trim().eq_ignore_ascii_case(tag.trim()) {
                return Ok(());
            }
            text = format!("That was `{}`. Plug in {adapter} and scan its tag ({tag}).", answer.trim());
        }
        let detail = format!("the tag {tag} of {adapter} was not scanned in {SCANS} tries");
        Err(Fault::new(FaultKind::Operator, "selector", detail).into())
    }
}

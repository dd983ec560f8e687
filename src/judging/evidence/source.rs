//! What fed the camera, for the reader of a diagnosis: on which adapter it was ready, and what the plug gave while it was waited for in vain.
//! No sign of a reset.

use crate::domain::ids::AdapterName;
use crate::domain::measurement::{Measurement, names};
use crate::domain::observation::{MarkerMeaning, Observation};
use crate::domain::step::Step;
use crate::domain::units::Volts;

/// The fold over connections, readiness and the voltage of a camera that did not start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// The adapter under test.
    pub(super) tested: Option<AdapterName>,
    connected: Option<AdapterName>,
    ready_on: Option<AdapterName>,
    proper: bool,
    lowest: Option<Volts>,
    highest: Option<Volts>,
    at_erase: Option<Volts>,
    /// The console told that the camera is up, since we last switched the supply on.
    marked: bool,
}

impl Source {
    /// A trial of this adapter begins.
    pub(super) fn of(tested: AdapterName) -> Self {
        Self { tested: Some(tested), ..Self::default() }
    }

    pub(super) fn step(&mut self, step: &Step) {
        match step {
            Step::Connect { adapter } => self.connected = Some(adapter.clone()),
            Step::Begin => self.proper = true,
            Step::PowerOn => (self.lowest, self.highest, self.marked) = (None, None, false),
            _ => {}
        }
    }

    pub(super) fn measured(&mut self, measurement: &Measurement) {
        match measurement.name.as_str() {
            names::PLUG_START_MIN => self.lowest = Some(Volts::new(measurement.value)),
            names::PLUG_START_MAX => self.highest = Some(Volts::new(measurement.value)),
            names::PLUG_ERASE => self.at_erase = Some(Volts::new(measurement.value)),
            _ => {}
        }
    }

    pub(super) fn observe(&mut self, observation: &Observation) {
        let Observation::Marker { meaning: MarkerMeaning::Ready | MarkerMeaning::Factory, .. } = observation else { return };
        self.marked = true;
    }

    pub(super) fn ready(&mut self) {
        self.ready_on.clone_from(&self.connected);
    }

    /// The adapter on which the camera was being prepared, where it never came to the trial proper and that is not the one under test.
    pub fn preparing_on(&self) -> Option<&AdapterName> {
        self.connected.as_ref().filter(|connected| !self.proper && Some(*connected) != self.tested.as_ref())
    }

    /// Another adapter than the one that feeds the camera now, on which it was ready in this trial.
    pub fn was_ready_on(&self) -> Option<&AdapterName> {
        self.ready_on.as_ref().filter(|ready| Some(*ready) != self.connected.as_ref())
    }

    /// The range of volts at the plug while the camera was waited for in vain; `None` where they were not measured.
    pub fn while_waited_for(&self) -> Option<(Volts, Volts)> {
        self.lowest.zip(self.highest)
    }

    /// The lowest volts at the plug while the camera showed that it erased.
    pub fn at_erase(&self) -> Option<Volts> {
        self.at_erase
    }

    /// Whether the console told that the camera is up, since we last switched the supply on.
    pub fn marked(&self) -> bool {
        self.marked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connect(name: &str) -> Step {
        Step::Connect { adapter: AdapterName::from(name) }
    }

    #[test]
    fn a_camera_that_was_ready_on_another_adapter_is_known_to_have_been() {
        let mut source = Source::of(AdapterName::from("long"));
        source.step(&connect("oem"));
        assert_eq!((source.preparing_on().map(AdapterName::as_str), source.was_ready_on()), (Some("oem"), None));
        source.ready();
        source.step(&Step::Begin);
        source.step(&connect("long"));
        assert_eq!((source.preparing_on(), source.was_ready_on().map(AdapterName::as_str)), (None, Some("oem")));
        source.ready();
        assert_eq!(source.was_ready_on(), None);
    }

    #[test]
    fn volts_are_those_since_the_last_power_on() {
        let mut source = Source::default();
        for (name, value) in [(names::PLUG_START_MIN, 3.9), (names::PLUG_START_MAX, 4.6)] {
            source.measured(&Measurement { name: name.to_owned(), value, unit: "V".to_owned(), u: None });
        }
        assert_eq!(source.while_waited_for(), Some((Volts::new(3.9), Volts::new(4.6))));
        source.step(&Step::PowerOn);
        assert_eq!(source.while_waited_for(), None);
    }
}

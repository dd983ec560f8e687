//! Whether a supply gives what it was told: a programmable one that does not is a fault of the rig.

use super::worker::Task;
use crate::domain::units::Volts;
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::PowerReading;

/// So many readings in a row: one may fall into a step of the voltage, or into a second in which the instrument is busy.
const MISSES: u8 = 3;
/// A terminal voltage may differ so much from what was set, as a share of it and in volts: far more than an instrument's accuracy, far less than
/// a current limit that acts.
const TOLERANCE: (f64, f64) = (0.05, 0.1);

/// What was told last, and how often it did not hold in a row.
#[derive(Debug, Default)]
pub(super) struct Obeys {
    set: Option<Volts>,
    on: bool,
    misses: u8,
}

impl Obeys {
    /// The instrument has done a task.
    pub(super) fn did(&mut self, task: &Task) {
        match task {
            Task::Set(volts) => self.set = Some(*volts),
            Task::Output(on) => self.on = *on,
            Task::Connect(_) | Task::Keep(_) => return,
        }
        self.misses = 0;
    }

    /// A reading came, or none. The fault, once, when it has been wrong for so long.
    pub(super) fn see(&mut self, reading: &Result<PowerReading, Fault>) -> Option<Fault> {
        let fault = match reading {
            Err(fault) => Some(fault.clone()),
            Ok(reading) => self.wrong(reading).map(|what| Fault::new(FaultKind::Disobeyed, "supply", what)),
        };
        match fault {
            None => self.misses = 0,
            Some(_) => self.misses = self.misses.saturating_add(1),
        }
        fault.filter(|_| self.misses == MISSES)
    }

    fn wrong(&self, reading: &PowerReading) -> Option<String> {
        if !self.on {
            return None;
        }
        if reading.on == Some(false) {
            return Some(
                "its output was switched on, and it says that it is off: a protection of its own, or somebody at its keys"
                    .to_owned(),
            );
        }
        let set = self.set?;
        let (share, volts) = TOLERANCE;
        let off = (reading.volts.get() - set.get()).abs() > share * set.get() + volts;
        off.then(|| {
            format!(
                "it was set to {set} and gives {} at {}: its current limit acts, or its sense lines are open",
                reading.volts, reading.amps
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::Amps;

    fn reads(volts: f64, on: Option<bool>) -> Result<PowerReading, Fault> {
        Ok(PowerReading { volts: Volts::new(volts), amps: Amps::new(0.5), on })
    }

    fn told() -> Obeys {
        let mut obeys = Obeys::default();
        obeys.did(&Task::Set(Volts::new(5.0)));
        obeys.did(&Task::Output(true));
        obeys
    }

    #[test]
    fn three_wrong_readings_in_a_row_are_a_fault_once() {
        for (wrong, word) in [(reads(4.2, Some(true)), "current limit"), (reads(5.0, Some(false)), "protection")] {
            let mut obeys = told();
            assert_eq!([obeys.see(&wrong), obeys.see(&wrong), obeys.see(&reads(5.02, Some(true)))], [None, None, None]);
            assert_eq!([obeys.see(&wrong), obeys.see(&wrong)], [None, None]);
            assert!(obeys.see(&wrong).unwrap().detail.contains(word));
            assert_eq!(obeys.see(&wrong), None, "told once");
        }
    }

    #[test]
    fn an_instrument_that_does_not_answer_is_a_fault_and_one_that_is_off_may_show_anything() {
        let mut obeys = told();
        let silent = Err(Fault::new(FaultKind::Timeout, "supply", "no answer"));
        assert_eq!([obeys.see(&silent), obeys.see(&silent)], [None, None]);
        assert_eq!(obeys.see(&silent).unwrap().fault, FaultKind::Timeout);
        obeys.did(&Task::Output(false));
        (0..5).for_each(|_| assert_eq!(obeys.see(&reads(0.3, Some(false))), None));
    }
}

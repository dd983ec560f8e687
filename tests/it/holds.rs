//! A press of the wrong length answers another question than the one that was asked: it is shown, enters no rate, and is done again.

use super::support::bench::Bench;
use super::support::files::{Files, QUICK};
use pinhole::domain::event::Event;
use pinhole::domain::units::{Seconds, Tick};
use pinhole::domain::verdict::{Fault, FaultKind, Outcome};
use pinhole::ports::{Batch, Channel, Reading, Scale, Sensors, TrialKey};

/// Tells of the first `wrong` presses that the coil let go so much later than it did.
struct Late {
    inner: Box<dyn Sensors>,
    wrong: u32,
    by: Seconds,
}

impl Sensors for Late {
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        self.inner.poll(until, batch)?;
        for reading in &mut batch.readings {
            if let Reading::Coil { energised: false, at, .. } = reading
                && self.wrong > 0
            {
                self.wrong -= 1;
                *at = *at + self.by;
            }
        }
        Ok(())
    }

    fn begin(&mut self, key: &TrialKey) {
        self.inner.begin(key);
    }

    fn scale(&self, channel: Channel) -> Option<Scale> {
        self.inner.scale(channel)
    }
}

/// The outcomes of a run of one hold of 3 s, whose first presses are measured to be half a second too long.
fn outcomes(wrong: u32) -> (Vec<Outcome>, Vec<String>) {
    let mut files = Files::brisk();
    files.set(QUICK, "design.replicates", 1).set(QUICK, "design.shams_per_adapter", 0);
    files.replace(QUICK, "hold_s = [3, 15, 45]", "hold_s = [3]").replace(
        QUICK,
        "[\"oem-5v1a\", \"long-cable\"]",
        "[\"oem-5v1a\"]",
    );
    let bench = Bench::new(files.bundle(QUICK));
    bench.begin_behind(|inner| Box::new(Late { inner, wrong, by: Seconds::from_millis(500) })).end.unwrap();
    let (mut outcomes, mut faults) = (Vec::new(), Vec::new());
    for (_, _, event) in bench.events() {
        match event {
            Event::TrialFinished(end) => outcomes.push(end.outcome),
            Event::Faulted(fault) => faults.push(fault.to_string()),
            _ => {}
        }
    }
    (outcomes, faults)
}

#[test]
fn a_press_that_was_too_long_is_shown_and_done_again() {
    let (outcomes, faults) = outcomes(1);
    assert!(matches!(outcomes[..], [Outcome::Faulted(FaultKind::HoldOutOfTolerance), Outcome::Judged(_)]), "{outcomes:?}");
    assert!(faults.len() == 1 && faults[0].contains("held 3.5"), "{faults:?}");
}

#[test]
fn a_rig_that_always_presses_too_long_loses_the_slot_and_judges_nothing() {
    let (outcomes, _) = outcomes(100);
    assert_eq!(outcomes, [Outcome::Faulted(FaultKind::HoldOutOfTolerance); 3]);
}

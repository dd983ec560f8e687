//! What goes on beside the view of a run: the life of the unit is kept, and somebody is told when the run stands still.

use super::control::Pulse;
use super::desk::Desk;
use super::launch::View;
use super::ledger::Ledger;
use super::live::Screen;
use super::stall::Stall;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::run_state::RunState;
use crate::domain::units::Tick;
use crate::journal::Tap;
use std::path::Path;
use std::sync::Arc;

/// The serial number of a simulated unit that nobody named: it has no life that is worth keeping.
const NOBODY: &str = "TWIN";

/// A screen beside which the life of the unit is kept.
pub struct Kept<'a> {
    screen: Screen,
    ledger: Ledger,
    stall: Stall,
    state: &'a Path,
    /// Why the life of the unit could not be kept, at the last try.
    lost: Option<anyhow::Error>,
}

impl<'a> Kept<'a> {
    /// Beside this screen.
    pub fn new(screen: Screen, dir: &Path, state: &'a Path) -> Self {
        Self { screen, ledger: Ledger::new(state), stall: Stall::watch(dir, state), state, lost: None }
    }

    /// The run has ended: the screen is given back, and what could not be kept is said.
    pub fn close(self) {
        let Self { screen, lost, .. } = self;
        drop(screen);
        if let Some(error) = lost {
            eprintln!("warning: what the unit suffered in this run was not kept: {error:#}");
        }
    }
}

impl View for Kept<'_> {
    fn show(&mut self, seq: Seq, at: Tick, event: &Event, run: &RunState) {
        self.stall.beat();
        // Only these change what a unit has suffered. What cannot be written now is written with the next.
        let known = run.dut_serial().is_some_and(|serial| serial.as_str() != NOBODY);
        if known && matches!(event, Event::TrialFinished(_) | Event::StepFinished(_) | Event::RunFinished(_)) {
            self.lost = self.ledger.note(self.state, run).err();
        }
        self.screen.show(seq, at, event, run);
    }

    fn pulse(&self) -> Option<Arc<Pulse>> {
        self.screen.pulse()
    }

    fn desk(&self) -> Option<Arc<Desk>> {
        self.screen.desk()
    }

    fn tap(&mut self) -> Option<Tap> {
        self.screen.tap()
    }
}

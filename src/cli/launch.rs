//! One run at one position: journal, rig, engine, in that order.

use super::compose::{Composed, compose};
use super::control::{Controlled, Pulse, Wishes};
use super::desk::{AtDesk, Desk};
use crate::analysis::known::Known;
use crate::domain::event::{Event, FinishReason, JournalOpened, RunResumed, RunStarted};
use crate::domain::ids::{DutSerial, Operator, RunId, Seq};
use crate::domain::rig::Position;
use crate::domain::run_state::{Phase, RunState};
use crate::domain::suite::{Keep, Suite};
use crate::domain::units::Tick;
use crate::engine::{Job, Over};
use crate::files::Bundle;
use crate::journal::{JournalWriter, OpenError, Tap, Traces, create, reopen};
use crate::planning::budget::Until;
use crate::planning::{Bench, Chosen, Design, design_of};
use crate::ports::{Batch, RecordError, Recorder, Storage};
use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::Path;
use std::sync::Arc;

/// Identity of a session: what differs between two runs of the same suite, seed and world.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Wall time.
    pub wall: Timestamp,
    /// The program and its version.
    pub program: String,
    /// The computer.
    pub host: String,
    /// Who stands at the bench.
    pub operator: Option<Operator>,
    /// Time zone of the bench, for the suite's hour of day.
    pub zone: TimeZone,
}

impl Identity {
    /// The day at the bench.
    pub fn today(&self) -> jiff::civil::Date {
        self.wall.to_zoned_datetime(self.zone.clone()).date()
    }
}

/// Looks at every event that was written down. What goes wrong while looking is the viewer's own trouble and never stops a run.
pub trait View {
    /// An event, and the state of the run after it.
    fn show(&mut self, seq: Seq, at: Tick, event: &Event, state: &RunState);

    /// Where it wants the bench time to be shown, if anywhere: between two events it would know nothing of it.
    fn pulse(&self) -> Option<Arc<Pulse>> {
        None
    }

    /// What led an adaptive run, when its session is over.
    fn led(&mut self, _by: Known) {}

    /// Where questions wait for a person, if anybody can be asked.
    fn desk(&self) -> Option<Arc<Desk>> {
        None
    }

    /// Who wants each line of the journal as it was written, if anybody.
    fn tap(&mut self) -> Option<Tap> {
        None
    }
}

/// Where a run shows its time, and where it asks.
type Meeting = (Option<Arc<Pulse>>, Option<Arc<Desk>>);

/// A run without anybody looking.
pub struct Unseen;

impl View for Unseen {
    fn show(&mut self, _: Seq, _: Tick, _: &Event, _: &RunState) {}
}

/// What a run is made of.
pub struct Launch<'a> {
    /// All files.
    pub bundle: &'a Bundle,
    /// The position.
    pub position: &'a Position,
    /// Identity of this session.
    pub identity: &'a Identity,
    /// What a person wants.
    pub wishes: &'a Arc<Wishes>,
    /// The folder for what outlives runs.
    pub state: &'a Path,
    /// A design of the caller's own in place of the suite's.
    pub design: Option<&'a (dyn Design + Sync)>,
}

impl Launch<'_> {
    /// Opens the position's rig. Nothing is energised.
    ///
    /// # Errors
    /// Files that do not fit, and interlocks that leave nothing to do.
    pub fn compose(&self) -> Result<Composed> {
        compose(self.bundle, self.position, self.state)
    }

    /// Begins a run in `dir` on a rig of [`Launch::compose`], and runs it to the end of its session.
    ///
    /// # Errors
    /// The journal cannot be written, or the profile cannot be used.
    pub fn begin<S: Storage>(
        &self,
        composed: Composed,
        storage: S,
        dir: &Path,
        run_id: RunId,
        serial: DutSerial,
        view: &mut dyn View,
    ) -> Result<FinishReason> {
        let mut writer = create(storage, dir, self.traces(&composed))?;
        writer.tap(view.tap());
        let meeting = (view.pulse(), view.desk());
        let mut recorder = Shown { writer, view };
        let at = composed.rig.clock.now();
        recorder.record(at, self.opened(run_id.clone()))?;
        recorder.record(at, Event::RunStarted(Box::new(self.started(run_id, serial, &composed.warnings))))?;
        let (end, led_by) = self.go(composed, &mut recorder, meeting)?;
        led_by.into_iter().for_each(|known| recorder.view.led(known));
        Ok(end)
    }

    /// Goes on with the run in `dir`.
    ///
    /// # Errors
    /// As [`Launch::begin`]; also when there is nothing to go on with.
    pub fn go_on<S: Storage + Clone>(
        &self,
        composed: Composed,
        storage: S,
        dir: &Path,
        started: Fresh,
        view: &mut dyn View,
    ) -> Result<FinishReason> {
        let mut writer = reopen(storage, dir, self.traces(&composed))?;
        writer.tap(view.tap());
        let meeting = (view.pulse(), view.desk());
        let mut recorder = Shown { writer, view };
        let at = composed.rig.clock.now();
        if recorder.state().phase == Phase::Empty {
            recorder.record(at, self.opened(started.run_id.clone()))?;
        }
        if recorder.state().phase == Phase::Opened {
            let run_id = recorder.state().run_id.clone().unwrap_or(started.run_id);
            recorder.record(at, Event::RunStarted(Box::new(self.started(run_id, started.serial, &composed.warnings))))?;
        } else {
            recorder.record(at, self.resumed())?;
        }
        let (end, led_by) = self.go(composed, &mut recorder, meeting)?;
        led_by.into_iter().for_each(|known| recorder.view.led(known));
        Ok(end)
    }

    fn traces(&self, composed: &Composed) -> Traces {
        match self.bundle.suite.value.traces {
            Keep::None => Traces::Off,
            Keep::All | Keep::Flagged => Traces::On(composed.scales.clone()),
        }
    }

    fn go(
        &self,
        mut composed: Composed,
        recorder: &mut dyn Recorder,
        (pulse, desk): Meeting,
    ) -> Result<(FinishReason, Option<Known>)> {
        let suite = &self.bundle.suite.value;
        let adapters: Vec<_> = self.bundle.adapters.iter().map(|adapter| adapter.value.clone()).collect();
        let suffered = super::ledger::suffered(self.state, recorder.state());
        let bench = Bench { profile: &self.bundle.profile.value, adapters: &adapters, position: self.position };
        let own = design_of(suite, &bench, until(suite, &self.identity.zone)?);
        if let (None, Some(desk)) = (&composed.rig.person, &desk) {
            composed.rig.person = Some(Box::new(AtDesk(Arc::clone(desk))));
        }
        composed.rig.sensors = Box::new(Controlled::new(composed.rig.sensors, Arc::clone(self.wishes), pulse, desk));
        let job = Job { suite, bench, design: self.design.map_or(&own as &dyn Design, |design| design), suffered };
        let end = crate::engine::run(&mut composed.rig, recorder, &job).map_err(|over| match over {
            Over::Record(error) => anyhow::Error::new(error),
            over @ Over::Watch(_) => anyhow::Error::new(over),
        })?;
        let led_by = match (&own, self.design) {
            (Chosen::Adaptive(design), None) => Some(design.chooser(recorder.state()).known().clone()),
            _ => None,
        };
        Ok((end, led_by))
    }

    fn opened(&self, run_id: RunId) -> Event {
        let (major, minor) = crate::domain::event::FORMAT;
        Event::JournalOpened(JournalOpened {
            format: format!("{major}.{minor}"),
            run_id,
            wall: self.identity.wall,
            program: self.identity.program.clone(),
            host: self.identity.host.clone(),
        })
    }

    fn resumed(&self) -> Event {
        Event::RunResumed(RunResumed {
            wall: self.identity.wall,
            operator: self.identity.operator.clone(),
            program: self.identity.program.clone(),
            host: self.identity.host.clone(),
            set_aside_bytes: 0,
        })
    }

    fn started(&self, run_id: RunId, dut_serial: DutSerial, warnings: &[String]) -> RunStarted {
        RunStarted {
            run_id,
            wall: self.identity.wall,
            operator: self.identity.operator.clone(),
            dut_serial,
            dut_fw: None,
            station: self.bundle.rig.value.station.clone(),
            position: self.position.clone(),
            suite: self.bundle.suite.value.clone(),
            profile: self.bundle.profile.value.clone(),
            adapters: self.bundle.adapters.iter().map(|adapter| adapter.value.clone()).collect(),
            inputs: self.bundle.inputs(),
            warnings: self
                .bundle
                .warnings
                .0
                .iter()
                .map(|warning| warning.message.clone())
                .chain(warnings.iter().cloned())
                .collect(),
        }
    }
}

/// What a run gets that crashed before its first lines were on the disk.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// Identity.
    pub run_id: RunId,
    /// The unit.
    pub serial: DutSerial,
}

/// The suite's hour of day.
///
/// # Errors
/// It is no hour of day.
pub fn until(suite: &Suite, zone: &TimeZone) -> Result<Option<Until>> {
    let Some(text) = &suite.design.until else { return Ok(None) };
    let time =
        jiff::civil::Time::strptime("%H:%M", text).with_context(|| format!("design.until = \"{text}\" is no hour of day"))?;
    Ok(Some(Until { time, zone: zone.clone() }))
}

/// Whether a journal could not be opened for a reason that leaves everything as it was.
pub fn untouched(error: &anyhow::Error) -> bool {
    error.downcast_ref::<OpenError>().is_some()
}

/// A recorder that somebody looks at.
struct Shown<'a, S: Storage> {
    writer: JournalWriter<S>,
    view: &'a mut dyn View,
}

impl<S: Storage> Recorder for Shown<'_, S> {
    fn record(&mut self, at: Tick, event: Event) -> Result<Seq, RecordError> {
        let shown = event.clone();
        let seq = self.writer.record(at, event)?;
        self.view.show(seq, at, &shown, self.writer.state());
        Ok(seq)
    }

    fn state(&self) -> &RunState {
        self.writer.state()
    }

    fn trace(&mut self, batch: &Batch) -> Result<(), RecordError> {
        self.writer.trace(batch)
    }

    fn close_traces(&mut self, at: Tick, keep: bool) -> Result<(), RecordError> {
        self.writer.close_traces(at, keep)
    }
}

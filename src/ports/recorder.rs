//! The port through which the engine writes its facts down.

use super::batch::Batch;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::run_state::RunState;
use crate::domain::units::Tick;

/// A fact could not be written down. The run is made safe and ends: nothing is done that is not recorded.
#[derive(Debug, thiserror::Error)]
#[error("the journal could not be written: {0}")]
pub struct RecordError(pub String);

/// Writes events and traces, and knows the state of the run that they add up to.
pub trait Recorder {
    /// Appends an event and returns the number of its line. Events that settle something are on the disk when this returns.
    ///
    /// # Errors
    /// [`RecordError`] when the event is illegal or the storage fails.
    fn record(&mut self, at: Tick, event: Event) -> Result<Seq, RecordError>;

    /// The fold over all events recorded so far.
    fn state(&self) -> &RunState;

    /// Adds raw readings to the traces of the open trial.
    ///
    /// # Errors
    /// [`RecordError`] when the storage fails.
    fn trace(&mut self, batch: &Batch) -> Result<(), RecordError>;

    /// Completes the traces of the open trial: kept ones are synced, renamed to their hash and recorded as `attached`; others are thrown away.
    ///
    /// # Errors
    /// [`RecordError`] when the storage fails.
    fn close_traces(&mut self, at: Tick, keep: bool) -> Result<(), RecordError>;
}

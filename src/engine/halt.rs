//! Why a step did not go on.

use crate::domain::event::How;
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{RecordError, Refused};

/// What ends a trial before its end.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// The rig failed.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// Somebody wants the run to end now.
    #[error("stopped")]
    Stop(How),
    /// A fact could not be written down.
    #[error("{0}")]
    Record(#[from] RecordError),
}

/// A refused command as a fault of the rig. Refusals of the camera's own supply are data and never come this way.
pub fn refused(port: &'static str, refused: Refused) -> Fault {
    match refused {
        Refused::Broken(fault) => fault,
        Refused::Never(why) => Fault::new(FaultKind::Interlock, port, why),
        Refused::Until { why, .. } => Fault::new(FaultKind::Refused, port, why),
    }
}

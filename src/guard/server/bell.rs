//! How other threads and signals wake the one that runs the machine.

use super::super::wire::Edge;
use super::keeper::Waiting;
use super::worker::Task;
use crate::domain::verdict::Fault;
use crate::ports::Refused;
use crate::ports::device::PowerReading;
use rustix::event::{EventfdFlags, eventfd};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};

/// What happened outside the machine's thread.
#[derive(Debug)]
pub(super) enum Happened {
    /// The coil was switched.
    Edge(Edge),
    /// The coil did not do what it was told.
    CoilBroken(Fault),
    /// The page of a press was written down, or why not.
    Kept(Waiting, Result<(), String>),
    /// What the supply measures at its terminals.
    Supply(Result<PowerReading, Fault>),
    /// An instrument did its task, or did not.
    Worked(Task, Result<(), Refused>),
    /// The emergency stop stands so.
    EStop(bool),
}

/// A queue with a descriptor that can be waited for.
#[derive(Debug)]
pub(super) struct Bell<T = Happened>(Arc<(OwnedFd, Mutex<Vec<T>>)>);

impl<T> Clone for Bell<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Bell<T> {
    /// An empty one.
    pub(super) fn new() -> io::Result<Self> {
        let descriptor = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self(Arc::new((descriptor, Mutex::default()))))
    }

    /// Puts something in and rings.
    pub(super) fn ring(&self, what: T) {
        self.queue().push(what);
        // A counter that is full is ringing already.
        let _ = rustix::io::write(&self.0.0, &1_u64.to_ne_bytes());
    }

    /// Takes everything out.
    pub(super) fn take(&self) -> Vec<T> {
        let _ = rustix::io::read(&self.0.0, &mut [0_u8; 8]);
        std::mem::take(&mut self.queue())
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.0.1.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> AsFd for Bell<T> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.0.as_fd()
    }
}

/// A socket that becomes readable when the process is told to end.
pub(super) fn on_terminate() -> io::Result<UnixStream> {
    let (read, write) = UnixStream::pair()?;
    signal_hook::low_level::pipe::register(signal_hook::consts::SIGTERM, write)?;
    Ok(read)
}

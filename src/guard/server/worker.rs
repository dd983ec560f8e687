//! Instruments on a thread of their own: an answer that takes a second must not keep the machine from releasing a coil.

use super::bell::{Bell, Happened};
use super::keep::{Keep, Page};
use crate::domain::ids::AdapterName;
use crate::domain::units::Volts;
use crate::domain::verdict::FaultKind;
use crate::ports::Refused;
use crate::ports::device::{PowerOutput, Route};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time between two readings of what the supply gives.
const EVERY: Duration = Duration::from_secs(1);

/// The instruments.
pub(super) struct Devices {
    pub(super) supply: Box<dyn PowerOutput>,
    pub(super) route: Option<Box<dyn Route>>,
}

/// What an instrument is to do.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// Write this down first.
    Keep(Page),
    Set(Volts),
    Output(bool),
    Connect(AdapterName),
}

/// The thread. Tasks are done in the order in which they were told.
pub(super) struct Worker {
    tasks: Option<Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start(devices: Devices, keep: Keep, happened: Bell) -> io::Result<Self> {
        let (tasks, told) = channel();
        let thread =
            std::thread::Builder::new().name("supply".to_owned()).spawn(move || work(devices, &keep, &told, &happened))?;
        Ok(Self { tasks: Some(tasks), thread: Some(thread) })
    }

    pub(super) fn tell(&self, task: Task) {
        // The thread ends after this side only.
        let _ = self.tasks.as_ref().map(|tasks| tasks.send(task));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.tasks.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(mut devices: Devices, keep: &Keep, tasks: &Receiver<Task>, happened: &Bell) {
    let (mut on, mut measures) = (false, true);
    loop {
        let task = match tasks.recv_timeout(EVERY) {
            Ok(task) => task,
            Err(RecvTimeoutError::Timeout) if on && measures => {
                let reading = devices.supply.read();
                // One that says so measures nothing, and is not asked again.
                measures = !matches!(&reading, Err(fault) if fault.fault == FaultKind::Refused);
                if measures {
                    happened.ring(Happened::Supply(reading));
                }
                continue;
            }
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let done = match &task {
            // Nobody can be told that what the bench rests is not known; the next start then takes it for longer.
            Task::Keep(page) => {
                let _ = keep.store(page);
                continue;
            }
            Task::Set(volts) => devices.supply.set(*volts),
            Task::Output(wanted) => {
                on = *wanted;
                devices.supply.output(on)
            }
            Task::Connect(adapter) => match &mut devices.route {
                Some(route) => route.connect(adapter),
                None => Err(Refused::Never("the rig has no selector".to_owned())),
            },
        };
        happened.ring(Happened::Worked(task, done));
    }
}

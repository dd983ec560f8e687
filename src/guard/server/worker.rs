//! Instruments on a thread of their own: an answer that takes a second must not keep the machine from releasing a coil.

use super::bell::{Bell, Happened};
use crate::domain::ids::AdapterName;
use crate::domain::units::Volts;
use crate::ports::Refused;
use crate::ports::device::{PowerOutput, Route};
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// What an instrument is to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Task {
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
    pub(super) fn start(supply: Box<dyn PowerOutput>, route: Option<Box<dyn Route>>, happened: Bell) -> io::Result<Self> {
        let (tasks, told) = channel();
        let thread =
            std::thread::Builder::new().name("supply".to_owned()).spawn(move || work(supply, route, &told, &happened))?;
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

fn work(mut supply: Box<dyn PowerOutput>, mut route: Option<Box<dyn Route>>, tasks: &Receiver<Task>, happened: &Bell) {
    for task in tasks {
        let done = match &task {
            Task::Set(volts) => supply.set(*volts),
            Task::Output(on) => supply.output(*on),
            Task::Connect(adapter) => match &mut route {
                Some(route) => route.connect(adapter),
                None => Err(Refused::Never("the rig has no selector".to_owned())),
            },
        };
        happened.ring(Happened::Worked(task, done));
    }
}

//! What the drivers that read need: a clock that may be read on any thread, and a sink for what was read.

use crate::domain::units::Tick;
use crate::domain::verdict::Fault;
use crate::ports::device::{Reading, Sink, Stamped};
use std::sync::Arc;

/// Reads the rig's clock on any thread.
pub type Now = Arc<dyn Fn() -> Tick + Send + Sync>;

/// A sink with the clock that its readings are stamped by.
pub(super) struct Feed {
    sink: Box<dyn Sink>,
    now: Now,
    /// The sink was full: something was lost.
    lost: bool,
}

impl Feed {
    pub fn new(sink: Box<dyn Sink>, now: Now) -> Self {
        Self { sink, now, lost: false }
    }

    pub fn now(&self) -> Tick {
        (self.now)()
    }

    /// Gives a reading, stamped now. A sink that is full has told whoever reads it; here only the loss is remembered.
    pub fn give(&mut self, reading: Reading) {
        let at = self.now();
        self.give_at(at, reading);
    }

    /// Gives a reading of an earlier moment.
    pub fn give_at(&mut self, at: Tick, reading: Reading) {
        self.lost |= self.sink.put(Stamped { at, reading }).is_err();
    }

    /// Tells why nothing comes at the moment.
    pub fn trouble(&mut self, fault: Fault) {
        self.sink.trouble(fault);
    }

    /// Whether something was lost since this was last asked.
    pub fn take_lost(&mut self) -> bool {
        std::mem::take(&mut self.lost)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A sink and a clock for tests.

    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::{Duration, Instant};

    struct Kept(Sender<Stamped>);

    impl Sink for Kept {
        fn put(&mut self, reading: Stamped) -> Result<(), Fault> {
            let _ = self.0.send(reading);
            Ok(())
        }
    }

    /// A sink, the clock, and what comes out.
    #[expect(clippy::disallowed_methods, reason = "drivers are tried in real time")]
    pub fn feed() -> (Box<dyn Sink>, Now, Receiver<Stamped>) {
        let (sender, receiver) = channel();
        let epoch = Instant::now();
        let now = Arc::new(move || Tick(epoch.elapsed().as_micros() as u64));
        (Box::new(Kept(sender)), now, receiver)
    }

    /// Waits for the next reading, as long as a loaded machine may need.
    pub fn next(receiver: &Receiver<Stamped>) -> Reading {
        receiver.recv_timeout(Duration::from_secs(20)).expect("a reading comes").reading
    }
}

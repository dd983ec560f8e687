//! The emergency stop on a thread of its own.

use super::EStop;
use super::bell::{Bell, Happened};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How soon the thread ends when the devices are given back.
const LOOK: Duration = Duration::from_millis(100);

/// The thread. Dropping it gives the line back.
pub(super) struct StopWatch {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl StopWatch {
    /// Begins to watch. A stop that cannot be read any more counts as pressed.
    pub(super) fn start(mut stop: Box<dyn EStop>, bell: Bell) -> io::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let watch = move || {
            while !ends.load(Ordering::Relaxed) {
                match stop.next(LOOK) {
                    Ok(Some(pressed)) => bell.ring(Happened::EStop(pressed)),
                    Ok(None) => {}
                    Err(_) => return bell.ring(Happened::EStop(true)),
                }
            }
        };
        let thread = std::thread::Builder::new().name("e-stop".to_owned()).spawn(watch)?;
        Ok(Self { over, thread: Some(thread) })
    }
}

impl Drop for StopWatch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

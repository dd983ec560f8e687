//! Writes the coil's heat down on a thread of its own: a slow disk must not keep the rules from releasing a coil. A press is done only when its
//! page stands in the record.

use super::bell::{Bell, Happened};
use super::keep::{Keep, Page};
use crate::ports::PressOrder;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// A press that waits for its page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Waiting {
    /// The press, on the machine's clock.
    pub(super) order: PressOrder,
    /// How often the coil had been told to be off when it was ordered: one that was told so since is not pressed any more.
    pub(super) released: u64,
}

/// The thread.
pub(super) struct Keeper {
    pages: Option<Sender<(Page, Waiting)>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    pub(super) fn start(keep: Keep, happened: Bell) -> io::Result<Self> {
        let (pages, told) = channel();
        let thread = std::thread::Builder::new().name("record".to_owned()).spawn(move || write(&keep, &told, &happened))?;
        Ok(Self { pages: Some(pages), thread: Some(thread) })
    }

    pub(super) fn tell(&self, page: Page, waiting: Waiting) {
        // The thread ends after this side only.
        let _ = self.pages.as_ref().map(|pages| pages.send((page, waiting)));
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.pages.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(keep: &Keep, pages: &Receiver<(Page, Waiting)>, happened: &Bell) {
    for (page, waiting) in pages {
        let written = keep.store(&page).map_err(|error| error.to_string());
        happened.ring(Happened::Kept(waiting, written));
    }
}

//! Ctrl-C and SIGTERM become wishes.

use super::control::Wishes;
use crate::domain::event::How;
use anyhow::{Context, Result};
use std::io::Write;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// Listens on a thread of its own until the process ends.
///
/// # Errors
/// The signal handlers cannot be installed.
pub fn listen(wishes: Arc<Wishes>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting the signal listener")?;
    let (mut interrupts, mut terminations) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = interrupts.recv() => say(wishes.interrupt()),
                    _ = terminations.recv() => {
                        wishes.stop(How::FinishSafely);
                        say(How::FinishSafely);
                    }
                }
            }
        });
    })?;
    Ok(())
}

fn say(how: How) {
    let text = match how {
        How::AfterTrial => return,
        How::FinishSafely => {
            "\nstopping: the button is let go, and the power stays on until the camera can no longer be writing flash.\n\
             Press Ctrl-C again to cut the power at once; that may leave the camera unable to start for good."
        }
        How::Now => "\nstopping at once: the power is cut inside the write window; this is counted against the unit.",
    };
    // Standard error may be gone; there is nobody to tell then.
    let _ = writeln!(std::io::stderr(), "{text}");
}

//! Ctrl-C, and the signals by which systems end programs, become wishes.

use super::control::Wishes;
use crate::domain::event::How;
use anyhow::{Context, Result};
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};

const SAFELY: &str = "stopping: the button is let go, and the power stays on until the camera can no longer be writing flash.";
const RISK: &str = "that may leave the camera unable to start for good.";
const AT_ONCE: &str = "stopping at once: the power is cut inside the write window; this is counted against the unit.";

/// Listens on a thread of its own until the process ends; what came of each signal is told by `tell`.
///
/// # Errors
/// The signal handlers cannot be installed.
pub fn listen(wishes: Arc<Wishes>, tell: impl Fn(&str) + Send + 'static) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting the signal listener")?;
    let (mut interrupts, mut terminations, mut quits, mut hangups) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::quit())?, hangups()?)
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                let interrupted = tokio::select! {
                    _ = interrupts.recv() => true,
                    _ = terminations.recv() => false,
                    _ = quits.recv() => false,
                    _ = hung_up(&mut hangups) => false,
                };
                if interrupted && wishes.interrupt() == How::Now {
                    tell(AT_ONCE);
                } else {
                    wishes.stop(How::FinishSafely);
                    tell(&format!(
                        "{SAFELY}\nPress Ctrl-C {} to cut the power at once; {RISK}",
                        if interrupted { "again" } else { "twice" }
                    ));
                }
            }
        });
    })?;
    Ok(())
}

/// The end of the terminal that the program was started from. Under `nohup` it was told to go on without one.
fn hangups() -> Result<Option<Signal>> {
    let ignored = std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangups(&status));
    Ok(if ignored { None } else { Some(signal(SignalKind::hangup())?) })
}

/// Whether `SigIgn` of a process's status (proc(5)), a mask in hexadecimal, names signal 1.
fn ignores_hangups(status: &str) -> bool {
    let mask =
        status.lines().find_map(|line| line.strip_prefix("SigIgn:")).and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

async fn hung_up(hangups: &mut Option<Signal>) {
    match hangups {
        Some(hangups) => {
            hangups.recv().await;
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_was_told_to_ignore_hangups_does() {
        assert!(ignores_hangups("Name:\tpinhole\nSigIgn:\t0000000000001001\n"));
        assert!(!ignores_hangups("SigBlk:\t0000000000000001\nSigIgn:\t0000000000001000\n"));
        assert!(!ignores_hangups(""));
    }
}

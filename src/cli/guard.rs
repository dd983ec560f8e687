//! `pinhole guard`: the process that owns a real bench's outputs. `docs/guard.md` tells what it promises.

use super::args;
use super::compose::opener;
use super::trouble::Trouble;
use crate::domain::units::{Seconds, Tick};
use crate::guard::server::{Host, Monotonic, Place, serve};
use anyhow::Context;
use sd_notify::{NotifyState, notify};
use std::io::{Write, stdout};

/// Runs the guard until nothing is on and nobody wants it.
pub fn guard(args: &args::Guard) -> Result<u8, Trouble> {
    // A session of its own: no key at the engine's terminal, and no terminal's end, reaches it. Whoever leads a session already has one.
    let _ = rustix::process::setsid();
    let place = Place { socket: args.socket.clone(), record: args.record.clone() };
    let mut host = Process { stays: args.stay, told: None };
    serve(place, opener(), &mut host).context("the guard").map_err(Trouble::refused)?;
    Ok(0)
}

/// This process, started by an engine or by systemd.
struct Process {
    stays: bool,
    /// When systemd was told last that it lives.
    told: Option<Tick>,
}

/// Time between two signs of life: a fraction of what the unit's `WatchdogSec` allows.
const SIGN: Seconds = Seconds::from_millis(1_000);

impl Host for Process {
    fn ready(&mut self) {
        // Whoever started it may be gone; without systemd there is nobody to notify.
        let _ = stdout().lock().write_all(b"\n").and_then(|()| stdout().flush());
        let _ = notify(&[NotifyState::Ready]);
    }

    fn alive(&mut self) {
        let now = Monotonic::RAW.now();
        if self.told.is_none_or(|told| now.since(told) >= SIGN) {
            self.told = Some(now);
            let _ = notify(&[NotifyState::Watchdog]);
        }
    }

    fn stays(&self) -> bool {
        self.stays
    }
}

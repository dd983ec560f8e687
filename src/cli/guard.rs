//! `pinhole guard`: the process that owns a real bench's outputs. `docs/guard.md` tells what it promises.

use super::args;
use super::compose::opener;
use super::trouble::Trouble;
use crate::guard::server::{Place, serve};
use anyhow::Context;
use std::io::{Write, stdout};

/// Runs the guard until nothing is on and nobody wants it.
pub fn guard(args: &args::Guard) -> Result<u8, Trouble> {
    // A session of its own: no key at the engine's terminal, and no terminal's end, reaches it. Whoever leads a session already has one.
    let _ = rustix::process::setsid();
    let place = Place { socket: args.socket.clone(), record: args.record.clone() };
    let ready = || {
        // Whoever started it may be gone.
        let _ = stdout().lock().write_all(b"\n").and_then(|()| stdout().flush());
    };
    serve(place, opener(), ready).context("the guard").map_err(Trouble::refused)?;
    Ok(0)
}

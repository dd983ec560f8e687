//! Relays and what they lead to; and the LCUS board, which takes four bytes a command and never answers.

use super::Instrument;
use super::bench::Bench;
use super::plan::{Role, Roles};

/// Switches what a relay leads to.
pub(super) fn switch(roles: &Roles, relay: u8, on: bool, bench: &mut Bench) {
    match roles.relays.get(&relay) {
        Some(Role::Coil) => bench.coil(on),
        Some(Role::Output) => bench.output(on),
        Some(Role::Adapter(adapter)) if on => bench.connect(adapter),
        // An adapter that is let go is replaced by the next one: the world has no empty place.
        Some(Role::Adapter(_)) | None => {}
    }
}

pub(super) struct Lcus {
    roles: Roles,
    frame: Vec<u8>,
}

impl Lcus {
    pub fn new(roles: Roles) -> Self {
        Self { roles, frame: Vec::new() }
    }
}

impl Instrument for Lcus {
    fn turn(&mut self, input: &[u8], bench: &mut Bench) -> Vec<u8> {
        for &byte in input {
            self.frame.push(byte);
            if self.frame[0] != 0xa0 {
                self.frame.clear();
            }
            let [start, relay, state, sum] = self.frame[..] else { continue };
            if start.wrapping_add(relay).wrapping_add(state) == sum && state <= 1 {
                switch(&self.roles, relay, state == 1, bench);
            }
            self.frame.clear();
        }
        Vec::new()
    }
}

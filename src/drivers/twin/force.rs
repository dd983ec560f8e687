//! The tip on the button: how the stroke of the solenoid ends, and the force that a load cell under it sees.

use super::bench::{Bench, Event};
use super::world::ButtonForce;
use crate::domain::units::{Seconds, Tick};
use crate::ports::Channel;

/// The force just before the dome gives way, as a share of the force at which it does: the rest comes with the snap itself.
const BEFORE: f64 = 0.85;
/// How long the force takes to go when the tip lifts (assumption: the dome pushes it off).
const LIFT: Seconds = Seconds::from_millis(4);

/// A coil that cannot hold lets go. Void when its current was switched since.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LetsGo {
    stroke: u32,
}

/// What the tip comes down on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Landing {
    /// A dome that snaps. Without: a worn one, or no button.
    pub snaps: bool,
    /// Something that does not give: the tip is beside the button.
    pub stiff: bool,
}

/// The tip.
pub(super) struct Tip {
    model: ButtonForce,
    /// Counts switchings of the coil.
    stroke: u32,
    /// Force of the coil in this press.
    force_n: f64,
}

impl Tip {
    /// Up.
    pub fn new(model: ButtonForce) -> Self {
        Self { model, stroke: 0, force_n: 0.0 }
    }
}

impl Bench {
    /// The load cell before any press.
    pub(super) fn show_force(&mut self) {
        let cell = &self.tip.model;
        self.sampler.set(Channel::Force, cell.offset_n, cell.noise_n);
    }

    /// The coil begins to pull, and would bring the tip home after `pull_in`. When it really comes home, if it does at all: it may be stuck,
    /// late, short of stroke, or too weak for the dome.
    pub(super) fn begin_stroke(&mut self, pull_in: Seconds) -> Option<Seconds> {
        self.tip.stroke += 1;
        self.tip.force_n = self.coil.force_n();
        if self.faults.coil_stuck {
            return None;
        }
        let home = pull_in + self.faults.coil_late;
        let model = &self.tip.model;
        let (home_at, ramp, snap_n) = (self.now + home, model.ramp_s, model.snap_n);
        let touches = Tick(home_at.0.saturating_sub(ramp.micro().max(0) as u64).max(self.now.0));
        let most = if self.faults.coil_partial { model.short * snap_n } else { self.tip.force_n.min(BEFORE * snap_n) };
        self.force_path(&[(touches, 0.0), (home_at, most)]);
        if self.faults.coil_partial || self.tip.force_n < snap_n {
            return None;
        }
        if let Some(after) = self.faults.coil_drops {
            let stroke = self.tip.stroke;
            self.queue.push(self.now + after.max(home), Event::LetsGo(LetsGo { stroke }));
        }
        Some(home)
    }

    /// The tip has come home on something.
    pub(super) fn land(&mut self, on: Landing) {
        let (model, coil_n) = (&self.tip.model, self.tip.force_n);
        let (now, snap_n, snap_s) = (self.now, model.snap_n, model.snap_s);
        let end_n = if on.stiff { self.coil.stiff_n().max(coil_n) } else { coil_n };
        if on.snaps && model.dip > 0.0 {
            let (top, low) = (now + Seconds::from_millis(1), snap_n * (1.0 - model.dip));
            let dip_end = top + snap_s;
            let half = top + Seconds::from_micro(snap_s.micro() / 2);
            self.force_path(&[(top, snap_n), (half, low), (dip_end, low), (dip_end + snap_s, end_n)]);
        } else {
            self.force_path(&[(now + snap_s, end_n)]);
        }
    }

    /// The coil's current is off: the tip lifts after `drop_out`.
    pub(super) fn end_stroke(&mut self, drop_out: Seconds) {
        self.tip.stroke += 1;
        self.lift_at(self.now + drop_out);
    }

    fn lift_at(&mut self, at: Tick) {
        let force = self.sampler.line_mut(Channel::Force).map_or(0.0, |line| line.end_of_path());
        self.force_path(&[(at, force), (at + LIFT, 0.0)]);
    }

    /// The coil lets go, if it is hot.
    pub(super) fn lets_go(&mut self, event: &LetsGo) {
        if event.stroke == self.tip.stroke && self.coil.lets_go(self.now) {
            self.lift_at(self.now);
            self.tip_slips();
        }
    }

    fn force_path(&mut self, points: &[(Tick, f64)]) {
        let now = self.now;
        if let Some(line) = self.sampler.line_mut(Channel::Force) {
            line.set_path(now, points);
        }
    }
}

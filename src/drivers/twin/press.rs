//! The press: from the order over coil and contact to what the camera makes of it.

use super::bench::{Bench, Event};
use super::camera::{Held, Life};
use super::chance::Purpose;
use super::contact::{Opening, Touch};
use super::life::CameraEvent;
use super::world::WindowModel;
use crate::domain::profile::{Action, Effect, LightMeaning, PressMode};
use crate::domain::units::{Seconds, Tick};
use crate::ports::{PressOrder, Reading, Refused};

/// What happens between order and camera.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PressEvent {
    /// The coil is switched. Void when the order was changed.
    Edge { number: u32, on: bool },
    /// The tip comes down or goes up. Void when the coil was switched before.
    Tip { stroke: u32, down: bool },
    /// The contact opens under the pressed button. Void when the tip has moved.
    Opens { touch: u32, why: Opening },
    /// It closes again. Void when the tip has moved.
    Closes { touch: u32 },
    /// A contact that closed by its chatter opens again. Void when the tip has moved.
    Lost { touch: u32 },
    /// The camera notices the button. Void when it was let go.
    Noticed { press: u32 },
    /// It shows that a window is reached. Void when it was let go.
    Acknowledge { press: u32, window: usize },
    /// The window's threshold is reached. Void when it was let go.
    Threshold { press: u32, window: usize },
}

/// What the presser was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    /// Counts changes of the order: edges of an earlier one are void.
    number: u32,
    /// An order is not over.
    pending: bool,
    /// Counts movements of the plunger.
    stroke: u32,
    drop_out: Seconds,
}

impl Bench {
    pub(super) fn order(&mut self, order: PressOrder) -> Result<(), Refused> {
        if self.orders.pending {
            return Err(Refused::Never("a press is under way".to_owned()));
        }
        let on = order.at.max(self.now);
        if order.release_at <= on {
            return Err(Refused::Never("the press would end before it begins".to_owned()));
        }
        self.orders.pending = true;
        self.orders.number += 1;
        let on = self.edge_at(on, true);
        self.edge_at(order.release_at.max(on + Seconds::from_micro(1)), false);
        Ok(())
    }

    pub(super) fn release(&mut self) {
        if !self.orders.pending {
            return;
        }
        self.orders.number += 1;
        if self.coil.is_on() {
            self.edge_at(self.now, false);
        } else {
            self.orders.pending = false;
        }
    }

    /// Plans an edge: late by a half-normal amount, as a thread that waits for a deadline is.
    fn edge_at(&mut self, at: Tick, on: bool) -> Tick {
        let late = self.chance.next(Purpose::Edge).normal().abs() * self.lateness.get();
        let at = at + Seconds::new(late);
        self.queue.push(at, Event::Press(PressEvent::Edge { number: self.orders.number, on }));
        at
    }

    pub(super) fn press_event(&mut self, event: PressEvent) {
        match event {
            PressEvent::Edge { number, on } if number == self.orders.number => self.edge(on),
            PressEvent::Tip { stroke, down: true } if stroke == self.orders.stroke => self.tip_down(),
            PressEvent::Tip { stroke, down: false } if stroke == self.orders.stroke => self.tip_up(),
            PressEvent::Opens { touch, why } => self.opens(touch, why),
            PressEvent::Closes { touch } => self.closes(touch),
            PressEvent::Lost { touch } => self.lost(touch),
            PressEvent::Noticed { press } if press == self.camera.press_number => self.say("button: pressed"),
            PressEvent::Acknowledge { press, window } if press == self.camera.press_number => self.acknowledge(window),
            PressEvent::Threshold { press, window } if press == self.camera.press_number => self.threshold(window),
            _ => {}
        }
    }

    fn edge(&mut self, on: bool) {
        self.coil.switch(self.now, on);
        self.out.push(Reading::Coil { energised: on, at: self.now, uncertainty: self.edge_u });
        self.orders.stroke += 1;
        let stroke = self.orders.stroke;
        if on {
            let motion = self.coil.stroke(&mut self.chance.next(Purpose::Stroke));
            self.orders.drop_out = motion.drop_out;
            if let Some(pull_in) = self.begin_stroke(motion.pull_in) {
                self.queue.push(self.now + pull_in, Event::Press(PressEvent::Tip { stroke, down: true }));
            }
        } else {
            self.orders.pending = false;
            self.end_stroke(self.orders.drop_out + self.faults.coil_sticks);
            if self.touch != Touch::None {
                let at = self.now + self.orders.drop_out + self.faults.coil_sticks;
                self.queue.push(at, Event::Press(PressEvent::Tip { stroke, down: false }));
            }
        }
    }

    /// The contact closes for longer than the debounce time.
    pub(super) fn close(&mut self) {
        self.contact_closed = true;
        if self.camera.life == Life::Up && self.camera.model.button.mode == PressMode::Hot {
            self.arm();
        }
    }

    /// The tip goes up although the coil is on.
    pub(super) fn tip_slips(&mut self) {
        self.tip_up();
    }

    /// The contact opens for longer than the debounce time, or for good.
    pub(super) fn open(&mut self) {
        self.contact_closed = false;
        let now = self.now;
        self.camera.press_number += 1;
        let Some(held) = self.camera.held.take() else { return };
        if self.camera.model.button.action == Action::OnRelease
            && let Some(effect) = self.window_of(now.since(held.since))
        {
            self.accept(effect);
        } else if held.acknowledged {
            self.show_state();
            self.sound_state();
        }
    }

    /// The camera begins to count a press.
    pub(super) fn arm(&mut self) {
        if self.chance.at(Purpose::Lapse, 0).happens(self.camera.model.button.lapse) {
            return;
        }
        let now = self.now;
        self.camera.held = Some(Held { since: now, acknowledged: false });
        self.camera.press_number += 1;
        let press = self.camera.press_number;
        let needed: Vec<(Seconds, Effect)> =
            self.camera.model.button.windows.iter().enumerate().map(|(i, w)| (self.needed(i, w), w.effect)).collect();
        if let Some(truth) = self.truth.now().presses.last_mut() {
            truth.needed_s = needed.iter().find(|(_, effect)| *effect == Effect::FactoryReset).map(|(needed, _)| *needed);
        }
        let button = &self.camera.model.button;
        let (debounce, lead, action) = (button.debounce_s, button.ack_lead_s, button.action);
        self.queue.push(now + debounce, Event::Press(PressEvent::Noticed { press }));
        for (window, (needed, effect)) in needed.into_iter().enumerate() {
            if effect != Effect::None {
                let shown = now + debounce.max(needed - lead);
                self.queue.push(shown, Event::Press(PressEvent::Acknowledge { press, window }));
            }
            if action == Action::AtThreshold {
                self.queue.push(now + needed, Event::Press(PressEvent::Threshold { press, window }));
            }
        }
    }

    /// The contact time that a window needs in this trial on the connected adapter.
    fn needed(&self, number: usize, window: &WindowModel) -> Seconds {
        let (factor, spread) = self.adapter().map_or((1.0, None), |adapter| (adapter.threshold_factor, adapter.threshold_spread));
        let median = Seconds::new(window.threshold_s.get() * factor);
        self.chance.at(Purpose::Threshold, number as u32).around(median, spread.unwrap_or(window.spread))
    }

    /// What a press of this length does to a camera that acts on release.
    fn window_of(&self, held: Seconds) -> Option<Effect> {
        let factor = self.adapter().map_or(1.0, |adapter| adapter.threshold_factor);
        let windows = &self.camera.model.button.windows;
        let (_, window) = windows.iter().enumerate().rfind(|(i, window)| held >= self.needed(*i, window))?;
        let too_long = window.to_s.is_some_and(|to| held.get() >= to.get() * factor);
        (!too_long && window.effect != Effect::None).then_some(window.effect)
    }

    fn acknowledge(&mut self, window: usize) {
        let Some(held) = &mut self.camera.held else { return };
        held.acknowledged = true;
        self.answer();
        match self.camera.model.button.windows.get(window).map(|window| window.effect) {
            Some(Effect::FactoryReset) => self.say("button: factory reset accepted"),
            Some(Effect::WifiReset) => self.say("button: wifi reset accepted"),
            Some(Effect::Reboot) => self.say("button: reboot accepted"),
            Some(Effect::None) | None => {}
        }
    }

    fn threshold(&mut self, window: usize) {
        let effect = self.camera.model.button.windows.get(window).map_or(Effect::None, |window| window.effect);
        if effect != Effect::None && self.camera.held.take().is_some() {
            self.camera.press_number += 1;
            self.accept(effect);
        }
    }

    /// The press counts: the camera shows so for a while, and then acts, or not.
    fn accept(&mut self, effect: Effect) {
        let now = self.now;
        if let Some(press) = self.truth.now().presses.last_mut() {
            press.accepted.get_or_insert((now, effect));
        }
        let button = &self.camera.model.button;
        let (shown, nothing) =
            (button.ack_shown_s, self.chance.at(Purpose::AcknowledgedOnly, 0).happens(button.acknowledged_only));
        if nothing {
            self.light(Some(LightMeaning::Acknowledged));
            self.after(shown, CameraEvent::ActNot);
        } else {
            self.enter(Life::Accepted(effect), Some(LightMeaning::Acknowledged));
            self.after(shown, CameraEvent::Act(effect));
        }
    }
}

//! The camera's life: boots, readiness, restarts, losses of power.

use super::bench::Bench;
use super::boot_text::STAGES;
use super::camera::Life;
use super::chance::Purpose;
use super::truth::{BootTruth, LossTruth};
use super::world::WhileBooting;
use crate::domain::observation::BootStage;
use crate::domain::profile::{Effect, LightMeaning, PressMode};
use crate::domain::units::Seconds;

/// Share of a stage in which its text is printed, so that a stage's last line comes before the next stage's first (assumption).
const PRINTING: f64 = 0.95;

/// What happens in the camera. Void when its life has changed since.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum CameraEvent {
    /// It prints a line of its boot text.
    Line(usize),
    /// A stage of the boot begins.
    Stage(BootStage),
    /// The boot is over.
    Ready,
    /// The infrared lamps go on.
    Infrared,
    /// It does what it accepted.
    Act(Effect),
    /// It has acknowledged a press and does nothing.
    ActNot,
    /// It answers a line of its shell.
    Reply(String),
    /// It is still erasing.
    StillErasing,
    /// The heaviest moment of an erase.
    WeakMoment,
    /// A category is wiped.
    Wiped,
    /// The restart's dark moment is over.
    Again,
}

impl Bench {
    pub(super) fn camera_event(&mut self, epoch: u32, what: CameraEvent) {
        if epoch != self.camera.epoch {
            return;
        }
        match what {
            CameraEvent::Line(number) => self.boot_line(number),
            CameraEvent::Stage(stage) => {
                self.camera.life = Life::Boot(stage);
                self.settle();
            }
            CameraEvent::Ready => self.ready(),
            CameraEvent::Infrared => {
                self.camera.infrared = true;
                self.settle();
            }
            CameraEvent::Act(effect) => self.act(effect),
            CameraEvent::ActNot => self.show_state(),
            CameraEvent::Reply(line) => self.reply(&line),
            CameraEvent::StillErasing => self.still_erasing(),
            CameraEvent::WeakMoment => self.weak_moment(),
            CameraEvent::Wiped => self.wiped(),
            CameraEvent::Again => self.start_boot(false),
        }
    }

    /// Begins another life: events of the former one are void.
    pub(super) fn enter(&mut self, life: Life, light: Option<LightMeaning>) {
        self.camera.epoch += 1;
        self.camera.life = life;
        self.show(light);
        self.settle();
    }

    /// Starts from the first instruction.
    pub(super) fn start_boot(&mut self, cold: bool) {
        self.truth.now().boots.push(BootTruth { at: self.now, cold });
        self.camera.typed.clear();
        self.camera.held = None;
        self.camera.press_number += 1;
        if self.camera.bricked {
            self.enter(Life::Bricked, Some(LightMeaning::Failed));
            return;
        }
        self.enter(Life::Boot(BootStage::Bootloader), Some(LightMeaning::Booting));
        let mut draw = self.chance.next(Purpose::Boot);
        let boot = &self.camera.model.boot;
        let spans = [boot.bootloader_s, boot.kernel_s, boot.userland_s, boot.application_s].map(|s| draw.around(s, boot.spread));
        let mut at = Seconds::ZERO;
        self.camera.stages[0] = self.now;
        for (i, span) in spans.into_iter().enumerate() {
            at = at + span;
            self.camera.stages[i + 1] = self.now + at;
            let next = [BootStage::Kernel, BootStage::Userland, BootStage::Application].get(i);
            self.after(at, next.map_or(CameraEvent::Ready, |stage| CameraEvent::Stage(*stage)));
        }
        self.plan_line(0);
        if cold && self.contact_closed && self.camera.model.button.mode == PressMode::HoldThenPower {
            self.arm();
        }
    }

    fn boot_line(&mut self, number: usize) {
        self.flush_console();
        if let Some(line) = self.boot_text.line(number) {
            self.uart.write(self.now, line);
        }
        self.plan_line(number + 1);
    }

    /// Puts the next line of the boot text into the queue: the lines of a stage are spread evenly over it.
    fn plan_line(&mut self, number: usize) {
        if self.boot_text.line(number).is_none() {
            return;
        }
        let (stage, place, count) = self.boot_text.place(number);
        let (start, span) = self.camera.stage_span(stage.min(STAGES - 1));
        let at = start + Seconds::new(span.get() * PRINTING * place as f64 / count.max(1) as f64);
        self.after(at.since(self.now), CameraEvent::Line(number));
    }

    fn ready(&mut self) {
        self.camera.life = Life::Up;
        let now = self.now;
        self.truth.now().ready.push(now);
        self.show_state();
        self.settle();
        self.say("app: ready");
        let state = self.state_line();
        self.say(state);
        if let Some(span) = self.camera.model.load.ir_after_s {
            self.after(span, CameraEvent::Infrared);
        }
        let button = &self.camera.model.button;
        if self.contact_closed && button.mode == PressMode::Hot && button.while_booting == WhileBooting::FromReady {
            self.arm();
        }
    }

    /// The light of a camera in use.
    pub(super) fn show_state(&mut self) {
        if self.camera.is_up() {
            self.show(Some(if self.camera.configured { LightMeaning::Ready } else { LightMeaning::Setup }));
        }
    }

    /// What it says of its own state.
    pub(super) fn state_line(&self) -> &'static str {
        if self.camera.configured { "app: state=configured" } else { "app: state=setup" }
    }

    /// Does what a press asked for.
    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::None => {}
            Effect::Reboot => self.restart(),
            Effect::WifiReset | Effect::FactoryReset => self.start_erase(effect),
        }
    }

    /// Restarts by itself.
    pub(super) fn restart(&mut self) {
        self.say("reboot: Restarting system");
        self.camera.infrared = false;
        self.enter(Life::Restarting, None);
        self.after(self.camera.model.boot.restart_s, CameraEvent::Again);
    }

    /// The power is gone from the camera's inside.
    pub(super) fn go_out(&mut self, brown_out: bool) {
        if self.camera.life == Life::Off {
            return;
        }
        let writing = self.camera.is_writing(self.now);
        self.truth.now().losses.push(LossTruth { at: self.now, brown_out, writing });
        self.flush_console();
        self.uart.cut();
        if writing {
            self.write_lost();
        }
        self.camera.writing_until = self.now;
        self.camera.infrared = false;
        self.camera.held = None;
        self.camera.press_number += 1;
        self.camera.epoch += 1;
        self.camera.life = Life::Off;
        self.show(None);
    }
}

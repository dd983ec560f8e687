//! The camera's life: boots, readiness, restarts, losses of power.

use super::bench::Bench;
use super::camera::Life;
use super::chance::Purpose;
use super::truth::{AnswerTruth, BootCause, LossTruth};
use super::world::{LightModel, Speaks, WhileBooting};
use crate::domain::observation::{BootStage, LightShape, Sense};
use crate::domain::profile::{ChimeMeaning, Effect, LightMeaning, PressMode};
use crate::domain::units::Seconds;

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
    /// It restarts by itself, for this reason.
    Restart(BootCause),
    /// The motor's run of this boot begins.
    Motor,
    /// The light is dark no longer.
    LightBack,
}

impl Bench {
    pub(super) fn camera_event(&mut self, epoch: u32, what: CameraEvent) {
        if epoch != self.camera.epoch {
            return;
        }
        match what {
            CameraEvent::Line(number) => self.boot_line(number),
            CameraEvent::Stage(stage) => self.stage(stage),
            CameraEvent::Ready => self.ready(),
            CameraEvent::Infrared => {
                self.camera.infrared = true;
                self.settle();
            }
            CameraEvent::Act(effect) => self.act(effect),
            CameraEvent::ActNot => {
                self.show_state();
                self.sound_state();
            }
            CameraEvent::Reply(line) => self.reply(&line),
            CameraEvent::StillErasing => self.still_erasing(),
            CameraEvent::WeakMoment => self.weak_moment(),
            CameraEvent::Wiped => self.wiped(),
            CameraEvent::Again => self.start_boot(false),
            CameraEvent::Restart(cause) => self.restart(cause),
            CameraEvent::Motor => self.run_motor(self.camera.model.motor.boot_s),
            CameraEvent::LightBack => self.light(self.camera.wanted_light),
        }
    }

    /// Begins another life: events of the former one are void.
    pub(super) fn enter(&mut self, life: Life, light: Option<LightMeaning>) {
        let was_up = self.camera.is_up();
        self.camera.epoch += 1;
        self.camera.life = life;
        self.light(light);
        self.settle();
        if was_up && !self.camera.is_up() {
            self.ceased_to_be_up();
        }
    }

    fn ceased_to_be_up(&mut self) {
        let now = self.now;
        self.truth.now().down.push(now);
    }

    /// What the light shows from now on, or when it may shine again.
    pub(super) fn light(&mut self, meaning: Option<LightMeaning>) {
        self.camera.wanted_light = meaning;
        if self.now >= self.camera.dark_until {
            self.show(meaning);
        } else {
            self.show(None);
            self.after(self.camera.dark_until.since(self.now), CameraEvent::LightBack);
        }
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
        self.plan_habits();
        self.sound_state();
        let button = &self.camera.model.button;
        if self.contact_closed && button.mode == PressMode::Hot && button.while_booting == WhileBooting::FromReady {
            self.arm();
        }
    }

    /// Goes on being up after an accepted press.
    pub(super) fn be_up(&mut self) {
        self.camera.life = Life::Up;
        self.show_state();
        self.settle();
        self.plan_habits();
        self.sound_state();
    }

    /// What a camera does by itself while it is up.
    fn plan_habits(&mut self) {
        if let Some(span) = self.camera.model.load.ir_after_s {
            self.after(span, CameraEvent::Infrared);
        }
        let firmware = &self.camera.model.firmware;
        let (every, rate) = (firmware.reboot_every_s, firmware.reboots_per_h);
        if let Some(every) = every {
            self.say(&format!("app: remain {} sec to autoreboot", every.get().round()));
            self.after(every, CameraEvent::Restart(BootCause::Own));
        }
        if rate > 0.0 {
            let span = self.chance.next(Purpose::SelfReboot).waiting(Seconds::new(3600.0 / rate));
            self.after(span, CameraEvent::Restart(BootCause::Own));
        }
    }

    /// The light of a camera in use.
    pub(super) fn show_state(&mut self) {
        if self.camera.is_up() {
            self.light(Some(self.state_meaning()));
        }
    }

    fn state_meaning(&self) -> LightMeaning {
        if self.camera.configured { LightMeaning::Ready } else { LightMeaning::Setup }
    }

    /// What it says of its own state.
    pub(super) fn state_line(&self) -> &'static str {
        if self.camera.configured { "app: state=configured" } else { "app: state=setup" }
    }

    /// Shows in every way it has that a press is long enough for something.
    pub(super) fn answer(&mut self) {
        let model = &self.camera.model;
        let (light, state) = (model.light.get(&LightMeaning::Acknowledged), model.light.get(&self.state_meaning()));
        let shape = |light: Option<&LightModel>| light.map_or(LightShape::Off, |light| light.shape);
        let changes = light != state && (shape(light), shape(state)) != (LightShape::Off, LightShape::Off);
        let senses = [
            (Sense::Light, changes),
            (Sense::Sound, model.sound.contains_key(&ChimeMeaning::Acknowledged)),
            (Sense::Console, model.console.speaks == Speaks::All),
            (Sense::Motor, model.motor.acknowledged_s > Seconds::ZERO),
        ];
        let run = model.motor.acknowledged_s;
        let by = senses.into_iter().filter_map(|(sense, shows)| shows.then_some(sense)).collect();
        let at = self.now;
        self.truth.now().answers.push(AnswerTruth { at, by });
        self.light(Some(LightMeaning::Acknowledged));
        self.sound(ChimeMeaning::Acknowledged);
        self.run_motor(run);
    }

    /// Does what a press asked for.
    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::None => {}
            Effect::Reboot => self.restart(BootCause::Press),
            Effect::WifiReset | Effect::FactoryReset => self.reset(effect),
        }
    }

    /// Restarts by itself.
    pub(super) fn restart(&mut self, cause: BootCause) {
        self.say("reboot: Restarting system");
        self.camera.infrared = false;
        self.camera.held = None;
        self.camera.press_number += 1;
        self.camera.boot_cause = cause;
        self.hush();
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
        if self.camera.is_up() {
            self.ceased_to_be_up();
        }
        self.flush_console();
        self.uart.cut();
        if writing {
            self.write_lost();
        } else if brown_out {
            self.voltage_lost();
        }
        self.camera.boot_cause = if brown_out { BootCause::BrownOut } else { BootCause::PowerOn };
        self.camera.writing_until = self.now;
        self.camera.infrared = false;
        self.camera.held = None;
        self.camera.press_number += 1;
        self.camera.epoch += 1;
        self.camera.life = Life::Off;
        self.camera.dark_until = self.now;
        self.hush();
        self.light(None);
    }
}

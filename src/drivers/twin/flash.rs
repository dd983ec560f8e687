//! The camera's settings: written, read, wiped by category, and ruined by a loss of power.

use super::bench::{Bench, Event};
use super::camera::{Erase, Life, Pending};
use super::chance::Purpose;
use super::life::CameraEvent;
use super::truth::{BootCause, EraseTruth, WipeCause};
use super::world::Erases;
use crate::domain::canary::Category;
use crate::domain::profile::{ChimeMeaning, Effect, LightMeaning};
use crate::domain::units::Seconds;

/// The category of a setting: the first part of its name.
pub(super) fn category(key: &str) -> Option<Category> {
    let (first, _) = key.split_once('.')?;
    Category::ALL.into_iter().find(|category| category.name() == first)
}

/// An erase that is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    effect: Effect,
    cause: WipeCause,
    /// Within a boot, which goes on afterwards.
    in_boot: bool,
    /// The press that asked for it was one of an earlier trial.
    from_before: bool,
}

impl Bench {
    /// Stores a setting. False when no category has such a name.
    pub(super) fn write_setting(&mut self, key: &str, value: &str) -> bool {
        if category(key).is_none() {
            return false;
        }
        self.camera.settings.insert(key.to_owned(), value.to_owned());
        self.commit();
        true
    }

    /// Brings the camera out of the factory state.
    pub(super) fn provision(&mut self) {
        self.camera.configured = true;
        self.commit();
        if self.camera.wanted_light == Some(LightMeaning::Setup) {
            self.light(Some(LightMeaning::Ready));
        }
        self.end_prompt();
    }

    fn commit(&mut self) {
        self.camera.writing_until = self.now + self.camera.model.flash.commit_s;
    }

    /// Does what a press asked for, as the firmware does it.
    pub(super) fn reset(&mut self, effect: Effect) {
        let boots = match self.camera.model.firmware.erases {
            Erases::AtOnce => {
                return self.start_erase(Due { effect, cause: WipeCause::Press, in_boot: false, from_before: false });
            }
            Erases::Never => return self.restart(BootCause::Press),
            Erases::NextBoot | Erases::WithoutRestart => 1,
            Erases::SecondBoot => 2,
        };
        self.camera.pending = Some(Pending { effect, boots, at: self.now });
        self.truth.now().pending = true;
        self.say("settings: will be erased on next mount");
        if self.camera.model.firmware.erases == Erases::WithoutRestart {
            self.commit();
            self.be_up();
        } else {
            self.restart(BootCause::Press);
        }
    }

    /// The erase that this boot has to do before programs start.
    pub(super) fn due_in_boot(&mut self) -> Option<Due> {
        if let Some(cause) = self.camera.corrupt {
            return Some(Due { effect: Effect::FactoryReset, cause, in_boot: true, from_before: false });
        }
        let pending = self.camera.pending.as_mut()?;
        pending.boots = pending.boots.saturating_sub(1);
        let Pending { effect, boots, at } = *pending;
        let from_before = at < self.truth.now().begun;
        (boots == 0).then_some(Due { effect, cause: WipeCause::Press, in_boot: true, from_before })
    }

    /// Begins to wipe settings.
    pub(super) fn start_erase(&mut self, due: Due) {
        let Due { effect, cause, in_boot, from_before } = due;
        if cause != WipeCause::Press {
            self.say("settings: bad blocks found, formatting");
        }
        let categories: &[Category] = if effect == Effect::WifiReset { &[Category::Wifi] } else { &Category::ALL };
        let mut draw = self.chance.next(Purpose::Erase);
        let mut survives = self.chance.next(Purpose::Survive);
        let (flash, power) = (&self.camera.model.flash, &self.camera.model.power);
        let part = Seconds::new(draw.around(flash.erase_s, flash.erase_spread).get() / Category::ALL.len() as f64);
        let parts: Vec<(Category, bool)> = categories
            .iter()
            .map(|&category| (category, survives.happens(flash.survive.get(&category).copied().unwrap_or(0.0))))
            .collect();
        let min_v = power.erase_min_v.get() + power.erase_min_sd_v.get() * draw.normal();
        let total = Seconds::from_micro(part.micro() * parts.len() as i64);
        let weak = Seconds::new(total.get() * draw.uniform());
        let truth = EraseTruth { at: self.now, effect, cause, from_before, wiped: Vec::new(), interrupted: None };
        self.truth.now().erases.push(truth);
        self.camera.dark_until = self.now + self.camera.model.dark_after_reset_s;
        self.enter(Life::Erasing, Some(LightMeaning::Resetting));
        self.sound(ChimeMeaning::Resetting);
        let steps = parts.len();
        self.camera.erase = Some(Erase { parts, min_v, cause, in_boot });
        self.after(weak, CameraEvent::WeakMoment);
        for step in 1..=steps {
            self.after(Seconds::from_micro(part.micro() * step as i64), CameraEvent::Wiped);
        }
        self.still_erasing();
    }

    /// Says once a second that it is erasing.
    pub(super) fn still_erasing(&mut self) {
        self.say("flash: erasing settings");
        self.after(Seconds::new(1.0), CameraEvent::StillErasing);
    }

    /// The heaviest moment of the erase: with too little voltage the processor resets.
    pub(super) fn weak_moment(&mut self) {
        let min_v = self.camera.erase.as_ref().map_or(0.0, |erase| erase.min_v);
        if self.power.plug.volts < min_v {
            self.collapse();
        }
    }

    /// One category is done; after the last one the camera restarts, or goes on with its boot.
    pub(super) fn wiped(&mut self) {
        let Some(erase) = &mut self.camera.erase else { return };
        if !erase.parts.is_empty() {
            let (category, survives) = erase.parts.remove(0);
            if !survives {
                self.wipe(category);
            }
        }
        let Some(erase) = self.camera.erase.take_if(|erase| erase.parts.is_empty()) else { return };
        if erase.cause != WipeCause::Press {
            self.camera.corrupt = None;
        }
        if erase.in_boot {
            self.camera.pending = None;
            self.truth.now().pending = false;
            self.go_on_booting();
        } else {
            self.restart(BootCause::Press);
        }
    }

    fn wipe(&mut self, gone: Category) {
        self.camera.settings.retain(|key, _| category(key) != Some(gone));
        if gone == Category::Accounts {
            // The camera is in its factory state when nobody owns it, as with the `Init` bits of Dahua cameras.
            self.camera.configured = false;
        }
        let now = self.now;
        if let Some(erase) = self.truth.now().erases.last_mut() {
            erase.wiped.push((now, gone));
        }
    }

    /// What a loss of power does to a write in progress.
    pub(super) fn write_lost(&mut self) {
        let now = self.now;
        let erase = self.camera.erase.take();
        if erase.is_some()
            && let Some(erase) = self.truth.now().erases.last_mut()
        {
            erase.interrupted = Some(now);
        }
        let (brick, corrupt) = (self.camera.model.flash.brick, self.camera.model.flash.corrupt);
        if self.chance.next(Purpose::Brick).happens(brick) {
            self.camera.bricked = true;
            self.truth.now().bricked = Some(now);
        } else if self.chance.next(Purpose::Corrupt).happens(corrupt) {
            let cause = if erase.is_some_and(|erase| erase.cause != WipeCause::Corruption) {
                WipeCause::LostErase
            } else {
                WipeCause::Corruption
            };
            self.camera.corrupt = Some(cause);
        }
    }

    /// What a breakdown of the voltage does to settings that are not being written.
    pub(super) fn voltage_lost(&mut self) {
        let corrupt = self.camera.model.flash.corrupt_by_brown_out;
        if self.chance.next(Purpose::Corrupt).happens(corrupt) {
            self.camera.corrupt.get_or_insert(WipeCause::Corruption);
        }
    }

    /// Puts an event of the camera's present life into the queue.
    pub(super) fn after(&mut self, span: Seconds, what: CameraEvent) {
        self.queue.push(self.now + span, Event::Camera { epoch: self.camera.epoch, what });
    }
}

//! The camera's settings: written, read, wiped by category, and ruined by a loss of power.

use super::bench::{Bench, Event};
use super::camera::{Erase, Life};
use super::chance::Purpose;
use super::life::CameraEvent;
use super::truth::EraseTruth;
use crate::domain::canary::Category;
use crate::domain::profile::{Effect, LightMeaning};
use crate::domain::units::Seconds;

/// The category of a setting: the first part of its name.
pub(super) fn category(key: &str) -> Option<Category> {
    let (first, _) = key.split_once('.')?;
    Category::ALL.into_iter().find(|category| category.name() == first)
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
        if self.camera.light == Some(LightMeaning::Setup) {
            self.show(Some(LightMeaning::Ready));
        }
    }

    fn commit(&mut self) {
        self.camera.writing_until = self.now + self.camera.model.flash.commit_s;
    }

    /// Begins to wipe settings.
    pub(super) fn start_erase(&mut self, effect: Effect) {
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
        self.truth.now().erases.push(EraseTruth { at: self.now, effect, wiped: Vec::new(), interrupted: None });
        self.enter(Life::Erasing, Some(LightMeaning::Resetting));
        let steps = parts.len();
        self.camera.erase = Some(Erase { parts, min_v });
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

    /// One category is done; after the last one the camera restarts.
    pub(super) fn wiped(&mut self) {
        let Some(erase) = &mut self.camera.erase else { return };
        if !erase.parts.is_empty() {
            let (category, survives) = erase.parts.remove(0);
            if !survives {
                self.wipe(category);
            }
        }
        if self.camera.erase.as_ref().is_some_and(|erase| erase.parts.is_empty()) {
            self.camera.erase = None;
            self.restart();
        }
    }

    fn wipe(&mut self, gone: Category) {
        self.camera.settings.retain(|key, _| category(key) != Some(gone));
        if gone == Category::Accounts {
            // The camera is in its factory state when nobody owns it, as with the `Init` bits of Dahua cameras.
            self.camera.configured = false;
        }
        if let Some(erase) = self.truth.now().erases.last_mut() {
            erase.wiped.push(gone);
        }
    }

    /// What a loss of power does to a write in progress.
    pub(super) fn write_lost(&mut self) {
        let now = self.now;
        if self.camera.erase.take().is_some()
            && let Some(erase) = self.truth.now().erases.last_mut()
        {
            erase.interrupted = Some(now);
        }
        let brick = self.camera.model.flash.brick;
        if self.chance.next(Purpose::Brick).happens(brick) {
            self.camera.bricked = true;
            self.truth.now().bricked = Some(now);
        }
    }

    /// Puts an event of the camera's present life into the queue.
    pub(super) fn after(&mut self, span: Seconds, what: CameraEvent) {
        self.queue.push(self.now + span, Event::Camera { epoch: self.camera.epoch, what });
    }
}

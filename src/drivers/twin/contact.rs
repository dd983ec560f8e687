//! The contact of the button under the tip: a worn one opens in mid-hold, one that chatters opens and closes at both edges, and a dead one,
//! or one that the tip misses, never closes.

use super::bench::{Bench, Event};
use super::chance::Purpose;
use super::force::Landing;
use super::press::PressEvent;
use super::truth::{MissTruth, OpeningTruth, PressTruth};
use crate::domain::units::Seconds;

/// How many openings or closings a chatter has at most.
const CHATTERS: usize = 3;

/// How the tip meets the button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Touch {
    /// The tip is up.
    #[default]
    None,
    /// The button is pressed home and its contact works.
    Home,
    /// The button is pressed home and its contact is broken.
    Dead,
    /// The tip stands beside the button, on something stiff.
    Beside,
    /// The tip hangs in the air: its stroke is too short.
    Short,
}

/// Why a contact opens under a pressed button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// The world lists this moment.
    Listed,
    /// It is worn.
    Worn,
    /// It chatters, for so long.
    Chatter(Seconds),
}

impl Bench {
    /// The tip has come down.
    pub(super) fn tip_down(&mut self) {
        if self.touch != Touch::None {
            return;
        }
        let mut draw = self.chance.next(Purpose::Touch);
        let (beside, short) = (draw.uniform(), draw.uniform());
        let contact = &self.camera.model.button.contact;
        self.touch = match () {
            () if beside < contact.beside => Touch::Beside,
            () if short < contact.short_stroke => Touch::Short,
            () if contact.dead => Touch::Dead,
            () => Touch::Home,
        };
        self.touches += 1;
        let (at, touch) = (self.now, self.touch);
        if touch != Touch::Short {
            let snaps = touch != Touch::Beside && !self.camera.model.button.contact.mushy;
            self.land(Landing { snaps, stiff: touch == Touch::Beside });
        }
        if touch != Touch::Home {
            self.truth.now().misses.push(MissTruth { at, touch });
            return;
        }
        self.truth.now().presses.push(PressTruth::new(at));
        self.close();
        self.plan_openings();
    }

    /// The tip goes up.
    pub(super) fn tip_up(&mut self) {
        if self.touch == Touch::None {
            return;
        }
        let home = self.touch == Touch::Home;
        self.touch = Touch::None;
        self.touches += 1;
        let now = self.now;
        if home && let Some(press) = self.truth.now().presses.last_mut() {
            press.end(now);
        }
        if self.contact_closed {
            self.open();
        }
        if home {
            self.chatter_after();
        }
    }

    fn plan_openings(&mut self) {
        let touch = self.touches;
        for at in self.camera.model.button.contact.opens_at_s.clone() {
            self.queue.push(self.now + at, Event::Press(PressEvent::Opens { touch, why: Opening::Listed }));
        }
        self.plan_worn_opening();
        for (after, for_s) in self.chatter() {
            self.queue.push(self.now + after, Event::Press(PressEvent::Opens { touch, why: Opening::Chatter(for_s) }));
        }
    }

    /// The next opening of a worn contact.
    fn plan_worn_opening(&mut self) {
        let rate = self.camera.model.button.contact.opens_per_s;
        if rate > 0.0 {
            let gap = self.chance.next(Purpose::Opening).waiting(Seconds::new(1.0 / rate));
            let touch = self.touches;
            self.queue.push(self.now + gap, Event::Press(PressEvent::Opens { touch, why: Opening::Worn }));
        }
    }

    /// Moments after an edge and lengths of its chatter: one in each of up to three equal parts of its time.
    fn chatter(&mut self) -> Vec<(Seconds, Seconds)> {
        let whole = self.camera.model.button.contact.chatter_s.get();
        if whole <= 0.0 {
            return Vec::new();
        }
        let mut draw = self.chance.next(Purpose::Chatter);
        let count = 1 + draw.below(CHATTERS);
        let part = whole / count as f64;
        let mut one = |i: usize| {
            let (start, length) = (draw.uniform() * 0.5, draw.uniform() * 0.5);
            (Seconds::new(part * (i as f64 + start)), Seconds::new(part * length))
        };
        (0..count).map(&mut one).collect()
    }

    /// The contact of a button that was let go closes again for moments. Those shorter than the debounce time nobody notices.
    fn chatter_after(&mut self) {
        let (touch, debounce) = (self.touches, self.camera.model.button.debounce_s);
        for (after, for_s) in self.chatter().into_iter().filter(|(_, for_s)| *for_s >= debounce) {
            self.queue.push(self.now + after, Event::Press(PressEvent::Closes { touch }));
            self.queue.push(self.now + after + for_s, Event::Press(PressEvent::Lost { touch }));
        }
    }

    /// The contact opens under the pressed button.
    pub(super) fn opens(&mut self, touch: u32, why: Opening) {
        if touch != self.touches {
            return;
        }
        if why == Opening::Worn {
            self.plan_worn_opening();
        }
        let button = &self.camera.model.button;
        let (debounce, median, spread) = (button.debounce_s, button.contact.open_s, button.contact.open_spread);
        let length = match why {
            Opening::Chatter(length) => length,
            Opening::Listed | Opening::Worn => self.chance.next(Purpose::Opening).around(median, spread),
        };
        if !self.contact_closed {
            return;
        }
        let (at, noticed) = (self.now, length >= debounce);
        if let Some(press) = self.truth.now().presses.last_mut() {
            press.openings.push(OpeningTruth { at, length, noticed });
        }
        if noticed {
            self.open();
            self.queue.push(at + length, Event::Press(PressEvent::Closes { touch }));
        }
    }

    /// The contact closes, as the camera sees it.
    pub(super) fn closes(&mut self, touch: u32) {
        if touch == self.touches && !self.contact_closed {
            self.close();
        }
    }

    /// A contact that had closed by its chatter is open again.
    pub(super) fn lost(&mut self, touch: u32) {
        if touch == self.touches && self.contact_closed {
            self.open();
        }
    }
}

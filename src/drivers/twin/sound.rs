//! What the camera lets hear: one tone at a time, and the hum of its motor.

use super::bench::{Bench, Event};
use super::life::CameraEvent;
use crate::domain::observation::BootStage;
use crate::domain::profile::ChimeMeaning;
use crate::domain::units::{Hertz, Seconds, Tick};

/// What happens to speaker and motor.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SoundEvent {
    /// A tone begins or ends; so many more come in this row. Void when another row began.
    Tone { number: u32, on: bool, left: u32 },
    /// The motor's run is over. Void when another one began.
    MotorStops { number: u32 },
}

/// The camera's speaker.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Speaker {
    /// Counts rows of tones.
    number: u32,
    /// The row that is played.
    row: Option<ChimeMeaning>,
    /// When it began.
    since: Tick,
    /// A tone sounds.
    pub on: bool,
}

/// What a microphone would hear now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SoundNow {
    /// Frequency and amplitude of the tone.
    pub tone: Option<(Hertz, f64)>,
    /// Amplitude of the motor's hum.
    pub motor: Option<f64>,
}

impl Bench {
    /// What a microphone would hear now.
    pub(super) fn sound_now(&self) -> SoundNow {
        let (camera, model) = (&self.camera, &self.camera.model);
        let tone = camera.speaker.row.filter(|_| camera.speaker.on).and_then(|row| model.sound.get(&row));
        SoundNow { tone: tone.map(|tone| (tone.hz, tone.loudness)), motor: camera.motor_on.then_some(model.motor.loudness) }
    }

    /// Takes note of a change of what can be heard. What speaker and motor draw changes with it.
    fn show_sound(&mut self) {
        let heard = self.sound_now();
        self.sampler.set_tones(heard.tone.as_slice());
        self.sampler.set_motor(heard.motor.unwrap_or(0.0));
        self.settle();
    }

    /// Plays the tones of a meaning. One without tones leaves those that sound.
    pub(super) fn sound(&mut self, meaning: ChimeMeaning) {
        let Some(tone) = self.camera.model.sound.get(&meaning) else { return };
        let left = tone.repeats.max(1);
        let speaker = &mut self.camera.speaker;
        speaker.number += 1;
        speaker.row = Some(meaning);
        speaker.since = self.now;
        let number = speaker.number;
        self.tone(number, true, left);
    }

    /// Plays what belongs to the state of a camera in use.
    pub(super) fn sound_state(&mut self) {
        if self.camera.is_up() && !self.camera.configured {
            self.sound(ChimeMeaning::Setup);
        }
    }

    /// The camera is set up: it asks no longer for that. A tone that sounds is not cut short.
    pub(super) fn end_prompt(&mut self) {
        if self.camera.speaker.row == Some(ChimeMeaning::Setup) && !self.camera.speaker.on {
            self.silence();
        }
    }

    /// The speaker and the motor stop at once.
    pub(super) fn hush(&mut self) {
        self.camera.motor_number += 1;
        let moved = std::mem::take(&mut self.camera.motor_on);
        let sounded = self.camera.speaker.on;
        self.silence();
        if moved || sounded {
            self.show_sound();
        }
    }

    fn silence(&mut self) {
        let speaker = &mut self.camera.speaker;
        speaker.number += 1;
        speaker.row = None;
        speaker.on = false;
    }

    pub(super) fn sound_event(&mut self, event: SoundEvent) {
        match event {
            SoundEvent::Tone { number, on, left } => self.tone(number, on, left),
            SoundEvent::MotorStops { number } if number == self.camera.motor_number => {
                self.camera.motor_on = false;
                self.show_sound();
            }
            SoundEvent::MotorStops { .. } => {}
        }
    }

    fn tone(&mut self, number: u32, on: bool, left: u32) {
        let row = self.camera.speaker.row;
        let Some(tone) = row.and_then(|row| self.camera.model.sound.get(&row)) else { return };
        if number != self.camera.speaker.number {
            return;
        }
        let (tone_s, pause_s, every, repeats) = (tone.tone_s, tone.pause_s, tone.every_s, tone.repeats.max(1));
        let asks = row == Some(ChimeMeaning::Setup) && self.camera.is_up() && !self.camera.configured;
        let next = |at: Tick, on: bool, left: u32| (at, Event::Sound(SoundEvent::Tone { number, on, left }));
        let planned = match (on, left, every) {
            (true, _, _) => Some(next(self.now + tone_s, false, left.saturating_sub(1))),
            (false, 1.., _) => Some(next(self.now + pause_s, true, left)),
            (false, 0, Some(every)) if asks => {
                // At least a millisecond on, so that a world that was not checked cannot stop time.
                let again = (self.camera.speaker.since + every).max(self.now + Seconds::from_millis(1));
                self.camera.speaker.since = again;
                Some(next(again, true, repeats))
            }
            (false, 0, _) => None,
        };
        self.camera.speaker.on = on;
        match planned {
            Some((at, event)) => self.queue.push(at, event),
            None => self.camera.speaker.row = None,
        }
        self.show_sound();
    }

    /// The motor runs from now on for so long; not at all for zero.
    pub(super) fn run_motor(&mut self, span: Seconds) {
        if span <= Seconds::ZERO {
            return;
        }
        self.camera.motor_number += 1;
        self.camera.motor_on = true;
        let number = self.camera.motor_number;
        self.queue.push(self.now + span, Event::Sound(SoundEvent::MotorStops { number }));
        self.show_sound();
    }

    /// Plans the motor's run of a boot when its stage begins.
    pub(super) fn plan_motor(&mut self, stage: BootStage) {
        let motor = &self.camera.model.motor;
        if motor.boot_s > Seconds::ZERO && motor.stage == stage {
            self.after(motor.after_s, CameraEvent::Motor);
        }
    }
}

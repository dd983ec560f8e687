//! The microphone: 8000 samples a second of room, tones and motor, in whole numbers, so that a run is the same on every machine. In a quiet
//! moment a sample costs a multiplication, as on the other channels.

use super::sampler::{Grid, Noise, code, codes};
use super::wave::Wave;
use super::world::Microphone;
use crate::domain::units::{Hertz, Tick};
use crate::ports::Channel;

/// Time between samples of sound: telephone quality, which holds every chime below 3.5 kHz.
const PERIOD_US: u64 = 125;
/// Samples of sound in a row of 10 ms.
pub const ROW: usize = 80;
/// Tells the noise of the sound from that of the other channels, which are numbered from 0.
const SALT: u64 = 0x80;
/// Heights of a motor's first harmonics as shares of its loudness, together 1 (assumption: a small geared motor).
const HARMONICS: [f64; 4] = [0.5, 0.25, 0.15, 0.1];
/// Standard deviation of a motor's noise as a share of its loudness (assumption: gears and brushes).
const RATTLE: f64 = 0.2;

/// A sine of one frequency and one height.
type Voice = (Wave, i64);

/// The microphone.
pub struct Sound {
    pub grid: Grid,
    /// Standard deviation of the room's noise, and of it with the motor.
    room_noise: f64,
    noise: i32,
    motor_hz: f64,
    room: Vec<Voice>,
    tones: Vec<Voice>,
    motor: Vec<Voice>,
}

impl Sound {
    /// In a room, without a camera's sounds.
    pub fn new(microphone: &Microphone) -> Self {
        let room = microphone.room.iter().map(|tone| voice(tone.hz.get(), tone.level)).collect();
        Self {
            grid: Grid::new(PERIOD_US, ROW as u64),
            room_noise: microphone.noise,
            noise: codes(Channel::Sound, microphone.noise),
            motor_hz: microphone.motor_hz.get(),
            room,
            tones: Vec::new(),
            motor: Vec::new(),
        }
    }

    /// Lets these tones sound from now on, each with its height as a share of full scale, and no others.
    pub fn set_tones(&mut self, tones: &[(Hertz, f64)]) {
        self.tones.clear();
        self.tones.extend(tones.iter().map(|(hz, height)| voice(hz.get(), *height)));
    }

    /// Lets a motor hum so loud, as a share of full scale; 0: it stands.
    pub fn set_motor(&mut self, loudness: f64) {
        self.motor.clear();
        let rattle = RATTLE * loudness;
        self.noise = codes(Channel::Sound, (self.room_noise * self.room_noise + rattle * rattle).sqrt());
        if loudness > 0.0 {
            let hums = HARMONICS.iter().zip(1u32..);
            self.motor.extend(hums.map(|(share, n)| voice(self.motor_hz * f64::from(n), share * loudness)));
        }
    }

    /// Takes the samples of the batch before `to`, in the present state.
    pub fn fill(&mut self, origin: Tick, to: Tick, noise: Noise<'_>, samples: &mut [i16]) {
        let Some((number, part)) = self.grid.advance(origin, to) else { return };
        let samples = &mut samples[part];
        let noise = noise.row(SALT, number / ROW as u64, (number % ROW as u64) as usize).iter();
        let mut fine = [0; ROW];
        for (fine, noise) in fine.iter_mut().zip(noise) {
            *fine = (i32::from(*noise) * self.noise) >> 8;
        }
        for (wave, height) in self.room.iter().chain(&self.tones).chain(&self.motor) {
            for (fine, sine) in fine[..samples.len()].iter_mut().zip(wave.sines(number)) {
                *fine += ((i64::from(sine) * height) >> 15) as i32;
            }
        }
        for (sample, fine) in samples.iter_mut().zip(fine) {
            *sample = code(fine);
        }
    }
}

fn voice(hz: f64, height: f64) -> Voice {
    (Wave::new(hz, PERIOD_US, 0.0), i64::from(codes(Channel::Sound, height)))
}

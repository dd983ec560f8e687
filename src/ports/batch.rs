//! Readings: what sensors deliver. Samples are the instrument's own codes, so that a trace is lossless.

use crate::domain::event::How;
use crate::domain::ids::QuestionId;
use crate::domain::observation::NetworkStatus;
use crate::domain::units::{Celsius, Seconds, Tick};
use crate::ports::device::PowerReading;
use std::ops::Range;

/// A sampled channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Brightness, as a share of full scale.
    Light,
    /// Red part of a colour sensor, as a share of full scale.
    Red,
    /// Green part.
    Green,
    /// Blue part.
    Blue,
    /// Volts at the camera's plug.
    PlugVoltage,
    /// Amperes at the camera's plug.
    PlugCurrent,
    /// Sound pressure, as a share of full scale.
    Sound,
    /// Force on the button, in newtons.
    Force,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 8] = [
        Channel::Light,
        Channel::Red,
        Channel::Green,
        Channel::Blue,
        Channel::PlugVoltage,
        Channel::PlugCurrent,
        Channel::Sound,
        Channel::Force,
    ];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Light => "light",
            Channel::Red => "red",
            Channel::Green => "green",
            Channel::Blue => "blue",
            Channel::PlugVoltage => "plug_v",
            Channel::PlugCurrent => "plug_a",
            Channel::Sound => "sound",
            Channel::Force => "force",
        }
    }
}

/// How the codes of a channel become values: `value = code * lsb`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Value of one code in the channel's unit.
    pub lsb: f64,
    /// Time between samples.
    pub period: Seconds,
}

/// A row of evenly spaced samples. The codes stand in [`Batch::samples`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which channel.
    pub channel: Channel,
    /// When the first sample was taken.
    pub start: Tick,
    /// Time between samples.
    pub period: Seconds,
    /// Where its codes stand.
    pub range: Range<usize>,
}

/// What a probe answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeAnswer {
    /// Factory state or not.
    Status(NetworkStatus),
    /// Done.
    Done,
    /// The value of a setting; `None` when it is not set.
    Value(Option<String>),
    /// It did not work, in words. A finding about the camera, not a fault of the rig.
    Failed(String),
}

/// One reading.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Samples.
    Samples(Block),
    /// Console bytes, all received by `at`. They stand in [`Batch::bytes`].
    Console {
        /// When the last of them came.
        at: Tick,
        /// Where they stand.
        range: Range<usize>,
    },
    /// The console port was lost and opened again: bytes may be missing.
    ConsoleGap {
        /// When it was open again.
        at: Tick,
    },
    /// The coil's current was switched.
    Coil {
        /// On or off.
        energised: bool,
        /// When.
        at: Tick,
        /// Standard uncertainty of that.
        uncertainty: Seconds,
    },
    /// The probe answered.
    Probe {
        /// The number of the query.
        number: u32,
        /// When.
        at: Tick,
        /// What.
        answer: ProbeAnswer,
    },
    /// The person answered.
    Answer {
        /// Which question.
        question: QuestionId,
        /// When.
        at: Tick,
        /// What.
        answer: String,
    },
    /// What the supply measures at its own terminals, where it can.
    Supply {
        /// When it was read.
        at: Tick,
        /// What.
        reading: PowerReading,
    },
    /// Temperatures of the bench.
    Temperature {
        /// When.
        at: Tick,
        /// Of the air, where measured.
        ambient_c: Option<Celsius>,
        /// Of the coil, where measured or modelled.
        coil_c: Option<Celsius>,
    },
    /// Somebody wants the run to end, to pause, or to go on.
    Control(Control),
}

/// What comes from above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// End the run.
    Stop(How),
    /// Begin no trial.
    Pause,
    /// Go on.
    Continue,
}

/// The readings of at most 10 ms of bench time. Reused from poll to poll, so that nothing is allocated on the way.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Bench time after the poll.
    pub end: Tick,
    /// The readings, ordered by time, source, number.
    pub readings: Vec<Reading>,
    /// Codes of all sample blocks.
    pub samples: Vec<i16>,
    /// Bytes of all console readings.
    pub bytes: Vec<u8>,
}

impl Batch {
    /// Forgets everything but the memory.
    pub fn clear(&mut self) {
        self.readings.clear();
        self.samples.clear();
        self.bytes.clear();
    }

    /// The codes of a block.
    pub fn codes(&self, block: &Block) -> &[i16] {
        &self.samples[block.range.clone()]
    }

    /// The bytes of a console reading.
    pub fn console(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }
}

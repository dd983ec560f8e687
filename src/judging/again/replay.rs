//! What the instruments delivered in a trial, decoded anew in the order of its time.

use crate::domain::observation::Observation;
use crate::domain::units::{Seconds, Tick};
use crate::judging::Watch;
use crate::judging::light::Primary;
use std::collections::VecDeque;

/// The bench reads at least so often (`Sensors::poll`).
const STEP: Seconds = Seconds::from_millis(10);

/// A sampled channel that the decoders read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Brightness.
    Light,
    /// A colour of the light.
    Colour(Primary),
    /// Volts at the plug.
    Volts,
    /// Amperes at the plug.
    Amps,
    /// The microphone.
    Sound,
    /// The force on the button.
    Force,
}

/// Evenly spaced samples without a break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// When the first was taken.
    pub start: Tick,
    /// Time between them.
    pub period: Seconds,
    /// Their codes.
    pub codes: Vec<i16>,
}

/// The coil's current was switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switched {
    /// When.
    pub at: Tick,
    /// On, or off.
    pub energised: bool,
}

/// A piece of console traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes, all received by then.
    Bytes(Tick, Vec<u8>),
    /// The port was lost, and was open again then.
    Gap(Tick),
}

impl Piece {
    fn at(&self) -> Tick {
        match self {
            Piece::Bytes(at, _) | Piece::Gap(at) => *at,
        }
    }
}

/// The samples of a channel that are still to come.
#[derive(Clone, Debug)]
struct Channel {
    signal: Signal,
    rows: VecDeque<Row>,
    /// How many codes of the first row are past.
    past: usize,
}

/// The readings of a trial and the decoders they go through.
#[derive(Clone, Debug)]
pub struct Replay {
    watch: Watch,
    channels: Vec<Channel>,
    console: Option<VecDeque<Piece>>,
    coil: VecDeque<Switched>,
    now: Tick,
}

impl Replay {
    /// Readings of a trial that began at `begin`, for fresh decoders. Rows and pieces are in the order of their time; a console that kept silent
    /// has none.
    pub fn new(mut watch: Watch, begin: Tick, channels: Vec<(Signal, Vec<Row>)>, console: Option<Vec<Piece>>) -> Self {
        watch.begin(begin);
        let channels = channels.into_iter().map(|(signal, rows)| Channel { signal, rows: rows.into(), past: 0 }).collect();
        Self { watch, channels, console: console.map(Into::into), coil: VecDeque::new(), now: begin }
    }

    /// With the coil's edges, in the order of their time: a click is looked for in a press, and the coil's own hum is no motor.
    pub fn with_coil(self, edges: Vec<Switched>) -> Self {
        Self { coil: edges.into(), ..self }
    }

    /// Whether this observation is one that the replay tells itself, and the change that follows from them.
    pub fn tells(&self, observation: &Observation) -> bool {
        let has = |signal| self.channels.iter().any(|channel| channel.signal == signal);
        match observation {
            Observation::Light(_) => has(Signal::Light),
            Observation::Marker { .. } | Observation::Boot { .. } | Observation::Console { .. } => self.console.is_some(),
            Observation::Power { .. } | Observation::Current { .. } => has(Signal::Volts) || has(Signal::Amps),
            Observation::Tone { .. } | Observation::Motor { .. } => has(Signal::Sound),
            Observation::Force { .. } => has(Signal::Force),
            Observation::Change { .. } => true,
            Observation::Coil { .. } | Observation::Network { .. } | Observation::Canary { .. } | Observation::Ready => false,
        }
    }

    /// Everything that the decoders tell until `to`: when it was known, when it was, and what.
    pub fn until(&mut self, to: Tick) -> Vec<(Tick, Tick, Observation)> {
        let mut told = Vec::new();
        while self.now < to {
            let end = (self.now + STEP).min(to);
            // As live, the edges of a batch go before its samples.
            while let Some(edge) = self.coil.pop_front_if(|edge| edge.at < end) {
                self.watch.coil(edge.at, edge.energised);
            }
            for channel in &mut self.channels {
                channel.feed(&mut self.watch, end);
            }
            let pieces = self.console.iter_mut();
            pieces.for_each(|pieces| feed(&mut self.watch, pieces, end));
            self.watch.tick(end);
            self.now = end;
            told.extend(self.watch.drain().map(|(from, observation)| (end, from, observation)));
        }
        told
    }
}

impl Channel {
    /// Feeds the samples that were taken before `end`.
    fn feed(&mut self, watch: &mut Watch, end: Tick) {
        while let Some(row) = self.rows.front() {
            let period = row.period.micro().max(1);
            let start = row.start + Seconds::from_micro(period.saturating_mul(self.past as i64));
            let due = end.since(start).micro().saturating_add(period - 1) / period;
            let codes = &row.codes[self.past..];
            let codes = &codes[..codes.len().min(usize::try_from(due).unwrap_or(0))];
            if !codes.is_empty() {
                match self.signal {
                    Signal::Light => watch.light(start, row.period, codes),
                    Signal::Colour(primary) => watch.colour(primary, start, row.period, codes),
                    Signal::Volts => watch.volts(start, row.period, codes),
                    Signal::Amps => watch.amps(start, row.period, codes),
                    Signal::Sound => watch.sound(start, row.period, codes),
                    Signal::Force => watch.force(start, row.period, codes),
                }
            }
            self.past += codes.len();
            if self.past < row.codes.len() {
                return;
            }
            self.rows.pop_front();
            self.past = 0;
        }
    }
}

fn feed(watch: &mut Watch, pieces: &mut VecDeque<Piece>, end: Tick) {
    while pieces.front().is_some_and(|piece| piece.at() <= end) {
        match pieces.pop_front() {
            Some(Piece::Bytes(at, bytes)) => watch.console(at, &bytes),
            Some(Piece::Gap(at)) => watch.console_gap(at),
            None => return,
        }
    }
}

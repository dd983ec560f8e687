//! Console bytes to markers, boots and the state of the line.

mod boots;
mod capture;
mod exchange;
mod generic;
mod health;
mod linecount;
mod lines;
mod matcher;
mod pages;
mod printed;
mod readable;

pub use boots::BANNER_SPAN;
pub use capture::CaptureDecoder;
pub use exchange::{Answer, Exchange};
pub use generic::generic;
pub use lines::{LONGEST_LINE, OVERLAP};

use crate::domain::observation::{MarkerMeaning, Observation};
use crate::domain::profile::ConsoleProfile;
use crate::domain::units::{Seconds, Tick};
use boots::{Boots, Said, print};
use health::Health;
use lines::{Cut, Lines, last_stamp};
use matcher::Matcher;

/// A line without an end is looked at when it has not grown for so long: a prompt has no end. At 9600 baud a byte takes 1 ms, and serial
/// adapters deliver at least every 16 ms; programs print a line at once.
pub const QUIET: Seconds = Seconds::from_millis(200);
/// Warnings and signs of erasing come by the hundred; each is told again only after so long (our choice: a trial has few observations).
pub const REPEAT: Seconds = Seconds::from_millis(5_000);

/// A console profile cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ConsoleError {
    /// A marker's expression does not compile.
    #[error("marker `{marker}`: {error}")]
    Regex {
        /// Name of the marker.
        marker: String,
        /// What the regex engine says.
        error: regex::Error,
    },
}

/// When a growing line was last touched and looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Watched {
    grown: Option<Tick>,
}

impl Watched {
    fn grew(&mut self, at: Tick) {
        self.grown = Some(at);
    }

    /// When it last grew, if it has stood still for `quiet` and was not looked at since.
    fn due(&mut self, now: Tick, quiet: Seconds) -> Option<Tick> {
        let grown = self.grown.filter(|&grown| now >= grown + quiet)?;
        self.grown = None;
        Some(grown)
    }
}

/// One marker of the profile.
#[derive(Clone, Debug)]
struct Marker {
    name: String,
    meaning: MarkerMeaning,
    told: Option<Tick>,
}

/// Decodes one console. Cutting the bytes anywhere changes nothing; memory is bounded whatever comes.
#[derive(Clone, Debug)]
pub struct ConsoleDecoder {
    markers: Vec<Marker>,
    matcher: Matcher,
    lines: Lines,
    watched: Watched,
    health: Health,
    boots: Boots,
    hits: Vec<usize>,
}

impl ConsoleDecoder {
    /// A decoder for the profile's markers.
    ///
    /// # Errors
    /// [`ConsoleError`] names the marker whose expression does not compile.
    pub fn new(profile: &ConsoleProfile) -> Result<Self, ConsoleError> {
        let name = |index: usize| profile.markers.get(index).map_or_else(String::new, |marker| marker.name.clone());
        let matcher = Matcher::new(profile.markers.iter().map(|marker| marker.regex.as_str()))
            .map_err(|(index, error)| ConsoleError::Regex { marker: name(index), error })?;
        let markers =
            profile.markers.iter().map(|marker| Marker { name: marker.name.clone(), meaning: marker.meaning, told: None });
        Ok(Self {
            markers: markers.collect(),
            matcher,
            lines: Lines::new(),
            watched: Watched::default(),
            health: Health::new(profile.silence_s),
            boots: Boots::default(),
            hits: Vec::new(),
        })
    }

    /// A trial begins: boots are counted from 1 again, and the state of the line is told anew.
    pub fn reset(&mut self, at: Tick) {
        self.forget_line();
        self.health.reset(at);
        self.boots = Boots::default();
        self.markers.iter_mut().for_each(|marker| marker.told = None);
    }

    /// Takes bytes received by `at`.
    pub fn feed(&mut self, at: Tick, bytes: &[u8], out: &mut Vec<(Tick, Observation)>) {
        if bytes.is_empty() {
            return;
        }
        self.tick(at, out);
        for &byte in bytes {
            self.health.byte(at, byte, out);
            self.watched.grew(at);
            let Some(cut) = self.lines.push(byte) else { continue };
            match cut {
                Cut::End => self.matcher.end(self.lines.text(), &mut self.hits),
                Cut::Full => self.matcher.look(self.lines.text(), &mut self.hits),
            }
            self.tell(at, out);
            if cut == Cut::End {
                self.boots.line();
                if let Some(clock) = last_stamp(self.lines.text()) {
                    self.boots.clock(clock);
                }
            }
            self.lines.pass(cut);
        }
    }

    /// The port was lost and is open again at `at`: bytes may be missing.
    pub fn gap(&mut self, at: Tick, out: &mut Vec<(Tick, Observation)>) {
        self.tick(at, out);
        self.forget_line();
        self.health.gap(at, out);
    }

    /// Time has passed without bytes.
    pub fn tick(&mut self, now: Tick, out: &mut Vec<(Tick, Observation)>) {
        if let Some(grown) = self.watched.due(now, QUIET)
            && !self.lines.text().is_empty()
        {
            self.matcher.look(self.lines.text(), &mut self.hits);
            self.tell(grown, out);
        }
        self.health.pass(now, out);
    }

    fn forget_line(&mut self) {
        self.lines = Lines::new();
        self.matcher.reset();
        self.watched = Watched::default();
    }

    /// Tells the markers that were hit, and how far they brought the boot.
    fn tell(&mut self, at: Tick, out: &mut Vec<(Tick, Observation)>) {
        let print = if self.hits.is_empty() { 0 } else { print(self.lines.text()) };
        for index in self.hits.drain(..) {
            let marker = &mut self.markers[index];
            let plenty = matches!(marker.meaning, MarkerMeaning::Warning | MarkerMeaning::Erasing);
            if plenty && marker.told.is_some_and(|told| at < told + REPEAT) {
                continue;
            }
            marker.told = Some(at);
            out.push((at, Observation::Marker { marker: marker.name.clone(), meaning: marker.meaning }));
            if let Some((boot, stage)) = self.boots.apply(at, Said { meaning: marker.meaning, print }) {
                out.push((at, Observation::Boot { boot, stage }));
            }
        }
    }
}

#[cfg(test)]
mod captures;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod traps;

//! A capture of a console, decoded long after it was made: boots, stages, markers and how it ends, each with its place.

use super::ConsoleError;
use super::boots::{Boots, Said, print};
use super::linecount::LineCount;
use super::lines::{Cut, Lines, kernel_stamps, last_stamp};
use super::matcher::Matcher;
use super::pages::{Hit, Pages};
use super::printed::Printed;
use super::readable::Readable;
use crate::domain::capture::{Capture, CaptureEnd, Place};
use crate::domain::observation::{BootStage, MarkerMeaning};
use crate::domain::profile::ConsoleProfile;
use crate::domain::units::{Seconds, Tick};

/// The beginning of a first line that tells where a capture comes from, and is no part of it.
const PROVENANCE: &[u8] = b"# PROVENANCE: ";
/// So large a share of bytes that are no text leaves nothing to be read: a wrong baud rate spoils most of them, and a quarter of those that
/// it makes look like text by chance.
const UNREADABLE_SHARE: f64 = 0.2;
/// A kernel's clock below this many seconds tells of a boot that has just begun.
const EARLY_S: f64 = 1.0;
/// And a clock that had passed so many seconds before has gone back (our choice; late consoles print again what is younger).
const LATE_S: f64 = 5.0;
/// So many lines in a row must show it: programs print numbers in brackets too.
const EARLY_LINES: u32 = 3;

/// Decodes a capture. Cutting the bytes anywhere changes nothing; memory is bounded by the number of markers and of kept boots. A first line
/// `# PROVENANCE: ...` is counted and otherwise passed over.
#[derive(Clone, Debug)]
pub struct CaptureDecoder {
    names: Vec<(String, MarkerMeaning)>,
    matcher: Matcher,
    lines: Lines,
    boots: Boots,
    /// The capture's beginning, while it may be that of a line that is passed over.
    head: Option<Vec<u8>>,
    /// That line goes on.
    passing: bool,
    printed: Printed,
    pages: Pages,
    hits: Vec<usize>,
    /// Bytes so far.
    bytes: u64,
    count: LineCount,
    /// Where the line that is being received begins.
    begin: Place,
    readable: Readable,
    /// Lines in a row whose kernel stamps are early ones.
    early: u32,
    /// The kernel's clock.
    clock: Option<f64>,
}

impl CaptureDecoder {
    /// A decoder for the markers of a profile.
    ///
    /// # Errors
    /// [`ConsoleError`] names the marker whose expression does not compile.
    pub fn new(profile: &ConsoleProfile) -> Result<Self, ConsoleError> {
        let name = |index: usize| profile.markers.get(index).map_or_else(String::new, |marker| marker.name.clone());
        let matcher = Matcher::new(profile.markers.iter().map(|marker| marker.regex.as_str()))
            .map_err(|(index, error)| ConsoleError::Regex { marker: name(index), error })?;
        Ok(Self {
            names: profile.markers.iter().map(|marker| (marker.name.clone(), marker.meaning)).collect(),
            matcher,
            lines: Lines::new(),
            boots: Boots::captured(),
            head: Some(Vec::new()),
            passing: false,
            printed: Printed::default(),
            pages: Pages::default(),
            hits: Vec::new(),
            bytes: 0,
            count: LineCount::default(),
            begin: Place::default(),
            readable: Readable::default(),
            early: 0,
            clock: None,
        })
    }

    /// Takes the next bytes of the capture.
    pub fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match self.head.take() {
                None if self.passing => {
                    self.count(byte);
                    self.passing = !matches!(byte, b'\n' | b'\r');
                }
                None => self.byte(byte),
                Some(head) => self.begin_with(head, byte),
            }
        }
    }

    fn begin_with(&mut self, mut head: Vec<u8>, byte: u8) {
        head.push(byte);
        if head == PROVENANCE {
            head.iter().for_each(|byte| self.count(*byte));
            self.passing = true;
        } else if PROVENANCE.starts_with(&head) {
            self.head = Some(head);
        } else {
            head.iter().for_each(|byte| self.byte(*byte));
        }
    }

    /// What the capture shows.
    pub fn finish(mut self) -> Capture {
        for byte in self.head.take().unwrap_or_default() {
            self.byte(byte);
        }
        let cut = !self.lines.text().is_empty();
        if cut {
            self.look(Cut::End);
        }
        let (none, all) = (self.readable.none(), self.readable.all());
        let pages = self.pages.close(cut);
        let unreadable = none as f64 >= UNREADABLE_SHARE * all as f64;
        let end = match pages.end {
            Some(end) => end,
            None if all == 0 => CaptureEnd::Empty,
            None if unreadable || !pages.any_text => CaptureEnd::Unreadable,
            None => CaptureEnd::Unknown,
        };
        Capture {
            bytes: self.bytes,
            lines: self.count.lines(self.bytes),
            unreadable_bytes: none,
            boots: pages.boots,
            earlier: pages.earlier,
            each: pages.each,
            repeated: self.boots.repeated + self.printed.hidden,
            end,
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.lines.text().is_empty() {
            self.begin = Place { line: self.count.line(), byte: self.bytes };
        }
        self.readable.push(byte);
        if let Some(cut) = self.lines.push(byte) {
            self.look(cut);
            self.lines.pass(cut);
        }
        self.count(byte);
    }

    fn count(&mut self, byte: u8) {
        self.bytes += 1;
        self.count.push(byte);
    }

    fn look(&mut self, cut: Cut) {
        let line = self.lines.text();
        match cut {
            Cut::End => self.matcher.end(line, &mut self.hits),
            Cut::Full => self.matcher.look(line, &mut self.hits),
        }
        let print = print(line);
        let stamp = last_stamp(line);
        let kernel_first = kernel_stamps(line).next() == Some(0);
        self.printed.line(line);
        let hits: Vec<(String, MarkerMeaning)> = self.hits.drain(..).map(|index| self.names[index].clone()).collect();
        for (marker, meaning) in hits {
            // A line that looks like a bootloader's prompt is none once a kernel runs.
            let late = meaning == MarkerMeaning::BootloaderPrompt && self.boots.stage() > Some(BootStage::Bootloader);
            if late || self.printed.passes_over(meaning) {
                continue;
            }
            let reached = self.boots.apply(Tick::ZERO, Said { meaning, print });
            self.tell(&marker, meaning, reached);
        }
        if cut == Cut::End {
            self.end_line(stamp, kernel_first);
        }
    }

    fn tell(&mut self, marker: &str, meaning: MarkerMeaning, reached: Option<(u32, BootStage)>) {
        if reached.is_some_and(|(_, stage)| stage <= BootStage::Kernel) {
            self.clock = None;
        }
        let kernel_s = last_stamp(self.lines.text()).or(self.clock).map(Seconds::new);
        let text = self.lines.text();
        self.pages.hit(Hit { marker, meaning, place: self.begin, kernel_s, text, reached });
    }

    fn end_line(&mut self, stamp: Option<f64>, kernel_first: bool) {
        if let Some(seconds) = stamp {
            self.kernel_clock(seconds, kernel_first);
        }
        self.boots.line();
        self.pages.line(self.lines.text(), stamp.map(Seconds::new));
    }

    /// A kernel whose clock begins anew has started again, also where no marker says so.
    fn kernel_clock(&mut self, seconds: f64, kernel_first: bool) {
        let runs = self.boots.stage();
        let back = match runs {
            None => true,
            Some(stage) => stage > BootStage::Kernel && self.clock.is_some_and(|clock| clock >= LATE_S),
        };
        let early = kernel_first && seconds < EARLY_S && !self.printed.hides(MarkerMeaning::Kernel);
        self.early = if early && back { self.early + 1 } else { 0 };
        if self.early >= EARLY_LINES || (early && runs.is_none()) {
            self.early = 0;
            let reached = self.boots.apply(Tick::ZERO, Said { meaning: MarkerMeaning::Kernel, print: 0 });
            if reached.is_some() {
                self.tell("kernel clock", MarkerMeaning::Kernel, reached);
            } else {
                self.clock = Some(seconds);
            }
        }
        if self.early == 0 {
            self.clock = Some(seconds);
            self.boots.clock(seconds);
        }
    }
}

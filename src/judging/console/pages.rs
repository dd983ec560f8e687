//! What is kept of each boot of a capture.

use super::printed::after_prompt;
use crate::domain::capture::{BootSeen, CaptureEnd, MarkerSeen, Place, StageSeen};
use crate::domain::observation::{BootStage, MarkerMeaning};
use crate::domain::units::Seconds;

/// Boots that are kept: the first ones and the last. More are counted.
const KEPT: usize = 500;
/// Characters of a line that are kept.
const LONGEST_TEXT: usize = 160;
/// Letters in a row that make a text.
const WORD: usize = 3;
/// By what a camera at its login prompt is called ready.
const LOGIN: &str = "login prompt";

/// A marker in a line.
pub(super) struct Hit<'a> {
    pub(super) marker: &'a str,
    pub(super) meaning: MarkerMeaning,
    pub(super) place: Place,
    pub(super) kernel_s: Option<Seconds>,
    pub(super) text: &'a [u8],
    /// The boot and the stage that it brought the camera to.
    pub(super) reached: Option<(u32, BootStage)>,
}

/// One boot so far.
#[derive(Clone, Debug)]
struct Page {
    seen: BootSeen,
    prompt: bool,
    fatal: Option<String>,
    restarting: Option<String>,
    ready: Option<String>,
    /// What it said last of the factory state, and by which marker.
    factory: Option<(bool, String)>,
    /// Lines with words since the last stage was reached; `None` in the line that reached it.
    said: Option<u64>,
    last: Vec<u8>,
}

/// All boots so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    earlier: Option<BootSeen>,
    each: Vec<BootSeen>,
    open: Option<Page>,
    boots: u32,
    /// The boot that is counted first began before the capture.
    ran: bool,
    any_text: bool,
}

/// All boots.
pub(super) struct Closed {
    pub(super) earlier: Option<BootSeen>,
    pub(super) each: Vec<BootSeen>,
    pub(super) boots: u32,
    pub(super) any_text: bool,
    /// How the last of them ended; `None` without any sign of a boot.
    pub(super) end: Option<CaptureEnd>,
}

impl Pages {
    /// Takes a marker. The first sign of a boot that has programs running already is one of a boot that began before.
    pub(super) fn hit(&mut self, hit: Hit<'_>) {
        if let Some((number, stage)) = hit.reached {
            self.ran |= self.boots == 0 && stage > BootStage::Kernel;
            let number = number - u32::from(self.ran);
            if self.open.as_ref().is_none_or(|page| page.seen.boot != number) {
                self.turn(number, hit.place);
            }
        } else if self.open.is_none() {
            self.turn(0, hit.place);
        }
        if let Some(page) = &mut self.open {
            page.hit(&hit);
        }
    }

    /// A line has ended.
    pub(super) fn line(&mut self, text: &[u8], kernel_s: Option<Seconds>) {
        let words = text.split(|byte| !byte.is_ascii_alphabetic()).any(|word| word.len() >= WORD);
        self.any_text |= words;
        if let Some(page) = &mut self.open {
            page.said = match page.said {
                None => Some(0),
                Some(said) => Some(said + u64::from(words)),
            };
            page.seen.kernel_s = kernel_s.or(page.seen.kernel_s);
            if !text.trim_ascii().is_empty() {
                page.last = text[..text.len().min(LONGEST_TEXT)].to_vec();
            }
        }
    }

    /// Nothing follows. `cut`: in the midst of a line.
    pub(super) fn close(mut self, cut: bool) -> Closed {
        let end = self.open.take().map(|page| self.keep(page, cut));
        Closed { earlier: self.earlier, each: self.each, boots: self.boots, any_text: self.any_text, end }
    }

    fn turn(&mut self, number: u32, place: Place) {
        self.boots = self.boots.max(number);
        if let Some(page) = self.open.replace(Page::new(number, place)) {
            self.keep(page, false);
        }
    }

    fn keep(&mut self, page: Page, cut: bool) -> CaptureEnd {
        let end = page.end(cut);
        let seen = BootSeen { end: end.clone(), ..page.seen };
        if seen.boot == 0 {
            self.earlier = Some(seen);
        } else {
            self.each.truncate(KEPT - 1);
            self.each.push(seen);
        }
        end
    }
}

impl Page {
    fn new(boot: u32, place: Place) -> Self {
        let seen = BootSeen { boot, place, stages: Vec::new(), markers: Vec::new(), kernel_s: None, end: CaptureEnd::Unknown };
        let (prompt, fatal, restarting, ready, factory) = (false, None, None, None, None);
        Self { seen, prompt, fatal, restarting, ready, factory, said: Some(0), last: Vec::new() }
    }

    fn hit(&mut self, hit: &Hit<'_>) {
        let by = || Some(hit.marker.to_owned());
        if let Some((_, stage)) = hit.reached {
            // It went on in spite of what was said before.
            (self.prompt, self.fatal, self.restarting, self.said) = (false, None, None, None);
            let (place, kernel_s) = (hit.place, hit.kernel_s);
            self.seen.stages.push(StageSeen { stage, place, kernel_s, text: short(hit.text) });
        }
        match hit.meaning {
            MarkerMeaning::BootloaderPrompt => self.prompt = true,
            MarkerMeaning::Fatal => self.fatal = self.fatal.take().or_else(by),
            MarkerMeaning::WarmReboot => self.restarting = by(),
            MarkerMeaning::Ready => self.ready = self.ready.take().or_else(by),
            MarkerMeaning::Factory => self.factory = by().map(|by| (true, by)),
            MarkerMeaning::NotFactory => self.factory = by().map(|by| (false, by)),
            _ => {}
        }
        let known = self.seen.markers.iter_mut().find(|seen| seen.marker == hit.marker && seen.meaning == hit.meaning);
        match known {
            Some(seen) => {
                seen.times += 1;
                seen.last = hit.place;
            }
            None => self.seen.markers.push(MarkerSeen {
                marker: hit.marker.to_owned(),
                meaning: hit.meaning,
                place: hit.place,
                times: 1,
                last: hit.place,
                kernel_s: hit.kernel_s,
                text: short(hit.text),
            }),
        }
    }

    /// How it ends. What cannot be taken back decides before what can.
    fn end(&self, cut: bool) -> CaptureEnd {
        let stage = self.seen.furthest().map(|seen| seen.stage);
        let fatal = || self.fatal.clone();
        if self.prompt {
            return CaptureEnd::BootloaderPrompt { after: fatal() };
        }
        // Inside the bootloader a restart is how one stage starts the next: then it is the stage that says how far it came.
        let restarting = self.restarting.clone().filter(|_| stage != Some(BootStage::Bootloader));
        match (fatal(), restarting, self.factory.clone(), self.ready.clone()) {
            (Some(by), ..) => CaptureEnd::Fatal { by },
            (_, Some(by), ..) => CaptureEnd::Restarting { by },
            (_, _, Some((true, by)), _) => CaptureEnd::Factory { by },
            (_, _, Some((false, by)), _) => CaptureEnd::NotFactory { by },
            (.., Some(by)) => CaptureEnd::Ready { by },
            _ => self.unfinished(stage, cut),
        }
    }

    fn unfinished(&self, stage: Option<BootStage>, cut: bool) -> CaptureEnd {
        match stage {
            None => CaptureEnd::Unknown,
            Some(BootStage::Userland | BootStage::Application) if self.at_login() => CaptureEnd::Ready { by: LOGIN.to_owned() },
            // These hand over by themselves: what they do not say any more is missing.
            Some(after @ (BootStage::Bootloader | BootStage::Kernel)) if !cut => CaptureEnd::Silent { after },
            Some(after) if !cut && self.said.is_none_or(|said| said == 0) => CaptureEnd::Silent { after },
            Some(of) => CaptureEnd::Middle { of },
        }
    }

    /// Whether the last line is one that waits for a person at a running system.
    fn at_login(&self) -> bool {
        let line = self.last.trim_ascii();
        let asks =
            line.ends_with(b"login:") || line.ends_with(b"activate this console.") || line.ends_with(b"activate this console");
        asks || after_prompt(&self.last).is_some_and(<[u8]>::is_empty)
    }
}

fn short(text: &[u8]) -> String {
    String::from_utf8_lossy(text).trim().chars().take(LONGEST_TEXT).collect()
}

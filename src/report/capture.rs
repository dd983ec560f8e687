//! What `pinhole decode` prints: a capture of a console in words, or as JSON with the same content.

use super::words::{meaning_word, number, stage_word};
use crate::domain::capture::{BootSeen, Capture, CaptureEnd, MarkerSeen, Place};
use crate::domain::observation::{BootStage, MarkerMeaning};
use crate::domain::units::Seconds;
use serde::Serialize;
use std::fmt::Write;

/// Boots that are written out; of more the first ones and the last are.
const BOOTS_MAX: usize = 40;
/// Characters of a line that are shown.
const TEXT_MAX: usize = 72;

/// A capture as JSON, with the profile's name.
#[derive(Serialize)]
struct Named<'a> {
    profile: &'a str,
    #[serde(flatten)]
    capture: &'a Capture,
    /// The end in words.
    end_text: String,
}

/// A capture as one JSON object.
pub fn json(capture: &Capture, profile: &str) -> Vec<u8> {
    let named = Named { profile, capture, end_text: end_words(&capture.end) };
    // Strings, numbers and enums always have a JSON form, so that the fallback is never taken.
    let mut bytes = serde_json::to_vec_pretty(&named).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// A capture in words. Lines and offsets are those of the file.
pub fn text(capture: &Capture, profile: &str) -> String {
    let mut text = format!("{} bytes, {} lines, profile: {profile}\n", capture.bytes, capture.lines);
    if capture.unreadable_bytes > 0 {
        let _ = writeln!(text, "{} bytes are no text", capture.unreadable_bytes);
    }
    let _ = writeln!(text, "boots: {}", capture.boots);
    if capture.repeated > 0 {
        let _ = writeln!(text, "starts that were only printed again (as by dmesg), and are no boots: {}", capture.repeated);
    }
    if let Some(earlier) = &capture.earlier {
        text.push_str("\nthe end of a boot that began before the capture\n");
        boot(&mut text, earlier);
    }
    let hidden = capture.each.len().saturating_sub(BOOTS_MAX);
    for (index, seen) in capture.each.iter().enumerate() {
        if hidden > 0 && (BOOTS_MAX - 1..BOOTS_MAX - 1 + hidden).contains(&index) {
            continue;
        }
        let _ = writeln!(text, "\nboot {} begins at {}", seen.boot, place(seen.place));
        boot(&mut text, seen);
    }
    if hidden > 0 {
        let _ = writeln!(text, "\n{hidden} boots between them are not shown");
    }
    let _ = writeln!(text, "\nend: {}", end_words(&capture.end));
    text
}

fn boot(text: &mut String, seen: &BootSeen) {
    match seen.furthest() {
        Some(stage) => {
            let _ =
                writeln!(text, "  came to     {} at {}{}", stage_word(stage.stage), place(stage.place), clock(stage.kernel_s));
        }
        None => text.push_str("  came to     not captured\n"),
    }
    if let Some(last) = seen.kernel_s {
        let _ = writeln!(text, "  kernel      ran for {} at least", last);
    }
    for stage in &seen.stages {
        let (what, place, clock) = (stage_word(stage.stage), place(stage.place), clock(stage.kernel_s));
        let _ = writeln!(text, "  stage       {what} at {place}{clock}: {}", short(&stage.text));
    }
    let warning = |marker: &&MarkerSeen| marker.meaning == MarkerMeaning::Warning;
    for seen in seen.markers.iter().filter(|seen| !warning(seen)) {
        marker(text, "marker", seen);
    }
    for seen in seen.markers.iter().filter(warning) {
        marker(text, "warning", seen);
    }
    let _ = writeln!(text, "  ended       {}", end_words(&seen.end));
}

fn marker(text: &mut String, what: &str, seen: &MarkerSeen) {
    let meaning = match seen.meaning {
        MarkerMeaning::Warning => String::new(),
        meaning => format!(" ({})", meaning_word(meaning)),
    };
    let times = match seen.times {
        1 => String::new(),
        times => format!(", {times} times to line {}", seen.last.line),
    };
    let (place, clock, line) = (place(seen.place), clock(seen.kernel_s), short(&seen.text));
    let _ = writeln!(text, "  {what:<11} {}{meaning} at {place}{times}{clock}: {line}", seen.marker);
}

fn place(place: Place) -> String {
    format!("line {}, byte {}", place.line, place.byte)
}

fn clock(kernel_s: Option<Seconds>) -> String {
    kernel_s.map_or(String::new(), |clock| format!(", kernel clock {} s", number(clock.get())))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// How a capture or a boot ended, in a sentence.
pub fn end_words(end: &CaptureEnd) -> String {
    match end {
        CaptureEnd::Ready { by } => format!("ready ({by})"),
        CaptureEnd::Factory { by } => format!("factory state ({by})"),
        CaptureEnd::NotFactory { by } => format!("not factory state ({by})"),
        CaptureEnd::BootloaderPrompt { after: None } => "stopped at the bootloader's prompt".to_owned(),
        CaptureEnd::BootloaderPrompt { after: Some(by) } => format!("stopped at the bootloader's prompt, after: {by}"),
        CaptureEnd::Fatal { by } => format!("fatal: {by}"),
        CaptureEnd::Restarting { by } => format!("it boots again ({by})"),
        CaptureEnd::Silent { after } => format!("silent after the stage {}, or the capture ends there", stage_word(*after)),
        CaptureEnd::Middle { of: of @ (BootStage::Userland | BootStage::Application) } => {
            format!("in the middle of the stage {}: programs run, and no marker says that the camera is ready", stage_word(*of))
        }
        CaptureEnd::Middle { of } => format!("in the middle of the stage {}", stage_word(*of)),
        CaptureEnd::Unknown => "text, but no known sign of a boot".to_owned(),
        CaptureEnd::Unreadable => "nothing readable (wrong baud rate?)".to_owned(),
        CaptureEnd::Empty => "nothing was captured".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::capture::StageSeen;

    fn capture() -> Capture {
        let place = |line, byte| Place { line, byte };
        let stage = |stage, line, kernel_s| StageSeen { stage, place: place(line, line * 30), kernel_s, text: "x".repeat(99) };
        let seen = |marker: &str, meaning, times| MarkerSeen {
            marker: marker.to_owned(),
            meaning,
            place: place(9, 270),
            times,
            last: place(9 + times, 400),
            kernel_s: Some(Seconds::new(1.25)),
            text: "a line".to_owned(),
        };
        let boot = BootSeen {
            boot: 1,
            place: place(2, 60),
            stages: vec![stage(BootStage::Bootloader, 2, None), stage(BootStage::Kernel, 7, Some(Seconds::ZERO))],
            markers: vec![seen("flash", MarkerMeaning::Warning, 21), seen("panic", MarkerMeaning::Fatal, 1)],
            kernel_s: Some(Seconds::new(17.5)),
            end: CaptureEnd::Fatal { by: "panic".to_owned() },
        };
        let end = boot.end.clone();
        Capture { bytes: 500, lines: 31, unreadable_bytes: 2, boots: 1, earlier: None, each: vec![boot], repeated: 0, end }
    }

    #[test]
    fn a_capture_reads_from_boots_to_its_end() {
        let text = text(&capture(), "generic");
        let expected = [
            "500 bytes, 31 lines, profile: generic\n2 bytes are no text\nboots: 1\n",
            "boot 1 begins at line 2, byte 60\n  came to     kernel at line 7, byte 210, kernel clock 0 s\n",
            "  marker      panic (fatal) at line 9, byte 270, kernel clock 1.25 s: a line\n",
            "  warning     flash at line 9, byte 270, 21 times to line 30, kernel clock 1.25 s: a line\n",
            "end: fatal: panic\n",
        ];
        expected.iter().for_each(|part| assert!(text.contains(part), "{part}\nin\n{text}"));
        assert!(text.lines().all(|line| line.len() < 160), "{text}");
    }

    #[test]
    fn json_says_the_same() {
        let value: serde_json::Value = serde_json::from_slice(&json(&capture(), "generic")).unwrap();
        assert_eq!((&value["boots"], &value["end"]["state"], &value["profile"]), (&1.into(), &"fatal".into(), &"generic".into()));
        assert_eq!(value["each"][0]["stages"][1]["byte"], 210);
    }

    #[test]
    fn of_many_boots_the_first_and_the_last_are_shown() {
        let mut many = capture();
        let one = many.each[0].clone();
        many.each = (1..=100).map(|boot| BootSeen { boot, ..one.clone() }).collect();
        let text = text(&many, "generic");
        assert!(text.contains("boot 39 begins") && text.contains("boot 100 begins") && !text.contains("boot 40 begins"));
        assert!(text.contains("60 boots between them"));
    }
}

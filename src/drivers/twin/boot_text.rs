//! What the camera prints while it boots, cut into lines and spread over the stages of the boot.

use std::ops::Range;

/// A boot's text on the twin's own: written for it, with the traps of real captures in it.
const OWN: &str = include_str!("boot.txt");

/// Stages of a boot, in order: bootloader, kernel, userland, application.
pub(super) const STAGES: usize = 4;

/// A text cut into lines, each belonging to a stage.
pub(super) struct BootText {
    bytes: Vec<u8>,
    lines: Vec<Range<usize>>,
    /// The first line of each stage, and one past the last.
    first: [usize; STAGES + 1],
}

impl BootText {
    /// Of a capture, or the twin's own. A provenance line at the top of a capture is no part of it.
    pub fn new(capture: Option<Vec<u8>>) -> Self {
        let mut bytes = capture.unwrap_or_else(|| OWN.replace('\n', "\r\n").into_bytes());
        if bytes.starts_with(b"# PROVENANCE:") {
            let end = bytes.iter().position(|&b| b == b'\n').map_or(bytes.len(), |i| i + 1);
            bytes.drain(..end);
        }
        let lines = lines(&bytes);
        let holds = |line: &Range<usize>, what: &[&str]| {
            let text = &bytes[line.clone()];
            what.iter().any(|w| text.windows(w.len()).any(|part| part == w.as_bytes()))
        };
        let find = |from: usize, what: &[&str]| {
            lines.iter().skip(from).position(|line| holds(line, what)).map_or(lines.len(), |i| from + i)
        };
        let kernel = find(0, &["Starting kernel", "Linux version"]);
        let userland = find(kernel, &["VFS: Mounted root"]);
        let application = (find(userland, &["login:"]) + 1).min(lines.len());
        Self { first: [0, kernel, userland, application, lines.len()], bytes, lines }
    }

    /// The number of the first line of a stage.
    pub fn first(&self, stage: usize) -> usize {
        self.first[stage]
    }

    /// A line with its end.
    pub fn line(&self, number: usize) -> Option<&[u8]> {
        self.lines.get(number).map(|range| &self.bytes[range.clone()])
    }

    /// The stage of a line, its place among the lines of that stage, and how many that stage has.
    pub fn place(&self, number: usize) -> (usize, usize, usize) {
        let stage = (0..STAGES).rev().find(|&s| self.first[s] <= number && number < self.first[s + 1]).unwrap_or(STAGES - 1);
        (stage, number.saturating_sub(self.first[stage]), self.first[stage + 1] - self.first[stage])
    }
}

/// Cuts at line feeds, or at carriage returns where there are no line feeds.
fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let mut found = Vec::new();
    let mut start = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        if byte == end {
            found.push(start..i + 1);
            start = i + 1;
        }
    }
    if start < bytes.len() {
        found.push(start..bytes.len());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_text_has_the_traps_of_real_captures() {
        let text = OWN;
        assert!((9_000..14_000).contains(&text.len()), "{} bytes", text.len());
        assert_eq!(text.lines().filter(|line| line.starts_with("U-Boot 2016.11")).count(), 2, "two banners in one boot");
        assert!(text.contains("bad CRC, using default environment"));
        assert!(text.lines().any(|line| line.contains("login: [")), "a kernel line spliced into the prompt");
        for needed in ["Starting kernel ...", "Linux version 4.9.84", "VFS: Mounted root (squashfs filesystem)"] {
            assert_eq!(text.matches(needed).count(), 1, "{needed}");
        }
        assert!(text.is_ascii());
    }

    #[test]
    fn lines_belong_to_the_stage_that_prints_them() {
        let text = BootText::new(Some(
            b"# PROVENANCE: x\nU-Boot\nStarting kernel\nLinux version 4\nVFS: Mounted root\nx login:\nmore".to_vec(),
        ));
        let stages: Vec<_> = (0..6).map(|i| text.place(i)).collect();
        assert_eq!(stages, [(0, 0, 1), (1, 0, 2), (1, 1, 2), (2, 0, 2), (2, 1, 2), (3, 0, 1)]);
        assert_eq!(text.line(0), Some(&b"U-Boot\n"[..]));
        assert_eq!(text.line(5), Some(&b"more"[..]));
        assert_eq!(text.line(6), None);
    }

    #[test]
    fn a_capture_without_landmarks_is_all_bootloader() {
        let text = BootText::new(Some(b"a\rb\rc".to_vec()));
        assert_eq!((text.place(0), text.place(2)), ((0, 0, 3), (0, 2, 3)));
        assert_eq!(BootText::new(Some(Vec::new())).line(0), None);
    }
}

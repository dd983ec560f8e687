//! Bytes to lines, freed of everything that is not text.

/// The longest line that is kept whole. Real captures hold lines of up to 630 bytes.
pub const LONGEST_LINE: usize = 2048;
/// What is kept of a line that grew longer, so that a marker across the cut is not lost.
pub const OVERLAP: usize = 256;
/// An escape sequence longer than this is none: a lost end must not swallow the text that follows.
const LONGEST_ESCAPE: u32 = 64;

/// Where in an escape sequence the bytes are (ECMA-48).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    No,
    /// After ESC.
    Begun,
    /// After ESC and an intermediate byte: one more byte ends it.
    Short,
    /// A control sequence: ends with a byte from `@` to `~`.
    Control,
    /// An operating system command: ends with BEL, or with ESC and one more byte.
    Command,
}

/// Why a line should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// It has ended.
    End,
    /// It is full and goes on.
    Full,
}

/// The line that is being received.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    text: Vec<u8>,
    escape: Escape,
    escape_len: u32,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { text: Vec::with_capacity(LONGEST_LINE), escape: Escape::No, escape_len: 0 }
    }

    /// The text so far, without its end.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Takes one byte. When it tells why to look at the line, the caller looks at [`Self::text`] and then calls [`Self::pass`].
    pub(super) fn push(&mut self, byte: u8) -> Option<Cut> {
        // A line's end also ends an escape sequence whose end was lost.
        if matches!(byte, b'\n' | b'\r') {
            self.escape = Escape::No;
            return (!self.text.is_empty()).then_some(Cut::End);
        }
        if self.escape != Escape::No {
            self.escape_len += 1;
            self.escape = if self.escape_len > LONGEST_ESCAPE { Escape::No } else { after(self.escape, byte) };
            return None;
        }
        match byte {
            0x1b => {
                self.escape = Escape::Begun;
                self.escape_len = 0;
            }
            0x08 => {
                self.text.pop();
            }
            b'\t' | 0x20..=0x7e | 0x80.. => self.text.push(byte),
            _ => {} // NUL, BEL, DEL and other controls.
        }
        (self.text.len() >= LONGEST_LINE).then_some(Cut::Full)
    }

    /// Goes on after the line was looked at.
    pub(super) fn pass(&mut self, cut: Cut) {
        match cut {
            Cut::End => self.text.clear(),
            Cut::Full => {
                self.text.drain(..LONGEST_LINE - OVERLAP);
            }
        }
    }
}

fn after(escape: Escape, byte: u8) -> Escape {
    match (escape, byte) {
        (_, 0x1b) => Escape::Begun,
        (Escape::Begun, b'[') => Escape::Control,
        (Escape::Begun, b']' | b'P' | b'_' | b'^') => Escape::Command,
        (Escape::Begun, 0x20..=0x2f) => Escape::Short,
        (Escape::Control, 0x00..=0x3f) | (Escape::Command, 0x00..=0x06 | 0x08..) => escape,
        (Escape::No | Escape::Begun | Escape::Short | Escape::Control | Escape::Command, _) => Escape::No,
    }
}

/// Where kernel messages begin in the line: at a time stamp such as `[    4.268330]`. The kernel writes between the bytes of a program.
pub(super) fn kernel_stamps(line: &[u8]) -> impl Iterator<Item = usize> {
    (0..line.len()).filter(|&from| line[from] == b'[' && is_stamp(&line[from + 1..]))
}

/// The kernel's clock at the end of a line, in seconds, where the line holds a time stamp.
pub(super) fn last_stamp(line: &[u8]) -> Option<f64> {
    let from = kernel_stamps(line).last()?;
    let rest = &line[from + 1..];
    let end = rest.iter().position(|byte| *byte == b']')?;
    std::str::from_utf8(&rest[..end]).ok()?.trim().parse().ok()
}

fn is_stamp(rest: &[u8]) -> bool {
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    let rest = &rest[spaces..];
    let whole = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let Some((b'.', rest)) = rest[whole..].split_first() else { return false };
    let fraction = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    whole >= 1 && fraction >= 3 && rest.get(fraction) == Some(&b']')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<String> {
        let mut lines = Lines::new();
        let mut found = Vec::new();
        for &byte in bytes {
            if let Some(cut) = lines.push(byte) {
                found.push(String::from_utf8_lossy(lines.text()).into_owned());
                lines.pass(cut);
            }
        }
        found
    }

    #[test]
    fn line_ends_of_every_kind_end_one_line() {
        assert_eq!(lines(b"a\r\nb\nc\rd\r\r\n\n\ne\n"), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn escape_sequences_nul_and_backspace_leave_the_text() {
        assert_eq!(lines(b"\x1b[0;31mred\x1b[0m \x00a\x07b\x1b]0;title\x07c\x1b(Bd\x1b]x\x1b\\e\x1b7f\n"), ["red abcdef"]);
        assert_eq!(lines(b"ab\x08\x08\x08c\n"), ["c"]);
    }

    #[test]
    fn a_lost_end_of_an_escape_sequence_costs_one_line_at_most() {
        assert_eq!(lines(b"\x1b]title without end\nnext\n"), ["next"]);
        let long = [b"\x1b[".as_slice(), &[b'1'; 100], b"text\n"].concat();
        assert!(lines(&long)[0].ends_with("text"));
    }

    #[test]
    fn a_line_without_an_end_is_cut_with_an_overlap() {
        let found = lines(&[b'x'; 2 * LONGEST_LINE]);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|line| line.len() == LONGEST_LINE));
    }

    #[test]
    fn the_last_stamp_of_a_line_is_its_clock() {
        assert_eq!(last_stamp(b"login: [    4.268330] usb [12.345678] x"), Some(12.345_678));
        assert_eq!(last_stamp(b"no stamp [1.2]"), None);
    }

    #[test]
    fn kernel_stamps_are_found_anywhere_in_a_line() {
        let at = |line: &str| kernel_stamps(line.as_bytes()).collect::<Vec<_>>();
        assert_eq!(at("[    0.000000] Linux"), [0]);
        assert_eq!(at("login: [    4.268330] usb [12.345678] x"), [7, 26]);
        assert_eq!(at("[RCS]: [1.2] [x.123] [1.123 [ 1.123]"), [28]);
    }
}

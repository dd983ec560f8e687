//! The first four fields, which every line has in the same order and spelling. They are read by hand, since they are read most often.

use super::LineError;
use crate::journal::hash::Hash;

/// The four fields that every line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The line's number.
    pub seq: u64,
    /// Its time in microseconds.
    pub t_us: u64,
    /// The word of its kind.
    pub kind: &'a [u8],
    /// The hash of the line before, as written.
    pub h: &'a [u8],
    /// Where the comma stands that the kind's own fields follow, or the closing brace where it has none.
    pub body: usize,
}

impl<'a> Envelope<'a> {
    /// Reads the first four fields of a line (without its newline).
    ///
    /// # Errors
    /// [`LineError::Garbled`] where they are not exactly as written by [`encode`](super::encode()).
    pub fn read(line: &'a [u8]) -> Result<Self, LineError> {
        let mut scan = Scan::new(line);
        let envelope =
            scan.envelope().ok_or(LineError::Garbled("`seq`, `t_us`, `kind` and `h` do not stand at its beginning"))?;
        if !line.ends_with(b"}") {
            return Err(LineError::Garbled("it has no end"));
        }
        Ok(envelope)
    }
}

/// Numbers of so many digits fit 64 bits, whatever the digits are.
const LONGEST_SAFE: usize = 19;

pub(super) struct Scan<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(line: &'a [u8]) -> Self {
        Self { line, at: 0 }
    }

    /// Whether nothing is left.
    pub(super) fn at_end(&self) -> bool {
        self.at == self.line.len()
    }

    fn envelope(&mut self) -> Option<Envelope<'a>> {
        self.text(b"{\"seq\":")?;
        let seq = self.number()?;
        self.text(b",\"t_us\":")?;
        let t_us = self.number()?;
        self.text(b",\"kind\":\"")?;
        let kind = self.word()?;
        self.text(b"\",\"h\":\"")?;
        let h = self.line.get(self.at..self.at + Hash::DIGITS)?;
        self.at += Hash::DIGITS;
        self.text(b"\"")?;
        let last = self.line.len() - 1;
        let body = self.at;
        let fits = match self.line.get(body)? {
            b',' => body < last,
            b'}' => body == last,
            _ => false,
        };
        fits.then_some(Envelope { seq, t_us, kind, h, body })
    }

    pub(super) fn text(&mut self, text: &[u8]) -> Option<()> {
        self.line[self.at..].starts_with(text).then(|| self.at += text.len())
    }

    /// A whole number without a sign or a leading zero.
    pub(super) fn number(&mut self) -> Option<u64> {
        let digits = self.take(|byte| byte.is_ascii_digit())?;
        if digits.len() > 1 && digits[0] == b'0' {
            return None;
        }
        let value = |digit: &u8| u64::from(digit - b'0');
        if digits.len() <= LONGEST_SAFE {
            // Without checks this takes half the time, and it is done several times a line.
            return Some(digits.iter().fold(0, |n, digit| n * 10 + value(digit)));
        }
        digits.iter().try_fold(0_u64, |n, digit| n.checked_mul(10)?.checked_add(value(digit)))
    }

    /// Lower-case letters and underscores, at least one.
    pub(super) fn word(&mut self) -> Option<&'a [u8]> {
        self.take(|byte| byte.is_ascii_lowercase() || *byte == b'_')
    }

    fn take(&mut self, belongs: impl Fn(&u8) -> bool) -> Option<&'a [u8]> {
        let rest = &self.line[self.at..];
        let length = rest.iter().position(|byte| !belongs(byte))?;
        self.at += length;
        (length > 0).then_some(&rest[..length])
    }
}

/// The number that stands behind `prefix` and before a comma, where the bytes begin so.
pub(super) fn leading_number(bytes: &[u8], prefix: &[u8]) -> Option<u64> {
    let mut scan = Scan::new(bytes);
    scan.text(prefix)?;
    let number = scan.number()?;
    scan.text(b",")?;
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"seq":7,"t_us":120,"kind":"paused","h":"00112233445566778899aabbccddeeff"}"#;

    #[test]
    fn the_four_fields_are_found() {
        let envelope = Envelope::read(LINE.as_bytes()).unwrap();
        assert_eq!((envelope.seq, envelope.t_us, envelope.kind), (7, 120, &b"paused"[..]));
        assert_eq!(envelope.h, b"00112233445566778899aabbccddeeff");
        assert_eq!(envelope.body, LINE.len() - 1);
    }

    #[test]
    fn the_largest_number_is_read_and_a_larger_one_is_garbled() {
        for (number, expected) in [
            ("9999999999999999999", Some(9_999_999_999_999_999_999)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
        ] {
            let line = LINE.replace("120", number);
            assert_eq!(Envelope::read(line.as_bytes()).ok().map(|envelope| envelope.t_us), expected, "{number}");
        }
    }

    #[test]
    fn a_line_cut_anywhere_is_garbled() {
        for length in 0..LINE.len() {
            assert!(Envelope::read(&LINE.as_bytes()[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn other_spellings_are_garbled() {
        for (from, to) in [
            ("\"seq\":7", "\"seq\":07"),
            ("\"seq\":7", "\"seq\":-7"),
            ("\"seq\":7", "\"seq\": 7"),
            ("\"seq\":7", "\"seq\":99999999999999999999"),
            ("\"t_us\":120", "\"t_us\":1.5"),
            ("paused", "Paused"),
            ("paused", ""),
            ("eeff\"}", "eeff\"}}"),
            ("eeff", "eef"),
        ] {
            let line = LINE.replace(from, to);
            assert!(Envelope::read(line.as_bytes()).is_err(), "{line}");
        }
    }
}

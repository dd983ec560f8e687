//! Counts lines as an editor does: `\n`, `\r\n`, `\n\r`, `\r\r\n` and a lone `\r` each end one.

/// Which bytes of an end of a line came last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Ended {
    #[default]
    No,
    /// `\r`, counted.
    Cr,
    /// And another one, which is a line of its own unless `\n` follows.
    CrCr,
    /// `\n`, counted.
    Lf,
    /// And `\r`, which is the rest of that end unless `\n` follows.
    LfCr,
}

/// The count.
#[derive(Clone, Debug, Default)]
pub(super) struct LineCount {
    ends: u64,
    ended: Ended,
}

impl LineCount {
    /// Takes a byte.
    pub(super) fn push(&mut self, byte: u8) {
        let (ends, ended) = match (self.ended, byte) {
            (Ended::Cr | Ended::CrCr, b'\n') => (0, Ended::Lf),
            (_, b'\n') => (1, Ended::Lf),
            (Ended::Lf, b'\r') => (0, Ended::LfCr),
            (Ended::Cr, b'\r') => (0, Ended::CrCr),
            (Ended::CrCr, b'\r') => (1, Ended::CrCr),
            (_, b'\r') => (1, Ended::Cr),
            (Ended::CrCr, _) => (1, Ended::No),
            _ => (0, Ended::No),
        };
        self.ends += ends;
        self.ended = ended;
    }

    /// The number of the line that the next byte stands in, where that is no end of a line.
    pub(super) fn line(&self) -> u64 {
        self.ends + 1 + u64::from(self.ended == Ended::CrCr)
    }

    /// Lines so far, one without an end included.
    pub(super) fn lines(&self, bytes: u64) -> u64 {
        self.line() - u64::from(bytes == 0 || self.ended != Ended::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> u64 {
        let mut count = LineCount::default();
        text.bytes().for_each(|byte| count.push(byte));
        count.lines(text.len() as u64)
    }

    #[test]
    fn every_kind_of_end_ends_one_line_and_blank_lines_count() {
        for end in ["\n", "\r\n", "\r", "\r\r\n", "\n\r"] {
            for text in ["a~b~", "a~b", "a~~"] {
                assert_eq!(lines(&text.replace('~', end)), 2, "{text} {end:?}");
            }
            assert_eq!(lines(&"a~~~b~".replace('~', end)), 4, "{end:?}");
        }
        assert_eq!(lines(""), 0);
    }
}

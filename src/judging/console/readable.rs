//! How much of a stream is text.

/// Counts bytes that are no part of a text. Bytes of a UTF-8 character are text once it is complete.
#[derive(Clone, Debug, Default)]
pub(super) struct Readable {
    /// Bytes of text, and of none.
    text: u64,
    none: u64,
    /// Bytes that the character at hand still needs, and how many it has.
    missing: u64,
    have: u64,
}

impl Readable {
    /// Takes a byte.
    pub(super) fn push(&mut self, byte: u8) {
        if self.missing > 0 && matches!(byte, 0x80..=0xbf) {
            self.have += 1;
            self.missing -= 1;
            if self.missing == 0 {
                self.text += std::mem::take(&mut self.have);
            }
            return;
        }
        self.none += std::mem::take(&mut self.have);
        self.missing = match byte {
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => 0,
        };
        match byte {
            _ if self.missing > 0 => self.have = 1,
            0x07..=0x0d | 0x1b | 0x20..=0x7e => self.text += 1,
            _ => self.none += 1,
        }
    }

    /// Bytes that are no text.
    pub(super) fn none(&self) -> u64 {
        self.none + self.have
    }

    /// All bytes.
    pub(super) fn all(&self) -> u64 {
        self.text + self.none + self.have
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(bytes: &[u8]) -> (u64, u64) {
        let mut readable = Readable::default();
        bytes.iter().for_each(|&byte| readable.push(byte));
        (readable.none(), readable.all())
    }

    #[test]
    fn text_of_every_script_is_text_and_noise_is_none() {
        assert_eq!(none("Kamera läuft, 相机启动\r\n\x1b[0m".as_bytes()).0, 0);
        assert_eq!(none(b"a\0b\xff\x80\xe7\x9b"), (5, 7));
        assert_eq!(none(&[0xc3, b'x', 0xc3, 0xa4]), (1, 4));
    }
}

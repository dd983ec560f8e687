//! The hash that chains the lines: SHA-256, the first 128 bits, as 32 lower-case hexadecimal digits.

use sha2::{Digest, Sha256};
use std::fmt;

/// Hash of a line, or of a file, as its hexadecimal digits in ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; Hash::DIGITS]);

impl Hash {
    /// Number of hexadecimal digits.
    pub const DIGITS: usize = 32;
    /// What the first line carries, since no line stands before it.
    pub const NONE: Self = Self([b'0'; Self::DIGITS]);

    /// Hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::finish(Sha256::new_with_prefix(bytes))
    }

    /// Hash of everything that was fed to `hasher`.
    pub fn finish(hasher: Sha256) -> Self {
        const DIGIT: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; Self::DIGITS];
        let hash: [u8; 32] = hasher.finalize().into();
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(hash) {
            *pair = [DIGIT[usize::from(byte >> 4)], DIGIT[usize::from(byte & 15)]];
        }
        Self(digits)
    }

    /// The digits as text.
    pub fn as_str(&self) -> &str {
        // They are ASCII, so that the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The digits.
    pub fn as_bytes(&self) -> &[u8; Self::DIGITS] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_first_half_of_sha_256() {
        // FIPS 180-4 example "abc": ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 ...
        assert_eq!(Hash::of(b"abc").to_string(), "ba7816bf8f01cfea414140de5dae2223");
        assert_eq!(Hash::of(b"").to_string(), "e3b0c44298fc1c149afbf4c8996fb924");
    }
}

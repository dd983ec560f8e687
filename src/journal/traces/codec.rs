//! Whole numbers as bytes: seven bits a byte, the lowest first, the eighth bit on every byte but the last; signed ones folded so that
//! those near zero are short (0, -1, 1, -2 become 0, 1, 2, 3).

use std::io::{self, Read};

/// Appends an unsigned number.
pub fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a signed number.
pub fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, ((number << 1) ^ (number >> 63)) as u64);
}

/// Reads an unsigned number; `None` at the end of the bytes.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] where the number is over 64 bits, [`io::ErrorKind::UnexpectedEof`] in its midst.
pub fn get(from: &mut impl Read) -> io::Result<Option<u64>> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let mut byte = [0];
        if from.read(&mut byte)? == 0 {
            return if shift == 0 { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        let bits = u64::from(byte[0] & 0x7f);
        if bits << shift >> shift != bits {
            break;
        }
        number |= bits << shift;
        if byte[0] & 0x80 == 0 {
            return Ok(Some(number));
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "a number is over 64 bits"))
}

/// Reads a number that must be there.
///
/// # Errors
/// As [`get`].
pub fn expect(from: &mut impl Read) -> io::Result<u64> {
    get(from)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Reads a signed number that must be there.
///
/// # Errors
/// As [`get`].
pub fn expect_signed(from: &mut impl Read) -> io::Result<i64> {
    let folded = expect(from)?;
    Ok((folded >> 1) as i64 ^ -((folded & 1) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(number: u64, signed: i64) {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            put_signed(&mut bytes, signed);
            let mut from = &bytes[..];
            prop_assert_eq!(expect(&mut from).unwrap(), number);
            prop_assert_eq!(expect_signed(&mut from).unwrap(), signed);
            prop_assert_eq!(get(&mut from).unwrap(), None);
        }
    }

    #[test]
    fn small_numbers_are_one_byte() {
        for (number, byte) in [(0, 0), (-1, 1), (1, 2), (-64, 127)] {
            let mut bytes = Vec::new();
            put_signed(&mut bytes, number);
            assert_eq!(bytes, [byte]);
        }
    }

    #[test]
    fn a_number_that_is_cut_or_too_long_is_refused() {
        assert_eq!(get(&mut &[0x80][..]).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(get(&mut &[0xff; 10][..]).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert_eq!(get(&mut &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1][..]).unwrap(), Some(u64::MAX));
    }
}

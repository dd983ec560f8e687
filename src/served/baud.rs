//! What a receiver at the wrong rate makes of a serial line: it waits for a start bit, then looks at the line in the middles of what it takes
//! for the eight data bits.

/// What a receiver at `to` baud makes of bytes that are sent end to end at `from` baud.
pub(super) fn heard_at(bytes: &[u8], from: u32, to: u32) -> Vec<u8> {
    let line: Vec<bool> = bytes.iter().flat_map(|byte| frame(*byte)).collect();
    // Places on the line are counted in bits of the sender.
    let width = f64::from(from) / f64::from(to.max(1));
    let mut heard = Vec::new();
    let mut at: f64 = 0.0;
    while let Some(level) = line.get(at as usize) {
        if *level {
            at = at.floor() + 1.0;
            continue;
        }
        // The line rests high after the last byte.
        let bit = |number: u32| line.get((at + (1.5 + f64::from(number)) * width) as usize).copied().unwrap_or(true);
        heard.push((0..8).fold(0, |byte, number| byte | u8::from(bit(number)) << number));
        at += 9.5 * width;
    }
    heard
}

/// A byte on the line: a start bit, eight data bits with the lowest first, a stop bit.
fn frame(byte: u8) -> impl Iterator<Item = bool> {
    std::iter::once(false).chain((0..8).map(move |bit| byte >> bit & 1 == 1)).chain([true])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_rate_hears_every_byte() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(heard_at(&all, 115_200, 115_200), all);
    }

    #[test]
    fn twice_the_rate_hears_each_bit_twice() {
        // 0x55 is a start bit 0 and then 1010101 0 1: at twice the rate 00 11 00 11 00, of which eight bits are taken.
        assert_eq!(heard_at(b"\x55", 57_600, 115_200)[0], 0b0110_0110);
        assert_ne!(heard_at(b"U-Boot 2016.11", 115_200, 57_600), b"U-Boot 2016.11");
    }
}

//! The camera's end of the serial line: bytes leave one after another, eight data bits between a start and a stop bit.

use crate::domain::units::{Seconds, Tick};

/// Bits that one byte takes on the line.
const BITS: u64 = 10;

/// Bytes on their way to the bench.
pub struct Uart {
    baud: u64,
    /// The burst that is being sent; byte k is complete `(k + 1) * 10 / baud` after its start.
    burst: Vec<u8>,
    start: Tick,
    delivered: usize,
}

impl Uart {
    /// An idle line.
    pub fn new(baud: u32) -> Self {
        Self { baud: u64::from(baud.max(1)), burst: Vec::new(), start: Tick::ZERO, delivered: 0 }
    }

    /// How long so many bytes take.
    pub fn line_time(&self, bytes: usize) -> Seconds {
        Seconds::from_micro((bytes as u64 * BITS * 1_000_000).div_ceil(self.baud) as i64)
    }

    /// Queues bytes behind those that are still being sent. Deliver what is complete first.
    pub fn write(&mut self, now: Tick, bytes: &[u8]) {
        if self.burst.is_empty() {
            self.start = now;
        }
        self.burst.extend_from_slice(bytes);
    }

    /// Moves the bytes that are complete before `end` to `out`; returns when the last of them was.
    pub fn deliver(&mut self, end: Tick, out: &mut Vec<u8>) -> Option<Tick> {
        if self.burst.is_empty() {
            return None;
        }
        let elapsed = end.0.saturating_sub(self.start.0).saturating_sub(1);
        let complete = (elapsed.saturating_mul(self.baud) / (BITS * 1_000_000)).min(self.burst.len() as u64) as usize;
        if complete <= self.delivered {
            return None;
        }
        out.extend_from_slice(&self.burst[self.delivered..complete]);
        let at = self.start + self.line_time(complete);
        self.delivered = complete;
        if complete == self.burst.len() {
            self.cut();
        }
        Some(at)
    }

    /// Forgets what is not delivered: the camera has gone out.
    pub fn cut(&mut self) {
        self.burst.clear();
        self.delivered = 0;
    }
}

/// What a receiver at another rate makes of bytes that come one after another: it waits for the falling edge of a start bit and samples the
/// middles of the eight bits to come, then waits for the line to be idle again. Rates within 3 % of each other understand each other.
pub fn misread(bytes: &[u8], sent: u32, heard: u32) -> Vec<u8> {
    // The receiver's time of a bit, in the sender's.
    let bit_time = f64::from(sent) / f64::from(heard.max(1));
    let total = bytes.len() * BITS as usize;
    let level = |bit: usize| match (bytes.get(bit / BITS as usize), bit % BITS as usize) {
        (None, _) | (Some(_), 9) => true,
        (Some(_), 0) => false,
        (Some(byte), data) => byte >> (data - 1) & 1 == 1,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..total).find(|bit| !level(*bit)) {
        let sample = |k: usize| level((start as f64 + (k as f64 + 0.5) * bit_time) as usize);
        found.push((0..8).fold(0, |byte, k| byte | u8::from(sample(k + 1)) << k));
        let stop = (start as f64 + 9.5 * bit_time) as usize;
        let Some(idle) = (stop..=total).find(|bit| level(*bit)) else { break };
        at = idle;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_arrives_with_its_stop_bit() {
        // 10 bits at 115 200 baud take 86.8 us.
        let mut uart = Uart::new(115_200);
        let mut out = Vec::new();
        uart.write(Tick(1000), b"abc");
        assert_eq!(uart.deliver(Tick(1087), &mut out), None);
        assert_eq!(uart.deliver(Tick(1088), &mut out), Some(Tick(1087)));
        assert_eq!(out, b"a");
        assert_eq!(uart.deliver(Tick(9000), &mut out), Some(Tick(1000 + 261)));
        assert_eq!(out, b"abc");
        assert_eq!(uart.deliver(Tick(9000), &mut out), None);
    }

    #[test]
    fn a_receiver_at_nearly_the_same_rate_reads_the_text_and_another_does_not() {
        let text = b"U-Boot 2016.11 \x00\xff login:";
        for heard in [115_200, 117_000, 113_000] {
            assert_eq!(misread(text, 115_200, heard), text, "{heard}");
        }
        // At half the rate the sampled bits of 0xff are the four ones and the stop bit, then an idle line.
        assert_eq!(misread(&[0xff], 115_200, 57_600), [0xff]);
        // At twice the rate every bit of 0x55 is seen twice: after the start bit its second half, then 1 1 0 0 1 1 0, and no stop bit. The next
        // low bit is taken for a start: 0, 1 1, 0 0, and three times the true stop bit.
        assert_eq!(misread(&[0x55], 115_200, 230_400), [0b0110_0110, 0b1110_0110]);
        let slow = misread(text, 115_200, 57_600);
        assert!(slow.len() <= text.len() / 2 + 1 && slow != text);
        assert!(misread(text, 115_200, 1_000_000).iter().all(|byte| *byte != b'B'));
        assert!(misread(b"", 9600, 1200).is_empty());
    }

    #[test]
    fn text_waits_for_the_text_before_it() {
        let mut uart = Uart::new(9600);
        let mut out = Vec::new();
        uart.write(Tick(0), b"0123456789");
        uart.write(Tick(5000), b"x");
        // Eleven bytes of 1041.67 us.
        assert_eq!(uart.deliver(Tick(11_458), &mut out), Some(Tick(10_417)));
        assert_eq!(uart.deliver(Tick(11_460), &mut out), Some(Tick(11_459)));
        assert_eq!(out, b"0123456789x");
    }

    #[test]
    fn what_was_not_sent_is_lost_in_a_cut() {
        let mut uart = Uart::new(9600);
        let mut out = Vec::new();
        uart.write(Tick(0), b"0123456789");
        uart.deliver(Tick(3200), &mut out);
        uart.cut();
        assert_eq!(uart.deliver(Tick(100_000), &mut out), None);
        assert_eq!(out, b"012");
    }
}

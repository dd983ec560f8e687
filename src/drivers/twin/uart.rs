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

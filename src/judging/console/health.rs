//! Whether the line speaks, is silent, or delivers no text.

use crate::domain::observation::{ConsoleState, Observation};
use crate::domain::units::{Seconds, Tick};

/// Of the last 128 bytes, so many that are no text make the line garbled: a wrong baud rate spoils most of them.
const GARBLED_FROM: u32 = 40;
/// And so few make it text again.
const TEXT_FROM: u32 = 8;

/// The fold over bytes and time.
#[derive(Clone, Debug)]
pub(super) struct Health {
    silence: Seconds,
    state: Option<ConsoleState>,
    /// When the last byte came, or when listening began.
    heard: Option<Tick>,
    /// One bit for each of the last 128 bytes: set for one that is no text.
    strange: u128,
    /// Bytes that a UTF-8 character still needs, and how many it has.
    utf8_missing: u32,
    utf8_have: u32,
}

impl Health {
    pub(super) fn new(silence: Seconds) -> Self {
        Self { silence, state: None, heard: None, strange: 0, utf8_missing: 0, utf8_have: 0 }
    }

    /// Begins to listen at `at`: the state is told anew.
    pub(super) fn reset(&mut self, at: Tick) {
        *self = Self { heard: Some(at), ..Self::new(self.silence) };
    }

    /// The port was lost and opened again.
    pub(super) fn gap(&mut self, at: Tick, out: &mut Vec<(Tick, Observation)>) {
        out.push((at, Observation::Console { state: ConsoleState::Gap }));
        self.reset(at);
    }

    /// Time has passed.
    pub(super) fn pass(&mut self, now: Tick, out: &mut Vec<(Tick, Observation)>) {
        let heard = *self.heard.get_or_insert(now);
        if now.since(heard) >= self.silence && now > heard {
            self.tell(heard + self.silence, ConsoleState::Silent, out);
        }
    }

    /// A byte came.
    pub(super) fn byte(&mut self, at: Tick, byte: u8, out: &mut Vec<(Tick, Observation)>) {
        self.heard = Some(at);
        let strange = self.is_strange(byte);
        self.strange = (self.strange << 1) | u128::from(strange);
        let strange = self.strange.count_ones();
        match self.state {
            Some(ConsoleState::Garbled) if strange > TEXT_FROM => {}
            _ if strange >= GARBLED_FROM => self.tell(at, ConsoleState::Garbled, out),
            _ => self.tell(at, ConsoleState::Speaking, out),
        }
    }

    /// A byte that is neither printable nor a usual control counts as strange until the UTF-8 character that it belongs to is complete.
    fn is_strange(&mut self, byte: u8) -> bool {
        let inside = self.utf8_missing > 0 && matches!(byte, 0x80..=0xbf);
        if inside {
            self.utf8_missing -= 1;
            self.utf8_have += 1;
            if self.utf8_missing == 0 {
                // The bytes before this one are text after all. They are the lowest bits, since this one is not shifted in yet.
                self.strange &= !((1 << (self.utf8_have - 1)) - 1);
            }
            return self.utf8_missing > 0;
        }
        self.utf8_have = 1;
        self.utf8_missing = match byte {
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => 0,
        };
        !matches!(byte, 0x00 | 0x07..=0x0d | 0x1b | 0x20..=0x7f)
    }

    fn tell(&mut self, at: Tick, state: ConsoleState, out: &mut Vec<(Tick, Observation)>) {
        if self.state.replace(state) != Some(state) {
            out.push((at, Observation::Console { state }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConsoleState::{Gap, Garbled, Silent, Speaking};

    fn states(out: &[(Tick, Observation)]) -> Vec<(u64, ConsoleState)> {
        out.iter()
            .map(|(at, fact)| match fact {
                Observation::Console { state } => (at.0, *state),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    fn hear(bytes: &[u8]) -> Vec<ConsoleState> {
        let (mut health, mut out) = (Health::new(Seconds::new(60.0)), Vec::new());
        bytes.iter().for_each(|&byte| health.byte(Tick(5), byte, &mut out));
        states(&out).into_iter().map(|(_, state)| state).collect()
    }

    #[test]
    fn silence_is_dated_from_the_last_byte_and_ends_with_the_next() {
        let (mut health, mut out) = (Health::new(Seconds::new(60.0)), Vec::new());
        health.byte(Tick(1_000_000), b'a', &mut out);
        health.pass(Tick(60_000_000), &mut out);
        health.pass(Tick(99_000_000), &mut out);
        health.byte(Tick(100_000_000), b'b', &mut out);
        assert_eq!(states(&out), [(1_000_000, Speaking), (61_000_000, Silent), (100_000_000, Speaking)]);
    }

    #[test]
    fn a_line_that_never_speaks_is_silent_after_the_same_time() {
        let (mut health, mut out) = (Health::new(Seconds::new(60.0)), Vec::new());
        health.reset(Tick(7));
        health.pass(Tick(60_000_006), &mut out);
        assert!(out.is_empty());
        health.pass(Tick(60_000_007), &mut out);
        assert_eq!(states(&out), [(60_000_007, Silent)]);
    }

    #[test]
    fn bytes_that_are_no_text_are_garbled_until_text_comes() {
        let noise: Vec<u8> = (0..200_u32).map(|n| (n * 37 % 251) as u8 | 0x80).collect();
        assert_eq!(hear(&[&noise[..], &[b'x'; 200]].concat()), [Speaking, Garbled, Speaking]);
    }

    #[test]
    fn text_in_another_script_is_text() {
        assert_eq!(hear("相机启动完成 Kamera läuft Камера".repeat(20).as_bytes()), [Speaking]);
    }

    #[test]
    fn a_gap_is_told_and_what_follows_too() {
        let (mut health, mut out) = (Health::new(Seconds::new(60.0)), Vec::new());
        health.byte(Tick(1), b'a', &mut out);
        health.gap(Tick(2), &mut out);
        health.byte(Tick(3), b'a', &mut out);
        assert_eq!(states(&out), [(1, Speaking), (2, Gap), (3, Speaking)]);
    }
}

//! Frames: four bytes of length, lowest first, then so many bytes of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Longest frame. The longest message, a position with its rules, is a few thousand bytes.
const LONGEST: usize = 1 << 20;

/// The other side sends what cannot be a message: it is not listened to any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooLong {
    /// A length that no message has.
    #[error("a message of {0} bytes: the other side does not speak this language")]
    Length(usize),
    /// No such message.
    #[error("a message that cannot be read: {0}")]
    Unread(String),
}

/// A message as it goes over the wire.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // Cannot fail: messages have neither maps with other keys than text nor types that refuse.
    let body = serde_json::to_vec(message).expect("a message is plain data");
    let mut frame = (body.len() as u32).to_le_bytes().to_vec();
    frame.extend(body);
    frame
}

/// Bytes as they come, cut anywhere, put together to messages.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
}

impl Frames {
    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole message, if it is there.
    ///
    /// # Errors
    /// [`TooLong`] where no message can begin so. Nothing that follows can be understood then.
    pub fn take<T: DeserializeOwned>(&mut self) -> Result<Option<T>, TooLong> {
        let Some((head, rest)) = self.bytes.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_le_bytes(*head) as usize;
        if length > LONGEST {
            return Err(TooLong::Length(length));
        }
        let Some(body) = rest.get(..length) else { return Ok(None) };
        let message = serde_json::from_slice(body).map_err(|error| TooLong::Unread(error.to_string()));
        self.bytes.drain(..4 + length);
        message.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Order, Word};
    use super::*;
    use crate::domain::units::{Tick, Volts};
    use proptest::prelude::*;

    fn words() -> Vec<Word> {
        vec![
            Word::Beat { deadline: Tick(12_345_678), sent: Tick(2_345_678) },
            Word::Order { number: 1, order: Order::Press { at: Tick(5), release_at: Tick(6) } },
            Word::Order { number: 2, order: Order::Set(Volts::new(5.05)) },
            Word::Order { number: u64::MAX, order: Order::Connect("oem".into()) },
        ]
    }

    proptest! {
        #[test]
        fn cut_anywhere_the_messages_are_the_same(cuts in proptest::collection::vec(1_usize..40, 1..40)) {
            let all: Vec<u8> = words().iter().flat_map(encode).collect();
            let (mut frames, mut got, mut rest) = (Frames::default(), Vec::new(), all.as_slice());
            let mut cuts = cuts.into_iter().cycle();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(cuts.next().unwrap().min(rest.len()));
                frames.push(now);
                rest = later;
                while let Some(word) = frames.take::<Word>().unwrap() {
                    got.push(word);
                }
            }
            prop_assert_eq!(got, words());
        }

        #[test]
        fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut frames = Frames::default();
            frames.push(&bytes);
            // Either it wants more, or it refuses; it never goes on for ever, since each message takes bytes away.
            while let Ok(Some(_)) = frames.take::<Word>() {}
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let mut frames = Frames::default();
        frames.push(&u32::MAX.to_le_bytes());
        assert_eq!(frames.take::<Word>(), Err(TooLong::Length(u32::MAX as usize)));
        let mut frames = Frames::default();
        frames.push(&[2, 0, 0, 0, b'{', b'}']);
        assert!(matches!(frames.take::<Word>(), Err(TooLong::Unread(_))));
    }
}

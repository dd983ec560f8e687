//! An engine's connection.

use super::super::wire::{Frames, News, Word, encode};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// A connection, armed or not.
#[derive(Debug)]
pub(super) struct Session {
    stream: UnixStream,
    frames: Frames,
    /// It holds the outputs, or held them until a trip.
    pub(super) armed: bool,
    /// It is not listened to any more.
    pub(super) closed: bool,
}

impl Session {
    pub(super) fn new(stream: UnixStream) -> std::io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self { stream, frames: Frames::default(), armed: false, closed: false })
    }

    /// What came since. Whoever sends what is no message is not listened to any more.
    pub(super) fn hear(&mut self) -> Vec<Word> {
        let mut bytes = [0_u8; 4096];
        loop {
            match self.stream.read(&mut bytes) {
                Ok(0) => self.closed = true,
                Ok(length) => {
                    self.frames.push(&bytes[..length]);
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => self.closed = true,
            }
            break;
        }
        let mut words = Vec::new();
        loop {
            match self.frames.take() {
                Ok(Some(word)) => words.push(word),
                Ok(None) => return words,
                Err(_) => {
                    self.closed = true;
                    return words;
                }
            }
        }
    }

    /// Tells something. An engine that does not take what it is told is dead: the guard waits for nobody.
    pub(super) fn tell(&mut self, news: &News) {
        if self.stream.write_all(&encode(news)).is_err() {
            self.closed = true;
        }
    }
}

impl AsFd for Session {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

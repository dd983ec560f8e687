//! The keyboard while a run goes on: single keys without Enter. The terminal gets its old mode back however the program ends, a kill that
//! asks nobody excepted.

use super::control::Wishes;
use crate::domain::event::How;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::getpgrp;
use rustix::stdio::stdin;
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, isatty, tcgetattr, tcgetpgrp, tcsetattr,
};
use std::io::PipeReader;
use std::os::fd::AsFd;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Pause after this trial, or go on.
    Pause,
    /// Stop after this trial.
    AfterTrial,
    /// Stop: finish safely.
    Stop,
}

impl Key {
    /// What a byte from the keyboard asks for.
    pub fn of(byte: u8) -> Option<Key> {
        match byte.to_ascii_lowercase() {
            b'p' => Some(Key::Pause),
            b's' => Some(Key::AfterTrial),
            b'q' => Some(Key::Stop),
            _ => None,
        }
    }

    /// Does what the key asks for. No key cuts the power at once, however often it is pressed: that takes Ctrl-C twice.
    pub fn act(self, wishes: &Wishes) {
        match self {
            Key::Pause => {
                wishes.toggle_pause();
            }
            Key::AfterTrial => wishes.stop(How::AfterTrial),
            Key::Stop => wishes.stop(How::FinishSafely),
        }
    }
}

/// The terminal in a mode in which keys arrive singly and are not shown. Dropping it restores the old mode.
pub struct Keyboard {
    old: Termios,
}

impl Keyboard {
    /// Takes the keyboard; `None` where standard input is no terminal, or is another job's.
    pub fn take() -> Option<Self> {
        if !isatty(stdin()) || !in_front(stdin()) {
            return None;
        }
        let old = tcgetattr(stdin()).ok()?;
        let mut new = old.clone();
        new.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
        // Ctrl-C stays a signal. Ctrl-S would hold the screen, and with it the end of the run.
        new.input_modes -= InputModes::IXON;
        // Ctrl-Z would freeze the program in the middle of a press, and Ctrl-\ would end it without making anything safe: 0 switches both off.
        new.special_codes[SpecialCodeIndex::VSUSP] = 0;
        new.special_codes[SpecialCodeIndex::VQUIT] = 0;
        new.special_codes[SpecialCodeIndex::VMIN] = 1;
        new.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(stdin(), OptionalActions::Now, &new).ok()?;
        Some(Self { old })
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        // The terminal may be gone; then there is nothing to restore.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.old);
    }
}

/// Whether the terminal is ours: a job in the background that reads from it or sets its mode is stopped by the system. A terminal that
/// controls no session asks nobody.
pub fn in_front(terminal: impl AsFd) -> bool {
    tcgetpgrp(terminal).map_or(true, |group| group == getpgrp())
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The time is over.
    Time,
    /// A key, or a byte of it.
    Key(u8),
    /// Nothing, or a terminal that is gone: it is not listened to any more where `gone`.
    Nothing {
        /// No key will ever come.
        gone: bool,
    },
    /// The run has ended.
    Over,
}

/// Waits for a key if `listen`, for the end of `over`'s other side, or so many milliseconds.
pub fn wait(listen: bool, over: &PipeReader, milliseconds: u32) -> Woken {
    let input = stdin();
    let mut fds = vec![PollFd::new(over, PollFlags::IN)];
    if listen && in_front(stdin()) {
        fds.push(PollFd::new(&input, PollFlags::IN));
    }
    let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(milliseconds) * 1_000_000 };
    match poll(&mut fds, Some(&timeout)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => return Woken::Time,
        Ok(_) => {}
        // Without a way to wait, nobody can be listened to.
        Err(_) => return Woken::Over,
    }
    if !fds[0].revents().is_empty() {
        return Woken::Over;
    }
    let mut byte = [0_u8; 1];
    match rustix::io::read(stdin(), &mut byte) {
        Ok(1..) => Woken::Key(byte[0]),
        Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Woken::Nothing { gone: false },
        Ok(0) | Err(_) => Woken::Nothing { gone: true },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ask_for_stops_and_never_for_the_dangerous_one() {
        let wishes = Wishes::default();
        Key::of(b'S').unwrap().act(&wishes);
        assert_eq!(wishes.stop_wanted(), Some(How::AfterTrial));
        for _ in 0..5 {
            Key::of(b'q').unwrap().act(&wishes);
        }
        assert_eq!(wishes.stop_wanted(), Some(How::FinishSafely));
        assert_eq!((wishes.interrupt(), wishes.stop_wanted()), (How::FinishSafely, Some(How::FinishSafely)));
        assert_eq!((wishes.interrupt(), wishes.stop_wanted()), (How::Now, Some(How::Now)));
        assert_eq!(Key::of(b'x'), None);
    }
}

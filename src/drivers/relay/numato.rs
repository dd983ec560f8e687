//! Numato boards: relays, digital lines and analogue inputs behind a CDC port. Text commands that are echoed, a prompt after each answer.
//!
//! The echo ends in a digit, so a bare digit is never taken for a state: an exchange is the echo of the whole command, a line with the answer
//! where there is one, and the prompt. Whatever differs from that is a fault.

use super::{Board, Shared};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};
use crate::drivers::deadline::Deadline;
use crate::drivers::feed::Now;
use crate::drivers::sampling::{Plan, Sampling};
use crate::drivers::wire::{Ask, Place, plain};
use crate::ports::device::Sink;
use crate::ports::{Channel, Scale};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const NAME: &str = "numato board";
const CONNECT: Duration = Duration::from_secs(1);
/// An answer comes within a few milliseconds.
const ANSWER: Duration = Duration::from_millis(500);
/// The highest code of the 10-bit converter.
const FULL_SCALE: i16 = 1023;
/// The board answers some hundred questions a second at best. A light that blinks at 10 Hz needs a hundred samples.
const PERIOD: Seconds = Seconds::from_millis(10);

/// Which lines of the board switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lines {
    /// Its relays.
    #[default]
    Relay,
    /// Its digital lines.
    Gpio,
}

/// Where the board is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Its serial port by stable name: `/dev/serial/by-id/...`.
    pub port: Option<String>,
    /// Address of a port that ser2net serves raw, `host:port`, instead of a serial port.
    pub tcp: Option<String>,
    /// Which lines switch.
    #[serde(default)]
    pub lines: Lines,
    /// The relay or line of a presser or a supply, from 0 as printed on the board.
    #[serde(default)]
    pub relay: u8,
    /// The analogue input of a light sensor, from 0.
    #[serde(default)]
    pub adc: u8,
}

/// A board that several ports share.
#[derive(Clone)]
pub struct Numato(Arc<Mutex<Talk>>);

impl Numato {
    /// Opens a board. Nothing is switched.
    ///
    /// # Errors
    /// A [`Fault`] that names the place, when nothing or something else is there.
    pub fn open(settings: &Settings) -> Result<Self, Fault> {
        let place = Place::new(settings.port.as_deref(), 19_200, settings.tcp.as_deref());
        let place = place.map_err(|what| Fault::new(FaultKind::Refused, NAME, what))?;
        let mut talk = Talk { ask: Ask::new(NAME, place) };
        talk.connect()?;
        Ok(Self(Arc::new(Mutex::new(talk))))
    }

    /// Its relays or digital lines.
    pub fn switches(&self, lines: Lines) -> Shared {
        Shared::new(Switches { board: self.clone(), lines })
    }

    /// Reads an analogue input all the time, as the camera's light. Dropping the result ends it.
    ///
    /// # Errors
    /// A [`Fault`] when the system gives no thread.
    pub fn light(&self, adc: u8, sink: Box<dyn Sink>, now: Now) -> Result<Sampling, Fault> {
        let board = self.clone();
        let plan = Plan { name: "numato light", channels: vec![Channel::Light], period: PERIOD };
        Sampling::start(plan, move || board.sample(adc).map(|code| vec![code]), sink, now)
    }

    fn sample(&self, adc: u8) -> Result<i16, Fault> {
        let answer = self.command(&format!("adc read {adc}"), true)?;
        let code = answer.trim().parse().ok().filter(|code| (0..=FULL_SCALE).contains(code));
        code.ok_or_else(|| Fault::new(FaultKind::Disobeyed, NAME, format!("`{answer}` is no code of a 10-bit converter")))
    }

    fn command(&self, command: &str, answers: bool) -> Result<String, Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).command(command, answers)
    }
}

/// How the light's codes become shares of full scale.
pub const LIGHT: Scale = Scale { lsb: 1.0 / FULL_SCALE as f64, period: PERIOD };

/// The board's line.
struct Talk {
    ask: Ask,
}

impl Talk {
    /// Opens the line and ends whatever was half typed.
    fn connect(&mut self) -> Result<(), Fault> {
        self.ask.open(CONNECT)?;
        self.ask.tell(b"\r")?;
        self.ask.everything(Duration::from_millis(50))?;
        self.command("ver", true).map(drop)
    }

    /// Sends a command and reads its echo, the answer's line where there is one, and the prompt.
    fn command(&mut self, command: &str, answers: bool) -> Result<String, Fault> {
        if self.ask.is_closed() {
            self.connect()?;
        }
        self.ask.tell(format!("{command}\r").as_bytes())?;
        let mut heard = Vec::new();
        let deadline = Deadline::after(ANSWER);
        while !heard.ends_with(b">") {
            let byte = self.ask.exactly(1, deadline.left())?;
            if byte.is_empty() || heard.len() > 96 {
                self.ask.close();
                return Err(self.ask.fault(FaultKind::Timeout, format!("no prompt after `{command}`, but `{}`", plain(&heard))));
            }
            heard.extend(byte);
        }
        self.ask.expect_silence(Duration::ZERO)?;
        let text = String::from_utf8_lossy(&heard);
        let lines: Vec<&str> = text.trim_end_matches('>').split(['\r', '\n']).filter(|line| !line.is_empty()).collect();
        match lines[..] {
            [echo, answer] if echo == command && answers => Ok(answer.to_owned()),
            [echo] if echo == command && !answers => Ok(String::new()),
            _ => {
                self.ask.close();
                Err(self.ask.fault(FaultKind::Disobeyed, format!("`{command}` was answered with `{}`", plain(&heard))))
            }
        }
    }
}

struct Switches {
    board: Numato,
    lines: Lines,
}

impl Board for Switches {
    fn set(&mut self, relay: u8, on: bool) -> Result<(), Fault> {
        // Up to 16 lines are named by one hexadecimal digit.
        let command = match self.lines {
            Lines::Relay => format!("relay {} {relay:X}", if on { "on" } else { "off" }),
            Lines::Gpio => format!("gpio {} {relay:X}", if on { "set" } else { "clear" }),
        };
        self.board.command(&command, false).map(drop)
    }
}

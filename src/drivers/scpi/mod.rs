//! A laboratory supply that speaks SCPI over TCP or a serial port. Every setting is read back, and the instrument's error queue with it. An
//! answer that is not exactly what was asked for is a fault with its cause and never a reading; after a fault the line is opened anew and the
//! instrument's name asked until it comes, so that a late answer is never taken for another.

mod dialect;
#[cfg(test)]
mod tests;

pub use dialect::Dialect;

use super::deadline::Deadline;
use super::wire::{Ask, Place, plain};
use crate::domain::units::{Amps, Seconds, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::Refused;
use crate::ports::device::{PowerOutput, PowerReading};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// The questions of a setting or a reading take no longer together than so many answers: a switch-off that waits behind them waits no longer.
const EXCHANGE: u32 = 2;
/// What was set and what is read back may differ by the instrument's own rounding.
const ROUNDING_V: f64 = 0.0051;

/// How the supply is reached and what it may do.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Its address, `host:port`: port 5555 of a Rigol, 5025 of a Siglent or Keysight.
    pub tcp: Option<String>,
    /// Its serial port by stable name, `/dev/serial/by-id/...`, instead of an address.
    pub port: Option<String>,
    /// Bits per second of the serial port.
    #[serde(default = "baud")]
    pub baud: u32,
    /// How this make words its commands.
    pub dialect: Dialect,
    /// Its output, from 1.
    #[serde(default = "first")]
    pub channel: u8,
    /// What its answer to `*IDN?` must contain, such as its serial number: the wrong instrument at the right address is refused.
    pub idn: Option<String>,
    /// Highest voltage that it is told or believed to give.
    pub max_v: Volts,
    /// Its current limit, set together with each voltage.
    pub limit_a: Amps,
    /// How long an answer may take.
    #[serde(default = "answer")]
    pub answer_s: Seconds,
    /// How long connecting and the first answer may take together: some need 10 s.
    #[serde(default = "first_answer")]
    pub first_answer_s: Seconds,
}

fn baud() -> u32 {
    9600
}

fn first() -> u8 {
    1
}

fn answer() -> Seconds {
    Seconds::new(1.0)
}

fn first_answer() -> Seconds {
    Seconds::new(3.0)
}

/// A supply with a SCPI line.
pub struct ScpiSupply {
    settings: Settings,
    ask: Ask,
    /// Until when the exchange that has begun may take.
    until: Deadline,
}

impl ScpiSupply {
    /// Connects, and sees that it is the right instrument. Changes nothing on it.
    ///
    /// # Errors
    /// A [`Fault`] that names the place, when nobody answers there or somebody else does.
    pub fn open(settings: Settings) -> Result<Self, Fault> {
        let place = Place::new(settings.port.as_deref(), settings.baud, settings.tcp.as_deref());
        let place = place.map_err(|what| Fault::new(FaultKind::Refused, "scpi supply", what))?;
        let mut supply = Self { ask: Ask::new("scpi supply", place), settings, until: Deadline::after(Duration::ZERO) };
        supply.connect()?;
        Ok(supply)
    }

    /// Opens the line and asks for the name until it comes: what an earlier session left on its way is passed over.
    fn connect(&mut self) -> Result<(), Fault> {
        let deadline = Deadline::after(span(self.settings.first_answer_s));
        self.ask.open(deadline.left())?;
        self.ask.tell(b"*IDN?\n")?;
        let mut passed = Vec::new();
        loop {
            let line = self.ask.line(deadline.left());
            match line? {
                Some(line) if is_name(&line) => return self.recognise(&line),
                Some(line) => passed = line,
                None => {
                    self.ask.close();
                    let instead = if passed.is_empty() { "nothing".to_owned() } else { format!("`{}`", plain(&passed)) };
                    let what = format!("no name came in answer to `*IDN?` in {} but {instead}", self.settings.first_answer_s);
                    return Err(self.ask.fault(FaultKind::Timeout, what));
                }
            }
        }
    }

    fn recognise(&mut self, name: &[u8]) -> Result<(), Fault> {
        let text = plain(name);
        match &self.settings.idn {
            Some(wanted) if !text.contains(wanted) => {
                self.ask.close();
                let what =
                    format!("the instrument there is `{text}`, and the rig wants `{wanted}`: correct the address or `idn`");
                Err(self.ask.fault(FaultKind::Refused, what))
            }
            _ => self.ask.expect_silence(Duration::ZERO),
        }
    }

    /// Begins an exchange: connects anew where the line is closed, and gives its questions `answers` times the time of one, all together.
    fn begin(&mut self, answers: u32) -> Result<(), Fault> {
        if self.ask.is_closed() {
            self.connect()?;
        }
        self.until = Deadline::after(span(self.settings.answer_s) * answers);
        Ok(())
    }

    fn tell(&mut self, command: &str) -> Result<(), Fault> {
        self.ask.tell(format!("{command}\n").as_bytes())
    }

    /// Asks one question; `read` makes a value of the answer, or says what it should have been.
    fn ask<T>(&mut self, query: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Fault> {
        self.ask.expect_silence(Duration::ZERO)?;
        self.ask.tell(format!("{query}\n").as_bytes())?;
        let Some(answer) = self.ask.line(span(self.settings.answer_s).min(self.until.left()))? else {
            self.ask.close();
            let what = format!("no whole answer to `{query}` in {}", self.settings.answer_s);
            return Err(self.ask.fault(FaultKind::Timeout, what));
        };
        let value = std::str::from_utf8(&answer).map_err(|_| "text".to_owned()).and_then(|text| read(text.trim()));
        value.map_err(|wanted| {
            self.ask.close();
            let hint = if answer == b"OK" { "; it answers settings, which a SCPI instrument does not" } else { "" };
            let what = format!("`{query}` was answered with `{}`, and not with {wanted}{hint}", plain(&answer));
            self.ask.fault(FaultKind::Disobeyed, what)
        })
    }

    /// Fails when the instrument has found fault with what it was told.
    fn expect_no_error(&mut self, command: &str) -> Result<(), Fault> {
        let (code, text) = self.ask("SYST:ERR?", dialect::error)?;
        if code == 0 {
            return Ok(());
        }
        Err(self.ask.fault(FaultKind::Refused, format!("it refused `{command}`: {code} {text}")))
    }

    fn set_and_read_back(&mut self, volts: Volts) -> Result<(), Fault> {
        let (dialect, channel) = (self.settings.dialect, self.settings.channel);
        let limit = dialect.set_amps(channel, self.settings.limit_a);
        let set = dialect.set_volts(channel, volts);
        self.begin(EXCHANGE)?;
        self.tell(&limit)?;
        self.tell(&set)?;
        let there = self.ask(&dialect.set_volts_query(channel), dialect::number)?;
        self.expect_no_error(&set)?;
        if (there - volts.get()).abs() > ROUNDING_V {
            return Err(self.ask.fault(FaultKind::Disobeyed, format!("it was told {volts}, and says it is set to {there} V")));
        }
        Ok(())
    }

    fn switch(&mut self, on: bool) -> Result<(), Fault> {
        let (dialect, channel) = (self.settings.dialect, self.settings.channel);
        let command = dialect.output(channel, on);
        self.begin(1)?;
        self.tell(&command)?;
        let is = self.ask(&dialect.output_query(channel), |text| dialect.is_on(channel, text))?;
        if is == on {
            Ok(())
        } else {
            Err(self.ask.fault(FaultKind::Disobeyed, format!("its output did not follow `{command}`")))
        }
    }

    fn measure(&mut self) -> Result<PowerReading, Fault> {
        let (dialect, channel) = (self.settings.dialect, self.settings.channel);
        self.begin(EXCHANGE)?;
        let (volts, amps) = match dialect.measure_all(channel) {
            Some(query) => self.ask(&query, dialect::pair)?,
            None => {
                let volts = self.ask(&dialect.measure_volts(channel), dialect::number)?;
                (volts, self.ask(&dialect.measure_amps(channel), dialect::number)?)
            }
        };
        let on = self.ask(&dialect.output_query(channel), |text| dialect.is_on(channel, text))?;
        self.ask.expect_silence(Duration::ZERO)?;
        let most = self.settings.max_v.get() * 1.1 + 1.0;
        if !(-1.0..=most).contains(&volts) || !(-1.0..=100.0).contains(&amps) {
            self.ask.close();
            let what = format!("it says it gives {volts} V and {amps} A, which this supply cannot");
            return Err(self.ask.fault(FaultKind::Disobeyed, what));
        }
        Ok(PowerReading { volts: Volts::new(volts), amps: Amps::new(amps), on: Some(on) })
    }
}

impl PowerOutput for ScpiSupply {
    fn set(&mut self, volts: Volts) -> Result<(), Refused> {
        if volts < Volts::ZERO || volts > self.settings.max_v {
            return Err(Refused::Never(format!("the supply is asked for {volts}, and gives 0 V to {}", self.settings.max_v)));
        }
        self.set_and_read_back(volts).map_err(Refused::Broken)
    }

    /// Off is tried a second time over a fresh line, where the first was not one.
    fn output(&mut self, on: bool) -> Result<(), Refused> {
        let stale = !on && !self.ask.is_closed();
        match self.switch(on) {
            Err(_) if stale => {
                self.ask.close();
                self.switch(false).map_err(Refused::Broken)
            }
            result => result.map_err(Refused::Broken),
        }
    }

    fn read(&mut self) -> Result<PowerReading, Fault> {
        self.measure()
    }

    /// An answer that never comes, a new connection with its name, and the answer to the second try. No reading and no setting takes longer.
    fn off_bound(&self) -> Seconds {
        self.settings.answer_s + self.settings.first_answer_s + self.settings.answer_s
    }
}

/// Names have at least their maker and model: `RIGOL TECHNOLOGIES,DP832,DP8C000000000,00.01.16`.
fn is_name(line: &[u8]) -> bool {
    line.is_ascii() && line.iter().filter(|byte| **byte == b',').count() >= 2 && line.first().is_some_and(u8::is_ascii_alphabetic)
}

fn span(seconds: Seconds) -> Duration {
    Duration::from_micros(seconds.micro().max(0) as u64)
}

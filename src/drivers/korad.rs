//! Korad KA3005P and its sisters (Velleman, TENMA 72-2540, RND, Stamos): ASCII without line ends or checksums over a serial port.
//!
//! An answer is known by its length and shape alone, so every exchange ends with a silence: a byte too many, or one that does not fit, makes
//! the whole exchange a fault. Settings have no answer and are read back. Of the status byte only three bits are the same on all units; the one
//! used here, 0x40, says that the output is on.

use super::wire::{Ask, Place, plain};
use crate::domain::units::{Amps, Seconds, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::Refused;
use crate::ports::device::{PowerOutput, PowerReading};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

const NAME: &str = "korad supply";
/// The instrument needs so long between commands (koradctl 0.8); here it is the silence after each.
const PAUSE: Duration = Duration::from_millis(50);
/// An answer that has not come by then does not come: drivers of others wait 60 to 300 ms.
const ANSWER: Duration = Duration::from_millis(400);
const CONNECT: Duration = Duration::from_secs(1);
const OUTPUT_ON: u8 = 0x40;
/// Bytes of a value: `05.00`, `0.208`.
const VALUE: usize = 5;

/// Where the supply is and what it may do.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Its serial port by stable name: `/dev/serial/by-id/...` (vendor 0416).
    pub port: Option<String>,
    /// Address of a port that ser2net serves raw, `host:port`, instead of a serial port.
    pub tcp: Option<String>,
    /// What its name must contain, such as `KORADKA3005P` or `TENMA 72-2540`.
    pub idn: Option<String>,
    /// Highest voltage that it gives.
    #[serde(default = "max_v")]
    pub max_v: Volts,
    /// Its current limit, set together with each voltage.
    pub limit_a: Amps,
}

fn max_v() -> Volts {
    Volts::new(30.0)
}

/// A supply of this family.
pub struct KoradSupply {
    settings: Settings,
    ask: Ask,
}

impl KoradSupply {
    /// Opens the port and asks for the name. Changes nothing on the instrument.
    ///
    /// # Errors
    /// A [`Fault`] that names the place, when nothing or something else is there.
    pub fn open(settings: Settings) -> Result<Self, Fault> {
        let place = Place::new(settings.port.as_deref(), 9600, settings.tcp.as_deref());
        let place = place.map_err(|what| Fault::new(FaultKind::Refused, NAME, what))?;
        let mut supply = Self { ask: Ask::new(NAME, place), settings };
        supply.connect()?;
        Ok(supply)
    }

    /// Opens the line, lets what is left of an earlier session run out, and asks for the name.
    fn connect(&mut self) -> Result<(), Fault> {
        self.ask.open(CONNECT)?;
        self.ask.everything(PAUSE)?;
        self.ask.tell(b"*IDN?")?;
        let name = self.ask.everything(ANSWER)?;
        let text = plain(name.strip_suffix(&[0]).unwrap_or(&name));
        let wanted = self.settings.idn.as_deref().unwrap_or_default();
        if name.len() >= 8 && name[0].is_ascii_alphabetic() && name.is_ascii() && text.contains(wanted) {
            return Ok(());
        }
        self.ask.close();
        let what = match (name.is_empty(), wanted) {
            (true, _) => "nothing answers `*IDN?`: see that it is switched on".to_owned(),
            (false, "") => format!("`*IDN?` was answered with `{text}`, which is no name"),
            (false, wanted) => format!("the instrument there is `{text}`, and the rig wants `{wanted}`"),
        };
        Err(self.ask.fault(if name.is_empty() { FaultKind::Timeout } else { FaultKind::Refused }, what))
    }

    fn tell(&mut self, command: &str) -> Result<(), Fault> {
        if self.ask.is_closed() {
            self.connect()?;
        }
        self.ask.tell(command.as_bytes())?;
        self.ask.expect_silence(PAUSE)
    }

    /// Asks; the answer has so many bytes, and `stray` more are let pass.
    fn ask(&mut self, query: &str, count: usize, stray: usize) -> Result<Vec<u8>, Fault> {
        if self.ask.is_closed() {
            self.connect()?;
        }
        self.ask.tell(query.as_bytes())?;
        let answer = self.ask.exactly(count, ANSWER)?;
        let more = if answer.is_empty() { Vec::new() } else { self.ask.everything(PAUSE)? };
        let what = if answer.len() < count {
            format!("`{query}` was answered with {} of {count} bytes: `{}`", answer.len(), plain(&answer))
        } else if more.len() > stray {
            format!(
                "`{query}` was answered with `{}`, {} bytes too many",
                plain(&[answer, more.clone()].concat()),
                more.len() - stray
            )
        } else {
            return Ok(answer);
        };
        self.ask.close();
        Err(self.ask.fault(FaultKind::Disobeyed, what))
    }

    /// A value with its point at a fixed place: what does not have this shape is none.
    fn value(&mut self, query: &str, point: usize, stray: usize) -> Result<f64, Fault> {
        let answer = self.ask(query, VALUE, stray)?;
        let fits = answer.iter().enumerate().all(|(i, byte)| if i == point { *byte == b'.' } else { byte.is_ascii_digit() });
        match std::str::from_utf8(&answer).ok().filter(|_| fits).and_then(|text| text.parse().ok()) {
            Some(value) => Ok(value),
            None => {
                self.ask.close();
                let what = format!("`{query}` was answered with `{}`, which is no value", plain(&answer));
                Err(self.ask.fault(FaultKind::Disobeyed, what))
            }
        }
    }

    fn is_on(&mut self) -> Result<bool, Fault> {
        Ok(self.ask("STATUS?", 1, 0)?[0] & OUTPUT_ON != 0)
    }

    fn set_and_read_back(&mut self, volts: Volts) -> Result<(), Fault> {
        self.tell(&format!("ISET1:{:05.3}", self.settings.limit_a.get()))?;
        self.tell(&format!("VSET1:{:05.2}", volts.get()))?;
        let amps = self.value("ISET1?", 1, 1)?; // Some send a sixth byte.
        let there = self.value("VSET1?", 2, 0)?;
        if (there - volts.get()).abs() > 0.0051 || (amps - self.settings.limit_a.get()).abs() > 0.0011 {
            let what = format!("it was told {volts} and {}, and says it is set to {there} V and {amps} A", self.settings.limit_a);
            return Err(self.ask.fault(FaultKind::Disobeyed, what));
        }
        Ok(())
    }

    fn switch(&mut self, on: bool) -> Result<(), Fault> {
        self.tell(if on { "OUT1" } else { "OUT0" })?;
        if self.is_on()? == on {
            return Ok(());
        }
        Err(self.ask.fault(FaultKind::Disobeyed, format!("its output did not go {}", if on { "on" } else { "off" })))
    }
}

impl PowerOutput for KoradSupply {
    fn set(&mut self, volts: Volts) -> Result<(), Refused> {
        if volts < Volts::ZERO || volts > self.settings.max_v {
            return Err(Refused::Never(format!("the supply is asked for {volts}, and gives 0 V to {}", self.settings.max_v)));
        }
        self.set_and_read_back(volts).map_err(Refused::Broken)
    }

    /// Off is tried a second time over a fresh line.
    fn output(&mut self, on: bool) -> Result<(), Refused> {
        match self.switch(on) {
            Err(_) if !on => self.connect().and_then(|()| self.switch(false)).map_err(Refused::Broken),
            result => result.map_err(Refused::Broken),
        }
    }

    fn read(&mut self) -> Result<PowerReading, Fault> {
        let volts = self.value("VOUT1?", 2, 0)?;
        let amps = self.value("IOUT1?", 1, 0)?;
        let on = self.is_on()?;
        Ok(PowerReading { volts: Volts::new(volts), amps: Amps::new(amps), on: Some(on) })
    }

    /// Two tries of a command and a status, and a line opened anew between them, all at their longest.
    fn off_bound(&self) -> Seconds {
        let try_once = PAUSE * 2 + ANSWER;
        let connect = CONNECT + PAUSE + ANSWER;
        Seconds::from_millis((connect * 2 + try_once * 2).as_millis() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drivers::wire::peer::Plugged;
    use crate::served::korad::commands;
    use std::io::{Read, Write};
    use std::thread::JoinHandle;

    /// Plays a supply until its port is closed. `answer` gets each command and may change the answer.
    fn supply(answer: impl Fn(&str, &str) -> Vec<u8> + Send + 'static) -> (KoradSupply, JoinHandle<()>) {
        let folder = tempfile::tempdir().unwrap();
        let plugged = Plugged::new(&folder.path().join("korad"));
        let mut device = plugged.device.try_clone().unwrap();
        let port = Some(plugged.path.to_str().unwrap().to_owned());
        let thread = std::thread::spawn(move || {
            let (mut volts, mut amps, mut on) = ("00.00".to_owned(), "0.000".to_owned(), false);
            let mut buffer = [0; 256];
            while let Ok(count @ 1..) = device.read(&mut buffer) {
                for command in commands(std::str::from_utf8(&buffer[..count]).unwrap()) {
                    let usual = match command {
                        "*IDN?" => "KORADKA3005PV2.0".to_owned(),
                        "VSET1?" | "VOUT1?" => volts.clone(),
                        "ISET1?" => format!("{amps}K"),
                        "IOUT1?" => "0.208".to_owned(),
                        "STATUS?" => if on { "A" } else { "\u{1}" }.to_owned(),
                        "OUT1" | "OUT0" => {
                            on = command == "OUT1";
                            String::new()
                        }
                        setting => {
                            let (what, value) = setting.split_once(':').unwrap();
                            *(if what == "VSET1" { &mut volts } else { &mut amps }) = value.to_owned();
                            String::new()
                        }
                    };
                    device.write_all(&answer(command, &usual)).unwrap();
                }
            }
        });
        let settings = Settings { port, tcp: None, idn: Some("KA3005P".to_owned()), max_v: max_v(), limit_a: Amps::new(1.5) };
        let supply = KoradSupply::open(settings).expect("opens");
        (supply, thread)
    }

    fn usual(_: &str, usual: &str) -> Vec<u8> {
        usual.as_bytes().to_vec()
    }

    #[test]
    fn it_is_set_switched_and_read() {
        let (mut supply, thread) = supply(usual);
        supply.set(Volts::new(5.05)).expect("sets");
        supply.output(true).expect("switches on");
        let reading = supply.read().expect("reads");
        assert_eq!(reading, PowerReading { volts: Volts::new(5.05), amps: Amps::new(0.208), on: Some(true) });
        supply.output(false).expect("switches off");
        assert_eq!(supply.read().expect("reads").on, Some(false));
        assert!(matches!(supply.set(Volts::new(30.5)), Err(Refused::Never(_))));
        drop(supply);
        thread.join().unwrap();
    }

    #[test]
    fn noise_a_short_answer_and_an_answer_to_a_setting_are_faults() {
        let noise: Vec<u8> = (0..72u8).map(|k| k.wrapping_mul(37) | 0x80).collect();
        for (query, bad) in [
            ("VOUT1?", noise),
            ("VOUT1?", b"05.0".to_vec()),
            ("VOUT1?", b"05.000".to_vec()),
            ("VOUT1?", b"5.000".to_vec()),
            ("STATUS?", b"A1".to_vec()),
            ("IOUT1?", Vec::new()),
        ] {
            let shown = plain(&bad);
            let (mut supply, _thread) =
                supply(move |command, usual| if command == query { bad.clone() } else { usual.as_bytes().to_vec() });
            let fault = supply.read().expect_err("no reading");
            assert!(fault.detail.contains(query), "{fault} for {shown}");
        }
        let (mut supply, _thread) =
            supply(|command, usual| if command.starts_with("VSET1:") { b"OK".to_vec() } else { usual.into() });
        let refused = supply.set(Volts::new(5.0)).expect_err("it answers settings").to_string();
        assert!(refused.contains("`OK` unasked"), "{refused}");
    }

    #[test]
    fn a_supply_that_does_not_obey_is_found_out() {
        let (mut supply, _thread) = supply(|command, usual| if command == "VSET1?" { b"12.00".to_vec() } else { usual.into() });
        assert!(supply.set(Volts::new(5.0)).expect_err("not done").to_string().contains("says it is set to 12 V"));
        assert_eq!(supply.output(true), Ok(()));
    }
}

//! Outputs that are only written down: a bench without hardware, to try the guard and a rig file on. Every edge is a line of JSON in a file.

use crate::domain::ids::AdapterName;
use crate::domain::units::{Seconds, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::{EStop, Monotonic};
use crate::ports::Refused;
use crate::ports::device::{PowerOutput, PowerReading, Route, Switch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// Settings of a `record` driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// The file that lines are appended to, from the folder in which the program was started.
    pub file: PathBuf,
    /// Of a presser: there is a second output that holds the coil with less power.
    #[serde(default)]
    pub hold: bool,
}

/// One output that is written down.
#[derive(Debug)]
pub struct Record {
    name: &'static str,
    file: File,
}

impl Record {
    /// Opens the file of the output `name`; its lines so far stay.
    ///
    /// # Errors
    /// A [`Fault`] where it cannot be opened.
    pub fn open(name: &'static str, settings: &Settings) -> Result<Self, Fault> {
        let file = OpenOptions::new().create(true).append(true).open(&settings.file);
        let failed = |error: std::io::Error| {
            Fault::new(FaultKind::Disconnected, name, format!("opening {}: {error}", settings.file.display()))
        };
        Ok(Self { name, file: file.map_err(failed)? })
    }

    /// A line with the moment on the monotonic clock: one write, so that lines of several outputs do not mix.
    fn line(&mut self, what: &str, value: &serde_json::Value) -> Result<(), Fault> {
        let at = Monotonic::RAW.now().0;
        let line = format!("{{\"at_us\":{at},\"output\":\"{}\",\"{what}\":{value}}}\n", self.name);
        let written = self.file.write_all(line.as_bytes());
        written.map_err(|error| Fault::new(FaultKind::Disobeyed, self.name, format!("writing its line: {error}")))
    }
}

impl Switch for Record {
    fn set(&mut self, on: bool) -> Result<(), Fault> {
        self.line("on", &on.into())
    }
}

impl PowerOutput for Record {
    fn set(&mut self, volts: Volts) -> Result<(), Refused> {
        self.line("volts", &volts.get().into()).map_err(Refused::Broken)
    }

    fn output(&mut self, on: bool) -> Result<(), Refused> {
        self.line("on", &on.into()).map_err(Refused::Broken)
    }

    fn read(&mut self) -> Result<PowerReading, Fault> {
        Err(Fault::new(FaultKind::Refused, self.name, "what is only written down measures nothing"))
    }

    fn off_bound(&self) -> Seconds {
        Seconds::from_millis(1)
    }
}

impl Route for Record {
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        self.line("adapter", &adapter.as_str().into()).map_err(Refused::Broken)
    }

    fn disconnect(&mut self) -> Result<(), Refused> {
        self.line("adapter", &serde_json::Value::Null).map_err(Refused::Broken)
    }
}

/// An emergency stop whose state another program writes: each line of the file, most often a pipe, is `pressed` or `released`.
#[derive(Debug)]
pub struct RecordedStop {
    lines: Receiver<bool>,
    told: bool,
}

impl RecordedStop {
    /// Opens the file; until a line comes it is released.
    ///
    /// # Errors
    /// A [`Fault`] where it cannot be opened, or no thread can be started that reads it.
    pub fn open(settings: &Settings) -> Result<Self, Fault> {
        let failed = |error: std::io::Error| {
            Fault::new(FaultKind::Disconnected, "e-stop", format!("opening {}: {error}", settings.file.display()))
        };
        // Both directions: a pipe then has no end when its writer goes.
        let file = OpenOptions::new().read(true).write(true).open(&settings.file).map_err(failed)?;
        let (tell, lines) = channel();
        let read = move || {
            for line in BufReader::new(file).lines().map_while(Result::ok) {
                if tell.send(line.trim() != "released").is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("e-stop".to_owned()).spawn(read).map_err(failed)?;
        Ok(Self { lines, told: false })
    }
}

impl EStop for RecordedStop {
    fn next(&mut self, patience: Duration) -> Result<Option<bool>, Fault> {
        if !std::mem::replace(&mut self.told, true) {
            return Ok(Some(false));
        }
        match self.lines.recv_timeout(patience) {
            Ok(pressed) => Ok(Some(pressed)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Fault::new(FaultKind::Disconnected, "e-stop", "its file has ended")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::device::contract;

    #[test]
    fn what_is_written_down_keeps_the_contracts_of_switches_and_selectors() {
        let temp = tempfile::tempdir().unwrap();
        let settings = Settings { file: temp.path().join("outputs.jsonl"), hold: false };
        let last = || -> serde_json::Value {
            let text = std::fs::read_to_string(&settings.file).unwrap();
            serde_json::from_str(text.lines().last().unwrap()).unwrap()
        };
        contract::switch(&mut Record::open("coil", &settings).unwrap(), || last()["on"].as_bool().unwrap());
        let leads = || last()["adapter"].as_str().map(str::to_owned).into_iter().collect();
        contract::route(&mut Record::open("selector", &settings).unwrap(), ["oem", "clone"], leads);
        let mut full = Record::open("coil", &Settings { file: "/dev/full".into(), hold: false }).unwrap();
        contract::gone(|| Switch::set(&mut full, true));
    }

    #[test]
    fn every_order_is_a_line_and_a_file_that_cannot_be_opened_is_a_fault() {
        let temp = tempfile::tempdir().unwrap();
        let settings = Settings { file: temp.path().join("outputs.jsonl"), hold: false };
        let mut coil = Record::open("coil", &settings).unwrap();
        let mut supply = Record::open("supply", &settings).unwrap();
        Switch::set(&mut coil, true).unwrap();
        PowerOutput::set(&mut supply, Volts::new(5.05)).unwrap();
        supply.connect(&"oem".into()).unwrap();
        let text = std::fs::read_to_string(&settings.file).unwrap();
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((&lines[0]["on"], &lines[1]["volts"], &lines[2]["adapter"]), (&true.into(), &5.05.into(), &"oem".into()));
        assert!(lines[0]["at_us"].as_u64() <= lines[2]["at_us"].as_u64());
        let nowhere = Settings { file: temp.path().join("no/such/folder"), hold: false };
        assert_eq!(Record::open("coil", &nowhere).unwrap_err().fault, FaultKind::Disconnected);
    }
}

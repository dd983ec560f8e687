//! Opening what has an output: called in the guard's process alone.

use super::{settings, unknown};
use crate::domain::ids::AdapterName;
use crate::domain::rig::{Driver, Position};
use crate::domain::units::{Seconds, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::drivers::gpio::{cdev, cdev::GpioSwitch, e_stop::GpioStop, pwm::PwmPull, registers::PinSwitch};
use crate::drivers::manual::Manual;
use crate::drivers::record::{self, Record, RecordedStop};
use crate::drivers::relay::{RelayRoute, RelaySwitch, Shared, lcus, numato};
use crate::drivers::{korad, scpi};
use crate::guard::server::{EStop, Outputs};
use crate::ports::Refused;
use crate::ports::device::{PowerOutput, PowerReading, Route, Switch};
use std::collections::BTreeMap;

/// Opens everything with an output. Nothing is switched by it.
///
/// # Errors
/// Every device that is not there, with what it is.
pub fn outputs(position: &Position) -> Result<Outputs, Vec<Fault>> {
    let mut boards = Boards::default();
    let coil = pull(&position.presser, &mut boards);
    let hold = hold(&position.presser);
    let supply = supply(&position.supply, &mut boards);
    let route = position.selector.as_ref().map(|driver| route(driver, position, &mut boards)).transpose();
    let e_stop = position.e_stop.as_ref().map(e_stop).transpose();
    match (coil, hold, supply, route, e_stop) {
        (Ok(coil), Ok(hold), Ok(supply), Ok(route), Ok(e_stop)) => Ok(Outputs { coil, hold, supply, route, e_stop }),
        (coil, hold, supply, route, e_stop) => {
            Err([coil.err(), hold.err(), supply.err(), route.err(), e_stop.err()].into_iter().flatten().collect())
        }
    }
}

/// What pulls the coil in: a PWM where the presser has one, which then stands behind the presser's own line.
fn pull(driver: &Driver, boards: &mut Boards) -> Result<Box<dyn Switch>, Fault> {
    if driver.driver == "gpiocdev"
        && let Some(pwm) = settings::<cdev::Settings>("presser", driver)?.hold_pwm
    {
        return Ok(Box::new(PwmPull::open(&pwm)?));
    }
    switch("presser", driver, boards)
}

/// The line that holds the coil with less power, where the presser has one.
fn hold(driver: &Driver) -> Result<Option<Box<dyn Switch>>, Fault> {
    Ok(match driver.driver.as_str() {
        "gpiocdev" => {
            let pull: cdev::Settings = settings("presser", driver)?;
            match pull.hold_line {
                Some(_) if pull.hold_pwm.is_some() => {
                    let what = "a coil is held by `hold_line` or by `hold_pwm`, not by both";
                    return Err(Fault::new(FaultKind::Refused, "presser", what));
                }
                None if pull.hold_pwm.is_some() => Some(Box::new(GpioSwitch::open(&pull, "coil")?)),
                Some(line) => Some(Box::new(GpioSwitch::open(&cdev::Settings { line, ..pull }, "coil, holding")?)),
                None => None,
            }
        }
        "record" => {
            let settings: record::Settings = settings("presser", driver)?;
            if settings.hold { Some(Box::new(Record::open("hold", &settings)?)) } else { None }
        }
        _ => None,
    })
}

fn e_stop(driver: &Driver) -> Result<Box<dyn EStop>, Fault> {
    Ok(match driver.driver.as_str() {
        "gpiocdev" => Box::new(GpioStop::open(settings("e_stop", driver)?)?),
        "record" => Box::new(RecordedStop::open(&settings("e_stop", driver)?)?),
        _ => return Err(unknown("e_stop", driver)),
    })
}

/// Relay boards that are open, by where they are: several ports may have relays of one board.
#[derive(Default)]
struct Boards(BTreeMap<String, Shared>);

impl Boards {
    fn lcus(&mut self, settings: &lcus::Settings) -> Result<Shared, Fault> {
        self.get(format!("{:?} {:?}", settings.port, settings.tcp), || lcus::open(settings))
    }

    fn numato(&mut self, settings: &numato::Settings) -> Result<Shared, Fault> {
        let place = format!("{:?} {:?} {:?}", settings.port, settings.tcp, settings.lines);
        self.get(place, || Ok(numato::Numato::open(settings)?.switches(settings.lines)))
    }

    fn get(&mut self, place: String, open: impl FnOnce() -> Result<Shared, Fault>) -> Result<Shared, Fault> {
        if let Some(board) = self.0.get(&place) {
            return Ok(board.clone());
        }
        let board = open()?;
        self.0.insert(place, board.clone());
        Ok(board)
    }
}

fn switch(port: &'static str, driver: &Driver, boards: &mut Boards) -> Result<Box<dyn Switch>, Fault> {
    Ok(match driver.driver.as_str() {
        "gpiocdev" => Box::new(GpioSwitch::open(&settings(port, driver)?, port)?),
        "manual" => Box::new(Manual),
        "rppal" => Box::new(PinSwitch::open(&settings(port, driver)?)?),
        "lcus" => {
            let settings = settings(port, driver)?;
            Box::new(RelaySwitch::new(boards.lcus(&settings)?, settings.relay))
        }
        "numato" => {
            let settings = settings(port, driver)?;
            Box::new(RelaySwitch::new(boards.numato(&settings)?, settings.relay))
        }
        "record" => Box::new(Record::open(if port == "presser" { "coil" } else { "supply" }, &settings(port, driver)?)?),
        _ => return Err(unknown(port, driver)),
    })
}

fn supply(driver: &Driver, boards: &mut Boards) -> Result<Box<dyn PowerOutput>, Fault> {
    Ok(match driver.driver.as_str() {
        "scpi" => Box::new(scpi::ScpiSupply::open(settings("supply", driver)?)?),
        "korad" => Box::new(korad::KoradSupply::open(settings("supply", driver)?)?),
        "record" => Box::new(Record::open("supply", &settings("supply", driver)?)?),
        _ => Box::new(Mains(switch("supply", driver, boards)?)),
    })
}

fn route(driver: &Driver, position: &Position, boards: &mut Boards) -> Result<Box<dyn Route>, Fault> {
    let board = match driver.driver.as_str() {
        "lcus" => boards.lcus(&settings("selector", driver)?)?,
        "numato" => boards.numato(&settings("selector", driver)?)?,
        "manual" => return Ok(Box::new(Manual)),
        "record" => return Ok(Box::new(Record::open("selector", &settings("selector", driver)?)?)),
        _ => return Err(unknown("selector", driver)),
    };
    Ok(Box::new(RelayRoute::new(board, channels(position)?)))
}

/// Which relay leads which adapter: the numbers of `[positions.channels]`.
fn channels(position: &Position) -> Result<BTreeMap<AdapterName, u8>, Fault> {
    let number = |(channel, adapter): (&String, &AdapterName)| match channel.parse() {
        Ok(relay) => Ok((adapter.clone(), relay)),
        Err(_) => {
            let why = format!("the channel `{channel}` of [positions.channels] is no number of a relay");
            Err(Fault::new(FaultKind::Refused, "selector", why))
        }
    };
    position.channels.iter().map(number).collect()
}

/// How long a relay takes to let go, with the word to it: four bytes at 9600 baud, 10 ms of a mechanical relay, and room for a busy bus.
const RELAY_OFF: Seconds = Seconds::from_millis(100);

/// A relay in the mains of adapters that have one voltage each.
struct Mains(Box<dyn Switch>);

impl PowerOutput for Mains {
    fn set(&mut self, _: Volts) -> Result<(), Refused> {
        Err(Refused::Never("an adapter behind a relay has the voltage that it has".to_owned()))
    }

    fn output(&mut self, on: bool) -> Result<(), Refused> {
        self.0.set(on).map_err(Refused::Broken)
    }

    fn read(&mut self) -> Result<PowerReading, Fault> {
        Err(Fault::new(FaultKind::Refused, "supply", "a relay measures nothing"))
    }

    fn off_bound(&self) -> Seconds {
        RELAY_OFF
    }
}

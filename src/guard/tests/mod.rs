//! The machine's rules one by one.

mod coil;
mod session;
mod supply;

use super::carried::Carried;
use super::machine::Machine;
use super::rules::{Lease, OpenVoltage, Rules, Wiring};
use super::samples::{adapter, adapters, profile, rules, warm_interlocks};
use super::words::{Action, CutCause, Input, PowerCut, Refusal, SessionId, SourceId, TripReason};
use crate::domain::adapter::AdapterKind;
use crate::domain::rig::Interlocks;
use crate::domain::units::{Amps, Celsius, Seconds, Tick, Volts};
use crate::ports::PressOrder;

const S: u64 = 1_000_000;

fn armed(interlocks: &Interlocks, lease: Lease) -> Machine {
    let mut machine = Machine::new(rules(interlocks, lease), &Carried::cold());
    assert_eq!(machine.step(Input::Arm(SessionId(1)), Tick(0)), []);
    machine
}

fn quiet() -> Machine {
    armed(&Interlocks::default(), Lease::SharedClock)
}

fn warm() -> Machine {
    armed(&warm_interlocks(), Lease::SharedClock)
}

fn powered(mut machine: Machine) -> Machine {
    assert_eq!(machine.step(Input::Connect(SourceId(0)), Tick(0)), [Action::Connect(SourceId(0))]);
    assert_eq!(machine.step(Input::Output(true), Tick(0)), [Action::Output(true)]);
    machine
}

fn order(at: u64, release_at: u64) -> PressOrder {
    PressOrder { at: Tick(at), release_at: Tick(release_at) }
}

fn refused(actions: &[Action]) -> Refusal {
    match actions {
        [Action::Refuse(refusal)] => *refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn tripped(actions: &[Action]) -> TripReason {
    let reasons: Vec<_> =
        actions.iter().filter_map(|a| if let Action::Trip(reason) = a { Some(*reason) } else { None }).collect();
    assert_eq!(actions.first(), Some(&Action::DeEnergise), "the coil goes first");
    assert_eq!(reasons.len(), 1, "{actions:?}");
    reasons[0]
}

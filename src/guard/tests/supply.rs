//! The supply: ceiling, adapters, write window, over-voltage and over-current.

use super::*;

#[test]
fn a_trip_leaves_the_supply_until_the_write_window_of_the_press_has_passed() {
    let mut machine = powered(quiet());
    machine.step(Input::Press(order(100 * S, 110 * S)), Tick(100 * S));
    let actions = machine.step(Input::SocketClosed, Tick(105 * S));
    assert_eq!(actions, [Action::DeEnergise, Action::Trip(TripReason::SocketClosed)]);
    assert_eq!(machine.deadline(), Tick(465 * S), "360 s after the coil went off");
    assert_eq!(machine.step(Input::Tick, Tick(465 * S - 1)), []);
    assert_eq!(machine.step(Input::Tick, Tick(465 * S)), [Action::Output(false)]);
}

#[test]
fn a_trip_outside_the_write_window_switches_the_supply_off_at_once() {
    let mut machine = powered(quiet());
    let actions = machine.step(Input::SocketClosed, Tick(361 * S));
    assert_eq!(actions, [Action::DeEnergise, Action::Trip(TripReason::SocketClosed), Action::Output(false)]);
}

#[test]
fn over_voltage_cuts_inside_the_window_and_says_so() {
    let mut machine = powered(quiet());
    let volts = |volts| Input::Plug { highest: Some(Volts::new(volts)), lowest: None };
    assert_eq!(machine.step(volts(5.6), Tick(S)), [], "within the meter's error");
    let cut = PowerCut { at: Tick(10 * S), cause: CutCause::OverVoltage, left: Seconds::new(350.0) };
    let actions = machine.step(volts(5.7), Tick(10 * S));
    let expected = [Action::DeEnergise, Action::Output(false), Action::PowerCut(cut), Action::Trip(TripReason::OverVoltage)];
    assert_eq!(actions, expected);
}

#[test]
fn a_short_circuit_trips_and_an_inrush_does_not() {
    let mut machine = powered(quiet());
    let amps = |amps| Input::Plug { highest: None, lowest: Some(Amps::new(amps)) };
    assert_eq!(machine.step(amps(8.0), Tick(0)), []);
    assert_eq!(machine.step(amps(0.5), Tick(50_000)), []);
    assert_eq!(machine.step(amps(3.0), Tick(S)), []);
    assert_eq!(machine.step(amps(3.0), Tick(S + 199_999)), []);
    assert_eq!(tripped(&machine.step(amps(3.0), Tick(S + 200_000))), TripReason::OverCurrent);
}

#[test]
fn over_voltage_after_another_trip_still_cuts() {
    let mut machine = powered(quiet());
    machine.step(Input::SocketClosed, Tick(S));
    let actions = machine.step(Input::Plug { highest: Some(Volts::new(9.0)), lowest: None }, Tick(2 * S));
    assert!(actions.contains(&Action::Output(false)));
    assert_eq!(machine.tripped(), Some(TripReason::SocketClosed), "the first reason stands");
}

#[test]
fn an_ordinary_power_off_waits_for_the_write_window() {
    let mut machine = powered(quiet());
    let refusal = refused(&machine.step(Input::Output(false), Tick(S)));
    assert_eq!(refusal, Refusal::WriteWindow { until: Tick(360 * S) });
    assert_eq!(machine.step(Input::Output(false), Tick(360 * S)), [Action::Output(false)]);
    assert_eq!(refused(&machine.step(Input::Output(true), Tick(361 * S))), Refusal::SupplyResting { until: Tick(362 * S) });
    assert_eq!(machine.step(Input::Output(true), Tick(362 * S)), [Action::Output(true)]);
}

#[test]
fn an_explicit_power_off_cuts_and_is_counted() {
    let mut machine = powered(quiet());
    let cut = PowerCut { at: Tick(60 * S), cause: CutCause::Ordered, left: Seconds::new(300.0) };
    let actions = machine.step(Input::PowerOffNow, Tick(60 * S));
    assert_eq!(actions, [Action::DeEnergise, Action::Output(false), Action::PowerCut(cut)]);
    assert_eq!(machine.step(Input::PowerOffNow, Tick(61 * S)), [Action::DeEnergise, Action::Output(false)], "nothing to count");
}

#[test]
fn switching_on_twice_does_not_lengthen_the_write_window() {
    let mut machine = powered(quiet());
    assert_eq!(machine.step(Input::Output(true), Tick(300 * S)), []);
    assert_eq!(machine.step(Input::Output(false), Tick(360 * S)), [Action::Output(false)]);
}

#[test]
fn a_new_session_takes_over_a_supply_that_is_on() {
    let mut machine = powered(quiet());
    machine.step(Input::SocketClosed, Tick(S));
    machine.step(Input::Arm(SessionId(2)), Tick(2 * S));
    assert_eq!(machine.deadline(), Tick::NEVER, "the new session sits out the window");
    assert_eq!(machine.step(Input::Tick, Tick(400 * S)), []);
}

#[test]
fn the_ceiling_holds_at_every_step_of_a_ramp() {
    let mut machine = quiet();
    machine.step(Input::Connect(SourceId(1)), Tick(0));
    assert_eq!(refused(&machine.step(Input::Output(true), Tick(0))), Refusal::NotSet);
    for tenth in 40..=70 {
        let volts = Volts::new(f64::from(tenth) / 10.0);
        let actions = machine.step(Input::SetSupply(volts), Tick(0));
        if volts > Volts::new(5.5) {
            assert_eq!(refused(&actions), Refusal::OverCeiling { asked: volts, ceiling: Volts::new(5.5) });
        } else {
            assert_eq!(actions, [Action::SetSupply(volts)]);
        }
    }
    assert!(matches!(refused(&machine.step(Input::SetSupply(Volts::new(-1.0)), Tick(0))), Refusal::OverCeiling { .. }));
}

#[test]
fn a_running_camera_is_not_starved_inside_the_write_window() {
    let mut machine = quiet();
    machine.step(Input::Connect(SourceId(1)), Tick(0));
    machine.step(Input::SetSupply(Volts::new(5.0)), Tick(0));
    machine.step(Input::Output(true), Tick(0));
    assert_eq!(machine.step(Input::SetSupply(Volts::new(4.8)), Tick(S)).len(), 1, "within the rated range");
    let refusal = refused(&machine.step(Input::SetSupply(Volts::new(3.0)), Tick(2 * S)));
    assert_eq!(refusal, Refusal::WriteWindow { until: Tick(360 * S) });
    assert_eq!(machine.step(Input::SetSupply(Volts::new(3.0)), Tick(360 * S)), [Action::SetSupply(Volts::new(3.0))]);
}

#[test]
fn the_camera_never_meets_a_brick_above_the_ceiling() {
    let mut machine = quiet();
    assert_eq!(refused(&machine.step(Input::Output(true), Tick(0))), Refusal::NoSource);
    machine.step(Input::Connect(SourceId(2)), Tick(0));
    assert!(matches!(refused(&machine.step(Input::Output(true), Tick(0))), Refusal::OpenTooHigh { .. }));
    assert_eq!(refused(&machine.step(Input::SetSupply(Volts::new(5.0)), Tick(0))), Refusal::NotProgrammable);
    assert_eq!(refused(&machine.step(Input::Connect(SourceId(3)), Tick(0))), Refusal::UnknownSource);
}

#[test]
fn an_adapter_that_must_be_measured_is_measured_first_and_anew_after_each_connection() {
    let interlocks = Interlocks::default();
    let rules =
        Rules::new(&interlocks, &profile(), &adapters(), Wiring::Selector, OpenVoltage::Measured, Lease::SharedClock).unwrap();
    let mut machine = Machine::new(rules, &Carried::cold());
    machine.step(Input::Arm(SessionId(1)), Tick(0));
    machine.step(Input::Connect(SourceId(0)), Tick(0));
    assert_eq!(refused(&machine.step(Input::Output(true), Tick(0))), Refusal::OpenUnknown);
    machine.step(Input::OpenCircuit(Volts::new(14.0)), Tick(0));
    machine.step(Input::OpenCircuit(Volts::new(5.0)), Tick(0));
    assert!(matches!(refused(&machine.step(Input::Output(true), Tick(0))), Refusal::OpenTooHigh { .. }), "the highest counts");
    machine.step(Input::Connect(SourceId(0)), Tick(0));
    assert_eq!(refused(&machine.step(Input::Output(true), Tick(0))), Refusal::OpenUnknown);
    machine.step(Input::OpenCircuit(Volts::new(5.2)), Tick(0));
    assert_eq!(machine.step(Input::Output(true), Tick(0)), [Action::Output(true)]);
    assert_eq!(refused(&machine.step(Input::Connect(SourceId(0)), Tick(0))), Refusal::OutputOn);
}

//! Sessions, beats, and what is carried or declined.

use super::*;

#[test]
fn nothing_is_energised_before_a_session_arms() {
    let mut machine = Machine::new(rules(&Interlocks::default(), Lease::Beats), &Carried::cold());
    for input in [Input::Press(order(0, S)), Input::Output(true), Input::SetSupply(Volts::new(5.0)), Input::Connect(SourceId(0))]
    {
        assert_eq!(refused(&machine.step(input, Tick(0))), Refusal::NotArmed);
    }
}

#[test]
fn sixty_milliseconds_without_a_beat_trip() {
    let mut machine = armed(&Interlocks::default(), Lease::Beats);
    machine.step(Input::Beat { deadline: Tick(S) }, Tick(50_000));
    machine.step(Input::Press(order(50_000, S)), Tick(50_000));
    assert_eq!(machine.deadline(), Tick(110_000));
    assert_eq!(machine.step(Input::Tick, Tick(109_999)), []);
    assert_eq!(tripped(&machine.step(Input::Tick, Tick(110_000))), TripReason::NoBeat);
}

#[test]
fn beats_do_not_help_an_engine_that_overruns_what_it_announced() {
    let mut machine = armed(&Interlocks::default(), Lease::Beats);
    for at in [0, 40_000, 80_000] {
        assert_eq!(machine.step(Input::Beat { deadline: Tick(100_000) }, Tick(at)), []);
    }
    assert_eq!(tripped(&machine.step(Input::Beat { deadline: Tick(100_000) }, Tick(100_000))), TripReason::EngineOverran);
}

#[test]
fn only_a_new_session_arms_after_a_trip() {
    let mut machine = quiet();
    machine.step(Input::SocketClosed, Tick(S));
    assert_eq!(refused(&machine.step(Input::Press(order(S, 2 * S)), Tick(S))), Refusal::Tripped(TripReason::SocketClosed));
    assert_eq!(refused(&machine.step(Input::Arm(SessionId(1)), Tick(S))), Refusal::OldSession);
    assert_eq!(machine.step(Input::Arm(SessionId(2)), Tick(S)), []);
    assert_eq!(machine.step(Input::Press(order(S, 2 * S)), Tick(S)).len(), 1);
    assert_eq!(refused(&machine.step(Input::Arm(SessionId(3)), Tick(S))), Refusal::Taken);
}

#[test]
fn a_pressed_emergency_stop_and_an_ending_process_are_not_armed() {
    let mut machine = quiet();
    assert_eq!(tripped(&machine.step(Input::EStop { pressed: true }, Tick(S))), TripReason::EStop);
    assert_eq!(refused(&machine.step(Input::Arm(SessionId(2)), Tick(S))), Refusal::EStopPressed);
    machine.step(Input::EStop { pressed: false }, Tick(S));
    assert_eq!(machine.step(Input::Arm(SessionId(2)), Tick(S)), []);
    assert_eq!(tripped(&machine.step(Input::Terminate, Tick(S))), TripReason::Terminated);
    assert_eq!(refused(&machine.step(Input::Arm(SessionId(3)), Tick(S))), Refusal::Ending);
}

#[test]
fn what_a_device_declined_was_not_done() {
    let mut machine = powered(quiet());
    let press = Action::Energise(order(S, 2 * S));
    assert_eq!(machine.step(Input::Press(order(S, 2 * S)), Tick(S)), [press]);
    machine.declined(press);
    assert_eq!(machine.step(Input::Press(order(S, 2 * S)), Tick(S)), [press], "not busy, not resting");
    machine.step(Input::PowerOffNow, Tick(S));
    machine.declined(Action::Output(false));
    assert!(matches!(refused(&machine.step(Input::Output(false), Tick(2 * S))), Refusal::WriteWindow { .. }), "still on");
}

#[test]
fn rules_that_cannot_be_held_are_refused() {
    let sources = [adapter("a", AdapterKind::Fixed, 5.0), adapter("b", AdapterKind::Fixed, 5.0)];
    let try_with = |interlocks: &Interlocks, sources: &[_], wiring| {
        Rules::new(interlocks, &profile(), sources, wiring, OpenVoltage::Label, Lease::Beats).is_ok()
    };
    let good = Interlocks::default();
    assert!(try_with(&good, &sources, Wiring::Selector));
    assert!(try_with(&good, &sources[..1], Wiring::Permanent));
    assert!(!try_with(&good, &sources, Wiring::Permanent));
    assert!(!try_with(&Interlocks { coil_tau_s: Seconds::ZERO, ..good.clone() }, &sources, Wiring::Selector));
    assert!(!try_with(&Interlocks { coil_pull_w: f64::NAN, ..good.clone() }, &sources, Wiring::Selector));
    assert!(!try_with(&Interlocks { coil_max_c: Celsius::new(30.0), ..good }, &sources, Wiring::Selector));
}

//! The machine's rules one by one.

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

#[test]
fn nothing_is_energised_before_a_session_arms() {
    let mut machine = Machine::new(rules(&Interlocks::default(), Lease::Beats), &Carried::cold());
    for input in [Input::Press(order(0, S)), Input::Output(true), Input::SetSupply(Volts::new(5.0)), Input::Connect(SourceId(0))]
    {
        assert_eq!(refused(&machine.step(input, Tick(0))), Refusal::NotArmed);
    }
}

#[test]
fn a_press_longer_than_the_maximum_is_refused_as_a_whole() {
    let refusal = refused(&quiet().step(Input::Press(order(0, 101 * S)), Tick(0)));
    assert_eq!(refusal, Refusal::TooLong { asked: Seconds::new(101.0), max: Seconds::new(100.0) });
}

#[test]
fn the_coil_rests_between_presses() {
    let mut machine = quiet();
    machine.step(Input::Press(order(0, 2 * S)), Tick(0));
    machine.step(Input::Release, Tick(S));
    assert_eq!(
        refused(&machine.step(Input::Press(order(2 * S - 1, 3 * S)), Tick(S))),
        Refusal::CoilResting { until: Tick(2 * S) }
    );
    assert_eq!(machine.step(Input::Press(order(2 * S, 3 * S)), Tick(S)).len(), 1);
}

#[test]
fn a_coil_that_is_not_reported_off_is_told_once_more() {
    let mut machine = quiet();
    machine.step(Input::Press(order(S, 2 * S)), Tick(0));
    assert_eq!(machine.deadline(), Tick(2 * S));
    assert_eq!(machine.step(Input::Tick, Tick(2 * S)), [], "the order had its own end");
    assert_eq!(machine.deadline(), Tick(2 * S + 20_000));
    assert_eq!(machine.step(Input::Tick, Tick(2 * S + 20_000)), [Action::DeEnergise]);
    assert_eq!(machine.deadline(), Tick::NEVER);
}

#[test]
fn a_coil_that_is_reported_off_is_left_alone() {
    let mut machine = quiet();
    machine.step(Input::Press(order(0, S)), Tick(0));
    machine.step(Input::CoilEdge { energised: true, at: Tick(5) }, Tick(5));
    assert_eq!(machine.step(Input::CoilEdge { energised: false, at: Tick(S + 900) }, Tick(S + 10_000)), []);
    assert_eq!(machine.deadline(), Tick::NEVER);
}

#[test]
fn a_press_that_would_end_too_warm_is_refused_until_the_coil_has_cooled() {
    let mut machine = warm();
    let hold = 20 * S;
    machine.step(Input::Press(order(0, hold)), Tick(0));
    let after = Tick(hold + S);
    machine.step(Input::Tick, after);
    let Refusal::TooHot { until } = refused(&machine.step(Input::Press(order(after.0, after.0 + hold)), after)) else {
        panic!("refused for another reason")
    };
    assert!(until > after);
    assert_eq!(until, machine.possible_from(Seconds::from_micro(hold as i64), after));
    assert!(matches!(machine.step(Input::Press(order(until.0, until.0 + hold)), until)[..], [Action::Energise(_)]));
}

#[test]
fn possible_from_is_not_late() {
    let mut machine = warm();
    machine.step(Input::Press(order(0, 20 * S)), Tick(0));
    let from = machine.possible_from(Seconds::new(20.0), Tick(0));
    let early = Tick(from.0 - 1000);
    machine.step(Input::Tick, early);
    assert!(matches!(refused(&machine.step(Input::Press(order(early.0, early.0 + 20 * S)), early)), Refusal::TooHot { .. }));
}

#[test]
fn a_press_that_never_fits_is_never_possible() {
    let hot = Interlocks { coil_hold_w: 8.0, ..warm_interlocks() };
    let mut machine = armed(&hot, Lease::SharedClock);
    assert_eq!(machine.possible_from(Seconds::new(30.0), Tick(0)), Tick::NEVER);
    assert_eq!(machine.possible_from(Seconds::new(31.0), Tick(0)), Tick::NEVER, "longer than the maximum");
    assert_eq!(refused(&machine.step(Input::Press(order(0, 30 * S)), Tick(0))), Refusal::NeverCool);
}

#[test]
fn warmer_air_ends_a_press_that_would_now_get_too_warm() {
    let mut machine = warm();
    machine.step(Input::Press(order(0, 20 * S)), Tick(0));
    assert_eq!(machine.step(Input::Air(Celsius::new(40.5)), Tick(S)), [], "within the headroom");
    assert_eq!(tripped(&machine.step(Input::Air(Celsius::new(70.0)), Tick(2 * S))), TripReason::TooHot);
}

#[test]
fn a_measured_coil_is_believed_where_it_is_warmer() {
    let mut machine = warm();
    machine.step(Input::CoilTemperature(Celsius::new(30.0)), Tick(0));
    assert_eq!(machine.coil_temperature(Tick(0)), Celsius::new(40.0), "cooler than the model: the model stands");
    machine.step(Input::CoilTemperature(Celsius::new(80.0)), Tick(0));
    assert_eq!(machine.coil_temperature(Tick(0)), Celsius::new(80.0));
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
fn a_new_session_takes_over_a_supply_that_is_on() {
    let mut machine = powered(quiet());
    machine.step(Input::SocketClosed, Tick(S));
    machine.step(Input::Arm(SessionId(2)), Tick(2 * S));
    assert_eq!(machine.deadline(), Tick::NEVER, "the new session sits out the window");
    assert_eq!(machine.step(Input::Tick, Tick(400 * S)), []);
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

#[test]
fn a_coil_that_stays_on_trips_and_blocks_everything_until_it_is_off() {
    let mut machine = quiet();
    let edge = |energised, at| Input::CoilEdge { energised, at: Tick(at) };
    machine.step(Input::Press(order(0, S)), Tick(0));
    machine.step(edge(true, 10_000), Tick(20_000));
    machine.step(Input::Tick, Tick(S));
    assert_eq!(machine.step(Input::Tick, Tick(S + 20_000)), [Action::DeEnergise]);
    assert_eq!(machine.deadline(), Tick(S + 100_000));
    assert_eq!(tripped(&machine.step(Input::Tick, Tick(S + 100_000))), TripReason::CoilStuck);
    let before = machine.coil_temperature(Tick(2 * S));
    assert!(machine.coil_temperature(Tick(60 * S)) > before, "it goes on warming");
    assert_eq!(refused(&machine.step(Input::Arm(SessionId(2)), Tick(60 * S))), Refusal::CoilStuck);
    assert_eq!(machine.possible_from(Seconds::new(1.0), Tick(60 * S)), Tick::NEVER);
    machine.step(edge(false, 61 * S), Tick(61 * S));
    assert_eq!(machine.step(Input::Arm(SessionId(2)), Tick(61 * S)), []);
}

#[test]
fn a_coil_that_comes_on_by_itself_trips() {
    let mut machine = quiet();
    assert_eq!(tripped(&machine.step(Input::CoilEdge { energised: true, at: Tick(S) }, Tick(S))), TripReason::CoilStuck);
}

#[test]
fn edges_that_are_reported_late_are_no_fault() {
    let mut machine = quiet();
    machine.step(Input::Press(order(0, 50_000)), Tick(0));
    machine.step(Input::Tick, Tick(70_000));
    assert_eq!(machine.step(Input::CoilEdge { energised: true, at: Tick(3_000) }, Tick(300_000)), []);
    assert_eq!(machine.step(Input::CoilEdge { energised: false, at: Tick(52_000) }, Tick(300_000)), []);
    assert_eq!(machine.deadline(), Tick::NEVER);
}

#[test]
fn heat_and_rest_are_carried_over_a_restart() {
    let mut machine = warm();
    machine.step(Input::Press(order(0, 20 * S)), Tick(0));
    let carried = machine.carried(Tick(S));
    let again = Machine::new(rules(&warm_interlocks(), Lease::SharedClock), &carried);
    let end = machine.coil_temperature(Tick(20 * S));
    assert_eq!(again.coil_temperature(Tick(0)), end, "the whole press counts, though the process ended within it");
    assert!(again.possible_from(Seconds::new(1.0), Tick(0)) >= Tick(S), "the coil must still rest");
    let rested = Carried { rested_s: Seconds::new(40.0), ..carried };
    let cool = Machine::new(rules(&warm_interlocks(), Lease::SharedClock), &rested);
    assert!(cool.coil_temperature(Tick(0)) < end);
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

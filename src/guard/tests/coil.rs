//! The coil: maximum, rest, heat, edges.

use super::*;

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

//! What every rig must keep, as checks that any driver can be run against. Each takes a fresh rig: coil cool, output off, an adapter's name
//! that it can connect.

use super::{Batch, Channel, PressOrder, Reading, Refused, Rig};
use crate::domain::ids::AdapterName;
use crate::domain::units::{Seconds, Tick};

/// A rig at rest and what can be done with it.
pub(crate) struct Fresh {
    pub(crate) rig: Rig,
    pub(crate) adapter: AdapterName,
}

/// Runs every check, each on a rig of its own.
pub(crate) fn check(fresh: impl Fn() -> Fresh) {
    poll_keeps_its_bounds(&mut fresh().rig);
    press_comes_before_release(&mut fresh().rig);
    release_brings_the_end_forward(&mut fresh().rig);
    release_without_a_press_does_nothing(&mut fresh().rig);
    a_release_before_the_press_calls_it_off(&mut fresh().rig);
    a_refused_press_leaves_the_line_untouched(&mut fresh().rig);
    a_press_is_possible_when_it_says(&mut fresh().rig);
    an_adapter_is_connected_only_with_the_output_off(fresh());
    an_unknown_adapter_is_refused(&mut fresh().rig);
}

fn poll_keeps_its_bounds(rig: &mut Rig) {
    for span_ms in [1, 3, 10, 25, 400] {
        let until = rig.clock.now() + Seconds::from_millis(span_ms);
        let mut batch = Batch { bytes: vec![7; 3], ..Batch::default() };
        batch.readings.push(Reading::ConsoleGap { at: Tick::NEVER });
        while rig.clock.now() < until {
            poll(rig, until, &mut batch);
        }
        assert_eq!(rig.clock.now(), until, "a poll stops at `until`");
    }
}

fn press_comes_before_release(rig: &mut Rig) {
    let order = press(rig, Seconds::from_millis(300));
    let edges = edges_until(rig, order.release_at + Seconds::new(1.0));
    let [(true, on), (false, off)] = edges[..] else { panic!("a press is one edge on, then one off: {edges:?}") };
    assert!(near(on, order.at) && near(off, order.release_at), "{edges:?} for {order:?}");
}

fn release_brings_the_end_forward(rig: &mut Rig) {
    let order = press(rig, Seconds::new(5.0));
    let release_at = order.at + Seconds::from_millis(700);
    let mut edges = edges_until(rig, release_at);
    rig.presser.release().expect("a release is accepted");
    rig.presser.release().expect("a second one does nothing");
    edges.extend(edges_until(rig, order.release_at + Seconds::new(1.0)));
    let [(true, _), (false, off)] = edges[..] else { panic!("one edge on, one off: {edges:?}") };
    assert!(near(off, release_at), "off at {off:?}, released at {release_at:?}");
}

fn release_without_a_press_does_nothing(rig: &mut Rig) {
    rig.presser.release().expect("a release is accepted");
    let until = rig.clock.now() + Seconds::new(1.0);
    assert_eq!(edges_until(rig, until), []);
}

fn a_release_before_the_press_calls_it_off(rig: &mut Rig) {
    let at = rig.clock.now() + Seconds::new(2.0);
    let order = PressOrder { at, release_at: at + Seconds::new(1.0) };
    rig.presser.press(order).expect("a press to come is accepted");
    rig.presser.release().expect("a release is accepted");
    assert_eq!(edges_until(rig, order.release_at + Seconds::new(1.0)), []);
}

fn a_refused_press_leaves_the_line_untouched(rig: &mut Rig) {
    let until = rig.clock.now() + Seconds::new(2.0);
    edges_until(rig, until);
    let now = rig.clock.now();
    let second = Seconds::new(1.0);
    for (at, release_at) in [(now, now), (now + second, now), (now - second, now + second)] {
        let refused = rig.presser.press(PressOrder { at, release_at });
        assert!(refused.is_err(), "{at:?} to {release_at:?} at {now:?}");
        let until = rig.clock.now() + second;
        assert_eq!(edges_until(rig, until), [], "after {refused:?}");
    }
}

fn a_press_is_possible_when_it_says(rig: &mut Rig) {
    for hold in [1.0, 4.0, 2.0] {
        let hold = Seconds::new(hold);
        let from = rig.presser.possible_from(hold);
        assert!(from >= rig.clock.now() && from < Tick::NEVER, "{from:?}");
        edges_until(rig, from);
        let order = press(rig, hold);
        edges_until(rig, order.release_at + Seconds::from_millis(200));
    }
}

fn an_adapter_is_connected_only_with_the_output_off(fresh: Fresh) {
    let Fresh { mut rig, adapter } = fresh;
    let Some(selector) = &mut rig.selector else { return };
    selector.connect(&adapter).expect("connects with the output off");
    rig.supply.output(true).expect("switches on");
    let until = rig.clock.now() + Seconds::new(1.0);
    edges_until(&mut rig, until);
    let before = plug_voltage(&mut rig);
    let refused = rig.selector.as_mut().map(|selector| selector.connect(&adapter));
    assert!(matches!(refused, Some(Err(Refused::Until { .. } | Refused::Never(_)))), "{refused:?}");
    assert_eq!(before.is_some_and(|volts| volts > 1.0), plug_voltage(&mut rig).is_some_and(|volts| volts > 1.0));
}

fn an_unknown_adapter_is_refused(rig: &mut Rig) {
    let Some(selector) = &mut rig.selector else { return };
    assert!(selector.connect(&AdapterName::from("no such adapter")).is_err());
}

/// Lets time pass once and checks what every poll must keep.
fn poll(rig: &mut Rig, until: Tick, batch: &mut Batch) {
    let before = rig.clock.now();
    rig.sensors.poll(until, batch).expect("nothing is wrong with the rig");
    assert!(batch.end > before && batch.end <= until, "{before:?} to {:?}, until {until:?}", batch.end);
    assert!(batch.end.since(before) <= Seconds::from_millis(10), "a batch of {}", batch.end.since(before));
    assert_eq!(rig.clock.now(), batch.end);
    let mut last = Tick::ZERO;
    for at in batch.readings.iter().filter_map(time) {
        assert!(at >= last && at <= batch.end, "readings come in order: {at:?} after {last:?}, end {:?}", batch.end);
        last = at;
    }
}

/// When a reading was taken; blocks of samples span a time and are left out.
fn time(reading: &Reading) -> Option<Tick> {
    match reading {
        Reading::Console { at, .. }
        | Reading::ConsoleGap { at }
        | Reading::Coil { at, .. }
        | Reading::Probe { at, .. }
        | Reading::Answer { at, .. }
        | Reading::Supply { at, .. }
        | Reading::Temperature { at, .. } => Some(*at),
        Reading::Samples(_) | Reading::Control(_) => None,
    }
}

fn press(rig: &mut Rig, hold: Seconds) -> PressOrder {
    let at = rig.clock.now() + Seconds::from_millis(20);
    let order = PressOrder { at, release_at: at + hold };
    rig.presser.press(order).expect("a short press of a cool coil is accepted");
    order
}

fn edges_until(rig: &mut Rig, until: Tick) -> Vec<(bool, Tick)> {
    let mut edges = Vec::new();
    let mut batch = Batch::default();
    while rig.clock.now() < until {
        poll(rig, until, &mut batch);
        edges.extend(batch.readings.iter().filter_map(|reading| match reading {
            Reading::Coil { energised, at, .. } => Some((*energised, *at)),
            _ => None,
        }));
    }
    edges
}

/// The last voltage seen at the plug within 50 ms; `None` where the rig measures none.
fn plug_voltage(rig: &mut Rig) -> Option<f64> {
    let lsb = rig.sensors.scale(Channel::PlugVoltage)?.lsb;
    let until = rig.clock.now() + Seconds::from_millis(50);
    let mut batch = Batch::default();
    let mut last = None;
    while rig.clock.now() < until {
        poll(rig, until, &mut batch);
        for reading in &batch.readings {
            if let Reading::Samples(block) = reading
                && block.channel == Channel::PlugVoltage
            {
                last = batch.codes(block).last().map(|code| f64::from(*code) * lsb).or(last);
            }
        }
    }
    last
}

/// Within what a driver may be late: 20 ms.
fn near(a: Tick, b: Tick) -> bool {
    a.since(b).max(b.since(a)) <= Seconds::from_millis(20)
}

//! What every rig must keep, as checks that any driver can be run against. Each takes a fresh rig: coil cool, output off, an adapter's name
//! that it can connect.

use super::{Batch, Channel, PressOrder, Reading, Refused, Rig};
use crate::domain::ids::AdapterName;
use crate::domain::units::{Seconds, Tick};

/// A rig at rest and what can be done with it.
pub(crate) struct Fresh {
    pub(crate) rig: Rig,
    pub(crate) adapter: AdapterName,
    /// How much later than it should a thread may come to run: nothing where time is simulated.
    pub(crate) late: Seconds,
}

/// Runs every check, each on a rig of its own.
pub(crate) fn check(fresh: impl Fn() -> Fresh) {
    poll_keeps_its_bounds(&mut fresh());
    press_comes_before_release(&mut fresh());
    release_brings_the_end_forward(&mut fresh());
    release_without_a_press_does_nothing(&mut fresh());
    a_release_before_the_press_calls_it_off(&mut fresh());
    a_refused_press_leaves_the_line_untouched(&mut fresh());
    a_press_is_possible_when_it_says(&mut fresh());
    an_adapter_is_connected_only_with_the_output_off(&mut fresh());
    an_unknown_adapter_is_refused(&mut fresh());
}

fn poll_keeps_its_bounds(fresh: &mut Fresh) {
    for span_ms in [1, 3, 10, 25, 400] {
        let until = fresh.now() + Seconds::from_millis(span_ms);
        let mut batch = Batch { bytes: vec![7; 3], ..Batch::default() };
        batch.readings.push(Reading::ConsoleGap { at: Tick::NEVER });
        while fresh.now() < until {
            poll(fresh, until, &mut batch);
        }
        let now = fresh.now();
        assert!(now >= until && now <= until + fresh.late, "a poll stops at `until`: {now:?}, {until:?}");
    }
}

fn press_comes_before_release(fresh: &mut Fresh) {
    let order = press(fresh, Seconds::from_millis(300));
    let edges = edges_until(fresh, order.release_at + Seconds::new(1.0));
    let [(true, on), (false, off)] = edges[..] else { panic!("a press is one edge on, then one off: {edges:?}") };
    assert!(fresh.near(on, order.at) && fresh.near(off, order.release_at), "{edges:?} for {order:?}");
}

fn release_brings_the_end_forward(fresh: &mut Fresh) {
    let order = press(fresh, Seconds::new(5.0));
    let release_at = order.at + Seconds::from_millis(700);
    let mut edges = edges_until(fresh, release_at);
    fresh.rig.presser.release().expect("a release is accepted");
    fresh.rig.presser.release().expect("a second one does nothing");
    edges.extend(edges_until(fresh, order.release_at + Seconds::new(1.0)));
    let [(true, _), (false, off)] = edges[..] else { panic!("one edge on, one off: {edges:?}") };
    assert!(fresh.near(off, release_at), "off at {off:?}, released at {release_at:?}");
}

fn release_without_a_press_does_nothing(fresh: &mut Fresh) {
    fresh.rig.presser.release().expect("a release is accepted");
    let until = fresh.now() + Seconds::new(1.0);
    assert_eq!(edges_until(fresh, until), []);
}

fn a_release_before_the_press_calls_it_off(fresh: &mut Fresh) {
    let at = fresh.now() + Seconds::new(2.0);
    let order = PressOrder { at, release_at: at + Seconds::new(1.0) };
    fresh.rig.presser.press(order).expect("a press to come is accepted");
    fresh.rig.presser.release().expect("a release is accepted");
    assert_eq!(edges_until(fresh, order.release_at + Seconds::new(1.0)), []);
}

fn a_refused_press_leaves_the_line_untouched(fresh: &mut Fresh) {
    let until = fresh.now() + Seconds::new(2.0);
    edges_until(fresh, until);
    let now = fresh.now();
    let second = Seconds::new(1.0);
    for (at, release_at) in [(now, now), (now + second, now), (now - second, now + second)] {
        let refused = fresh.rig.presser.press(PressOrder { at, release_at });
        assert!(refused.is_err(), "{at:?} to {release_at:?} at {now:?}");
        let until = fresh.now() + second;
        assert_eq!(edges_until(fresh, until), [], "after {refused:?}");
    }
}

fn a_press_is_possible_when_it_says(fresh: &mut Fresh) {
    for hold in [1.0, 4.0, 2.0] {
        let hold = Seconds::new(hold);
        let from = fresh.rig.presser.possible_from(hold);
        assert!(from + fresh.late >= fresh.now() && from < Tick::NEVER, "{from:?}");
        edges_until(fresh, from);
        let order = press(fresh, hold);
        edges_until(fresh, order.release_at + Seconds::from_millis(200));
    }
}

fn an_adapter_is_connected_only_with_the_output_off(fresh: &mut Fresh) {
    let Some(selector) = &mut fresh.rig.selector else { return };
    selector.connect(&fresh.adapter).expect("connects with the output off");
    fresh.rig.supply.output(true).expect("switches on");
    edges_until(fresh, fresh.now() + Seconds::new(1.0));
    let before = plug_voltage(fresh);
    let refused = fresh.rig.selector.as_mut().map(|selector| selector.connect(&fresh.adapter));
    assert!(matches!(refused, Some(Err(Refused::Until { .. } | Refused::Never(_)))), "{refused:?}");
    assert_eq!(before.is_some_and(|volts| volts > 1.0), plug_voltage(fresh).is_some_and(|volts| volts > 1.0));
}

fn an_unknown_adapter_is_refused(fresh: &mut Fresh) {
    let Some(selector) = &mut fresh.rig.selector else { return };
    assert!(selector.connect(&AdapterName::from("no such adapter")).is_err());
}

/// Lets time pass once and checks what every poll must keep.
fn poll(fresh: &mut Fresh, until: Tick, batch: &mut Batch) {
    let (before, late) = (fresh.now(), fresh.late);
    fresh.rig.sensors.poll(until, batch).expect("nothing is wrong with the rig");
    assert!(batch.end > before && batch.end <= until + late, "{before:?} to {:?}, until {until:?}", batch.end);
    assert!(batch.end.since(before) <= Seconds::from_millis(10) + late, "a batch of {}", batch.end.since(before));
    let now = fresh.now();
    assert!(now >= batch.end && now <= batch.end + late, "the batch ends now: {:?} at {now:?}", batch.end);
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

fn press(fresh: &mut Fresh, hold: Seconds) -> PressOrder {
    let at = fresh.now() + Seconds::from_millis(20) + fresh.late;
    let order = PressOrder { at, release_at: at + hold };
    fresh.rig.presser.press(order).expect("a short press of a cool coil is accepted");
    order
}

fn edges_until(fresh: &mut Fresh, until: Tick) -> Vec<(bool, Tick)> {
    let mut edges = Vec::new();
    let mut batch = Batch::default();
    while fresh.now() < until {
        poll(fresh, until, &mut batch);
        edges.extend(batch.readings.iter().filter_map(|reading| match reading {
            Reading::Coil { energised, at, .. } => Some((*energised, *at)),
            _ => None,
        }));
    }
    edges
}

/// The last voltage seen at the plug within 50 ms; `None` where the rig measures none.
fn plug_voltage(fresh: &mut Fresh) -> Option<f64> {
    let lsb = fresh.rig.sensors.scale(Channel::PlugVoltage)?.lsb;
    let until = fresh.now() + Seconds::from_millis(50);
    let mut batch = Batch::default();
    let mut last = None;
    while fresh.now() < until {
        poll(fresh, until, &mut batch);
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

impl Fresh {
    fn now(&self) -> Tick {
        self.rig.clock.now()
    }

    /// Within what a driver may be late: 20 ms, and what the machine makes of it.
    fn near(&self, a: Tick, b: Tick) -> bool {
        a.since(b).max(b.since(a)) <= Seconds::from_millis(20) + self.late
    }
}

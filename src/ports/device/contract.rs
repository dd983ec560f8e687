//! What every single instrument must keep, as checks that any driver of a port can be run against. Each takes the driver and a look at the instrument
//! from outside the driver.

use super::{PowerOutput, Reading, Route, Stamped, Switch};
use crate::domain::ids::AdapterName;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{Channel, Refused};
use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// A line stands as it was told last, however often it was told so. `line` says how it stands.
pub(crate) fn switch(switch: &mut dyn Switch, mut line: impl FnMut() -> bool) {
    for on in [false, true, true, false, false, true, false] {
        switch.set(on).unwrap_or_else(|fault| panic!("is switched to {on}: {fault}"));
        assert_eq!(line(), on, "as it was told last");
    }
}

/// A device that is gone gives a fault with its name for every word to it, never silence.
pub(crate) fn gone(mut word: impl FnMut() -> Result<(), Fault>) {
    for _ in 0..3 {
        let fault = word().expect_err("the device is gone");
        assert!(matches!(fault.fault, FaultKind::Disconnected | FaultKind::Disobeyed | FaultKind::Timeout), "{fault}");
        assert!(!fault.source_name.is_empty() && !fault.detail.is_empty(), "{fault:?}");
    }
}

/// At most one adapter is connected. `leads` says which are, in the order of their names.
pub(crate) fn route(route: &mut dyn Route, [one, other]: [&str; 2], mut leads: impl FnMut() -> Vec<String>) {
    for adapter in [one, other, other, one] {
        route.connect(&AdapterName::from(adapter)).expect("is connected");
        assert_eq!(leads(), [adapter]);
    }
    route.disconnect().expect("is disconnected");
    route.disconnect().expect("a second time is nothing");
    assert_eq!(leads(), [""; 0]);
}

/// An adapter that no channel holds is refused for good, and whatever was connected stays so.
pub(crate) fn route_knows_its_adapters(route: &mut dyn Route, one: &str, mut leads: impl FnMut() -> Vec<String>) {
    route.connect(&AdapterName::from(one)).expect("is connected");
    let refused = route.connect(&AdapterName::from("no such adapter"));
    assert!(matches!(refused, Err(Refused::Never(_))), "{refused:?}");
    assert_eq!(leads(), [one]);
}

/// An output gives what it was told, refuses what it cannot give and keeps its voltage then, and says that it is off when it is.
pub(crate) fn power_output(supply: &mut dyn PowerOutput, within: &[Volts], beyond: &[Volts]) {
    let bound = supply.off_bound();
    assert!(bound > Seconds::ZERO && bound <= Seconds::new(60.0), "off within {bound}");
    for volts in within {
        supply.set(*volts).expect("is set");
        assert_ne!(supply.read().expect("reads").on, Some(true), "setting switches nothing on");
        supply.output(true).expect("switches on");
        supply.output(true).expect("a second time is nothing");
        settles(supply, *volts);
        for volts in beyond {
            let refused = supply.set(*volts);
            assert!(matches!(refused, Err(Refused::Never(_))), "{volts}: {refused:?}");
        }
        settles(supply, *volts);
        supply.output(false).expect("switches off");
        supply.output(false).expect("a second time is nothing");
        assert_ne!(supply.read().expect("reads").on, Some(true));
    }
}

/// Reads until the source has come to its voltage: each answer takes the instrument's own time.
fn settles(supply: &mut dyn PowerOutput, volts: Volts) {
    let reads = (0..2_000).map(|_| supply.read().expect("reads"));
    let last = reads.inspect(|reading| assert_ne!(reading.on, Some(false), "{reading:?}"));
    let near = |got: Volts| (got.get() - volts.get()).abs() <= 0.1;
    assert!(last.into_iter().any(|reading| near(reading.volts)), "it never came to {volts}");
}

/// Blocks of samples come in order and none over another, the stated time apart, and all channels tell the same moments. `fits` says whether a code can
/// be one.
pub(crate) fn sampled(blocks: &Receiver<Stamped>, channels: &[Channel], period: Seconds, fits: impl Fn(Channel, i16) -> bool) {
    let mut told: BTreeMap<Channel, Vec<(Tick, usize)>> = BTreeMap::new();
    for _ in 0..5 * channels.len() {
        // As long as a loaded machine may need.
        let block = blocks.recv_timeout(Duration::from_secs(20)).expect("samples come");
        let Reading::Samples { channel, period: apart, codes } = block.reading else { panic!("samples: {block:?}") };
        assert!(channels.contains(&channel) && apart == period && !codes.is_empty(), "{channel:?}, {apart}, {codes:?}");
        assert!(codes.iter().all(|code| fits(channel, *code)), "{channel:?}: {codes:?}");
        let blocks = told.entry(channel).or_default();
        if let Some((start, count)) = blocks.last() {
            let end = (0..*count).fold(*start, |at, _| at + period);
            assert!(block.at >= end, "a block at {:?} over one that ends at {end:?}", block.at);
        }
        blocks.push((block.at, codes.len()));
    }
    assert_eq!(told.len(), channels.len());
    assert!(told.values().all(|blocks| Some(blocks) == told.values().next()), "{told:?}");
}

//! A made-up camera for the tests of this folder.

use crate::domain::canary::Category;
use crate::domain::observation::{LightPattern, LightShape, MarkerMeaning};
use crate::domain::profile::*;
use crate::domain::units::{Amps, Hertz, Seconds, Volts};
use std::collections::BTreeMap;

/// The pattern of a camera that waits to be set up.
pub const SETUP: LightPattern = pattern(LightShape::Blink, Some(1_000_000));
/// Of one that is ready.
pub const READY: LightPattern = pattern(LightShape::Solid, None);
/// Of one that boots.
pub const BOOTING: LightPattern = pattern(LightShape::Blink, Some(2_000_000));
/// Of one that noticed the press.
pub const ACKNOWLEDGED: LightPattern = pattern(LightShape::Blink, Some(8_000_000));
/// Of one that wipes its settings.
pub const RESETTING: LightPattern = pattern(LightShape::Blink, Some(4_000_000));
/// Dark.
pub const OFF: LightPattern = pattern(LightShape::Off, None);

const fn pattern(shape: LightShape, micro_hz: Option<i64>) -> LightPattern {
    let hz = match micro_hz {
        Some(micro) => Some(Hertz::from_micro(micro)),
        None => None,
    };
    LightPattern { shape, hz, duty: None, colour: None, second: None }
}

fn rule(pattern: LightPattern) -> LightRule {
    LightRule { hz: pattern.hz, ..LightRule::of(pattern.shape) }
}

/// A chime.
pub fn chime(name: &str, hz: f64, repeats: u32, meaning: ChimeMeaning) -> Chime {
    Chime { name: name.to_owned(), hz: Hertz::new(hz), repeats, meaning }
}

/// A 5 V camera with a light, a console, a network status, and canaries in two categories over the console.
pub fn profile() -> Profile {
    let canary = || CanaryRule { via: Via::Console, write: None, read: None, setting: None };
    let marker = |name: &str, meaning| Marker { name: name.to_owned(), meaning, regex: name.to_owned() };
    Profile {
        schema: 1,
        model: "made up".to_owned(),
        serial_pattern: ".*".to_owned(),
        firmware: None,
        form_factor: None,
        instructions: None,
        button: Button { place: "rear".to_owned(), reach: "pin".to_owned(), hole_mm: None, depth_mm: None, force_n: None },
        supply: SupplyLimits {
            nominal_v: Volts::new(5.0),
            min_v: Volts::new(4.75),
            max_v: Volts::new(5.25),
            max_a: Amps::new(2.0),
            drain_s: Seconds::new(10.0),
        },
        ready: Readiness {
            light_stable_s: Some(Seconds::new(5.0)),
            marker: false,
            min_wait_s: Seconds::new(60.0),
            timeout_s: Seconds::new(300.0),
        },
        press: Press {
            mode: PressMode::Hot,
            action: Action::AtThreshold,
            windows: Vec::new(),
            write_window_s: Seconds::new(360.0),
        },
        light: BTreeMap::from([
            (LightMeaning::Booting, rule(BOOTING)),
            (LightMeaning::Ready, rule(READY)),
            (LightMeaning::Acknowledged, rule(ACKNOWLEDGED)),
            (LightMeaning::Resetting, rule(RESETTING)),
            (LightMeaning::Setup, rule(SETUP)),
        ]),
        console: Some(ConsoleProfile {
            baud: 115_200,
            silence_s: Seconds::new(60.0),
            markers: vec![
                marker("U-Boot", MarkerMeaning::Bootloader),
                marker("Linux", MarkerMeaning::Kernel),
                marker("factory state", MarkerMeaning::Factory),
                marker("bound", MarkerMeaning::NotFactory),
                marker("erasing", MarkerMeaning::Erasing),
            ],
        }),
        chimes: Vec::new(),
        current: Default::default(),
        provision: Provision { via: Via::Console, exchanges: Vec::new(), instruction: None, timeout_s: Seconds::new(60.0) },
        canaries: BTreeMap::from([(Category::Wifi, canary()), (Category::Accounts, canary())]),
        factory: FactorySigns { light: true, marker: true, network: true, sound: false },
        watch: Watch::default(),
        budget: UnitBudget::default(),
        rma: Default::default(),
    }
}

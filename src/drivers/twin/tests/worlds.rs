//! The world file.

use super::*;
use crate::domain::observation::Colour;
use crate::domain::profile::{Action, ChimeMeaning};
use crate::domain::units::Volts;

/// Keys of `file` that `known` has not.
fn unknown(path: &str, file: &toml::Value, known: &toml::Value, found: &mut Vec<String>) {
    if let (Some(file), Some(known)) = (file.as_table(), known.as_table()) {
        for (key, value) in file {
            match known.get(key) {
                Some(inner) => unknown(&format!("{path}.{key}"), value, inner, found),
                None => found.push(format!("{path}.{key}")),
            }
        }
    }
}

#[test]
fn the_shipped_world_is_in_range_and_every_key_of_it_is_read() {
    let world = world();
    assert_eq!(world.check(), []);
    let mut found = Vec::new();
    unknown("", &toml::from_str(FIXTURE).unwrap(), &toml::Value::try_from(&world).unwrap(), &mut found);
    assert!(found.is_empty(), "{found:?}");
    let text = toml::to_string(&world).unwrap();
    assert_eq!(toml::from_str::<World>(&text).unwrap(), world);
}

#[test]
fn what_is_out_of_range_is_named_by_its_path() {
    let mut world = world();
    world.schema = 2;
    world.connected = Some("nowhere".into());
    world.adapters.get_mut(&"oem-5v1a".into()).unwrap().cable_ohm = f64::NAN;
    world.camera.power.restart_v = Volts::new(1.0);
    world.camera.button.action = Action::AtThreshold;
    world.camera.button.windows[0].to_s = Some(Seconds::new(20.0));
    world.faults.coil_stuck = 1.5;
    world.camera.light.values_mut().for_each(|light| light.hz = None);
    let camera = &mut world.camera;
    let tone = "hz = 10\nevery_s = 0.2";
    camera.sound.insert(ChimeMeaning::Setup, toml::from_str(tone).unwrap());
    camera.sound.insert(ChimeMeaning::Booting, toml::from_str(tone).unwrap());
    camera.motor.watts = -1.0;
    camera.firmware.boot_fails = f64::NAN;
    camera.console.drops = 0.6;
    camera.flash.corrupt = 2.0;
    camera.button.contact.opens_at_s = vec![Seconds::ZERO];
    camera.button.contact.beside = -0.1;
    camera.dark_after_reset_s = Seconds::new(-1.0);
    camera.light.get_mut(&LightMeaning::Ready).unwrap().second = Some(Colour::Red);
    let paths: Vec<String> = world.check().into_iter().map(|(path, _)| path).collect();
    for path in [
        "schema",
        "connected",
        "adapters.oem-5v1a.cable_ohm",
        "camera.power.restart_v",
        "camera.button.windows[0].to_s",
        "faults.coil_stuck",
        "camera.light.setup.hz",
        "camera.sound.setup.hz",
        "camera.sound.setup.every_s",
        "camera.sound.booting.every_s",
        "camera.motor.watts",
        "camera.firmware.boot_fails",
        "camera.console.drops",
        "camera.flash.corrupt",
        "camera.button.contact.opens_at_s[0]",
        "camera.button.contact.beside",
        "camera.dark_after_reset_s",
        "camera.light.ready.second",
    ] {
        assert!(paths.iter().any(|p| p == path), "{path} is not among {paths:?}");
    }
}

#[test]
fn the_constants_of_senses_and_outlet_have_ranges_too() {
    let mut world = world();
    world.outlet.share = -0.1;
    world.outlet.dip_s = Seconds::ZERO;
    world.lamp.pwm_duty = 0.0;
    world.light_sensor.flicker_hz = crate::domain::units::Hertz::new(50.0);
    world.light_sensor.filters[2][0] = 1.1;
    world.microphone.noise = f64::NAN;
    world.button_force.snap_n = 0.0;
    world.coil.force_n = 99.0;
    world.camera.load.ir_below = Some(2.0);
    let adapter = world.adapters.get_mut(&"oem-5v1a".into()).unwrap();
    (adapter.mains_min, adapter.step_v_per_a, adapter.warm_s) = (1.1, -1.0, Seconds::ZERO);
    world.faults.coil_drops = -0.5;
    let paths: Vec<String> = world.check().into_iter().map(|(path, _)| path).collect();
    for path in [
        "outlet.share",
        "outlet.dip_s",
        "lamp.pwm_duty",
        "light_sensor.flicker_hz",
        "light_sensor.filters[2]",
        "microphone.noise",
        "button_force.snap_n",
        "coil.force_n",
        "camera.load.ir_below",
        "adapters.oem-5v1a.mains_min",
        "adapters.oem-5v1a.step_v_per_a",
        "adapters.oem-5v1a.warm_s",
        "faults.coil_drops",
    ] {
        assert!(paths.iter().any(|p| p == path), "{path} is not among {paths:?}");
    }
    assert_eq!(paths.len(), 13, "{paths:?}");
}

#[test]
fn the_schema_refuses_unknown_keys() {
    let schema = serde_json::to_value(schemars::schema_for!(World)).unwrap();
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn the_shipped_adapters_behave_as_their_comments_say() {
    let at = |adapter: &str, watts: f64| {
        let model = &world().adapters[&adapter.into()];
        super::super::electric::operating_point(model.open_v.get(), model.ohm(), watts).unwrap().volts
    };
    assert!((at("long-cable", 1.4) - 4.5).abs() < 0.1);
    assert!(at("long-cable", 1.9) > 4.2, "it boots");
    assert!((4.3..4.5).contains(&at("long-cable", 1.75)));
    assert!(at("oem-5v1a", 1.75) > 4.9);
    assert!(at("clone-5v2a", 1.75) > 4.7);
}

#[test]
fn every_shipped_world_is_in_range_and_every_key_of_it_is_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/worlds");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            let world: World = toml::from_str(&text).unwrap();
            assert_eq!(world.check(), [], "{}", path.display());
            let mut found = Vec::new();
            unknown("", &toml::from_str(&text).unwrap(), &toml::Value::try_from(&world).unwrap(), &mut found);
            assert!(found.is_empty(), "{}: {found:?}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 6);
}

//! One line of every kind, byte for byte: whoever renames a field or a word sees it here, and has made another format.

use super::*;
use crate::domain::canary::Category;
use crate::domain::condition::Check;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::observation::{
    BootStage, ConsoleState, CurrentEvent, LightPattern, LightShape, MarkerMeaning, NetworkStatus, Observation, PowerState, Sense,
};
use crate::domain::step::Step;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::Fate;
use crate::journal::kind::Kind;
use crate::journal::samples;

/// The line of an event, and the check that it reads back as the same event by every way there is.
fn line(event: &Event) -> String {
    let mut line = Vec::new();
    encode(&mut line, Seq(7), Tick(2_000_000), event, &Hash::of(b"before")).unwrap();
    let before = line.clone();
    let envelope = Envelope::read(&before).unwrap();
    let kind = Kind::from_name(envelope.kind).unwrap();
    assert_eq!((envelope.seq, envelope.t_us, kind.name()), (7, 2_000_000, event.kind()));
    assert_eq!(envelope.h, Hash::of(b"before").as_bytes());
    assert_eq!(&decode(&mut line, envelope.body, kind, Depth::Full).unwrap(), event);
    assert_eq!(line, before, "the line is as before");
    assert_eq!(decode(&mut line, envelope.body, kind, Depth::State).unwrap().kind(), event.kind());
    // The derived form of `Event`, which schemas and other readers go by, is the same.
    assert_eq!(&serde_json::from_slice::<Event>(&line).unwrap(), event);
    String::from_utf8(line).unwrap()
}

/// What follows the envelope in the line of an event.
fn fields(event: &Event) -> String {
    let line = line(event);
    let prefix = format!(r#"{{"seq":7,"t_us":2000000,"kind":"{}","h":"6db7d803e74f1ffa7d8f5adc0bf95b3e""#, event.kind());
    line.strip_prefix(&prefix).unwrap_or_else(|| panic!("{line} does not begin with {prefix}")).to_owned()
}

#[test]
fn every_kind_has_its_line() {
    let run_started = format!(",{}}}", samples::RUN_STARTED);
    let expected = [
        (
            Kind::JournalOpened,
            r#","format":"1.0","run_id":"0199f1b2-7c00-7000-8000-000000000001","wall":"2026-11-23T21:00:00Z","program":"pinhole 0.1.0","host":"bench-pi"}"#,
        ),
        (Kind::RunStarted, &run_started),
        (Kind::RunResumed, r#","wall":"2026-11-23T21:00:00Z","operator":"ada","program":"pinhole 0.1.0","host":"bench-pi"}"#),
        (Kind::BlockStarted, r#","block":3}"#),
        (
            Kind::TrialStarted,
            r#","slot":{"id":12,"block":0,"origin":{"chosen":"nearest to the threshold"},"condition":{"adapter":"oem","stimulus":{"is":"press","hold_s":4.75,"release":"after_hold","max_s":4.75}}},"attempt":2}"#,
        ),
        (Kind::StepStarted, r#","step":"hold","for_s":4.75,"until_change":false,"max_s":4.75}"#),
        (Kind::StepFinished, r#","step":"hold","end":"done","released_by":"hold"}"#),
        (Kind::Observed, r#","at_us":1234567,"what":"light","shape":"blink","hz":2.5,"duty":0.5,"colour":"green"}"#),
        (Kind::Measured, r#","at_us":90,"name":"boot_s","value":31.25,"unit":"s","u":0.01}"#),
        (Kind::Attached, r#","channel":"light","file":"00112233445566778899aabbccddeeff.trace","bytes":4096}"#),
        (Kind::Environment, r#","ambient_c":21.5,"disk_free":1073741824}"#),
        (Kind::Asked, r#","question":0,"text":"Is the light on?","choices":["yes","no"]}"#),
        (Kind::Answered, r#","question":0,"answer":"yes"}"#),
        (
            Kind::Diagnosed,
            r#","verdict":"factory_reset","level":"proved","reasons":["The camera said \"factory\"."],"decided_by":[7,8]}"#,
        ),
        (Kind::TrialFinished, r#","slot":12,"attempt":2,"outcome":{"judged":"factory_reset"}}"#),
        (Kind::TrialAbandoned, r#","slot":12,"attempt":2,"reason":"stopped"}"#),
        (Kind::Faulted, r#","fault":"disconnected","source":"console","detail":"the port went away"}"#),
        (Kind::Paused, "}"),
        (Kind::Continued, "}"),
        (Kind::StopRequested, r#","how":"finish_safely"}"#),
        (Kind::RunFinished, r#","reason":"complete"}"#),
    ];
    let events = samples::one_of_each();
    for (event, (kind, line)) in events.iter().zip(expected) {
        assert_eq!(event.kind(), kind.name());
        assert_eq!(fields(event), line);
    }
    assert_eq!((events.len(), expected.len()), (Kind::ALL.len(), Kind::ALL.len()));
}

#[test]
fn every_observation_has_its_words() {
    let marker = "up".to_owned();
    let dark = LightPattern { shape: LightShape::Off, hz: None, duty: None, colour: None, second: None };
    for (observation, expected) in [
        (Observation::Light(dark), r#""what":"light","shape":"off""#),
        (
            Observation::Marker { marker, meaning: MarkerMeaning::WarmReboot },
            r#""what":"marker","marker":"up","meaning":"warm_reboot""#,
        ),
        (Observation::Boot { boot: 2, stage: BootStage::Userland }, r#""what":"boot","boot":2,"stage":"userland""#),
        (Observation::Console { state: ConsoleState::Garbled }, r#""what":"console","state":"garbled""#),
        (Observation::Power { state: PowerState::OverVoltage }, r#""what":"power","state":"over_voltage""#),
        (Observation::Current { event: CurrentEvent::Infrared }, r#""what":"current","event":"infrared""#),
        (Observation::Coil { energised: true, u_s: Seconds::new(0.001) }, r#""what":"coil","energised":true,"u_s":0.001"#),
        (Observation::Tone { tone: "beep".to_owned() }, r#""what":"tone","tone":"beep""#),
        (Observation::Motor { running: false }, r#""what":"motor","running":false"#),
        (Observation::Network { status: NetworkStatus::Unreachable }, r#""what":"network","status":"unreachable""#),
        (
            Observation::Canary { category: Category::Wifi, fate: Fate::NotObserved },
            r#""what":"canary","category":"wifi","fate":"not_observed""#,
        ),
        (Observation::Ready, r#""what":"ready""#),
        (Observation::Change { sense: Sense::Current }, r#""what":"change","sense":"current""#),
    ] {
        assert_eq!(fields(&samples::observed(5, observation)), format!(r#","at_us":5,{expected}}}"#));
    }
}

#[test]
fn every_step_has_its_words() {
    let s = Seconds::new(1.5);
    for (step, expected) in [
        (Step::RestCoil { longest_s: s }, r#""step":"rest_coil","longest_s":1.5"#),
        (Step::Begin, r#""step":"begin""#),
        (Step::PowerOff, r#""step":"power_off""#),
        (Step::Drain { for_s: s }, r#""step":"drain","for_s":1.5"#),
        (Step::Connect { adapter: "oem".into() }, r#""step":"connect","adapter":"oem""#),
        (Step::MeasureOpen, r#""step":"measure_open""#),
        (Step::SetSupply { volts: Volts::new(5.0) }, r#""step":"set_supply","volts":5"#),
        (Step::PowerOn, r#""step":"power_on""#),
        (Step::AwaitReady { not_before_s: s }, r#""step":"await_ready","not_before_s":1.5"#),
        (Step::AwaitSincePower { for_s: s }, r#""step":"await_since_power","for_s":1.5"#),
        (Step::Provision, r#""step":"provision""#),
        (Step::ProveNotFactory, r#""step":"prove_not_factory""#),
        (Step::WriteCanaries, r#""step":"write_canaries""#),
        (Step::ReadBackCanaries, r#""step":"read_back_canaries""#),
        (Step::Press { max_s: s }, r#""step":"press","max_s":1.5"#),
        (Step::Sham { for_s: s }, r#""step":"sham","for_s":1.5"#),
        (Step::Release, r#""step":"release""#),
        (Step::Watch, r#""step":"watch""#),
        (Step::Verify, r#""step":"verify""#),
        (Step::Measure { check: Check::DarkLight }, r#""step":"measure","check":"dark_light""#),
        (Step::Recover, r#""step":"recover""#),
        (Step::SitOutWriteWindow, r#""step":"sit_out_write_window""#),
    ] {
        assert_eq!(fields(&samples::step(step)), format!(",{expected}}}"));
    }
}

#[test]
fn fields_of_later_versions_are_passed_over() {
    let event = samples::measured(31.25);
    let line = line(&event).replace(r#""at_us":90"#, r#""lab":{"x":[1,"}"]},"at_us":90"#);
    let mut line = line.into_bytes();
    let body = Envelope::read(&line).unwrap().body;
    assert_eq!(decode(&mut line, body, Kind::Measured, Depth::Full).unwrap(), event);
}

#[test]
fn a_missing_field_is_named() {
    let line = line(&samples::block(3)).replace("block\":3", "blick\":3");
    let mut line = line.into_bytes();
    let body = Envelope::read(&line).unwrap().body;
    let error = decode(&mut line, body, Kind::BlockStarted, Depth::Full).unwrap_err();
    assert_eq!(error.to_string(), "the fields of `block_started` cannot be read: missing field `block`");
}

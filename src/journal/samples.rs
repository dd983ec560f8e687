//! Events for tests.

use crate::domain::condition::{Condition, Origin, Release, ReleasedBy, Slot, Stimulus};
use crate::domain::event::{
    Answered, Asked, Attached, BlockStarted, Empty, Environment, Event, FinishReason, How, JournalOpened, Measured, Observed,
    RunFinished, RunResumed, RunStarted, StepFinished, StepStarted, StopRequested, TrialAbandoned, TrialFinished, TrialStarted,
};
use crate::domain::ids::{Attempt, BlockNo, Operator, QuestionId, Seq, SlotId};
use crate::domain::measurement::Measurement;
use crate::domain::observation::{Colour, LightPattern, LightShape, Observation};
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::{Celsius, Hertz, Seconds, Tick};
use crate::domain::verdict::{Diagnosis, Fault, FaultKind, Level, Outcome, Verdict};
use jiff::Timestamp;

/// The fields of a `run_started` as they stand in its line.
pub const RUN_STARTED: &str = concat!(
    r#""run_id":"0199f1b2-7c00-7000-8000-000000000001","wall":"2026-11-23T21:00:00Z","operator":"ada","#,
    r#""dut_serial":"AMC0001","dut_fw":"2.1","station":"bench-1","position":{"name":"left","#,
    r#""presser":{"driver":"twin","stroke_mm":1.25},"supply":{"driver":"twin"},"#,
    r#""interlocks":{"coil_max_on_s":100,"coil_min_off_s":1,"coil_pull_w":5.0,"coil_hold_w":1.25,"coil_peak_s":0.15,"#,
    r#""coil_max_c":85,"coil_k_per_w":13.0,"coil_tau_s":300,"supply_max_v":15,"supply_min_off_s":2,"pull_down":false,"#,
    r#""one_shot":false},"calibration":{"date":null,"pull_in_s":0.02,"drop_out_s":0.025,"stroke_u_s":0.015,"#,
    r#""light_dark":0.02,"light_lit":0.4}},"suite":{"schema":1,"name":"short","dut":"../duts/a.toml","#,
    r#""factors":{"adapter":["oem"],"hold_s":[3,30],"release":["after_hold"]},"design":{"kind":"grid","replicates":1,"#,
    r#""shams_per_adapter":0,"unpowered_per_adapter":0,"order":"blocked","seed":7,"attempts":3,"hold_tolerance":0.02},"#,
    r#""traces":"all","timeouts":{"trial_s":3600,"run_h":240.0,"answer_s":43200}},"profile":{"schema":1,"model":"indoor","#,
    r#""serial_pattern":"AMC.*","button":{"place":"back","reach":"hole"},"#,
    r#""supply":{"nominal_v":5,"min_v":4.75,"max_v":5.5,"max_a":1,"drain_s":10},"#,
    r#""ready":{"light_stable_s":5,"marker":true,"min_wait_s":120,"timeout_s":300},"#,
    r#""press":{"mode":"hot","action":"at_threshold","windows":[{"from_s":10,"effect":"factory_reset"}],"write_window_s":360},"#,
    r#""light":{"ready":{"shape":"solid","hz_tolerance":0.2,"colour":"green"}},"#,
    r#""console":{"baud":115200,"silence_s":60,"markers":[{"name":"up","meaning":"ready","regex":"login:"}]},"#,
    r#""provision":{"via":"none","timeout_s":60},"factory":{"light":false,"marker":true,"network":false},"#,
    r#""watch":{"reboot_s":360,"erasing_s":900,"quiet_s":60,"settle_s":30,"recovery_s":600},"#,
    r#""budget":{"resets":2000,"password_attempts":3,"power_cuts":5}},"#,
    r#""adapters":[{"schema":1,"name":"oem","kind":"fixed","rating":{"v":5,"a":1}}],"#,
    r#""inputs":[],"warnings":["the rig declares no pull-down"]"#
);

pub fn wall() -> Timestamp {
    "2026-11-23T21:00:00Z".parse().unwrap()
}

pub fn run_started() -> RunStarted {
    serde_json::from_str(&format!("{{{RUN_STARTED}}}")).unwrap()
}

pub fn opened() -> Event {
    Event::JournalOpened(JournalOpened {
        format: "1.0".to_owned(),
        run_id: run_started().run_id,
        wall: wall(),
        program: "pinhole 0.1.0".to_owned(),
        host: "bench-pi".to_owned(),
    })
}

pub fn started() -> Event {
    Event::RunStarted(Box::new(run_started()))
}

pub fn resumed() -> Event {
    Event::RunResumed(RunResumed {
        wall: wall(),
        operator: Some(Operator::from("ada")),
        program: "pinhole 0.1.0".to_owned(),
        host: "bench-pi".to_owned(),
        set_aside_bytes: 0,
    })
}

pub fn block(number: u32) -> Event {
    Event::BlockStarted(BlockStarted { block: BlockNo(number) })
}

pub fn slot(id: u32) -> Slot {
    let hold_s = Seconds::new(4.75);
    Slot {
        id: SlotId(id),
        block: BlockNo(0),
        origin: Origin::Chosen("nearest to the threshold".to_owned()),
        condition: Condition {
            adapter: "oem".into(),
            outlet: None,
            supply_v: None,
            press_after_s: None,
            stimulus: Stimulus::Press { hold_s, release: Release::AfterHold, max_s: hold_s },
        },
    }
}

pub fn trial(id: u32, attempt: u32) -> Event {
    Event::TrialStarted(TrialStarted { slot: slot(id), attempt: Attempt(attempt) })
}

pub fn step(step: Step) -> Event {
    Event::StepStarted(StepStarted { step })
}

pub fn step_end(step: &str) -> Event {
    Event::StepFinished(StepFinished { step: step.to_owned(), end: StepEnd::Done, released_by: None, power_cut: false })
}

pub fn observed(at_us: u64, observation: Observation) -> Event {
    Event::Observed(Observed { at_us: Tick(at_us), observation })
}

pub fn measured(value: f64) -> Event {
    let measurement = Measurement { name: "boot_s".to_owned(), value, unit: "s".to_owned(), u: Some(0.01) };
    Event::Measured(Measured { at_us: Tick(90), measurement })
}

pub fn diagnosed(verdict: Verdict) -> Event {
    Event::Diagnosed(Diagnosis {
        verdict,
        level: Level::Proved,
        canaries: Default::default(),
        reasons: vec!["The camera said \"factory\".".to_owned()],
        decided_by: vec![Seq(7), Seq(8)],
        against: Vec::new(),
        noticed: None,
    })
}

pub fn finished(id: u32, attempt: u32, outcome: Outcome) -> Event {
    Event::TrialFinished(TrialFinished { slot: SlotId(id), attempt: Attempt(attempt), outcome, observations_counted: 0 })
}

pub fn abandoned(id: u32, attempt: u32) -> Event {
    Event::TrialAbandoned(TrialAbandoned { slot: SlotId(id), attempt: Attempt(attempt), reason: "stopped".to_owned() })
}

pub fn faulted() -> Event {
    Event::Faulted(Fault::new(FaultKind::Disconnected, "console", "the port went away"))
}

pub fn stop(how: How) -> Event {
    Event::StopRequested(StopRequested { how })
}

pub fn end(reason: FinishReason) -> Event {
    Event::RunFinished(RunFinished { reason })
}

pub fn asked(question: u32) -> Event {
    let choices = vec!["yes".to_owned(), "no".to_owned()];
    Event::Asked(Asked { question: QuestionId(question), text: "Is the light on?".to_owned(), choices })
}

pub fn answered(question: u32) -> Event {
    Event::Answered(Answered { question: QuestionId(question), answer: "yes".to_owned() })
}

/// One event of every kind.
pub fn one_of_each() -> Vec<Event> {
    let pattern = LightPattern {
        shape: LightShape::Blink,
        hz: Some(Hertz::new(2.5)),
        duty: Some(0.5),
        colour: Some(Colour::Green),
        second: None,
    };
    vec![
        opened(),
        started(),
        resumed(),
        block(3),
        trial(12, 2),
        step(Step::Hold { for_s: Seconds::new(4.75), until_change: false, max_s: Seconds::new(4.75) }),
        Event::StepFinished(StepFinished {
            step: "hold".to_owned(),
            end: StepEnd::Done,
            released_by: Some(ReleasedBy::Hold),
            power_cut: false,
        }),
        observed(1_234_567, Observation::Light(pattern)),
        measured(31.25),
        Event::Attached(Attached {
            channel: "light".to_owned(),
            file: "00112233445566778899aabbccddeeff.trace".to_owned(),
            bytes: 4096,
        }),
        Event::Environment(Environment { ambient_c: Some(Celsius::new(21.5)), disk_free: Some(1 << 30), ..Default::default() }),
        asked(0),
        answered(0),
        diagnosed(Verdict::FactoryReset),
        finished(12, 2, Outcome::Judged(Verdict::FactoryReset)),
        abandoned(12, 2),
        faulted(),
        Event::Paused(Empty {}),
        Event::Continued(Empty {}),
        stop(How::FinishSafely),
        end(FinishReason::Complete),
    ]
}

/// A short run with its times: a fault, a redone trial, a question, a pause, a stop, and everything else once.
pub fn short_run() -> Vec<(Tick, Event)> {
    let events = [
        opened(),
        started(),
        Event::Environment(Environment { ambient_c: Some(Celsius::new(21.5)), ..Default::default() }),
        block(0),
        trial(0, 1),
        step(Step::PowerOn),
        observed(5, Observation::Ready),
        step_end("power_on"),
        faulted(),
        finished(0, 1, Outcome::Faulted(FaultKind::Disconnected)),
        asked(0),
        answered(0),
        trial(0, 2),
        step(Step::Press { max_s: Seconds::new(4.75) }),
        observed(12, Observation::Coil { energised: true, u_s: Seconds::new(0.001) }),
        step_end("press"),
        measured(31.25),
        Event::Paused(Empty {}),
        diagnosed(Verdict::FactoryReset),
        finished(0, 2, Outcome::Judged(Verdict::FactoryReset)),
        Event::Continued(Empty {}),
        stop(How::AfterTrial),
        end(FinishReason::Stopped),
    ];
    events.into_iter().enumerate().map(|(index, event)| (Tick(index as u64 * 1000), event)).collect()
}

//! Whatever legal events are recorded come back, in every depth of reading.

use super::*;
use crate::domain::event::{Asked, Environment, How, TrialAbandoned};
use crate::domain::ids::{Attempt, QuestionId, SlotId};
use crate::domain::observation::Observation;
use crate::domain::step::Step;
use crate::domain::units::Celsius;
use crate::domain::verdict::FaultKind;
use crate::journal::{Kind, read_state};
use proptest::prelude::*;

/// One turn of a random walk over legal events.
#[derive(Clone, Debug)]
struct Turn {
    which: usize,
    number: u32,
    later_us: u64,
    value: f64,
    text: String,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let value = any::<f64>().prop_filter("JSON holds finite numbers", |value| value.is_finite());
    let turn = (0..25usize, 0..3u32, 0..5_000_000u64, value, any::<String>());
    let turn = turn.prop_map(|(which, number, later_us, value, text)| Turn { which, number, later_us, value, text });
    prop::collection::vec(turn, 0..80)
}

/// The event that a turn proposes in a state; it may be illegal.
fn propose(state: &RunState, turn: &Turn) -> Event {
    let slot = samples::slot(turn.number).id;
    let (open, attempt) = state.open.as_ref().map_or((slot, Attempt(1)), |open| (open.slot.id, open.attempt));
    let outcome = match state.open.as_ref().and_then(|open| open.diagnosed) {
        Some(verdict) => Outcome::Judged(verdict),
        None => Outcome::Faulted(FaultKind::Timeout),
    };
    match turn.which {
        0 => samples::resumed(),
        1 => samples::block(0),
        2..=5 => samples::trial(turn.number, state.next_attempt(slot).0),
        6..=8 => samples::step(Step::Drain { for_s: Seconds::from_micro(turn.later_us as i64) }),
        9..=11 => samples::step_end(state.open.as_ref().and_then(|open| open.step).unwrap_or("drain")),
        12 => samples::observed(turn.later_us, Observation::Tone { tone: turn.text.clone() }),
        13 | 14 => samples::measured(turn.value),
        15 => {
            let coil_c = Some(Celsius::from_micro(turn.later_us as i64));
            Event::Environment(Environment { coil_c, throttled: Some(turn.number == 0), ..Default::default() })
        }
        16 => {
            let question = QuestionId(state.questions);
            Event::Asked(Asked { question, text: turn.text.clone(), choices: vec![turn.text.clone()] })
        }
        17 => samples::answered(state.questions.saturating_sub(1)),
        18 => samples::diagnosed([Verdict::FactoryReset, Verdict::NotReady, Verdict::Dead][turn.number as usize]),
        19..=21 => samples::finished(open.0, attempt.0, outcome),
        22 => Event::TrialAbandoned(TrialAbandoned { slot: SlotId(open.0), attempt, reason: turn.text.clone() }),
        23 if turn.number == 0 => samples::stop(How::AfterTrial),
        23 if turn.number == 1 => Event::Paused(Default::default()),
        23 => Event::Continued(Default::default()),
        _ if turn.number == 0 => samples::end(FinishReason::Stopped),
        _ => samples::faulted(),
    }
}

/// The legal ones among the proposed events.
fn walk(turns: &[Turn]) -> Vec<(Tick, Event)> {
    let mut events = vec![(Tick(0), samples::opened()), (Tick(0), samples::started())];
    let mut state = state_after(&events);
    for turn in turns {
        let event = propose(&state, turn);
        let at = match event {
            Event::RunResumed(_) => Tick(turn.later_us),
            _ => Tick(state.last_tick.0 + turn.later_us),
        };
        if state.apply(at, &event).is_ok() {
            events.push((at, event));
        }
    }
    events
}

proptest! {
    #[test]
    fn what_is_recorded_comes_back(turns in turns()) {
        let walked = walk(&turns);
        let storage = written(&walked);
        prop_assert_eq!(events(&storage), walked);
    }

    #[test]
    fn the_state_is_the_same_however_little_is_read(turns in turns()) {
        let walked = walk(&turns);
        let storage = written(&walked);
        let ending = read_state(storage.clone(), dir()).unwrap();
        prop_assert_eq!(format!("{:?}", ending.state), format!("{:?}", state_after(&walked)));

        let wanted = Wanted::of(&[Kind::Measured, Kind::TrialFinished]);
        let mut some = Vec::new();
        let mut reader = Reader::new(storage, dir(), wanted);
        reader.for_each(|seq, at, event| some.push((seq.0, at, event.clone()))).unwrap();
        let expected: Vec<_> = walked
            .into_iter()
            .enumerate()
            .filter(|(_, (_, event))| matches!(event, Event::Measured(_) | Event::TrialFinished(_)))
            .map(|(seq, (at, event))| (seq as u64, at, event))
            .collect();
        prop_assert_eq!(some, expected);
        prop_assert_eq!(reader.head(), ending.head);
    }
}

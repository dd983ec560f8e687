//! A journal that ends at any byte.

use super::{goes_on_as, tiny};
use crate::it::support::bench::Bench;
use crate::it::support::bench::dir;
use crate::it::support::dice::Dice;
use crate::it::support::results::judged;
use pinhole::domain::event::FinishReason;
use pinhole::domain::run_state::RunState;
use pinhole::journal::{Traces, read_state, reopen};

/// How many cuts inside a line are gone on with to the end of the run.
const SAMPLES: usize = 60;

fn run() -> Bench {
    let bench = tiny("none");
    assert_eq!(bench.begin().end.unwrap(), FinishReason::Complete);
    bench
}

/// The places behind each line's newline, and 0.
fn line_ends(bytes: &[u8]) -> Vec<usize> {
    std::iter::once(0).chain(bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1)).collect()
}

#[test]
fn cut_at_every_byte_it_reads_as_the_lines_that_are_whole() {
    let bench = run();
    let bytes = bench.journal();
    let ends = line_ends(&bytes);
    let mut states = vec![RunState::default()];
    for (_, at, event) in bench.events() {
        let mut state = states[states.len() - 1].clone();
        state.apply(at, &event).unwrap();
        states.push(state);
    }
    let show = |state: &RunState| format!("{:?} {:?} {:?} {}", state.phase, state.open, state.slots, state.next_seq);
    let states: Vec<_> = states.iter().map(show).collect();
    for length in 0..bytes.len() {
        let whole = ends.partition_point(|end| *end <= length) - 1;
        let cut = bench.with_journal(&bytes[..length]);
        let ending = read_state(cut.storage.clone(), &dir()).unwrap();
        assert_eq!(show(&ending.state), states[whole], "cut at {length}");
        let torn = (length - ends[whole]) as u64;
        assert_eq!(ending.torn.map_or(0, |torn| torn.bytes), torn, "cut at {length}");
        // Opening costs a second read; the torn part does not change what it does, so one place in each line and its ends are enough.
        if torn < 2 || torn.is_multiple_of(16) {
            let writer = reopen(cut.storage.clone(), &dir(), Traces::Off).unwrap();
            assert_eq!(writer.set_aside_bytes(), torn, "cut at {length}");
        }
    }
}

#[test]
fn cut_behind_every_line_it_is_gone_on_with_to_the_same_end() {
    let bench = run();
    let (bytes, whole) = (bench.journal(), judged(&bench));
    assert_eq!(whole.len(), 2);
    for end in line_ends(&bytes).into_iter().filter(|end| *end < bytes.len()) {
        goes_on_as(&bench.with_journal(&bytes[..end]), &whole, &format!("cut at {end}"));
    }
}

#[test]
fn cut_inside_a_line_it_is_gone_on_with_to_the_same_end() {
    let bench = run();
    let (bytes, whole) = (bench.journal(), judged(&bench));
    let mut dice = Dice::new(2);
    for _ in 0..SAMPLES {
        let cut = dice.below(bytes.len() as u64) as usize;
        goes_on_as(&bench.with_journal(&bytes[..cut]), &whole, &format!("cut at {cut}"));
    }
}

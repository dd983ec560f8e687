//! Traces: what is fed comes back, and what is torn is said.

use super::*;
use crate::domain::units::{Seconds, Tick};
use crate::journal::{Hash, MemoryStorage, TRACES, samples};
use crate::ports::{Batch, Block, Reading, Storage};
use proptest::prelude::*;
use std::path::Path;

fn dir() -> &'static Path {
    Path::new("/run")
}

fn trial() -> crate::domain::run_state::OpenTrial {
    crate::domain::run_state::OpenTrial {
        slot: samples::slot(3),
        attempt: crate::domain::ids::Attempt(2),
        started: Tick::ZERO,
        step: None,
        hold_s: None,
        ack_s: None,
        proper: None,
        took: None,
        diagnosed: None,
        provisioned: false,
    }
}

fn on() -> Traces {
    Traces::On([(Channel::Light, Scale { lsb: 0.25, period: Seconds::from_millis(1) })].into())
}

/// Feeds batches and reads the completed traces back.
fn through(batches: &[Batch]) -> Vec<Trace> {
    let storage = MemoryStorage::new();
    let mut set = TraceSet::new(on());
    for batch in batches {
        set.feed(&storage, dir(), &trial(), batch).unwrap();
    }
    let mut traces = Vec::new();
    while let Some(attached) = set.complete(&storage, dir()) {
        let attached = attached.unwrap();
        let path = dir().join(TRACES).join(&attached.file);
        let bytes = storage.bytes(&path).unwrap();
        assert_eq!(attached.bytes, bytes.len() as u64);
        assert_eq!(attached.file, format!("{}.trace", Hash::of(&bytes)));
        let trace = read(storage.read(&path, 0).unwrap()).unwrap();
        assert_eq!(trace.channel, attached.channel);
        traces.push(trace);
    }
    traces
}

fn samples_batch(blocks: &[(u64, i64, Vec<i16>)]) -> Batch {
    let mut batch = Batch::default();
    for (start, period, codes) in blocks {
        let from = batch.samples.len();
        batch.samples.extend(codes);
        batch.readings.push(Reading::Samples(Block {
            channel: Channel::Light,
            start: Tick(*start),
            period: Seconds::from_micro(*period),
            range: from..batch.samples.len(),
        }));
    }
    batch
}

/// Every sample with its time and the period that it was taken at.
fn flat(runs: &[Run]) -> Vec<(u64, i64, i16)> {
    runs.iter()
        .flat_map(|run| {
            let period = run.period.micro();
            run.codes
                .iter()
                .enumerate()
                .map(move |(n, &code)| (run.start.0.wrapping_add_signed(period.wrapping_mul(n as i64)), period, code))
        })
        .collect()
}

fn codes() -> impl Strategy<Value = Vec<i16>> {
    prop_oneof![prop::collection::vec(any::<i16>(), 0..40), prop::collection::vec(-2..2i16, 0..40)]
}

proptest! {
    #[test]
    fn samples_come_back_as_they_were_fed(blocks in prop::collection::vec((any::<u64>(), any::<i64>(), codes()), 1..20)) {
        let fed: Vec<Run> = blocks
            .iter()
            .map(|(start, period, codes)| Run { start: Tick(*start), period: Seconds::from_micro(*period), codes: codes.clone() })
            .collect();
        let batches: Vec<Batch> = blocks.iter().map(|block| samples_batch(std::slice::from_ref(block))).collect();
        let traces = through(&batches);
        let Body::Samples(runs) = &traces[0].body else { panic!("{traces:?}") };
        prop_assert_eq!(flat(runs), flat(&fed));
        prop_assert_eq!(traces[0].lsb, Some(0.25));
    }

    #[test]
    fn rows_without_a_break_become_one(lengths in prop::collection::vec(0..3000usize, 1..12), start in 0..1u64 << 40) {
        let mut at = start;
        let mut all = Vec::new();
        let blocks: Vec<_> = lengths
            .iter()
            .map(|&length| {
                let codes: Vec<i16> = (0..length).map(|n| (at as usize + n * n) as i16).collect();
                let block = (at, 250, codes.clone());
                at += 250 * length as u64;
                all.extend(codes);
                block
            })
            .collect();
        let traces = through(&[samples_batch(&blocks)]);
        let run = Run { start: Tick(start), period: Seconds::from_micro(250), codes: all };
        prop_assert_eq!(&traces[0].body, &Body::Samples(vec![run]));
    }

    #[test]
    fn console_bytes_come_back_with_their_times_and_gaps(
        pieces in prop::collection::vec((any::<u64>(), prop::option::of(prop::collection::vec(any::<u8>(), 0..300))), 1..30),
    ) {
        let fed: Vec<Piece> = pieces
            .into_iter()
            .map(|(at, bytes)| match bytes {
                Some(bytes) => Piece::Bytes { at: Tick(at), bytes },
                None => Piece::Gap { at: Tick(at) },
            })
            .collect();
        let batches: Vec<Batch> = fed
            .iter()
            .map(|piece| match piece {
                Piece::Bytes { at, bytes } => Batch {
                    readings: vec![Reading::Console { at: *at, range: 0..bytes.len() }],
                    bytes: bytes.clone(),
                    ..Default::default()
                },
                Piece::Gap { at } => Batch { readings: vec![Reading::ConsoleGap { at: *at }], ..Default::default() },
            })
            .collect();
        let traces = through(&batches);
        prop_assert_eq!(&traces[0].body, &Body::Console(fed));
    }
}

#[test]
fn long_traces_reach_the_disk_while_they_are_written() {
    let storage = MemoryStorage::new();
    let mut set = TraceSet::new(on());
    let mut noise = 1u32;
    for n in 0..200u64 {
        let codes: Vec<i16> = (0..1000)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 16) as i16
            })
            .collect();
        set.feed(&storage, dir(), &trial(), &samples_batch(&[(n * 1_000_000, 1000, codes)])).unwrap();
    }
    let part = dir().join(TRACES).join("3-2-light.part");
    let written = storage.bytes(&part).unwrap().len();
    assert!(written > 300_000, "of about 500 000 bytes, {written} are written");
    set.discard(&storage).unwrap();
    assert_eq!(storage.bytes(&part), None);
}

#[test]
fn nothing_is_written_where_no_traces_are_kept() {
    let storage = MemoryStorage::new();
    let mut set = TraceSet::new(Traces::Off);
    set.feed(&storage, dir(), &trial(), &samples_batch(&[(0, 1000, vec![1, 2])])).unwrap();
    assert!(set.complete(&storage, dir()).is_none());
    assert_eq!(storage.operations(), 0);
}

#[test]
fn the_first_line_tells_what_the_numbers_mean() {
    let storage = MemoryStorage::new();
    let mut set = TraceSet::new(on());
    set.feed(&storage, dir(), &trial(), &samples_batch(&[(5000, 1000, vec![1, 2])])).unwrap();
    let attached = set.complete(&storage, dir()).unwrap().unwrap();
    let bytes = storage.bytes(&dir().join(TRACES).join(attached.file)).unwrap();
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap();
    let expected = r#"{"format":1,"channel":"light","start_us":5000,"period_us":1000,"lsb":0.25}"#;
    assert_eq!(std::str::from_utf8(first).unwrap(), expected);
}

#[test]
fn a_trace_that_is_cut_or_of_another_format_is_an_error() {
    let storage = MemoryStorage::new();
    let mut set = TraceSet::new(on());
    set.feed(&storage, dir(), &trial(), &samples_batch(&[(0, 1000, (0..500).collect())])).unwrap();
    let attached = set.complete(&storage, dir()).unwrap().unwrap();
    let bytes = storage.bytes(&dir().join(TRACES).join(attached.file)).unwrap();
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "{length} of {}", bytes.len());
    }
    let later = String::from_utf8_lossy(&bytes).replacen("\"format\":1", "\"format\":2", 1);
    assert!(matches!(read(later.as_bytes()), Err(TraceError::Format(2))));
}

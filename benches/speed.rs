//! How long the inner loops take: decoding the light, lines of the journal, one trial on the twin. `scripts/bench` measures the whole program.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pinhole::cli::Wishes;
use pinhole::cli::launch::{Identity, Launch, Unseen};
use pinhole::domain::event::{Event, FinishReason};
use pinhole::domain::units::{Seconds, Tick};
use pinhole::files::{Bundle, Disk, load};
use pinhole::journal::{MemoryStorage, Reader, Traces, Wanted, create};
use pinhole::judging::light::{LightDecoder, LightSettings};
use pinhole::ports::Recorder;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const DIR: &str = "/runs/one";

/// Ten seconds of a light at 1 kHz that blinks twice a second, in batches of 10 ms as they come from a rig.
fn light(criterion: &mut Criterion) {
    const SAMPLES: u64 = 10_000;
    let codes: Vec<i16> = (0..SAMPLES).map(|ms| if ms / 250 % 2 == 0 { 14_000 } else { 300 } + (ms % 7) as i16).collect();
    let settings = LightSettings { dark: 0.01, lit: 0.43, lsb: 1.0 / 32_767.0 };
    let decoder = LightDecoder::new(settings).expect("dark and lit differ enough");
    let mut group = criterion.benchmark_group("light");
    group.throughput(Throughput::Elements(SAMPLES));
    group.bench_function("decode a sample", |bencher| {
        bencher.iter(|| {
            let (mut decoder, mut told) = (decoder.clone(), Vec::new());
            for (row, codes) in codes.chunks(10).enumerate() {
                decoder.feed(Tick(row as u64 * 10_000), Seconds::from_millis(1), black_box(codes), &mut told);
            }
            told
        });
    });
    group.finish();
}

/// The smallest run that there is: one press.
fn one_trial() -> Bundle {
    let sets = ["factors.adapter=[\"oem-5v1a\"]", "factors.hold_s=[15]", "design.replicates=1", "design.shams_per_adapter=0"];
    let sets: Vec<String> = sets.iter().chain(&["traces=\"none\""]).map(|set| (*set).to_owned()).collect();
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/suites/quick.toml");
    load(&Disk, &suite, None, &sets).expect("the fixture is in order")
}

fn run(bundle: &Bundle) -> MemoryStorage {
    let zone = jiff::tz::TimeZone::UTC;
    let identity =
        Identity { wall: jiff::Timestamp::UNIX_EPOCH, program: String::new(), host: String::new(), operator: None, zone };
    let position = &bundle.rig.value.positions[0];
    let launch = Launch {
        bundle,
        position,
        identity: &identity,
        wishes: &Arc::new(Wishes::default()),
        state: Path::new("state"),
        design: None,
    };
    let storage = MemoryStorage::new();
    let composed = launch.compose().expect("the fixture's rig is in order");
    let reason = launch.begin(composed, storage.clone(), Path::new(DIR), "bench".into(), "TWIN".into(), &mut Unseen);
    assert_eq!(reason.expect("the run goes to its end"), FinishReason::Complete);
    storage
}

fn trial(criterion: &mut Criterion) {
    let bundle = one_trial();
    criterion.bench_function("twin/run one trial", |bencher| bencher.iter(|| run(&bundle)));
}

/// The lines of a real trial, written to memory and read from it.
fn journal(criterion: &mut Criterion) {
    let storage = run(&one_trial());
    let mut lines: Vec<(Tick, Event)> = Vec::new();
    let read = Reader::new(storage.clone(), Path::new(DIR), Wanted::ALL).for_each(|_, at, event| lines.push((at, event.clone())));
    read.expect("what was written can be read");
    let mut group = criterion.benchmark_group("journal");
    group.throughput(Throughput::Elements(lines.len() as u64));
    group.bench_function("write a line", |bencher| {
        bencher.iter(|| {
            let mut writer = create(MemoryStorage::new(), Path::new(DIR), Traces::Off).expect("memory is empty");
            for (at, event) in &lines {
                writer.record(*at, event.clone()).expect("it was written before");
            }
        });
    });
    for (name, wanted) in [("read a line", Wanted::ALL), ("read a line for its state", Wanted::NONE)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut reader = Reader::new(storage.clone(), Path::new(DIR), wanted);
                let read = reader.for_each(|_, _, event| {
                    black_box(event.kind());
                });
                read.expect("it was read before");
                reader.head()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = speed;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = light, journal, trial
}
criterion_main!(speed);

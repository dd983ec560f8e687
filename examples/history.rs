//! How long the history takes to answer when it is large. Usage: history [RECORDS]

#![allow(clippy::disallowed_methods, reason = "it measures")]

use anyhow::Result;
use pinhole::history::{Entry, Filter, History};
use std::time::Instant;

fn main() -> Result<()> {
    let records: u32 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let temp = std::env::temp_dir().join(format!("pinhole-history-{}", std::process::id()));
    std::fs::create_dir_all(&temp)?;
    let mut history = History::open(&temp.join("history.db"))?;
    let all: Vec<Entry> = (0..records).map(entry).collect();
    let began = Instant::now();
    history.enter(&all)?;
    println!("{records} records entered in {:.2} s", began.elapsed().as_secs_f64());
    let some = |text: &str| Some(text.to_owned());
    let filters = [
        ("nothing", Filter::default()),
        ("--serial", Filter { serial: some("AMC000000123"), ..Filter::default() }),
        ("--model", Filter { model: some("dome"), ..Filter::default() }),
        ("--model, none fits", Filter { model: some("nothing such"), ..Filter::default() }),
        ("--adapter", Filter { adapter: some("adapter-7"), ..Filter::default() }),
        ("--verdict", Filter { verdict: some("button"), ..Filter::default() }),
        ("--since", Filter { since: some("2030-01-01"), ..Filter::default() }),
        (
            "all of them",
            Filter {
                serial: some("AMC000000123"),
                model: some("dome"),
                adapter: some("adapter-7"),
                verdict: some("button"),
                since: some("2026-01-01"),
                limit: 0,
            },
        ),
    ];
    for (name, filter) in filters {
        let began = Instant::now();
        let found = history.find(&Filter { limit: 50, ..filter })?;
        println!("{name}: {} lines in {:.1} ms", found.len(), 1e3 * began.elapsed().as_secs_f64());
    }
    std::fs::remove_dir_all(&temp)?;
    Ok(())
}

fn entry(number: u32) -> Entry {
    let day = number % 2000;
    Entry {
        id: format!("{number:08x}-0000-7000-8000-000000000000"),
        dir: format!("/runs/{number}"),
        kind: "return".to_owned(),
        time: format!("{}-{:02}-{:02}T10:00:00Z", 2024 + day / 336, 1 + day / 28 % 12, 1 + day % 28),
        serial: format!("AMC{:09}", number % 5000),
        model: ["Amcrest indoor (5 V class)", "12 V dome", "bullet"][number as usize % 3].to_owned(),
        station: "bench".to_owned(),
        suite: "return".to_owned(),
        adapters: vec![format!("adapter-{}", number % 40), "bench-psu".to_owned()],
        verdict: ["no_fault_found", "supply", "button", "firmware"][number as usize % 4].to_owned(),
        probability: Some(0.98),
        head: "0".repeat(32),
    }
}

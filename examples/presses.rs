//! Short presses through the guard's process on a bench without hardware; prints how late each edge of the coil was, in microseconds, a line each.
//! Fails at the first trip. `scripts/jitter` and `scripts/guard-hour` call it. Usage: presses [COUNT [EVERY_MS]]: a press is ordered three fifths
//! of EVERY_MS ahead, and takes three tenths. A press that this program itself orders too late is not made; how many is told at the end. One that the
//! guard came to only when it was over is not made either: both its edges are printed as late by the whole press, which is the least that they were.

#![expect(clippy::disallowed_methods, reason = "presses in real time are what is measured")]

use anyhow::{Context, Result, anyhow, bail};
use pinhole::domain::rig::Position;
use pinhole::domain::units::Seconds;
use pinhole::domain::verdict::FaultKind;
use pinhole::files::{Disk, load};
use pinhole::guard::client::{Link, connect};
use pinhole::guard::server::{Monotonic, Place};
use pinhole::guard::wire::{Arm, Order, VERSION};
use pinhole::guard::{Lease, OpenVoltage, Rules, Wiring};
use pinhole::ports::Refused;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// From one press to the next, unless it is said.
const EVERY_MS: u32 = 250;

/// A record of a coil that has rested.
const RESTED: &str =
    r#"{"carried":{"coil_rise_k":0,"coil_wait_s":0,"supply_wait_s":0,"rested_s":0,"taken":null},"writes_for_s":0}"#;

fn main() -> Result<()> {
    let count: usize = std::env::args().nth(1).map_or(Ok(100), |text| text.parse()).context("COUNT is no number")?;
    let every: u32 = std::env::args().nth(2).map_or(Ok(EVERY_MS), |text| text.parse()).context("EVERY_MS is no number")?;
    let (ahead, long) = (Seconds::from_millis(i64::from(every * 3 / 5)), Seconds::from_millis(i64::from(every * 3 / 10)));
    let folder = tempfile::tempdir()?;
    let place = Place { socket: folder.path().join("guard.sock"), record: folder.path().join("guard.json") };
    std::fs::write(&place.record, RESTED)?;
    let program = std::env::current_exe()?.parent().and_then(Path::parent).context("no folder above")?.join("pinhole");
    let mut guard = Command::new(program);
    guard.arg("guard").arg("--socket").arg(&place.socket).arg("--record").arg(&place.record);
    let (stream, _) = connect(&place, guard)?;
    let clock = Monotonic::from_now();
    let (position, rules) = bench()?;
    let arm = Arm { version: VERSION, session: Monotonic::RAW.now().0, position, rules };
    let opened = Link::open(stream, arm, clock).map_err(|why| anyhow!("the guard: {why}"))?;
    for warning in &opened.armed.warnings {
        eprintln!("{warning}");
    }
    let (link, mut out) = (opened.link, std::io::stdout().lock());
    let (mut edges, mut missed, mut over) = (0, 0, 0);
    for _ in 0..count {
        let at = clock.now() + ahead;
        let order = Order::Press { at: clock.to_raw(at), release_at: clock.to_raw(at + long) };
        match link.order(order) {
            Ok(_) => {}
            // This program itself was held up: the press before is not over, or the moment of this one is past. One press less.
            Err(Refused::Until { .. }) => missed += 1,
            Err(Refused::Never(_)) if clock.now() >= at => missed += 1,
            Err(why) => bail!("a press was refused: {why}"),
        }
        std::thread::sleep(Duration::from_millis(u64::from(every)));
        link.announce(clock.now());
        let (seen, _, fault) = link.take();
        match fault {
            Some(fault) if (fault.fault, fault.source_name.as_str()) == (FaultKind::Timeout, "coil") => {
                over += 1;
                writeln!(out, "{0}\n{0}", long.micro())?;
            }
            Some(fault) => bail!("after {edges} edges: {fault}"),
            None => {}
        }
        edges += seen.len();
        for edge in seen {
            writeln!(out, "{}", edge.late.micro())?;
        }
    }
    link.end();
    eprintln!(
        "{edges} edges without a trip; of {count} presses {missed} not made, since this program ordered them too late, and"
    );
    eprintln!("{over} since the guard came to them when they were over");
    Ok(())
}

/// Outputs that go nowhere, and rules of a coil that never gets warm.
fn bench() -> Result<(Position, Rules)> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/suites/quick.toml");
    let bundle = load(&Disk, &suite, None, &[]).map_err(|errors| anyhow!("{errors}"))?;
    let nowhere = serde_json::json!({ "driver": "record", "file": "/dev/null" });
    let position: Position = serde_json::from_value(serde_json::json!({
        "name": "p1", "presser": nowhere, "supply": nowhere,
        "interlocks": { "coil_min_off_s": 0.01, "coil_pull_w": 0.01, "coil_hold_w": 0.01 },
    }))?;
    let adapters = [bundle.adapters[0].value.clone()];
    let (wiring, open) = (Wiring::Permanent, OpenVoltage::Label);
    let rules = Rules::new(&position.interlocks, &bundle.profile.value, &adapters, wiring, open, Lease::Beats)?;
    Ok((position, rules))
}

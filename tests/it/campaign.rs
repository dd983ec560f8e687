//! Random worlds, random suites, random trouble: what the design promises holds after every event. A seed that fails prints the command
//! that replays it.

use super::support::bench::{Bench, Line};
use super::support::dice::Dice;
use super::support::files::{DUT, Files, QUICK, WORLD};
use super::support::watcher::{Blow, Watcher, check_journal};
use pinhole::domain::event::{Event, FinishReason, How};
use pinhole::domain::run_state::Phase;
use pinhole::domain::verdict::{Outcome, Verdict};
use pinhole::journal::memory::Trouble;
use std::collections::BTreeMap;
use toml_edit::{Array, InlineTable, Value};

const SEEDS: u64 = 20;
/// Sessions that are disturbed before one is left in peace.
const DISTURBED: u32 = 5;

/// Says how to replay the seed that was running when a test failed.
struct Replay(u64);

impl Drop for Replay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("replay with: PINHOLE_SEED={} cargo test --test it it::campaign", self.0);
        }
    }
}

fn list(from: impl IntoIterator<Item = impl Into<Value>>) -> Array {
    from.into_iter().map(Into::into).collect()
}

/// A suite of some ten trials.
fn suite(files: &mut Files, dice: &mut Dice) {
    let programmable = dice.happens(0.25);
    let adapters = if programmable { vec!["bench-psu"] } else { vec!["long-cable", *dice.pick(&["oem-5v1a", "clone-5v2a"])] };
    files.set(QUICK, "factors.adapter", list(adapters));
    if programmable {
        files.set(QUICK, "factors.supply_v", list([4.5, 5.0]));
    }
    let short = dice.between(1.0, 12.0);
    files.set(QUICK, "factors.hold_s", list([short, short + dice.between(1.0, 20.0)]));
    if dice.happens(0.3) {
        files.set(QUICK, "factors.release", list(["after_hold", "on_change"])).set(QUICK, "factors.hold_max_s", 40.0);
    }
    if dice.happens(0.15) {
        files.set(QUICK, "factors.press_after_s", list([3.0, 20.0]));
    }
    files.set(QUICK, "design.replicates", 1 + dice.below(2) as i64);
    files.set(QUICK, "design.unpowered_per_adapter", dice.below(2) as i64);
    files.set(QUICK, "design.attempts", 1 + dice.below(3) as i64);
    files.set(QUICK, "design.order", *dice.pick(&["sequential", "random", "blocked"]));
    files.set(QUICK, "design.seed", dice.below(1 << 40) as i64);
    files.set(QUICK, "traces", *dice.pick(&["all", "flagged", "none"]));
}

/// A camera and its adapters, from good to hopeless.
fn camera(files: &mut Files, dice: &mut Dice) {
    let mut window = InlineTable::new();
    window.insert("threshold_s", dice.between(2.0, 15.0).into());
    window.insert("spread", dice.between(0.0, 0.3).into());
    window.insert("effect", "factory_reset".into());
    let mut windows = list([window]);
    if dice.happens(0.3) {
        let mut reboot = InlineTable::new();
        reboot.insert("threshold_s", dice.between(0.5, 1.9).into());
        reboot.insert("effect", "reboot".into());
        windows.insert(0, reboot);
    }
    files.remove(WORLD, "camera.button.windows").set(WORLD, "camera.button.windows", windows);
    let action = *dice.pick(&["at_threshold", "at_threshold", "on_release"]);
    files.set(WORLD, "camera.button.action", action).set(DUT, "press.action", action);
    files.set(WORLD, "camera.button.lapse", dice.between(0.0, 0.2));
    files.set(WORLD, "camera.button.acknowledged_only", dice.between(0.0, 0.2));
    files.set(WORLD, "camera.button.ack_lead_s", dice.between(0.0, 1.5));
    files.set(WORLD, "camera.button.while_booting", *dice.pick(&["ignored", "from_ready"]));
    files.set(WORLD, "camera.starts_as", *dice.pick(&["factory", "configured"]));
    for category in ["wifi", "accounts", "motion", "other"] {
        let survives = if dice.happens(0.5) { 0.0 } else { dice.between(0.0, 0.4) };
        files.set(WORLD, &format!("camera.flash.survive.{category}"), survives);
    }
    files.set(WORLD, "camera.flash.brick", if dice.happens(0.8) { 0.0 } else { 0.1 });
    files.set(WORLD, "camera.power.erase_min_v", dice.between(4.2, 4.6));
    for adapter in ["oem-5v1a", "clone-5v2a", "long-cable"] {
        files.set(WORLD, &format!("adapters.{adapter}.open_v"), dice.between(4.9, 5.2));
        files.set(WORLD, &format!("adapters.{adapter}.ripple_v"), dice.between(0.0, 0.3));
    }
    files.set(WORLD, "adapters.long-cable.cable_ohm", dice.between(1.0, 2.6));
}

/// A bench on which things go wrong.
fn faults(files: &mut Files, dice: &mut Dice) {
    for fault in
        ["supply_refuses", "supply_disobeys", "console_gap", "sensors_lost", "coil_stuck", "coil_sticks", "provision_unanswered"]
    {
        let rate = if dice.happens(0.6) { 0.0 } else { dice.between(0.0, 0.35) };
        files.set(WORLD, &format!("faults.{fault}"), rate);
    }
}

/// What strikes the next session: nothing, stops, a crash.
fn blows(dice: &mut Dice) -> Vec<(u64, Blow)> {
    let mut blows = Vec::new();
    if dice.happens(0.5) {
        let first = *dice.pick(&[How::AfterTrial, How::FinishSafely, How::Now]);
        let at = dice.below(500);
        blows.push((at, Blow::Stop(first)));
        if dice.happens(0.5) {
            blows.push((at + dice.below(12), Blow::Stop(How::Now)));
        }
    }
    if dice.happens(0.5) {
        blows.push((dice.below(600), Blow::Crash));
    }
    blows
}

/// One session, watched from its first event to its last.
fn session(bench: &Bench, blows: &[(u64, Blow)]) -> Option<FinishReason> {
    let session = match bench.journal().is_empty() {
        true => bench.begin_before(|truth| Watcher::new(bench, truth, blows)),
        false => bench.resume_before(|truth| Watcher::new(bench, truth, blows)),
    };
    assert!(
        !session.truth.coil_on() && !session.truth.supply_on(),
        "the session is over, and something is on: {:?}",
        session.end
    );
    match session.end {
        Ok(reason) => Some(reason),
        Err(error) => {
            assert!(blows.iter().any(|(_, blow)| *blow == Blow::Crash), "{error:#}");
            None
        }
    }
}

/// Runs a seed's suite through its trouble to its end.
fn play(seed: u64) -> BTreeMap<&'static str, u32> {
    let _replay = Replay(seed);
    let mut dice = Dice::new(seed);
    let mut files = Files::brisk();
    suite(&mut files, &mut dice);
    camera(&mut files, &mut dice);
    faults(&mut files, &mut dice);
    let mut bench = Bench::new(files.bundle(QUICK));
    let mut seen = BTreeMap::new();
    for number in 0.. {
        let blows = if number < DISTURBED { blows(&mut dice) } else { Vec::new() };
        let end = session(&bench, &blows);
        let unsynced = *dice.pick(&[0, 7, 300, usize::MAX]);
        bench = bench.with(bench.storage.after_power_cut(unsynced));
        bench.storage.set_trouble(Trouble::None);
        if bench.journal().is_empty() {
            assert_eq!(end, None, "a run without a journal");
            bench = bench.with(Default::default());
            continue;
        }
        if end.is_some() {
            check_journal(&bench);
        }
        *seen.entry(end.map_or("crashed", FinishReason::name)).or_insert(0) += 1;
        let goes_on = end.is_none_or(FinishReason::can_be_resumed);
        assert!(number < DISTURBED + 10 || !goes_on, "it never ends: {seen:?}");
        // A rig that keeps failing is given up by its people in the end.
        if !goes_on || (number > DISTURBED && end == Some(FinishReason::RigFaulted)) {
            break;
        }
    }
    settled(&bench, &check_journal(&bench));
    seen
}

/// A run that is complete has settled every slot of its design, and says so in its reports.
fn settled(bench: &Bench, events: &[Line]) {
    let state = pinhole::journal::read_state(bench.storage.clone(), &super::support::bench::dir()).unwrap().state;
    let attempts = bench.bundle.suite.value.design.attempts;
    let planned = pinhole::planning::Grid::new(&bench.bundle.suite.value, None);
    if state.phase == Phase::Finished(FinishReason::Complete) {
        use pinhole::planning::Design;
        assert_eq!(state.slots.len(), planned.planned().len());
        assert!(state.slots.values().all(|slot| slot.settled(attempts)));
    }
    let judged = |wanted: fn(Verdict) -> bool| {
        let outcome = |(_, _, event): &&Line| matches!(event, Event::TrialFinished(end) if matches!(end.outcome, Outcome::Judged(verdict) if wanted(verdict)));
        events.iter().filter(outcome).count()
    };
    let analysis = bench.analysis();
    assert_eq!(analysis.rows.iter().filter(|row| row.verdict().is_some()).count(), judged(|_| true));
    let dead = judged(|verdict| verdict == Verdict::Dead);
    assert_eq!(state.phase == Phase::Finished(FinishReason::UnitDead), dead == 1, "{:?}", state.phase);
    assert!(dead == 0 || bench.exit_code() == 1);
}

#[test]
fn promises_hold_in_every_world() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let (first, seeds) = match number("PINHOLE_SEED") {
        Some(seed) => (seed, 1),
        None => (0, number("PINHOLE_SEEDS").unwrap_or(SEEDS)),
    };
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in first..first + seeds {
        for (end, count) in play(seed) {
            *seen.entry(end).or_default() += count;
        }
    }
    println!("{seeds} seeds: {seen:?}");
    if seeds >= SEEDS {
        for end in ["crashed", "stopped", "complete", "rig_faulted"] {
            assert!(seen.contains_key(end), "no session ended so: {end}; {seen:?}");
        }
    }
}

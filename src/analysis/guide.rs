//! What the support guide claims, and what was measured of it.
//!
//! The guide: power on and wait two minutes for a stable light; hold the button for 30 to 60 s, until light, chime or motor shows a change,
//! and only then let go; allow minutes for the reboot; verify that the camera is in its factory state; where it fails, look at supply, button
//! and firmware.

use super::group::own_level;
use super::power::{Gather, Spread};
use super::row::{TrialRow, Value};
use super::stats::interval::{Interval, wilson};
use crate::analysis::cells::CONFIDENCE;
use crate::domain::condition::{Check, Stimulus};
use crate::domain::ids::{AdapterName, DutSerial};
use crate::domain::units::{Seconds, Volts};
use crate::domain::verdict::{Level, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// The wait before a press that the guide asks for.
pub const WAIT: Seconds = Seconds::from_millis(120_000);
/// The shortest hold that the guide asks for.
pub const HOLD_FROM: Seconds = Seconds::from_millis(30_000);
/// The longest hold that the guide names.
pub const HOLD_TO: Seconds = Seconds::from_millis(60_000);
/// "Minutes" for the reboot: the guide names no number, so five minutes (an assumption).
pub const REBOOT: Seconds = Seconds::from_millis(300_000);

/// A share of trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Trials with the property.
    pub k: u32,
    /// All.
    pub n: u32,
}

impl Share {
    fn add(&mut self, holds: bool) {
        self.k += u32::from(holds);
        self.n += 1;
    }

    /// Wilson's interval; `None` without trials.
    pub fn interval(&self) -> Option<Interval> {
        wilson(self.k, self.n, CONFIDENCE)
    }
}

/// What one source gave one unit at one evidence level: never mixed with another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The unit.
    pub dut_serial: DutSerial,
    /// Its firmware, where known.
    pub dut_fw: Option<String>,
    /// The adapter.
    pub adapter: AdapterName,
    /// The set voltage.
    pub supply_v: Option<Volts>,
    /// The evidence level; `None` for boots, which have none.
    pub level: Option<Level>,
}

/// What was measured of the guide's claims through one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Through what.
    pub source: Source,
    /// Cameras that were ready within [`WAIT`] of power-on.
    pub ready_in_time: Share,
    /// Seconds from power-on to readiness.
    pub boot_s: Option<Spread>,
    /// Resets of presses of [`HOLD_FROM`] to [`HOLD_TO`], pressed when ready or not before [`WAIT`].
    pub as_asked: Share,
    /// The same of shorter presses.
    pub shorter: Share,
    /// Resets of presses of at least [`HOLD_FROM`] that came before [`WAIT`].
    pub too_early: Share,
    /// Of the resets, those whose press showed a change while it was held.
    pub change_at_reset: Share,
    /// Resets of presses that were let go without a change.
    pub without_change: Share,
    /// Seconds from contact to the change.
    pub change_s: Option<Spread>,
    /// Of the presses that the camera answered in any way, those that were a factory reset.
    pub answered: Share,
    /// Of the reboots after a press, those that were done within [`REBOOT`].
    pub reboot_in_time: Share,
    /// Seconds from the first sign of the reboot to readiness.
    pub reboot_s: Option<Spread>,
}

/// What was measured of the guide's claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guide {
    /// By source, in their order; those of the boots of an adapter before those of its presses.
    pub by_source: Vec<Measured>,
    /// Trials that looked at the button's contact.
    pub button_checks: u32,
    /// How many versions of firmware were tested.
    pub firmware: usize,
}

#[derive(Default)]
struct Draft {
    shares: [Share; 8],
    boot: Gather,
    change: Gather,
    reboot: Gather,
}

/// The shares of a draft, by their place.
#[derive(Clone, Copy)]
enum Which {
    Ready,
    Asked,
    Shorter,
    Early,
    ChangeAtReset,
    WithoutChange,
    Answered,
    RebootInTime,
}

/// What all trials say of the guide's claims.
pub fn guide(rows: &[TrialRow]) -> Guide {
    let mut drafts: BTreeMap<Key<'_>, Draft> = BTreeMap::new();
    let mut guide = Guide::default();
    for row in rows {
        let Some(verdict) = row.verdict() else { continue };
        drafts.entry(key(row, None)).or_default().boot(row, verdict);
        match row.condition.stimulus {
            Stimulus::Press { hold_s, .. } if verdict.counts_in_reset_rate() => {
                drafts.entry(key(row, own_level(row))).or_default().press(row, verdict, hold_s);
            }
            Stimulus::Check { check: Check::ButtonContact } => guide.button_checks += 1,
            _ => {}
        }
    }
    let known: BTreeSet<&String> = rows.iter().filter_map(|row| row.run.started.dut_fw.as_ref()).collect();
    guide.firmware = known.len();
    guide.by_source = drafts.into_iter().map(|(key, draft)| draft.finish(source(key))).collect();
    guide
}

/// A [`Source`] that is not yet copied: there are very many rows and few sources.
type Key<'a> = (&'a DutSerial, Option<&'a String>, &'a AdapterName, Option<Volts>, Option<Level>);

fn key(row: &TrialRow, level: Option<Level>) -> Key<'_> {
    let started = &row.run.started;
    (&started.dut_serial, started.dut_fw.as_ref(), &row.condition.adapter, row.condition.supply_v, level)
}

fn source((dut_serial, dut_fw, adapter, supply_v, level): Key<'_>) -> Source {
    Source { dut_serial: dut_serial.clone(), dut_fw: dut_fw.cloned(), adapter: adapter.clone(), supply_v, level }
}

impl Draft {
    fn add(&mut self, which: Which, holds: bool) {
        self.shares[which as usize].add(holds);
    }

    /// A camera that was pressed early need not have been ready, and one that was never ready was not in time.
    fn boot(&mut self, row: &TrialRow, verdict: Verdict) {
        let boot = row.value(Value::Boot);
        if boot.is_some() || verdict == Verdict::NotReady {
            self.add(Which::Ready, boot.is_some_and(|seconds| seconds <= WAIT.get()));
        }
        self.boot.add(boot);
    }

    fn press(&mut self, row: &TrialRow, verdict: Verdict, hold: Seconds) {
        let reset = verdict == Verdict::FactoryReset;
        let early = row.condition.press_after_s.is_some_and(|after| after < WAIT);
        let hold = row.value(Value::Hold).map_or(hold, Seconds::new);
        // A measured hold is never quite the one that was asked for.
        let slack = Seconds::from_millis(500);
        match (early, hold + slack < HOLD_FROM, hold > HOLD_TO + slack) {
            (true, false, _) => self.add(Which::Early, reset),
            (false, true, _) => self.add(Which::Shorter, reset),
            (false, false, false) => self.add(Which::Asked, reset),
            _ => {}
        }
        if early {
            return;
        }
        let change = row.value(Value::Ack);
        self.change.add(change);
        if reset {
            self.add(Which::ChangeAtReset, change.is_some());
        }
        if change.is_none() {
            self.add(Which::WithoutChange, reset);
        }
        if verdict != Verdict::NoResponse {
            self.add(Which::Answered, reset);
        }
        if let Some(seconds) = row.value(Value::Reboot) {
            self.add(Which::RebootInTime, seconds <= REBOOT.get());
            self.reboot.add(Some(seconds));
        }
    }

    fn finish(self, source: Source) -> Measured {
        let share = |which: Which| self.shares[which as usize];
        Measured {
            source,
            ready_in_time: share(Which::Ready),
            boot_s: self.boot.spread(),
            as_asked: share(Which::Asked),
            shorter: share(Which::Shorter),
            too_early: share(Which::Early),
            change_at_reset: share(Which::ChangeAtReset),
            without_change: share(Which::WithoutChange),
            change_s: self.change.spread(),
            answered: share(Which::Answered),
            reboot_in_time: share(Which::RebootInTime),
            reboot_s: self.reboot.spread(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, press, sham};
    use crate::domain::condition::{Condition, Origin};
    use crate::domain::measurement::names;

    fn early(condition: Condition) -> Condition {
        Condition { press_after_s: Some(Seconds::new(20.0)), ..condition }
    }

    fn measured(bench: Bench) -> Vec<Measured> {
        guide(&fold(&bench.events()).take_rows()).by_source
    }

    #[test]
    fn each_press_is_counted_for_the_claim_that_it_tests() {
        use Verdict::{FactoryReset, Inconclusive, NoResponse, RebootOnly};
        let mut bench = Bench::new("r", &["oem"], &[10.0, 30.0, 60.0, 90.0], 9, 1).start();
        for (hold, verdict) in [(10.0, FactoryReset), (10.0, NoResponse), (30.0, FactoryReset), (60.0, RebootOnly)] {
            bench.trial(press("oem", hold), verdict);
        }
        bench.trial(press("oem", 90.0), FactoryReset);
        bench.trial(press("oem", 30.0), Inconclusive);
        bench.trial(early(press("oem", 30.0)), NoResponse);
        bench.trial(sham("oem"), NoResponse);
        let all = measured(bench);
        let [boots, presses] = all.as_slice() else { panic!("{all:?}") };
        let share = |k, n| Share { k, n };
        assert_eq!((boots.source.level, boots.ready_in_time, boots.as_asked.n), (None, share(8, 8), 0));
        assert_eq!((presses.source.level, presses.ready_in_time.n), (Some(Level::Proved), 0));
        assert_eq!((presses.shorter, presses.as_asked, presses.too_early), (share(1, 2), share(1, 2), share(0, 1)));
        // The bench measures no answer to a press, so no reset had one.
        assert_eq!((presses.change_at_reset, presses.without_change, presses.answered), (share(0, 3), share(3, 5), share(3, 4)));
        assert_eq!((presses.reboot_in_time, presses.reboot_s.map(|spread| spread.max)), (share(3, 3), Some(110.5)));
    }

    #[test]
    fn a_camera_that_was_never_ready_was_not_ready_in_time() {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 2, 0).start();
        bench.trial(press("oem", 30.0), Verdict::NotReady);
        bench.begin(None, press("oem", 30.0), Origin::Planned);
        bench.measure(names::BOOT, 130.0, None);
        bench.judge(Verdict::NoResponse, Level::Proved);
        assert_eq!(measured(bench)[0].ready_in_time, Share { k: 0, n: 2 });
    }

    #[test]
    fn evidence_levels_and_changes_while_held_stay_apart() {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 2, 0).start();
        for level in [Level::Indicated, Level::Proved] {
            bench.begin(None, press("oem", 30.0), Origin::Planned);
            bench.measure(names::ACK, 11.0, None);
            bench.judge(Verdict::FactoryReset, level);
        }
        let all = measured(bench);
        let seen: Vec<_> = all.iter().map(|one| (one.source.level, one.change_at_reset)).collect();
        let one = Share { k: 1, n: 1 };
        assert_eq!(seen, [(None, Share::default()), (Some(Level::Indicated), one), (Some(Level::Proved), one)]);
    }
}

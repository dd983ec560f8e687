//! compare.csv and compare.json.

use super::{headline, notes, why};
use crate::analysis::cells::{CONFIDENCE, Tally};
use crate::analysis::compare::{ALPHA, Comparison, Lone, Pair, Side, Thresholds};
use crate::analysis::group::{CellKey, release_word};
use crate::analysis::thresholds::{Threshold, status_word};
use crate::domain::units::{Seconds, Volts};
use crate::report::csv::{Table, rounded};
use serde::Serialize;

/// Columns of compare.csv. Conditions without a counterpart have the finding `not_compared` and the reason in `why`.
pub const COMPARE: &str = "dut_serial,adapter,supply_v,stimulus,release,hold_s,level,n_a,resets_a,rate_a,n_b,resets_b,rate_b,difference,\
difference_lo,difference_hi,confidence,p_exact,p_worst,p_holm,finding,detectable,why,caveats";

/// One line for each condition: those that were compared, then those that were not.
pub fn csv(comparison: &Comparison) -> Vec<u8> {
    let mut table = Table::new(COMPARE);
    for pair in &comparison.pairs {
        compared(&mut table, pair);
    }
    for lone in &comparison.lone {
        left_over(&mut table, lone);
    }
    table.finish()
}

fn compared(table: &mut Table, pair: &Pair) {
    levels(table, &pair.key);
    counts(table, Some(&pair.a));
    counts(table, Some(&pair.b));
    table.put(rounded(pair.difference));
    table.put_some(pair.interval.map(|ends| rounded(ends.lo)));
    table.put_some(pair.interval.map(|ends| rounded(ends.hi)));
    table.put(CONFIDENCE);
    for p in [pair.p, pair.p_worst, pair.p_holm] {
        table.put(p);
    }
    table.put(pair.finding.name());
    table.put_some(pair.detectable.map(rounded));
    table.put("");
    table.put(pair.caveats.join(";"));
    table.end_line();
}

fn left_over(table: &mut Table, lone: &Lone) {
    levels(table, &lone.key);
    counts(table, lone.in_a.then_some(&lone.tally));
    counts(table, (!lone.in_a).then_some(&lone.tally));
    for _ in 0..7 {
        table.put("");
    }
    table.put("not_compared");
    table.put("");
    table.put(why(lone));
    table.put("");
    table.end_line();
}

fn levels(table: &mut Table, key: &CellKey) {
    let group = &key.group;
    table.put(&group.dut_serial);
    table.put(&group.adapter);
    table.put_some(group.supply_v.map(Volts::get));
    table.put(group.kind.name());
    table.put_some(group.release.map(release_word));
    table.put_some(key.hold_s.map(Seconds::get));
    table.put(group.level.name());
}

fn counts(table: &mut Table, tally: Option<&Tally>) {
    table.put_some(tally.map(Tally::n));
    table.put_some(tally.map(Tally::resets));
    table.put_some(tally.and_then(Tally::rate).map(rounded));
}

/// The whole file. Fields may be added under the same number, none removed or changed.
#[derive(Serialize)]
struct File<'a> {
    schema: u32,
    headline: String,
    exit_code: u8,
    alpha: f64,
    confidence: f64,
    by: Vec<&'static str>,
    a: SideEntry<'a>,
    b: SideEntry<'a>,
    /// Fields in which the profiles judge differently.
    unlike: &'a [String],
    /// In what else the runs differ.
    also: &'a [String],
    conditions: Vec<PairEntry<'a>>,
    not_compared: Vec<LoneEntry<'a>>,
    thresholds: Vec<ThresholdsEntry<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct SideEntry<'a> {
    run_id: &'a str,
    suite: &'a str,
    dut_model: &'a str,
    dut_serial: &'a str,
    dut_fw: Option<&'a str>,
    started_at: String,
    complete: bool,
    judged: u32,
    lost: u32,
    not_ready: u32,
}

#[derive(Serialize)]
struct Levels<'a> {
    dut_serial: &'a str,
    adapter: &'a str,
    supply_v: Option<Volts>,
    stimulus: &'static str,
    release: Option<&'static str>,
    hold_s: Option<Seconds>,
    level: &'static str,
    also: Vec<String>,
}

#[derive(Serialize)]
struct Rate {
    n: u32,
    resets: u32,
    rate: Option<f64>,
}

#[derive(Serialize)]
struct PairEntry<'a> {
    #[serde(flatten)]
    levels: Levels<'a>,
    a: Rate,
    b: Rate,
    difference: f64,
    difference_lo: Option<f64>,
    difference_hi: Option<f64>,
    p_exact: f64,
    p_worst: f64,
    p_holm: f64,
    finding: &'static str,
    detectable: Option<f64>,
    caveats: &'a [String],
}

#[derive(Serialize)]
struct LoneEntry<'a> {
    #[serde(flatten)]
    levels: Levels<'a>,
    side: &'static str,
    #[serde(flatten)]
    rate: Rate,
    why: String,
}

#[derive(Serialize)]
struct ThresholdsEntry<'a> {
    #[serde(flatten)]
    levels: Levels<'a>,
    quantity: &'static str,
    edge: &'static str,
    a: Estimate,
    b: Estimate,
}

#[derive(Serialize)]
struct Estimate {
    value_s: Option<f64>,
    lo_s: Option<f64>,
    hi_s: Option<f64>,
    status: &'static str,
}

/// The comparison as JSON.
pub fn json(comparison: &Comparison) -> Vec<u8> {
    let file = File {
        schema: 1,
        headline: headline(comparison),
        exit_code: comparison.exit_code(),
        alpha: ALPHA,
        confidence: CONFIDENCE,
        by: comparison.by.factors().map(|factor| factor.name()).collect(),
        a: side_entry(&comparison.a),
        b: side_entry(&comparison.b),
        unlike: &comparison.unlike,
        also: &comparison.also,
        conditions: comparison.pairs.iter().map(pair_entry).collect(),
        not_compared: comparison.lone.iter().map(lone_entry).collect(),
        thresholds: comparison.thresholds.iter().map(thresholds_entry).collect(),
        notes: notes(comparison),
    };
    // A struct of strings and numbers always serialises; serde_json writes null for a number that is none.
    let mut bytes = serde_json::to_vec_pretty(&file).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn side_entry(side: &Side) -> SideEntry<'_> {
    let started = &side.facts.started;
    SideEntry {
        run_id: side.run_id().as_str(),
        suite: &started.suite.name,
        dut_model: &started.profile.model,
        dut_serial: started.dut_serial.as_str(),
        dut_fw: started.dut_fw.as_deref(),
        started_at: format!("{:.3}", started.wall),
        complete: side.complete,
        judged: side.judged,
        lost: side.lost,
        not_ready: side.not_ready,
    }
}

fn levels_entry(key: &CellKey) -> Levels<'_> {
    let group = &key.group;
    Levels {
        dut_serial: group.dut_serial.as_str(),
        adapter: group.adapter.as_str(),
        supply_v: group.supply_v,
        stimulus: group.kind.name(),
        release: group.release.map(release_word),
        hold_s: key.hold_s,
        level: group.level.name(),
        also: group.extra_levels(),
    }
}

fn rate(tally: &Tally) -> Rate {
    Rate { n: tally.n(), resets: tally.resets(), rate: tally.rate() }
}

fn pair_entry(pair: &Pair) -> PairEntry<'_> {
    PairEntry {
        levels: levels_entry(&pair.key),
        a: rate(&pair.a),
        b: rate(&pair.b),
        difference: pair.difference,
        difference_lo: pair.interval.map(|ends| ends.lo),
        difference_hi: pair.interval.map(|ends| ends.hi),
        p_exact: pair.p,
        p_worst: pair.p_worst,
        p_holm: pair.p_holm,
        finding: pair.finding.name(),
        detectable: pair.detectable,
        caveats: &pair.caveats,
    }
}

fn lone_entry(lone: &Lone) -> LoneEntry<'_> {
    let side = if lone.in_a { "a" } else { "b" };
    LoneEntry { levels: levels_entry(&lone.key), side, rate: rate(&lone.tally), why: why(lone) }
}

fn thresholds_entry(one: &Thresholds) -> ThresholdsEntry<'_> {
    let group = &one.group;
    let levels = Levels {
        dut_serial: group.dut_serial.as_str(),
        adapter: group.adapter.as_str(),
        supply_v: group.supply_v,
        stimulus: group.kind.name(),
        release: group.release.map(release_word),
        hold_s: None,
        level: group.level.name(),
        also: group.extra_levels(),
    };
    ThresholdsEntry { levels, quantity: one.a.quantity, edge: one.a.edge, a: estimate(&one.a), b: estimate(&one.b) }
}

fn estimate(threshold: &Threshold) -> Estimate {
    Estimate { value_s: threshold.value_s, lo_s: threshold.lo_s, hi_s: threshold.hi_s, status: status_word(threshold.status) }
}

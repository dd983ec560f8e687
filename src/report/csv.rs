//! trials.csv, cells.csv and thresholds.csv: UTF-8, comma separated, `\n` line ends, a header line; an empty field reads "not observed".

use crate::analysis::Analysis;
use crate::analysis::cells::{CONFIDENCE, Cell};
use crate::analysis::group::{Group, release_word};
use crate::analysis::row::{TrialRow, Value};
use crate::analysis::thresholds::{Response, Threshold, status_word};
use crate::domain::condition::ReleasedBy;
use crate::domain::observation::Sense;
use crate::domain::units::{Seconds, Volts};
use crate::domain::verdict::{FaultKind, Level, Outcome, Verdict};
use std::fmt::{Display, Write};

/// Columns of trials.csv.
pub const TRIALS: &str = "run_id,slot,attempt,block,position,dut_serial,dut_fw,adapter,outlet,supply_set_v,stimulus,release,hold_cmd_s,\
hold_s,hold_u_s,released_by,since_ready_s,started_at,boot_s,ack_s,ack_by,reboot_s,plug_v_idle,plug_v_min,plug_a_max,outcome,verdict,level,\
wiped,fault,first_fault,ambient_c,coil_c,operator,seq";

/// Columns of cells.csv.
pub const CELLS: &str = "dut_serial,adapter,supply_v,stimulus,release,hold_s,level,planned,n,resets,rate,rate_lo,rate_hi,confidence,\
rate_worst,rate_best,not_ready,dead,inconclusive,lost,adaptive,caveats";

/// Columns of thresholds.csv.
pub const THRESHOLDS: &str = "dut_serial,adapter,supply_v,quantity,edge,value_s,lo_s,hi_s,confidence,method,n,status,caveats";

/// Lines of one part of trials.csv: a part takes about a megabyte.
const PART: usize = 4096;

/// One line for each attempt, in the order in which they ended, run by run.
pub fn trials(analysis: &Analysis) -> Vec<u8> {
    trials_in_parts(analysis).collect::<Vec<_>>().concat()
}

/// [`trials`] part by part, since it is as long as the run.
pub fn trials_in_parts(analysis: &Analysis) -> impl Iterator<Item = Vec<u8>> {
    let header = Table::new(TRIALS).finish();
    std::iter::once(header).chain(analysis.rows.chunks(PART).map(|rows| {
        let mut table = Table::headless();
        for row in rows {
            trial(&mut table, row);
            table.end_line();
        }
        table.finish()
    }))
}

/// One line for each cell.
pub fn cells(analysis: &Analysis) -> Vec<u8> {
    let mut table = Table::new(CELLS);
    for one in &analysis.cells {
        cell(&mut table, one);
        table.end_line();
    }
    table.finish()
}

/// One line for each threshold of each response.
pub fn thresholds(analysis: &Analysis) -> Vec<u8> {
    let mut table = Table::new(THRESHOLDS);
    for response in &analysis.responses {
        for one in response.thresholds.iter().chain(&response.posterior) {
            threshold(&mut table, response, one);
            table.end_line();
        }
    }
    table.finish()
}

fn trial(table: &mut Table, row: &TrialRow) {
    let (started, condition) = (&row.run.started, &row.condition);
    table.put(&row.run.run_id);
    table.put(row.slot);
    table.put(row.attempt);
    table.put(row.block);
    table.put(&started.position.name);
    table.put(&started.dut_serial);
    table.put_some(started.dut_fw.as_ref());
    table.put(&condition.adapter);
    table.put_some(condition.outlet.as_ref());
    table.put_some(condition.supply_v.map(Volts::get));
    table.put(condition.stimulus.name());
    table.put_some(condition.stimulus.release().map(release_word));
    table.put_some(condition.stimulus.hold().map(Seconds::get));
    table.put_some(row.value(Value::Hold));
    table.put_some(row.value(Value::HoldU));
    table.put_some(row.released_by.map(released_by_word));
    table.put_some(row.value(Value::SinceReady));
    table.put(format_args!("{:.3}", row.started_at));
    table.put_some(row.value(Value::Boot));
    table.put_some(row.value(Value::Ack));
    table.put_some(row.ack_by.map(Sense::name));
    for value in [Value::Reboot, Value::PlugIdle, Value::PlugMin, Value::PlugMax] {
        table.put_some(row.value(value));
    }
    outcome(table, row);
    table.put_some(row.value(Value::Ambient));
    table.put_some(row.value(Value::Coil));
    table.put_some(row.operator.as_deref());
    table.put(row.seq);
}

fn outcome(table: &mut Table, row: &TrialRow) {
    table.put(Outcome::name(row.outcome));
    table.put_some(row.verdict().map(Verdict::name));
    table.put_some(row.level.map(Level::name));
    table.put(row.wiped.words());
    table.put_some(row.fault().map(FaultKind::name));
    table.put_some(row.first_fault.map(FaultKind::name));
}

fn cell(table: &mut Table, cell: &Cell) {
    let (group, tally) = (&cell.key.group, &cell.tally);
    place(table, group);
    table.put(group.kind.name());
    table.put_some(group.release.map(release_word));
    table.put_some(cell.key.hold_s.map(Seconds::get));
    table.put(group.level.name());
    table.put(cell.planned);
    table.put(tally.n());
    table.put(tally.resets());
    let interval = tally.interval();
    table.put_some(tally.rate().map(rounded));
    table.put_some(interval.map(|ends| rounded(ends.lo)));
    table.put_some(interval.map(|ends| rounded(ends.hi)));
    table.put(CONFIDENCE);
    table.put_some(tally.rate_worst().map(rounded));
    table.put_some(tally.rate_best().map(rounded));
    for verdict in [Verdict::NotReady, Verdict::Dead, Verdict::Inconclusive] {
        table.put(tally.of(verdict));
    }
    table.put(tally.lost);
    table.put(cell.adaptive);
    table.put(cell.caveats.join(";"));
}

fn threshold(table: &mut Table, response: &Response, threshold: &Threshold) {
    place(table, &response.group);
    table.put(threshold.quantity);
    table.put(threshold.edge);
    table.put_some(threshold.value_s.map(rounded));
    table.put_some(threshold.lo_s.map(rounded));
    table.put_some(threshold.hi_s.map(rounded));
    table.put(CONFIDENCE);
    table.put(threshold.method);
    table.put(response.n);
    table.put(status_word(threshold.status));
    table.put(response.caveats.join(";"));
}

fn place(table: &mut Table, group: &Group) {
    table.put(&group.dut_serial);
    table.put(&group.adapter);
    table.put_some(group.supply_v.map(Volts::get));
}

/// Computed numbers are given to a millionth: below that there is only the rounding of the computation.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn released_by_word(what: ReleasedBy) -> &'static str {
    match what {
        ReleasedBy::Hold => "hold",
        ReleasedBy::Change => "change",
        ReleasedBy::Max => "max",
        ReleasedBy::Interrupted => "interrupted",
    }
}

/// A table that is written to memory, field by field.
pub(super) struct Table {
    writer: csv::Writer<Vec<u8>>,
    field: String,
}

impl Table {
    pub(super) fn new(header: &str) -> Self {
        let mut table = Self::headless();
        header.split(',').for_each(|name| table.put(name));
        table.end_line();
        table
    }

    fn headless() -> Self {
        Self { writer: csv::Writer::from_writer(Vec::new()), field: String::new() }
    }

    pub(super) fn put(&mut self, value: impl Display) {
        self.field.clear();
        // Formatting into a string fails only if the value's own Display does, which none of ours does.
        let _ = write!(self.field, "{value}");
        // Cannot fail: the writer writes to memory.
        self.writer.write_field(&self.field).expect("writing to memory cannot fail");
    }

    pub(super) fn put_some(&mut self, value: Option<impl Display>) {
        match value {
            Some(value) => self.put(value),
            None => self.put(""),
        }
    }

    pub(super) fn end_line(&mut self) {
        // Cannot fail: the writer writes to memory, and every line has as many fields as the header.
        self.writer.write_record(None::<&[u8]>).expect("writing to memory cannot fail, and each line has the header's fields");
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

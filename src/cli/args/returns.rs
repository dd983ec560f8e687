//! The arguments of `rma` and `history`.

use super::Show;
use crate::domain::rma::FaultClass;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What is told with `rma`.
pub(super) const RMA_HELP: &str = "Exit codes:
  0    no fault found
  1    fault found
  2    usage, file or preflight error, or no consent: nothing was powered
  3    the rig faulted, or is at fault
  4    undecided
  130  stopped by the operator: safe, and resumable by `pinhole resume DIR`

Examples:
  pinhole rma --rig fixtures/rigs/twin-returns.toml --dut-serial AMC0000001A5 --returned long-cable --case 4711
  pinhole rma confirm 01990000-0000-7000-8000-000000000001 --cause button";

/// `rma`.
#[derive(Debug, Args)]
pub struct Rma {
    /// Something else than deciding a return
    #[command(subcommand)]
    pub action: Option<RmaAction>,
    /// The rig file
    #[arg(long, value_name = "FILE")]
    pub rig: Option<PathBuf>,
    /// Serial number of the unit; it finds the profile
    #[arg(long = "dut-serial", value_name = "SERIAL")]
    pub serial: Option<String>,
    /// DUT profile [default: the one beside the rig whose serial pattern fits]
    #[arg(long, value_name = "FILE")]
    pub dut: Option<PathBuf>,
    /// Number of the return at support [default: the operator is asked]
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
    /// The adapter that came with the unit: its name in the rig's channels
    #[arg(long, value_name = "ADAPTER")]
    pub returned: Option<String>,
    /// Where the record goes; must not exist yet [default: reports/return-<time>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Who stands at the bench
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// A photo of the unit for the record, JPEG or PNG
    #[arg(long, value_name = "FILE")]
    pub photo: Option<PathBuf>,
    /// Give the consent and the pre-checks that would be asked for; the record says so
    #[arg(long)]
    pub yes: bool,
    /// How progress is shown
    #[command(flatten)]
    pub show: Show,
}

/// What else `rma` does.
#[derive(Debug, Subcommand)]
pub enum RmaAction {
    /// Tell what a teardown found, so that verdicts are held against the truth
    Confirm(Confirm),
}

/// `rma confirm`.
#[derive(Debug, Args)]
pub struct Confirm {
    /// The record's id: scan its barcode
    #[arg(value_name = "ID")]
    pub id: String,
    /// What was found: no_fault_found, supply, button, firmware, hardware or rig
    #[arg(long, value_name = "CLASS", value_parser = fault_class)]
    pub cause: FaultClass,
}

fn fault_class(text: &str) -> Result<FaultClass, String> {
    let known = || FaultClass::ALL.map(FaultClass::name).join(", ");
    FaultClass::of_name(text).ok_or_else(|| format!("known are: {}", known()))
}

/// `history`.
#[derive(Debug, Args)]
pub struct History {
    /// Units with this serial number
    #[arg(long, value_name = "SERIAL")]
    pub serial: Option<String>,
    /// Units of this model: any part of its name
    #[arg(long, value_name = "TEXT")]
    pub model: Option<String>,
    /// Runs in which this adapter was used
    #[arg(long, value_name = "NAME")]
    pub adapter: Option<String>,
    /// Records with this verdict, or runs that ended so
    #[arg(long, value_name = "WORD")]
    pub verdict: Option<String>,
    /// Since this day, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub since: Option<jiff::civil::Date>,
    /// Lines at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
    /// Print JSON lines
    #[arg(long)]
    pub json: bool,
    /// Read the journals below these folders anew, instead of asking
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub rebuild: Vec<PathBuf>,
    /// Make the record or the reports of this run again, and say where they are
    #[arg(long, value_name = "ID")]
    pub open: Option<String>,
}

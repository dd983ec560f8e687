//! The command line.

mod help;
mod returns;
mod selftest;

pub use returns::{Confirm, History, Rma, RmaAction};
pub use selftest::SelfTest;

use crate::analysis::compare::Factor;
use clap::{Args, Parser, Subcommand, ValueEnum};
use help::{AFTER_HELP, CHECK_HELP, COMPARE_HELP, RUN_HELP};
use std::path::PathBuf;

/// Presses a camera's reset button, watches it, and decides from evidence whether a factory reset happened.
#[derive(Debug, Parser)]
#[command(name = "pinhole", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    /// Folder for what outlives runs: the heat of a real bench's coil [default: ~/.local/state/pinhole]
    #[arg(long, global = true, value_name = "DIR", env = "PINHOLE_STATE")]
    pub state: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

impl Cli {
    /// The folder for what outlives runs: as named, or that of the user's state (XDG Base Directory Specification).
    pub fn state(&self) -> PathBuf {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = || set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")));
        self.state.clone().or_else(|| Some(usual()?.join("pinhole"))).unwrap_or_else(|| PathBuf::from(".pinhole"))
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run a suite on a rig
    #[command(after_help = RUN_HELP)]
    Run(Run),
    /// Go on where a crash, a power cut or Ctrl-C left a run
    #[command(after_help = "Example: pinhole resume reports/hold-sweep-20261124T220000Z")]
    Resume(Resume),
    /// Show every slot, the time, the wear and the trials that each limit needs; touches no hardware
    #[command(after_help = "Example: pinhole plan fixtures/suites/hold-sweep.toml")]
    Plan(Plan),
    /// Run a suite on the simulated bench under many seeds: what it would cost, and whether its intervals hold the truth
    #[command(after_help = "Example: pinhole simulate fixtures/suites/adaptive.toml --seeds 100")]
    Simulate(Simulate),
    /// Make all reports again from journals; several runs are pooled
    #[command(after_help = "Example: pinhole report reports/monday reports/tuesday --out reports/both")]
    Report(Report),
    /// Say which conditions of two runs have another reset rate: exact tests, corrected for their number
    #[command(after_help = COMPARE_HELP)]
    Compare(Compare),
    /// Judge a run again from its evidence, by the same or another DUT profile, into DIR/rejudged
    #[command(after_help = "Example: pinhole rejudge reports/monday --dut fixtures/duts/amcrest-indoor.toml")]
    Rejudge(Rejudge),
    /// Show the boots, stages and markers in a capture of a console
    #[command(after_help = "Example: pinhole decode boot.log --dut fixtures/duts/amcrest-indoor.toml")]
    Decode(Decode),
    /// Decide a returned unit: the fewest tests, a verdict with reasons, a page and a ticket
    #[command(after_help = returns::RMA_HELP, args_conflicts_with_subcommands = true)]
    Rma(Rma),
    /// List the runs and records of this station
    #[command(after_help = "Example: pinhole history --serial AMC0000001A5 --since 2026-11-01")]
    History(History),
    /// Check the hash chain of a run and name the first bad line
    #[command(after_help = "Example: pinhole verify reports/hold-sweep-20261124T220000Z")]
    Verify(Verify),
    /// Play the simulated bench in real time behind the ports that a rig of real drivers names
    #[command(
        after_help = "Example: pinhole twin fixtures/rigs/served.toml, and in another terminal pinhole run SUITE with that rig"
    )]
    Twin(Twin),
    /// Choose presses for another program: the adaptive design, by lines of JSON on standard input and output
    #[command(after_help = "Example: pinhole design --protocol 1; docs/design-protocol.md tells the messages")]
    Design(Design),
    /// Check a rig: devices, coil, strokes, light, supply, console; no camera is reset
    #[command(after_help = CHECK_HELP)]
    Check(SelfTest),
    /// Measure a rig's strokes, light and supply, and keep them for the runs to come
    #[command(after_help = "Example: pinhole calibrate fixtures/rigs/twin.toml --dut fixtures/duts/amcrest-indoor.toml")]
    Calibrate(SelfTest),
    /// Print the JSON schema of a kind of file, for editors
    #[command(after_help = "Example: pinhole schema suite > suite.schema.json")]
    Schema(Schema),
    /// Print shell completions
    #[command(after_help = "Example: pinhole completions bash > /etc/bash_completion.d/pinhole")]
    Completions(Completions),
    /// Write a man page for the program and for each verb
    #[command(after_help = "Example: pinhole man ~/.local/share/man/man1")]
    Man(Man),
    /// Own a real bench's outputs; started by `run`, not by people
    #[command(hide = true)]
    Guard(Guard),
}

/// What is run, on what.
#[derive(Debug, Args)]
pub struct Inputs {
    /// The suite file
    #[arg(value_name = "SUITE")]
    pub suite: PathBuf,
    /// Rig file, instead of the suite's own
    #[arg(long, value_name = "FILE")]
    pub rig: Option<PathBuf>,
    /// Change a value of the suite, such as design.replicates=3
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub sets: Vec<String>,
}

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// What is run, on what
    #[command(flatten)]
    pub inputs: Inputs,
    /// Where the run goes; must not exist yet [default: reports/<suite>-<time>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Serial number of the unit, or POSITION=SERIAL for each position that runs
    #[arg(long = "dut-serial", value_name = "[POSITION=]SERIAL")]
    pub serials: Vec<String>,
    /// Who stands at the bench
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// Run although the rig's calibration is overdue; the run records it
    #[arg(long)]
    pub overdue: bool,
    /// How progress is shown
    #[command(flatten)]
    pub show: Show,
}

/// `resume`.
#[derive(Debug, Args)]
pub struct Resume {
    /// The run's folder
    #[arg(value_parser = run_dir, value_name = "DIR")]
    pub dir: PathBuf,
    /// Who stands at the bench
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// How progress is shown
    #[command(flatten)]
    pub show: Show,
}

/// How progress is shown.
#[derive(Debug, Args)]
pub struct Show {
    /// Progress on standard output
    #[arg(long, value_enum, default_value_t = Progress::Auto)]
    pub progress: Progress,
    /// Short for --progress json
    #[arg(long, conflicts_with = "progress")]
    pub json: bool,
    /// Let whoever reads --json hold the run back, line by line: to step through a simulated run, never for a real rig
    #[arg(long, hide = true)]
    pub lockstep: bool,
}

impl Show {
    /// The kind of progress that is wanted.
    pub fn kind(&self) -> Progress {
        if self.json { Progress::Json } else { self.progress }
    }
}

/// Kinds of progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// A live view with keys on a terminal, plain lines otherwise
    Auto,
    /// One line for each finished trial and each trouble, then the table
    Plain,
    /// Every line of the journal as it is written (docs/journal.md), and nothing else
    Json,
    /// Nothing: the exit code and the reports tell
    Quiet,
}

/// `plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// What is run, on what
    #[command(flatten)]
    pub inputs: Inputs,
    /// Show the steps of each kind of trial
    #[arg(long)]
    pub steps: bool,
    /// With --steps: print the steps alone, as JSON with the words of the journal
    #[arg(long, requires = "steps")]
    pub json: bool,
}

/// `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// The runs' folders
    #[arg(value_parser = run_dir, value_name = "DIR", required = true)]
    pub dirs: Vec<PathBuf>,
    /// Where the reports go [default: the run's folder; needed for several runs]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// The first run's folder
    #[arg(value_parser = run_dir, value_name = "A")]
    pub a: PathBuf,
    /// The other run's folder
    #[arg(value_parser = run_dir, value_name = "B")]
    pub b: PathBuf,
    /// What two conditions must have in common to be compared: any of adapter, dut, lot, fw
    #[arg(long, value_name = "FACTORS", value_delimiter = ',', default_value = "adapter")]
    pub by: Vec<Factor>,
    /// Also leave compare.html, compare.csv and compare.json in this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `rejudge`.
#[derive(Debug, Args)]
pub struct Rejudge {
    /// The run's folder; nothing in it is changed but `rejudged/`
    #[arg(value_parser = run_dir, value_name = "DIR")]
    pub dir: PathBuf,
    /// DUT profile to judge by [default: the run's own]
    #[arg(long, value_name = "FILE")]
    pub dut: Option<PathBuf>,
    /// Judge by a profile of another model than the run's
    #[arg(long, requires = "dut")]
    pub other_model: bool,
}

/// `decode`.
#[derive(Debug, Args)]
pub struct Decode {
    /// The capture: raw bytes of a console, or `-` for standard input
    #[arg(value_name = "CAPTURE")]
    pub capture: PathBuf,
    /// DUT profile whose markers are looked for [default: built-in ones that fit many cameras]
    #[arg(long, value_name = "FILE")]
    pub dut: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The run's folder
    #[arg(value_parser = run_dir, value_name = "DIR")]
    pub dir: PathBuf,
}

/// `twin`.
#[derive(Debug, Args)]
pub struct Twin {
    /// The rig file; its position names a world beside the drivers
    #[arg(value_name = "RIG")]
    pub rig: PathBuf,
    /// Which position [default: the first]
    #[arg(long, value_name = "NAME")]
    pub position: Option<String>,
    /// What the world's chance is drawn from
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// `simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// The suite, and changes to it
    #[command(flatten)]
    pub inputs: Inputs,
    /// How many runs, each with a seed of its own
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub seeds: u32,
}

/// `design`.
#[derive(Debug, Args)]
pub struct Design {
    /// Version of the messages: 1, or 2 for benches that see acknowledgements
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2))]
    pub protocol: u32,
    /// Let each adapter stand alone: what one teaches says nothing about its siblings
    #[arg(long)]
    pub alone: bool,
}

/// `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Kind of file
    #[arg(value_enum)]
    pub kind: FileKind,
}

/// Kinds of files: those that a user writes, and the result for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileKind {
    /// The written experiment
    Suite,
    /// A model of camera
    Dut,
    /// A power source with its cable
    Adapter,
    /// A bench
    Rig,
    /// The twin's physics
    World,
    /// The result of a run: summary.json
    Summary,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Folder that the pages are written to; made where it does not exist
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

/// Arguments of `guard`.
#[derive(Debug, Args)]
pub struct Guard {
    /// The socket that it listens at
    #[arg(long, value_name = "FILE")]
    pub socket: PathBuf,
    /// Stay until told to end: for a unit of systemd, which then is told when it listens and that it lives
    #[arg(long)]
    pub stay: bool,
    /// The file that keeps the coil's heat and minimum off times
    #[arg(long, value_name = "FILE")]
    pub record: PathBuf,
}

/// The folder of a run; its journal may stand for it.
fn run_dir(path: &str) -> Result<PathBuf, std::convert::Infallible> {
    let path = PathBuf::from(path);
    let folder = path.parent().filter(|_| path.ends_with(crate::journal::JOURNAL));
    Ok(match folder {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => path,
    })
}

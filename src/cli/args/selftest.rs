//! Arguments of `pinhole check` and `pinhole calibrate`.

use super::Show;
use clap::Args;
use std::path::PathBuf;

/// `check` and `calibrate`.
#[derive(Debug, Args)]
pub struct SelfTest {
    /// The rig file
    #[arg(value_name = "RIG")]
    pub rig: PathBuf,
    /// Profile of the camera that lies there; without one nothing is powered
    #[arg(long, value_name = "FILE")]
    pub dut: Option<PathBuf>,
    /// Which position [default: all, one after the other]
    #[arg(long, value_name = "NAME")]
    pub position: Option<String>,
    /// Which adapters [default: those of the rig's channels]
    #[arg(long, value_name = "NAME")]
    pub adapter: Vec<String>,
    /// Folder of the adapter files [default: ../adapters, seen from the rig file]
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
    /// Serial number of the camera that lies there
    #[arg(long = "dut-serial", value_name = "SERIAL")]
    pub serial: Option<String>,
    /// That camera resets at every press: press it, and see that the bench says so
    #[arg(long, requires = "dut", requires = "serial", conflicts_with = "dummy")]
    pub golden: bool,
    /// What lies there never resets, or nothing lies there: press it, and see that the bench never claims that it did
    #[arg(long, requires = "dut")]
    pub dummy: bool,
    /// How long a golden camera or a dummy is pressed [default: well inside the profile's window of a factory reset]
    #[arg(long = "hold", value_name = "SECONDS")]
    pub hold_s: Option<f64>,
    /// Where the journal goes; must not exist yet [default: reports/check-<station>-<time>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Who stands at the bench
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// How progress is shown
    #[command(flatten)]
    pub show: Show,
}

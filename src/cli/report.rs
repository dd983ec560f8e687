//! `pinhole report`.

use super::args;
use super::outputs::{analyse, table, write};
use super::rma;
use super::trouble::Trouble;
use crate::analysis::exit_code;
use anyhow::{Context, anyhow};
use std::path::{Path, PathBuf};

/// Makes all reports again, from journals alone.
pub fn report(args: &args::Report, state: &Path) -> Result<u8, Trouble> {
    if let ([dir], None) = (args.dirs.as_slice(), &args.out)
        && rma::remake(dir, state)?
    {
        super::out(&format!("record: {}\n", dir.join("record.html").display()));
        return Ok(0);
    }
    let out: &PathBuf = match (&args.out, args.dirs.as_slice()) {
        (Some(out), _) => out,
        (None, [only]) => only,
        (None, _) => return Err(Trouble::refused(anyhow!("several runs are pooled into a folder of their own: say --out DIR"))),
    };
    let analysis = analyse(&args.dirs)?;
    std::fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    write(&analysis, out)?;
    let table = table(&analysis);
    let pooled = analysis.pooled().map_or_else(String::new, |pooled| format!("{pooled}\n"));
    super::out(&format!("{table}{pooled}report: {}\n", out.join("report.html").display()));
    Ok(exit_code(&analysis))
}

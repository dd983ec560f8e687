//! `pinhole compare`.

use super::args;
use super::outputs::{analyse, save, width};
use super::trouble::Trouble;
use crate::analysis::Comparison;
use crate::analysis::compare::By;
use crate::report::compare::{csv, html, json, text};
use anyhow::{Context, anyhow};
use std::path::Path;

/// Compares two runs, prints the result and, where asked, leaves it as files. The exit code tells whether any condition differs.
pub fn compare(args: &args::Compare) -> Result<u8, Trouble> {
    let one = |dir: &Path| analyse(&[dir.to_owned()]).with_context(|| format!("comparing {}", dir.display()));
    let by: By = args.by.iter().copied().collect();
    // Each analysis is of one run, so there is always a comparison.
    let comparison = Comparison::of(one(&args.a)?, one(&args.b)?, by).ok_or_else(|| anyhow!("there is no run to compare"))?;
    super::out(&text(&comparison, width()));
    if let Some(out) = &args.out {
        std::fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
        save(out, "compare.csv", [csv(&comparison)])?;
        save(out, "compare.json", [json(&comparison)])?;
        save(out, "compare.html", [html(&comparison)])?;
        super::out(&format!("report: {}\n", out.join("compare.html").display()));
    }
    Ok(comparison.exit_code())
}

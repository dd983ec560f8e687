//! `pinhole man`.

use super::args::{self, Cli};
use super::trouble::Trouble;
use anyhow::Context;
use clap::CommandFactory;

/// Writes `pinhole.1` and a page for each verb.
pub fn man(args: &args::Man) -> Result<u8, Trouble> {
    let dir = args.dir.display();
    std::fs::create_dir_all(&args.dir).with_context(|| format!("making the folder {dir}"))?;
    clap_mangen::generate_to(Cli::command(), &args.dir).with_context(|| format!("writing man pages into {dir}"))?;
    let page = args.dir.join("pinhole.1");
    super::out(&format!("read them with: man {}\n", page.display()));
    Ok(0)
}

//! `pinhole completions`.

use super::args::{Cli, Completions};
use super::trouble::Trouble;
use clap::CommandFactory;

/// Prints the completions of a shell.
pub fn completions(args: &Completions) -> Result<u8, Trouble> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pinhole", &mut text);
    super::out(&String::from_utf8_lossy(&text));
    Ok(0)
}

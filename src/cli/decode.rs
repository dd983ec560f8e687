//! `pinhole decode`.

use super::args;
use super::profile::profile;
use super::trouble::Trouble;
use crate::domain::profile::ConsoleProfile;
use crate::judging::console::{CaptureDecoder, generic};
use crate::report::capture;
use anyhow::{Context, anyhow};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are read at a time.
const PIECE: usize = 1 << 16;

/// Shows what a capture of a console holds.
pub fn decode(args: &args::Decode) -> Result<u8, Trouble> {
    let (console, name) = markers(args.dut.as_deref())?;
    let mut decoder = CaptureDecoder::new(&console).context("the profile's markers")?;
    let mut source: Box<dyn Read> =
        if args.capture == Path::new("-") { Box::new(std::io::stdin().lock()) } else { Box::new(open(&args.capture)?) };
    let mut piece = vec![0; PIECE];
    loop {
        match source.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => decoder.feed(&piece[..length]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(anyhow!(error).context(format!("reading {}", args.capture.display())).into()),
        }
    }
    let found = decoder.finish();
    let text = if args.json {
        String::from_utf8_lossy(&capture::json(&found, &name)).into_owned()
    } else {
        capture::text(&found, &name)
    };
    super::out(&text);
    Ok(0)
}

fn open(path: &Path) -> Result<File, Trouble> {
    Ok(File::open(path).with_context(|| format!("opening {}", path.display()))?)
}

/// The markers to look for, and the name of where they come from.
fn markers(dut: Option<&Path>) -> Result<(ConsoleProfile, String), Trouble> {
    let Some(path) = dut else { return Ok((generic(), "built-in".to_owned())) };
    let profile = profile(path)?;
    let console = profile.console.ok_or_else(|| anyhow!("{} describes no console: add a table [console]", path.display()))?;
    Ok((console, profile.model))
}

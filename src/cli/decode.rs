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
    let mut first = true;
    loop {
        match source.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => {
                if let Some(refused) = std::mem::take(&mut first).then(|| no_capture(&args.capture, &piece[..length])).flatten() {
                    return Err(refused);
                }
                decoder.feed(&piece[..length]);
            }
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

/// A file of another kind, by how it begins: nobody's camera says any of these first.
fn no_capture(path: &Path, begin: &[u8]) -> Option<Trouble> {
    let text = String::from_utf8_lossy(begin);
    let starts = |with: &str| text.trim_start().get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    let toml = path.extension().is_some_and(|end| end == "toml") && std::str::from_utf8(begin).is_ok();
    let (what, advice) = if toml {
        ("a TOML file", "a profile is given by --dut FILE, beside the capture; a suite is shown by `pinhole plan`")
    } else if starts("<!doctype html") || starts("<html") {
        ("an HTML page", "open it in a browser; its run is reported again by `pinhole report DIR`")
    } else if starts("<?xml") || starts("<svg") {
        ("an XML file or a drawing", "open it in a browser")
    } else if begin.starts_with(b"\x89PNG") {
        ("a picture", "open it in a viewer")
    } else if begin.starts_with(b"{\"format\":") && text.lines().next().is_some_and(|line| line.contains("\"channel\":")) {
        (
            "a trace of a run, compressed",
            "its run is judged again from its traces by `pinhole rejudge DIR`, and shown by `pinhole report DIR`",
        )
    } else if begin.starts_with(b"{\"seq\":") {
        ("the journal of a run", "it is checked by `pinhole verify DIR`, and shown by `pinhole report DIR`")
    } else {
        return None;
    };
    let error = anyhow!("{} is {what}, and no capture of a console", path.display());
    Some(
        Trouble::refused(error)
            .help(format!("name a file with the bytes that a console sent, or - for standard input; {advice}")),
    )
}

fn open(path: &Path) -> Result<File, Trouble> {
    Ok(File::open(path).with_context(|| {
        format!("cannot open {}: name a file with the bytes of a console, or - for standard input", path.display())
    })?)
}

/// The markers to look for, and the name of where they come from.
fn markers(dut: Option<&Path>) -> Result<(ConsoleProfile, String), Trouble> {
    let Some(path) = dut else { return Ok((generic(), "built-in".to_owned())) };
    let profile = profile(path)?;
    let console = profile.console.ok_or_else(|| anyhow!("{} describes no console: add a table [console]", path.display()))?;
    Ok((console, profile.model))
}

//! A DUT profile by itself.

use super::trouble::Trouble;
use crate::domain::profile::Profile;
use crate::files::{Check, Source, read};
use anyhow::{Context, anyhow};
use std::path::Path;

/// Reads and checks a profile.
pub fn profile(path: &Path) -> Result<Profile, Trouble> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("{} is no text (UTF-8)", path.display()))?;
    let parsed = read::<Profile>(&Source::new(&path.to_string_lossy(), &text))?;
    let (errors, warnings) = parsed.locate_all(&parsed.value.check());
    if !errors.is_empty() {
        return Err(errors.into());
    }
    if !warnings.is_empty() {
        eprintln!("{}", warnings.render(super::trouble::style()));
    }
    Ok(parsed.value)
}

//! From a rig and a scanned serial number to the suite of a return: the profile, the sources, the plan.

use crate::cli::trouble::Trouble;
use crate::domain::adapter::{Adapter, AdapterKind};
use crate::domain::ids::AdapterName;
use crate::domain::profile::Profile;
use crate::domain::rig::RigFile;
use crate::domain::rma::{ReturnPlan, correct_hold};
use crate::domain::suite::Keep;
use crate::files::{Bundle, FileErrors, Overlay, Reader, Source, load, read};
use anyhow::{Context, anyhow};
use jiff::civil::Date;
use regex::Regex;
use std::path::{Path, PathBuf};

/// The folders beside the rig's, as `fixtures/` has them.
const DUTS: &str = "../duts";
const ADAPTERS: &str = "../adapters";
/// Name of the suite that is written for a return, in the rig's folder; it never lies there.
const SUITE: &str = "return.suite.toml";
/// Voltages closer than this share are one rating.
const SAME_RATING: f64 = 0.02;

/// What a return is made of.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The rig file.
    pub rig: &'a Path,
    /// The profile, where it is named.
    pub dut: Option<&'a Path>,
    /// The scanned serial number.
    pub serial: &'a str,
    /// The adapter that came with the unit.
    pub returned: Option<&'a str>,
    /// Number of the return at support.
    pub case: Option<&'a str>,
    /// Consent and pre-checks were given.
    pub yes: bool,
    /// Today, for adapters that are known good until a day.
    pub today: Date,
    /// The guide's fixed order instead of the chosen one.
    pub fixed_order: bool,
    /// Seed of canaries and of the twin.
    pub seed: u64,
    /// Raw readings that are kept.
    pub traces: Keep,
}

/// Reads everything and puts the suite together. The sentences are doubts worth telling.
///
/// # Errors
/// What is wrong with the files; no profile or several for the serial number; no known-good source.
pub fn bundle(reader: &dyn Reader, wanted: &Wanted<'_>) -> Result<(Bundle, Vec<String>), Trouble> {
    let folder = wanted.rig.parent().unwrap_or(Path::new("")).to_owned();
    let rig: RigFile = value(reader, wanted.rig)?;
    let (dut, profile) = profile(reader, &folder, wanted)?;
    let mut doubts = Vec::new();
    let mut plan = plan(reader, &folder, &rig, &profile, wanted, &mut doubts)?;
    plan.case = wanted.case.map(str::to_owned);
    plan.yes = wanted.yes;
    plan.fixed_order = wanted.fixed_order;
    let text = suite(&dut, wanted, &plan, &profile)?;
    let mut overlay = Overlay::new(reader);
    let path = folder.join(SUITE);
    overlay.put(&path, text);
    let bundle = load(&overlay, &path, Some(wanted.rig), &[])?;
    Ok((bundle, doubts))
}

fn value<T: serde::de::DeserializeOwned + schemars::JsonSchema>(reader: &dyn Reader, path: &Path) -> Result<T, Trouble> {
    let bytes = reader.read(path).with_context(|| format!("reading {}", path.display()))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))?;
    Ok(read::<T>(&Source::new(&path.to_string_lossy(), &text)).map_err(|errors: FileErrors| Trouble::from(errors))?.value)
}

/// The profile that is named, or the one whose serial pattern fits.
fn profile(reader: &dyn Reader, folder: &Path, wanted: &Wanted<'_>) -> Result<(PathBuf, Profile), Trouble> {
    if let Some(dut) = wanted.dut {
        let path = std::path::absolute(dut).with_context(|| format!("the path {}", dut.display()))?;
        let profile: Profile = value(reader, dut)?;
        return if fits(&profile, wanted.serial)? {
            Ok((path, profile))
        } else {
            let (serial, pattern) = (wanted.serial, &profile.serial_pattern);
            Err(Trouble::refused(anyhow!("`{serial}` is no serial number of the model {} (pattern {pattern})", profile.model))
                .help("scan the label again, or name the profile of this unit's model"))
        };
    }
    let place = folder.join(DUTS);
    let mut names = reader.names(&place).with_context(|| format!("looking for profiles in {}", place.display()))?;
    names.retain(|name| name.ends_with(".toml"));
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let profile: Profile = value(reader, &place.join(&name))?;
        if fits(&profile, wanted.serial)? {
            found.push((Path::new(DUTS).join(name), profile));
        }
    }
    let serial = wanted.serial;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Trouble::refused(anyhow!("no profile in {} is for the serial number `{serial}`", place.display()))
            .help("scan the label again, or name the profile with --dut FILE")),
        _ => {
            let models: Vec<_> = found.iter().map(|(_, profile)| profile.model.as_str()).collect();
            Err(Trouble::refused(anyhow!("the serial number `{serial}` fits several models: {}", models.join(", ")))
                .help("name the right profile with --dut FILE"))
        }
    }
}

fn fits(profile: &Profile, serial: &str) -> Result<bool, Trouble> {
    Ok(Regex::new(&profile.serial_pattern).context("the profile's serial_pattern")?.is_match(serial))
}

/// Sorts the adapters of the rig's channels: known-good ones of the unit's rating, a programmable one, the returned one.
fn plan(
    reader: &dyn Reader,
    folder: &Path,
    rig: &RigFile,
    profile: &Profile,
    wanted: &Wanted<'_>,
    doubts: &mut Vec<String>,
) -> Result<ReturnPlan, Trouble> {
    let [position] = rig.positions.as_slice() else {
        return Err(Trouble::refused(anyhow!("{} has several positions, and a return is decided at one", wanted.rig.display()))
            .help("use a rig file with the one position that the unit lies at"));
    };
    let (mut fixed, mut programmable) = (Vec::new(), Vec::new());
    let mut returned = None;
    for name in position.channels.values() {
        let adapter: Adapter = value(reader, &folder.join(ADAPTERS).join(format!("{name}.toml")))?;
        let rated = rated_for(&adapter, profile);
        if wanted.returned == Some(name.as_str()) {
            if !rated {
                let (volts, needs) = (adapter.rating.volts, profile.supply.nominal_v);
                doubts.push(format!("The returned adapter {name} is rated {volts}, and this unit needs {needs}."));
            }
            returned = Some(name.clone());
            continue;
        }
        match (adapter.kind, &adapter.known_good_until) {
            (AdapterKind::Programmable, _) if adapter.rating.volts >= profile.supply.nominal_v => programmable.push(name.clone()),
            (AdapterKind::Programmable, _) => {}
            (_, Some(until)) if rated => {
                let until: Date = until.parse().with_context(|| format!("known_good_until of adapter {name}"))?;
                if until >= wanted.today {
                    fixed.push(name.clone());
                } else {
                    doubts.push(format!("Adapter {name} was known good until {until} and is not used: measure it again."));
                }
            }
            (_, Some(_)) => {
                doubts.push(format!("Known-good adapter {name} has another rating than this unit and is not used."));
            }
            _ => {}
        }
    }
    if let (Some(name), None) = (wanted.returned, &returned) {
        let known: Vec<_> = position.channels.values().map(AdapterName::as_str).collect();
        return Err(Trouble::refused(anyhow!(
            "the returned adapter `{name}` is in no channel of the rig: it has {}",
            known.join(", ")
        ))
        .help("plug it in, and name it in the rig's [positions.channels] and in the adapters folder"));
    }
    let margin = programmable.first().cloned();
    let references: Vec<_> = fixed.into_iter().chain(programmable).collect();
    if references.is_empty() {
        return Err(Trouble::refused(anyhow!("the rig has no known-good source of {}", profile.supply.nominal_v))
            .help("add an adapter with the unit's rating and `known_good_until`, or a programmable supply, to a channel"));
    }
    let repeats = &profile.rma;
    let (presses, sources, boots) = (repeats.presses, repeats.sources, repeats.boots);
    Ok(ReturnPlan { returned, margin, presses, sources, boots, ..ReturnPlan::new(references) })
}

fn rated_for(adapter: &Adapter, profile: &Profile) -> bool {
    let (volts, needs) = (adapter.rating.volts.get(), profile.supply.nominal_v.get());
    (volts - needs).abs() <= SAME_RATING * needs && adapter.rating.amps >= profile.supply.max_a
}

/// The suite as text: what goes into the run's `inputs/`.
fn suite(dut: &Path, wanted: &Wanted<'_>, plan: &ReturnPlan, profile: &Profile) -> Result<String, Trouble> {
    use toml::{Table, Value};
    let mut table = Table::new();
    let mut set = |key: &str, value: Value| drop(table.insert(key.to_owned(), value));
    set("schema", Value::Integer(1));
    set("name", Value::String("return".to_owned()));
    set("dut", Value::String(dut.to_string_lossy().into_owned()));
    set("traces", Value::try_from(wanted.traces).context("writing what is kept of the return")?);
    let (hold, max) = correct_hold(profile);
    let mut adapters: Vec<AdapterName> = plan.references.clone();
    adapters.extend(plan.margin.iter().chain(&plan.returned).filter(|name| !plan.references.contains(name)).cloned());
    let mut factors = Table::new();
    factors.insert("adapter".to_owned(), Value::Array(adapters.iter().map(|name| Value::String(name.0.clone())).collect()));
    factors.insert("hold_s".to_owned(), Value::Array(vec![Value::Float(hold.get())]));
    if profile.press.mode == crate::domain::profile::PressMode::Hot && max > hold {
        factors.insert("release".to_owned(), Value::Array(vec![Value::String("on_change".to_owned())]));
        factors.insert("hold_max_s".to_owned(), Value::Float(max.get()));
    }
    set("factors", Value::Table(factors));
    let mut design = Table::new();
    design.insert("kind".to_owned(), Value::String("rma".to_owned()));
    design.insert("seed".to_owned(), Value::Integer(wanted.seed as i64));
    set("design", Value::Table(design));
    set("rma", Value::try_from(plan).context("writing the plan of the return")?);
    Ok(toml::to_string(&table).context("writing the suite of the return")?)
}

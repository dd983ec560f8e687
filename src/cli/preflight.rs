//! What is checked before anything is powered: units, serial numbers, and what the guard would never allow.

use super::compose::{check, press_that_never_fits, sees_colour};
use super::trouble::Trouble;
use crate::domain::condition::{Release, Stimulus};
use crate::domain::ids::{DutSerial, PositionName};
use crate::domain::profile::LightMeaning;
use crate::domain::rig::Position;
use crate::domain::units::Seconds;
use crate::files::{Bundle, Findings, Severity};
use crate::judging::rules::distinguishable;
use crate::planning::{Design, Grid, longest_press};
use anyhow::{Context, anyhow};
use regex::Regex;

/// Refuses drivers and worlds that do not exist, at any position.
pub fn drivers(bundle: &Bundle) -> Result<(), Trouble> {
    bundle.rig.value.positions.iter().try_for_each(|position| Ok(check(bundle, position)?))
}

/// Refuses what cannot be run at this position.
pub fn position(bundle: &Bundle, position: &Position) -> Result<(), Trouble> {
    outlets(bundle)?;
    check(bundle, position)?;
    swaps(bundle, position)?;
    let longest = longest_hold(bundle);
    let press = Stimulus::Press { hold_s: longest, release: Release::AfterHold, max_s: longest };
    let energised = position.calibration.coil_time(longest_press(&press, &bundle.profile.value));
    if press_that_never_fits(bundle, position, energised)? {
        let name = &position.name;
        let advice =
            "use shorter holds, a better cooled coil, less holding power, or a longer `coil_max_on_s` if the coil stands it";
        let text = format!(
            "a hold of {longest} energises the coil of position {name} for {energised}, which never fits its interlocks: {advice}"
        );
        return Err(Trouble::refused(anyhow!(text)));
    }
    Ok(())
}

/// Adds to the warnings which lights of the camera the sensors of the rig cannot tell from each other: what they show then counts as nothing.
pub fn doubt_lights(bundle: &mut Bundle) {
    let mut findings = Findings::default();
    let rules = &bundle.profile.value.light;
    for position in &bundle.rig.value.positions {
        let Some(light) = &position.light else { continue };
        let sees_colour = sees_colour(light);
        // What no sensor tells apart is said where the profile is read.
        let alike =
            |meaning: &LightMeaning| distinguishable(*meaning, rules, true) && !distinguishable(*meaning, rules, sees_colour);
        let words: Vec<&str> = rules.keys().filter(|meaning| alike(meaning)).map(|meaning| meaning.name()).collect();
        if !words.is_empty() {
            let message = format!(
                "the light sensor of position {} sees no colours, and cannot tell these lights of the camera from others: {}",
                position.name,
                words.join(", ")
            );
            findings.warn("dut", message, "use a sensor that sees colours; without one these lights count as no sign");
        }
    }
    let located = findings.warnings.iter().map(|problem| bundle.suite.locate(problem, Severity::Warning));
    let located: Vec<_> = located.collect();
    bundle.warnings.0.extend(located);
}

fn longest_hold(bundle: &Bundle) -> Seconds {
    let factors = &bundle.suite.value.factors;
    factors.hold_s.longest().unwrap_or(Seconds::ZERO).max(factors.hold_max_s.unwrap_or(Seconds::ZERO))
}

/// Nothing here switches between mains sources: levels that are all the same would be compared as if they were not.
fn outlets(bundle: &Bundle) -> Result<(), Trouble> {
    if bundle.suite.value.factors.outlet.len() < 2 {
        return Ok(());
    }
    let mut findings = Findings::default();
    let message = "this version cannot switch between outlets: every trial would use the same one";
    findings.error(
        "factors.outlet",
        message,
        "name the one outlet that the rig is plugged into, and run the suite once for each",
    );
    let located = findings.errors.iter().map(|problem| bundle.suite.locate(problem, Severity::Error));
    Err(crate::files::FileErrors(located.collect()).into())
}

/// A person who swaps adapters swaps each once.
fn swaps(bundle: &Bundle, position: &Position) -> Result<(), Trouble> {
    let adapters = bundle.suite.value.factors.adapter.len();
    if !position.swapped_by_hand() {
        return Ok(());
    }
    let grid = Grid::new(&bundle.suite.value, None);
    let swaps = 1 + grid.planned().windows(2).filter(|pair| pair[0].condition.adapter != pair[1].condition.adapter).count();
    if swaps <= adapters {
        return Ok(());
    }
    let text = format!(
        "at position {} a person swaps the adapters, and this order of trials wants {swaps} swaps of {adapters}",
        position.name
    );
    let help = "write order = \"by_adapter\" under [design], or say --set design.order=by_adapter";
    Err(Trouble::refused(anyhow!(text)).help(help))
}

/// Which unit lies at which position.
pub fn units<'b>(bundle: &'b Bundle, serials: &[String]) -> Result<Vec<(&'b Position, DutSerial)>, Trouble> {
    let positions = &bundle.rig.value.positions;
    let mut units: Vec<(&Position, DutSerial)> = Vec::new();
    for text in serials {
        let (position, serial) = match text.split_once('=') {
            Some((name, serial)) => (named(positions, name)?, serial),
            None => (only(positions, text)?, text.as_str()),
        };
        if units.iter().any(|(other, _)| other.name == position.name) {
            let text = format!("two serial numbers for position {}", position.name);
            return Err(Trouble::refused(anyhow!(text)));
        }
        if let Some((other, _)) = units.iter().find(|(_, unit)| unit.as_str() == serial) {
            let text = format!("unit {serial} cannot lie at {} and at {}: scan both labels again", other.name, position.name);
            return Err(Trouble::refused(anyhow!(text)));
        }
        units.push((position, fitting(bundle, serial)?));
    }
    if units.is_empty() {
        units.push(simulated(positions)?);
    }
    Ok(units)
}

/// A twin needs no label to be scanned: its camera has a serial number that nobody else has.
fn simulated(positions: &[Position]) -> Result<(&Position, DutSerial), Trouble> {
    let position = only(positions, "SERIAL")?;
    if position.presser.driver == "twin" {
        return Ok((position, DutSerial::from("TWIN")));
    }
    Err(Trouble::refused(anyhow!("no unit: scan its serial number with --dut-serial SERIAL")))
}

fn only<'b>(positions: &'b [Position], serial: &str) -> Result<&'b Position, Trouble> {
    match positions {
        [position] => Ok(position),
        _ => {
            let names: Vec<_> = positions.iter().map(|position| position.name.as_str()).collect();
            let list = names.join(", ");
            Err(Trouble::refused(anyhow!("this rig has the positions {list}: say --dut-serial POSITION={serial} for each unit")))
        }
    }
}

fn named<'b>(positions: &'b [Position], name: &str) -> Result<&'b Position, Trouble> {
    let wanted = PositionName::from(name);
    positions.iter().find(|position| position.name == wanted).ok_or_else(|| {
        let names: Vec<_> = positions.iter().map(|position| position.name.as_str()).collect();
        Trouble::refused(anyhow!("the rig has no position `{name}`; it has: {}", names.join(", ")))
    })
}

fn fitting(bundle: &Bundle, serial: &str) -> Result<DutSerial, Trouble> {
    let profile = &bundle.profile.value;
    let pattern = Regex::new(&profile.serial_pattern).context("the profile's serial_pattern")?;
    if pattern.is_match(serial) {
        return Ok(DutSerial::from(serial));
    }
    let (model, pattern) = (&profile.model, &profile.serial_pattern);
    let advice = "scan the label again, or choose the profile of this unit's model";
    Err(Trouble::refused(anyhow!(
        "`{serial}` does not look like a serial number of the model {model} (pattern {pattern}): {advice}"
    )))
}

//! What the support guide says, and what was measured of it: a row for each claim.

use super::answers::instructed;
use super::tied;
use crate::analysis::Analysis;
use crate::analysis::group::{Group, Kind};
use crate::analysis::guide::{Measured, Share};
use crate::analysis::power::Spread;
use crate::domain::condition::Release;
use crate::report::words::{number, percent, place, seconds, suite_order};

/// Sources that a row tells of; the others are in summary.json.
const SOURCES_MAX: usize = 10;

/// A claim with what was measured of it.
pub(super) struct Claim {
    /// What the guide says.
    pub says: String,
    /// Who was measured, and what; empty: not measured here.
    pub measured: Vec<(String, String)>,
    /// What there is no room for.
    pub more: usize,
    /// Why it was not measured, or how the figures are to be read.
    pub note: String,
}

/// The claims in the order of the guide.
pub(super) fn claims(analysis: &Analysis) -> Vec<Claim> {
    let mut claims = vec![
        claim(analysis, "Power on and wait two minutes, until the light is steady, before pressing.", "", &ready),
        claim(analysis, "Do not press earlier.", "No press came before two minutes.", &early),
        claim(analysis, "Hold the button for 30 to 60 s.", "No press of 30 to 60 s was judged.", &as_asked),
        claim(analysis, "A shorter press is not enough.", "No shorter press was judged.", &shorter),
    ];
    claims.extend(own_instructions(analysis));
    claims.extend([
        claim(analysis, "Hold until light, chime or motor shows a change; only then let go.", "No press was judged.", &change),
        until_change(analysis),
        claim(analysis, "Allow some minutes for the reboot.", "No reboot was seen after a press.", &reboot),
        claim(
            analysis,
            "Verify that the camera is in its factory state: a light or a reboot alone does not prove it.",
            "The camera answered no press.",
            &verify,
        ),
        supply(analysis),
        button(analysis),
        firmware(analysis),
    ]);
    claims
}

/// What one source says of a claim.
type Figure<'a> = &'a dyn Fn(&Measured) -> Option<String>;

fn claim(analysis: &Analysis, says: &str, otherwise: &str, figure: Figure<'_>) -> Claim {
    let mut found: Vec<&Measured> = analysis.guide.by_source.iter().collect();
    found.sort_by_key(|one| suite_order(analysis, &one.source.adapter));
    let all: Vec<(String, String)> =
        found.into_iter().filter_map(|one| figure(one).map(|figure| (who(analysis, one), tied(&figure)))).collect();
    let note = if all.is_empty() { otherwise } else { "" };
    Claim {
        says: tied(says),
        more: all.len().saturating_sub(SOURCES_MAX),
        measured: all.into_iter().take(SOURCES_MAX).collect(),
        note: note.to_owned(),
    }
}

fn who(analysis: &Analysis, one: &Measured) -> String {
    let source = &one.source;
    let other = |level: Option<crate::domain::verdict::Level>| level != source.level && level.is_some();
    let several = analysis.guide.by_source.iter().any(|one| other(one.source.level));
    let level = source.level.filter(|_| several).map_or(String::new(), |level| format!(" ({})", level.name()));
    tied(&(place(&source.adapter, source.supply_v, &source.dut_serial, analysis.units()) + &level))
}

/// "9 of 10 (60 to 98 %)", with what they are of.
fn share(share: Share, what: &str) -> Option<String> {
    let ends = share.interval()?;
    Some(format!("{} of {} {what} ({:.0} to {})", share.k, share.n, 100.0 * ends.lo, percent(ends.hi)))
}

/// "mean 40.2 s, from 38.1 to 42.5 s".
fn times(spread: Option<Spread>) -> Option<String> {
    spread.map(|one| match one.n {
        1 => format!("once, {}", seconds(one.mean)),
        _ => format!("mean {}, from {} to {}", seconds(one.mean), number(one.min), seconds(one.max)),
    })
}

fn both(first: Option<String>, second: Option<String>) -> Option<String> {
    let all: Vec<String> = first.into_iter().chain(second).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

fn ready(one: &Measured) -> Option<String> {
    both(share(one.ready_in_time, "ready within 120 s of power-on"), times(one.boot_s))
}

fn early(one: &Measured) -> Option<String> {
    share(one.too_early, "presses of 30 s or more before 120 s reset")
}

fn as_asked(one: &Measured) -> Option<String> {
    share(one.as_asked, "reset")
}

fn shorter(one: &Measured) -> Option<String> {
    share(one.shorter, "shorter presses reset all the same")
}

fn change(one: &Measured) -> Option<String> {
    let at_reset = both(share(one.change_at_reset, "resets came with a change while held"), times(one.change_s));
    both(at_reset, share(one.without_change, "presses let go without a change reset"))
}

fn reboot(one: &Measured) -> Option<String> {
    both(share(one.reboot_in_time, "reboots done within 5 minutes"), times(one.reboot_s))
}

fn verify(one: &Measured) -> Option<String> {
    share(one.answered, "answered presses were a factory reset")
}

/// What the instructions of the model say of holds, where that is not what the guide says.
fn own_instructions(analysis: &Analysis) -> Option<Claim> {
    let profile = &analysis.runs.first()?.facts.started.profile;
    let window = profile.press.windows.iter().find(|window| Some(window.from_s) == instructed(profile))?;
    if window.from_s == crate::analysis::guide::HOLD_FROM {
        return None;
    }
    let upto = window.to_s.map_or(" or more".to_owned(), |to| format!(" to {}", seconds(to.get())));
    let says = format!("The instructions of this model: hold for {}{upto}.", seconds(window.from_s.get()));
    let inside = |cell: &&crate::analysis::cells::Cell| {
        let group = &cell.key.group;
        let hold = cell.key.hold_s.is_some_and(|hold| hold >= window.from_s && window.to_s.is_none_or(|to| hold < to));
        group.kind == Kind::Press && group.press_after_s.is_none() && group.release == Some(Release::AfterHold) && hold
    };
    Some(sums(analysis, &says, "reset", "No such press was judged.", &inside))
}

/// Presses that were let go only at a change, as the guide asks.
fn until_change(analysis: &Analysis) -> Claim {
    let asked = |cell: &&crate::analysis::cells::Cell| {
        let group = &cell.key.group;
        let early = group.press_after_s.is_some_and(|after| after < crate::analysis::guide::WAIT);
        let long = cell.key.hold_s.is_some_and(|hold| hold >= crate::analysis::guide::HOLD_FROM);
        group.kind == Kind::Press && group.release == Some(Release::OnChange) && !early && long
    };
    let why = "Presses of this suite end after their hold, not at a change.";
    sums(analysis, "The whole of it: at least 30 s, and let go only at a change.", "presses done so reset", why, &asked)
}

type Wanted<'a> = &'a dyn Fn(&&crate::analysis::cells::Cell) -> bool;

/// Resets of the cells that are wanted, by source.
fn sums(analysis: &Analysis, says: &str, what: &str, otherwise: &str, wanted: Wanted<'_>) -> Claim {
    let mut sums: Vec<(&Group, Share)> = Vec::new();
    let key = |group: &Group| (group.dut_serial.clone(), group.adapter.clone(), group.supply_v, group.level);
    for cell in analysis.cells.iter().filter(wanted) {
        let group = &cell.key.group;
        let at = sums.iter().position(|(known, _)| key(known) == key(group)).unwrap_or_else(|| {
            sums.push((group, Share::default()));
            sums.len() - 1
        });
        sums[at].1.k += cell.tally.resets();
        sums[at].1.n += cell.tally.n();
    }
    sums.sort_by_key(|(group, _)| suite_order(analysis, &group.adapter));
    let several = sums.iter().any(|(group, _)| group.level != sums[0].0.level);
    let line = |(group, sum): &(&Group, Share)| {
        let level = if several { format!(" ({})", group.level.name()) } else { String::new() };
        let who = place(&group.adapter, group.supply_v, &group.dut_serial, analysis.units()) + &level;
        share(*sum, what).map(|figure| (tied(&who), tied(&figure)))
    };
    let all: Vec<_> = sums.iter().filter_map(line).collect();
    Claim {
        says: tied(says),
        more: all.len().saturating_sub(SOURCES_MAX),
        note: if all.is_empty() { otherwise.to_owned() } else { String::new() },
        measured: all.into_iter().take(SOURCES_MAX).collect(),
    }
}

/// The guide's first suspect: what each source gives, beside what it lets reset.
fn supply(analysis: &Analysis) -> Claim {
    let mut found: Vec<_> = analysis.power.iter().collect();
    found.sort_by_key(|power| suite_order(analysis, &power.adapter));
    let line = |power: &&crate::analysis::power::Power| {
        let who = place(&power.adapter, power.supply_v, &power.dut_serial, analysis.units());
        let at_erase = power.plug_v_erase.map(|volts| format!("{} V at the erase", number(volts.min)));
        let lowest = power.plug_v_min.map(|volts| format!("{} V at the lowest", number(volts.min)));
        let start = power.plug_v_start.map(|volts| {
            let ends = format!("{} to {} V", number(volts.min), number(volts.max));
            format!("{ends} at a camera that did not start in {} of {} trials", power.not_ready, power.trials)
        });
        let Some(volts) = at_erase.or(lowest) else { return Some((tied(&who), tied(&start?))) };
        let outs = match power.brown_outs {
            0 => "no brown-out".to_owned(),
            1 => "1 brown-out".to_owned(),
            more => format!("{more} brown-outs"),
        };
        let start = start.map_or(String::new(), |start| format!("; {start}"));
        Some((tied(&who), tied(&format!("{volts}, {outs} in {} trials{start}", power.trials))))
    };
    let all: Vec<_> = found.iter().filter_map(line).collect();
    let note = match all.len() {
        0 => "Nothing was measured at the plug.",
        1 => "One source was tested: nothing here says what another would change.",
        _ => "",
    };
    Claim {
        says: "If it fails, look at the supply.".to_owned(),
        more: all.len().saturating_sub(SOURCES_MAX),
        measured: all.into_iter().take(SOURCES_MAX).collect(),
        note: note.to_owned(),
    }
}

fn button(analysis: &Analysis) -> Claim {
    let note = match analysis.guide.button_checks {
        0 => "No trial of these runs looked at the button's contact.".to_owned(),
        n => format!("{n} trials looked at the button's contact: trials.csv."),
    };
    Claim { says: "If it fails, look at the button.".to_owned(), measured: Vec::new(), more: 0, note }
}

fn firmware(analysis: &Analysis) -> Claim {
    let note = match analysis.guide.firmware {
        0 => "The firmware is not known.".to_owned(),
        1 => "One firmware was tested.".to_owned(),
        n => format!("{n} versions were tested, on different units: compare their cells."),
    };
    Claim { says: "If it fails, look at the firmware.".to_owned(), measured: Vec::new(), more: 0, note }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, press};
    use crate::domain::verdict::Verdict;

    fn rows(bench: Bench) -> Vec<(String, String)> {
        let analysis = Analysis::pool(vec![fold(&bench.events())]).unwrap();
        let figures = |claim: &Claim| claim.measured.iter().map(|(who, what)| format!("{who}: {what}")).collect::<Vec<_>>();
        claims(&analysis).iter().map(|claim| (claim.says.clone(), figures(claim).join(" | ").replace('\u{a0}', " "))).collect()
    }

    #[test]
    fn every_claim_has_a_row_measured_or_not() {
        let mut bench = Bench::new("r", &["oem", "long"], &[10.0, 30.0], 2, 0).start();
        for verdict in [Verdict::FactoryReset, Verdict::RebootOnly] {
            bench.trial(press("oem", 30.0), verdict);
        }
        bench.trial(press("long", 10.0), Verdict::NoResponse);
        let rows = rows(bench);
        let figure =
            |start: &str| rows.iter().find(|(says, _)| says.replace('\u{a0}', " ").starts_with(start)).unwrap().1.as_str();
        assert_eq!(rows.len(), 11);
        assert_eq!(figure("Hold the button"), "oem: 1 of 2 reset (9 to 91 %)");
        assert_eq!(figure("A shorter press"), "long: 0 of 1 shorter presses reset all the same (0 to 79 %)");
        assert!(figure("Power on and wait").starts_with("oem: 2 of 2 ready within 120 s of power-on (34 to 100 %); mean 95 s"));
        assert_eq!(figure("Verify"), "oem: 1 of 2 answered presses were a factory reset (9 to 91 %)");
        for unmeasured in ["Do not press earlier", "The whole of it", "If it fails, look at the button"] {
            assert_eq!(figure(unmeasured), "");
        }
    }

    #[test]
    fn instructions_of_the_model_have_a_row_of_their_own() {
        let mut bench = Bench::new("r", &["oem"], &[5.0, 10.0], 1, 0);
        let windows = serde_json::json!([{ "from_s": 5, "to_s": 8, "effect": "factory_reset" }]);
        bench.started.profile.press.windows = serde_json::from_value(windows).unwrap();
        let mut bench = bench.start();
        bench.trial(press("oem", 5.0), Verdict::FactoryReset);
        bench.trial(press("oem", 10.0), Verdict::NoResponse);
        let rows = rows(bench);
        let own = rows.iter().find(|(says, _)| says.contains("instructions of this model")).unwrap();
        assert_eq!(own.1, "oem: 1 of 1 reset (21 to 100 %)");
    }
}

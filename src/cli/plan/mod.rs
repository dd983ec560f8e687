//! `pinhole plan`.

mod chosen;

use super::args;
use super::launch::until;
use super::run::identity;
use super::trouble::{REFUSED, Trouble};
use super::{out, preflight};
use crate::analysis::stats::trials::trials_needed;
use crate::domain::adapter::Adapter;
use crate::domain::condition::{Condition, Slot, Stimulus};
use crate::domain::limit::{Limit, Question};
use crate::domain::suite::{DesignKind, Suite};
use crate::domain::units::Seconds;
use crate::files::{Bundle, Disk};
use crate::planning::estimate::{Estimate, estimate};
use crate::planning::{Bench, Chosen, Design, design_of, reset_trial};
use crate::report::steps::in_words;
use crate::report::words::duration;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Shows what a suite would do and cost. Exit code 2 where preflight would refuse to run it.
pub fn plan(args: &args::Plan) -> Result<u8, Trouble> {
    let mut bundle = crate::files::load(&Disk, &args.inputs.suite, args.inputs.rig.as_deref(), &args.inputs.sets)?;
    preflight::doubt_lights(&mut bundle);
    let suite = &bundle.suite.value;
    let until = until(suite, &identity(None).zone)?;
    let adapters: Vec<_> = bundle.adapters.iter().map(|adapter| adapter.value.clone()).collect();
    if args.json {
        let planned = bundle.rig.value.positions.first().map(|position| {
            let bench = Bench { profile: &bundle.profile.value, adapters: &adapters, position };
            design_of(suite, &bench, until.clone()).planned().to_vec()
        });
        out(&steps_json(&bundle, &planned.unwrap_or_default(), &adapters));
        return Ok(0);
    }
    let mut text = String::new();
    let mut code = 0;
    for position in &bundle.rig.value.positions {
        let bench = Bench { profile: &bundle.profile.value, adapters: &adapters, position };
        let channels = u32::from(position.light.is_some()) + 2 * u32::from(position.plug.is_some());
        let design = design_of(suite, &bench, until.clone());
        let slots = design.planned();
        if text.is_empty() {
            text.push_str(&rule(&design).unwrap_or_else(|| order(suite, slots)));
        }
        let _ = writeln!(text, "\nposition {}", position.name);
        match &design {
            Chosen::Grid(_) => text.push_str(&costs(&estimate(suite, slots, &bench, channels), &bundle)),
            Chosen::Adaptive(design) => text.push_str(&chosen::adaptive(design)),
            Chosen::GoNoGo(design) => text.push_str(&chosen::go_no_go(design, &bench)),
            Chosen::Returns(_) => {}
        }
        if args.steps {
            text.push_str(&steps(slots, &bench));
        }
        match preflight::position(&bundle, position) {
            Ok(()) => text.push_str("  preflight    nothing forbids it\n"),
            Err(trouble) => {
                text.push_str("  preflight    REFUSED, see the messages\n");
                trouble.print();
                code = REFUSED;
            }
        }
    }
    if suite.design.kind == DesignKind::Grid {
        text.push_str(&limits(suite));
    }
    if !bundle.warnings.is_empty() {
        eprintln!("{}", bundle.warnings.render(super::trouble::style()));
    }
    out(&text);
    Ok(code)
}

/// How the next slot is chosen, where none is planned.
fn rule(design: &Chosen) -> Option<String> {
    match design {
        Chosen::Grid(_) => None,
        Chosen::Adaptive(design) => Some(chosen::adaptive_rule(design)),
        Chosen::GoNoGo(design) => Some(chosen::go_no_go_rule(design)),
        Chosen::Returns(_) => Some("each test is chosen by what the ones before showed\n".to_owned()),
    }
}

fn order(suite: &Suite, slots: &[Slot]) -> String {
    let mut text = format!("{}: {} slots, seed {}\n", suite.name, slots.len(), suite.design.seed);
    let mut block = None;
    for slot in slots {
        if block != Some(slot.block) {
            block = Some(slot.block);
            let _ = writeln!(text, "block {}", slot.block);
        }
        let _ = writeln!(text, "  {:>5}  {}", slot.id, describe(&slot.condition));
    }
    text
}

fn describe(condition: &Condition) -> String {
    let mut text = format!("{:<16} {:<15}", condition.adapter, condition.stimulus.name());
    if let Stimulus::Check { check } = condition.stimulus {
        let _ = write!(text, " {}", check.name());
    }
    if let Some(hold) = condition.stimulus.hold() {
        let _ = write!(text, " hold {hold}");
    }
    if condition.stimulus.release() == Some(crate::domain::condition::Release::OnChange) {
        let _ = write!(text, ", then until a change, at most {}", condition.stimulus.longest_hold());
    }
    if let Some(volts) = condition.supply_v {
        let _ = write!(text, ", at {volts}");
    }
    if let Some(outlet) = &condition.outlet {
        let _ = write!(text, ", outlet {outlet}");
    }
    if let Some(after) = condition.press_after_s {
        let _ = write!(text, ", {after} after power-on");
    }
    text.trim_end().to_owned()
}

fn costs(sum: &Estimate, bundle: &Bundle) -> String {
    let profile = &bundle.profile.value;
    let mut text = String::new();
    let hours = |span: Seconds| duration(span.get());
    let _ = writeln!(text, "  slots        {} presses, {} shams, {} unpowered presses", sum.presses, sum.shams, sum.unpowered);
    let _ = writeln!(
        text,
        "  bench time   {} if holds do what the profile says, {} if every press resets",
        hours(sum.expected_s),
        hours(sum.longest_s)
    );
    let _ = writeln!(text, "  coil         {} cycles, {:.0} s energised", sum.presses + sum.unpowered, sum.coil_s.get());
    let _ = writeln!(
        text,
        "  unit         at most {} resets of the {} that the profile allows",
        sum.resets_at_most, profile.budget.resets
    );
    let _ = writeln!(text, "  disk         about {:.0} MB", sum.disk_bytes / 1e6);
    text
}

/// The steps of each kind of trial: the support guide as this suite does it.
fn steps(slots: &[Slot], bench: &Bench<'_>) -> String {
    let mut text = String::new();
    let mut shown = BTreeSet::new();
    for slot in slots {
        if !shown.insert(slot.condition.stimulus.name()) {
            continue;
        }
        let _ = writeln!(text, "\n  steps of a {}: {}", slot.condition.stimulus.name(), describe(&slot.condition));
        let procedure = reset_trial(&slot.condition, bench, true);
        for (part, list) in [("setup", &procedure.setup), ("stimulus", &procedure.stimulus), ("teardown", &procedure.teardown)] {
            for timed in list {
                let _ = writeln!(text, "    {part:<9} {}; given up after {}", in_words(&timed.step), timed.timeout_s);
            }
        }
    }
    text
}

/// The same for programs: an object for each position and kind of trial, with the steps as they stand in the journal.
fn steps_json(bundle: &Bundle, slots: &[Slot], adapters: &[Adapter]) -> String {
    let mut found = Vec::new();
    for position in &bundle.rig.value.positions {
        let bench = Bench { profile: &bundle.profile.value, adapters, position };
        let mut shown = BTreeSet::new();
        for slot in slots.iter().filter(|slot| shown.insert(slot.condition.stimulus.name())) {
            let procedure = reset_trial(&slot.condition, &bench, true);
            found.push(json!({ "position": position.name, "condition": slot.condition, "procedure": procedure }));
        }
    }
    format!("{:#}\n", Value::from(found))
}

fn limits(suite: &Suite) -> String {
    let mut text = String::from("\nlimits\n");
    if suite.limits.is_empty() {
        text.push_str("  none: nothing is judged\n");
    }
    for limit in &suite.limits {
        let _ = writeln!(text, "  {}: {}", limit.name, need(limit, suite));
    }
    text
}

/// How many trials a limit needs at each adapter.
fn need(limit: &Limit, suite: &Suite) -> String {
    let family = if limit.adapter == "*" { suite.factors.adapter.len() } else { 1 };
    let planned = suite.design.replicates.unwrap_or(0);
    match limit.question() {
        Some(Question::Rate { hold_s, min_rate, confidence }) => {
            let expected = (min_rate + 1.0) / 2.0;
            let needed = trials_needed(min_rate, confidence, family, expected);
            let Some(least) = needed.and_then(|needed| needed.without_failure) else {
                return format!("a rate of {min_rate} at {hold_s} cannot be shown by any number of trials up to 10 000");
            };
            let likely = needed.and_then(|needed| needed.at_expected_rate);
            let likely = likely.map_or_else(|| "more than 10 000".to_owned(), |n| n.to_string());
            let short = if planned < least { "; TOO FEW: it can stay undecided or fail, and never be met" } else { "" };
            format!(
                "needs {least} trials an adapter at {hold_s} if every one resets, {likely} to be met in 4 of 5 runs at a true rate of \
                 {expected:.2}; planned: {planned}{short}"
            )
        }
        Some(Question::Measurement { name, .. }) => format!("every judged trial measures {name}"),
        None => "asks nothing".to_owned(),
    }
}

//! Where a report comes from: everything that is needed to find, check and repeat the runs.

use crate::analysis::Analysis;
use crate::analysis::RunSummary;
use crate::domain::rig::Position;
use crate::domain::suite::DesignKind;
use crate::report::words::finish_meaning;

/// Suite and model.
pub(super) fn title(analysis: &Analysis) -> String {
    let first = analysis.runs.first().map(|run| &run.facts.started);
    first.map_or(String::new(), |started| format!("{}: {}", started.suite.name, started.profile.model))
}

/// Units, day and extent.
pub(super) fn subtitle(analysis: &Analysis) -> String {
    let mut serials: Vec<&str> = analysis.runs.iter().map(|run| run.facts.started.dut_serial.as_str()).collect();
    serials.sort_unstable();
    serials.dedup();
    let days = analysis.runs.iter().map(|run| run.facts.started.wall.strftime("%Y-%m-%d").to_string());
    let (first, last) = days.fold((None, None), |(first, last): (Option<String>, Option<String>), day| {
        (Some(first.map_or(day.clone(), |old| old.min(day.clone()))), Some(last.map_or(day.clone(), |old| old.max(day))))
    });
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let when = if first == last { first } else { format!("{first} to {last}") };
    let judged: u32 = analysis.runs.iter().map(|run| run.extent.judged).sum();
    let runs = if analysis.runs.len() == 1 { "1 run".to_owned() } else { format!("{} runs", analysis.runs.len()) };
    format!("Unit {} · {when} · {runs} · {judged} judged trials", serials.join(", "))
}

/// The facts of one run.
pub(super) fn facts(run: &RunSummary) -> Vec<(&'static str, String)> {
    let started = &run.facts.started;
    let extent = &run.extent;
    let planned = extent.planned.map_or("chosen as it went".to_owned(), |planned| format!("{planned} planned"));
    let calibration = &started.position.calibration;
    let suite = &started.suite;
    let mut facts = vec![
        ("run", run.facts.run_id.to_string()),
        ("started", format!("{:.0}", started.wall)),
        ("ended", finish_meaning(run).to_owned()),
        ("slots", format!("{planned}, {} judged, {} lost", extent.judged, extent.lost)),
        ("attempts lost", format!("{} to faults, {} abandoned", extent.faulted, extent.abandoned)),
        ("suite", format!("{}, {} design, seed {}", suite.name, design_word(suite.design.kind), suite.design.seed)),
        ("DUT", format!("{}, serial {}", started.profile.model, started.dut_serial)),
        ("firmware", started.dut_fw.clone().unwrap_or_else(|| "not known".to_owned())),
        ("station", format!("{}, position {}", started.station, started.position.name)),
        ("rig", drivers(&started.position)),
        ("declared", declared(&started.position)),
        ("calibrated", calibration.date.clone().unwrap_or_else(|| "never: strokes are assumed values".to_owned())),
        ("stroke uncertainty", calibration.stroke_u_s.to_string()),
    ];
    if let Some(source) = &started.profile.instructions {
        facts.push(("instructions", format!("{} (read {})", source.address, source.date)));
    }
    facts.extend(sessions(run));
    facts.extend(started.warnings.iter().map(|warning| ("preflight warning", warning.clone())));
    facts.extend(bench(run));
    facts.extend(started.inputs.iter().map(|(name, hash)| ("input", format!("{name}, SHA-256 {hash}"))));
    facts.push(("journal format", run.format.clone()));
    facts.push(("journal head", run.journal_head.clone().unwrap_or_else(|| "not given".to_owned())));
    facts
}

/// What each port of the position is driven by.
fn drivers(position: &Position) -> String {
    let named =
        position.ports().into_iter().filter_map(|(port, driver)| driver.map(|driver| format!("{port} {}", driver.driver)));
    named.collect::<Vec<_>>().join(", ")
}

/// What the rig says of the hardware that lets the coil go when all else fails.
fn declared(position: &Position) -> String {
    let word = |has: bool| if has { "yes" } else { "no" };
    let locks = &position.interlocks;
    format!("pull-down at the coil: {}, hardware one-shot: {}", word(locks.pull_down), word(locks.one_shot))
}

fn design_word(kind: DesignKind) -> &'static str {
    match kind {
        DesignKind::Grid => "grid",
        DesignKind::Adaptive => "adaptive",
        DesignKind::GoNoGo => "go/no-go",
        DesignKind::Rma => "return decision",
        DesignKind::Check => "check of the rig",
    }
}

fn sessions(run: &RunSummary) -> impl Iterator<Item = (&'static str, String)> {
    run.sessions.iter().map(|session| {
        let operator = session.operator.as_ref().map_or(String::new(), |name| format!(", operator {name}"));
        let torn = match session.set_aside_bytes {
            0 => String::new(),
            bytes => format!(", {bytes} bytes of a torn line set aside"),
        };
        ("session", format!("{:.0}, {} on {}{operator}{torn}", session.wall, session.program, session.host))
    })
}

fn bench(run: &RunSummary) -> Vec<(&'static str, String)> {
    let log = &run.bench;
    let mut facts = Vec::new();
    if let Some((low, high)) = log.ambient {
        facts.push(("air", format!("{:.1} to {high:.1}", low.get())));
    }
    if let Some(hottest) = log.coil_max {
        facts.push(("coil at most", format!("{hottest:.1}")));
    }
    if log.under_voltage {
        facts.push(("computer", "its supply was too low at some time".to_owned()));
    }
    if log.throttled {
        facts.push(("computer", "it was throttled at some time".to_owned()));
    }
    if log.clock_steps > 0 {
        facts.push(("wall clock", format!("was set {} times during the run", log.clock_steps)));
    }
    facts
}

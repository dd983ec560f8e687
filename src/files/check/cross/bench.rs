//! Whether the bench can do and see what suite and camera ask for.

use super::Inputs;
use crate::domain::condition::Release;
use crate::domain::measurement::names;
use crate::domain::profile::Via;
use crate::domain::rig::Position;
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

/// With a selector, every adapter of the suite must be plugged in.
pub(super) fn channels(findings: &mut Findings, files: Inputs<'_>, position: &Position) {
    if position.selector.is_none() {
        return;
    }
    for (index, name) in files.suite.factors.adapter.iter().enumerate() {
        let there = position.channels.values().any(|adapter| adapter == name);
        let message = format!("adapter {name} is on no channel of position {}", position.name);
        let help =
            format!("plug it in and add it to the position's channels; plugged in are {}", listed(position.channels.values()));
        findings.require(there, KeyPath::from("factors.adapter").index(index), message, help);
    }
}

/// What the suite asks for must be seen by the rig.
pub(super) fn senses(findings: &mut Findings, files: Inputs<'_>, position: &Position) {
    let (profile, name) = (files.profile, &position.name);
    let lacks = |port: &str| format!("position {name} of the rig has no {port}");
    if profile.ready.light_stable_s.is_some() && position.light.is_none() {
        findings.error(
            "dut",
            format!("this camera shows by its light that it is ready, and {}", lacks("light sensor")),
            "add `light` to the rig",
        );
    }
    if profile.ready.marker && position.console.is_none() {
        findings.error(
            "dut",
            format!("this camera says on its console that it is ready, and {}", lacks("console")),
            "add `console` to the rig",
        );
    }
    let provision = match profile.provision.via {
        Via::Console if position.console.is_none() => Some("console"),
        Via::Probe if position.probe.is_none() => Some("probe"),
        _ => None,
    };
    if let Some(port) = provision {
        findings.error(
            "dut",
            format!("this camera is provisioned over its {port}, and {}", lacks(port)),
            format!("add `{port}` to the rig"),
        );
    }
    let blind = position.light.is_none() && position.sound.is_none() && position.console.is_none();
    if files.suite.factors.release.contains(&Release::OnChange) && blind {
        let message =
            format!("`on_change` waits for a change, and position {name} has no light sensor, sound sensor or console to see it");
        findings.error("factors.release", message, "add one to the rig, or use \"after_hold\"");
    }
    for (index, limit) in files.suite.limits.iter().enumerate() {
        let at_plug = [names::OPEN, names::PLUG_IDLE, names::PLUG_MIN, names::PLUG_ERASE, names::PLUG_MAX];
        if limit.measurement.as_deref().is_some_and(|name| at_plug.contains(&name)) && position.plug.is_none() {
            let message = format!("limit `{}` will stay undecided: {}", limit.name, lacks("measurement at the plug"));
            findings.warn(
                KeyPath::from("limits").index(index).key("measurement"),
                message,
                "add `plug` to the rig, or take the limit away",
            );
        }
    }
}

/// Which signs of the profile this position can see.
pub(super) fn signs(findings: &mut Findings, files: Inputs<'_>, position: &Position) {
    let (profile, name) = (files.profile, &position.name);
    let reads = |via: Via| match via {
        Via::Console => position.console.is_some(),
        Via::Probe => position.probe.is_some(),
        Via::Operator => true,
        Via::None => false,
    };
    let shown = [
        ("light", profile.factory.light, position.light.is_some()),
        ("console", profile.factory.marker, position.console.is_some()),
        ("probe", profile.factory.network, position.probe.is_some()),
        ("sound", profile.factory.sound, position.sound.is_some()),
    ];
    let unseen_canaries: Vec<&str> =
        profile.canaries.iter().filter(|(_, rule)| !reads(rule.via)).map(|(category, _)| category.name()).collect();
    let any = shown.iter().any(|(_, shows, sees)| *shows && *sees) || unseen_canaries.len() < profile.canaries.len();
    if !any && profile.provision.via != Via::None {
        let message =
            format!("position {name} of the rig sees no sign of the factory state and no canary: no reset could be claimed");
        findings.error("dut", message, "add `light`, `console` or `probe` to the rig");
        return;
    }
    for (port, _, _) in shown.iter().filter(|(_, shows, sees)| *shows && !*sees) {
        let message =
            format!("this camera shows its factory state through its {port}, and position {name} has none: one sign less");
        findings.warn("dut", message, format!("add `{port}` to the rig"));
    }
    if !unseen_canaries.is_empty() {
        let message = format!("position {name} cannot read these canaries: {}", unseen_canaries.join(", "));
        findings.warn("dut", message, "add `console` or `probe` to the rig");
    }
}

fn listed<T: ToString>(items: impl Iterator<Item = T>) -> String {
    let words: Vec<String> = items.map(|item| item.to_string()).collect();
    words.join(", ")
}

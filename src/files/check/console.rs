//! Rules of a profile's console, tones and provisioning.

use super::{distinct, filled, positive, regex, within};
use crate::domain::observation::MarkerMeaning;
use crate::domain::profile::{Exchange, Profile, Via};
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

/// Baud rates outside these are slips: the slowest console seen is 9600, the fastest USB adapters end at 4 000 000.
const BAUD: (f64, f64) = (300.0, 4_000_000.0);

/// What a microphone and its decoder can tell, in hertz (an assumption: the band of small speakers).
const TONES: (f64, f64) = (50.0, 12_000.0);

pub(super) fn check(findings: &mut Findings, profile: &Profile) {
    if let Some(console) = &profile.console {
        let at = KeyPath::from("console");
        within(findings, at.key("baud"), f64::from(console.baud), BAUD.0, BAUD.1);
        positive(findings, at.key("silence_s"), console.silence_s.get());
        let markers = || console.markers.iter().enumerate().map(|(index, marker)| (at.key("markers").index(index), marker));
        for (at, marker) in markers() {
            filled(findings, at.key("name"), &marker.name);
            regex(findings, at.key("regex"), &marker.regex);
        }
        distinct(findings, markers().map(|(at, marker)| (at.key("name"), format!("`{}`", marker.name))), "marker");
    }
    tones(findings, profile);
    provision(findings, profile);
}

fn tones(findings: &mut Findings, profile: &Profile) {
    let chimes = || profile.chimes.iter().enumerate().map(|(index, chime)| (KeyPath::from("chimes").index(index), chime));
    for (at, chime) in chimes() {
        filled(findings, at.key("name"), &chime.name);
        within(findings, at.key("hz"), chime.hz.get(), TONES.0, TONES.1);
        within(findings, at.key("repeats"), f64::from(chime.repeats), 1.0, 100.0);
    }
    distinct(findings, chimes().map(|(at, chime)| (at.key("name"), format!("`{}`", chime.name))), "chime");
}

fn provision(findings: &mut Findings, profile: &Profile) {
    let (provision, at) = (&profile.provision, KeyPath::from("provision"));
    positive(findings, at.key("timeout_s"), provision.timeout_s.get());
    match provision.via {
        Via::Console => {
            needs_console(findings, &at.key("via"), profile);
            let some = !provision.exchanges.is_empty();
            findings.require(
                some,
                &at,
                "provisioning over the console needs `exchanges`",
                "add [[provision.exchanges]] with `send` and `expect`",
            );
        }
        Via::Operator if provision.instruction.as_deref().is_none_or(|text| text.trim().is_empty()) => {
            findings.error(&at, "a person who provisions needs to be told how", "add `instruction = \"…\"`");
        }
        Via::Operator | Via::Probe | Via::None => {}
    }
    if provision.via != Via::Console && !provision.exchanges.is_empty() {
        findings.warn(at.key("exchanges"), "`exchanges` do nothing unless `via = \"console\"`", "take them away");
    }
    for (index, step) in provision.exchanges.iter().enumerate() {
        exchange(findings, &at.key("exchanges").index(index), step);
    }
}

/// A line to send and the answer to it.
pub(super) fn exchange(findings: &mut Findings, at: &KeyPath, exchange: &Exchange) {
    line(findings, at.key("send"), &exchange.send);
    regex(findings, at.key("expect"), &exchange.expect);
    positive(findings, at.key("timeout_s"), exchange.timeout_s.get());
}

/// One line for the camera's shell.
pub(super) fn line(findings: &mut Findings, at: KeyPath, text: &str) {
    findings.require(
        !text.contains(['\n', '\r']),
        &at,
        "a line to send ends by itself",
        "take the line end away; send one line a step",
    );
    filled(findings, at, text);
}

pub(super) fn needs_console(findings: &mut Findings, at: &KeyPath, profile: &Profile) {
    findings.require(profile.console.is_some(), at, "this needs a console, and the profile has none", "add a table [console]");
}

pub(super) fn needs_marker(findings: &mut Findings, at: &KeyPath, profile: &Profile, meaning: MarkerMeaning, word: &str) {
    let markers = profile.console.iter().flat_map(|console| &console.markers);
    let message = format!("this needs a console marker of meaning `{word}`, and the profile has none");
    let help = format!("add [[console.markers]] with `meaning = \"{word}\"`");
    findings.require(markers.into_iter().any(|marker| marker.meaning == meaning), at, message, help);
}

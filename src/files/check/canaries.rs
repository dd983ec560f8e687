//! Rules of a profile's canaries.

use super::{console, filled, positive, regex};
use crate::domain::profile::{CanaryRead, CanaryRule, Profile, Via};
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

/// Stands for the value that is written: without it a canary could not be told from an older one.
const VALUE: &str = "{value}";

pub(super) fn check(findings: &mut Findings, profile: &Profile) {
    for (category, rule) in &profile.canaries {
        let at = KeyPath::from("canaries").key(category.name());
        match rule.via {
            Via::Console => {
                console::needs_console(findings, &at.key("via"), profile);
                over_console(findings, &at, rule);
            }
            Via::Probe => match &rule.setting {
                Some(setting) => filled(findings, at.key("setting"), setting),
                None => findings.error(&at, "a canary over the probe needs the name of its setting", "add `setting = \"…\"`"),
            },
            Via::Operator => {
                findings.error(
                    at.key("via"),
                    "a person cannot write a canary before every trial",
                    "use \"console\" or \"probe\", or take it away",
                );
            }
            Via::None => findings.warn(at.key("via"), "a canary that nothing can write is no canary", "take the table away"),
        }
        if rule.via != Via::Console {
            for (key, given) in [("write", rule.write.is_some()), ("read", rule.read.is_some())] {
                if given {
                    findings.warn(at.key(key), format!("`{key}` does nothing unless `via = \"console\"`"), "take it away");
                }
            }
        }
        if rule.via != Via::Probe && rule.setting.is_some() {
            findings.warn(at.key("setting"), "`setting` does nothing unless `via = \"probe\"`", "take it away");
        }
    }
}

fn over_console(findings: &mut Findings, at: &KeyPath, rule: &CanaryRule) {
    match &rule.write {
        None => {
            findings.error(at, "a canary over the console needs `write`", "add `write = { send = \"…{value}\", expect = \"…\" }`")
        }
        Some(write) => {
            console::exchange(findings, &at.key("write"), write);
            let message = "the line that writes a canary must name its value";
            findings.require(
                write.send.contains(VALUE),
                at.key("write").key("send"),
                message,
                "put {value} where the value stands",
            );
        }
    }
    match &rule.read {
        None => {
            let help = "add `read = { send = \"…\", present = \"…{value}\", absent = \"…\" }`";
            findings.error(at, "a canary over the console needs `read`", help);
        }
        Some(read) => over_console_read(findings, &at.key("read"), read),
    }
}

fn over_console_read(findings: &mut Findings, at: &KeyPath, read: &CanaryRead) {
    console::line(findings, at.key("send"), &read.send);
    regex(findings, at.key("present"), &read.present);
    regex(findings, at.key("absent"), &read.absent);
    positive(findings, at.key("timeout_s"), read.timeout_s.get());
    let message = "the answer that shows a canary must name its value, or an older one would be taken for it";
    findings.require(read.present.contains(VALUE), at.key("present"), message, "put {value} where the value stands");
    let message = "`present` and `absent` are the same";
    findings.require(read.present != read.absent, at.key("absent"), message, "write the answer of a setting that is wiped");
}

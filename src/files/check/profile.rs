//! Rules of a DUT profile.

use super::{Check, canaries, chimes, console, date, filled, positive, regex, within};
use crate::domain::observation::{Colour, LightShape, MarkerMeaning};
use crate::domain::profile::{LightMeaning, LightRule, Profile, Via};
use crate::domain::units::Seconds;
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

impl Check for Profile {
    fn check(&self) -> Findings {
        let mut findings = Findings::default();
        identity(&mut findings, self);
        supply(&mut findings, self);
        ready(&mut findings, self);
        windows(&mut findings, self);
        light(&mut findings, self);
        chimes::check(&mut findings, self);
        factory(&mut findings, self);
        watch(&mut findings, self);
        console::check(&mut findings, self);
        canaries::check(&mut findings, self);
        findings
    }
}

fn identity(findings: &mut Findings, profile: &Profile) {
    filled(findings, "model".into(), &profile.model);
    regex(findings, "serial_pattern".into(), &profile.serial_pattern);
    let whole = profile.serial_pattern.starts_with('^') && profile.serial_pattern.ends_with('$');
    if !whole {
        let help = format!("write '^{}$'", profile.serial_pattern.trim_start_matches('^').trim_end_matches('$'));
        findings.warn("serial_pattern", "this pattern also fits longer serial numbers that contain such a part", help);
    }
    if let Some(instructions) = &profile.instructions {
        filled(findings, "instructions.address".into(), &instructions.address);
        date(findings, "instructions.date".into(), &instructions.date);
    }
    filled(findings, "button.place".into(), &profile.button.place);
    filled(findings, "button.reach".into(), &profile.button.reach);
    let button = &profile.button;
    for (key, value) in [("hole_mm", button.hole_mm), ("depth_mm", button.depth_mm), ("force_n", button.force_n)] {
        if let Some(value) = value.filter(|value| !(*value >= 0.0 && value.is_finite())) {
            findings.error(KeyPath::from("button").key(key), format!("`{key}` cannot be {value}"), "write 0 or more");
        }
    }
}

fn supply(findings: &mut Findings, profile: &Profile) {
    let (supply, at) = (&profile.supply, KeyPath::from("supply"));
    for (key, volts) in [("min_v", supply.min_v), ("nominal_v", supply.nominal_v), ("max_v", supply.max_v)] {
        positive(findings, at.key(key), volts.get());
    }
    positive(findings, at.key("max_a"), supply.max_a.get());
    let message = format!("the lowest voltage, {}, is above the nominal one, {}", supply.min_v, supply.nominal_v);
    findings.require(supply.min_v <= supply.nominal_v, at.key("min_v"), message, "keep min_v <= nominal_v <= max_v");
    let message = format!("the highest voltage, {}, is below the nominal one, {}", supply.max_v, supply.nominal_v);
    findings.require(supply.max_v >= supply.nominal_v, at.key("max_v"), message, "keep min_v <= nominal_v <= max_v");
    not_negative(findings, at.key("drain_s"), supply.drain_s);
}

fn ready(findings: &mut Findings, profile: &Profile) {
    let (ready, at) = (&profile.ready, KeyPath::from("ready"));
    positive(findings, at.key("timeout_s"), ready.timeout_s.get());
    not_negative(findings, at.key("min_wait_s"), ready.min_wait_s);
    let message = format!("given up after {}, before the least wait of {} is over", ready.timeout_s, ready.min_wait_s);
    findings.require(
        ready.min_wait_s <= ready.timeout_s,
        at.key("timeout_s"),
        message,
        format!("write more than {}", ready.min_wait_s.get()),
    );
    if let Some(stable) = ready.light_stable_s {
        positive(findings, at.key("light_stable_s"), stable.get());
        needs_light(findings, &at.key("light_stable_s"), profile, LightMeaning::Ready, "ready");
    }
    if ready.marker {
        console::needs_marker(findings, &at.key("marker"), profile, MarkerMeaning::Ready, "ready");
    }
    if ready.light_stable_s.is_none() && !ready.marker {
        let message = "nothing shows that this camera is ready: it will be taken for ready when `min_wait_s` is over";
        findings.warn(at, message, "add `light_stable_s = …` or `marker = true`, if the camera gives such a sign");
    }
}

fn windows(findings: &mut Findings, profile: &Profile) {
    not_negative(findings, "press.write_window_s".into(), profile.press.write_window_s);
    let mut end: Option<Seconds> = Some(Seconds::ZERO);
    for (index, window) in profile.press.windows.iter().enumerate() {
        let at = KeyPath::from("press.windows").index(index);
        match end {
            None => findings.error(&at, "this window follows one without an end", "give the window before it a `to_s`"),
            Some(end) if window.from_s < end => {
                let message = format!("this window begins at {}, before the one before it ends ({end})", window.from_s);
                findings.error(at.key("from_s"), message, "write the windows in order; `to_s` itself is not part of a window");
            }
            Some(_) => {}
        }
        if let Some(to) = window.to_s {
            let message = format!("this window ends at {to}, and begins at {}", window.from_s);
            findings.require(to > window.from_s, at.key("to_s"), message, "let `to_s` be longer than `from_s`");
        }
        end = window.to_s;
    }
}

fn light(findings: &mut Findings, profile: &Profile) {
    for (meaning, rule) in &profile.light {
        let at = KeyPath::from("light").key(meaning.name());
        let rhythmic = matches!(rule.shape, LightShape::Blink | LightShape::Alternating);
        match rule.hz {
            None if rhythmic => findings.error(&at, "a blinking light needs its rate", "add `hz = …`: full periods a second"),
            Some(_) if !rhythmic => {
                findings.warn(at.key("hz"), "`hz` does nothing for a light that does not blink", "take it away")
            }
            Some(hz) => positive(findings, at.key("hz"), hz.get()),
            None => {}
        }
        if rule.shape == LightShape::Unclear {
            findings.error(
                at.key("shape"),
                "`unclear` is what a decoder says, not a rule",
                "write off, solid, blink or alternating",
            );
        }
        within(findings, at.key("hz_tolerance"), rule.hz_tolerance, 0.01, 0.9);
        colours(findings, &at, rule);
        lit_share(findings, &at, rule);
    }
    alike(findings, profile);
}

/// A pattern that could be another one means nothing to whoever judges a trial.
fn alike(findings: &mut Findings, profile: &Profile) {
    let rules: Vec<_> = profile.light.iter().collect();
    for (index, (meaning, rule)) in rules.iter().enumerate() {
        for (other, against) in &rules[..index] {
            let one = (LightMeaning::Ready, LightMeaning::Setup);
            let is_error = profile.factory.light && [(**other, **meaning), (**meaning, **other)].contains(&one);
            if is_error || !same_pattern(rule, against) {
                continue;
            }
            let (word, other) = (meaning.name(), other.name());
            let message = format!("the light of `{word}` may be that of `{other}`: a pattern that fits both tells nothing");
            let help = "narrow one of them by `hz`, `hz_tolerance`, `duty` or `colour`, or take away the one that says less";
            findings.warn(KeyPath::from("light").key(word), message, help);
        }
    }
}

fn colours(findings: &mut Findings, at: &KeyPath, rule: &LightRule) {
    let Some(second) = rule.second else { return };
    let message = "`second` is the other colour of a light that shows two in turn";
    findings.require(
        rule.shape == LightShape::Alternating,
        at.key("second"),
        message,
        "write `shape = \"alternating\"`, or take it away",
    );
    let message = "both colours are the same, so nothing alternates";
    findings.require(rule.colour != Some(second), at.key("second"), message, "name the other colour of the two");
}

fn lit_share(findings: &mut Findings, at: &KeyPath, rule: &LightRule) {
    let Some(duty) = rule.duty else { return };
    let message = "`duty` is the lit share of a blink, and this light does not blink";
    findings.require(rule.shape == LightShape::Blink, at.key("duty"), message, "write `shape = \"blink\"`, or take it away");
    within(findings, at.key("duty"), duty, 0.01, 0.99);
    within(findings, at.key("duty_tolerance"), rule.duty_tolerance, 0.01, 0.5);
}

fn factory(findings: &mut Findings, profile: &Profile) {
    let (signs, at) = (&profile.factory, KeyPath::from("factory"));
    if signs.light {
        needs_light(findings, &at.key("light"), profile, LightMeaning::Setup, "setup");
        let rules = (profile.light.get(&LightMeaning::Setup), profile.light.get(&LightMeaning::Ready));
        if let (Some(setup), Some(ready)) = rules
            && same_pattern(setup, ready)
        {
            let message = "the lights of `setup` and `ready` cannot be told apart, so the light is no sign of the factory state";
            findings.error("light.setup", message, "correct the pattern, or set `light = false` under [factory]");
        }
    }
    if signs.marker {
        console::needs_marker(findings, &at.key("marker"), profile, MarkerMeaning::Factory, "factory");
    }
    let sign = signs.light || signs.marker || signs.network || signs.sound;
    let canary = profile.canaries.values().any(|rule| rule.via != Via::None);
    let resetting = profile.provision.via == Via::None && profile.light.contains_key(&LightMeaning::Resetting);
    match (sign, canary || resetting) {
        (true, _) => {}
        (false, true) => {
            let message = "this camera shows no sign of its factory state: a reset can be suggested or indicated, never proved";
            findings.warn(at, message, "add `light`, `marker`, `network` or `sound`, if the camera shows any");
        }
        (false, false) => {
            findings.error(
                at,
                "no sign and no canary can show a reset of this camera",
                "set a sign to true, or add [canaries.wifi] or others",
            );
        }
    }
}

fn watch(findings: &mut Findings, profile: &Profile) {
    let (watch, at) = (&profile.watch, KeyPath::from("watch"));
    let spans = [
        ("reboot_s", watch.reboot_s),
        ("erasing_s", watch.erasing_s),
        ("quiet_s", watch.quiet_s),
        ("recovery_s", watch.recovery_s),
    ];
    for (key, span) in spans {
        positive(findings, at.key(key), span.get());
    }
    not_negative(findings, at.key("settle_s"), watch.settle_s);
}

fn needs_light(findings: &mut Findings, at: &KeyPath, profile: &Profile, meaning: LightMeaning, word: &str) {
    let message = format!("this needs the light pattern `{word}`, and the profile has none");
    findings.require(profile.light.contains_key(&meaning), at, message, format!("add a table [light.{word}]"));
}

/// Whether a light could fit both rules. A rule without a colour fits every colour.
fn same_pattern(a: &LightRule, b: &LightRule) -> bool {
    let band = |rule: &LightRule| rule.hz.map(|hz| (hz.get() * (1.0 - rule.hz_tolerance), hz.get() * (1.0 + rule.hz_tolerance)));
    let rates_meet = match (band(a), band(b)) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => true,
    };
    let shares_meet = match (a.duty, b.duty) {
        (Some(x), Some(y)) => (x - y).abs() <= a.duty_tolerance + b.duty_tolerance,
        _ => true,
    };
    let meet = |x: Option<Colour>, y: Option<Colour>| x.is_none() || y.is_none() || x == y;
    let turned = a.shape == LightShape::Alternating && meet(a.colour, b.second) && meet(a.second, b.colour);
    let colours_meet = turned || (meet(a.colour, b.colour) && meet(a.second, b.second));
    a.shape == b.shape && rates_meet && shares_meet && colours_meet
}

fn not_negative(findings: &mut Findings, at: KeyPath, span: Seconds) {
    let message = format!("`{at}` cannot be negative");
    findings.require(span >= Seconds::ZERO, at, message, "write 0 or more seconds");
}

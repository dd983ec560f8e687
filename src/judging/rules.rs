//! What a decoded light pattern means under a profile.

use crate::domain::observation::{Colour, LightPattern, LightShape};
use crate::domain::profile::{LightMeaning, LightRule};
use std::collections::BTreeMap;

/// What the light of a model means.
pub type LightRules = BTreeMap<LightMeaning, LightRule>;

/// The colours of a light: one, or the two of an alternating light in any order.
type Pair = (Option<Colour>, Option<Colour>);

/// Whether a pattern satisfies a rule. Rate and lit share match within the rule's own tolerances; a pattern without a colour never satisfies a
/// rule that names one, and a pattern that is unclear satisfies none.
pub fn satisfies(pattern: &LightPattern, rule: &LightRule) -> bool {
    let shows = |(one, other): Pair| {
        rule.colour.is_none_or(|colour| one == Some(colour)) && rule.second.is_none_or(|colour| other == Some(colour))
    };
    let (one, other) = (pattern.colour, pattern.second);
    fits_but_for_colour(pattern, rule) && (shows((one, other)) || (takes_turns(pattern.shape) && shows((other, one))))
}

/// The one meaning of a pattern; `None` when it has none, or could have several. A lone photodiode cannot tell solid red from solid green:
/// where rules differ by colour alone, it knows none of them.
pub fn meaning(pattern: &LightPattern, rules: &LightRules) -> Option<LightMeaning> {
    let mut possible = possible(pattern, rules);
    let (meaning, rule) = possible.next()?;
    (possible.next().is_none() && satisfies(pattern, rule)).then_some(meaning)
}

/// Whether a pattern says that the camera is up, in normal use or waiting to be set up, though perhaps not which of the two.
pub fn is_up(pattern: &LightPattern, rules: &LightRules) -> bool {
    let (mut satisfied, mut up) = (false, true);
    for (meaning, rule) in possible(pattern, rules) {
        satisfied |= satisfies(pattern, rule);
        up &= matches!(meaning, LightMeaning::Ready | LightMeaning::Setup);
    }
    satisfied && up
}

/// Whether a sensor can tell this meaning from all others of the profile. `sees_colour`: it is more than a lone photodiode.
pub fn distinguishable(meaning: LightMeaning, rules: &LightRules, sees_colour: bool) -> bool {
    let Some(rule) = rules.get(&meaning) else { return false };
    let clash = rules.iter().any(|(other, against)| *other != meaning && overlap(rule, against, sees_colour));
    seen_by(rule, sees_colour) && !clash
}

/// Whether a sensor can tell from the light that the camera is up: both in normal use and waiting to be set up, where the profile has a light
/// for that, and never while it is anything else.
pub fn tells_up(rules: &LightRules, sees_colour: bool) -> bool {
    let up = |meaning: LightMeaning| matches!(meaning, LightMeaning::Ready | LightMeaning::Setup);
    let told = |rule: &LightRule| {
        let clash = rules.iter().any(|(other, against)| !up(*other) && overlap(rule, against, sees_colour));
        seen_by(rule, sees_colour) && !clash
    };
    rules.contains_key(&LightMeaning::Ready) && rules.iter().filter(|(meaning, _)| up(**meaning)).all(|(_, rule)| told(rule))
}

/// Whether a pattern that the sensor tells could satisfy the rule.
fn seen_by(rule: &LightRule, sees_colour: bool) -> bool {
    let needs_colour = rule.colour.is_some() || rule.second.is_some() || takes_turns(rule.shape);
    (sees_colour || !needs_colour) && rule.shape != LightShape::Unclear
}

fn takes_turns(shape: LightShape) -> bool {
    shape == LightShape::Alternating
}

/// The rules that a pattern satisfies, or would if its colour were known.
fn possible<'a>(pattern: &'a LightPattern, rules: &'a LightRules) -> impl Iterator<Item = (LightMeaning, &'a LightRule)> {
    let colours = (pattern.colour, pattern.second);
    let fits = move |rule: &LightRule| {
        let seen = fits_but_for_colour(pattern, rule) && pairs_meet(colours, (rule.colour, rule.second), takes_turns(rule.shape));
        seen || (pattern.colour.is_none() && hides(rule, pattern.shape, |due| rate_fits(pattern, due)))
    };
    rules.iter().filter(move |(_, rule)| fits(rule)).map(|(meaning, rule)| (*meaning, rule))
}

/// Whether a sensor that knows no colour may take an alternating light for this shape: solid when both colours are as bright as each other to
/// it, else a blink of the same rate.
fn hides(rule: &LightRule, shape: LightShape, rates_meet: impl FnOnce(&LightRule) -> bool) -> bool {
    takes_turns(rule.shape) && (shape == LightShape::Solid || (shape == LightShape::Blink && rates_meet(rule)))
}

/// Whether two lights could have the same colours; one that is not named is any.
fn pairs_meet(a: Pair, b: Pair, any_order: bool) -> bool {
    let meet = |a: Option<Colour>, b: Option<Colour>| a.is_none() || b.is_none() || a == b;
    (meet(a.0, b.0) && meet(a.1, b.1)) || (any_order && meet(a.0, b.1) && meet(a.1, b.0))
}

fn fits_but_for_colour(pattern: &LightPattern, rule: &LightRule) -> bool {
    let lit_share =
        rule.duty.is_none_or(|due| pattern.duty.is_some_and(|found| (f64::from(found) - due).abs() <= rule.duty_tolerance));
    pattern.shape == rule.shape && pattern.shape != LightShape::Unclear && rate_fits(pattern, rule) && lit_share
}

fn rate_fits(pattern: &LightPattern, rule: &LightRule) -> bool {
    match (rule.hz, pattern.hz) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(due), Some(found)) => (found.get() - due.get()).abs() <= rule.hz_tolerance * due.get(),
    }
}

/// Whether one pattern could satisfy both rules.
fn overlap(one: &LightRule, other: &LightRule, sees_colour: bool) -> bool {
    let rates = match (one.hz, other.hz) {
        (Some(a), Some(b)) => (a.get() - b.get()).abs() <= one.hz_tolerance * a.get() + other.hz_tolerance * b.get(),
        (None, _) | (_, None) => true,
    };
    if !sees_colour && (hides(one, other.shape, |_| rates) || hides(other, one.shape, |_| rates)) {
        return true;
    }
    let lit_shares = match (one.duty, other.duty) {
        (Some(a), Some(b)) => (a - b).abs() <= one.duty_tolerance + other.duty_tolerance,
        (None, _) | (_, None) => true,
    };
    let colours = !sees_colour || pairs_meet((one.colour, one.second), (other.colour, other.second), takes_turns(one.shape));
    one.shape == other.shape && rates && lit_shares && colours
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::Colour;
    use crate::domain::units::Hertz;
    use LightMeaning::{Booting, Ready, Resetting, Setup};
    use LightShape::{Blink, Off, Solid, Unclear};

    fn rule(shape: LightShape, hz: Option<f64>, colour: Option<Colour>) -> LightRule {
        LightRule { hz: hz.map(Hertz::new), colour, ..LightRule::of(shape) }
    }

    fn pattern(shape: LightShape, hz: Option<f64>, colour: Option<Colour>) -> LightPattern {
        LightPattern { shape, hz: hz.map(Hertz::new), duty: None, colour, second: None }
    }

    #[test]
    fn a_rate_matches_within_its_tolerance() {
        let due = rule(Blink, Some(5.0), None);
        for (hz, expected) in [(3.9, false), (4.0, true), (5.0, true), (6.0, true), (6.1, false)] {
            assert_eq!(satisfies(&pattern(Blink, Some(hz), None), &due), expected, "{hz}");
        }
        assert!(satisfies(&pattern(Blink, Some(0.3), None), &rule(Blink, None, None)));
        assert!(!satisfies(&pattern(Solid, None, None), &due));
        assert!(!satisfies(&pattern(Unclear, None, None), &rule(Unclear, None, None)));
    }

    #[test]
    fn a_colour_that_was_not_seen_satisfies_no_rule_that_names_one() {
        let green = rule(Solid, None, Some(Colour::Green));
        assert!(!satisfies(&pattern(Solid, None, None), &green));
        assert!(!satisfies(&pattern(Solid, None, Some(Colour::Red)), &green));
        assert!(satisfies(&pattern(Solid, None, Some(Colour::Green)), &green));
        assert!(satisfies(&pattern(Solid, None, Some(Colour::Green)), &rule(Solid, None, None)));
    }

    #[test]
    fn a_meaning_that_could_be_another_is_none() {
        let rules = LightRules::from([
            (Ready, rule(Solid, None, None)),
            (Setup, rule(Blink, Some(1.0), None)),
            (Booting, rule(Blink, Some(1.3), None)),
            (Resetting, rule(Blink, Some(5.0), None)),
        ]);
        let told = |shape, hz| meaning(&pattern(shape, hz, None), &rules);
        assert_eq!(told(Solid, None), Some(Ready));
        assert_eq!(told(Blink, Some(5.2)), Some(Resetting));
        assert_eq!(told(Blink, Some(0.9)), Some(Setup));
        assert_eq!(told(Blink, Some(1.15)), None, "both fit");
        assert_eq!(told(Off, None), None);
        assert!(distinguishable(Resetting, &rules, false) && distinguishable(Ready, &rules, false));
        assert!(!distinguishable(Setup, &rules, false) && !distinguishable(LightMeaning::Failed, &rules, false));
    }

    #[test]
    fn rules_that_differ_by_colour_alone_need_a_sensor_that_sees_it() {
        let rules = LightRules::from([
            (Booting, rule(Solid, None, Some(Colour::Red))),
            (Ready, rule(Solid, None, Some(Colour::Green))),
            (Setup, rule(Solid, None, None)),
        ]);
        assert_eq!(meaning(&pattern(Solid, None, None), &rules), None);
        assert_eq!(meaning(&pattern(Solid, None, Some(Colour::Blue)), &rules), Some(Setup));
        assert_eq!(meaning(&pattern(Solid, None, Some(Colour::Red)), &rules), None, "setup fits red too");
        assert!(!distinguishable(Ready, &rules, false));
        let rules = LightRules::from([(Booting, rules[&Booting].clone()), (Ready, rules[&Ready].clone())]);
        assert!(distinguishable(Ready, &rules, true) && !distinguishable(Ready, &rules, false));
    }

    fn turns(colour: Option<Colour>, second: Option<Colour>) -> LightRule {
        LightRule { second, ..rule(LightShape::Alternating, Some(1.0), colour) }
    }

    #[test]
    fn two_colours_in_turn_match_in_any_order_and_an_unknown_one_matches_no_name() {
        let due = turns(Some(Colour::Red), Some(Colour::Green));
        let seen = |colour, second| LightPattern { second, ..pattern(LightShape::Alternating, Some(1.0), colour) };
        assert!(satisfies(&seen(Some(Colour::Red), Some(Colour::Green)), &due));
        assert!(satisfies(&seen(Some(Colour::Green), Some(Colour::Red)), &due));
        for (colour, second) in [(Colour::Red, None), (Colour::Red, Some(Colour::Blue)), (Colour::Green, Some(Colour::Green))] {
            assert!(!satisfies(&seen(Some(colour), second), &due), "{colour:?} {second:?}");
        }
        assert!(
            satisfies(&seen(Some(Colour::Green), Some(Colour::Red)), &turns(Some(Colour::Red), None)),
            "one of both is named"
        );
        assert!(satisfies(&seen(None, None), &turns(None, None)));
        let rules = LightRules::from([(Setup, due), (Resetting, turns(Some(Colour::Blue), Some(Colour::Green)))]);
        assert!(distinguishable(Setup, &rules, true) && !distinguishable(Setup, &rules, false));
        assert_eq!(meaning(&seen(Some(Colour::Green), Some(Colour::Red)), &rules), Some(Setup));
        assert_eq!(meaning(&seen(Some(Colour::Green), None), &rules), None, "both have green");
    }

    #[test]
    fn a_sensor_without_colours_may_take_two_colours_in_turn_for_a_solid_light_or_a_blink() {
        let setup = turns(Some(Colour::Red), Some(Colour::Green));
        let rules = LightRules::from([
            (Ready, rule(Solid, None, None)),
            (Setup, setup),
            (Booting, rule(Blink, Some(1.0), None)),
            (Resetting, rule(Blink, Some(5.0), None)),
        ]);
        let told = |shape, hz, colour| meaning(&pattern(shape, hz, colour), &rules);
        assert_eq!(told(Solid, None, None), None);
        assert_eq!(told(Blink, Some(1.0), None), None);
        assert_eq!(told(Blink, Some(5.0), None), Some(Resetting));
        assert_eq!(told(Solid, None, Some(Colour::Green)), Some(Ready));
        for (meaning, seen) in [(Ready, false), (Setup, false), (Booting, false), (Resetting, true)] {
            assert_eq!(distinguishable(meaning, &rules, false), seen, "{meaning:?}");
            assert!(distinguishable(meaning, &rules, true), "{meaning:?}");
        }
    }

    #[test]
    fn a_lit_share_matches_within_its_tolerance_and_tells_blinks_of_one_rate_apart() {
        let short = LightRule { duty: Some(0.1), ..rule(Blink, Some(1.0), None) };
        let even = LightRule { duty: Some(0.5), ..short.clone() };
        let seen = |duty| LightPattern { duty, ..pattern(Blink, Some(1.0), None) };
        for (duty, expected) in [(Some(0.04), true), (Some(0.24), true), (Some(0.3), false), (None, false)] {
            assert_eq!(satisfies(&seen(duty), &short), expected, "{duty:?}");
        }
        let rules = LightRules::from([(Setup, short), (Resetting, even)]);
        assert!(distinguishable(Setup, &rules, false));
        assert_eq!(meaning(&seen(Some(0.52)), &rules), Some(Resetting));
        let rules = LightRules::from([(Setup, rules[&Setup].clone()), (Booting, rule(Blink, Some(1.0), None))]);
        assert!(!distinguishable(Setup, &rules, false), "a rule without a lit share fits any");
    }

    #[test]
    fn up_is_up_in_normal_use_and_in_setup() {
        let blink = |meaning| (meaning, rule(Blink, Some(1.0), None));
        let one_hz = pattern(Blink, Some(1.0), None);
        assert!(is_up(&one_hz, &LightRules::from([blink(Setup)])));
        assert!(is_up(&one_hz, &LightRules::from([blink(Ready), blink(Setup)])));
        assert!(!is_up(&one_hz, &LightRules::from([blink(Setup), blink(Booting)])));
        assert!(!is_up(&pattern(Off, None, None), &LightRules::from([blink(Setup)])));
        let solid = pattern(Solid, None, None);
        let setup = (Setup, turns(Some(Colour::Red), Some(Colour::Green)));
        assert!(is_up(&solid, &LightRules::from([(Ready, rule(Solid, None, None)), setup.clone()])), "up, whichever it is");
        assert!(!is_up(&solid, &LightRules::from([setup])), "perhaps, but nothing says so");
    }
}

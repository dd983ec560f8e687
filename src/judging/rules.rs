//! What a decoded light pattern means under a profile.

use crate::domain::observation::{LightPattern, LightShape};
use crate::domain::profile::{LightMeaning, LightRule};
use std::collections::BTreeMap;

/// What the light of a model means.
pub type LightRules = BTreeMap<LightMeaning, LightRule>;

/// Whether a pattern satisfies a rule. A rate matches within the rule's own tolerance; a pattern without a colour never satisfies a rule
/// that names one, and a pattern that is unclear satisfies none.
pub fn satisfies(pattern: &LightPattern, rule: &LightRule) -> bool {
    fits_but_for_colour(pattern, rule) && rule.colour.is_none_or(|colour| pattern.colour == Some(colour))
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
    let mut possible = possible(pattern, rules).peekable();
    possible.peek().is_some()
        && possible
            .all(|(meaning, rule)| matches!(meaning, LightMeaning::Ready | LightMeaning::Setup) && satisfies(pattern, rule))
}

/// Whether a sensor can tell this meaning from all others of the profile. `sees_colour`: it is more than a lone photodiode.
pub fn distinguishable(meaning: LightMeaning, rules: &LightRules, sees_colour: bool) -> bool {
    let Some(rule) = rules.get(&meaning) else { return false };
    let clash = rules.iter().any(|(other, against)| *other != meaning && overlap(rule, against, sees_colour));
    (sees_colour || rule.colour.is_none()) && rule.shape != LightShape::Unclear && !clash
}

/// The rules that a pattern satisfies, or would if its colour were known.
fn possible<'a>(pattern: &'a LightPattern, rules: &'a LightRules) -> impl Iterator<Item = (LightMeaning, &'a LightRule)> {
    let fits = |rule: &LightRule| fits_but_for_colour(pattern, rule) && (pattern.colour.is_none() || satisfies(pattern, rule));
    rules.iter().filter(move |(_, rule)| fits(rule)).map(|(meaning, rule)| (*meaning, rule))
}

fn fits_but_for_colour(pattern: &LightPattern, rule: &LightRule) -> bool {
    let rate = match (rule.hz, pattern.hz) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(due), Some(found)) => (found.get() - due.get()).abs() <= rule.hz_tolerance * due.get(),
    };
    pattern.shape == rule.shape && pattern.shape != LightShape::Unclear && rate
}

/// Whether one pattern could satisfy both rules.
fn overlap(one: &LightRule, other: &LightRule, sees_colour: bool) -> bool {
    let rates = match (one.hz, other.hz) {
        (Some(a), Some(b)) => (a.get() - b.get()).abs() <= one.hz_tolerance * a.get() + other.hz_tolerance * b.get(),
        (None, _) | (_, None) => true,
    };
    let colours = !sees_colour || one.colour.is_none() || other.colour.is_none() || one.colour == other.colour;
    one.shape == other.shape && rates && colours
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

    #[test]
    fn up_is_up_in_normal_use_and_in_setup() {
        let blink = |meaning| (meaning, rule(Blink, Some(1.0), None));
        let one_hz = pattern(Blink, Some(1.0), None);
        assert!(is_up(&one_hz, &LightRules::from([blink(Setup)])));
        assert!(is_up(&one_hz, &LightRules::from([blink(Ready), blink(Setup)])));
        assert!(!is_up(&one_hz, &LightRules::from([blink(Setup), blink(Booting)])));
        assert!(!is_up(&pattern(Off, None, None), &LightRules::from([blink(Setup)])));
    }
}

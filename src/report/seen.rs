//! What a sensor told, as a person would say it.

use super::words::{meaning_word, number, stage_word};
use crate::analysis::evidence::What;
use crate::domain::observation::{
    Colour, ConsoleState, CurrentEvent, ForceEvent, LightPattern, LightShape, NetworkStatus, Observation, PowerState,
};
use crate::domain::step::StepEnd;
use crate::domain::verdict::Fate;

/// A line of the journal in words.
pub fn seen_words(what: &What) -> String {
    match what {
        What::Observation(observation) => observation_words(observation),
        What::Step(step, end) => format!("the step `{step}` {}", end_words(*end)),
        What::Line(kind) => format!("the line `{kind}`"),
    }
}

fn end_words(end: StepEnd) -> &'static str {
    match end {
        StepEnd::Done => "did what it should",
        StepEnd::NotSeen => "ended without what it waited for",
        StepEnd::Faulted => "failed with the rig",
        StepEnd::Stopped => "was given up for a stop",
    }
}

/// An observation in words.
pub fn observation_words(observation: &Observation) -> String {
    match observation {
        Observation::Light(pattern) => light(pattern),
        Observation::Marker { marker, meaning } => format!("the console said \"{marker}\" ({})", meaning_word(*meaning)),
        Observation::Boot { boot, stage } => format!("the console showed boot {boot} at the stage {}", stage_word(*stage)),
        Observation::Console { state } => match state {
            ConsoleState::Speaking => "the console spoke",
            ConsoleState::Silent => "the console had fallen silent",
            ConsoleState::Garbled => "the console delivered no text",
            ConsoleState::Gap => "the console's port was lost and opened again",
        }
        .to_owned(),
        Observation::Power { state } => match state {
            PowerState::Off => "the plug had no voltage",
            PowerState::On => "the plug had its voltage",
            PowerState::Sagging => "the voltage at the plug sagged",
            PowerState::OverVoltage => "the voltage at the plug was too high",
        }
        .to_owned(),
        Observation::Current { event } => match event {
            CurrentEvent::Restart => "the supply current fell away and came back: a restart",
            CurrentEvent::Infrared => "the supply current rose as with infrared lamps",
            CurrentEvent::Motor => "the supply current rose as with a motor",
            CurrentEvent::Erase => "the supply current rose as with an erase",
        }
        .to_owned(),
        Observation::Coil { energised: true, .. } => "the coil was energised".to_owned(),
        Observation::Coil { energised: false, .. } => "the coil was switched off".to_owned(),
        Observation::Tone { tone } => format!("the tone \"{tone}\" sounded"),
        Observation::Motor { running: true } => "the motor ran".to_owned(),
        Observation::Motor { running: false } => "the motor stopped".to_owned(),
        Observation::Force { event } => match event {
            ForceEvent::Snap => "the button snapped under the tip",
            ForceEvent::NoSnap => "the tip pressed home and nothing snapped",
            ForceEvent::TooLittle => "the tip never pressed as hard as the button takes",
        }
        .to_owned(),
        Observation::Network { status } => match status {
            NetworkStatus::Factory => "the network said: factory state",
            NetworkStatus::Configured => "the network said: configured",
            NetworkStatus::Unknown => "the network gave an answer that says nothing",
            NetworkStatus::Unreachable => "the camera did not answer over the network",
        }
        .to_owned(),
        Observation::Canary { category, fate } => match fate {
            Fate::Gone => format!("the canary in {} was gone", category.name()),
            Fate::Survived => format!("the canary in {} was still there", category.name()),
            Fate::NotObserved => format!("the canary in {} could not be read", category.name()),
        },
        Observation::Ready => "the camera was ready".to_owned(),
        Observation::Change { sense } => format!("a change answered the press ({})", sense.name()),
    }
}

fn light(pattern: &LightPattern) -> String {
    let rate = pattern.hz.map_or(String::new(), |hz| format!(" at {} Hz", number(hz.get())));
    let what = match pattern.shape {
        LightShape::Off => "the light was dark".to_owned(),
        LightShape::Solid => "the light was lit steadily".to_owned(),
        LightShape::Blink => format!("the light blinked{rate}"),
        LightShape::Alternating => format!("the light alternated{rate}"),
        LightShape::Unclear => "the light changed without a rhythm".to_owned(),
    };
    match (pattern.colour, pattern.second) {
        (Some(one), Some(other)) => format!("{what} ({} and {})", colour(one), colour(other)),
        (Some(one), None) => format!("{what} ({})", colour(one)),
        (None, _) => what,
    }
}

fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Red => "red",
        Colour::Amber => "amber",
        Colour::Yellow => "yellow",
        Colour::Green => "green",
        Colour::Cyan => "cyan",
        Colour::Blue => "blue",
        Colour::Purple => "purple",
        Colour::White => "white",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::canary::Category;
    use crate::domain::observation::{BootStage, MarkerMeaning};
    use crate::domain::units::Hertz;

    #[test]
    fn observations_read_as_sentences() {
        let blink = LightPattern {
            shape: LightShape::Blink,
            hz: Some(Hertz::new(1.04)),
            duty: Some(0.5),
            colour: Some(Colour::Red),
            second: None,
        };
        let cases = [
            (Observation::Light(blink), "the light blinked at 1.04 Hz (red)"),
            (
                Observation::Marker { marker: "up".to_owned(), meaning: MarkerMeaning::NotFactory },
                "the console said \"up\" (not factory state)",
            ),
            (Observation::Boot { boot: 2, stage: BootStage::Kernel }, "the console showed boot 2 at the stage kernel"),
            (Observation::Canary { category: Category::Wifi, fate: Fate::Survived }, "the canary in wifi was still there"),
        ];
        cases.into_iter().for_each(|(observation, words)| assert_eq!(observation_words(&observation), words));
    }
}

//! Words short enough for a timeline.

use crate::domain::condition::{Release, Stimulus};
use crate::domain::observation::{
    Colour, ConsoleState, CurrentEvent, ForceEvent, LightPattern, LightShape, NetworkStatus, Observation,
};
use crate::domain::verdict::Fate;
use crate::report::words::{number, seconds};

/// What was done.
pub fn stimulus(stimulus: &Stimulus) -> String {
    match stimulus {
        Stimulus::Press { hold_s, release: Release::AfterHold, .. } => format!("press of {}", seconds(hold_s.get())),
        Stimulus::Press { hold_s, release: Release::OnChange, .. } => {
            format!("press of {} or until a change", seconds(hold_s.get()))
        }
        Stimulus::Sham { .. } => "sham".to_owned(),
        Stimulus::UnpoweredPress { hold_s } => format!("press of {} without supply", seconds(hold_s.get())),
        Stimulus::Check { .. } => "check".to_owned(),
    }
}

/// What the console told, as a mark.
pub fn console(observation: &Observation) -> Option<String> {
    Some(match observation {
        Observation::Marker { marker, .. } => marker.clone(),
        Observation::Console { state } => match state {
            ConsoleState::Speaking => return None,
            ConsoleState::Silent => "silent",
            ConsoleState::Garbled => "no text",
            ConsoleState::Gap => "port lost",
        }
        .to_owned(),
        _ => return None,
    })
}

/// What was heard and felt, as a mark.
pub fn sound(observation: &Observation) -> Option<String> {
    Some(match observation {
        Observation::Tone { tone } => tone.clone(),
        Observation::Motor { running: true } => "motor runs".to_owned(),
        Observation::Motor { running: false } => "motor stops".to_owned(),
        _ => return None,
    })
}

/// What the supply current told, as a mark.
pub fn current(observation: &Observation) -> Option<String> {
    let Observation::Current { event } = observation else { return None };
    let word = match event {
        CurrentEvent::Restart => "restart",
        CurrentEvent::Infrared => "infrared",
        CurrentEvent::Motor => "motor",
        CurrentEvent::Erase => "erase",
    };
    Some(word.to_owned())
}

/// Everything else, as a mark.
pub fn sign(observation: &Observation) -> Option<String> {
    Some(match observation {
        Observation::Ready => "ready".to_owned(),
        Observation::Change { sense } => format!("answer ({})", sense.name()),
        Observation::Network { status } => match status {
            NetworkStatus::Factory => "network: factory",
            NetworkStatus::Configured => "network: configured",
            NetworkStatus::Unknown => "network: unclear",
            NetworkStatus::Unreachable => "network: no answer",
        }
        .to_owned(),
        Observation::Canary { category, fate } => match fate {
            Fate::Gone => format!("{} wiped", category.name()),
            Fate::Survived => format!("{} there", category.name()),
            Fate::NotObserved => format!("{} unread", category.name()),
        },
        Observation::Force { event } => match event {
            ForceEvent::Snap => "button snapped",
            ForceEvent::NoSnap => "no snap",
            ForceEvent::TooLittle => "too little force",
        }
        .to_owned(),
        _ => return None,
    })
}

/// What a light does.
pub fn light(pattern: &LightPattern) -> String {
    let rate = pattern.hz.map_or(String::new(), |hz| format!(" {} Hz", number(hz.get())));
    let what = match pattern.shape {
        LightShape::Off => "off".to_owned(),
        LightShape::Solid => "on".to_owned(),
        LightShape::Blink => format!("blinks{rate}"),
        LightShape::Alternating => format!("alternates{rate}"),
        LightShape::Unclear => "unclear".to_owned(),
    };
    match (pattern.colour, pattern.second) {
        (Some(one), Some(other)) => format!("{what}, {} and {}", colour(one), colour(other)),
        (Some(one), None) => format!("{what}, {}", colour(one)),
        (None, _) => what,
    }
}

fn colour(colour: Colour) -> String {
    format!("{colour:?}").to_lowercase()
}

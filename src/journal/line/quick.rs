//! The short lines that are most of a journal, read by hand where they are spelled exactly as we spell them. Everything else, and whatever
//! does not fit, is left to serde, which reads the same from them.

use super::envelope::Scan;
use crate::domain::event::StepFinished;
use crate::domain::step::{Step, StepEnd};

/// The fields of a `step_started` whose step has none of its own.
pub(super) fn bare_step(fields: &[u8]) -> Option<Step> {
    let mut scan = Scan::new(fields);
    scan.text(b"{\"step\":\"")?;
    let word = scan.word()?;
    scan.text(b"\"}")?;
    let step = Step::BARE.iter().find(|step| step.name().as_bytes() == word)?;
    scan.at_end().then(|| step.clone())
}

/// The fields of a `step_finished` without optional ones.
pub(super) fn step_finished(fields: &[u8]) -> Option<StepFinished> {
    let mut scan = Scan::new(fields);
    scan.text(b"{\"step\":\"")?;
    let step = String::from_utf8(scan.word()?.to_vec()).ok()?;
    scan.text(b"\",\"end\":\"")?;
    let end = match scan.word()? {
        b"done" => StepEnd::Done,
        b"not_seen" => StepEnd::NotSeen,
        b"faulted" => StepEnd::Faulted,
        b"stopped" => StepEnd::Stopped,
        _ => return None,
    };
    scan.text(b"\"}")?;
    scan.at_end().then_some(StepFinished { step, end, released_by: None, power_cut: false })
}

/// The word of `what` in the fields of an `observed`, which begin with the comma or the brace before them.
pub(in crate::journal) fn observation_word(fields: &[u8]) -> Option<&[u8]> {
    let mut scan = Scan::new(fields.get(1..)?);
    scan.text(b"\"at_us\":")?;
    scan.number()?;
    scan.text(b",\"what\":\"")?;
    scan.word()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::StepStarted;

    #[test]
    fn every_bare_step_reads_as_serde_reads_it() {
        for step in Step::BARE {
            let text = serde_json::to_vec(&StepStarted { step: step.clone() }).unwrap();
            assert_eq!(bare_step(&text), Some(step.clone()));
            assert_eq!(serde_json::from_slice::<Step>(&text).unwrap(), step);
        }
    }

    #[test]
    fn every_end_of_a_step_reads_as_serde_reads_it() {
        for end in [StepEnd::Done, StepEnd::NotSeen, StepEnd::Faulted, StepEnd::Stopped] {
            let finished = StepFinished { step: "power_on".to_owned(), end, released_by: None, power_cut: false };
            let text = serde_json::to_vec(&finished).unwrap();
            assert_eq!(step_finished(&text), Some(finished));
        }
    }

    #[test]
    fn what_is_spelled_otherwise_or_says_more_is_left_to_serde() {
        let step = Step::Drain { for_s: crate::domain::units::Seconds::new(1.0) };
        assert_eq!(bare_step(&serde_json::to_vec(&step).unwrap()), None);
        for text in [r#"{"step": "begin"}"#, r#"{"step":"begin","more":1}"#, r#"{"step":"begin"} "#, r#"{"step":"drain"}"#, ""] {
            assert_eq!(bare_step(text.as_bytes()), None, "{text}");
        }
        for text in [
            r#"{"step":"hold","end":"done","released_by":"hold"}"#,
            r#"{"end":"done","step":"hold"}"#,
            r#"{"step":"a","end":"b"}"#,
        ] {
            assert_eq!(step_finished(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_word_of_an_observation_is_found_behind_its_time_alone() {
        assert_eq!(observation_word(br#","at_us":12,"what":"light","shape":"off"}"#), Some(&b"light"[..]));
        assert_eq!(observation_word(br#"{"what":"light","at_us":12}"#), None);
        assert_eq!(observation_word(b""), None);
    }
}

//! What the acknowledgement during the hold means, in words.

use crate::analysis::Analysis;
use crate::analysis::acks::Word;
use std::collections::BTreeSet;

/// Sentences for each unit: "The acknowledgement during the hold, by all presses together: the camera resets then 92 %; ...", and what it tells of how
/// adapters differ.
pub(super) fn said(analysis: &Analysis) -> Vec<String> {
    let mut remarks = Vec::new();
    for response in &analysis.responses {
        let unit = if analysis.units() > 1 { format!(" of {}", response.group.dut_serial) } else { String::new() };
        if !response.meanings.is_empty() {
            remarks.push(format!(
                "The acknowledgement during the hold{unit}, by all presses together: {}. It places presses and narrows the hold, and is no proof \
                 of a reset.",
                weights(&response.meanings)
            ));
        }
        if let Some(tied) = response.tied {
            remarks.push(alike(&unit, tied));
        }
    }
    let mut said = BTreeSet::new();
    remarks.retain(|remark| said.insert(remark.clone()));
    remarks
}

fn alike(unit: &str, tied: f64) -> String {
    format!(
        "Adapters{unit} differ in the hold that resets as they differ in the time to the acknowledgement: {} likely. As far as that is so, each \
         tells of the others' holds.",
        share(tied)
    )
}

fn weights(meanings: &[(Word, f64)]) -> String {
    let mut known: Vec<&(Word, f64)> = meanings.iter().collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    let said: Vec<String> = known.iter().map(|(word, weight)| format!("{} {}", meaning(*word), share(*weight))).collect();
    said.join("; ")
}

fn meaning(word: Word) -> &'static str {
    match word {
        Word::Reset => "the camera resets then",
        Word::After => "it resets a fixed time later",
        Word::Near => "it resets somewhere near",
        Word::Unrelated => "unrelated to the reset",
    }
}

fn share(weight: f64) -> String {
    match 100.0 * weight {
        percent if percent < 1.0 => "under 1 %".to_owned(),
        percent if percent > 99.0 => "over 99 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_meaning_stands_first() {
        let meanings = [(Word::Reset, 0.962), (Word::After, 0.001), (Word::Near, 0.017), (Word::Unrelated, 0.02)];
        assert_eq!(
            weights(&meanings),
            "the camera resets then 96 %; unrelated to the reset 2 %; it resets somewhere near 2 %; it resets a fixed time later under 1 %"
        );
    }

    #[test]
    fn how_likely_adapters_differ_alike_is_said() {
        assert_eq!(
            alike(" of A1", 0.874),
            "Adapters of A1 differ in the hold that resets as they differ in the time to the acknowledgement: 87 % likely. As far as that is so, \
             each tells of the others' holds."
        );
    }
}

//! The nearest known word to one that is not known.

/// The candidate that looks most like `word`, and whether it looks enough like it to be meant. `None` without candidates.
///
/// Edit distance with swaps (Damerau and Levenshtein) orders the candidates, since it counts the slips of typing. A word is close when a
/// third of it or less is wrong, or when its beginning agrees (Jaro and Winkler at 0.85; both thresholds are an assumption).
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, bool)> {
    let score = |candidate: &str| {
        let edits = strsim::normalized_damerau_levenshtein(word, candidate);
        let start = strsim::jaro_winkler(word, candidate);
        (edits, start)
    };
    let (best, (edits, start)) =
        candidates.into_iter().map(|candidate| (candidate, score(candidate))).max_by(|(a, a_score), (b, b_score)| {
            a_score.0.total_cmp(&b_score.0).then(a_score.1.total_cmp(&b_score.1)).then(b.cmp(a))
        })?;
    Some((best, edits >= 0.66 || start >= 0.85))
}

/// Names that may be meant by one that is not there: those that look like it, the likeliest first.
///
/// The thresholds are an assumption: half of the letters right, or the beginning, and not much less like it than the likeliest.
pub(crate) fn nearest_few<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let score =
        |candidate: &'a str| (strsim::normalized_damerau_levenshtein(word, candidate), strsim::jaro_winkler(word, candidate));
    let mut scored: Vec<((f64, f64), &str)> = candidates.into_iter().map(|candidate| (score(candidate), candidate)).collect();
    scored.retain(|((edits, start), _)| *edits >= 0.5 || *start >= 0.85);
    scored.sort_by(|(a, one), (b, other)| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then(one.cmp(other)));
    let best = scored.first().map_or(0.0, |((edits, _), _)| *edits);
    scored.into_iter().filter(|((edits, _), _)| *edits >= best - 0.25).take(most).map(|(_, candidate)| candidate).collect()
}

/// Help for a word that is none of the known ones: the nearest one where it is close, then all of them.
pub(crate) fn help_words<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let list = known.join(", ");
    match nearest(word, known.iter().copied()) {
        Some((near, true)) if known.len() == 1 => format!("did you mean `{near}`?"),
        Some((near, true)) => format!("did you mean `{near}`? Known are: {list}"),
        Some((near, false)) if known.len() == 1 => format!("the only one known is `{near}`"),
        Some(_) => format!("known are: {list}"),
        None => "none is known here".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_typing_find_their_key() {
        let keys = ["kind", "replicates", "shams_per_adapter", "hold_tolerance", "hold_max_s", "hold_s"];
        for (word, near) in
            [("replicate", "replicates"), ("knid", "kind"), ("hold", "hold_s"), ("sham_per_adapter", "shams_per_adapter")]
        {
            assert_eq!(nearest(word, keys), Some((near, true)), "{word}");
        }
        assert!(matches!(nearest("voltage", keys), Some((_, false))));
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn of_many_names_only_those_that_look_alike_are_suggested() {
        let names = ["quick.toml", "quick-2.toml", "hold-sweep.toml", "README.md"];
        assert_eq!(nearest_few("quik.toml", names, 3), ["quick.toml", "quick-2.toml"]);
        assert_eq!(nearest_few("quik.toml", names, 1), ["quick.toml"]);
        assert!(nearest_few("zzzzzzzz", names, 3).is_empty());
    }

    #[test]
    fn help_names_the_nearest_first() {
        assert_eq!(help_words("gird", ["grid", "adaptive"]), "did you mean `grid`? Known are: grid, adaptive");
        assert_eq!(help_words("zzz", ["grid", "adaptive"]), "known are: grid, adaptive");
    }
}

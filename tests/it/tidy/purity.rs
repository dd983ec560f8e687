//! Time, chance, files and the network come in from outside.

use super::source::{Source, has_word};

/// Folders that may look at clocks and draw chance from the system: they stand at the world's edge.
const EDGE: [&str; 4] = ["drivers", "cli", "served", "web"];

const TIME_AND_CHANCE: [&str; 12] = [
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "thread::sleep",
    "now_v7",
    "OsRng",
    "rand::rng",
    "thread_rng",
    "from_os_rng",
    "from_entropy",
    "getrandom",
];

/// Folders that touch neither files, network, processes, environment nor screen.
const PURE: [&str; 8] = ["domain", "judging", "analysis", "planning", "ports", "engine", "report", "guard"];

const INPUT_AND_OUTPUT: [&str; 10] =
    ["std::fs", "std::net", "std::process", "std::env", "std::thread", "tokio", "print!", "println!", "eprintln!", "dbg!"];

/// Clocks and random numbers away from the edge.
pub(super) fn time_and_chance(source: &Source) -> Vec<String> {
    let inside = source.folder().is_some_and(|folder| !EDGE.contains(&folder));
    find(source, inside && !is_guard_process(source), &TIME_AND_CHANCE)
}

/// Files, network, processes, screen in a folder that is pure.
pub(super) fn input_and_output(source: &Source) -> Vec<String> {
    let pure = source.folder().is_some_and(|folder| PURE.contains(&folder));
    find(source, pure && !is_guard_process(source), &INPUT_AND_OUTPUT)
}

/// The guard's process and the client that speaks to it stand at the edge; its rules do not.
fn is_guard_process(source: &Source) -> bool {
    ["server", "client"]
        .iter()
        .any(|part| source.path == format!("src/guard/{part}.rs") || source.path.starts_with(&format!("src/guard/{part}/")))
}

fn find(source: &Source, applies: bool, words: &[&str]) -> Vec<String> {
    if !applies {
        return Vec::new();
    }
    let hit = |(line, text): (usize, &str)| {
        words.iter().find(|word| has_word(text, word)).map(|word| source.at(line, format!("`{word}` is for the world's edge")))
    };
    source.shipped_lines().filter_map(hit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_chance_are_found_away_from_the_edge() {
        for word in TIME_AND_CHANCE {
            let text = format!("fn f() {{ let x = {word}(); }}");
            assert_eq!(time_and_chance(&Source::new("src/engine/a.rs", &text)).len(), 1, "{word}");
            assert_eq!(time_and_chance(&Source::new("src/drivers/a.rs", &text)).len(), 0, "{word}");
        }
        assert_eq!(time_and_chance(&Source::new("src/guard/machine.rs", "Instant::now()")).len(), 1);
        assert_eq!(time_and_chance(&Source::new("src/guard/server.rs", "Instant::now()")).len(), 0);
    }

    #[test]
    fn input_and_output_are_found_in_pure_folders() {
        for word in INPUT_AND_OUTPUT {
            let text = format!("fn f() {{ {word}(x); }}");
            assert_eq!(input_and_output(&Source::new("src/analysis/a.rs", &text)).len(), 1, "{word}");
            assert_eq!(input_and_output(&Source::new("src/journal/a.rs", &text)).len(), 0, "{word}");
        }
    }

    #[test]
    fn a_sentence_about_clocks_is_no_clock() {
        assert_eq!(time_and_chance(&Source::new("src/engine/a.rs", "// never Instant::now\nlet a = \"OsRng\";")).len(), 0);
    }
}

//! Which folder may use which: the table of the house, read top down. Data flows one way.

use super::source::Source;

/// Folder under `src/`, and the folders that it may use.
const LAYERS: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("files", &["domain"]),
    ("judging", &["domain"]),
    ("analysis", &["domain"]),
    ("planning", &["domain", "analysis"]),
    ("ports", &["domain"]),
    ("guard", &["domain", "ports"]),
    ("drivers", &["domain", "ports", "guard"]),
    ("engine", &["domain", "ports", "planning", "judging"]),
    ("journal", &["domain", "ports"]),
    ("report", &["domain", "analysis"]),
    ("history", &["domain", "journal", "analysis"]),
    ("served", &["domain", "ports", "drivers"]),
];

/// These see everything but concrete drivers, which one file names.
const TOP: [&str; 2] = ["cli", "web"];
const COMPOSES: &str = "src/cli/compose.rs";

/// Imports outside the table. Tests may use what they like.
pub(super) fn imports(source: &Source) -> Vec<String> {
    let Some(folder) = source.folder() else { return Vec::new() };
    let mut findings = Vec::new();
    if !TOP.contains(&folder) && allowed(folder).is_none() {
        findings.push(source.at(0, format!("the folder `{folder}` is not in the table of layers")));
        return findings;
    }
    for (line, used) in used_paths(source) {
        if let Some(why) = forbidden(source, folder, &used) {
            findings.push(source.at(line, why));
        }
    }
    findings
}

fn allowed(folder: &str) -> Option<&'static [&'static str]> {
    LAYERS.iter().find(|(name, _)| *name == folder).map(|(_, uses)| *uses)
}

fn forbidden(source: &Source, folder: &str, used: &str) -> Option<String> {
    let top = used.split("::").next().unwrap_or_default();
    if top == folder {
        return None;
    }
    match (folder, top) {
        ("cli" | "web", "drivers") if source.path != COMPOSES => Some(format!("`{used}`: only {COMPOSES} names drivers")),
        ("cli" | "web", _) => None,
        ("served", "drivers") if !used.starts_with("drivers::twin") => Some(format!("`{used}`: only the twin is served")),
        _ if allowed(folder).is_some_and(|uses| uses.contains(&top)) => None,
        _ => Some(format!("`{folder}` may not use `{top}`")),
    }
}

/// Every path that begins at the crate: `crate::a::b`, each of `crate::{a, b::c}`, and what `super` reaches there.
fn used_paths(source: &Source) -> Vec<(usize, String)> {
    let shipped: String = source
        .code
        .lines()
        .zip(&source.in_test)
        .map(|(line, in_test)| if *in_test { "\n".to_owned() } else { format!("{line}\n") })
        .collect();
    let up = "super::".repeat(depth(&source.path));
    let mut paths = Vec::new();
    for start in ["crate::", up.as_str()] {
        for (at, _) in shipped.match_indices(start) {
            let before = shipped[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' || before == ':' {
                continue;
            }
            let line = shipped[..at].matches('\n').count();
            paths.extend(names(&shipped[at + start.len()..]).into_iter().map(|name| (line, name)));
        }
    }
    paths
}

/// How many modules deep a file is: `src/a/mod.rs` one, `src/a/b.rs` two.
fn depth(path: &str) -> usize {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    inner.split('/').count()
}

/// The path, or in a group the paths, that a text begins with; of nested groups the first part is enough.
fn names(text: &str) -> Vec<String> {
    let path = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':').collect::<String>();
    let Some(group) = text.strip_prefix('{') else { return vec![path(text)] };
    let mut depth = 0;
    let mut found = vec![String::new()];
    for c in group.chars() {
        match (c, depth, found.last_mut()) {
            ('}', 0, _) => break,
            ('}', ..) => depth -= 1,
            ('{', ..) => depth += 1,
            (',', 0, _) => found.push(String::new()),
            (_, 0, Some(last)) => last.push(c),
            _ => {}
        }
    }
    found.iter().map(|name| path(name.trim())).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        imports(&Source::new(path, text)).len()
    }

    #[test]
    fn a_use_upward_is_found_in_every_spelling() {
        assert_eq!(findings("src/domain/a.rs", "use crate::ports::Rig;"), 1);
        assert_eq!(findings("src/domain/a.rs", "fn f() { crate::ports::g() }"), 1);
        assert_eq!(findings("src/judging/a.rs", "use crate::{\n    domain::units,\n    journal::{b, c},\n    report,\n};"), 2);
        assert_eq!(findings("src/judging/a/b.rs", "use super::super::super::engine::X;"), 1);
        assert_eq!(findings("src/judging/mod.rs", "use super::engine::X;"), 1);
        assert_eq!(findings("src/planning/a.rs", "pub use crate::engine;"), 1);
    }

    #[test]
    fn what_the_table_allows_is_allowed() {
        assert_eq!(findings("src/judging/a.rs", "use crate::domain::units::Tick;\nuse super::b;\nuse crate::judging::c;"), 0);
        assert_eq!(findings("src/engine/a.rs", "use crate::{domain::x, planning::{y, z}};"), 0);
        assert_eq!(
            findings("src/judging/a.rs", "// crate::engine is above\n#[cfg(test)]\nmod tests {\n    use crate::engine;\n}"),
            0
        );
    }

    #[test]
    fn only_the_composer_names_drivers_and_only_the_twin_is_served() {
        assert_eq!(findings("src/cli/run.rs", "use crate::drivers::twin;"), 1);
        assert_eq!(findings("src/cli/compose.rs", "use crate::drivers::twin;"), 0);
        assert_eq!(findings("src/served/a.rs", "use crate::drivers::korad;"), 1);
        assert_eq!(findings("src/served/a.rs", "use crate::drivers::twin::World;"), 0);
    }

    #[test]
    fn a_folder_outside_the_table_is_found() {
        assert_eq!(findings("src/util/a.rs", ""), 1);
        assert_eq!(findings("src/lib.rs", "use crate::engine;"), 0);
    }
}

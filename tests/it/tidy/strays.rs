//! Words that do not belong in what ships.

use super::source::{Source, has_word};

/// What a comment says before a call that could panic and does not.
const REASON: &str = "// Cannot fail:";

/// Stubs, ignored tests, notes to oneself.
pub(super) fn unfinished(source: &Source) -> Vec<String> {
    let in_code = ["todo!", "unimplemented!", "#[ignore"];
    let in_comments = ["TODO", "FIXME", "XXX"];
    let code = source.code_lines().filter(|(_, text)| in_code.iter().any(|word| text.contains(word)));
    let comments = source.comments.lines().enumerate().filter(|(_, text)| in_comments.iter().any(|word| has_word(text, word)));
    code.chain(comments).map(|(line, text)| source.at(line, format!("left undone: {}", text.trim()))).collect()
}

/// Code that the compiler cannot check.
pub(super) fn unsafe_code(source: &Source) -> Vec<String> {
    let hits = source.code_lines().filter(|(_, text)| has_word(text, "unsafe"));
    hits.map(|(line, _)| source.at(line, "`unsafe` is not used here")).collect()
}

/// Tests that wait for time to pass.
pub(super) fn sleeping(source: &Source) -> Vec<String> {
    let hits = source.code_lines().filter(|(line, text)| source.in_test[*line] && has_word(text, "thread::sleep"));
    hits.map(|(line, _)| source.at(line, "a test that sleeps")).collect()
}

/// Calls that may panic, without a comment that says why they cannot.
pub(super) fn panics(source: &Source) -> Vec<String> {
    let words = [".unwrap()", ".expect(", "panic!", "unreachable!"];
    let lines: Vec<&str> = source.text.lines().collect();
    let hits = source.shipped_lines().filter(|(_, text)| words.iter().any(|word| text.contains(word)));
    let bare = hits.filter(|(line, _)| !has_reason(&lines, *line));
    bare.map(|(line, text)| source.at(line, format!("may panic, without `{REASON} ...` before it: {}", text.trim()))).collect()
}

/// Whether the statement that a line belongs to has the comment before it or within it.
fn has_reason(lines: &[&str], line: usize) -> bool {
    for before in lines[..line].iter().rev() {
        let before = before.trim();
        if before.starts_with(REASON) {
            return true;
        }
        if before.is_empty() || !before.starts_with("//") && before.ends_with([';', '{', '}', ',']) {
            return false;
        }
    }
    false
}

/// Names of package registries: builds go through the ordinary clients, as each machine has set them up.
pub(super) fn registry_hosts(source: &Source) -> Vec<String> {
    // In two parts each, so that this file does not name them itself.
    let hosts = [
        ("crates", ".io"),
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("npmjs", ".org"),
        ("npmjs", ".com"),
        ("proxy.golang", ".org"),
        ("rubygems", ".org"),
        ("deb.debian", ".org"),
        ("docker", ".io"),
        ("ghcr", ".io"),
        ("maven.apache", ".org"),
    ]
    .map(|(name, end)| format!("{name}{end}"));
    let hits = source.text.lines().enumerate().filter_map(|(line, text)| {
        hosts.iter().find(|host| text.contains(host.as_str())).map(|host| source.at(line, format!("names {host}")))
    });
    hits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("src/engine/a.rs", text)
    }

    #[test]
    fn what_is_left_undone_is_found() {
        for text in [
            "fn f() { todo!() }",
            "unimplemented!()",
            "#[ignore]\nfn a() {}",
            "#[ignore = \"slow\"]",
            "// TODO: b",
            "/* FIXME */",
        ] {
            assert_eq!(unfinished(&source(text)).len(), 1, "{text}");
        }
        assert_eq!(unfinished(&source("let a = \"TODO\"; // METHODOLOGY")).len(), 0);
    }

    #[test]
    fn code_that_cannot_be_checked_is_found() {
        assert_eq!(unsafe_code(&source("unsafe { a() }")).len(), 1);
        assert_eq!(unsafe_code(&source("#![forbid(unsafe_code)] // nothing unsafe")).len(), 0);
    }

    #[test]
    fn a_sleeping_test_is_found() {
        assert_eq!(sleeping(&source("#[cfg(test)]\nmod tests {\n    fn a() { std::thread::sleep(b); }\n}")).len(), 1);
    }

    #[test]
    fn a_call_that_may_panic_needs_a_reason() {
        for call in ["a.unwrap()", "a.expect(\"b\")", "panic!(\"b\")", "unreachable!()"] {
            assert_eq!(panics(&source(&format!("fn f() {{\n    {call};\n}}"))).len(), 1, "{call}");
            assert_eq!(panics(&source(&format!("fn f() {{\n    // Cannot fail: c.\n    {call};\n}}"))).len(), 0, "{call}");
            assert_eq!(panics(&source(&format!("#[cfg(test)]\nmod tests {{\n    {call};\n}}"))).len(), 0, "{call}");
        }
        let chain = "fn f() {\n    // Cannot fail: the text is ours.\n    let a = b()\n        .c()\n        .unwrap();\n    d.unwrap();\n}";
        assert_eq!(panics(&source(chain)).len(), 1, "the reason is for one statement");
        assert_eq!(panics(&source("a.unwrap_or(b)\n#[expect(dead_code)]")).len(), 0);
    }

    #[test]
    fn a_registry_is_found_wherever_it_is_named() {
        let text = format!("see https://static.{}{}/x", "crates", ".io");
        assert_eq!(registry_hosts(&Source::new("README.md", &text)).len(), 1);
        assert_eq!(registry_hosts(&Source::new("README.md", "see the registry")).len(), 0);
    }
}

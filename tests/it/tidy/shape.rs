//! Sizes and headers.

use super::source::{Source, has_word, item_end};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;

/// A file begins by saying what it is for.
pub(super) fn header(source: &Source) -> Vec<String> {
    let first = source.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if first.starts_with("//! ") { Vec::new() } else { vec![source.at(0, "no `//!` header that says what it is for")] }
}

/// A file that is too long to be read at once.
pub(super) fn file_length(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    if lines <= FILE_LINES { Vec::new() } else { vec![source.at(lines - 1, format!("{lines} lines, {FILE_LINES} are allowed"))] }
}

/// A function that does not fit a screen.
pub(super) fn function_length(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.code.lines().collect();
    let mut findings = Vec::new();
    for (line, text) in source.code_lines() {
        if !has_word(text, "fn") || !is_declaration(text) {
            continue;
        }
        let length = item_end(&lines, line) + 1 - line;
        if length > FUNCTION_LINES {
            findings.push(source.at(line, format!("a function of {length} lines, {FUNCTION_LINES} are allowed")));
        }
    }
    findings
}

/// Whether nothing but qualifiers stands before `fn`, and a name after it.
fn is_declaration(line: &str) -> bool {
    let Some((before, after)) = line.split_once("fn ") else { return false };
    let qualifier = |word: &str| matches!(word, "const" | "async" | "extern" | "unsafe") || word.starts_with("pub");
    before.split_whitespace().all(qualifier) && after.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_header_is_found() {
        assert_eq!(header(&Source::new("src/a.rs", "use b;\n")).len(), 1);
        assert_eq!(header(&Source::new("src/a.rs", "//!\n")).len(), 1);
        assert_eq!(header(&Source::new("src/a.rs", "\n//! What it is for.\nuse b;\n")).len(), 0);
    }

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(file_length(&Source::new("src/a.rs", &"\n".repeat(FILE_LINES))).len(), 0);
        assert_eq!(file_length(&Source::new("src/a.rs", &"\n".repeat(FILE_LINES + 1))).len(), 1);
    }

    #[test]
    fn a_long_function_is_found_and_braces_in_strings_do_not_count() {
        let function = |body: usize| {
            format!("    pub(crate) const fn f(\n        a: u8,\n    ) {{\n{}    }}\n", "        g(\"}\");\n".repeat(body))
        };
        assert_eq!(function_length(&Source::new("src/a.rs", &function(FUNCTION_LINES - 4))).len(), 0);
        assert_eq!(function_length(&Source::new("src/a.rs", &function(FUNCTION_LINES - 3))).len(), 1);
    }

    #[test]
    fn a_trait_method_ends_at_its_semicolon() {
        let text = format!("trait T {{\n    fn f(&self) -> [u8; 3];\n{}}}\n", "    const A: u8 = 1;\n".repeat(FUNCTION_LINES));
        assert_eq!(function_length(&Source::new("src/a.rs", &text)).len(), 0);
    }
}

//! Source files with code, comments and literals told apart, so that a rule about code is not fooled by a word in a sentence.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A text file of the repository.
pub(super) struct Source {
    /// Path from the root of the repository, with `/`.
    pub(super) path: String,
    /// The whole text.
    pub(super) text: String,
    /// The text with comments and literals blanked out.
    pub(super) code: String,
    /// The text with everything but comments blanked out.
    pub(super) comments: String,
    /// By line: whether it is compiled for tests alone.
    pub(super) in_test: Vec<bool>,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let (code, comments) = split(text);
        let in_test = test_lines(&code);
        Self { path: path.to_owned(), text: text.to_owned(), code, comments, in_test }
    }

    /// A finding at a line, counted from 0.
    pub(super) fn at(&self, line: usize, what: impl std::fmt::Display) -> String {
        format!("{}:{}: {what}", self.path, line + 1)
    }

    /// Lines of code, with their numbers from 0.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate()
    }

    /// Lines of code that ship, with their numbers from 0.
    pub(super) fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code_lines().filter(|(line, _)| !self.in_test.get(*line).copied().unwrap_or(false))
    }

    /// The folder under `src/` that holds it; `None` for `lib.rs` and `main.rs`.
    pub(super) fn folder(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split_once('/').map(|(folder, _)| folder)
    }
}

/// All Rust sources of the package.
pub(super) fn all() -> Vec<Source> {
    ["src", "tests", "benches", "examples"].into_iter().flat_map(under).collect()
}

/// The Rust sources below a folder. Files of modules that are declared for tests alone are marked so.
pub(super) fn under(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(root, &root.join(folder), &mut |path| path.ends_with(".rs"), &mut files);
    let tests: BTreeSet<String> = files.iter().flat_map(test_modules).collect();
    for file in &mut files {
        let whole = file.path.starts_with("tests/") || tests.iter().any(|module| file.path.starts_with(module.as_str()));
        if whole {
            file.in_test.fill(true);
        }
    }
    files
}

/// Every text file of the repository but the lock file, which cargo writes.
pub(super) fn tracked() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(root, root, &mut |path| path != "Cargo.lock", &mut files);
    files
}

fn walk(root: &Path, folder: &Path, wanted: &mut dyn FnMut(&str) -> bool, files: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | ".git" | "reports" | "proptest-regressions") {
                walk(root, &path, wanted, files);
            }
        } else if wanted(&name)
            && let Ok(text) = fs::read_to_string(&path)
        {
            files.push(Source::new(&name, &text));
        }
    }
}

/// Beginnings of the paths of modules that a file declares for tests alone.
fn test_modules(file: &Source) -> Vec<String> {
    let folder = match file.path.strip_suffix("/mod.rs") {
        Some(folder) => folder.to_owned(),
        None if file.path == "src/lib.rs" || file.path == "src/main.rs" => "src".to_owned(),
        None => file.path.trim_end_matches(".rs").to_owned(),
    };
    let mut modules = Vec::new();
    let mut for_tests = false;
    for (_, line) in file.code_lines() {
        let line = line.trim();
        let name = line.strip_suffix(';').and_then(|line| line.split("mod ").nth(1)).filter(|_| for_tests);
        modules.extend(name.into_iter().flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/")]));
        for_tests = line.starts_with("#[cfg(test)]") || for_tests && line.starts_with("#[");
    }
    modules
}

/// Marks the lines of every item under `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<bool> {
    let lines: Vec<&str> = code.lines().collect();
    let mut marks = vec![false; lines.len()];
    let mut line = 0;
    while line < lines.len() {
        if !lines[line].trim_start().starts_with("#[cfg(test)]") {
            line += 1;
            continue;
        }
        let end = item_end(&lines, line + 1);
        marks[line..=end].fill(true);
        line = end + 1;
    }
    marks
}

/// The last line of the item that begins at `line`: where its braces close, or its `;`.
pub(super) fn item_end(lines: &[&str], line: usize) -> usize {
    let mut depth = 0_i32;
    let mut opened = false;
    for (number, text) in lines.iter().enumerate().skip(line) {
        for c in text.chars() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            opened |= c == '{';
            if depth == 0 && (c == ';' || c == '}' && opened) {
                return number;
            }
        }
    }
    lines.len().saturating_sub(1)
}

/// Splits a text into its code and its comments; what belongs to neither is blanked out in both, so that lines and columns stay.
fn split(text: &str) -> (String, String) {
    let (mut code, mut comments) = (String::with_capacity(text.len()), String::with_capacity(text.len()));
    let mut rest = text;
    while !rest.is_empty() {
        let (kind, length) = token(rest, code.ends_with(is_word));
        let (now, after) = rest.split_at(length);
        let blank: String = now.chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        code.push_str(if kind == Kind::Code { now } else { &blank });
        comments.push_str(if kind == Kind::Comment { now } else { &blank });
        rest = after;
    }
    (code, comments)
}

#[derive(PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// The kind and length of what a text begins with. A quote after a word is never the prefix of a raw string.
fn token(rest: &str, after_word: bool) -> (Kind, usize) {
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if let Some(length) = raw_string(rest).filter(|_| !after_word) {
        return (Kind::Literal, length);
    }
    match rest.chars().next() {
        Some('"') => (Kind::Literal, quoted(rest, '"')),
        Some('\'') if is_char(rest) => (Kind::Literal, quoted(rest, '\'')),
        first => (Kind::Code, first.map_or(1, char::len_utf8)),
    }
}

fn raw_string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let body = inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let begin = rest.len() - body.len();
    Some(begin + body.find(&end).map_or(body.len(), |at| at + end.len()))
}

/// The length of a literal up to its closing quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// A quote begins a character, not a lifetime, when a backslash follows or another quote closes it.
fn is_char(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    matches!((chars.next(), chars.next()), (Some('\\'), _) | (Some(_), Some('\'')))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `word` stands in `line` by itself: where it begins or ends in a letter, digit or `_`, none stands beside it.
pub(super) fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = word.starts_with(is_word) && line[..at].ends_with(is_word);
        let after = word.ends_with(is_word) && line[at + word.len()..].starts_with(is_word);
        !before && !after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        let text = "let a = \"x // y\"; // b\nlet c = 'd'; /* e\n f */ let g: &'h str = r#\"i\"j\"#; '\\'' k";
        let source = Source::new("src/a.rs", text);
        let words: Vec<&str> = source.code.split_whitespace().collect();
        assert_eq!(words, ["let", "a", "=", ";", "let", "c", "=", ";", "let", "g:", "&'h", "str", "=", ";", "k"]);
        assert_eq!(source.comments.split_whitespace().collect::<Vec<_>>(), ["//", "b", "/*", "e", "f", "*/"]);
        assert_eq!(source.code.lines().count(), text.lines().count());
    }

    #[test]
    fn test_items_are_marked_and_what_follows_is_not() {
        let source = Source::new(
            "src/a.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod d;\nfn e() {}\n",
        );
        assert_eq!(source.in_test, [false, true, true, true, true, false, true, true, false]);
    }

    #[test]
    fn modules_for_tests_are_found_beside_their_file() {
        let source = Source::new("src/a/mod.rs", "mod b;\n#[cfg(test)]\npub(crate) mod c;\nmod d;\n");
        assert_eq!(test_modules(&source), ["src/a/c.rs", "src/a/c/"]);
        let source = Source::new("src/a/e.rs", "#[cfg(test)]\nmod f;\n");
        assert_eq!(test_modules(&source), ["src/a/e/f.rs", "src/a/e/f/"]);
    }

    #[test]
    fn a_word_is_not_found_within_another() {
        assert!(has_word("let x = unsafe { y };", "unsafe"));
        assert!(!has_word("#![forbid(unsafe_code)]", "unsafe"));
        assert!(has_word("a.unwrap()", ".unwrap()"));
    }
}

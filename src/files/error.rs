//! Messages about files, with the place underlined and what to do.

use super::source::Source;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::io;
use std::ops::Range;

/// How messages are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With colours of the terminal.
    Coloured,
}

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing may be run.
    Error,
    /// Worth knowing.
    Warning,
}

/// One message about one place of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.render(Style::Plain))]
pub struct FileError {
    /// How grave it is.
    pub severity: Severity,
    /// The file.
    pub file: Source,
    /// The bytes it is about; `None` for the file as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl FileError {
    /// An error about a place.
    pub fn at(file: &Source, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { severity: Severity::Error, file: file.clone(), span: Some(span), message: message.into(), help: help.into() }
    }

    /// An error about a file as a whole: one that is missing, or no text.
    pub fn whole(path: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        let file = Source::new(path, "");
        Self { severity: Severity::Error, file, span: None, message: message.into(), help: help.into() }
    }

    /// The message with `--> path:line:column`, the text underlined and the help below. No line end at its end.
    pub fn render(&self, style: Style) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let path = self.file.path.as_ref();
        let group = Group::with_title(level.primary_title(&*self.message));
        let group = match &self.span {
            Some(span) => {
                let mark = AnnotationKind::Primary.span(self.file.clamp(span.clone()));
                group.element(Snippet::source(&*self.file.text).path(path).annotation(mark))
            }
            None => group.element(Origin::path(path)),
        };
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Coloured => Renderer::styled(),
        };
        renderer.render(&[group.element(Level::HELP.message(&*self.help))])
    }
}

/// Messages about one or several files, in the order of files and places.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.render(Style::Plain))]
pub struct FileErrors(pub Vec<FileError>);

impl FileErrors {
    /// All messages, an empty line between two of them.
    pub fn render(&self, style: Style) -> String {
        self.0.iter().map(|error| error.render(style)).collect::<Vec<_>>().join("\n\n")
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds those of another file.
    pub fn extend(&mut self, more: FileErrors) {
        self.0.extend(more.0);
    }

    /// Orders messages of one file by place.
    pub(crate) fn sorted(mut errors: Vec<FileError>) -> Self {
        errors.sort_by_key(|error| error.span.as_ref().map(|span| (span.start, span.end)));
        Self(errors)
    }
}

impl From<FileError> for FileErrors {
    fn from(error: FileError) -> Self {
        Self(vec![error])
    }
}

/// An operating system's refusal in a few words, without its number.
pub(crate) fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_shows_place_text_and_help() {
        let source = Source::new("a/b.toml", "x = 1\nhold = 2\n");
        let error = FileError::at(&source, 6..10, "unknown key `hold`", "did you mean `hold_s`?");
        let expected = "\
error: unknown key `hold`
 --> a/b.toml:2:1
  |
2 | hold = 2
  | ^^^^
  |
  = help: did you mean `hold_s`?";
        assert_eq!(error.to_string(), expected);
        assert!(error.render(Style::Coloured).contains("\u{1b}["), "colours on demand");
    }

    #[test]
    fn a_message_about_a_whole_file_names_it() {
        let error = FileError::whole("a.toml", "cannot read a.toml: there is no such file", "check the path");
        assert_eq!(error.to_string(), "error: cannot read a.toml: there is no such file\n--> a.toml\n = help: check the path");
    }
}

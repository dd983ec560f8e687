//! What the console line of a world does to the camera's text. By default nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The console line. Every trap stands in captures of real cameras, unless it says assumption. Probabilities are per printed line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct ConsoleModel {
    /// How much of the camera speaks.
    pub speaks: Speaks,
    /// How its lines end.
    pub newline: Newline,
    /// Its programs colour their lines with ANSI escape codes.
    pub ansi: bool,
    /// Probability that a kernel message lands within a line of a program, anywhere in it, 0 to 1.
    pub splices: f64,
    /// Probability of a stray NUL or control byte in a line, 0 to 1.
    pub controls: f64,
    /// Probability of a mistyped byte taken back by a backspace, 0 to 1.
    pub backspaces: f64,
    /// Probability of a line of 600 to 2000 bytes before a line, 0 to 1. Captures have 630 bytes; the rest is an assumption.
    pub long_lines: f64,
    /// Probability of 8 to 64 bytes of garbage after a line, 0 to 1 (assumption: a bad contact, a level shifter that wakes up).
    pub garbage: f64,
    /// Probability that a byte is lost, 0 to 0.5 (assumption).
    pub drops: f64,
    /// The rate at which the bench listens and speaks, 1200 to 4 000 000, where it is not the camera's: bytes come out garbled both ways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bench_baud: Option<u32>,
}

/// How much of the camera speaks on its console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Speaks {
    /// Bootloader, kernel, programs and a shell.
    #[default]
    All,
    /// The bootloader, and nothing after it: no shell either.
    Bootloader,
    /// Nothing.
    Nothing,
}

/// How lines end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Newline {
    /// The boot text's as they stand there, the others with CR and LF.
    #[default]
    AsWritten,
    /// All with a lone line feed.
    Lf,
    /// All with a lone carriage return.
    Cr,
    /// All with CR and LF.
    CrLf,
}

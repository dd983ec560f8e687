//! Files that users write: TOML with places -> domain. Settings of drivers stay opaque tables until their driver reads them with [`read_at`].

mod bundle;
mod check;
mod error;
mod keypath;
mod kind;
mod nearest;
mod overrides;
mod problem;
mod read;
mod reader;
mod shape;
mod source;
mod spans;

pub use bundle::{Bundle, InputFile, World, load, load_saved};
pub use check::{Check, Inputs, cross};
pub use error::{FileError, FileErrors, Severity, Style};
pub use keypath::KeyPath;
pub use kind::{Kind, schema};
pub use problem::{Findings, Problem};
pub use read::{Parsed, SCHEMA, check_at, read, read_at, schema_of};
pub use reader::{Disk, Overlay, Reader};
pub use source::Source;
pub use spans::Spans;

#[cfg(test)]
mod tests;

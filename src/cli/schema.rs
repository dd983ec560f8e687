//! `pinhole schema`.

use super::args::{FileKind, Schema};
use super::compose::world_schema;
use super::trouble::Trouble;
use crate::files::{Kind, schema as file_schema};
use anyhow::Context;

/// Prints the JSON schema of a kind of file.
pub fn schema(args: &Schema) -> Result<u8, Trouble> {
    let schema = match args.kind {
        FileKind::Suite => file_schema(Kind::Suite),
        FileKind::Dut => file_schema(Kind::Dut),
        FileKind::Adapter => file_schema(Kind::Adapter),
        FileKind::Rig => file_schema(Kind::Rig),
        FileKind::World => world_schema(),
        FileKind::Summary => crate::report::summary::schema(),
    };
    let text = serde_json::to_string_pretty(&schema).context("writing the schema")?;
    super::out(&format!("{text}\n"));
    Ok(0)
}

//! The kinds of files a user writes.

use super::read::schema_of;
use crate::domain::adapter::Adapter;
use crate::domain::profile::Profile;
use crate::domain::rig::RigFile;
use crate::domain::suite::Suite;
use serde_json::Value;
use toml::de::DeTable;

/// A kind of file whose schema stands in the domain. The world's stands with its driver; see [`schema_of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A suite.
    Suite,
    /// A DUT profile.
    Dut,
    /// An adapter.
    Adapter,
    /// A rig.
    Rig,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [Kind::Suite, Kind::Dut, Kind::Adapter, Kind::Rig];

    /// The word used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Suite => "suite",
            Kind::Dut => "dut",
            Kind::Adapter => "adapter",
            Kind::Rig => "rig",
        }
    }
}

/// The JSON schema of a kind of file, for editors.
pub fn schema(kind: Kind) -> Value {
    match kind {
        Kind::Suite => schema_of::<Suite>(),
        Kind::Dut => schema_of::<Profile>(),
        Kind::Adapter => schema_of::<Adapter>(),
        Kind::Rig => schema_of::<RigFile>(),
    }
}

/// The word for a file that describes a twin's world.
pub(crate) const WORLD: &str = "world";

/// Tables that a world must have. Their schema stands with the driver.
const WORLD_TABLES: [&str; 2] = ["adapters", "camera"];

/// The kind of a file by the keys at its top: one whose keys are all there that it must have, and no other kind's. What stands in them may
/// still be wrong.
pub(crate) fn kind_of(table: &DeTable<'_>) -> Option<&'static str> {
    let has = |key: &str| table.contains_key(key);
    if WORLD_TABLES.iter().all(|key| table.get(*key).is_some_and(|value| value.get_ref().is_table())) {
        return Some(WORLD);
    }
    let fits = |kind: &Kind| {
        let schema = schema(*kind);
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        required.into_iter().all(has) && table.keys().all(|key| schema["properties"].get(key.get_ref().as_ref()).is_some())
    };
    Kind::ALL.into_iter().find(fits).map(Kind::name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_strict_schema() {
        for kind in Kind::ALL {
            let schema = schema(kind);
            assert_eq!(schema["additionalProperties"], false, "{}", kind.name());
            assert!(schema["properties"]["schema"].is_object(), "{}", kind.name());
        }
    }
}

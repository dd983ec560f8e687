//! The kinds of files a user writes.

use super::read::schema_of;
use crate::domain::adapter::Adapter;
use crate::domain::profile::Profile;
use crate::domain::rig::RigFile;
use crate::domain::suite::Suite;
use serde_json::Value;

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

//! Names and numbers that identify things. Each is its own type, so that a slot is never taken for a block.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

name!(
    /// One run: a UUID version 7 as text.
    RunId
);
name!(
    /// The serial number of the device under test.
    DutSerial
);
name!(
    /// A power source under test with its cable: the name of a file in the adapters folder.
    AdapterName
);
name!(
    /// A named mains source.
    OutletName
);
name!(
    /// The bench.
    StationName
);
name!(
    /// One nest of the bench, with a rig of its own.
    PositionName
);
name!(
    /// Who stands at the bench.
    Operator
);

number!(
    /// A planned place in a run, from 0 in planned order.
    SlotId, u32
);
number!(
    /// A block of slots, from 0.
    BlockNo, u32
);
number!(
    /// The n-th try of a slot, from 1.
    Attempt, u32
);
number!(
    /// The number of a journal line, from 0.
    Seq, u64
);
number!(
    /// The number of a question that the engine asked, from 0 in a run.
    QuestionId, u32
);

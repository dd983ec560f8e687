//! A person in place of an instrument. The engine asks them; the guard has nothing to switch, and keeps its rules all the same.

use crate::domain::ids::AdapterName;
use crate::domain::verdict::Fault;
use crate::ports::Refused;
use crate::ports::device::{Route, Switch};
use schemars::JsonSchema;
use serde::Deserialize;

/// There is nothing to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {}

/// Nothing that could be switched.
#[derive(Clone, Copy, Debug)]
pub struct Manual;

impl Switch for Manual {
    fn set(&mut self, _: bool) -> Result<(), Fault> {
        Ok(())
    }
}

impl Route for Manual {
    fn connect(&mut self, _: &AdapterName) -> Result<(), Refused> {
        Ok(())
    }

    fn disconnect(&mut self) -> Result<(), Refused> {
        Ok(())
    }
}

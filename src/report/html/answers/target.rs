//! What an adaptive suite asked for, where that is not the hold for 95 % success.

use super::Known;
use crate::report::words::{target, threshold_in_short, told_holds};

impl Known<'_> {
    /// "the hold for 95 % of the way to the plateau, which the suite asks for, is 13 s (12.3 to 14.1 s)".
    pub(super) fn target(&self) -> Option<String> {
        let asked = told_holds(self.analysis).into_iter().find(|quantity| *quantity != "hold95")?;
        let found = self.response?.best(asked).filter(|one| one.value_s.is_some())?;
        Some(format!("the {}, which the suite asks for, is {}", target(asked), threshold_in_short(found)))
    }
}

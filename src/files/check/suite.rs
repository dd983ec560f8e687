//! Rules of a suite file.

use super::{Check, design, factors, filled, limits, name, positive};
use crate::domain::suite::Suite;
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

impl Check for Suite {
    fn check(&self) -> Findings {
        let mut findings = Findings::default();
        name(&mut findings, "name".into(), &self.name);
        filled(&mut findings, "dut".into(), &self.dut);
        if let Some(rig) = &self.rig {
            filled(&mut findings, "rig".into(), rig);
        }
        factors::check(&mut findings, &self.factors);
        design::check(&mut findings, self);
        limits::check(&mut findings, self);
        let timeouts = &self.timeouts;
        let values = [("trial_s", timeouts.trial_s.get()), ("run_h", timeouts.run_h), ("answer_s", timeouts.answer_s.get())];
        for (key, value) in values {
            positive(&mut findings, KeyPath::from("timeouts").key(key), value);
        }
        findings
    }
}

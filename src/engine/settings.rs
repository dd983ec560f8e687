//! Steps that change and read the camera's settings: provisioning and canaries.

use super::halt::Halt;
use super::session::Session;
use crate::domain::canary::Category;
use crate::domain::observation::Observation;
use crate::domain::profile::{CanaryRead, CanaryRule, Exchange, Via};
use crate::domain::step::StepEnd;
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fate, Fault, FaultKind};
use crate::planning::chance::keyed;
use crate::ports::{ProbeAnswer, ProbeQuery};
use rand::Rng;

/// How long the probe may take.
const PROBE: Seconds = Seconds::from_millis(10_000);

impl Session<'_> {
    /// Brings the camera out of its factory state.
    ///
    /// # Errors
    /// A fault of provisioning: a camera in an unknown state is never pressed.
    pub fn provision(&mut self) -> Result<StepEnd, Halt> {
        let provision = self.bench.profile.provision.clone();
        let failed = |detail: String| Err(Halt::Fault(Fault::new(FaultKind::Provisioning, "provision", detail)));
        self.last_write = Some(self.now());
        match provision.via {
            Via::Console => {
                for Exchange { send, expect, timeout_s } in &provision.exchanges {
                    self.last_write = Some(self.now());
                    if self.exchange(send, &[expect], *timeout_s)?.is_none() {
                        return failed(format!("the console gave no answer like `{expect}` to `{send}`"));
                    }
                }
            }
            Via::Probe => match self.query(ProbeQuery::Provision, PROBE)? {
                Some(ProbeAnswer::Done) => {}
                Some(ProbeAnswer::Failed(why)) => return failed(why),
                _ => return failed("the network probe gave no answer".to_owned()),
            },
            Via::Operator => {
                let text = provision.instruction.as_deref().unwrap_or("Set the camera up again.");
                self.ask(text, &["done".to_owned()])?;
            }
            Via::None => return Ok(StepEnd::NotSeen),
        }
        self.last_write = Some(self.now());
        Ok(StepEnd::Done)
    }

    /// Writes a canary of each category that the profile describes. One that cannot be written is left out: its category reads "not
    /// observed".
    pub fn write_canaries(&mut self) -> Result<StepEnd, Halt> {
        let rules = self.bench.profile.canaries.clone();
        let mut written = false;
        for (category, rule) in &rules {
            written |= self.write_canary(*category, rule)?;
        }
        self.last_write = Some(self.now());
        Ok(if written { StepEnd::Done } else { StepEnd::NotSeen })
    }

    fn write_canary(&mut self, category: Category, rule: &CanaryRule) -> Result<bool, Halt> {
        let value = self.canary(category);
        // Before it is sent: a stop may end the wait for the answer, and the camera writes all the same.
        self.last_write = Some(self.now());
        match (rule.via, &rule.write, &rule.setting) {
            (Via::Console, Some(write), _) => {
                let (send, expect) = (with_value(&write.send, &value), pattern(&write.expect, &value));
                Ok(self.exchange(&send, &[&expect], write.timeout_s)?.is_some())
            }
            (Via::Probe, _, Some(setting)) => {
                let query = ProbeQuery::Write { setting: setting.clone(), value };
                Ok(self.query(query, PROBE)? == Some(ProbeAnswer::Done))
            }
            _ => Ok(false),
        }
    }

    /// Reads every canary and writes down what became of it.
    pub fn read_canaries(&mut self) -> Result<StepEnd, Halt> {
        let rules = self.bench.profile.canaries.clone();
        let mut read = false;
        for (category, rule) in &rules {
            let fate = self.read_canary(*category, rule)?;
            read |= fate != Fate::NotObserved;
            let now = self.now();
            self.observe(now, Observation::Canary { category: *category, fate })?;
        }
        Ok(if read { StepEnd::Done } else { StepEnd::NotSeen })
    }

    fn read_canary(&mut self, category: Category, rule: &CanaryRule) -> Result<Fate, Halt> {
        let value = self.canary(category);
        match (rule.via, &rule.read, &rule.setting) {
            (Via::Console, Some(CanaryRead { send, present, absent, timeout_s }), _) => {
                let (present, absent) = (pattern(present, &value), pattern(absent, &value));
                let answer = self.exchange(&with_value(send, &value), &[&present, &absent], *timeout_s)?;
                Ok(answer.map_or(Fate::NotObserved, |answer| if answer.which == 0 { Fate::Survived } else { Fate::Gone }))
            }
            (Via::Probe, _, Some(setting)) => match self.query(ProbeQuery::Read { setting: setting.clone() }, PROBE)? {
                Some(ProbeAnswer::Value(Some(read))) if read == value => Ok(Fate::Survived),
                Some(ProbeAnswer::Value(_)) => Ok(Fate::Gone),
                _ => Ok(Fate::NotObserved),
            },
            _ => Ok(Fate::NotObserved),
        }
    }

    /// The canary of this slot: another in every slot, so that one left from before is not taken for it. Letters and digits only.
    fn canary(&self, category: Category) -> String {
        let slot = self.recorder.state().open.as_ref().map_or(0, |open| open.slot.id.0);
        let number = keyed(self.seed, category.name(), u64::from(slot)).next_u64();
        format!("ph{slot}x{:08x}", number as u32)
    }
}

fn with_value(text: &str, value: &str) -> String {
    text.replace("{value}", value)
}

fn pattern(text: &str, value: &str) -> String {
    text.replace("{value}", &regex::escape(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_goes_where_the_profile_wants_it() {
        assert_eq!(with_value("cfg set wifi.ssid {value}", "ph1x0"), "cfg set wifi.ssid ph1x0");
        assert_eq!(pattern("ssid={value}$", "a.b"), "ssid=a\\.b$");
    }
}

//! The steps of a trial in words.

use crate::domain::condition::Check;
use crate::domain::step::Step;

/// What a step does.
pub fn in_words(step: &Step) -> String {
    match step {
        Step::RestCoil { longest_s } => format!("let the coil cool until it stands a press of {longest_s}"),
        Step::Begin => "begin the trial proper".to_owned(),
        Step::PowerOff => "switch the supply off".to_owned(),
        Step::Drain { for_s } => format!("wait {for_s} until the capacitors are empty"),
        Step::Connect { adapter } => format!("connect the adapter {adapter}"),
        Step::MeasureOpen => "measure the voltage without the camera".to_owned(),
        Step::SetSupply { volts } => format!("set the supply to {volts}"),
        Step::PowerOn => "switch the supply on".to_owned(),
        Step::AwaitReady { not_before_s } => format!("wait until the camera is ready, at least {not_before_s} from power-on"),
        Step::AwaitSincePower { for_s } => format!("wait until {for_s} after power-on, ready or not"),
        Step::Provision => "bring the camera out of its factory state".to_owned(),
        Step::ProveNotFactory => "prove that each factory sign can be seen, and is not there".to_owned(),
        Step::WriteCanaries => "write the canaries".to_owned(),
        Step::ReadBackCanaries => "read the canaries back: each must be there".to_owned(),
        Step::Press { max_s } => format!("press the button, for {max_s} at most"),
        Step::Hold { for_s, until_change: false, .. } => format!("hold it for {for_s}"),
        Step::Hold { for_s, until_change: true, max_s } => {
            format!("hold it for {for_s}, then until a change is seen, {max_s} at most")
        }
        Step::Sham { for_s } => format!("do nothing for {for_s}"),
        Step::Release => "let the button go".to_owned(),
        Step::Watch => "watch for a reboot and the readiness after it".to_owned(),
        Step::Verify => "look for the factory signs, and read the canaries".to_owned(),
        Step::Measure { check } => format!("measure {}", measured(*check)),
        Step::Aligned => "ask whether the tip meets the button".to_owned(),
        Step::Recover => "feed the camera its nominal voltage, and see whether it comes back".to_owned(),
        Step::SitOutWriteWindow => "wait until the camera can no longer be writing flash".to_owned(),
    }
}

fn measured(check: Check) -> &'static str {
    match check {
        Check::Boot => "how long the camera boots",
        Check::SupplyRamp => "at which voltage the camera goes out",
        Check::ButtonContact => "the button's contact",
        Check::DarkLight => "the light sensor in the dark",
        Check::Intake => "a returned unit: consent, the person's checks, and a stroke without power",
        Check::Supply => "the voltages that the supply gives when it is set",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_reads_like_a_key() {
        for step in Step::BARE {
            let words = in_words(&step);
            assert!(words.contains(' ') && !words.contains(['_', '{', '"']), "{words}");
        }
    }
}

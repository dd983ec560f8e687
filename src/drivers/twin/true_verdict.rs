//! The true verdict of a trial, in the words of the design: what a judge who had seen everything would say.

use super::truth::{BootCause, BootTruth, TrialTruth, WipeCause};
use crate::domain::canary::Category;
use crate::domain::units::Tick;
use crate::domain::verdict::Verdict;

impl TrialTruth {
    /// The true verdict on a press or a sham, given when the stimulus began (`None`: it was never reached) and when the observation ended,
    /// which is after the recovery step where there was one. What happened before the stimulus or after the end does not count. Trials
    /// without a reset question are `checked`, and not for this function.
    ///
    /// | verdict | when |
    /// |---|---|
    /// | `not_ready` | the stimulus was never reached |
    /// | `dead` | was up once in this trial, and at the end it is not, with the supply on; or it is ruined by then |
    /// | `factory_reset` | every category was wiped because of a press: also a press of an earlier trial, whose erase came late |
    /// | `partial_reset` | some categories were wiped because of a press |
    /// | `reboot_only` | it booted again, not by our switch, and nothing was wiped: the same whether the press or the camera itself did it. One that starts over before it was ever up since we switched it on has not booted *again*, unless the press made it |
    /// | `acknowledged_only` | the press was answered so that one of the bench's senses could notice |
    /// | `no_response` | none of these |
    /// | `inconclusive` | settings were wiped by corruption alone: a reset that no press made, for which there is no word; or the stimulus came before the camera was ever up, and it never came up |
    pub fn verdict(&self, stimulus: Option<Tick>, end: Tick) -> Verdict {
        let Some(stimulus) = stimulus else { return Verdict::NotReady };
        if !self.is_up_at(end) && !self.is_switched_off_at(end) || self.is_ruined_at(end) {
            let ever = self.up_before || self.ready.iter().any(|at| *at <= end);
            return if ever { Verdict::Dead } else { Verdict::Inconclusive };
        }
        let pressed = self.wiped_within(stimulus, end, &[WipeCause::Press, WipeCause::LostErase]);
        let corrupted = self.wiped_within(stimulus, end, &[WipeCause::Corruption]);
        let again = |boot: &&BootTruth| match boot.cause {
            BootCause::PowerOn => false,
            BootCause::Press => true,
            BootCause::BrownOut | BootCause::Own | BootCause::Failure => self.was_up_since_power(boot.at),
        };
        let rebooted = self.boots.iter().filter(again).any(|boot| boot.at >= stimulus && boot.at <= end);
        let answered = self.answers.iter().any(|answer| answer.at >= stimulus && answer.at <= end && !answer.by.is_empty());
        match (pressed.len(), corrupted.is_empty()) {
            (n, _) if n == Category::ALL.len() => Verdict::FactoryReset,
            (_, false) => Verdict::Inconclusive,
            (1.., true) => Verdict::PartialReset,
            (0, true) if rebooted => Verdict::RebootOnly,
            (0, true) if answered => Verdict::AcknowledgedOnly,
            (0, true) => Verdict::NoResponse,
        }
    }

    /// Whether the camera was up at any time from our last switching on until then.
    fn was_up_since_power(&self, at: Tick) -> bool {
        let on = self.boots.iter().filter(|boot| boot.cause == BootCause::PowerOn && boot.at < at).map(|boot| boot.at).max();
        let since = |on: Tick| self.ready.iter().any(|ready| (on..at).contains(ready));
        on.map_or(self.up_before || since(Tick::ZERO), since)
    }

    /// Whether the camera was up at that moment.
    pub fn is_up_at(&self, at: Tick) -> bool {
        let last = |times: &[Tick]| times.iter().copied().filter(|time| *time <= at).max();
        match (last(&self.ready), last(&self.down)) {
            (Some(ready), Some(down)) => ready >= down,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => self.up_before,
        }
    }

    /// Whether the supply had been switched off by then, so that nobody can say whether the camera lives.
    fn is_switched_off_at(&self, at: Tick) -> bool {
        let off = self.losses.iter().filter(|loss| loss.at <= at).max_by_key(|loss| loss.at);
        let boot = self.boots.iter().map(|boot| boot.at).filter(|boot| *boot <= at).max();
        match (off, boot) {
            (Some(off), Some(boot)) => !off.brown_out && off.at >= boot,
            (Some(off), None) => !off.brown_out,
            (None, Some(_)) => false,
            // It has been without power since before the trial began.
            (None, None) => !self.up_before,
        }
    }

    fn is_ruined_at(&self, at: Tick) -> bool {
        self.bricked.is_some_and(|ruined| ruined <= at)
    }
}

//! What the evidence tells: questions that a judgement asks of it.

use super::{Canary, Evidence, Fact, Mark, Moment, Progress, Source};
use crate::domain::canary::Category;
use crate::domain::observation::{ForceEvent, Sense};
use crate::domain::units::Tick;
use std::collections::BTreeMap;

impl Evidence {
    /// When the stimulus began: the step that presses, or that does not in a sham.
    pub fn stimulus(&self) -> Option<Moment> {
        self.stimulus
    }

    /// When the coil was energised for the press. The contact closes later, by the calibrated stroke.
    pub fn pressed(&self) -> Option<Moment> {
        self.energised
    }

    /// When the coil was switched off again.
    pub fn released(&self) -> Option<Moment> {
        self.released
    }

    /// Since when the camera was ready before the stimulus, since the last power-on.
    pub fn ready_before(&self) -> Option<Moment> {
        self.ready_before
    }

    /// When it was last found ready after the stimulus; after the reboot where one was seen.
    pub fn ready_again(&self) -> Option<Moment> {
        let reboot = self.reboots.seen.first().map_or(Tick::ZERO, |mark| mark.at);
        self.ready_after.filter(|ready| ready.at >= reboot)
    }

    /// Whether it was ready at any time before the stimulus, while it was prepared included.
    pub fn was_ever_ready(&self) -> bool {
        self.ever_ready
    }

    /// The line that says that readiness was waited for in vain before the stimulus.
    pub fn never_ready(&self) -> Option<Moment> {
        self.never_ready
    }

    /// Whether it came back at nominal supply, where that was tried.
    pub fn recovered(&self) -> Option<(bool, Moment)> {
        self.recovered
    }

    /// The first sign after the stimulus that a boot began which is not our doing, whether the camera had been up before or not.
    pub fn began_anew(&self) -> Option<Mark> {
        self.reboots.first()
    }

    /// All signs of reboots after the stimulus.
    pub fn reboots(&self) -> &[Mark] {
        &self.reboots.seen
    }

    /// Signs that a boot began anew after the stimulus, before the camera had been up since we switched the supply on: no reboots.
    pub fn starts(&self) -> &[Mark] {
        &self.reboots.starts
    }

    /// The first answer to the stimulus. No proof of anything more.
    pub fn acknowledged(&self) -> Option<Mark> {
        self.response.answer
    }

    /// The camera's first own account of the press as one that resets. What it says once it has booted may be about what it found damaged.
    pub fn account(&self) -> Option<Mark> {
        let first = |(mark, booted): &(Mark, bool)| !booted && self.began_anew().is_none_or(|boot| mark.at <= boot.at);
        self.spoke.filter(first).map(|(mark, _)| mark)
    }

    /// The boot that had begun before the camera first spoke of a reset: it forbids to take that for an account of the press.
    pub fn spoke_after(&self) -> Option<Mark> {
        self.began_anew().filter(|_| self.spoke.is_some() && self.account().is_none())
    }

    /// The loss of power after which the camera first began to boot anew, before it had shown that a reset runs, and that boot.
    pub fn outage(&self) -> Option<(Mark, Mark)> {
        let boot = self.began_anew()?;
        let spoke = self.spoke.map_or(Tick::ZERO, |(mark, _)| mark.at.min(boot.at));
        let asked = self.released.map_or(Tick::ZERO, |edge| edge.at).max(spoke);
        self.outages.before(boot, self.response.resetting, asked).map(|low| (low, boot))
    }

    /// The last boot that it began by itself before the stimulus, where it was not up again since.
    pub fn unsteady(&self) -> Option<Mark> {
        self.reboots.unsteady
    }

    /// What the force on the button told last of the press.
    pub fn force(&self) -> Option<ForceEvent> {
        self.response.force
    }

    /// Whether the camera said that its button was pressed.
    pub fn noticed(&self) -> bool {
        self.response.noticed
    }

    /// How far the camera came on its console, and how that ended.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What fed the camera.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The camera's first signal of its own that it resets.
    pub fn resetting(&self) -> Option<Mark> {
        self.response.resetting
    }

    /// The last sign that it is erasing or formatting, unless it was found ready since.
    pub fn erasing(&self) -> Option<Mark> {
        self.response.erasing.filter(|mark| self.ready_after.is_none_or(|ready| ready.at < mark.at))
    }

    /// Whether a sense showed before the stimulus that the camera was not in its factory state.
    pub fn was_absent(&self, sense: Sense) -> bool {
        self.was_absent_at(sense, self.latest)
    }

    /// The same, asked at `now`, when no line may have been written for a while: silence proves something only after it has lasted.
    pub fn was_absent_at(&self, sense: Sense, now: Tick) -> bool {
        self.factory.was_absent(sense, self.stimulus.map_or(now, |stimulus| stimulus.at))
    }

    /// Whether a sense showed before the stimulus that the camera was in its factory state.
    pub fn was_present(&self, sense: Sense) -> bool {
        self.factory.was_present(sense)
    }

    /// What a sense says of the factory state after the stimulus.
    pub fn factory(&self, sense: Sense) -> Option<Fact> {
        self.factory.after(sense)
    }

    /// Whether setup has begun to write canaries.
    pub fn canaries_written(&self) -> bool {
        self.canaries.written
    }

    /// What is known of each canary that was read.
    pub fn canaries(&self) -> &BTreeMap<Category, Canary> {
        &self.canaries.each
    }
}

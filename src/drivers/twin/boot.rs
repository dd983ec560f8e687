//! A boot: its stages, its text, and the ways in which it fails.

use super::bench::Bench;
use super::boot_text::STAGES;
use super::camera::Life;
use super::chance::Purpose;
use super::life::CameraEvent;
use super::truth::{BootCause, BootTruth};
use super::world::Failure;
use crate::domain::observation::BootStage;
use crate::domain::profile::{ChimeMeaning, LightMeaning, PressMode};
use crate::domain::units::Seconds;

/// Share of a stage in which its text is printed, so that a stage's last line comes before the next stage's first (assumption).
const PRINTING: f64 = 0.95;
/// After a panic the kernel of such cameras waits so long before it restarts (its `panic=5`; assumption).
const PANIC_S: Seconds = Seconds::from_millis(5000);
/// A program that restarts the camera does so this long after it started (assumption).
const LOOP_S: Seconds = Seconds::from_millis(1500);
/// The stages of a boot.
const ORDER: [BootStage; STAGES] = [BootStage::Bootloader, BootStage::Kernel, BootStage::Userland, BootStage::Application];
/// Where userland stands among them.
const USERLAND: usize = 2;

impl Bench {
    /// Starts from the first instruction.
    pub(super) fn start_boot(&mut self, cold: bool) {
        let cause = std::mem::replace(&mut self.camera.boot_cause, BootCause::PowerOn);
        self.truth.now().boots.push(BootTruth { at: self.now, cold, cause });
        self.camera.typed.clear();
        self.camera.held = None;
        self.camera.press_number += 1;
        let by_chance = self.chance.next(Purpose::BootFails).happens(self.camera.model.firmware.boot_fails);
        self.camera.failing = self.camera.bricked || by_chance;
        if self.camera.failing && self.camera.model.firmware.fails_as == Failure::Silent {
            self.enter(Life::Failed, Some(LightMeaning::Failed));
            return;
        }
        self.enter(Life::Boot(BootStage::Bootloader), Some(LightMeaning::Booting));
        let mut draw = self.chance.next(Purpose::Boot);
        let boot = &self.camera.model.boot;
        self.camera.spans =
            [boot.bootloader_s, boot.kernel_s, boot.userland_s, boot.application_s].map(|s| draw.around(s, boot.spread));
        self.plan_boot(0, 0);
        if cold && self.contact_closed && self.camera.model.button.mode == PressMode::HoldThenPower {
            self.arm();
        }
    }

    /// Plans the boot from a stage on, which begins now, with this line of its text.
    fn plan_boot(&mut self, from: usize, line: usize) {
        let mut at = Seconds::ZERO;
        self.camera.stages[from] = self.now;
        for i in from..STAGES {
            at = at + self.camera.spans[i];
            self.camera.stages[i + 1] = self.now + at;
            let next = ORDER.get(i + 1);
            self.after(at, next.map_or(CameraEvent::Ready, |stage| CameraEvent::Stage(*stage)));
        }
        self.plan_line(line);
        self.plan_motor(ORDER[from]);
    }

    /// The boot goes on after an erase within it.
    pub(super) fn go_on_booting(&mut self) {
        self.enter(Life::Boot(BootStage::Userland), Some(LightMeaning::Booting));
        self.plan_boot(USERLAND, self.boot_text.first(USERLAND) + 1);
    }

    /// A stage begins, or the boot has failed by then.
    pub(super) fn stage(&mut self, stage: BootStage) {
        if self.camera.failing && self.fails_at(stage) {
            return;
        }
        self.camera.life = Life::Boot(stage);
        self.settle();
        if stage == BootStage::Userland
            && let Some(due) = self.due_in_boot()
        {
            // The root file system is there, as the first line of this stage says, and then come the settings.
            self.print_line(self.boot_text.first(USERLAND));
            self.start_erase(due);
            return;
        }
        self.plan_motor(stage);
        if stage == BootStage::Application {
            self.sound(ChimeMeaning::Booting);
        }
    }

    /// Whether the boot ends where this stage would begin. The light stays as it is: nothing is left that could change it.
    fn fails_at(&mut self, stage: BootStage) -> bool {
        match (self.camera.model.firmware.fails_as, stage) {
            (Failure::Prompt, BootStage::Kernel) => {
                self.say("   Verifying Checksum ... Bad Data CRC");
                self.say("ERROR: can't get kernel image!");
                self.prompt("twin# ");
                self.stop();
            }
            (Failure::Hangs, BootStage::Kernel) => {
                self.say("");
                self.say("Starting kernel ...");
                self.say("");
                self.stop();
            }
            (Failure::Panics | Failure::PanicsAndRestarts, BootStage::Userland) => {
                self.say_kernel("VFS: Cannot open root device \"mtdblock3\" or unknown-block(31,3): error -19");
                self.say_kernel("Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(31,3)");
                let again = self.camera.model.firmware.fails_as == Failure::PanicsAndRestarts;
                if again {
                    self.say_kernel("Rebooting in 5 seconds..");
                }
                self.stop();
                if again {
                    self.camera.boot_cause = BootCause::Failure;
                    self.after(PANIC_S, CameraEvent::Again);
                }
            }
            (Failure::Loops, BootStage::Application) => {
                self.camera.life = Life::Boot(stage);
                self.settle();
                self.after(LOOP_S, CameraEvent::Restart(BootCause::Failure));
            }
            _ => return false,
        }
        true
    }

    /// The boot has ended for good: what was planned of it is void.
    fn stop(&mut self) {
        let light = self.camera.wanted_light;
        self.enter(Life::Failed, light);
    }

    /// A line of the boot text is due.
    pub(super) fn boot_line(&mut self, number: usize) {
        self.print_line(number);
        self.plan_line(number + 1);
    }

    fn print_line(&mut self, number: usize) {
        if let Some(line) = self.boot_text.line(number) {
            let line = line.to_vec();
            self.print_boot(&line);
        }
    }

    /// Puts the next line of the boot text into the queue: the lines of a stage are spread evenly over it.
    fn plan_line(&mut self, number: usize) {
        if self.boot_text.line(number).is_none() {
            return;
        }
        let (stage, place, count) = self.boot_text.place(number);
        let (start, span) = self.camera.stage_span(stage.min(STAGES - 1));
        let at = start + Seconds::new(span.get() * PRINTING * place as f64 / count.max(1) as f64);
        self.after(at.since(self.now), CameraEvent::Line(number));
    }
}

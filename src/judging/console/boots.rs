//! Counts boots, not banners.

use crate::domain::observation::{BootStage, MarkerMeaning};
use crate::domain::units::{Seconds, Tick};

/// All banners of one healthy boot come within this time: two bootloader stages with a countdown of 5 s each, and a flash check between
/// them (an assumption; captures show two or three seconds). A banner later than this after the first belongs to another boot.
pub const BANNER_SPAN: Seconds = Seconds::from_millis(20_000);

/// The boot that runs.
#[derive(Clone, Copy, Debug)]
struct Boot {
    stage: BootStage,
    /// When its stage began.
    since: Tick,
    /// It cannot go on: it failed for good, waits for a person, or has announced a restart.
    over: bool,
}

/// The fold over markers.
#[derive(Clone, Debug, Default)]
pub(super) struct Boots {
    count: u32,
    boot: Option<Boot>,
}

impl Boots {
    /// Takes a marker. The boot's number and its stage where the marker brought it to a new one.
    pub(super) fn apply(&mut self, at: Tick, meaning: MarkerMeaning) -> Option<(u32, BootStage)> {
        use BootStage::{Application, Bootloader, Kernel, Userland};
        let stage = match meaning {
            MarkerMeaning::Bootloader => Bootloader,
            MarkerMeaning::Kernel => Kernel,
            MarkerMeaning::Userland => Userland,
            MarkerMeaning::Ready => Application,
            MarkerMeaning::BootloaderPrompt | MarkerMeaning::Fatal => {
                self.over();
                return None;
            }
            MarkerMeaning::WarmReboot => {
                // Inside the bootloader it is how one stage starts the next.
                if self.boot.is_some_and(|boot| boot.stage > Bootloader) {
                    self.over();
                }
                return None;
            }
            MarkerMeaning::Button
            | MarkerMeaning::Accepted
            | MarkerMeaning::Erasing
            | MarkerMeaning::Factory
            | MarkerMeaning::NotFactory
            | MarkerMeaning::Warning => return None,
        };
        self.reach(at, stage)
    }

    fn over(&mut self) {
        if let Some(boot) = &mut self.boot {
            boot.over = true;
        }
    }

    fn reach(&mut self, at: Tick, stage: BootStage) -> Option<(u32, BootStage)> {
        use BootStage::{Application, Bootloader, Kernel, Userland};
        let fresh = Boot { stage, since: at, over: false };
        let Some(boot) = &mut self.boot else {
            self.boot = Some(fresh);
            self.count += 1;
            return Some((self.count, stage));
        };
        let stale = boot.over || at.since(boot.since) > BANNER_SPAN;
        let anew = match (boot.stage, stage) {
            (Bootloader, Bootloader) | (Kernel, Kernel) => stale,
            (Kernel | Userland | Application, Bootloader) | (Userland | Application, Kernel) => true,
            (_, Userland | Application) | (Bootloader, Kernel) => false,
        };
        if !anew && stage <= boot.stage {
            return None;
        }
        *boot = fresh;
        self.count += u32::from(anew);
        Some((self.count, stage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BootStage::{Application, Bootloader, Kernel, Userland};
    use MarkerMeaning as M;

    /// Markers one second apart.
    fn boots(markers: &[M]) -> Vec<(u32, BootStage)> {
        timed(&markers.iter().enumerate().map(|(n, &marker)| (n as f64, marker)).collect::<Vec<_>>())
    }

    fn timed(markers: &[(f64, M)]) -> Vec<(u32, BootStage)> {
        let mut boots = Boots::default();
        markers.iter().filter_map(|&(at, marker)| boots.apply(Tick::ZERO + Seconds::new(at), marker)).collect()
    }

    #[test]
    fn two_banners_and_a_restart_between_them_are_one_boot() {
        let tapo = [M::Bootloader, M::WarmReboot, M::Bootloader, M::Kernel, M::Kernel, M::Userland, M::Ready];
        assert_eq!(boots(&tapo), [(1, Bootloader), (1, Kernel), (1, Userland), (1, Application)]);
    }

    #[test]
    fn a_banner_after_the_kernel_is_another_boot() {
        assert_eq!(boots(&[M::Bootloader, M::Kernel, M::Bootloader]).last(), Some(&(2, Bootloader)));
        assert_eq!(boots(&[M::Bootloader, M::Ready, M::WarmReboot, M::Bootloader]).last(), Some(&(2, Bootloader)));
    }

    #[test]
    fn boots_without_a_bootloader_count() {
        let quiet = [M::Kernel, M::Kernel, M::Userland, M::Kernel, M::Kernel, M::Userland];
        assert_eq!(boots(&quiet), [(1, Kernel), (1, Userland), (2, Kernel), (2, Userland)]);
        assert_eq!(boots(&[M::Ready, M::Kernel]), [(1, Application), (2, Kernel)]);
    }

    #[test]
    fn a_kernel_that_panics_for_ever_counts_each_time() {
        let panics = [M::Kernel, M::Fatal, M::Kernel, M::Fatal, M::Kernel];
        assert_eq!(boots(&panics), [(1, Kernel), (2, Kernel), (3, Kernel)]);
    }

    #[test]
    fn a_bootloader_that_fails_or_waits_and_starts_again_counts() {
        assert_eq!(boots(&[M::Bootloader, M::Fatal, M::Bootloader]), [(1, Bootloader), (2, Bootloader)]);
        assert_eq!(boots(&[M::Bootloader, M::BootloaderPrompt, M::Bootloader]).len(), 2);
    }

    #[test]
    fn banners_far_apart_are_boots_and_banners_of_one_boot_are_not() {
        assert_eq!(timed(&[(0.0, M::Bootloader), (19.0, M::Bootloader), (21.0, M::Bootloader), (42.0, M::Bootloader)]).len(), 3);
        assert_eq!(timed(&[(0.0, M::Kernel), (2.0, M::Kernel), (40.0, M::Kernel)]).len(), 2);
    }

    #[test]
    fn a_fallback_kernel_after_a_bad_image_is_the_same_boot() {
        assert_eq!(boots(&[M::Bootloader, M::Fatal, M::Kernel]), [(1, Bootloader), (1, Kernel)]);
    }

    #[test]
    fn programs_starting_again_are_no_boot() {
        assert_eq!(boots(&[M::Kernel, M::Userland, M::Ready, M::Userland, M::Ready]).len(), 3);
    }
}

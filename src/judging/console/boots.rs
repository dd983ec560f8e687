//! Counts boots, not banners.

use crate::domain::observation::{BootStage, MarkerMeaning};
use crate::domain::units::{Seconds, Tick};

/// All banners of one healthy boot come within this time: two bootloader stages with a countdown of 5 s each, and a flash check between
/// them (an assumption; captures show two or three seconds). A banner later than this after the first belongs to another boot.
pub const BANNER_SPAN: Seconds = Seconds::from_millis(20_000);

/// So many lines or more stand between the first and the second printing of a banner when the camera has printed it anew: a console that is
/// mirrored repeats a line at once (our choice).
const APART: u64 = 3;
/// A kernel whose console comes up late prints its first lines again, within its first second or two (our choice).
const REPLAYED_WITHIN_S: f64 = 2.0;
/// Banners of one boot that are remembered.
const REMEMBERED: usize = 16;

/// What a line that holds a marker tells of boots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// Meaning of the marker.
    pub(super) meaning: MarkerMeaning,
    /// The line in short: the same line gives the same number.
    pub(super) print: u64,
}

/// The line in short, without what stands before its first letter, such as a time stamp (FNV-1a, 64 bits).
pub(super) fn print(line: &[u8]) -> u64 {
    let begin = line.iter().position(u8::is_ascii_alphabetic).unwrap_or(0);
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    line[begin..].trim_ascii_end().iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

/// The boot that runs.
#[derive(Clone, Debug)]
struct Boot {
    stage: BootStage,
    /// When its stage began.
    since: Tick,
    /// It cannot go on: it failed for good, waits for a person, or has announced a restart.
    over: bool,
    /// Banners that were printed, and at which line.
    banners: Vec<(u64, u64)>,
    /// The bootloader has announced that it starts another one.
    hands_over: bool,
    /// And one with the same banner was taken for that other one.
    handed_over: bool,
}

/// The fold over markers.
#[derive(Clone, Debug, Default)]
pub(super) struct Boots {
    count: u32,
    boot: Option<Boot>,
    /// Lines so far.
    lines: u64,
    /// The kernel's clock in this boot.
    clock: f64,
    /// This camera's bootloader was seen to start another one with the same banner: `None` where that was never seen to end well.
    chains: Option<bool>,
    /// Text without time: only a boot whose bootloader speaks counts once another one's did.
    captured: bool,
    /// A bootloader has spoken.
    spoken: bool,
    /// Starts of a kernel that were taken for old text printed again.
    pub(super) repeated: u64,
}

impl Boots {
    /// Counts the boots of a capture, in which nothing tells when a line came.
    pub(super) fn captured() -> Self {
        Self { captured: true, ..Self::default() }
    }

    /// A line with something in it has ended.
    pub(super) fn line(&mut self) {
        self.lines += 1;
    }

    /// The kernel has told its clock.
    pub(super) fn clock(&mut self, seconds: f64) {
        self.clock = seconds;
    }

    /// The stage that the boot that runs has reached.
    pub(super) fn stage(&self) -> Option<BootStage> {
        self.boot.as_ref().map(|boot| boot.stage)
    }

    /// Takes a marker. The boot's number and its stage where the marker brought it to a new one.
    pub(super) fn apply(&mut self, at: Tick, said: Said) -> Option<(u32, BootStage)> {
        use BootStage::{Application, Bootloader, Kernel, Userland};
        let stage = match said.meaning {
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
                match &mut self.boot {
                    Some(boot) if boot.stage == Bootloader => boot.hands_over = true,
                    _ => self.over(),
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
        self.spoken |= stage == Bootloader;
        self.reach(at, stage, said.print)
    }

    fn over(&mut self) {
        if let Some(boot) = &mut self.boot {
            boot.over = true;
        }
    }

    fn reach(&mut self, at: Tick, stage: BootStage, print: u64) -> Option<(u32, BootStage)> {
        let begins = matches!(stage, BootStage::Bootloader | BootStage::Kernel);
        if begins && self.only_repeats(stage) {
            self.repeated += 1;
            return None;
        }
        let anew = self.anew(at, stage, print);
        match &mut self.boot {
            Some(boot) if !anew => {
                boot.remember(print, self.lines);
                if stage <= boot.stage {
                    return None;
                }
                if boot.handed_over {
                    self.chains = Some(true);
                }
                (boot.stage, boot.since, boot.over) = (stage, at, false);
            }
            _ => {
                let mut boot = Boot { stage, since: at, over: false, banners: Vec::new(), hands_over: false, handed_over: false };
                boot.remember(print, self.lines);
                self.boot = Some(boot);
                self.clock = 0.0;
                self.count += 1;
            }
        }
        Some((self.count, stage))
    }

    /// Whether a kernel's start is only old text: in a capture of a camera whose bootloader speaks, no kernel starts behind running programs
    /// unless a bootloader has spoken, or the boot was said to be over.
    fn only_repeats(&self, stage: BootStage) -> bool {
        let running = self.boot.as_ref().is_some_and(|boot| boot.stage > BootStage::Kernel && !boot.over);
        self.captured && self.spoken && running && stage == BootStage::Kernel
    }

    /// Whether a boot that reaches `stage` is another one than the one that runs.
    fn anew(&mut self, at: Tick, stage: BootStage, print: u64) -> bool {
        use BootStage::{Application, Bootloader, Kernel, Userland};
        let Some(boot) = &mut self.boot else { return true };
        let stale = boot.over || (!self.captured && at.since(boot.since) > BANNER_SPAN);
        let again = boot.banners.iter().any(|(known, line)| *known == print && self.lines >= line + APART);
        match (boot.stage, stage) {
            (Bootloader, Bootloader) => stale || (again && !hands_over(boot, &mut self.chains)),
            (Kernel, Kernel) => stale || (again && self.clock >= REPLAYED_WITHIN_S),
            (Kernel | Userland | Application, Bootloader) | (Userland | Application, Kernel) => true,
            (_, Userland | Application) | (Bootloader, Kernel) => false,
        }
    }
}

/// Whether the same banner may be that of another bootloader, which the first has announced to start: once in a boot, and only where that is
/// not known to have been a loop.
fn hands_over(boot: &mut Boot, chains: &mut Option<bool>) -> bool {
    let may = boot.hands_over && !boot.handed_over && *chains != Some(false);
    if may {
        boot.handed_over = true;
        // Until a kernel has followed, it may as well have been a loop.
        *chains = chains.or(Some(false));
    }
    may
}

impl Boot {
    fn remember(&mut self, print: u64, line: u64) {
        if self.banners.len() < REMEMBERED {
            self.banners.push((print, line));
        }
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
        let mut apply = |(print, &(at, meaning)): (usize, &(f64, M))| {
            boots.line();
            boots.apply(Tick::ZERO + Seconds::new(at), Said { meaning, print: print as u64 })
        };
        markers.iter().enumerate().filter_map(&mut apply).collect()
    }

    /// How many boots lines of one camera show that stand ten lines apart. Markers without time.
    fn captured(lines: &[(M, &str)]) -> u32 {
        let mut boots = Boots::captured();
        for &(meaning, line) in lines {
            (0..10).for_each(|_| boots.line());
            boots.apply(Tick::ZERO, Said { meaning, print: print(line.as_bytes()) });
        }
        boots.count
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

    #[test]
    fn a_banner_that_comes_again_is_another_boot_without_any_clock() {
        let hangs = [(M::Bootloader, "U-Boot 2013.07 (a)"); 4];
        assert_eq!(captured(&hangs), 4);
        let stages = [(M::Bootloader, "U-Boot SPL 2013.07 (a)"), (M::Bootloader, "U-Boot 2013.07 (a)")];
        assert_eq!(captured(&stages), 1);
        assert_eq!(captured(&stages.repeat(3)), 3);
        let stamped = [(M::Bootloader, "[    0.3] U-Boot 2011"), (M::Bootloader, "[    0.4] U-Boot 2011")];
        assert_eq!(captured(&stamped), 2);
    }

    #[test]
    fn a_bootloader_that_starts_its_like_is_one_boot_and_one_that_restarts_for_ever_is_not() {
        let banner = (M::Bootloader, "U-Boot 2014.01 (a)");
        let chained = [banner, (M::WarmReboot, "resetting"), banner, (M::Kernel, "k")];
        assert_eq!(captured(&chained), 1);
        assert_eq!(captured(&chained.repeat(3)), 3);
        let looping = [banner, (M::WarmReboot, "resetting")].repeat(6);
        assert_eq!(captured(&looping), 5, "the second is taken for the other one, and no other after it");
    }

    #[test]
    fn a_mirrored_banner_is_no_boot() {
        let mut boots = Boots::captured();
        let said = Said { meaning: M::Bootloader, print: 1 };
        boots.line();
        assert_eq!(boots.apply(Tick::ZERO, said), Some((1, Bootloader)));
        boots.line();
        assert_eq!(boots.apply(Tick::ZERO, said), None);
    }

    #[test]
    fn a_kernel_that_prints_its_beginning_again_has_not_started_again() {
        let start = |clock: f64| {
            let mut boots = Boots::default();
            let said = Said { meaning: M::Kernel, print: 1 };
            boots.apply(Tick::ZERO, said);
            boots.clock(clock);
            (0..40).for_each(|_| boots.line());
            boots.apply(Tick::ZERO, said)
        };
        assert_eq!((start(0.4), start(7.0)), (None, Some((2, Kernel))));
    }

    #[test]
    fn old_kernel_text_in_a_capture_is_no_boot_of_a_camera_whose_bootloader_speaks() {
        let boot = [(M::Bootloader, "b"), (M::Kernel, "k"), (M::Userland, "u")];
        let dmesg = [(M::Kernel, "k"), (M::Userland, "u")];
        assert_eq!(captured(&[&boot[..], &dmesg].concat()), 1);
        assert_eq!(captured(&[&boot[..], &[(M::WarmReboot, "r")], &dmesg].concat()), 2, "it was announced");
        assert_eq!(captured(&[&dmesg[..], &dmesg].concat()), 2, "no bootloader was ever heard");
    }
}

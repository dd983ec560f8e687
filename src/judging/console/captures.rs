//! Captures of real cameras, held outside the repository: how many boots each shows, and how far it came.

use super::*;
use crate::domain::observation::BootStage::{self, Application, Bootloader, Userland};
use crate::domain::profile::Marker as Rule;
use MarkerMeaning as M;
use std::path::PathBuf;

/// Markers that fit many cameras.
pub(super) const GENERIC: &[(&str, M, &str)] = &[
    (
        "bootloader",
        M::Bootloader,
        r"^(?:\[\s*\d+\.\d+\])?\s*(U-Boot (?:SPL )?20\d\d\.\d\d|System startup\b|DH-?Boot|F0: 102B 0000|Uncompress Ok!)",
    ),
    ("prompt", M::BootloaderPrompt, r"^(hisilicon|goke|isvp_\w+|NA51023|MT7987|=)\s?[#>]+\s?$"),
    (
        "kernel",
        M::Kernel,
        r"(Starting kernel \.\.\.|^(?:\[\s*\d+\.\d+\]\s*)?Linux version \d+\.\d+|Booting Linux on physical CPU)",
    ),
    ("root", M::Userland, r"VFS: Mounted root \(\w+ filesystem\)"),
    ("userland", M::Userland, r"(Freeing (?:unused kernel memory|init memory)|^- init -|mdev is ok|\[RCS\]: )"),
    ("login", M::Userland, r"(\b[\w.-]+ login:|Please press Enter to activate this console)"),
    ("up", M::Ready, r"(od_cam init done|Play this stream using the URL|Server begin eventloop|AP-ENABLED|miio_client: version)"),
    ("factory", M::Factory, r"(STATE_WIFI_AP_MODE|enter AP mode|AP-ENABLED|paracfg user has not inited)"),
    ("bound", M::NotFactory, r"(has been bind to cloud account|device bind status: 1)"),
    ("restart", M::WarmReboot, r"(Restarting system|Requesting system reboot|reboot: Restarting|set watchdog, resetting)"),
    (
        "image",
        M::Fatal,
        r"(Verifying Checksum \.\.\. Bad Data CRC|ERROR: can't get kernel image!|Wrong Image Format for bootm|Bad Magic Number|Bad Header Checksum)",
    ),
    ("panic", M::Fatal, r"(Kernel panic - not syncing|Unable to mount root fs)"),
    (
        "jffs2",
        M::Warning,
        r"(Magic bitmask 0x1985 not found|Newly-erased block contained word|Header CRC failed|Node totlen on flash)",
    ),
    ("env", M::Warning, r"\*\*\* Warning - bad CRC, using default environment"),
];

fn generic() -> ConsoleDecoder {
    let markers =
        GENERIC.iter().map(|&(name, meaning, regex)| Rule { name: name.into(), meaning, regex: regex.into() }).collect();
    ConsoleDecoder::new(&ConsoleProfile { baud: 115_200, silence_s: Seconds::new(60.0), markers }).unwrap()
}

/// The bytes of a capture without its first line, which tells where it comes from; `None` where the folder is missing.
fn capture(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/console-logs").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not here", path.display());
        return None;
    };
    assert!(bytes.starts_with(b"# PROVENANCE"), "{name}");
    Some(bytes.splitn(2, |&byte| byte == b'\n').nth(1).unwrap_or_default().to_vec())
}

/// Boots, the last stage, and the meanings of all markers but warnings about flash.
fn decode(bytes: &[u8], chunk: usize, us_per_byte: u64) -> (u32, Option<BootStage>, Vec<M>) {
    let (mut decoder, mut out, mut at) = (generic(), Vec::new(), 0);
    for bytes in bytes.chunks(chunk) {
        at += bytes.len() as u64 * us_per_byte;
        decoder.feed(Tick(at), bytes, &mut out);
    }
    decoder.tick(Tick(at + 1_000_000), &mut out);
    let (mut boots, mut stage, mut meanings) = (0, None, Vec::new());
    for (_, fact) in out {
        match fact {
            Observation::Boot { boot, stage: reached } => (boots, stage) = (boot, Some(reached)),
            Observation::Marker { meaning, .. } => meanings.push(meaning),
            _ => {}
        }
    }
    (boots, stage, meanings)
}

#[test]
fn every_capture_shows_its_real_number_of_boots() {
    let expected = [
        ("01-tapo-c200-boot-no-sd.log", 1, Application),
        ("03-tapo-c200v3-ingenic-boot.log", 1, Userland),
        ("05-xiaomi-dafang-boot.log", 1, Bootloader),
        ("07-isa-camera-df3-boot-env-badcrc-benign.log", 1, Userland),
        ("08-xiaomi-mjsxj03hl-boot-jffs2-errors-ap-mode.log", 1, Application),
        ("10-pesita-x09-stock-boot.log", 1, Userland),
        ("12-chacon-ri01-stock-dmesg.log", 1, Userland),
        ("14-wyze-outdoor-warm-reboot-wrong-image-format.log", 1, Bootloader),
        ("15-roborock-s5-uboot-flag-restore-default.log", 1, Userland),
    ];
    for (name, boots, stage) in expected {
        let Some(bytes) = capture(name) else { continue };
        for chunk in [1, 7, 64, 4096, bytes.len()] {
            // All at once, and at the speed of the line.
            for us_per_byte in [0, 87] {
                let found = decode(&bytes, chunk, us_per_byte);
                assert_eq!((found.0, found.1), (boots, Some(stage)), "{name} in pieces of {chunk}");
            }
        }
        // The same camera booting three times on end.
        assert_eq!(decode(&bytes.repeat(3), 64, 87).0, 3, "{name} three times");
    }
}

#[test]
fn captures_tell_what_they_are_known_for() {
    let tells = |name: &str, meaning: M, count: usize| {
        let Some(bytes) = capture(name) else { return };
        let found = decode(&bytes, 64, 87).2;
        assert_eq!(found.iter().filter(|&&found| found == meaning).count(), count, "{name}: {meaning:?} in {found:?}");
    };
    tells("01-tapo-c200-boot-no-sd.log", M::NotFactory, 2);
    tells("05-xiaomi-dafang-boot.log", M::BootloaderPrompt, 1);
    tells("08-xiaomi-mjsxj03hl-boot-jffs2-errors-ap-mode.log", M::Factory, 4);
    tells("08-xiaomi-mjsxj03hl-boot-jffs2-errors-ap-mode.log", M::Fatal, 0);
    tells("14-wyze-outdoor-warm-reboot-wrong-image-format.log", M::Fatal, 2);
    tells("14-wyze-outdoor-warm-reboot-wrong-image-format.log", M::BootloaderPrompt, 1);
    tells("07-isa-camera-df3-boot-env-badcrc-benign.log", M::Fatal, 0);
}

//! Captures of real cameras, held outside the repository: how many boots each shows, how far it came, and how it ends.

use super::*;
use crate::domain::capture::{Capture, CaptureEnd};
use crate::domain::observation::BootStage::{self, Application, Bootloader, Userland};
use MarkerMeaning as M;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The bytes of a capture; `None` where the folder is missing.
fn capture(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/console-logs").join(name);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/console-logs").join(name);
    let Ok(bytes) = std::fs::read(&path).or_else(|_| std::fs::read(&beside)) else {
        println!("skipped: {} is not here", path.display());
        return None;
    };
    assert!(bytes.starts_with(b"# PROVENANCE"), "{name}");
    Some(bytes)
}

fn body(bytes: &[u8]) -> Vec<u8> {
    bytes.splitn(2, |&byte| byte == b'\n').nth(1).unwrap_or_default().to_vec()
}

/// Boots, the last stage, and the meanings of all markers but warnings about flash, as a bench hears them.
fn heard(bytes: &[u8], chunk: usize, us_per_byte: u64) -> (u32, Option<BootStage>, Vec<M>) {
    static DECODER: LazyLock<ConsoleDecoder> = LazyLock::new(|| ConsoleDecoder::new(&generic()).unwrap());
    let mut decoder = DECODER.clone();
    let (mut out, mut at) = (Vec::new(), 0);
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

fn decoded(bytes: &[u8], chunk: usize) -> Capture {
    static DECODER: LazyLock<CaptureDecoder> = LazyLock::new(|| CaptureDecoder::new(&generic()).unwrap());
    let mut decoder = DECODER.clone();
    bytes.chunks(chunk).for_each(|bytes| decoder.feed(bytes));
    decoder.finish()
}

fn expected() -> [(&'static str, BootStage, CaptureEnd); 9] {
    let by = |name: &str| name.to_owned();
    [
        ("01-tapo-c200-boot-no-sd.log", Application, CaptureEnd::NotFactory { by: by("configured") }),
        ("03-tapo-c200v3-ingenic-boot.log", Userland, CaptureEnd::Middle { of: Userland }),
        ("05-xiaomi-dafang-boot.log", Bootloader, CaptureEnd::BootloaderPrompt { after: None }),
        ("07-isa-camera-df3-boot-env-badcrc-benign.log", Application, CaptureEnd::Ready { by: by("camera program") }),
        ("08-xiaomi-mjsxj03hl-boot-jffs2-errors-ap-mode.log", Application, CaptureEnd::Factory { by: by("factory state") }),
        // It looks for a code to scan and plays its set-up prompt: `bindflag is 0`, `START_BIND`, `startNetConfig`.
        ("10-pesita-x09-stock-boot.log", Userland, CaptureEnd::Factory { by: by("factory state") }),
        ("12-chacon-ri01-stock-dmesg.log", Userland, CaptureEnd::Middle { of: Userland }),
        (
            "14-wyze-outdoor-warm-reboot-wrong-image-format.log",
            Bootloader,
            CaptureEnd::BootloaderPrompt { after: Some(by("kernel image unusable")) },
        ),
        ("15-roborock-s5-uboot-flag-restore-default.log", Userland, CaptureEnd::Ready { by: by("login prompt") }),
    ]
}

#[test]
fn every_capture_is_one_boot_that_ends_as_it_ended() {
    for (name, stage, end) in expected() {
        let Some(bytes) = capture(name) else { continue };
        let whole = decoded(&bytes, bytes.len());
        let furthest = whole.each.last().and_then(|boot| boot.furthest()).map(|seen| seen.stage);
        assert_eq!((whole.boots, furthest, &whole.end), (1, Some(stage), &end), "{name}: {whole:#?}");
        assert_eq!(whole.bytes, bytes.len() as u64);
        for chunk in [1, 7, 64] {
            assert_eq!(decoded(&bytes, chunk), whole, "{name} in pieces of {chunk}");
        }
        // The same camera booting three times on end.
        assert_eq!(decoded(&body(&bytes).repeat(3), 64).boots, 3, "{name} three times");
    }
}

#[test]
fn a_bench_hears_the_same_boots() {
    for (name, stage, _) in expected() {
        let Some(bytes) = capture(name) else { continue };
        let bytes = body(&bytes);
        for chunk in [1, 7, 64, 4096, bytes.len()] {
            // All at once, and at the speed of the line.
            for us_per_byte in [0, 87] {
                let found = heard(&bytes, chunk, us_per_byte);
                assert_eq!((found.0, found.1), (1, Some(stage)), "{name} in pieces of {chunk}");
            }
        }
        assert_eq!(heard(&bytes.repeat(3), 64, 87).0, 3, "{name} three times");
    }
}

#[test]
fn captures_tell_what_they_are_known_for() {
    let tells = |name: &str, meaning: M, count: usize| {
        let Some(bytes) = capture(name) else { return };
        let found = heard(&body(&bytes), 64, 87).2;
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

#[test]
fn places_are_those_of_the_file() {
    let Some(bytes) = capture("03-tapo-c200v3-ingenic-boot.log") else { return };
    let whole = decoded(&bytes, 64);
    let login = whole.each[0].markers.iter().find(|seen| seen.marker == "login").unwrap();
    assert_eq!(login.place.line, 279);
    assert!(bytes[login.place.byte as usize..].starts_with(b"Please press Enter"));
    assert_eq!(login.kernel_s, Some(Seconds::new(2.130_769)));
}

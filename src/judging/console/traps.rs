//! Captures written for the traps that consoles of real cameras set.

use super::*;
use crate::domain::capture::{Capture, CaptureEnd};
use crate::domain::observation::BootStage::{self, Application, Bootloader, Kernel, Userland};
use proptest::prelude::*;
use std::sync::LazyLock;

/// A healthy boot of a made-up camera.
const BOOT: &str = "U-Boot SPL 2017.03 (Feb 02 2022 - 10:00:00)\nDRAM init ok\nU-Boot 2017.03 (Feb 02 2022 - 10:00:05)\nDRAM:  64 MiB\n\
*** Warning - bad CRC, using default environment\nHit any key to stop autoboot:  0\nStarting kernel ...\n\n\
[    0.000000] Linux version 4.4.94 (build@host)\n[    0.400000] console [ttyS0] enabled\n\
[    1.200000] VFS: Mounted root (squashfs filesystem) readonly on device 31:2.\n[    1.300000] Freeing unused kernel memory: 180K\n\
mdev is ok......\n[    4.000000] wlan0 up\napp: ready\napp: state=configured\n[   17.000000] wlan0: associated\n";

/// A fresh decoder; its expressions take long to compile.
fn fresh() -> CaptureDecoder {
    static DECODER: LazyLock<CaptureDecoder> = LazyLock::new(|| CaptureDecoder::new(&generic()).unwrap());
    DECODER.clone()
}

fn decode(bytes: &[u8]) -> Capture {
    let mut decoder = fresh();
    decoder.feed(bytes);
    decoder.finish()
}

fn text(text: &str) -> Capture {
    decode(text.as_bytes())
}

/// Boots, the furthest stage of the last of them, and the end.
fn told(capture: &Capture) -> (u32, Option<BootStage>, CaptureEnd) {
    let last = capture.each.last().or(capture.earlier.as_ref());
    (capture.boots, last.and_then(|boot| boot.furthest()).map(|seen| seen.stage), capture.end.clone())
}

fn configured() -> CaptureEnd {
    CaptureEnd::NotFactory { by: "configured".to_owned() }
}

#[test]
fn every_kind_of_line_end_gives_the_same_boot() {
    for end in ["\n", "\r\n", "\r", "\n\r", "\r\r\n"] {
        let found = text(&BOOT.replace('\n', end));
        assert_eq!(told(&found), (1, Some(Application), configured()), "{end:?}");
        assert_eq!(found.each[0].stages[1].place.line, 7, "{end:?}: {found:#?}");
        assert_eq!(found.lines, BOOT.lines().count() as u64, "{end:?}");
    }
}

#[test]
fn colours_backspaces_and_noise_hide_nothing() {
    let coloured =
        BOOT.replace("app: ready", "\x1b[0;32mapp\x1b[0m: rea\x08\x08ea\0dy").replace("U-Boot 2017", "\0\0U-\x07Boot 2017");
    assert_eq!(told(&text(&coloured)), (1, Some(Application), configured()));
    let noise = [&b"\xff\x00\xfe\xf8\x80"[..], BOOT.as_bytes()].concat();
    assert_eq!(told(&decode(&noise)), (1, Some(Application), configured()));
}

#[test]
fn kernel_text_spliced_into_lines_hides_nothing() {
    let spliced = BOOT.replace("app: ready\n", "app: [    4.100000] usb 1-1: new\nrea[    4.200000] usb 1-2: new\ndy\n");
    assert_eq!(told(&text(&spliced)), (1, Some(Application), configured()));
}

#[test]
fn long_lines_are_read_to_their_end() {
    let long = BOOT.replace("app: ready", &format!("{} app: ready", "x=1,".repeat(160)));
    assert_eq!(told(&text(&long)), (1, Some(Application), configured()));
}

#[test]
fn a_camera_that_boots_again_is_counted_each_time() {
    assert_eq!(text(&BOOT.repeat(3)).boots, 3);
    let sudden = format!("{}mtd: partit{BOOT}", BOOT);
    assert_eq!(told(&text(&sudden)), (2, Some(Application), configured()));
    let announced = format!("{BOOT}app: remain 5 sec to autoreboot\n[ 9999.000000] Restarting system.\n{BOOT}");
    let found = text(&announced);
    assert_eq!(found.boots, 2);
    assert_eq!(found.each[0].end, CaptureEnd::Restarting { by: "restart".to_owned() });
}

#[test]
fn the_end_of_an_earlier_boot_is_no_boot() {
    let tail = "sd: copy failed\nRequesting system reboot\n[   27.797603] Restarting system.\n";
    let found = text(&format!("{tail}{BOOT}"));
    assert_eq!(told(&found), (1, Some(Application), configured()));
    assert_eq!(found.earlier.unwrap().end, CaptureEnd::Restarting { by: "restart".to_owned() });
    let running = text("cam login: root\n[   90.000000] wlan0 up\napp: ready\n");
    assert_eq!(told(&running), (0, Some(Application), CaptureEnd::Ready { by: "camera program".to_owned() }));
    let last_words = text(&format!("{BOOT}{tail}"));
    assert_eq!((last_words.boots, last_words.end), (1, CaptureEnd::Restarting { by: "restart".to_owned() }));
}

#[test]
fn two_bootloaders_of_one_boot_are_one_boot() {
    let first = "U-Boot 2014.01-v1.2 (Jan 19 2020 - 14:59:28)\nBoard: x\nverifying kernel...\nok\nset watchdog, resetting...\n\n";
    for second in ["14:59:28", "15:00:37"] {
        let chained = format!(
            "{first}{}",
            BOOT.replace("U-Boot SPL 2017.03 (Feb 02 2022 - 10:00:00)", &format!("U-Boot 2014.01-v1.2 (Jan 19 2020 - {second})"))
        );
        assert_eq!(text(&chained).boots, 1, "{second}");
        assert_eq!(text(&chained.repeat(4)).boots, 4, "{second}");
    }
}

#[test]
fn a_bootloader_that_never_gets_further_is_counted_each_time() {
    let stuck = "U-Boot SPL 2017.03 (Feb 02 2022 - 10:00:00)\nDRAM init\nsdram training\nlane 0 failed\n";
    assert_eq!(told(&text(&stuck.repeat(5))), (5, Some(Bootloader), CaptureEnd::Silent { after: Bootloader }));
}

#[test]
fn a_boot_that_breaks_off_in_the_bootloader_is_one_and_the_next_is_another() {
    let start = BOOT.find("Starting").unwrap();
    for cut in [start - 5, start + 8] {
        let cut_off = text(&BOOT[..cut]);
        assert_eq!((cut_off.boots, cut_off.end), (1, CaptureEnd::Middle { of: Bootloader }), "{cut}");
        let again = text(&format!("{}\r\n{BOOT}", &BOOT[..cut]));
        assert_eq!(told(&again), (2, Some(Application), configured()), "{cut}");
    }
}

#[test]
fn a_prompt_at_which_a_person_goes_on_is_the_same_boot() {
    let start = BOOT.find("Starting").unwrap();
    let found = text(&format!("{}\nisvp_t31# boot\n{}", &BOOT[..start], &BOOT[start..]));
    assert_eq!(told(&found), (1, Some(Application), configured()));
}

#[test]
fn two_outputs_interleaved_line_by_line_are_one_boot() {
    let other = BOOT.replace("2017.03", "2013.07").replace("4.4.94", "3.10.14");
    let both: String = BOOT.lines().zip(other.lines()).map(|(one, other)| format!("{one}\n{other}\n")).collect();
    assert_eq!(told(&text(&both)), (1, Some(Application), configured()));
}

#[test]
fn old_text_printed_again_is_no_boot() {
    let kernel = &BOOT[BOOT.find("[    0.000000]").unwrap()..BOOT.find("mdev").unwrap()];
    let dmesg = format!("{BOOT}[root@cam:~]# dmesg\n{kernel}[root@cam:~]# ");
    let found = text(&dmesg);
    assert_eq!((found.boots, found.repeated), (1, 1));
    let scripted = text(&format!("{BOOT}{kernel}"));
    assert_eq!((scripted.boots, scripted.repeated), (1, 1), "its bootloader speaks, and did not");
    let version = format!("{}\nU-Boot 2017.03 (Feb 02 2022 - 10:00:05)\nisvp_t31# ", "isvp_t31# version");
    let stopped = text(&format!("{}{version}", &BOOT[..BOOT.find("Starting").unwrap()]));
    assert_eq!(told(&stopped), (1, Some(Bootloader), CaptureEnd::BootloaderPrompt { after: None }));
    let quoted = text(&format!("{BOOT}ver=U-Boot 2017.03 (Feb 02 2022 - 10:00:05)\n"));
    assert_eq!(quoted.boots, 1);
}

#[test]
fn a_kernel_clock_that_begins_anew_is_a_boot_without_any_banner() {
    let kernel = "[    0.000000] CPU: ARMv7\n[    0.000000] Machine: x\n[    0.100000] NET: Registered\n[    0.900000] VFS: Mounted root (squashfs filesystem)\n[    8.000000] wlan0 up\n";
    assert_eq!(told(&text(kernel)), (1, Some(Userland), CaptureEnd::Middle { of: Userland }));
    assert_eq!(text(&kernel.repeat(3)).boots, 3);
    let brackets = format!("{BOOT}[0.973585] gain\n[0.123456] gain\n[0.500000] gain\n");
    assert_eq!(text(&brackets).boots, 1, "numbers of a program");
}

#[test]
fn a_replayed_beginning_of_the_kernel_is_one_boot() {
    let again = BOOT.replace(
        "[    0.400000] console [ttyS0] enabled\n",
        "[    0.100000] a\n[    0.200000] b\n[    0.000000] Linux version 4.4.94 (build@host)\n[    0.100000] a\n[    0.200000] b\n",
    );
    assert_eq!(text(&again).boots, 1);
}

#[test]
fn how_a_boot_ends() {
    let upto = |end: &str| &BOOT[..BOOT.find(end).unwrap()];
    let by = |name: &str| name.to_owned();
    let cases = [
        (upto("U-Boot 2017").to_owned(), CaptureEnd::Silent { after: Bootloader }),
        (upto("M:  64").to_owned(), CaptureEnd::Middle { of: Bootloader }),
        (upto("[    0.0").to_owned(), CaptureEnd::Silent { after: Kernel }),
        (upto("led\n[    1.2").to_owned(), CaptureEnd::Middle { of: Kernel }),
        (upto("[    4.0").to_owned(), CaptureEnd::Middle { of: Userland }),
        (upto("app: state").to_owned(), CaptureEnd::Ready { by: by("camera program") }),
        (format!("{}cam login: ", upto("app: ready")), CaptureEnd::Ready { by: by("login prompt") }),
        (BOOT.replace("configured", "setup"), CaptureEnd::Factory { by: by("factory state") }),
        (BOOT.to_owned(), configured()),
        (format!("{}Kernel panic - not syncing: VFS\n", upto("[    1.2")), CaptureEnd::Fatal { by: by("kernel panic") }),
        (
            format!("{}ERROR: can't get kernel image!\nisvp_t31# ", upto("Starting")),
            CaptureEnd::BootloaderPrompt { after: Some(by("kernel image unusable")) },
        ),
        (format!("{}=> \r\n=> boot\n{}", upto("Starting"), &BOOT[BOOT.find("Starting").unwrap()..]), configured()),
        (BOOT.replace("Starting", "## Bad Magic Number\nStarting"), configured()),
        ("hello world\nthis is text\n".to_owned(), CaptureEnd::Unknown),
        (String::new(), CaptureEnd::Empty),
        ("# PROVENANCE: nowhere\n".to_owned(), CaptureEnd::Empty),
    ];
    for (capture, end) in cases {
        assert_eq!(text(&capture).end, end, "{capture}");
    }
}

#[test]
fn a_wrong_baud_rate_leaves_nothing_to_read() {
    let noise: Vec<u8> =
        (0..4000_u32).map(|n| [0x00, 0x80, 0xf8, 0xe0, 0x66, 0x98, 0xfe, 0x78][(n * 7 % 8) as usize] ^ (n % 3) as u8).collect();
    assert_eq!(decode(&noise).end, CaptureEnd::Unreadable);
    assert_eq!(decode(&[0; 500]).end, CaptureEnd::Unreadable);
    let then_text = [&noise[..], b"\n", BOOT.as_bytes()].concat();
    assert_eq!(told(&decode(&then_text)), (1, Some(Application), configured()));
}

#[test]
fn the_line_of_provenance_is_counted_and_not_read() {
    let found = text(&format!("# PROVENANCE: Kernel panic - not syncing\n{BOOT}"));
    assert_eq!(told(&found), (1, Some(Application), configured()));
    assert_eq!((found.each[0].place.line, found.each[0].place.byte), (2, 41));
    let begun = text(&format!("# PROVE\n{BOOT}"));
    assert_eq!((begun.boots, begun.each[0].place.line), (1, 2));
}

#[test]
fn a_marker_that_comes_often_is_kept_once_and_counted() {
    let many = BOOT.replace("mdev", &"jffs2: Magic bitmask 0x1985 not found\nmdev".repeat(1000));
    let found = text(&many);
    let warning = found.each[0].markers.iter().find(|seen| seen.marker == "settings file system").unwrap();
    assert_eq!((warning.times, warning.last.line), (1000, warning.place.line + 999));
    assert_eq!(text(&"Linux version 3.1\nKernel panic - not syncing\n".repeat(9000)).boots, 9000);
}

/// Bytes in which everything happens that a console does.
fn console_bytes() -> impl Strategy<Value = Vec<u8>> {
    let lines: Vec<String> = BOOT.lines().map(|line| format!("{line}\n")).collect();
    let odd = [
        "# PROVENANCE: ",
        "\r",
        "\n",
        "\0",
        "isvp_t31# ",
        "/ # dmesg\n",
        "resetting ...\n",
        "\x1b[0m",
        "[    9.000000] x",
        "登录",
    ];
    let words: Vec<String> = lines.into_iter().chain(odd.map(str::to_owned)).collect();
    let piece = prop_oneof![
        6 => prop::sample::select(words).prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => (any::<u8>(), 0_usize..3000).prop_map(|(byte, length)| vec![byte; length]),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn cutting_a_capture_anywhere_changes_nothing(bytes in console_bytes(), shares in prop::collection::vec(0.0_f64..1.0, 0..8)) {
        let mut cuts: Vec<usize> = shares.iter().map(|share| (share * bytes.len() as f64) as usize).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let mut decoder = fresh();
        cuts.windows(2).for_each(|pair| decoder.feed(&bytes[pair[0]..pair[1]]));
        prop_assert_eq!(decoder.finish(), decode(&bytes));
    }

    #[test]
    fn any_bytes_are_decoded_and_every_place_lies_within(bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
        let found = decode(&bytes);
        prop_assert_eq!(found.bytes, bytes.len() as u64);
        prop_assert!(found.lines <= found.bytes);
        prop_assert!(found.each.iter().all(|boot| boot.place.byte < found.bytes && boot.place.line <= found.lines));
    }
}

//! Console decoding: markers, boots, silence, and that cutting a stream changes nothing.

use super::*;
use crate::domain::observation::{BootStage, ConsoleState};
use crate::domain::profile;
use proptest::prelude::*;

fn decoder(markers: &[(&str, MarkerMeaning, &str)]) -> ConsoleDecoder {
    ConsoleDecoder::new(&profile(markers)).unwrap()
}

fn profile(markers: &[(&str, MarkerMeaning, &str)]) -> ConsoleProfile {
    let marker = |&(name, meaning, regex): &(&str, MarkerMeaning, &str)| profile::Marker {
        name: name.to_owned(),
        meaning,
        regex: regex.to_owned(),
    };
    ConsoleProfile { baud: 115_200, silence_s: Seconds::new(60.0), markers: markers.iter().map(marker).collect() }
}

fn usual() -> ConsoleDecoder {
    decoder(&[
        ("banner", MarkerMeaning::Bootloader, r"^U-Boot (?:SPL )?20\d\d\.\d\d"),
        ("kernel", MarkerMeaning::Kernel, r"Starting kernel|^(?:\[\s*\d+\.\d+\]\s*)?Linux version \d"),
        ("login", MarkerMeaning::Userland, r"\b[\w.-]+ login:"),
        ("up", MarkerMeaning::Ready, "Server begin eventloop"),
        ("prompt", MarkerMeaning::BootloaderPrompt, r"^isvp_\w+#\s?$"),
        ("panic", MarkerMeaning::Fatal, "Kernel panic"),
        ("restart", MarkerMeaning::WarmReboot, "Restarting system"),
        ("flash", MarkerMeaning::Warning, "Magic bitmask"),
    ])
}

fn feed(decoder: &mut ConsoleDecoder, at: u64, bytes: &[u8]) -> Vec<(Tick, Observation)> {
    let mut out = Vec::new();
    decoder.feed(Tick(at), bytes, &mut out);
    out
}

fn names(out: &[(Tick, Observation)]) -> Vec<&str> {
    out.iter()
        .filter_map(|(_, fact)| if let Observation::Marker { marker, .. } = fact { Some(marker.as_str()) } else { None })
        .collect()
}

fn last_boot(out: &[(Tick, Observation)]) -> Option<(u32, BootStage)> {
    out.iter().rev().find_map(|(_, fact)| if let Observation::Boot { boot, stage } = fact { Some((*boot, *stage)) } else { None })
}

#[test]
fn a_boot_is_told_stage_by_stage() {
    let out = feed(&mut usual(), 9, b"U-Boot 2013.07\r\nStarting kernel ...\r\n[    0.000000] Linux version 3.10\r\ncam login: \r\nServer begin eventloop\r\n");
    let stages: Vec<_> = out.iter().filter(|(_, fact)| matches!(fact, Observation::Boot { .. })).collect();
    assert_eq!(stages.len(), 4, "{out:?}");
    assert_eq!(last_boot(&out), Some((1, BootStage::Application)));
    assert_eq!(names(&out), ["banner", "kernel", "kernel", "login", "up"]);
}

#[test]
fn a_prompt_without_an_end_is_told_when_it_stands_still_and_only_once() {
    let mut decoder = usual();
    assert!(names(&feed(&mut decoder, 0, b"isvp_t31# ")).is_empty());
    let mut out = Vec::new();
    decoder.tick(Tick(199_999), &mut out);
    assert!(out.is_empty());
    decoder.tick(Tick(200_000), &mut out);
    decoder.tick(Tick(9_000_000), &mut out);
    assert_eq!(names(&out), ["prompt"]);
    assert_eq!(out[0].0, Tick(0), "it is dated when it came");
    assert!(names(&feed(&mut decoder, 9_500_000, b"\r\n")).is_empty());
}

#[test]
fn it_does_not_matter_whether_time_was_told_between_bytes() {
    let (mut told, mut untold) = (usual(), usual());
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for (at, bytes) in [(0_u64, b"isvp_t31# ".as_slice()), (90_000_000, b"\r\nU-Boot 2013.07\r\n")] {
        (0..9).for_each(|n| told.tick(Tick(at.saturating_sub(n * 9_000_000)), &mut Vec::new()));
        told.feed(Tick(at), bytes, &mut with);
        (1..30).for_each(|n| told.tick(Tick(at + n * 2_900_000), &mut with));
        untold.feed(Tick(at), bytes, &mut without);
    }
    untold.tick(Tick(90_000_000 + 29 * 2_900_000), &mut without);
    assert_eq!(with, without);
}

#[test]
fn warnings_by_the_hundred_are_told_seldom() {
    let mut decoder = usual();
    let mut told = 0;
    for n in 0..100 {
        told += names(&feed(&mut decoder, n * 100_000, b"jffs2: Magic bitmask 0x1985 not found\n")).len();
    }
    assert_eq!(told, 2);
}

#[test]
fn a_trial_counts_its_boots_from_one() {
    let mut decoder = usual();
    feed(&mut decoder, 0, b"Linux version 3\ncam login:\nLinux version 3\n");
    decoder.reset(Tick(5));
    assert_eq!(last_boot(&feed(&mut decoder, 6, b"Linux version 3\n")), Some((1, BootStage::Kernel)));
}

#[test]
fn a_gap_ends_the_line_and_keeps_the_count() {
    let mut decoder = usual();
    feed(&mut decoder, 0, b"Linux version 3\ncam login:\nLinux ver");
    let mut out = Vec::new();
    decoder.gap(Tick(5), &mut out);
    assert_eq!(out, [(Tick(5), Observation::Console { state: ConsoleState::Gap })]);
    assert!(names(&feed(&mut decoder, 6, b"sion 3\n")).is_empty());
    assert_eq!(last_boot(&feed(&mut decoder, 7, b"Linux version 3\n")), Some((2, BootStage::Kernel)));
}

#[test]
fn a_marker_beyond_the_longest_line_is_found() {
    let mut bytes = vec![b'.'; LONGEST_LINE - 6];
    bytes.extend_from_slice(b"Kernel panic - not syncing\n");
    assert_eq!(names(&feed(&mut usual(), 0, &bytes)), ["panic"]);
}

#[test]
fn an_expression_that_does_not_compile_names_its_marker() {
    let error =
        ConsoleDecoder::new(&profile(&[("good", MarkerMeaning::Ready, "x"), ("bad", MarkerMeaning::Ready, "(")])).unwrap_err();
    assert!(error.to_string().starts_with("marker `bad`"), "{error}");
}

/// Bytes in which everything happens that a console does.
fn console_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "U-Boot 2013.07 (x)\r\n", "Starting kernel ...\n", "[    0.000000] Linux version 3.10\n", "cam login: ", "isvp_t31# ",
            "\x1b[0;31m", "\x1b", "\x08\x08", "Kernel pa[    1.250000] usb 1\n", "nic - not syncing\n", "\r", "\n", "\0", "相机",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => (any::<u8>(), 0_usize..3000).prop_map(|(byte, length)| vec![byte; length]),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cutting_the_bytes_anywhere_changes_nothing(bytes in console_bytes(), shares in prop::collection::vec(0.0_f64..1.0, 0..8)) {
        let mut cuts: Vec<usize> = shares.iter().map(|share| (share * bytes.len() as f64) as usize).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let mut decoder = usual();
        let mut out = Vec::new();
        for pair in cuts.windows(2) {
            decoder.feed(Tick(7), &bytes[pair[0]..pair[1]], &mut out);
        }
        decoder.tick(Tick(1_000_000), &mut out);
        let mut whole = usual();
        let mut expected = feed(&mut whole, 7, &bytes);
        whole.tick(Tick(1_000_000), &mut expected);
        prop_assert_eq!(out, expected);
    }

    #[test]
    fn memory_is_bounded_whatever_comes(bytes in console_bytes()) {
        let mut decoder = usual();
        for at in 0..4 {
            feed(&mut decoder, at, &bytes);
            prop_assert!(decoder.lines.text().len() <= LONGEST_LINE && decoder.hits.is_empty());
        }
    }

    #[test]
    fn an_exchange_does_not_care_where_the_bytes_are_cut(bytes in console_bytes(), cut in 0.0_f64..1.0) {
        let new = || Exchange::new("cam login: ", vec![regex::bytes::Regex::new("panic|login|U-Boot").unwrap()]).unwrap();
        let (mut whole, mut parts) = (new(), new());
        let (first, second) = bytes.split_at((cut * bytes.len() as f64) as usize);
        let found = parts.feed(Tick(1), first);
        prop_assert_eq!(found.or_else(|| parts.feed(Tick(1), second)), whole.feed(Tick(1), &bytes));
    }
}

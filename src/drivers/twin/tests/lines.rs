//! What the console line does to text.

use super::*;
use crate::drivers::twin::world::{ConsoleModel, Newline, Speaks};

/// The bytes of a boot on such a line, and of the commands after it.
fn spoken(console: ConsoleModel) -> Vec<u8> {
    let mut world = plain();
    world.camera.console = console;
    assert_eq!(world.check(), []);
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(60.0);
    for _ in 0..40 {
        lab.type_line("status");
    }
    lab.console
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn plain_line() -> Vec<u8> {
    spoken(ConsoleModel::default())
}

#[test]
fn kernel_lines_are_spliced_into_the_lines_of_programs() {
    let found = text(&spoken(ConsoleModel { splices: 0.5, ..ConsoleModel::default() }));
    let stamped =
        |line: &str| line.contains("] wifi_twin: beacon") || line.contains("] random: fast") || line.contains("] mmc0: card d");
    let spliced: Vec<&str> = found.lines().filter(|line| stamped(line)).collect();
    assert!((10..=32).contains(&spliced.len()), "{}", spliced.len());
    assert!(spliced.iter().any(|line| line.starts_with("app: s") && line.contains('[')), "in the middle of a line: {spliced:?}");
    assert!(found.matches("app: state=setup").count() < 41);
}

#[test]
fn lines_may_end_with_a_lone_carriage_return_or_line_feed() {
    let own = plain_line();
    let cr = spoken(ConsoleModel { newline: Newline::Cr, ..ConsoleModel::default() });
    // The echo of a typed line ends as the terminal driver writes it.
    assert!(cr.iter().filter(|byte| **byte == b'\n').count() == 40 && text(&cr).contains("app: ready\rapp: state=setup\r"));
    let lf = spoken(ConsoleModel { newline: Newline::Lf, ..ConsoleModel::default() });
    assert!(text(&lf).contains("app: ready\napp: state=setup\n") && !text(&lf).contains("Starting kernel ...\r"));
    assert_eq!(text(&lf).lines().count(), text(&own).lines().count());
    assert!(spoken(ConsoleModel { newline: Newline::CrLf, ..ConsoleModel::default() }) == own, "its own text has both already");
}

#[test]
fn programs_may_colour_their_lines() {
    let found = text(&spoken(ConsoleModel { ansi: true, ..ConsoleModel::default() }));
    assert!(found.contains("\u{1b}[0;32mapp: ready\u{1b}[0m\r\n") && found.contains("\r\nStarting kernel ...\r\n"));
}

#[test]
fn stray_control_bytes_and_backspaces_stand_in_lines() {
    let found = spoken(ConsoleModel { controls: 0.2, backspaces: 0.2, ..ConsoleModel::default() });
    let count = |wanted: &dyn Fn(u8) -> bool| found.iter().filter(|byte| wanted(**byte)).count();
    let strays = count(&|byte| matches!(byte, 0x00 | 0x07 | 0x0b | 0x0e | 0x7f));
    assert!((20..80).contains(&strays) && (20..80).contains(&count(&|byte| byte == 0x08)), "{strays}");
    let cleaned: Vec<u8> =
        text(&found).replace("#\u{8}", "").bytes().filter(|b| !matches!(b, 0 | 7 | 0x0b | 0x0e | 0x7f)).collect();
    let own = text(&plain_line());
    let same = text(&cleaned).lines().filter(|line| own.contains(line)).count();
    assert!(same > 230, "only stray bytes were added: {same} lines");
}

#[test]
fn lines_may_be_longer_than_any_terminal() {
    let found = text(&spoken(ConsoleModel { long_lines: 0.02, ..ConsoleModel::default() }));
    let long: Vec<usize> = found.lines().map(str::len).filter(|length| *length > 500).collect();
    assert!(!long.is_empty() && long.iter().all(|length| *length <= 2000), "{long:?}");
}

#[test]
fn garbage_comes_in_bursts_and_bytes_are_lost() {
    let own = plain_line().len();
    let garbled = spoken(ConsoleModel { garbage: 0.1, ..ConsoleModel::default() });
    assert!(garbled.iter().any(|byte| *byte >= 0x80) && garbled.len() > own + 300);
    let lossy = spoken(ConsoleModel { drops: 0.05, ..ConsoleModel::default() });
    let kept = lossy.len() as f64 / own as f64;
    assert!((0.93..0.97).contains(&kept), "{kept}");
}

#[test]
fn a_wrong_rate_garbles_both_ways() {
    let found = spoken(ConsoleModel { bench_baud: Some(57_600), ..ConsoleModel::default() });
    assert!(found.len() > 1000 && !text(&found).contains("U-Boot") && !text(&found).contains("app:"));
    let mut world = plain();
    world.camera.console.bench_baud = Some(9600);
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(60.0);
    lab.type_line("cfg set wifi.a b");
    assert!(lab.truth.settings().is_empty());
    assert!(spoken(ConsoleModel { bench_baud: Some(115_200), ..ConsoleModel::default() }) == plain_line());
}

#[test]
fn a_camera_may_speak_no_linux_at_all() {
    let mut world = plain();
    world.camera.console.speaks = Speaks::Bootloader;
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(60.0);
    assert!(lab.text().starts_with("U-Boot") && !lab.text().contains("Linux version"), "{}", lab.text());
    assert_eq!(lab.trial().ready.len(), 1, "it is up all the same");
    lab.forget();
    lab.type_line("status");
    lab.press(15.0);
    lab.run(3.0);
    assert!(lab.console.is_empty() && !lab.trial().erases.is_empty());
    assert!(spoken(ConsoleModel { speaks: Speaks::Nothing, ..ConsoleModel::default() }).is_empty());
}

#[test]
fn the_same_seed_gives_the_same_noise() {
    let noisy = || ConsoleModel { garbage: 0.1, controls: 0.1, splices: 0.2, drops: 0.01, ..ConsoleModel::default() };
    assert!(spoken(noisy()) == spoken(noisy()));
}

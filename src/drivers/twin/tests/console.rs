//! The console.

use super::*;
use crate::ports::Refused;

#[test]
fn boot_text_never_comes_faster_than_the_line_carries_it() {
    let mut lab = Lab::new(plain(), 1);
    lab.power(true);
    let mut batch = Batch::default();
    let mut last = Tick::ZERO;
    let mut bytes = 0;
    while lab.now() < Tick(60_000_000) {
        let start = lab.now();
        lab.ports.sensors.poll(Tick(60_000_000), &mut batch).unwrap();
        for reading in &batch.readings {
            if let Reading::Console { at, range } = reading {
                assert!(*at >= start && *at < batch.end && *at > last);
                // 115 200 baud: 86.8 us a byte, at most 115.2 bytes in 10 ms and one more that had begun.
                assert!(range.len() <= 116, "{} bytes", range.len());
                last = *at;
                bytes += range.len();
            }
        }
    }
    assert!(bytes > 9000, "{bytes}");
}

#[test]
fn a_slow_line_takes_its_time() {
    let mut world = plain();
    world.camera.baud = 1200;
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(60.0);
    // 120 bytes a second, from the start of the boot at 0.7 s on.
    let sent = lab.console.len();
    assert!((6900..=7200).contains(&sent), "{sent}");
    assert!(!lab.text().contains("app: ready"), "it waits behind the boot text");
    lab.power(false);
    lab.run(1.0);
    let at_cut = lab.console.len();
    lab.run(20.0);
    assert_eq!(lab.console.len(), at_cut, "what was not sent is lost");
}

#[test]
fn the_shell_echoes_and_answers_each_command_with_one_line() {
    let mut lab = Lab::new(plain(), 1);
    lab.connect("oem-5v1a");
    lab.power(true);
    lab.run(60.0);
    lab.forget();
    for (line, answer) in [
        ("status", "app: state=setup\r\n"),
        ("cfg get wifi.ssid", "cfg: wifi.ssid unset\r\n"),
        ("cfg set wifi.ssid my net", "cfg: wifi.ssid=my net\r\n"),
        ("cfg get wifi.ssid", "cfg: wifi.ssid=my net\r\n"),
        ("cfg set colour blue", "cfg: colour is no setting\r\n"),
        ("provision", "provision: done\r\napp: state=configured\r\n"),
        ("status", "app: state=configured\r\n"),
        ("reset", "sh: reset: not found\r\n"),
    ] {
        lab.type_line(line);
        assert_eq!(lab.text(), format!("{line}\r\n{answer}"));
        lab.forget();
    }
}

#[test]
fn a_line_may_come_in_pieces_and_a_booting_camera_hears_none() {
    let mut lab = Lab::new(plain(), 1);
    lab.power(true);
    lab.run(10.0);
    lab.forget();
    lab.ports.console.send(b"status\n").unwrap();
    lab.run(50.0);
    assert!(!lab.text().contains("status"));
    lab.forget();
    for piece in [&b"sta"[..], b"tu", b"s\r"] {
        lab.ports.console.send(piece).unwrap();
        lab.run(0.05);
    }
    assert_eq!(lab.text(), "status\r\napp: state=setup\r\n");
}

#[test]
fn a_capture_is_printed_byte_for_byte() {
    let capture =
        b"# PROVENANCE: somewhere\nU-Boot \xff\x1b[0m\r\nLinux version 9\n\n\x00VFS: Mounted root\nlogin: [ 1.0] x".to_vec();
    let Twin { ports, truth } = Twin::new(plain(), 1, Some(capture), Wiring::FULL);
    let mut lab = Lab { ports, truth, ..Lab::new(plain(), 1) };
    lab.power(true);
    lab.run(60.0);
    let expected =
        b"U-Boot \xff\x1b[0m\r\nLinux version 9\n\n\x00VFS: Mounted root\nlogin: [ 1.0] xapp: ready\r\napp: state=setup\r\n";
    assert_eq!(lab.console, expected);
}

#[test]
fn a_bench_without_a_console_gives_no_console_readings() {
    let wiring = Wiring { console: false, plug: false, ..Wiring::FULL };
    let Twin { ports, truth } = Twin::new(plain(), 1, None, wiring);
    let mut lab = Lab { ports, truth, ..Lab::new(plain(), 1) };
    lab.power(true);
    lab.run(60.0);
    assert!(lab.console.is_empty() && lab.volts.is_empty() && lab.light.len() == 60_000);
    assert!(matches!(lab.ports.console.send(b"status\n"), Err(Refused::Never(_))));
    assert_eq!(lab.ports.sensors.scale(Channel::PlugVoltage), None);
}

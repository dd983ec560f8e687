//! The driver at a real pseudo-terminal.

use super::*;
use crate::domain::units::Tick;
use crate::drivers::hub::{Hub, HubSensors};
use crate::ports::{Batch, Sensors};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;

/// The camera's end of a line.
struct Camera(File);

impl Camera {
    /// A new line whose other end has the name `link`.
    fn at(link: &Path) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let _ = std::fs::remove_file(link);
        symlink(Path::new(name.to_str().unwrap()), link).unwrap();
        Self(File::from(master))
    }

    fn says(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    fn hears(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }
}

struct Bench {
    sensors: HubSensors,
    heard: Vec<u8>,
    gaps: usize,
}

impl Bench {
    fn new(link: &Path) -> (Self, Serial) {
        let (hub, clock) = (Hub::default(), Monotonic::from_now());
        let settings = Settings { port: link.to_owned(), baud: usual() };
        let serial = open(settings, hub.source("console"), clock).unwrap();
        (Self { sensors: HubSensors::new(hub, clock, BTreeMap::new()), heard: Vec::new(), gaps: 0 }, serial)
    }

    /// Polls until `done`; the test's own limit is its patience.
    fn until(&mut self, done: impl Fn(&Self) -> bool) {
        let mut batch = Batch::default();
        for _ in 0..6_000 {
            if done(self) {
                return;
            }
            self.sensors.poll(Tick::NEVER, &mut batch).unwrap();
            for reading in &batch.readings {
                match reading {
                    Reading::Console { range, .. } => self.heard.extend_from_slice(batch.console(range)),
                    Reading::ConsoleGap { .. } => self.gaps += 1,
                    _ => {}
                }
            }
        }
        panic!("it did not come: {:?}", String::from_utf8_lossy(&self.heard));
    }
}

#[test]
fn bytes_go_both_ways_as_they_are() {
    let temp = tempfile::tempdir().unwrap();
    let link = temp.path().join("console");
    let mut camera = Camera::at(&link);
    let (mut bench, mut serial) = Bench::new(&link);
    let all: Vec<u8> = (0..=255).collect();
    camera.says(&all);
    bench.until(|bench| bench.heard.len() == 256);
    assert_eq!(bench.heard, all, "neither translated nor echoed");
    serial.send(b"printenv\r\n\x03").unwrap();
    assert_eq!(camera.hears(11), b"printenv\r\n\x03");
}

#[test]
fn a_line_that_is_lost_is_opened_again_and_the_gap_is_told() {
    let temp = tempfile::tempdir().unwrap();
    let link = temp.path().join("console");
    let mut camera = Camera::at(&link);
    let (mut bench, mut serial) = Bench::new(&link);
    camera.says(b"before\n");
    bench.until(|bench| bench.heard.ends_with(b"before\n"));
    for round in 1..=3 {
        drop(camera);
        camera = Camera::at(&link);
        // It may still hold the old line; what is said to nobody is lost with it, so it waits for the gap.
        bench.until(|bench| bench.gaps == round);
        camera.says(format!("after {round}\n").as_bytes());
        let wanted = format!("after {round}\n");
        bench.until(|bench| bench.heard.ends_with(wanted.as_bytes()));
    }
    serial.send(b"x").unwrap();
    assert_eq!(camera.hears(1), b"x");
}

#[test]
fn while_the_line_is_gone_nothing_can_be_sent_and_the_driver_ends_when_it_is_dropped() {
    let temp = tempfile::tempdir().unwrap();
    let link = temp.path().join("console");
    let camera = Camera::at(&link);
    let (_bench, mut serial) = Bench::new(&link);
    std::fs::remove_file(&link).unwrap();
    drop(camera);
    let refused = (0..1_000_000).find_map(|_| {
        std::thread::yield_now();
        serial.send(b"x").err()
    });
    assert!(matches!(refused, Some(Refused::Broken(fault)) if fault.fault == FaultKind::Disconnected));
    drop(serial);
}

#[test]
fn a_port_that_is_not_there_is_named() {
    let hub = Hub::default();
    let settings = Settings { port: "/dev/serial/by-id/none".into(), baud: 9600 };
    let fault = open(settings, hub.source("console"), Monotonic::from_now()).err().unwrap();
    assert!(fault.detail.contains("/dev/serial/by-id/none") && fault.detail.contains("ls /dev/serial/by-id"), "{fault}");
}

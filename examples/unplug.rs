//! Does the console driver lose lines when its port is unplugged? For each gap: 50 lines, 72 bytes of garbage, the port gone for so long, garbage
//! again, 50 lines; counted are the lines that came whole on either side, and the marks of the gap. On a pseudo-terminal; the last result stands in
//! `docs/rig/console.md`.
//!
//! Usage: unplug SECONDS...

#![expect(clippy::disallowed_methods, reason = "real time is what is tried here")]

use anyhow::{Context, Result, bail};
use pinhole::domain::units::Tick;
use pinhole::domain::verdict::Fault;
use pinhole::drivers::console::{SerialConsole, Settings};
use pinhole::ports::Console;
use pinhole::ports::device::{Reading, Sink, Stamped};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

const LINES: usize = 50;

struct Kept(Sender<Stamped>);

impl Sink for Kept {
    fn put(&mut self, reading: Stamped) -> Result<(), Fault> {
        let _ = self.0.send(reading);
        Ok(())
    }
}

/// A device under a name: its own side, and the other side raw and held open.
fn plug(path: &Path) -> Result<(File, File)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?;
    let slave = rustix::fs::open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?;
    let mut mode = rustix::termios::tcgetattr(&slave)?;
    mode.make_raw();
    rustix::termios::tcsetattr(&slave, rustix::termios::OptionalActions::Now, &mode)?;
    let _ = std::fs::remove_file(path);
    std::os::unix::fs::symlink(name.to_str()?, path)?;
    Ok((File::from(master), File::from(slave)))
}

fn speak(device: &mut File, side: &str) -> Result<()> {
    for line in 0..LINES {
        device.write_all(format!("{side} line {line}\r\n").as_bytes())?;
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

fn main() -> Result<()> {
    let gaps: Vec<f64> = std::env::args().skip(1).map(|gap| gap.parse().context("SECONDS is a number")).collect::<Result<_>>()?;
    let folder = std::env::temp_dir().join(format!("pinhole-unplug-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("console");
    let garbage: Vec<u8> = (0..72u8).map(|k| k.wrapping_mul(37) | 0x80).collect();
    let mut lost = false;
    for gap in gaps {
        let (mut device, held) = plug(&path)?;
        let (sender, receiver) = channel();
        let epoch = Instant::now();
        let now = Arc::new(move || Tick(epoch.elapsed().as_micros() as u64));
        let settings = Settings { port: Some(path.display().to_string()), tcp: None, baud: 115_200 };
        let mut console = SerialConsole::open(&settings, Box::new(Kept(sender)), now)?;
        speak(&mut device, "before")?;
        device.write_all(&garbage)?;
        std::thread::sleep(Duration::from_millis(200));
        drop((device, held));
        std::fs::remove_file(&path)?;
        std::thread::sleep(Duration::from_secs_f64(gap));
        let (mut device, _held) = plug(&path)?;
        device.write_all(&garbage)?;
        speak(&mut device, "after")?;
        std::thread::sleep(Duration::from_millis(500));
        console.send(b"still here\n").map_err(|refused| anyhow::anyhow!("{refused}"))?;
        let (mut bytes, mut marks) = (Vec::new(), 0);
        for stamped in receiver.try_iter() {
            match stamped.reading {
                Reading::Console(part) => bytes.extend(part),
                Reading::ConsoleGap => marks += 1,
                _ => {}
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let whole = |side: &str| (0..LINES).filter(|line| text.contains(&format!("{side} line {line}\r\n"))).count();
        let (before, after) = (whole("before"), whole("after"));
        println!("gap of {gap} s: {before} of {LINES} lines before, {after} of {LINES} after, {marks} mark(s)");
        lost |= before < LINES || after < LINES || marks != 1;
    }
    std::fs::remove_dir_all(&folder)?;
    if lost { bail!("lines were lost") } else { Ok(()) }
}

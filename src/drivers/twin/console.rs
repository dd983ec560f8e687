//! What the console line does to the camera's text before it leaves: splices, colours, stray bytes, losses, a wrong rate.

use super::bench::Bench;
use super::camera::Life;
use super::chance::{Draw, Purpose};
use super::uart::misread;
use super::world::{ConsoleModel, Newline, Speaks};
use crate::domain::observation::BootStage;
use crate::domain::units::Tick;

/// Bytes that stray into a line: NUL, bell, vertical tab, shift-out, delete.
const STRAY: [u8; 5] = [0x00, 0x07, 0x0b, 0x0e, 0x7f];
/// What a kernel says in the middle of a program's line.
const KERNEL: [&str; 3] =
    ["wifi_twin: beacon lost, 2 missed", "random: fast init done", "mmc0: card detect line bounced, no card"];

impl Bench {
    /// A line of the camera's programs.
    pub(super) fn say(&mut self, line: &str) {
        self.print(line.as_bytes(), b"\r\n", true);
    }

    /// A line of the kernel.
    pub(super) fn say_kernel(&mut self, line: &str) {
        let stamp = stamp(self.now, self.camera.stages[1]);
        self.print(format!("{stamp} {line}").as_bytes(), b"\r\n", false);
    }

    /// A prompt: a line without its end.
    pub(super) fn prompt(&mut self, text: &str) {
        self.print(text.as_bytes(), b"", false);
    }

    /// A line of the boot text, with its end.
    pub(super) fn print_boot(&mut self, line: &[u8]) {
        let end = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
        let (text, end) = line.split_at(end);
        self.print(text, end, false);
    }

    /// Puts a line on the wire. `program`: it is one that colours its lines and into which the kernel may talk.
    fn print(&mut self, text: &[u8], end: &[u8], program: bool) {
        self.flush_console();
        let model = &self.camera.model.console;
        let bootloader = self.camera.life == Life::Boot(BootStage::Bootloader);
        match model.speaks {
            Speaks::All => {}
            Speaks::Bootloader if bootloader => {}
            Speaks::Bootloader | Speaks::Nothing => return,
        }
        if *model == ConsoleModel::default() {
            self.uart.write(self.now, text);
            self.uart.write(self.now, end);
            return;
        }
        let model = model.clone();
        let stamp = stamp(self.now, self.camera.stages[1]);
        let mut draw = self.chance.next(Purpose::Line);
        let line = worn(&model, text, end, program.then_some(stamp.as_str()), &mut draw);
        self.transmit(&lossy(line, model.drops, &mut draw));
    }

    /// Sends back what was typed.
    pub(super) fn echo(&mut self, bytes: &[u8]) {
        self.flush_console();
        let drops = self.camera.model.console.drops;
        if drops > 0.0 {
            let mut draw = self.chance.next(Purpose::Line);
            self.transmit(&lossy(bytes.to_vec(), drops, &mut draw));
        } else {
            self.transmit(bytes);
        }
    }

    fn transmit(&mut self, bytes: &[u8]) {
        match self.camera.model.console.bench_baud {
            Some(heard) => self.uart.write(self.now, &misread(bytes, self.camera.model.baud, heard)),
            None => self.uart.write(self.now, bytes),
        }
    }

    /// What the camera makes of bytes from the bench.
    pub(super) fn heard(&self, bytes: &[u8]) -> Vec<u8> {
        match self.camera.model.console.bench_baud {
            Some(sent) => misread(bytes, sent, self.camera.model.baud),
            None => bytes.to_vec(),
        }
    }
}

/// A kernel's time stamp: seconds since it started.
fn stamp(now: Tick, kernel: Tick) -> String {
    let micro = now.since(kernel).micro();
    format!("[{:5}.{:06}]", micro / 1_000_000, micro % 1_000_000)
}

/// A line with everything that the line and the programs add to it. `kernel`: the kernel's time stamp where it may talk into the line.
fn worn(model: &ConsoleModel, text: &[u8], end: &[u8], kernel: Option<&str>, draw: &mut Draw) -> Vec<u8> {
    let end: &[u8] = match model.newline {
        _ if end.is_empty() => end,
        Newline::AsWritten => end,
        Newline::Lf => b"\n",
        Newline::Cr => b"\r",
        Newline::CrLf => b"\r\n",
    };
    let mut line = text.to_vec();
    if draw.happens(model.backspaces) {
        let place = draw.below(line.len() + 1);
        line.splice(place..place, *b"#\x08");
    }
    if draw.happens(model.controls) {
        let (place, stray) = (draw.below(line.len() + 1), STRAY[draw.below(STRAY.len())]);
        line.insert(place, stray);
    }
    if draw.happens(model.splices)
        && let Some(stamp) = kernel
    {
        let (place, what) = (draw.below(line.len() + 1), KERNEL[draw.below(KERNEL.len())]);
        line.splice(place..place, [stamp.as_bytes(), b" ", what.as_bytes(), end].concat());
    }
    if model.ansi && kernel.is_some() {
        line = [b"\x1b[0;32m", &line[..], b"\x1b[0m"].concat();
    }
    let before = if draw.happens(model.long_lines) { long_line(draw, end) } else { Vec::new() };
    let after = if draw.happens(model.garbage) { garbage(draw) } else { Vec::new() };
    [&before[..], &line, end, &after].concat()
}

fn long_line(draw: &mut Draw, end: &[u8]) -> Vec<u8> {
    let length = 600 + draw.below(1401);
    let mut line = b"dump:".to_vec();
    while line.len() + 3 <= length {
        line.extend(format!(" {:02x}", draw.bits() & 0xff).bytes());
    }
    line.extend(end);
    line
}

fn garbage(draw: &mut Draw) -> Vec<u8> {
    let length = 8 + draw.below(57);
    (0..length).map(|_| draw.bits() as u8).collect()
}

/// What is left of bytes on a line that loses some.
fn lossy(mut bytes: Vec<u8>, drops: f64, draw: &mut Draw) -> Vec<u8> {
    if drops > 0.0 {
        bytes.retain(|_| !draw.happens(drops));
    }
    bytes
}

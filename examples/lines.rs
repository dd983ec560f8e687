//! The drivers of GPIO lines against the kernel's own interface: run inside a guest whose chip is simulated by the kernel's `gpio-sim`
//! (`scripts/gpio-sim` does it). One line a check, the last says how many failed.
//!
//! Usage: lines CHIP FOLDER, with the folder of the simulated chip, in which `sim_gpioN/value` and `sim_gpioN/pull` are.

#![allow(clippy::disallowed_methods, reason = "it waits for a real kernel")]

use anyhow::{Context, Result, bail, ensure};
use pinhole::drivers::gpio::cdev::{GpioSwitch, Settings};
use pinhole::drivers::gpio::e_stop::{self, GpioStop};
use pinhole::guard::server::EStop;
use pinhole::ports::device::Switch;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const COIL: u32 = 17;
const RELAY: u32 = 22;
const STOP: u32 = 5;

/// The simulated chip.
struct Chip {
    device: String,
    folder: PathBuf,
}

impl Chip {
    fn settings(&self, line: u32, active_low: bool) -> Settings {
        Settings { chip: self.device.clone(), line, hold_line: None, hold_pwm: None, active_low }
    }

    /// What the line carries, by the kernel's word.
    fn level(&self, line: u32) -> Result<bool> {
        let file = self.folder.join(format!("sim_gpio{line}/value"));
        Ok(std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?.trim() == "1")
    }

    fn pull(&self, line: u32, up: bool) -> Result<()> {
        let file = self.folder.join(format!("sim_gpio{line}/pull"));
        std::fs::write(&file, if up { "pull-up" } else { "pull-down" }).with_context(|| format!("writing {}", file.display()))
    }

    fn open(&self, line: u32, active_low: bool) -> Result<GpioSwitch> {
        GpioSwitch::open(&self.settings(line, active_low), "coil").map_err(|fault| anyhow::anyhow!("{fault}"))
    }
}

fn set(switch: &mut GpioSwitch, on: bool) -> Result<()> {
    switch.set(on).map_err(|fault| anyhow::anyhow!("{fault}"))
}

fn follows(chip: &Chip, active_low: bool) -> Result<String> {
    let line = if active_low { RELAY } else { COIL };
    let mut switch = chip.open(line, active_low)?;
    ensure!(chip.level(line)? == active_low, "it is on when opened");
    let begun = Instant::now();
    for press in 0..1000 {
        for on in [true, false] {
            set(&mut switch, on)?;
            ensure!(chip.level(line)? == (on != active_low), "press {press}: told {on}, and the line does not follow");
        }
    }
    Ok(format!("2,000 changes in {:.2} s, each read back", begun.elapsed().as_secs_f64()))
}

fn taken(chip: &Chip) -> Result<String> {
    let first = chip.open(COIL, false)?;
    let second = GpioSwitch::open(&chip.settings(COIL, false), "coil").err().context("it was had twice")?;
    drop(first);
    chip.open(COIL, false).context("after it was let go")?;
    Ok(second.to_string())
}

fn absent(chip: &Chip) -> Result<String> {
    let fault = GpioSwitch::open(&chip.settings(999, false), "coil").err().context("there is no line 999")?;
    Ok(fault.to_string())
}

/// A process that has the coil on and is killed: `hold` of this program is that process.
fn killed(chip: &Chip) -> Result<String> {
    let mut longest = Duration::ZERO;
    for kill in 0..100 {
        let own = std::env::current_exe()?;
        let mut child = Command::new(own).args(["hold", &chip.device]).stdout(Stdio::piped()).spawn()?;
        let mut told = [0u8; 3];
        std::io::Read::read_exact(child.stdout.as_mut().context("no pipe")?, &mut told)?;
        ensure!(chip.level(COIL)?, "kill {kill}: the coil is not on");
        let begun = Instant::now();
        child.kill()?;
        child.wait()?;
        while chip.level(COIL)? {
            ensure!(begun.elapsed() < Duration::from_secs(1), "kill {kill}: the coil stays on");
        }
        longest = longest.max(begun.elapsed());
    }
    Ok(format!("100 of 100 let go, at most {:.1} ms after the signal", longest.as_secs_f64() * 1e3))
}

fn hold(device: &str) -> Result<()> {
    let settings = Settings { chip: device.to_owned(), line: COIL, hold_line: None, hold_pwm: None, active_low: false };
    let mut switch = GpioSwitch::open(&settings, "coil").map_err(|fault| anyhow::anyhow!("{fault}"))?;
    set(&mut switch, true)?;
    println!("on");
    std::io::Write::flush(&mut std::io::stdout())?;
    loop {
        std::thread::park();
    }
}

fn stop(chip: &Chip) -> Result<String> {
    let settings = e_stop::Settings { chip: chip.device.clone(), line: STOP, normally_open: false };
    let mut stop = GpioStop::open(settings).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let mut next = || stop.next(Duration::from_secs(1)).map_err(|fault| anyhow::anyhow!("{fault}"));
    // The driver pulls the line up and nothing leads it to ground: a cut wire is a pressed stop.
    ensure!(next()? == Some(true), "a cut wire is no stop");
    chip.pull(STOP, false)?;
    ensure!(next()? == Some(false), "a closed contact is a stop");
    let mut longest = Duration::ZERO;
    for push in 0..100 {
        for pressed in [true, false] {
            let begun = Instant::now();
            // A contact that bounces.
            for up in [pressed, !pressed, pressed, !pressed, pressed] {
                chip.pull(STOP, up)?;
            }
            let mut told = next()?;
            while told != Some(pressed) {
                ensure!(begun.elapsed() < Duration::from_secs(2), "push {push}: {pressed} was not told");
                told = next()?;
            }
            longest = longest.max(begun.elapsed());
        }
    }
    Ok(format!("200 changes that bounced, each told within {:.1} ms", longest.as_secs_f64() * 1e3))
}

type Check<'c> = (&'static str, &'c dyn Fn() -> Result<String>);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let chip = match arguments.as_slice() {
        [word, device] if word == "hold" => return hold(device),
        [device, folder] => Chip { device: device.clone(), folder: PathBuf::from(folder) },
        _ => bail!("usage: lines CHIP FOLDER"),
    };
    let checks: [Check<'_>; 6] = [
        ("the line follows", &|| follows(&chip, false)),
        ("one that is on when low follows", &|| follows(&chip, true)),
        ("a line that somebody has is named", &|| taken(&chip)),
        ("a line that is not there is named", &|| absent(&chip)),
        ("a killed process lets go", &|| killed(&chip)),
        ("an emergency stop is told", &|| stop(&chip)),
    ];
    let mut failed = 0;
    for (name, check) in checks {
        match check() {
            Ok(found) => println!("passed: {name}: {found}"),
            Err(error) => {
                failed += 1;
                println!("FAILED: {name}: {error:#}");
            }
        }
    }
    println!("lines: {failed} failed");
    Ok(())
}

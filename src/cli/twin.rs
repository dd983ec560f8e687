//! `pinhole twin`: the simulated bench in real time behind the ports that a rig of real drivers names.

use super::args;
use super::compose::read_world;
use super::trouble::Trouble;
use crate::domain::rig::{Position, RigFile};
use crate::files::{Check, Findings, KeyPath, Parsed, Source, read};
use crate::served::{Plan, Served};
use anyhow::{Context, anyhow};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::signal::unix::{SignalKind, signal};

/// Serves a position until Ctrl-C.
pub fn twin(args: &args::Twin) -> Result<u8, Trouble> {
    let rig = rig(&args.rig)?;
    let (index, position) = position(&rig, args)?;
    let at = KeyPath::root().key("positions").index(index);
    let plan = Plan::of(position).map_err(|error| located(&rig, at.key(error.port), &error.what))?;
    let Some(reference) = &position.world else {
        return Err(located(&rig, at, "this position has no world that could be played"));
    };
    let (world, boot_text) = read_world(&beside(&args.rig, reference))?;
    let stop = stopped()?;
    let mut served = Served::open(plan, world, args.seed, boot_text).map_err(Trouble::rig)?;
    let places: String = served.places().iter().map(|place| format!("  {place}\n")).collect();
    let name = &position.name;
    super::out(&format!("position {name} of {}, in real time:\n{places}Ctrl-C ends it.\n", args.rig.display()));
    served.play(|| stop.load(Ordering::Acquire));
    Ok(0)
}

fn rig(path: &Path) -> Result<Parsed<RigFile>, Trouble> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let rig = read::<RigFile>(&Source::new(&path.to_string_lossy(), &text))?;
    let (errors, _) = rig.locate_all(&rig.value.check());
    if errors.is_empty() { Ok(rig) } else { Err(errors.into()) }
}

fn position<'r>(rig: &'r Parsed<RigFile>, args: &args::Twin) -> Result<(usize, &'r Position), Trouble> {
    let positions = || rig.value.positions.iter().enumerate();
    let wanted = match &args.position {
        Some(name) => positions().find(|(_, position)| position.name.as_str() == name),
        None => positions().next(),
    };
    let names = positions().map(|(_, position)| position.name.to_string()).collect::<Vec<_>>().join(", ");
    wanted
        .ok_or_else(|| Trouble::refused(anyhow!("{} has no such position", args.rig.display())).help(format!("it has: {names}")))
}

fn located(rig: &Parsed<RigFile>, at: KeyPath, what: &str) -> Trouble {
    let mut findings = Findings::default();
    findings.error(at, what, "`pinhole twin` plays the instruments of a rig of real drivers; see docs/rig/served.md");
    rig.locate_all(&findings).0.into()
}

fn beside(file: &Path, reference: &str) -> std::path::PathBuf {
    file.parent().unwrap_or(Path::new("")).join(reference)
}

/// Becomes true at Ctrl-C or SIGTERM.
fn stopped() -> Result<Arc<AtomicBool>, Trouble> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting the signal listener")?;
    let (mut interrupts, mut terminations) = {
        let _inside = runtime.enter();
        let listen = |kind| signal(kind).context("listening for signals");
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?)
    };
    let thread = std::thread::Builder::new().name("signals".to_owned());
    let spawned = thread.spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = interrupts.recv() => {}, _ = terminations.recv() => {} }
        });
        told.store(true, Ordering::Release);
    });
    spawned.context("starting the signal listener")?;
    Ok(stop)
}

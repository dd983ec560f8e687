//! Says when a run stands still: no line of its journal for so many minutes.

use super::hooks::{Happened, tell};
use super::settings::settings;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

#[derive(Debug, Default)]
struct Pace {
    lines: u64,
    over: bool,
}

/// Watches one run until it is dropped.
pub struct Stall {
    pace: Arc<(Mutex<Pace>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Stall {
    /// Watches the run in `dir`. Without hooks there is nobody to tell, and nothing is watched.
    pub fn watch(dir: &Path, state: &Path) -> Self {
        let hooks = settings(state).map(|settings| settings.hooks).unwrap_or_default();
        let told = !hooks.command.is_empty() || hooks.webhook.is_some();
        let after = Duration::try_from_secs_f64(60.0 * hooks.stalled_min).ok().filter(|after| told && !after.is_zero());
        let pace = Arc::<(Mutex<Pace>, Condvar)>::default();
        let thread = after.and_then(|after| {
            let (pace, dir, state) = (Arc::clone(&pace), dir.to_owned(), state.to_owned());
            std::thread::Builder::new().name("stall".to_owned()).spawn(move || follow(&pace, after, &dir, &state)).ok()
        });
        Self { pace, thread }
    }

    /// A line was written.
    pub fn beat(&self) {
        self.pace.0.lock().unwrap_or_else(PoisonError::into_inner).lines += 1;
    }
}

/// Looks whenever the time has passed; a run that stands still is told of once, until it goes on.
fn follow(pace: &(Mutex<Pace>, Condvar), after: Duration, dir: &Path, state: &Path) {
    let (mut seen, mut told) = (u64::MAX, false);
    let mut inner = pace.0.lock().unwrap_or_else(PoisonError::into_inner);
    while !inner.over {
        let lines = inner.lines;
        told &= lines == seen;
        if lines == seen && !told {
            told = true;
            drop(inner);
            let minutes = after.as_secs_f64() / 60.0;
            tell(state, &Happened::stalled(dir, &format!("{}: no progress for {minutes:.0} minutes", dir.display())));
            inner = pace.0.lock().unwrap_or_else(PoisonError::into_inner);
        }
        seen = lines;
        let waited = pace.1.wait_timeout_while(inner, after, |pace| !pace.over);
        inner = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
}

impl Drop for Stall {
    fn drop(&mut self) {
        self.pace.0.lock().unwrap_or_else(PoisonError::into_inner).over = true;
        self.pace.1.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told nobody, and has nothing more to end.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_lines_is_told_of() {
        let state = tempfile::tempdir().unwrap();
        let out = state.path().join("out");
        std::process::Command::new("mkfifo").arg(&out).status().unwrap();
        let settings = format!("[hooks]\ncommand = [\"sh\", \"-c\", \"cat > {}\"]\nstalled_min = 0.001\n", out.display());
        std::fs::write(state.path().join("settings.toml"), settings).unwrap();
        let stall = Stall::watch(Path::new("reports/one"), state.path());
        stall.beat();
        // The pipe has an end when the command has told it.
        let told = std::fs::read_to_string(&out).unwrap();
        drop(stall);
        assert!(told.contains("reports/one: no progress"), "{told}");
    }
}

//! What a person sees while a run goes on.

use super::args;
use super::launch::View;
use crate::domain::event::Event;
use crate::domain::ids::{PositionName, Seq};
use crate::domain::run_state::RunState;
use crate::domain::units::{Seconds, Tick};
use crate::files::Bundle;
use crate::journal::{DiskStorage, ReadError, Reader, Wanted};
use crate::planning::{Design, Grid};
use crate::report::terminal::Progress;
use crate::report::words::duration;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// The screen of one run.
pub struct Screen {
    progress: Progress,
    mode: Mode,
    /// Before every line, where several positions share the screen.
    label: String,
}

enum Mode {
    Live(ProgressBar),
    Plain,
    Json,
    Quiet,
}

impl Screen {
    /// A screen for a run of the bundle's suite; `position` where several share the terminal.
    pub fn new(wanted: args::Progress, bundle: &Bundle, position: Option<PositionName>) -> Self {
        let planned = Grid::new(&bundle.suite.value, None).planned().len() as u32;
        let live = std::io::stderr().is_terminal() && std::io::stdout().is_terminal() && position.is_none();
        let mode = match wanted {
            args::Progress::Auto if live => Mode::Live(bar(planned)),
            args::Progress::Auto | args::Progress::Plain => Mode::Plain,
            args::Progress::Json => Mode::Json,
            args::Progress::Quiet => Mode::Quiet,
        };
        let label = position.map_or_else(String::new, |position| format!("[{position}] "));
        Self { progress: Progress::new(Some(planned)), mode, label }
    }

    /// Takes in what an earlier session did, without showing it again.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn catch_up(&mut self, dir: &Path) -> Result<(), ReadError> {
        let progress = &mut self.progress;
        Reader::new(DiskStorage, dir, Wanted::ALL).for_each(|seq, at, event| {
            progress.apply(seq, at, event);
        })
    }

    fn print(&self, line: &str) {
        // A reader that has gone away is no reason to stop a run.
        let _ = writeln!(std::io::stdout().lock(), "{}{line}", self.label);
    }
}

fn bar(planned: u32) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(u64::from(planned)), ProgressDrawTarget::stderr_with_hz(10));
    // Cannot fail in use: the template is fixed, and the first run of any test would show it.
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar
}

impl View for Screen {
    fn show(&mut self, seq: Seq, at: Tick, event: &Event, _: &RunState) {
        let line = self.progress.apply(seq, at, event);
        match &self.mode {
            Mode::Quiet => {}
            Mode::Json => {
                if let Ok(text) = serde_json::to_string(event) {
                    self.print(&text);
                }
            }
            Mode::Plain => {
                if let Some(line) = line {
                    self.print(&line);
                }
            }
            Mode::Live(bar) => {
                if let Some(line) = line.filter(|_| worth_keeping(event)) {
                    bar.println(line);
                }
                bar.set_position(u64::from(self.progress.settled()));
                bar.set_message(now_doing(&self.progress, at));
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Mode::Live(bar) = &self.mode {
            bar.finish_and_clear();
        }
    }
}

/// What stays on the screen above the live line: the rest is in the live line, and in the journal.
fn worth_keeping(event: &Event) -> bool {
    matches!(
        event,
        Event::Faulted(_) | Event::TrialAbandoned(_) | Event::Asked(_) | Event::StopRequested(_) | Event::RunResumed(_)
    )
}

fn now_doing(progress: &Progress, now: Tick) -> String {
    let left = progress.eta(now).map_or_else(String::new, |eta: Seconds| format!(", {} of bench time left", duration(eta.get())));
    match progress.current() {
        Some(current) => {
            let step = current.step.as_deref().unwrap_or("start");
            format!("{}, {}: {step}{left}", current.adapter, current.what)
        }
        None => left.trim_start_matches(", ").to_owned(),
    }
}

//! What a person sees while runs go on: a live view that all positions share, plain lines, or the lines of the journal.

use super::args;
use super::board::Board;
use super::control::{Pulse, Wishes};
use super::desk::{Desk, Desks, Open};
use super::keys::{Key, Keyboard, Woken, in_front, wait};
use super::launch::View;
use super::look::{look, moves};
use super::paint::Painter;
use super::printer::{Full, JOURNAL_MAX, PROGRESS_MAX, Printer};
use crate::domain::condition::Condition;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::rig::Position;
use crate::domain::run_state::RunState;
use crate::domain::suite::DesignKind;
use crate::domain::units::{Seconds, Tick};
use crate::files::Bundle;
use crate::journal::{DiskStorage, ReadError, Reader, Tap, Wanted};
use crate::planning::estimate::expected;
use crate::planning::{Bench, Design, Grid};
use crate::report::terminal::{Look, Progress, Screen as Size};
use anyhow::{Context, Result};
use std::io::{IsTerminal, PipeReader, PipeWriter, Write, stderr, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time between two views: quick enough for the eye, slow enough for a computer that has a bench to run.
const REDRAW_MS: u32 = 100;

/// How long the last view may take to be taken by the terminal.
const LAST_VIEW: Duration = Duration::from_secs(2);

/// Longest line that is read as an answer, in bytes.
const LINE_MAX: usize = 1000;

/// Where the runs of one call of the program are shown.
pub struct Stage {
    mode: Mode,
    desks: Arc<Desks>,
    printer: Printer,
    /// A reader of `--json` holds the run back.
    lockstep: bool,
    /// Kept for its end: the view is taken away, and the keyboard given back.
    live: Option<Live>,
}

#[derive(Clone)]
enum Mode {
    Live(Arc<Board>),
    Plain(Look),
    Json,
    Quiet,
}

impl Stage {
    /// A stage of the wanted kind, still without a view. A live view needs a terminal that can show one.
    pub fn new(show: &args::Show) -> Self {
        let terminal = stdout().is_terminal();
        let mode = match show.kind() {
            args::Progress::Auto if terminal && moves() && size().is_some() => Mode::Live(Arc::default()),
            args::Progress::Auto | args::Progress::Plain => Mode::Plain(look(terminal)),
            args::Progress::Json => Mode::Json,
            args::Progress::Quiet => Mode::Quiet,
        };
        let printer = match mode {
            Mode::Json => Printer::new(JOURNAL_MAX, Full::Count),
            Mode::Live(_) | Mode::Plain(_) | Mode::Quiet => Printer::new(PROGRESS_MAX, Full::Remark),
        };
        Self { mode, desks: Arc::default(), printer, lockstep: show.lockstep, live: None }
    }

    /// Where the result is printed when the stage has ended.
    pub fn printer(&self) -> Printer {
        self.printer.clone()
    }

    /// Begins to draw and to listen to keys, where the view is live, and to read answers in every mode. Signals must be caught by now: one
    /// that ended the program would leave the keyboard in its new mode.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn begin(&mut self, wishes: &Arc<Wishes>) -> Result<()> {
        let board = if let Mode::Live(board) = &self.mode { Some(Arc::clone(board)) } else { None };
        let (desks, wishes) = (Arc::clone(&self.desks), Arc::clone(wishes));
        self.live = Some(Live::begin(board, desks, wishes, self.printer()).context("starting to listen to the keyboard")?);
        Ok(())
    }

    /// The screen of the run at `position`, one of `several`.
    pub fn screen(&self, bundle: &Bundle, position: &Position, several: bool) -> Screen {
        let label = several.then(|| position.name.to_string());
        let progress = || Progress::new(plan(bundle, position).as_deref());
        let desk = self.desks.enter(label.clone());
        let sink = match &self.mode {
            Mode::Live(board) => {
                let pulse = Arc::new(Pulse::default());
                let place = board.enter(label, progress(), Arc::clone(&pulse));
                Sink::Live { board: Arc::clone(board), place, pulse }
            }
            Mode::Plain(look) => {
                let label = label.map_or(String::new(), |label| format!("[{label}] "));
                Sink::Plain { label, progress: Box::new(progress()), look: *look, printer: self.printer() }
            }
            Mode::Json => Sink::Json { label, printer: (!self.lockstep).then(|| self.printer()) },
            Mode::Quiet => Sink::Quiet,
        };
        Screen { sink, desk }
    }

    /// Tells the person at the bench something that belongs to no run; may be called from any thread.
    pub fn teller(&self) -> impl Fn(&str) + Send + 'static {
        let mode = self.mode.clone();
        move |text| {
            let shown = if let Mode::Live(board) = &mode {
                board.tell(text);
                true
            } else {
                false
            };
            if !(shown && stderr().is_terminal()) {
                // Standard error may be gone; there is nobody to tell then. The line may stand behind what Ctrl-C left of a line.
                let _ = writeln!(stderr(), "\n{text}");
            }
        }
    }
}

/// Every slot's condition with the time that the plan expects of it; `None` where the data decide.
fn plan(bundle: &Bundle, position: &Position) -> Option<Vec<(Condition, Seconds)>> {
    if bundle.suite.value.design.kind != DesignKind::Grid {
        return None;
    }
    let adapters: Vec<_> = bundle.adapters.iter().map(|adapter| adapter.value.clone()).collect();
    let bench = Bench { profile: &bundle.profile.value, adapters: &adapters, position };
    let grid = Grid::new(&bundle.suite.value, None);
    Some(grid.planned().iter().map(|slot| (slot.condition.clone(), expected(slot, &bench, false))).collect())
}

/// Columns and rows of the terminal.
fn size() -> Option<(usize, usize)> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    (size.ws_col > 0 && size.ws_row > 0).then_some((usize::from(size.ws_col), usize::from(size.ws_row)))
}

/// The thread that draws, where there is a board, and listens.
struct Live {
    over: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
    ended: Receiver<()>,
    keyboard: Option<Keyboard>,
    printer: Printer,
}

impl Live {
    fn begin(board: Option<Arc<Board>>, desks: Arc<Desks>, wishes: Arc<Wishes>, printer: Printer) -> std::io::Result<Self> {
        let (over, writer) = std::io::pipe()?;
        let (end, ended) = channel();
        // Only a live view takes single keys; elsewhere a line is an answer.
        let keyboard = board.as_ref().and_then(|_| Keyboard::take());
        let keys = keyboard.is_some();
        let thread = std::thread::Builder::new().name("screen".to_owned()).spawn(move || match board {
            Some(board) => play(&board, &desks, &wishes, keys, &over, &end),
            None => listen(&desks, &over, &end),
        })?;
        Ok(Self { over: Some(writer), thread: Some(thread), ended, keyboard, printer })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        drop(self.over.take());
        // A terminal that takes nothing any more must not keep the program from ending. A view that failed is no failure of the run.
        if self.ended.recv_timeout(LAST_VIEW) == Err(RecvTimeoutError::Timeout) {
            // It would not take the result either.
            self.printer.give_up();
        } else if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        drop(self.keyboard.take());
    }
}

/// `_end` goes with the thread: who waits for it hears of its end so.
fn play(board: &Board, desks: &Desks, wishes: &Wishes, mut keys: bool, over: &PipeReader, _end: &Sender<()>) {
    let look = look(true);
    let mut painter = Painter::default();
    let mut last = false;
    let mut rung = None;
    loop {
        // A job in the background leaves the terminal to the shell.
        if let Some((columns, rows)) = size().filter(|_| in_front(rustix::stdio::stdout())) {
            let waiting = desks.waiting().filter(|_| keys);
            let (above, view) = board.view(Size { columns, rows, keys }, waiting.as_ref().map(asking), last, look);
            // A terminal that has gone away is no reason to stop a run.
            let mut out = stdout().lock();
            let _ = out.write_all(painter.paint(&above, &view, columns, look).as_bytes()).and_then(|()| out.flush());
            // Whoever is asked may look elsewhere.
            let question = waiting.map(|(label, open, _)| (label, open.question));
            if question.is_some() && rung != question {
                let _ = out.write_all(b"\x07").and_then(|()| out.flush());
            }
            rung = question;
        }
        if last {
            return;
        }
        match wait(keys, over, REDRAW_MS) {
            Woken::Time | Woken::Nothing { gone: false } => {}
            Woken::Key(byte) if desks.byte(byte) => {}
            Woken::Key(byte) => {
                if let Some(key) = Key::of(byte) {
                    key.act(wishes);
                }
            }
            Woken::Nothing { gone: true } => keys = false,
            Woken::Over => last = true,
        }
    }
}

/// The question as it stands below the view.
fn asking((label, open, typed): &(Option<String>, Open, String)) -> String {
    let label = label.as_ref().map_or(String::new(), |label| format!("[{label}] "));
    let numbered = || {
        open.choices.iter().enumerate().map(|(index, choice)| format!("{} {choice}", index + 1)).collect::<Vec<_>>().join(", ")
    };
    match open.choices.len() {
        0 => format!("{label}{} Type the answer, then Enter: {typed}_", open.text),
        1..=9 => format!("{label}{} Press {}", open.text, numbered()),
        _ => format!("{label}{} {}. Type a number, then Enter: {typed}_", open.text, numbered()),
    }
}

/// Reads lines while a question waits, and nothing else: standard input may belong to somebody else meanwhile.
fn listen(desks: &Desks, over: &PipeReader, _end: &Sender<()>) {
    let (mut line, mut gone) = (Vec::new(), false);
    loop {
        match wait(!gone && desks.waiting().is_some(), over, REDRAW_MS) {
            Woken::Key(b'\n') => {
                let text = String::from_utf8_lossy(&line).into_owned();
                line.clear();
                if let (false, Some((_, open, _))) = (desks.line(&text), desks.waiting()) {
                    // Standard error may be gone; there is nobody to tell then.
                    let _ = writeln!(stderr(), "that is no answer to question {}: {}", open.question, open.choices.join(", "));
                }
            }
            Woken::Key(byte) if line.len() < LINE_MAX => line.push(byte),
            Woken::Key(_) | Woken::Time | Woken::Nothing { gone: false } => {}
            Woken::Nothing { gone: true } => gone = true,
            Woken::Over => return,
        }
    }
}

/// The screen of one run.
pub struct Screen {
    sink: Sink,
    desk: Arc<Desk>,
}

enum Sink {
    Live {
        board: Arc<Board>,
        place: usize,
        pulse: Arc<Pulse>,
    },
    Plain {
        label: String,
        progress: Box<Progress>,
        look: Look,
        printer: Printer,
    },
    /// Without a printer each line waits for its reader.
    Json {
        label: Option<String>,
        printer: Option<Printer>,
    },
    Quiet,
}

impl Screen {
    /// Takes in what an earlier session did, without showing it again.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn catch_up(&mut self, dir: &Path) -> Result<(), ReadError> {
        if matches!(self.sink, Sink::Json { .. } | Sink::Quiet) {
            return Ok(());
        }
        Reader::new(DiskStorage, dir, Wanted::ALL).for_each(|seq, at, event| match &mut self.sink {
            Sink::Live { board, place, .. } => board.take_in(*place, seq, at, event),
            Sink::Plain { progress, .. } => drop(progress.apply(seq, at, event)),
            Sink::Json { .. } | Sink::Quiet => {}
        })
    }
}

impl View for Screen {
    fn show(&mut self, seq: Seq, at: Tick, event: &Event, _: &RunState) {
        match &mut self.sink {
            Sink::Live { board, place, .. } => board.show(*place, seq, at, event),
            Sink::Plain { label, progress, look, printer } => {
                if let Some(line) = progress.apply(seq, at, event) {
                    printer.line(&format!("{label}{}", line.render(*look)));
                }
            }
            Sink::Json { .. } | Sink::Quiet => {}
        }
    }

    fn pulse(&self) -> Option<Arc<Pulse>> {
        match &self.sink {
            Sink::Live { pulse, .. } => Some(Arc::clone(pulse)),
            _ => None,
        }
    }

    fn desk(&self) -> Option<Arc<Desk>> {
        Some(Arc::clone(&self.desk))
    }

    fn tap(&mut self) -> Option<Tap> {
        let Sink::Json { label, printer } = &self.sink else { return None };
        let printer = printer.clone();
        let label = label.as_ref().map(|label| format!("{{\"position\":{},", serde_json::Value::from(label.as_str())));
        Some(Box::new(move |line| {
            let line = String::from_utf8_lossy(line);
            let line = match (&label, line.strip_prefix('{')) {
                (Some(label), Some(rest)) => format!("{label}{rest}").into(),
                _ => line,
            };
            match &printer {
                Some(printer) => printer.line(&line),
                None => super::out(&format!("{line}\n")),
            }
        }))
    }
}

//! Standard output on a thread of its own, so that a reader who is slow, or does not read at all, never holds a run up.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long the end waits for a reader who takes nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the end waits for a reader who takes a little now and then.
const LONGEST: Duration = Duration::from_secs(300);

/// Bytes that are handed over at a time. A pipe takes no more than this without being read from, so that what was taken is known.
const PIECE: usize = 4096;

/// Bytes of progress lines that wait for their reader: some tens of thousands.
pub const PROGRESS_MAX: usize = 1 << 22;

/// Bytes of journal lines that wait for their reader: the journal of a night of a thousand trials is shorter.
pub const JOURNAL_MAX: usize = 1 << 26;

/// What is done where the queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// A line that came too late is told by a remark in its place: such lines tell people how far a run is.
    Remark,
    /// A line that came too late is left out and counted: no other line may stand among those of the journal, whose numbers show the gap.
    Count,
}

/// A queue of lines towards a reader, with a bound.
#[derive(Clone)]
pub struct Printer {
    shared: Arc<Shared>,
}

struct Shared {
    inner: Mutex<Inner>,
    moved: Condvar,
    bytes_max: usize,
    full: Full,
}

#[derive(Default)]
struct Inner {
    lines: VecDeque<String>,
    /// Bytes of all lines in the queue.
    bytes: usize,
    /// Lines left out since the last that was not.
    gap: u64,
    /// Lines left out in all.
    left_out: u64,
    /// The line that is being handed over, and how often a part of one was taken.
    writing: bool,
    taken: u64,
    begun: bool,
    /// Nobody reads any more, or nobody is waited for any more.
    gone: bool,
    /// Whoever read has closed their end: they wanted no more.
    closed: bool,
}

impl Printer {
    /// A printer whose queue holds so many bytes. It starts with its first line.
    pub fn new(bytes_max: usize, full: Full) -> Self {
        let shared = Shared { inner: Mutex::default(), moved: Condvar::new(), bytes_max, full };
        Self { shared: Arc::new(shared) }
    }

    /// Prints a line when its reader has room for it; never waits. Its end is added.
    pub fn line(&self, line: &str) {
        let mut inner = self.shared.lock();
        if inner.bytes + line.len() > self.shared.bytes_max {
            inner.gap += 1;
            inner.left_out += 1;
            return;
        }
        if let (Full::Remark, gap @ 1..) = (self.shared.full, std::mem::take(&mut inner.gap)) {
            inner.put(format!("... {gap} lines are not shown: they came too quickly\n"));
        }
        inner.put(format!("{line}\n"));
        self.wake(inner, std::io::stdout);
    }

    /// Prints a text at the end, also where the queue is full.
    pub fn text(&self, text: &str) {
        let mut inner = self.shared.lock();
        inner.put(text.to_owned());
        self.wake(inner, std::io::stdout);
    }

    /// Stops printing: whoever should read is known to read nothing any more.
    pub fn give_up(&self) {
        self.shared.lock().gone = true;
    }

    /// Waits until everything was taken, while its reader takes any. Gives how many lines are missing without a remark; 0 where
    /// the reader wanted no more.
    pub fn finish(&self) -> u64 {
        self.finish_within(PATIENCE, LONGEST)
    }

    fn finish_within(&self, patience: Duration, longest: Duration) -> u64 {
        #[expect(clippy::disallowed_methods, reason = "the edge: how long a reader of standard output has taken nothing")]
        let now = Instant::now;
        let until = now() + longest;
        let (mut inner, mut quiet_until) = (self.shared.lock(), now() + patience);
        while !inner.gone && inner.begun && (inner.writing || !inner.lines.is_empty()) {
            let left = quiet_until.min(until).saturating_duration_since(now());
            if left.is_zero() {
                inner.gone = true;
                break;
            }
            let taken = inner.taken;
            inner = self.shared.moved.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner).0;
            if inner.taken != taken {
                quiet_until = now() + patience;
            }
        }
        // What a remark has told is no news.
        let left_out = if self.shared.full == Full::Remark { inner.gap } else { inner.left_out };
        if inner.closed { 0 } else { left_out + inner.lines.len() as u64 + u64::from(inner.writing) }
    }

    /// Tells the thread that there is something; starts it where there is none yet.
    fn wake<W: Write + 'static>(&self, mut inner: MutexGuard<'_, Inner>, to: impl FnOnce() -> W + Send + 'static) {
        if !inner.begun {
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name("printer".to_owned());
            inner.begun = thread.spawn(move || shared.print(&mut to())).is_ok();
            // Without a thread nothing is ever printed; the run goes on, and its files tell all.
            inner.gone |= !inner.begun;
        }
        drop(inner);
        self.shared.moved.notify_all();
    }
}

impl Inner {
    fn put(&mut self, text: String) {
        if !self.gone {
            self.bytes += text.len();
            self.lines.push_back(text);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // What a thread that panicked left behind can still be printed.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over line by line until nobody reads any more.
    fn print(&self, to: &mut impl Write) {
        while let Some(line) = self.next() {
            for piece in line.as_bytes().chunks(PIECE) {
                let ended = to.write_all(piece).and_then(|()| to.flush()).is_err();
                let mut inner = self.lock();
                inner.taken += 1;
                // A reader that has gone away is no reason to stop a run.
                inner.gone |= ended;
                inner.closed |= ended;
                drop(inner);
                self.moved.notify_all();
            }
            self.lock().writing = false;
            self.moved.notify_all();
        }
    }

    /// Waits for the next line; `None` when nobody reads any more.
    fn next(&self) -> Option<String> {
        let mut inner = self.lock();
        loop {
            if inner.gone {
                (inner.lines, inner.bytes) = (VecDeque::new(), 0);
                return None;
            }
            if let Some(line) = inner.lines.pop_front() {
                inner.bytes -= line.len();
                inner.writing = true;
                return Some(line);
            }
            inner = self.moved.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, PipeWriter};

    /// A printer into a pipe, whose thread begins at once.
    fn into_pipe(bytes_max: usize, full: Full, pipe: PipeWriter) -> Printer {
        let printer = Printer::new(bytes_max, full);
        printer.wake(printer.shared.lock(), move || pipe);
        printer
    }

    #[test]
    fn a_reader_who_never_reads_holds_nobody_up_and_is_given_up() {
        let (reader, writer) = std::io::pipe().unwrap();
        let printer = into_pipe(1000, Full::Count, writer);
        // More than a pipe holds, line by line: nobody waits.
        let line = "x".repeat(99);
        for _ in 0..100_000 {
            printer.line(&line);
        }
        let missing = printer.finish_within(Duration::from_millis(50), LONGEST);
        assert!(missing > 1000, "{missing}");
        drop(reader);
    }

    #[test]
    fn all_lines_reach_a_reader_who_reads_in_their_order() {
        let (reader, writer) = std::io::pipe().unwrap();
        let printer = into_pipe(1 << 24, Full::Count, writer);
        let lines: Vec<String> = (0..20_000).map(|number| format!("line {number}")).collect();
        lines.iter().for_each(|line| printer.line(line));
        printer.text("the end\n");
        let reading =
            std::thread::spawn(move || BufReader::new(reader).lines().map_while(Result::ok).take(20_001).collect::<Vec<_>>());
        assert_eq!(printer.finish_within(LONGEST, LONGEST), 0);
        let read = reading.join().unwrap();
        assert!(read[..20_000] == lines && read[20_000] == "the end");
    }

    #[test]
    fn lines_that_are_left_out_are_told_in_their_place_where_people_read() {
        let (reader, writer) = std::io::pipe().unwrap();
        // The thread does not run yet: what does not fit is left out for certain.
        let printer = Printer::new(20, Full::Remark);
        printer.shared.lock().begun = true;
        for number in 0..10 {
            printer.line(&format!("line {number}"));
        }
        printer.shared.lock().begun = false;
        printer.wake(printer.shared.lock(), move || writer);
        let mut lines = BufReader::new(reader).lines().map_while(Result::ok);
        assert!(lines.by_ref().take(3).eq(["line 0", "line 1", "line 2"]));
        printer.line("line 10");
        assert!(lines.by_ref().take(2).eq(["... 7 lines are not shown: they came too quickly", "line 10"]));
        assert_eq!(printer.finish_within(LONGEST, LONGEST), 0);
    }

    #[test]
    fn a_reader_that_has_gone_away_is_no_trouble() {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let printer = into_pipe(1000, Full::Count, writer);
        printer.line("nobody hears");
        assert_eq!(printer.finish_within(LONGEST, LONGEST), 0);
        assert!(printer.shared.lock().closed);
    }
}

//! The loop: what happened becomes an input of the machine, and its actions are done at once.

use super::super::wire::{News, Order, Word};
use super::super::words::{Action, Input, Refusal};
use super::active::Active;
use super::bell::{Bell, Happened};
use super::clock::Monotonic;
use super::coil::Order as CoilOrder;
use super::keep::Keep;
use super::keeper::Waiting;
use super::session::Session;
use super::worker::Task;
use super::{Host, Opener, PATIENCE, Place};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::PowerReading;
use crate::ports::{PressOrder, Refused};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::os::unix::net::{UnixListener, UnixStream};

/// A real-time thread that wakes so late was held up together with everybody else.
const HELD_UP: Seconds = Seconds::from_millis(3);
/// For so long a beat is waited for then: with the lease of 60 ms it stays below the 100 ms that are promised.
const GRACE: Seconds = Seconds::from_millis(20);
/// No engine that lives takes so long to say "now".
const LATE_MAX: Seconds = Seconds::from_millis(500);
/// Time between two orders to a supply that did not go off.
const OFF_AGAIN: Seconds = Seconds::from_millis(1_000);

/// The guard of one position.
pub(super) struct Server {
    pub(super) keep: Keep,
    pub(super) opener: Opener,
    pub(super) bell: Bell,
    pub(super) clock: Monotonic,
    pub(super) active: Option<Active>,
    sessions: Vec<Session>,
    pub(super) newest: u64,
    ending: bool,
    /// What the system did not give the process.
    pub(super) warnings: Vec<String>,
    /// A missing beat is waited for until then.
    grace: Option<Tick>,
    /// The last moment at which somebody was connected or something was on.
    busy: Tick,
}

impl Server {
    pub(super) fn new(place: Place, opener: Opener, bell: Bell) -> Self {
        let clock = Monotonic::from_now();
        let keep = Keep::new(place.record);
        Self {
            keep,
            opener,
            bell,
            clock,
            active: None,
            sessions: Vec::new(),
            newest: 0,
            ending: false,
            warnings: Vec::new(),
            grace: None,
            busy: clock.now(),
        }
    }

    /// Something to be told to every session.
    pub(super) fn warn(&mut self, warning: Option<String>) {
        self.warnings.extend(warning);
    }

    pub(super) fn run(&mut self, listener: &UnixListener, terminated: &UnixStream, host: &mut dyn Host) -> io::Result<()> {
        loop {
            host.alive();
            let now = self.clock.now();
            self.due(now);
            if (host.stays() && !self.ending)
                || !self.sessions.is_empty()
                || self.active.as_ref().is_some_and(|active| !active.is_off())
            {
                self.busy = now;
            } else if self.ending || now.since(self.busy) >= PATIENCE {
                return Ok(());
            }
            let [connects, ends, rings, heard] = self.wait(listener, terminated, now)?;
            if rings {
                self.bell.take().into_iter().for_each(|happened| self.happened(happened));
            }
            if ends {
                self.ending = true;
                self.input(Input::Terminate);
            }
            if connects && let Ok((stream, _)) = listener.accept() {
                self.sessions.extend(Session::new(stream));
            }
            if heard {
                self.hear();
            }
        }
    }

    /// Waits for whatever comes first. Whether there is a connection, a signal, a bell, a word.
    fn wait(&self, listener: &UnixListener, terminated: &UnixStream, now: Tick) -> io::Result<[bool; 4]> {
        let deadline = self.active.as_ref().map_or(Tick::NEVER, Active::deadline);
        let next = self.grace.unwrap_or(deadline).min(self.busy + PATIENCE).max(now);
        let span = next.since(now).micro().clamp(0, 60_000_000);
        let timeout = Timespec { tv_sec: span / 1_000_000, tv_nsec: span % 1_000_000 * 1000 };
        // A signal is told once; an ending guard must not spin on it.
        let ends = if self.ending { PollFlags::empty() } else { PollFlags::IN };
        let mut fds =
            vec![PollFd::new(listener, PollFlags::IN), PollFd::new(terminated, ends), PollFd::new(&self.bell, PollFlags::IN)];
        fds.extend(self.sessions.iter().map(|session| PollFd::new(session, PollFlags::IN)));
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok([false; 4]),
            Err(error) => return Err(error.into()),
        }
        let ready = |fd: &PollFd<'_>| !fd.revents().is_empty();
        Ok([ready(&fds[0]), ready(&fds[1]), ready(&fds[2]), fds[3..].iter().any(ready)])
    }

    fn due(&mut self, now: Tick) {
        let Some(active) = &mut self.active else { return };
        if active.left_on_until.is_some_and(|until| now >= until) {
            active.left_on_until = None;
            active.worker.tell(Task::Output(false));
        }
        if active.off_again.is_some_and(|at| now >= at) {
            active.off_again = None;
            active.worker.tell(Task::Output(false));
        }
        if now >= active.machine.deadline() {
            self.tick(now);
        }
    }

    /// The machine's deadline has passed. Was this thread held up itself, then so was the engine, most likely: a computer that stood still is no
    /// engine that froze. Beats that wait are heard first, and those that could not be sent are waited for a moment.
    fn tick(&mut self, now: Tick) {
        self.hear();
        let deadline = self.active.as_ref().map_or(Tick::NEVER, |active| active.machine.deadline());
        match self.grace {
            _ if now < deadline => self.grace = None,
            None if now.since(deadline) >= HELD_UP => self.grace = Some(now + GRACE),
            Some(until) if now < until => {}
            _ => {
                self.grace = None;
                self.input(Input::Tick);
            }
        }
    }

    fn happened(&mut self, happened: Happened) {
        match happened {
            Happened::Edge(edge) => {
                self.tell(&News::Edge(edge));
                self.input(Input::CoilEdge { energised: edge.energised, at: self.clock.of_raw(edge.at) });
                if let Some(active) = &self.active {
                    let coil = active.machine.coil_temperature(self.clock.now());
                    self.tell(&News::Coil(coil));
                }
            }
            Happened::CoilBroken(fault) => self.tell(&News::Broken(fault)),
            Happened::Kept(waiting, written) => self.kept(waiting, written),
            Happened::Supply(reading) => self.measured(&reading),
            Happened::Worked(task, Ok(())) => {
                self.active.iter_mut().for_each(|active| active.obeys.did(&task));
                if matches!(task, Task::Output(_)) {
                    self.input(Input::Switched);
                }
            }
            Happened::Worked(task, Err(refused)) => self.failed(&task, refused),
            Happened::EStop(pressed) => {
                self.input(Input::EStop { pressed });
            }
        }
    }

    /// The coil is told of a press whose page stands in the record, unless it was told to be off since.
    fn kept(&mut self, Waiting { order, released }: Waiting, written: Result<(), String>) {
        let Some(active) = &mut self.active else { return };
        if active.released != released {
            return;
        }
        match written {
            Ok(()) => {
                let (at, release_at) = (self.clock.to_raw(order.at), self.clock.to_raw(order.release_at));
                active.coil.tell(CoilOrder::Press(PressOrder { at, release_at }));
            }
            Err(error) => {
                active.machine.declined(Action::Energise(order));
                let why = format!("the coil's heat cannot be written down: {error}");
                self.tell(&News::Broken(Fault::new(FaultKind::Disobeyed, "guard", why)));
            }
        }
    }

    /// What the supply says of itself: shown to the engine, and held against what it was told.
    fn measured(&mut self, reading: &Result<PowerReading, Fault>) {
        let fault = self.active.as_mut().and_then(|active| active.obeys.see(reading));
        if let Ok(reading) = reading {
            self.tell(&News::Supply(*reading));
            self.input(Input::Plug { highest: Some(reading.volts), lowest: None });
        }
        if let Some(fault) = fault {
            self.tell(&News::Broken(fault));
        }
    }

    /// An instrument did not do its task: one that declined has done nothing, of one that broke the worse is assumed.
    fn failed(&mut self, task: &Task, refused: Refused) {
        if let (Task::Output(false), Some(active)) = (task, &mut self.active)
            && active.machine.supply_is_off()
        {
            // Also where nobody is there any more to be told: a supply that is to be off is told so until it is.
            active.off_again = Some(self.clock.now() + OFF_AGAIN);
        }
        let fault = match refused {
            Refused::Broken(fault) => fault,
            declined => {
                if let Some(active) = &mut self.active
                    && let Some(action) = active.action(task)
                {
                    active.machine.declined(action);
                }
                Fault::new(FaultKind::Refused, "supply", declined.to_string())
            }
        };
        self.tell(&News::Broken(fault));
    }

    fn hear(&mut self) {
        for index in 0..self.sessions.len() {
            for word in self.sessions[index].hear() {
                self.word(index, word);
            }
        }
        if self.sessions.iter().any(|session| session.armed && session.closed) {
            self.input(Input::SocketClosed);
        }
        self.sessions.retain(|session| !session.closed);
    }

    fn word(&mut self, index: usize, word: Word) {
        let armed = self.sessions[index].armed;
        match word {
            Word::Arm(arm) => {
                let news = match self.arm(*arm) {
                    Ok(told) => {
                        self.sessions.iter_mut().for_each(|session| session.armed = false);
                        self.sessions[index].armed = true;
                        News::Armed(told)
                    }
                    Err(why) => News::NotArmed(why),
                };
                self.sessions[index].tell(&news);
            }
            // Only who holds the outputs has a say.
            _ if !armed => self.sessions[index].closed = true,
            Word::Beat { deadline, sent } => {
                let sent = self.clock.of_raw(sent).min(self.clock.now());
                self.input_at(Input::Beat { deadline: self.clock.of_raw(deadline) }, sent);
            }
            Word::Order { number, order } => {
                let news = self.order(number, order);
                self.sessions[index].tell(&news);
            }
            Word::Temperatures { air, coil } => {
                for input in air.map(Input::Air).into_iter().chain(coil.map(Input::CoilTemperature)) {
                    self.input(input);
                }
            }
            Word::Plug { highest, lowest } => {
                self.input(Input::Plug { highest, lowest });
            }
            Word::OpenCircuit(volts) => {
                self.input(Input::OpenCircuit(volts));
            }
        }
    }

    fn order(&mut self, number: u64, order: Order) -> News {
        let (clock, now) = (self.clock, self.clock.now());
        let Some(active) = &mut self.active else { return News::refused(number, Refusal::NotArmed.into()) };
        let input = match order {
            Order::Press { at, release_at } => {
                // An order to press now comes after now. The whole press is late then, and as long as it was ordered. One of long ago is refused.
                let (at, release_at) = (clock.of_raw(at), clock.of_raw(release_at));
                let late = Some(now.since(at)).filter(|late| *late <= LATE_MAX).unwrap_or(Seconds::ZERO);
                Input::Press(PressOrder { at: at + late, release_at: release_at + late })
            }
            Order::Release => Input::Release,
            Order::Set(volts) => Input::SetSupply(volts),
            Order::Output(on) => Input::Output(on),
            Order::Cut => Input::PowerOffNow,
            Order::Connect(adapter) => match active.machine.rules().source(&adapter) {
                Some(source) => Input::Connect(source),
                None => return News::refused(number, Refusal::UnknownSource.into()),
            },
            Order::PossibleFrom(longest) => {
                let from = clock.to_raw(active.machine.possible_from(longest, now));
                return News::Done { number, possible_from: Some(from) };
            }
        };
        match self.input_at(input, now) {
            None => News::Done { number, possible_from: None },
            Some(refusal) => match refusal.into() {
                Refused::Until { at, why } => News::Refused { number, until: Some(clock.to_raw(at)), why },
                other => News::refused(number, other),
            },
        }
    }

    /// Gives the machine an input and does its actions. The refusal, if it refused.
    pub(super) fn input(&mut self, input: Input) -> Option<Refusal> {
        self.input_at(input, self.clock.now())
    }

    fn input_at(&mut self, input: Input, now: Tick) -> Option<Refusal> {
        let active = self.active.as_mut()?;
        let now = active.moment(&input, now);
        let actions = active.machine.step(input, now);
        let (mut refused, mut trip, mut cut) = (None, None, None);
        for action in &actions {
            match *action {
                Action::Energise(order) => {
                    // Written down before it is done: it counts the whole press.
                    let page = self.keep.page(active.machine.carried(now), active.machine.may_write_for(now));
                    active.keeper.tell(page, Waiting { order, released: active.released });
                }
                Action::DeEnergise => {
                    active.released += 1;
                    active.coil.tell(CoilOrder::Release);
                }
                Action::SetSupply(volts) => active.worker.tell(Task::Set(volts)),
                Action::Output(on) => {
                    let page = self.keep.page(active.machine.carried(now), active.machine.may_write_for(now));
                    active.worker.tell(Task::Keep(page));
                    active.worker.tell(Task::Output(on));
                }
                Action::Connect(source) => {
                    if let Some(source) = active.machine.rules().sources.get(source.0) {
                        active.worker.tell(Task::Connect(source.name.clone()));
                    }
                }
                Action::Refuse(refusal) => refused = Some(refusal),
                Action::Trip(reason) => trip = Some(reason),
                Action::PowerCut(power_cut) => cut = Some(power_cut.to_string()),
            }
        }
        if let Some(reason) = trip {
            self.tell(&News::tripped(reason, cut));
        }
        refused
    }

    /// Tells who holds the outputs.
    pub(super) fn tell(&mut self, news: &News) {
        self.sessions.iter_mut().filter(|session| session.armed).for_each(|session| session.tell(news));
    }
}

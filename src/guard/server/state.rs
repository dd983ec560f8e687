//! The loop: what happened becomes an input of the machine, and its actions are done at once.

use super::super::machine::Machine;
use super::super::wire::{Arm, Armed, News, Order, VERSION, Word};
use super::super::words::{Action, Input, Refusal, SessionId};
use super::active::{Active, memory};
use super::bell::{Bell, Happened};
use super::clock::Monotonic;
use super::coil::{Coil, Lines, Order as CoilOrder};
use super::keep::Keep;
use super::session::Session;
use super::worker::{Task, Worker};
use super::{Opener, PATIENCE, Place, Setup};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{PressOrder, Refused};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::os::unix::net::{UnixListener, UnixStream};

/// Time between two orders to a supply that did not go off.
const OFF_AGAIN: Seconds = Seconds::from_millis(1_000);

/// The guard of one position.
pub(super) struct Server {
    keep: Keep,
    opener: Opener,
    bell: Bell,
    clock: Monotonic,
    active: Option<Active>,
    sessions: Vec<Session>,
    newest: u64,
    ending: bool,
    /// What the system did not give the process.
    warnings: Vec<String>,
    /// The last moment at which somebody was connected or something was on.
    busy: Tick,
}

impl Server {
    pub(super) fn new(place: Place, opener: Opener, bell: Bell) -> Self {
        let clock = Monotonic::from_now();
        let keep = Keep(place.record);
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
            busy: clock.now(),
        }
    }

    /// Something to be told to every session.
    pub(super) fn warn(&mut self, warning: Option<String>) {
        self.warnings.extend(warning);
    }

    pub(super) fn run(&mut self, listener: &UnixListener, terminated: &UnixStream) -> io::Result<()> {
        loop {
            let now = self.clock.now();
            self.due(now);
            if !self.sessions.is_empty() || self.active.as_ref().is_some_and(|active| !active.is_off()) {
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
        let next = self.active.as_ref().map_or(Tick::NEVER, Active::deadline).min(self.busy + PATIENCE).max(now);
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
            self.input(Input::Tick);
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
            Happened::Worked(Task::Output(_), Ok(())) => {
                self.input(Input::Switched);
            }
            Happened::Worked(_, Ok(())) => {}
            Happened::Worked(task, Err(refused)) => self.failed(&task, refused),
            Happened::EStop(pressed) => {
                self.input(Input::EStop { pressed });
            }
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
                // An order to press now comes after now. The whole press is late then, and as long as it was ordered.
                let (at, release_at) = (clock.of_raw(at), clock.of_raw(release_at));
                let late = now.since(at);
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

    fn arm(&mut self, arm: Arm) -> Result<Armed, String> {
        let Arm { version, session, position, rules } = arm;
        if version != VERSION {
            return Err(format!(
                "the guard speaks version {VERSION}, the engine version {version}: wait until the guard has ended"
            ));
        }
        if session <= self.newest {
            return Err(Refusal::OldSession.to_string());
        }
        if self.active.as_ref().is_some_and(|active| active.machine.is_armed()) {
            return Err(Refusal::Taken.to_string());
        }
        let setup = Setup { position, rules };
        if self.active.as_ref().is_none_or(|active| active.setup != setup) {
            self.open(setup)?;
        }
        let now = self.clock.now();
        if let Some(until) = self.active.as_ref().and_then(|active| active.left_on_until) {
            let wait = until.since(now);
            return Err(format!(
                "an earlier guard died and left the supply on: it is switched off in {wait:.0}, when nothing can be writing"
            ));
        }
        if let Some(refusal) = self.input(Input::Arm(SessionId(session))) {
            return Err(refusal.to_string());
        }
        self.newest = session;
        let active = self.active.as_ref().ok_or("nothing is open")?;
        let coil = active.machine.coil_temperature(now);
        let armed = Armed { pid: std::process::id(), warnings: active.warnings.clone(), off_bound: active.off_bound };
        self.tell(&News::Coil(coil));
        Ok(armed)
    }

    /// Opens the devices of a setup, after those of another were left alone.
    fn open(&mut self, setup: Setup) -> Result<(), String> {
        let kept = match self.active.take() {
            Some(active) if !active.is_off() => {
                self.active = Some(active);
                return Err("the guard still holds the outputs of a run with other files: wait until they are off".to_owned());
            }
            // Its threads end before the devices are opened again.
            Some(active) => {
                self.store(&active);
                drop(active);
                self.keep.load(&setup.rules)
            }
            None => self.keep.load(&setup.rules),
        };
        let outputs = (self.opener)(&setup.position).map_err(|fault| fault.to_string())?;
        let off_bound = outputs.supply.off_bound();
        let io = |error: io::Error| format!("starting the guard's threads: {error}");
        let lines = Lines { pull: outputs.coil, hold: outputs.hold, peak: setup.position.interlocks.coil_peak_s };
        let (coil, mut warnings) = Coil::start(lines, self.bell.clone()).map_err(io)?;
        warnings.extend(memory());
        warnings.extend(self.warnings.iter().cloned());
        coil.tell(CoilOrder::Release);
        let worker = Worker::start(outputs.supply, outputs.route, self.bell.clone()).map_err(io)?;
        if let Some(mut e_stop) = outputs.e_stop {
            let bell = self.bell.clone();
            let watch = move || loop {
                let pressed = e_stop.next();
                bell.ring(Happened::EStop(pressed.as_ref().copied().unwrap_or(true)));
                if pressed.is_err() {
                    return;
                }
            };
            std::thread::Builder::new().name("e-stop".to_owned()).spawn(watch).map_err(io)?;
        }
        // The machine's clock began with the process, and the outputs have rested since.
        let machine = Machine::new(setup.rules.clone(), &kept.carried);
        let until = self.clock.now() + kept.writes_for_s;
        let left_on_until = (kept.writes_for_s > Seconds::ZERO).then_some(until);
        if left_on_until.is_none() {
            worker.tell(Task::Output(false));
        }
        self.active = Some(Active { setup, machine, coil, worker, warnings, off_bound, left_on_until, off_again: None });
        Ok(())
    }

    /// Gives the machine an input and does its actions. The refusal, if it refused.
    fn input(&mut self, input: Input) -> Option<Refusal> {
        self.input_at(input, self.clock.now())
    }

    fn input_at(&mut self, input: Input, now: Tick) -> Option<Refusal> {
        let active = self.active.as_mut()?;
        let actions = active.machine.step(input, now);
        let (mut refused, mut trip, mut cut, mut broken) = (None, None, None, None);
        for action in &actions {
            match *action {
                Action::Energise(order) => {
                    // Written down before it is done: it counts the whole press.
                    if let Err(error) = self.keep.store(active.machine.carried(now), active.machine.may_write_for(now)) {
                        active.machine.declined(*action);
                        broken = Some(Fault::new(
                            FaultKind::Disobeyed,
                            "guard",
                            format!("the coil's heat cannot be written down: {error}"),
                        ));
                        continue;
                    }
                    let raw = PressOrder { at: self.clock.to_raw(order.at), release_at: self.clock.to_raw(order.release_at) };
                    active.coil.tell(CoilOrder::Press(raw));
                }
                Action::DeEnergise => active.coil.tell(CoilOrder::Release),
                Action::SetSupply(volts) => active.worker.tell(Task::Set(volts)),
                Action::Output(on) => {
                    let _ = self.keep.store(active.machine.carried(now), active.machine.may_write_for(now));
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
        if let Some(fault) = broken {
            self.tell(&News::Broken(fault));
        }
        if let Some(reason) = trip {
            self.tell(&News::tripped(reason, cut));
        }
        refused
    }

    fn store(&self, active: &Active) {
        let now = self.clock.now();
        let _ = self.keep.store(active.machine.carried(now), active.machine.may_write_for(now));
    }

    /// Tells who holds the outputs.
    fn tell(&mut self, news: &News) {
        self.sessions.iter_mut().filter(|session| session.armed).for_each(|session| session.tell(news));
    }
}

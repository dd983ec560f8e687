//! The connection: one thread listens, two beat, and the engine's own asks and waits for answers.

use crate::domain::units::{Celsius, Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::{BEAT as REAL_TIME, Monotonic, real_time, stay_on, two_processors};
use crate::guard::wire::{Arm, Armed, Edge, Frames, News, NotArmed, Order, Word, encode};
use crate::ports::Refused;
use crate::ports::device::PowerReading;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Time between two beats: a quarter of the lease, so that two may be lost.
const BEAT: Duration = Duration::from_millis(15);
/// What an engine announces at every poll: it will be back within that time or is frozen. Longer than any disk takes to write a line.
const FROZEN: Seconds = Seconds::from_millis(10_000);
/// How long the guard may take to answer an order. It never waits for a device, so it answers at once or is gone.
const ANSWER: Duration = Duration::from_secs(2);
/// How long it may take to open all devices.
const OPENING: Duration = Duration::from_secs(30);

/// What the guard told and nobody has taken yet.
#[derive(Debug, Default)]
struct Inbox {
    armed: Option<Result<Armed, NotArmed>>,
    answer: Option<News>,
    edges: Vec<Edge>,
    coil: Option<Celsius>,
    supply: Option<PowerReading>,
    fault: Option<Fault>,
}

/// A session with the guard.
#[derive(Debug)]
pub struct Link {
    out: Mutex<UnixStream>,
    gone: AtomicBool,
    inbox: Mutex<Inbox>,
    came: Condvar,
    clock: Monotonic,
    number: AtomicU64,
    /// Until when the engine will be heard of again, on the raw clock.
    announced: AtomicU64,
    ended: AtomicBool,
}

/// A session that holds the outputs.
#[derive(Debug)]
pub struct Opened {
    /// The session.
    pub link: Arc<Link>,
    /// What it was told when it began.
    pub armed: Armed,
}

impl Link {
    /// Arms a session over `stream`. Moments of `clock` are those of the rig.
    ///
    /// # Errors
    /// Why the guard does not give the outputs.
    pub fn open(stream: UnixStream, arm: Arm, clock: Monotonic) -> Result<Opened, NotArmed> {
        let io = |error: std::io::Error| NotArmed::Refused(format!("speaking to the guard: {error}"));
        let reader = stream.try_clone().map_err(io)?;
        let beats = stream.try_clone().map_err(io)?;
        let link = Arc::new(Self {
            out: Mutex::new(stream),
            gone: AtomicBool::new(false),
            inbox: Mutex::default(),
            came: Condvar::new(),
            clock,
            number: AtomicU64::new(0),
            announced: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        });
        link.announce(clock.now());
        let listener = Arc::clone(&link);
        std::thread::Builder::new().name("guard".to_owned()).spawn(move || listener.listen(reader)).map_err(io)?;
        link.send(&Word::Arm(Box::new(arm)));
        let mut armed = link
            .await_inbox(OPENING, |inbox| inbox.armed.take())
            .ok_or_else(|| NotArmed::Refused("the guard did not answer".to_owned()))??;
        armed.warnings.extend(link.start_beats(&beats).map_err(io)?);
        Ok(Opened { link, armed })
    }

    /// Begins to beat, from two processors where there are two: a host or an interrupt that takes one of them away for longer than the lease then looks
    /// like no frozen engine (seen: 105 ms of one processor of a virtual machine, while the other went on). What the system did not give.
    fn start_beats(self: &Arc<Self>, out: &UnixStream) -> std::io::Result<Option<String>> {
        let (tell, told) = std::sync::mpsc::channel();
        for processor in two_processors() {
            let (beating, out, tell) = (Arc::clone(self), out.try_clone()?, tell.clone());
            let beat = move || {
                stay_on(processor);
                let _ = tell.send(real_time("beat", REAL_TIME));
                // Whoever waits for the warnings of all waits for the end of these senders.
                drop(tell);
                beating.beat(out);
            };
            std::thread::Builder::new().name("beat".to_owned()).spawn(beat)?;
        }
        drop(tell);
        Ok(told.iter().flatten().next())
    }

    /// The engine lives, and will be heard of again soon after `until`.
    pub fn announce(&self, until: Tick) {
        self.announced.store(self.clock.to_raw(until + FROZEN).0, Ordering::Relaxed);
    }

    /// Gives an order and waits for its answer: the answer to [`Order::PossibleFrom`], where that was asked.
    ///
    /// # Errors
    /// [`Refused`] with moments of the rig's clock; broken where the guard is gone.
    pub fn order(&self, order: Order) -> Result<Option<Tick>, Refused> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        self.send(&Word::Order { number, order });
        let answer = self.await_inbox(ANSWER, |inbox| inbox.answer.take_if(|answer| answers(answer, number)));
        match answer {
            Some(News::Done { possible_from, .. }) => Ok(possible_from.map(|at| self.clock.of_raw(at))),
            Some(News::Refused { until: Some(at), why, .. }) => Err(Refused::Until { at: self.clock.of_raw(at), why }),
            Some(News::Refused { why, .. }) => Err(Refused::Never(why)),
            _ => Err(Refused::Broken(gone())),
        }
    }

    /// A moment of the rig's clock as the wire wants it.
    pub fn raw(&self, at: Tick) -> Tick {
        self.clock.to_raw(at)
    }

    /// Tells something that has no answer.
    pub fn tell(&self, word: &Word) {
        self.send(word);
    }

    /// Edges of the coil with moments of the rig's clock, the coil's temperature where it is new, and what went wrong, once.
    pub fn take(&self) -> (Vec<Edge>, Option<Celsius>, Option<Fault>) {
        let mut inbox = self.lock();
        let edges = std::mem::take(&mut inbox.edges);
        let edges = edges.into_iter().map(|edge| Edge { at: self.clock.of_raw(edge.at), ..edge }).collect();
        let fault = inbox.fault.take().or_else(|| self.is_gone().then(gone));
        (edges, inbox.coil.take(), fault)
    }

    /// What the supply measured, where it is new.
    pub fn take_supply(&self) -> Option<PowerReading> {
        self.lock().supply.take()
    }

    /// Whether the guard is gone.
    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    fn send(&self, word: &Word) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        if out.write_all(&encode(word)).is_err() {
            drop(out);
            self.lose();
        }
    }

    fn lose(&self) {
        self.gone.store(true, Ordering::Relaxed);
        // Whoever waits looks again: between its look and its sleep it holds the lock.
        drop(self.lock());
        self.came.notify_all();
    }

    fn listen(&self, mut stream: UnixStream) {
        let (mut frames, mut bytes) = (Frames::default(), [0_u8; 4096]);
        loop {
            match stream.read(&mut bytes) {
                Ok(0) => return self.lose(),
                Ok(length) => frames.push(&bytes[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return self.lose(),
            }
            loop {
                match frames.take::<News>() {
                    Ok(Some(news)) => self.hear(news),
                    Ok(None) => break,
                    Err(_) => return self.lose(),
                }
            }
        }
    }

    fn hear(&self, news: News) {
        let mut inbox = self.lock();
        match news {
            News::Armed(armed) => inbox.armed = Some(Ok(armed)),
            News::NotArmed(why) => inbox.armed = Some(Err(why)),
            News::Edge(edge) => inbox.edges.push(edge),
            News::Coil(coil) => inbox.coil = Some(coil),
            News::Supply(reading) => inbox.supply = Some(reading),
            News::Broken(fault) => drop(inbox.fault.get_or_insert(fault)),
            News::Tripped { reason, cut } => {
                let cut = cut.map_or(String::new(), |cut| format!("; {cut}"));
                inbox.fault = Some(Fault::new(FaultKind::GuardTrip, "guard", format!("{reason}{cut}")));
            }
            News::Done { .. } | News::Refused { .. } => inbox.answer = Some(news),
        }
        drop(inbox);
        self.came.notify_all();
    }

    /// Beats until the session ends, but not for an engine that overran what it announced: the guard must see that it is frozen. It takes no lock
    /// that another thread could hold while it is held up: a beat is one write, which the kernel does not mix with others.
    fn beat(&self, mut out: UnixStream) {
        while !self.is_gone() && !self.ended.load(Ordering::Relaxed) {
            let (deadline, sent) = (Tick(self.announced.load(Ordering::Relaxed)), Monotonic::RAW.now());
            if sent < deadline && out.write_all(&encode(&Word::Beat { deadline, sent })).is_err() {
                return self.lose();
            }
            std::thread::park_timeout(BEAT);
        }
    }

    fn await_inbox<T>(&self, patience: Duration, mut found: impl FnMut(&mut Inbox) -> Option<T>) -> Option<T> {
        let mut inbox = self.lock();
        loop {
            if let Some(found) = found(&mut inbox) {
                return Some(found);
            }
            if self.is_gone() {
                return None;
            }
            let (again, waited) = self.came.wait_timeout(inbox, patience).unwrap_or_else(PoisonError::into_inner);
            inbox = again;
            if waited.timed_out() {
                return found(&mut inbox);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the session: the guard releases the coil at once and switches the supply off when the camera can no longer be writing.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        let out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // The other side may be gone.
        let _ = out.shutdown(std::net::Shutdown::Both);
    }
}

fn answers(news: &News, wanted: u64) -> bool {
    matches!(news, News::Done { number, .. } | News::Refused { number, .. } if *number == wanted)
}

fn gone() -> Fault {
    Fault::new(FaultKind::Disconnected, "guard", "the guard's process is gone")
}

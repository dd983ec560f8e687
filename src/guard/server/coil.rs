//! The coil on a thread of its own: absolute deadlines, real-time where the system allows it, so that no other work makes a press longer.

use super::super::wire::Edge;
use super::bell::{Bell, Happened};
use super::clock::{Monotonic, timespec};
use super::realtime::{COIL, real_time};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::PressOrder;
use crate::ports::device::Switch;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime};
use std::io;
use std::os::fd::OwnedFd;
use std::thread::JoinHandle;

/// Time between two orders to a coil that did not go off.
const OFF_AGAIN: Seconds = Seconds::from_millis(5);
/// The thread wakes so much before a moment and looks at the clock until it has come: waking takes 50 to 100 us, longer on a computer that is busy, and
/// would make every edge late by that.
const EARLY: Seconds = Seconds::from_micro(200);

/// What the thread is told. Moments are those of the raw clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Order {
    Press(PressOrder),
    Release,
    End,
}

/// The lines of the coil.
pub(super) struct Lines {
    pub(super) pull: Box<dyn Switch>,
    pub(super) hold: Option<Box<dyn Switch>>,
    /// How long it gets full power where there is a holding line.
    pub(super) peak: Seconds,
}

/// The thread.
pub(super) struct Coil {
    orders: Bell<Order>,
    thread: Option<JoinHandle<()>>,
}

impl Coil {
    /// Starts it and switches the coil off, for the guard before may have died in a press; tells what the system did not give. Nothing else of the bench
    /// is touched before this returns.
    pub(super) fn start(lines: Lines, happened: Bell) -> io::Result<(Self, Vec<String>)> {
        let orders = Bell::new()?;
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK)?;
        let (tell, told) = std::sync::mpsc::channel();
        let mut driver =
            Driver { lines, happened, timer, plan: None, on: false, peak_until: Tick::NEVER, off_again: Tick::NEVER };
        let own = orders.clone();
        let thread = std::thread::Builder::new().name("coil".to_owned()).spawn(move || {
            let warning = real_time("coil", COIL);
            driver.release(Monotonic::RAW.now());
            let _ = tell.send(warning);
            driver.run(&own);
        })?;
        let warning = told.recv().ok().flatten();
        Ok((Self { orders, thread: Some(thread) }, warning.into_iter().collect()))
    }

    pub(super) fn tell(&self, order: Order) {
        self.orders.ring(order);
    }
}

impl Drop for Coil {
    fn drop(&mut self) {
        self.orders.ring(Order::End);
        if let Some(thread) = self.thread.take() {
            // It switched the coil off or said that it could not.
            let _ = thread.join();
        }
    }
}

struct Driver {
    lines: Lines,
    happened: Bell,
    timer: OwnedFd,
    plan: Option<PressOrder>,
    on: bool,
    peak_until: Tick,
    /// It did not go off: it is told again then.
    off_again: Tick,
}

impl Driver {
    fn run(&mut self, orders: &Bell<Order>) {
        loop {
            self.sleep(orders);
            for order in orders.take() {
                match order {
                    Order::Press(press) => self.plan = Some(press),
                    Order::Release => self.release(Monotonic::RAW.now()),
                    Order::End => return self.release(Monotonic::RAW.now()),
                }
            }
            let now = self.meet();
            self.due(now);
        }
    }

    /// The next moment at which something is to be done.
    fn next(&self) -> Tick {
        let next = match self.plan {
            None => Tick::NEVER,
            Some(plan) if self.on => plan.release_at.min(self.peak_until),
            Some(plan) => plan.at,
        };
        next.min(self.off_again)
    }

    /// Waits until shortly before the next moment, or for an order.
    fn sleep(&self, orders: &Bell<Order>) {
        let next = self.next();
        // Zero disarms the timer; a moment that has passed fires it at once.
        let wake = if next == Tick::NEVER { Tick::ZERO } else { next - EARLY };
        let spec = Itimerspec { it_interval: timespec(Tick::ZERO), it_value: timespec(wake) };
        if timerfd_settime(&self.timer, TimerfdTimerFlags::ABSTIME, &spec).is_err() {
            return;
        }
        let mut ready = [PollFd::new(orders, PollFlags::IN), PollFd::new(&self.timer, PollFlags::IN)];
        // Interrupted or not, what is due is looked at next.
        let _ = poll(&mut ready, None);
        let _ = rustix::io::read(&self.timer, &mut [0_u8; 8]);
    }

    /// The rest of the way to the next moment, if it is near; the moment that it is then.
    fn meet(&self) -> Tick {
        let next = self.next();
        loop {
            let now = Monotonic::RAW.now();
            if now >= next || now < next - EARLY {
                return now;
            }
            std::hint::spin_loop();
        }
    }

    fn due(&mut self, now: Tick) {
        if now >= self.off_again {
            let done = self.lines.off().is_ok();
            self.off_again = if done { Tick::NEVER } else { now + OFF_AGAIN };
            self.on &= !done;
        }
        let Some(plan) = self.plan else { return };
        if !self.on && now >= plan.release_at {
            self.plan = None;
            let why = format!("a press was due {} before its order came to be done", now.since(plan.release_at));
            self.happened.ring(Happened::CoilBroken(Fault::new(FaultKind::Timeout, "coil", why)));
        } else if !self.on && now >= plan.at {
            self.peak_until = if self.lines.hold.is_some() { now + self.lines.peak } else { Tick::NEVER };
            self.switch(true, plan.at);
        } else if self.on && now >= plan.release_at {
            self.plan = None;
            self.switch(false, plan.release_at);
        } else if self.on && now >= self.peak_until {
            self.peak_until = Tick::NEVER;
            self.check(|lines| lines.pull.set(false));
        }
    }

    /// Off at once. It is told to be off also where it should be: the line may know better.
    fn release(&mut self, now: Tick) {
        self.plan = None;
        if self.on { self.switch(false, now) } else { self.check(Lines::off) }
    }

    fn switch(&mut self, on: bool, due: Tick) {
        let before = Monotonic::RAW.now();
        let done = if on { self.lines.on() } else { self.lines.off() };
        let took = Monotonic::RAW.now().since(before);
        self.on = on;
        let edge = Edge {
            energised: on,
            at: before + Seconds::from_micro(took.micro() / 2),
            uncertainty: Seconds::new(took.get() / 12_f64.sqrt()),
            late: before.since(due),
        };
        match done {
            Ok(()) => self.happened.ring(Happened::Edge(edge)),
            Err(fault) => {
                self.happened.ring(Happened::CoilBroken(fault));
                // What it did is not known: it is told to be off until it says that it is.
                (self.plan, self.off_again) = (None, before);
            }
        }
    }

    fn check(&mut self, order: impl FnOnce(&mut Lines) -> Result<(), Fault>) {
        if let Err(fault) = order(&mut self.lines) {
            self.off_again = Monotonic::RAW.now();
            self.happened.ring(Happened::CoilBroken(fault));
        }
    }
}

impl Lines {
    fn on(&mut self) -> Result<(), Fault> {
        self.hold.as_mut().map_or(Ok(()), |hold| hold.set(true))?;
        self.pull.set(true)
    }

    /// Both lines, also when the first does not obey. The holding one first: it is the one that lets go of a coil that is held.
    fn off(&mut self) -> Result<(), Fault> {
        let hold = self.hold.as_mut().map_or(Ok(()), |hold| hold.set(false));
        let pull = self.pull.set(false);
        hold.and(pull)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<bool>>>);

    impl Switch for Told {
        fn set(&mut self, on: bool) -> Result<(), Fault> {
            // Whoever does not wait for this is ahead of it.
            (0..1_000).for_each(|_| std::thread::yield_now());
            self.0.lock().unwrap().push(on);
            Ok(())
        }
    }

    #[test]
    fn the_coil_is_off_when_the_thread_has_started() {
        for _ in 0..50 {
            let (pull, hold) = (Told::default(), Told::default());
            let lines =
                Lines { pull: Box::new(pull.clone()), hold: Some(Box::new(hold.clone())), peak: Seconds::from_millis(100) };
            let started = Coil::start(lines, Bell::new().unwrap()).unwrap();
            assert_eq!(*pull.0.lock().unwrap(), [false]);
            assert_eq!(*hold.0.lock().unwrap(), [false]);
            drop(started);
        }
    }
}

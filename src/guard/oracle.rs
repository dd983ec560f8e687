//! The machine against random histories, judged by an oracle that looks at its actions alone and knows nothing of its insides.

use super::carried::Carried;
use super::machine::Machine;
use super::rules::Lease;
use super::samples::rules;
use super::words::{Action, Input, SessionId, SourceId};
use crate::domain::rig::Interlocks;
use crate::domain::units::{Amps, Celsius, Seconds, Tick, Volts};
use crate::ports::PressOrder;
use proptest::prelude::*;

/// The assumption of the rules while no air temperature is told.
const AIR_C: f64 = 40.0;

/// What the world has seen of the machine: the plainest account of its actions.
struct Oracle {
    interlocks: Interlocks,
    write_window: Tick,
    /// The present or coming press.
    press: Option<PressOrder>,
    /// Every time that the coil was on, complete.
    on: Vec<(Tick, Tick)>,
    powered: Option<Tick>,
    /// It was switched on, and has not been heard to be.
    unconfirmed: bool,
    powered_off: Option<Tick>,
    armed: bool,
    last_beat: Option<Tick>,
    announced: Tick,
    source: Option<SourceId>,
    set: Option<Volts>,
    /// Temperatures of the air and since when, in seconds.
    air: Vec<(f64, f64)>,
}

impl Oracle {
    fn new(interlocks: Interlocks) -> Self {
        Self {
            interlocks,
            write_window: Tick(360_000_000),
            press: None,
            on: Vec::new(),
            powered: None,
            unconfirmed: false,
            powered_off: None,
            armed: false,
            last_beat: None,
            announced: Tick::NEVER,
            source: None,
            set: None,
            air: Vec::new(),
        }
    }

    /// The coil goes off by its order or at `now`.
    fn coil_off(&mut self, now: Tick) {
        if let Some(press) = self.press.take() {
            let end = press.release_at.min(now);
            if end > press.at {
                self.on.push((press.at, end));
            }
        }
    }

    /// Time runs to `now`, and an order may end meanwhile.
    fn pass(&mut self, now: Tick) {
        if self.press.is_some_and(|press| press.release_at <= now) {
            self.coil_off(now);
        }
    }

    fn window_end(&self, now: Tick) -> Option<Tick> {
        let powered = self.powered?;
        let pressing = self.press.filter(|press| press.at <= now).map(|press| press.release_at);
        let last = pressing.or(self.on.last().map(|(_, off)| *off)).unwrap_or(powered);
        Some(last.max(powered) + Seconds::from_micro(self.write_window.0 as i64))
    }

    fn see(&mut self, input: Input, now: Tick, actions: &[Action]) {
        self.pass(now);
        let was_in_window = self.window_end(now).is_some_and(|end| now < end);
        let refused = actions.iter().any(|action| matches!(action, Action::Refuse(_)));
        let counted = actions.iter().any(|action| matches!(action, Action::PowerCut(_)));
        let mut cut = false;
        self.hear(input, now, refused);
        for action in actions {
            match *action {
                Action::Trip(_) => self.armed = false,
                Action::DeEnergise => self.coil_off(now),
                Action::Energise(order) => self.energise(order, now),
                Action::SetSupply(volts) => {
                    assert!(self.armed && self.source == Some(SourceId(1)));
                    assert!(volts >= Volts::ZERO && volts <= Volts::new(5.5), "{volts}");
                    self.set = Some(volts);
                }
                Action::Connect(source) => {
                    assert!(self.armed && self.powered.is_none());
                    (self.source, self.set) = (Some(source), None);
                }
                Action::Output(true) => self.switch_on(now),
                Action::Output(false) => {
                    cut |= self.powered.is_some() && was_in_window;
                    if self.powered.take().is_some() {
                        self.powered_off = Some(now);
                    }
                }
                Action::Refuse(_) | Action::PowerCut(_) => {}
            }
        }
        assert_eq!(cut, counted, "a cut inside the window is told, and nothing else is");
        assert!(!cut || may_cut(input), "{input:?} cut the power inside the window");
    }

    /// Sessions and beats as the engine means them, and the air.
    fn hear(&mut self, input: Input, now: Tick, refused: bool) {
        match input {
            Input::Arm(_) if !refused => {
                self.armed = true;
                (self.last_beat, self.announced) = (Some(now), Tick::NEVER);
            }
            Input::Switched if std::mem::take(&mut self.unconfirmed) => self.powered = self.powered.map(|_| now),
            Input::Air(air) => self.air.push((now.0 as f64 / 1e6, air.get())),
            Input::Beat { deadline } => (self.last_beat, self.announced) = (Some(now), deadline),
            _ => {}
        }
    }

    fn energise(&mut self, order: PressOrder, now: Tick) {
        assert!(self.armed, "nothing is energised without a session");
        assert!(self.press.is_none() && order.at >= now);
        assert!(order.release_at.since(order.at) <= self.interlocks.coil_max_on_s);
        if let Some((_, off)) = self.on.last() {
            assert!(order.at.since(*off) >= self.interlocks.coil_min_off_s);
        }
        self.press = Some(order);
    }

    fn switch_on(&mut self, now: Tick) {
        assert!(self.armed && self.powered.is_none());
        assert_ne!(self.source, Some(SourceId(2)), "the 9 V brick is never connected to a 5.5 V camera");
        assert!(self.source != Some(SourceId(1)) || self.set.is_some(), "nobody knows what the supply is set to");
        if let Some(off) = self.powered_off {
            assert!(now.since(off) >= self.interlocks.supply_min_off_s);
        }
        self.powered = Some(now);
        self.unconfirmed = true;
    }

    /// What must hold whenever the machine has had its ticks up to `now`.
    fn look(&self, now: Tick) {
        let energised = self.press.is_some_and(|press| press.at <= now && now < press.release_at);
        if self.armed {
            let late = self.last_beat.is_some_and(|beat| now.since(beat) >= Seconds::from_millis(60)) || now >= self.announced;
            assert!(!late, "the lease has run out and nothing tripped");
        } else {
            assert!(!energised, "energised without a session");
            assert!(self.window_end(now).is_none_or(|end| now < end), "the supply stays on after the window");
        }
    }

    /// Integrates the coil's rise in small steps (Euler) over all that happened, and tells how far its temperature came above the highest
    /// allowed while it was on; negative when it never did.
    fn excess(&self) -> f64 {
        let (rules, step) = (&self.interlocks, 0.02_f64);
        let (mut rise, mut at, mut excess) = (0.0_f64, 0.0, f64::NEG_INFINITY);
        let mut run = |until: f64, power: Option<f64>, at: &mut f64| {
            while *at < until {
                let dt = step.min(until - *at);
                rise += dt * (power.unwrap_or(0.0) * rules.coil_k_per_w - rise) / rules.coil_tau_s.get();
                *at += dt;
                if power.is_some() {
                    excess = excess.max(self.air_at(*at) + rise - rules.coil_max_c.get());
                }
            }
        };
        for (on, off) in &self.on {
            let (on, off) = (on.0 as f64 / 1e6, off.0 as f64 / 1e6);
            run(on, None, &mut at);
            run(off.min(on + rules.coil_peak_s.get()), Some(rules.coil_pull_w), &mut at);
            run(off, Some(rules.coil_hold_w), &mut at);
        }
        excess
    }

    /// The air just before `at`, in seconds: at a change it is the guard's to act, not to foresee.
    fn air_at(&self, at: f64) -> f64 {
        self.air.iter().rev().find(|(since, _)| *since < at - 1e-9).map_or(AIR_C, |(_, air)| *air)
    }
}

fn may_cut(input: Input) -> bool {
    match input {
        Input::PowerOffNow | Input::EStop { pressed: true } => true,
        Input::Plug { highest, lowest } => {
            highest.is_some_and(|v| v > Volts::new(5.5)) || lowest.is_some_and(|a| a > Amps::new(1.0))
        }
        _ => false,
    }
}

/// Something that happens, relative to the moment.
#[derive(Clone, Debug)]
enum Happens {
    Press { after_ms: i64, hold_ms: i64 },
    PressWhenPossible { hold_ms: i64 },
    Arm,
    Beat { ahead_ms: i64 },
    Plain(Input),
}

fn happens() -> impl Strategy<Value = Happens> {
    let volts = prop_oneof![0.0..7.0f64, 4.0..5.6f64].prop_map(Volts::new);
    let plug = (5.0..5.8f64, 0.0..2.5f64)
        .prop_map(|(v, a)| Happens::Plain(Input::Plug { highest: Some(Volts::new(v)), lowest: Some(Amps::new(a)) }));
    let after = prop_oneof![Just(0), -100..3_000i64];
    let hold = prop_oneof![-10..1_000i64, -10..35_000i64];
    prop_oneof![
        4 => (after, hold).prop_map(|(after_ms, hold_ms)| Happens::Press { after_ms, hold_ms }),
        4 => (1..30_000i64).prop_map(|hold_ms| Happens::PressWhenPossible { hold_ms }),
        2 => Just(Happens::Arm),
        2 => (-5..500i64).prop_map(|ahead_ms| Happens::Beat { ahead_ms }),
        3 => Just(Happens::Plain(Input::Release)),
        2 => volts.prop_map(|volts| Happens::Plain(Input::SetSupply(volts))),
        5 => any::<bool>().prop_map(|on| Happens::Plain(Input::Output(on))),
        4 => (0..4usize).prop_map(|source| Happens::Plain(Input::Connect(SourceId(source)))),
        1 => plug,
        3 => (0.0..50.0f64).prop_map(|air| Happens::Plain(Input::Air(Celsius::new(air)))),
        1 => Just(Happens::Plain(Input::PowerOffNow)),
        1 => Just(Happens::Plain(Input::SocketClosed)),
        1 => any::<bool>().prop_map(|pressed| Happens::Plain(Input::EStop { pressed })),
        1 => Just(Happens::Plain(Input::Switched)),
        1 => Just(Happens::Plain(Input::Tick)),
    ]
}

/// Runs a history. The machine has its ticks at its deadlines; everything else comes whenever it comes.
fn live(interlocks: &Interlocks, lease: Lease, history: &[(u64, Happens)]) -> Oracle {
    let mut machine = Machine::new(rules(interlocks, lease), &Carried::cold());
    let mut oracle = Oracle::new(interlocks.clone());
    let (mut now, mut sessions) = (Tick::ZERO, 0);
    // Outputs are looked at once more after everything has ended.
    let last = [(1_000_000_000, Happens::Plain(Input::SocketClosed)), (1_000_000_000, Happens::Plain(Input::Tick))];
    for (gap, happens) in history.iter().chain(&last) {
        let target = Tick(now.0 + gap);
        while machine.deadline() <= target {
            assert!(machine.deadline() > now || now == Tick::ZERO, "a deadline is ahead");
            now = machine.deadline();
            let actions = machine.step(Input::Tick, now);
            oracle.see(Input::Tick, now, &actions);
            watch_lease(&oracle, lease, now);
        }
        now = target;
        let input = match *happens {
            Happens::Press { after_ms, hold_ms } => press(now + Seconds::from_millis(after_ms), hold_ms),
            Happens::PressWhenPossible { hold_ms } => {
                let possible = machine.possible_from(Seconds::from_millis(hold_ms), now);
                if possible == Tick::NEVER { Input::Tick } else { press(possible, hold_ms) }
            }
            Happens::Arm => {
                sessions += 1;
                Input::Arm(SessionId(sessions))
            }
            Happens::Beat { ahead_ms } => Input::Beat { deadline: now + Seconds::from_millis(ahead_ms) },
            Happens::Plain(input) => input,
        };
        let actions = machine.step(input, now);
        oracle.see(input, now, &actions);
        watch_lease(&oracle, lease, now);
    }
    oracle
}

fn press(at: Tick, hold_ms: i64) -> Input {
    Input::Press(PressOrder { at, release_at: at + Seconds::from_millis(hold_ms) })
}

fn watch_lease(oracle: &Oracle, lease: Lease, now: Tick) {
    if lease == Lease::Beats || !oracle.armed {
        oracle.look(now);
    }
}

fn any_interlocks() -> impl Strategy<Value = Interlocks> {
    let heat = (0.5..12.0f64, 1.0..12.0f64, 0.0..2.0f64, 5.0..60.0f64);
    (heat, 1.0..30.0f64, 0.2..5.0f64, 0.0..10.0f64).prop_map(|((pull, hold, peak, tau), max_on, min_off, supply_off)| {
        Interlocks {
            coil_max_on_s: Seconds::new(max_on),
            coil_min_off_s: Seconds::new(min_off),
            coil_pull_w: pull,
            coil_hold_w: hold,
            coil_peak_s: Seconds::new(peak),
            coil_tau_s: Seconds::new(tau),
            supply_min_off_s: Seconds::new(supply_off),
            ..Interlocks::default()
        }
    })
}

fn any_history(longest_gap_s: u64) -> impl Strategy<Value = Vec<(u64, Happens)>> {
    let gap = prop_oneof![Just(0), 0..100_000u64, 0..3_000_000u64, 0..longest_gap_s * 1_000_000];
    prop::collection::vec((gap, happens()), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_promises_hold_while_nothing_freezes(interlocks in any_interlocks(), history in any_history(60)) {
        let mut history = history;
        history.insert(0, (0, Happens::Arm));
        let oracle = live(&interlocks, Lease::SharedClock, &history);
        let excess = oracle.excess();
        prop_assert!(excess <= 0.0, "{excess} K too warm");
    }

    #[test]
    fn the_promises_hold_whatever_beats_come(interlocks in any_interlocks(), history in any_history(1)) {
        let oracle = live(&interlocks, Lease::Beats, &history);
        prop_assert!(oracle.excess() <= 0.0);
    }

    #[test]
    fn a_press_is_accepted_at_the_moment_that_it_is_said_to_be_possible(
        interlocks in any_interlocks(), before in prop::collection::vec((0..5_000i64, 1..30_000i64), 0..6), hold_ms in 1..30_000i64,
    ) {
        let mut machine = Machine::new(rules(&interlocks, Lease::SharedClock), &Carried::cold());
        machine.step(Input::Arm(SessionId(1)), Tick::ZERO);
        let mut now = Tick::ZERO;
        for (gap_ms, hold_ms) in before {
            now = now + Seconds::from_millis(gap_ms);
            machine.step(press(now, hold_ms), now);
        }
        let from = machine.possible_from(Seconds::from_millis(hold_ms), now);
        prop_assert!(from >= now);
        if from < Tick::NEVER {
            machine.step(Input::Tick, from);
            let actions = machine.step(press(from, hold_ms), from);
            prop_assert!(matches!(actions[..], [Action::Energise(_)]), "{actions:?}");
        }
    }
}

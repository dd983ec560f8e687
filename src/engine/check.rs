//! Trials without a reset question: what the rig itself does, and what its sensors show.

use super::coil::Coil;
use super::halt::{Halt, refused};
use super::session::Session;
use super::tap::Tap;
use crate::domain::adapter::AdapterKind;
use crate::domain::condition::Check;
use crate::domain::measurement::names;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::judging::bench::{lifted, lit, rectangular, spread, spread_u};
use crate::planning::timing::PULSE;
use crate::ports::{Channel, PressOrder, Refused};

/// Presses of one check: enough for a spread that is known to a quarter.
const PRESSES: usize = 10;
/// A press is ordered so long before it begins: an order that has to be carried out at once would be late by its own way to the guard.
const AHEAD: Seconds = Seconds::from_millis(100);
/// The coil has been switched by then, or it does not obey.
const LET_GO: Seconds = Seconds::from_millis(1_000);
/// Samples come in blocks; those of an edge are here so long after it.
const SAMPLED: Seconds = Seconds::from_millis(200);
/// How long the dark, and the light that is on, are looked at.
const LOOK: Seconds = Seconds::from_millis(3_000);
/// A supply has reached its voltage by then, and a reading of its own has come.
const SETTLED: Seconds = Seconds::from_millis(2_500);
/// How long the voltage is then averaged.
const AVERAGED: Seconds = Seconds::from_millis(500);

/// What one press of a check came to, in seconds.
#[derive(Clone, Copy, Debug)]
struct Pressed {
    on_late: f64,
    off_late: f64,
    edges_u: f64,
    pull_in: Option<f64>,
    drop_out: Option<f64>,
}

impl Session<'_> {
    /// A trial without a reset question.
    pub fn measure(&mut self, check: Check, deadline: Tick) -> Result<StepEnd, Halt> {
        let end = match check {
            Check::Boot => self.check_boot(deadline),
            Check::ButtonContact => self.check_contact(deadline),
            Check::DarkLight => self.check_dark(),
            Check::Supply => self.check_supply(deadline),
            Check::Intake => self.ask_intake(),
            Check::SupplyRamp => {
                let detail = format!("this version has no measurement `{}`", check.name());
                Err(Fault::new(FaultKind::Interlock, "measure", detail).into())
            }
        };
        self.tap = None;
        end
    }

    /// Keeps the samples of a channel from now on, where the rig has it.
    fn open_tap(&mut self, channel: Channel) {
        self.tap = self.rig.sensors.scale(channel).map(|scale| Tap::new(channel, scale));
    }

    /// Short presses: how late the coil's edges are, how much the length of a press varies, and how long the stroke takes.
    fn check_contact(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        if self.bench.position.pressed_by_hand() {
            // A person's strokes are not the rig's.
            return Ok(StepEnd::NotSeen);
        }
        let mut presses = Vec::with_capacity(PRESSES);
        for _ in 0..PRESSES {
            presses.push(self.short_press(deadline)?);
        }
        let now = self.now();
        let late = presses.iter().map(|press| press.on_late.max(press.off_late)).fold(f64::NEG_INFINITY, f64::max);
        let u = (presses.iter().map(|press| press.edges_u * press.edges_u).sum::<f64>() / presses.len() as f64).sqrt();
        self.measured(now, names::COIL_LATE, "s", late, Some(u))?;
        let errors: Vec<f64> = presses.iter().map(|press| press.off_late - press.on_late).collect();
        if let Some((_, deviation)) = spread(&errors) {
            self.measured(now, names::COIL_JITTER, "s", deviation, Some(spread_u(deviation, errors.len())))?;
        }
        let period = self.tap.as_ref().map_or(0.0, |tap| tap.period().get());
        let strokes = |of: fn(&Pressed) -> Option<f64>| presses.iter().filter_map(of).collect::<Vec<_>>();
        for (name, values) in
            [(names::PULL_IN, strokes(|press| press.pull_in)), (names::DROP_OUT, strokes(|press| press.drop_out))]
        {
            // Where half of the presses say nothing, the other half is chance.
            if let Some((mean, deviation)) = spread(&values).filter(|_| 2 * values.len() > PRESSES) {
                // That of a single press, which is what a hold is measured by: presses vary, and a sample may be late by its period.
                let u = deviation.hypot(rectangular(period)).hypot(u);
                self.measured(now, name, "s", mean, Some(u))?;
            }
        }
        Ok(StepEnd::Done)
    }

    fn short_press(&mut self, deadline: Tick) -> Result<Pressed, Halt> {
        (self.coil, self.snap) = (Coil::default(), None);
        self.open_tap(Channel::Force);
        let order = loop {
            let at = self.now() + AHEAD;
            let order = PressOrder { at, release_at: at + PULSE };
            match self.rig.presser.press(order) {
                Ok(()) => break order,
                Err(Refused::Until { at, .. }) if at < deadline => {
                    self.wait(at, |_| false)?;
                }
                Err(why) => return Err(refused("presser", why).into()),
            }
        };
        self.wait(order.release_at + LET_GO, |session| session.coil.off.is_some())?;
        let (Some(on), Some(off)) = (self.coil.on, self.coil.off) else {
            let missing = if self.coil.on.is_none() { "on" } else { "off" };
            let detail = format!("the coil was ordered {missing}, and nothing says that it was switched so");
            return Err(Fault::new(FaultKind::Disobeyed, "presser", detail).into());
        };
        self.pass(SAMPLED)?;
        let tip = self.tap.as_ref().and_then(|tap| lifted(tap.samples(), on.at, off.at));
        Ok(Pressed {
            on_late: on.at.since(order.at).get(),
            off_late: off.at.since(order.release_at).get(),
            edges_u: on.u_s.get().hypot(off.u_s.get()),
            pull_in: self.snap.map(|snap| snap.since(on.at).get()),
            drop_out: tip.map(|tip| tip.since(off.at).get()),
        })
    }

    /// The light sensor with the camera unpowered.
    fn check_dark(&mut self) -> Result<StepEnd, Halt> {
        self.open_tap(Channel::Light);
        self.pass(LOOK)?;
        let values = self.tap.as_ref().map_or_else(Vec::new, |tap| tap.since(Tick::ZERO));
        let Some((dark, u)) = spread(&values) else { return Ok(StepEnd::NotSeen) };
        self.measured(self.now(), names::LIGHT_DARK, "1", dark, Some(u))?;
        Ok(StepEnd::Done)
    }

    /// Power on, wait for readiness, and look at the light.
    fn check_boot(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        self.open_tap(Channel::Light);
        self.power_on(deadline)?;
        let end = self.await_ready(Seconds::ZERO)?;
        self.measure_idle()?;
        if end == StepEnd::Done && self.rig.probe.is_some() {
            self.ask_status()?;
        }
        self.pass(LOOK)?;
        let level = self.tap.as_ref().and_then(|tap| lit(tap.samples()));
        if let Some((level, u)) = level {
            self.measured(self.now(), names::LIGHT_LIT, "1", level, Some(u))?;
        }
        // What a programmable one gives is read back when it is set.
        if !self.feeds_from(AdapterKind::Programmable) {
            self.read_back()?;
        }
        Ok(end)
    }

    /// Each voltage that the camera is rated for, as it is set and as it is read back: at the plug, or else at the supply's own terminals.
    fn check_supply(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        if !self.feeds_from(AdapterKind::Programmable) {
            return Ok(StepEnd::NotSeen);
        }
        self.power_on(deadline)?;
        let mut end = StepEnd::Done;
        for volts in self.rated_voltages() {
            self.set_supply(volts)?;
            self.measured(self.now(), names::SET, "V", volts.get(), None)?;
            if self.read_back()? != StepEnd::Done {
                end = StepEnd::NotSeen;
            }
        }
        Ok(end)
    }

    /// Nominal, lowest, highest, and nominal again, none above any ceiling.
    fn rated_voltages(&self) -> [Volts; 4] {
        let rated = &self.bench.profile.supply;
        let own = |adapter: &&crate::domain::adapter::Adapter| Some(&adapter.name) == self.connected.as_ref();
        let label = self.bench.adapters.iter().find(own).map_or(rated.max_v, |adapter| adapter.rating.volts);
        let ceiling = rated.max_v.min(label).min(self.bench.position.interlocks.supply_max_v);
        [rated.nominal_v, rated.min_v, ceiling, rated.nominal_v]
    }

    fn read_back(&mut self) -> Result<StepEnd, Halt> {
        let set = self.now();
        self.pass(SETTLED)?;
        let from = self.now();
        self.open_tap(Channel::PlugVoltage);
        self.pass(AVERAGED)?;
        let values = self.tap.as_ref().map_or_else(Vec::new, |tap| tap.since(from));
        let own = self.supply.filter(|(at, _)| *at > set).map(|(_, reading)| (reading.volts.get(), None));
        let read = spread(&values).map(|(mean, u)| (mean, Some(u))).or(own);
        let Some((volts, u)) = read else { return Ok(StepEnd::NotSeen) };
        self.measured(self.now(), names::READ_BACK, "V", volts, u)?;
        Ok(StepEnd::Done)
    }
}

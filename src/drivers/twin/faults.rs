//! Faults of the bench, drawn once for an attempt.

use super::chance::Chance;
use super::world::Faults;
use crate::domain::ids::{Attempt, SlotId};
use crate::domain::units::Seconds;

/// The time after the beginning of an attempt in which ports go away (assumption: preparation and trial together take about so long).
const SPAN_S: f64 = 300.0;

/// What goes wrong in an attempt. Those that strike once are switched off when they have struck.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FaultPlan {
    key: Option<(SlotId, Attempt)>,
    pub supply_refuses: bool,
    pub supply_disobeys: bool,
    /// When the console goes away, and for how long.
    pub console_gap: Option<(Seconds, Seconds)>,
    pub sensors_lost: Option<Seconds>,
    pub coil_stuck: bool,
    /// How much longer the contact stays closed.
    pub coil_sticks: Seconds,
    /// How much later the tip comes down.
    pub coil_late: Seconds,
    pub coil_partial: bool,
    /// How long after its current is on a coil that is hot lets go.
    pub coil_drops: Option<Seconds>,
    pub probe_silent: bool,
    pub provision_unanswered: bool,
    /// The keys of the world file whose fault was drawn.
    pub drawn: Vec<&'static str>,
}

impl FaultPlan {
    /// Whether it is the plan of this attempt.
    pub fn is_for(&self, slot: SlotId, attempt: Attempt) -> bool {
        self.key == Some((slot, attempt))
    }

    /// Draws the plan of an attempt.
    pub fn draw(faults: &Faults, chance: &Chance, slot: SlotId, attempt: Attempt) -> Self {
        let hit = |which: u32, probability: f64| {
            let mut draw = chance.fault(attempt, which);
            draw.happens(probability).then_some(draw)
        };
        let mut plan = Self {
            key: Some((slot, attempt)),
            supply_refuses: hit(0, faults.supply_refuses).is_some(),
            supply_disobeys: hit(1, faults.supply_disobeys).is_some(),
            console_gap: hit(2, faults.console_gap)
                .map(|mut draw| (Seconds::new(SPAN_S * draw.uniform()), Seconds::new(1.0 + 4.0 * draw.uniform()))),
            sensors_lost: hit(3, faults.sensors_lost).map(|mut draw| Seconds::new(SPAN_S * draw.uniform())),
            coil_stuck: hit(4, faults.coil_stuck).is_some(),
            coil_sticks: hit(5, faults.coil_sticks).map_or(Seconds::ZERO, |mut draw| Seconds::new(0.05 + 0.45 * draw.uniform())),
            coil_late: hit(8, faults.coil_late).map_or(Seconds::ZERO, |mut draw| Seconds::new(0.05 + 0.25 * draw.uniform())),
            coil_partial: hit(9, faults.coil_partial).is_some(),
            coil_drops: hit(10, faults.coil_drops).map(|mut draw| Seconds::new(0.5 + 19.5 * draw.uniform())),
            probe_silent: hit(6, faults.probe_silent).is_some(),
            provision_unanswered: hit(7, faults.provision_unanswered).is_some(),
            drawn: Vec::new(),
        };
        plan.drawn = plan.names();
        plan
    }

    fn names(&self) -> Vec<&'static str> {
        [
            ("supply_refuses", self.supply_refuses),
            ("supply_disobeys", self.supply_disobeys),
            ("console_gap", self.console_gap.is_some()),
            ("sensors_lost", self.sensors_lost.is_some()),
            ("coil_stuck", self.coil_stuck),
            ("coil_sticks", self.coil_sticks > Seconds::ZERO),
            ("coil_late", self.coil_late > Seconds::ZERO),
            ("coil_partial", self.coil_partial),
            ("coil_drops", self.coil_drops.is_some()),
            ("probe_silent", self.probe_silent),
            ("provision_unanswered", self.provision_unanswered),
        ]
        .into_iter()
        .filter_map(|(name, drawn)| drawn.then_some(name))
        .collect()
    }
}

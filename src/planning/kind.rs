//! The design that a suite asks for.

use super::adaptive::Adaptive;
use super::budget::Until;
use super::design::{Design, Next};
use super::estimate::beside_hold;
use super::go_no_go::GoNoGo;
use super::grid::Grid;
use super::layout::feeds;
use super::procedure::Bench;
use super::returns::Returns;
use crate::domain::condition::{Condition, Origin, Release, Slot, Stimulus};
use crate::domain::ids::{BlockNo, SlotId};
use crate::domain::run_state::RunState;
use crate::domain::suite::{DesignKind, Suite};
use crate::domain::units::Seconds;

/// A design of any kind.
pub enum Chosen {
    /// Every combination of levels.
    Grid(Grid),
    /// Holds chosen by the data.
    Adaptive(Box<Adaptive>),
    /// As many trials as a decision needs.
    GoNoGo(GoNoGo),
    /// The tests of a returned unit.
    Returns(Box<Returns>),
}

/// The design of a suite at a bench. `until` is the suite's hour of day in the bench's time zone.
pub fn design_of(suite: &Suite, bench: &Bench<'_>, until: Option<Until>) -> Chosen {
    match suite.design.kind {
        DesignKind::Grid | DesignKind::Check => Chosen::Grid(Grid::new(suite, until)),
        // The file check refuses a suite of this kind without a plan.
        DesignKind::Rma => match Returns::new(suite, bench.profile, bench.position) {
            Some(returns) => Chosen::Returns(Box::new(returns)),
            None => Chosen::Grid(Grid::new(suite, until)),
        },
        DesignKind::GoNoGo => Chosen::GoNoGo(GoNoGo::new(suite, until)),
        DesignKind::Adaptive => {
            let longest = suite.factors.hold_s.longest().unwrap_or(Seconds::ZERO);
            let stimulus = Stimulus::Press { hold_s: longest, release: Release::AfterHold, max_s: longest };
            // The file check refuses a suite without an adapter.
            let cost = feeds(&suite.factors).into_iter().next().map(|feed| {
                let condition = Condition { stimulus, ..feed };
                beside_hold(&Slot { id: SlotId(0), block: BlockNo(0), origin: Origin::Planned, condition }, bench)
            });
            let (cost, around) = cost.unwrap_or((super::adaptive::Cost { reset_s: 300.0, quiet_s: 150.0 }, Seconds::ZERO));
            Chosen::Adaptive(Box::new(Adaptive::new(suite, bench.profile, until, cost, around.get())))
        }
    }
}

impl Design for Chosen {
    fn next(&self, run: &RunState) -> Next {
        match self {
            Chosen::Grid(design) => design.next(run),
            Chosen::Adaptive(design) => design.next(run),
            Chosen::GoNoGo(design) => design.next(run),
            Chosen::Returns(design) => design.next(run),
        }
    }

    fn planned(&self) -> &[Slot] {
        match self {
            Chosen::Grid(design) => design.planned(),
            Chosen::Adaptive(design) => design.planned(),
            Chosen::GoNoGo(design) => design.planned(),
            Chosen::Returns(design) => design.planned(),
        }
    }
}

//! What outlives the process: the coil's heat, and how long outputs must still rest.

use crate::domain::units::Seconds;
use serde::{Deserialize, Serialize};

/// A moment that two processes of one boot can compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Which boot of the computer: the kernel's boot identifier.
    pub boot: String,
    /// Time since that boot.
    pub uptime_s: Seconds,
}

/// The state of the outputs that survives a restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// Rise of the coil above the air, in kelvin, with the whole of a press that was ordered.
    pub coil_rise_k: f64,
    /// What is left of the coil's minimum off time.
    pub coil_wait_s: Seconds,
    /// What is left of the supply's minimum off time.
    pub supply_wait_s: Seconds,
    /// Time that has certainly passed since, with all outputs off.
    pub rested_s: Seconds,
    /// When it was taken; `None` where that cannot be told.
    pub taken: Option<Stamp>,
}

impl Carried {
    /// A bench that has rested long enough for everything: for a bench that begins to exist, such as a twin, never for lack of a record.
    pub fn cold() -> Self {
        Self { coil_rise_k: 0.0, coil_wait_s: Seconds::ZERO, supply_wait_s: Seconds::ZERO, rested_s: Seconds::ZERO, taken: None }
    }

    /// The same state when it is taken up again at `now`. Rest is credited within one boot only: how long the computer was off, and what
    /// its pins did meanwhile, nobody knows.
    pub fn taken_up(mut self, now: &Stamp) -> Self {
        if let Some(taken) = &self.taken
            && taken.boot == now.boot
            && taken.uptime_s <= now.uptime_s
        {
            self.rested_s = self.rested_s + (now.uptime_s - taken.uptime_s);
        }
        self.taken = Some(now.clone());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(boot: &str, uptime: f64) -> Stamp {
        Stamp { boot: boot.to_owned(), uptime_s: Seconds::new(uptime) }
    }

    fn hot() -> Carried {
        Carried { coil_rise_k: 30.0, coil_wait_s: Seconds::new(1.0), taken: Some(stamp("a", 100.0)), ..Carried::cold() }
    }

    #[test]
    fn the_same_boot_credits_the_time_between() {
        assert_eq!(hot().taken_up(&stamp("a", 160.0)).rested_s, Seconds::new(60.0));
    }

    #[test]
    fn another_boot_credits_nothing() {
        assert_eq!(hot().taken_up(&stamp("b", 160.0)).rested_s, Seconds::ZERO);
    }

    #[test]
    fn an_uptime_that_went_back_credits_nothing() {
        assert_eq!(hot().taken_up(&stamp("a", 90.0)).rested_s, Seconds::ZERO);
    }

    #[test]
    fn it_is_taken_up_again_and_again_without_counting_time_twice() {
        let carried = hot().taken_up(&stamp("a", 160.0)).taken_up(&stamp("a", 170.0));
        assert_eq!(carried.rested_s, Seconds::new(70.0));
    }

    #[test]
    fn it_survives_a_file() {
        let carried = hot();
        let text = serde_json::to_string(&carried).unwrap();
        assert_eq!(serde_json::from_str::<Carried>(&text).unwrap(), carried);
    }
}

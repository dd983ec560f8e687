//! Presses that ask what the model cannot: whether success falls again at long holds, as the profile's instructions say. The posterior knows rising
//! responses only, so that a camera which ignores long presses would look like one that never resets.

use crate::analysis::posterior::Press;
use crate::domain::profile::{Effect, Profile};

/// Presses before, within and beyond a window: whole levels of five of the test for a fall, which must still see it where one press in ten lapses
/// (`analysis/stats/monotone.rs`).
const TIMES: [u32; 3] = [5, 10, 5];
/// So many within must reset, and so many beyond must not, to say that it falls.
const CLEAR: (usize, usize) = (8, 5);
/// How far before and beyond a window they stand, as factors (our choice): thresholds differ from documents by less.
const BESIDE: f64 = 1.5;
/// A measured hold is one of these when it is as near as this share.
const NEAR: f64 = 0.03;

/// Before, within and beyond the documented window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scouts([f64; 3]);

impl Scouts {
    /// Those of a profile whose window of factory resets ends well within the range of holds; `None` for others.
    pub(super) fn of(profile: &Profile, range: (f64, f64)) -> Option<Self> {
        let resets = profile.press.windows.iter().find(|window| window.effect == Effect::FactoryReset)?;
        let (from, to) = (resets.from_s.get().max(range.0), resets.to_s?.get());
        let (before, beyond) = (from / BESIDE, BESIDE * to);
        (before >= range.0 && to > from && beyond <= range.1).then(|| Self([before, (from * to).sqrt(), beyond]))
    }

    /// The next of them after these presses, seconds; `None` when all are made.
    pub(super) fn due(&self, presses: &[Press]) -> Option<f64> {
        let lacks = |place: usize| TIMES[place].saturating_sub(self.made(presses, place).len() as u32);
        // Those that tell most first: within and beyond in turn.
        let place = [1, 2, 0].into_iter().max_by_key(|place| (lacks(*place), usize::from(*place == 1)))?;
        (lacks(place) > 0).then(|| self.0[place])
    }

    /// Whether all are made and show that success falls again.
    pub(super) fn show_a_fall(&self, presses: &[Press]) -> bool {
        if self.due(presses).is_some() {
            return false;
        }
        let (within, beyond) = (self.made(presses, 1), self.made(presses, 2));
        within.iter().filter(|reset| **reset).count() >= CLEAR.0 && beyond.iter().filter(|reset| !**reset).count() >= CLEAR.1
    }

    /// Whether those at a place reset.
    fn made(&self, presses: &[Press], place: usize) -> Vec<bool> {
        let near = |press: &&Press| (press.hold_s / self.0[place] - 1.0).abs() < NEAR;
        presses.iter().filter(near).map(|press| press.reset).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::Bench;
    use crate::domain::profile::HoldWindow;
    use crate::domain::units::Seconds;

    fn profile(to_s: Option<f64>) -> Profile {
        let mut profile = Bench::new("r", &["oem"], &[5.0], 1, 0).started.profile;
        profile.press.windows =
            vec![HoldWindow { from_s: Seconds::new(15.0), to_s: to_s.map(Seconds::new), effect: Effect::FactoryReset }];
        profile
    }

    #[test]
    fn only_a_window_that_ends_within_the_range_is_scouted() {
        assert_eq!(Scouts::of(&profile(None), (1.0, 90.0)), None);
        assert_eq!(Scouts::of(&profile(Some(25.0)), (1.0, 30.0)), None, "nothing beyond it can be tried");
        assert!(Scouts::of(&profile(Some(25.0)), (1.0, 60.0)).is_some());
    }

    #[test]
    fn scouts_find_a_window_and_leave_a_rising_response_alone() {
        let scouts = Scouts::of(&profile(Some(25.0)), (1.0, 60.0)).unwrap();
        for (ends, falls) in [(25.0, true), (1e9, false)] {
            let mut presses = Vec::new();
            while let Some(hold_s) = scouts.due(&presses) {
                presses.push(Press { hold_s: 1.01 * hold_s, reset: hold_s > 15.0 && hold_s < ends });
                assert!(presses.len() <= 20);
            }
            assert_eq!((presses.len(), scouts.show_a_fall(&presses)), (20, falls));
        }
    }
}

//! Presses that ask what the model cannot: whether success falls again at long holds, as the profile's instructions say. The posterior knows rising
//! responses only, so that a camera which ignores long presses would look like one that never resets.

use crate::analysis::posterior::Press;
use crate::analysis::stats::dose::Dose;
use crate::analysis::stats::monotone::{FALL_LEVEL, monotone_p_value};
use crate::domain::profile::{Effect, Profile};

/// Presses before, within and beyond a window, and at the longest hold: whole levels of five of the test for a fall, which must still see it where one
/// press in ten lapses (`analysis/stats/monotone.rs`).
const TIMES: [u32; 4] = [5, 10, 5, 5];
/// The last of them, made where the first three did not show a fall: the window may not lie where the instructions say.
const LONGEST: usize = 3;
/// How far before and beyond a window they stand, as factors (our choice): thresholds differ from documents by less.
const BESIDE: f64 = 1.5;
/// A measured hold is one of these when it is as near as this share.
const NEAR: f64 = 0.03;

/// Before, within and beyond the documented window, and the longest hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scouts([f64; 4]);

impl Scouts {
    /// Those of a profile whose window of factory resets ends well within the range of holds; `None` for others.
    pub(super) fn of(profile: &Profile, range: (f64, f64)) -> Option<Self> {
        let resets = profile.press.windows.iter().find(|window| window.effect == Effect::FactoryReset)?;
        let (from, to) = (resets.from_s.get().max(range.0), resets.to_s?.get());
        let (before, beyond) = (from / BESIDE, BESIDE * to);
        (before >= range.0 && to > from && beyond <= range.1).then(|| Self([before, (from * to).sqrt(), beyond, range.1]))
    }

    /// The next of them after these presses, seconds; `None` when all are made.
    pub(super) fn due(&self, presses: &[Press]) -> Option<f64> {
        let lacks = |place: usize| TIMES[place].saturating_sub(self.made(presses, place).len() as u32);
        // Those that tell most first: within and beyond in turn.
        let first = [1, 2, 0].into_iter().max_by_key(|place| (lacks(*place), usize::from(*place == 1)));
        let place = first.filter(|place| lacks(*place) > 0).unwrap_or(LONGEST);
        let wanted = lacks(place) > 0 && (place != LONGEST || !self.fall(presses));
        wanted.then(|| self.0[place])
    }

    /// Whether all are made and show that success falls again.
    pub(super) fn show_a_fall(&self, presses: &[Press]) -> bool {
        self.due(presses).is_none() && self.fall(presses)
    }

    /// The test that the report makes, of these presses alone: it is not made again with each press that follows.
    fn fall(&self, presses: &[Press]) -> bool {
        let dose = |place: usize| {
            let made = self.made(presses, place);
            let resets = made.iter().filter(|reset| **reset).count() as u32;
            Dose { hold_s: self.0[place], resets, n: made.len() as u32 }
        };
        let doses: Vec<Dose> = (0..=LONGEST).map(dose).filter(|dose| dose.n > 0).collect();
        monotone_p_value(&doses) < FALL_LEVEL
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

    /// Scouts of a window that is documented from 15 to 25 s, on a camera whose window is another: how many, and whether they show a fall.
    fn scouted(from: f64, to: f64) -> (usize, bool) {
        let scouts = Scouts::of(&profile(Some(25.0)), (1.0, 90.0)).unwrap();
        let mut presses = Vec::new();
        while let Some(hold_s) = scouts.due(&presses) {
            presses.push(Press { hold_s: 1.01 * hold_s, reset: hold_s > from && hold_s < to });
            assert!(presses.len() <= 25);
        }
        (presses.len(), scouts.show_a_fall(&presses))
    }

    #[test]
    fn scouts_find_a_window_also_where_it_is_not_documented_and_leave_a_rising_response_alone() {
        assert_eq!(scouted(15.0, 25.0), (20, true));
        assert_eq!(scouted(9.0, 15.0), (20, true), "shorter than documented");
        assert_eq!(scouted(25.5, 42.5), (25, true), "longer than documented: the longest hold tells");
        assert_eq!(scouted(15.0, 1e9), (25, false));
        assert_eq!(scouted(1e9, 1e9), (25, false), "it never resets");
    }

    #[test]
    fn a_window_whose_middle_is_missed_now_and_then_is_found() {
        let scouts = Scouts::of(&profile(Some(25.0)), (1.0, 90.0)).unwrap();
        let (mut presses, mut within) = (Vec::new(), 0);
        while let Some(hold_s) = scouts.due(&presses) {
            let is_within = (hold_s - 19.4).abs() < 0.1;
            within += u32::from(is_within);
            presses.push(Press { hold_s, reset: is_within && within % 3 != 0 });
        }
        assert!(scouts.show_a_fall(&presses), "{presses:?}");
    }
}

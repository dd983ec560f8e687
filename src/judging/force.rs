//! Newtons on the button to what a finger would have felt.
//!
//! A dome of a tact switch gives way at its force: the force dips and rises again until the tip stands on the stop. That dip is the click.

use crate::domain::observation::{ForceEvent, Observation};
use crate::domain::units::{Seconds, Tick};
use std::collections::VecDeque;

/// Force that a button takes when the profile does not say: the middle of the field notes' 1.0 to 2.6 N.
pub const USUAL_N: f64 = 2.0;
/// A button may take so much more or less (Omron B3F data sheet: 30 % after its life).
pub const TOLERANCE: f64 = 0.3;
/// The dip of a click, as a share of the force at which the dome gives way (assumption: domes are specified by a click ratio of 20 % or more).
pub const DIP: f64 = 0.15;
/// The dip is over within this time, and half of it is made good within as much again: when a coil changes from pulling to holding, the
/// force falls and stays.
pub const WITHIN_US: u64 = 50_000;
/// A stroke is over by then: pull-in takes 10 to 30 ms (field notes).
pub const STROKE_US: u64 = 1_000_000;
/// What the sensor reads before a press is its zero: the mean over this time.
const ZERO_US: u64 = 100_000;
/// Samples that are kept, in case that the coil's edge is told later than they are.
const KEPT_US: u64 = 300_000;
/// A block that begins further than this from the end of the one before is not its continuation.
const HOLE_US: u64 = 5_000;

/// The scale of the codes is no positive number.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the force channel's scale is {0} N per code and the button takes {1} N; both must be positive numbers")]
pub struct ForceError(pub f64, pub f64);

/// One press.
#[derive(Clone, Copy, Debug)]
struct Press {
    since_us: u64,
    /// When it is decided at the latest.
    until_us: u64,
    /// The sensor's zero, in newtons; known with the first sample of the press.
    zero: Option<f64>,
    /// The highest force, and when.
    peak: f64,
    peak_us: u64,
    /// The lowest since, and when.
    trough: f64,
    trough_us: u64,
    /// The lowest and the highest code of the press.
    codes: (i16, i16),
}

/// Decodes the force on one button. Cutting the stream anywhere changes nothing.
#[derive(Clone, Debug)]
pub struct ForceDecoder {
    newtons: f64,
    least: f64,
    most: f64,
    period_us: u64,
    next_us: u64,
    recent: VecDeque<(u64, i16)>,
    press: Option<Press>,
}

impl ForceDecoder {
    /// For a button that takes `force_n` newtons; `lsb` newtons a code.
    ///
    /// # Errors
    /// [`ForceError`] for a number that is not positive.
    pub fn new(force_n: f64, lsb: f64) -> Result<Self, ForceError> {
        if ![force_n, lsb].iter().all(|number| number.is_finite() && *number > 0.0) {
            return Err(ForceError(lsb, force_n));
        }
        Ok(Self {
            newtons: lsb,
            least: (1.0 - TOLERANCE) * force_n,
            most: (1.0 + TOLERANCE) * force_n,
            period_us: 0,
            next_us: 0,
            recent: VecDeque::new(),
            press: None,
        })
    }

    /// A trial begins.
    pub fn reset(&mut self) {
        self.recent.clear();
        self.press = None;
    }

    /// The coil was switched at `at`. What it told of a press is told once, from the samples up to a second after it or to its end.
    pub fn coil(&mut self, at: Tick, energised: bool, out: &mut Vec<(Tick, Observation)>) {
        if !energised {
            if let Some(press) = &mut self.press {
                press.until_us = press.until_us.min(at.0);
            }
            return;
        }
        self.press = Some(Press {
            since_us: at.0,
            until_us: at.0 + STROKE_US,
            zero: None,
            peak: f64::NEG_INFINITY,
            peak_us: at.0,
            trough: f64::INFINITY,
            trough_us: at.0,
            codes: (i16::MAX, i16::MIN),
        });
        let late: Vec<(u64, i16)> = self.recent.iter().copied().filter(|(sampled, _)| *sampled >= at.0).collect();
        for (sampled, code) in late {
            self.sample(sampled, code, out);
        }
    }

    /// Takes codes sampled `period` apart, the first at `start`.
    pub fn feed(&mut self, start: Tick, period: Seconds, codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        let Ok(period_us @ 1..) = u64::try_from(period.micro()) else { return };
        if codes.is_empty() {
            return;
        }
        // In a hole the click may have gone by unheard: nothing is told of such a press.
        if period_us != self.period_us || start.0.abs_diff(self.next_us) > HOLE_US.max(2 * period_us) {
            let begun = self.press.is_some_and(|press| press.since_us < start.0);
            self.press = self.press.filter(|_| !begun);
            self.recent.clear();
        }
        self.period_us = period_us;
        self.next_us = start.0 + codes.len() as u64 * period_us;
        let mut at_us = start.0;
        for &code in codes {
            self.sample(at_us, code, out);
            self.recent.push_back((at_us, code));
            while self.recent.front().is_some_and(|(oldest, _)| oldest + KEPT_US < at_us) {
                self.recent.pop_front();
            }
            at_us += period_us;
        }
    }

    fn sample(&mut self, at_us: u64, code: i16, out: &mut Vec<(Tick, Observation)>) {
        let Some(press) = &mut self.press else { return };
        if at_us < press.since_us {
            return;
        }
        let newtons = f64::from(code) * self.newtons;
        let zero =
            *press.zero.get_or_insert_with(|| zero(&self.recent, press.since_us).map_or(newtons, |code| code * self.newtons));
        if at_us >= press.until_us {
            let event = if press.peak >= self.least { ForceEvent::NoSnap } else { ForceEvent::TooLittle };
            if press.is_felt() {
                out.push((Tick(press.since_us), Observation::Force { event }));
            }
            self.press = None;
            return;
        }
        press.codes = (press.codes.0.min(code), press.codes.1.max(code));
        if let Some(snap_us) = press.take(at_us, newtons - zero, self.least, self.most) {
            out.push((Tick(snap_us), Observation::Force { event: ForceEvent::Snap }));
            self.press = None;
        }
    }
}

impl Press {
    /// Takes the force; the moment at which the dome gave way, once that is certain. A force that went beyond all that a button takes has
    /// met no dome: what dips later is a tip that bounces.
    fn take(&mut self, at_us: u64, force: f64, least: f64, most: f64) -> Option<u64> {
        let gave_way = self.peak >= least && self.peak <= most;
        if gave_way && at_us <= self.trough_us + WITHIN_US && self.is_rising_again(force) {
            return Some(self.peak_us);
        }
        if force > self.peak {
            (self.peak, self.peak_us) = (force, at_us);
            (self.trough, self.trough_us) = (force, at_us);
        } else if force < self.trough && at_us <= self.peak_us + WITHIN_US {
            (self.trough, self.trough_us) = (force, at_us);
        }
        None
    }

    /// Whether the sensor showed that it lives. A load cell is never still: one that stays within a step of its converter through a whole press
    /// is dead or unplugged, and says nothing of the button.
    fn is_felt(&self) -> bool {
        i32::from(self.codes.1) - i32::from(self.codes.0) > 1
    }

    /// Whether the force has dipped enough and made good half of it.
    fn is_rising_again(&self, force: f64) -> bool {
        let dip = self.peak - self.trough;
        dip >= DIP * self.peak && self.peak > 0.0 && force >= self.trough + dip / 2.0
    }
}

/// The mean code in the time before a press.
fn zero(recent: &VecDeque<(u64, i16)>, since_us: u64) -> Option<f64> {
    let before = || recent.iter().filter(|(at, _)| *at < since_us && *at + ZERO_US >= since_us);
    let count = before().count();
    (count > 0).then(|| before().map(|(_, code)| f64::from(*code)).sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::ForceEvent::{NoSnap, Snap, TooLittle};
    use proptest::prelude::*;

    const LSB: f64 = 0.01;
    const MS: u64 = 1000;

    /// Straight lines of force: newtons at the end, milliseconds. Pressed from 200 ms on.
    fn trace(lines: &[(f64, u64)]) -> Vec<i16> {
        let mut codes = vec![0.0_f64; 200];
        for &(to, ms) in lines {
            let from = codes.last().copied().unwrap_or(0.0);
            codes.extend((1..=ms).map(|n| from + (to - from) * n as f64 / ms as f64));
        }
        // A tip that rests on the sensor, and some noise of 0.02 N.
        let noise = [0.0, 0.02, -0.01, 0.01, -0.02];
        codes.iter().enumerate().map(|(n, force)| ((force + 0.3 + noise[n % 5]) / LSB).round() as i16).collect()
    }

    /// What is felt when the coil is on from 200 ms to `off_ms`.
    fn felt(lines: &[(f64, u64)], off_ms: u64) -> Vec<(u64, ForceEvent)> {
        feed(&trace(lines), off_ms, &[])
    }

    fn feed(codes: &[i16], off_ms: u64, cuts: &[usize]) -> Vec<(u64, ForceEvent)> {
        let (mut decoder, mut out) = (ForceDecoder::new(2.0, LSB).unwrap(), Vec::new());
        let mut ends: Vec<usize> = [cuts, &[0, 200, (off_ms as usize).min(codes.len()), codes.len()]].concat();
        ends.sort_unstable();
        let (mut on, mut off) = (false, false);
        for pair in ends.windows(2) {
            let at = pair[0] as u64;
            if at >= 200 && !std::mem::replace(&mut on, at >= 200) {
                decoder.coil(Tick(200 * MS), true, &mut out);
            }
            if at >= off_ms && !std::mem::replace(&mut off, at >= off_ms) {
                decoder.coil(Tick(off_ms * MS), false, &mut out);
            }
            decoder.feed(Tick(at * MS), Seconds::from_millis(1), &codes[pair[0]..pair[1]], &mut out);
        }
        let event = |fact: &Observation| match fact {
            Observation::Force { event } => *event,
            other => panic!("{other:?}"),
        };
        out.iter().map(|(at, fact)| (at.0 / MS, event(fact))).collect()
    }

    const HELD: (f64, u64) = (4.0, 3000);

    fn events(lines: &[(f64, u64)], off_ms: u64) -> Vec<ForceEvent> {
        felt(lines, off_ms).into_iter().map(|(_, event)| event).collect()
    }

    #[test]
    fn a_dome_that_gives_way_is_a_snap_told_once_with_its_moment() {
        let told = felt(&[(0.0, 15), (2.0, 10), (1.4, 4), (4.0, 10), HELD], 2500);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].1 == Snap && told[0].0.abs_diff(225) <= 2, "{told:?}");
    }

    #[test]
    fn a_button_within_thirty_percent_of_its_force_snaps() {
        for peak in [1.5, 2.0, 2.5] {
            assert_eq!(events(&[(peak, 10), (0.75 * peak, 4), (4.0, 10), HELD], 2500), [Snap], "{peak}");
        }
    }

    #[test]
    fn a_force_that_rises_without_a_dip_is_no_snap() {
        assert_eq!(events(&[(4.0, 20), HELD], 2500), [NoSnap]);
        assert_eq!(events(&[(2.0, 10), (1.85, 4), (4.0, 10), HELD], 2500), [NoSnap], "mushy: a dip of 8 %");
    }

    #[test]
    fn a_tip_that_bounces_off_the_case_beside_the_button_is_no_snap() {
        let bounces = [(14.0, 5), (0.0, 3), (8.0, 4), (0.0, 3), (2.0, 3), (0.5, 3), (4.0, 5), HELD];
        assert_eq!(events(&bounces, 2500), [NoSnap]);
    }

    #[test]
    fn a_tip_that_grazes_before_it_reaches_the_dome_does_not_snap() {
        assert_eq!(events(&[(0.8, 4), (0.2, 3), (4.0, 20), HELD], 2500), [NoSnap]);
    }

    #[test]
    fn a_coil_that_changes_to_its_holding_current_makes_no_snap() {
        assert_eq!(events(&[(2.4, 10), (2.4, 20), (1.2, 10), (1.2, 3000)], 2500), [NoSnap]);
    }

    #[test]
    fn a_force_that_never_reaches_the_button_s_is_too_little() {
        assert_eq!(events(&[(0.0, 3000)], 2500), [TooLittle], "in the air");
        assert_eq!(events(&[(1.2, 20), (1.2, 3000)], 2500), [TooLittle], "a hot coil");
    }

    #[test]
    fn a_sensor_that_does_not_even_hiss_is_dead_and_says_nothing_of_the_button() {
        for rest in [0, 30, -5] {
            let flat: Vec<i16> = (0..3000).map(|n| rest + i16::from(n % 7 == 0)).collect();
            assert_eq!(feed(&flat, 2500, &[]), [], "{rest}");
        }
        let alive: Vec<i16> = (0..3000).map(|n| (n % 3) as i16).collect();
        assert_eq!(feed(&alive, 2500, &[]), [(200, TooLittle)], "in the air");
    }

    #[test]
    fn a_short_press_is_decided_at_its_end() {
        assert_eq!(felt(&[(4.0, 20), (4.0, 80), (0.0, 10), (0.0, 500)], 300), [(200, NoSnap)]);
        assert_eq!(events(&[(2.0, 10), (1.4, 4), (4.0, 10), (4.0, 76), (0.0, 10), (0.0, 500)], 300), [Snap]);
    }

    #[test]
    fn letting_go_is_no_snap_and_without_a_press_nothing_is_told() {
        let (mut decoder, mut out) = (ForceDecoder::new(2.0, LSB).unwrap(), Vec::new());
        let codes = trace(&[(2.0, 10), (1.4, 4), (4.0, 10), HELD]);
        decoder.feed(Tick(0), Seconds::from_millis(1), &codes, &mut out);
        assert!(out.is_empty());
    }

    #[test]
    fn an_edge_that_is_told_late_finds_its_samples() {
        let (mut decoder, mut out) = (ForceDecoder::new(2.0, LSB).unwrap(), Vec::new());
        let codes = trace(&[(0.0, 15), (2.0, 10), (1.4, 4), (4.0, 10), (4.0, 100)]);
        decoder.feed(Tick(0), Seconds::from_millis(1), &codes, &mut out);
        decoder.coil(Tick(200 * MS), true, &mut out);
        assert_eq!(out.len(), 1);
    }

    #[test]
    fn of_a_press_with_a_hole_in_it_nothing_is_told() {
        let (mut decoder, mut out) = (ForceDecoder::new(2.0, LSB).unwrap(), Vec::new());
        decoder.feed(Tick(0), Seconds::from_millis(1), &[30; 200], &mut out);
        decoder.coil(Tick(200 * MS), true, &mut out);
        decoder.feed(Tick(400 * MS), Seconds::from_millis(1), &[430; 3000], &mut out);
        assert!(out.is_empty(), "{out:?}");
    }

    #[test]
    fn a_number_that_is_not_positive_is_refused() {
        for (force, lsb) in [(0.0, 1.0), (2.0, 0.0), (2.0, f64::NAN), (-1.0, 1.0)] {
            assert!(ForceDecoder::new(force, lsb).is_err());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn cutting_the_stream_anywhere_changes_nothing(
            lines in prop::collection::vec((0.0_f64..6.0, 1_u64..60), 1..30),
            off in 201_u64..1500,
            cuts in prop::collection::vec(0_usize..200, 0..8),
        ) {
            let codes = trace(&lines);
            let cuts: Vec<usize> = cuts.into_iter().map(|cut| cut * codes.len() / 200).collect();
            prop_assert_eq!(feed(&codes, off, &cuts), feed(&codes, off, &[]));
        }
    }
}

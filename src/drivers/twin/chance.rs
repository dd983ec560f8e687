//! Chance with keys. A draw depends on what it is for and on the slot, never on how many draws were made before it, so that a redone slot
//! meets the same physics in a process with another past. Faults of the bench also depend on the attempt: a retry may go well.

use super::math::{exp, ln, normal, uniform};
use crate::domain::ids::{Attempt, SlotId};
use crate::domain::units::Seconds;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a draw is for. The numbers are part of every world's past: append, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// The Gaussian table and the offsets into it.
    Noise = 1,
    /// The hold that a window needs; by window.
    Threshold = 2,
    /// The camera misses the press.
    Lapse = 3,
    /// The camera acknowledges and does nothing.
    AcknowledgedOnly = 4,
    /// Stroke of the solenoid; by press.
    Stroke = 5,
    /// Lateness of coil edges; by edge.
    Edge = 6,
    /// Lengths of boot stages; by boot.
    Boot = 7,
    /// Length of an erase, its weak moment and voltage; by erase.
    Erase = 8,
    /// Which categories survive; by erase.
    Survive = 9,
    /// Whether a cut while writing is the end; by loss of power.
    Brick = 10,
    /// Turn-on delay of the adapter; by power-on.
    TurnOn = 11,
    /// Network delay; by query.
    Network = 12,
    /// The faults of an attempt.
    Fault = 13,
    /// Where the tip comes down; by press.
    Touch = 32,
    /// Openings of a worn contact: when, and how long; by opening.
    Opening = 33,
    /// Chatter of the contact; by edge.
    Chatter = 34,
    /// Whether a loss of power leaves corrupt settings; by loss of power.
    Corrupt = 35,
    /// When it reboots by itself; by readiness.
    SelfReboot = 36,
    /// Whether a boot fails; by boot.
    BootFails = 37,
    /// What the console line does to a line; by line.
    Line = 38,
    /// Dips of the mains; by dip.
    Outlet = 14,
    /// The hour of the day at which a slot begins.
    Daylight = 15,
}

const PURPOSES: usize = 39;

/// The slot of draws before the first trial.
const NO_SLOT: u32 = u32::MAX;

/// The source of all draws of one trial.
#[derive(Clone, Debug)]
pub struct Chance {
    seed: u64,
    slot: u32,
    proper: bool,
    counts: [u32; PURPOSES],
}

impl Chance {
    /// Before any trial.
    pub fn new(seed: u64) -> Self {
        Self { seed, slot: NO_SLOT, proper: false, counts: [0; PURPOSES] }
    }

    /// Starts the draws of a slot, or of its preparation, from the beginning.
    pub fn restart(&mut self, slot: SlotId, proper: bool) {
        *self = Self { slot: slot.0, proper, ..Self::new(self.seed) };
    }

    /// The stream of the n-th draw for a purpose in this trial.
    pub fn at(&self, purpose: Purpose, index: u32) -> Draw {
        self.keyed(purpose, index, 0)
    }

    /// The stream of the next draw for a purpose in this trial.
    pub fn next(&mut self, purpose: Purpose) -> Draw {
        let count = &mut self.counts[purpose as usize];
        *count += 1;
        let index = *count;
        self.at(purpose, index)
    }

    /// The stream of a fault in an attempt; the same while the camera is prepared and in the trial proper.
    pub fn fault(&self, attempt: Attempt, which: u32) -> Draw {
        Self { proper: false, ..self.clone() }.keyed(Purpose::Fault, which, attempt.0)
    }

    fn keyed(&self, purpose: Purpose, index: u32, attempt: u32) -> Draw {
        let mut key = [0u8; 32];
        key[0..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..12].copy_from_slice(&(purpose as u32).to_le_bytes());
        key[12..16].copy_from_slice(&self.slot.to_le_bytes());
        key[16..20].copy_from_slice(&u32::from(self.proper).to_le_bytes());
        key[20..24].copy_from_slice(&index.to_le_bytes());
        key[24..28].copy_from_slice(&attempt.to_le_bytes());
        key[28..32].copy_from_slice(b"twin");
        Draw(ChaCha8Rng::from_seed(key))
    }
}

/// A short stream of random numbers for one purpose.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        uniform(&mut self.0)
    }

    /// A standard normal number.
    pub fn normal(&mut self) -> f64 {
        normal(&mut self.0)
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A lognormal span with this median; `spread` is the standard deviation of its logarithm.
    pub fn around(&mut self, median: Seconds, spread: f64) -> Seconds {
        let factor = exp(spread * self.normal());
        Seconds::new(median.get() * factor)
    }

    /// A span until something that happens at random, with this mean: exponential.
    pub fn waiting(&mut self, mean: Seconds) -> Seconds {
        Seconds::new(-mean.get() * ln(1.0 - self.uniform()))
    }

    /// A whole number below `end`, 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.uniform() * end as f64) as usize
    }

    /// A normal span that is never negative.
    pub fn span(&mut self, mean: Seconds, sd: Seconds) -> Seconds {
        Seconds::new((mean.get() + sd.get() * self.normal()).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_key_and_not_on_what_was_drawn_before() {
        let mut one = Chance::new(5);
        one.restart(SlotId(3), true);
        let mut other = Chance::new(5);
        other.restart(SlotId(9), true);
        let _ = (other.next(Purpose::Boot).bits(), other.next(Purpose::Boot).bits());
        other.restart(SlotId(3), true);
        let _ = other.next(Purpose::Stroke).bits();
        assert_eq!(one.next(Purpose::Boot).bits(), other.next(Purpose::Boot).bits());
    }

    #[test]
    fn every_part_of_the_key_changes_the_draw() {
        let mut chance = Chance::new(5);
        chance.restart(SlotId(3), true);
        let first = chance.at(Purpose::Threshold, 0).bits();
        let mut seen = vec![first, chance.at(Purpose::Threshold, 1).bits(), chance.at(Purpose::Lapse, 0).bits()];
        seen.push(chance.fault(Attempt(1), 0).bits());
        seen.push(chance.fault(Attempt(2), 0).bits());
        chance.restart(SlotId(3), false);
        seen.push(chance.at(Purpose::Threshold, 0).bits());
        chance.restart(SlotId(4), true);
        seen.push(chance.at(Purpose::Threshold, 0).bits());
        seen.push(Chance::new(6).at(Purpose::Threshold, 0).bits());
        let distinct: std::collections::BTreeSet<u64> = seen.iter().copied().collect();
        assert_eq!(distinct.len(), seen.len());
    }

    #[test]
    fn faults_are_the_same_before_and_in_the_trial_proper() {
        let mut chance = Chance::new(5);
        chance.restart(SlotId(3), false);
        let before = chance.fault(Attempt(2), 1).bits();
        chance.restart(SlotId(3), true);
        assert_eq!(chance.fault(Attempt(2), 1).bits(), before);
    }

    #[test]
    fn the_stream_is_pinned() {
        // A changed stream changes every simulated run, here and on every other machine: these numbers may never move.
        assert_eq!(Chance::new(42).at(Purpose::Threshold, 0).bits(), 15_205_100_165_939_731_492);
        let needed = |seed| Chance::new(seed).at(Purpose::Threshold, 0).around(Seconds::new(11.0), 0.1).micro();
        assert_eq!([needed(1), needed(2), needed(3)], [13_250_007, 10_232_074, 10_615_420]);
    }
}

//! Brings the channels of a colour sensor together: brightness, red, green and blue come in blocks of their own.

use std::collections::VecDeque;

/// Brightness waits so long for the colours of its moment; then it goes on without.
const PATIENCE_US: u64 = 250_000;

/// One sample.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at_us: u64,
    period_us: u64,
    code: i16,
}

/// Samples that belong to one moment. `parts` is `None` where a colour is missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) at_us: u64,
    pub(super) period_us: u64,
    pub(super) code: i16,
    pub(super) parts: Option<[i16; 3]>,
}

/// Queues of samples that wait for each other. How they are cut is no matter, as long as no channel is late by more than a quarter second.
#[derive(Clone, Debug, Default)]
pub(super) struct Join {
    light: VecDeque<Sample>,
    parts: [VecDeque<Sample>; 3],
    /// A colour did not come in time: nobody waits until one comes.
    given_up: bool,
}

impl Join {
    /// Takes brightness.
    pub(super) fn light(&mut self, start_us: u64, period_us: u64, codes: &[i16]) {
        self.light.extend(samples(start_us, period_us, codes));
    }

    /// Takes a colour: 0 red, 1 green, 2 blue.
    pub(super) fn part(&mut self, part: usize, start_us: u64, period_us: u64, codes: &[i16]) {
        if let Some(queue) = self.parts.get_mut(part) {
            queue.extend(samples(start_us, period_us, codes));
            self.given_up = false;
        }
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.light.clear();
        self.parts.iter_mut().for_each(VecDeque::clear);
    }

    /// The next moment that is complete, or has waited long enough.
    pub(super) fn next(&mut self) -> Option<Moment> {
        let Sample { at_us, period_us, code } = *self.light.front()?;
        let waited_us = self.light.back().map_or(0, |last| last.at_us.saturating_sub(at_us));
        let mut parts = Some([0; 3]);
        for (index, queue) in self.parts.iter_mut().enumerate() {
            // A sample stands for the time until the next of its channel.
            while queue.front().is_some_and(|sample| sample.at_us.saturating_add(sample.period_us) <= at_us) {
                queue.pop_front();
            }
            match queue.front() {
                Some(sample) if sample.at_us < at_us.saturating_add(period_us) => {
                    if let Some(parts) = &mut parts {
                        parts[index] = sample.code;
                    }
                }
                Some(_) => parts = None,
                None if self.given_up || waited_us >= PATIENCE_US => {
                    self.given_up = true;
                    parts = None;
                }
                None => return None,
            }
        }
        self.light.pop_front();
        Some(Moment { at_us, period_us, code, parts })
    }
}

fn samples(start_us: u64, period_us: u64, codes: &[i16]) -> impl Iterator<Item = Sample> {
    codes.iter().enumerate().map(move |(index, &code)| Sample {
        at_us: start_us.saturating_add((index as u64).saturating_mul(period_us)),
        period_us,
        code,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(join: &mut Join) -> Vec<(u64, Option<[i16; 3]>)> {
        std::iter::from_fn(|| join.next()).map(|moment| (moment.at_us, moment.parts)).collect()
    }

    #[test]
    fn brightness_waits_for_all_colours_of_its_moment() {
        let mut join = Join::default();
        join.light(0, 1000, &[5, 5, 5]);
        join.part(0, 0, 1000, &[1, 1, 1]);
        join.part(1, 0, 1000, &[2]);
        join.part(2, 0, 1000, &[3, 3, 3]);
        assert_eq!(drain(&mut join), [(0, Some([1, 2, 3]))]);
        join.part(1, 1000, 1000, &[4, 4]);
        assert_eq!(drain(&mut join), [(1000, Some([1, 4, 3])), (2000, Some([1, 4, 3]))]);
    }

    #[test]
    fn a_colour_that_never_comes_holds_nothing_up_for_long() {
        let mut join = Join::default();
        join.light(0, 1000, &[5; 200]);
        assert!(drain(&mut join).is_empty());
        join.light(200_000, 1000, &[5; 100]);
        let found = drain(&mut join);
        assert!(found.len() == 300 && found.iter().all(|(_, parts)| parts.is_none()));
        for part in 0..3 {
            join.part(part, 300_000, 1000, &[7]);
        }
        join.light(300_000, 1000, &[5]);
        assert_eq!(drain(&mut join), [(300_000, Some([7; 3]))]);
    }

    #[test]
    fn slower_colours_stand_until_the_next_and_a_hole_in_them_is_a_hole() {
        let mut join = Join::default();
        for part in 0..3 {
            join.part(part, 0, 2000, &[1, 2]);
            join.part(part, 6000, 2000, &[3]);
        }
        join.light(0, 1000, &[5; 7]);
        let parts: Vec<Option<i16>> = drain(&mut join).into_iter().map(|(_, parts)| parts.map(|parts| parts[0])).collect();
        assert_eq!(parts, [Some(1), Some(1), Some(2), Some(2), None, None, Some(3)]);
    }
}

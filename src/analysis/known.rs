//! What is believed of one camera by the presses of its adapters, in the order in which they were made.

use super::acks::{Acks, Heard, Hold};
use super::posterior::{Camera, Place, Posterior, Press, Quantity, Ties};
use std::collections::BTreeSet;

/// Adapters may be tied by where their acknowledgements lie once exact links have less than this weight, and no longer from `TRUSTED` on: then each press
/// shows its own threshold, and there is nothing to add.
const DOUBTED: f64 = 0.5;
const TRUSTED: f64 = 0.9;
/// From these odds on what was measured is no tie.
const NO_TIE: f64 = 0.02;

/// Whether adapters may differ in their resets as they do in their acknowledgements.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Alike {
    /// Not asked yet, or not at present.
    Unasked,
    /// They may; places are told about this one, ln seconds.
    Maybe(f64),
    /// Acknowledgements show the same at all adapters.
    No,
}

/// Resets and acknowledgements of one camera's adapters together. An adaptive design is led by it, and its report tells what it came to.
#[derive(Clone, Debug)]
pub struct Known {
    camera: Camera,
    /// Let go once acknowledgements turn out to show neither a threshold nor how adapters differ.
    acks: Option<Acks>,
    alike: Alike,
    sharing: bool,
    listening: bool,
    log: Vec<Entry>,
}

/// A press of an adapter, and the seconds from contact to its acknowledgement where one was seen.
pub type Entry = (usize, Press, Option<f64>);

impl Known {
    /// Nothing yet, of so many adapters, which tell each other what they learn where they are `sharing`; `listening` where acknowledgements are of use.
    pub fn new(adapters: usize, sharing: bool, listening: bool) -> Self {
        Self {
            camera: Camera::new(adapters, sharing),
            acks: listening.then(|| Acks::new(adapters, sharing)),
            alike: if sharing { Alike::Unasked } else { Alike::No },
            sharing,
            listening,
            log: Vec::new(),
        }
    }

    /// Takes a press of adapter `j`, and when it was acknowledged during its hold.
    pub fn tell(&mut self, j: usize, press: Press, ack_s: Option<f64>) {
        self.log.push((j, press, ack_s));
        if let Some(acks) = &mut self.acks {
            let expected = self.camera.posterior(j).reset_rate(press.hold_s);
            acks.tell(j, Heard { held_s: press.hold_s, ack_s, reset: press.reset, expected });
        }
        self.tie(j);
        self.acks.take_if(|acks| acks.lost() && self.alike == Alike::No);
        self.camera.tell(j, press);
    }

    /// What the acknowledgements of adapter `j`, which was just pressed, say of how adapters differ.
    fn tie(&mut self, j: usize) {
        let Some(acks) = self.acks.as_ref().filter(|acks| acks.heard(j) && self.alike != Alike::No) else { return };
        let places: Vec<Option<Place>> = (0..self.camera.adapters()).map(|i| acks.place(i)).collect();
        let exact = (0..places.len()).map(|i| acks.exact(i)).fold(0.0, f64::max);
        let reference = match self.alike {
            Alike::Maybe(reference) => Some(reference).filter(|_| exact < TRUSTED),
            Alike::Unasked => places[j].filter(|_| exact < DOUBTED).map(|place| place.ln_s),
            Alike::No => None,
        };
        self.alike = match reference.and_then(|reference| Some((reference, Ties::of(&places, reference)?))) {
            Some((reference, ties)) if ties.odds > NO_TIE => {
                self.camera.tie(j, &ties);
                Alike::Maybe(reference)
            }
            other => {
                self.camera.untie();
                if other.is_some() { Alike::No } else { Alike::Unasked }
            }
        };
    }

    /// Number of adapters.
    pub fn adapters(&self) -> usize {
        self.camera.adapters()
    }

    /// Presses of adapter `j` so far.
    pub fn presses(&self, j: usize) -> &[Press] {
        self.camera.presses(j)
    }

    /// A hold of adapter `j`.
    pub fn hold(&self, j: usize, quantity: Quantity) -> Hold {
        let resets = self.by_resets(j).distribution(quantity);
        match self.acks() {
            Some(acks) => acks.hold(j, quantity, resets),
            None => Hold::by_resets(resets),
        }
    }

    /// What acknowledgements say, as long as they may say something.
    pub fn acks(&self) -> Option<&Acks> {
        self.acks.as_ref().filter(|acks| !acks.lost())
    }

    /// The probability that adapters differ in their resets as they do in their acknowledgements; `None` where those do not tell, or not yet.
    pub fn tied(&self) -> Option<f64> {
        matches!(self.alike, Alike::Maybe(_)).then(|| self.camera.tied())
    }

    /// What is believed of adapter `j` by resets alone.
    pub fn by_resets(&self, j: usize) -> Posterior<'_> {
        self.camera.posterior(j)
    }

    /// The same by its own presses alone.
    pub fn alone(&self, j: usize) -> Posterior<'_> {
        self.camera.alone(j)
    }

    /// Whether sharing adapters were told just these presses, of so many adapters: then which adapter here each of those is.
    pub fn knows(&self, told: impl ExactSizeIterator<Item = Entry>, adapters: usize) -> Option<Vec<usize>> {
        if !self.sharing || told.len() != self.log.len() {
            return None;
        }
        let mut here: Vec<Option<usize>> = vec![None; adapters];
        for ((j, press, ack_s), (i, own, own_ack_s)) in told.zip(&self.log) {
            let unheard = ack_s.is_some() && !self.listening;
            if press != *own || ack_s != *own_ack_s || unheard || *here[j].get_or_insert(*i) != *i {
                return None;
            }
        }
        let here = here.into_iter().collect::<Option<Vec<usize>>>()?;
        let apart: BTreeSet<usize> = here.iter().copied().collect();
        (apart.len() == here.len()).then_some(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(hold_s: f64) -> Press {
        Press { hold_s, reset: hold_s > 10.0 }
    }

    fn told(sharing: bool, listening: bool, log: &[Entry]) -> Known {
        let mut known = Known::new(3, sharing, listening);
        log.iter().for_each(|(j, press, ack_s)| known.tell(*j, *press, *ack_s));
        known
    }

    #[test]
    fn presses_are_known_again_under_other_numbers_of_adapters() {
        let log = [(2, press(8.0), None), (0, press(20.0), Some(11.0)), (2, press(12.0), None)];
        let known = told(true, true, &log);
        let renamed = [(0, press(8.0), None), (1, press(20.0), Some(11.0)), (0, press(12.0), None)];
        assert_eq!(known.knows(renamed.into_iter(), 2), Some(vec![2, 0]));
        assert_eq!(known.knows(renamed.into_iter(), 3), None, "one of three was never pressed");
        let wrong: [(&str, [Entry; 3]); 4] = [
            ("another hold", [(0, press(8.5), None), renamed[1], renamed[2]]),
            ("another acknowledgement", [renamed[0], (1, press(20.0), Some(11.5)), renamed[2]]),
            ("another order", [renamed[1], renamed[0], renamed[2]]),
            ("one adapter in place of two", [renamed[0], (0, press(20.0), Some(11.0)), renamed[2]]),
        ];
        for (what, entries) in wrong {
            assert_eq!(known.knows(entries.into_iter(), 2), None, "{what}");
        }
        assert_eq!(known.knows(renamed[..2].iter().copied(), 2), None, "one press less");
        assert_eq!(told(false, true, &log).knows(renamed.into_iter(), 2), None, "each adapter alone");
        assert_eq!(told(true, false, &log).knows(renamed.into_iter(), 2), None, "an answer that it did not listen to");
    }

    /// Three adapters whose thresholds are 20, 24 and 18 s (times 1 or so), with a light at `shown_s` of the adapter's threshold, scattered by `scatter`.
    fn shown(presses: usize, shown_s: fn(f64) -> f64, scatter: f64) -> Known {
        let mut known = Known::new(3, true, true);
        for i in 0..3 * presses {
            let (j, u) = (i % 3, |k: f64| ((i as f64 + 0.5) * k).fract() - 0.5);
            let middle_s = [20.0, 24.0, 18.0][j];
            let hold_s = middle_s * (0.5 * u(0.618_033_988_75)).exp();
            let ack_s = shown_s(middle_s) * (scatter * u(0.754_877_666)).exp();
            let reset = hold_s > middle_s * (0.12 * u(0.569_840_290)).exp();
            known.tell(j, Press { hold_s, reset }, (ack_s < hold_s).then_some(ack_s));
        }
        known
    }

    #[test]
    fn a_light_that_differs_as_the_resets_do_narrows_what_they_show() {
        let known = shown(8, |threshold_s| 0.4 * threshold_s, 0.12);
        assert!(known.tied().unwrap() > 0.7 && known.acks().is_none_or(|acks| acks.exact(0) < 0.1), "{:?}", known.tied());
        let mut deaf = Known::new(3, true, false);
        known.log.iter().for_each(|(j, press, _)| deaf.tell(*j, *press, None));
        let half = Quantity::Relative(0.5);
        for (j, middle_s) in [20.0, 24.0, 18.0].into_iter().enumerate() {
            let ((low, high), (deaf_low, deaf_high)) = (known.hold(j, half).interval(0.95), deaf.hold(j, half).interval(0.95));
            assert!(low <= middle_s && middle_s <= high, "{low} to {high}");
            assert!((high / low).ln() < 0.9 * (deaf_high / deaf_low).ln(), "{low} to {high}, and {deaf_low} to {deaf_high}");
        }
    }

    #[test]
    fn a_timers_light_ties_nothing() {
        let known = shown(8, |_| 7.0, 0.12);
        assert!(known.tied().is_none_or(|tied| tied < 0.2), "{:?}", known.tied());
        let long = shown(40, |_| 7.0, 0.12);
        assert!(long.tied().is_none_or(|tied| tied < 0.01), "{:?}", long.tied());
        let mut exact = shown(12, |_| 7.0, 0.004);
        for _ in 0..12 {
            (0..3).for_each(|j| exact.tell(j, press(30.0), Some(7.0)));
        }
        assert!(exact.tied().is_none_or(|tied| tied < 0.05), "{:?}", exact.tied());
    }
}

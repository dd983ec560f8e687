//! What is believed of one camera by the presses of its adapters, in the order in which they were made.

use super::acks::{Acks, Heard, Hold};
use super::posterior::{Camera, Posterior, Press, Quantity};
use std::collections::BTreeSet;

/// Resets and acknowledgements of one camera's adapters together. An adaptive design is led by it, and its report tells what it came to.
#[derive(Clone, Debug)]
pub struct Known {
    camera: Camera,
    /// Let go once acknowledgements turn out to show nothing.
    acks: Option<Acks>,
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
        self.acks.take_if(|acks| acks.lost());
        self.camera.tell(j, press);
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
        match &self.acks {
            Some(acks) => acks.hold(j, quantity, resets),
            None => Hold::by_resets(resets),
        }
    }

    /// What acknowledgements say, as long as they may say something.
    pub fn acks(&self) -> Option<&Acks> {
        self.acks.as_ref()
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
}

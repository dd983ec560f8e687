//! The world's event queue: by time, and among equal times in the order of entry.

use crate::domain::units::Tick;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

struct Entry<E> {
    at: Tick,
    number: u64,
    event: E,
}

impl<E> Ord for Entry<E> {
    /// Reversed: the heap gives its greatest first, and the earliest is wanted.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<E> Eq for Entry<E> {}

/// Events to come.
pub struct Queue<E> {
    heap: BinaryHeap<Entry<E>>,
    pushed: u64,
}

impl<E> Queue<E> {
    /// Without events.
    pub fn new() -> Self {
        Self { heap: BinaryHeap::new(), pushed: 0 }
    }

    /// Adds an event.
    pub fn push(&mut self, at: Tick, event: E) {
        self.heap.push(Entry { at, number: self.pushed, event });
        self.pushed += 1;
    }

    /// Takes the next event before `end`.
    pub fn pop_before(&mut self, end: Tick) -> Option<(Tick, E)> {
        if self.heap.peek()?.at >= end {
            return None;
        }
        self.heap.pop().map(|entry| (entry.at, entry.event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_by_entry() {
        let mut queue = Queue::new();
        for (at, name) in [(5, "c"), (3, "a"), (5, "d"), (3, "b"), (9, "e")] {
            queue.push(Tick(at), name);
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop_before(Tick(9))).collect();
        assert_eq!(order, [(Tick(3), "a"), (Tick(3), "b"), (Tick(5), "c"), (Tick(5), "d")]);
        assert_eq!(queue.pop_before(Tick(10)), Some((Tick(9), "e")));
    }
}

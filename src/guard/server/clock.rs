//! The kernel's monotonic clock, which every process of one boot shares.

use crate::domain::units::Tick;
use rustix::time::{ClockId, Timespec, clock_gettime};

/// The monotonic clock, counted from an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Monotonic {
    origin: u64,
}

impl Monotonic {
    /// The clock itself, in microseconds since the boot.
    pub const RAW: Monotonic = Monotonic { origin: 0 };

    /// One that counts from now.
    pub fn from_now() -> Self {
        Self { origin: Self::RAW.now().0 }
    }

    /// Now.
    pub fn now(self) -> Tick {
        let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Monotonic);
        Tick((tv_sec as u64 * 1_000_000 + tv_nsec as u64 / 1000).saturating_sub(self.origin))
    }

    /// A moment of this clock on the raw one.
    pub fn to_raw(self, at: Tick) -> Tick {
        if at == Tick::NEVER { at } else { Tick(at.0.saturating_add(self.origin)) }
    }

    /// A moment of the raw clock on this one; its origin for an earlier one.
    pub fn of_raw(self, at: Tick) -> Tick {
        if at == Tick::NEVER { at } else { Tick(at.0.saturating_sub(self.origin)) }
    }
}

/// A moment of the raw clock as the kernel wants it.
pub(super) fn timespec(at: Tick) -> Timespec {
    Timespec { tv_sec: (at.0 / 1_000_000) as i64, tv_nsec: (at.0 % 1_000_000 * 1000) as i64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_go_over_and_back_and_never_stays_never() {
        let clock = Monotonic { origin: 1000 };
        assert_eq!(clock.to_raw(Tick(5)), Tick(1005));
        assert_eq!(clock.of_raw(clock.to_raw(Tick(5))), Tick(5));
        assert_eq!(clock.of_raw(Tick(7)), Tick::ZERO);
        assert_eq!((clock.to_raw(Tick::NEVER), clock.of_raw(Tick::NEVER)), (Tick::NEVER, Tick::NEVER));
        let now = Monotonic::from_now();
        assert!(now.now() <= now.now());
    }
}

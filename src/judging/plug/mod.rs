//! Voltage and current at the camera's plug to facts and measurements.

mod current;
mod lulls;
mod power;
mod stats;
mod steps;

pub use current::{BACK_ABOVE, BACK_US, LONGEST_LOW_US, LOW_BELOW, LOW_OF_BASE, LOW_US, RUNNING_ABOVE};
pub use power::{CONFIRM_ON_US, CONFIRM_US, HYSTERESIS, OFF_BELOW};
pub use stats::Summary;
pub use steps::{SETTLED_US, SUSTAINED_US, TOLERANCE};

use crate::domain::observation::Observation;
use crate::domain::profile::{CurrentSigns, SupplyLimits};
use crate::domain::units::{Seconds, Tick};
use current::CurrentWatch;
use lulls::Lulls;
use power::PowerWatch;
use stats::{Lowest, Stats};

/// A block that begins further than this from the end of the one before is not its continuation.
const HOLE_US: u64 = 5_000;

/// A channel's scale is no positive number.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the plug's scales are {volts} V and {amps} A per code; both must be positive numbers")]
pub struct PlugError {
    /// Volts of one code.
    pub volts: f64,
    /// Amperes of one code.
    pub amps: f64,
}

/// What was measured since the mark; `None` for a channel without samples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlugStats {
    /// Volts.
    pub volts: Option<Summary>,
    /// Amperes.
    pub amps: Option<Summary>,
    /// Lowest volts while the camera showed that it erases; `None` where it showed none or nothing was sampled.
    pub erase_min_v: Option<f64>,
}

/// Where a channel's stream stands.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    period_us: u64,
    next_us: u64,
}

/// How a block stands to the one before.
enum Joint {
    Continues,
    Hole,
    OtherPeriod,
}

impl Place {
    fn join(&mut self, start_us: u64, period_us: u64, samples: usize) -> Joint {
        let before = std::mem::replace(self, Self { period_us, next_us: start_us + samples as u64 * period_us });
        if before.period_us != period_us {
            Joint::OtherPeriod
        } else if start_us.abs_diff(before.next_us) > HOLE_US.max(2 * period_us) {
            Joint::Hole
        } else {
            Joint::Continues
        }
    }
}

/// Decodes both channels of one plug. Cutting either stream anywhere changes nothing; nothing is allocated but what `out` needs.
#[derive(Clone, Debug)]
pub struct PlugDecoder {
    volts_lsb: f64,
    amps_lsb: f64,
    volts_place: Place,
    amps_place: Place,
    power: PowerWatch,
    current: CurrentWatch,
    volts: Stats,
    amps: Stats,
    erase: Lowest,
    lulls: Lulls,
}

impl PlugDecoder {
    /// A decoder for a camera with these limits, whose current tells these signs; `volts_lsb` and `amps_lsb` are the values of one code.
    ///
    /// # Errors
    /// [`PlugError`] for a scale that is no positive number.
    pub fn new(limits: &SupplyLimits, signs: &CurrentSigns, volts_lsb: f64, amps_lsb: f64) -> Result<Self, PlugError> {
        if ![volts_lsb, amps_lsb].iter().all(|lsb| lsb.is_finite() && *lsb > 0.0) {
            return Err(PlugError { volts: volts_lsb, amps: amps_lsb });
        }
        Ok(Self {
            volts_lsb,
            amps_lsb,
            volts_place: Place::default(),
            amps_place: Place::default(),
            power: PowerWatch::new(limits, volts_lsb),
            current: CurrentWatch::new(limits.max_a.get(), signs, amps_lsb),
            volts: Stats::new(),
            amps: Stats::new(),
            erase: Lowest::default(),
            lulls: Lulls::default(),
        })
    }

    /// A trial begins: states are told anew, and measuring begins.
    pub fn reset(&mut self) {
        self.power.reset();
        self.current.begin();
        self.mark();
    }

    /// Measuring begins anew.
    pub fn mark(&mut self) {
        self.volts = Stats::new();
        self.amps = Stats::new();
        self.erase = Lowest::default();
        self.lulls = Lulls::default();
    }

    /// The camera shows that it erases, or no longer does.
    pub fn erases(&mut self, erases: bool) {
        if erases {
            self.erase.begin();
        } else {
            self.erase.end();
        }
    }

    /// What was measured since the mark.
    pub fn stats(&self) -> PlugStats {
        PlugStats {
            volts: self.volts.summary(self.volts_lsb),
            amps: self.amps.summary(self.amps_lsb),
            erase_min_v: self.erase.get(self.volts_lsb),
        }
    }

    /// Lowest mean amperes of a twentieth of a second that began between the mark and `until`; `None` where nothing was sampled.
    pub fn least_current_until(&self, until: Tick) -> Option<f64> {
        self.lulls.until(until.0).map(|code| code * self.amps_lsb)
    }

    /// Takes codes of the voltage channel sampled `period` apart, the first at `start`.
    pub fn volts(&mut self, start: Tick, period: Seconds, codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        let Ok(period_us @ 1..) = u64::try_from(period.micro()) else { return };
        if codes.is_empty() {
            return;
        }
        if !matches!(self.volts_place.join(start.0, period_us, codes.len()), Joint::Continues) {
            self.power.hole();
        }
        let range = self.volts.add(codes);
        self.erase.add(range.min);
        self.power.feed(start.0, period_us, codes, range, out);
    }

    /// Takes codes of the current channel.
    pub fn amps(&mut self, start: Tick, period: Seconds, codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        let Ok(period_us @ 1..) = u64::try_from(period.micro()) else { return };
        if codes.is_empty() {
            return;
        }
        match self.amps_place.join(start.0, period_us, codes.len()) {
            Joint::Continues => {}
            Joint::Hole => self.current.hole(),
            Joint::OtherPeriod => self.current.reset(period_us),
        }
        self.amps.add(codes);
        self.lulls.add(start.0, period_us, codes);
        self.current.feed(start.0, period_us, codes, out);
    }
}

#[cfg(test)]
mod tests;

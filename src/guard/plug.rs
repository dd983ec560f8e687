//! What the rules are told of the plug: looked at in every batch in the instrument's own codes, so that a quiet one costs a few comparisons.

use super::rules::Rules;
use crate::domain::units::{Amps, Volts};
use crate::ports::{Batch, Channel, Reading, Scale};

/// One channel with the limit that the rules have for it.
pub(super) struct Meter {
    lsb: f64,
    /// Codes above it are told.
    limit: i32,
}

impl Meter {
    fn new(scale: Option<Scale>, limit: f64) -> Self {
        let lsb = scale.map_or(0.0, |scale| scale.lsb);
        let limit = if lsb > 0.0 { (limit / lsb) as i32 } else { i32::MAX };
        Self { lsb, limit }
    }

    fn is_above(&self, code: i16) -> bool {
        i32::from(code) > self.limit
    }

    /// The value of a code.
    pub(super) fn value(&self, code: i16) -> f64 {
        f64::from(code) * self.lsb
    }
}

/// Both channels.
pub(super) struct Plug {
    pub(super) volts: Meter,
    amps: Meter,
    over_current: bool,
}

impl Plug {
    /// For these rules and scales of voltage and current; a channel that the rig has not is never above its limit.
    pub(super) fn new(rules: &Rules, volts: Option<Scale>, amps: Option<Scale>) -> Self {
        Self {
            volts: Meter::new(volts, rules.over_voltage.get()),
            amps: Meter::new(amps, rules.over_current.get()),
            over_current: false,
        }
    }

    /// The highest voltage of these samples, single glitches left out, where any is above the limit.
    pub(super) fn highest(&self, codes: &[i16]) -> Option<Volts> {
        let highest = *codes.iter().max()?;
        self.volts.is_above(highest).then(|| Volts::new(self.volts.value(without_glitch(codes, highest))))
    }

    /// The lowest current of these samples where it is above the limit, and once more when it is so no longer.
    pub(super) fn lowest(&mut self, codes: &[i16]) -> Option<Amps> {
        let lowest = *codes.iter().min()?;
        let above = self.amps.is_above(lowest);
        let told = above || self.over_current;
        self.over_current = above;
        told.then(|| Amps::new(self.amps.value(lowest)))
    }

    /// What a whole batch holds for the rules.
    pub(super) fn look(&mut self, batch: &Batch) -> Vec<(Option<Volts>, Option<Amps>)> {
        let mut told = Vec::new();
        for reading in &batch.readings {
            let Reading::Samples(block) = reading else { continue };
            match block.channel {
                Channel::PlugVoltage => told.push((self.highest(batch.codes(block)), None)),
                Channel::PlugCurrent => told.push((None, self.lowest(batch.codes(block)))),
                _ => {}
            }
        }
        told.retain(|(volts, amps)| volts.is_some() || amps.is_some());
        told
    }
}

/// The highest code that is not alone: a single sample above all others is taken for a glitch of the bus, unless it is the only one.
fn without_glitch(codes: &[i16], highest: i16) -> i16 {
    let mut others = codes.to_vec();
    if let Some(place) = others.iter().position(|code| *code == highest) {
        others.remove(place);
    }
    others.into_iter().max().unwrap_or(highest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rig::Interlocks;
    use crate::domain::units::Seconds;
    use crate::guard::rules::Lease;
    use crate::guard::samples;

    #[test]
    fn what_is_above_a_limit_is_told_and_the_end_of_it_too() {
        let rules = samples::rules(&Interlocks::default(), Lease::Beats);
        let scale = |lsb| Some(Scale { lsb, period: Seconds::from_millis(1) });
        let mut plug = Plug::new(&rules, scale(0.001), scale(0.001));
        let (volts, amps) = ((rules.over_voltage.get() * 1000.0) as i16, (rules.over_current.get() * 1000.0) as i16);
        assert_eq!(plug.highest(&[volts - 5, volts - 9]), None);
        assert_eq!(plug.highest(&[volts + 50, volts + 40]), Some(Volts::new(f64::from(volts + 40) * 0.001)));
        assert_eq!(plug.highest(&[volts + 50, volts - 40]), Some(Volts::new(f64::from(volts - 40) * 0.001)), "a glitch");
        assert_eq!(plug.lowest(&[amps - 5]), None);
        assert!(plug.lowest(&[amps + 9]).is_some() && plug.lowest(&[amps - 9]).is_some());
        assert_eq!(plug.lowest(&[amps - 9]), None);
    }
}

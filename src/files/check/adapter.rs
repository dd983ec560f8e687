//! Rules of an adapter file.

use super::{Check, date, filled, name, positive, within};
use crate::domain::adapter::Adapter;
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

impl Check for Adapter {
    fn check(&self) -> Findings {
        let mut findings = Findings::default();
        name(&mut findings, "name".into(), self.name.as_str());
        positive(&mut findings, "rating.v".into(), self.rating.volts.get());
        positive(&mut findings, "rating.a".into(), self.rating.amps.get());
        if let Some(cable) = &self.cable {
            positive(&mut findings, "cable.length_m".into(), cable.length_m);
            if let Some(gauge) = cable.gauge_awg {
                // Thinner than AWG 40 or thicker than AWG 0 is no supply cable.
                within(&mut findings, "cable.gauge_awg".into(), f64::from(gauge), 0.0, 40.0);
            }
        }
        if let Some(day) = &self.known_good_until {
            date(&mut findings, "known_good_until".into(), day);
        }
        for (key, text) in [("asset_tag", &self.asset_tag), ("model", &self.model), ("lot", &self.lot)] {
            if let Some(text) = text {
                filled(&mut findings, KeyPath::from(key), text);
            }
        }
        findings
    }
}

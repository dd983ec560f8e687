//! Limits: what results are held against.

use super::units::{Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One limit of a suite: a reset rate at a hold, or the bounds of a measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Limit {
    /// What a report calls it.
    pub name: String,
    /// An adapter's name, or `*` for each one (Holm corrected).
    #[serde(default = "every")]
    pub adapter: String,
    /// The voltage it holds at, where the supply is a factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply_v: Option<Volts>,
    /// Rate limit: the hold it is judged at, one of the suite's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_s: Option<Seconds>,
    /// Rate limit: the least reset rate, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_rate: Option<f64>,
    /// Rate limit: one-sided confidence, 0.5 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Measurement limit: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurement: Option<String>,
    /// Measurement limit: the least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Measurement limit: the greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Measurement limit: a value within this share of a bound is marked marginal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marginal: Option<f64>,
}

fn every() -> String {
    "*".to_owned()
}

/// What a limit asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Question<'a> {
    /// The reset rate at a hold.
    Rate {
        /// The hold.
        hold_s: Seconds,
        /// The least rate.
        min_rate: f64,
        /// One-sided confidence.
        confidence: f64,
    },
    /// A measurement's bounds.
    Measurement {
        /// Its name.
        name: &'a str,
        /// The least value.
        min: Option<f64>,
        /// The greatest value.
        max: Option<f64>,
        /// Share of a bound within which a value is marginal.
        marginal: f64,
    },
}

impl Limit {
    /// What it asks; `None` when the keys fit neither kind (the file check refuses that).
    pub fn question(&self) -> Option<Question<'_>> {
        match (self.min_rate, self.hold_s, &self.measurement) {
            (Some(min_rate), Some(hold_s), None) => {
                Some(Question::Rate { hold_s, min_rate, confidence: self.confidence.unwrap_or(0.95) })
            }
            (None, None, Some(name)) => {
                Some(Question::Measurement { name, min: self.min, max: self.max, marginal: self.marginal.unwrap_or(0.0) })
            }
            _ => None,
        }
    }

    /// Whether it speaks of this adapter.
    pub fn covers(&self, adapter: &str) -> bool {
        self.adapter == "*" || self.adapter == adapter
    }
}

/// What the data say of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitStatus {
    /// It holds at the stated confidence.
    Met,
    /// It does not hold at the stated confidence.
    NotMet,
    /// The data do not decide.
    Undecided,
}

impl LimitStatus {
    /// The word of the contract.
    pub fn name(self) -> &'static str {
        match self {
            LimitStatus::Met => "met",
            LimitStatus::NotMet => "not_met",
            LimitStatus::Undecided => "undecided",
        }
    }
}

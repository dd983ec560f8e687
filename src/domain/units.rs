//! Quantities. Each is a whole number of millionths inside, so that equality, hashing and resume keys are exact, and a plain
//! decimal number of its base unit in every file and journal line (`hold_s = 4.75` is 4 750 000 microseconds).

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::ops::{Add, Sub};

/// Defines one quantity stored in millionths of its unit.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Zero of this quantity.
            pub const ZERO: Self = Self(0);
            /// From a whole number of millionths.
            pub const fn from_micro(micro: i64) -> Self {
                Self(micro)
            }
            /// The whole number of millionths.
            pub const fn micro(self) -> i64 {
                self.0
            }
            /// From the base unit, rounded to the nearest millionth; out of range saturates, NaN is zero.
            pub fn new(value: f64) -> Self {
                Self((value * 1e6).round() as i64)
            }
            /// In the base unit.
            pub fn get(self) -> f64 {
                self.0 as f64 / 1e6
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match f.precision() {
                    Some(digits) => write!(f, "{:.*} {}", digits, self.get(), $unit),
                    None => write!(f, "{} {}", self.get(), $unit),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if self.0 % 1_000_000 == 0 {
                    serializer.serialize_i64(self.0 / 1_000_000)
                } else {
                    serializer.serialize_f64(self.get())
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = f64::deserialize(deserializer)?;
                if !value.is_finite() || value.abs() > 9e12 {
                    return Err(de::Error::custom(concat!("expected a finite number (unit: ", $unit, ")")));
                }
                Ok(Self::new(value))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "number", "description": concat!("unit: ", $unit) })
            }
        }
    };
}

quantity!(
    /// A span of time.
    Seconds, "s"
);
quantity!(
    /// A voltage.
    Volts, "V"
);
quantity!(
    /// A current.
    Amps, "A"
);
quantity!(
    /// A temperature on the Celsius scale.
    Celsius, "°C"
);
quantity!(
    /// A frequency.
    Hertz, "Hz"
);

impl Seconds {
    /// From whole milliseconds.
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms * 1000)
    }
}

/// A moment on the rig's clock: microseconds since the run was opened or reopened. Never wall time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Tick(pub u64);

impl Tick {
    /// The moment the clock started.
    pub const ZERO: Self = Self(0);
    /// A moment that never comes.
    pub const NEVER: Self = Self(u64::MAX);

    /// Time passed since `earlier`; zero when `earlier` is later.
    pub fn since(self, earlier: Tick) -> Seconds {
        Seconds::from_micro(self.0.saturating_sub(earlier.0) as i64)
    }
}

impl Add<Seconds> for Tick {
    type Output = Tick;
    fn add(self, span: Seconds) -> Tick {
        Tick(self.0.saturating_add_signed(span.micro()))
    }
}

impl Sub<Seconds> for Tick {
    type Output = Tick;
    fn sub(self, span: Seconds) -> Tick {
        Tick(self.0.saturating_add_signed(-span.micro()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_survive_json_to_the_microsecond() {
        for micro in [0, 1, 999_999, 4_750_000, 86_400_000_000, 123_456_789_012] {
            let span = Seconds::from_micro(micro);
            let text = serde_json::to_string(&span).unwrap();
            assert_eq!(serde_json::from_str::<Seconds>(&text).unwrap(), span, "{text}");
        }
    }

    #[test]
    fn whole_seconds_are_written_without_a_fraction() {
        assert_eq!(serde_json::to_string(&Seconds::new(30.0)).unwrap(), "30");
        assert_eq!(serde_json::to_string(&Volts::new(4.75)).unwrap(), "4.75");
    }

    #[test]
    fn a_number_that_is_no_number_is_refused() {
        assert!(toml::from_str::<std::collections::BTreeMap<String, Seconds>>("a = nan").is_err());
        assert!(toml::from_str::<std::collections::BTreeMap<String, Seconds>>("a = inf").is_err());
    }

    #[test]
    fn ticks_do_not_wrap() {
        assert_eq!(Tick(5).since(Tick(7)), Seconds::ZERO);
        assert_eq!(Tick(5) - Seconds::new(1.0), Tick(0));
        assert_eq!(Tick::NEVER + Seconds::new(1.0), Tick::NEVER);
    }
}

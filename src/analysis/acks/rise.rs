//! The links' distribution functions from a table: they are asked for some ten thousand times a press.

use crate::analysis::posterior::axes::LINKS;
use crate::analysis::stats::link::Link;
use std::sync::LazyLock;

const REACH: f64 = 16.0;
const PER_UNIT: f64 = 64.0;
const N: usize = (2.0 * REACH * PER_UNIT) as usize + 2;

/// `[link][step]`.
static TABLES: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let table = |link: Link| (0..N).map(move |i| link.rise(i as f64 / PER_UNIT - REACH).0);
    LINKS.iter().flat_map(|(link, _)| table(*link)).collect()
});

/// A distribution on ln(seconds).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rise {
    /// Index of the link in [`LINKS`].
    pub link: usize,
    /// Location, ln seconds.
    pub x: f64,
    /// Scale.
    pub s: f64,
}

impl Rise {
    /// The share below `ln_s`, within 3e-5.
    #[inline]
    pub fn below(&self, ln_s: f64) -> f64 {
        let at = (((ln_s - self.x) / self.s + REACH) * PER_UNIT).clamp(0.0, (N - 2) as f64);
        let i = at as usize;
        let table = &TABLES[self.link * N + i..][..2];
        table[0] + (table[1] - table[0]) * (at - i as f64)
    }

    /// The value below which `share` lies, ln seconds.
    pub fn quantile(&self, share: f64) -> f64 {
        self.x + self.s * LINKS[self.link].0.quantile(share)
    }
}

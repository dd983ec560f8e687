//! The window of locations on which one adapter's likelihood stands, and the rise tabulated on it.

use super::axes::{LINKS, LOCATION_RANGE, N_SCALE, N_SHAPE, N_X, UNIT, scale};

/// Lattice holds of a window: its own locations, and as many steps above it.
pub const N_HOLD: usize = 2 * N_X;
const TABLE: usize = N_X + N_HOLD;

/// `N_X` locations, evenly spaced in ln(hold).
#[derive(Clone, Debug)]
pub struct Window {
    /// First location, ln seconds.
    pub low: f64,
    /// Step in ln(hold).
    pub step: f64,
    /// Rise of (link, scale) at lattice hold `i` and location `x`, at `[.. TABLE * (link, scale) + x + N_HOLD - i]`.
    rise: Vec<f32>,
}

impl Window {
    /// All locations that are thought of.
    pub fn whole() -> Self {
        Window::new(Window::bounds().0, Window::bounds().1)
    }

    /// First and last location that is thought of, ln seconds.
    pub fn bounds() -> (f64, f64) {
        (LOCATION_RANGE.0.ln(), LOCATION_RANGE.1.ln())
    }

    /// From `low` to `high` (ln seconds).
    pub fn new(low: f64, high: f64) -> Self {
        let step = (high - low) / (N_X - 1) as f64;
        let mut rise = vec![0.0; N_SHAPE * TABLE];
        for (shape, part) in rise.chunks_mut(TABLE).enumerate() {
            let s = spread(shape);
            for (j, f) in part.iter_mut().enumerate() {
                let z = (N_HOLD as f64 - j as f64) * step / s;
                *f = LINKS[shape / N_SCALE].0.rise(z).0 as f32;
            }
        }
        Window { low, step, rise }
    }

    /// Location `i`, ln seconds.
    pub fn x(&self, i: usize) -> f64 {
        self.low + self.step * i as f64
    }

    /// Last location, ln seconds.
    pub fn high(&self) -> f64 {
        self.x(N_X - 1)
    }

    /// The hold of lattice index `i`, seconds.
    pub fn hold(&self, i: usize) -> f64 {
        self.x(i).exp()
    }

    /// Lattice indices of the holds between `limits` (seconds), at most about `most` of them; the nearest one where there is none.
    pub fn holds(&self, limits: (f64, f64), most: usize) -> Vec<usize> {
        let index = |hold: f64| (hold.ln() - self.low) / self.step;
        let first = index(limits.0).ceil().clamp(0.0, (N_HOLD - 1) as f64) as usize;
        let last = (index(limits.1).floor().clamp(0.0, (N_HOLD - 1) as f64) as usize).max(first);
        let stride = ((last - first) / most + 1).max(1);
        (first..=last).step_by(stride).collect()
    }

    /// The rise at lattice hold `i` over all locations, for one (link, scale).
    pub fn rise(&self, shape: usize, i: usize) -> &[f32] {
        let at = shape * TABLE + N_HOLD - i;
        &self.rise[at..at + N_X]
    }

    /// The rise at any hold (ln seconds).
    pub fn rise_at(&self, shape: usize, hold: f64, out: &mut [f64; N_X]) {
        let s = spread(shape);
        for (i, f) in out.iter_mut().enumerate() {
            *f = LINKS[shape / N_SCALE].0.rise((hold - self.x(i)) / s).0;
        }
    }
}

/// The scale of a (link, scale) index in the link's own unit.
pub fn spread(shape: usize) -> f64 {
    UNIT[shape / N_SCALE] * scale(shape % N_SCALE)
}

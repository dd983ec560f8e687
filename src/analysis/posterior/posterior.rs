//! The posterior of one adapter.

use super::axes::{N_ROW, N_SHAPE, N_X, shape};
use super::quantity::{Distribution, Quantity};
use super::window::Window;
use std::rc::Rc;

/// What is believed of one adapter.
#[derive(Clone, Debug)]
pub struct Posterior<'a> {
    /// The locations.
    pub window: &'a Window,
    pub(super) masses: Rc<Masses>,
}

impl std::ops::Deref for Posterior<'_> {
    type Target = Masses;

    fn deref(&self) -> &Masses {
        &self.masses
    }
}

/// Weights over (row, location), with two states beside them; sum 1.
#[derive(Clone, Debug)]
pub struct Masses {
    /// `[row][x]`.
    pub weights: Vec<f32>,
    /// The adapter never resets.
    pub never: f64,
    /// The adapter resets at any hold.
    pub always: f64,
    /// Summed over lapses: `[(link, scale)][x]`.
    pub collapsed: Vec<f32>,
}

impl Masses {
    pub(super) fn new(mut weights: Vec<f32>, never: f64, always: f64) -> Self {
        let total = weights.chunks(N_X).map(|r| f64::from(r.iter().sum::<f32>())).sum::<f64>() + never + always;
        let by = (1.0 / total) as f32;
        weights.iter_mut().for_each(|w| *w *= by);
        let mut collapsed = vec![0.0_f32; N_SHAPE * N_X];
        for row in 0..N_ROW {
            let to = &mut collapsed[shape(row) * N_X..][..N_X];
            to.iter_mut().zip(&weights[row * N_X..]).for_each(|(t, w)| *t += w);
        }
        Masses { weights, never: never / total, always: always / total, collapsed }
    }
}

impl Posterior<'_> {
    /// The distribution of a hold.
    pub fn distribution(&self, quantity: Quantity) -> Distribution {
        Distribution::of(self, quantity)
    }

    /// First and last location index outside which there is less than `edge` of the mass on either side.
    pub(super) fn support(&self, edge: f64) -> Option<(usize, usize)> {
        let mut by_x = [0.0_f64; N_X];
        for part in self.collapsed.chunks(N_X) {
            by_x.iter_mut().zip(part).for_each(|(t, w)| *t += f64::from(*w));
        }
        let total: f64 = by_x.iter().sum();
        if total < 0.5 {
            return None;
        }
        let cut = |from_above: bool| {
            let mut sum = 0.0;
            (0..N_X).map(|i| if from_above { N_X - 1 - i } else { i }).find(|i| {
                sum += by_x[*i];
                sum > edge * total
            })
        };
        Some((cut(false)?, cut(true)?))
    }
}

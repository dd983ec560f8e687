//! The likelihood of one adapter's presses.

use super::axes::{
    ALWAYS, GUESS, LAPSES, LOCATION_RANGE, N_COL, N_LAPSE, N_ROW, N_SCALE, N_SHAPE, N_TIED, N_X, NEVER, SPREADS, STRANGER, SURE,
    TIED_SPREAD, camera_x, tied_x,
};
use super::tie::Place;
use super::window::Window;

/// One judged press.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Press {
    /// Contact, seconds.
    pub hold_s: f64,
    /// Whether the camera reset.
    pub reset: bool,
}

/// Likelihood over (row, location), with two states beside it: never resets, always resets.
#[derive(Clone, Debug)]
pub(super) struct Adapter {
    pub(super) window: Window,
    /// `[row][x]`, largest about 1.
    pub(super) like: Vec<f32>,
    /// The same for an adapter that never resets, with its prior.
    pub(super) never: f64,
    /// The same for one that always does.
    pub(super) always: f64,
    pub(super) data: Vec<Press>,
    /// `P(location | camera-level column)`, `[x][column]`; the columns of a tie last, where there is one.
    pub(super) kernel: Vec<f32>,
    offset: Option<Place>,
}

impl Adapter {
    /// The same presses on another window; none on the whole one for a new adapter.
    pub(super) fn on(window: Window, data: Vec<Press>) -> Self {
        let kernel = kernel(&window, None);
        let like = vec![(1.0 - NEVER - ALWAYS) as f32; N_ROW * N_X];
        let mut adapter = Adapter { window, like, never: NEVER, always: ALWAYS, data: Vec::new(), kernel, offset: None };
        for press in data {
            adapter.tell(press);
        }
        adapter
    }

    /// The same adapter on another window.
    pub(super) fn moved(&mut self, window: Window) {
        let offset = self.offset;
        *self = Adapter::on(window, std::mem::take(&mut self.data));
        if offset.is_some() {
            self.tie(offset);
        }
    }

    /// Ties it to its siblings by what was measured of it, or no longer.
    pub(super) fn tie(&mut self, offset: Option<Place>) {
        let again = self.offset.is_some() == offset.is_some();
        self.offset = offset;
        match offset {
            Some(offset) if again => tie(&mut self.kernel, &self.window, offset),
            _ => self.kernel = kernel(&self.window, offset),
        }
    }

    /// Takes one press into the likelihood.
    pub(super) fn tell(&mut self, press: Press) {
        self.data.push(press);
        let hold = press.hold_s.ln();
        let mut rise = [0.0; N_X];
        for shape in 0..N_SHAPE {
            self.window.rise_at(shape, hold, &mut rise);
            for (l, (lapse, _)) in LAPSES.iter().enumerate() {
                let row = (shape / N_SCALE * N_LAPSE + l) * N_SCALE + shape % N_SCALE;
                let (zero, one) = if press.reset { (GUESS, 1.0 - lapse) } else { (1.0 - GUESS, *lapse) };
                for (w, f) in self.like[row * N_X..(row + 1) * N_X].iter_mut().zip(&rise) {
                    *w *= (zero + (one - zero) * f) as f32;
                }
            }
        }
        self.never *= if press.reset { GUESS } else { 1.0 - GUESS };
        self.always *= if press.reset { SURE } else { 1.0 - SURE };
        self.rescale();
    }

    fn rescale(&mut self) {
        let top = self.like.iter().copied().fold(0.0_f32, f32::max);
        if top > 0.0 && top < 1e-3 {
            self.like.iter_mut().for_each(|w| *w /= top);
            self.never /= f64::from(top);
            self.always /= f64::from(top);
        }
    }
}

/// Mass of each location of `window`, given the camera's location and spread.
fn kernel(window: &Window, offset: Option<Place>) -> Vec<f32> {
    let n = N_COL + if offset.is_some() { N_TIED } else { 0 };
    let mut out = vec![0.0; N_X * n];
    for (x, row) in out.chunks_mut(n).enumerate() {
        for (column, k) in row[..N_COL].iter_mut().enumerate() {
            let sd = SPREADS[column % SPREADS.len()].0;
            *k = mass(window, window.x(x) - camera_x(column / SPREADS.len()), sd * sd);
        }
    }
    if let Some(offset) = offset {
        tie(&mut out, window, offset);
    }
    out
}

/// The same for the columns of a tie.
fn tie(kernel: &mut [f32], window: &Window, offset: Place) {
    for (x, row) in kernel.chunks_mut(N_COL + N_TIED).enumerate() {
        let at = window.x(x) - offset.ln_s;
        row[N_COL..]
            .iter_mut()
            .enumerate()
            .for_each(|(i, k)| *k = mass(window, at - tied_x(i), TIED_SPREAD * TIED_SPREAD + offset.var));
    }
}

/// Mass of a cell of `window` at distance `d` from where it should be, up to a variance; a stranger may be anywhere.
fn mass(window: &Window, d: f64, var: f64) -> f32 {
    let range = LOCATION_RANGE.1.ln() - LOCATION_RANGE.0.ln();
    // A coarse window must not miss a narrow spread: its cell is part of the width.
    let var = var + window.step * window.step / 12.0;
    let density = (-0.5 * d * d / var).exp() / (std::f64::consts::TAU * var).sqrt();
    (window.step * ((1.0 - STRANGER) * density + STRANGER / range)) as f32
}

//! The likelihood of one adapter's presses.

use super::axes::*;
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
pub struct Adapter {
    pub window: Window,
    /// `[row][x]`, largest about 1.
    pub like: Vec<f32>,
    /// The same for an adapter that never resets, and for one that always does.
    pub never: f64,
    pub always: f64,
    /// What `like` was divided by.
    pub log_scale: f64,
    pub data: Vec<Press>,
    /// `P(location | camera-level column)`, `[x][column]`.
    pub kernel: Vec<f32>,
}

impl Adapter {
    pub fn new() -> Self {
        Adapter::on(Window::whole(), Vec::new())
    }

    /// The same presses on another window.
    pub fn on(window: Window, data: Vec<Press>) -> Self {
        let kernel = kernel(&window);
        let mut it =
            Adapter { window, like: vec![1.0; N_ROW * N_X], never: 1.0, always: 1.0, log_scale: 0.0, data: Vec::new(), kernel };
        for press in data {
            it.tell(press);
        }
        it
    }

    /// Takes one press into the likelihood.
    pub fn tell(&mut self, press: Press) {
        self.data.push(press);
        let hold = press.hold_s.ln();
        let mut rise = [0.0; N_X];
        for ks in 0..N_LINK * N_SCALE {
            self.window.rise_at(ks, hold, &mut rise);
            for (l, (lapse, _)) in LAPSES.iter().enumerate() {
                let row = (ks / N_SCALE * N_LAPSE + l) * N_SCALE + ks % N_SCALE;
                let (zero, one) = if press.reset { (GUESS, 1.0 - lapse) } else { (1.0 - GUESS, *lapse) };
                for (w, f) in self.like[row * N_X..(row + 1) * N_X].iter_mut().zip(&rise) {
                    *w *= (zero + (one - zero) * f) as f32;
                }
            }
        }
        self.never *= if press.reset { GUESS } else { 1.0 - GUESS };
        self.always *= if press.reset { 0.98 } else { 0.02 };
        self.rescale();
    }

    fn rescale(&mut self) {
        let top = self.like.iter().copied().fold(0.0_f32, f32::max);
        if top > 0.0 && top < 1e-3 {
            self.like.iter_mut().for_each(|w| *w /= top);
            self.never /= f64::from(top);
            self.always /= f64::from(top);
            self.log_scale += f64::from(top).ln();
        }
    }
}

impl Default for Adapter {
    fn default() -> Self {
        Adapter::new()
    }
}

/// Mass of each location, given the camera's location and spread; a stranger may be anywhere.
fn kernel(window: &Window) -> Vec<f32> {
    let range = LOCATION_RANGE.1.ln() - LOCATION_RANGE.0.ln();
    let stranger = env("STR", 0.05);
    let spread_by = env("SPB", 1.0);
    let mut out = vec![0.0; N_X * N_COL];
    for x in 0..N_X {
        for c in 0..N_COL {
            let sd = SPREADS[c % SPREADS.len()].0 * spread_by;
            let d = window.x(x) - camera_x(c / SPREADS.len());
            // A coarse window must not miss a narrow spread: its cell is part of the width.
            let sd2 = sd * sd + window.step * window.step / 12.0;
            let density = (-0.5 * d * d / sd2).exp() / (std::f64::consts::TAU * sd2).sqrt();
            out[x * N_COL + c] = (window.step * ((1.0 - stranger) * density + stranger / range)) as f32;
        }
    }
    out
}

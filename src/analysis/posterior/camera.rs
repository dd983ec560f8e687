//! The adapters of one camera together: exact messages on a tree.
//!
//! Root: link, lapse, scale, location and spread of the camera. Leaves: the adapters. Given the root the adapters are independent, so
//! each leaf sends one table up (what its presses say about the root), and gets back the product of the others' (Pearl 1988).

use super::adapter::{Adapter, Press};
use super::axes::{LAPSES, LINKS, N_COL, N_M, N_ROW, N_SCALE, N_TIED, N_X, SPREADS, TIED, parts};
use super::mix::{Mix, Way, add_all};
use super::posterior::{Masses, Posterior};
use super::tie::{Place, Ties};
use super::window::Window;
use std::cell::RefCell;
use std::rc::Rc;

/// Where posterior mass this small begins, the window may end. With 1e-6 windows stay too wide for their steps, and presses cost 8 % more
/// (simulated cameras).
const EDGE: f64 = 1e-4;
/// Weights this small, of the largest, are passed over.
const NEGLIGIBLE: f32 = 1e-6;

/// A camera's adapters and what each says about the camera.
#[derive(Clone, Debug)]
pub struct Camera {
    adapters: Vec<Adapter>,
    /// `[row][column]` for each adapter, largest 1; rows as the adapters' but with the camera's lapse and scale.
    up: Vec<Vec<f32>>,
    prior: Vec<f32>,
    /// Columns of a row: those of a tie last, where there may be one.
    columns: usize,
    /// What was measured says for a tie, beside its prior.
    odds: f64,
    mix: Mix,
    sharing: bool,
    /// By adapter.
    known: RefCell<Vec<Known>>,
}

/// What was worked out and still holds.
#[derive(Clone, Debug, Default)]
struct Known {
    /// Without its own presses: holds until a sibling is pressed, or its window changes.
    before: Option<Rc<Before>>,
    /// With them: holds until any press.
    masses: Option<Rc<Masses>>,
}

/// What is known of an adapter without its own presses.
#[derive(Debug)]
struct Before {
    /// `[row][x]`.
    weights: Vec<f32>,
    /// Mass that the weights stand for, not normalised.
    total: f64,
}

impl Camera {
    /// `n` adapters without a press; without `sharing` each stands alone.
    pub fn new(n: usize, sharing: bool) -> Self {
        Camera {
            adapters: (0..n).map(|_| Adapter::on(Window::whole(), Vec::new())).collect(),
            up: vec![vec![1.0; N_ROW * N_COL]; n],
            prior: prior(false),
            columns: N_COL,
            odds: 1.0,
            mix: Mix::new(),
            sharing,
            known: RefCell::new(vec![Known::default(); n]),
        }
    }

    /// Number of adapters.
    pub fn adapters(&self) -> usize {
        self.adapters.len()
    }

    /// Presses of adapter `j` so far.
    pub fn presses(&self, j: usize) -> &[Press] {
        &self.adapters[j].data
    }

    /// Takes one press of adapter `j`.
    pub fn tell(&mut self, j: usize, press: Press) {
        self.adapters[j].tell(press);
        let sharing = self.sharing;
        for (i, known) in self.known.get_mut().iter_mut().enumerate() {
            known.masses = None;
            known.before.take_if(|_| sharing && i != j);
        }
        self.settle(j);
        if self.sharing {
            self.up[j] = self.message(j);
        }
    }

    /// The posterior of adapter `j`, given all adapters' presses where they share.
    pub fn posterior(&self, j: usize) -> Posterior<'_> {
        let mut known = self.known.borrow_mut();
        let Known { before, masses } = &mut known[j];
        let masses = masses.get_or_insert_with(|| {
            let before = before.get_or_insert_with(|| Rc::new(self.before(j, &self.root(Some(j)))));
            Rc::new(self.masses(j, before))
        });
        Posterior { window: &self.adapters[j].window, masses: masses.clone() }
    }

    /// The posterior of adapter `j` by its own presses alone.
    pub fn alone(&self, j: usize) -> Posterior<'_> {
        Posterior { window: &self.adapters[j].window, masses: Rc::new(self.masses(j, &self.before(j, &self.prior_by(0.0)))) }
    }

    /// Says how adapters may be tied, before the press of adapter `j` that it was learned by; what is older of the others stands.
    pub fn tie(&mut self, j: usize, ties: &Ties) {
        self.odds = ties.odds;
        if self.columns == N_COL {
            self.over(N_COL + N_TIED, |i| Some(ties.offsets[i]));
        } else {
            self.adapters[j].tie(Some(ties.offsets[j]));
            self.known.get_mut().fill(Known::default());
        }
    }

    /// Forgets that adapters may be tied.
    pub fn untie(&mut self) {
        if self.columns != N_COL {
            self.over(N_COL, |_| None);
        }
    }

    /// The probability that adapters differ as what was measured of them does.
    pub fn tied(&self) -> f64 {
        let sums = self.root(None).chunks(self.columns).fold([0.0; 2], |[apart, tied], row| {
            let sum = |part: &[f32]| part.iter().map(|w| f64::from(*w)).sum::<f64>();
            [apart + sum(&row[..N_COL]), tied + sum(&row[N_COL..])]
        });
        sums[1] / (sums[0] + sums[1])
    }

    /// All messages again, over so many columns.
    fn over(&mut self, columns: usize, offset: impl Fn(usize) -> Option<Place>) {
        self.columns = columns;
        self.prior = prior(columns > N_COL);
        for i in 0..self.adapters.len() {
            self.adapters[i].tie(offset(i));
            self.up[i] = if self.adapters[i].data.is_empty() { vec![1.0; N_ROW * columns] } else { self.message(i) };
        }
        self.known.get_mut().fill(Known::default());
    }

    /// The prior, with the columns of a tie times `odds`.
    fn prior_by(&self, odds: f64) -> Vec<f32> {
        let mut out = self.prior.clone();
        out.chunks_mut(self.columns).for_each(|row| row[N_COL..].iter_mut().for_each(|w| *w *= odds as f32));
        out
    }

    /// Fits the window to the posterior: narrower where most of it is empty, wide again where mass comes to an end of it.
    fn settle(&mut self, j: usize) {
        let whole = Window::bounds();
        for _ in 0..3 {
            let Some((low, high)) = self.posterior(j).support(EDGE) else { return };
            let window = &self.adapters[j].window;
            let at_edge = (low <= 1 && window.low > whole.0 + 1e-9) || (high + 2 >= N_X && window.high() < whole.1 - 1e-9);
            let (from, to) = (window.x(low), window.x(high));
            let (span, width) = (to - from, window.high() - window.low);
            let (from, to) = if at_edge {
                (from - width, to + width)
            } else if span < 0.45 * width && span > 0.0 && window.step > 0.002 {
                (from - 0.3 * span - 0.01, to + 0.3 * span + 0.01)
            } else {
                return;
            };
            let next = Window::new(from.max(whole.0), to.min(whole.1));
            self.adapters[j].moved(next);
            self.known.get_mut()[j] = Known::default();
        }
    }

    /// Prior times what the adapters say, but for one of them.
    fn root(&self, except: Option<usize>) -> Vec<f32> {
        let mut out = self.prior_by(self.odds);
        if self.sharing {
            for (i, up) in self.up.iter().enumerate() {
                if Some(i) != except && !self.adapters[i].data.is_empty() {
                    out.iter_mut().zip(up).for_each(|(a, b)| *a *= b);
                }
            }
        }
        out
    }

    /// What adapter `j` says about the camera.
    fn message(&self, j: usize) -> Vec<f32> {
        let adapter = &self.adapters[j];
        let rows = self.mix.apply(&adapter.like, N_X, Way::Up);
        let mut out = vec![0.0_f32; N_ROW * self.columns];
        let states = (adapter.never + adapter.always) as f32;
        let mut top = 0.0_f32;
        for row in 0..N_ROW {
            let to = &mut out[row * self.columns..(row + 1) * self.columns];
            let weights = rows[row * N_X..(row + 1) * N_X].iter().copied();
            add_all(to, weights.zip(adapter.kernel.chunks(self.columns)).filter(|(w, _)| *w > 1e-8));
            to.iter_mut().for_each(|t| *t += states);
            top = to.iter().copied().fold(top, f32::max);
        }
        out.iter_mut().for_each(|t| *t /= top);
        out
    }

    /// What `cavity`, what is known of the camera without adapter `j`, says of it.
    fn before(&self, j: usize, cavity: &[f32]) -> Before {
        let adapter = &self.adapters[j];
        let total: f64 = cavity.iter().map(|w| f64::from(*w)).sum();
        let top = cavity.iter().copied().fold(0.0_f32, f32::max);
        let mut peaks = vec![0.0_f32; self.columns];
        for row in cavity.chunks(self.columns) {
            peaks.iter_mut().zip(row).for_each(|(peak, w)| *peak = peak.max(*w));
        }
        let live: Vec<usize> = (0..self.columns).filter(|c| peaks[*c] > NEGLIGIBLE * top).collect();
        // The location kernel, transposed for the live columns.
        let mut kernel = vec![0.0_f32; live.len() * N_X];
        for (part, c) in kernel.chunks_mut(N_X).zip(&live) {
            part.iter_mut().enumerate().for_each(|(x, k)| *k = adapter.kernel[x * self.columns + c]);
        }
        let mut rows = vec![0.0_f32; N_ROW * N_X];
        for (row, to) in rows.chunks_mut(N_X).enumerate() {
            if !cavity[row * self.columns..(row + 1) * self.columns].iter().any(|w| *w > 1e-3 * NEGLIGIBLE * top) {
                continue;
            }
            let weights = live.iter().map(|c| cavity[row * self.columns + c]);
            add_all(to, weights.zip(kernel.chunks(N_X)).filter(|(w, _)| *w > 1e-3 * NEGLIGIBLE * top));
        }
        Before { weights: self.mix.apply(&rows, N_X, Way::Down), total }
    }

    /// The posterior of adapter `j`.
    fn masses(&self, j: usize, before: &Before) -> Masses {
        let adapter = &self.adapters[j];
        let weights = before.weights.iter().zip(&adapter.like).map(|(w, l)| w * l).collect();
        Masses::new(weights, adapter.never * before.total, adapter.always * before.total)
    }
}

/// Weights of the camera's rows and columns before any press.
fn prior(tied: bool) -> Vec<f32> {
    let (apart, n) = (if tied { 1.0 - TIED } else { 1.0 }, if tied { N_TIED } else { 0 });
    let row = |row: usize| {
        let (link, lapse, _) = parts(row);
        let shape = LINKS[link].1 * LAPSES[lapse].1;
        let plain = move |column: usize| apart * (shape * SPREADS[column % SPREADS.len()].1 / (N_SCALE * N_M) as f64);
        let tied = TIED * shape / (N_SCALE * N_TIED) as f64;
        (0..N_COL).map(plain).chain((0..n).map(move |_| tied)).map(|p| p as f32)
    };
    (0..N_ROW).flat_map(row).collect()
}

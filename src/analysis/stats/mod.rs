pub mod dist;
pub mod interval;
pub mod isotonic;
pub mod dose;
pub mod link;
pub mod likelihood;
mod profile;
mod search;
pub mod proto {
    use super::{dose::*, likelihood::*, link::*, profile::*};
    pub struct Out { pub ll: f64, pub best: Curve, pub t: [(Option<f64>, Option<f64>); 5], pub np: usize }
    pub fn run(d: &[Dose], links: &'static [Link], g: f64, lmax: f64, srange: (f64, f64), drop: (f64, f64)) -> Option<Out> {
        let d = group_doses(d).ok()?;
        let like = Likelihood::new(&d, g);
        let x = like.levels();
        let lim = (x[0].0 - 4f64.ln(), x[x.len() - 1].0 + 4f64.ln());
        let e = Explored::new(like.clone(), Space { links, lapse_max: lmax, s_min: srange.0, s_max: srange.1 })?;
        let q = [Quantity::Rate(0.5), Quantity::Rate(0.95), Quantity::Rate(0.99), Quantity::Rise(0.95)];
        let mut t = [(None, None); 5];
        t[4] = e.ends(Quantity::Lapse, (drop.0.max(2.5), drop.0.max(2.5)), (0.0, lmax));
        for i in 0..4 { t[i] = e.ends(q[i], drop, lim); 
          if let Quantity::Rate(r) = q[i] { if t[4].1.is_none_or(|l| l >= 1.0 - r) { t[i].1 = None; } } }
        Some(Out { ll: e.best.ll, best: e.best.curve, t, np: 0 })
    }
}

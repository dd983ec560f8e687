//! A small maximiser: the simplex of Nelder and Mead (1965), The Computer Journal 7, 308-313, in two
//! dimensions. Deterministic, without derivatives, content with kinks at the edges of the parameter range.

/// A point and the value there.
type Vertex = ([f64; 2], f64);

/// Rounds of the simplex at most; each costs one or two evaluations.
const ROUNDS: usize = 80;

/// Climbs from `start`, with a first simplex of size `steps`, to a local maximum of `f`.
///
/// Returns the best point and its value, never worse than the start. Stops when the simplex is level to
/// `tolerance`, in the unit of `f`, and begins anew once from there, since a simplex may collapse too early.
pub(super) fn climb(f: impl Fn([f64; 2]) -> f64, start: [f64; 2], steps: [f64; 2], tolerance: f64) -> Vertex {
    let first = simplex(&f, start, steps, tolerance);
    simplex(&f, first.0, [0.3 * steps[0], 0.3 * steps[1]], tolerance)
}

fn simplex(f: &impl Fn([f64; 2]) -> f64, start: [f64; 2], steps: [f64; 2], tolerance: f64) -> Vertex {
    let at = |p: [f64; 2]| (p, f(p));
    let mut v = [at(start), at([start[0] + steps[0], start[1]]), at([start[0], start[1] + steps[1]])];
    for _ in 0..ROUNDS {
        v.sort_by(|a, b| b.1.total_cmp(&a.1));
        let [best, middle, worst] = v;
        if best.1 - worst.1 < tolerance {
            break;
        }
        let centre = [0.5 * (best.0[0] + middle.0[0]), 0.5 * (best.0[1] + middle.0[1])];
        let along = |t: f64| at([0, 1].map(|i| centre[i] + t * (centre[i] - worst.0[i])));
        let reflected = along(1.0);
        v[2] = if reflected.1 > best.1 {
            let further = along(2.0);
            if further.1 > reflected.1 { further } else { reflected }
        } else if reflected.1 > middle.1 {
            reflected
        } else {
            let nearer = if reflected.1 > worst.1 { along(0.5) } else { along(-0.5) };
            if nearer.1 > worst.1.max(reflected.1) {
                nearer
            } else {
                v[1] = at([0, 1].map(|i| 0.5 * (best.0[i] + middle.0[i])));
                at([0, 1].map(|i| 0.5 * (best.0[i] + worst.0[i])))
            }
        };
    }
    v.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((start, f64::NEG_INFINITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_smooth_and_a_kinked_top() {
        let banana = |[x, y]: [f64; 2]| -(1.0 - x).powi(2) - 10.0 * (y - x * x).powi(2);
        let (p, _) = climb(banana, [-1.0, 1.5], [0.3, 0.3], 1e-12);
        assert!((p[0] - 1.0).abs() < 1e-4 && (p[1] - 1.0).abs() < 1e-4, "{p:?}");
        let kinked = |[x, y]: [f64; 2]| -(x - 2.0).powi(2) - y.abs();
        let (p, _) = climb(kinked, [0.0, 0.5], [0.3, 0.3], 1e-12);
        assert!((p[0] - 2.0).abs() < 1e-3 && p[1].abs() < 1e-3, "{p:?}");
    }

    #[test]
    fn never_ends_below_its_start() {
        let flat = |_: [f64; 2]| 3.0;
        assert_eq!(climb(flat, [1.0, 1.0], [0.1, 0.1], 1e-9).1, 3.0);
    }
}

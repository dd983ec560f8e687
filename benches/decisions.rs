//! What a decision of the adaptive design costs: processor time from the answer of one press to the choice of the next, for cameras of four
//! adapters that share what they learn. `cargo bench --bench decisions` prints a table; means and 99th percentiles count, not wall time.
//!
//! The cameras are not the twin's: thresholds lie by a log-logistic law whose middle, width and lapse are drawn, one adapter in ten never
//! resets, and acknowledgements come at the press's own threshold (or at a time that has to do with nothing). Every adapter is pressed until
//! its interval is narrow enough, or 240 times.

use pinhole::analysis::posterior::{Press, Quantity};
use pinhole::planning::adaptive::{Aim, Chooser, Cost, LetGo, LettingGo, Listening, PROBE_EVERY, Settings, Standing};
use pinhole::planning::chance::keyed;
use rand::{Rng, RngExt};
use rustix::time::{ClockId, clock_gettime};

const CAMERAS: u64 = 12;
const ADAPTERS: usize = 4;
const MOST: usize = 240;
const RANGE: (f64, f64) = (0.5, 90.0);
const REACTION_S: f64 = 0.05;

/// What acknowledgements of a camera are like.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Acks {
    None,
    /// At the threshold, a tenth of them unseen.
    Honest,
    /// At the threshold, four in ten unseen.
    Missed,
    /// At half of the threshold that the adapter's presses have in the middle, scattered as they are.
    Loose,
    /// At a time of their own.
    Unrelated,
}

/// One adapter's truth.
struct Adapter {
    middle_ln: f64,
    width: f64,
    lapse: f64,
    never: bool,
}

impl Adapter {
    fn drawn(camera_ln: f64, rng: &mut impl Rng) -> Self {
        Adapter {
            middle_ln: camera_ln + 0.15 * (rng.random::<f64>() - 0.5),
            width: 0.02 + 0.2 * rng.random::<f64>().powi(2),
            lapse: 0.1 * rng.random::<f64>().powi(2),
            never: rng.random::<f64>() < 0.1,
        }
    }

    fn threshold_s(&self, rng: &mut impl Rng) -> f64 {
        let u = rng.random::<f64>().clamp(1e-9, 1.0 - 1e-9);
        if self.never || rng.random::<f64>() < self.lapse {
            f64::INFINITY
        } else {
            (self.middle_ln + self.width * (u / (1.0 - u)).ln()).exp()
        }
    }
}

/// Processor time of this thread so far, ms.
fn cpu_ms() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
}

/// Processor time of each decision for one camera, ms.
fn camera(number: u64, kind: Acks) -> Vec<f64> {
    let mut rng = keyed(number, "decisions", 0);
    let camera_ln = 3.0_f64.ln() + 2.5 * rng.random::<f64>();
    let adapters: Vec<Adapter> = (0..ADAPTERS).map(|_| Adapter::drawn(camera_ln, &mut rng)).collect();
    let listening = (kind != Acks::None).then_some(Listening { reaction_s: REACTION_S, letting_go: LettingGo::Later });
    let settings = Settings {
        quantity: Quantity::Relative(0.95),
        aim: Aim::Precision(0.1),
        range: RANGE,
        sharing: true,
        probe_every: Some(PROBE_EVERY),
        listening,
        cost: Cost { reset_s: 300.0, quiet_s: 150.0 },
        seed: number,
    };
    let mut chooser = Chooser::new(ADAPTERS, settings);
    let mut out = Vec::new();
    let mut before = cpu_ms();
    let open = |chooser: &Chooser, j: usize| chooser.standing(j) == Standing::Open && chooser.presses(j).len() < MOST;
    while let Some(choice) = chooser.next(|j| open(&chooser, j)) {
        out.push(cpu_ms() - before);
        let adapter = &adapters[choice.adapter];
        let threshold_s = adapter.threshold_s(&mut rng);
        let unseen = match kind {
            Acks::None => 1.0,
            Acks::Honest | Acks::Loose | Acks::Unrelated => 0.1,
            Acks::Missed => 0.4,
        };
        let shown_s = match kind {
            Acks::Unrelated => 2.0 + 3.0 * rng.random::<f64>(),
            Acks::Loose => 0.5 * (adapter.middle_ln + 2.0 * adapter.width * (rng.random::<f64>() - 0.5)).exp(),
            Acks::None | Acks::Honest | Acks::Missed => threshold_s + 0.08,
        };
        let ack_s = (rng.random::<f64>() >= unseen && shown_s <= choice.hold_s).then_some(shown_s);
        let held_s = match (choice.until, ack_s) {
            (LetGo::Ack { extra_s }, Some(ack_s)) => (ack_s + REACTION_S + extra_s).min(choice.hold_s),
            _ => choice.hold_s,
        };
        let reset = threshold_s <= held_s;
        let bench_s = held_s + if reset { 300.0 } else { 150.0 };
        before = cpu_ms();
        chooser.tell(choice.adapter, Press { hold_s: held_s, reset }, ack_s, bench_s);
    }
    out
}

fn main() {
    println!(
        "{CAMERAS} cameras of {ADAPTERS} adapters\n\n| acknowledgements | decisions | mean | median | 99 % | longest |\n|---|---|---|---|---|---|"
    );
    for kind in [Acks::None, Acks::Honest, Acks::Missed, Acks::Loose, Acks::Unrelated] {
        let mut all: Vec<f64> = (0..CAMERAS).flat_map(|number| camera(number, kind)).collect();
        all.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| all[((share * all.len() as f64) as usize).min(all.len() - 1)];
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        println!(
            "| {} | {} | {mean:.1} ms | {:.1} ms | {:.1} ms | {:.1} ms |",
            format!("{kind:?}").to_lowercase(),
            all.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
}

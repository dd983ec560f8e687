use crate::analysis::Analysis;
use crate::analysis::testkit::*;
use crate::analysis::stats::{likelihood::Curve, link::Link};
use crate::analysis::thresholds::Threshold;
use crate::domain::event::FinishReason;
use crate::domain::condition::Origin;
use crate::domain::verdict::{FaultKind, Verdict};

fn curve(index: usize, hold: f64, n: u32) -> u32 {
    let mu = 12.0 * (1.0 + 0.25 * index as f64);
    let p = (1.0 - 0.02 * index as f64) / (1.0 + (-(hold.ln() - f64::ln(mu)) / 0.12).exp());
    (p * f64::from(n)).round() as u32
}
const NAMES: [&str; 8] = ["oem-5v1a", "clone-5v2a", "long-cable", "usb-hub-port", "poe-splitter-12w", "bench-supply", "car-adapter-with-a-long-name-2m-cable", "old-oem"];

pub fn sample(adapters: usize, holds: &[f64], n: u32, rich: bool) -> Analysis {
    let names = &NAMES[..adapters];
    let mut bench = Bench::new("019382a0-0000-7000-8000-000000000001", names, holds, n, 4);
    if rich {
        bench.started.suite.limits = vec![rate_limit(30.0, 0.6), rate_limit(20.0, 0.95), max_limit("boot_s", 100.0, 0.1)];
        bench.started.warnings = vec!["the coil has no hardware one-shot".into()];
    }
    let mut bench = bench.start();
    for (index, adapter) in names.iter().enumerate() {
        for &hold in holds {
            for r in 0..n {
                let reset = r < curve(index, hold, n);
                let mut v = if reset { Verdict::FactoryReset } else { Verdict::NoResponse };
                if rich && index == 1 && hold == 10.0 && r == 2 { v = Verdict::Inconclusive; }
                if rich && index == 2 && hold == 5.0 && r == 1 { v = Verdict::NotReady; }
                if rich && index == 2 && hold == 45.0 && r == 0 { v = Verdict::PartialReset; }
                if rich && index == 0 && hold == 3.0 && r == 4 {
                    bench.begin(None, press(adapter, hold), Origin::Planned);
                    bench.wait(33.0);
                    bench.fault(FaultKind::Disobeyed, "no coil edge was read back within 50 ms of the order");
                    let s = bench_last(&bench);
                    bench.trial_at(Some(s), press(adapter, hold), v, crate::domain::verdict::Level::Proved);
                    continue;
                }
                bench.trial(press(adapter, hold), v);
            }
        }
        for _ in 0..4 { bench.trial(sham(adapter), Verdict::NoResponse); }
    }
    let mut fold = fold(&bench.finish(FinishReason::Complete));
    fold.journal_head = Some("6f2c".repeat(16));
    let mut a = Analysis::pool(vec![fold]).unwrap();
    for (i, r) in a.responses.iter_mut().enumerate() {
        let idx = NAMES.iter().position(|n| *n == r.group.adapter.as_str()).unwrap();
        if holds.len() < 3 { continue; }
        let mu: f64 = 12.0 * (1.0 + 0.25 * idx as f64);
        r.curve = Some(Curve { link: Link::Logistic, ln_mu: mu.ln(), s: 0.12, lapse: 0.02 * idx as f64, guess: 0.004 });
        let t = |q: &'static str, v: Option<f64>, lo, hi, st| Threshold { quantity: q, edge: "from", value_s: v, lo_s: lo, hi_s: hi, confidence: 0.95, method: "profile_likelihood", status: st };
        r.thresholds = vec![
            t("hold50", Some(mu), Some(mu * 0.93), Some(mu * 1.07), "ok"),
            match i % 3 { 0 => t("hold95", Some(mu * 1.4), Some(mu * 1.25), Some(mu * 1.8), "ok"), 1 => t("hold95", Some(mu * 1.5), Some(mu * 1.3), None, "open_above"), _ => t("hold95", None, None, None, "none") },
            t("hold99", None, Some(mu * 1.5), None, "open_above"),
            t("hold95_rel", Some(mu * 1.42), Some(mu * 1.2), Some(mu * 1.7), "ok"),
        ];
    }
    a
}
fn bench_last(b: &Bench) -> u32 { b.last_slot() }

#[test]
fn look() {
    std::fs::create_dir_all("/tmp/look").unwrap();
    let many: Vec<f64> = (0..20).map(|i| (10.0 * 2.0 * 1.19_f64.powi(i)).round() / 10.0).collect();
    for (name, a) in [("1x1", sample(1, &[30.0], 10, false)), ("3x7", sample(3, &[3.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0], 10, true)), ("8x20", sample(8, &many, 12, true)), ("2x5", sample(2, &[5.0, 10.0, 15.0, 20.0, 30.0], 40, false))] {
        let svg = super::chart::success_by_hold(&a);
        std::fs::write(format!("/tmp/look/{name}.svg"), &svg).unwrap();
        std::fs::write(format!("/tmp/look/{name}.png"), super::png::png(&svg).unwrap()).unwrap();
        std::fs::write(format!("/tmp/look/{name}.html"), super::html::html(&a)).unwrap();
        std::fs::write(format!("/tmp/look/{name}.cells.csv"), super::csv::cells(&a)).unwrap();
        std::fs::write(format!("/tmp/look/{name}.trials.csv"), super::csv::trials(&a)).unwrap();
        std::fs::write(format!("/tmp/look/{name}.junit.xml"), super::junit::junit(&a)).unwrap();
        std::fs::write(format!("/tmp/look/{name}.summary.json"), super::summary::summary(&a)).unwrap();
        std::fs::write(format!("/tmp/look/{name}.txt"), super::terminal::table(&a, Some(100))).unwrap();
    }
}

//! Reports: each is a pure function from an [`Analysis`](crate::analysis::Analysis) to bytes, so that a report made during a run and one made
//! from its journal years later are the same. [`terminal`] turns events to lines for a screen.

pub mod capture;
pub mod chart;
pub mod compare;
pub mod csv;
#[cfg(test)]
pub(crate) mod golden;
pub mod html;
pub mod junit;
pub mod png;
pub mod record;
pub mod rejudged;
pub mod seen;
pub mod steps;
pub mod summary;
pub mod terminal;
pub mod words;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, press, sham};
    use crate::analysis::{Analysis, RunFold};
    use crate::domain::verdict::Verdict;
    use proptest::prelude::*;

    const VERDICTS: [Verdict; 6] = [
        Verdict::FactoryReset,
        Verdict::NoResponse,
        Verdict::Inconclusive,
        Verdict::NotReady,
        Verdict::PartialReset,
        Verdict::RebootOnly,
    ];

    /// A run of `trials` = (hold, verdict, sham or not), on one of three units.
    fn run(id: usize, trials: &[(usize, usize, bool)]) -> RunFold {
        let mut bench = Bench::new(&format!("run-{id}"), &["oem"], &[5.0, 10.0, 20.0], 3, 1);
        bench.started.dut_serial = ["u0", "u1", "u2"][id % 3].into();
        bench.stroke_s += id as f64 * 1e-6;
        let mut bench = bench.start();
        for &(hold, verdict, control) in trials {
            let condition = if control { sham("oem") } else { press("oem", [5.0, 10.0, 20.0][hold]) };
            bench.trial(condition, VERDICTS[verdict]);
        }
        fold(&bench.events())
    }

    fn everything(analysis: &Analysis) -> Vec<Vec<u8>> {
        let svg = chart::success_by_hold(analysis);
        vec![
            csv::trials(analysis),
            csv::cells(analysis),
            csv::thresholds(analysis),
            summary::summary(analysis),
            html::html(analysis),
            svg,
            junit::junit(analysis),
            terminal::table(analysis, None, terminal::Look::PLAIN).into_bytes(),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_order_of_pooled_runs_does_not_matter_and_reports_are_the_same_twice(
            runs in prop::collection::vec(prop::collection::vec((0..3_usize, 0..6_usize, prop::bool::weighted(0.1)), 0..12), 1..5),
            turn in 0..5_usize,
        ) {
            let mut folds: Vec<RunFold> = runs.iter().enumerate().map(|(id, trials)| run(id, trials)).collect();
            let straight = everything(&Analysis::pool(folds.clone()).unwrap());
            let again = everything(&Analysis::pool(folds.clone()).unwrap());
            folds.rotate_left(turn % runs.len());
            folds.reverse();
            let turned = everything(&Analysis::pool(folds).unwrap());
            prop_assert!(straight == again && straight == turned);
        }

        #[test]
        fn every_trial_is_in_one_cell(trials in prop::collection::vec((0..3_usize, 0..6_usize, any::<bool>()), 0..30)) {
            let analysis = Analysis::pool(vec![run(0, &trials)]).unwrap();
            let counted: u32 = analysis.cells.iter().map(|cell| {
                cell.tally.n_with_inconclusive() + cell.tally.of(Verdict::NotReady) + cell.tally.lost
            }).sum();
            prop_assert_eq!(counted as usize, trials.len());
        }
    }

    #[test]
    fn the_page_is_one_file_and_escapes_what_it_is_given() {
        let mut bench = Bench::new("run", &["<b>&"], &[5.0], 1, 0);
        bench.started.dut_serial = "<script>".into();
        let mut bench = bench.start();
        bench.trial(press("<b>&", 5.0), Verdict::Dead);
        let page = String::from_utf8(html::html(&Analysis::pool(vec![fold(&bench.events())]).unwrap())).unwrap();
        assert!(!page.contains("<script") && !page.contains("<b>&"));
        // Nothing is loaded: no address but places in the page, an empty icon, and the name space of the drawing.
        let rest = page.replace("href=\"#", "").replace("href=\"data:,\"", "").replace("url(#", "");
        let loads = ["href=", "src=", "url(", "@import"];
        assert!(loads.iter().all(|word| !rest.contains(word)));
        assert_eq!(page.matches("http").count(), page.matches("http://www.w3.org/2000/svg").count());
    }

    #[test]
    fn the_chart_becomes_a_picture_of_twice_its_size() {
        let mut bench = Bench::new("run", &["oem"], &[5.0], 1, 0).start();
        bench.trial(press("oem", 5.0), Verdict::FactoryReset);
        let svg = chart::success_by_hold(&Analysis::pool(vec![fold(&bench.events())]).unwrap());
        let picture = png::png(&svg).unwrap();
        assert_eq!(&picture[1..4], b"PNG");
        assert_eq!(u32::from_be_bytes(picture[16..20].try_into().unwrap()), 1240);
        assert!(png::png(b"no drawing").is_err());
    }
}

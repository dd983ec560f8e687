//! Drawings of all sizes of suites: no text lies over another or leaves the sheet, with the widths of a real font; and golden drawings.

use super::canvas::text_width;
use super::{Figure, figures, success_by_hold, themed};
use crate::analysis::Analysis;
use crate::analysis::RunFold;
use crate::analysis::testkit::{Bench, fold, max_limit, press, rate_limit, sham};
use crate::domain::condition::{Condition, Origin};
use crate::domain::suite::DesignKind;
use crate::domain::units::Volts;
use crate::domain::verdict::{Level, Verdict};
use crate::report::golden;
use crate::report::png::options;
use resvg::usvg::{Group, Node, Rect, Tree};

/// A text: its words, the size of its letters, and the box that it takes in DejaVu Sans, which is wider than most.
type Printed = (String, f64, Rect);

/// Every text of a drawing, and the size of the sheet.
fn texts(svg: &[u8]) -> (Vec<Printed>, (f32, f32)) {
    fn walk(group: &Group, found: &mut Vec<Printed>) {
        for node in group.children() {
            match node {
                Node::Group(group) => walk(group, found),
                Node::Text(text) => {
                    let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                    let scale = f64::from(text.abs_transform().sy);
                    let size = text.chunks()[0].spans()[0].font_size().get();
                    found.push((words, f64::from(size) * scale, text.abs_bounding_box()));
                }
                _ => {}
            }
        }
    }
    let tree = Tree::from_data(svg, &options()).unwrap();
    let mut found = Vec::new();
    walk(tree.root(), &mut found);
    (found, (tree.size().width(), tree.size().height()))
}

/// Asserts that a drawing can be read.
pub(super) fn readable(name: &str, svg: &[u8]) {
    let (texts, (width, height)) = texts(svg);
    assert!(!texts.is_empty(), "{name}: no text");
    for (index, (words, size, area)) in texts.iter().enumerate() {
        let inside = area.left() >= -0.5 && area.top() >= -0.5 && area.right() <= width + 0.5 && area.bottom() <= height + 0.5;
        assert!(inside, "{name}: \"{words}\" leaves the sheet: {area:?}");
        assert!(f64::from(area.width()) <= text_width(words, *size) + 1.0, "{name}: \"{words}\" is wider than was reckoned with");
        for (other, _, taken) in &texts[index + 1..] {
            // Boxes hold the ascenders and descenders of the whole font: half a pixel of them is no ink.
            let apart = area.right() <= taken.left()
                || taken.right() <= area.left()
                || area.bottom() <= taken.top() + 0.5
                || taken.bottom() <= area.top() + 0.5;
            assert!(apart, "{name}: \"{words}\" and \"{other}\" overlap: {area:?} {taken:?}");
        }
    }
}

struct Size {
    adapters: usize,
    volts: usize,
    holds: usize,
    replicates: u32,
    units: usize,
    long_names: bool,
}

const ONE: Size = Size { adapters: 1, volts: 0, holds: 1, replicates: 1, units: 1, long_names: false };

fn adapters(size: &Size) -> Vec<String> {
    let name = |index: usize| match size.long_names {
        true => format!("bench-supply-with-a-rather-long-name-and-cable-{index}"),
        false => format!("clone-5v{index}a"),
    };
    (0..size.adapters).map(name).collect()
}

/// Presses at all places: longer holds reset more often, the last adapter never above one half, the lowest voltage is never ready.
fn run(unit: usize, size: &Size) -> RunFold {
    let names = adapters(size);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let ratio = 20.0_f64.powf(1.0 / (size.holds.max(2) - 1) as f64);
    let holds: Vec<f64> = (0..size.holds).map(|index| (3.0 * ratio.powi(index as i32) * 100.0).round() / 100.0).collect();
    let volts: Vec<Option<Volts>> = match size.volts {
        0 => vec![None],
        count => (0..count).map(|index| Some(Volts::new(4.4 + 0.15 * index as f64))).collect(),
    };
    let mut bench = Bench::new(&format!("run-{unit}"), &names, &holds, size.replicates, 1);
    bench.started.dut_serial = format!("AMC{unit:04}").as_str().into();
    bench.stroke_s += unit as f64 * 1e-6;
    bench.started.suite.factors.supply_v = volts.iter().flatten().copied().collect();
    bench.started.suite.limits = vec![rate_limit(holds[size.holds / 2], 0.6), max_limit("boot_s", 120.0, 0.1)];
    let mut bench = bench.start();
    for turn in 0..size.replicates {
        for (a, adapter) in names.iter().enumerate() {
            for (v, &supply_v) in volts.iter().enumerate() {
                for (h, &hold) in holds.iter().enumerate() {
                    let share = h as f64 / size.holds.max(2) as f64 + 0.03 * v as f64 + f64::from(turn * 7 % 10) / 20.0;
                    let weak = size.adapters > 1 && a + 1 == size.adapters && turn % 2 == 0;
                    let verdict = match share {
                        _ if size.volts > 1 && v == 0 => Verdict::NotReady,
                        share if share > 0.6 && !weak => Verdict::FactoryReset,
                        _ => Verdict::NoResponse,
                    };
                    bench.trial(Condition { supply_v, ..press(adapter, hold) }, verdict);
                }
            }
        }
    }
    names.iter().for_each(|name| bench.trial(sham(name), Verdict::NoResponse));
    fold(&bench.events())
}

fn analysis(size: &Size) -> Analysis {
    Analysis::pool((0..size.units).map(|unit| run(unit, size)).collect()).unwrap()
}

fn names(figures: &[Figure]) -> Vec<&str> {
    figures.iter().map(|figure| figure.name.as_str()).collect()
}

#[test]
fn no_text_lies_over_another_at_any_size_of_suite() {
    let sizes = [
        ONE,
        Size { replicates: 12, ..ONE },
        Size { adapters: 2, holds: 2, replicates: 2, ..ONE },
        Size { adapters: 3, holds: 7, replicates: 6, ..ONE },
        Size { adapters: 4, holds: 24, replicates: 1, ..ONE },
        Size { adapters: 8, holds: 20, replicates: 4, ..ONE },
        Size { adapters: 8, holds: 20, replicates: 1, long_names: true, ..ONE },
        Size { volts: 5, holds: 3, replicates: 5, ..ONE },
        Size { adapters: 2, volts: 4, holds: 4, replicates: 3, units: 3, long_names: true },
        Size { adapters: 7, volts: 3, holds: 2, replicates: 1, units: 4, long_names: false },
    ];
    for size in &sizes {
        for figure in figures(&analysis(size)) {
            let place = format!("{} of {} x {} x {} x {}", figure.name, size.adapters, size.volts, size.holds, size.units);
            readable(&place, &figure.svg);
        }
    }
}

#[test]
fn long_names_are_cut_where_they_are_alike() {
    let size = Size { adapters: 2, volts: 4, holds: 4, replicates: 3, units: 3, long_names: true };
    let groups = 2 * 4 * 3;
    for figure in figures(&analysis(&size)) {
        let mut cut: Vec<String> =
            texts(&figure.svg).0.into_iter().map(|text| text.0).filter(|text| text.contains('…')).collect();
        cut.sort();
        cut.dedup();
        // Fits alone have residuals: places that were never ready have none.
        let least = if figure.name == "residuals" { groups / 2 } else { groups };
        assert!(cut.len() >= least, "{}: {} names differ, {least} places were tried", figure.name, cut.len());
    }
}

#[test]
fn a_design_that_chose_its_holds_is_drawn_in_bins() {
    let mut bench = Bench::new("run", &["oem", "clone"], &[1.0], 1, 0);
    bench.started.suite.design.kind = DesignKind::Adaptive;
    let mut bench = bench.start();
    for step in 0..90_u32 {
        for adapter in ["oem", "clone"] {
            let hold = 1.0 + 0.66 * f64::from(step);
            bench.begin(None, press(adapter, hold), Origin::Chosen("widest".to_owned()));
            bench.measure("hold_s", hold, None);
            bench.judge(if step > 20 { Verdict::FactoryReset } else { Verdict::NoResponse }, Level::Proved);
        }
    }
    let figures = figures(&Analysis::pool(vec![fold(&bench.events())]).unwrap());
    assert_eq!(
        names(&figures),
        ["success-by-hold", "shmoo", "thresholds", "sharing", "holds-by-trial", "precision", "residuals"]
    );
    figures.iter().for_each(|figure| readable(&figure.name, &figure.svg));
}

#[test]
fn a_figure_stands_only_where_there_are_data_for_it() {
    let one = figures(&analysis(&ONE));
    assert_eq!(names(&one), ["success-by-hold", "thresholds", "boot-times"], "one row is no shmoo, and one press no fit");
    let empty = Bench::new("run", &["oem"], &[5.0], 1, 0).start();
    let empty = figures(&Analysis::pool(vec![fold(&empty.events())]).unwrap());
    assert_eq!(names(&empty), ["success-by-hold"]);
    readable("nothing", &empty[0].svg);
    let grid = figures(&analysis(&Size { adapters: 3, holds: 7, replicates: 6, ..ONE }));
    assert_eq!(names(&grid), ["success-by-hold", "shmoo", "thresholds", "boot-times", "residuals"]);
}

#[test]
fn no_drawing_grows_with_the_number_of_trials() {
    let few = figures(&analysis(&Size { adapters: 2, holds: 3, replicates: 10, ..ONE }));
    let many = figures(&analysis(&Size { adapters: 2, holds: 3, replicates: 150, ..ONE }));
    for (few, many) in few.iter().zip(&many) {
        let (small, large) = (few.svg.len(), many.svg.len());
        assert!(large < small + small / 2 + 6000, "{}: {small} and {large} bytes", few.name);
    }
}

#[test]
fn a_page_can_set_every_neutral_colour() {
    let svg = String::from_utf8(success_by_hold(&golden::analysis())).unwrap();
    let themed = themed(&svg);
    for (colour, variable) in [("#1B1F24", "--ink"), ("#57606A", "--muted"), ("#D0D7DE", "--grid"), ("#FFFFFE", "--surface")] {
        assert!(svg.contains(colour) && !themed.contains(colour) && themed.contains(variable), "{variable}");
    }
}

#[test]
fn golden_drawings_are_byte_for_byte_the_same() {
    let analysis = golden::analysis();
    for figure in figures(&analysis) {
        golden::check(&format!("small-{}.svg", figure.name), &figure.svg);
    }
    // The small run is too small for a fit: this one has all that a fit gives.
    let fitted = self::analysis(&Size { adapters: 2, holds: 4, replicates: 8, ..ONE });
    for figure in figures(&fitted)
        .into_iter()
        .filter(|figure| matches!(figure.name.as_str(), "success-by-hold" | "thresholds" | "residuals"))
    {
        golden::check(&format!("fitted-{}.svg", figure.name), &figure.svg);
    }
}

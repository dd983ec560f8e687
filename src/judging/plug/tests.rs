//! Plug decoding: power states, restarts, extremes.

use super::*;
use crate::domain::observation::{CurrentEvent, PowerState};
use crate::judging::testing;
use PowerState::{Off, On, OverVoltage, Sagging};
use proptest::prelude::*;

const VOLTS_LSB: f64 = 0.001;
const AMPS_LSB: f64 = 0.0001;

fn decoder() -> PlugDecoder {
    PlugDecoder::new(&testing::profile().supply, VOLTS_LSB, AMPS_LSB).unwrap()
}

/// Runs of a level: value and milliseconds.
fn codes(runs: &[(f64, usize)], lsb: f64, period_us: usize) -> Vec<i16> {
    runs.iter().flat_map(|&(value, ms)| std::iter::repeat_n((value / lsb).round() as i16, ms * 1000 / period_us)).collect()
}

fn power(runs: &[(f64, usize)]) -> Vec<(u64, PowerState)> {
    let mut out = Vec::new();
    decoder().volts(Tick(0), Seconds::from_micro(500), &codes(runs, VOLTS_LSB, 500), &mut out);
    out.into_iter()
        .map(|(at, fact)| match fact {
            Observation::Power { state } => (at.0, state),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn restarts(runs: &[(f64, usize)]) -> Vec<u64> {
    let mut out = Vec::new();
    decoder().amps(Tick(0), Seconds::from_micro(500), &codes(runs, AMPS_LSB, 500), &mut out);
    assert!(out.iter().all(|(_, fact)| *fact == Observation::Current { event: CurrentEvent::Restart }));
    out.into_iter().map(|(at, _)| at.0).collect()
}

#[test]
fn the_supply_is_told_with_the_moment_it_changed() {
    let found = power(&[(0.0, 100), (5.0, 200), (4.5, 100), (5.0, 100), (5.5, 100), (5.0, 100), (0.1, 50)]);
    let expected =
        [(0, Off), (100_000, On), (300_000, Sagging), (400_000, On), (500_000, OverVoltage), (600_000, On), (700_000, Off)];
    assert_eq!(found, expected);
}

#[test]
fn a_dip_that_an_adapter_bridges_is_no_finding_and_a_longer_one_is() {
    assert_eq!(power(&[(5.0, 200), (3.0, 9), (5.0, 200)]), [(0, On)]);
    assert_eq!(power(&[(5.0, 200), (3.0, 12), (5.0, 200)]), [(0, On), (200_000, Sagging), (212_000, On)]);
}

#[test]
fn ripple_across_the_lower_bound_is_one_sag() {
    let ripple: Vec<(f64, usize)> = (0..50).flat_map(|_| [(4.70, 12), (4.76, 8)]).collect();
    let found = power(&[&[(5.0, 200)], &ripple[..], &[(5.0, 200)]].concat());
    assert_eq!(found.iter().map(|(_, state)| *state).collect::<Vec<_>>(), [On, Sagging, On]);
}

#[test]
fn within_the_hysteresis_nothing_comes_back() {
    assert_eq!(power(&[(5.0, 200), (4.7, 100), (4.79, 1000)]).last(), Some(&(200_000, Sagging)));
    assert_eq!(power(&[(5.0, 200), (4.7, 100), (4.81, 1000)]).last(), Some(&(300_000, On)));
}

#[test]
fn a_current_that_falls_and_comes_back_is_a_restart() {
    assert_eq!(restarts(&[(0.4, 3000), (0.02, 300), (0.3, 1000)]), [3_000_000]);
    assert_eq!(restarts(&[(0.4, 3000), (0.0, 1000), (0.4, 2000), (0.05, 20), (0.4, 500)]), [3_000_000, 6_000_000]);
}

#[test]
fn a_short_notch_a_load_that_goes_and_a_power_cut_are_no_restart() {
    assert!(restarts(&[(0.4, 3000), (0.0, 8), (0.4, 1000)]).is_empty(), "notch");
    assert!(restarts(&[(0.4, 3000), (0.2, 500), (0.4, 1000)]).is_empty(), "half the load went");
    assert!(restarts(&[(0.4, 3000), (0.0, 5000), (0.4, 2000)]).is_empty(), "it was switched off");
    assert!(restarts(&[(0.0, 3000), (0.4, 2000)]).is_empty(), "it was switched on");
    assert!(restarts(&[(0.4, 3000), (0.0, 500)]).is_empty(), "it has not come back");
}

#[test]
fn measurements_count_from_the_mark_and_the_trial() {
    let mut decoder = decoder();
    assert_eq!(decoder.stats(), PlugStats::default());
    let (mut out, period) = (Vec::new(), Seconds::from_micro(500));
    decoder.volts(Tick(0), period, &[5000, 4000], &mut out);
    decoder.mark();
    decoder.volts(Tick(1000), period, &[5000, 4900, 5100], &mut out);
    decoder.amps(Tick(1000), period, &[4000, 9000], &mut out);
    let stats = decoder.stats();
    let volts = stats.volts.unwrap();
    assert!((volts.min - 4.9).abs() < 1e-9 && (volts.max - 5.1).abs() < 1e-9 && (volts.mean - 5.0).abs() < 1e-9, "{volts:?}");
    assert!((stats.amps.unwrap().max - 0.9).abs() < 1e-9);
    decoder.reset();
    assert_eq!(decoder.stats(), PlugStats::default());
}

#[test]
fn a_hole_confirms_nothing() {
    let (mut decoder, mut out) = (decoder(), Vec::new());
    let period = Seconds::from_micro(500);
    decoder.volts(Tick(0), period, &[5000; 15], &mut out);
    decoder.volts(Tick(90_000_000), period, &[5000; 15], &mut out);
    assert!(out.is_empty());
}

#[test]
fn a_scale_that_is_no_positive_number_is_refused() {
    for (volts, amps) in [(0.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0)] {
        assert!(PlugDecoder::new(&testing::profile().supply, volts, amps).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cutting_the_streams_anywhere_changes_nothing(
        volts in prop::collection::vec((0.0_f64..6.0, 1_usize..80), 1..10),
        amps in prop::collection::vec((0.0_f64..1.0, 1_usize..1500), 1..10),
        shares in prop::collection::vec(0.0_f64..1.0, 0..9),
    ) {
        let run = |cut: bool| {
            let (mut decoder, mut out) = (decoder(), Vec::new());
            for (codes, is_volts) in [(codes(&volts, VOLTS_LSB, 250), true), (codes(&amps, AMPS_LSB, 250), false)] {
                let mut cuts: Vec<usize> = shares.iter().filter(|_| cut).map(|share| (share * codes.len() as f64) as usize).collect();
                cuts.extend([0, codes.len()]);
                cuts.sort_unstable();
                for pair in cuts.windows(2) {
                    let (start, part) = (Tick(pair[0] as u64 * 250), &codes[pair[0]..pair[1]]);
                    if is_volts {
                        decoder.volts(start, Seconds::from_micro(250), part, &mut out);
                    } else {
                        decoder.amps(start, Seconds::from_micro(250), part, &mut out);
                    }
                }
            }
            (out, decoder.stats())
        };
        prop_assert_eq!(run(true), run(false));
    }
}

//! Plug decoding: power states, restarts, extremes.

use super::*;
use crate::domain::observation::{CurrentEvent, PowerState};
use crate::domain::units::Amps;
use crate::judging::testing;
use CurrentEvent::{Erase, Infrared, Motor, Restart};
use PowerState::{Off, On, OverVoltage, Sagging};
use proptest::prelude::*;

const VOLTS_LSB: f64 = 0.001;
const AMPS_LSB: f64 = 0.0001;

fn with_signs(signs: &CurrentSigns) -> PlugDecoder {
    PlugDecoder::new(&testing::profile().supply, signs, VOLTS_LSB, AMPS_LSB).unwrap()
}

fn decoder() -> PlugDecoder {
    with_signs(&CurrentSigns::default())
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

/// Lamps of 0.3 A, a motor of 0.15 A, an erase of 0.07 A.
fn signs() -> CurrentSigns {
    let amps = |value| Some(Amps::new(value));
    CurrentSigns { infrared_a: amps(0.3), motor_a: amps(0.15), erase_a: amps(0.07) }
}

/// Events with the millisecond at which they began; with ripple of the mains and some noise on top.
fn events_of(signs: &CurrentSigns, runs: &[(f64, usize)], ripple: f64) -> Vec<(u64, CurrentEvent)> {
    let mut codes = codes(runs, AMPS_LSB, 500);
    for (n, code) in codes.iter_mut().enumerate() {
        let wave = (std::f64::consts::TAU * 100.0 * n as f64 * 0.0005).sin() * ripple;
        let noise = ((n * 7919) % 101) as f64 / 101.0 * 0.016 - 0.008;
        *code = (f64::from(*code) * (1.0 + wave) + noise / AMPS_LSB).round().max(0.0) as i16;
    }
    let mut out = Vec::new();
    with_signs(signs).amps(Tick(0), Seconds::from_micro(500), &codes, &mut out);
    let event = |fact| match fact {
        Observation::Current { event } => event,
        other => panic!("{other:?}"),
    };
    out.into_iter().map(|(at, fact)| (at.0 / 1000, event(fact))).collect()
}

fn events(runs: &[(f64, usize)]) -> Vec<CurrentEvent> {
    events_of(&signs(), runs, 0.1).into_iter().map(|(_, event)| event).collect()
}

#[test]
fn what_the_camera_does_is_told_once_when_it_begins() {
    let told = events_of(&signs(), &[(0.4, 6000), (0.7, 20_000), (0.4, 5000), (0.55, 2000), (0.4, 2000), (0.47, 2000)], 0.1);
    let near = |(at, event): (u64, CurrentEvent), expected: (u64, CurrentEvent)| {
        assert!(event == expected.1 && at.abs_diff(expected.0) <= 50, "{told:?}");
    };
    assert_eq!(told.len(), 3, "{told:?}");
    near(told[0], (6000, Infrared));
    near(told[1], (31_000, Motor));
    near(told[2], (35_000, Erase));
}

#[test]
fn one_thing_may_begin_while_another_goes_on() {
    assert_eq!(
        events(&[(0.4, 6000), (0.7, 2000), (0.85, 1000), (0.7, 1000), (0.85, 1000), (0.4, 2000)]),
        [Infrared, Motor, Motor]
    );
}

#[test]
fn a_rise_within_thirty_percent_counts_and_another_does_not() {
    for (rise, told) in [(0.22, true), (0.38, true), (0.25, true), (0.2, false), (0.45, false), (0.1, false)] {
        assert_eq!(events(&[(0.4, 6000), (0.4 + rise, 2000)]) == [Infrared], told, "{rise}");
    }
}

#[test]
fn a_rise_shorter_than_three_tenths_of_a_second_is_no_event() {
    assert!(events(&[(0.4, 6000), (0.7, 230), (0.4, 2000), (0.55, 200), (0.4, 2000)]).is_empty());
}

#[test]
fn signs_that_cannot_be_told_apart_are_none() {
    let alike =
        CurrentSigns { motor_a: Some(Amps::new(0.25)), infrared_a: Some(Amps::new(0.24)), erase_a: Some(Amps::new(0.08)) };
    let runs = [(0.4, 6000), (0.65, 2000), (0.4, 2000), (0.48, 2000)];
    assert_eq!(events_of(&alike, &runs, 0.1).into_iter().map(|(_, event)| event).collect::<Vec<_>>(), [Erase]);
}

#[test]
fn a_current_that_flickers_about_the_bound_is_one_event() {
    // 30 % less than the lamps' 0.3 A is 0.21 A.
    let lamps = CurrentSigns { infrared_a: signs().infrared_a, ..CurrentSigns::default() };
    let flicker: Vec<(f64, usize)> = (0..20).flat_map(|_| [(0.6, 400), (0.63, 400)]).collect();
    let told = events_of(&lamps, &[&[(0.4, 6000)], &flicker[..], &[(0.4, 2000)]].concat(), 0.1);
    assert_eq!(told.into_iter().map(|(_, event)| event).collect::<Vec<_>>(), [Infrared]);
}

#[test]
fn slow_drift_is_no_event() {
    let drift: Vec<(f64, usize)> = (0..300).map(|n| (0.4 + 0.001 * f64::from(n), 1000)).collect();
    assert!(events(&drift).is_empty());
}

#[test]
fn a_brown_out_and_the_boot_after_it_are_a_restart_and_no_motor() {
    let boot = [(0.02, 300), (0.25, 4000), (0.32, 4000), (0.4, 6000)];
    assert_eq!(events(&[&[(0.4, 6000)], &boot[..]].concat()), [Restart]);
    assert_eq!(
        events(&[&[(0.4, 6000)], &boot[..], &[(0.55, 1000)]].concat()),
        [Restart, Motor],
        "and the motor after that is one"
    );
    let off = [(0.0, 8000), (0.25, 4000), (0.4, 6000)];
    assert!(events(&[&[(0.4, 6000)], &off[..]].concat()).is_empty(), "switched off and on");
}

#[test]
fn a_notch_that_the_adapter_bridges_forgets_nothing() {
    assert_eq!(events(&[(0.4, 6000), (0.7, 2000), (0.0, 8), (0.7, 2000), (0.4, 1000), (0.7, 1000)]), [Infrared, Infrared]);
}

#[test]
fn a_restart_is_seen_in_ripple_after_load_steps_and_with_lamps_on() {
    for ripple in [0.0, 0.2, 0.4] {
        let runs = [(0.4, 6000), (0.7, 4000), (0.85, 1000), (0.7, 1000), (0.03, 300), (0.3, 1000)];
        let told: Vec<CurrentEvent> = events_of(&signs(), &runs, ripple).into_iter().map(|(_, event)| event).collect();
        assert_eq!(told.last(), Some(&Restart), "{ripple}: {told:?}");
        assert_eq!(told.iter().filter(|event| **event == Restart).count(), 1, "{ripple}: {told:?}");
    }
}

#[test]
fn lamps_that_draw_four_times_the_camera_are_no_restart_when_they_go_out() {
    let bright = CurrentSigns { infrared_a: Some(Amps::new(0.5)), ..CurrentSigns::default() };
    let runs = [(0.15, 6000), (0.65, 3000), (0.15, 200), (0.65, 3000), (0.15, 3000)];
    let told: Vec<CurrentEvent> = events_of(&bright, &runs, 0.05).into_iter().map(|(_, event)| event).collect();
    assert!(!told.contains(&Restart), "{told:?}");
    assert_eq!(told[0], Infrared);
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
        assert!(PlugDecoder::new(&testing::profile().supply, &CurrentSigns::default(), volts, amps).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cutting_the_streams_anywhere_changes_nothing(
        volts in prop::collection::vec((0.0_f64..6.0, 1_usize..80), 1..10),
        amps in prop::collection::vec((0.0_f64..1.0, 1_usize..5000), 1..10),
        shares in prop::collection::vec(0.0_f64..1.0, 0..9),
    ) {
        let run = |cut: bool| {
            let (mut decoder, mut out) = (with_signs(&signs()), Vec::new());
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

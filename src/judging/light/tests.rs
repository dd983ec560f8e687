//! Light decoding: rates, steadiness, flicker, noise, and that cutting a stream changes nothing.

use super::*;
use crate::domain::observation::{LightPattern, LightShape};
use proptest::prelude::*;
use std::f64::consts::TAU;

mod colours;
mod trouble;

const LSB: f64 = 1.0 / 32767.0;
const SETTINGS: LightSettings = LightSettings { dark: 0.02, lit: 0.4, lsb: LSB };

/// A light over time: brightness from 0 (dark) to 1 (lit) at each moment in seconds.
struct Scene {
    period_us: u64,
    noise: f64,
    seed: u32,
}

impl Scene {
    fn quiet() -> Self {
        Self { period_us: 1000, noise: 0.0, seed: 1 }
    }

    fn noisy(seed: u32) -> Self {
        Self { period_us: 1000, noise: 0.03, seed }
    }

    /// Roughly normal noise from a small generator, so that the codes are the same on every machine.
    fn codes(&self, length_s: f64, light: impl Fn(f64) -> f64) -> Vec<i16> {
        let mut state = self.seed | 1;
        let mut uniform = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            f64::from(state) / f64::from(u32::MAX) - 0.5
        };
        (0..(length_s * 1e6) as u64 / self.period_us)
            .map(|n| {
                let noise = self.noise * (uniform() + uniform() + uniform()) * 2.0;
                let share = 0.02 + 0.38 * light((n * self.period_us) as f64 * 1e-6) + noise;
                (share.clamp(-1.0, 1.0) / LSB) as i16
            })
            .collect()
    }

    fn decode(&self, length_s: f64, light: impl Fn(f64) -> f64) -> Vec<(f64, LightPattern)> {
        decode(&self.codes(length_s, light), self.period_us, &[])
    }
}

fn decode(codes: &[i16], period_us: u64, cuts: &[usize]) -> Vec<(f64, LightPattern)> {
    let mut decoder = LightDecoder::new(SETTINGS).unwrap();
    let mut out = Vec::new();
    let mut from = 0;
    for to in cuts.iter().copied().chain([codes.len()]) {
        let start = Tick(from as u64 * period_us);
        decoder.feed(start, Seconds::from_micro(period_us as i64), &codes[from..to], &mut out);
        from = to;
    }
    out.into_iter()
        .map(|(at, fact)| match fact {
            Observation::Light(pattern) => (at.0 as f64 * 1e-6, pattern),
            other => panic!("a light decoder told {other:?}"),
        })
        .collect()
}

fn blink(hz: f64, duty: f64) -> impl Fn(f64) -> f64 {
    move |t| f64::from(u8::from((t * hz).fract() < duty))
}

fn shapes(found: &[(f64, LightPattern)]) -> Vec<LightShape> {
    found.iter().map(|(_, pattern)| pattern.shape).collect()
}

fn near(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance
}

#[test]
fn a_steady_light_is_told_once_with_the_moment_it_began() {
    let found = Scene::noisy(3).decode(20.0, |t| f64::from(u8::from(t >= 5.0)));
    assert_eq!(shapes(&found), [LightShape::Off, LightShape::Solid]);
    assert!(near(found[0].0, 0.0, 0.002) && near(found[1].0, 5.0, 0.01), "{found:?}");
}

#[test]
fn steadiness_is_decided_after_three_seconds_and_not_before() {
    let told = |length_s| Scene::quiet().decode(length_s, |t| f64::from(u8::from(t >= 5.0))).len();
    assert_eq!((told(7.95), told(8.05)), (1, 2));
}

#[test]
fn blinks_from_a_fifth_to_ten_hertz_are_measured_within_two_periods() {
    for hz in [0.2, 0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 8.0, 10.0] {
        for seed in 1..4 {
            // A steady light for 4 s, then dark and lit in turn; the fifth edge is two periods after the first.
            let light = move |t: f64| if t < 4.0 { 1.0 } else { 1.0 - blink(hz, 0.5)(t - 4.0) };
            let found = Scene::noisy(seed).decode(4.0 + 2.0 / hz + 0.03, light);
            let &[(_, first), (began, pattern)] = &found[..] else { panic!("{hz} Hz: {found:?}") };
            assert_eq!((first.shape, pattern.shape), (LightShape::Solid, LightShape::Blink), "{hz} Hz");
            assert!(near(pattern.hz.unwrap().get(), hz, 0.1 * hz), "{hz} Hz: {pattern:?}");
            assert!(near(f64::from(pattern.duty.unwrap()), 0.5, 0.07), "{hz} Hz: {pattern:?}");
            assert!(near(began, 4.0, 0.01), "{hz} Hz began at {began}");
        }
    }
}

#[test]
fn a_blink_stays_one_fact_however_long_it_lasts() {
    for (hz, duty) in [(0.2, 0.5), (0.25, 0.4), (1.0, 0.1), (1.0, 0.8), (4.0, 0.1), (4.0, 0.9), (5.0, 0.5), (10.0, 0.5)] {
        let found = Scene::noisy(7).decode(120.0, blink(hz, duty));
        assert_eq!(shapes(&found), [LightShape::Blink], "{hz} Hz, duty {duty}: {found:?}");
        assert!(near(f64::from(found[0].1.duty.unwrap()), duty, 0.07), "{hz} Hz, duty {duty}: {found:?}");
    }
}

#[test]
fn a_change_of_rate_is_told_with_the_moment_of_the_change() {
    let light = |t: f64| if t < 10.0 { blink(1.0, 0.5)(t) } else { blink(5.0, 0.5)(t - 10.0) };
    let found = Scene::noisy(5).decode(20.0, light);
    let &[(_, slow), (began, fast)] = &found[..] else { panic!("{found:?}") };
    assert!(near(slow.hz.unwrap().get(), 1.0, 0.1) && near(fast.hz.unwrap().get(), 5.0, 0.5), "{found:?}");
    assert!(near(began, 10.0, 0.6), "{found:?}");
}

#[test]
fn the_end_of_a_blink_is_told_soon_and_dated_back() {
    let found = Scene::noisy(5).decode(11.0, |t| if t < 10.0 { blink(5.0, 0.5)(t) } else { 0.0 });
    assert_eq!(shapes(&found), [LightShape::Blink, LightShape::Off]);
    assert!(near(found[1].0, 9.9, 0.02), "{found:?}");
}

#[test]
fn mains_flicker_is_a_steady_light() {
    for hz in [100.0, 120.0] {
        for depth in [0.3, 1.0] {
            let found = Scene::noisy(2).decode(30.0, |t| 0.6 * (1.0 - depth / 2.0 + depth / 2.0 * (TAU * hz * t).sin()) + 0.2);
            assert_eq!(shapes(&found), [LightShape::Solid], "{hz} Hz, depth {depth}: {found:?}");
        }
        let dark_room = Scene::noisy(2).decode(30.0, |t| 0.1 + 0.1 * (TAU * hz * t).sin());
        assert_eq!(shapes(&dark_room), [LightShape::Off], "{hz} Hz: {dark_room:?}");
    }
}

#[test]
fn dimming_by_pulses_is_a_solid_light_and_its_blink_is_a_blink() {
    for hz in [100.0, 135.0, 217.0, 490.0] {
        let scene = Scene { period_us: 250, noise: 0.03, seed: 9 };
        let dim = blink(hz, 0.5);
        assert_eq!(shapes(&scene.decode(20.0, &dim)), [LightShape::Solid], "{hz} Hz");
        let found = scene.decode(20.0, |t| dim(t) * blink(2.0, 0.5)(t));
        assert_eq!(shapes(&found), [LightShape::Blink], "{hz} Hz: {found:?}");
        assert!(near(found[0].1.hz.unwrap().get(), 2.0, 0.2), "{found:?}");
    }
}

#[test]
fn a_double_flash_is_unclear_and_never_a_blink() {
    let found = Scene::noisy(4).decode(30.0, |t| f64::from(u8::from(matches!((t.fract() * 10.0) as u32, 0 | 2))));
    assert_eq!(shapes(&found), [LightShape::Unclear], "{found:?}");
}

#[test]
fn a_light_that_goes_out_for_a_moment_is_told_and_a_shadow_is_not() {
    let dip = |length: f64| move |t: f64| f64::from(u8::from(!(10.0..10.0 + length).contains(&t)));
    for length in [0.25, 1.0] {
        let found = Scene::noisy(6).decode(20.0, dip(length));
        assert_eq!(shapes(&found), [LightShape::Solid, LightShape::Off, LightShape::Solid], "{length}");
        assert!(near(found[1].0, 10.0, 0.01) && near(found[2].0, 10.0 + length, 0.015), "{found:?}");
    }
    assert_eq!(shapes(&Scene::noisy(6).decode(20.0, dip(0.15))), [LightShape::Solid]);
}

#[test]
fn a_sensor_that_falls_with_light_is_read_too() {
    let mut decoder = LightDecoder::new(LightSettings { dark: 0.9, lit: 0.3, lsb: LSB }).unwrap();
    let mut out = Vec::new();
    decoder.feed(Tick(0), Seconds::from_millis(1), &[(0.3 / LSB) as i16; 4000], &mut out);
    assert!(matches!(out[..], [(_, Observation::Light(LightPattern { shape: LightShape::Solid, .. }))]), "{out:?}");
}

#[test]
fn a_hole_in_the_stream_makes_no_fact_and_a_reset_tells_the_pattern_anew() {
    let mut decoder = LightDecoder::new(SETTINGS).unwrap();
    let (mut out, lit) = (Vec::new(), [(0.4 / LSB) as i16; 4000]);
    let period = Seconds::from_millis(1);
    decoder.feed(Tick(0), period, &lit, &mut out);
    decoder.feed(Tick(60_000_000), period, &lit, &mut out);
    assert_eq!(out.len(), 1);
    decoder.reset();
    decoder.feed(Tick(90_000_000), period, &lit, &mut out);
    assert_eq!((out.len(), out[1].0), (2, Tick(90_000_000)));
}

#[test]
fn without_contrast_there_is_no_decoder() {
    for (dark, lit) in [(0.1, 0.1), (0.1, 0.19), (f64::NAN, 0.4), (0.1, f64::INFINITY)] {
        assert!(matches!(LightDecoder::new(LightSettings { dark, lit, lsb: LSB }), Err(LightError::NoContrast { .. })));
    }
    assert_eq!(LightDecoder::new(LightSettings { lsb: 0.0, ..SETTINGS }).unwrap_err(), LightError::Scale(0.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cutting_the_stream_anywhere_changes_nothing(
        runs in prop::collection::vec((0.02_f64..4.0, any::<bool>()), 1..12),
        period_us in prop::sample::select(vec![200_u64, 700, 1000, 3000]),
        seed in any::<u32>(),
        shares in prop::collection::vec(0.0_f64..1.0, 0..20),
    ) {
        let length: f64 = runs.iter().map(|run| run.0).sum();
        let light = |t: f64| {
            let mut end = 0.0;
            runs.iter().find(|run| { end += run.0; t < end }).map_or(0.0, |run| f64::from(u8::from(run.1)))
        };
        let codes = Scene { period_us, noise: 0.05, seed }.codes(length, light);
        let mut cuts: Vec<usize> = shares.iter().map(|share| (share * codes.len() as f64) as usize).collect();
        cuts.sort_unstable();
        prop_assert_eq!(decode(&codes, period_us, &cuts), decode(&codes, period_us, &[]));
    }

    #[test]
    fn patterns_never_begin_before_the_one_told_last(codes in prop::collection::vec(prop::sample::select(vec![0_i16, 14000]), 1..60)) {
        let stretched: Vec<i16> = codes.iter().flat_map(|&code| std::iter::repeat_n(code, 130)).collect();
        let found = decode(&stretched, 1000, &[]);
        prop_assert!(found.is_sorted_by_key(|(at, _)| *at), "{:?}", found);
    }
}

//! What is no light of the camera: mains lamps, dimming pulses, the sun, a blinded sensor.

use super::*;

/// Mains flicker around zero, so strong and so far on in its period.
fn flicker(hz: f64, amplitude: f64, phase: f64) -> impl Fn(f64) -> f64 {
    move |t| amplitude * (TAU * (hz * t + phase)).sin()
}

/// Pulses at 200 Hz and a little; the mean is 1, as a rig calibrates a dimmed light.
fn pulses(duty: f64, off_hz: f64, phase: f64) -> impl Fn(f64) -> f64 {
    move |t| f64::from(u8::from((t * (200.0 + off_hz) + phase).fract() < duty)) / duty
}

#[test]
fn flicker_of_half_the_contrast_makes_no_change_in_any_phase() {
    for hz in [100.0, 100.3, 119.6, 120.0] {
        for eighth in 0..8 {
            let mains = flicker(hz, 0.5, f64::from(eighth) / 8.0);
            for (lamp, shape) in [(0.0, LightShape::Off), (1.0, LightShape::Solid)] {
                let found = Scene::noisy(eighth + 1).decode(12.0, |t| lamp + mains(t));
                assert_eq!(shapes(&found), [shape], "{hz} Hz, phase {eighth}: {found:?}");
            }
            let found = Scene::noisy(eighth + 1).decode(8.0, |t| blink(2.0, 0.5)(t) + mains(t));
            assert_eq!(shapes(&found), [LightShape::Blink], "{hz} Hz, phase {eighth}: {found:?}");
            assert!(near(found[0].1.hz.unwrap().get(), 2.0, 0.1), "{found:?}");
        }
    }
}

#[test]
fn flicker_at_its_crest_when_the_stream_begins_makes_no_edge() {
    let mains = flicker(100.0, 0.5, 0.25);
    // An edge at the very beginning would be a fifth one, and the blink be told after 1.5 periods at a wrong rate.
    let found = Scene::quiet().decode(4.1 + 1.6 / 0.2, |t| if t < 4.0 { mains(t) } else { blink(0.2, 0.1)(t - 4.0) + mains(t) });
    assert_eq!(shapes(&found)[0], LightShape::Off);
    assert!(!shapes(&found).contains(&LightShape::Blink), "{found:?}");
}

#[test]
fn pulses_beside_a_multiple_of_the_sampling_rate_and_mains_lamps_together_make_no_change() {
    for (duty, off_hz) in [(0.2, 0.0), (0.2, 0.07), (0.25, 0.1), (0.35, -0.04), (0.5, 0.1), (0.7, 0.03), (0.9, 0.2)] {
        for quarter in 0..4 {
            let phase = f64::from(quarter) / 4.0;
            let (lamp, mains) = (pulses(duty, off_hz, phase), flicker(100.0, 0.4, phase));
            let scene = Scene::noisy(quarter + 1);
            let found = scene.decode(25.0, |t| lamp(t) + mains(t));
            assert_eq!(shapes(&found), [LightShape::Solid], "duty {duty}, {off_hz} Hz off, phase {phase}: {found:?}");
            let found = scene.decode(10.0, |t| lamp(t) * blink(1.0, 0.5)(t) + mains(t));
            assert_eq!(shapes(&found), [LightShape::Blink], "duty {duty}, {off_hz} Hz off, phase {phase}: {found:?}");
            assert!(near(found[0].1.hz.unwrap().get(), 1.0, 0.1), "{found:?}");
        }
    }
}

#[test]
fn a_lamp_whose_mean_swings_between_the_thresholds_stays_lit_while_its_pulses_are_seen() {
    // Calibrated at full brightness, dimmed to 30 %: one or two of five samples see the pulse, a mean of 0.2 or 0.4 and all between.
    let found = Scene::noisy(3).decode(40.0, |t| if t < 5.0 { 1.0 } else { 0.3 * pulses(0.3, 0.05, 0.0)(t) });
    assert_eq!(shapes(&found), [LightShape::Solid], "{found:?}");
}

#[test]
fn a_drift_of_four_times_the_hysteresis_in_an_hour_neither_changes_nor_blinds() {
    for down in [1.0, -1.0] {
        let drift = move |t: f64| down * 4.0 * (LIT_ABOVE - DARK_BELOW) * t / 3600.0;
        for lamp in [0.0, 1.0] {
            // Samples of a slow sensor, or an hour of them would take long in a test.
            let scene = Scene { period_us: 10_000, noise: 0.01, seed: 5 };
            let before = |t: f64| if t < 3600.0 { lamp } else { 1.0 - lamp };
            let found = scene.decode(3620.0, |t| before(t) + drift(t) + 0.1 * (1.0 + down));
            assert_eq!(found.len(), 2, "{down} {lamp}: {found:?}");
            assert!(near(found[1].0, 3600.0, 0.1), "{found:?}");
        }
    }
}

#[test]
fn a_lamp_that_drives_the_sensor_to_its_end_is_lit_and_what_blinds_it_is_unclear() {
    let decode = |dark: f64, lit: f64, codes: &[i16]| {
        let mut decoder = LightDecoder::new(LightSettings { dark, lit, lsb: LSB }).unwrap();
        let mut out = Vec::new();
        decoder.feed(Tick(0), Seconds::from_millis(1), codes, &mut out);
        out.into_iter()
            .filter_map(|(_, fact)| if let Observation::Light(found) = fact { Some(found.shape) } else { None })
            .collect()
    };
    let glare: Vec<i16> = [vec![600; 4000], vec![i16::MAX; 8000], vec![13_000; 8000], vec![600; 8000]].concat();
    let shapes: Vec<LightShape> = decode(0.02, 0.40, &glare);
    assert_eq!(shapes, [LightShape::Off, LightShape::Unclear, LightShape::Solid, LightShape::Off]);
    let shapes: Vec<LightShape> = decode(0.02, 0.99, &[vec![600; 4000], vec![i16::MAX; 8000]].concat());
    assert_eq!(shapes, [LightShape::Off, LightShape::Solid]);
}

#[test]
fn rate_and_lit_share_are_right_to_a_tenth_within_two_periods() {
    for hz in [0.2, 0.5, 1.0, 2.0, 5.0, 10.0] {
        for tenths in 1..10 {
            let duty = f64::from(tenths) / 10.0;
            if duty.min(1.0 - duty) / hz < 0.025 {
                continue;
            }
            let found =
                Scene::noisy(7).decode(4.0 + 2.0 / hz + 0.04, |t| if t < 4.0 { 1.0 } else { 1.0 - blink(hz, duty)(t - 4.0) });
            let Some((_, pattern)) = found.last() else { panic!("{hz} Hz, {duty}") };
            assert!(near(pattern.hz.map_or(0.0, |hz| hz.get()), hz, 0.05 * hz), "{hz} Hz, {duty}: {found:?}");
            let lit = 1.0 - duty;
            assert!(near(f64::from(pattern.duty.unwrap()), lit, 0.1 * lit.min(1.0 - lit) + 0.005), "{hz} Hz, {lit}: {found:?}");
        }
    }
}

#[test]
fn an_even_blink_whose_rate_changes_by_a_tenth_is_another_and_one_that_jitters_is_not() {
    for hz in [0.5, 2.0, 8.0] {
        let light = |t: f64| if t < 10.0 { blink(hz, 0.5)(t) } else { blink(1.12 * hz, 0.5)(t - 10.0) };
        let found = Scene::noisy(5).decode(10.0 + 3.0 / hz, light);
        assert_eq!(found.len(), 2, "{hz} Hz: {found:?}");
        assert!(near(found[1].1.hz.unwrap().get(), 1.12 * hz, 0.03 * hz), "{found:?}");
    }
    // Each half is up to a tenth longer or shorter, by a rule of its own.
    let phase = |t: f64| t + 0.02 * (3.7 * t).sin() + 0.02 * (9.1 * t).cos();
    let found = Scene::noisy(5).decode(200.0, |t| blink(1.0, 0.5)(phase(t)));
    assert_eq!(found.len(), 1, "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_codes_panic(
        codes in prop::collection::vec(any::<i16>(), 0..4000),
        start in any::<u32>(),
        period_us in prop::sample::select(vec![-5_i64, 0, 1, 333, 1000, 2400, 50_000]),
        settings in (0.0_f64..0.4, 0.5_f64..1.0),
    ) {
        let mut decoder = LightDecoder::new(LightSettings { dark: settings.0, lit: settings.1, lsb: LSB }).unwrap();
        let mut out = Vec::new();
        for chunk in codes.chunks(1000) {
            decoder.feed(Tick(u64::from(start)), Seconds::from_micro(period_us), chunk, &mut out);
            decoder.powered(Tick(u64::from(start)), chunk[0] > 0);
        }
    }
}

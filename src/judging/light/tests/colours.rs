//! Colours, what they do in a rhythm, and that channels may be cut each in its own way.

use super::*;
use crate::domain::observation::Colour;
use crate::domain::rig::ColourCalibration;

/// Red, green and blue shares of a lamp.
type Lamp = [f64; 3];
const DARK: Lamp = [0.0; 3];
const RED: Lamp = [1.0, 0.0, 0.0];
const AMBER: Lamp = [0.67, 0.33, 0.0];
const YELLOW: Lamp = [0.5, 0.5, 0.0];
const GREEN: Lamp = [0.0, 1.0, 0.0];
const CYAN: Lamp = [0.0, 0.5, 0.5];
const BLUE: Lamp = [0.0, 0.0, 1.0];
const PURPLE: Lamp = [0.45, 0.0, 0.55];
const WHITE: Lamp = [1.0 / 3.0; 3];

fn decoder() -> LightDecoder {
    let settings = ColourSettings { found: ColourCalibration::default(), lsb: [LSB; 3] };
    LightDecoder::new(SETTINGS).unwrap().with_colour(settings).unwrap()
}

/// Codes of brightness, red, green and blue.
fn codes(scene: &Scene, length_s: f64, lamp: impl Fn(f64) -> Lamp) -> [Vec<i16>; 4] {
    let filters = ColourCalibration::default().filters;
    std::array::from_fn(|channel| {
        let scene = Scene { seed: scene.seed.wrapping_mul(2_654_435_761).wrapping_add(channel as u32), ..*scene };
        scene.codes(length_s, |t| match channel {
            0 => lamp(t).iter().sum(),
            _ => filters[channel - 1].iter().zip(lamp(t)).map(|(filter, part)| filter * part).sum(),
        })
    })
}

const ALL: [Primary; 3] = [Primary::Red, Primary::Green, Primary::Blue];

/// Feeds each channel in pieces of its own length, none further ahead than that.
fn feed(codes: &[Vec<i16>; 4], period_us: u64, pieces: [usize; 4]) -> Vec<(f64, LightPattern)> {
    let (mut decoder, mut out, mut past) = (decoder(), Vec::new(), [0; 4]);
    let period = Seconds::from_micro(period_us as i64);
    while let Some(next) = (0..4).filter(|&channel| past[channel] < codes[channel].len()).min_by_key(|&channel| past[channel]) {
        let to = (past[next] + pieces[next]).min(codes[next].len());
        let (at, piece) = (Tick(past[next] as u64 * period_us), &codes[next][past[next]..to]);
        match next {
            0 => decoder.feed(at, period, piece, &mut out),
            part => decoder.feed_part(ALL[part - 1], at, period, piece, &mut out),
        }
        past[next] = to;
    }
    let pattern = |fact| if let Observation::Light(pattern) = fact { pattern } else { panic!("{fact:?}") };
    out.into_iter().map(|(at, fact)| (at.0 as f64 * 1e-6, pattern(fact))).collect()
}

fn decode(seed: u32, length_s: f64, lamp: impl Fn(f64) -> Lamp) -> Vec<(f64, LightPattern)> {
    feed(&codes(&Scene { noise: 0.01, ..Scene::noisy(seed) }, length_s, lamp), 1000, [10; 4])
}

fn in_turn(hz: f64, a: Lamp, b: Lamp) -> impl Fn(f64) -> Lamp {
    move |t| if blink(hz, 0.5)(t) > 0.5 { a } else { b }
}

#[test]
fn a_solid_light_and_a_blink_have_their_colour() {
    let cases = [
        (RED, Colour::Red),
        (AMBER, Colour::Amber),
        (YELLOW, Colour::Yellow),
        (GREEN, Colour::Green),
        (CYAN, Colour::Cyan),
        (BLUE, Colour::Blue),
        (PURPLE, Colour::Purple),
        (WHITE, Colour::White),
    ];
    for (lamp, colour) in cases {
        for dim in [1.0, 0.6] {
            let found = decode(4, 8.0, |t| if t < 4.0 { DARK } else { lamp.map(|part| part * dim) });
            assert_eq!(shapes(&found), [LightShape::Off, LightShape::Solid], "{colour:?}");
            assert_eq!((found[0].1.colour, found[1].1.colour), (None, Some(colour)), "{dim}");
        }
        for (hz, duty) in [(0.5, 0.5), (4.0, 0.2), (10.0, 0.5)] {
            let found = decode(4, 8.0, |t| if blink(hz, duty)(t) > 0.5 { lamp } else { DARK });
            assert_eq!(shapes(&found), [LightShape::Blink], "{colour:?} at {hz} Hz: {found:?}");
            assert_eq!(found[0].1.colour, Some(colour), "{hz} Hz");
        }
    }
}

#[test]
fn a_solid_light_that_becomes_another_colour_is_a_new_pattern_and_a_glimpse_is_none() {
    let found = decode(2, 20.0, |t| if t < 10.0 { RED } else { GREEN });
    assert_eq!(found.iter().map(|(_, pattern)| pattern.colour).collect::<Vec<_>>(), [Some(Colour::Red), Some(Colour::Green)]);
    assert!(near(found[1].0, 10.0, 0.005), "{found:?}");
    assert_eq!(decode(2, 20.0, |t| if (10.0..10.2).contains(&t) { GREEN } else { RED }).len(), 1);
}

#[test]
fn two_colours_in_turn_alternate_at_the_rate_of_full_periods() {
    for hz in [0.2, 0.5, 1.0, 2.5, 10.0] {
        // The pattern is known two periods after its first edge.
        let light = |t: f64| if t < 4.0 { GREEN } else { in_turn(hz, RED, GREEN)(t - 4.0) };
        let found = decode(3, 4.0 + 2.0 / hz + 0.06, light);
        assert_eq!(shapes(&found), [LightShape::Solid, LightShape::Alternating], "{hz} Hz: {found:?}");
        let (began, pattern) = found[1];
        assert!(near(pattern.hz.unwrap().get(), hz, 0.03 * hz) && near(began, 4.0, 0.01), "{hz} Hz: {found:?}");
        assert_eq!((pattern.colour, pattern.second, pattern.duty), (Some(Colour::Red), Some(Colour::Green), None));
        assert_eq!(decode(3, 40.0, in_turn(hz, RED, GREEN)).len(), 1, "it stays one fact");
    }
    let found = decode(3, 20.0, |t| if t < 10.0 { in_turn(1.0, RED, AMBER.map(|part| 0.5 * part))(t) } else { RED });
    assert_eq!(shapes(&found), [LightShape::Alternating, LightShape::Solid], "unequal brightness, then one of both: {found:?}");
    assert_eq!((found[0].1.second, found[1].1.colour), (Some(Colour::Amber), Some(Colour::Red)));
}

#[test]
fn flashes_of_two_colours_in_turn_alternate_and_flashes_that_change_colour_are_a_new_blink() {
    let flash = |t: f64| match (t * 4.0) as u64 % 4 {
        0 => RED,
        2 => GREEN,
        _ => DARK,
    };
    let found = decode(5, 20.0, flash);
    assert_eq!(shapes(&found), [LightShape::Alternating], "{found:?}");
    assert_eq!((found[0].1.colour, found[0].1.second), (Some(Colour::Red), Some(Colour::Green)));
    assert!(near(found[0].1.hz.unwrap().get(), 1.0, 0.02), "{found:?}");
    let found = decode(5, 20.0, |t| {
        if blink(2.0, 0.5)(t) < 0.5 {
            DARK
        } else if t < 10.0 {
            RED
        } else {
            BLUE
        }
    });
    assert_eq!(shapes(&found), [LightShape::Blink; 2], "{found:?}");
    assert_eq!((found[0].1.colour, found[1].1.colour), (Some(Colour::Red), Some(Colour::Blue)));
}

#[test]
fn a_colour_between_two_names_has_none_and_never_flickers() {
    let border = [0.5_f64.mul_add(0.5, 0.335), 0.415, 0.0];
    for seed in 0..4 {
        let steady = decode(seed, 60.0, |_| border);
        assert_eq!((steady.len(), steady[0].1.colour), (1, None), "{steady:?}");
        let blinks = decode(seed, 60.0, |t| if blink(2.0, 0.5)(t) > 0.5 { border } else { DARK });
        assert_eq!(shapes(&blinks), [LightShape::Blink], "{blinks:?}");
    }
}

#[test]
fn channels_that_are_cut_off_or_absent_tell_no_colour_and_brightness_goes_on() {
    let mut cut_off = codes(&Scene::quiet(), 8.0, |t| if t < 4.0 { DARK } else { GREEN });
    cut_off[2][4000..].fill(i16::MAX);
    let found = feed(&cut_off, 1000, [10; 4]);
    assert_eq!((shapes(&found), found[1].1.colour), (vec![LightShape::Off, LightShape::Solid], None));
    let mut silent = decoder();
    let mut out = Vec::new();
    silent.feed(Tick(0), Seconds::from_millis(1), &[(0.4 / LSB) as i16; 4000], &mut out);
    assert!(matches!(out[..], [(_, Observation::Light(LightPattern { shape: LightShape::Solid, colour: None, .. }))]), "{out:?}");
}

#[test]
fn filters_that_see_the_same_are_refused() {
    let found = ColourCalibration { filters: [[1.0, 0.9, 0.9], [0.9, 1.0, 0.9], [0.95, 0.95, 0.9]], ..Default::default() };
    let built = |found, lsb| LightDecoder::new(SETTINGS).unwrap().with_colour(ColourSettings { found, lsb });
    assert_eq!(built(found, [LSB; 3]).unwrap_err(), LightError::NoColours);
    assert_eq!(built(ColourCalibration::default(), [LSB, 0.0, LSB]).unwrap_err(), LightError::Scale(0.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn cutting_each_channel_in_its_own_way_changes_nothing(
        runs in prop::collection::vec((0.02_f64..2.5, prop::sample::select(vec![DARK, RED, GREEN, AMBER, WHITE])), 1..12),
        period_us in prop::sample::select(vec![500_u64, 1000, 2500]),
        seed in any::<u32>(),
        pieces in prop::array::uniform4(1_usize..60),
    ) {
        let length: f64 = runs.iter().map(|run| run.0).sum();
        let lamp = |t: f64| {
            let mut end = 0.0;
            runs.iter().find(|run| { end += run.0; t < end }).map_or(DARK, |run| run.1)
        };
        let codes = codes(&Scene { period_us, noise: 0.03, seed }, length, lamp);
        prop_assert_eq!(feed(&codes, period_us, pieces), feed(&codes, period_us, [1; 4]));
    }

    #[test]
    fn no_codes_of_colours_panic(
        blocks in prop::collection::vec((0_usize..4, 0_u64..2_000_000, 1_i64..5000, prop::collection::vec(any::<i16>(), 0..300)), 0..40),
    ) {
        let (mut decoder, mut out) = (decoder(), Vec::new());
        for (channel, at, period_us, codes) in blocks {
            match channel {
                0 => decoder.feed(Tick(at), Seconds::from_micro(period_us), &codes, &mut out),
                part => decoder.feed_part(ALL[part - 1], Tick(at), Seconds::from_micro(period_us), &codes, &mut out),
            }
        }
    }
}

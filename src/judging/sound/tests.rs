//! Sound decoding: one test a trap.

use super::*;
use crate::domain::profile::ChimeMeaning::Acknowledged;
use crate::judging::testing::chime;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::f64::consts::TAU;

const PERIOD_US: u64 = 125;

/// A piece of sound: seconds, and what is in it.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Rest,
    /// Frequency, amplitude in codes.
    Tone(f64, f64),
    /// From one frequency to another.
    Glide(f64, f64, f64),
    /// Square wave.
    Square(f64, f64),
    /// Noise of this standard deviation in codes.
    Noise(f64),
    /// Mains-like hum with two overtones.
    Hum(f64, f64),
    /// A tone that dies away with this time constant.
    Bell(f64, f64, f64),
    /// A broad click.
    Click(f64),
}
use Piece::{Bell, Click, Glide, Hum as Low, Noise as Hiss, Rest, Square, Tone};

/// The sound of pieces on a background of noise.
fn sound(pieces: &[(f64, Piece)], background: f64, period_us: u64) -> Vec<i16> {
    let mut chance = ChaCha8Rng::seed_from_u64(7);
    let dt = period_us as f64 * 1e-6;
    let (mut codes, mut phase) = (Vec::new(), 0.0_f64);
    // The sum of twelve even numbers, less six, is close to normal.
    let mut normal = move || (0..12).map(|_| chance.random::<f64>()).sum::<f64>() - 6.0;
    for &(span, piece) in pieces {
        let count = (span / dt).round() as usize;
        for n in 0..count {
            let t = n as f64 * dt;
            let hz = match piece {
                Tone(hz, _) | Square(hz, _) | Low(hz, _) | Bell(hz, _, _) => hz,
                Glide(from, to, _) => from + (to - from) * t / span,
                Rest | Hiss(_) | Click(_) => 0.0,
            };
            phase = (phase + hz * dt).fract();
            let wave = (TAU * phase).sin();
            let value = match piece {
                Rest => 0.0,
                Tone(_, a) | Glide(_, _, a) => a * wave,
                Square(_, a) => a * wave.signum(),
                Hiss(sd) => sd * normal(),
                Low(_, a) => a * (wave + 0.6 * (2.0 * TAU * phase).sin() + 0.4 * (3.0 * TAU * phase + 1.0).sin()),
                Bell(_, a, fades) => a * wave * (-t / fades).exp(),
                Click(a) => a * normal() * (-t / 0.004).exp(),
            };
            codes.push((value + background * normal() + 40.0).round().clamp(-32768.0, 32767.0) as i16);
        }
    }
    codes
}

fn one() -> Vec<Chime> {
    vec![chime("ding", 2000.0, 1, Acknowledged)]
}

fn heard_at(chimes: &[Chime], pieces: &[(f64, Piece)], background: f64, period_us: u64) -> Vec<(u64, Observation)> {
    let period = Seconds::from_micro(period_us as i64);
    let mut decoder = SoundDecoder::new(chimes, period).unwrap();
    let mut out = Vec::new();
    decoder.feed(Tick(0), period, &sound(pieces, background, period_us), &mut out);
    out.into_iter().map(|(at, fact)| (at.0, fact)).collect()
}

/// Names of the tones heard, and the motor's starts and stops.
fn heard(chimes: &[Chime], pieces: &[(f64, Piece)]) -> Vec<String> {
    let told = heard_at(chimes, pieces, 30.0, PERIOD_US);
    told.into_iter().map(|(_, fact)| word(&fact)).collect()
}

fn word(fact: &Observation) -> String {
    match fact {
        Observation::Tone { tone } => tone.clone(),
        Observation::Motor { running } => if *running { "runs" } else { "stops" }.to_owned(),
        other => panic!("{other:?}"),
    }
}

/// `count` notes of `hz` with short pauses, between silences.
fn row(hz: f64, count: usize) -> Vec<(f64, Piece)> {
    let notes = (0..count).flat_map(|_| [(0.15, Tone(hz, 3000.0)), (0.2, Rest)]);
    [(1.0, Rest)].into_iter().chain(notes).chain([(2.5, Rest)]).collect()
}

#[test]
fn a_chime_is_told_with_the_moment_its_first_note_began() {
    let told = heard_at(&one(), &row(2000.0, 1), 30.0, PERIOD_US);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.abs_diff(1_000_000) <= 15_000, "{told:?}");
    assert!(heard_at(&one(), &row(2000.0, 1), 0.0, PERIOD_US).len() == 1, "also without any noise");
}

#[test]
fn a_chime_is_known_before_a_long_note_ends() {
    let period = Seconds::from_micro(PERIOD_US as i64);
    let mut decoder = SoundDecoder::new(&one(), period).unwrap();
    let mut out = Vec::new();
    decoder.feed(Tick(0), period, &sound(&[(1.0, Rest), (0.22, Tone(2000.0, 3000.0))], 30.0, PERIOD_US), &mut out);
    assert_eq!(out.len(), 1);
}

#[test]
fn a_tone_within_three_percent_is_the_chime_and_one_further_off_is_not() {
    for (share, told) in [(0.972, true), (0.985, true), (1.0, true), (1.028, true), (0.96, false), (1.04, false), (1.07, false)] {
        for hz in [440.0, 1000.0, 2000.0, 3500.0] {
            let chimes = [chime("ding", hz, 1, Acknowledged)];
            let notes = [(1.0, Rest), (0.3, Tone(hz * share, 2000.0)), (0.5, Rest)];
            assert_eq!(!heard(&chimes, &notes).is_empty(), told, "{hz} Hz times {share}");
        }
    }
}

#[test]
fn other_tones_and_octaves_are_no_chime() {
    for hz in [300.0, 500.0, 666.7, 1000.0, 1500.0, 1800.0, 2300.0, 3000.0, 3900.0] {
        assert!(heard(&one(), &row(hz, 2)).is_empty(), "{hz}");
    }
}

#[test]
fn a_square_waves_fundamental_is_heard_and_its_overtones_are_not() {
    let square = [(1.0, Rest), (0.2, Square(1000.0, 3000.0)), (0.5, Rest)];
    let chimes = [chime("low", 1000.0, 1, Acknowledged), chime("high", 3000.0, 1, Acknowledged)];
    assert_eq!(heard(&chimes, &square), ["low"]);
}

#[test]
fn repeats_are_counted_and_told_once() {
    let chimes = [chime("double", 2000.0, 2, Acknowledged)];
    for (count, told) in [(1, 0), (2, 1), (3, 1), (5, 1)] {
        assert_eq!(heard(&chimes, &row(2000.0, count)).len(), told, "{count}");
    }
    assert_eq!(heard(&chimes, &[row(2000.0, 2), row(2000.0, 2)].concat()).len(), 2, "a pause lies between");
}

#[test]
fn notes_further_apart_than_two_seconds_are_no_row() {
    let chimes = [chime("double", 2000.0, 2, Acknowledged)];
    let pair = |pause| [(1.0, Rest), (0.15, Tone(2000.0, 3000.0)), (pause, Rest), (0.15, Tone(2000.0, 3000.0)), (2.5, Rest)];
    assert_eq!(heard(&chimes, &pair(1.8)).len(), 1);
    assert!(heard(&chimes, &pair(2.2)).is_empty());
}

#[test]
fn chimes_that_differ_by_repeats_alone_are_told_apart_after_the_pause() {
    let chimes = [("one", 1), ("two", 2), ("four", 4)].map(|(name, repeats)| chime(name, 2000.0, repeats, Acknowledged));
    for (count, told) in [(1, vec!["one"]), (2, vec!["two"]), (3, vec![]), (4, vec!["four"])] {
        assert_eq!(heard(&chimes, &row(2000.0, count)), told, "{count}");
    }
    assert!(heard(&chimes, &row(2000.0, 1)[..3]).is_empty(), "another note may still come");
}

#[test]
fn a_prompt_is_told_each_time_it_is_repeated() {
    let prompt = |_| [(0.3, Tone(2000.0, 3000.0)), (9.8, Rest)];
    let pieces: Vec<_> = [(1.0, Rest)].into_iter().chain((0..3).flat_map(prompt)).collect();
    assert_eq!(heard(&one(), &pieces).len(), 3);
}

#[test]
fn close_frequencies_are_told_apart() {
    let chimes = [chime("low", 2000.0, 1, Acknowledged), chime("high", 2080.0, 1, Acknowledged)];
    assert_eq!(heard(&chimes, &row(2010.0, 1)), ["low"]);
    assert_eq!(heard(&chimes, &row(2070.0, 1)), ["high"]);
}

#[test]
fn a_solenoids_click_is_no_tone() {
    for piece in [Click(12_000.0), Bell(2000.0, 15_000.0, 0.005), Tone(2000.0, 12_000.0)] {
        assert!(heard(&one(), &[(1.0, Rest), (0.02, piece), (1.0, Rest)]).is_empty(), "{piece:?}");
    }
}

#[test]
fn a_click_within_a_note_does_not_make_two_of_it() {
    let chimes = [chime("double", 2000.0, 2, Acknowledged)];
    let note = (0.2, Tone(2000.0, 3000.0));
    assert!(heard(&chimes, &[(1.0, Rest), note, (0.02, Click(20_000.0)), note, (2.5, Rest)]).is_empty());
}

#[test]
fn a_note_that_rings_on_in_the_room_is_one_note() {
    let chimes = [chime("double", 2000.0, 2, Acknowledged)];
    let ring = [(1.0, Rest), (0.15, Tone(2000.0, 9000.0)), (1.5, Bell(2000.0, 9000.0, 0.15)), (2.5, Rest)];
    assert!(heard(&chimes, &ring).is_empty());
    assert_eq!(heard(&one(), &ring), ["ding"]);
}

#[test]
fn a_voice_whose_overtones_glide_across_the_tone_is_no_chime() {
    let glide =
        [(1.0, Rest), (0.6, Glide(1700.0, 2300.0, 5000.0)), (0.5, Rest), (0.4, Glide(2060.0, 1940.0, 5000.0)), (1.0, Rest)];
    assert!(heard(&one(), &glide).is_empty());
}

#[test]
fn a_tone_that_is_drowned_in_noise_is_not_claimed_and_one_above_it_is_heard() {
    // Amplitude 3000 has a mean square of 4.5 million: 13 dB above noise of 475.
    assert_eq!(heard_at(&one(), &row(2000.0, 1), 475.0, PERIOD_US).len(), 1);
    let noise = [(20.0, Rest)];
    assert!(heard_at(&one(), &noise, 3000.0, PERIOD_US).is_empty());
}

#[test]
fn a_tone_that_sounds_when_listening_begins_is_none_that_began() {
    assert!(heard(&one(), &[(1.0, Tone(2000.0, 3000.0)), (0.5, Rest)]).is_empty());
}

#[test]
fn a_motor_is_told_from_its_start_to_its_stop() {
    for piece in [Hiss(600.0), Low(110.0, 900.0)] {
        let told = heard_at(&one(), &[(2.0, Rest), (3.0, piece), (2.0, Rest)], 30.0, PERIOD_US);
        let words: Vec<String> = told.iter().map(|(_, fact)| word(fact)).collect();
        assert_eq!(words, ["runs", "stops"], "{piece:?}");
        assert!(told[0].0.abs_diff(2_000_000) <= 110_000 && told[1].0.abs_diff(5_000_000) <= 110_000, "{told:?}");
    }
}

#[test]
fn an_even_sound_as_long_as_a_word_is_no_motor() {
    for piece in [Hiss(600.0), Low(140.0, 2000.0)] {
        for length in [0.45, 0.7, 1.0] {
            assert!(heard(&one(), &[(2.0, Rest), (length, piece), (2.0, Rest)]).is_empty(), "{piece:?} for {length} s");
        }
        let long = heard(&one(), &[(2.0, Rest), (1.5, piece), (2.0, Rest)]);
        assert_eq!(long, ["runs", "stops"], "{piece:?}");
    }
    assert!(heard(&one(), &[(2.0, Rest), (0.02, Click(20_000.0)), (2.0, Rest)]).is_empty());
}

#[test]
fn a_tone_of_any_pitch_is_no_motor() {
    for hz in [440.0, 650.0, 1230.0, 2000.0, 3100.0] {
        let told = heard(&[], &[(2.0, Rest), (3.0, Tone(hz, 3000.0)), (1.0, Rest)]);
        assert!(told.is_empty(), "{hz}: {told:?}");
    }
}

#[test]
fn a_sound_that_comes_and_goes_like_speech_is_no_motor() {
    let syllable = |_| [(0.12, Hiss(2000.0)), (0.08, Hiss(200.0)), (0.15, Low(180.0, 3000.0)), (0.1, Rest)];
    let speech: Vec<_> = [(2.0, Rest)].into_iter().chain((0..20).flat_map(syllable)).collect();
    assert!(heard(&one(), &speech).is_empty());
}

#[test]
fn a_tone_is_heard_while_the_motor_runs() {
    let mut codes = sound(&[(2.0, Rest), (3.0, Hiss(300.0)), (2.0, Rest)], 30.0, PERIOD_US);
    let note = sound(&[(3.0, Rest), (0.3, Tone(2000.0, 3000.0)), (3.7, Rest)], 0.0, PERIOD_US);
    codes.iter_mut().zip(&note).for_each(|(code, note)| *code += note);
    let period = Seconds::from_micro(PERIOD_US as i64);
    let (mut decoder, mut out) = (SoundDecoder::new(&one(), period).unwrap(), Vec::new());
    decoder.feed(Tick(0), period, &codes, &mut out);
    assert_eq!(out.iter().map(|(_, fact)| word(fact)).collect::<Vec<_>>(), ["ding", "runs", "stops"]);
    assert!(out[1].0.0.abs_diff(2_000_000) <= 110_000, "the note ends no run: {out:?}");
}

#[test]
fn the_hum_of_our_own_coil_is_no_motor() {
    let period = Seconds::from_micro(PERIOD_US as i64);
    let run = |coil: Option<u64>| {
        let (mut decoder, mut out) = (SoundDecoder::new(&one(), period).unwrap(), Vec::new());
        if let Some(at) = coil {
            decoder.coil(Tick(at), true);
        }
        let codes = sound(&[(2.0, Rest), (5.0, Low(110.0, 300.0)), (3.0, Hiss(900.0)), (1.0, Rest)], 30.0, PERIOD_US);
        decoder.feed(Tick(0), period, &codes, &mut out);
        out.into_iter().map(|(at, fact)| (at.0, word(&fact))).collect::<Vec<_>>()
    };
    let (without, with) = (run(None), run(Some(1_950_000)));
    assert_eq!(without.first().map(|(at, what)| (*at, what.as_str())), Some((2_000_000, "runs")));
    assert!(with.iter().all(|(at, _)| *at >= 7_000_000), "{with:?}");
    assert!(with.iter().any(|(_, what)| what == "runs"), "a motor is heard above it: {with:?}");
}

#[test]
fn a_steady_background_is_no_motor_however_loud() {
    assert!(heard_at(&one(), &[(30.0, Rest)], 2000.0, PERIOD_US).is_empty());
}

#[test]
fn after_a_hole_a_row_is_not_continued() {
    let period = Seconds::from_micro(PERIOD_US as i64);
    let (mut decoder, mut out) = (SoundDecoder::new(&[chime("double", 2000.0, 2, Acknowledged)], period).unwrap(), Vec::new());
    let codes = sound(&[(1.0, Rest), (0.15, Tone(2000.0, 3000.0)), (0.3, Rest)], 30.0, PERIOD_US);
    decoder.feed(Tick(0), period, &codes, &mut out);
    decoder.feed(Tick(1_500_000), period, &codes, &mut out);
    assert!(out.is_empty(), "{out:?}");
}

#[test]
fn every_rate_from_two_kilohertz_serves() {
    for (period_us, hz) in [(500, 880.0), (250, 1500.0), (91, 4000.0), (63, 2000.0), (21, 12_000.0), (21, 440.0)] {
        let chimes = [chime("ding", hz, 1, Acknowledged)];
        let pieces = [(1.0, Rest), (0.3, Tone(hz, 3000.0)), (1.0, Rest), (2.0, Hiss(600.0)), (1.0, Rest)];
        let told: Vec<String> = heard_at(&chimes, &pieces, 30.0, period_us).iter().map(|(_, fact)| word(fact)).collect();
        assert_eq!(told, ["ding", "runs", "stops"], "{period_us} us, {hz} Hz");
    }
}

#[test]
fn what_cannot_be_told_is_refused_by_name() {
    let build = |chimes: &[Chime], period_us| SoundDecoder::new(chimes, Seconds::from_micro(period_us)).map(drop);
    assert!(matches!(build(&one(), 501), Err(SoundError::Rate(_))));
    assert!(matches!(build(&one(), 0), Err(SoundError::Rate(_))));
    let high = build(&[chime("ding", 3601.0, 1, Acknowledged)], 125).unwrap_err();
    assert_eq!(high.to_string(), "the chime `ding` sounds at 3601 Hz, and this sound sensor hears up to 3600 Hz: sample faster");
    let alike = [chime("a", 2000.0, 1, Acknowledged), chime("b", 2030.0, 1, Acknowledged)];
    assert!(matches!(build(&alike, 125), Err(SoundError::Alike { .. })));
    let by_repeats = [chime("a", 2000.0, 1, Acknowledged), chime("b", 2030.0, 2, Acknowledged)];
    assert_eq!(build(&by_repeats, 125), Ok(()));
}

fn piece() -> impl Strategy<Value = (f64, Piece)> {
    let what = prop_oneof![
        Just(Rest),
        prop::sample::select(vec![880.0, 2000.0, 2100.0]).prop_map(|hz| Tone(hz, 3000.0)),
        Just(Hiss(800.0)),
        Just(Low(120.0, 800.0)),
        Just(Click(9000.0)),
    ];
    (0.01_f64..0.8, what)
}

fn chimes() -> Vec<Chime> {
    vec![chime("a", 880.0, 1, Acknowledged), chime("b", 2000.0, 1, Acknowledged), chime("c", 2000.0, 2, Acknowledged)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn cutting_the_stream_anywhere_changes_nothing(
        pieces in prop::collection::vec(piece(), 1..8),
        shares in prop::collection::vec(0.0_f64..1.0, 0..12),
    ) {
        let codes = sound(&pieces, 30.0, PERIOD_US);
        let period = Seconds::from_micro(PERIOD_US as i64);
        let run = |cuts: &[usize]| {
            let (mut decoder, mut out) = (SoundDecoder::new(&chimes(), period).unwrap(), Vec::new());
            for pair in cuts.windows(2) {
                decoder.feed(Tick(pair[0] as u64 * PERIOD_US), period, &codes[pair[0]..pair[1]], &mut out);
            }
            out
        };
        let mut cuts: Vec<usize> = shares.iter().map(|share| (share * codes.len() as f64) as usize).collect();
        cuts.extend([0, codes.len()]);
        cuts.sort_unstable();
        prop_assert_eq!(run(&cuts), run(&[0, codes.len()]));
    }

    #[test]
    fn any_codes_at_any_rate_do_no_harm(
        codes in prop::collection::vec(any::<i16>(), 0..6000),
        starts in prop::collection::vec(0_u64..2_000_000, 1..6),
        period_us in prop::sample::select(vec![1_i64, 10, 21, 63, 91, 125, 250]),
    ) {
        let chimes = if period_us == 250 { Vec::new() } else { chimes() };
        let period = Seconds::from_micro(period_us);
        let mut decoder = SoundDecoder::new(&chimes, period).unwrap();
        let mut out = Vec::new();
        for start in starts {
            decoder.feed(Tick(start), period, &codes, &mut out);
            decoder.coil(Tick(start), true);
        }
    }
}

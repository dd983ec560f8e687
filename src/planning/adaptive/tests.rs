//! Criteria against what really telling a press does, and the chooser on made-up cameras.

use super::criterion::{decision, information, precision};
use super::scan::moments;
use super::*;
use crate::analysis::posterior::{Camera, Press, Quantity};
use crate::planning::chance::keyed;
use rand::Rng;

const Q: Quantity = Quantity::Relative(0.95);

fn settings() -> Settings {
    Settings {
        quantity: Q,
        aim: Aim::Precision(0.1),
        range: (0.5, 90.0),
        sharing: true,
        probe_every: Some(12),
        listening: None,
        cost: Cost { reset_s: 300.0, quiet_s: 150.0 },
        seed: 7,
    }
}

fn searched() -> Camera {
    let mut camera = Camera::new(1, false);
    for (hold_s, reset) in [(9.0, false), (30.0, true), (15.0, true), (12.0, false), (13.5, true), (13.0, false), (20.0, true)] {
        camera.tell(0, Press { hold_s, reset });
    }
    camera
}

/// What is expected of a press is what telling it would bring, over both outcomes.
#[test]
fn expected_gains_are_the_mean_over_both_outcomes() {
    let camera = searched();
    let post = camera.posterior(0);
    let holds = post.window.holds((8.0, 30.0), 6);
    let gains = precision(&post, 0.95, &holds);
    let measure = |camera: &Camera| {
        let post = camera.posterior(0);
        let (low, high) = post.distribution(Q).interval(0.95);
        0.5 * moments(&post, 0.95).1.ln() + (high / low).ln().ln()
    };
    let settled = decision(&post, 0.95, 16.0, &holds);
    let doubt = |camera: &Camera| {
        let p = camera.posterior(0).distribution(Q).below(16.0);
        -p * p.ln() - (1.0 - p) * (1.0 - p).ln()
    };
    for ((i, (gain, p)), (settled, p_too)) in holds.iter().zip(&gains).zip(&settled) {
        let after = |reset: bool| {
            let mut told = camera.clone();
            told.tell(0, Press { hold_s: post.window.hold(*i), reset });
            told
        };
        let mean = |f: &dyn Fn(&Camera) -> f64| f(&camera) - p * f(&after(true)) - (1.0 - p) * f(&after(false));
        assert!((p - p_too).abs() < 1e-3);
        assert!((mean(&measure) - gain).abs() < 0.03, "precision at {}: {gain} against {}", post.window.hold(*i), mean(&measure));
        assert!((mean(&doubt) - settled).abs() < 0.01, "decision: {settled} against {}", mean(&doubt));
    }
}

#[test]
fn a_first_press_teaches_most_where_half_of_all_cameras_reset() {
    let camera = Camera::new(1, true);
    let post = camera.posterior(0);
    let holds = post.window.holds((0.5, 90.0), 64);
    let gains = information(&post, &holds);
    let best = gains.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    assert!((0.35..0.65).contains(&best.1), "{best:?}");
    assert!(gains.iter().all(|(gain, p)| *gain > 0.0 && *gain < 0.6932 && (0.0..1.0).contains(p)));
}

/// A camera whose adapters reset from `thresholds` on, with a scatter of 3 %; `f64::INFINITY` never resets.
fn play(settings: Settings, thresholds: &[f64], most: usize) -> (Chooser, Vec<Choice>) {
    let mut chooser = Chooser::new(thresholds.len(), settings);
    let mut choices = Vec::new();
    while choices.len() < most {
        let Some(choice) = chooser.next(|j| chooser.standing(j) == Standing::Open) else { break };
        let u = keyed(settings.seed, "outcome", choices.len() as u64).next_u64() as f64 / u64::MAX as f64;
        let reset = choice.hold_s > thresholds[choice.adapter] * (0.03 * (u / (1.0 - u)).ln()).exp();
        let bench_s = choice.hold_s + if reset { 300.0 } else { 150.0 };
        chooser.tell(choice.adapter, Press { hold_s: choice.hold_s, reset }, None, bench_s);
        choices.push(choice);
    }
    (chooser, choices)
}

#[test]
fn adapters_end_as_they_should() {
    let (chooser, choices) = play(settings(), &[12.0, 14.0, f64::INFINITY, 0.01], 150);
    let ends: Vec<Standing> = (0..4).map(|j| chooser.standing(j)).collect();
    assert_eq!(ends, [Standing::Precise, Standing::Precise, Standing::Never, Standing::Always], "after {}", choices.len());
    for (j, threshold) in [(0, 12.0), (1, 14.0)] {
        let truth = threshold * (0.03 * (0.95_f64 / 0.05).ln()).exp();
        let (low, high) = chooser.posterior(j).distribution(Q).interval(0.95);
        assert!(low <= truth && truth <= high, "{low} {truth} {high}");
        assert!(chooser.presses(j).len() >= 12);
    }
    let few = [2, 3].map(|j| chooser.presses(j).len());
    assert!(few.iter().all(|n| *n <= 10), "{few:?}");
    assert!(choices.iter().all(|choice| (0.5..=90.0).contains(&choice.hold_s)));
}

#[test]
fn a_specification_is_decided_either_way() {
    let to = |spec_s| Settings { aim: Aim::Spec(spec_s), ..settings() };
    let (fast, few) = play(to(30.0), &[12.0], 100);
    assert_eq!(fast.standing(0), Standing::Decided(true));
    assert!(few.len() < 15, "{}", few.len());
    let (slow, _) = play(to(9.0), &[12.0], 100);
    assert_eq!(slow.standing(0), Standing::Decided(false));
}

#[test]
fn a_block_presses_each_open_adapter_once() {
    let (_, choices) = play(settings(), &[12.0, 14.0, 20.0], 30);
    for block in choices.chunk_by(|a, b| a.block == b.block) {
        let mut adapters: Vec<usize> = block.iter().map(|choice| choice.adapter).collect();
        adapters.sort_unstable();
        assert!(adapters.windows(2).all(|pair| pair[0] != pair[1]), "{adapters:?}");
    }
    assert_eq!(choices[..3].iter().map(|choice| choice.adapter).sum::<usize>(), 3);
    let probes = choices.iter().filter(|choice| choice.why == Why::Probe).count();
    assert!(choices.len() < 30 || probes == 0, "the tenth press of an adapter is no probe");
}

/// Who asks again after a crash tells the same presses, and gets the same answer.
#[test]
fn the_next_press_depends_on_the_presses_alone() {
    let (first, choices) = play(settings(), &[12.0, 40.0], 40);
    let mut again = Chooser::new(2, settings());
    for (n, choice) in choices.iter().enumerate() {
        let next = again.next(|j| again.standing(j) == Standing::Open).unwrap();
        assert_eq!(next, *choice, "press {n}");
        let told = again.presses(choice.adapter).len();
        let press = first.presses(choice.adapter)[told];
        again.tell(choice.adapter, press, None, press.hold_s + if press.reset { 300.0 } else { 150.0 });
    }
    let (other, _) = play(Settings { seed: 8, ..settings() }, &[12.0, 40.0], 1);
    assert_eq!(other.presses(0).len() + other.presses(1).len(), 1);
}

/// A camera that chimes at its thresholds, 70 ms late; seven presses of each adapter.
fn play_chimes(settings: Settings, thresholds: &[f64], most: usize) -> (Chooser, Vec<(Choice, f64)>) {
    let mut chooser = Chooser::new(thresholds.len(), settings);
    let mut choices = Vec::new();
    while choices.len() < most {
        let Some(choice) = chooser.next(|_| true) else { break };
        let u = keyed(settings.seed, "chime", choices.len() as u64).next_u64() as f64 / u64::MAX as f64;
        let threshold = thresholds[choice.adapter] * (0.03 * (u / (1.0 - u)).ln()).exp();
        let ack = threshold + 0.07;
        let held = match choice.until {
            LetGo::Ack { extra_s } => (ack + 0.05 + extra_s).min(choice.hold_s),
            LetGo::Hold => choice.hold_s,
        };
        let (reset, seen) = (held >= threshold, (ack <= held).then_some(ack));
        chooser.tell(choice.adapter, Press { hold_s: held, reset }, seen, held + if reset { 300.0 } else { 150.0 });
        choices.push((choice, held));
    }
    (chooser, choices)
}

fn hearing(letting_go: LettingGo) -> Settings {
    Settings { listening: Some(Listening { reaction_s: 0.05, letting_go }), probe_every: None, ..settings() }
}

#[test]
fn a_chime_is_let_go_on_and_finds_the_hold_in_few_presses() {
    let (chooser, choices) = play_chimes(hearing(LettingGo::Later), &[12.0, 13.0], 16);
    for (j, threshold) in [12.0_f64, 13.0].into_iter().enumerate() {
        let truth = threshold * (0.03 * (0.95_f64 / 0.05).ln()).exp();
        let (low, high) = chooser.hold(j).interval(0.95);
        assert!(low <= truth && truth <= high && high - low < 0.25 * truth, "{low} {truth} {high}");
    }
    assert!(choices.iter().any(|(choice, _)| choice.until != LetGo::Hold));
    assert!(choices.iter().all(|(choice, _)| (0.5..=90.0).contains(&choice.hold_s)));
}

#[test]
fn a_bench_that_cannot_let_go_on_a_chime_hears_it_all_the_same() {
    let (chooser, choices) = play_chimes(hearing(LettingGo::Never), &[12.0], 10);
    assert!(choices.iter().all(|(choice, _)| choice.until == LetGo::Hold));
    assert!(chooser.acks().is_some_and(|acks| acks.exact(0) > 0.8));
    let (_, at_once) = play_chimes(hearing(LettingGo::AtOnce), &[12.0], 10);
    assert!(at_once.iter().all(|(choice, _)| matches!(choice.until, LetGo::Hold | LetGo::Ack { extra_s: 0.0 })));
}

/// Who asks again after a crash tells the same presses and acknowledgements, and gets the same answer.
#[test]
fn with_acknowledgements_too_the_next_press_depends_on_the_presses_alone() {
    let (first, choices) = play_chimes(hearing(LettingGo::Later), &[12.0, 40.0], 14);
    let (again, same) = play_chimes(hearing(LettingGo::Later), &[12.0, 40.0], 14);
    assert_eq!(choices, same);
    assert_eq!(first.hold(0).interval(0.95), again.hold(0).interval(0.95));
}

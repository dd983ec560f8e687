//! How well is the light decoded? Rates and lit shares, false changes an hour, and how late an edge is seen beside the best test that there can
//! be for the noise. The last result stands in `docs/evidence.md`.
//!
//! Usage: light [HOURS]; so many bench hours of each scene (200).

use anyhow::{Context, Result, bail};
use pinhole::domain::observation::{LightPattern, Observation};
use pinhole::domain::units::{Seconds, Tick};
use pinhole::judging::light::{LightDecoder, LightSettings};
use statrs::distribution::{ContinuousCDF, Normal};
use std::f64::consts::TAU;

const LSB: f64 = 1.0 / 32_767.0;
const MS: Seconds = Seconds::from_millis(1);
const DARK: f64 = 0.02;
/// Dark to lit, as a share of full scale, as a rig has it that was never calibrated.
const CONTRAST: f64 = 0.38;
/// The stated noise: standard deviation of a sample at 1 kHz, as a share of full scale.
const NOISE: f64 = 0.03;
/// One false change in ten hours, in samples.
const SAMPLES_PER_FALSE: f64 = 36e6;

/// Normal noise in codes, drawn from 65,536 quantiles by a xorshift generator (Marsaglia 2003): fast, and the same everywhere.
struct Noise {
    table: Vec<i16>,
    state: u64,
}

impl Noise {
    fn new(seed: u64) -> Result<Self> {
        let normal = Normal::new(0.0, NOISE / LSB).context("the noise has a width")?;
        let table = (0..65_536).map(|i| normal.inverse_cdf((f64::from(i) + 0.5) / 65_536.0).round() as i16).collect();
        Ok(Self { table, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 })
    }

    fn bits(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn add(&mut self, codes: &mut [i16]) {
        for four in codes.chunks_mut(4) {
            let bits = self.bits();
            for (k, code) in four.iter_mut().enumerate() {
                *code = code.saturating_add(self.table[(bits >> (16 * k)) as usize & 0xffff]);
            }
        }
    }
}

/// What shines: a lamp that may be dimmed by pulses, mains flicker, and a drift. Levels are shares of the contrast.
#[derive(Clone, Copy)]
struct Scene {
    name: &'static str,
    /// Steady: 0 dark, 1 lit. A rate makes it a blink.
    lamp: f64,
    hz: Option<f64>,
    duty: f64,
    flicker_hz: f64,
    flicker: f64,
    flicker_phase: f64,
    pulse_hz: f64,
    pulse_duty: f64,
    drift_per_h: f64,
}

const QUIET: Scene = Scene {
    name: "",
    lamp: 0.0,
    hz: None,
    duty: 0.5,
    flicker_hz: 100.0,
    flicker: 0.0,
    flicker_phase: 0.0,
    pulse_hz: 200.0,
    pulse_duty: 1.0,
    drift_per_h: 0.0,
};
const DISTURBED: Scene = Scene { flicker: 0.5, pulse_hz: 200.03, pulse_duty: 0.5, ..QUIET };

impl Scene {
    /// Brightness at a moment, above the calibrated dark.
    fn at(&self, t: f64) -> f64 {
        let lit = self.hz.map_or(self.lamp, |hz| f64::from(u8::from((t * hz).fract() < self.duty)));
        lit * self.pulse(t) + self.around(t)
    }

    /// What a lit lamp gives; its pulses have the mean that was calibrated.
    fn pulse(&self, t: f64) -> f64 {
        if self.pulse_duty < 1.0 && (t * self.pulse_hz).fract() >= self.pulse_duty { 0.0 } else { 1.0 / self.pulse_duty }
    }

    fn around(&self, t: f64) -> f64 {
        let mains = if self.flicker == 0.0 { 0.0 } else { (TAU * (self.flicker_hz * t + self.flicker_phase)).sin() };
        self.flicker * mains + self.drift_per_h * t / 3600.0
    }

    fn codes(&self, from: u64, contrast: f64, codes: &mut [i16]) {
        for (sample, code) in (from..).zip(codes) {
            *code = ((DARK + contrast * self.at(sample as f64 * 1e-3)).min(1.0) / LSB) as i16;
        }
    }
}

fn decoder(contrast: f64) -> Result<LightDecoder> {
    Ok(LightDecoder::new(LightSettings { dark: DARK, lit: DARK + contrast, lsb: LSB })?)
}

/// Changes told in so many hours, but for the first pattern.
fn changes(scene: &Scene, contrast: f64, hours: u64, noise: &mut Noise) -> Result<usize> {
    let (mut decoder, mut out, mut found) = (decoder(contrast)?, Vec::new(), 0);
    // Ten seconds hold whole periods of everything but slowly beating pulses and drift; those are computed on.
    let repeats = scene.drift_per_h == 0.0 && (scene.pulse_duty == 1.0 || scene.pulse_hz.fract() == 0.0);
    let mut clean = vec![0; 10_000];
    scene.codes(0, contrast, &mut clean);
    for row in 0..hours * 360 {
        if !repeats {
            scene.codes(row * 10_000, contrast, &mut clean);
        }
        let mut codes = clean.clone();
        noise.add(&mut codes);
        decoder.feed(Tick(row * 10_000_000), MS, &codes, &mut out);
        found += out.len();
        out.clear();
    }
    Ok(found.saturating_sub(1))
}

fn false_changes(hours: u64) -> Result<()> {
    let blink = |hz| Scene { hz: Some(hz), ..DISTURBED };
    let scenes = [
        Scene { name: "dark", ..QUIET },
        Scene { name: "lit", lamp: 1.0, ..QUIET },
        Scene { name: "dark, flicker 100 Hz", pulse_duty: 1.0, ..DISTURBED },
        Scene { name: "lit, flicker 120 Hz", lamp: 1.0, flicker_hz: 120.0, pulse_duty: 1.0, ..DISTURBED },
        Scene { name: "lit, flicker 100 Hz, pulses 200.03 Hz of 50 %", lamp: 1.0, ..DISTURBED },
        Scene { name: "lit, flicker 100 Hz, pulses 200.03 Hz of 25 %", lamp: 1.0, pulse_duty: 0.25, ..DISTURBED },
        Scene { name: "blink 1 Hz, flicker 100 Hz, pulses 200.03 Hz of 50 %", ..blink(1.0) },
        Scene { name: "blink 10 Hz, flicker 100 Hz, pulses 200.03 Hz of 50 %", ..blink(10.0) },
    ];
    println!("| scene | bench hours | false changes | at most, an hour (95 %) |\n|---|---|---|---|");
    let mut noise = Noise::new(1)?;
    for scene in scenes {
        let found = changes(&scene, CONTRAST, hours, &mut noise)?;
        println!("| {} | {hours} | {found} | {:.3} |", scene.name, at_most(found, hours)?);
    }
    // An hour of drift, again and again: the whole way from calm to 0.6 of the contrast, up and down.
    for drift_per_h in [0.6, -0.6] {
        for (lamp, word) in [(0.0, "dark"), (1.0, "lit")] {
            let scene = Scene { lamp, drift_per_h, ..QUIET };
            let n = hours.div_ceil(10);
            let found = (0..n).map(|_| changes(&scene, CONTRAST, 1, &mut noise)).sum::<Result<usize>>()?;
            println!("| {word}, drift {drift_per_h:+} of the contrast an hour | {n} x 1 | {found} | {:.3} |", at_most(found, n)?);
        }
    }
    println!("\n| contrast, % of full scale | bench hours | false changes while dark | while lit |\n|---|---|---|---|");
    for contrast in [0.20, 0.15, 0.10] {
        let mut count = |lamp| changes(&Scene { lamp, ..QUIET }, contrast, hours.div_ceil(4), &mut noise);
        println!("| {:.0} | {} | {} | {} |", 100.0 * contrast, hours.div_ceil(4), count(0.0)?, count(1.0)?);
    }
    Ok(())
}

/// Upper bound of a Poisson rate, by its relation to the gamma distribution.
fn at_most(found: usize, hours: u64) -> Result<f64> {
    let gamma = statrs::distribution::Gamma::new(found as f64 + 1.0, 1.0)?;
    Ok(gamma.inverse_cdf(0.95) / hours as f64)
}

/// Feeds a light that is steady until `begin_s` and then blinks, sample by sample, until the blink is told: when, and what.
fn told(scene: &Scene, hz: f64, begins_lit: bool, contrast: f64, begin_s: f64, noise: &mut Noise) -> Result<(f64, LightPattern)> {
    let (mut decoder, mut out) = (decoder(contrast)?, Vec::new());
    // A light that was lit begins its blink with the dark part.
    let from = if begins_lit { scene.duty } else { 0.0 };
    for sample in 0..((begin_s + 4.0 / hz + 1.0) * 1000.0) as u64 {
        let t = sample as f64 * 1e-3;
        let lit = if t < begin_s { begins_lit } else { ((t - begin_s) * hz + from).fract() < scene.duty };
        let lamp = if lit { scene.pulse(t) } else { 0.0 };
        let mut code = [((DARK + contrast * (lamp + scene.around(t))).min(1.0) / LSB) as i16];
        noise.add(&mut code);
        decoder.feed(Tick(sample * 1000), MS, &code, &mut out);
        for (_, fact) in out.drain(..) {
            if let Observation::Light(pattern) = fact
                && pattern.hz.is_some()
            {
                return Ok((t, pattern));
            }
        }
    }
    bail!("a blink of {hz} Hz was not told")
}

/// Worst errors of rate and lit share, and how late the blink was told, over many begins.
fn worst(hz: f64, duty: f64, disturbed: bool, noise: &mut Noise) -> Result<(f64, f64, f64)> {
    let (mut rate, mut share, mut late) = (0.0_f64, 0.0_f64, 0.0_f64);
    for n in 0..40 {
        let (flicker_phase, pulse_duty, pulse_hz) = (noise.uniform(), 0.2 + 0.7 * noise.uniform(), 199.8 + 0.4 * noise.uniform());
        let troubled = Scene { flicker_phase, pulse_duty, pulse_hz, ..DISTURBED };
        let scene = Scene { duty, ..if disturbed { troubled } else { QUIET } };
        let begin_s = 4.0 + 0.01 * noise.uniform();
        let (at, pattern) = told(&scene, hz, n % 2 == 0, CONTRAST, begin_s, noise)?;
        rate = rate.max((pattern.hz.map_or(0.0, |hz| hz.get()) / hz - 1.0).abs());
        share = share.max((f64::from(pattern.duty.unwrap_or(0.0)) - duty).abs());
        late = late.max(at - begin_s - 2.0 / hz);
    }
    Ok((100.0 * rate, share, 1000.0 * late))
}

fn rates() -> Result<()> {
    println!(
        "| blink | lit share | rate off by | lit share off by | told after two periods | disturbed: rate | lit share | told after |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut noise = Noise::new(2)?;
    for hz in [0.2, 0.5, 1.0, 2.0, 5.0, 10.0_f64] {
        for duty in [0.1, 0.3, 0.5, 0.7, 0.9_f64] {
            // Edges nearer to each other than the filter is long are not told apart.
            if duty.min(1.0 - duty) / hz < 0.025 {
                continue;
            }
            print!("| {hz} Hz | {duty} |");
            for disturbed in [false, true] {
                let (rate, share, late) = worst(hz, duty, disturbed, &mut noise)?;
                print!(" {rate:.1} % | {share:.2} | {late:.0} ms |");
            }
            println!();
        }
    }
    Ok(())
}

/// Mean delay in samples of a CUSUM test (Page 1954) of a shift of `shift` standard deviations; its threshold, the logarithm of the samples per
/// false alarm, keeps that rate (Lorden 1971). No test with this rate is quicker in the worst case, but for a small constant.
fn cusum(shift: f64, noise: &mut Noise) -> f64 {
    let (limit, trials) = (SAMPLES_PER_FALSE.ln(), 20_000);
    let mut samples = 0_u64;
    for _ in 0..trials {
        let mut sum = 0.0_f64;
        while sum < limit {
            let mut code = [0];
            noise.add(&mut code);
            let x = f64::from(code[0]) * LSB / NOISE + shift;
            sum = (sum + shift * (x - shift / 2.0)).max(0.0);
            samples += 1;
        }
    }
    samples as f64 / f64::from(trials)
}

/// Samples after which a shift can be told at the rate of false alarms, when mains flicker of up to half the contrast may be there before and
/// after, in any phase: lit light in its trough looks like dark at its crest. What is left of the shift's energy when the flicker that hides it
/// best is taken away must reach the logarithm of the samples per false alarm (the same bound, for the hardest pair of hypotheses).
fn with_flicker(shift: f64) -> usize {
    let left = |n: usize, hz: f64, phase: f64| {
        let wave: Vec<f64> = (0..n).map(|k| (TAU * (hz * k as f64 * 1e-3 + phase)).sin()).collect();
        let (sum, square) = (wave.iter().sum::<f64>(), wave.iter().map(|x| x * x).sum::<f64>());
        // Half before and half after make the whole contrast at most.
        let strength = (sum / square.max(1e-12)).clamp(0.0, 1.0);
        wave.iter().map(|x| (1.0 - strength * x).powi(2)).sum::<f64>()
    };
    let least = |n: usize| {
        let phases = (0..256).map(|phase| f64::from(phase) / 256.0);
        phases.flat_map(|phase| [left(n, 100.0, phase), left(n, 120.0, phase)]).fold(f64::INFINITY, f64::min)
    };
    (1..1000).find(|&n| shift * shift / 2.0 * least(n) >= SAMPLES_PER_FALSE.ln()).unwrap_or(1000)
}

fn delays() -> Result<()> {
    println!(
        "| contrast, % of full scale | on seen after | off seen after | best possible, noise alone | best possible, mains flicker of half the contrast |"
    );
    println!("|---|---|---|---|---|");
    let mut noise = Noise::new(3)?;
    for contrast in [0.38, 0.20, 0.10] {
        let mut late = [Vec::new(), Vec::new()];
        for n in 0..2000 {
            // Begun dark, the fifth edge goes on; it is what tells the blink.
            let begin_s = 4.0 + 0.01 * noise.uniform();
            let (at, _) = told(&QUIET, 4.0, n % 2 == 1, contrast, begin_s, &mut noise)?;
            late[n % 2].push(1000.0 * (at - begin_s - 0.5));
        }
        let words = late.map(|mut late| {
            late.sort_by(f64::total_cmp);
            let mean = late.iter().sum::<f64>() / late.len() as f64;
            format!("{mean:.1} ms (95 %: {:.1})", late[late.len() * 95 / 100])
        });
        let (shift, [on, off]) = (contrast / NOISE, words);
        println!("| {:.0} | {on} | {off} | {:.1} ms | {} ms |", 100.0 * contrast, cusum(shift, &mut noise), with_flicker(shift));
    }
    Ok(())
}

/// How many of `TIMES` short absences of a steady light are told, and of as many short flashes in the dark.
fn glimpses() -> Result<()> {
    const TIMES: usize = 400;
    println!("| length | light gone, told | disturbed | light on, told | disturbed |\n|---|---|---|---|---|");
    let mut noise = Noise::new(4)?;
    for ms in [100_u64, 150, 180, 200, 220, 250, 300, 400] {
        print!("| {ms} ms |");
        for lamp in [1.0, 0.0] {
            for disturbed in [false, true] {
                let mut found = 0;
                for _ in 0..TIMES {
                    let (flicker_phase, pulse_hz) = (noise.uniform(), 199.8 + 0.4 * noise.uniform());
                    let scene = Scene { flicker_phase, pulse_hz, ..if disturbed { DISTURBED } else { QUIET } };
                    found += usize::from(is_told(&scene, lamp, ms, &mut noise)?);
                }
                print!(" {:.0} % |", 100.0 * found as f64 / TIMES as f64);
            }
        }
        println!();
    }
    Ok(())
}

/// Whether the other level is told when a steady light leaves its own for so long.
fn is_told(scene: &Scene, lamp: f64, ms: u64, noise: &mut Noise) -> Result<bool> {
    let (mut decoder, mut out, begin) = (decoder(CONTRAST)?, Vec::new(), 4000 + (10.0 * noise.uniform()) as u64);
    let mut codes = vec![0; 9000];
    for (sample, code) in (0_u64..).zip(&mut codes) {
        let away = (begin..begin + ms).contains(&sample);
        let t = sample as f64 * 1e-3;
        let lit = if away { 1.0 - lamp } else { lamp };
        *code = ((DARK + CONTRAST * (lit * scene.pulse(t) + scene.around(t))).clamp(0.0, 1.0) / LSB) as i16;
    }
    noise.add(&mut codes);
    decoder.feed(Tick(0), MS, &codes, &mut out);
    Ok(out.len() == 3)
}

fn main() -> Result<()> {
    let hours = std::env::args().nth(1).map_or(Ok(200), |hours| hours.parse()).context("HOURS is a whole number")?;
    rates()?;
    println!();
    false_changes(hours)?;
    println!();
    delays()?;
    println!();
    glimpses()
}

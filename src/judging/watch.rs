//! All decoders of one rig in one hand.

use super::console::{ConsoleDecoder, ConsoleError};
use super::force::{ForceDecoder, ForceError, USUAL_N};
use super::light::{ColourSettings, LightDecoder, LightError, LightSettings, Primary};
use super::plug::{PlugDecoder, PlugError, PlugStats};
use super::sound::{SoundDecoder, SoundError};
use crate::domain::observation::{Observation, PowerState};
use crate::domain::profile::Profile;
use crate::domain::rig::Calibration;
use crate::domain::units::{Seconds, Tick};

/// Which channels a rig has, and what one code of each is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Channels {
    /// Share of full scale of one code of the light sensor.
    pub light: Option<f64>,
    /// The same of its red, green and blue channels, where it has them.
    pub colour: Option<[f64; 3]>,
    /// Volts and amperes of one code at the plug.
    pub plug: Option<(f64, f64)>,
    /// There is a console. It is decoded where the profile has one too.
    pub console: bool,
    /// Time between two samples of the sound sensor.
    pub sound: Option<Seconds>,
    /// Newtons of one code of the force sensor under the tip.
    pub force: Option<f64>,
}

/// A decoder cannot be built.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WatchError {
    /// The light's.
    #[error(transparent)]
    Light(#[from] LightError),
    /// The console's.
    #[error(transparent)]
    Console(#[from] ConsoleError),
    /// The plug's.
    #[error(transparent)]
    Plug(#[from] PlugError),
    /// The sound's.
    #[error(transparent)]
    Sound(#[from] SoundError),
    /// The force's.
    #[error(transparent)]
    Force(#[from] ForceError),
}

/// The decoders that a rig and a profile have. What is fed for one that is absent is passed over.
#[derive(Clone, Debug)]
pub struct Watch {
    light: Option<LightDecoder>,
    console: Option<ConsoleDecoder>,
    plug: Option<PlugDecoder>,
    sound: Option<SoundDecoder>,
    force: Option<ForceDecoder>,
    told: Vec<(Tick, Observation)>,
}

impl Watch {
    /// Decoders for the channels present.
    ///
    /// # Errors
    /// [`WatchError`] for a sensor that is not calibrated, a scale or a marker that cannot be used.
    pub fn new(profile: &Profile, calibration: &Calibration, channels: Channels) -> Result<Self, WatchError> {
        let light = channels.light.map(|lsb| LightDecoder::new(LightSettings::new(calibration, lsb))).transpose()?;
        let light = match (light, channels.colour) {
            (Some(light), Some(lsb)) => Some(light.with_colour(ColourSettings { found: calibration.colour, lsb })?),
            (light, _) => light,
        };
        let console = profile.console.as_ref().filter(|_| channels.console).map(ConsoleDecoder::new).transpose()?;
        let plug =
            channels.plug.map(|(volts, amps)| PlugDecoder::new(&profile.supply, &profile.current, volts, amps)).transpose()?;
        let sound = channels.sound.map(|period| SoundDecoder::new(&profile.chimes, period)).transpose()?;
        let takes_n = profile.button.force_n.unwrap_or(USUAL_N);
        let force = channels.force.map(|lsb| ForceDecoder::new(takes_n, lsb)).transpose()?;
        Ok(Self { light, console, plug, sound, force, told: Vec::new() })
    }

    /// A trial begins at `at`: states are told anew, boots are counted from 1, measuring begins.
    pub fn begin(&mut self, at: Tick) {
        self.light.iter_mut().for_each(LightDecoder::reset);
        self.console.iter_mut().for_each(|console| console.reset(at));
        self.plug.iter_mut().for_each(PlugDecoder::reset);
        self.sound.iter_mut().for_each(SoundDecoder::reset);
        self.force.iter_mut().for_each(ForceDecoder::reset);
        self.told.clear();
    }

    /// Light codes sampled `period` apart, the first at `start`.
    pub fn light(&mut self, start: Tick, period: Seconds, codes: &[i16]) {
        if let Some(light) = &mut self.light {
            light.feed(start, period, codes, &mut self.told);
        }
    }

    /// Codes of a colour channel of the light sensor. Brightness is decoded when all colours of its moment have come.
    pub fn colour(&mut self, primary: Primary, start: Tick, period: Seconds, codes: &[i16]) {
        if let Some(light) = &mut self.light {
            light.feed_part(primary, start, period, codes, &mut self.told);
        }
    }

    /// Codes of the voltage at the plug.
    pub fn volts(&mut self, start: Tick, period: Seconds, codes: &[i16]) {
        let Some(plug) = &mut self.plug else { return };
        let known = self.told.len();
        plug.volts(start, period, codes, &mut self.told);
        for (at, fact) in &self.told[known..] {
            if let (Observation::Power { state }, Some(light)) = (fact, &mut self.light) {
                light.powered(*at, *state != PowerState::Off);
            }
        }
    }

    /// Codes of the current at the plug.
    pub fn amps(&mut self, start: Tick, period: Seconds, codes: &[i16]) {
        if let Some(plug) = &mut self.plug {
            plug.amps(start, period, codes, &mut self.told);
        }
    }

    /// Codes of the sound.
    pub fn sound(&mut self, start: Tick, period: Seconds, codes: &[i16]) {
        if let Some(sound) = &mut self.sound {
            sound.feed(start, period, codes, &mut self.told);
        }
    }

    /// Codes of the force on the button.
    pub fn force(&mut self, start: Tick, period: Seconds, codes: &[i16]) {
        if let Some(force) = &mut self.force {
            force.feed(start, period, codes, &mut self.told);
        }
    }

    /// The coil was switched at `at`: a press begins or ends, and what hums from now on is the coil. To be told before samples from after it.
    pub fn coil(&mut self, at: Tick, energised: bool) {
        if let Some(sound) = &mut self.sound {
            sound.coil(at, energised);
        }
        if let Some(force) = &mut self.force {
            force.coil(at, energised, &mut self.told);
        }
    }

    /// Console bytes received by `at`.
    pub fn console(&mut self, at: Tick, bytes: &[u8]) {
        if let Some(console) = &mut self.console {
            console.feed(at, bytes, &mut self.told);
        }
    }

    /// The console port was lost and is open again.
    pub fn console_gap(&mut self, at: Tick) {
        if let Some(console) = &mut self.console {
            console.gap(at, &mut self.told);
        }
    }

    /// Time has passed: to be called after each batch, so that silence and prompts are told.
    pub fn tick(&mut self, now: Tick) {
        if let Some(console) = &mut self.console {
            console.tick(now, &mut self.told);
        }
    }

    /// What was told since the last call, in the order of decision. Moments may lie further back.
    pub fn drain(&mut self) -> std::vec::Drain<'_, (Tick, Observation)> {
        self.told.drain(..)
    }

    /// Measuring at the plug begins anew.
    pub fn mark(&mut self) {
        self.plug.iter_mut().for_each(PlugDecoder::mark);
    }

    /// The camera shows that it erases, or no longer does: the lowest voltage of that time is kept apart.
    pub fn erases(&mut self, erases: bool) {
        self.plug.iter_mut().for_each(|plug| plug.erases(erases));
    }

    /// What was measured at the plug since the mark.
    pub fn stats(&self) -> PlugStats {
        self.plug.as_ref().map(PlugDecoder::stats).unwrap_or_default()
    }

    /// Lowest mean amperes at the plug over a twentieth of a second from the mark until `until`.
    pub fn least_current_until(&self, until: Tick) -> Option<f64> {
        self.plug.as_ref().and_then(|plug| plug.least_current_until(until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::{ConsoleState, LightShape};
    use crate::judging::testing;

    const SOUND: Seconds = Seconds::from_micro(125);
    const MS: Seconds = Seconds::from_millis(1);
    const ALL: Channels = Channels {
        light: Some(1.0 / 32767.0),
        colour: None,
        plug: Some((0.001, 0.001)),
        console: true,
        sound: Some(SOUND),
        force: Some(0.01),
    };

    fn watch(channels: Channels) -> Watch {
        Watch::new(&testing::profile(), &Calibration::default(), channels).unwrap()
    }

    /// A second of noise.
    fn hiss() -> [i16; 8000] {
        let mut seed = 1_u32;
        [0; 8000].map(|_: i16| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((seed >> 20) as i16) - 2048
        })
    }

    fn feed(watch: &mut Watch, at: Tick) -> Vec<(Tick, Observation)> {
        watch.light(at, MS, &[14_000; 3100]);
        watch.volts(at, MS, &[5000; 100]);
        watch.amps(at, MS, &[400; 100]);
        watch.coil(at, true);
        watch.force(at, MS, &std::array::from_fn::<i16, 1100, _>(|n| (n % 3) as i16));
        watch.sound(at, SOUND, &[[0; 8000], hiss(), hiss()].concat());
        watch.console(at, b"U-Boot\n");
        watch.tick(at + Seconds::new(4.0));
        watch.drain().collect()
    }

    #[test]
    fn every_channel_is_decoded_and_each_trial_is_told_how_things_stand() {
        let mut watch = watch(ALL);
        for at in [Tick(0), Tick(90_000_000)] {
            watch.begin(at);
            let told = feed(&mut watch, at);
            let has = |wanted: &dyn Fn(&Observation) -> bool| told.iter().any(|(_, fact)| wanted(fact));
            assert!(has(&|fact| matches!(fact, Observation::Light(pattern) if pattern.shape == LightShape::Solid)), "{told:?}");
            assert!(has(&|fact| *fact == Observation::Power { state: PowerState::On }), "{told:?}");
            assert!(has(&|fact| *fact == Observation::Console { state: ConsoleState::Speaking }), "{told:?}");
            assert!(has(&|fact| matches!(fact, Observation::Boot { boot: 1, .. })), "{told:?}");
            assert!(has(&|fact| matches!(fact, Observation::Force { .. })), "{told:?}");
            assert!(has(&|fact| matches!(fact, Observation::Motor { running: true })), "{told:?}");
            assert!(watch.drain().next().is_none());
        }
        assert_eq!(watch.stats().amps.map(|amps| amps.samples), Some(100));
        watch.mark();
        assert_eq!(watch.stats(), PlugStats::default());
    }

    #[test]
    fn what_shines_while_the_camera_has_no_power_is_the_surroundings() {
        let mut watch = watch(ALL);
        watch.begin(Tick(0));
        // A sun as bright as the lamp, and the lamp from 6 s on, when there is power.
        for tenth in 0..200_u64 {
            let (at, on) = (Tick(tenth * 100_000), tenth >= 60);
            watch.light(at, MS, &[if on { 27_000 } else { 14_000 }; 100]);
            watch.volts(at, MS, &[if on { 5000 } else { 0 }; 100]);
        }
        let shapes: Vec<LightShape> = watch
            .drain()
            .filter_map(|(_, fact)| if let Observation::Light(pattern) = fact { Some(pattern.shape) } else { None })
            .collect();
        assert_eq!(shapes, [LightShape::Off, LightShape::Solid]);
    }

    #[test]
    fn absent_channels_are_passed_over() {
        let mut watch = watch(Channels::default());
        watch.begin(Tick(0));
        watch.console_gap(Tick(1));
        assert!(feed(&mut watch, Tick(2)).is_empty());
        assert_eq!(watch.stats(), PlugStats::default());
    }

    #[test]
    fn what_cannot_be_decoded_is_refused() {
        let build =
            |channels| Watch::new(&testing::profile(), &Calibration { light_lit: 0.02, ..Calibration::default() }, channels);
        assert!(matches!(build(Channels { light: Some(0.1), ..Channels::default() }), Err(WatchError::Light(_))));
        assert!(matches!(build(Channels { plug: Some((0.0, 1.0)), ..Channels::default() }), Err(WatchError::Plug(_))));
        assert!(matches!(build(Channels { sound: Some(MS), ..Channels::default() }), Err(WatchError::Sound(_))));
        assert!(matches!(build(Channels { force: Some(0.0), ..Channels::default() }), Err(WatchError::Force(_))));
        let mut profile = testing::profile();
        profile.console.as_mut().unwrap().markers[0].regex = "(".to_owned();
        let built = Watch::new(&profile, &Calibration::default(), Channels { console: true, ..Channels::default() });
        assert!(matches!(built, Err(WatchError::Console(_))));
    }
}

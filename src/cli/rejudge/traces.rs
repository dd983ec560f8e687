//! The traces of one trial, from the files that its lines name to a replay.

use crate::cli::attached::{Note, attached_trace};
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::observation::Observation;
use crate::domain::profile::Profile;
use crate::domain::rig::Position;
use crate::domain::units::Tick;
use crate::journal::traces::{Body, CONSOLE, Piece as Kept, Trace};
use crate::judging::again::{Piece, Replay, Row, Signal, Switched};
use crate::judging::light::Primary;
use crate::judging::{Channels, Watch};
use crate::ports::{Channel, Storage};
use std::path::Path;

/// The channels of a sensor that sees colours.
const COLOURS: [(Channel, Primary); 3] =
    [(Channel::Red, Primary::Red), (Channel::Green, Primary::Green), (Channel::Blue, Primary::Blue)];

/// The traces of a trial, by the names of their channels.
pub struct Traces {
    begin: Tick,
    kept: Vec<Trace>,
    coil: Vec<Switched>,
}

/// A channel of samples: its name, the value of one code, its rows.
struct Sampled {
    lsb: f64,
    rows: Vec<Row>,
}

impl Traces {
    /// Reads what the trial's lines name.
    ///
    /// # Errors
    /// A [`Note`]: there is none, or one cannot be read or is not what was written.
    pub fn of<S: Storage>(storage: &S, dir: &Path, lines: &[(Seq, Tick, Event)]) -> Result<Self, Note> {
        let attached =
            lines.iter().filter_map(|(_, _, event)| if let Event::Attached(attached) = event { Some(attached) } else { None });
        let mut kept = Vec::new();
        for attached in attached {
            kept.push(attached_trace(storage, dir, attached)?);
        }
        if kept.is_empty() {
            return Err("no trace was kept".to_owned());
        }
        Ok(Self { begin: lines.first().map_or(Tick::ZERO, |(_, at, _)| *at), kept, coil: edges(lines) })
    }

    /// Decoders of a profile, with the trial's readings before them.
    ///
    /// # Errors
    /// A [`Note`]: a channel that the position has was not kept, or its trace does not tell what a code is worth, or no decoder can be built.
    pub fn replay(mut self, profile: &Profile, position: &Position) -> Result<Replay, Note> {
        let mut channels = Vec::new();
        let mut built = Channels { console: position.console.is_some(), ..Channels::default() };
        if position.light.is_some() {
            let light = self.sampled(Channel::Light)?;
            built.light = Some(light.lsb);
            channels.push((Signal::Light, light.rows));
            // Only the sensor knew whether it sees colours: then they were recorded too.
            if COLOURS.iter().any(|(channel, _)| self.has(channel.name())) {
                let [red, green, blue] = COLOURS.map(|(channel, primary)| Ok::<_, Note>((self.sampled(channel)?, primary)));
                let colours = [red?, green?, blue?];
                built.colour = Some([colours[0].0.lsb, colours[1].0.lsb, colours[2].0.lsb]);
                channels.extend(colours.map(|(sampled, primary)| (Signal::Colour(primary), sampled.rows)));
            }
        }
        if position.plug.is_some() {
            let (volts, amps) = (self.sampled(Channel::PlugVoltage)?, self.sampled(Channel::PlugCurrent)?);
            built.plug = Some((volts.lsb, amps.lsb));
            channels.extend([(Signal::Volts, volts.rows), (Signal::Amps, amps.rows)]);
        }
        if position.sound.is_some() {
            let sound = self.sampled(Channel::Sound)?;
            built.sound = sound.rows.first().map(|row| row.period);
            channels.push((Signal::Sound, sound.rows));
        }
        if position.force.is_some() {
            let force = self.sampled(Channel::Force)?;
            built.force = Some(force.lsb);
            channels.push((Signal::Force, force.rows));
        }
        let watch = Watch::new(profile, &position.calibration, built).map_err(|why| format!("no decoder: {why}"))?;
        // A console that said nothing leaves no trace.
        let console = built.console.then(|| self.console());
        Ok(Replay::new(watch, self.begin, channels, console).with_coil(self.coil))
    }

    fn sampled(&mut self, channel: Channel) -> Result<Sampled, Note> {
        let name = channel.name();
        let trace = self.take(name).ok_or_else(|| format!("the trace of `{name}` was not kept"))?;
        let lsb = trace.lsb.ok_or_else(|| format!("the scale of `{name}` stands neither in the journal nor in its trace"))?;
        let Body::Samples(runs) = trace.body else { return Err(format!("the trace of `{name}` holds no samples")) };
        let rows = runs.into_iter().map(|run| Row { start: run.start, period: run.period, codes: run.codes });
        Ok(Sampled { lsb, rows: rows.collect() })
    }

    fn console(&mut self) -> Vec<Piece> {
        let Some(Trace { body: Body::Console(pieces), .. }) = self.take(CONSOLE) else { return Vec::new() };
        let piece = |kept| match kept {
            Kept::Bytes { at, bytes } => Piece::Bytes(at, bytes),
            Kept::Gap { at } => Piece::Gap(at),
        };
        pieces.into_iter().map(piece).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.kept.iter().any(|trace| trace.channel == name)
    }

    fn take(&mut self, name: &str) -> Option<Trace> {
        let at = self.kept.iter().position(|trace| trace.channel == name)?;
        Some(self.kept.swap_remove(at))
    }
}

/// The edges of the coil in the order of their time.
fn edges(lines: &[(Seq, Tick, Event)]) -> Vec<Switched> {
    let edge = |(_, _, event): &(Seq, Tick, Event)| match event {
        Event::Observed(observed) => match observed.observation {
            Observation::Coil { energised, .. } => Some(Switched { at: observed.at_us, energised }),
            _ => None,
        },
        _ => None,
    };
    let mut edges: Vec<Switched> = lines.iter().filter_map(edge).collect();
    edges.sort_by_key(|edge| edge.at);
    edges
}

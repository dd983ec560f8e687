//! What happened in one trial, and when: from its lines, and from its traces where they were kept.

use super::evidence::pressed;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::measurement::names;
use crate::domain::observation::Observation;
use crate::domain::step::Step;
use crate::domain::units::{Seconds, Tick};

/// Failures and surprises of a run that get a timeline: enough to read, few enough for a page that is mailed.
pub const TIMELINES_KEPT: usize = 40;

/// Columns that a trace is put together in: about one for two pixels of the drawing.
pub const COLUMNS: usize = 360;

/// Seconds shown before the press at least, and as a share of what comes after it.
const LEAD: (f64, f64) = (12.0, 0.12);

/// What the times of a timeline count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// The coil was energised.
    Coil,
    /// Nothing was energised: when the stimulus began (a sham).
    Stimulus,
    /// Nothing was pressed at all: when the supply was switched on.
    PowerOn,
}

/// Something that a sensor told.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Seconds from zero.
    pub at_s: f64,
    /// The line.
    pub seq: Seq,
    /// What was seen.
    pub observation: Observation,
}

/// The lowest and highest reading of a channel in each column from the beginning of the timeline to its end; `None` where there was none.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Name of the channel: `light`, `plug_v`, `plug_a`.
    pub channel: String,
    /// The columns, [`COLUMNS`] of them, in the channel's unit.
    pub columns: Vec<Option<(f32, f32)>>,
}

/// Rows of samples without a break, as a trace has them.
pub struct Samples<'a> {
    /// When the first was taken.
    pub start: Tick,
    /// Time between them.
    pub period: Seconds,
    /// Their codes.
    pub codes: &'a [i16],
}

/// One trial from its press, or from shortly before it, to its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// What times count from.
    pub zero: Zero,
    /// That moment on the rig's clock.
    at: Tick,
    /// Its beginning, in seconds from zero: not positive.
    pub from_s: f64,
    /// Its end, the verdict.
    pub to_s: f64,
    /// When the supply was last switched on before zero, or after it where the press comes first.
    pub power_on_s: Option<f64>,
    /// From when to when the button was to be down; with `on_change` the shortest hold.
    pub commanded: Option<(f64, f64)>,
    /// The measured hold and its standard uncertainty, in seconds.
    pub hold: Option<(f64, Option<f64>)>,
    /// Lowest volts at the plug from contact to the end of the watch.
    pub plug_v_min: Option<f64>,
    /// Highest amperes at the plug in that time.
    pub plug_a_max: Option<f64>,
    /// What the sensors told, in the order of time; also what was told before the beginning, since a state lasts until the next.
    pub moments: Vec<Moment>,
    /// What the instruments delivered.
    pub traces: Vec<Envelope>,
}

impl Timeline {
    /// The timeline of a judged trial's lines, `trial_started` first; `None` where it was not judged or nothing was switched on.
    pub fn of(lines: &[(Seq, Tick, Event)]) -> Option<Self> {
        let begin = lines.iter().position(|(_, _, event)| is_step(event, |step| *step == Step::Begin)).unwrap_or(0);
        let end = lines.iter().position(|(_, _, event)| matches!(event, Event::Diagnosed(_)))?;
        let lines = lines.get(begin..=end)?;
        let started = |wanted: &dyn Fn(&Step) -> bool| {
            lines.iter().filter(|(_, _, event)| is_step(event, wanted)).map(|(_, at, _)| *at).next_back()
        };
        let powered = started(&|step| *step == Step::PowerOn);
        let energised = lines.iter().any(|(_, _, event)| {
            matches!(event, Event::Observed(seen) if matches!(seen.observation, Observation::Coil { energised: true, .. }))
        });
        let (zero, at) = match pressed(lines) {
            Some(at) if energised => (Zero::Coil, at),
            Some(at) => (Zero::Stimulus, at),
            None => (Zero::PowerOn, powered?),
        };
        let after = |tick: Tick| seconds_between(at, tick);
        let (first, to_s) = (after(lines.first()?.1), after(lines.last()?.1).max(1.0));
        let lead = if zero == Zero::PowerOn { 3.0 } else { LEAD.0.max(LEAD.1 * to_s) };
        Some(Self {
            zero,
            at,
            from_s: first.max(-lead).min(0.0),
            to_s,
            power_on_s: powered.map(after),
            commanded: commanded(lines, powered).map(|(from, to)| (after(from), after(to))),
            hold: measured(lines, names::HOLD),
            plug_v_min: measured(lines, names::PLUG_MIN).map(|(value, _)| value),
            plug_a_max: measured(lines, names::PLUG_MAX).map(|(value, _)| value),
            moments: moments(lines, at),
            traces: Vec::new(),
        })
    }

    /// Adds a trace: rows of samples of a channel, each code worth `lsb`. Samples outside the timeline are left out, and so is a channel
    /// without any sample in it.
    pub fn add_trace<'a>(&mut self, channel: &str, lsb: f64, rows: impl Iterator<Item = Samples<'a>>) {
        let width = (self.to_s - self.from_s) / COLUMNS as f64;
        let mut columns: Vec<Option<(i16, i16)>> = vec![None; COLUMNS];
        for row in rows {
            let start = seconds_between(self.at, row.start) - self.from_s;
            let period = row.period.get();
            for (index, &code) in row.codes.iter().enumerate() {
                let column = (start + period * index as f64) / width;
                if column < 0.0 {
                    continue;
                }
                let Some(column) = columns.get_mut(column as usize) else { break };
                let (lo, hi) = column.unwrap_or((code, code));
                *column = Some((lo.min(code), hi.max(code)));
            }
        }
        if columns.iter().any(Option::is_some) {
            let value = |code: i16| (f64::from(code) * lsb) as f32;
            let columns = columns.into_iter().map(|column| column.map(|(lo, hi)| (value(lo), value(hi)))).collect();
            self.traces.push(Envelope { channel: channel.to_owned(), columns });
        }
    }
}

fn is_step(event: &Event, wanted: impl Fn(&Step) -> bool) -> bool {
    matches!(event, Event::StepStarted(started) if wanted(&started.step))
}

/// Seconds from `zero` to `tick`, negative before.
fn seconds_between(zero: Tick, tick: Tick) -> f64 {
    tick.since(zero).get() - zero.since(tick).get()
}

fn measured(lines: &[(Seq, Tick, Event)], name: &str) -> Option<(f64, Option<f64>)> {
    lines.iter().find_map(|(_, _, event)| match event {
        Event::Measured(measured) if measured.measurement.name == name => {
            Some((measured.measurement.value, measured.measurement.u))
        }
        _ => None,
    })
}

/// From the press, or from power-on where that comes while the button is down (hold-then-power), for as long as the hold asks.
fn commanded(lines: &[(Seq, Tick, Event)], powered: Option<Tick>) -> Option<(Tick, Tick)> {
    let mut pressed = None;
    for (_, at, event) in lines {
        let Event::StepStarted(started) = event else { continue };
        match (&started.step, pressed) {
            (Step::Press { .. }, _) => pressed = Some(*at),
            (Step::Hold { for_s, .. }, Some(from)) => {
                let counted = powered.filter(|powered| *powered > from).unwrap_or(from);
                return Some((from, counted + *for_s));
            }
            _ => {}
        }
    }
    None
}

fn moments(lines: &[(Seq, Tick, Event)], zero: Tick) -> Vec<Moment> {
    let mut moments: Vec<Moment> = lines
        .iter()
        .filter_map(|(seq, _, event)| match event {
            Event::Observed(seen) => {
                Some(Moment { at_s: seconds_between(zero, seen.at_us), seq: *seq, observation: seen.observation.clone() })
            }
            _ => None,
        })
        .collect();
    moments.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    moments
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Bench, press, sham};
    use super::*;
    use crate::domain::condition::{Condition, Origin};
    use crate::domain::event::Observed;
    use crate::domain::observation::{LightPattern, LightShape};
    use crate::domain::verdict::{Level, Verdict};

    fn observe(bench: &mut Bench, at: f64, observation: Observation) {
        bench.push(Event::Observed(Observed { at_us: Tick::ZERO + Seconds::new(at), observation }));
    }

    fn trial(condition: Condition, steps: &[(f64, Step)], coil: Option<(f64, f64)>) -> Option<Timeline> {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        bench.begin(None, condition, Origin::Planned);
        bench.step(Step::Begin, None);
        for (wait, step) in steps {
            bench.wait(*wait);
            bench.step(step.clone(), None);
        }
        if let Some((on, off)) = coil {
            observe(&mut bench, on, Observation::Coil { energised: true, u_s: Seconds::ZERO });
            observe(&mut bench, off, Observation::Coil { energised: false, u_s: Seconds::ZERO });
            let dark = LightPattern { shape: LightShape::Off, hz: None, duty: None, colour: None, second: None };
            observe(&mut bench, 100.0, Observation::Light(dark));
        }
        bench.wait(200.0);
        bench.judge(Verdict::Inconclusive, Level::Proved);
        let begun = bench.begun();
        Timeline::of(&bench.events()[begun..])
    }

    fn hold(for_s: f64) -> Step {
        let for_s = Seconds::new(for_s);
        Step::Hold { for_s, until_change: false, max_s: for_s }
    }

    #[test]
    fn times_count_from_the_coil_and_the_command_from_its_step() {
        let press_step = Step::Press { max_s: Seconds::new(10.0) };
        let steps = [(2.0, Step::PowerOn), (120.0, press_step), (0.0, hold(10.0))];
        let line = trial(press("oem", 10.0), &steps, Some((122.5, 132.5))).unwrap();
        assert_eq!((line.zero, line.commanded, line.power_on_s), (Zero::Coil, Some((-0.5, 9.5)), Some(-120.5)));
        assert_eq!((line.from_s, line.to_s), (-0.12 * 199.5, 199.5));
        let at: Vec<f64> = line.moments.iter().map(|moment| moment.at_s).collect();
        assert_eq!(at, [-22.5, 0.0, 10.0], "in the order of time, whatever the order of the lines");
    }

    #[test]
    fn a_hold_counts_from_power_on_where_that_comes_after_the_press() {
        let press_step = Step::Press { max_s: Seconds::new(20.0) };
        let steps = [(2.0, press_step), (1.0, Step::PowerOn), (0.0, hold(10.0))];
        let line = trial(press("oem", 10.0), &steps, Some((2.0, 13.0))).unwrap();
        assert_eq!((line.commanded, line.power_on_s), (Some((0.0, 11.0)), Some(1.0)));
    }

    #[test]
    fn a_sham_and_a_camera_that_was_never_ready_have_a_zero_of_their_own() {
        let waits = Step::Sham { for_s: Seconds::new(30.0) };
        let quiet = trial(sham("oem"), &[(2.0, Step::PowerOn), (120.0, waits)], None).unwrap();
        assert_eq!((quiet.zero, quiet.commanded), (Zero::Stimulus, None));
        let dark = trial(press("oem", 10.0), &[(2.0, Step::PowerOn)], None).unwrap();
        assert_eq!((dark.zero, dark.from_s, dark.to_s), (Zero::PowerOn, -2.0, 200.0));
        assert_eq!(trial(press("oem", 10.0), &[], None), None);
    }

    #[test]
    fn an_envelope_keeps_every_extreme_and_leaves_gaps_open() {
        let mut line = trial(press("oem", 10.0), &[(2.0, Step::PowerOn)], None).unwrap();
        let mut codes = vec![100_i16; 100_000];
        codes[50_123] = -7;
        // From 2 s before zero on, a sample each millisecond, and a second row after a gap.
        let rows = [
            Samples { start: Tick(0), period: Seconds::from_millis(1), codes: &codes },
            Samples { start: Tick(150_000_000), period: Seconds::from_millis(1), codes: &codes[..200] },
        ];
        line.add_trace("light", 0.01, rows.into_iter());
        let [envelope] = line.traces.as_slice() else { panic!("{:?}", line.traces) };
        let lows: Vec<f32> = envelope.columns.iter().flatten().map(|column| column.0).collect();
        assert_eq!(lows.iter().filter(|low| **low == -0.07).count(), 1);
        assert!(envelope.columns[200].is_none() && envelope.columns.len() == COLUMNS);
        line.add_trace(
            "plug_v",
            1.0,
            [Samples { start: Tick(900_000_000), period: Seconds::ZERO, codes: &codes[..5] }].into_iter(),
        );
        assert_eq!(line.traces.len(), 1, "nothing of it lies within");
    }
}

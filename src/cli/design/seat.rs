//! One camera that another program presses.

use super::message::{Answer, Hello, Release, Told};
use crate::analysis::posterior::{Press, Quantity};
use crate::cli::args;
use crate::planning::adaptive::{Aim, Chooser, Cost, LEVEL, LetGo, LettingGo, Listening, PROBE_EVERY, Settings};
use anyhow::{Context, Result, ensure};

/// The camera's adapters and all presses so far.
pub(super) struct Seat {
    names: Vec<String>,
    longest_s: f64,
    /// Protocol 2: answers say when to let go.
    releases: bool,
    chooser: Chooser,
}

impl Seat {
    pub(super) fn new(args: &args::Design, hello: Hello) -> Result<Self> {
        ensure!(
            hello.protocol == args.protocol,
            "protocol {} is asked for and --protocol {} was given; known are 1 and 2",
            hello.protocol,
            args.protocol
        );
        let (low, high) = (hello.hold_min_s, hello.hold_max_s);
        ensure!(low > 0.0 && low < high && high.is_finite(), "hold_min_s and hold_max_s must be positive and rise");
        ensure!((0.01..=0.999).contains(&hello.target.quantile), "target.quantile must lie between 0.01 and 0.999");
        ensure!(!hello.adapters.is_empty(), "adapters must not be empty");
        let quantity = Quantity::Relative(hello.target.quantile);
        let settings = Settings {
            quantity,
            aim: Aim::Precision(hello.target.rel_half_width),
            range: (low, high),
            sharing: !args.alone,
            probe_every: Some(PROBE_EVERY),
            listening: (args.protocol >= 2 && hello.acks)
                .then_some(Listening { reaction_s: hello.reaction_s.clamp(0.0, high), letting_go: LettingGo::Later }),
            cost: Cost { reset_s: hello.cost.boot_s + hello.cost.success_s, quiet_s: hello.cost.boot_s + hello.cost.failure_s },
            seed: hello.seed,
        };
        let names: Vec<String> = hello.adapters.into_iter().map(|adapter| adapter.id).collect();
        let chooser = Chooser::new(names.len(), settings);
        Ok(Seat { names, longest_s: high, releases: args.protocol >= 2, chooser })
    }

    pub(super) fn ask(&self, open: &[String]) -> Result<Answer> {
        let open: Vec<usize> = open.iter().map(|name| self.index(name)).collect::<Result<_>>()?;
        Ok(match self.chooser.next(|j| open.contains(&j)) {
            Some(choice) => Answer::Press {
                adapter: self.names[choice.adapter].clone(),
                hold_s: choice.hold_s,
                release: self.releases.then_some(match choice.until {
                    LetGo::Hold => Release::AfterHold,
                    LetGo::Ack { extra_s } => Release::OnAck { after_ack_s: extra_s },
                }),
            },
            None => Answer::Done { done: true },
        })
    }

    pub(super) fn tell(&mut self, told: &Told) -> Result<Answer> {
        let j = self.index(&told.adapter)?;
        ensure!(told.hold_s > 0.0 && told.hold_s.is_finite(), "hold_s must be positive");
        ensure!(told.bench_s >= 0.0 && told.bench_s.is_finite(), "bench_s must not be negative");
        let held_s = told.held_s.unwrap_or(told.hold_s);
        ensure!(held_s > 0.0 && held_s.is_finite(), "held_s must be positive");
        ensure!(told.ack_s.is_none_or(|ack_s| ack_s > 0.0 && ack_s.is_finite()), "ack_s must be positive or null");
        self.chooser.tell(j, Press { hold_s: held_s, reset: told.success }, told.ack_s, told.bench_s);
        Ok(Answer::Ok { ok: true })
    }

    pub(super) fn estimate(&self, adapter: &str) -> Result<Answer> {
        let j = self.index(adapter)?;
        let hold = self.chooser.hold(j);
        let (low, high) = hold.interval(LEVEL);
        // Beyond the longest hold nothing was tried: a lower bound says no more than that, an upper one and an estimate say nothing.
        let known = |hold: f64| (hold.is_finite() && hold > 0.0).then_some(hold);
        let lo = if low > self.longest_s { Some(self.longest_s) } else { known(low) };
        let hold95_s = known(hold.at(0.5)).filter(|_| low <= self.longest_s);
        let hi = high.is_finite().then_some(high);
        let hold50_s = known(self.chooser.hold_at(j, Quantity::Relative(0.5)).at(0.5));
        Ok(Answer::Estimate { hold95_s, lo, hi, hold50_s })
    }

    fn index(&self, name: &str) -> Result<usize> {
        let known = || format!("adapter `{name}` was not in `hello`; known are {}", self.names.join(", "));
        self.names.iter().position(|other| other == name).with_context(known)
    }
}

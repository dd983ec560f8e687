//! Counts what each test shows under each cause.

use super::bench::{base, files, run_by};
use super::worlds::{Dice, Ranges, world};
use anyhow::Result;
use pinhole::analysis::rma::exams::done;
use pinhole::analysis::rma::inference::{Kind, Source, Test};
use pinhole::analysis::rma::{Finding, Senses, Supplied, Unit};
use pinhole::domain::condition::{Origin, Slot};
use pinhole::domain::event::FinishReason;
use pinhole::domain::ids::{BlockNo, SlotId};
use pinhole::domain::run_state::RunState;
use pinhole::planning::returns::condition;
use pinhole::planning::{Design, Next};
use std::collections::BTreeMap;

/// These slots in their order, each until it is judged or lost.
struct Script(Vec<Slot>);

impl Design for Script {
    fn next(&self, run: &RunState) -> Next {
        let open = self.0.iter().find(|slot| run.slots.get(&slot.id).is_none_or(|state| !state.settled(2)));
        open.map_or(Next::Done(FinishReason::Complete), |slot| Next::Slot(slot.clone()))
    }

    fn planned(&self) -> &[Slot] {
        &self.0
    }
}

/// A test of each kind.
fn test_of(kind: Kind) -> Test {
    match kind {
        Kind::Stroke => Test::Stroke,
        Kind::BootReturned => Test::Boot(Source::Returned),
        Kind::BootReference => Test::Boot(Source::Reference(0)),
        Kind::PressReturned => Test::Press(Source::Returned),
        Kind::PressReference => Test::Press(Source::Reference(0)),
        Kind::PressMargin => Test::Press(Source::Margin),
    }
}

type Counts = BTreeMap<Finding, (u32, f64)>;

/// Prints the table.
pub fn make(draws: u64) -> Result<()> {
    println!("# How often each finding of each kind of test was seen under each cause: {draws} fault worlds each.");
    println!("# Made by: scripts/rma-table {draws}");
    println!("# kind,unit,supplied,finding (supply/boot/press/contact/force),count,seconds that these tests took together");
    for kind in Kind::ALL {
        let supplied: &[Option<Supplied>] = match kind.on_returned() {
            true => &[Some(Supplied::Good), Some(Supplied::Weak), Some(Supplied::Dead)],
            false => &[None],
        };
        for unit in Unit::ALL {
            for supplied in supplied {
                let name = supplied.map_or("-", Supplied::name);
                for (finding, (count, seconds)) in count(kind, unit, *supplied, draws)? {
                    println!("{},{},{name},{finding},{count},{seconds:.0}", kind.name(), unit.name());
                }
                eprintln!("{} {} {name}", kind.name(), unit.name());
            }
        }
    }
    Ok(())
}

fn count(kind: Kind, unit: Unit, supplied: Option<Supplied>, draws: u64) -> Result<Counts> {
    let base = base()?;
    let mut counts = Counts::new();
    for draw in 0..draws {
        let purpose = format!("table {} {}", unit.name(), supplied.map_or("-", Supplied::name));
        let world = world(&base, unit, supplied.unwrap_or(Supplied::Good), Ranges::Learnt, &mut Dice::new(draw, &purpose));
        let seed = draw * 64 + Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0) as u64;
        let bundle = files(&world, false, true, seed)?;
        let Some(plan) = bundle.suite.value.rma.as_ref() else { continue };
        let condition = condition(test_of(kind), plan, &bundle.profile.value);
        let slot = Slot { id: SlotId(0), block: BlockNo(0), origin: Origin::Planned, condition };
        let state = run_by(&bundle, Some(&Script(vec![slot])))?;
        for done in done(&state.exams, plan, Senses::ALL) {
            let place = counts.entry(done.finding).or_default();
            place.0 += 1;
            place.1 += done.took_s;
        }
    }
    Ok(counts)
}

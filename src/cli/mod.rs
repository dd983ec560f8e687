//! The command line: a file a verb. What goes wrong is said on standard error: what, where, and what to do.

mod advice;
pub mod args;
mod attached;
mod board;
mod calibrate;
mod calibration;
mod check;
mod compare;
mod completions;
pub mod compose;
mod confirm;
mod control;
mod decode;
mod design;
mod desk;
mod guard;
mod history;
mod hooks;
mod kept;
mod keys;
mod known;
pub mod launch;
mod ledger;
mod live;
mod look;
mod man;
mod outputs;
mod paint;
mod plan;
mod preflight;
mod printer;
mod profile;
pub mod rejudge;
mod report;
mod resume;
pub mod rma;
mod run;
mod schema;
mod selftest;
mod settings;
mod signals;
mod simulate;
mod stall;
mod trouble;
mod truth;
mod twin;
mod verify;

use args::{Cli, Verb};
use clap::Parser;
use std::process::ExitCode;
use trouble::Trouble;

pub use control::Wishes;

/// Does what the command line asks, and tells by its exit code what came of it.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done: Result<u8, Trouble> = match &cli.verb {
        Verb::Run(args) => run::run(args, &cli.state()),
        Verb::Resume(args) => resume::resume(args, &cli.state()),
        Verb::Guard(args) => guard::guard(args),
        Verb::Plan(args) => plan::plan(args),
        Verb::Simulate(args) => simulate::simulate(args),
        Verb::Report(args) => report::report(args, &cli.state()),
        Verb::Compare(args) => compare::compare(args),
        Verb::Rejudge(args) => rejudge::rejudge(args),
        Verb::Decode(args) => decode::decode(args),
        Verb::Design(args) => design::design(args),
        Verb::Rma(args) => rma::rma(args, &cli.state()),
        Verb::History(args) => history::history(args, &cli.state()),
        Verb::Verify(args) => verify::verify(args),
        Verb::Twin(args) => twin::twin(args),
        Verb::Check(args) => check::check(args, &cli.state()),
        Verb::Calibrate(args) => calibrate::calibrate(args, &cli.state()),
        Verb::Schema(args) => schema::schema(args),
        Verb::Completions(args) => completions::completions(args),
        Verb::Man(args) => man::man(args),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(trouble) => {
            trouble.print();
            ExitCode::from(trouble.code)
        }
    }
}

/// Prints to standard output; a reader that has gone away (`pinhole plan | head`) is no error.
fn out(text: &str) {
    use std::io::Write;
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

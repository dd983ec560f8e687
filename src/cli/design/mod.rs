//! `pinhole design`: the adaptive design as a program that another one drives, line by line of JSON (`docs/design-protocol.md`).

mod message;
mod seat;

use super::args;
use super::trouble::Trouble;
use anyhow::Context;
use message::{Answer, Question};
use seat::Seat;
use std::io::{BufRead, Write};

/// Answers each line of standard input with one line on standard output, until `quit` or the end of input.
pub fn design(args: &args::Design) -> Result<u8, Trouble> {
    let mut seat: Option<Seat> = None;
    let mut output = std::io::stdout().lock();
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.context("standard input: reading a line")?;
        let place = || format!("standard input, line {}", number + 1);
        let question: Question =
            serde_json::from_str(&line).with_context(|| format!("{}: no message of the protocol", place()))?;
        let quit = matches!(question, Question::Quit);
        let answer = answer(args, &mut seat, question).with_context(place)?;
        let text = serde_json::to_string(&answer).context("writing an answer")?;
        writeln!(output, "{text}").and_then(|()| output.flush()).context("standard output")?;
        if quit {
            break;
        }
    }
    Ok(0)
}

fn answer(args: &args::Design, seat: &mut Option<Seat>, question: Question) -> anyhow::Result<Answer> {
    match (question, seat) {
        (Question::Quit, _) => Ok(Answer::Ok { ok: true }),
        (Question::Hello(hello), seat) => {
            *seat = Some(Seat::new(args, hello)?);
            Ok(Answer::Ready { ready: true, name: "pinhole" })
        }
        (_, None) => anyhow::bail!("the first message must be `hello`"),
        (Question::Ask { open }, Some(seat)) => seat.ask(&open),
        (Question::Tell(told), Some(seat)) => seat.tell(&told),
        (Question::Estimate { adapter }, Some(seat)) => seat.estimate(&adapter),
    }
}

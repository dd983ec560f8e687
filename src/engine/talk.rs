//! Speaking to the camera: over the console, over the network probe, and through a person.

use super::halt::{Halt, refused};
use super::session::{Session, Waited};
use crate::domain::event::{Answered, Asked, Event};
use crate::domain::ids::QuestionId;
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::judging::console::{Answer, Exchange};
use crate::ports::{ProbeAnswer, ProbeQuery};
use regex::bytes::Regex;

/// How often a command is sent again when no answer comes: a kernel line may have cut it in two.
const TRIES: u32 = 3;

impl Session<'_> {
    /// Sends a command over the console and waits for an answer that matches one of `expect`. `None`: no such answer came.
    pub fn exchange(&mut self, send: &str, expect: &[&str], timeout: Seconds) -> Result<Option<Answer>, Halt> {
        if self.rig.console.is_none() {
            return Ok(None);
        }
        let expect: Vec<Regex> = expect.iter().filter_map(|text| Regex::new(text).ok()).collect();
        for _ in 0..TRIES {
            let bad = |error: regex::Error| Fault::new(FaultKind::Refused, "console", error.to_string());
            self.exchange = Some(Exchange::new(send, expect.clone()).map_err(bad)?);
            self.answer = None;
            if let Some(console) = &mut self.rig.console {
                console.send(format!("{send}\n").as_bytes()).map_err(|why| refused("console", why))?;
            }
            let deadline = self.now() + timeout;
            let waited = self.wait(deadline, |session| session.answer.is_some());
            self.exchange = None;
            if waited? == Waited::Came {
                return Ok(self.answer.take());
            }
        }
        Ok(None)
    }

    /// Asks the network probe. `None`: no answer came.
    pub fn query(&mut self, query: ProbeQuery, timeout: Seconds) -> Result<Option<ProbeAnswer>, Halt> {
        let number = self.queries;
        self.queries += 1;
        let Some(probe) = &mut self.rig.probe else { return Ok(None) };
        probe.query(number, query).map_err(|why| refused("probe", why))?;
        self.probe_answers.clear();
        let deadline = self.now() + timeout;
        self.wait(deadline, |session| session.probe_answers.iter().any(|(answered, _, _)| *answered == number))?;
        Ok(self.probe_answers.drain(..).find(|(answered, _, _)| *answered == number).map(|(_, _, answer)| answer))
    }

    /// Asks the person at the bench, who may be asleep: the time until they answer does not count as the trial's. Their silence for longer
    /// than the suite's `answer_s` is a fault: the bench waits for nobody for ever.
    pub fn ask(&mut self, text: &str, choices: &[String]) -> Result<String, Halt> {
        let question = QuestionId(self.recorder.state().questions);
        let Some(person) = &mut self.rig.person else {
            return Err(Fault::new(FaultKind::Operator, "operator", "there is nobody to be asked at this rig").into());
        };
        person.ask(question, text, choices).map_err(|why| refused("operator", why))?;
        self.record(Event::Asked(Asked { question, text: text.to_owned(), choices: choices.to_vec() }))?;
        let asked = self.now();
        let trial_deadline = std::mem::replace(&mut self.trial_deadline, Tick::NEVER);
        let waited =
            self.wait(asked + self.answer_s, |session| session.answers.iter().any(|(answered, _)| *answered == question));
        self.trial_deadline = trial_deadline + self.now().since(asked);
        waited?;
        let answer = self.answers.drain(..).find(|(answered, _)| *answered == question).map(|(_, answer)| answer);
        let Some(answer) = answer else {
            return Err(Fault::new(FaultKind::Operator, "operator", format!("no answer to: {text}")).into());
        };
        self.record(Event::Answered(Answered { question, answer: answer.clone() }))?;
        Ok(answer)
    }
}

//! What a person is asked before a returned unit is touched. Nothing is asked twice in a run: an answer in its journal stands.

use super::halt::Halt;
use super::session::Session;
use crate::domain::event::{Answered, Asked, Event};
use crate::domain::ids::QuestionId;
use crate::domain::rma::{Question, aligned, questions};
use crate::domain::step::StepEnd;
use crate::domain::verdict::{Fault, FaultKind};

impl Session<'_> {
    /// Asks for the case, for consent, and for the pre-checks.
    ///
    /// # Errors
    /// A fault of the operator where an answer does not let the run go on.
    pub fn ask_intake(&mut self) -> Result<StepEnd, Halt> {
        let Some(plan) = self.returned else { return Ok(StepEnd::NotSeen) };
        for question in questions(plan, self.bench.profile) {
            self.ask_once(&question, plan.yes)?;
        }
        Ok(StepEnd::Done)
    }

    /// Asks whether the tip met the button.
    ///
    /// # Errors
    /// A fault of the operator where it did not.
    pub fn ask_aligned(&mut self) -> Result<StepEnd, Halt> {
        let Some(plan) = self.returned else { return Ok(StepEnd::NotSeen) };
        self.ask_once(&aligned(), plan.yes)?;
        Ok(StepEnd::Done)
    }

    fn ask_once(&mut self, question: &Question, yes: bool) -> Result<(), Halt> {
        let known = self.recorder.state().answered.get(&question.text).filter(|answer| question.allows(answer));
        if known.is_some() {
            return Ok(());
        }
        let answer = if yes { self.answer_by_yes(question)? } else { self.ask(&question.text, &question.choices)? };
        if question.allows(&answer) {
            return Ok(());
        }
        let detail = format!("the operator answered `{answer}` to: {}", question.text);
        Err(Fault::new(FaultKind::Operator, "operator", detail).into())
    }

    /// The answer was given beforehand; the journal says so.
    fn answer_by_yes(&mut self, question: &Question) -> Result<String, Halt> {
        let number = QuestionId(self.recorder.state().questions);
        let Question { text, choices, by_yes: answer, .. } = question.clone();
        self.record(Event::Asked(Asked { question: number, text, choices }))?;
        self.record(Event::Answered(Answered { question: number, answer: answer.clone() }))?;
        Ok(answer)
    }
}

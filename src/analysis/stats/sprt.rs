//! Is the success rate good or bad? Wald's sequential test, with its errors and lengths computed exactly.
//!
//! Wald (1947), Sequential Analysis: after every trial the likelihood of the bad rate is divided by that of the good one; above one boundary the
//! rate counts as bad, below the other as good. Of all tests with the same errors it needs the fewest trials at both rates (Wald and Wolfowitz
//! 1948). His own boundaries are overshot, because outcomes are whole numbers: they err less than promised and take longer.
//! [`Plan::calibrated`] moves them inwards until the exact errors are just kept.

mod search;
mod walk;

pub use search::fixed_sample;
pub use walk::Course;

/// What is to be told apart, and how surely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    /// The rate to be accepted, 0 to 1.
    pub p0: f64,
    /// The rate to be rejected, 0 to 1; not `p0`.
    pub p1: f64,
    /// Greatest probability of rejecting at `p0`.
    pub alpha: f64,
    /// Greatest probability of accepting at `p1`.
    pub beta: f64,
}

/// A question that cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadQuestion {
    /// Rates.
    #[error("both rates must lie between 0 and 1, and differ by at least 0.001")]
    Rates,
    /// Errors.
    #[error("both errors must lie above 0 and below 0.5")]
    Errors,
}

impl Question {
    /// Checks it.
    ///
    /// # Errors
    /// [`BadQuestion`].
    pub fn checked(self) -> Result<Self, BadQuestion> {
        let inside = |p: f64, top: f64| p > 0.0 && p < top;
        if !(inside(self.p0, 1.0) && inside(self.p1, 1.0) && (self.p0 - self.p1).abs() >= 1e-3) {
            return Err(BadQuestion::Rates);
        }
        if inside(self.alpha, 0.5) && inside(self.beta, 0.5) { Ok(self) } else { Err(BadQuestion::Errors) }
    }

    /// What a success and a failure add to the logarithm of the likelihood ratio of `p1` to `p0`.
    pub fn steps(&self) -> Steps {
        Steps { success: (self.p1 / self.p0).ln(), failure: ((1.0 - self.p1) / (1.0 - self.p0)).ln() }
    }

    /// Wald's boundaries.
    pub fn wald(&self) -> Boundaries {
        Boundaries { accept: (self.beta / (1.0 - self.alpha)).ln(), reject: ((1.0 - self.beta) / self.alpha).ln() }
    }

    /// Wald's approximation of the mean number of trials at `p0` and at `p1`, which takes no heed of overshoot.
    pub fn wald_trials(&self) -> (f64, f64) {
        let (Boundaries { accept, reject }, steps) = (self.wald(), self.steps());
        let drift = |p: f64| p * steps.success + (1.0 - p) * steps.failure;
        let at_p0 = ((1.0 - self.alpha) * accept + self.alpha * reject) / drift(self.p0);
        let at_p1 = (self.beta * accept + (1.0 - self.beta) * reject) / drift(self.p1);
        (at_p0, at_p1)
    }
}

/// What one outcome adds to the logarithm of the likelihood ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    /// A success.
    pub success: f64,
    /// A failure.
    pub failure: f64,
}

/// Where a test ends, in the logarithm of the likelihood ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boundaries {
    /// At or below: `p0` is accepted. Negative.
    pub accept: f64,
    /// At or above: `p0` is rejected. Positive.
    pub reject: f64,
}

/// What a test says of the outcomes so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The rate counts as `p0`.
    Accept,
    /// The rate counts as `p1`.
    Reject,
    /// More trials are needed.
    GoOn,
}

/// A test that ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    question: Question,
    boundaries: Boundaries,
    last: Option<u32>,
}

/// Likelihood ratios that are equal but for rounding count as equal.
const TIE: f64 = 1e-9;

impl Plan {
    /// Wald's own test, which has no last trial.
    pub fn wald(question: Question) -> Self {
        Self { question, boundaries: question.wald(), last: None }
    }

    /// The test of [`search::calibrate`]: exact errors, fewest trials, and an end after three times the trials of a fixed sample.
    pub fn calibrated(question: Question) -> Self {
        let (boundaries, last) = search::calibrate(question);
        Self { question, boundaries, last: Some(last) }
    }

    /// The trial after which it decides by whichever rate is likelier, if there is one.
    pub fn last(&self) -> Option<u32> {
        self.last
    }

    /// The boundaries.
    pub fn boundaries(&self) -> Boundaries {
        self.boundaries
    }

    /// What it says after so many successes and failures, in whatever order they came. A test that had ended before says what it says of all
    /// of them, so whoever asks stops asking at the first answer.
    pub fn answer(&self, successes: u32, failures: u32) -> Answer {
        let steps = self.question.steps();
        let ratio = f64::from(successes) * steps.success + f64::from(failures) * steps.failure;
        if ratio >= self.boundaries.reject - TIE {
            Answer::Reject
        } else if ratio <= self.boundaries.accept + TIE {
            Answer::Accept
        } else if self.last.is_some_and(|last| successes.saturating_add(failures) >= last) {
            if ratio >= 0.0 { Answer::Reject } else { Answer::Accept }
        } else {
            Answer::GoOn
        }
    }

    /// How it goes on average where the rate is `p`.
    pub fn course(&self, p: f64) -> Course {
        walk::course(self, p)
    }

    /// The greatest mean number of trials at any rate, to a hundredth of the distance of both rates.
    pub fn longest(&self) -> f64 {
        let Question { p0, p1, .. } = self.question;
        let rate = |i: u32| p0 + (p1 - p0) * f64::from(i) / 100.0;
        (0..=100).map(|i| self.course(rate(i)).trials).fold(0.0, f64::max)
    }

    /// How many successes in a row, and nothing else, make it accept; `None` where successes speak against `p0`.
    pub fn successes_to_accept(&self) -> Option<u32> {
        let step = self.question.steps().success;
        if step >= 0.0 {
            return None;
        }
        let needed = ((self.boundaries.accept + TIE) / step).ceil() as u32;
        Some(self.last.map_or(needed, |last| needed.min(last)))
    }
}

#[cfg(test)]
mod tests;

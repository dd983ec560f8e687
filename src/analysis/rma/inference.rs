//! Tests, what was done, and what is believed after it.

use super::cause::Cause;
use super::finding::Finding;
use super::table::Table;
use crate::domain::rma::FaultClass;
use std::fmt;

/// What feeds the camera in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The adapter that came with the unit.
    Returned,
    /// A known-good source, by its place in the plan's list.
    Reference(usize),
    /// A programmable source at the lowest voltage that the unit is rated for.
    Margin,
}

/// A test of the procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// One stroke of the button without power: the click, where the rig has a force sensor. The intake makes one.
    Stroke,
    /// Power on and wait for readiness: volts at the plug, and how far the boot comes.
    Boot(Source),
    /// The guide's press: boot waited for, held until the change.
    Press(Source),
}

/// A kind of test, as the table of likelihoods tells them apart: known-good sources are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are those of `Test`")]
pub enum Kind {
    Stroke,
    BootReturned,
    BootReference,
    PressReturned,
    PressReference,
    PressMargin,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 6] =
        [Kind::Stroke, Kind::BootReturned, Kind::BootReference, Kind::PressReturned, Kind::PressReference, Kind::PressMargin];

    /// The word in the table.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Stroke => "stroke",
            Kind::BootReturned => "boot_returned",
            Kind::BootReference => "boot_reference",
            Kind::PressReturned => "press_returned",
            Kind::PressReference => "press_reference",
            Kind::PressMargin => "press_margin",
        }
    }

    /// Whether the adapter that came with the unit matters.
    pub fn on_returned(self) -> bool {
        matches!(self, Kind::BootReturned | Kind::PressReturned)
    }
}

impl Test {
    /// Its kind.
    pub fn kind(self) -> Kind {
        match self {
            Test::Stroke => Kind::Stroke,
            Test::Boot(Source::Returned) => Kind::BootReturned,
            Test::Boot(_) => Kind::BootReference,
            Test::Press(Source::Returned) => Kind::PressReturned,
            Test::Press(Source::Reference(_)) => Kind::PressReference,
            Test::Press(Source::Margin) => Kind::PressMargin,
        }
    }

    /// What feeds the camera.
    pub fn source(self) -> Option<Source> {
        match self {
            Test::Stroke => None,
            Test::Boot(source) | Test::Press(source) => Some(source),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Test::Stroke => "a stroke without power".to_owned(),
            Test::Boot(source) => format!("a boot on {source}"),
            Test::Press(source) => format!("a press on {source}"),
        };
        f.pad(&text)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Returned => f.pad("the returned adapter"),
            Source::Reference(0) => f.pad("the known-good source"),
            Source::Reference(_) => f.pad("another known-good source"),
            Source::Margin => f.pad("the lowest rated voltage"),
        }
    }
}

/// Which sources a rig has for this return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sources {
    /// An adapter came with the unit.
    pub returned: bool,
    /// Known-good sources.
    pub references: usize,
    /// A programmable source can give the lowest rated voltage.
    pub margin: bool,
}

/// A test that was done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Done {
    /// Which.
    pub test: Test,
    /// What it showed.
    pub finding: Finding,
    /// Bench seconds that it took.
    pub took_s: f64,
}

/// What is believed: the probability of each cause, and of each of its worlds.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    causes: Vec<(Cause, Vec<f64>)>,
}

impl Belief {
    /// Before any test.
    pub fn prior(returned: bool, table: &Table) -> Self {
        let worlds = |cause: Cause| vec![cause.prior(returned) / table.worlds() as f64; table.worlds()];
        let causes = Cause::all(returned).into_iter().map(|cause| (cause, worlds(cause))).collect();
        Self { causes }.normalised()
    }

    /// After these tests, done in any order.
    pub fn after(returned: bool, done: &[Done], table: &Table) -> Self {
        done.iter().fold(Self::prior(returned, table), |belief, done| belief.updated(done.test, done.finding, table))
    }

    /// After one test more (Bayes' theorem; findings do not depend on each other given the world).
    pub fn updated(&self, test: Test, finding: Finding, table: &Table) -> Self {
        self.weighed(test, finding, table).normalised()
    }

    /// How likely a finding is, and what is believed after it.
    pub fn if_seen(&self, test: Test, finding: Finding, table: &Table) -> (f64, Self) {
        let weighed = self.weighed(test, finding, table);
        (weighed.sum(), weighed.normalised())
    }

    fn weighed(&self, test: Test, finding: Finding, table: &Table) -> Self {
        let times = |cause: Cause, worlds: &[f64]| -> Vec<f64> {
            worlds.iter().zip(table.likelihoods(test, cause, finding)).map(|(p, likelihood)| p * likelihood).collect()
        };
        Self { causes: self.causes.iter().map(|(cause, worlds)| (*cause, times(*cause, worlds))).collect() }
    }

    fn sum(&self) -> f64 {
        self.causes.iter().flat_map(|(_, worlds)| worlds).sum()
    }

    fn normalised(mut self) -> Self {
        let sum = self.sum();
        if sum > 0.0 && sum.is_finite() {
            self.causes.iter_mut().flat_map(|(_, worlds)| worlds).for_each(|p| *p /= sum);
        }
        self
    }

    /// Each cause with its probability.
    pub fn causes(&self) -> impl Iterator<Item = (Cause, f64)> {
        self.causes.iter().map(|(cause, worlds)| (*cause, worlds.iter().sum()))
    }

    /// The probabilities of the classes, in the order of [`FaultClass::ALL`].
    pub fn classes(&self) -> [f64; 6] {
        let mut sums = [0.0; 6];
        for (cause, p) in self.causes() {
            if let Some(place) = FaultClass::ALL.iter().position(|class| *class == cause.class()) {
                sums[place] += p;
            }
        }
        sums
    }

    /// The most likely class.
    pub fn best(&self) -> (FaultClass, f64) {
        let classes = self.classes();
        let most = |best: (FaultClass, f64), (class, p): (FaultClass, f64)| if p > best.1 { (class, p) } else { best };
        FaultClass::ALL.into_iter().zip(classes).fold((FaultClass::Rig, -1.0), most)
    }

    /// Shannon's entropy of the classes, in nats.
    pub fn entropy(&self) -> f64 {
        self.classes().iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum()
    }
}

//! The decision on a returned unit: what is asked, of which sources, and the kinds of fault that it may end in.

use super::ids::AdapterName;
use super::profile::Profile;
use super::units::{Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is wrong with a returned unit, or with what came or was found beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultClass {
    /// The unit resets as it should.
    NoFaultFound,
    /// The power path: the adapter that came with the unit, or its cable.
    Supply,
    /// The reset button of the unit.
    Button,
    /// The firmware of the unit.
    Firmware,
    /// The electronics of the unit.
    Hardware,
    /// The bench itself: nothing can be said of the unit.
    Rig,
}

impl FaultClass {
    /// All of them, in the order in which the support guide suspects them; the bench last.
    pub const ALL: [FaultClass; 6] = [
        FaultClass::NoFaultFound,
        FaultClass::Supply,
        FaultClass::Button,
        FaultClass::Firmware,
        FaultClass::Hardware,
        FaultClass::Rig,
    ];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            FaultClass::NoFaultFound => "no_fault_found",
            FaultClass::Supply => "supply",
            FaultClass::Button => "button",
            FaultClass::Firmware => "firmware",
            FaultClass::Hardware => "hardware",
            FaultClass::Rig => "rig",
        }
    }

    /// The class of a word used in files.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// How a return is to be decided: the part of a suite that only `pinhole rma` writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ReturnPlan {
    /// Number of the return at support, where it was given before the run; else the operator is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Consent and pre-checks were given beforehand (`--yes`), and nobody is asked.
    #[serde(default)]
    pub yes: bool,
    /// The adapter that came with the unit, in the channel where it was plugged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<AdapterName>,
    /// Known-good sources of the unit's rating, the best first.
    pub references: Vec<AdapterName>,
    /// A programmable source for presses at the lowest rated voltage, where the rig has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<AdapterName>,
    /// A verdict is given when its probability is at least this, above 0.5 and below 1.
    #[serde(default = "stop_at")]
    pub stop_at: f64,
    /// Bench minutes after which no further test is begun.
    #[serde(default = "budget_min")]
    pub budget_min: f64,
    /// Correct presses without a reset that a verdict against the unit needs.
    #[serde(default = "three")]
    pub presses: u32,
    /// Known-good sources that these presses must be spread over, as far as the rig has them.
    #[serde(default = "two")]
    pub sources: u32,
    /// Boots with the same result that a verdict against a unit that does not boot needs.
    #[serde(default = "two")]
    pub boots: u32,
    /// Whether the tests come in the support guide's fixed order, for comparison, instead of by what they tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed_order: bool,
}

fn stop_at() -> f64 {
    0.95
}

fn budget_min() -> f64 {
    150.0
}

fn three() -> u32 {
    3
}

fn two() -> u32 {
    2
}

impl ReturnPlan {
    /// A plan with the usual bounds.
    pub fn new(references: Vec<AdapterName>) -> Self {
        Self {
            case: None,
            yes: false,
            returned: None,
            references,
            margin: None,
            stop_at: stop_at(),
            budget_min: budget_min(),
            presses: three(),
            sources: two(),
            boots: two(),
            fixed_order: false,
        }
    }

    /// The lowest rated voltage, which a press at the margin is made at.
    pub fn margin_v(profile: &Profile) -> Volts {
        profile.supply.min_v
    }
}

/// The repeats of a verdict against a unit, in its profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Repeats {
    /// Correct presses without a reset.
    pub presses: u32,
    /// Known-good sources that these presses must be spread over.
    pub sources: u32,
    /// Boots with the same result.
    pub boots: u32,
}

impl Default for Repeats {
    fn default() -> Self {
        Self { presses: three(), sources: two(), boots: two() }
    }
}

/// A question of the intake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The words.
    pub text: String,
    /// What can be answered; any text where it is empty.
    pub choices: Vec<String>,
    /// The answer that `--yes` gives.
    pub by_yes: String,
    /// The answer that lets the run go on; `None` where any does.
    pub wanted: Option<String>,
}

const YES: &str = "yes";
const NO: &str = "no";

/// Text of the question for the case number.
pub const CASE: &str = "What is the case number of this return?";
/// Beginning of the question for consent.
pub const CONSENT: &str = "A factory reset wipes the customer's settings. Has the customer agreed to it?";
/// Text of the question for the customer's hold.
pub const CUSTOMER_HOLD: &str = "For how many seconds does the customer say the button was held?";
/// Text of the question after the stroke without power.
pub const ALIGNED: &str = "One stroke was made without power. Did the tip meet the button squarely?";

/// What is asked before the stroke without power, in order.
pub fn questions(plan: &ReturnPlan, profile: &Profile) -> Vec<Question> {
    let open = |text: &str| Question {
        text: text.to_owned(),
        choices: Vec::new(),
        by_yes: "not asked (--yes)".to_owned(),
        wanted: None,
    };
    let holds = [UNKNOWN, "under 10", "10 to 30", "over 30"];
    let mut asked = Vec::new();
    if plan.case.is_none() {
        asked.push(open(CASE));
    }
    asked.push(confirm(CONSENT.to_owned()));
    asked.push(Question { choices: holds.iter().map(|&text| text.to_owned()).collect(), ..open(CUSTOMER_HOLD) });
    asked.push(confirm("Is there no SD card in the unit?".to_owned()));
    asked.push(confirm(format!("Can the button be reached ({})?", profile.button.reach)));
    asked.push(confirm("Is the unit seated in its nest, with its plug in the bench's cable?".to_owned()));
    asked
}

/// The answer that says nothing.
pub const UNKNOWN: &str = "unknown";

/// What is asked after the stroke without power.
pub fn aligned() -> Question {
    confirm(ALIGNED.to_owned())
}

/// A question that only `yes` lets pass.
fn confirm(text: String) -> Question {
    let choices = vec![YES.to_owned(), NO.to_owned()];
    Question { text, choices, by_yes: format!("{YES} (--yes)"), wanted: Some(YES.to_owned()) }
}

impl Question {
    /// Whether the run may go on after this answer.
    pub fn allows(&self, answer: &str) -> bool {
        self.wanted.as_deref().is_none_or(|wanted| answer == wanted || answer == self.by_yes)
    }
}

/// The correct press of a model: how long at least, and how long at most while waiting for a change.
pub fn correct_hold(profile: &Profile) -> (Seconds, Seconds) {
    use super::profile::Effect;
    // Without documented windows the guide's own words stand: 30 s at least, 60 s at most.
    let (usual, longest) = (Seconds::new(30.0), Seconds::new(60.0));
    let window = profile.press.windows.iter().find(|window| window.effect == Effect::FactoryReset);
    let Some(window) = window else { return (usual, longest) };
    // A little inside the window: what is documented is rounded, and a measured hold has a tolerance.
    let from = Seconds::new(window.from_s.get().max(1.0) * 1.05);
    let to = window.to_s.map_or(Seconds::new(2.0 * from.get()), |to| Seconds::new(0.5 * (from.get() + to.get())));
    (from, to.max(from))
}

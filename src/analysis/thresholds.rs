//! Thresholds: the holds at which presses reset, estimated from measured holds, one response curve per unit, adapter, voltage, release and
//! evidence level.

use super::acks::Word;
use super::cells::CONFIDENCE;
use super::group::{CellKey, Group, Kind, own_level};
use super::known::Known;
use super::row::{RunFacts, TrialRow, Value};
use super::shared::{self, Believed, Told};
use super::stats;
use super::stats::band::Slice;
use super::stats::dose::{Dose, Press, group_presses};
use super::stats::likelihood::Curve;
use super::stats::response::{Settings, bands, hold_response};
use super::stats::threshold::{HoldResponse, Plateau, Status};
use crate::domain::condition::Release;
use crate::domain::suite::DesignKind;
use crate::domain::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// How thresholds are estimated but for those of [`super::shared`]: the word of thresholds.csv.
pub const METHOD: &str = "profile_likelihood";

/// One line of thresholds.csv.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// `hold50`, `hold95`, `hold99` (absolute success) or `hold95_rel` (95 % of the way to the plateau).
    pub quantity: &'static str,
    /// `from` where the response rises, `to` where it falls again at long holds.
    pub edge: &'static str,
    /// How it was estimated.
    pub method: &'static str,
    /// The estimate, in seconds.
    pub value_s: Option<f64>,
    /// Lower end of its interval, in seconds; `None` where nothing below is excluded.
    pub lo_s: Option<f64>,
    /// Upper end of its interval, in seconds; `None` where nothing above is excluded.
    pub hi_s: Option<f64>,
    /// How far the data decide it.
    pub status: Status,
}

impl Threshold {
    fn new(quantity: &'static str, edge: &'static str, found: &stats::threshold::Threshold) -> Self {
        Self { quantity, edge, method: METHOD, value_s: found.value_s, lo_s: found.lo_s, hi_s: found.hi_s, status: found.status }
    }
}

/// The word of the contract for a status.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::OpenAbove => "open_above",
        Status::OpenBelow => "open_below",
        Status::Open => "open",
        Status::NoSuchHold => "none",
        Status::NotEnoughData => "not_enough_data",
        Status::NotMonotone => "not_monotone",
    }
}

/// The response of one group to the hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Whose response.
    pub group: Group,
    /// Presses it rests on.
    pub n: u32,
    /// The fitted curve, where there is one.
    pub curve: Option<Curve>,
    /// The success rate that no hold exceeds, where there is a curve.
    pub plateau: Option<Plateau>,
    /// Its thresholds.
    pub thresholds: Vec<Threshold>,
    /// The same by the posterior that led an adaptive run; empty for other designs, and where success falls again at long holds.
    pub posterior: Vec<Threshold>,
    /// What the acknowledgement during the hold means to the posterior, with weights that add to one; empty where none was of use.
    pub meanings: Vec<(Word, f64)>,
    /// The probability that the unit's adapters differ in their resets as they do in their acknowledgements, where those can tell.
    pub tied: Option<f64>,
    /// Doubts, as stable words.
    pub caveats: Vec<String>,
    /// The presses by measured hold.
    doses: Vec<Dose>,
    bands: OnceLock<Vec<Slice>>,
}

impl Response {
    /// What is said of a hold: by the posterior with all adapters of the camera where that led the run, else by likelihood.
    pub fn best(&self, quantity: &str) -> Option<&Threshold> {
        let mut all = self.posterior.iter().chain(&self.thresholds);
        all.find(|one| one.quantity == quantity && one.edge == "from")
    }

    /// How well the curve is known at every hold; empty without a curve. Sought when it is first asked for, since it takes longer than all
    /// thresholds together and charts alone show it.
    pub fn bands(&self) -> &[Slice] {
        self.bands.get_or_init(|| match self.curve {
            // Nothing is refused that was not refused when the curve was fitted.
            Some(_) => bands(&self.doses, &settings()).unwrap_or_default(),
            None => Vec::new(),
        })
    }
}

fn settings() -> Settings {
    Settings { confidence: CONFIDENCE, ..Settings::default() }
}

#[derive(Default)]
struct Draft {
    presses: Vec<Press>,
    told: Vec<Told>,
    unmeasured: u32,
    adaptive: bool,
    inconclusive: bool,
}

/// The responses of all runs, in the order of their groups; `led_by` is what a single adaptive run was led by, where that is still at hand.
pub fn responses(runs: &[Arc<RunFacts>], rows: &[TrialRow], led_by: Option<&Known>) -> Vec<Response> {
    let mut drafts: BTreeMap<Group, Draft> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        let Some(level) = own_level(row) else { continue };
        let Some(key) = CellKey::of(&row.run.started.dut_serial, &row.condition, level) else { continue };
        if key.group.kind == Kind::Press {
            drafts.entry(key.group).or_default().add(number, row);
        }
    }
    let units: BTreeSet<_> = runs.iter().map(|facts| &facts.started.dut_serial).collect();
    let led = runs.iter().any(|facts| facts.started.suite.design.kind == DesignKind::Adaptive);
    let mut posterior = if led { posterior(&drafts, led_by) } else { BTreeMap::new() };
    let respond = |(group, draft): (Group, Draft)| {
        let posterior = posterior.remove(&group).unwrap_or_default();
        draft.respond(group, units.len(), posterior)
    };
    drafts.into_iter().map(respond).collect()
}

fn posterior(drafts: &BTreeMap<Group, Draft>, led_by: Option<&Known>) -> BTreeMap<Group, Believed> {
    let presses = drafts.iter().map(|(group, draft)| (group.clone(), draft.told.clone())).collect();
    shared::by_group(&presses, led_by)
}

impl Draft {
    fn add(&mut self, number: usize, row: &TrialRow) {
        self.adaptive |= row.origin.adaptive();
        let verdict = row.verdict();
        self.inconclusive |= verdict == Some(Verdict::Inconclusive);
        if !verdict.is_some_and(Verdict::counts_in_reset_rate) {
            return;
        }
        match row.value(Value::Hold) {
            Some(hold_s) if hold_s > 0.0 => {
                let reset = verdict == Some(Verdict::FactoryReset);
                self.presses.push(Press { hold_s, reset });
                let press = shared::Press { hold_s, reset };
                self.told.push(Told { number, press, ack_s: shared::acknowledged(row) });
            }
            _ => self.unmeasured += 1,
        }
    }

    fn respond(self, group: Group, units: usize, believed: Believed) -> Response {
        // The camera's own answer ended these presses, so their holds follow the outcome and are no doses.
        let by_response = group.release == Some(Release::OnChange);
        let presses: &[Press] = if by_response { &[] } else { &self.presses };
        // Refused are holds that are not positive, which were left out above, and settings out of range, which these are not.
        let doses = group_presses(presses).unwrap_or_default();
        let fit = hold_response(&doses, &settings()).ok();
        let words = [
            (units == 1, "one_unit"),
            (units > 1, "several_units"),
            (by_response, "hold_ended_by_response"),
            (self.unmeasured > 0, "hold_not_measured"),
            (self.inconclusive, "inconclusive_present"),
            (self.adaptive, "adaptive"),
        ];
        let mut caveats = vec![format!("level_{}", group.level.name())];
        caveats.extend(words.iter().filter(|(holds, _)| *holds).map(|(_, word)| (*word).to_owned()));
        caveats.extend(group.extra_levels());
        Response {
            n: u32::try_from(presses.len()).unwrap_or(u32::MAX),
            group,
            curve: fit.and_then(|fit| fit.curve),
            plateau: fit.and_then(|fit| fit.plateau),
            // The posterior knows rising responses only.
            posterior: if fit.is_some_and(falls_again) { Vec::new() } else { believed.thresholds },
            meanings: believed.meanings,
            tied: believed.tied,
            thresholds: fit.map(thresholds).unwrap_or_default(),
            caveats,
            doses,
            bands: OnceLock::new(),
        }
    }
}

fn falls_again(fit: HoldResponse) -> bool {
    fit.hold95.status == Status::NotMonotone
}

/// The thresholds of a fit. Where success falls again, no single hold is claimed: the two holds with one half are given instead.
fn thresholds(fit: HoldResponse) -> Vec<Threshold> {
    let half = match fit.edges {
        Some(edges) => vec![Threshold::new("hold50", "from", &edges.from), Threshold::new("hold50", "to", &edges.to)],
        None => vec![Threshold::new("hold50", "from", &fit.hold50)],
    };
    let others = [("hold95", &fit.hold95), ("hold99", &fit.hold99), ("hold95_rel", &fit.hold95_rel)];
    half.into_iter().chain(others.map(|(quantity, found)| Threshold::new(quantity, "from", found))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, grid, press};
    use crate::domain::units::Seconds;

    fn respond(bench: Bench) -> Vec<Response> {
        let mut fold = fold(&bench.events());
        let facts = fold.trials().run().cloned().unwrap();
        responses(&[facts], &fold.take_rows(), None)
    }

    fn hold95(response: &Response) -> Threshold {
        *response.thresholds.iter().find(|one| one.quantity == "hold95").unwrap()
    }

    const HOLDS: [f64; 6] = [2.0, 5.0, 10.0, 15.0, 20.0, 40.0];

    #[test]
    fn a_clear_step_is_found_from_measured_holds() {
        let responses = respond(grid("r", &["oem"], &HOLDS, 40, |_, hold| if hold > 12.0 { 40 } else { 0 }));
        let [response] = responses.as_slice() else { panic!("{} responses", responses.len()) };
        let found = hold95(response);
        assert_eq!((found.status, response.n), (Status::Ok, 240));
        assert!(found.lo_s.unwrap() > 10.0 && found.hi_s.unwrap() < 20.0, "{found:?}");
        assert!(response.curve.is_some() && response.plateau.unwrap().value > 0.95);
        assert_eq!(response.caveats, ["level_proved", "one_unit"]);
    }

    #[test]
    fn a_low_plateau_has_no_such_hold_and_little_data_no_estimate() {
        let low = respond(grid("r", &["oem"], &HOLDS, 40, |_, hold| if hold > 12.0 { 24 } else { 0 }));
        assert_eq!((hold95(&low[0]).status, hold95(&low[0]).value_s), (Status::NoSuchHold, None));
        let few = respond(grid("r", &["oem"], &[5.0, 10.0], 2, |_, hold| u32::from(hold > 7.0)));
        assert!(few[0].thresholds.iter().all(|one| one.status == Status::NotEnoughData && one.value_s.is_none()));
    }

    #[test]
    fn success_that_falls_again_has_two_edges_and_no_single_hold() {
        let window = respond(grid("r", &["oem"], &HOLDS, 40, |_, hold| if hold > 7.0 && hold < 18.0 { 40 } else { 0 }));
        let edges: Vec<_> = window[0].thresholds.iter().filter(|one| one.quantity == "hold50").map(|one| one.edge).collect();
        assert_eq!(edges, ["from", "to"]);
        assert_eq!((hold95(&window[0]).status, hold95(&window[0]).value_s), (Status::NotMonotone, None));
    }

    #[test]
    fn presses_ended_by_the_camera_are_no_doses() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 20, 0).start();
        for trial in 0..20 {
            let mut condition = press("oem", 10.0);
            condition.stimulus = crate::domain::condition::Stimulus::Press {
                hold_s: Seconds::new(10.0),
                release: Release::OnChange,
                max_s: Seconds::new(60.0),
            };
            bench.trial(condition, if trial > 8 { Verdict::FactoryReset } else { Verdict::NoResponse });
        }
        let responses = respond(bench);
        assert_eq!((responses[0].n, hold95(&responses[0]).status), (0, Status::NotEnoughData));
        assert!(responses[0].caveats.contains(&"hold_ended_by_response".to_owned()));
    }
}

//! The hold response of one adapter: which hold resets the camera, how surely, and how well that is known.
use super::dist::{chi_square_1_quantile, is_level};
use super::dose::{BadInput, Dose, Press, group_doses, group_presses};
use super::explore::{Explored, Space, explore};
use super::interval::Interval;
use super::likelihood::{Curve, Likelihood};
use super::link::Link;
use super::monotone::{FALL_LEVEL, monotone_p_value, peak};
use super::profile::{Profile, Quantity, Range};
use serde::{Deserialize, Serialize};

/// What a fit takes as given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Confidence of the intervals, 0 to 1.
    pub confidence: f64,
    /// Share of presses that reset at any hold, 0 to below 0.5; fixed, not estimated.
    pub guess: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { confidence: 0.95, guess: 0.004 }
    }
}

/// How far the data decide a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Bounded on both sides.
    Ok,
    /// No upper bound: any longer hold, or that there is no such hold, is plausible.
    OpenAbove,
    /// No lower bound.
    OpenBelow,
    /// Neither bound.
    Open,
    /// The plateau does not reach this success rate. `lo_s` still bounds it, should there be one.
    #[serde(rename = "none")]
    NoSuchHold,
    /// Fewer than [`LEAST_PRESSES`] judged presses, or all with the same outcome.
    NotEnoughData,
    /// Success falls again at longer holds, so no one hold stands for the curve.
    NotMonotone,
}

/// The hold at which something is reached, seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Best value. Where the data cannot tell a range of holds apart (all fail at 10 s, all reset at 20 s), the
    /// middle of that range in ln(hold).
    pub value_s: Option<f64>,
    /// Lower end of the interval; `None` where the data give none.
    pub lo_s: Option<f64>,
    /// Upper end of the interval; `None` where the data give none.
    pub hi_s: Option<f64>,
    /// What the numbers mean.
    pub status: Status,
}

/// The success rate that no hold exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// Best value, 0 to 1.
    pub value: f64,
    /// Interval at the confidence of the settings.
    pub interval: Interval,
}

/// Where a response that falls again begins and ends: success is at least one half between the two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edges {
    /// Hold at which success rises through one half.
    pub from: Threshold,
    /// Hold at which success falls through one half.
    pub to: Threshold,
}

/// Everything that is said about one adapter's response to the hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldResponse {
    /// Judged presses used.
    pub presses: u32,
    /// Hold with success rate 0.50.
    pub hold50: Threshold,
    /// Hold with success rate 0.95.
    pub hold95: Threshold,
    /// Hold with success rate 0.99.
    pub hold99: Threshold,
    /// Hold 95 % of the way from floor to plateau.
    pub hold95_rel: Threshold,
    /// The highest rate; `None` where the thresholds are `NotEnoughData` or `NotMonotone`.
    pub plateau: Option<Plateau>,
    /// Maximum-likelihood curve; `None` as above.
    pub curve: Option<Curve>,
    /// p-value of "success never falls as the hold grows"; `None` at `NotEnoughData`.
    pub monotone_p: Option<f64>,
    /// Both edges, where the status is `NotMonotone`.
    pub edges: Option<Edges>,
}

/// Judged presses without which nothing is estimated.
pub const LEAST_PRESSES: u32 = 12;

/// The chi-square cut of the likelihood is multiplied by this (module documentation).
const CALIBRATION: f64 = 1.4;

/// What the curves may be (module documentation).
const SPACE: Space = Space { links: &[Link::Logistic, Link::Weibull], lapse_max: 0.95, s_min: 0.003, s_max: 2.0 };

/// Holds are not extrapolated further than this factor beyond the tested ones; a bound there is none.
const BEYOND: f64 = 4.0;

/// Curves within this log-likelihood of the best cannot be told from it; their middle is the value.
const INDISTINCT: f64 = 0.01;

/// Fits the response to single presses; those with practically the same measured hold are put together.
pub fn response_of_presses(presses: &[Press], settings: &Settings) -> Result<HoldResponse, BadInput> {
    hold_response(&group_presses(presses)?, settings)
}

/// Fits the response to grouped presses, in any order.
///
/// # Errors
///
/// A hold that is not positive, more resets than presses, or a setting out of range.
pub fn hold_response(doses: &[Dose], settings: &Settings) -> Result<HoldResponse, BadInput> {
    if !is_level(settings.confidence) {
        return Err(BadInput::Setting("confidence"));
    }
    if !(0.0..0.5).contains(&settings.guess) {
        return Err(BadInput::Setting("guess"));
    }
    let levels = group_doses(doses)?;
    let Some(fit) = Fit::new(&levels, settings) else {
        return Ok(without_fit(&levels, Status::NotEnoughData));
    };
    let monotone_p = Some(monotone_p_value(&levels));
    if monotone_p < Some(FALL_LEVEL) {
        let edges = edges(&levels, settings);
        return Ok(HoldResponse { monotone_p, edges, ..without_fit(&levels, Status::NotMonotone) });
    }
    Ok(HoldResponse {
        presses: presses_of(&levels),
        hold50: fit.threshold(Quantity::Rate(0.50)),
        hold95: fit.threshold(Quantity::Rate(0.95)),
        hold99: fit.threshold(Quantity::Rate(0.99)),
        hold95_rel: fit.threshold(Quantity::Rise(0.95)),
        plateau: Some(fit.plateau()),
        curve: Some(fit.explored.best.curve),
        monotone_p,
        edges: None,
    })
}

fn presses_of(levels: &[Dose]) -> u32 {
    levels.iter().map(|level| level.n).sum()
}

/// The answer where no threshold is claimed.
fn without_fit(levels: &[Dose], status: Status) -> HoldResponse {
    let none = Threshold::without_value(status);
    HoldResponse {
        presses: presses_of(levels),
        hold50: none,
        hold95: none,
        hold99: none,
        hold95_rel: none,
        plateau: None,
        curve: None,
        monotone_p: None,
        edges: None,
    }
}

/// Both sides of the peak, each fitted alone; the falling side in 1 / hold, where it rises.
fn edges(levels: &[Dose], settings: &Settings) -> Option<Edges> {
    let peak = peak(levels)?;
    let falling: Vec<Dose> = levels.get(peak..)?.iter().rev().map(|dose| Dose { hold_s: 1.0 / dose.hold_s, ..*dose }).collect();
    let hold50 = |side: &[Dose]| match Fit::new(side, settings) {
        Some(fit) => fit.threshold(Quantity::Rate(0.5)),
        None => Threshold::without_value(Status::NotEnoughData),
    };
    Some(Edges { from: hold50(levels.get(..=peak)?), to: hold50(&falling).mirrored() })
}

impl Threshold {
    fn without_value(status: Status) -> Self {
        Threshold { value_s: None, lo_s: None, hi_s: None, status }
    }

    /// Back from 1 / hold to hold.
    fn mirrored(self) -> Self {
        let inverse = |x: Option<f64>| x.map(|x| 1.0 / x);
        let status = match self.status {
            Status::OpenAbove => Status::OpenBelow,
            Status::OpenBelow => Status::OpenAbove,
            other => other,
        };
        Threshold { value_s: inverse(self.value_s), lo_s: inverse(self.hi_s), hi_s: inverse(self.lo_s), status }
    }
}

/// One data set with its likelihood looked over.
struct Fit {
    like: Likelihood,
    explored: Explored,
    /// ln of the holds beyond which nothing is said.
    limits: (f64, f64),
    /// Log-likelihood by which a plausible curve may lie below the best.
    drop: f64,
    /// Lowest plausible plateau.
    plateau_lo: f64,
}

impl Fit {
    /// `None` where there are not enough data.
    fn new(levels: &[Dose], settings: &Settings) -> Option<Self> {
        let resets: u32 = levels.iter().map(|level| level.resets).sum();
        let n = presses_of(levels);
        if n < LEAST_PRESSES || resets == 0 || resets == n {
            return None;
        }
        let like = Likelihood::new(levels, settings.guess);
        let explored = explore(&like, &SPACE)?;
        let limits = (levels.first()?.hold_s / BEYOND, levels.last()?.hold_s * BEYOND);
        let drop = 0.5 * CALIBRATION * chi_square_1_quantile(settings.confidence);
        let limits = (limits.0.ln(), limits.1.ln());
        let mut fit = Fit { like, explored, limits, drop, plateau_lo: 0.0 };
        fit.plateau_lo = fit.plateau().interval.lo;
        Some(fit)
    }

    fn range(&self, quantity: Quantity, drop: f64, limits: (f64, f64)) -> Option<Range> {
        Profile { like: &self.like, space: &SPACE, explored: &self.explored }.range(quantity, drop, limits)
    }

    fn plateau(&self) -> Plateau {
        let lapse = self.range(Quantity::Lapse, self.drop, (0.0, SPACE.lapse_max));
        let (least, most) = lapse.map_or((None, None), |range| (range.lo, range.hi));
        let interval = Interval { lo: 1.0 - most.unwrap_or(SPACE.lapse_max), hi: 1.0 - least.unwrap_or(0.0) };
        Plateau { value: 1.0 - self.explored.best.curve.lapse, interval }
    }

    fn threshold(&self, quantity: Quantity) -> Threshold {
        let best = quantity.of(&self.explored.best.curve);
        let range = self.range(quantity, self.drop, self.limits);
        let lo_s = range.and_then(|range| range.lo).map(f64::exp);
        let mut hi_s = range.and_then(|range| range.hi).map(f64::exp);
        if let Quantity::Rate(rate) = quantity
            && self.plateau_lo <= rate
        {
            hi_s = None;
        }
        if best == f64::INFINITY {
            return Threshold { value_s: None, lo_s, hi_s: None, status: Status::NoSuchHold };
        }
        let status = match (lo_s, hi_s) {
            (Some(_), Some(_)) => Status::Ok,
            (Some(_), None) => Status::OpenAbove,
            (None, Some(_)) => Status::OpenBelow,
            (None, None) => Status::Open,
        };
        Threshold { value_s: self.value(quantity, best), lo_s, hi_s, status }
    }

    /// The middle of the values that cannot be told from the best one; nothing beyond the limits.
    fn value(&self, quantity: Quantity, best: f64) -> Option<f64> {
        let middle = match self.range(quantity, INDISTINCT, self.limits)? {
            Range { lo: Some(lo), hi: Some(hi) } => 0.5 * (lo + hi),
            _ => best,
        };
        (self.limits.0 <= middle && middle <= self.limits.1).then(|| middle.exp())
    }
}

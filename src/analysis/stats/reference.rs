//! The functions of this folder against values from well-known implementations (scipy, statsmodels):
//! `shared/stats/reference.json`. Where that file is missing the tests say so and check nothing.

use super::dist::{beta_quantile, chi_square_1_quantile};
use super::dose::Dose;
use super::explore::{Explored, Space, explore};
use super::interval::{Interval, agresti_coull, clopper_pearson, clopper_pearson_lower, jeffreys, wilson};
use super::isotonic::isotonic_fit;
use super::likelihood::{Curve, Likelihood};
use super::link::Link;
use super::profile::{Quantity, Region};
use serde_json::Value;

mod peers;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/stats/reference.json");

/// Runs `check` on every case of a kind that `wanted` lets pass; there must be at least `least` of them.
fn each(kind: &str, least: usize, check: impl Fn(&Case)) {
    let Ok(text) = std::fs::read_to_string(FILE) else {
        println!("skipped: {FILE} is not there");
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let cases: Vec<Case> = all["cases"].as_array().unwrap().iter().filter(|c| c["kind"] == kind).cloned().map(Case).collect();
    assert!(cases.len() >= least, "{} cases of {kind}", cases.len());
    cases.iter().for_each(check);
}

struct Case(Value);

impl Case {
    fn input(&self, name: &str) -> f64 {
        self.0["inputs"][name].as_f64().unwrap()
    }

    fn count(&self, name: &str) -> u32 {
        self.input(name) as u32
    }

    fn word(&self, name: &str) -> &str {
        self.0["inputs"][name].as_str().unwrap()
    }

    fn list(&self, name: &str) -> Vec<f64> {
        self.0["inputs"][name].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
    }

    /// The doses, with `ln_hold` to get ln(hold) from the number in the list `name`.
    fn doses(&self, name: &str, ln_hold: impl Fn(f64) -> f64) -> Vec<Dose> {
        let (n, k) = (self.list("trials"), self.list("successes"));
        let dose = |(x, (n, k)): (f64, (f64, f64))| Dose { hold_s: ln_hold(x).exp(), resets: k as u32, n: n as u32 };
        self.list(name).into_iter().zip(n.into_iter().zip(k)).map(dose).collect()
    }

    fn expect(&self, want: &Value, got: f64) {
        let want = want.as_f64().unwrap();
        let tolerance = self.0["tolerance"].as_f64().unwrap() * want.abs().max(1.0);
        assert!((got - want).abs() <= tolerance, "{}: got {got}, want {want}", self.0["name"]);
    }

    fn expect_output(&self, name: &str, got: f64) {
        self.expect(&self.0["outputs"][name], got);
    }
}

#[test]
fn proportion_intervals() {
    each("proportion_interval", 18, |case| {
        let method = match case.word("method") {
            "wilson" => wilson,
            "clopper_pearson" => clopper_pearson,
            "jeffreys" => jeffreys,
            "agresti_coull" => agresti_coull,
            other => panic!("no such method here: {other}"),
        };
        let Interval { lo, hi } = method(case.count("successes"), case.count("trials"), case.input("level")).unwrap();
        case.expect_output("lo", lo);
        case.expect_output("hi", hi);
    });
}

#[test]
fn one_sided_lower_bounds() {
    each("one_sided_lower_bound", 3, |case| {
        let got = clopper_pearson_lower(case.count("successes"), case.count("trials"), case.input("level"));
        case.expect_output("lo", got.unwrap());
    });
}

#[test]
fn beta_quantiles() {
    each("beta_quantile", 2, |case| {
        case.expect_output("value", beta_quantile(case.input("a"), case.input("b"), case.input("q")).unwrap());
    });
}

#[test]
fn isotonic_fits() {
    each("isotonic", 2, |case| {
        let fit = isotonic_fit(&case.list("y"), &case.list("weights")).unwrap();
        let want = case.0["outputs"]["fit"].as_array().unwrap();
        assert_eq!(fit.len(), want.len());
        want.iter().zip(fit).for_each(|(want, got)| case.expect(want, got));
    });
}

#[test]
fn psychometric_likelihoods() {
    each("psychometric_loglik", 2, |case| {
        let like = Likelihood::new(&case.doses("hold_s", f64::ln), case.input("guess"));
        let curve = Curve {
            link: Link::Logistic,
            ln_mu: case.input("mu").ln(),
            s: case.input("s"),
            lapse: case.input("lapse"),
            guess: case.input("guess"),
        };
        case.expect_output("loglik_kernel", like.of(&curve));
    });
}

#[test]
fn psychometric_fits() {
    each("psychometric_mle", 1, |case| {
        let like = Likelihood::new(&case.doses("hold_s", f64::ln), case.input("guess"));
        let space = Space { links: &[Link::Logistic], lapse_max: 0.95, s_min: 0.003, s_max: 2.0 };
        let best = explore(&like, &space).unwrap().best;
        case.expect_output("mu", best.curve.ln_mu.exp());
        case.expect_output("s", best.curve.s);
        case.expect_output("lapse", best.curve.lapse);
        case.expect_output("loglik_kernel", best.ll);
        case.expect_output("hold95_of_plateau", best.curve.ln_hold_of_rise(0.95).exp());
    });
}

/// The two-parameter regressions are this model without lapse and guess, their `x` standing for ln(hold).
fn regression(case: &Case) -> (Likelihood, Space, Explored) {
    let links: &[Link] = match case.word("link") {
        "logit" => &[Link::Logistic],
        "probit" => &[Link::Normal],
        "cloglog" => &[Link::Weibull],
        other => panic!("no such link here: {other}"),
    };
    let like = Likelihood::new(&case.doses("x", |x| x), 0.0);
    let space = Space { links, lapse_max: 0.0, s_min: 0.003, s_max: 10.0 };
    let explored = explore(&like, &space).unwrap();
    (like, space, explored)
}

#[test]
fn effective_doses_and_their_profile_intervals() {
    each("effective_dose", 11, |case| {
        let (like, space, explored) = regression(case);
        let quantity = Quantity::Rise(case.input("q"));
        case.expect_output("ed", quantity.of(&explored.best.curve));
        let drop = 0.5 * chi_square_1_quantile(case.input("level"));
        let range = Region::new(&like, &space, &explored, drop).range(quantity, (-100.0, 100.0)).unwrap();
        let want = &case.0["outputs"]["profile_likelihood"];
        case.expect(&want[0], range.lo.unwrap());
        case.expect(&want[1], range.hi.unwrap());
    });
}

#[test]
fn regression_likelihoods_and_fitted_rates() {
    each("binomial_glm", 4, |case| {
        let (_, _, explored) = regression(case);
        case.expect_output("loglik_kernel", explored.best.ll);
        // The rates are found to about 1e-5 only: the likelihood is flat at its top.
        let fitted = case.0["outputs"]["fitted"].as_array().unwrap();
        for (x, want) in case.list("x").iter().zip(fitted) {
            assert!((explored.best.curve.rate(x.exp()) - want.as_f64().unwrap()).abs() < 1e-4);
        }
    });
}

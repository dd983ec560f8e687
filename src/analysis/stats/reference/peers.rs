//! Reference values of tests, regressions and designs.

use super::super::barnard::barnard;
use super::super::boschloo::ExactTest;
use super::super::dist::two_sided_z;
use super::super::firth::firth;
use super::super::karber::spearman_karber;
use super::super::link::Link;
use super::super::optimal::{c_optimal, d_optimal};
use super::super::regression::{Level, Regression};
use super::super::sequence::confidence_sequence;
use super::super::sprt::{Plan, Question};
use super::super::two_rates::{Counts, fisher, newcombe};
use super::{Case, each};

impl Case {
    fn link(&self) -> Link {
        match self.word("link") {
            "logit" => Link::Logistic,
            "probit" => Link::Normal,
            "cloglog" => Link::Weibull,
            other => panic!("no such link here: {other}"),
        }
    }

    fn table(&self) -> (Counts, Counts) {
        let row = |i: usize| {
            let cell = |j: usize| self.0["inputs"]["table"][i][j].as_u64().unwrap() as u32;
            Counts { k: cell(0), n: cell(0) + cell(1) }
        };
        (row(0), row(1))
    }

    fn regression(&self) -> Regression {
        let lists = [self.list("x"), self.list("trials"), self.list("successes")];
        let levels: Vec<Level> = (0..lists[0].len()).map(|i| Level { x: lists[0][i], n: lists[1][i], k: lists[2][i] }).collect();
        Regression::fit(&levels, self.link()).unwrap()
    }

    fn expect_pair(&self, name: &str, got: (f64, f64)) {
        let want = &self.0["outputs"][name];
        self.expect(&want[0], got.0);
        self.expect(&want[1], got.1);
    }
}

#[test]
fn differences_of_two_rates() {
    each("proportion_difference_interval", 5, |case| {
        assert_eq!(case.word("method"), "newcombe_wilson");
        let counts = |i: u32| Counts { k: case.count(&format!("x{i}")), n: case.count(&format!("n{i}")) };
        // The reference takes the second rate from the first.
        let got = newcombe(counts(2), counts(1), case.input("level")).unwrap();
        case.expect_output("diff", counts(1).rate().unwrap() - counts(2).rate().unwrap());
        case.expect_output("lo", got.lo);
        case.expect_output("hi", got.hi);
    });
}

#[test]
fn exact_tests_of_two_rates() {
    each("fisher_exact", 5, |case| {
        let (a, b) = case.table();
        match case.word("alternative") {
            "two-sided" => case.expect_output("p", fisher(a, b).unwrap()),
            side => case.expect_output("p", one_sided(a, b, side)),
        }
    });
    each("barnard_exact", 3, |case| {
        let (a, b) = case.table();
        case.expect_output("p", barnard(a, b).unwrap());
    });
    each("boschloo_exact", 3, |case| {
        let (a, b) = case.table();
        case.expect_output("p", ExactTest::new(a.n, b.n).unwrap().p_value(a, b).unwrap());
    });
}

/// The tail of the split of all successes that `side` names, for the first row.
fn one_sided(a: Counts, b: Counts, side: &str) -> f64 {
    let split = super::super::two_rates::Split::new(a.n, b.n, a.k + b.k);
    let within = |k: u32| if side == "greater" { k >= a.k } else { k <= a.k };
    (split.first..).zip(&split.pmf).filter(|(k, _)| within(*k)).map(|(_, p)| p).sum()
}

#[test]
fn regressions_with_their_errors() {
    each("binomial_glm", 4, |case| {
        let fit = case.regression();
        case.expect_output("intercept", fit.intercept);
        case.expect_output("slope", fit.slope);
        case.expect_pair("se", (fit.covariance.a.sqrt(), fit.covariance.d.sqrt()));
        case.expect_output("cov01", fit.covariance.b);
        case.expect_output("deviance", fit.deviance);
        case.expect_output("loglik_kernel", fit.log_likelihood);
        let fitted = case.0["outputs"]["fitted"].as_array().unwrap();
        case.list("x").iter().zip(fitted).for_each(|(x, want)| case.expect(want, fit.share(*x)));
    });
    each("effective_dose", 11, |case| {
        let fit = case.regression();
        let (q, level) = (case.input("q"), case.input("level"));
        let (at, error) = fit.effective_level(q).unwrap();
        case.expect_output("ed", at);
        case.expect_output("se_delta", error);
        case.expect_pair("delta", (at - two_sided_z(level) * error, at + two_sided_z(level) * error));
        case.expect_pair("fieller", fit.fieller(q, level).unwrap());
    });
    each("firth_logistic", 1, |case| {
        let outcomes = case.list("y");
        let levels: Vec<Level> = case.list("x").iter().zip(outcomes).map(|(&x, k)| Level { x, n: 1.0, k }).collect();
        let fit = firth(&levels).unwrap();
        case.expect_pair("coef", (fit.intercept, fit.slope));
        case.expect_pair("se", (fit.covariance.a.sqrt(), fit.covariance.d.sqrt()));
    });
}

#[test]
fn medians_without_a_model() {
    each("spearman_karber", 1, |case| {
        let median = spearman_karber(&case.list("log10_dose"), &case.list("proportion"), case.count("n")).unwrap();
        case.expect_output("log10_ed50", median.at);
        case.expect_output("variance", median.variance);
    });
}

#[test]
fn optimal_designs() {
    each("d_optimal_design", 1, |case| {
        let z = d_optimal(case.link()).unwrap();
        case.expect_output("z", z);
        case.expect_output("p", case.link().rise(z).0);
    });
    each("c_optimal_design", 4, |case| {
        let link = case.link();
        let placement = c_optimal(link, link.quantile(case.input("q"))).unwrap();
        case.expect_output("variance_factor", placement.variance);
        case.expect_output("mean_z", placement.mean());
    });
}

#[test]
fn sequences() {
    each("beta_binomial_confidence_sequence", 2, |case| {
        let got = confidence_sequence(case.count("successes"), case.count("trials"), case.input("level")).unwrap();
        case.expect_output("lo", got.lo);
        case.expect_output("hi", got.hi);
    });
    each("sprt_bernoulli", 3, |case| {
        let [p0, p1, alpha, beta] = ["p0", "p1", "alpha", "beta"].map(|name| case.input(name));
        let question = Question { p0, p1, alpha, beta }.checked().unwrap();
        let plan = Plan::wald(question);
        case.expect_output("log_A", plan.boundaries().reject);
        case.expect_output("log_B", plan.boundaries().accept);
        case.expect_output("llr_success", question.steps().success);
        case.expect_output("llr_failure", question.steps().failure);
        case.expect_output("wald_asn_h0", question.wald_trials().0);
        case.expect_output("wald_asn_h1", question.wald_trials().1);
        for (name, p) in [("exact_h0", p0), ("exact_h1", p1)] {
            let (course, want) = (plan.course(p), &case.0["outputs"][name]);
            case.expect(&want["asn"], course.trials);
            case.expect(&want["accept_h0"], course.accepts);
            case.expect(&want["reject_h0"], course.rejects);
        }
        let row = case.0["outputs"]["all_successes_to_accept_h0"].as_u64();
        assert_eq!(plan.successes_to_accept().map(u64::from), row, "{}", case.0["name"]);
    });
}

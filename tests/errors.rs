//! What Monte Carlo errors are worth: how often intervals hold the truth with few paths, and what paths that are all alike
//! may say.
#![allow(clippy::unwrap_used)] // a test may panic

mod common;
#[path = "common/run.rs"]
mod run;

use common::{path_rng, tally_of};
use rand_distr::{Distribution, StandardNormal};
use ustress::engine::{RunPlan, Silent};
use ustress::model::{IMPACT_10Y, Plan};
use ustress::stats::{FEWEST_UNLIKE, Ranks, StopRule, Z95, proportion, standard_deviation, wilson};
use ustress::{Gather, simulate};

/// Runs behind a coverage: its binomial error is 1.1 points at 95%.
const RUNS: u64 = 400;

/// A quantile of the standard normal.
fn z(p: f64) -> f64 {
    ustress::num::normal_quantile(p)
}

/// What is measured, of a normal (sigma 0) or of a lognormal with this sigma: name, probability, truth.
fn truths(sigma: f64) -> Vec<(&'static str, f64, f64)> {
    let cdf = ustress::num::normal_cdf;
    let square = sigma * sigma;
    let quantile = |p: f64| if sigma == 0.0 { z(p) } else { libm::exp(sigma * z(p)) };
    let shortfall = |p: f64| match sigma {
        0.0 => ustress::num::normal_density(z(p)) / (1.0 - p),
        sigma => libm::exp(0.5 * square) * cdf(sigma - z(p)) / (1.0 - p),
    };
    let sd = match sigma {
        0.0 => 1.0,
        _ => libm::sqrt((libm::exp(square) - 1.0) * libm::exp(square)),
    };
    vec![
        ("sd", 0.0, 10.0 * sd),
        ("es95", 20.0, 10.0 * shortfall(0.95)),
        ("es99", 100.0, 10.0 * shortfall(0.99)),
        ("p1", 0.01, 10.0 * quantile(0.01)),
        ("p5", 0.05, 10.0 * quantile(0.05)),
        ("p50", 0.5, 10.0 * quantile(0.5)),
        ("p95", 0.95, 10.0 * quantile(0.95)),
        ("p99", 0.99, 10.0 * quantile(0.99)),
    ]
}

/// Share of the runs of `n` paths whose 95% interval holds the truth, errors times `narrow`; none where it is withheld.
fn coverage(n: usize, sigma: f64, narrow: f64) -> Vec<(&'static str, Option<f64>)> {
    let truths = truths(sigma);
    let mut hits = vec![Some(0.0); truths.len()];
    for seed in 0..RUNS {
        let mut rng = path_rng(77 + n as u64, seed);
        let value = |z: f64| 10.0 * if sigma == 0.0 { z } else { libm::exp(sigma * z) };
        let values: Vec<f64> = (0..n).map(|_| value(StandardNormal.sample(&mut rng))).collect();
        let tally = tally_of(&values);
        let (cell, measure) = (tally.cell(0, IMPACT_10Y), tally.measure(IMPACT_10Y));
        let ranks = Ranks::new(&measure.grid, &cell.bins);
        for (hits, (name, about, truth)) in hits.iter_mut().zip(&truths) {
            let found = match *name {
                "sd" => standard_deviation(&cell.moments, &measure.quantiser, &ranks),
                "es95" | "es99" => ranks.shortfall(*about as u64),
                _ => ranks.quantile_estimate(*about),
            };
            let covered = (found.value - truth).abs() <= Z95 * narrow * found.mcse;
            *hits = hits.filter(|_| found.mcse.is_finite());
            *hits = hits.map(|hits| hits + f64::from(u8::from(covered)) / RUNS as f64);
        }
    }
    truths.iter().zip(hits).map(|((name, ..), hits)| (*name, hits)).collect()
}

#[test]
fn with_few_paths_intervals_hold_the_truth_or_are_withheld() {
    for (sigma, law) in [(0.0, "normal"), (1.0, "lognormal")] {
        for n in [200, 500, 2000] {
            let found = coverage(n, sigma, 1.0);
            println!("{law} {n}: {found:?}");
            for (name, share) in found {
                // 90% less three binomial errors; in a lognormal 200 paths have met a quarter of the fourth moment.
                let least = 0.85;
                assert!(share.is_none_or(|share| share >= least), "{law} {n} {name}: {share:?}");
                let withheld = name == "es99" && n < 901;
                assert_eq!(share.is_none(), withheld, "{law} {n} {name}");
            }
        }
    }
    // The broken twin: the errors as they were, without widening, of a lognormal.
    let narrow = coverage(500, 1.0, 0.5);
    assert!(narrow.iter().filter(|(_, share)| share.is_some_and(|share| share < 0.85)).count() > 3);
}

#[test]
fn paths_that_are_all_alike_meet_no_rule() {
    let rule = StopRule::parse("mean +-0.5bp").unwrap();
    let alike = |others: usize| {
        let mut values = vec![0.0; 5000];
        (0..others).for_each(|place| values[place * 7] = 1.0 + place as f64 * 0.01);
        rule.check(&tally_of(&values))
    };
    let (none, few, enough) = (alike(0), alike(19), alike(20));
    // None of 5,000: at most 0.077% of paths differ, by no more than the 1,800 bp that the model knows.
    let bound = wilson(0, 5000).1 * 1800.0;
    assert!(!none.met && (none.half_width - bound).abs() < 1e-9, "{none:?}");
    assert!(!few.met && few.half_width > 0.0 && few.half_width < 0.5, "19 of them say: {few:?}");
    assert!(enough.met, "{enough:?}");
    assert_eq!(FEWEST_UNLIKE, 20);
    // A spread of its own needs no ties to be broken; a value that all share is a tie at any level.
    let constant = rule.check(&tally_of(&[42.5; 5000]));
    assert!(!constant.met && constant.half_width > 0.5, "{constant:?}");
    // A shortfall looks at its tail: the upper 1% is one tie here though most paths differ below it.
    let mut values: Vec<f64> = (0..5000).map(|i| f64::from(i % 1000) * 0.01).collect();
    values[..2000].fill(50.0);
    let es = StopRule::parse("es99 +-5bp").unwrap().check(&tally_of(&values));
    assert!(!es.met && es.half_width > 5.0, "{es:?}");
    assert!(StopRule::parse("mean +-5bp").unwrap().check(&tally_of(&values)).met);
}

#[test]
fn a_share_bounds_itself() {
    let rule = StopRule::parse("prob_ge_50bp +-0.001").unwrap();
    let check = rule.check(&tally_of(&[0.0; 5000]));
    assert!(check.met && (check.half_width - wilson(0, 5000).1).abs() < 1e-12, "{check:?}");
    let check = rule.check(&tally_of(&[0.0; 2000]));
    assert!(!check.met, "3.84 of 2,000 is more: {check:?}");
    // One hit of 2,000: Wilson's upper distance, not the binomial error.
    let mut values = [0.0; 2000];
    values[5] = 60.0;
    let check = rule.check(&tally_of(&values));
    let binomial = Z95 * proportion(1, 2000).mcse;
    assert!(check.half_width > 1.3 * binomial, "{check:?} {binomial}");
}

#[test]
fn a_rule_on_a_metric_that_no_path_has_touched_runs_to_its_cap() {
    // The Fed buys in no still world.
    let plan = Plan::new(&run::scenario(&run::still(""), &[])).unwrap();
    let until = StopRule::parse("mean +-0.0001 of fed_purchases_usd_bn at 1w").unwrap();
    let gather = Gather { until: Some(until), ..Gather::default() };
    let found = simulate(&plan, &RunPlan::new(1, 9000), &gather, &Silent).unwrap();
    assert!(found.partial && found.tally.paths() == 9000, "the cap");
    let paths: Vec<u64> = found.checks.iter().map(|check| check.paths).collect();
    assert_eq!(paths, [4096, 8192, 9000]);
    assert!(found.checks.iter().all(|check| !check.met && check.half_width > 0.0001));
}

#[test]
fn a_run_goes_where_its_half_width_points() {
    // 1.96 · sd / √n ≤ bound: the paths needed are known from a long run.
    let scenario = run::scenario("sustained_shift", &[]);
    let plan = Plan::new(&scenario).unwrap();
    let until = StopRule::parse("mean +-0.2bp").unwrap();
    let gather = Gather { until: Some(until.clone()), ..Gather::default() };
    let run = |threads| RunPlan { threads: Some(threads), ..RunPlan::new(1, 400_000) };
    let found = simulate(&plan, &run(2), &gather, &Silent).unwrap();
    assert!(!found.partial);
    let last = found.checks.last().unwrap();
    let needed = last.paths as f64 * (last.half_width / 0.2) * (last.half_width / 0.2);
    assert!(last.paths as f64 <= 1.08 * needed, "{} for {needed}: {:?}", last.paths, found.checks);
    let grows = found.checks.windows(2).all(|pair| pair[1].paths <= 2 * pair[0].paths + 256);
    assert!(grows && found.checks[0].paths == 4096);
    let again = simulate(&plan, &run(1), &gather, &Silent).unwrap();
    assert_eq!(again.checks, found.checks);
}

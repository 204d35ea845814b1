//! Where the uncertainty comes from: shares that add up, exact zeros, known answers, the file of a run.
#![allow(clippy::unwrap_used)]

#[path = "common/run.rs"]
mod run;

use run::{product, scenario};
use ustress::cli::LIBRARY;
use ustress::engine::{RunPlan, Silent};
use ustress::model::Plan;
use ustress::scenario::Scenario;
use ustress::sensitivity::{Sources, sources, sources_terminal, uncertainty};
use ustress::stats::Keep;
use ustress::{Gather, simulate};

fn found(scenario: &Scenario, paths: u64) -> Option<Sources> {
    let plan = Plan::new(scenario).unwrap();
    let gather = Gather { keep: Keep::outcomes(&plan.layout, paths), until: None, metrics: None };
    let simulated = simulate(&plan, &RunPlan::new(3, paths), &gather, &Silent).unwrap();
    sources(scenario, &simulated.tally)
}

#[test]
fn an_elasticity_times_a_flow_has_its_known_shares() {
    // Sobol' shares of lognormal(20, 0.5) × normal(200, 50): 0.7797 elasticity, 0.1716 flow, 0.0487 both.
    let found = found(&scenario(&product(), &[]), 8192).unwrap();
    let [values, _] = &found.shares;
    for (place, want) in [(0, 0.0), (1, 0.7797), (2, 0.0), (3, 0.1716 + 0.0487), (4, 0.0)] {
        let share = values[place];
        assert!((share.low - 0.003..=share.high + 0.003).contains(&want), "{place}: {share:?}");
        assert!((share.value - want).abs() < 0.03, "{place}: {share:?}, {want}");
    }
    // The broken twin: the flow's share without the product.
    assert!((values[3].value - 0.1716).abs() > 0.02, "{:?}", values[3]);
}

#[test]
fn the_capacity_of_the_market_has_its_own_share() {
    // A constant sale at lognormal(20, 0.5) times 1 + 2 s, s of beta(1, 2).
    let sets = [
        "event.1.official_sale.amount_usd_bn=200",
        "impact.gdp_scaling={ beta = { a = 1, b = 2 } }",
        "impact.gdp_ratio=3",
    ];
    let found = found(&scenario(&product(), &sets), 8192).unwrap();
    // E s = 1/3, Var s = 1/18: (sd / mean)² of 1 + 2 s is (2/9) / (25/9) = 0.08, of the lognormal e^0.25 − 1 = 0.2840.
    let both = 0.08 + 0.284 + 0.08 * 0.284;
    let [values, _] = &found.shares;
    for (place, want) in [(0, 0.0), (1, 0.284 / both), (2, 1.0 - 0.284 / both), (3, 0.0)] {
        let share = values[place].value;
        assert!((share - want).abs() < 0.03, "{place}: {share}, {want}");
    }
    let screen = sources_terminal(&[found]);
    assert!(screen.contains("market capacity"), "{screen}");
}

#[test]
fn the_table_of_all_scenarios_fits_a_hundred_columns() {
    let mut all: Vec<Sources> = Vec::new();
    for name in LIBRARY.names() {
        let mut one = found(&scenario(&product(), &[]), 512).unwrap();
        one.scenario = name.to_owned();
        all.push(one);
    }
    let widest = sources_terminal(&all).lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 100, "{widest}");
}

#[test]
fn shares_add_up_and_one_study_leaves_nothing_to_choose() {
    for (prior, chooses) in [("consensus", false), ("martin2015", false), ("studies", true)] {
        let set = format!("impact.prior={prior}");
        let found = found(&scenario("sustained_shift", &[&set]), 4096).unwrap();
        for shares in &found.shares {
            let sum: f64 = shares.iter().map(|share| share.value).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{prior}: {sum}");
            assert_eq!(shares[0].value > 0.3, chooses, "{prior}: {:?}", shares[0]);
            assert!(chooses || shares[0].value == 0.0, "exactly");
        }
    }
}

#[test]
fn too_few_paths_give_none_and_a_constant_gives_zeros() {
    let calm = scenario(&product(), &[]);
    assert!(found(&calm, 50).is_none());
    let still = "event.1.official_sale.amount_usd_bn=0";
    let found = found(&scenario(&product(), &[still]), 512).unwrap();
    assert!(found.shares.iter().flatten().all(|share| share.value == 0.0));
    let text = sources_terminal(std::slice::from_ref(&found));
    assert!(text.contains("which study") && !text.contains("NaN"), "{text}");
    let csv = String::from_utf8(uncertainty(&[found])).unwrap();
    assert_eq!(csv.lines().count(), 1 + 2 * 5);
}

//! Where the uncertainty comes from: shares that add up, exact zeros, known answers, the file of a run.
#![allow(clippy::unwrap_used)]

#[path = "common/run.rs"]
mod run;

use run::{STILL, paths, product, scenario};
use ustress::cli::LIBRARY;
use ustress::engine::{Progress, RunPlan, Silent};
use ustress::model::{IMPACT_10Y, METRICS, Plan};
use ustress::scenario::Scenario;
use ustress::sensitivity::{
    Interval, SOURCES, Sources, other_days, sources, sources_terminal, uncertainty,
};
use ustress::stats::{Column, Keep};
use ustress::{Gather, simulate};

fn found(scenario: &Scenario, paths: u64) -> Option<Sources> {
    found_on(scenario, &RunPlan::new(3, paths))
}

fn found_on(scenario: &Scenario, run: &RunPlan) -> Option<Sources> {
    let plan = Plan::new(scenario).unwrap();
    let keep = Keep::outcomes(&plan.layout, run.paths.end);
    let gather = Gather { keep, until: None, metrics: None };
    let simulated = simulate(&plan, run, &gather, &Silent).unwrap();
    let end = simulated.tally.horizon("end").unwrap();
    let others = other_days(&plan, run, (IMPACT_10Y, end), &Silent).unwrap();
    sources((scenario, &plan), run, &simulated.tally, &others)
}

/// A metric at the end on the days of the run, and on other days.
fn pairs(scenario: &Scenario, metric: &str, paths: u64) -> [Vec<f64>; 2] {
    let plan = Plan::new(scenario).unwrap();
    let metric = METRICS.iter().position(|known| known.name == metric).unwrap();
    let horizon = plan.layout.horizons.iter().position(|known| known.label == "end").unwrap();
    let run = RunPlan::new(3, paths);
    let keep = Keep { columns: vec![Column::Metric { horizon, metric }], paths };
    let gather = Gather { keep, until: None, metrics: Some(vec![metric]) };
    let own = simulate(&plan, &run, &gather, &Silent).unwrap().tally.kept().column(0);
    [own, other_days(&plan, &run, (metric, horizon), &Silent).unwrap()]
}

/// The shares that are said, blanks as 0.
fn said(shares: &[Option<Interval>]) -> Vec<Interval> {
    shares.iter().map(|share| share.unwrap_or_default()).collect()
}

#[test]
fn an_elasticity_times_a_flow_has_its_known_shares() {
    // Sobol' shares of lognormal(20, 0.5) × normal(200, 50): 0.7797 elasticity, 0.1716 flow, 0.0487 both.
    let found = found(&scenario(&product(), &[]), 8192).unwrap();
    let values = said(&found.shares[0]);
    assert_eq!(found.shares[0][0], None, "no study is drawn: nothing is said");
    assert_eq!(values[4], Interval::default(), "no shock acts: exactly");
    for (place, want) in [(1, 0.7797), (2, 0.0), (3, 0.1716 + 0.0487), (4, 0.0), (5, 0.0)] {
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
    let values = said(&found.shares[0]);
    for (place, want) in [(0, 0.0), (1, 0.284 / both), (2, 1.0 - 0.284 / both), (3, 0.0)] {
        let share = values[place].value;
        assert!((share - want).abs() < 0.03, "{place}: {share}, {want}");
    }
    let screen = sources_terminal(&[found]);
    assert!(screen.contains("capacity") && screen.contains("–"), "{screen}");
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
            let sum: f64 = said(shares).iter().map(|share| share.value).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{prior}: {sum}");
            assert_eq!(shares[0].is_some_and(|share| share.value > 0.3), chooses, "{prior}");
            assert!(chooses || shares[0].is_none(), "{prior}: not 0%, not known");
            let inside = |share: &Interval| share.low >= 0.0 && share.high <= 1.0;
            assert!(said(shares).iter().all(inside), "{shares:?}");
        }
    }
}

#[test]
fn too_few_paths_give_none_and_a_constant_gives_zeros() {
    let calm = scenario(&product(), &[]);
    assert!(found(&calm, 50).is_none());
    let still = "event.1.official_sale.amount_usd_bn=0";
    let found = found(&scenario(&product(), &[still]), 512).unwrap();
    assert!(found.shares.iter().flatten().flatten().all(|share| share.value == 0.0));
    let text = sources_terminal(std::slice::from_ref(&found));
    assert!(text.contains("which study") && !text.contains("NaN"), "{text}");
    let csv = String::from_utf8(uncertainty(&[found])).unwrap();
    assert_eq!(csv.lines().count(), 1 + 2 * SOURCES.len());
    assert!(csv.contains(",value,which_study,,,,512\n"), "blank: {csv}");
}

#[test]
fn the_days_have_the_share_of_a_closed_form() {
    // The 10-year: normal(4, 0.3) at the start and 21 daily moves of 6 bp: 21 · 0.06² / (0.3² + 21 · 0.06²) = 0.4565.
    let text = STILL
        .replace(
            "ust_10y_noise_bp = 0",
            "ust_10y_noise_bp = 6\nust_10y_pct = { normal = { mean = 4, sd = 0.3 } }",
        )
        .replace("title = \"Still\"", "title = \"Walk\"\nhorizon = \"1m\"");
    let days = 21.0 * 0.06 * 0.06;
    let want = days / (0.09 + days);
    let share = |sets: &[&str]| {
        let [own, other] = pairs(&scenario(&text, sets), "yield_10y_pct", 8192);
        let rows = ustress::sensitivity::Rows {
            inputs: &[],
            categories: &[],
            output: &own,
            other_days: &other,
        };
        let worst = ustress::sensitivity::Worst::Highest;
        ustress::sensitivity::analyse_rows(&rows, worst).scopes[0].shocks.unwrap()
    };
    let found = share(&[]);
    // Four errors of 8,192 pairs, about 0.008 each.
    assert!((found.value - want).abs() < 0.032, "{found:?} {want}");
    assert!(found.high - found.low < 0.05, "{found:?}");
    // The broken twin: days half as wide.
    let twin = share(&["fed.ust_10y_noise_bp=3"]);
    assert!((twin.value - want).abs() > 0.1, "{twin:?}");
}

#[test]
fn no_shock_no_share_and_the_parameters_are_shared_to_the_bit() {
    // Only dated flows act: whatever is drawn once a path varies, the days cannot.
    let deterministic = scenario(&product(), &["impact.half_life_days=20", "impact.prior=studies"]);
    let [own, other] = pairs(&deterministic, "impact_10y_bp", 512);
    assert!(own == other && own[0] != own[1]);
    // Draws do not depend on the seed of the days, outcomes do.
    let free = scenario("managed_adjustment", &[]);
    let plan = Plan::new(&free).unwrap();
    let block = |days: u64| {
        let mut block = ustress::model::Block::default();
        let seeds = ustress::model::Seeds { paths: 3, days };
        ustress::model::simulate_block(&plan, seeds, 0, 16, false, &mut block);
        block
    };
    let (one, two, three) = (block(3), block(4), block(3));
    assert!(one.draws == two.draws && one.metrics != two.metrics && one.metrics == three.metrics);
    let mut plain = ustress::model::Block::default();
    ustress::model::simulate_block(&plan, 3, 0, 16, false, &mut plain);
    assert!(plain.metrics == one.metrics, "one number seeds both");
}

#[test]
fn whether_an_event_happens_is_an_assumption() {
    // A certain size, an uncertain occurrence: all of the variance, none of it the days' or unexplained.
    let text = product().replace("day = 1\n", "day = 1\nprobability = 0.3\n");
    let sets = ["event.1.official_sale.amount_usd_bn=200", "impact.lasting_bp_per_100bn=20"];
    let chance = scenario(&text, &sets);
    let found = found(&chance, 4096).unwrap();
    let values = said(&found.shares[0]);
    assert_eq!(values[4], Interval::default());
    assert!(values[3].value > 0.999 && values[5].value.abs() < 1e-3, "{values:?}");
    let drawn = paths(&chance, 256).metric("impact_10y_bp", "end");
    let hits = drawn.iter().filter(|impact| **impact > 1.0).count();
    assert!((40..=115).contains(&hits), "{hits} of 256 at 30%");
}

#[test]
fn threads_and_shards_do_not_change_a_pair() {
    let shift = scenario("sustained_shift", &[]);
    let run = |threads| RunPlan { threads: Some(threads), ..RunPlan::new(3, 700) };
    let one = found_on(&shift, &run(1)).unwrap();
    assert!(one == found_on(&shift, &run(3)).unwrap());
    let plan = Plan::new(&shift).unwrap();
    let of = |range: std::ops::Range<u64>| {
        let part = RunPlan { paths: range, ..RunPlan::new(3, 0) };
        other_days(&plan, &part, (IMPACT_10Y, 0), &Silent).unwrap()
    };
    assert!([of(0..300), of(300..700)].concat() == of(0..700));
}

/// Stops a run after its first block.
struct Impatient;

impl Progress for Impatient {
    fn advance(&self, _paths: u64) -> bool {
        false
    }
}

#[test]
fn a_run_that_is_stopped_before_its_pairs_says_nothing_of_the_days() {
    let shift = scenario("sustained_shift", &[]);
    let plan = Plan::new(&shift).unwrap();
    let run = RunPlan { threads: Some(1), ..RunPlan::new(3, 1024) };
    let cut = other_days(&plan, &run, (IMPACT_10Y, 0), &Impatient).unwrap();
    assert_eq!(cut.len(), 256, "the first block");
    let keep = Keep::outcomes(&plan.layout, 1024);
    let gather = Gather { keep, until: None, metrics: None };
    let tally = simulate(&plan, &run, &gather, &Silent).unwrap().tally;
    let found = sources((&shift, &plan), &run, &tally, &[]).unwrap();
    assert!(found.shares.iter().all(|shares| shares[4].is_none() && shares[5].is_none()));
    assert!(found.shares[0][1].is_some_and(|share| share.value > 0.1), "the rest is said");
}

//! The law of determinism: the same bytes for any threads, shards, blocks, neighbours and instruction set.
#![allow(clippy::unwrap_used)]

#[path = "common/run.rs"]
mod run;

use run::{paths, scenario};
use ustress::engine::{Collect, RunPlan, Silent, run};
use ustress::model::{Block, CHANNELS, METRICS, Plan, simulate_block};
use ustress::report::{Report, Run, files};
use ustress::scenario::Scenario;
use ustress::stats::{Keep, Tally};

const SCENARIO: &str = r#"
title = "Everything at once"
horizon = "3m"
[[event]]
day = "5 to 30"
official_sale = { amount_usd_bn = "100 to 500", over_days = 10 }
[[event]]
day = 20
probability = 0.5
yen_jump = { size_pct = -6 }
"#;

const PATHS: u64 = 5_003;

fn every_scenario() -> Scenario {
    scenario(SCENARIO, &[])
}

/// All bytes of the results of a tally.
fn bytes(scenario: &Scenario, tally: &Tally) -> Vec<Vec<u8>> {
    let report = Report::new(scenario, tally);
    files(&Run::default(), &[report]).into_values().collect()
}

fn shard(plan: &Plan, range: std::ops::Range<u64>, threads: usize, baseline: bool) -> Tally {
    let how = RunPlan { threads: Some(threads), baseline, paths: range, ..RunPlan::new(9, 0) };
    run(plan, &how, || Tally::new(&plan.layout).keep(&Keep::outcomes(&plan.layout, 300)), &Silent)
        .unwrap()
        .0
}

#[test]
fn threads_do_not_matter() {
    let scenario = every_scenario();
    let plan = Plan::new(&scenario).unwrap();
    let one = bytes(&scenario, &shard(&plan, 0..PATHS, 1, false));
    for threads in [2, 3, 7] {
        let many = bytes(&scenario, &shard(&plan, 0..PATHS, threads, false));
        assert!(one == many, "{threads} threads");
    }
    // The twin: another seed must not give the same bytes.
    let how = RunPlan::new(10, PATHS);
    let (other, _) = run(
        &plan,
        &how,
        || Tally::new(&plan.layout).keep(&Keep::outcomes(&plan.layout, 300)),
        &Silent,
    )
    .unwrap();
    assert!(one != bytes(&scenario, &other));
}

#[test]
fn shards_merged_in_any_order_do_not_matter() {
    let scenario = every_scenario();
    let plan = Plan::new(&scenario).unwrap();
    let whole = bytes(&scenario, &shard(&plan, 0..PATHS, 2, false));
    let cuts = [0, 1, 7, 256, 300, 1_111, 1_112, 4_096, PATHS];
    for order in [[7, 6, 5, 4, 3, 2, 1, 0], [3, 0, 5, 7, 1, 6, 2, 4]] {
        let parts = order.map(|part| shard(&plan, cuts[part]..cuts[part + 1], 1, false));
        let merged = parts.into_iter().reduce(Collect::merge).unwrap();
        assert!(whole == bytes(&scenario, &merged), "{order:?}");
    }
}

#[test]
fn the_instruction_set_does_not_matter() {
    let scenario = every_scenario();
    let plan = Plan::new(&scenario).unwrap();
    let wide = bytes(&scenario, &shard(&plan, 0..PATHS, 2, false));
    let narrow = bytes(&scenario, &shard(&plan, 0..PATHS, 2, true));
    assert!(wide == narrow);
}

#[test]
fn a_path_alone_is_the_path_of_the_batch() {
    let plan = Plan::new(&every_scenario()).unwrap();
    let mut batch = Block::default();
    simulate_block(&plan, 9, 1_000, 100, false, &mut batch);
    for path in [0, 1, 7, 8, 63, 99] {
        let mut alone = Block::default();
        simulate_block(&plan, 9, 1_000 + path as u64, 1, false, &mut alone);
        let column = |table: &[f64], cell: usize| table[cell * batch.paths + path].to_bits();
        for (cell, value) in alone.metrics.iter().enumerate() {
            assert_eq!(value.to_bits(), column(&batch.metrics, cell));
        }
        for (cell, value) in alone.flows.iter().enumerate() {
            assert_eq!(value.to_bits(), column(&batch.flows, cell));
        }
        for (cell, value) in alone.draws.iter().enumerate() {
            assert_eq!(value.to_bits(), column(&batch.draws, cell));
        }
    }
    assert_eq!(batch.metrics.len(), plan.layout.horizons.len() * METRICS.len() * 100);
}

#[test]
fn muting_a_channel_moves_no_other_draw() {
    let base = paths(&scenario("managed_adjustment", &[]), 512);
    for channel in CHANNELS {
        let muted =
            paths(&scenario("managed_adjustment", &[&format!("channels.{channel}=false")]), 512);
        assert!(muted.channel(channel, "peak").iter().all(|x| *x == 0.0), "{channel}");
        assert!(muted.channel(channel, "trough").iter().all(|x| *x == 0.0), "{channel}");
        // Everyday trading depends on no channel; the Fed's path only through the equities that the carry book sells.
        let same = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits());
        let fed = "policy_rate_fed_pct";
        assert!(
            same(&muted.metric(fed, "3m"), &base.metric(fed, "3m")) || *channel == "carry_unwind"
        );
        assert!(same(&muted.flow("everyday", 5), &base.flow("everyday", 5)), "{channel}");
    }
}

#[test]
fn two_scenarios_share_their_paths() {
    let base = paths(&scenario("title = \"a\"", &[]), 256);
    let more = "title = \"b\"\n[[event]]\nday = 40\nofficial_sale = { amount_usd_bn = 100, over_days = 5 }\n";
    let more = paths(&scenario(more, &[]), 256);
    for metric in METRICS {
        assert_eq!(
            base.metric(metric.name, "1m"),
            more.metric(metric.name, "1m"),
            "{}",
            metric.name
        );
    }
    assert_ne!(base.metric("impact_10y_bp", "3m"), more.metric("impact_10y_bp", "3m"));
}

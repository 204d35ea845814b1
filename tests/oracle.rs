//! The lanes against the oracle: the same model in plain `f64`, one path at a time.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

#[path = "oracle/cases.rs"]
mod cases;
#[path = "oracle/mod.rs"]
mod oracle;

use cases::{CASES, Case, EVERY_EVENT};
use ustress::cli::LIBRARY;
use ustress::model::{
    BLOCK_PATHS, Block, CATALOGUE, CHANNELS, HOLDERS, METRICS, Parameters, Plan, simulate_block,
};
use ustress::scenario::load;

const SEED: u64 = 20_260_701;
const BUILT_IN: Case = Case { name: "managed_adjustment", text: "" };

fn plan(case: &Case, sets: &[&str]) -> Plan {
    let resolve = |name: &str| LIBRARY.find(name);
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let text = match case.text {
        "" => resolve(case.name).unwrap().1,
        text => text.to_owned(),
    };
    let loaded = load(case.name, &text, &resolve, &sets, &CATALOGUE);
    Plan::new(&loaded.unwrap_or_else(|error| panic!("{}: {error}", case.name)).scenario).unwrap()
}

fn block(plan: &Plan, first: u64, paths: usize, baseline: bool) -> Block {
    let mut block = Block::default();
    simulate_block(plan, SEED, first, paths, baseline, &mut block);
    block
}

/// How far two numbers are apart, as a share of what is allowed.
fn gap(lanes: f64, oracle: f64) -> f64 {
    let allowed = 1e-9 * lanes.abs().max(1.0);
    let gap = (lanes - oracle).abs() / allowed;
    if gap.is_nan() { f64::INFINITY } else { gap }
}

/// The tables of a block, with a name for each cell.
fn tables<'a>(
    plan: &'a Plan,
    block: &'a Block,
) -> [(&'a [f64], Box<dyn Fn(usize) -> String + 'a>); 5] {
    let layout = &plan.layout;
    let horizon = |index: usize| layout.horizons[index].label.clone();
    let fans: Vec<&str> = METRICS.iter().filter(|m| m.fan).map(|m| m.name).collect();
    let (metrics, channels, holders) = (METRICS.len(), CHANNELS.len(), HOLDERS.len());
    [
        (&block.draws, Box::new(|cell| format!("quantity {cell}"))),
        (
            &block.metrics,
            Box::new(move |cell| {
                format!("{} at {}", METRICS[cell % metrics].name, horizon(cell / metrics))
            }),
        ),
        (
            &block.channels,
            Box::new(move |cell| {
                format!("{} at {}", CHANNELS[cell % channels], horizon(cell / channels))
            }),
        ),
        (
            &block.flows,
            Box::new(move |cell| {
                format!("{} in {}", HOLDERS[cell % holders], layout.months[cell / holders])
            }),
        ),
        (
            &block.fan,
            Box::new(move |cell| {
                format!("{} on day {}", fans[cell % fans.len()], layout.fan[cell / fans.len()].0)
            }),
        ),
    ]
}

/// The worst gap between the lanes and the oracle on `paths` paths, and where it is.
fn worst(
    plan: &Plan,
    lanes: &Block,
    change: impl Fn(&mut Parameters<f64>) + Copy,
) -> (f64, String) {
    let mut worst = (0.0, "nowhere".to_owned());
    for offset in 0..lanes.paths {
        let path = lanes.first_path + offset as u64;
        let alone = oracle::run(plan, SEED, path, change);
        let pairs = tables(plan, lanes).into_iter().zip(tables(plan, &alone));
        for (index, ((many, name), (one, _))) in pairs.enumerate() {
            assert_eq!(many.len(), one.len() * lanes.paths);
            for (cell, value) in one.iter().enumerate() {
                let lane = many[cell * lanes.paths + offset];
                if index == 0 {
                    assert_eq!(lane.to_bits(), value.to_bits(), "path {path}, {}", name(cell));
                }
                let gap = gap(lane, *value);
                if gap > worst.0 {
                    worst = (gap, format!("path {path}, {}: {lane} or {value}", name(cell)));
                }
            }
        }
    }
    worst
}

#[track_caller]
fn agrees(case: &Case, sets: &[&str], paths: usize) {
    let plan = plan(case, sets);
    for first in (0..paths).step_by(BLOCK_PATHS) {
        let lanes = block(&plan, first as u64, BLOCK_PATHS.min(paths - first), false);
        let (gap, place) = worst(&plan, &lanes, |_| {});
        println!("{} {sets:?}: worst {gap:.2e} of what is allowed at {place}", case.name);
        assert!(gap <= 1.0, "{} {sets:?}: {gap} times what is allowed at {place}", case.name);
    }
}

#[test]
fn every_path_is_the_oracles_in_the_built_in_scenario() {
    agrees(&BUILT_IN, &[], 1024);
}

#[test]
fn every_path_is_the_oracles_whatever_happens() {
    for case in &CASES {
        agrees(case, &[], 256);
    }
}

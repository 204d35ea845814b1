//! The lanes against the oracle: the same model in plain `f64`, one path at a time.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

#[path = "oracle/cases.rs"]
mod cases;
#[path = "oracle/mod.rs"]
mod oracle;

use cases::{CASES, Case, DUMP, EVERY_EVENT, SALES, YEARS};
use ustress::cli::LIBRARY;
use ustress::model::{
    BLOCK_PATHS, Block, CATALOGUE, CHANNELS, Channel, HOLDERS, METRICS, Parameters, Plan,
    simulate_block,
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
    let gap = (lanes - oracle).abs() / (1e-9 * lanes.abs().max(1.0));
    if gap.is_nan() { f64::INFINITY } else { gap }
}

const TABLES: [&str; 4] = ["metrics", "channels", "flows", "fan"];

fn tables(block: &Block) -> [&[f64]; 4] {
    [&block.metrics, &block.channels, &block.flows, &block.fan]
}

/// What a cell of a table is.
fn name(plan: &Plan, table: usize, cell: usize) -> String {
    let horizon = |width: usize| &plan.layout.horizons[cell / width].label;
    match TABLES[table] {
        "metrics" => {
            format!("{} at {}", METRICS[cell % METRICS.len()].name, horizon(METRICS.len()))
        }
        "channels" => format!("{} at {}", CHANNELS[cell % CHANNELS.len()], horizon(CHANNELS.len())),
        "flows" => {
            let month = &plan.layout.months[cell / HOLDERS.len()];
            format!("{} in {month}", HOLDERS[cell % HOLDERS.len()])
        }
        _ => format!("fan cell {cell}"),
    }
}

/// The largest gap between a path of the lanes and a block of that path alone, and where it is.
fn worst(plan: &Plan, lanes: &Block, alone: &Block) -> (f64, String) {
    let offset = (alone.first_path - lanes.first_path) as usize;
    let mut worst = (0.0, String::new());
    for (table, (many, one)) in tables(lanes).into_iter().zip(tables(alone)).enumerate() {
        assert_eq!(many.len(), one.len() * lanes.paths, "{}", TABLES[table]);
        for (cell, value) in one.iter().enumerate() {
            let lane = many[cell * lanes.paths + offset];
            let gap = gap(lane, *value);
            if gap > worst.0 {
                let name = name(plan, table, cell);
                worst = (gap, format!("path {}, {name}: {lane} or {value}", alone.first_path));
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
        for offset in 0..lanes.paths {
            let alone = oracle::run(&plan, SEED, (first + offset) as u64, |_| {});
            for (quantity, drawn) in alone.draws.iter().enumerate() {
                let lane = lanes.draws[quantity * lanes.paths + offset];
                assert_eq!(lane.to_bits(), drawn.to_bits(), "{}: quantity {quantity}", case.name);
            }
            let (gap, place) = worst(&plan, &lanes, &alone);
            assert!(gap <= 1.0, "{} {sets:?}: {gap} times what is allowed at {place}", case.name);
        }
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

#[test]
fn every_path_is_the_oracles_with_a_channel_muted() {
    let mute = |channel: &str| format!("channels.{channel}=false");
    for channel in CHANNELS {
        agrees(&EVERY_EVENT, &[&mute(channel)], 256);
        agrees(&DUMP, &[&mute(channel)], 64);
    }
    let all: Vec<String> = CHANNELS.iter().map(|channel| mute(channel)).collect();
    agrees(&EVERY_EVENT, &all.iter().map(String::as_str).collect::<Vec<_>>(), 256);
}

#[test]
fn every_path_is_the_oracles_under_every_prior() {
    for prior in CATALOGUE.priors {
        agrees(&EVERY_EVENT, &[&format!("impact.prior={}", prior.name)], 64);
    }
}

/// Whether the oracle with a tampered quantity is told from the lanes on one of `paths` paths.
fn is_caught(plan: &Plan, lanes: &Block, change: impl Fn(&mut [f64]) + Copy) -> bool {
    (0..lanes.paths as u64).any(|path| {
        let twin = oracle::run(plan, SEED, path, change);
        worst(plan, lanes, &twin).0 > 1.0
    })
}

/// Parameters that no path reads: the study acts through what it draws, what is priced at load (`tests/priced.rs`).
const IDLE: [&str; 7] = [
    "fed.ust_2y_pct",
    "fed.ust_2y_noise_bp",
    "impact.study",
    "boj.priced_12m_pct",
    "boj.priced_terminal_pct",
    "boj.gate_closed_share",
    "fed.priced_12m_bp",
];

#[test]
fn a_twin_with_any_parameter_off_is_caught() {
    let cases: Vec<(Plan, Block)> = std::iter::once(&BUILT_IN)
        .chain(&CASES)
        .map(|case| {
            let plan = plan(case, &[]);
            let lanes = block(&plan, 0, 128, false);
            (plan, lanes)
        })
        .collect();
    let caught = |quantity: usize, change: fn(f64) -> f64| {
        cases.iter().any(|(plan, lanes)| {
            is_caught(plan, lanes, |values| values[quantity] = change(values[quantity]))
        })
    };
    let mut coarse = Vec::new();
    for (quantity, known) in CATALOGUE.declarations().enumerate() {
        let name = format!("{}.{}", known.table, known.name);
        if known.table == "shocks" || IDLE.contains(&name.as_str()) {
            continue;
        }
        // A threshold or a probability may need a larger change to bite on 128 paths.
        if !caught(quantity, |value| value * 1.01 + 1e-4) {
            let by_more = caught(quantity, |value| value * 0.5 - 0.3)
                || caught(quantity, |value| value * 2.0 + 0.3);
            assert!(by_more, "{name} makes no difference");
            coarse.push(name);
        }
    }
    println!("caught by a larger change only: {coarse:?}");
    assert!(coarse.len() < 24, "{coarse:?}");
}

#[test]
fn a_twin_with_any_number_of_an_event_off_is_caught() {
    let plan = plan(&EVERY_EVENT, &[]);
    let lanes = block(&plan, 0, 256, false);
    for (index, event) in plan.events.iter().enumerate() {
        let numbers = [event.day, event.probability].into_iter().chain(event.numbers.clone());
        for (place, quantity) in numbers.enumerate() {
            let change = |values: &mut [f64]| {
                let value = &mut values[quantity];
                // Days are whole, and most probabilities are one.
                *value = if place == 1 { *value * 0.7 } else { *value * 1.02 + 1.1 };
            };
            // A secret sale has no announcement, a plain one no duration of its own.
            let idle = event.kind == ustress::model::Kind::OfficialSale
                && (place == 4 && !event.duration_written || place == 5 && !event.announced);
            assert_eq!(is_caught(&plan, &lanes, change), !idle, "event {index}, number {place}");
        }
    }
}

#[test]
fn narrow_and_wide_instructions_give_the_same_bits() {
    for case in std::iter::once(&BUILT_IN).chain(&CASES) {
        let plan = plan(case, &[]);
        let (wide, narrow) = (block(&plan, 256, 64, false), block(&plan, 256, 64, true));
        for (wide, narrow) in tables(&wide).into_iter().zip(tables(&narrow)) {
            assert!(wide.iter().zip(narrow).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
        assert_eq!(wide.draws, narrow.draws);
    }
}

#[test]
fn a_path_alone_is_the_path_of_the_batch() {
    let plan = plan(&EVERY_EVENT, &[]);
    let batch = block(&plan, 0, 40, false);
    for (first, paths) in [(0, 1), (3, 5), (7, 8), (11, 17), (13, 27), (39, 1)] {
        let part = block(&plan, first, paths, false);
        let pairs = tables(&batch).into_iter().zip(tables(&part));
        for (whole, part) in pairs.chain([(batch.draws.as_slice(), part.draws.as_slice())]) {
            for (cell, column) in part.chunks(paths).enumerate() {
                let start = cell * batch.paths + first as usize;
                for (a, b) in whole[start..start + paths].iter().zip(column) {
                    assert_eq!(a.to_bits(), b.to_bits(), "paths {first}+{paths}, cell {cell}");
                }
            }
        }
    }
}

/// Impact of the five flow channels on the last of `days`: the double sum of the equation, from the flows alone.
fn propagated(plan: &Plan, p: &Parameters<f64>, days: &[oracle::Day]) -> f64 {
    let p = &p.impact;
    let unmatched = 1.0 - p.matched_share;
    let capacity = 1.0 + p.gdp_scaling * (p.gdp_ratio - 1.0);
    let one_day = oracle::one_day(p);
    let (mut lasting, mut passing, mut abnormal) = (0.0, 0.0, 0.0);
    for (s, day) in days.iter().enumerate() {
        let step = s + 1;
        abnormal += day.flows.issuance;
        let issued = p.issuance_usd_bn_per_year * step as f64 / 252.0 + abnormal;
        let market_tn = p.market_usd_tn + issued / 1000.0;
        let month = &days[step.saturating_sub(21)..step];
        let carried: f64 = month.iter().map(|day| day.flows.par + day.flows.issuance).sum();
        let load = unmatched * carried.max(0.0) / p.stress_threshold_usd_bn;
        let m = (1.0 + p.stress_slope * (load - 1.0).max(0.0)).min(p.stress_cap).max(day.asked);
        let f: f64 = day.flows.weighted[..oracle::ROWS - 1].iter().sum();
        let faded = libm::exp2(-((days.len() - step) as f64) / p.half_life_days);
        let unit = 29.0 / market_tn * unmatched * capacity / 100.0;
        lasting += f * p.lasting_bp_per_100bn * unit;
        passing += (f + day.flows.passing_only) * one_day * m * faded * unit;
    }
    assert!(days.len() <= plan.steps);
    lasting + p.transitory_most_bp * libm::tanh(passing / p.transitory_most_bp)
}

/// The day's weighted flow from what each holder sold, the weights being those of the ledger.
fn weighted(p: &Parameters<f64>, day: &oracle::Day) -> f64 {
    let h = &p.holdings;
    let years = [
        h.duration_mof_years,
        h.duration_gpif_years,
        h.duration_megabanks_years,
        h.duration_life_insurers_years,
        h.duration_post_bank_years,
        h.duration_norinchukin_years,
        h.duration_regional_banks_years,
        h.duration_trusts_years,
    ];
    let cohorts: f64 = years.iter().zip(day.holders).map(|(years, sold)| years / 4.8 * sold).sum();
    cohorts + day.holders[9]
}

const QUIET: [&str; 3] = [
    "impact.issuance_tilt_trigger_bp=10000",
    "channels.backstop=false",
    "impact.matched_share=0.2",
];

#[test]
fn the_rows_of_flows_add_up_to_the_propagated_sum_of_all_flows() {
    for case in [&BUILT_IN, &SALES, &YEARS] {
        let plan = plan(case, &QUIET);
        let lanes = block(&plan, 0, 16, false);
        for path in 0..lanes.paths {
            let mut world = oracle::World::new(&plan, SEED, path as u64, |_| {});
            let days: Vec<oracle::Day> = (0..plan.steps).map(|_| world.day()).collect();
            for (index, horizon) in plan.layout.horizons.iter().enumerate() {
                let Some(day) = horizon.day else { continue };
                let row = |channel: usize| {
                    lanes.channels[(index * CHANNELS.len() + channel) * lanes.paths + path]
                };
                let rows: f64 = (0..=Channel::Contagion as usize).map(row).sum();
                let sum = propagated(&plan, &world.parameters, &days[..day]);
                assert!(gap(rows, sum) <= 1.0, "{} path {path} day {day}: {rows} {sum}", case.name);
            }
        }
    }
}

#[test]
fn weights_are_durations_over_the_mean_one() {
    let plan = plan(&YEARS, &["channels.contagion=false", "channels.backstop=false"]);
    for path in 0..16 {
        let mut world = oracle::World::new(&plan, SEED, path, |_| {});
        for _ in 0..plan.steps {
            let day = world.day();
            let flow: f64 = day.flows.weighted.iter().sum();
            let again = weighted(&world.parameters, &day);
            assert!(gap(flow, again) <= 1.0, "path {path}: {flow} {again}");
        }
    }
}

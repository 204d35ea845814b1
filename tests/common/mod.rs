//! Made-up outcomes for tests of what comes after the simulation.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use ustress::engine::Collect;
use ustress::model::{BLOCK_PATHS, Block, CHANNELS, HOLDERS, Horizon, IMPACT_10Y, Layout, METRICS};
use ustress::scenario::Scenario;
use ustress::stats::{Keep, Tally};

/// Number of fan metrics.
pub(crate) fn fan_metrics() -> usize {
    METRICS.iter().filter(|metric| metric.fan).count()
}

/// A layout with the horizons of these labels.
pub(crate) fn layout(labels: &[&str], fan_days: usize, months: usize, quantities: usize) -> Layout {
    let horizon = |label: &&str| Horizon {
        label: (*label).to_owned(),
        day: (!["peak", "trough"].contains(label)).then_some(21),
        date: if ["peak", "trough"].contains(label) { "" } else { "2026-07-31" }.to_owned(),
    };
    Layout {
        horizons: labels.iter().map(horizon).collect(),
        fan: (1..=fan_days).map(|day| (5 * day, format!("day {day}"))).collect(),
        months: (0..months)
            .map(|month| format!("{}-{:02}", 2026 + month / 12, month % 12 + 1))
            .collect(),
        quantities,
    }
}

/// A generator of its own for every path, so that paths do not depend on how they are cut into blocks.
pub(crate) fn path_rng(seed: u64, path: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed ^ path.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// One path of plausible outcomes: metrics and channels by horizon, fan, flows, draws.
pub(crate) fn path_outcomes(layout: &Layout, seed: u64, path: u64) -> [Vec<f64>; 5] {
    let mut rng = path_rng(seed, path);
    let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
    let (mut metrics, mut channels) = (Vec::new(), Vec::new());
    for _ in &layout.horizons {
        let own: Vec<f64> = (0..CHANNELS.len())
            .map(|channel| if channel == 3 { 0.0 } else { 6.0 * normal() + channel as f64 })
            .collect();
        let total: f64 = own.iter().sum();
        channels.extend(own);
        metrics.extend(METRICS.iter().enumerate().map(|(index, metric)| match index {
            IMPACT_10Y => total,
            9 => 1.25, // a rate that does not move
            _ => metric.centre + metric.scale * 20.0 * normal(),
        }));
    }
    let fan = (0..layout.fan.len() * fan_metrics()).map(|_| normal()).collect();
    let flows = (0..layout.months.len() * HOLDERS.len()).map(|_| 4.0 * normal()).collect();
    let draws = (0..layout.quantities).map(|_| normal()).collect();
    [metrics, channels, fan, flows, draws]
}

/// Paths `first..first + paths` as one block; `change` may edit each path first.
pub(crate) fn block_with(
    layout: &Layout,
    seed: u64,
    first: u64,
    paths: usize,
    change: impl Fn(u64, &mut [Vec<f64>; 5]),
) -> Block {
    let mut tables: [Vec<f64>; 5] = Default::default();
    for offset in 0..paths {
        let path = first + offset as u64;
        let mut outcomes = path_outcomes(layout, seed, path);
        change(path, &mut outcomes);
        for (table, values) in tables.iter_mut().zip(outcomes) {
            table.resize(values.len() * paths, 0.0);
            for (cell, value) in values.into_iter().enumerate() {
                table[cell * paths + offset] = value;
            }
        }
    }
    let [metrics, channels, fan, flows, draws] = tables;
    Block { first_path: first, paths, metrics, channels, fan, flows, draws, ..Block::default() }
}

/// A tally of paths `0..paths` in full blocks.
pub(crate) fn tally(layout: &Layout, seed: u64, paths: u64, keep: u64) -> Tally {
    let mut tally = Tally::new(layout).keep(&Keep::outcomes(layout, keep));
    for first in (0..paths).step_by(BLOCK_PATHS) {
        let size = (paths - first).min(BLOCK_PATHS as u64) as usize;
        tally.absorb(&block_with(layout, seed, first, size, |_, _| {}));
    }
    tally
}

/// A tally at one horizon, `end`, whose 10-year impacts are these values.
pub(crate) fn tally_of(values: &[f64]) -> Tally {
    let layout = layout(&["end"], 0, 0, 0);
    let mut tally = Tally::new(&layout);
    for (index, part) in values.chunks(BLOCK_PATHS).enumerate() {
        let mut metrics = vec![0.0; METRICS.len() * part.len()];
        metrics[IMPACT_10Y * part.len()..(IMPACT_10Y + 1) * part.len()].copy_from_slice(part);
        let mut channels = vec![0.0; CHANNELS.len() * part.len()];
        channels[..part.len()].copy_from_slice(part);
        let first_path = (index * BLOCK_PATHS) as u64;
        let rest = Block { first_path, paths: part.len(), ..Block::default() };
        tally.absorb(&Block { metrics, channels, ..rest });
    }
    tally
}

/// A scenario without numbers and events.
pub(crate) fn scenario(name: &str) -> Scenario {
    Scenario {
        name: name.to_owned(),
        title: "A made-up scenario, with a comma".to_owned(),
        story: "Nothing happens.".to_owned(),
        origin: Some("003".to_owned()),
        parents: vec!["baseline".to_owned()],
        start: time::Date::from_calendar_date(2026, time::Month::July, 1).unwrap(),
        horizon_days: 252,
        prior: "consensus".to_owned(),
        quantities: Vec::new(),
        correlations: Vec::new(),
        events: Vec::new(),
        priced: Vec::new(),
        market: Vec::new(),
        muted: vec![false, false, false, false, false, true, false, false],
    }
}

/// A shuffle by Fisher and Yates.
pub(crate) fn shuffle<T>(items: &mut [T], rng: &mut impl Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, (rng.next_u64() % (last as u64 + 1)) as usize);
    }
}

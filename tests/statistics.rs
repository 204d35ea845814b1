//! The statistics against known distributions, their errors against repeated runs, the tallies against any sharding.
#![allow(clippy::unwrap_used)] // a test may panic

mod common;

use common::{block_with, layout, path_rng, shuffle, tally, tally_of};
use proptest::prelude::*;
use rand_distr::{Distribution, Exp, Normal};
use ustress::engine::Collect;
use ustress::model::{BLOCK_PATHS, CHANNELS, IMPACT_10Y, METRICS};
use ustress::stats::{
    Estimate, Keep, PROBABILITIES, Ranks, StopRule, Tally, attribute, mean, proportion,
    standard_deviation,
};

const HORIZONS: [&str; 3] = ["1m", "end", "peak"];

/// Cuts paths `0..paths` into blocks of the given sizes, over and over.
fn cut(paths: u64, sizes: &[usize]) -> Vec<(u64, usize)> {
    let mut blocks = Vec::new();
    let mut first = 0;
    for size in sizes.iter().cycle() {
        let size = (*size as u64).min(paths - first);
        blocks.push((first, size as usize));
        first += size;
        if first == paths {
            return blocks;
        }
    }
    blocks
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Blocks of any size, on any number of workers, absorbed and merged in any order: the same tally to the bit.
    #[test]
    fn sharding_does_not_matter(
        sizes in prop::collection::vec(1_usize..=256, 1..6),
        workers in 1_usize..8,
        seed in any::<u64>(),
    ) {
        let layout = layout(&HORIZONS, 3, 2, 4);
        let wild = |path: u64, tables: &mut [Vec<f64>; 5]| match path % 97 {
            5 => tables[0][IMPACT_10Y] = 1e9,
            6 => tables[0][3] = f64::NAN,
            7 => tables[1][2] = f64::INFINITY,
            8 => tables[0][IMPACT_10Y] = f64::NEG_INFINITY,
            9 => tables[3][1] = -0.0,
            _ => {}
        };
        let mut whole = Tally::new(&layout).keep(&Keep::outcomes(&layout, 300));
        for (first, size) in cut(700, &[BLOCK_PATHS]) {
            whole.absorb(&block_with(&layout, 1, first, size, wild));
        }
        let mut rng = path_rng(seed, 0);
        let mut blocks = cut(700, &sizes);
        shuffle(&mut blocks, &mut rng);
        let mut tallies: Vec<Tally> =
            (0..workers).map(|_| Tally::new(&layout).keep(&Keep::outcomes(&layout, 300))).collect();
        for (index, (first, size)) in blocks.into_iter().enumerate() {
            tallies[index % workers].absorb(&block_with(&layout, 1, first, size, wild));
        }
        shuffle(&mut tallies, &mut rng);
        // merged as a chain from the left or as a lopsided tree
        while tallies.len() > 1 {
            let at = (rand::Rng::next_u64(&mut rng) % (tallies.len() as u64 - 1)) as usize;
            let right = tallies.remove(at + 1);
            let left = tallies.remove(at);
            tallies.insert(at, left.merge(right));
        }
        prop_assert!(tallies.remove(0) == whole);
        prop_assert!(whole.non_finite() > 0);
    }
}

#[test]
fn one_path_more_is_noticed() {
    let layout = layout(&HORIZONS, 3, 2, 4);
    assert!(tally(&layout, 1, 700, 0) != tally(&layout, 1, 701, 0));
    assert!(tally(&layout, 1, 700, 0) != tally(&layout, 2, 700, 0));
}

/// All estimates of the 10-year impact at the end, with what they should be.
fn estimates(values: &[f64], truth: &Truth) -> Vec<(String, Estimate, f64)> {
    let tally = tally_of(values);
    let (cell, measure) = (tally.cell(0, IMPACT_10Y), tally.measure(IMPACT_10Y));
    let ranks = Ranks::new(&measure.grid, &cell.bins);
    let mut all: Vec<(String, Estimate, f64)> = PROBABILITIES
        .iter()
        .map(|p| (format!("p{}", p * 100.0), ranks.quantile_estimate(*p), (truth.quantile)(*p)))
        .collect();
    let mut add = |name: &str, estimate, expected| all.push((name.to_owned(), estimate, expected));
    add("mean", mean(&cell.moments, &measure.quantiser), truth.mean);
    add("sd", standard_deviation(&cell.moments, &measure.quantiser, &ranks), truth.sd);
    add("es95", ranks.shortfall(20), truth.es95);
    add("es99", ranks.shortfall(100), truth.es99);
    for (index, level) in [20.0, 50.0, 100.0].into_iter().enumerate() {
        let share = proportion(cell.at_least[index], cell.moments.count());
        add(&format!("prob_ge_{level}"), share, (truth.survival)(level));
    }
    all
}

struct Truth {
    quantile: Box<dyn Fn(f64) -> f64>,
    survival: Box<dyn Fn(f64) -> f64>,
    mean: f64,
    sd: f64,
    es95: f64,
    es99: f64,
}

fn normal_truth(mu: f64, sd: f64) -> Truth {
    let survival = move |x: f64| 0.5 * libm::erfc((x - mu) / sd / std::f64::consts::SQRT_2);
    let quantile = move |p: f64| {
        let (mut low, mut high) = (mu - 10.0 * sd, mu + 10.0 * sd);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if 1.0 - survival(middle) < p { low = middle } else { high = middle }
        }
        low
    };
    let density = |z: f64| libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
    let shortfall = |p: f64| mu + sd * density((quantile(p) - mu) / sd) / (1.0 - p);
    Truth {
        es95: shortfall(0.95),
        es99: shortfall(0.99),
        quantile: Box::new(quantile),
        survival: Box::new(survival),
        mean: mu,
        sd,
    }
}

fn exponential_truth(mean: f64) -> Truth {
    Truth {
        quantile: Box::new(move |p| -mean * libm::log(1.0 - p)),
        survival: Box::new(move |x| libm::exp(-x / mean)),
        mean,
        sd: mean,
        es95: mean * (1.0 - libm::log(0.05)),
        es99: mean * (1.0 - libm::log(0.01)),
    }
}

/// Estimates further than four standard errors from the truth.
fn misses(values: &[f64], truth: &Truth) -> Vec<String> {
    let far = |(_, estimate, expected): &(String, Estimate, f64)| {
        let distance = (estimate.value - expected).abs();
        estimate.mcse.is_nan() || distance > 4.0 * estimate.mcse
    };
    let all = estimates(values, truth);
    all.iter().filter(|found| far(found)).map(|found| format!("{found:?}")).collect()
}

const PATHS: usize = 200_000;

#[test]
fn normal_outcomes_are_found_again() {
    let normal = Normal::new(30.0, 25.0).unwrap();
    let mut rng = path_rng(11, 0);
    let values: Vec<f64> = (0..PATHS).map(|_| normal.sample(&mut rng)).collect();
    assert_eq!(misses(&values, &normal_truth(30.0, 25.0)), Vec::<String>::new());
    let shifted: Vec<f64> = values.iter().map(|x| x + 0.5).collect();
    assert!(misses(&shifted, &normal_truth(30.0, 25.0)).len() > 5, "the broken twin passes");
    let wider: Vec<f64> = values.iter().map(|x| (x - 30.0) * 1.02 + 30.0).collect();
    assert!(misses(&wider, &normal_truth(30.0, 25.0)).len() > 3, "the wide twin passes");
}

#[test]
fn exponential_outcomes_are_found_again() {
    let exponential = Exp::new(1.0 / 40.0).unwrap();
    let mut rng = path_rng(12, 0);
    let values: Vec<f64> = (0..PATHS).map(|_| exponential.sample(&mut rng)).collect();
    assert_eq!(misses(&values, &exponential_truth(40.0)), Vec::<String>::new());
    assert!(misses(&values, &exponential_truth(41.0)).len() > 5, "the broken twin passes");
}

/// Share of 600 repeated runs whose 95% interval covers the truth, by statistic.
fn coverage(inflate: f64) -> Vec<(String, f64)> {
    let truth = exponential_truth(40.0);
    let exponential = Exp::new(1.0 / 40.0).unwrap();
    let mut hits: Vec<(String, f64)> = Vec::new();
    const RUNS: u32 = 600;
    for seed in 0..RUNS {
        let mut rng = path_rng(13, u64::from(seed));
        let values: Vec<f64> = (0..4000).map(|_| exponential.sample(&mut rng)).collect();
        for (index, (name, estimate, expected)) in estimates(&values, &truth).iter().enumerate() {
            if hits.len() <= index {
                hits.push((name.clone(), 0.0));
            }
            let covered = (estimate.value - expected).abs() <= 1.96 * inflate * estimate.mcse;
            hits[index].1 += f64::from(u8::from(covered)) / f64::from(RUNS);
        }
    }
    hits
}

#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    // 600 runs: one binomial error of the coverage is 0.9 points
    for (name, share) in coverage(1.0) {
        let low = if name.starts_with("es99") { 0.90 } else { 0.915 }; // 40 paths in the tail
        assert!((low..=0.985).contains(&share), "{name}: {share}");
    }
    let narrow = coverage(0.7).into_iter().filter(|(_, share)| *share < 0.90).count();
    assert!(narrow > 10, "intervals that are too narrow pass");
}

#[test]
fn round_levels_are_counted_exactly() {
    let below = f64::from_bits(20.0_f64.to_bits() - 1);
    let tally = tally_of(&[below, 20.0, 49.999, 50.0, 100.0, -20.0, 0.0]);
    assert_eq!(tally.cell(0, IMPACT_10Y).at_least, [4, 2, 1]);
}

#[test]
fn channels_add_up_overall_and_in_the_worst_paths() {
    let layout = layout(&HORIZONS, 0, 0, 0);
    for paths in [1, 19, 20, 21, 4000] {
        let tally = tally(&layout, 3, paths, 0);
        for horizon in 0..HORIZONS.len() {
            let parts = attribute(&tally, horizon);
            let sum: f64 = parts.channels.iter().map(|channel| channel.value).sum();
            assert!((sum - parts.total.value).abs() < 1e-6, "{sum} {:?}", parts.total);
            let cell = tally.cell(horizon, IMPACT_10Y);
            let worst = Ranks::new(&tally.measure(IMPACT_10Y).grid, &cell.bins).shortfall(20);
            // the shortfall is read from bins 0.02 bp or 0.2% wide
            let slack = 0.02_f64.max(0.002 * worst.value.abs());
            assert!(
                (parts.worst_total - worst.value).abs() < slack,
                "{paths}: {parts:?} {worst:?}"
            );
        }
    }
}

#[test]
fn the_worst_paths_are_those_with_the_largest_total() {
    let layout = layout(&["end"], 0, 0, 0);
    let tally = tally(&layout, 3, 1000, 0);
    let mut paths: Vec<Vec<f64>> =
        (0..1000).map(|path| common::path_outcomes(&layout, 3, path)[1].clone()).collect();
    paths.sort_by(|a, b| b.iter().sum::<f64>().total_cmp(&a.iter().sum::<f64>()));
    let parts = attribute(&tally, 0);
    for channel in 0..CHANNELS.len() {
        let expected = paths[..50].iter().map(|path| path[channel]).sum::<f64>() / 50.0;
        // one path at the boundary may share its bin with another
        assert!((parts.worst[channel] - expected).abs() < 0.3, "{channel}");
    }
    assert_eq!(parts.channels[3].value, 0.0);
    assert_eq!(parts.worst[3], 0.0);
    assert_eq!(parts.main_channel(), Some("backstop"));
}

#[test]
fn shares_are_blank_when_the_total_may_be_zero() {
    let values: Vec<f64> = (0..1000).map(|i| f64::from(i) - 499.5).collect();
    let parts = attribute(&tally_of(&values), 0);
    assert!(!parts.certain() && parts.share(0).is_none() && parts.main_channel().is_none());
    let parts = attribute(&tally_of(&values.map_to(100.0)), 0);
    assert_eq!(parts.share(0).map(|share| (share * 1e6).round()), Some(1e6));
}

trait MapTo {
    fn map_to(&self, shift: f64) -> Vec<f64>;
}

impl MapTo for Vec<f64> {
    fn map_to(&self, shift: f64) -> Vec<f64> {
        self.iter().map(|x| x + shift).collect()
    }
}

#[test]
fn outcomes_that_are_not_finite_are_named() {
    let layout = layout(&HORIZONS, 0, 1, 0);
    let mut tally = Tally::new(&layout);
    tally.absorb(&block_with(&layout, 1, 0, 9, |path, tables| {
        if path == 4 {
            tables[0][METRICS.len() + 5] = f64::NAN;
        }
    }));
    assert_eq!(tally.non_finite(), 1);
    assert_eq!(tally.first_non_finite(), Some(("usdjpy", "end")));
    assert_eq!(tally.cell(1, 5).moments.count(), 8);
}

#[test]
fn stop_rules_are_read_and_bad_ones_explained() {
    for good in [
        "p99 +-0.5bp",
        "p1 +- 2 bp",
        "mean±0.1",
        "es99 +-3bp of impact_2y_bp at 6m",
        "p50 +-0.2 of usdjpy at 1m",
        "es95 +/-1",
    ] {
        assert!(StopRule::parse(good).is_ok(), "{good}");
    }
    for (bad, reason) in [
        ("", "none of"),
        ("p100 +-1", "none of"),
        ("p0 +-1", "none of"),
        ("median +-1", "none of"),
        ("p99 0.5", "must follow"),
        ("p99 +-", "no half-width"),
        ("p99 +--1bp", "no half-width"),
        ("p99 +-0bp", "no half-width"),
        ("p99 +-1bp of nothing", "no metric"),
        ("p99 +-1bp of usdjpy", "is in JPY per USD"),
        ("p99 +-1bp at", "nothing follows"),
        ("p99 +-1bp by now", "neither"),
    ] {
        let error = StopRule::parse(bad).unwrap_err().to_string();
        assert!(error.contains(reason), "{bad}: {error}");
    }
    assert_eq!(StopRule::parse("mean +-1 at 6m").unwrap().horizon(), "6m");
}

#[test]
fn stop_rules_are_met_when_the_interval_is_narrow() {
    let normal = Normal::new(0.0, 10.0).unwrap();
    let mut rng = path_rng(14, 0);
    let values: Vec<f64> = (0..40_000).map(|_| normal.sample(&mut rng)).collect();
    let (few, many) = (tally_of(&values[..1000]), tally_of(&values));
    // 1.96 · 10 / √n is 0.62 at 1,000 paths and 0.098 at 40,000
    let rule = StopRule::parse("mean +-0.2bp").unwrap();
    assert!(!rule.check(&few).met && rule.check(&many).met);
    assert!((rule.check(&many).half_width - 0.098).abs() < 0.003);
    // for p99: 1.96 √(0.01 · 0.99 / n) / (φ(2.326) / 10) = 0.366 at 40,000
    let rule = StopRule::parse("p99 +-0.5bp").unwrap();
    assert!(!rule.check(&few).met && rule.check(&many).met);
    assert!((rule.check(&many).half_width - 0.366).abs() < 0.05);
    assert!(!StopRule::parse("p99 +-0.2bp").unwrap().check(&many).met);
    assert!(
        !StopRule::parse("mean +-99bp").unwrap().check(&tally_of(&values[..999])).met,
        "too few"
    );
    assert!(!StopRule::parse("mean +-99bp at 6m").unwrap().check(&many).met, "no such horizon");
}

#[test]
fn memory_does_not_grow_with_the_paths() {
    let layout = layout(&HORIZONS, 1, 2, 0);
    let block = block_with(&layout, 1, 1 << 20, BLOCK_PATHS, |_, _| {});
    let mut tally = Tally::new(&layout);
    tally.absorb(&block);
    let before = tally.bytes();
    for _ in 0..1000 {
        tally.absorb(&block);
    }
    assert_eq!(tally.bytes(), before);
}

/// Speed and size of a tally of a realistic shape: `cargo test --release -- --ignored --nocapture absorb_speed`.
#[test]
#[ignore = "a measurement"]
fn absorb_speed() {
    let labels =
        ["1d", "1w", "1m", "3m", "6m", "12m", "end", "peak", "trough", "event+1d", "event+1w"];
    let layout = layout(&labels, 0, 13, 0);
    let start = 1 << 20; // past the fan's paths
    let blocks: Vec<_> =
        (0..16).map(|k| block_with(&layout, 5, start + k * 256, BLOCK_PATHS, |_, _| {})).collect();
    let mut tally = Tally::new(&layout);
    for block in &blocks {
        tally.absorb(block);
    }
    // the fastest round: the machine may be busy with other things
    let mut spent = f64::INFINITY;
    for _ in 0..200 {
        let clock = std::time::Instant::now();
        for block in &blocks {
            tally.absorb(block);
        }
        spent = spent.min(clock.elapsed().as_secs_f64() / (blocks.len() * BLOCK_PATHS) as f64);
    }
    let (size, _) = tally.bytes();
    println!("{:.3} µs a path, {:.1} MB", spent * 1e6, size as f64 / 1e6);
    let other = tally.clone();
    let clock = std::time::Instant::now();
    let merged = tally.merge(other);
    println!("merge {:.2} ms, {} paths", clock.elapsed().as_secs_f64() * 1e3, merged.paths());
}

#[test]
fn a_tally_of_some_metrics_has_the_same_cells_for_them() {
    let layout = layout(&HORIZONS, 3, 2, 4);
    let mut whole = Tally::new(&layout);
    let mut part = Tally::new(&layout).only(&[IMPACT_10Y, 5]);
    for (first, size) in cut(700, &[BLOCK_PATHS]) {
        let block = block_with(&layout, 1, first, size, |_, _| {});
        whole.absorb(&block);
        part.absorb(&block);
    }
    assert_eq!(part.paths(), 700);
    for horizon in 0..HORIZONS.len() {
        for metric in [IMPACT_10Y, 5] {
            assert_eq!(part.cell(horizon, metric), whole.cell(horizon, metric));
        }
        assert_eq!(part.cell(horizon, 4).moments.count(), 0);
        assert_eq!(part.channel(horizon, 0).count(), 0);
    }
}

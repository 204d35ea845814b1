//! Do 95% intervals cover? Mean, quantiles, expected shortfall, shares and paired differences of a known distribution,
//! 10,000 paths each, over 2,000 seeds; `cargo test --test coverage -- --nocapture` prints the shares.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // the platform's functions judge ours

mod common;

use common::tally_of;
use rand::SeedableRng as _;
use rand_distr::{Distribution as _, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use ustress::model::IMPACT_10Y;
use ustress::num::{normal_cdf, normal_quantile};
use ustress::stats::{Estimate, Ranks, Statistic, Tally, Z95};

/// Paths of a sample.
const PATHS: usize = 10_000;

/// Lognormals with median 10: spread of the base, and of the other scenario on the same normals.
const SPREADS: [f64; 2] = [0.6, 0.7];

const STATISTICS: [Statistic; 7] = [
    Statistic::Mean,
    Statistic::Quantile(0.05),
    Statistic::Quantile(0.5),
    Statistic::Quantile(0.95),
    Statistic::Quantile(0.99),
    Statistic::Shortfall(20),
    Statistic::AtLeast(0),
];

/// The truth about a lognormal.
fn truth(statistic: Statistic, spread: f64) -> f64 {
    let mean = 10.0 * (0.5 * spread * spread).exp();
    match statistic {
        Statistic::Mean => mean,
        Statistic::Quantile(p) => 10.0 * (spread * normal_quantile(p)).exp(),
        Statistic::Shortfall(part) => {
            let z = normal_quantile(1.0 - 1.0 / part as f64);
            mean * normal_cdf(spread - z) * part as f64
        }
        _ => normal_cdf(-(2.0_f64.ln()) / spread),
    }
}

fn read(tally: &Tally, statistic: Statistic) -> (Estimate, Ranks) {
    let (cell, measure) = (tally.cell(0, IMPACT_10Y), tally.measure(IMPACT_10Y));
    let ranks = Ranks::new(&measure.grid, &cell.bins);
    (statistic.estimate(cell, measure, &ranks), ranks)
}

/// Shares of the seeds whose interval covers: statistic by statistic, single and paired.
fn coverage(seeds: u64) -> Vec<(Statistic, f64, f64)> {
    let mut hits = [[0.0; 2]; STATISTICS.len()];
    for seed in 0..seeds {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut draw = || -> f64 { StandardNormal.sample(&mut rng) };
        // The normals of the two scenarios are correlated 0.8, as where a change touches a part of the paths.
        let normals: Vec<[f64; 2]> = (0..PATHS)
            .map(|_| {
                let (z, own) = (draw(), draw());
                [z, 0.8 * z + 0.6 * own]
            })
            .collect();
        let values = |side: usize| -> Vec<f64> {
            normals.iter().map(|z| 10.0 * (SPREADS[side] * z[side]).exp()).collect()
        };
        let (base, other) = (values(0), values(1));
        let tallies = [tally_of(&base), tally_of(&other)];
        for (place, statistic) in STATISTICS.into_iter().enumerate() {
            let [(a, ranks), (b, other_ranks)] = [0, 1].map(|side| read(&tallies[side], statistic));
            let wants = SPREADS.map(|spread| truth(statistic, spread));
            let covers = match statistic {
                Statistic::Quantile(p) => {
                    let (low, high) = ranks.quantile_interval(p).unwrap();
                    low <= wants[0] && wants[0] <= high
                }
                _ => (a.value - wants[0]).abs() <= Z95 * a.mcse,
            };
            hits[place][0] += f64::from(u8::from(covers));
            let influence = statistic.influence(&base, &ranks, &a);
            let other_influence = statistic.influence(&other, &other_ranks, &b);
            let steps = influence.iter().zip(&other_influence).map(|(a, b)| b - a);
            let mcse = statistic.error(steps, false);
            let error = (b.value - a.value) - (wants[1] - wants[0]);
            hits[place][1] += f64::from(u8::from(error.abs() <= Z95 * mcse));
        }
    }
    let share = |hits: f64| hits / seeds as f64;
    STATISTICS.into_iter().zip(hits).map(|(s, hits)| (s, share(hits[0]), share(hits[1]))).collect()
}

/// Seen, single and paired: mean 0.9470 0.9540, p5 0.9505 0.9530, p50 0.9490 0.9440, p95 0.9540 0.9555, p99 0.9535 0.9460,
/// es95 0.9405 0.9560, prob_ge_20bp 0.9545 0.9535.
#[test]
fn intervals_cover_95_percent_over_2000_seeds() {
    for (statistic, single, paired) in coverage(2000) {
        println!("{:<14} single {single:.4}  paired difference {paired:.4}", statistic.name());
        for share in [single, paired] {
            assert!((0.93..=0.97).contains(&share), "{}: {share}", statistic.name());
        }
    }
}

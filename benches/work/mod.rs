//! The depths at which the engine is measured: a block of 256 paths over a year.
#![allow(dead_code, reason = "each bench uses its own part")]

#[path = "../../tests/oracle/mod.rs"]
mod oracle;

use rand::Rng;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::hint::black_box;
use ustress::cli::LIBRARY;
use ustress::engine::{self, Collect, RunPlan, Silent};
use ustress::model::shocks::{NORMALS_A_DAY, Streams};
use ustress::model::{BLOCK_PATHS, Block, CATALOGUE, Plan, impact, simulate_block};
use ustress::num::LANES;
use ustress::num::lanes::*;
use ustress::stats::Tally;

pub(crate) const SEED: u64 = 20_260_701;

/// The built-in scenario.
pub(crate) fn plan() -> Plan {
    let loaded = LIBRARY.load("managed_adjustment", &[], &CATALOGUE).expect("a built-in scenario");
    Plan::new(&loaded.scenario).expect("a scenario that runs")
}

/// Path-days of a block.
pub(crate) fn path_days(plan: &Plan) -> usize {
    BLOCK_PATHS * plan.steps
}

/// Adds up the day's draws of a block of paths.
pub(crate) struct DrawBlock<'a>(pub(crate) &'a Plan);

impl LaneWork for DrawBlock<'_> {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        let mut sum = splat(simd, 0.0);
        for first in (0..BLOCK_PATHS).step_by(LANES) {
            let mut streams = Streams::new(simd, SEED, first as u64);
            for _ in 0..self.0.steps {
                let day = streams.day(&self.0.cholesky);
                let [a, b, c, d] = day.ust;
                let [e, f] = day.jgb;
                let [g, h] = day.equity;
                let [i, j, k, l] = day.officials;
                let normals = a + b + c + d + e + f + g + h + day.usdjpy;
                let sizes = day.fiscal_size + day.yen_size + day.everyday;
                let meetings = day.boj_meeting + day.fed_meeting.0 + day.fed_meeting.1;
                let jumps = day.fiscal_jump + day.yen_jump + day.intervention;
                let others = day.campaign_size + i + j + k + l + day.leveraged;
                sum = sum + normals + sizes + meetings + jumps + others;
            }
        }
        first_lane(sum)
    }
}

/// Runs the propagator alone over a block of paths.
pub(crate) struct PropagateBlock<'a>(pub(crate) &'a Plan);

impl LaneWork for PropagateBlock<'_> {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> f64 {
        let mut sum = splat(simd, 0.0);
        let calm = splat(simd, 0.0).simd_gt(splat(simd, 1.0));
        for first in (0..BLOCK_PATHS).step_by(LANES) {
            let mut values =
                black_box([4.5, 1.8, 20.0, 0.35, 60.0, 6.0, 0.0, 30.8, 2300.0]).into_iter();
            let p = impact::Params::read(
                #[inline(always)]
                || splat(simd, values.next().unwrap_or(1.0)),
            );
            let mut state = impact::State::new(simd, &p);
            let daily = splat(simd, 0.01 * first as f64);
            for step in 1..=self.0.steps {
                let flow = daily + step as f64;
                let flows = impact::Flows {
                    weighted: [flow, flow * 0.5, daily, flow, daily, flow],
                    passing_only: daily,
                    official: flow,
                    par: flow,
                    abnormal_issuance: daily,
                    caused_by_jgb: daily,
                };
                state.step(&p, step, &flows, (calm, flow));
                sum = sum
                    + state.passing()
                    + state.caused_by_jgb()
                    + state.row(5)
                    + state.official()[0];
            }
        }
        first_lane(sum)
    }
}

fn first_lane<S: Simd>(sum: Lane<S>) -> f64 {
    let mut lanes = [0.0; LANES];
    sum.store_slice(&mut lanes);
    lanes[0]
}

/// A block of the lanes.
pub(crate) fn simulate(plan: &Plan, index: usize, block: &mut Block) {
    simulate_block(plan, SEED, (index * BLOCK_PATHS) as u64, BLOCK_PATHS, false, block);
    black_box(&block.metrics);
}

/// A block of the lanes, taken in.
pub(crate) fn simulate_and_absorb(plan: &Plan, index: usize, block: &mut Block, tally: &mut Tally) {
    simulate(plan, index, block);
    tally.absorb(block);
}

/// A block of the scalar oracle.
pub(crate) fn simulate_scalar(plan: &Plan, index: usize) {
    for path in 0..BLOCK_PATHS {
        let path = (index * BLOCK_PATHS + path) as u64;
        black_box(oracle::run(plan, SEED, path, |_| {}).metrics);
    }
}

/// `blocks` blocks through the engine on some threads.
pub(crate) fn run(plan: &Plan, blocks: usize, threads: usize) -> Tally {
    let run =
        RunPlan { threads: Some(threads), ..RunPlan::new(SEED, (blocks * BLOCK_PATHS) as u64) };
    engine::run(plan, &run, || Tally::new(&plan.layout), &Silent).expect("threads").0
}

/// As many normals of `rand_distr` as a block uses, into buffers of 1,024.
pub(crate) fn reference_normals(plan: &Plan) -> f64 {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let mut buffer = [0.0_f64; 1024];
    let mut left = path_days(plan) * NORMALS_A_DAY;
    while left > 0 {
        let part = left.min(buffer.len());
        fill(&mut generator, &mut buffer[..part]);
        black_box(&mut buffer);
        left -= part;
    }
    buffer[0]
}

#[inline]
fn fill(generator: &mut impl Rng, buffer: &mut [f64]) {
    for number in buffer {
        *number = StandardNormal.sample(generator);
    }
}

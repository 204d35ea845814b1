//! The yardstick R in one process: `cargo bench --bench yardstick [-- rounds]`.
//!
//! Every round measures each depth once, one after the other, so that other load on the machine meets all of them; what
//! is printed is the median over the rounds. R is the time of the simulation ÷ the time in which `rand_distr` with
//! Xoshiro256++ fills buffers of 1,024 with as many standard normals as the simulation uses.

mod work;

use std::hint::black_box;
use std::time::Instant;
use ustress::model::shocks::NORMALS_A_DAY;
use ustress::model::{Block, Plan};
use ustress::num::lanes::with_lanes;
use ustress::stats::Tally;
use work::{DrawBlock, PropagateBlock, path_days, plan};

/// Blocks a measurement.
const BLOCKS: usize = 4;
/// Blocks a measurement of the threads.
const RUN_BLOCKS: usize = 64;

/// What is measured, ns per path-day.
const NAMES: [&str; 9] = [
    "normals of rand_distr, Xoshiro256++",
    "draws",
    "one channel (propagator)",
    "simulation",
    "simulation, narrowest instructions",
    "simulation and tally",
    "scalar oracle",
    "run with tally, 1 thread",
    "run with tally, 2 threads",
];

/// Nanoseconds per path-day of some work over `blocks` blocks.
fn time(plan: &Plan, blocks: usize, mut work: impl FnMut(usize)) -> f64 {
    let start = Instant::now();
    for index in 0..blocks {
        work(index);
    }
    start.elapsed().as_secs_f64() * 1e9 / (blocks * path_days(plan)) as f64
}

fn whole(plan: &Plan, threads: usize) -> f64 {
    let start = Instant::now();
    black_box(work::run(plan, RUN_BLOCKS, threads));
    start.elapsed().as_secs_f64() * 1e9 / (RUN_BLOCKS * path_days(plan)) as f64
}

fn round(plan: &Plan, block: &mut Block, tally: &mut Tally) -> [f64; NAMES.len()] {
    [
        time(plan, BLOCKS, |_| _ = black_box(work::reference_normals(plan))),
        time(plan, BLOCKS, |_| _ = black_box(with_lanes(DrawBlock(plan), false))),
        time(plan, BLOCKS, |_| _ = black_box(with_lanes(PropagateBlock(plan), false))),
        time(plan, BLOCKS, |index| work::simulate(plan, index, block)),
        time(plan, BLOCKS, |index| {
            let first = (index * 256) as u64;
            ustress::model::simulate_block(plan, work::SEED, first, 256, true, block);
        }),
        time(plan, BLOCKS, |index| work::simulate_and_absorb(plan, index, block, tally)),
        time(plan, BLOCKS, |index| work::simulate_scalar(plan, index)),
        whole(plan, 1),
        whole(plan, 2),
    ]
}

/// Median, smallest and largest.
fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [values[values.len() / 2], values[0], values[values.len() - 1]]
}

fn main() {
    let rounds = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(9).max(1);
    let plan = plan();
    let (mut block, mut tally) = (Block::default(), Tally::new(&plan.layout));
    round(&plan, &mut block, &mut tally); // warm up
    let measured: Vec<_> = (0..rounds).map(|_| round(&plan, &mut block, &mut tally)).collect();
    let column = |index: usize| spread(measured.iter().map(|round| round[index]).collect());
    let ratio = |top: usize, bottom: usize| {
        spread(measured.iter().map(|round| round[top] / round[bottom]).collect())
    };
    let print = |name: &str, [median, low, high]: [f64; 3]| {
        println!("{name:<44}{median:>10.2}{low:>10.2}{high:>10.2}");
    };
    println!(
        "{} · {} days · {NORMALS_A_DAY} normals a day · {rounds} rounds",
        plan.name, plan.steps
    );
    println!("{:<44}{:>10}{:>10}{:>10}", "ns per path-day", "median", "min", "max");
    for (index, name) in NAMES.iter().enumerate() {
        print(name, column(index));
    }
    println!("\n{:<44}{:>10}{:>10}{:>10}", "ratio", "median", "min", "max");
    print("R: simulation ÷ normals", ratio(3, 0));
    print("R with tally", ratio(5, 0));
    print("draws ÷ normals", ratio(1, 0));
    print("oracle ÷ simulation", ratio(6, 3));
    print("narrowest ÷ widest instructions", ratio(4, 3));
    print("throughput on 2 threads ÷ 1", ratio(7, 8));
}

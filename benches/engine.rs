//! Path-days per second at each depth of the engine: `cargo bench --bench engine`.

mod work;

use divan::Bencher;
use divan::counter::ItemsCount;
use ustress::model::Block;
use ustress::num::lanes::with_lanes;
use ustress::stats::Tally;
use work::{DrawBlock, PropagateBlock, path_days, plan};

fn main() {
    divan::main();
}

#[divan::bench]
fn depth_1_draws(bencher: Bencher) {
    let plan = plan();
    bencher
        .counter(ItemsCount::new(path_days(&plan)))
        .bench_local(|| with_lanes(DrawBlock(&plan), false));
}

#[divan::bench]
fn depth_2_one_channel(bencher: Bencher) {
    let plan = plan();
    bencher
        .counter(ItemsCount::new(path_days(&plan)))
        .bench_local(|| with_lanes(PropagateBlock(&plan), false));
}

#[divan::bench]
fn depth_3_simulation(bencher: Bencher) {
    let plan = plan();
    let mut block = Block::default();
    bencher
        .counter(ItemsCount::new(path_days(&plan)))
        .bench_local(|| work::simulate(&plan, 0, &mut block));
}

#[divan::bench]
fn depth_3_simulation_narrowest(bencher: Bencher) {
    let plan = plan();
    let mut block = Block::default();
    bencher.counter(ItemsCount::new(path_days(&plan))).bench_local(|| {
        ustress::model::simulate_block(&plan, work::SEED, 0, 256, true, &mut block);
    });
}

#[divan::bench]
fn depth_3_simulation_and_tally(bencher: Bencher) {
    let plan = plan();
    let mut block = Block::default();
    let mut tally = Tally::new(&plan.layout);
    bencher
        .counter(ItemsCount::new(path_days(&plan)))
        .bench_local(|| work::simulate_and_absorb(&plan, 0, &mut block, &mut tally));
}

#[divan::bench(args = [1, 2], sample_count = 20)]
fn depth_4_run_on_threads(bencher: Bencher, threads: usize) {
    let plan = plan();
    const BLOCKS: usize = 32;
    bencher
        .counter(ItemsCount::new(BLOCKS * path_days(&plan)))
        .bench_local(|| work::run(&plan, BLOCKS, threads));
}

#[divan::bench(sample_count = 20)]
fn scalar_oracle(bencher: Bencher) {
    let plan = plan();
    bencher
        .counter(ItemsCount::new(path_days(&plan)))
        .bench_local(|| work::simulate_scalar(&plan, 0));
}

#[divan::bench]
fn normals_of_rand_distr(bencher: Bencher) {
    let plan = plan();
    bencher
        .counter(ItemsCount::new(path_days(&plan)))
        .bench_local(|| work::reference_normals(&plan));
}

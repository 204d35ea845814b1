//! The one simulation loop: blocks of paths over Rayon into a collector. The engine knows no metric.
//!
//! Blocks hold 256 paths and are cut at multiples of 256 of the path index, so block k is the same work in every run.
//! Workers take blocks in ascending order from one counter; a stop lets them finish what they hold, so that what was
//! simulated is always the first paths without a gap. Collections merge exactly, in any order.

use crate::model::{BLOCK_PATHS, Block, Plan, Seeds, simulate_block};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What a run gathers from its paths: tallies, dumps, sensitivities.
pub trait Collect: Send + Sized {
    /// Takes in the outcomes of a block. Blocks arrive in any order.
    fn absorb(&mut self, block: &Block);
    /// Joins two collections. Must be commutative and associative to the bit.
    #[must_use]
    fn merge(self, other: Self) -> Self;
}

/// Watches a run. Methods may be called from several threads.
pub trait Progress: Sync {
    /// Called after each block with the paths it held; gives whether to go on.
    fn advance(&self, _paths: u64) -> bool {
        true
    }
}

/// A run that nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}

/// Which paths to simulate, and how. Results depend on `seed`, `days` and `paths` only.
#[derive(Debug, Clone)]
pub struct RunPlan {
    /// Seed of all draws.
    pub seed: u64,
    /// Another seed for what is drawn every day, where the days are to differ from those of `seed` and nothing else.
    pub days: Option<u64>,
    /// Range of path indices.
    pub paths: Range<u64>,
    /// Number of threads; all cores when `None`.
    pub threads: Option<usize>,
    /// Whether to use the narrowest instructions of the machine; for tests.
    pub baseline: bool,
}

impl RunPlan {
    /// The first `paths` paths of a seed on all cores.
    pub fn new(seed: u64, paths: u64) -> Self {
        RunPlan { seed, days: None, paths: 0..paths, threads: None, baseline: false }
    }
}

/// Simulates the paths of `run` into a collection that `make` starts (once a worker). Gives the collection and the number
/// of paths in it: fewer than asked for when `progress` stopped the run; they are the first ones.
///
/// # Errors
/// When the threads cannot be started.
pub fn run<C: Collect>(
    plan: &Plan,
    run: &RunPlan,
    make: impl Fn() -> C + Sync,
    progress: &dyn Progress,
) -> Result<(C, u64), rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(run.threads.unwrap_or(0)).build()?;
    let blocks = Blocks::new(run.paths.clone());
    let seeds = Seeds { paths: run.seed, days: run.days.unwrap_or(run.seed) };
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let stopped = AtomicBool::new(false);
    let collections = pool.broadcast(|_| {
        let mut collection = make();
        let mut block = Block::default();
        while !stopped.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(paths) = blocks.get(index) else { break };
            let count = paths.end - paths.start;
            simulate_block(plan, seeds, paths.start, count as usize, run.baseline, &mut block);
            collection.absorb(&block);
            done.fetch_add(count, Ordering::Relaxed);
            if !progress.advance(count) {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        collection
    });
    let merged = collections.into_iter().fold(None, |merged: Option<C>, next| match merged {
        Some(merged) => Some(merged.merge(next)),
        None => Some(next),
    });
    Ok((merged.unwrap_or_else(make), done.into_inner()))
}

/// A range of paths, cut at multiples of the block size.
struct Blocks {
    paths: Range<u64>,
    first: u64,
}

impl Blocks {
    fn new(paths: Range<u64>) -> Self {
        let first = paths.start / BLOCK_PATHS as u64;
        Blocks { paths, first }
    }

    /// Paths of the `index`-th block, if there is one.
    fn get(&self, index: u64) -> Option<Range<u64>> {
        let start = (self.first + index) * BLOCK_PATHS as u64;
        let range = start.max(self.paths.start)..(start + BLOCK_PATHS as u64).min(self.paths.end);
        (range.start < range.end).then_some(range)
    }
}

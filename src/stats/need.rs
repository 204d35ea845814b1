//! How much memory a run needs, about, before it starts: so that it can be refused rather than killed after hours.
//!
//! Measured on shipped scenarios with 1 to 8 threads and 2,000 to 200,000 paths (resident size, release build); the numbers
//! below are rounded up from there.

use super::keep::Keep;
use super::tally::FAN_PATHS;
use crate::model::{BLOCK_PATHS, HOLDERS, Layout, METRICS};

/// What the program holds before the first path: measured 45 MB.
const START: u64 = 60_000_000;

/// Bytes of a cell of a tally, bins and sums: measured 37,000.
const CELL: u64 = 40_000;

/// Bytes that a run holds at most, about, with this many threads (all cores when none are given).
///
/// `copies` is how often the kept numbers stand in memory at once: 2 where they are only analysed (measured 1.5), 4 where
/// they are written too (rows and text; measured 3.4).
pub fn need(layout: &Layout, keep: &Keep, paths: u64, threads: Option<usize>, copies: u64) -> u64 {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let blocks = paths.div_ceil(BLOCK_PATHS as u64);
    let workers = (threads.unwrap_or_else(cores) as u64).min(blocks);
    let cells = layout.horizons.len() * METRICS.len() + layout.months.len() * HOLDERS.len();
    let tally = (cells as u64).saturating_mul(CELL);
    let fan =
        METRICS.iter().filter(|metric| metric.fan).count() * layout.fan.len() * size_of::<f32>();
    let fan = (fan as u64).saturating_mul(paths.min(FAN_PATHS));
    let kept = (keep.columns.len() * size_of::<f64>()) as u64;
    let kept = kept.saturating_mul(paths.min(keep.paths)).saturating_mul(copies);
    START
        .saturating_add(tally.saturating_mul(workers + 1))
        .saturating_add(fan.saturating_mul(2))
        .saturating_add(kept)
}

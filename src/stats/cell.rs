//! What is kept of one number over all paths: whole counts in bins, exact sums, exact counts above round levels.

use super::bins::{Bins, Grid, PART, widen};
use crate::model::CHANNELS;
use crate::num::sum::{Moments, Quantiser, all_finite};

/// Levels, in the metric's unit, above which the paths are counted exactly.
pub const LEVELS: [f64; 3] = [20.0, 50.0, 100.0];

/// How a number is binned and added up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Edges of the bins.
    pub grid: Grid,
    /// Step of the exact sums.
    pub quantiser: Quantiser,
    /// Whether the paths above [`LEVELS`] are counted.
    pub levels: bool,
}

/// One number over all paths.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// Counts.
    pub bins: Bins,
    /// Sums.
    pub moments: Moments,
    /// Paths at or above each of [`LEVELS`].
    pub at_least: [u64; 3],
}

impl Cell {
    /// Takes in at most [`PART`] paths. Returns whether all were finite; only then `places` says where each went.
    #[inline]
    pub(crate) fn absorb(
        &mut self,
        measure: &Measure,
        part: &[f64],
        places: &mut [i32; PART],
    ) -> bool {
        if all_finite(part) {
            self.absorb_finite(measure, part, places);
            return true;
        }
        let finite: Vec<f64> = part.iter().copied().filter(|x| x.is_finite()).collect();
        self.moments.leave_out((part.len() - finite.len()) as u64);
        self.absorb_finite(measure, &finite, places);
        false
    }

    #[inline(always)]
    fn absorb_finite(&mut self, measure: &Measure, part: &[f64], places: &mut [i32; PART]) {
        self.moments.absorb_finite(&measure.quantiser, part);
        self.bins.absorb(&measure.grid, part, places);
        if measure.levels {
            for (hits, level) in self.at_least.iter_mut().zip(LEVELS) {
                *hits += part.iter().map(|x| u64::from(*x >= level)).sum::<u64>();
            }
        }
    }

    /// Joins two cells of the same measure.
    pub(crate) fn merge(&mut self, measure: &Measure, other: &Cell) {
        self.bins.merge(&measure.grid, &other.bins);
        self.moments.merge(&other.moments);
        for (mine, theirs) in self.at_least.iter_mut().zip(other.at_least) {
            *mine += theirs;
        }
    }
}

/// Sums of the channels beside every bin of the total, so that the worst paths can be taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    span: (usize, usize),
    sums: Vec<[i64; CHANNELS.len()]>,
}

impl Default for Tail {
    fn default() -> Self {
        Tail { span: (0, 0), sums: vec![[0; CHANNELS.len()]] }
    }
}

impl Tail {
    /// Takes in the channels of paths whose totals went to `places` of `bins`.
    #[inline]
    pub(crate) fn absorb<'a>(
        &mut self,
        quantiser: &Quantiser,
        bins: &Bins,
        places: &[i32],
        channels: impl Iterator<Item = &'a [f64]>,
    ) {
        self.reach(bins.span());
        let mut steps = [[0_i64; CHANNELS.len()]; PART];
        for (channel, column) in channels.enumerate() {
            for (row, &value) in steps.iter_mut().zip(column) {
                row[channel] = quantiser.quantise(value);
            }
        }
        for (&place, row) in places.iter().zip(&steps) {
            for (sum, step) in self.sums[place as usize].iter_mut().zip(row) {
                *sum = sum.wrapping_add(*step);
            }
        }
    }

    /// Sums of the channels in a bin, in steps.
    pub fn sums(&self, bin: i32) -> [i64; CHANNELS.len()] {
        let place = self.span.0 as i64 + i64::from(bin);
        usize::try_from(place)
            .ok()
            .and_then(|place| self.sums.get(place))
            .copied()
            .unwrap_or_default()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.sums.capacity() * size_of::<[i64; CHANNELS.len()]>()
    }

    fn reach(&mut self, span: (usize, usize)) {
        if span != self.span {
            let wider = (span.0.max(self.span.0), span.1.max(self.span.1));
            widen(&mut self.sums, self.span, wider);
            self.span = wider;
        }
    }

    /// Joins two tails over the same edges.
    pub(crate) fn merge(&mut self, other: &Tail) {
        self.reach(other.span);
        let shift = self.span.0 - other.span.0;
        for (mine, theirs) in self.sums[shift..].iter_mut().zip(&other.sums) {
            for (sum, step) in mine.iter_mut().zip(theirs) {
                *sum = sum.wrapping_add(*step);
            }
        }
    }
}

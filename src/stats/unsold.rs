//! What dated sales asked for and what of it was not there to be sold, event by event, added up exactly.

use crate::model::Block;
use crate::num::sum::Quantiser;

/// Amount from which on something was not sold, USD bn: a thousand dollars, far above rounding.
const SOMETHING: f64 = 1e-6;

/// A sale over all paths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsold {
    /// Paths on which it asked for something.
    pub paths: u64,
    /// Paths on which not all of it was there.
    pub cut: u64,
    asked: i128,
    unsold: i128,
}

impl Unsold {
    /// Mean amount asked for, over the paths on which it asked for something, USD bn.
    pub fn mean_asked(&self) -> f64 {
        self.mean(self.asked)
    }

    /// Mean amount that was not sold, over the same paths, USD bn.
    pub fn mean_unsold(&self) -> f64 {
        self.mean(self.unsold)
    }

    /// Share of these paths on which not all was sold.
    pub fn share(&self) -> f64 {
        if self.paths == 0 { 0.0 } else { self.cut as f64 / self.paths as f64 }
    }

    fn mean(&self, sum: i128) -> f64 {
        if self.paths == 0 { 0.0 } else { sum as f64 * quantiser().unit() / self.paths as f64 }
    }
}

fn quantiser() -> Quantiser {
    Quantiser::new(0.0, 1.0)
}

/// Adds the sales of a block, one entry an event.
pub(super) fn absorb(sums: &mut Vec<Unsold>, block: &Block) {
    if block.paths == 0 {
        return;
    }
    let events = block.sales.chunks_exact(2 * block.paths);
    sums.resize(sums.len().max(events.len()), Unsold::default());
    let quantiser = quantiser();
    for (sum, event) in sums.iter_mut().zip(events) {
        let (asked, unsold) = event.split_at(block.paths);
        for (asked, unsold) in asked.iter().zip(unsold) {
            if !asked.is_finite() || !unsold.is_finite() || *asked == 0.0 {
                continue;
            }
            sum.paths += 1;
            sum.cut += u64::from(*unsold > SOMETHING);
            sum.asked += i128::from(quantiser.quantise(*asked));
            sum.unsold += i128::from(quantiser.quantise(*unsold));
        }
    }
}

/// Joins two sums; exact, so that any order gives the same.
pub(super) fn merge(sums: &mut Vec<Unsold>, other: &[Unsold]) {
    sums.resize(sums.len().max(other.len()), Unsold::default());
    for (mine, theirs) in sums.iter_mut().zip(other) {
        mine.paths += theirs.paths;
        mine.cut += theirs.cut;
        mine.asked += theirs.asked;
        mine.unsold += theirs.unsold;
    }
}

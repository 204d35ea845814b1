//! The one simulation loop: blocks of paths over Rayon into a collector. The engine knows no metric.

use crate::model::Block;

/// What a run gathers from its paths: tallies, dumps, sensitivities.
pub trait Collect: Send + Sized {
    /// Takes in the outcomes of a block. Blocks arrive in any order.
    fn absorb(&mut self, block: &Block);
    /// Joins two collections. Must be commutative and associative to the bit.
    fn merge(self, other: Self) -> Self;
}

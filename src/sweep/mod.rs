//! Sweeps.

mod design;
mod vary;

pub use design::{MOST_POINTS, grid};
pub use vary::{Values, Vary};

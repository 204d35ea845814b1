//! Deterministic numerics: the same bits on every machine, thread and instruction set. Knows no finance.

pub mod lanes;
mod marginal;
pub mod rng;

pub use lanes::LANES;
pub use marginal::Marginal;

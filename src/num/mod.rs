//! Deterministic numerics: the same bits on every machine, thread and instruction set. Knows no finance.

mod beta;
pub mod hierarchy;
pub mod lanes;
mod law;
mod marginal;
mod normal;
mod order;
pub mod resample;
pub mod rng;
mod solve;
pub mod sum;
mod table;

pub use lanes::LANES;
pub use law::Law;
pub use marginal::Marginal;
pub use normal::{normal_cdf, normal_density, normal_quantile};
pub use order::quantile;
pub use solve::solve_rising;

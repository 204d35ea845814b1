//! Deterministic numerics: the same bits on every machine. Knows no finance.

mod beta;
mod law;
mod marginal;
mod normal;
mod table;

pub use law::Law;
pub use marginal::Marginal;
pub use normal::{normal_cdf, normal_density, normal_quantile};

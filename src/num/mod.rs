//! Deterministic numerics: the same bits on every machine. Knows no finance.

mod marginal;
pub mod sum;
pub use marginal::Marginal;

//! Deterministic numerics: the same bits on every machine. Knows no finance.

mod marginal;
pub use marginal::Marginal;

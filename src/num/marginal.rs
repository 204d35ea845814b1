//! Marginal distributions by inversion.

/// A number that is known or uncertain.
#[derive(Debug, Clone)]
pub struct Marginal;

//! The model.

mod metrics;
pub use metrics::*;

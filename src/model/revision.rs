//! The revision of the model: which results a scenario, a seed and a number of paths stand for.

/// Rises whenever a value of the results on record changes: the same scenario, seed, paths and revision give the same
/// bytes. `cargo test --test golden -- --ignored accept` raises it.
pub const REVISION: u32 = 7;

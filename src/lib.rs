//! Scenario stress tests: if Japan sells US Treasuries, what happens to the 10-year yield?

pub mod cli;
pub mod engine;
pub mod error;
pub mod model;
pub mod num;
pub mod report;
pub mod scenario;
pub mod stats;

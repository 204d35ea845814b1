//! Scenario stress tests: *if Japan sells US Treasuries, for this reason and at this pace, what happens to the 10-year
//! yield, how likely, and which mechanism did it?*
//!
//! It simulates scenario files path by path and gives distributions with their Monte Carlo errors. It is no forecast, no
//! trading tool and no model of the whole economy. A new mechanism must bring its equation, units, sources, and a test of
//! its limits.
//!
//! ```text
//! scenario file → Scenario → Plan → engine::run → model (blocks of paths) → Tally → Report → bytes → disk
//! ```
//!
//! A module uses what stands to its left, never to its right:
//! `error, num, text, files, folder ← scenario, data ← model ← engine ← stats ← report ← simulate ←
//! compare, sweep, sensitivity, reverse, calibrate, replay ← plausibility ← claims, selftest ← cli`.

pub mod calibrate;
pub mod claims;
pub mod cli;
pub mod compare;
pub mod data;
pub mod engine;
pub mod error;
pub mod files;
pub mod folder;
pub mod model;
pub mod num;
pub mod plausibility;
pub mod replay;
pub mod report;
pub mod reverse;
pub mod scenario;
pub mod selftest;
pub mod sensitivity;
mod simulate;
pub mod stats;
pub mod sweep;
pub mod text;

pub use simulate::{FIRST_CHECK, Gather, Simulated, Steps, require_horizon, simulate};

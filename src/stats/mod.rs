//! From paths to distributions: tallies that any sharding fills with the same bits, and what is estimated from them.

mod attribution;
mod bins;
mod cell;
mod estimate;
mod keep;
mod need;
mod outside;
mod sample;
mod statistic;
mod stop;
mod tally;
mod unsold;

pub use attribution::{Attribution, attribute};
pub use bins::{Bins, Grid};
pub use cell::{Cell, LEVELS, Measure, Tail};
pub use estimate::{
    Estimate, PROBABILITIES, Ranks, Z95, mean, proportion, standard_deviation, wilson,
};
pub use keep::{Column, Keep};
pub use need::need;
pub use outside::{DrawnPath, Outside, WorstPath};
pub use sample::Sample;
pub use statistic::Statistic;
pub(crate) use stop::Alike;
pub use stop::{Check, FEWEST_UNLIKE, StopRule, StopRuleError};
pub use tally::{FAN_PATHS, MAX_PATHS, Tally};
pub use unsold::Unsold;

//! Scenarios against each other on common random numbers: what changes, how surely, and which assumption does it.
//!
//! Path `k` of every scenario draws the same numbers under the same names, so the difference of a statistic between two
//! scenarios has the error `sd(IF_b − IF_a) / √n` of [`crate::stats::Statistic`], mostly far below that of two
//! independent runs. For impact = elasticity × flow with the same elasticity `e` and flows `f` and `f + d` on each path the
//! difference is `e d`: its variance is `d² Var(e)` instead of `Var(e f) + Var(e (f + d))`.
//!
//! * [`compare`] simulates the scenarios, the first being the base, and gives a [`Pair`] for each other one.
//! * [`Changes`] finds what two scenarios assume differently and builds those between them.
//! * [`waterfall`] says which change moves the result how far (Shapley values).

mod changes;
mod paired;
mod tables;
mod terminal;
mod waterfall;

pub use changes::{Changes, Group};
pub use paired::{
    ChannelDifference, Comparison, Difference, Options, Pair, Side, columns, compare,
};
pub use tables::{channels, convergence, definitions, differences, waterfalls};
pub use terminal::terminal;
pub use waterfall::{Part, Waterfall, most_paths, waterfall, waterfall_bytes};

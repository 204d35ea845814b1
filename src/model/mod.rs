//! The model: one file a driver (`boj`, `fed`, `jgb`, `usdjpy`, `equity`, `hedge`), one file a channel, one propagator
//! (`impact`), and the order in which they see each other (`world`).
//!
//! Each mechanism's file opens with its equation, symbols, units and sources, then declares its parameters, its state
//! and its step. Yields up are positive, USD/JPY up is a weaker yen, net sales are positive when Japan sells.

pub mod backstop;
mod block;
pub mod boj;
pub mod carry_unwind;
pub mod cohorts;
pub mod contagion;
pub mod dealers;
pub mod equity;
mod event_kinds;
pub mod events;
pub mod evidence;
pub mod fed;
pub mod hedge;
pub mod impact;
pub mod intervention;
pub mod jgb;
pub mod jgb_spillover;
mod levels;
mod metrics;
mod numbers;
pub mod official_sale;
mod plan;
mod priors;
pub mod rebalancing;
mod revision;
pub mod safe_haven;
pub mod shocks;
mod studies;
pub mod usdjpy;
mod world;

pub use block::{Seeds, simulate_block};
pub use events::{EventPlan, Kind, Proceeds};
pub use metrics::*;
pub use numbers::{Number, numbers};
pub use plan::{Plan, PlanError, Readings, Uncertain};
pub use priors::{PRIORS, STUDIES};
pub use revision::REVISION;
pub use studies::{DRAWN, Family, Study, study};
pub use world::Parameters;

use crate::scenario::{Catalogue, Priced};

/// All that a scenario file may say about this model.
pub const CATALOGUE: Catalogue = Catalogue {
    mechanisms: &[
        boj::DECLARATIONS,
        fed::DECLARATIONS,
        jgb::DECLARATIONS,
        usdjpy::DECLARATIONS,
        equity::DECLARATIONS,
        hedge::DECLARATIONS,
        cohorts::DECLARATIONS,
        rebalancing::DECLARATIONS,
        carry_unwind::DECLARATIONS,
        intervention::DECLARATIONS,
        official_sale::DECLARATIONS,
        contagion::DECLARATIONS,
        safe_haven::DECLARATIONS,
        jgb_spillover::DECLARATIONS,
        backstop::DECLARATIONS,
        dealers::DECLARATIONS,
        impact::DECLARATIONS,
        shocks::DECLARATIONS,
    ],
    events: events::KINDS,
    channels: CHANNELS,
    prior_table: "impact",
    prior_key: "prior",
    priors: PRIORS,
    priced: &[
        Priced { key: ("boj", "hike_probability"), solve: boj::priced },
        Priced { key: ("fed", "hike_probability"), solve: fed::priced },
    ],
    correlations: &[("impact.transitory_bp_per_100bn", "impact.lasting_bp_per_100bn", 0.5)],
    doubts: levels::doubts,
};

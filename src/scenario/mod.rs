//! From a scenario file to a [`Scenario`]: what was written, checked, with every number's unit and source.

mod calendar;
mod correlation;
mod declaration;
mod diagnostic;
mod distribution;
mod document;
mod doubts;
mod event;
mod explain;
mod foreign;
mod holidays;
mod inherit;
mod layers;
mod levels;
mod limits;
mod lists;
mod load;
mod names;
mod number;
mod priced;
mod resolve;
mod schema;
mod settings;
mod show;
mod sources;
mod stock;
mod tree;
mod when;

pub use calendar::Calendar;
pub(crate) use declaration::parameters;
pub use declaration::{
    Catalogue, Declaration, Doubt, EventKind, Field, FieldKind, Lookup, Preset, Priced, PricedPath,
    Stock,
};
pub use diagnostic::{Diagnostic, Severity, render};
pub(crate) use document::stem;
pub use document::{BUILT_IN_ROOT, ROOT, Resolve};
pub use explain::explain;
pub use holidays::{is_closed, is_holiday};
pub use load::{Loaded, decode, load};
pub use names::nearest;
pub use schema::schema;
pub use settings::set_keys;
pub use show::show;
pub use stock::{Held, held};
pub(crate) use tree::quoted;

use crate::num::Marginal;
use time::Date;

/// Source of a number for which nobody said where it comes from.
pub const UNSOURCED: &str = "unsourced";

/// Index of a number of the scenario in [`Scenario::quantities`].
pub type QuantityId = usize;

/// A resolved scenario: defaults, parents, the file and `--set` merged; every value checked.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Name: the file's stem, or the built-in's name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Two or three sentences a committee can read.
    pub story: String,
    /// Document the idea comes from, for example `003`.
    pub origin: Option<String>,
    /// Parents, nearest first.
    pub parents: Vec<String>,
    /// Day of the first step (moved to a bond-market day).
    pub start: Date,
    /// Number of daily steps, 1 to 1260 (five years).
    pub horizon_days: usize,
    /// Name of the elasticity prior.
    pub prior: String,
    /// All numbers: first the catalogue's, in its order, then those of the events, in the file's order.
    pub quantities: Vec<Quantity>,
    /// Correlations between quantities (of their normals).
    pub correlations: Vec<Correlation>,
    /// Events in the file's order.
    pub events: Vec<Event>,
    /// What markets price of each lottery, in the order of [`Catalogue::priced`].
    pub priced: Vec<PricedPath>,
    /// The catalogue's numbers as the root parent leaves them, in its order: what markets know of the lotteries.
    pub market: Vec<Marginal>,
    /// Muted channels: one flag a channel, in the catalogue's order; true is muted.
    pub muted: Vec<bool>,
}

impl Scenario {
    /// Takes the distributions that are the same in another scenario from there, with the tables that their first draws
    /// made: twenty milliseconds a scenario, which count when thousands run.
    pub fn share_tables(&mut self, other: &Scenario) {
        for (mine, theirs) in self.quantities.iter_mut().zip(&other.quantities) {
            if mine.marginal == theirs.marginal {
                mine.marginal = theirs.marginal.clone();
            }
        }
    }
}

/// A number of the scenario.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// Address: `boj.hike_probability`, `event.1.official_sale.amount_usd_bn`, or with the event's name.
    pub address: String,
    /// Unit.
    pub unit: &'static str,
    /// The distribution as written, truncated to the hard range.
    pub marginal: Marginal,
    /// The value as TOML text, for `show` and the manifest.
    pub written: String,
    /// Source, or `unsourced`.
    pub source: String,
    /// Which layer set it: `default`, a scenario's name, or `--set`.
    pub layer: String,
    /// Whether it is the value of the elasticity prior, which no layer has replaced by another.
    pub by_prior: bool,
    /// The day that a level of the market is of, where a layer says so under `levels`.
    pub dated: Option<Date>,
}

/// A correlation between two quantities.
#[derive(Debug, Clone, Copy)]
pub struct Correlation {
    /// One quantity.
    pub a: QuantityId,
    /// The other.
    pub b: QuantityId,
    /// Correlation of their normals, −1 to 1.
    pub rho: f64,
}

/// A dated thing that the scenario says happens.
#[derive(Debug, Clone)]
pub struct Event {
    /// Kind, one of the catalogue's event kinds.
    pub kind: &'static str,
    /// Name given in the file.
    pub name: Option<String>,
    /// The step on which it happens (1 is the first), as a quantity; a fixed date is already turned into its step.
    pub day: QuantityId,
    /// The step when it was written as a constant.
    pub fixed_day: Option<usize>,
    /// The number of the scheduled meeting that dates it, where it was written so.
    pub meeting: Option<usize>,
    /// Probability that it happens at all, as a quantity.
    pub probability: QuantityId,
    /// Numbers, in the order of the kind's number fields (left-out ones hold their default).
    pub numbers: Vec<QuantityId>,
    /// Which number fields were written.
    pub written: Vec<bool>,
    /// Words, in the order of the kind's word fields.
    pub words: Vec<Option<&'static str>>,
    /// Flags, in the order of the kind's flag fields.
    pub flags: Vec<bool>,
}

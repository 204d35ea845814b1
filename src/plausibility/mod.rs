//! How plausible is a scenario, and which of its results rest on extrapolation?
//!
//! | part | what is scored | against | where |
//! |---|---|---|---|
//! | `event` | size of a dated shock or sale | everyday shocks of so many days; the record | `events.rs` |
//! | `together` | all dated market shocks of a window | everyday shocks and their correlations | `events.rs` |
//! | `number` | a number that the scenario changes | the baseline's distribution | `assumptions.rs` |
//! | `effect` | what USD 100bn of sales do by the elasticity | all studies | `effect.rs` |
//! | `outcome` | moves of yields, yen, equities | the record | `results.rs` |
//! | `flow` | Japan's sales of a month to five years | the record | `results.rs` |
//! | `limit` | caps and floors of the model that bind | – | `results.rs` |
//!
//! The record ([`Record`]) holds the changes of each series since 1990 over windows of the same length. It is built in, and
//! can be computed from a folder of data. A score is no probability of the scenario: it says how far from experience it
//! lies, and a flag says that a number is used where nothing was measured.
//!
//! [`Beyond`] says which paths leave the ranges in which the model is known to hold, and which number sends them there
//! (`beyond.rs`, `furthest.rs`).
//!
//! Files: `plausibility.csv`, `record.csv`; `SUSPECT` beside any results of which more than 0.1% lie beyond.

mod assumptions;
mod beyond;
mod effect;
mod events;
mod furthest;
mod history;
mod paths;
mod record;
mod results;
mod tables;
mod terminal;

pub use beyond::{Beyond, name_furthest, suspect};
pub use events::chi_square_tail;
pub use furthest::{Furthest, furthest};
pub use history::record;
pub use record::{DAYS, MEASURES, Measure, PROBABILITIES, Record, Row};
pub use results::columns;
pub use tables::{definitions, table};
pub use terminal::{flags, terminal};

use crate::scenario::Scenario;
use crate::stats::Tally;
use time::Date;

/// First day of the record when none is given.
pub fn since() -> Date {
    Date::from_ordinal_date(1990, 1).unwrap_or(Date::MIN)
}

/// Share of all paths (or of an event's distribution), and of the worst, from which a result is flagged.
const FLAGGED: [f64; 2] = [0.05, 0.25];

/// How a change is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Of a yield in %: in bp.
    Bp,
    /// Of a price: in %.
    Percent,
    /// As it is.
    Points,
}

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A dated shock or sale.
    Event,
    /// All dated market shocks of a window.
    Together,
    /// A number of the scenario.
    Number,
    /// What a sale does by the elasticity.
    Effect,
    /// A move that the run gives.
    Outcome,
    /// Sales that the run gives.
    Flow,
    /// A cap or a floor of the model.
    Limit,
}

impl Part {
    /// Name, as in the table.
    pub fn name(self) -> &'static str {
        match self {
            Part::Event => "event",
            Part::Together => "together",
            Part::Number => "number",
            Part::Effect => "effect",
            Part::Outcome => "outcome",
            Part::Flow => "flow",
            Part::Limit => "limit",
        }
    }
}

/// Where something stands in the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Length of the windows, days.
    pub days: usize,
    /// Their number, overlapping.
    pub windows: usize,
    /// First and last day of the record.
    pub period: (Date, Date),
    /// Largest fall, and the last day of its window.
    pub low: (f64, Date),
    /// Largest rise, and the last day of its window.
    pub high: (f64, Date),
    /// Share of the record below each of three values.
    pub percentiles: [f64; 3],
}

impl Standing {
    fn new(row: &Row, values: [f64; 3]) -> Self {
        Standing {
            days: row.days,
            windows: row.windows,
            period: (row.from, row.to),
            low: (row.low(), row.low_date),
            high: (row.high(), row.high_date),
            percentiles: values.map(|value| row.percentile(value)),
        }
    }
}

/// A score.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// What is scored.
    pub part: Part,
    /// Its name: an address, a metric at a horizon, a limit.
    pub item: String,
    /// Measure of the record; empty when there is none.
    pub measure: &'static str,
    /// Unit of the values.
    pub unit: &'static str,
    /// Days over which it happens.
    pub days: Option<usize>,
    /// 5%, 50% and 95% points: of the distribution of an input, of the paths for a result.
    pub values: [f64; 3],
    /// Standard deviation of what it is set against.
    pub yardstick_sd: Option<f64>,
    /// Median in such standard deviations.
    pub distance_sd: Option<f64>,
    /// Chance that everyday shocks of one such window lie as far out.
    pub chance: Option<f64>,
    /// Percentiles of the three values in a prior.
    pub percentiles: Option<[f64; 3]>,
    /// Where it stands in the record.
    pub standing: Option<Standing>,
    /// Share of all paths, and of the worst 5%, beyond the record or at the limit.
    pub shares: Option<[f64; 2]>,
    /// Why it rests on extrapolation, where it does.
    pub flag: Option<String>,
    /// What a reader must know.
    pub note: String,
}

impl Score {
    fn new(part: Part, item: &str) -> Self {
        Score {
            part,
            item: item.to_owned(),
            measure: "",
            unit: "",
            days: None,
            values: [f64::NAN; 3],
            yardstick_sd: None,
            distance_sd: None,
            chance: None,
            percentiles: None,
            standing: None,
            shares: None,
            flag: None,
            note: String::new(),
        }
    }
}

/// What a scenario's numbers are set against.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// The baseline.
    pub baseline: &'a Scenario,
    /// The baseline under the mixture of all studies.
    pub studies: &'a Scenario,
    /// The record.
    pub record: &'a Record,
}

/// The scores of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Plausibility {
    /// Name of the scenario.
    pub scenario: String,
    /// Paths behind the results.
    pub paths: usize,
    /// Scores, inputs first.
    pub scores: Vec<Score>,
}

impl Plausibility {
    /// Scores with a flag.
    pub fn flagged(&self) -> impl Iterator<Item = (&Score, &str)> {
        self.scores.iter().filter_map(|score| Some((score, score.flag.as_deref()?)))
    }
}

/// Scores a scenario and its run, which must have kept [`columns`] of its first paths beside what `paths.csv` shows.
pub fn assess(scenario: &Scenario, tally: &Tally, reference: &Reference<'_>) -> Plausibility {
    let mut scores = events::scores(scenario, reference.record);
    scores.extend(assumptions::scores(scenario, reference.baseline));
    let paths = paths::Paths::new(tally);
    if let Some(paths) = &paths {
        scores.extend(effect::scores(scenario, paths, reference.studies));
        scores.extend(results::scores(scenario, paths, reference.record));
    }
    let paths = paths.map_or(0, |paths| paths.worst.len());
    Plausibility { scenario: scenario.name.clone(), paths, scores }
}

//! The names of what a path gives back: channels, metrics, holders and the shape of a block of outcomes.

/// The yield channels, in the order of the attribution rows. Numbers are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Channel {
    Rebalancing,
    CarryUnwind,
    Intervention,
    OfficialSale,
    Contagion,
    SafeHaven,
    JgbSpillover,
    Backstop,
}

/// Names of the channels: TOML keys, attribution rows and columns alike.
pub const CHANNELS: &[&str] = &[
    "rebalancing",
    "carry_unwind",
    "intervention",
    "official_sale",
    "contagion",
    "safe_haven",
    "jgb_spillover",
    "backstop",
];

/// Which end of a metric is the bad one, for holders of Treasuries and those who watch over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// The high end.
    High,
    /// The low end.
    Low,
    /// Neither: it depends on whose side one takes.
    Neither,
}

impl Bad {
    /// Name in the files.
    pub fn name(self) -> &'static str {
        match self {
            Bad::High => "high",
            Bad::Low => "low",
            Bad::Neither => "neither",
        }
    }
}

/// A metric of a path at a horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Name, as in every file.
    pub name: &'static str,
    /// Unit, as in every file.
    pub unit: &'static str,
    /// Value around which the bins are finest (a value equal to it is counted exactly).
    pub centre: f64,
    /// Scale of the bins: they are `scale / 64` wide near the centre and 0.2% of the distance far from it.
    pub scale: f64,
    /// Whether the metric is drawn in `fan.csv`.
    pub fan: bool,
    /// Which end is the bad one: what "worst" means.
    pub bad: Bad,
    /// Range in which the model is known to hold: an assumption, on both sides outside the record of any large market
    /// economy in the last sixty years. Beyond it the equations are lines drawn on where nobody has looked, so that paths
    /// which leave are counted. None for what follows from other metrics or is bounded by its own equation.
    pub known: Option<Known>,
}

/// A range in which the model is known to hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether it is a change in % since the start, known for a year: the logs of its ends grow with the root of the years
    /// beyond.
    pub in_a_year: bool,
}

/// Steps of a year.
const YEAR: f64 = 252.0;

impl Known {
    /// The range for a scenario of so many steps.
    pub fn over(self, steps: usize) -> (f64, f64) {
        let years = steps as f64 / YEAR;
        if !self.in_a_year || years <= 1.0 {
            return (self.low, self.high);
        }
        let grown = |end: f64| 100.0 * (libm::pow(1.0 + 0.01 * end, libm::sqrt(years)) - 1.0);
        (grown(self.low), grown(self.high))
    }
}

impl Metric {
    /// The same, known to hold from `low` to `high`.
    const fn known(self, low: f64, high: f64) -> Self {
        Metric { known: Some(Known { low, high, in_a_year: false }), ..self }
    }

    /// The same, a change in % known to hold from `low` to `high` within a year.
    const fn known_in_a_year(self, low: f64, high: f64) -> Self {
        Metric { known: Some(Known { low, high, in_a_year: true }), ..self }
    }
}

const fn metric(
    name: &'static str,
    unit: &'static str,
    centre: f64,
    scale: f64,
    fan: bool,
    bad: Bad,
) -> Metric {
    Metric { name, unit, centre, scale, fan, bad, known: None }
}

/// The metrics, in the order of every file.
pub const METRICS: &[Metric] = &[
    metric("impact_2y_bp", "bp", 0.0, 1.0, false, Bad::High),
    metric("impact_5y_bp", "bp", 0.0, 1.0, false, Bad::High),
    metric("impact_10y_bp", "bp", 0.0, 1.0, true, Bad::High).known(-300.0, 1500.0),
    metric("impact_30y_bp", "bp", 0.0, 1.0, false, Bad::High),
    metric("yield_10y_pct", "%", 0.0, 0.1, true, Bad::High).known(-2.0, 16.0),
    metric("usdjpy", "JPY per USD", 150.0, 1.0, true, Bad::Neither).known(60.0, 300.0),
    metric("jgb_10y_pct", "%", 0.0, 0.1, true, Bad::High).known(-2.0, 10.0),
    metric("equity_pct", "%", 0.0, 1.0, true, Bad::Low).known_in_a_year(-70.0, 150.0),
    metric("hedged_pickup_bp", "bp", 0.0, 1.0, true, Bad::Low),
    metric("policy_rate_boj_pct", "%", 0.0, 0.1, false, Bad::Neither),
    metric("policy_rate_fed_pct", "%", 0.0, 0.1, false, Bad::Neither),
    metric("carry_closed_share", "fraction", 0.0, 0.01, false, Bad::High),
    metric("amplification", "ratio", 1.0, 0.01, false, Bad::High),
    metric("japan_net_sales_usd_bn", "USD bn", 0.0, 1.0, true, Bad::High),
    metric("reserves_left_usd_bn", "USD bn", 0.0, 10.0, false, Bad::Low),
    metric("fed_purchases_usd_bn", "USD bn", 0.0, 1.0, false, Bad::Neither),
    metric("mtm_loss_usd_bn", "USD bn", 0.0, 1.0, false, Bad::High),
    metric("us_interest_cost_usd_bn_per_year", "USD bn per year", 0.0, 0.1, false, Bad::High),
    metric("impact_10y_gross_bp", "bp", 0.0, 1.0, false, Bad::High),
    metric("stress_multiplier", "ratio", 1.0, 0.01, false, Bad::High),
    metric("realised_loss_usd_bn", "USD bn", 0.0, 1.0, false, Bad::High),
];

/// Position of `impact_10y_bp` in [`METRICS`].
pub const IMPACT_10Y: usize = 2;

/// Who trades, in the order of `flows.csv`: the Japanese cohorts, everyday trading of Japanese holders that no cohort
/// is credited with, the carry book, other holders, the Fed, and Japan in total.
pub const HOLDERS: &[&str] = &[
    "mof",
    "gpif",
    "megabanks",
    "life_insurers",
    "post_bank",
    "norinchukin",
    "regional_banks",
    "trusts",
    "everyday",
    "carry",
    "other_holders",
    "fed",
    "japan_total",
];

/// A point in time at which every path is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Horizon {
    /// Label: `1d`, `1w`, …, `end`, `peak`, `trough`, `event+1d`, `event+1w`.
    pub label: String,
    /// Step, 1 to the last; `None` for `peak` and `trough`, which every path has on its own day.
    pub day: Option<usize>,
    /// ISO date; empty for `peak` and `trough`.
    pub date: String,
}

impl Layout {
    /// Steps of the scenario: the last day on which it is read.
    pub fn steps(&self) -> usize {
        self.horizons.iter().filter_map(|horizon| horizon.day).max().unwrap_or(0)
    }
}

/// The shape of the outcomes of a scenario: what each column of a [`Block`] means.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Horizons, in the order of the files.
    pub horizons: Vec<Horizon>,
    /// Steps of the fan chart with their ISO dates.
    pub fan: Vec<(usize, String)>,
    /// Calendar months of the flows, `2026-07` and so on.
    pub months: Vec<String>,
    /// Number of quantities drawn (parameters and event numbers).
    pub quantities: usize,
}

/// Number of paths in a full block, the unit of work; block `k` holds paths `256 k` to `256 k + 255`.
pub const BLOCK_PATHS: usize = 256;

/// The outcomes of consecutive paths of one block. Every table is column-major: one column of `paths` values for each
/// cell, so that cell `c` stands at `c * paths .. (c + 1) * paths`.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Index of the first path.
    pub first_path: u64,
    /// Number of paths, 1 to [`BLOCK_PATHS`].
    pub paths: usize,
    /// Metrics: cell `horizon * METRICS.len() + metric`. At `peak` and `trough` each metric's own largest and smallest
    /// value over days 1 to the end.
    pub metrics: Vec<f64>,
    /// Channels of the 10-year impact in bp: cell `horizon * CHANNELS.len() + channel`. At `peak` and `trough` the
    /// channels of that path's peak and trough day.
    pub channels: Vec<f64>,
    /// Fan metrics: cell `day * FAN.len() + metric`, in the order of the metrics with `fan`.
    pub fan: Vec<f64>,
    /// Net sales in USD bn: cell `month * HOLDERS.len() + holder`.
    pub flows: Vec<f64>,
    /// Drawn quantities: cell = quantity.
    pub draws: Vec<f64>,
    /// What the events asked to be sold of Japan over all steps, USD bn: cell `2 * event`; and what of it was not there:
    /// cell `2 * event + 1`. Zero for events that are no sales.
    pub sales: Vec<f64>,
}

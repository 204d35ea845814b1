//! What a run gives against the record: moves, flows, and the limits that hold the model in.
//!
//! ```text
//! outcomes   change of a level from day 0 to a horizon, against changes over as many days on record
//! flows      the most that Japan sells in any 1, 3, 6, 12, 24, 36, 60 consecutive calendar months of a path, against the record
//! limits     share of paths on which a cap or a floor of the model binds, of all and of the worst 5% of the impact
//! ```
//!
//! All from the first paths of the run. A result rests on extrapolation where a twentieth of the paths, or a quarter of the
//! worst ones (of 20 or more), goes where nobody has been: there the elasticity is used outside what it was measured on.

use super::events::number;
use super::paths::{Paths, points, told};
use super::record::{MEASURES, Record};
use super::terminal::{in_days, short};
use super::{Part, Row, Score, Standing};
use crate::model::{HOLDERS, IMPACT_10Y, Layout, METRICS};
use crate::scenario::Scenario;
use crate::stats::Column;

/// Months over which sales are added up.
const MONTHS: [usize; 7] = [1, 3, 6, 12, 24, 36, 60];
/// Days in a month.
const MONTH: usize = 21;
/// Largest multiplier on the transitory effect in the literature: gilts in 2022, 1.3 to 5 times normal.
const LARGEST_SEEN: f64 = 5.0;
/// Reserves below which nothing is left, USD bn.
const NOTHING_LEFT: f64 = 1.0;

/// Metrics with a record: metric, measure, number of the level on day 0 (none: the metric is the change), factor from a
/// difference of levels to the measure's unit (0: the change is in % of the level).
const OUTCOMES: [(&str, &str, Option<&str>, f64); 5] = [
    ("impact_10y_bp", "ust_10y", None, 1.0),
    ("yield_10y_pct", "ust_10y", Some("fed.ust_10y_pct"), 100.0),
    ("usdjpy", "usdjpy", Some("usdjpy.spot_jpy_per_usd"), 0.0),
    ("jgb_10y_pct", "jgb_10y", Some("jgb.jgb_10y_pct"), 100.0),
    ("equity_pct", "equity", None, 1.0),
];

/// What a run must keep of its first paths beside what `paths.csv` shows.
pub fn columns(layout: &Layout) -> Vec<Column> {
    let mut columns = Vec::new();
    for (name, ..) in OUTCOMES {
        let metric = metric(name);
        columns.extend(horizons(layout).map(|(horizon, _)| Column::Metric { horizon, metric }));
    }
    columns.extend((0..layout.months.len()).map(sold));
    columns.extend(highest_multiplier(layout));
    columns
}

fn metric(name: &str) -> usize {
    METRICS.iter().position(|known| known.name == name).unwrap_or(IMPACT_10Y)
}

/// Horizons of a fixed day, each day once.
fn horizons(layout: &Layout) -> impl Iterator<Item = (usize, usize)> {
    let days = layout.horizons.iter().enumerate();
    let days = days.filter_map(|(place, horizon)| Some((place, horizon.day?)));
    days.filter(|(place, day)| {
        !layout.horizons[..*place].iter().any(|earlier| earlier.day == Some(*day))
    })
}

fn sold(month: usize) -> Column {
    Column::Flow { month, holder: HOLDERS.len() - 1 }
}

fn highest_multiplier(layout: &Layout) -> Option<Column> {
    let peak = layout.horizons.iter().position(|horizon| horizon.label == "peak")?;
    Some(Column::Metric { horizon: peak, metric: metric("stress_multiplier") })
}

/// The rows of a run.
pub(super) fn scores(scenario: &Scenario, paths: &Paths<'_>, record: &Record) -> Vec<Score> {
    let mut scores = outcomes(scenario, paths, record);
    scores.extend(flows(paths, record));
    scores.extend(limits(scenario, paths));
    scores
}

fn outcomes(scenario: &Scenario, paths: &Paths<'_>, record: &Record) -> Vec<Score> {
    let layout = paths.layout();
    let mut scores = Vec::new();
    for (name, measure, start, factor) in OUTCOMES {
        let start = match start {
            Some(address) => number(scenario, address),
            None => Some(0.0),
        };
        let Some(start) = start else { continue };
        for (horizon, day) in horizons(layout) {
            let column = Column::Metric { horizon, metric: metric(name) };
            let (Some(mut values), Some(row)) = (paths.column(column), record.find(measure, day))
            else {
                continue;
            };
            for value in &mut values {
                *value = if factor == 0.0 {
                    100.0 * (*value / start - 1.0)
                } else {
                    factor * (*value - start)
                };
            }
            let item = format!("{name} at {}", layout.horizons[horizon].label);
            scores.push(against(paths, &values, (Part::Outcome, &item, day), row));
        }
    }
    scores
}

/// The most that Japan sells in so many consecutive months.
fn flows(paths: &Paths<'_>, record: &Record) -> Vec<Score> {
    let layout = paths.layout();
    let months: Option<Vec<Vec<f64>>> =
        (0..layout.months.len()).map(|month| paths.column(sold(month))).collect();
    let Some(months) = months else { return Vec::new() };
    let mut scores = Vec::new();
    for length in MONTHS.into_iter().filter(|length| *length <= months.len()) {
        let Some(row) = record.find("japan_net_sales", length * MONTH) else { continue };
        let most = |path: usize| {
            let sums = months.windows(length);
            sums.map(|months| months.iter().map(|month| month[path]).fold(0.0, |a, b| a + b))
                .fold(f64::NEG_INFINITY, f64::max)
        };
        let values: Vec<f64> = (0..paths.worst.len()).map(most).collect();
        let item = match length {
            1 => "japan_net_sales_usd_bn in a month".to_owned(),
            length => format!("japan_net_sales_usd_bn in {length} months"),
        };
        scores.push(against(paths, &values, (Part::Flow, &item, length * MONTH), row));
    }
    scores
}

/// Values of the paths against a row of the record.
fn against(paths: &Paths<'_>, values: &[f64], about: (Part, &str, usize), row: &Row) -> Score {
    let (part, item, days) = about;
    let middle = points(values);
    // The least of a path's largest sales says nothing about buying: only the high end counts for flows.
    let beyond = |value: &f64| {
        if part == Part::Flow { *value > row.high() } else { row.beyond(*value) }
    };
    let shares = paths.shares(values.iter().map(beyond));
    let known = MEASURES.iter().find(|known| known.name == row.measure);
    let (measure, unit) = known.map_or(("", ""), |known| (known.name, known.unit));
    let flag = paths.flagged(shares).then(|| {
        let range = match part {
            Part::Flow => format!("{} {} (to {})", short(row.high()), unit, row.high_date),
            _ => format!("{} to {} {}", short(row.low()), short(row.high()), unit),
        };
        format!("{} beyond the record in {}, {range}", told(shares), in_days(row.days))
    });
    Score {
        measure,
        unit,
        days: Some(days),
        values: middle,
        yardstick_sd: Some(row.sd),
        distance_sd: Some(middle[1] / row.sd),
        standing: Some(Standing::new(row, middle)),
        shares: Some(shares),
        flag,
        ..Score::new(part, item)
    }
}

/// Caps and floors.
fn limits(scenario: &Scenario, paths: &Paths<'_>) -> Vec<Score> {
    let layout = paths.layout();
    let mut scores = Vec::new();
    let mut add = |item: &str, unit, values: &[f64], shares: [f64; 2], what: &str| {
        scores.push(Score {
            unit,
            values: points(values),
            shares: Some(shares),
            flag: paths.flagged(shares).then(|| format!("{} {what}", told(shares))),
            note: what.to_owned(),
            ..Score::new(Part::Limit, item)
        });
    };
    if let Some(highest) = highest_multiplier(layout).and_then(|column| paths.column(column)) {
        let fixed = number(scenario, "impact.stress_cap").unwrap_or(f64::INFINITY);
        let caps = paths.drawn(scenario, "impact.stress_cap");
        let capped = paths.shares(highest.iter().zip(&caps).map(|(m, cap)| m >= cap));
        let what = format!("at or above the multiplier's cap of {fixed}, an assumption");
        add("stress_multiplier at its cap", "ratio", &highest, capped, &what);
        let unseen = paths.shares(highest.iter().map(|m| *m > LARGEST_SEEN));
        let what = format!("above {LARGEST_SEEN}, the largest multiplier seen (gilts, 2022)");
        add("stress_multiplier beyond the literature", "ratio", &highest, unseen, &what);
    }
    let end = layout.horizons.iter().position(|horizon| horizon.label == "end");
    let left =
        end.map(|horizon| Column::Metric { horizon, metric: metric("reserves_left_usd_bn") });
    if let Some(left) = left.and_then(|column| paths.column(column)) {
        let none = paths.shares(left.iter().map(|left| *left < NOTHING_LEFT));
        add("reserves exhausted", "USD bn", &left, none, "without reserves left at the end");
    }
    scores
}

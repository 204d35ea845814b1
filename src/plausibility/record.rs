//! The record: how far the things that scenarios move have moved before, over windows of one day to five years.
//!
//! ```text
//! change over h days   x(t + h) − x(t) for yields and sums of flows, 100 (x(t + h)/x(t) − 1) for prices
//! record               quantiles of all such changes since 1990, overlapping windows, each series on its own days
//! ```
//!
//! Overlapping windows are not independent: `windows / days` says about how many of them are. A change beyond the record
//! has not been seen since 1990; it is not therefore impossible, and one inside is not therefore likely.
//!
//! The built-in table (`record.csv`) was computed by this program (`ustress plausibility --data DIR` writes it for any
//! folder) from FRED, the Ministry of Finance's JGB curve and interventions, 6pi-1 (MoF/BOJ) and TIC, to June 2026.

use super::Change;
use crate::data::parse_date;
use crate::report::{Columns, Table, number};
use time::Date;

/// Something whose changes have a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Name, as in the tables.
    pub name: &'static str,
    /// Unit of its changes.
    pub unit: &'static str,
    /// What is measured, and where the data come from.
    pub about: &'static str,
    /// How a change is taken.
    pub(super) change: Change,
    /// Days from one value to the next: 1, or 21 for a month.
    pub(super) every: usize,
    /// Shortest window, days.
    pub(super) shortest: usize,
}

/// Unit, kind of change, days from one value to the next, shortest window.
type Kind = (&'static str, Change, usize, usize);

const fn measure(
    name: &'static str,
    (unit, change, every, shortest): Kind,
    about: &'static str,
) -> Measure {
    Measure { name, unit, about, change, every, shortest }
}

const YIELD: Kind = ("bp", Change::Bp, 1, 1);
const PRICE: Kind = ("%", Change::Percent, 1, 1);
const DAILY_SUM: Kind = ("USD bn", Change::Points, 1, 1);
/// Of monthly figures spread over their days, with others of single days.
const SPREAD_SUM: Kind = ("USD bn", Change::Points, 1, 21);
const MONTHLY_SUM: Kind = ("USD bn", Change::Points, 21, 21);

/// All of them.
pub const MEASURES: [Measure; 10] = [
    measure("ust_2y", YIELD, "2-year Treasury yield: FRED DGS2"),
    measure("ust_10y", YIELD, "10-year Treasury yield: FRED DGS10"),
    measure("jgb_2y", YIELD, "2-year JGB yield: MoF JGB curve"),
    measure("jgb_10y", YIELD, "10-year JGB yield: MoF JGB curve"),
    measure("usdjpy", PRICE, "USD/JPY: FRED DEXJPUS"),
    measure("equity", PRICE, "S&P 500: FRED SP500, GSPC before it begins"),
    measure(
        "japan_net_sales",
        SPREAD_SUM,
        "Japan's net sales of foreign long-term debt (6pi-1, all countries, even over the days of a month) and of dollars in interventions (MoF, on their days): about the most that its net sales of Treasuries can have been",
    ),
    measure(
        "mof_dollar_sales",
        DAILY_SUM,
        "dollars sold in interventions since September 2022: MoF",
    ),
    measure(
        "china_holdings_fall",
        MONTHLY_SUM,
        "fall of mainland China's Treasuries, changes of price included: TIC",
    ),
    measure(
        "uk_holdings_fall",
        MONTHLY_SUM,
        "fall of the United Kingdom's Treasuries, changes of price included: TIC",
    ),
];

/// Lengths of windows in days, each at most a third longer than the one before (from 3 on), since a record of a longer window
/// lets more pass; those of monthly figures are the multiples of 21 among them.
pub const DAYS: [usize; 30] = [
    1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 26, 32, 42, 52, 63, 84, 105, 126, 168, 210, 252, 315,
    378, 504, 630, 756, 1008, 1260,
];

/// Nearest windows differ by less than this factor, unless all are far shorter or far longer.
pub(super) const LONGER: f64 = 1.5;

/// Probabilities of the quantiles on record.
pub const PROBABILITIES: [f64; 17] = [
    0.0, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995,
    0.999, 1.0,
];

/// The record of a measure over windows of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name of the measure.
    pub measure: String,
    /// Length of the windows, days.
    pub days: usize,
    /// Number of windows, overlapping.
    pub windows: usize,
    /// First day of the first and last day of the last window.
    pub from: Date,
    /// Last day of the last window.
    pub to: Date,
    /// Standard deviation of the changes.
    pub sd: f64,
    /// Quantiles at [`PROBABILITIES`]; the first and the last are the largest fall and the largest rise.
    pub quantiles: [f64; PROBABILITIES.len()],
    /// Last day of the window with the largest fall.
    pub low_date: Date,
    /// Last day of the window with the largest rise.
    pub high_date: Date,
}

impl Row {
    /// Largest fall on record.
    pub fn low(&self) -> f64 {
        self.quantiles[0]
    }

    /// Largest rise on record.
    pub fn high(&self) -> f64 {
        self.quantiles[PROBABILITIES.len() - 1]
    }

    /// Between which changes one is within the record: a rise smaller than all on record is within.
    pub(super) fn bounds(&self) -> (f64, f64) {
        (self.low().min(0.0), self.high().max(0.0))
    }

    /// Whether a change is beyond the record.
    pub fn beyond(&self, change: f64) -> bool {
        let (low, high) = self.bounds();
        change < low || change > high
    }

    /// Share of the changes on record below this one, linear between the quantiles; of equal ones half.
    pub fn percentile(&self, change: f64) -> f64 {
        let below = self.quantiles.partition_point(|quantile| *quantile < change);
        let upto = self.quantiles.partition_point(|quantile| *quantile <= change);
        match (below, upto) {
            (0, 0) => 0.0,
            (below, upto) if below < upto => 0.5 * (PROBABILITIES[below] + PROBABILITIES[upto - 1]),
            (next, _) if next == PROBABILITIES.len() => 1.0,
            (next, _) => {
                let (a, b) = (self.quantiles[next - 1], self.quantiles[next]);
                let (p, q) = (PROBABILITIES[next - 1], PROBABILITIES[next]);
                p + (q - p) * (change - a) / (b - a)
            }
        }
    }
}

/// A record of all measures that there are data for.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Rows by measure and length.
    pub rows: Vec<Row>,
    /// Measures without data, and why.
    pub missing: Vec<String>,
}

/// The built-in record.
const BUILT_IN: &str = include_str!("record.csv");

impl Record {
    /// The built-in record, 1990 to June 2026.
    pub fn built_in() -> Self {
        let mut reader = csv::Reader::from_reader(BUILT_IN.as_bytes());
        let rows = reader.records().filter_map(|record| row(&record.ok()?));
        Record { rows: rows.collect(), missing: Vec::new() }
    }

    /// The record of a measure over the windows whose length is nearest (as a ratio) to `days`; none when all are far
    /// shorter.
    pub fn find(&self, measure: &str, days: usize) -> Option<&Row> {
        let distance = |row: &Row| {
            let (a, b) = (row.days.max(days), row.days.min(days).max(1));
            a as f64 / b as f64
        };
        let rows = self.rows.iter().filter(|row| row.measure == measure);
        let nearest = rows.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.filter(|row| days as f64 <= LONGER * row.days as f64)
    }

    /// As a table: `record.csv`.
    pub fn table(&self) -> Vec<u8> {
        let columns = Columns::default().text(["measure", "unit"]).count(["days", "windows"]);
        let columns = columns
            .date(["from", "to"])
            .real(["sd"])
            .real(PROBABILITIES.map(|probability| format!("p{}", number(100.0 * probability))))
            .date(["low_date", "high_date"]);
        let mut table = Table::new(columns);
        for row in &self.rows {
            let unit = MEASURES.iter().find(|known| known.name == row.measure);
            let mut cells = vec![
                row.measure.clone(),
                unit.map_or("", |known| known.unit).to_owned(),
                row.days.to_string(),
                row.windows.to_string(),
                row.from.to_string(),
                row.to.to_string(),
                number(row.sd),
            ];
            cells.extend(row.quantiles.map(number));
            cells.extend([row.low_date.to_string(), row.high_date.to_string()]);
            table.row(cells);
        }
        table.finish()
    }
}

/// Reads a row of the table.
fn row(record: &csv::StringRecord) -> Option<Row> {
    let mut quantiles = [f64::NAN; PROBABILITIES.len()];
    for (place, quantile) in quantiles.iter_mut().enumerate() {
        *quantile = record.get(7 + place)?.parse().ok()?;
    }
    let last = 7 + PROBABILITIES.len();
    Some(Row {
        measure: record.get(0)?.to_owned(),
        days: record.get(2)?.parse().ok()?,
        windows: record.get(3)?.parse().ok()?,
        from: parse_date(record.get(4)?)?,
        to: parse_date(record.get(5)?)?,
        sd: record.get(6)?.parse().ok()?,
        quantiles,
        low_date: parse_date(record.get(last)?)?,
        high_date: parse_date(record.get(last + 1)?)?,
    })
}

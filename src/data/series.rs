//! A series: dates and values with their unit.

use super::records::{DataError, Problem, Record, Records};
use super::wanted::BASIS;
use time::Date;

/// How often a series has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Each day, each business day or each day on which something happened.
    Day,
    /// Each week.
    Week,
    /// Each month: dated at its last day.
    Month,
    /// Each quarter, dated as published.
    Quarter,
}

impl Frequency {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Frequency::Day => "day",
            Frequency::Week => "week",
            Frequency::Month => "month",
            Frequency::Quarter => "quarter",
        }
    }
}

/// A series of numbers by date, ascending, without gaps filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name: the FRED identifier in capitals, or `tic.japan`, `jgb.10y`, `portfolio.long_term_debt_net`, …
    pub name: String,
    /// Unit.
    pub unit: &'static str,
    /// Frequency.
    pub frequency: Frequency,
    /// Date and value, ascending by date, each date once.
    pub points: Vec<(Date, f64)>,
    /// Dates that the file names without a value.
    pub missing: usize,
    /// File that it was read from; several are joined by `+`.
    pub file: String,
}

impl Series {
    /// The value on a date.
    pub fn on(&self, date: Date) -> Option<f64> {
        let place = self.points.binary_search_by_key(&date, |(known, _)| *known).ok()?;
        Some(self.points[place].1)
    }

    /// The last value on or before a date, with its date.
    pub fn until(&self, date: Date) -> Option<(Date, f64)> {
        let after = self.points.partition_point(|(known, _)| *known <= date);
        after.checked_sub(1).map(|place| self.points[place])
    }

    /// First and last date.
    pub fn range(&self) -> Option<(Date, Date)> {
        Some((self.points.first()?.0, self.points.last()?.0))
    }
}

/// A series under construction.
#[derive(Debug)]
pub(super) struct Draft {
    name: String,
    unit: &'static str,
    points: Vec<(Date, f64)>,
    missing: usize,
}

impl Draft {
    pub(super) fn new(name: &str, unit: &'static str) -> Self {
        Draft { name: name.to_owned(), unit, points: Vec::new(), missing: 0 }
    }

    /// Adds the value of a cell over the number of its units in one of the series, or the word that there is none.
    ///
    /// # Errors
    /// A cell that is no number, or one that the series cannot have.
    pub(super) fn take(
        &mut self,
        (records, record, index): (&Records, &Record, usize),
        date: Date,
        units: f64,
    ) -> Result<(), DataError> {
        let Some(value) = records.number(record, index)?.map(|value| value / units) else {
            self.missing += 1;
            return Ok(());
        };
        let (low, high) = limits(&self.name, self.unit);
        if !(low..=high).contains(&value) {
            let unit = if self.unit.is_empty() { "number" } else { self.unit };
            let problem = Problem::Range { value, unit, low, high };
            return Err(records.error(record.line, index + 1, problem));
        }
        self.points.push((date, value));
        Ok(())
    }

    /// Adds a day on a list.
    pub(super) fn mark(&mut self, date: Date) {
        self.points.push((date, 1.0));
    }

    /// Sorts by date; the same date with two values is an error. The frequency is found where none is given.
    pub(super) fn finish(
        mut self,
        records: &Records,
        frequency: Option<Frequency>,
    ) -> Result<Series, DataError> {
        self.points.sort_by_key(|(date, _)| *date);
        self.points.dedup();
        for pair in self.points.windows(2) {
            if pair[0].0 == pair[1].0 {
                let problem = Problem::Twice(pair[0].0, pair[0].1, pair[1].1);
                return Err(records.error(0, 0, problem));
            }
        }
        let mut steps: Vec<i64> =
            self.points.windows(2).map(|pair| (pair[1].0 - pair[0].0).whole_days()).collect();
        Ok(Series {
            name: self.name,
            unit: self.unit,
            frequency: frequency.unwrap_or_else(|| usual(&mut steps)),
            points: self.points,
            missing: self.missing,
            file: records.file().to_owned(),
        })
    }
}

/// Least and largest value of a series: beyond it lies a slip of the pen, a wrong unit or a shifted column.
fn limits(name: &str, unit: &str) -> (f64, f64) {
    let part = |start: &str| name.starts_with(start);
    match unit {
        "%" if name == BASIS => (-5.0, 5.0),
        "%" => (-10.0, 50.0),
        "JPY per USD" => (20.0, 1000.0),
        "index" => (0.01, 1e6),
        "JPY bn" if part("intervention.") => (-1e5, 1e5),
        "JPY bn" => (-1e6, 1e6),
        "USD bn" => (0.0, 1e6),
        "USD m" => (0.0, 1e9),
        "contracts" if name != "cot.yen_net" => (0.0, 1e8),
        _ => (-1e15, 1e15),
    }
}

/// The frequency by the distance in days between most neighbours.
fn usual(steps: &mut [i64]) -> Frequency {
    steps.sort_unstable();
    match steps.get(steps.len() / 2) {
        Some(0..=4) | None => Frequency::Day,
        Some(5..=10) => Frequency::Week,
        Some(11..=45) => Frequency::Month,
        Some(_) => Frequency::Quarter,
    }
}

//! What was known on a day: the data set without anything later. Every rule that builds a scenario sees data through this
//! door only.

use crate::data::DataSet;
use time::{Date, Duration};

/// Observations of a year.
const YEAR: usize = 252;
/// Calendar days that hold them.
const YEAR_OF_DAYS: i64 = 366;
/// Fewest changes from which a standard deviation is taken.
const FEWEST: usize = 200;
/// Calendar days in which so many observations of a daily series must lie: seven for five, holidays, and some more.
const DAYS_EACH: f64 = 1.6;
const DAYS_MORE: f64 = 20.0;
/// Most days since the last observation of a daily series.
const FRESH: i64 = 8;

/// How an observation changes to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Difference of yields in %, in bp.
    Bp,
    /// Difference, in the unit of the series.
    Points,
    /// Change of the logarithm, in %.
    Percent,
}

impl Change {
    /// From one value to another.
    pub(super) fn between(self, from: f64, to: f64) -> f64 {
        match self {
            Change::Bp => 100.0 * (to - from),
            Change::Points => to - from,
            Change::Percent => 100.0 * (libm::log(to) - libm::log(from)),
        }
    }
}

/// The eve of an episode: a data set seen from a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eve<'a> {
    data: &'a DataSet,
    day: Date,
}

impl<'a> Eve<'a> {
    pub(super) fn new(data: &'a DataSet, day: Date) -> Self {
        Eve { data, day }
    }

    /// The observations dated at least `lag` days before the eve: what had been published.
    pub(super) fn published(&self, name: &str, lag: i64) -> &'a [(Date, f64)] {
        let Some(limit) = self.day.checked_sub(Duration::days(lag)) else { return &[] };
        let Some(series) = self.data.series.get(name) else { return &[] };
        &series.points[..series.points.partition_point(|(date, _)| *date <= limit)]
    }

    /// The last observation of a daily series, if it is not old.
    pub(super) fn level(&self, name: &str) -> Option<f64> {
        let (date, value) = self.published(name, 0).last()?;
        ((self.day - *date).whole_days() <= FRESH).then_some(*value)
    }

    /// The same, or what is missing in words.
    pub(super) fn needed(&self, name: &str) -> Result<f64, String> {
        self.level(name).ok_or_else(|| format!("no {name} in the {FRESH} days to {}", self.day))
    }

    /// The last observations of a daily series, if there are that many.
    pub(super) fn last(&self, name: &str, count: usize) -> Result<&'a [(Date, f64)], String> {
        let known = self.published(name, 0);
        let first = known.len().checked_sub(count);
        let first =
            first.ok_or_else(|| format!("fewer than {count} days of {name} to {}", self.day))?;
        whole(name, &known[first..])
    }

    /// Root mean square of the daily changes of the year to the eve.
    pub(super) fn daily_size(&self, name: &str, change: Change) -> Result<f64, String> {
        let known = self.published(name, 0);
        let year = &known[known.len().saturating_sub(YEAR + 1)..];
        if year.len() <= FEWEST {
            return Err(format!("fewer than {FEWEST} days of {name} to {}", self.day));
        }
        Ok(size(whole(name, year)?, change))
    }

    /// Name of the S&P 500's series that has a year before the eve.
    pub(super) fn equities(&self) -> &'static str {
        let year = Duration::days(YEAR_OF_DAYS);
        self.data.equities(self.day.checked_sub(year).unwrap_or(Date::MIN))
    }
}

/// The observations, unless there is a hole in them, across which no change is one of a day.
fn whole<'a>(name: &str, points: &'a [(Date, f64)]) -> Result<&'a [(Date, f64)], String> {
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else {
        return Ok(points);
    };
    if (*last - *first).whole_days() as f64 > DAYS_EACH * points.len() as f64 + DAYS_MORE {
        let count = points.len();
        return Err(format!("a hole in {name}: its last {count} days go back to {first}"));
    }
    Ok(points)
}

/// Root mean square of the changes between neighbours; NaN when there is none.
pub(super) fn size(points: &[(Date, f64)], change: Change) -> f64 {
    let mut squares = 0.0;
    for pair in points.windows(2) {
        let step = change.between(pair[0].1, pair[1].1);
        squares += step * step;
    }
    let steps = points.len().saturating_sub(1);
    if steps == 0 { f64::NAN } else { (squares / steps as f64).sqrt() }
}

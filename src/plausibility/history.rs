//! From a folder of data to a record: the level of each measure by day or month, and its changes over windows.

use super::Change;
use super::record::{DAYS, MEASURES, Measure, PROBABILITIES, Record, Row};
use crate::calibrate::regression::sd;
use crate::data::{DataSet, Series};
use crate::num::quantile;
use std::collections::BTreeMap;
use time::{Date, Month};

/// Fewest windows for a row, and how many of them must not overlap.
const FEWEST: usize = 30;
const APART: usize = 2;

/// Months in which TIC changed what it counts without giving both figures: no change is taken across them.
const TIC_BREAKS: [(i32, Month); 2] = [(2011, Month::September), (2011, Month::December)];

/// Days from the end of a month to the next; more is a gap, across which no change is taken.
const LONGEST_MONTH: i64 = 31;

/// Calendar days of a window of so many days: seven for five, holidays, and some more.
const DAYS_EACH: f64 = 1.6;
const DAYS_MORE: f64 = 20.0;

/// A level by date.
type Levels = Vec<(Date, f64)>;

/// The record of a folder from a day on.
pub fn record(set: &DataSet, from: Date) -> Record {
    let mut record = Record { rows: Vec::new(), missing: Vec::new() };
    for measure in &MEASURES {
        match levels(set, measure, from) {
            Ok(levels) => {
                let first = levels.partition_point(|(date, _)| *date < from);
                record.rows.extend(rows(measure, &levels[first..]));
            }
            Err(series) => {
                record.missing.push(format!("{}: no {series} in the folder", measure.name));
            }
        }
    }
    record
}

/// A row for each length of window for which there are enough of them.
fn rows(measure: &Measure, levels: &[(Date, f64)]) -> Vec<Row> {
    let fits = |days: &&usize| **days >= measure.shortest && days.is_multiple_of(measure.every);
    let lengths = DAYS.iter().filter(fits);
    lengths.filter_map(|days| row(measure, levels, *days)).collect()
}

fn row(measure: &Measure, levels: &[(Date, f64)], days: usize) -> Option<Row> {
    let step = days / measure.every;
    let windows = levels.len().checked_sub(step)?;
    // A window of a daily series with a hole in it is longer than its number of days says.
    let longest = DAYS_EACH * days as f64 + DAYS_MORE;
    let whole = |place: &usize| {
        let span = (levels[place + step].0 - levels[*place].0).whole_days();
        measure.every > 1 || span as f64 <= longest
    };
    let mut changes: Vec<(f64, Date)> = (0..windows)
        .filter(whole)
        .map(|place| {
            let (before, after) = (levels[place], levels[place + step]);
            (measure.change.of(before.1, after.1), after.0)
        })
        .collect();
    let windows = changes.len();
    if windows < FEWEST.max(APART * step) {
        return None;
    }
    // Of equal extremes the earliest counts.
    changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let values: Vec<f64> = changes.iter().map(|(change, _)| *change).collect();
    let highest = changes.partition_point(|(change, _)| *change < changes[windows - 1].0);
    Some(Row {
        measure: measure.name.to_owned(),
        days,
        windows,
        from: levels[0].0,
        to: levels[levels.len() - 1].0,
        sd: sd(&values),
        quantiles: PROBABILITIES.map(|probability| quantile(&values, probability)),
        low_date: changes[0].1,
        high_date: changes[highest].1,
    })
}

/// The level of a measure, or the series that is missing.
fn levels(set: &DataSet, measure: &Measure, from: Date) -> Result<Levels, &'static str> {
    let plain = |name| series(set, name).map(|series| series.points.clone());
    match measure.name {
        "ust_2y" => plain("DGS2"),
        "ust_10y" => plain("DGS10"),
        "jgb_2y" => plain("jgb.2y"),
        "jgb_10y" => plain("jgb.10y"),
        "usdjpy" => plain("DEXJPUS"),
        "equity" => plain(set.equities(from)),
        "japan_net_sales" => japan(set),
        "mof_dollar_sales" => ministry(set),
        "china_holdings_fall" => holdings(set, "tic.china_mainland"),
        _ => holdings(set, "tic.united_kingdom"),
    }
}

fn series<'a>(set: &'a DataSet, name: &'static str) -> Result<&'a Series, &'static str> {
    set.series.get(name).ok_or(name)
}

/// First day of a date's month.
fn month(date: Date) -> Date {
    date.replace_day(1).unwrap_or(date)
}

/// Adds up amounts; the level starts at 0 before the first.
fn added_up(start: Date, amounts: impl IntoIterator<Item = (Date, f64)>) -> Levels {
    let mut level = 0.0;
    let mut levels = vec![(start, level)];
    for (date, amount) in amounts {
        level += amount;
        levels.push((date, level));
    }
    levels
}

/// Sum of Japan's net sales, USD bn, by day: residents' long-term debt even over the days of each month, interventions on
/// their days (monthly figures even over the days), both at the day's spot.
fn japan(set: &DataSet) -> Result<Levels, &'static str> {
    let debt = series(set, "portfolio.long_term_debt_net")?;
    let spot = series(set, "DEXJPUS")?;
    let mut days: BTreeMap<Date, f64> = BTreeMap::new();
    for (date, _) in &spot.points {
        *days.entry(month(*date)).or_default() += 1.0;
    }
    let by_month = |name: &str| -> BTreeMap<Date, f64> {
        let points = set.series.get(name).map_or(&[][..], |series| &series.points);
        points.iter().map(|(date, yen)| (month(*date), *yen)).collect()
    };
    let (bought, unsigned) = (by_month(&debt.name), by_month("intervention.unsigned_month"));
    let on_days = set.series.get("intervention.yen_buying");
    let mut sold = Vec::new();
    let mut done = 0;
    for (date, rate) in &spot.points {
        let Some(net) = bought.get(&month(*date)) else { continue };
        // The monthly figures of 2007-17 have no sign; in those years dollars were bought.
        let purchases = net + unsigned.get(&month(*date)).copied().unwrap_or_default();
        let spread = purchases / days.get(&month(*date)).copied().unwrap_or(1.0);
        let official = on_days.map_or(0.0, |series| upto(series, *date, &mut done));
        sold.push((*date, (official - spread) / rate));
    }
    let Some((first, _)) = sold.first() else { return Err("portfolio.long_term_debt_net") };
    Ok(added_up(first.previous_day().unwrap_or(*first), sold))
}

/// Sum of the points of a series that come after the first `done` and not after a date; counts them as done.
fn upto(series: &Series, date: Date, done: &mut usize) -> f64 {
    let end = series.points.partition_point(|(day, _)| *day <= date);
    let sum =
        series.points[*done..end.max(*done)].iter().fold(0.0, |sum, (_, amount)| sum + amount);
    *done = end.max(*done);
    sum
}

/// Sum of the dollars sold in interventions, USD bn, by day.
fn ministry(set: &DataSet) -> Result<Levels, &'static str> {
    let sold = series(set, "intervention.yen_buying")?;
    let spot = series(set, "DEXJPUS")?;
    let Some((first, last)) = sold.range() else { return Err("intervention.yen_buying") };
    let mut days: Vec<(Date, f64)> = Vec::new();
    let mut done = 0;
    for (date, rate) in spot.points.iter().filter(|(date, _)| *date >= first && *date <= last) {
        days.push((*date, upto(sold, *date, &mut done) / rate));
    }
    Ok(added_up(first.previous_day().unwrap_or(first), days))
}

/// Sum of the falls of a country's holdings, USD bn, by month. In a month with two benchmarks the old one ends the
/// change and the new one begins the next.
fn holdings(set: &DataSet, name: &'static str) -> Result<Levels, &'static str> {
    let series = series(set, name)?;
    let previous = set.series.get(&format!("{name}.previous_benchmark"));
    let Some((start, first)) = series.points.first().copied() else { return Err(name) };
    let mut before = (start, first);
    let falls = series.points[1..].iter().map(|(date, held)| {
        let ended = previous.and_then(|previous| previous.on(*date)).unwrap_or(*held);
        let gap = (*date - before.0).whole_days() > LONGEST_MONTH;
        let broken = gap || TIC_BREAKS.contains(&(date.year(), date.month()));
        let fall = if broken { 0.0 } else { before.1 - ended };
        before = (*date, *held);
        (*date, fall)
    });
    Ok(added_up(start, falls.collect::<Vec<_>>()))
}

impl Change {
    /// The change from a level to another.
    fn of(self, before: f64, after: f64) -> f64 {
        match self {
            Change::Bp => 100.0 * (after - before),
            Change::Percent => 100.0 * (after / before - 1.0),
            Change::Points => after - before,
        }
    }
}

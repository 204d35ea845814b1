//! Months: means and ends of daily series, and sums of flows.

use crate::data::Series;
use std::collections::BTreeMap;
use time::Date;

/// A month, counted from January of the year 0: neighbours differ by one.
pub(super) type Month = i32;

/// The month of a date.
pub(super) fn month_of(date: Date) -> Month {
    date.year() * 12 + i32::from(u8::from(date.month())) - 1
}

/// As `2026-06`.
pub(super) fn shown(month: Month) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Mean of the values of each month.
pub(super) fn means(series: &Series) -> BTreeMap<Month, f64> {
    let mut sums: BTreeMap<Month, (f64, u32)> = BTreeMap::new();
    for (date, value) in &series.points {
        let sum = sums.entry(month_of(*date)).or_default();
        *sum = (sum.0 + value, sum.1 + 1);
    }
    sums.into_iter().map(|(month, (sum, count))| (month, sum / f64::from(count))).collect()
}

/// Last value of each month.
pub(super) fn ends(series: &Series) -> BTreeMap<Month, f64> {
    series.points.iter().map(|(date, value)| (month_of(*date), *value)).collect()
}

/// Sum of the values of each month that has any.
pub(super) fn sums(series: &Series) -> BTreeMap<Month, f64> {
    let mut sums = BTreeMap::new();
    for (date, value) in &series.points {
        *sums.entry(month_of(*date)).or_default() += value;
    }
    sums
}

/// First and last day of a run of months.
pub(super) fn span(first: Month, last: Month) -> (Date, Date) {
    let day = |month: Month, end: bool| {
        let number = time::Month::try_from(month.rem_euclid(12) as u8 + 1);
        let number = number.unwrap_or(time::Month::January);
        let year = month.div_euclid(12);
        let day = if end { number.length(year) } else { 1 };
        Date::from_calendar_date(year, number, day).unwrap_or(Date::MIN)
    };
    (day(first, false), day(last, true))
}

//! Japan's official reserve assets, Ministry of Finance, in USD bn at the end of the month (the file has USD m).
//!
//! A table with the Japanese headings of the official one: total, foreign currency, of it securities and deposits, gold. Series
//! `reserves.total`, `reserves.foreign_currency`, `reserves.securities`, `reserves.deposits`, `reserves.gold`.

use super::records::{DataError, Problem, Records, month_end};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Series and heading.
const COLUMNS: [(&str, &str); 5] = [
    ("reserves.total", "外貨準備"),
    ("reserves.foreign_currency", "外貨準備:外貨"),
    ("reserves.securities", "外貨準備:外貨:(a)証券"),
    ("reserves.deposits", "外貨準備:外貨:(b)預金"),
    ("reserves.gold", "外貨準備:金"),
];
/// Units of the file (USD m) in USD 1bn.
const UNITS_PER_BN: f64 = 1e3;

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    let first = head.lines().next().unwrap_or_default();
    first.starts_with(['D', '"']) && first.contains("Date") && first.contains("外貨準備")
}

/// Reads the reserves.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    let mut drafts = Vec::new();
    for (name, heading) in COLUMNS {
        let Some(place) = header.cells.iter().position(|cell| cell.trim() == heading) else {
            let problem = Problem::Layout(format!("there is no column `{heading}`"));
            return Err(records.error(header.line, 0, problem));
        };
        drafts.push((place, Draft::new(name, "USD bn")));
    }
    while let Some(record) = records.row(&header)? {
        let date = records.date(&record, 0)?;
        let date = month_end(date.year(), date.month().into()).unwrap_or(date);
        for (place, draft) in &mut drafts {
            draft.take((&records, &record, *place), date, UNITS_PER_BN)?;
        }
    }
    let month = Some(Frequency::Month);
    drafts.into_iter().map(|(_, draft)| draft.finish(&records, month)).collect()
}

//! Weekly securities transactions of designated major investors, Ministry of Finance, in JPY bn (the file has 100m yen),
//! positive when residents buy foreign securities. Dated at the last day of the week.
//!
//! The layout is that of a table with Japanese headings whose parts stand between colons (side, security, column) and a label
//! `2005．12．25～12．31` a row. Series `weekly.equity_net`, `weekly.long_term_debt_net`, `weekly.short_term_debt_net`.

use super::records::{DataError, Problem, Record, Records, civil};
use super::series::{Draft, Frequency, Series};
use std::path::Path;
use time::Date;

/// Series and the parts that its heading has: residents' side, security, net.
const COLUMNS: [(&str, &str); 3] = [
    ("weekly.equity_net", "株式・投資ファンド持分:ネット"),
    ("weekly.long_term_debt_net", "中長期債:ネット"),
    ("weekly.short_term_debt_net", "短期債:ネット"),
];
/// The side of residents' purchases abroad.
const ABROAD: &str = "対外証券投資";
/// Units of the file (100m yen) in JPY 1bn.
const UNITS_PER_BN: f64 = 10.0;

/// Most days of a week; the first and the last of the record have fewer or more.
const LONGEST_WEEK: i64 = 14;

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    let first = head.lines().next().unwrap_or_default();
    first.contains("期間") && first.contains(ABROAD)
}

/// Reads residents' net purchases.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    let place = |what: &str, holds: &dyn Fn(&str) -> bool| {
        let found = header.cells.iter().position(|cell| holds(cell.trim()));
        let problem = Problem::Layout(format!("there is no column `{what}`"));
        found.ok_or_else(|| records.error(header.line, 0, problem))
    };
    let label = place("期間", &|cell| cell == "期間")?;
    let mut drafts = Vec::new();
    for (name, ends) in COLUMNS {
        let column = place(ends, &|cell| cell.contains(ABROAD) && cell.ends_with(ends))?;
        drafts.push((column, Draft::new(name, "JPY bn")));
    }
    while let Some(record) = records.row(&header)? {
        let date = last_day(&records, &record, label)?;
        for (column, draft) in &mut drafts {
            draft.take((&records, &record, *column), date, UNITS_PER_BN)?;
        }
    }
    let week = Some(Frequency::Week);
    drafts.into_iter().map(|(_, draft)| draft.finish(&records, week)).collect()
}

/// The last day of `2005．12．25～12．31`; a week that ends in January ends in the next year.
fn last_day(records: &Records, record: &Record, label: usize) -> Result<Date, DataError> {
    let cell = record.cell(label);
    let parts = |text: &str| -> Option<Vec<u16>> {
        text.split(['．', '.']).map(|part| part.trim().parse().ok()).collect()
    };
    let days = cell.split_once(['～', '〜', '~']).and_then(|(first, last)| {
        let first = parts(first)?;
        let [year, begins, day] = first.as_slice() else { return None };
        let first = civil(i32::from(*year), *begins, *day)?;
        let last = match parts(last)?.as_slice() {
            [year, month, day] => civil(i32::from(*year), *month, *day),
            [month, day] => civil(i32::from(*year) + i32::from(month < begins), *month, *day),
            _ => None,
        }?;
        (0..LONGEST_WEEK).contains(&(last - first).whole_days()).then_some(last)
    });
    let problem = || Problem::Date(cell.to_owned(), "2005．12．25～12．31");
    days.ok_or_else(|| records.error(record.line, label + 1, problem()))
}

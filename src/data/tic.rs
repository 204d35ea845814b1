//! Foreign holders of Treasuries, TIC system of the US Treasury, USD bn at the end of the month: the history `mfhhis01.txt`
//! (a block a year, newest month first) and the current table 5, `slt_table5.txt`. Series `tic.japan`, `tic.china_mainland`, …
//!
//! Where the history has a month twice, the left column is the new benchmark and counts; the right one, on the old benchmark,
//! becomes `tic.japan.previous_benchmark`. Japan's line is official and private together, by place of custody.

use super::records::{DataError, Problem, Record, Records, is_missing, month_end, month_number};
use super::series::{Draft, Frequency, Series};
use std::collections::BTreeMap;
use std::path::Path;
use time::Date;

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    let start: String = head.chars().take(400).collect::<String>().to_ascii_uppercase();
    start.contains("MAJOR FOREIGN HOLDERS OF TREASURY SECURITIES")
}

/// The months of the columns: date, and whether it is the second of the same month.
type Months = Vec<(usize, Date, bool)>;

/// Reads a series a holder.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b'\t')?;
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let mut names: Option<Record> = None;
    let mut months: Months = Vec::new();
    while let Some(record) = records.next()? {
        if record.cell(0) == "Country" {
            months = columns(&records, &record, names.take())?;
        } else if record.cell(0).is_empty() {
            // The line of month names above `Country`, or rules and titles.
            if (1..record.cells.len()).any(|index| month_number(record.cell(index)).is_some()) {
                names = Some(record);
            }
        } else if !months.is_empty() && record.cells.len() > 1 {
            if months.iter().all(|(index, ..)| is_missing(record.cell(*index))) {
                continue; // a note
            }
            let last = months.iter().map(|(index, ..)| *index).max().unwrap_or(0);
            records.check_cells(&record, last + 1)?;
            let name = holder(record.cell(0));
            for (index, date, second) in &months {
                let suffix = if *second { ".previous_benchmark" } else { "" };
                let key = format!("tic.{name}{suffix}");
                let draft = drafts.entry(key.clone()).or_insert_with(|| Draft::new(&key, "USD bn"));
                draft.take((&records, &record, *index), *date, 1.0)?;
            }
        }
    }
    if drafts.is_empty() {
        return Err(records.error(0, 0, Problem::Empty));
    }
    let month = Some(Frequency::Month);
    drafts.into_values().map(|draft| draft.finish(&records, month)).collect()
}

/// The months of a header: `2026-06` in table 5; a line of month names over a line of years in the history.
fn columns(records: &Records, header: &Record, names: Option<Record>) -> Result<Months, DataError> {
    let mut months: Months = Vec::new();
    for index in 1..header.cells.len() {
        let cell = header.cell(index);
        if cell.is_empty() {
            continue;
        }
        let month = match (cell.split_once('-'), &names) {
            (Some((year, month)), _) => year.parse().ok().zip(month.parse().ok()),
            (None, Some(names)) => cell.parse().ok().zip(month_number(names.cell(index))),
            (None, None) => None,
        };
        let date = month.and_then(|(year, month): (i32, u8)| month_end(year, month));
        let Some(date) = date else {
            let problem =
                Problem::Date(cell.to_owned(), "a year under the name of a month, or 2026-06");
            return Err(records.error(header.line, index + 1, problem));
        };
        let second = months.iter().any(|(_, known, _)| *known == date);
        months.push((index, date, second));
    }
    // Of a month that stands twice the left one is the new benchmark, as long as the columns are as published.
    let twice = months.iter().any(|(.., second)| *second);
    if twice && !months.is_sorted_by(|a, b| a.1 >= b.1) {
        let what = "a month stands twice, and the months are not in their order, newest first";
        return Err(records.error(header.line, 0, Problem::Layout(what.to_owned())));
    }
    Ok(months)
}

/// A holder's name as a key: `United Kingdom 2/` becomes `united_kingdom`.
fn holder(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit()));
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}

//! Holders of Treasuries in one table, as people keep TIC's: `month,japan,china_mainland,…`, USD bn at the end of the month.
//! Series `tic.japan` and so on, the same as of TIC's own files; `japan_prev_series` is `tic.japan.previous_benchmark`. A
//! column `source` is left out.

use super::records::{DataError, Problem, Records, month_cell};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    head.lines().next().unwrap_or_default().starts_with("month,japan,")
}

/// Reads a series a column.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    if let Some(index) = header.cells.iter().position(|cell| cell.trim().is_empty()) {
        let problem = Problem::Layout("the column has no name".to_owned());
        return Err(records.error(header.line, index + 1, problem));
    }
    let columns = header.cells.iter().enumerate().skip(1).filter(|(_, name)| *name != "source");
    let mut drafts: Vec<(usize, Draft)> = columns
        .map(|(place, name)| {
            let name = match name.trim().strip_suffix("_prev_series") {
                Some(holder) => format!("tic.{holder}.previous_benchmark"),
                None => format!("tic.{}", name.trim()),
            };
            (place, Draft::new(&name, "USD bn"))
        })
        .collect();
    while let Some(record) = records.row(&header)? {
        let cell = record.cell(0);
        let Some(date) = month_cell(cell) else {
            let problem = Problem::Date(cell.to_owned(), "2026-06");
            return Err(records.error(record.line, 1, problem));
        };
        for (place, draft) in &mut drafts {
            draft.take((&records, &record, *place), date, 1.0)?;
        }
    }
    let month = Some(Frequency::Month);
    drafts.into_iter().map(|(_, draft)| draft.finish(&records, month)).collect()
}

//! Yields of Japanese government bonds by maturity, Ministry of Finance: the English edition (`jgbcme_all.csv`, dates such as
//! 2026/6/30) and the Japanese one (`jgbcm_all.csv`, Shift-JIS, dates such as R8.6.30). Series `jgb.10y`, in %.

use super::records::{DataError, Problem, Records, short};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Lines among which the heading stands: the second, or the first where the title is gone.
const FIRST_LINES: usize = 3;

/// Whether a line is the heading: `Date,1Y,2Y` and so on, in any order.
fn is_heading(line: &str) -> bool {
    let mut cells = line.split(',');
    let maturity = |cell: &str| {
        let letter = cell.trim().trim_start_matches(|c: char| c.is_ascii_digit());
        letter != cell.trim() && ["Y", "年"].contains(&letter)
    };
    cells.next().is_some_and(|cell| ["Date", "基準日"].contains(&cell.trim()))
        && cells.next().is_some_and(maturity)
}

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    head.lines().take(FIRST_LINES).any(is_heading)
}

/// Reads a series a maturity.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let header = loop {
        let Some(record) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
        if ["Date", "基準日"].contains(&record.cell(0)) {
            break record;
        }
    };
    let mut drafts: Vec<Draft> = Vec::new();
    let used = header.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1);
    for index in 1..used {
        let years: String = header.cell(index).chars().take_while(char::is_ascii_digit).collect();
        if years.is_empty() {
            let problem =
                Problem::Layout(format!("`{}` is no maturity", short(header.cell(index))));
            return Err(records.error(header.line, index + 1, problem));
        }
        drafts.push(Draft::new(&format!("jgb.{years}y"), "%"));
    }
    while let Some(record) = records.next()? {
        // The Japanese edition ends with notes.
        if record.cells.len() < 2 && !record.cell(0).starts_with(|c: char| c.is_ascii()) {
            continue;
        }
        records.check_width(&record, &header)?;
        let date = records.date(&record, 0)?;
        for (index, draft) in drafts.iter_mut().enumerate() {
            draft.take((&records, &record, index + 1), date, 1.0)?;
        }
    }
    drafts.into_iter().map(|draft| draft.finish(&records, Some(Frequency::Day))).collect()
}

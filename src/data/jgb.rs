//! Yields of Japanese government bonds by maturity, Ministry of Finance: the English edition (`jgbcme_all.csv`, dates such as
//! 2026/6/30) and the Japanese one (`jgbcm_all.csv`, Shift-JIS, dates such as R8.6.30). Series `jgb.10y`, in %.

use super::records::{DataError, Problem, Records};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    let second = head.lines().nth(1).unwrap_or_default();
    second.starts_with("Date,1Y,2Y") || second.starts_with("基準日,1年,2年")
}

/// Reads a series a maturity.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let header = match (records.next()?, records.next()?) {
        (Some(_), Some(header)) => header,
        _ => return Err(records.error(0, 0, Problem::Empty)),
    };
    let mut drafts: Vec<Draft> = Vec::new();
    let used = header.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1);
    for index in 1..used {
        let years: String = header.cell(index).chars().take_while(char::is_ascii_digit).collect();
        if years.is_empty() {
            let problem = Problem::Layout(format!("`{}` is no maturity", header.cell(index)));
            return Err(records.error(header.line, index + 1, problem));
        }
        drafts.push(Draft::new(&format!("jgb.{years}y"), "%"));
    }
    while let Some(record) = records.next()? {
        // The Japanese edition ends with notes.
        if record.cells.len() < 2 && !record.cell(0).starts_with(|c: char| c.is_ascii()) {
            continue;
        }
        let date = records.date(&record, 0)?;
        for (index, draft) in drafts.iter_mut().enumerate() {
            draft.add(date, records.number(&record, index + 1)?);
        }
    }
    drafts.into_iter().map(|draft| draft.finish(&records, Some(Frequency::Day))).collect()
}

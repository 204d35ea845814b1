//! FRED and what is laid out like it: `observation_date,DGS10` with empty cells for missing days (today) or `DATE,DGS10`
//! with `.` (until about 2025).

use super::records::{DataError, Problem, Records};
use super::series::{Draft, Series};
use std::path::Path;

/// Identifiers whose unit is known.
const UNITS: [(&str, &str); 15] = [
    ("DGS2", "%"),
    ("DGS3MO", "%"),
    ("DGS5", "%"),
    ("DGS10", "%"),
    ("DGS30", "%"),
    ("DFF", "%"),
    ("IRSTCI01JPM156N", "%"),
    ("IR3TIB01JPM156N", "%"),
    ("DEXJPUS", "JPY per USD"),
    ("SP500", "index"),
    ("GSPC", "index"),
    ("VIXCLS", "index"),
    ("GFDEBTN", "USD m"),
    ("MVMTD027MNFRBDAL", "USD m"),
    ("WALCL", "USD m"),
];

/// Headings that say nothing: the file's own name is the series'.
const GENERIC: [&str; 4] = ["close", "value", "price", "rate"];

/// Name of the series: the heading, or the name of the file (`GSPC.csv` with the heading `Close`).
fn name(heading: &str, path: &Path) -> String {
    match path.file_stem() {
        Some(stem) if GENERIC.contains(&heading.to_ascii_lowercase().as_str()) => {
            stem.to_string_lossy().into_owned()
        }
        _ => heading.to_owned(),
    }
}

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    let mut cells = head.lines().next().unwrap_or_default().split(',');
    let first = cells
        .next()
        .is_some_and(|cell| ["observation_date", "DATE", "Date"].contains(&cell.trim()));
    let name = |cell: &str| {
        !cell.trim().is_empty() && cell.trim().bytes().all(|b| b.is_ascii_alphanumeric())
    };
    first && cells.next().is_some_and(name) && cells.next().is_none()
}

/// Reads the series of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    let name = name(header.cell(1), path);
    let unit = UNITS.iter().find(|(known, _)| *known == name).map_or("", |(_, unit)| unit);
    let mut draft = Draft::new(&name, unit);
    while let Some(record) = records.next()? {
        let date = records.date(&record, 0)?;
        draft.add(date, records.number(&record, 1)?);
    }
    Ok(vec![draft.finish(&records, None)?])
}

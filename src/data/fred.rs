//! FRED and what is laid out like it: `observation_date,DGS10` with empty cells for missing days (today) or `DATE,DGS10`
//! with `.` (until about 2025). FRED puts several series into one file, too: a column each.

use super::records::{DataError, Problem, Records};
use super::series::{Draft, Series};
use super::wanted::BASIS;
use std::path::Path;

/// Identifiers whose unit is known.
const UNITS: [(&str, &str); 16] = [
    ("DGS2", "%"),
    ("DGS3MO", "%"),
    ("DGS5", "%"),
    ("DGS10", "%"),
    ("DGS30", "%"),
    ("DFF", "%"),
    (BASIS, "%"),
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
    let first = head.lines().next().unwrap_or_default().split(',');
    let cells: Vec<&str> = first.map(|cell| cell.trim().trim_matches('"')).collect();
    let name =
        |cell: &&str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let most = match cells[0] {
        "observation_date" | "DATE" => usize::MAX,
        "Date" => 2, // of more, as in tables of open, high, low and close, no series' name is known
        _ => return false,
    };
    (2..=most).contains(&cells.len()) && cells[1..].iter().all(name)
}

/// Reads a series a column.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    let mut drafts = Vec::new();
    for index in 1..header.cells.len() {
        let name = name(header.cell(index), path);
        let unit = UNITS.iter().find(|(known, _)| *known == name).map_or("", |(_, unit)| unit);
        drafts.push(Draft::new(&name, unit));
    }
    while let Some(record) = records.row(&header)? {
        let date = records.date(&record, 0)?;
        for (index, draft) in drafts.iter_mut().enumerate() {
            draft.take((&records, &record, index + 1), date, 1.0)?;
        }
    }
    drafts.into_iter().map(|draft| draft.finish(&records, None)).collect()
}

//! Yen positions of non-commercial traders, CFTC legacy report, futures only, in contracts of JPY 12.5m; dated by the report
//! (Tuesday), not the release (Friday). Series `cot.yen_long`, `cot.yen_short`, `cot.yen_net`, `cot.yen_open_interest`.

use super::records::{DataError, Problem, Records};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Series and column.
const COLUMNS: [(&str, &str); 4] = [
    ("cot.yen_long", "spec_long"),
    ("cot.yen_short", "spec_short"),
    ("cot.yen_open_interest", "open_interest"),
    ("cot.yen_net", "net"),
];

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    let first = head.lines().next().unwrap_or_default();
    first.starts_with("report_date,") && first.contains("spec_long")
}

/// Reads the positions.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    let mut drafts = Vec::new();
    let mut places = [0; COLUMNS.len()];
    for ((name, column), known) in COLUMNS.into_iter().zip(&mut places) {
        let place = header.cells.iter().position(|cell| cell.trim() == column);
        let Some(place) = place else {
            let problem = Problem::Layout(format!("there is no column `{column}`"));
            return Err(records.error(header.line, 0, problem));
        };
        *known = place;
        drafts.push(Draft::new(name, "contracts"));
    }
    while let Some(record) = records.row(&header)? {
        let date = records.date(&record, 0)?;
        let [long, short, _, net] = places;
        records.adds_up(&record, (net, 0.0), &[(long, 1.0), (short, -1.0)])?;
        for (place, draft) in places.iter().zip(&mut drafts) {
            draft.take((&records, &record, *place), date, 1.0)?;
        }
    }
    let week = Some(Frequency::Week);
    drafts.into_iter().map(|draft| draft.finish(&records, week)).collect()
}

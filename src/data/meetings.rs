//! Days of central-bank decisions, a row each: `date,bank`, the bank `fed` or `boj`, in the bank's own time zone. Nobody
//! publishes such a file; the dates are on the banks' websites. Series `meetings.fed` and `meetings.boj`, 1 on each day.

use super::records::{DataError, Problem, Records};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Bank as written, and its series.
const BANKS: [(&str, &str); 2] = [("fed", "meetings.fed"), ("boj", "meetings.boj")];

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    head.lines().next().unwrap_or_default().trim() == "date,bank"
}

/// Reads a series a bank that the file names.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    let mut drafts = BANKS.map(|(_, name)| (Draft::new(name, "decisions"), false));
    while let Some(record) = records.row(&header)? {
        let date = records.date(&record, 0)?;
        let Some(bank) = BANKS.iter().position(|(bank, _)| *bank == record.cell(1)) else {
            let problem = Problem::Bank(record.cell(1).to_owned());
            return Err(records.error(record.line, 2, problem));
        };
        drafts[bank].0.mark(date);
        drafts[bank].1 = true;
    }
    let named = drafts.into_iter().filter(|(_, named)| *named);
    named.map(|(draft, _)| draft.finish(&records, Some(Frequency::Day))).collect()
}

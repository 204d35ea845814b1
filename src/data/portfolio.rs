//! Japan's portfolio investment, Ministry of Finance and Bank of Japan, `6pi-1.csv` (Shift-JIS, two languages): the monthly
//! block of assets. Series `portfolio.long_term_debt_net` and so on, in JPY bn; positive where Japanese residents bought
//! foreign securities. All countries and all foreign securities, not Treasuries alone.

use super::records::{DataError, Problem, Records, month_end, month_number};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Columns of the assets from the left: name and column.
const ASSETS: [(&str, usize); 4] = [
    ("portfolio.equity_net", 6),
    ("portfolio.long_term_debt_net", 9),
    ("portfolio.short_term_debt_net", 12),
    ("portfolio.total_net", 13),
];

/// The file is in units of 100 million yen.
const UNITS_PER_BN: f64 = 10.0;

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    head.lines().take(12).any(|line| line.starts_with("6pi-1"))
}

/// Reads the monthly net acquisitions.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let mut drafts: Vec<Draft> =
        ASSETS.iter().map(|(name, _)| Draft::new(name, "JPY bn")).collect();
    let mut monthly = false;
    let mut checked = false;
    let mut year: Option<i32> = None;
    while let Some(record) = records.next()? {
        if record.cell(4) == "Acquisition" {
            let net = |column: usize| record.cell(column) == "Net";
            checked = ASSETS.iter().all(|(_, column)| net(*column));
        }
        monthly |= record.cell(0).contains("Monthly");
        let Some(month) = month_number(record.cell(3)).filter(|_| monthly) else { continue };
        if !checked {
            let problem = Problem::Layout("the columns `Net` are not where they belong".to_owned());
            return Err(records.error(record.line, 0, problem));
        }
        if !record.cell(2).is_empty() {
            year = record.cell(2).parse().ok();
        }
        let Some(date) = year.and_then(|year| month_end(year, month)) else {
            let found = record.cell(2).to_owned();
            return Err(records.error(record.line, 3, Problem::Date(found, "a year in January")));
        };
        for (draft, (_, column)) in drafts.iter_mut().zip(ASSETS) {
            draft.add(date, records.number(&record, column)?.map(|value| value / UNITS_PER_BN));
        }
    }
    if !monthly {
        let problem = Problem::Layout("there is no block `Monthly figures`".to_owned());
        return Err(records.error(0, 0, problem));
    }
    drafts.into_iter().map(|draft| draft.finish(&records, Some(Frequency::Month))).collect()
}

//! Japan's portfolio investment, Ministry of Finance and Bank of Japan, `6pi-1.csv` (Shift-JIS, two languages): the monthly
//! block of assets. Series `portfolio.long_term_debt_net` and so on, in JPY bn; positive where Japanese residents bought
//! foreign securities. All countries and all foreign securities, not Treasuries alone.

use super::records::{DataError, Problem, Record, Records, month_end, month_number};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Columns of the assets from the left: name and column.
const ASSETS: [(&str, usize); 4] = [
    ("portfolio.equity_net", 6),
    ("portfolio.long_term_debt_net", 9),
    ("portfolio.short_term_debt_net", 12),
    ("portfolio.total_net", 13),
];

/// Units of the file (100m yen) in JPY 1bn.
const UNITS_PER_BN: f64 = 10.0;

/// Rounding of a sum of three numbers of the file, in its units.
const ROUNDING: f64 = 3.0;

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
    let mut heading: Option<Record> = None;
    let mut before: Option<(i32, u8)> = None;
    while let Some(record) = records.next()? {
        monthly |= record.cell(0).contains("Monthly");
        if record.cell(4) == "Acquisition" {
            let net = |column: usize| record.cell(column) == "Net";
            heading = ASSETS.iter().all(|(_, column)| net(*column)).then_some(record);
            continue;
        }
        let Some(month) = month_number(record.cell(3)).filter(|_| monthly) else { continue };
        let Some(heading) = &heading else {
            let problem = Problem::Layout("the columns `Net` are not where they belong".to_owned());
            return Err(records.error(record.line, 0, problem));
        };
        records.check_width(&record, heading)?;
        check_sums(&records, &record)?;
        let year = year(&records, &record, month, before)?;
        before = Some((year, month));
        let Some(date) = month_end(year, month) else {
            let problem = Problem::Date(record.cell(2).to_owned(), "a year in January");
            return Err(records.error(record.line, 3, problem));
        };
        for (draft, (_, column)) in drafts.iter_mut().zip(ASSETS) {
            draft.take((&records, &record, column), date, UNITS_PER_BN)?;
        }
    }
    if !monthly {
        let problem = Problem::Layout("there is no block `Monthly figures`".to_owned());
        return Err(records.error(0, 0, problem));
    }
    drafts.into_iter().map(|draft| draft.finish(&records, Some(Frequency::Month))).collect()
}

/// The year of a row: January's row names it, and the others follow month by month. Where one is missing, the years of those
/// after it would be a guess.
fn year(
    records: &Records,
    record: &Record,
    month: u8,
    before: Option<(i32, u8)>,
) -> Result<i32, DataError> {
    let named = record.cell(2);
    if !named.is_empty() {
        let problem = || Problem::Date(named.to_owned(), "a year in January");
        return named.parse().map_err(|_| records.error(record.line, 3, problem()));
    }
    match before {
        Some((year, last)) if month == last + 1 => Ok(year),
        Some((year, last)) => {
            let what = format!("month {month} without a year follows on {year}-{last:02}");
            Err(records.error(record.line, 4, Problem::Layout(what)))
        }
        None => {
            let problem = Problem::Date(String::new(), "a year in January");
            Err(records.error(record.line, 3, problem))
        }
    }
}

/// Complains where a net is not acquisition less disposition, or the total not the sum of the nets: numbers that moved to
/// other columns.
fn check_sums(records: &Records, record: &Record) -> Result<(), DataError> {
    let [nets @ .., (_, total)] = ASSETS;
    for (_, net) in nets {
        records.adds_up(record, (net, ROUNDING), &[(net - 2, 1.0), (net - 1, -1.0)])?;
    }
    records.adds_up(record, (total, ROUNDING), &nets.map(|(_, net)| (net, 1.0)))
}

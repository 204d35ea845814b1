//! Interventions of the Ministry of Finance in JPY bn, by day (`date,amount_bn_yen,direction,…`: positive where dollars were
//! sold for yen) or by month (`month,amount_100m_yen,…`: unsigned, by the Ministry's own periods from late month to late
//! month). Series `intervention.yen_buying` and `intervention.unsigned_month`.

use super::records::{DataError, Problem, Records, month_cell, short};
use super::series::{Draft, Frequency, Series};
use std::path::Path;

/// Units of the monthly file (100m yen) in JPY 1bn.
const UNITS_PER_BN: f64 = 10.0;

/// Whether this is how such a file begins.
pub(super) fn is_it(head: &str) -> bool {
    let first = head.lines().next().unwrap_or_default();
    first.starts_with("date,amount_bn_yen,direction") || first.starts_with("month,amount_100m_yen")
}

/// Reads the amounts.
pub(super) fn read(path: &Path) -> Result<Vec<Series>, DataError> {
    let mut records = Records::open(path, b',')?;
    let Some(header) = records.next()? else { return Err(records.error(0, 0, Problem::Empty)) };
    let daily = header.cell(0) == "date";
    let name = if daily { "intervention.yen_buying" } else { "intervention.unsigned_month" };
    let mut draft = Draft::new(name, "JPY bn");
    while let Some(record) = records.row(&header)? {
        if record.cell(1).starts_with(['-', '−']) && records.number(&record, 1)?.is_some() {
            let what = "an amount has no sign here: the direction says what was bought".to_owned();
            return Err(records.error(record.line, 2, Problem::Layout(what)));
        }
        if daily {
            let date = records.date(&record, 0)?;
            let sign = match record.cell(2) {
                "yen-buying" => 1.0,
                "yen-selling" => -1.0,
                other => {
                    let problem = Problem::Layout(format!(
                        "`{}` is neither yen-buying nor yen-selling",
                        short(other)
                    ));
                    return Err(records.error(record.line, 3, problem));
                }
            };
            draft.take((&records, &record, 1), date, sign)?;
        } else {
            let Some(date) = month_cell(record.cell(0)) else {
                let problem = Problem::Date(record.cell(0).to_owned(), "2026-06");
                return Err(records.error(record.line, 1, problem));
            };
            draft.take((&records, &record, 1), date, UNITS_PER_BN)?;
        }
    }
    let frequency = if daily { Frequency::Day } else { Frequency::Month };
    Ok(vec![draft.finish(&records, Some(frequency))?])
}

//! History of the hedge cost and of the pickup of Treasuries over JGBs, month by month.
//!
//! ```text
//! hedge cost = USD short rate − JPY short rate − basis        % a year (covered interest parity)
//! hedged     = UST − hedge cost − JGB                         % a year, 10-year and 30-year
//! unhedged   = UST − JGB
//! ```
//!
//! Means of the month. Short rates: DFF and the call rate (IRSTCI01JPM156N), before it the 3-month interbank rate
//! (IR3TIB01JPM156N). A month without a basis is reckoned with a basis of zero and says so: in those months the true cost is
//! higher by the size of the (negative) basis.

use super::months::{Month, means, month_of, shown, span};
use super::panel::{distinct, files, series};
use super::{Estimate, Findings, Sample, Window};
use crate::data::{BASIS, DataSet};
use std::collections::BTreeMap;

/// A month.
#[derive(Debug, Clone, PartialEq)]
pub struct PickupMonth {
    /// Month, counted from January of the year 0.
    pub(super) number: Month,
    /// As `2026-06`.
    pub month: String,
    /// UST 10-year and 30-year, %.
    pub ust_pct: [Option<f64>; 2],
    /// JGB 10-year and 30-year, %.
    pub jgb_pct: [Option<f64>; 2],
    /// USD short rate, %.
    pub usd_short_pct: f64,
    /// JPY short rate, %, and the series it is from.
    pub jpy_short_pct: (f64, &'static str),
    /// Basis, %.
    pub basis_pct: Option<f64>,
    files: Vec<String>,
}

impl PickupMonth {
    /// Cost of hedging, % a year; without the basis where there is none.
    pub fn hedge_cost_pct(&self) -> f64 {
        self.usd_short_pct - self.jpy_short_pct.0 - self.basis_pct.unwrap_or(0.0)
    }

    /// Pickup of the 10-year (0) or 30-year (1) without a hedge, % a year.
    pub fn unhedged_pct(&self, tenor: usize) -> Option<f64> {
        Some(self.ust_pct[tenor]? - self.jgb_pct[tenor]?)
    }

    /// Pickup of the 10-year (0) or 30-year (1) with a hedge, % a year.
    pub fn hedged_pct(&self, tenor: usize) -> Option<f64> {
        Some(self.unhedged_pct(tenor)? - self.hedge_cost_pct())
    }
}

/// Series of the yen short rate, the preferred first.
const YEN_SHORT: [&str; 2] = ["IRSTCI01JPM156N", "IR3TIB01JPM156N"];

/// All months that have both short rates and a yield.
pub(super) fn history(set: &DataSet, findings: &mut Findings) -> Vec<PickupMonth> {
    let monthly = |name: &str| set.series.get(name).map(means).unwrap_or_default();
    let dollars = monthly("DFF");
    let yen = YEN_SHORT.map(|name| (name, monthly(name)));
    let (ust, jgb) = (["DGS10", "DGS30"].map(monthly), ["jgb.10y", "jgb.30y"].map(monthly));
    let basis = monthly(BASIS);
    let used = ["DFF", YEN_SHORT[0], YEN_SHORT[1], "DGS10", "DGS30", "jgb.10y", "jgb.30y", BASIS];
    let used = used.iter().filter_map(|name| series(set, name).ok());
    let files = distinct(used.flat_map(files));
    let at = |values: &BTreeMap<Month, f64>, month: Month| values.get(&month).copied();
    let mut months = Vec::new();
    for (number, usd) in &dollars {
        let short = yen.iter().find_map(|(name, values)| Some((at(values, *number)?, *name)));
        let Some(jpy_short_pct) = short else { continue };
        let month = PickupMonth {
            number: *number,
            month: shown(*number),
            ust_pct: [0, 1].map(|tenor| at(&ust[tenor], *number)),
            jgb_pct: [0, 1].map(|tenor| at(&jgb[tenor], *number)),
            usd_short_pct: *usd,
            jpy_short_pct,
            basis_pct: at(&basis, *number),
            files: files.clone(),
        };
        if month.unhedged_pct(0).is_some() {
            months.push(month);
        }
    }
    if months.is_empty() {
        let why = "needs DFF, a yen short rate, DGS10 and the JGB curve in the same months";
        findings.cannot_tell.push(format!("hedge cost and pickup: {why}."));
    } else if months.iter().all(|month| month.basis_pct.is_none()) {
        findings.cannot_tell.push(format!(
            "the cross-currency basis: no file gives it ({BASIS}.csv with the header Date,{BASIS}), so hedge costs are those \
             of the short rates alone; with the model's basis of -0.20% they are 0.20 higher."
        ));
    }
    months
}

/// Mean over the window and last month of the hedge cost and the pickups.
pub(super) fn levels(history: &[PickupMonth], window: Window, findings: &mut Findings) {
    let (first, last) = (month_of(window.from), month_of(window.to));
    let inside = |month: &&PickupMonth| month.number >= first && month.number <= last;
    let months: Vec<&PickupMonth> = history.iter().filter(inside).collect();
    type Reading = fn(&PickupMonth) -> Option<f64>;
    let readings: [(&str, Reading); 4] = [
        ("hedge_cost", |month| Some(month.hedge_cost_pct())),
        ("pickup_10y_hedged", |month| month.hedged_pct(0)),
        ("pickup_30y_hedged", |month| month.hedged_pct(1)),
        ("pickup_10y_unhedged", |month| month.unhedged_pct(0)),
    ];
    for (name, read) in readings {
        let known: Vec<(&PickupMonth, f64)> =
            months.iter().filter_map(|month| Some((*month, read(month)?))).collect();
        let (Some((start, _)), Some((end, now))) = (known.first(), known.last()) else { continue };
        let values: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
        let sample = |first: Month, last: Month, observations: usize| {
            let (from, to) = span(first, last);
            Sample { from, to, observations, files: end.files.clone() }
        };
        let basis = if end.basis_pct.is_some() { "basis given" } else { "without the basis" };
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mean = super::regression::mean(&values);
        let all = sample(start.number, end.number, values.len());
        let average =
            Estimate::new(format!("{name}.mean"), "%", (mean, None), "mean of months", all);
        let last = sample(end.number, end.number, 1);
        let latest =
            Estimate::new(format!("{name}.last"), "%", (*now, None), "mean of the month", last);
        findings.estimates.push(average.note(format!("{basis}; {low:.2} to {high:.2}")));
        findings.estimates.push(latest.note(basis));
    }
}

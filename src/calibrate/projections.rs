//! Local projections (Jordà 2005) of the 10-year yield on Japanese net sales and on interventions: a check of the
//! elasticity priors, not an estimate of them.
//!
//! ```text
//! y_{t+h} − y_{t−1} = a_h + b_h s_t + c_h (y_{t−1} − y_{t−2}) + d_h s_{t−1} + e_t        h = 0 … 6 months
//! ```
//!
//! y is the month's last 10-year yield in bp; s net sales of foreign long-term debt (6pi-1, all countries) or dollars sold
//! in interventions, in USD 100bn a month. Errors overlap, so Newey–West takes at least h + 1 lags. In a month without an
//! entry of the intervention file, from its first to its last month, nothing was sold.
//!
//! Sales answer the yield and its causes as the yield answers them, and one month's news is worth tens of bp: b_h mixes
//! the effect of sales with their motives.

use super::flows::{Flow, purchases};
use super::months::{Month, ends, means, month_of, span, sums};
use super::panel::{distinct, files, series};
use super::regression::{Regression, out_of_sample, usual_lags};
use super::{Findings, Sample, Window};
use crate::data::DataSet;
use std::collections::BTreeMap;

/// Last horizon in months.
const LAST_HORIZON: i32 = 6;

/// Fewest months.
const FEWEST_MONTHS: usize = 24;

/// Fewest months with a flow that is not zero.
const FEWEST_FLOWS: usize = 4;

/// A coefficient at a horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// What was sold: `net_sales_6pi` or `intervention`.
    pub regressor: &'static str,
    /// Horizon in months.
    pub horizon: i32,
    /// Change of the 10-year, bp per USD 100bn.
    pub bp_per_100bn: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Lags of Newey–West.
    pub lags: usize,
    /// R² in the sample.
    pub r_squared: f64,
    /// R² out of the sample.
    pub out_of_sample: Option<f64>,
    /// Sample: months t.
    pub sample: Sample,
    /// Months with a flow that is not zero.
    pub months_with_flow: usize,
}

/// All projections.
pub(super) fn projections(
    set: &DataSet,
    window: Window,
    findings: &mut Findings,
) -> Vec<Projection> {
    let sources = [("net_sales_6pi", sales(set)), ("intervention", interventions(set, window))];
    let mut all = Vec::new();
    for (regressor, flow) in sources {
        match flow.and_then(|flow| project(set, window, regressor, &flow)) {
            Ok(found) => all.extend(found),
            Err(why) => {
                let what = format!("local projections of the 10-year on {regressor}");
                findings.cannot_tell.push(format!("{what}: {why}."));
            }
        }
    }
    if !all.is_empty() {
        findings.cannot_tell.push(
            "the elasticity (impact.*): sales and the yield answer the same news, and a month of news moves the yield by \
             tens of bp, so the projections cannot confirm or reject a prior of a few bp per USD 100bn; none is set."
                .to_owned(),
        );
    }
    all
}

/// Net sales, USD 100bn.
fn sales(set: &DataSet) -> Result<Flow, String> {
    let mut flow = purchases(set)?;
    for value in flow.by_month.values_mut() {
        *value /= -100.0;
    }
    Ok(flow)
}

/// Dollars sold by the Ministry, USD 100bn a month.
fn interventions(set: &DataSet, window: Window) -> Result<Flow, String> {
    let sold = series(set, "intervention.yen_buying")?;
    let yen = series(set, "DEXJPUS")?;
    let (amounts, rates) = (sums(sold), means(yen));
    let ends = amounts.keys().next().zip(amounts.keys().next_back());
    let (first, last) = ends.map_or((0, 0), |(first, last)| (*first, *last));
    let first = first.max(month_of(window.from));
    let value = |month: Month| {
        Some((month, amounts.get(&month).unwrap_or(&0.0) / rates.get(&month)? / 100.0))
    };
    let by_month: BTreeMap<Month, f64> = (first..=last).filter_map(value).collect();
    let events = by_month.values().filter(|value| **value != 0.0).count();
    if events < FEWEST_FLOWS {
        return Err(format!("{events} months with an intervention, {FEWEST_FLOWS} needed"));
    }
    Ok(Flow { by_month, files: distinct(files(sold).into_iter().chain(files(yen))) })
}

fn project(
    set: &DataSet,
    window: Window,
    regressor: &'static str,
    flow: &Flow,
) -> Result<Vec<Projection>, String> {
    let yields = series(set, "DGS10")?;
    let levels: BTreeMap<Month, f64> =
        ends(yields).into_iter().map(|(month, level)| (month, 100.0 * level)).collect();
    (0..=LAST_HORIZON)
        .map(|horizon| {
            let row = |month: Month| {
                let level = |offset: i32| levels.get(&(month + offset)).copied();
                let sold = |offset: i32| flow.by_month.get(&(month + offset)).copied();
                let row = vec![1.0, sold(0)?, level(-1)? - level(-2)?, sold(-1)?];
                Some((row, level(horizon)? - level(-1)?))
            };
            let last = month_of(window.to);
            let inside = month_of(window.from)..=last - horizon;
            let months = inside.filter_map(|month| row(month).map(|row| (month, row)));
            let (months, pairs): (Vec<Month>, Vec<_>) = months.unzip();
            let (rows, changes): (Vec<Vec<f64>>, Vec<f64>) = pairs.into_iter().unzip();
            if months.len() < FEWEST_MONTHS {
                return Err(format!(
                    "{} months in the window, {FEWEST_MONTHS} needed",
                    months.len()
                ));
            }
            let fit = Regression::fit(&rows, &changes).map_err(|error| error.to_string())?;
            let lags = usual_lags(rows.len()).max(horizon as usize + 1);
            let (from, to) = span(months[0], months[months.len() - 1]);
            let files = distinct(files(yields).into_iter().chain(flow.files.iter().cloned()));
            Ok(Projection {
                regressor,
                horizon,
                bp_per_100bn: fit.coefficients[1],
                standard_error: fit.newey_west(1, lags),
                lags,
                r_squared: fit.r_squared,
                out_of_sample: out_of_sample(&rows, &changes, horizon as usize),
                months_with_flow: rows.iter().filter(|row| row[1] != 0.0).count(),
                sample: Sample { from, to, observations: rows.len(), files },
            })
        })
        .collect()
}

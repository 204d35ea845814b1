//! Response of Japanese flows to the pickup, as a stock adjustment.
//!
//! ```text
//! F_t = a + b p_{t−1} − λ S_{t−1} + e_t,     S_t = Σ_{s≤t} F_s,   half-life = −ln 2 / ln(1 − λ)      levels
//! F_t = a + b Δ₃p_{t−1} + φ F_{t−1} + e_t                                                          changes
//! ```
//!
//! F is net purchases in USD bn a month (6pi-1: long-term debt of all countries, turned into dollars at the month's mean
//! rate), or the change of Japan's TIC holdings less the change of their price (duration 4.8 years times the move of the
//! 10-year, on the stock of the month before). p is the hedged 10-year pickup in units of 100 bp. The first equation is the
//! stock adjustment F = λ (S* − S) with a target that is linear in p: b/λ is the long-run stock for 100 bp.
//!
//! The regressions are **endogenous**. Japanese sales raise the yield and with it the pickup, so months of selling go with
//! a better pickup: b is biased towards zero or below it. The lag removes the part within the month, not what investors
//! foresee. λ is biased upwards in short samples, as every autoregression's mean reversion is.

use super::months::{Month, ends, means, month_of, span, sums};
use super::panel::{distinct, files, series};
use super::pickup::PickupMonth;
use super::regression::{Regression, mean, out_of_sample, sd, standard_error, usual_lags};
use super::{Estimate, Findings, Sample, Window};
use crate::data::DataSet;
use std::collections::BTreeMap;

/// Fewest months.
const FEWEST_MONTHS: usize = 24;

/// Duration of Japan's Treasuries, years: the model's holdings-weighted mean.
const DURATION: f64 = 4.8;

/// Months in which TIC changed its benchmark without giving the old value (September and December 2011).
const TIC_BREAKS: [(i32, i32); 2] = [(2011, 9), (2011, 12)];

/// Net purchases by month, with what they are made from.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) by_month: BTreeMap<Month, f64>,
    pub(super) files: Vec<String>,
}

/// Net purchases of foreign long-term debt, USD bn.
pub(super) fn purchases(set: &DataSet) -> Result<Flow, String> {
    let (debt, yen) = (series(set, "portfolio.long_term_debt_net")?, series(set, "DEXJPUS")?);
    let rates = means(yen);
    let dollars = |(month, bn_yen): (Month, f64)| Some((month, bn_yen / rates.get(&month)?));
    let by_month = sums(debt).into_iter().filter_map(dollars).collect();
    Ok(Flow { by_month, files: distinct(files(debt).into_iter().chain(files(yen))) })
}

/// Change of Japan's TIC holdings without the change of their price, USD bn.
fn holdings(set: &DataSet) -> Result<Flow, String> {
    let (japan, yields) = (series(set, "tic.japan")?, series(set, "DGS10")?);
    let (stocks, levels) = (ends(japan), ends(yields));
    let old = set.series.get("tic.japan.previous_benchmark").map(ends).unwrap_or_default();
    let mut by_month = BTreeMap::new();
    for (month, now) in &stocks {
        let broken = TIC_BREAKS.iter().any(|(year, number)| year * 12 + number - 1 == *month);
        let before = month - 1;
        let known = (stocks.get(&before), levels.get(&before), levels.get(month));
        let (Some(stock), Some(then), Some(level)) = known else { continue };
        if !broken {
            // In a month of a new benchmark the change is that of the old one.
            let change = old.get(month).unwrap_or(now) - stock;
            let price = -DURATION * (level - then) / 100.0 * stock;
            by_month.insert(*month, change - price);
        }
    }
    Ok(Flow { by_month, files: distinct(files(japan).into_iter().chain(files(yields))) })
}

/// All estimates of flows.
pub(super) fn flows(
    set: &DataSet,
    pickup: &[PickupMonth],
    window: Window,
    findings: &mut Findings,
) {
    let pickups: BTreeMap<Month, f64> =
        pickup.iter().filter_map(|month| Some((month.number, month.hedged_pct(0)?))).collect();
    let sources = [("6pi", purchases(set)), ("tic", holdings(set))];
    for (name, flow) in sources {
        let what = format!("response of flows ({name}) to the pickup");
        let flow = match flow {
            Ok(flow) => flow,
            Err(why) => {
                findings.take(&what, Err(why));
                continue;
            }
        };
        if name == "6pi" {
            findings.take("everyday flow", everyday(&flow, window));
        }
        let run = Run { name, flow: &flow, pickups: &pickups, window };
        let adjustment = run.adjustment(&mut findings.cannot_tell);
        findings.take(&what, adjustment);
        findings.take(&what, run.changes());
    }
    findings.cannot_tell.push(
        "the response of flows to the pickup as cause and effect: sales raise the yield and with it the pickup, so the \
         regressions are biased towards zero or below; no kappa is set from them."
            .to_owned(),
    );
}

fn sample(months: &[Month], flow: &Flow) -> Sample {
    let first = months.first().copied().unwrap_or(0);
    let (from, to) = span(first, months.last().copied().unwrap_or(first));
    Sample { from, to, observations: months.len(), files: flow.files.clone() }
}

fn enough(months: usize) -> Result<(), String> {
    if months < FEWEST_MONTHS {
        return Err(format!("{months} months in the window, {FEWEST_MONTHS} needed"));
    }
    Ok(())
}

/// Mean, standard deviation and first autocorrelation of the monthly flow.
fn everyday(flow: &Flow, window: Window) -> Result<Vec<Estimate>, String> {
    let (first, last) = (month_of(window.from), month_of(window.to));
    let inside = |month: &Month| *month >= first && *month <= last;
    let months: Vec<Month> = flow.by_month.keys().copied().filter(inside).collect();
    enough(months.len())?;
    let values: Vec<f64> = months.iter().map(|month| flow.by_month[month]).collect();
    let lags = usual_lags(values.len());
    let centre = mean(&values);
    let influence: Vec<f64> = values.iter().map(|value| value - centre).collect();
    let unit = "USD bn a month";
    let error = standard_error(&influence, lags);
    let spread = sd(&values);
    let deviations = super::jumps::sd_error(&values, lags);
    let rows: Vec<Vec<f64>> =
        values[..values.len() - 1].iter().map(|value| vec![1.0, *value]).collect();
    let fit = Regression::fit(&rows, &values[1..]).map_err(|error| error.to_string())?;
    let note = "all countries and all foreign bonds; the model's number is the US part";
    let newey_west = format!("Newey-West with {lags} lags");
    Ok(vec![
        Estimate::new(
            "flow.6pi.mean",
            unit,
            (centre, Some(error)),
            newey_west.clone(),
            sample(&months, flow),
        )
        .note("positive where Japan bought"),
        Estimate::new(
            "flow.6pi.sd",
            unit,
            (spread, Some(deviations)),
            newey_west.clone(),
            sample(&months, flow),
        )
        .note(note),
        Estimate::new(
            "flow.6pi.autocorrelation",
            "ratio",
            (fit.coefficients[1], Some(fit.newey_west(1, lags))),
            format!("least squares on the month before, {newey_west}"),
            sample(&months[1..], flow),
        )
        .note(note),
    ])
}

/// A flow, the pickup and a window.
struct Run<'a> {
    name: &'static str,
    flow: &'a Flow,
    pickups: &'a BTreeMap<Month, f64>,
    window: Window,
}

/// Months, regressors and flows.
type Rows = (Vec<Month>, Vec<Vec<f64>>, Vec<f64>);

impl Run<'_> {
    /// Rows for which `regressors` gives something.
    fn rows(&self, mut regressors: impl FnMut(Month) -> Option<Vec<f64>>) -> Result<Rows, String> {
        let (first, last) = (month_of(self.window.from), month_of(self.window.to));
        let (mut months, mut rows, mut flows) = (Vec::new(), Vec::new(), Vec::new());
        let all = self.flow.by_month.iter();
        for (month, flow) in all.filter(|(month, _)| **month >= first && **month <= last) {
            if let Some(row) = regressors(*month) {
                months.push(*month);
                rows.push(row);
                flows.push(*flow);
            }
        }
        enough(months.len())?;
        Ok((months, rows, flows))
    }

    fn estimate(&self, name: &str, fit: (&Regression, &Rows), method: &str) -> Estimate {
        let (fit, (months, rows, flows)) = fit;
        let lags = usual_lags(months.len());
        let mut estimate = Estimate::new(
            format!("flow.{}.{name}", self.name),
            "USD bn a month per 100 bp",
            (fit.coefficients[1], Some(fit.newey_west(1, lags))),
            format!("{method}, Newey-West with {lags} lags"),
            sample(months, self.flow),
        )
        .note("endogenous: biased towards zero or below; the default kappas imply about 2 in such a regression");
        estimate.r_squared = Some(fit.r_squared);
        estimate.out_of_sample = out_of_sample(rows, flows, 0);
        estimate
    }

    /// The stock adjustment: response, speed and half-life.
    fn adjustment(&self, cannot_tell: &mut Vec<String>) -> Result<Vec<Estimate>, String> {
        let mut stock = 0.0;
        let mut stocks: BTreeMap<Month, f64> = BTreeMap::new();
        for (month, flow) in self.flow.by_month.range(month_of(self.window.from)..) {
            stocks.insert(*month, stock);
            stock += flow;
        }
        let rows = self.rows(|month| {
            Some(vec![1.0, *self.pickups.get(&(month - 1))?, *stocks.get(&month)?])
        })?;
        let fit = Regression::fit(&rows.1, &rows.2).map_err(|error| error.to_string())?;
        let lags = usual_lags(rows.0.len());
        let method =
            "stock adjustment: flow on the pickup and the cumulated flow of the month before";
        let response = self.estimate("per_pickup", (&fit, &rows), method);
        let (speed, error) = (-fit.coefficients[2], fit.newey_west(2, lags));
        let mut lambda = self.estimate("adjustment", (&fit, &rows), method);
        (lambda.unit, lambda.value, lambda.standard_error) = ("share a month", speed, Some(error));
        lambda.key = Some("rebalancing.adjustment_half_life_months".to_owned());
        let lambda = lambda.note("biased upwards in short samples");
        let mut estimates = vec![response, lambda.clone()];
        if speed > 2.0 * error && speed < 1.0 {
            let decay = libm::log(1.0 - speed);
            let half_life = -std::f64::consts::LN_2 / decay;
            let slope = std::f64::consts::LN_2 / (decay * decay * (1.0 - speed));
            let mut months = lambda;
            months.name = format!("flow.{}.half_life", self.name);
            (months.unit, months.value) = ("months", half_life);
            months.standard_error = Some(slope * error);
            estimates.push(months.note("delta method; too short in short samples; not set"));
        } else {
            cannot_tell.push(format!(
                "half-life of the adjustment ({}): the speed is {speed:.3} ± {error:.3} a month, not clearly between 0 and 1.",
                self.name
            ));
        }
        Ok(estimates)
    }

    /// The flow on the change of the pickup over three months.
    fn changes(&self) -> Result<Vec<Estimate>, String> {
        let rows = self.rows(|month| {
            let change = self.pickups.get(&(month - 1))? - self.pickups.get(&(month - 4))?;
            Some(vec![1.0, change, *self.flow.by_month.get(&(month - 1))?])
        })?;
        let fit = Regression::fit(&rows.1, &rows.2).map_err(|error| error.to_string())?;
        let method = "flow on the change of the pickup over three months to the month before, and on the flow before";
        Ok(vec![self.estimate("per_change_of_pickup", (&fit, &rows), method)])
    }
}

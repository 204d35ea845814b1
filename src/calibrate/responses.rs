//! Responses of one daily change to another.
//!
//! ```text
//! ΔUST10_t = a + β ΔJGB10_t + c ΔUST10_{t−1} + e_t         spillover: on all days, and on large days of the JGB 30-year
//! ΔUSTx_t  = a + b ΔUST2_t + e_t                           the curve with the 2-year
//! ΔJGB10_t = a + b ΔUST10_{t−1} + e_t                      Tokyo after New York
//! 100 Δln USDJPY_t = a + b Δ(UST2 − JGB2)_t + e_t
//! ```
//!
//! Tokyo closes before New York opens, so ΔJGB10_t comes before most of ΔUST10_t, and yesterday's New York is taken out
//! by ΔUST10_{t−1}. News that both markets trade on in Asian hours remains: it lifts β above the response to a Japanese
//! shock alone. These are responses of ordinary days; the model uses some of them on policy days.

use super::jumps::bipower;
use super::panel::{Change, Panel};
use super::regression::{Regression, standard_error, usual_lags};
use super::{Estimate, Findings, Window, written};
use crate::data::DataSet;

/// Days of the JGB 30-year that count as large, in bipower standard deviations.
const LARGE: f64 = 2.5;

/// Fewest large days.
const FEWEST_LARGE: usize = 15;

/// Spread of the model's prior for the spillover, in logs: never narrowed by a standard error.
const BETA_SIGMA: f64 = 0.45;

/// All responses.
pub(super) fn responses(set: &DataSet, window: Window, findings: &mut Findings) {
    let betas = spillover(set, window);
    findings.cannot_tell.extend(betas.as_ref().ok().and_then(|betas| doubt(betas)));
    findings.take("beta of Treasuries to JGB shocks", betas);
    for (tenor, series) in [("2y", "DGS2"), ("5y", "DGS5"), ("30y", "DGS30")] {
        let found = profile(set, window, tenor, series);
        findings.take(&format!("spillover to the {tenor} for one to the 10-year"), found);
    }
    for (tenor, series) in [("5", "DGS5"), ("10", "DGS10"), ("30", "DGS30")] {
        let found = curve(set, window, tenor, series);
        findings.take(&format!("response of the UST {tenor}-year to the 2-year"), found);
    }
    findings.take("response of the JGB 10-year to yesterday's UST", tokyo(set, window));
    findings.take("response of the JGB 10-year to the JGB 2-year", boj(set, window));
    findings.take("response of the yen to the rate gap", gap(set, window));
    findings.cannot_tell.push(
        "responses to policy surprises (fed.ust2_per_surprise, boj.jgb2_per_surprise, jgb.jgb10_per_jgb2): the folder \
         holds no dates of decisions and no futures, so surprises cannot be told from other news; the responses above \
         are those of all days."
            .to_owned(),
    );
}

/// Yesterday's change; the first day has none.
fn yesterday(changes: &[f64]) -> Vec<f64> {
    std::iter::once(0.0).chain(changes[..changes.len() - 1].iter().copied()).collect()
}

/// How far the specifications of beta differ.
fn doubt(betas: &[Estimate]) -> Option<String> {
    let low = betas.iter().map(|beta| beta.value).fold(f64::INFINITY, f64::min);
    let high = betas.iter().map(|beta| beta.value).fold(f64::NEG_INFINITY, f64::max);
    let set = betas.iter().any(|beta| beta.setting.is_some());
    let what = if set { "the overlay takes that of large days" } else { "none is set" };
    low.is_finite().then(|| {
        format!(
            "how much of the common moves of Treasuries and JGBs began in Japan: by specification beta is {low:.2} to \
             {high:.2}, and news for both markets lifts all of them; {what}."
        )
    })
}

fn spillover(set: &DataSet, window: Window) -> Result<Vec<Estimate>, String> {
    let columns = [("DGS10", Change::Bp), ("jgb.10y", Change::Bp), ("jgb.30y", Change::Bp)];
    let panel = Panel::new(set, &columns, window)?;
    let (ust, jgb, jgb30) = (panel.of(0), panel.of(1), panel.of(2));
    let before = yesterday(ust);
    let bound = LARGE * bipower(jgb30);
    let unit = "bp per bp";
    let plain = panel.coefficient(("beta.same_day", unit), ust, &[jgb], |_| true)?.0;
    let pairs = |x: &[f64]| x.iter().zip(yesterday(x)).map(|(x, y)| x + y).collect::<Vec<f64>>();
    let name = ("beta.two_days", unit);
    let two = panel.coefficient(name, &pairs(ust), &[&pairs(jgb)], |t| t > 0)?.0;
    let all = panel.coefficient(("beta.all_days", unit), ust, &[jgb, &before], |t| t > 0)?.0;
    let key = "jgb_spillover.beta";
    let mut estimates = vec![
        plain.about(key).note("without yesterday's UST; common news counts as spillover"),
        two.about(key)
            .note("overlapping changes over two days, which the hours of trading do not part"),
        all.about(key)
            .note("with yesterday's UST; everyday days, which do not travel in the model"),
    ];
    let large = |t: usize| t > 0 && jgb30[t].abs() > bound;
    let count = (0..jgb30.len()).filter(|t| large(*t)).count();
    if count < FEWEST_LARGE {
        return Ok(estimates);
    }
    let days = panel.coefficient(("beta.large_days", unit), ust, &[jgb, &before], large)?.0;
    let error = days.standard_error.unwrap_or(f64::INFINITY);
    let mut days = days.about(key).note(format!(
        "days on which the JGB 30-year moved more than {bound:.1} bp; common news lifts it; the overlay keeps the \
         prior's spread of {BETA_SIGMA} unless the error is larger"
    ));
    if days.value > 2.0 * error {
        let sigma = written(BETA_SIGMA.max(error / days.value));
        let median = written(days.value);
        days.setting = Some(format!("{{ lognormal = {{ median = {median}, sigma = {sigma} }} }}"));
    }
    estimates.push(days);
    Ok(estimates)
}

/// Ratio of the responses of two tenors to the JGB 10-year.
fn profile(
    set: &DataSet,
    window: Window,
    tenor: &str,
    series: &'static str,
) -> Result<Vec<Estimate>, String> {
    let columns = [(series, Change::Bp), ("DGS10", Change::Bp), ("jgb.10y", Change::Bp)];
    let panel = Panel::new(set, &columns, window)?;
    let fit = |place: usize| -> Result<Regression, String> {
        let y = panel.of(place);
        Ok(panel.coefficient(("", ""), y, &[panel.of(2)], |_| true)?.1)
    };
    let (own, ten) = (fit(0)?, fit(1)?);
    let base = ten.coefficients[1];
    let ratio = own.coefficients[1] / base;
    let pairs = own.influence[1].iter().zip(&ten.influence[1]);
    let influence: Vec<f64> = pairs.map(|(own, ten)| (own - ratio * ten) / base).collect();
    let lags = usual_lags(influence.len());
    if base < 2.0 * ten.newey_west(1, lags) {
        return Err("the 10-year itself does not respond, so there is no ratio".to_owned());
    }
    let estimate = Estimate::new(
        format!("profile.{tenor}"),
        "ratio",
        (ratio, Some(standard_error(&influence, lags))),
        format!(
            "ratio of the same-day responses to the JGB 10-year, delta method, Newey-West with {lags} lags"
        ),
        panel.sample(),
    );
    Ok(vec![estimate.sets(format!("jgb_spillover.profile_{tenor}"), ratio)])
}

fn curve(
    set: &DataSet,
    window: Window,
    tenor: &str,
    series: &'static str,
) -> Result<Vec<Estimate>, String> {
    let panel = Panel::new(set, &[(series, Change::Bp), ("DGS2", Change::Bp)], window)?;
    let name = format!("ust{tenor}_per_ust2");
    let estimate =
        panel.coefficient((&name, "bp per bp"), panel.of(0), &[panel.of(1)], |_| true)?.0;
    let value = estimate.value;
    let note = "all days; the model uses it on policy days";
    Ok(vec![estimate.sets(format!("fed.{name}"), value).note(note)])
}

fn tokyo(set: &DataSet, window: Window) -> Result<Vec<Estimate>, String> {
    let panel = Panel::new(set, &[("jgb.10y", Change::Bp), ("DGS10", Change::Bp)], window)?;
    let before = yesterday(panel.of(1));
    let name = ("jgb10_per_ust10_yesterday", "bp per bp");
    let estimate = panel.coefficient(name, panel.of(0), &[&before], |t| t > 0)?.0;
    let value = estimate.value;
    Ok(vec![estimate.sets("jgb.jgb10_per_ust10", value)])
}

fn boj(set: &DataSet, window: Window) -> Result<Vec<Estimate>, String> {
    let panel = Panel::new(set, &[("jgb.10y", Change::Bp), ("jgb.2y", Change::Bp)], window)?;
    let name = ("jgb10_per_jgb2", "bp per bp");
    let estimate = panel.coefficient(name, panel.of(0), &[panel.of(1)], |_| true)?.0;
    let note = "not set: all days, where the model wants days of BOJ decisions";
    Ok(vec![estimate.about("jgb.jgb10_per_jgb2").note(note)])
}

fn gap(set: &DataSet, window: Window) -> Result<Vec<Estimate>, String> {
    let columns = [("DEXJPUS", Change::LogPercent), ("DGS2", Change::Bp), ("jgb.2y", Change::Bp)];
    let panel = Panel::new(set, &columns, window)?;
    let gap: Vec<f64> = panel.of(1).iter().zip(panel.of(2)).map(|(ust, jgb)| ust - jgb).collect();
    let name = ("usdjpy_per_gap", "% per bp");
    let estimate = panel.coefficient(name, panel.of(0), &[&gap], |_| true)?.0;
    let value = estimate.value;
    let note = "noon New York against closing yields: the mismatch of hours makes it too small";
    Ok(vec![estimate.sets("usdjpy.per_gap_bp", value).note(note)])
}

//! Daily volatilities and correlations.
//!
//! ```text
//! s    = standard deviation (n − 1) of a series' changes between its own neighbouring days
//! ρ_ab = correlation of changes between neighbouring days on which all nine series have a value
//! ψ(s) = ((x − m)² − s²) / 2s,   ψ(ρ) = z_a z_b − ρ (z_a² + z_b²) / 2        z standardised
//! ```
//!
//! Standard errors are those of the means of ψ, by Newey–West: robust to heavy tails and clusters of volatility.
//!
//! The model's noise is what is left of a day when policy surprises and jumps are taken off; what they take is the
//! model's own: total times the ratio of its default noise to the total that the default comes from. The yen's
//! correlations are divided by the diffusion's share of its standard deviation, because jumps are independent in the
//! model.

use super::jumps::sd_error;
use super::panel::{Change, Panel};
use super::regression::{mean, sd, standard_error, usual_lags};
use super::{Estimate, Findings, Window, written};
use crate::data::DataSet;
use nalgebra::DMatrix;
use std::collections::BTreeMap;

/// A factor of the everyday shocks.
struct Factor {
    /// In the names of the correlations.
    short: &'static str,
    name: &'static str,
    series: &'static str,
    change: Change,
    /// Number of the model and the share of the total that is noise there; none for the yen (see `jumps`).
    noise: Option<(&'static str, f64)>,
}

const fn factor(
    short: &'static str,
    name: &'static str,
    series: &'static str,
    change: Change,
    noise: Option<(&'static str, f64)>,
) -> Factor {
    Factor { short, name, series, change, noise }
}

/// The factors in the model's order.
const FACTORS: [Factor; 9] = [
    factor("ust2", "ust_2y", "DGS2", Change::Bp, Some(("fed.ust_2y_noise_bp", 4.9 / 5.4))),
    factor("ust5", "ust_5y", "DGS5", Change::Bp, Some(("fed.ust_5y_noise_bp", 5.0 / 5.4))),
    factor("ust10", "ust_10y", "DGS10", Change::Bp, Some(("fed.ust_10y_noise_bp", 4.6 / 4.8))),
    factor("ust30", "ust_30y", "DGS30", Change::Bp, Some(("fed.ust_30y_noise_bp", 4.2 / 4.3))),
    factor("jgb10", "jgb_10y", "jgb.10y", Change::Bp, Some(("jgb.jgb_10y_noise_bp", 3.65 / 3.8))),
    factor("jgb30", "jgb_30y", "jgb.30y", Change::Bp, Some(("jgb.jgb_30y_noise_bp", 4.7 / 5.0))),
    factor("usdjpy", "usdjpy", "DEXJPUS", Change::LogPercent, None),
    factor("sp500", "sp500", "SP500", Change::LogPercent, Some(("equity.noise_pct", 1.0))),
    factor("vix", "vix", "VIXCLS", Change::Points, Some(("equity.vix_noise", 1.0))),
];

/// Days of the volatility that is told beside that of the whole sample.
const RECENT: usize = 250;

/// Change from the sample's volatility that is worth a sentence.
const NEW_REGIME: f64 = 0.15;

/// Place of the yen among the factors.
const YEN: usize = 6;

impl Factor {
    /// Its series in a sample: that of the S&P 500 has another name before FRED's begins.
    fn series(&self, set: &DataSet, window: Window) -> &'static str {
        if self.short == "sp500" { set.equities(window.from) } else { self.series }
    }
}

/// Daily standard deviations.
pub(super) fn volatilities(set: &DataSet, window: Window, findings: &mut Findings) {
    let mut sentences = Vec::new();
    for factor in &FACTORS {
        let column = (factor.series(set, window), factor.change);
        let found = Panel::new(set, &[column], window).map(|panel| {
            let changes = panel.of(0);
            let lags = usual_lags(changes.len());
            let estimate = Estimate::new(
                format!("sd.{}", factor.name),
                factor.change.unit(),
                (sd(changes), Some(sd_error(changes, lags))),
                format!("standard deviation of daily changes, Newey-West with {lags} lags"),
                panel.sample(),
            );
            if factor.series == "DGS10" {
                regime(changes, &mut sentences);
            }
            let Some((key, share)) = factor.noise else {
                return vec![estimate.note("jumps included; the model's diffusion is usdjpy.diffusion")];
            };
            let note = if share < 1.0 {
                format!("the overlay sets {share:.3} of it, as the model's own split of noise from policy surprises and jumps")
            } else {
                "shocks by event come on top in the model".to_owned()
            };
            let value = estimate.value * share;
            vec![estimate.sets(key, value).note(note)]
        });
        findings.take(&format!("volatility of {}", factor.name), found);
    }
    findings.cannot_tell.extend(sentences);
}

/// Says so when the volatility of late is another than that of the sample.
fn regime(changes: &[f64], sentences: &mut Vec<String>) {
    let recent = sd(&changes[changes.len().saturating_sub(RECENT)..]);
    let all = sd(changes);
    if (recent / all - 1.0).abs() > NEW_REGIME {
        sentences.push(format!(
            "which volatility will hold: the UST 10-year moved {all:.1} bp a day in the sample and {recent:.1} in its last \
             {RECENT} days. The overlay sets the sample's, the model's defaults are those of 2025-26; --from chooses."
        ));
    }
}

/// Correlations of the factors whose series are there; `share` is the part of the yen's standard deviation that is
/// diffusion.
pub(super) fn correlations(
    set: &DataSet,
    window: Window,
    share: Option<f64>,
    defaults: &BTreeMap<String, String>,
    findings: &mut Findings,
) {
    let known = |at: &usize| set.series.contains_key(FACTORS[*at].series(set, window));
    let here: Vec<usize> = (0..FACTORS.len()).filter(known).collect();
    let column = |at: &usize| (FACTORS[*at].series(set, window), FACTORS[*at].change);
    let columns: Vec<_> = here.iter().map(column).collect();
    if here.len() < 2 {
        let why = "fewer than two of the nine series are in the folder".to_owned();
        return findings.take("correlations of the everyday shocks", Err(why));
    }
    let found = Panel::new(set, &columns, window).and_then(|panel| {
        let mut estimates = Vec::new();
        for (row, a) in here.iter().enumerate() {
            for (column, b) in here.iter().enumerate().skip(row + 1) {
                let pair = (panel.of(row), panel.of(column));
                estimates.push(correlation(&panel, pair, (*a, *b), share)?);
            }
        }
        make_positive_definite(&mut estimates, defaults);
        Ok(estimates)
    });
    findings.take("correlations of the everyday shocks", found);
}

fn correlation(
    panel: &Panel,
    (x, y): (&[f64], &[f64]),
    (a, b): (usize, usize),
    share: Option<f64>,
) -> Result<Estimate, String> {
    let standard = |values: &[f64]| {
        let (centre, spread) = (mean(values), sd(values));
        let n = values.len() as f64;
        let spread = spread * ((n - 1.0) / n).sqrt();
        values.iter().map(|value| (value - centre) / spread).collect::<Vec<f64>>()
    };
    let (x, y) = (standard(x), standard(y));
    let pairs = || x.iter().zip(&y);
    let rho = mean(&pairs().map(|(x, y)| x * y).collect::<Vec<f64>>());
    if !rho.is_finite() {
        return Err(format!("{} or {} does not move", FACTORS[a].series, FACTORS[b].series));
    }
    let influence: Vec<f64> = pairs().map(|(x, y)| x * y - rho * (x * x + y * y) / 2.0).collect();
    let lags = usual_lags(x.len());
    let (short_a, short_b) = (FACTORS[a].short, FACTORS[b].short);
    let estimate = Estimate::new(
        format!("corr.{short_a}_{short_b}"),
        "correlation",
        (rho, Some(standard_error(&influence, lags))),
        format!("correlation of changes on common days, Newey-West with {lags} lags"),
        panel.sample(),
    );
    let key = format!("shocks.corr_{short_a}_{short_b}");
    if a != YEN && b != YEN {
        return Ok(estimate.sets(key, rho));
    }
    let Some(share) = share else {
        return Ok(estimate
            .about(key)
            .note("not set: the yen's diffusion cannot be told from its jumps"));
    };
    let diffusion = (rho / share).clamp(-0.99, 0.99);
    let note = format!(
        "the overlay sets it over {share:.3}, the diffusion's share of the yen's standard deviation"
    );
    Ok(estimate.sets(key, diffusion).note(note))
}

/// Whether the correlations that a scenario would have (settings over defaults) are positive definite.
pub fn positive_definite(estimates: &[Estimate], defaults: &BTreeMap<String, String>) -> bool {
    let value = |a: usize, b: usize| {
        let key = format!("shocks.corr_{}_{}", FACTORS[a].short, FACTORS[b].short);
        let set = estimates.iter().find(|found| found.key.as_ref() == Some(&key));
        let text = set.and_then(|found| found.setting.as_ref()).or_else(|| defaults.get(&key));
        text.and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0)
    };
    let matrix = DMatrix::from_fn(FACTORS.len(), FACTORS.len(), |a, b| match a.cmp(&b) {
        std::cmp::Ordering::Equal => 1.0,
        std::cmp::Ordering::Less => value(a, b),
        std::cmp::Ordering::Greater => value(b, a),
    });
    nalgebra::linalg::Cholesky::new(matrix).is_some()
}

/// Moves the settings towards the defaults, which are positive definite, until the whole is.
fn make_positive_definite(estimates: &mut [Estimate], defaults: &BTreeMap<String, String>) {
    let measured: Vec<Option<String>> =
        estimates.iter().map(|estimate| estimate.setting.clone()).collect();
    for step in 1..=20 {
        if positive_definite(estimates, defaults) {
            return;
        }
        let weight = f64::from(step) / 20.0;
        for (estimate, text) in estimates.iter_mut().zip(&measured) {
            let number = |text: &String| text.parse::<f64>().ok();
            let default = estimate.key.as_ref().and_then(|key| defaults.get(key)).and_then(number);
            let (Some(own), Some(default)) = (text.as_ref().and_then(number), default) else {
                continue;
            };
            estimate.setting = Some(written((1.0 - weight) * own + weight * default));
            let moved = format!(
                "moved {:.0}% towards the default to keep the matrix positive definite",
                100.0 * weight
            );
            estimate.note = moved;
        }
    }
}

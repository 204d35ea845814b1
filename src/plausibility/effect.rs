//! The elasticity of a run against the published ones.
//!
//! ```text
//! effect(h) = P + T · 2^(−h/τ)        bp of the 10-year, h days after USD 100bn were sold at once, calm dealers
//! T         = R_T / a(τ)              as in `impact`
//! ```
//!
//! With the P, R_T and τ that each path has drawn, against the same at the medians of each study that
//! `impact.prior = "studies"` draws from: between which of them the median path lies, and the share of paths outside them
//! all. Studies that disagree about R_T and P may agree about the effect, so that numbers alone would say little. The
//! capacity scaling (`impact.gdp_scaling`) is left out on both sides. Flagged when the median path lies outside; that a few
//! paths do is what a prior with tails is for, and told by the shares.

use super::paths::{Paths, points};
use super::terminal::short;
use super::{Part, Score};
use crate::model::impact::one_day_bp;
use crate::num::{Law, Marginal};
use crate::scenario::Scenario;

/// P, R_T, τ.
const NUMBERS: [&str; 3] =
    ["impact.lasting_bp_per_100bn", "impact.transitory_bp_per_100bn", "impact.half_life_days"];

/// Days after the sale at which the effect is read, and in words.
const AFTER: [(usize, &str); 3] = [(1, "a day"), (21, "a month"), (252, "a year")];

/// The effect of USD 100bn after a day, a month, a year; none where the reference is no mixture of studies.
pub(super) fn scores(scenario: &Scenario, paths: &Paths<'_>, studies: &Scenario) -> Vec<Score> {
    let parts = NUMBERS.map(|address| medians(studies, address));
    let [Some(lasting), Some(passing), Some(half_life)] = parts else { return Vec::new() };
    let drawn = NUMBERS.map(|address| paths.drawn(scenario, address));
    let score = |(days, after): (usize, &str)| {
        let at = |p: f64, month: f64, tau: f64| {
            p + one_day_bp(month, tau) * libm::exp2(-(days as f64) / tau)
        };
        let effects = |[p, month, tau]: [&[f64]; 3]| -> Vec<f64> {
            p.iter().zip(month).zip(tau).map(|((p, month), tau)| at(*p, *month, *tau)).collect()
        };
        let own = effects(drawn.each_ref().map(Vec::as_slice));
        let known = effects([&lasting, &passing, &half_life]);
        let low = known.iter().copied().fold(f64::INFINITY, f64::min);
        let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let outside = |value: &f64| *value < low || *value > high;
        let values = points(&own);
        let below = |value: f64| known.iter().filter(|study| **study < value).count();
        let among = format!(
            "the {} studies of impact.prior = studies, which give {} to {}",
            known.len(),
            short(low),
            short(high)
        );
        Score {
            unit: "bp per USD 100bn",
            days: Some(days),
            values,
            percentiles: Some(values.map(|value| below(value) as f64 / known.len() as f64)),
            shares: Some(paths.shares(own.iter().map(outside))),
            flag: outside(&values[1])
                .then(|| format!("median {} bp: outside {among}", short(values[1]))),
            note: format!("median above {} of {among}", below(values[1])),
            ..Score::new(Part::Effect, &format!("effect of USD 100bn after {after}"))
        }
    };
    AFTER.into_iter().map(score).collect()
}

/// The median of a number by each study.
fn medians(studies: &Scenario, address: &str) -> Option<Vec<f64>> {
    let number = studies.quantities.iter().find(|known| known.address == address)?;
    match number.marginal.law() {
        Law::Mixture { parts, .. } => {
            Some(parts.iter().map(|part: &Marginal| part.quantile(0.5)).collect())
        }
        _ => None,
    }
}

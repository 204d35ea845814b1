//! The scenario's own numbers against what they would be without it, and its elasticity against the published ones.
//!
//! A number that the scenario, or `--set`, changes is set against the baseline's distribution of it: the percentile of its
//! median there. A number that is fixed in the baseline has no distribution: the baseline's is told. One that the scenario
//! sets to 0 switches something off and is not flagged.
//!
//! ```text
//! effect(h) = P + T · 2^(−h/τ)        bp of the 10-year, h days after USD 100bn were sold at once, calm dealers
//! ```
//!
//! at the medians of P, T and τ, is set against the same of each study of `impact.prior = "studies"`: between which of them
//! it lies. Studies that disagree about T and P may agree about the effect, so that numbers alone would say little. The
//! capacity scaling (`impact.gdp_scaling`) is left out on both sides.

use super::terminal::short;
use super::{Part, Reference, Score};
use crate::num::Law;
use crate::scenario::{Quantity, Scenario};

/// Numbers of the effect: P, T, τ.
const EFFECT: [&str; 3] =
    ["impact.lasting_bp_per_100bn", "impact.transitory_bp_per_100bn", "impact.half_life_days"];

/// Days after the sale at which the effect is read, and in words.
const AFTER: [(usize, &str); 3] = [(1, "a day"), (21, "a month"), (252, "a year")];

/// Share of a prior on each side of which a median counts as outside it.
const OUTSIDE: f64 = 0.01;

/// A row a number that differs from the baseline, and the effect of USD 100bn after a day, a month, a year.
pub(super) fn scores(scenario: &Scenario, reference: &Reference<'_>) -> Vec<Score> {
    let numbers = scenario.quantities.iter().filter(|own| !own.address.starts_with("event."));
    let mut scores: Vec<Score> =
        numbers.filter_map(|own| changed(own, reference.baseline)).collect();
    scores.extend(AFTER.iter().filter_map(|after| effect(scenario, reference.studies, *after)));
    scores
}

fn quantity<'a>(scenario: &'a Scenario, address: &str) -> Option<&'a Quantity> {
    scenario.quantities.iter().find(|known| known.address == address)
}

fn changed(own: &Quantity, baseline: &Scenario) -> Option<Score> {
    let known = quantity(baseline, &own.address).filter(|known| known.marginal != own.marginal)?;
    let values = [0.05, 0.5, 0.95].map(|p| own.marginal.quantile(p));
    let mut score = Score { unit: own.unit, values, ..Score::new(Part::Number, &own.address) };
    let central = short(known.marginal.quantile(0.5));
    if known.marginal.constant().is_some() {
        score.note = format!("fixed in the baseline at {central}");
        return Some(score);
    }
    let below =
        |value: f64| 0.5 * (known.marginal.cdf(value) + known.marginal.cdf(value.next_down()));
    score.percentiles = Some(values.map(below));
    score.note = format!("percentiles in the baseline, whose median is {central}");
    let place = below(values[1]);
    if own.marginal.constant() == Some(0.0) {
        score.note = format!("switched off; {central} in the baseline");
    } else if !(OUTSIDE..=1.0 - OUTSIDE).contains(&place) {
        score.flag = Some(format!(
            "median {} {}: outside the central 98% of the baseline (median {central})",
            short(values[1]),
            own.unit
        ));
    }
    Some(score)
}

/// The effect after some days against those of the studies; none under `studies` itself, whose medians belong to no study.
fn effect(scenario: &Scenario, studies: &Scenario, (days, after): (usize, &str)) -> Option<Score> {
    let own = EFFECT.map(|address| quantity(scenario, address));
    let [Some(p), Some(t), Some(tau)] = own else { return None };
    let parts = EFFECT.map(|address| match quantity(studies, address)?.marginal.law() {
        Law::Mixture { parts, .. } => Some(parts),
        _ => None,
    });
    let [Some(lasting), Some(passing), Some(half_life)] = parts else { return None };
    if matches!(p.marginal.law(), Law::Mixture { parts, .. } if parts == lasting) {
        return None;
    }
    let at = |p: f64, t: f64, tau: f64| p + t * libm::exp2(-(days as f64) / tau);
    let middle = |marginal: &crate::num::Marginal| marginal.quantile(0.5);
    let value = at(middle(&p.marginal), middle(&t.marginal), middle(&tau.marginal));
    let mut known: Vec<f64> = lasting
        .iter()
        .zip(passing)
        .zip(half_life)
        .map(|((p, t), tau)| at(middle(p), middle(t), middle(tau)))
        .collect();
    known.sort_by(f64::total_cmp);
    let (low, high) = (*known.first()?, *known.last()?);
    let (below, count) = (known.partition_point(|study| *study < value), known.len());
    let among = format!("{count} studies give {} to {}", short(low), short(high));
    let outside = value < low || value > high;
    Some(Score {
        unit: "bp per USD 100bn",
        days: Some(days),
        values: [f64::NAN, value, f64::NAN],
        percentiles: Some([f64::NAN, below as f64 / count as f64, f64::NAN]),
        flag: outside.then(|| format!("{} bp: outside what {among}", short(value))),
        note: format!("above {below} of {among}"),
        ..Score::new(Part::Number, &format!("effect of USD 100bn after {after}"))
    })
}

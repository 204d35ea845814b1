//! The scenario's own numbers against what they would be without it.
//!
//! A number that the scenario, or `--set`, changes is set against the baseline's distribution of it: the percentile of its
//! median there. A number that is fixed in the baseline has no distribution: the baseline's is told. One that the scenario
//! sets to 0 switches something off and is not flagged.
//!
//! The elasticity is scored in `effect.rs`.

use super::terminal::short;
use super::{Part, Score};
use crate::scenario::{Quantity, Scenario};

/// Share of a prior on each side of which a median counts as outside it.
const OUTSIDE: f64 = 0.01;

/// A row a number that differs from the baseline.
pub(super) fn scores(scenario: &Scenario, baseline: &Scenario) -> Vec<Score> {
    let numbers = scenario.quantities.iter().filter(|own| !own.address.starts_with("event."));
    numbers.filter_map(|own| changed(own, baseline)).collect()
}

fn changed(own: &Quantity, baseline: &Scenario) -> Option<Score> {
    let mut known = baseline.quantities.iter();
    let known = known.find(|known| known.address == own.address)?;
    if known.marginal == own.marginal {
        return None;
    }
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

//! What the days do, apart from the assumptions: pairs of paths that share everything drawn once a path and differ in
//! their days ([`crate::model::Seeds`]).
//!
//! ```text
//! share = E[(Y − Y′)²] / 2 / Var Y = E Var[Y | assumptions] / Var Y
//! ```
//!
//! Y′ is Y with other days. Var Y is taken over both sides of the pairs. The error is that of a ratio of means:
//! `sd(a − share · b) / (√n · mean b)` with `a = (Y − Y′)²/2`, `b = ((Y − m)² + (Y′ − m)²)/2`. No regression comes in: where
//! no shock acts, Y′ is Y to the bit and the share is exactly 0.
//!
//! Assumptions are all numbers of the file, which study is right, whether and on which day an uncertain event happens,
//! whether dealers are stressed at the start. Days are markets, outcomes of meetings, jumps, everyday trading, campaigns
//! of the Ministry and who follows whom. Regressions need the inputs of every path: whether an event happens is one
//! ([`occurrences`]), though no number of the file says it.

use super::Interval;
use super::sample::ranks;
use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::Plan;
use crate::simulate::{Gather, simulate};
use crate::stats::{Column, Keep, Tally};

/// Most pairs.
pub const PAIRS: u64 = 8192;

/// Makes the seed of the other days.
const OTHER_DAYS: u64 = 0xd1b5_4a32_d192_ed03;

/// A metric at a horizon on the first paths of a run, at most [`PAIRS`], with other days; fewer when stopped.
///
/// # Errors
/// As for [`simulate`].
pub fn other_days(
    plan: &Plan,
    run: &RunPlan,
    (metric, horizon): (usize, usize),
    progress: &dyn Progress,
) -> Result<Vec<f64>, Error> {
    let end = run.paths.end.min(run.paths.start.saturating_add(PAIRS));
    let (paths, days) = (run.paths.start..end, Some(run.seed ^ OTHER_DAYS));
    let again = RunPlan { paths, days, ..run.clone() };
    let keep = Keep { columns: vec![Column::Metric { horizon, metric }], paths: end };
    let gather = Gather { keep, until: None, metrics: Some(vec![metric]) };
    Ok(simulate(plan, &again, &gather, progress)?.tally.kept().column(0))
}

/// The share of the days in the variance of an output, from its value on some paths and with other days. 0 where it does
/// not vary.
pub(super) fn day_share(values: &[f64], others: &[f64]) -> Interval {
    let pairs = || values.iter().zip(others);
    let n = pairs().count() as f64;
    let middle = pairs().map(|(y, other)| 0.5 * (y + other)).sum::<f64>() / n;
    let parts = |(y, other): (&f64, &f64)| {
        let (step, a, b) = (y - other, y - middle, other - middle);
        (0.5 * step * step, 0.5 * (a * a + b * b))
    };
    let (of_days, whole) =
        pairs().map(parts).fold((0.0, 0.0), |(a, b), part| (a + part.0, b + part.1));
    if whole <= 0.0 || of_days == 0.0 {
        return Interval::default();
    }
    let share = of_days / whole;
    let squares = pairs().map(parts).map(|(a, b)| (a - share * b) * (a - share * b)).sum::<f64>();
    Interval::around(share, (squares / (n - 1.0) / n).sqrt() / (whole / n))
}

/// The same of the ranks among both sides of the pairs.
pub(super) fn day_share_of_ranks(values: &[f64], others: &[f64]) -> Interval {
    let n = values.len().min(others.len());
    let both: Vec<f64> = values[..n].iter().chain(&others[..n]).copied().collect();
    let ranked = ranks(&both);
    day_share(&ranked[..n], &ranked[n..])
}

/// Whether the events that may or may not happen do so on each path of a run that has kept the draws: name and 0 or 1.
pub fn occurrences(plan: &Plan, run: &RunPlan, tally: &Tally) -> Vec<(String, Vec<f64>)> {
    let columns = &tally.kept_columns().columns;
    let paths = tally.kept().paths();
    let mut found = Vec::new();
    for event in &plan.events {
        let drawn = columns.iter().position(|column| *column == Column::Draw(event.probability));
        let uncertain = plan.uncertain.iter().any(|own| own.quantity == event.probability);
        let known = plan.values[event.probability];
        let chances = match (drawn, uncertain) {
            (Some(column), true) => tally.kept().column(column),
            (None, true) => continue,
            (_, false) if known > 0.0 && known < 1.0 => vec![known; paths],
            _ => continue,
        };
        let happens = chances.iter().enumerate().map(|(path, chance)| {
            f64::from(u8::from(event.happens(run.seed, run.paths.start + path as u64, *chance)))
        });
        found.push((format!("event.{}.happens", event.name), happens.collect()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deterministic numbers that look independent and normal enough: sums of twelve uniform ones.
    fn noise(stream: u64, n: usize) -> Vec<f64> {
        let unit = |at: u64| crate::num::rng::PathKeys::new(stream, at).uniform(0, 7);
        (0..n as u64).map(|row| (0..12).map(|k| unit(12 * row + k)).sum::<f64>() - 6.0).collect()
    }

    #[test]
    fn the_share_is_that_of_the_closed_form_with_its_error() {
        // Y = 2 a + d: share 1/5.
        let n = 8192;
        let (a, d, other) = (noise(1, n), noise(2, n), noise(3, n));
        let with = |days: &[f64]| -> Vec<f64> {
            a.iter().zip(days).map(|(a, d)| 100.0 + 2.0 * a + d).collect()
        };
        let (y, again) = (with(&d), with(&other));
        let share = day_share(&y, &again);
        // Var(a − r b) for normals: sd of the ratio about 0.004.
        assert!((share.value - 0.2).abs() < 0.016, "{share:?}");
        assert!(share.high - share.low < 0.03 && share.low > 0.15, "{share:?}");
        let ranked = day_share_of_ranks(&y, &again);
        // Ranks of a normal with correlation 0.8: 1 − 6/π · asin(0.4) = 0.2141.
        assert!((ranked.value - 0.2141).abs() < 0.016, "{ranked:?}");
        let none = day_share(&y, &y);
        assert_eq!((none, day_share(&[3.0; 9], &[3.0; 9])), Default::default());
        let all = day_share(&noise(4, n), &noise(5, n));
        assert!(all.value > 0.94 && all.high <= 1.0, "{all:?}");
    }
}

//! The one door: a plan and a run become a tally.

use crate::engine::{self, Collect as _, Progress, RunPlan};
use crate::error::Error;
use crate::model::{Plan, numbers};
use crate::stats::{Check, Keep, StopRule, Tally};

/// How to gather a run.
#[derive(Debug, Clone, Default)]
pub struct Gather {
    /// Numbers of the first paths to keep one by one.
    pub keep: Keep,
    /// Stop at a doubling of paths when this holds.
    pub until: Option<StopRule>,
    /// Tally these metrics only, without channels, flows and fan; everything when none are named.
    pub metrics: Option<Vec<usize>>,
}

/// A simulated scenario.
#[derive(Debug)]
pub struct Simulated {
    /// Counts and sums of all paths.
    pub tally: Tally,
    /// Whether the run was stopped, or met its cap of paths before its stopping rule.
    pub partial: bool,
    /// What the stopping rule saw at every doubling of paths.
    pub checks: Vec<Check>,
}

/// Paths at which a stopping rule is first checked.
pub const FIRST_CHECK: u64 = 4096;

/// Simulates a plan.
///
/// # Errors
/// A stopping rule at a horizon that the plan does not have, threads that do not start, or paths that are not finite.
pub fn simulate(
    plan: &Plan,
    run: &RunPlan,
    gather: &Gather,
    progress: &dyn Progress,
) -> Result<Simulated, Error> {
    let make = || {
        let tally = Tally::new(&plan.layout).keep(&gather.keep);
        match &gather.metrics {
            Some(metrics) => tally.only(metrics),
            None => tally,
        }
    };
    let mut tally = make();
    if let Some(rule) = &gather.until {
        require_horizon(plan, rule.horizon())?;
    }
    let first = if gather.until.is_some() { FIRST_CHECK } else { u64::MAX };
    let mut checks = Vec::new();
    let mut stopped = false;
    let mut met = gather.until.is_none();
    for paths in doublings(&run.paths, first) {
        let asked = paths.end - paths.start;
        let part = RunPlan { paths, ..run.clone() };
        let (more, simulated) = engine::run(plan, &part, make, progress)?;
        tally = tally.merge(more);
        let check = gather.until.as_ref().map(|rule| rule.check(&tally));
        met |= check.as_ref().is_some_and(|check| check.met);
        checks.extend(check);
        stopped = simulated < asked;
        if stopped || (met && gather.until.is_some()) {
            break;
        }
    }
    if let Some((metric, horizon)) = tally.first_non_finite() {
        let lost = tally.lost();
        return Err(Error::NonFinite {
            scenario: plan.name.clone(),
            count: tally.non_finite(),
            metric,
            horizon: horizon.to_owned(),
            path: lost.map_or(0, |lost| lost.path),
            numbers: lost
                .map(|lost| numbers(plan, run.seed, lost.path, &lost.values))
                .unwrap_or_default(),
        });
    }
    Ok(Simulated { tally, partial: stopped || !met, checks })
}

/// The horizon of a plan with this label.
///
/// # Errors
/// When the plan has none.
pub fn require_horizon(plan: &Plan, label: &str) -> Result<usize, Error> {
    let horizons = &plan.layout.horizons;
    horizons.iter().position(|known| known.label == label).ok_or_else(|| Error::NoHorizon {
        scenario: plan.name.clone(),
        horizon: label.to_owned(),
        known: horizons.iter().map(|known| known.label.clone()).collect(),
    })
}

/// Cuts a range of paths so that each part ends at twice the paths of the one before, the first at `first`.
pub fn doublings(
    paths: &std::ops::Range<u64>,
    first: u64,
) -> impl Iterator<Item = std::ops::Range<u64>> + use<> {
    let (start, end) = (paths.start, paths.end);
    let mut done = start;
    std::iter::from_fn(move || {
        let next = end.min(start.saturating_add((2 * (done - start)).max(first)));
        let part = done..next;
        done = next;
        (part.start < part.end).then_some(part)
    })
}

//! The one door: a plan and a run become a tally.

use crate::engine::{self, Collect as _, Progress, RunPlan};
use crate::error::Error;
use crate::model::{BLOCK_PATHS, Plan, numbers};
use crate::stats::{Check, Keep, StopRule, Tally};
use std::ops::Range;

/// How to gather a run.
#[derive(Debug, Clone, Default)]
pub struct Gather {
    /// Numbers of the first paths to keep one by one.
    pub keep: Keep,
    /// Stop at a check ([`Steps`]) at which this holds.
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
    /// What the stopping rule saw at every check.
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
    let mut steps = Steps::new(&run.paths, gather.until.is_some());
    let mut checks = Vec::new();
    let mut stopped = false;
    let mut met = gather.until.is_none();
    while let Some(paths) = steps.part() {
        let asked = paths.end - paths.start;
        let part = RunPlan { paths, ..run.clone() };
        let (more, simulated) = engine::run(plan, &part, make, progress)?;
        tally = tally.merge(more);
        if let Some(rule) = &gather.until {
            let check = rule.check(&tally);
            met |= check.met;
            steps.grow(rule.growth(&check));
            checks.push(check);
        }
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

/// Where a stopping rule is checked: after [`FIRST_CHECK`] paths, then where the half-width says that the rule will be met,
/// at least a twentieth further and at most twice as far, on the boundary of a block. A function of the paths alone.
#[derive(Debug, Clone)]
pub struct Steps {
    paths: Range<u64>,
    done: u64,
    next: u64,
}

/// Least growth of a run from one check to the next, and what is added to the growth that a half-width asks for, because
/// it is an estimate.
const LEAST_GROWTH: f64 = 1.05;
const MARGIN: f64 = 1.01;

impl Steps {
    /// Parts of a range of paths; one part when no rule is checked.
    pub fn new(paths: &Range<u64>, checked: bool) -> Self {
        let next = if checked { paths.start.saturating_add(FIRST_CHECK) } else { u64::MAX };
        Steps { paths: paths.clone(), done: paths.start, next }
    }

    /// The next part; none when all paths have run.
    pub fn part(&mut self) -> Option<Range<u64>> {
        let part = self.done..self.next.min(self.paths.end);
        self.done = part.end;
        (part.start < part.end).then_some(part)
    }

    /// Sets the next check where the run has grown by this factor.
    pub fn grow(&mut self, factor: f64) {
        let done = (self.done - self.paths.start) as f64;
        let wanted = (done * (MARGIN * factor).clamp(LEAST_GROWTH, 2.0)) as u64;
        let whole = wanted.next_multiple_of(BLOCK_PATHS as u64);
        self.next = self.paths.start.saturating_add(whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_go_where_the_half_width_points_and_no_further_than_twice() {
        let mut steps = Steps::new(&(0..100_000), true);
        assert_eq!(steps.part(), Some(0..4096));
        steps.grow(80.0);
        assert_eq!(steps.part(), Some(4096..8192));
        steps.grow(1.2);
        // 8192 · 1.2 · 1.01 = 9929, the next multiple of 256 is 9984.
        assert_eq!(steps.part(), Some(8192..9984));
        steps.grow(1.0);
        assert_eq!(steps.part(), Some(9984..10_496), "a twentieth further");
        steps.grow(2.0);
        steps.part();
        for _ in 0..10 {
            steps.grow(2.0);
            steps.part();
        }
        assert_eq!((steps.done, steps.part()), (100_000, None), "the cap");
        assert_eq!(Steps::new(&(512..600), false).part(), Some(512..600));
    }
}

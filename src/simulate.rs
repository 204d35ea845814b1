//! The one door: a scenario and a run become a tally and a report.

use crate::engine::{self, Progress, RunPlan};
use crate::error::Error;
use crate::model::Plan;
use crate::report::Report;
use crate::scenario::Scenario;
use crate::stats::{StopRule, Tally};

/// How to gather a run.
#[derive(Debug, Clone, Default)]
pub struct Gather {
    /// Keep the outcomes and draws of the first paths, this many.
    pub keep_paths: u64,
    /// Stop at a doubling of paths when this holds.
    pub until: Option<StopRule>,
}

/// A simulated scenario.
#[derive(Debug)]
pub struct Simulated {
    /// Counts and sums of all paths.
    pub tally: Tally,
    /// What people and spreadsheets read.
    pub report: Report,
    /// Whether the run was stopped, or met its cap of paths before its stopping rule.
    pub partial: bool,
}

/// Paths at which a stopping rule is first checked.
const FIRST_CHECK: u64 = 4096;

/// Simulates a scenario.
///
/// # Errors
/// A scenario that cannot run, a stopping rule at a horizon it does not have, threads that do not start, or paths that
/// are not finite.
pub fn simulate(
    scenario: &Scenario,
    run: &RunPlan,
    gather: &Gather,
    progress: &dyn Progress,
) -> Result<Simulated, Error> {
    let plan = Plan::new(scenario)?;
    let mut tally = Tally::new(&plan.layout).keep_paths(gather.keep_paths);
    if let Some(rule) = &gather.until
        && tally.horizon(rule.horizon()).is_none()
    {
        return Err(Error::NoHorizon {
            scenario: scenario.name.clone(),
            horizon: rule.horizon().to_owned(),
            known: plan.layout.horizons.iter().map(|known| known.label.clone()).collect(),
        });
    }
    let mut done = run.paths.start;
    let mut partial = false;
    let mut met = gather.until.is_none();
    while done < run.paths.end {
        let end = match gather.until {
            Some(_) => {
                run.paths.end.min(run.paths.start + (2 * (done - run.paths.start)).max(FIRST_CHECK))
            }
            None => run.paths.end,
        };
        let part = RunPlan { paths: done..end, ..run.clone() };
        let make = || Tally::new(&plan.layout).keep_paths(gather.keep_paths);
        let (more, simulated) = engine::run(&plan, &part, make, progress)?;
        tally = engine::Collect::merge(tally, more);
        if simulated < end - done {
            partial = true;
            break;
        }
        done = end;
        met = gather.until.as_ref().is_none_or(|rule| rule.met(&tally));
        if met && gather.until.is_some() {
            break;
        }
    }
    if let Some((metric, horizon)) = tally.first_non_finite() {
        return Err(Error::NonFinite {
            scenario: scenario.name.clone(),
            count: tally.non_finite(),
            metric,
            horizon: horizon.to_owned(),
        });
    }
    let report = Report::new(scenario, &plan.layout, &tally);
    Ok(Simulated { tally, report, partial: partial || !met })
}

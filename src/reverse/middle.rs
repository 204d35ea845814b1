//! The middle path of a combination of assumptions: the median of the metric when every number is known.
//!
//! With all quantities fixed, paths still differ by their everyday shocks and by which events happen. The median over
//! them is the outcome that such assumptions reach with even odds; a few wild paths do not move it, as they would a
//! mean. All combinations meet the same shocks (common random numbers), so that differences are due to the numbers.

use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::{Plan, Readings};
use crate::scenario::{QuantityId, Scenario};
use crate::simulate::{Gather, simulate};
use crate::stats::{Column, Keep};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::target::Target;

/// What stands in the way of an answer, shared by all who simulate.
#[derive(Default)]
pub(super) struct Trouble {
    stopped: AtomicBool,
    error: Mutex<Option<Error>>,
}

impl Trouble {
    /// Whether the user stopped the run.
    pub(super) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// The first error that was no matter of single numbers.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self.error.lock() {
            Ok(mut error) => error.take().map_or(Ok(()), Err),
            Err(_) => Ok(()),
        }
    }

    fn record(&self, error: Error) {
        if let Ok(mut first) = self.error.lock() {
            first.get_or_insert(error);
        }
    }
}

/// Simulates combinations of known numbers.
pub(super) struct Middle<'a> {
    plan: Plan,
    column: Column,
    metric: usize,
    seed: u64,
    progress: &'a dyn Progress,
    trouble: &'a Trouble,
}

impl<'a> Middle<'a> {
    /// Every number at its median, up to the day of the target (what comes later cannot matter).
    pub(super) fn new(
        scenario: &Scenario,
        target: &Target,
        seed: u64,
        progress: &'a dyn Progress,
        trouble: &'a Trouble,
    ) -> Result<Self, Error> {
        let whole = Plan::new(scenario)?;
        let day = whole.layout.horizons[target.place(&whole)?].day;
        let mut plan = match day {
            Some(day) => Plan::new(&Scenario { horizon_days: day, ..scenario.clone() })?,
            None => whole,
        };
        let label = if day.is_some() { "end" } else { target.horizon() };
        only(&mut plan, label);
        for uncertain in &plan.uncertain {
            plan.values[uncertain.quantity] = super::space::value_at(&uncertain.marginal, 0.0);
        }
        plan.uncertain.clear();
        plan.correlated.clear();
        let column = Column::Metric { horizon: 0, metric: target.metric() };
        Ok(Middle { plan, column, metric: target.metric(), seed, progress, trouble })
    }

    /// The value that a number has in the central case.
    pub(super) fn central(&self, quantity: QuantityId) -> f64 {
        self.plan.values[quantity]
    }

    /// The metric on each path, with some numbers changed; empty when stopped or not finite.
    pub(super) fn outcomes(
        &self,
        changes: &[(QuantityId, f64)],
        paths: u64,
        seed: u64,
        threads: Option<usize>,
    ) -> Vec<f64> {
        if self.trouble.stopped() {
            return Vec::new();
        }
        let mut plan = self.plan.clone();
        for (quantity, value) in changes {
            plan.values[*quantity] = *value;
        }
        let run = RunPlan { threads, ..RunPlan::new(seed, paths) };
        let keep = Keep { columns: vec![self.column], paths };
        // Counting the target's metric finds outcomes that are not finite.
        let gather = Gather { keep, until: None, metrics: Some(vec![self.metric]) };
        match simulate(&plan, &run, &gather, self.progress) {
            Ok(simulated) if !simulated.partial => simulated.tally.kept().column(0),
            Ok(_) => {
                self.trouble.stopped.store(true, Ordering::Relaxed);
                Vec::new()
            }
            Err(Error::NonFinite { .. }) => Vec::new(),
            Err(error) => {
                self.trouble.record(error);
                Vec::new()
            }
        }
    }

    /// The median with some numbers changed, on one thread; not a number when there is none.
    pub(super) fn median(&self, changes: &[(QuantityId, f64)], paths: u64) -> f64 {
        median(self.outcomes(changes, paths, self.seed, Some(1)))
    }
}

/// Drops all readings but one: they would cost more than the paths.
fn only(plan: &mut Plan, label: &str) {
    let kept = plan.layout.horizons.iter().position(|known| known.label == label);
    for readings in &mut plan.readings {
        let reads = readings.horizons.iter().any(|horizon| Some(*horizon) == kept);
        *readings =
            Readings { horizons: if reads { vec![0] } else { Vec::new() }, ..Readings::default() };
    }
    plan.layout.horizons.retain(|known| known.label == label);
    plan.layout.fan.clear();
    plan.layout.months.clear();
}

/// The median; not a number without values.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { 0.5 * (values[half - 1] + values[half]) }
}

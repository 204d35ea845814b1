//! The middle path of a combination of assumptions: the median of the metric when every number is known.
//!
//! With all quantities fixed, paths still differ by their everyday shocks and by which events happen. The median over
//! them is the outcome that such assumptions reach with even odds; a few wild paths do not move it, as they would a
//! mean. All combinations meet the same shocks (common random numbers), so that differences are due to the numbers.

use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan, Readings};
use crate::num::Marginal;
use crate::scenario::{QuantityId, Scenario};
use crate::simulate::{Gather, simulate};
use crate::stats::{Column, Keep, Tally};
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
    /// The same, read at the end and at each path's peak and trough.
    extremes: Plan,
    column: Column,
    metric: usize,
    seed: u64,
    progress: &'a dyn Progress,
    trouble: &'a Trouble,
    /// The scenario, for what is priced anew.
    scenario: Scenario,
}

/// Beginnings of the addresses that the priced paths are solved from.
const PRICED_FROM: [&str; 3] = ["boj.", "fed.", "equity.noise_pct"];

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
        for uncertain in &plan.uncertain {
            plan.values[uncertain.quantity] = super::space::value_at(&uncertain.marginal, 0.0);
        }
        plan.uncertain.clear();
        plan.correlated.clear();
        let mut extremes = plan.clone();
        only(&mut extremes, &["end", "peak", "trough"]);
        only(&mut plan, &[label]);
        let column = Column::Metric { horizon: 0, metric: target.metric() };
        let (metric, scenario) = (target.metric(), scenario.clone());
        Ok(Middle { plan, extremes, column, metric, seed, progress, trouble, scenario })
    }

    /// Solves what markets price anew where a number is changed that they look at.
    fn reprice(&self, plan: &mut Plan, changes: &[(QuantityId, f64)]) {
        let looked_at = |(quantity, _): &(QuantityId, f64)| {
            let address = &self.scenario.quantities[*quantity].address;
            PRICED_FROM.iter().any(|table| address.starts_with(table))
        };
        if !changes.iter().any(looked_at) {
            return;
        }
        let mut scenario = self.scenario.clone();
        for (quantity, value) in changes {
            scenario.quantities[*quantity].marginal = Marginal::fixed(*value);
            scenario.quantities[*quantity].written = value.to_string();
        }
        scenario.reprice(&CATALOGUE);
        plan.price(&scenario);
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
        let run = RunPlan { threads, ..RunPlan::new(seed, paths) };
        let keep = Keep { columns: vec![self.column], paths };
        let tally = self.simulated(&self.plan, changes, &run, keep);
        tally.map(|tally| tally.kept().column(0)).unwrap_or_default()
    }

    /// Share of the paths that leave the world that the model knows, with some numbers changed; none when stopped or not
    /// finite.
    pub(super) fn outside(
        &self,
        changes: &[(QuantityId, f64)],
        paths: u64,
        seed: u64,
        threads: Option<usize>,
    ) -> Option<f64> {
        let run = RunPlan { threads, ..RunPlan::new(seed, paths) };
        let tally = self.simulated(&self.extremes, changes, &run, Keep::default())?;
        Some(tally.outside().paths as f64 / paths as f64)
    }

    /// Paths with some numbers changed; none when stopped or not finite.
    fn simulated(
        &self,
        plan: &Plan,
        changes: &[(QuantityId, f64)],
        run: &RunPlan,
        keep: Keep,
    ) -> Option<Tally> {
        let mut plan = plan.clone();
        for (quantity, value) in changes {
            plan.values[*quantity] = *value;
        }
        self.reprice(&mut plan, changes);
        // Counting the target's metric finds outcomes that are not finite.
        let gather = Gather { keep, until: None, metrics: Some(vec![self.metric]) };
        match simulate(&plan, run, &gather, self.progress) {
            Ok(simulated) if !simulated.partial => return Some(simulated.tally),
            Ok(_) => self.trouble.stopped.store(true, Ordering::Relaxed),
            Err(Error::NonFinite { .. }) => {}
            Err(error) => self.trouble.record(error),
        }
        None
    }

    /// The same as [`Middle::outside`] with the seed of the medians, on one thread.
    pub(super) fn outside_of(&self, changes: &[(QuantityId, f64)], paths: u64) -> Option<f64> {
        self.outside(changes, paths, self.seed, Some(1))
    }

    /// The median with some numbers changed, on one thread; not a number when there is none.
    pub(super) fn median(&self, changes: &[(QuantityId, f64)], paths: u64) -> f64 {
        median(self.outcomes(changes, paths, self.seed, Some(1)))
    }
}

/// Drops all readings but those of some horizons: they would cost more than the paths.
fn only(plan: &mut Plan, labels: &[&str]) {
    let is_kept = |index: &usize| labels.contains(&plan.layout.horizons[*index].label.as_str());
    let kept: Vec<usize> = (0..plan.layout.horizons.len()).filter(is_kept).collect();
    for readings in &mut plan.readings {
        let place = |horizon: &usize| kept.iter().position(|known| known == horizon);
        let horizons = readings.horizons.iter().filter_map(place).collect();
        *readings = Readings { horizons, ..Readings::default() };
    }
    plan.layout.horizons.retain(|known| labels.contains(&known.label.as_str()));
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

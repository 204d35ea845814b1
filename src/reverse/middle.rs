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

use super::margin::Margin;
use super::target::Part;

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
    /// The metric of each part of the target.
    columns: Vec<Column>,
    margin: Margin,
    seed: u64,
    progress: &'a dyn Progress,
    trouble: &'a Trouble,
    /// The scenario, for what is priced anew.
    scenario: Scenario,
}

/// Beginnings of the addresses that the priced paths are solved from.
const PRICED_FROM: [&str; 3] = ["boj.", "fed.", "equity.noise_pct"];

impl<'a> Middle<'a> {
    /// Every number at its median, up to the last day of the target (what comes later cannot matter).
    pub(super) fn new(
        scenario: &Scenario,
        margin: &Margin,
        seed: u64,
        progress: &'a dyn Progress,
        trouble: &'a Trouble,
    ) -> Result<Self, Error> {
        let whole = Plan::new(scenario)?;
        let day = |place: &usize| whole.layout.horizons[*place].day;
        let days: Vec<Option<usize>> = margin.target.places(&whole)?.iter().map(day).collect();
        let dated: Option<Vec<usize>> = days.iter().copied().collect();
        let last = dated.and_then(|days| days.into_iter().max());
        let mut plan = match last {
            Some(day) => Plan::new(&Scenario { horizon_days: day, ..scenario.clone() })?,
            None => whole,
        };
        // What is read on the last day stands at the end of the scenario that is cut there.
        let parts = margin.target.parts();
        let labels: Vec<&str> = parts
            .iter()
            .zip(&days)
            .map(|(part, day)| if last.is_some() && *day == last { "end" } else { part.horizon() })
            .collect();
        for uncertain in &plan.uncertain {
            plan.values[uncertain.quantity] = super::space::value_at(&uncertain.marginal, 0.0);
        }
        plan.uncertain.clear();
        plan.correlated.clear();
        let mut extremes = plan.clone();
        only(&mut extremes, &["end", "peak", "trough"]);
        only(&mut plan, &labels);
        let horizons = &plan.layout.horizons;
        let column = |(part, label): (&Part, &&str)| {
            let horizon = horizons.iter().position(|known| known.label == *label).unwrap_or(0);
            Column::Metric { horizon, metric: part.metric() }
        };
        let columns = parts.iter().zip(&labels).map(column).collect();
        let (margin, scenario) = (margin.clone(), scenario.clone());
        Ok(Middle { plan, extremes, columns, margin, seed, progress, trouble, scenario })
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

    /// The metric of each part on each path, with some numbers changed; empty when stopped or not finite.
    pub(super) fn values(
        &self,
        changes: &[(QuantityId, f64)],
        paths: u64,
        seed: u64,
        threads: Option<usize>,
    ) -> Vec<Vec<f64>> {
        let none = vec![Vec::new(); self.columns.len()];
        if self.trouble.stopped() {
            return none;
        }
        let run = RunPlan { threads, ..RunPlan::new(seed, paths) };
        let keep = Keep { columns: self.columns.clone(), paths };
        let tally = self.simulated(&self.plan, changes, &run, keep);
        let columns = 0..self.columns.len();
        tally.map_or(none, |tally| columns.map(|column| tally.kept().column(column)).collect())
    }

    /// How each path stands to the target, with some numbers changed; empty when stopped or not finite.
    pub(super) fn outcomes(
        &self,
        changes: &[(QuantityId, f64)],
        paths: u64,
        seed: u64,
        threads: Option<usize>,
    ) -> Vec<f64> {
        outcomes(&self.margin, &self.values(changes, paths, seed, threads))
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
        // Counting the target's metrics finds outcomes that are not finite.
        let metrics = self.margin.target.parts().iter().map(Part::metric).collect();
        let gather = Gather { keep, until: None, metrics: Some(metrics) };
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

/// How each path stands to a target, from the values of its parts.
pub(super) fn outcomes(margin: &Margin, values: &[Vec<f64>]) -> Vec<f64> {
    let paths = values.first().map_or(0, Vec::len);
    let mut row = vec![0.0; values.len()];
    let mut outcome = |path: usize| {
        row.iter_mut().zip(values).for_each(|(cell, column)| *cell = column[path]);
        margin.outcome(&row)
    };
    (0..paths).map(&mut outcome).collect()
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

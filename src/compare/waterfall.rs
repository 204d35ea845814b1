//! Which change does it: the Shapley value of each group of changed assumptions, so that the order in which they are made
//! does not matter and the parts add up to the whole difference.
//!
//! With `v(S)` a statistic of the scenario that takes the groups in `S` from the other scenario and the rest from the base,
//! `φ_g = Σ_{S ∌ g} |S|! (k − |S| − 1)! / k! · (v(S ∪ g) − v(S))` (Shapley 1953; for risk measures, Shorrocks 2013, *J. Econ.
//! Inequality* 11). Up to five groups all `2^k` scenarios run on all paths; errors come from the influence
//! functions. With more groups the paths are cut into slices and each slice takes the groups in its own random order, the
//! next slice in the reverse order (antithetic). The parts then still add up, path by path, but only for the mean and for
//! shares of paths; the errors come from the spread over the pairs of slices and hold both the paths and the orders.

use super::changes::Changes;
use super::paired::Side;
use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::{IMPACT_10Y, Plan};
use crate::num::resample::{generator, shuffled};
use crate::stats::{Column, Estimate, Keep, Ranks, Statistic, Tally};
use crate::{Gather, require_horizon, simulate};
use std::ops::Range;

/// Groups up to which every combination runs.
const MOST_EXACT: usize = 5;

/// Slices of the paths when the orders are sampled.
const SLICES: u64 = 64;

/// The statistics that are taken apart; a sampled waterfall has those that are means over paths.
const STATISTICS: [Statistic; 7] = [
    Statistic::Mean,
    Statistic::Quantile(0.5),
    Statistic::Quantile(0.95),
    Statistic::Quantile(0.99),
    Statistic::Shortfall(20),
    Statistic::AtLeast(0),
    Statistic::AtLeast(1),
];

/// What each group of changes does to the 10-year impact.
#[derive(Debug, Clone, PartialEq)]
pub struct Waterfall {
    /// Label of the horizon.
    pub at: String,
    /// Whether every combination ran.
    pub exact: bool,
    /// The statistics.
    pub statistics: Vec<Statistic>,
    /// Their values in the base, and in the other scenario.
    pub ends: Vec<[f64; 2]>,
    /// The groups.
    pub parts: Vec<Part>,
}

/// What one group of changes does.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Name of the group.
    pub group: String,
    /// From what to what.
    pub detail: String,
    /// Shapley value by statistic; the parts add up to the difference of the ends.
    pub effects: Vec<Estimate>,
}

/// Paths that a waterfall over `groups` changes simulates beyond those of the two scenarios.
pub fn most_paths(groups: usize, paths: u64) -> u64 {
    let runs = match groups {
        0 | 1 => 0,
        few if few <= MOST_EXACT => (1 << few) - 2,
        many => many as u64 - 1,
    };
    paths.saturating_mul(runs)
}

/// Bytes that a waterfall holds at most: a weight of every path for each change and statistic.
pub fn waterfall_bytes(paths: u64) -> u64 {
    let numbers = (MOST_EXACT + 1) * STATISTICS.len();
    paths.saturating_mul((numbers * size_of::<f64>()) as u64)
}

/// Takes the difference between two scenarios, both simulated, apart. None without a change, or when it was stopped.
///
/// # Errors
/// A combination that cannot run or that lacks the horizon.
pub fn waterfall(
    ends: [&Side; 2],
    changes: &Changes,
    at: &str,
    run: &RunPlan,
    progress: &dyn Progress,
) -> Result<Option<Waterfall>, Error> {
    let groups = changes.groups.len();
    if groups == 0 {
        return Ok(None);
    }
    let exact = groups <= MOST_EXACT;
    let task = Task { ends, changes, at, run, progress };
    let statistics: Vec<Statistic> = STATISTICS
        .into_iter()
        .filter(|known| exact || known.is_share() || *known == Statistic::Mean)
        .collect();
    let effects =
        if exact { task.all_combinations(&statistics)? } else { task.sampled_orders(&statistics)? };
    let Some(effects) = effects else { return Ok(None) };
    let values = ends.map(|side| {
        let horizon = require_horizon(&side.plan, at)?;
        Ok::<_, Error>(values(&side.tally, horizon, &statistics))
    });
    let [base, other] = values;
    let ends = base?.into_iter().zip(other?).map(|(a, b)| [a.value, b.value]).collect();
    let parts = changes.groups.iter().zip(effects).map(|(group, effects)| Part {
        group: group.name.clone(),
        detail: group.detail.clone(),
        effects,
    });
    let parts = parts.collect();
    Ok(Some(Waterfall { at: at.to_owned(), exact, statistics, ends, parts }))
}

/// Statistics of the 10-year impact at a horizon.
fn values(tally: &Tally, horizon: usize, statistics: &[Statistic]) -> Vec<Estimate> {
    let (cell, measure) = (tally.cell(horizon, IMPACT_10Y), tally.measure(IMPACT_10Y));
    let ranks = Ranks::new(&measure.grid, &cell.bins);
    statistics.iter().map(|statistic| statistic.estimate(cell, measure, &ranks)).collect()
}

/// The weight of `v(S)` with `size` groups in `S` in the Shapley value of a group, in `S` or not.
fn weight(size: usize, inside: bool, groups: usize) -> f64 {
    let before = if inside { size - 1 } else { size };
    let choices = (0..before).fold(1.0, |c, i| c * (groups - 1 - i) as f64 / (i + 1) as f64);
    let weight = 1.0 / (choices * groups as f64);
    if inside { weight } else { -weight }
}

/// A waterfall under way.
struct Task<'a> {
    ends: [&'a Side; 2],
    changes: &'a Changes,
    at: &'a str,
    run: &'a RunPlan,
    progress: &'a dyn Progress,
}

/// Effects by group and statistic.
type Effects = Vec<Vec<Estimate>>;

impl Task<'_> {
    /// The 10-year impact of some paths of a combination, and their tally. None when it was stopped.
    fn combination(
        &self,
        bits: u64,
        paths: Range<u64>,
    ) -> Result<Option<(Vec<f64>, Tally, usize)>, Error> {
        let [base, other] = self.ends;
        let plan = Plan::new(&self.changes.mix(&base.scenario, &other.scenario, bits))?;
        let horizon = require_horizon(&plan, self.at)?;
        let columns = vec![Column::Metric { horizon, metric: IMPACT_10Y }];
        let keep = Keep { columns, paths: u64::MAX };
        let gather = Gather { keep, until: None, metrics: Some(vec![IMPACT_10Y]) };
        let run = RunPlan { paths, ..self.run.clone() };
        let simulated = simulate(&plan, &run, &gather, self.progress)?;
        let column = simulated.tally.kept().column(0);
        Ok((!simulated.partial).then_some((column, simulated.tally, horizon)))
    }

    /// The 10-year impact of the paths of one of the two scenarios.
    fn end(&self, index: usize) -> Result<(&[f64], &Tally, usize), Error> {
        let side = self.ends[index];
        let horizon = require_horizon(&side.plan, self.at)?;
        Ok((side.impact(horizon), &side.tally, horizon))
    }

    /// Every combination on all paths.
    fn all_combinations(&self, statistics: &[Statistic]) -> Result<Option<Effects>, Error> {
        let groups = self.changes.groups.len();
        let paths = (self.run.paths.end - self.run.paths.start) as usize;
        let mut sums = vec![vec![0.0; statistics.len()]; groups];
        let mut influences = vec![vec![vec![0.0; paths]; statistics.len()]; groups];
        let mut add = |bits: u64, column: &[f64], tally: &Tally, horizon: usize| {
            let (cell, measure) = (tally.cell(horizon, IMPACT_10Y), tally.measure(IMPACT_10Y));
            let ranks = Ranks::new(&measure.grid, &cell.bins);
            for (place, statistic) in statistics.iter().enumerate() {
                let estimate = statistic.estimate(cell, measure, &ranks);
                let influence = statistic.influence(column, &ranks, &estimate);
                for group in 0..groups {
                    let inside = bits >> group & 1 == 1;
                    let weight = weight(bits.count_ones() as usize, inside, groups);
                    sums[group][place] += weight * estimate.value;
                    let total = influences[group][place].iter_mut().zip(&influence);
                    total.for_each(|(total, own)| *total += weight * own);
                }
            }
        };
        let full = (1_u64 << groups) - 1;
        for (index, bits) in [(0, 0), (1, full)] {
            let (column, tally, horizon) = self.end(index)?;
            add(bits, column, tally, horizon);
        }
        for bits in 1..full {
            let Some((column, tally, horizon)) = self.combination(bits, self.run.paths.clone())?
            else {
                return Ok(None);
            };
            add(bits, &column, &tally, horizon);
        }
        let estimate = |(place, value): (usize, &f64), influence: &Vec<Vec<f64>>| Estimate {
            value: *value,
            mcse: statistics[place].error(influence[place].iter().copied(), true),
        };
        let of_group = |(sums, influence): (&Vec<f64>, &Vec<Vec<f64>>)| {
            sums.iter().enumerate().map(|sum| estimate(sum, influence)).collect()
        };
        Ok(Some(sums.iter().zip(&influences).map(of_group).collect()))
    }

    /// One random order a slice of the paths, each second one the reverse of that before.
    fn sampled_orders(&self, statistics: &[Statistic]) -> Result<Option<Effects>, Error> {
        let groups = self.changes.groups.len();
        let paths = self.run.paths.clone();
        let slices = slices(&paths);
        let (base, ..) = self.end(0)?;
        let (other, ..) = self.end(1)?;
        // Sums by pair of slices, group and statistic.
        let mut pairs = vec![vec![vec![0.0; statistics.len()]; groups]; slices.len().div_ceil(2)];
        for (index, slice) in slices.iter().enumerate() {
            let mut own = generator(self.run.seed, "compare.waterfall", index as u64 / 2);
            let mut order = shuffled(groups, &mut own);
            if index % 2 == 1 {
                order.reverse();
            }
            let inside = (slice.start - paths.start) as usize..(slice.end - paths.start) as usize;
            let mut before = base[inside.clone()].to_vec();
            let mut bits = 0;
            for (step, group) in order.into_iter().enumerate() {
                bits |= 1 << group;
                let after = if step + 1 == groups {
                    other[inside.clone()].to_vec()
                } else {
                    let Some((column, ..)) = self.combination(bits, slice.clone())? else {
                        return Ok(None);
                    };
                    column
                };
                for (place, statistic) in statistics.iter().enumerate() {
                    pairs[index / 2][group][place] += moved(*statistic, &before, &after);
                }
                before = after;
            }
        }
        Ok(Some(spread(&pairs, (paths.end - paths.start) as f64)))
    }
}

/// By how much a step moves the sum over the paths of what a statistic is the mean of.
fn moved(statistic: Statistic, before: &[f64], after: &[f64]) -> f64 {
    let empty = Ranks::default();
    let none = Estimate { value: 0.0, mcse: 0.0 };
    let sum = |values: &[f64]| statistic.influence(values, &empty, &none).iter().sum::<f64>();
    sum(after) - sum(before)
}

/// Means over all paths, with errors from the spread over the pairs of slices.
fn spread(pairs: &[Vec<Vec<f64>>], paths: f64) -> Effects {
    let count = pairs.len() as f64;
    let effect = |group: usize, place: usize| {
        let terms = pairs.iter().map(|pair| pair[group][place] / paths * count);
        let value = terms.clone().sum::<f64>() / count;
        Estimate { value, mcse: Statistic::Mean.error(terms, true) }
    };
    let groups = pairs.first().map_or(0, Vec::len);
    let statistics = pairs.first().and_then(|pair| pair.first()).map_or(0, Vec::len);
    (0..groups).map(|group| (0..statistics).map(|place| effect(group, place)).collect()).collect()
}

/// Cuts the paths into an even number of slices at multiples of a block.
fn slices(paths: &Range<u64>) -> Vec<Range<u64>> {
    let block = crate::model::BLOCK_PATHS as u64;
    let count = paths.end - paths.start;
    let slices = (count / (2 * block) * 2).clamp(2, SLICES);
    let cut = |index: u64| {
        let at = (count as u128 * u128::from(index) / u128::from(slices)) as u64;
        if index == slices { paths.end } else { paths.start + at / block * block }
    };
    (0..slices)
        .map(|index| cut(index)..cut(index + 1))
        .filter(|slice| slice.start < slice.end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_shapley() {
        for groups in 1..=6 {
            // A game that pays 1 only to all together gives each the same.
            assert!((weight(groups, true, groups) - 1.0 / groups as f64).abs() < 1e-12);
            // The weights of the combinations with a group add up to 1.
            let whole: f64 = (1_u64..1 << groups)
                .filter(|bits| bits & 1 == 1)
                .map(|bits| weight(bits.count_ones() as usize, true, groups))
                .sum();
            assert!((whole - 1.0).abs() < 1e-12, "{groups}");
        }
    }

    #[test]
    fn slices_cover_the_paths_once() {
        for count in [1_u64, 255, 512, 600, 20_000, 100_001] {
            let slices = slices(&(0..count));
            assert_eq!(slices.first().map(|slice| slice.start), Some(0));
            assert_eq!(slices.last().map(|slice| slice.end), Some(count));
            assert!(slices.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(slices.len() <= SLICES as usize);
        }
    }
}

//! The paired run: the same paths of every scenario, part by part, and the differences against the first.

use super::changes::Changes;
use super::waterfall::{Waterfall, waterfall};
use crate::engine::{Collect as _, Progress, RunPlan};
use crate::error::Error;
use crate::model::{CHANNELS, METRICS, Plan};
use crate::num::sum::{Moments, Quantiser};
use crate::scenario::Scenario;
use crate::stats::{
    Alike, Check, Column, Estimate, FEWEST_UNLIKE, Keep, Ranks, Statistic, StopRule, Tally, Z95,
    mean, proportion, wilson,
};
use crate::{Gather, Steps, require_horizon, simulate};

/// Paths of a part: what bounds the memory for channels that are only added up.
const PART: u64 = 65_536;

/// How to compare.
#[derive(Debug, Clone)]
pub struct Options {
    /// Paths, seed and threads.
    pub run: RunPlan,
    /// Positions of the metrics in [`METRICS`]; the 10-year impact is the first.
    pub metrics: Vec<usize>,
    /// Horizon of the waterfall.
    pub at: String,
    /// Stop at a check ([`Steps`]) at which this holds for every difference.
    pub until: Option<StopRule>,
    /// Whether to make waterfalls.
    pub waterfall: bool,
}

/// A scenario with its paths.
#[derive(Debug)]
pub struct Side {
    /// The scenario.
    pub scenario: Scenario,
    /// Ready to run.
    pub plan: Plan,
    /// All its paths.
    pub tally: Tally,
    /// Each metric at each horizon, path by path: position `metric * horizons + horizon`, metrics as in the options.
    values: Vec<Vec<f64>>,
}

/// A statistic of both scenarios and its difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Position of the metric in [`METRICS`].
    pub metric: usize,
    /// Label of the horizon.
    pub horizon: String,
    /// `mean`, `p5`, …, `prob_higher`.
    pub statistic: String,
    /// Unit of all numbers.
    pub unit: &'static str,
    /// Of the base.
    pub base: f64,
    /// Of the other scenario.
    pub value: f64,
    /// Other minus base, with its paired standard error.
    pub difference: Estimate,
}

impl Difference {
    /// The 95% interval of the difference; shares differ by 1 at most.
    pub fn interval(&self) -> (f64, f64) {
        let half = Z95 * self.difference.mcse;
        let ends = (self.difference.value - half, self.difference.value + half);
        let share = self.statistic.starts_with("prob_");
        if share { (ends.0.max(-1.0), ends.1.min(1.0)) } else { ends }
    }
}

/// The mean of a channel of the 10-year impact in both scenarios, bp.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelDifference {
    /// Channel, or `total`.
    pub channel: &'static str,
    /// Label of the horizon.
    pub horizon: String,
    /// Of the base.
    pub base: f64,
    /// Of the other scenario.
    pub value: f64,
    /// Other minus base, with its paired standard error.
    pub difference: Estimate,
}

/// A scenario against the base.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Name of the base.
    pub base: String,
    /// Name of the other scenario.
    pub scenario: String,
    /// Statistics by metric and horizon.
    pub differences: Vec<Difference>,
    /// Channels by horizon; those of a horizon add up to its `total`.
    pub channels: Vec<ChannelDifference>,
    /// What the scenarios assume differently.
    pub changes: Changes,
    /// Which change does it.
    pub waterfall: Option<Waterfall>,
    /// What the stopping rule saw.
    pub checks: Vec<Check>,
    /// Whether `end` is not the same day in both.
    pub other_end: bool,
}

/// All scenarios against the first.
#[derive(Debug)]
pub struct Comparison {
    /// The scenarios, the base first.
    pub sides: Vec<Side>,
    /// The others against it.
    pub pairs: Vec<Pair>,
    /// Paths of each scenario.
    pub paths: u64,
    /// Whether it was stopped, or met its cap of paths before its stopping rule.
    pub partial: bool,
}

/// Compares every scenario with the first. At least two must be given, with different names.
///
/// # Errors
/// As for [`simulate`]; a horizon of the options that a scenario does not have.
pub fn compare(
    scenarios: Vec<Scenario>,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Comparison, Error> {
    let mut sides = Vec::new();
    for scenario in scenarios {
        let plan = Plan::new(&scenario)?;
        require_horizon(&plan, &options.at)?;
        if let Some(rule) = &options.until {
            require_horizon(&plan, rule.horizon())?;
        }
        let tally = Tally::new(&plan.layout);
        let values = vec![Vec::new(); options.metrics.len() * plan.layout.horizons.len()];
        sides.push(Side { scenario, plan, tally, values });
    }
    let mut work = Work { options, progress, sides, channels: Vec::new() };
    work.channels = work.sides.iter().map(|_| Vec::new()).collect();
    let (checks, mut partial) = work.run()?;
    let paths = work.sides[0].tally.paths();
    let mut pairs = Vec::new();
    // Stopped before the first part was whole: there is nothing to compare.
    let others = if paths == 0 { 0..0 } else { 1..work.sides.len() };
    for other in others {
        let mut pair = work.pair(other);
        pair.checks = checks.iter().map(|row| row[other - 1].clone()).collect();
        if options.waterfall && !partial {
            let run = RunPlan { paths: 0..paths, ..options.run.clone() };
            let ends = [&work.sides[0], &work.sides[other]];
            pair.waterfall = waterfall(ends, &pair.changes, &options.at, &run, progress)?;
            partial |= pair.waterfall.is_none() && !pair.changes.groups.is_empty();
        }
        pairs.push(pair);
    }
    Ok(Comparison { sides: work.sides, pairs, paths, partial })
}

impl Side {
    /// A metric at a horizon, path by path; `slot` is its position in the options.
    fn column(&self, slot: usize, horizon: usize) -> &[f64] {
        &self.values[slot * self.plan.layout.horizons.len() + horizon]
    }

    /// The 10-year impact at a horizon, path by path.
    pub(super) fn impact(&self, horizon: usize) -> &[f64] {
        self.column(0, horizon)
    }

    /// What is kept of every path: the metrics at every horizon, then the channels.
    fn keep(&self, metrics: &[usize]) -> Keep {
        let mut columns = columns(&self.plan, metrics);
        for horizon in 0..self.plan.layout.horizons.len() {
            columns.extend((0..CHANNELS.len()).map(|channel| Column::Channel { horizon, channel }));
        }
        Keep { columns, paths: u64::MAX }
    }
}

/// What a comparison holds of every path of a scenario: the metrics at every horizon.
pub fn columns(plan: &Plan, metrics: &[usize]) -> Vec<Column> {
    let horizons = 0..plan.layout.horizons.len();
    let of =
        |&metric: &usize| horizons.clone().map(move |horizon| Column::Metric { horizon, metric });
    metrics.iter().flat_map(of).collect()
}

/// Exact sums of the differences of the channels, by common horizon.
type ChannelSums = Vec<[Moments; CHANNELS.len()]>;

/// A comparison under way.
struct Work<'a> {
    options: &'a Options,
    progress: &'a dyn Progress,
    sides: Vec<Side>,
    channels: Vec<ChannelSums>,
}

impl Work<'_> {
    /// Simulates all paths; gives what the stopping rule saw, one row a check with an entry a pair, and whether the run
    /// was stopped early.
    fn run(&mut self) -> Result<(Vec<Vec<Check>>, bool), Error> {
        let options = self.options;
        let mut steps = Steps::new(&options.run.paths, options.until.is_some());
        let mut rows: Vec<Vec<Check>> = Vec::new();
        while let Some(step) = steps.part() {
            let mut start = step.start;
            while start < step.end {
                let end = step.end.min(start + PART);
                if !self.part(start..end)? {
                    return Ok((rows, true));
                }
                start = end;
            }
            let Some(rule) = &options.until else { continue };
            let others = 1..self.sides.len();
            let checks: Vec<Check> = others.map(|other| self.check(rule, other)).collect();
            let met = checks.iter().all(|check| check.met);
            let unmet = checks.iter().filter(|check| !check.met);
            steps.grow(unmet.map(|check| rule.growth(check)).fold(1.0, f64::max));
            rows.push(checks);
            if met {
                return Ok((rows, false));
            }
        }
        Ok((rows, options.until.is_some()))
    }

    /// Simulates a part of the paths of every scenario; false when it was stopped, and the part is dropped.
    fn part(&mut self, paths: std::ops::Range<u64>) -> Result<bool, Error> {
        let mut found = Vec::new();
        for side in &self.sides {
            let run = RunPlan { paths: paths.clone(), ..self.options.run.clone() };
            let gather =
                Gather { keep: side.keep(&self.options.metrics), until: None, metrics: None };
            let simulated = simulate(&side.plan, &run, &gather, self.progress)?;
            if simulated.partial {
                return Ok(false);
            }
            let mut tally = simulated.tally;
            let kept = tally.take_kept();
            found.push((tally.keep(&Keep::default()), kept));
        }
        for other in 1..self.sides.len() {
            let labels = self.common(other);
            let sums = &mut self.channels[other];
            sums.resize(labels.len(), [Moments::default(); CHANNELS.len()]);
            for ((a, b), sums) in labels.into_iter().zip(sums) {
                for (channel, sum) in sums.iter_mut().enumerate() {
                    let column = |side: usize, horizon: usize| {
                        let before = self.sides[side].values.len();
                        found[side].1.column(before + horizon * CHANNELS.len() + channel)
                    };
                    let (base, value) = (column(0, a), column(other, b));
                    let steps: Vec<f64> = value.iter().zip(&base).map(|(b, a)| b - a).collect();
                    sum.absorb(&channel_step(), &steps);
                }
            }
        }
        for (side, (tally, kept)) in self.sides.iter_mut().zip(found) {
            let whole = std::mem::replace(&mut side.tally, Tally::new(&side.plan.layout));
            side.tally = whole.merge(tally);
            for (cell, values) in side.values.iter_mut().enumerate() {
                values.extend(kept.column(cell));
            }
        }
        Ok(true)
    }

    /// Positions of the horizons that the base and another scenario have both.
    fn common(&self, other: usize) -> Vec<(usize, usize)> {
        let labels = |side: usize| &self.sides[side].plan.layout.horizons;
        let find = |label: &str| labels(other).iter().position(|known| known.label == label);
        let base = labels(0).iter().enumerate();
        base.filter_map(|(a, horizon)| Some((a, find(&horizon.label)?))).collect()
    }

    /// What a stopping rule sees of a difference.
    fn check(&self, rule: &StopRule, other: usize) -> Check {
        let place = |side: usize| {
            let horizons = &self.sides[side].plan.layout.horizons;
            horizons.iter().position(|known| known.label == rule.horizon()).unwrap_or(0)
        };
        let slot = self.options.metrics.iter().position(|metric| *metric == rule.metric());
        let (slot, at) = (slot.unwrap_or(0), [place(0), place(other)]);
        let rows = self.difference(other, slot, at, &[rule.statistic()]);
        let difference = rows[0].difference;
        let mut width = Z95 * difference.mcse;
        let paths = self.sides[0].tally.paths();
        let check = Check { paths, value: difference.value, half_width: width, met: false };
        let [a, b] = [&self.sides[0].scenario, &self.sides[other].scenario];
        if Changes::between(a, b).groups.is_empty() {
            // Nothing is assumed differently, so that paths which do not differ never will.
            return Check { met: width <= rule.bound(), ..check };
        }
        let seen = self.alike(rule, other, slot, at);
        if rule.statistic().is_share() && seen.unlike < FEWEST_UNLIKE {
            width = width.max(wilson(seen.unlike, seen.count).1);
        }
        rule.judged(check, width, seen)
    }

    /// How much alike the differences of the paths are: of the metric, or of whether a share counts them.
    fn alike(&self, rule: &StopRule, other: usize, slot: usize, at: [usize; 2]) -> Alike {
        let sides = [&self.sides[0], &self.sides[other]];
        let measure = sides[0].tally.measure(self.options.metrics[slot]);
        let [a, b] = [0, 1].map(|index| sides[index].column(slot, at[index]));
        let unit = measure.quantiser.unit();
        let none = Estimate { value: f64::NAN, mcse: f64::NAN };
        let [a, b] = [a, b].map(|values| match rule.statistic() {
            share if share.is_share() => share.influence(values, &Ranks::default(), &none),
            _ => values.to_vec(),
        });
        let mut steps: Vec<f64> =
            a.iter().zip(&b).map(|(a, b)| libm::round((b - a) / unit)).collect();
        steps.sort_unstable_by(f64::total_cmp);
        let most = steps.chunk_by(|a, b| a == b).map(<[f64]>::len).max().unwrap_or(0);
        let range = steps.last().zip(steps.first()).map_or(0.0, |(high, low)| (high - low) * unit);
        let count = steps.len() as u64;
        Alike { unlike: count - most as u64, count, range, top: measure.grid.reach() }
    }

    /// Statistics of a metric at a horizon of both scenarios.
    fn difference(
        &self,
        other: usize,
        slot: usize,
        at: [usize; 2],
        statistics: &[Statistic],
    ) -> Vec<Difference> {
        let metric = self.options.metrics[slot];
        let sides = [&self.sides[0], &self.sides[other]];
        let columns = [sides[0].column(slot, at[0]), sides[1].column(slot, at[1])];
        let same = columns[0] == columns[1];
        let found = [0, 1].map(|index| {
            let tally = &sides[index].tally;
            let (cell, measure) = (tally.cell(at[index], metric), tally.measure(metric));
            (cell, measure, Ranks::new(&measure.grid, &cell.bins))
        });
        let horizon = &sides[0].plan.layout.horizons[at[0]].label;
        let row = |statistic: &Statistic| {
            let [a, b] = [0, 1].map(|index| {
                let (cell, measure, ranks) = &found[index];
                let estimate = statistic.estimate(cell, measure, ranks);
                (estimate, statistic.influence(columns[index], ranks, &estimate))
            });
            let influence = a.1.iter().zip(&b.1).map(|(a, b)| b - a);
            let mcse = statistic.error(influence, same);
            Difference {
                metric,
                horizon: horizon.clone(),
                statistic: statistic.name(),
                unit: if statistic.is_share() { "fraction" } else { METRICS[metric].unit },
                base: a.0.value,
                value: b.0.value,
                difference: Estimate { value: b.0.value - a.0.value, mcse },
            }
        };
        statistics.iter().map(row).collect()
    }

    /// On which share of the paths each of the two is higher.
    fn higher(&self, other: usize, slot: usize, at: [usize; 2]) -> Difference {
        let sides = [&self.sides[0], &self.sides[other]];
        let columns = [sides[0].column(slot, at[0]), sides[1].column(slot, at[1])];
        let sign = |(a, b): (&f64, &f64)| f64::from(u8::from(b > a)) - f64::from(u8::from(a > b));
        let signs: Vec<f64> = columns[0].iter().zip(columns[1]).map(sign).collect();
        let share = |of: f64| {
            let hits = signs.iter().filter(|sign| **sign == of).count();
            proportion(hits as u64, signs.len() as u64).value
        };
        let (base, value) = (share(-1.0), share(1.0));
        let same = columns[0] == columns[1];
        let mcse = Statistic::AtLeast(0).error(signs.into_iter(), same);
        Difference {
            metric: self.options.metrics[slot],
            horizon: sides[0].plan.layout.horizons[at[0]].label.clone(),
            statistic: "prob_higher".to_owned(),
            unit: "fraction",
            base,
            value,
            difference: Estimate { value: value - base, mcse },
        }
    }

    /// The means of the channels at a common horizon.
    fn channel_rows(
        &self,
        other: usize,
        at: [usize; 2],
        sums: &[Moments],
    ) -> Vec<ChannelDifference> {
        let sides = [&self.sides[0], &self.sides[other]];
        let horizon = &sides[0].plan.layout.horizons[at[0]].label;
        let mut rows: Vec<ChannelDifference> = Vec::new();
        for (channel, name) in CHANNELS.iter().enumerate() {
            let of = |side: usize| {
                let tally = &sides[side].tally;
                tally.channel(at[side], channel).mean(tally.channel_step())
            };
            let difference = mean(&sums[channel], &channel_step());
            let (base, value) = (of(0), of(1));
            rows.push(ChannelDifference {
                channel: name,
                horizon: horizon.clone(),
                base,
                value,
                difference: Estimate { value: value - base, ..difference },
            });
        }
        rows
    }

    /// All about one scenario against the base.
    fn pair(&self, other: usize) -> Pair {
        let sides = [&self.sides[0], &self.sides[other]];
        let (mut differences, mut channels) = (Vec::new(), Vec::new());
        for (index, (a, b)) in self.common(other).into_iter().enumerate() {
            for (slot, metric) in self.options.metrics.iter().enumerate() {
                let mut statistics = Statistic::all();
                let counted = METRICS[*metric].name.starts_with("impact_");
                statistics.retain(|statistic| counted || !statistic.is_share());
                differences.extend(self.difference(other, slot, [a, b], &statistics));
                differences.push(self.higher(other, slot, [a, b]));
            }
            channels.extend(self.channel_rows(other, [a, b], &self.channels[other][index]));
            let total = self.total(other, [a, b]);
            channels.push(total);
        }
        Pair {
            base: sides[0].scenario.name.clone(),
            scenario: sides[1].scenario.name.clone(),
            differences,
            channels,
            changes: Changes::between(&sides[0].scenario, &sides[1].scenario),
            waterfall: None,
            checks: Vec::new(),
            other_end: sides[0].plan.steps != sides[1].plan.steps,
        }
    }

    /// The row `total` of the channels: the mean impact.
    fn total(&self, other: usize, at: [usize; 2]) -> ChannelDifference {
        let row = self.difference(other, 0, at, &[Statistic::Mean]).remove(0);
        ChannelDifference {
            channel: "total",
            horizon: row.horizon,
            base: row.base,
            value: row.value,
            difference: row.difference,
        }
    }
}

/// Step of the exact sums of channels, bp.
fn channel_step() -> Quantiser {
    Quantiser::new(0.0, 1.0)
}

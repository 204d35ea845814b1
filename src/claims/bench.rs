//! Runs scenarios for the claims, each once.

use crate::compare::{Options, compare};
use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::{CHANNELS, HOLDERS, IMPACT_10Y, METRICS, Plan};
use crate::num::quantile;
use crate::scenario::Scenario;
use crate::stats::{Column, Estimate, Keep, Ranks, Statistic, Tally, mean};
use crate::{Gather, require_horizon, simulate};
use std::collections::BTreeMap;

/// Loads a built-in scenario by name, or a scenario text, with `KEY=VALUE` settings over it.
pub type Load<'a> = &'a dyn Fn(&str, &[&str]) -> Result<Scenario, Error>;

/// Scenarios and what they gave.
pub struct Bench<'a> {
    load: Load<'a>,
    run: RunPlan,
    progress: &'a dyn Progress,
    tallies: BTreeMap<String, Tally>,
}

impl<'a> Bench<'a> {
    /// A bench on which every scenario runs with the same paths.
    pub fn new(load: Load<'a>, run: RunPlan, progress: &'a dyn Progress) -> Self {
        Bench { load, run, progress, tallies: BTreeMap::new() }
    }

    /// The tally of a scenario.
    pub(super) fn tally(&mut self, name: &str, sets: &[&str]) -> Result<&Tally, Error> {
        let key = format!("{name} {sets:?}");
        if !self.tallies.contains_key(&key) {
            let plan = Plan::new(&(self.load)(name, sets)?)?;
            let simulated = simulate(&plan, &self.run, &Gather::default(), self.progress)?;
            if simulated.partial {
                return Err(Error::Stopped);
            }
            self.tallies.insert(key.clone(), simulated.tally);
        }
        Ok(&self.tallies[&key])
    }

    /// A statistic of a metric at a horizon.
    pub(super) fn read(
        &mut self,
        name: &str,
        sets: &[&str],
        metric: &str,
        horizon: &str,
        statistic: Statistic,
    ) -> Result<Estimate, Error> {
        let tally = self.tally(name, sets)?;
        Ok(read(tally, metric, horizon, statistic))
    }

    /// The 5, 50 and 95% quantiles of a metric at a horizon.
    pub(super) fn band(
        &mut self,
        name: &str,
        sets: &[&str],
        metric: &str,
        horizon: &str,
    ) -> Result<[f64; 3], Error> {
        let tally = self.tally(name, sets)?;
        Ok([0.05, 0.5, 0.95].map(|p| read(tally, metric, horizon, Statistic::Quantile(p)).value))
    }

    /// The mean of a channel of the 10-year impact at a horizon, bp.
    pub(super) fn channel(
        &mut self,
        name: &str,
        sets: &[&str],
        channel: &str,
        horizon: &str,
    ) -> Result<Estimate, Error> {
        let tally = self.tally(name, sets)?;
        let index = CHANNELS.iter().position(|known| *known == channel).unwrap_or(0);
        let at = tally.horizon(horizon).unwrap_or(0);
        Ok(mean(tally.channel(at, index), tally.channel_step()))
    }

    /// Mean net sales of some holders in some months, USD bn a month.
    pub(super) fn sales(
        &mut self,
        name: &str,
        holders: &[&str],
        months: std::ops::Range<usize>,
    ) -> Result<f64, Error> {
        let tally = self.tally(name, &[])?;
        let count = months.len() as f64;
        let unit = &tally.flow_measure().quantiser;
        let of = |holder: usize| {
            months.clone().map(move |month| tally.flow(month, holder).moments.mean(unit))
        };
        let places = HOLDERS.iter().enumerate().filter(|(_, known)| holders.contains(known));
        Ok(places.flat_map(|(holder, _)| of(holder)).sum::<f64>() / count)
    }

    /// The 5, 50 and 95% quantiles of what some holders sell in some months together, USD bn.
    pub(super) fn sold(
        &mut self,
        name: &str,
        holders: &[&str],
        months: std::ops::Range<usize>,
    ) -> Result<[f64; 3], Error> {
        let plan = Plan::new(&(self.load)(name, &[])?)?;
        let places = HOLDERS.iter().enumerate().filter(|(_, known)| holders.contains(known));
        let columns: Vec<Column> = places
            .flat_map(|(holder, _)| months.clone().map(move |month| Column::Flow { month, holder }))
            .collect();
        let keep = Keep { columns, paths: self.run.paths.end };
        let columns = keep.columns.len();
        let gather = Gather { keep, ..Gather::default() };
        let simulated = simulate(&plan, &self.run, &gather, self.progress)?;
        if simulated.partial {
            return Err(Error::Stopped);
        }
        let kept = simulated.tally.kept();
        let mut sums = vec![0.0; kept.paths()];
        for column in 0..columns {
            sums.iter_mut().zip(kept.column(column)).for_each(|(sum, sold)| *sum += sold);
        }
        sums.sort_by(f64::total_cmp);
        Ok([0.05, 0.5, 0.95].map(|p| quantile(&sums, p)))
    }

    /// The paired difference, second minus first, of a statistic.
    pub(super) fn difference(
        &mut self,
        scenarios: [(&str, &[&str]); 2],
        metric: &str,
        horizon: &str,
        statistic: Statistic,
    ) -> Result<Estimate, Error> {
        let mut sides = Vec::new();
        for (index, (name, sets)) in scenarios.into_iter().enumerate() {
            let mut scenario = (self.load)(name, sets)?;
            scenario.name = index.to_string();
            sides.push(scenario);
        }
        let options = Options {
            run: self.run.clone(),
            metrics: vec![IMPACT_10Y, place(metric)],
            at: horizon.to_owned(),
            until: None,
            waterfall: false,
        };
        let comparison = compare(sides, &options, self.progress)?;
        if comparison.partial {
            return Err(Error::Stopped);
        }
        let (metric, name) = (place(metric), statistic.name());
        let mut rows = comparison.pairs.iter().flat_map(|pair| &pair.differences);
        let row = rows
            .find(|row| row.metric == metric && row.horizon == horizon && row.statistic == name);
        let none = Estimate { value: f64::NAN, mcse: f64::NAN };
        Ok(row.map_or(none, |row| row.difference))
    }

    /// Makes sure that a scenario has a horizon.
    pub(super) fn require(&self, name: &str, horizon: &str) -> Result<(), Error> {
        require_horizon(&Plan::new(&(self.load)(name, &[])?)?, horizon).map(drop)
    }
}

fn place(metric: &str) -> usize {
    METRICS.iter().position(|known| known.name == metric).unwrap_or(IMPACT_10Y)
}

fn read(tally: &Tally, metric: &str, horizon: &str, statistic: Statistic) -> Estimate {
    let (at, metric) = (tally.horizon(horizon).unwrap_or(0), place(metric));
    let (cell, measure) = (tally.cell(at, metric), tally.measure(metric));
    statistic.estimate(cell, measure, &Ranks::new(&measure.grid, &cell.bins))
}

/// `3.4 ± 0.1`, with one standard error and as many places as it deserves.
pub(super) fn with_error(estimate: Estimate) -> String {
    let places = if estimate.mcse < 0.05 { 2 } else { 1 };
    format!("{:.places$} ± {:.places$}", estimate.value + 0.0, estimate.mcse)
}

/// `21.6% ± 0.3%`, with one standard error; `0.0% (0.0% to 0.1%)` where that would leave 0 to 100%.
pub(super) fn percent(estimate: Estimate) -> String {
    let Estimate { value, mcse } = estimate;
    let text = format!("{:.1}%", 100.0 * value);
    if value - mcse >= 0.0 && value + mcse <= 1.0 {
        return format!("{text} ± {:.1}%", 100.0 * mcse);
    }
    let [low, high] = [-mcse, mcse].map(|step| 100.0 * (value + step).clamp(0.0, 1.0));
    format!("{text} ({low:.1}% to {high:.1}%)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_never_leaves_the_possible() {
        let told = |value, mcse| percent(Estimate { value, mcse });
        assert_eq!(told(0.216, 0.003), "21.6% ± 0.3%");
        assert_eq!(told(0.0, 0.001), "0.0% (0.0% to 0.1%)");
        assert_eq!(told(0.999, 0.002), "99.9% (99.7% to 100.0%)");
    }
}

//! The first paths of a run, and which of them are its worst.

use super::FLAGGED;
use super::events::number;
use crate::model::{IMPACT_10Y, Layout};
use crate::num::quantile;
use crate::scenario::Scenario;
use crate::sensitivity::{SOURCE_PATHS, Tail, Worst};
use crate::stats::{Column, Tally};

/// Fewest worst paths for their share to count.
const FEWEST_WORST: usize = 20;

/// The first paths of a run.
pub(super) struct Paths<'a> {
    tally: &'a Tally,
    /// Which are among the worst 5% of the impact at the end; of paths that tie across their edge none is.
    pub(super) worst: Vec<bool>,
}

impl<'a> Paths<'a> {
    /// The paths of a run that has kept its outcomes; none without paths.
    pub(super) fn new(tally: &'a Tally) -> Option<Self> {
        let mut paths = Paths { tally, worst: Vec::new() };
        let horizon = tally.horizon("end")?;
        let impact = paths.column(Column::Metric { horizon, metric: IMPACT_10Y })?;
        if impact.is_empty() {
            return None;
        }
        let (tail, _) = Tail::of(&impact, Worst::Highest);
        paths.worst = impact.iter().map(|value| tail.holds(*value)).collect();
        Some(paths)
    }

    /// The shape of their outcomes.
    pub(super) fn layout(&self) -> &Layout {
        self.tally.layout()
    }

    /// A number of each path, where it was kept.
    pub(super) fn column(&self, wanted: Column) -> Option<Vec<f64>> {
        let columns = &self.tally.kept_columns().columns;
        let place = columns.iter().position(|column| *column == wanted)?;
        let mut values = self.tally.kept().column(place);
        values.truncate(SOURCE_PATHS as usize);
        Some(values)
    }

    /// What each path has drawn of a number of the scenario.
    pub(super) fn drawn(&self, scenario: &Scenario, address: &str) -> Vec<f64> {
        let place = scenario.quantities.iter().position(|own| own.address == address);
        let drawn = place.and_then(|id| self.column(Column::Draw(id)));
        let fixed = || number(scenario, address).unwrap_or(f64::NAN);
        drawn.unwrap_or_else(|| vec![fixed(); self.worst.len()])
    }

    /// Share of all paths and of the worst on which something holds; of no worst paths no number.
    pub(super) fn shares(&self, holds: impl Iterator<Item = bool>) -> [f64; 2] {
        let (mut all, mut bad, mut worst) = (0.0, 0.0, 0.0);
        for (holds, among) in holds.zip(&self.worst) {
            all += f64::from(u8::from(holds));
            bad += f64::from(u8::from(holds && *among));
            worst += f64::from(u8::from(*among));
        }
        [all / self.worst.len() as f64, bad / worst]
    }

    /// Whether so large a share is flagged; that of a few worst paths is not.
    pub(super) fn flagged(&self, [all, worst]: [f64; 2]) -> bool {
        let many = self.worst.iter().filter(|among| **among).count() >= FEWEST_WORST;
        all >= FLAGGED[0] || (many && worst >= FLAGGED[1])
    }
}

/// Two shares in words.
pub(super) fn told(shares: [f64; 2]) -> String {
    let all = format!("{:.0}% of paths", 100.0 * shares[0]);
    if shares[1].is_nan() {
        return all;
    }
    format!("{all} ({:.0}% of the worst 5%)", 100.0 * shares[1])
}

/// The 5%, 50% and 95% points of values.
pub(super) fn points(values: &[f64]) -> [f64; 3] {
    let sorted = sorted(values);
    [0.05, 0.5, 0.95].map(|probability| quantile(&sorted, probability))
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

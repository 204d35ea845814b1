//! Paths that leave the world that the model knows, counted from each path's own peak and trough.

use crate::model::{Block, Layout, METRICS};
use serde::{Deserialize, Serialize};

/// What was drawn on a path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnPath {
    /// Index of the path.
    pub path: u64,
    /// Value of each quantity of the scenario.
    pub values: Vec<f64>,
}

impl DrawnPath {
    /// The draws of the `place`-th path of a block.
    pub(super) fn of(block: &Block, place: usize) -> Self {
        let values = block.draws.iter().skip(place).step_by(block.paths.max(1));
        DrawnPath { path: block.first_path + place as u64, values: values.copied().collect() }
    }
}

/// The path furthest outside, measured by the width of the range that it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorstPath {
    /// What was drawn on it.
    pub drawn: DrawnPath,
    /// Position of the metric in [`METRICS`].
    pub metric: usize,
    /// The metric's extreme.
    pub value: f64,
    /// Distance of the extreme from the range, in widths of the range.
    pub widths: f64,
}

/// Where each path's extremes stand in a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extremes {
    peak: usize,
    trough: usize,
    steps: usize,
}

impl Extremes {
    /// Those of a layout, where it has both.
    pub(super) fn of(layout: &Layout) -> Option<Self> {
        let place = |label| layout.horizons.iter().position(|known| known.label == label);
        Some(Extremes { peak: place("peak")?, trough: place("trough")?, steps: layout.steps() })
    }
}

/// Counts of the paths that leave the known ranges of the metrics (`Metric::known`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outside {
    /// Paths that leave at least one range.
    pub paths: u64,
    /// Metric and paths that leave its range, those with any, in the order of the metrics.
    pub metrics: Vec<(usize, u64)>,
    /// The path furthest outside; of equals the first.
    pub worst: Option<WorstPath>,
}

impl Outside {
    /// Takes in a block whose extremes stand where `extremes` says.
    pub(super) fn absorb(&mut self, block: &Block, extremes: &Extremes) {
        let mut left = vec![false; block.paths];
        for (metric, about) in METRICS.iter().enumerate() {
            let Some(known) = about.known else { continue };
            let (low, high) = known.over(extremes.steps);
            let column = |horizon: usize| {
                let start = (horizon * METRICS.len() + metric) * block.paths;
                block.metrics.get(start..start + block.paths).unwrap_or(&[])
            };
            let mut count = 0;
            for (place, (top, bottom)) in
                column(extremes.peak).iter().zip(column(extremes.trough)).enumerate()
            {
                let (above, below) = (top - high, low - bottom);
                if above > 0.0 || below > 0.0 {
                    count += 1;
                    left[place] = true;
                    let value = if above >= below { *top } else { *bottom };
                    self.meet(block, place, (metric, value, above.max(below) / (high - low)));
                }
            }
            self.count(metric, count);
        }
        self.paths += left.iter().map(|left| u64::from(*left)).sum::<u64>();
    }

    /// Adds up, and keeps the worse of the two worst paths.
    pub fn merge(&mut self, other: Outside) {
        self.paths += other.paths;
        for (metric, count) in other.metrics {
            self.count(metric, count);
        }
        if let Some(worst) = other.worst
            && self.yields(worst.widths, worst.drawn.path, worst.metric)
        {
            self.worst = Some(worst);
        }
    }

    fn count(&mut self, metric: usize, paths: u64) {
        if paths == 0 {
            return;
        }
        match self.metrics.binary_search_by_key(&metric, |(known, _)| *known) {
            Ok(place) => self.metrics[place].1 += paths,
            Err(place) => self.metrics.insert(place, (metric, paths)),
        }
    }

    /// Looks at a path that left.
    fn meet(&mut self, block: &Block, place: usize, (metric, value, widths): (usize, f64, f64)) {
        if self.yields(widths, block.first_path + place as u64, metric) {
            self.worst =
                Some(WorstPath { drawn: DrawnPath::of(block, place), metric, value, widths });
        }
    }

    /// Whether such a path takes the place of the worst so far.
    fn yields(&self, widths: f64, path: u64, metric: usize) -> bool {
        self.worst.as_ref().is_none_or(|worst| {
            let order = worst.widths.total_cmp(&widths);
            order.then((path, metric).cmp(&(worst.drawn.path, worst.metric))).is_lt()
        })
    }
}

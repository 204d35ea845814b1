//! The collector of a run: per horizon and metric counts and sums, the channels, the flows, the first paths.

use super::bins::{Grid, PART};
use super::cell::{Cell, Measure, Tail};
use super::keep::Keep;
use super::outside::{DrawnPath, Extremes, Outside};
use super::sample::Sample;
use super::unsold::{self, Unsold};
use crate::engine::Collect;
use crate::model::{Block, CHANNELS, HOLDERS, IMPACT_10Y, Layout, METRICS};
use crate::num::sum::{Moments, Quantiser, all_finite};

/// Paths behind the fan chart.
pub const FAN_PATHS: u64 = 16_384;

/// Most paths a tally can hold: its counters have 32 bits.
pub const MAX_PATHS: u64 = u32::MAX as u64;

/// Bins to an octave of a metric, and of a flow, as powers of two.
const METRIC_BITS: u32 = 10;
const FLOW_BITS: u32 = 7;

/// All that is kept of the paths of one scenario. Its size does not grow with their number.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    layout: Layout,
    paths: u64,
    /// Metrics that are tallied.
    counted: Vec<usize>,
    /// Whether channels, flows and the fan are tallied too.
    whole: bool,
    measures: Vec<Measure>,
    cells: Vec<Cell>,
    channel: Quantiser,
    channels: Vec<Moments>,
    tails: Vec<Tail>,
    flow: Measure,
    flows: Vec<Cell>,
    fan: Sample<f32>,
    keep: Keep,
    kept: Sample<f64>,
    extremes: Option<Extremes>,
    outside: Outside,
    /// One an event.
    sales: Vec<Unsold>,
    /// The first path with an outcome that was not finite.
    lost: Option<DrawnPath>,
}

impl Tally {
    /// An empty tally for outcomes of this shape.
    pub fn new(layout: &Layout) -> Self {
        let measures: Vec<Measure> = METRICS
            .iter()
            .map(|metric| Measure {
                grid: Grid::new(metric.centre, metric.scale, METRIC_BITS),
                quantiser: Quantiser::new(metric.centre, metric.scale),
                levels: metric.name.starts_with("impact_"),
            })
            .collect();
        let quantiser = Quantiser::new(0.0, 1.0);
        let horizons = layout.horizons.len();
        let fan = METRICS.iter().filter(|metric| metric.fan).count();
        Tally {
            layout: layout.clone(),
            paths: 0,
            counted: (0..METRICS.len()).collect(),
            whole: true,
            measures,
            cells: vec![Cell::default(); horizons * METRICS.len()],
            channel: quantiser,
            channels: vec![Moments::default(); horizons * CHANNELS.len()],
            tails: vec![Tail::default(); horizons],
            flow: Measure { grid: Grid::new(0.0, 1.0, FLOW_BITS), quantiser, levels: false },
            flows: vec![Cell::default(); layout.months.len() * HOLDERS.len()],
            fan: Sample::new(FAN_PATHS, layout.fan.len() * fan),
            keep: Keep::default(),
            kept: Sample::new(0, 0),
            extremes: Extremes::of(layout),
            outside: Outside::default(),
            sales: Vec::new(),
            lost: None,
        }
    }

    /// The same for some metrics only, by position, without channels, flows and fan: a quarter less work where these are not
    /// asked for. What is not tallied reads as if there had been no path.
    #[must_use]
    pub fn only(mut self, metrics: &[usize]) -> Self {
        self.counted = metrics.to_vec();
        self.whole = false;
        self.fan = Sample::new(0, 0);
        self
    }

    /// The same, and keeps chosen numbers of the first paths.
    #[must_use]
    pub fn keep(mut self, keep: &Keep) -> Self {
        self.keep = keep.clone();
        self.kept = Sample::new(keep.paths, keep.columns.len());
        self
    }

    /// Which numbers of the first paths are kept.
    pub fn kept_columns(&self) -> &Keep {
        &self.keep
    }

    /// The shape of the outcomes.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Number of paths taken in.
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// Number of outcomes that were not finite: above zero, the run has failed.
    pub fn non_finite(&self) -> u64 {
        let cells = self.cells.iter().chain(&self.flows).map(|cell| cell.moments.non_finite());
        cells.chain(self.channels.iter().map(Moments::non_finite)).sum()
    }

    /// Where an outcome was not finite first, in the order of the files: metric or channel and horizon.
    pub fn first_non_finite(&self) -> Option<(&'static str, &str)> {
        let label = |horizon: usize| self.layout.horizons[horizon].label.as_str();
        let metric = self.cells.iter().position(|cell| cell.moments.non_finite() > 0);
        if let Some(cell) = metric {
            return Some((METRICS[cell % METRICS.len()].name, label(cell / METRICS.len())));
        }
        let channel = self.channels.iter().position(|sum| sum.non_finite() > 0);
        if let Some(cell) = channel {
            return Some((CHANNELS[cell % CHANNELS.len()], label(cell / CHANNELS.len())));
        }
        let flow = self.flows.iter().position(|cell| cell.moments.non_finite() > 0)?;
        Some((HOLDERS[flow % HOLDERS.len()], &self.layout.months[flow / HOLDERS.len()]))
    }

    /// What was drawn on the first path with an outcome that was not finite.
    pub fn lost(&self) -> Option<&DrawnPath> {
        self.lost.as_ref()
    }

    /// The paths that left the world that the model knows.
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// Position of a horizon by its label.
    pub fn horizon(&self, label: &str) -> Option<usize> {
        self.layout.horizons.iter().position(|horizon| horizon.label == label)
    }

    /// A metric at a horizon.
    pub fn cell(&self, horizon: usize, metric: usize) -> &Cell {
        &self.cells[horizon * METRICS.len() + metric]
    }

    /// How a metric is binned and added up.
    pub fn measure(&self, metric: usize) -> &Measure {
        &self.measures[metric]
    }

    /// Sums of a channel at a horizon, in steps of [`Tally::channel_step`].
    pub fn channel(&self, horizon: usize, channel: usize) -> &Moments {
        &self.channels[horizon * CHANNELS.len() + channel]
    }

    /// Step of the sums of the channels.
    pub fn channel_step(&self) -> &Quantiser {
        &self.channel
    }

    /// The channels beside each bin of the 10-year impact at a horizon.
    pub fn tail(&self, horizon: usize) -> &Tail {
        &self.tails[horizon]
    }

    /// What the `event`-th event asked to be sold and what of it was not there; none where it never asked.
    pub fn sale(&self, event: usize) -> Option<&Unsold> {
        self.sales.get(event).filter(|sale| sale.paths > 0)
    }

    /// Net sales of a holder in a month.
    pub fn flow(&self, month: usize, holder: usize) -> &Cell {
        &self.flows[month * HOLDERS.len() + holder]
    }

    /// How the flows are binned and added up.
    pub fn flow_measure(&self) -> &Measure {
        &self.flow
    }

    /// The fan metrics of the first paths: column `day * metrics + metric`.
    pub fn fan(&self) -> &Sample<f32> {
        &self.fan
    }

    /// The kept numbers of the first paths, columns as in [`Tally::kept_columns`].
    pub fn kept(&self) -> &Sample<f64> {
        &self.kept
    }

    /// Takes the kept numbers out, so that a long run can hand them on part by part.
    pub fn take_kept(&mut self) -> Sample<f64> {
        std::mem::replace(&mut self.kept, Sample::new(self.keep.paths, self.keep.columns.len()))
    }

    /// Bytes held by counts and sums, and by the first paths.
    pub fn bytes(&self) -> (usize, usize) {
        let cells = self.cells.iter().chain(&self.flows);
        let counts: usize = cells.map(|cell| size_of::<Cell>() + cell.bins.bytes()).sum();
        let tails: usize = self.tails.iter().map(Tail::bytes).sum();
        let channels = self.channels.len() * size_of::<Moments>();
        (counts + tails + channels, self.fan.bytes() + self.kept.bytes())
    }

    fn absorb_horizon(&mut self, block: &Block, horizon: usize, start: usize) {
        let mut places = [0_i32; PART];
        let mut impact = [0_i32; PART];
        let mut finite = true;
        for &metric in &self.counted {
            let measure = &self.measures[metric];
            let part = part(&block.metrics, horizon * METRICS.len() + metric, block, start);
            let cell = &mut self.cells[horizon * METRICS.len() + metric];
            if metric == IMPACT_10Y {
                finite = cell.absorb(measure, part, &mut impact);
            } else {
                cell.absorb(measure, part, &mut places);
            }
        }
        if !self.whole {
            return;
        }
        let columns: [&[f64]; CHANNELS.len()] = std::array::from_fn(|channel| {
            part(&block.channels, horizon * CHANNELS.len() + channel, block, start)
        });
        let sums = &mut self.channels[horizon * CHANNELS.len()..];
        for (sum, column) in sums.iter_mut().zip(columns) {
            sum.absorb(&self.channel, column);
            finite &= all_finite(column);
        }
        let bins = &self.cells[horizon * METRICS.len() + IMPACT_10Y].bins;
        let tail = &mut self.tails[horizon];
        let totals = part(&block.metrics, horizon * METRICS.len() + IMPACT_10Y, block, start);
        if finite {
            let places = &impact[..totals.len()];
            tail.absorb(&self.channel, bins, places, columns.into_iter());
            return;
        }
        for (path, &total) in totals.iter().enumerate() {
            let row = columns.map(|column| column.get(path..=path).unwrap_or(&[]));
            if total.is_finite() && row.iter().all(|value| all_finite(value)) {
                let bin = self.measures[IMPACT_10Y].grid.bin(total);
                let place = bins.span().0 as i32 + bin;
                tail.absorb(&self.channel, bins, &[place], row.into_iter());
            }
        }
    }

    /// Remembers the first path of the block with an outcome that is not finite.
    fn lose(&mut self, block: &Block) {
        let tables = [&block.metrics, &block.channels, &block.flows];
        let is_lost = |place: &usize| {
            let mut columns =
                tables.iter().flat_map(|table| table.iter().skip(*place).step_by(block.paths));
            columns.any(|value| !value.is_finite())
        };
        if let Some(place) = (0..block.paths).find(is_lost) {
            self.keep_first_lost(DrawnPath::of(block, place));
        }
    }

    fn keep_first_lost(&mut self, lost: DrawnPath) {
        if self.lost.as_ref().is_none_or(|first| lost.path < first.path) {
            self.lost = Some(lost);
        }
    }

    fn absorb_first_paths(&mut self, block: &Block) {
        let (first, paths) = (block.first_path, block.paths);
        let fan = |cell: usize| column(&block.fan, cell, block);
        self.fan.absorb(first, paths, fan, |value| value as f32);
        let kept = |cell: usize| self.keep.columns[cell].of(block);
        self.kept.absorb(first, paths, kept, |value| value);
    }
}

/// A column of a table of the block; empty when the table does not have it.
fn column<'a>(table: &'a [f64], cell: usize, block: &Block) -> &'a [f64] {
    table.get(cell * block.paths..(cell + 1) * block.paths).unwrap_or(&[])
}

/// At most [`PART`] paths of a column, from path `start` of the block.
#[inline(always)]
fn part<'a>(table: &'a [f64], cell: usize, block: &Block, start: usize) -> &'a [f64] {
    let column = column(table, cell, block);
    column.get(start..column.len().min(start + PART)).unwrap_or(&[])
}

impl Collect for Tally {
    fn absorb(&mut self, block: &Block) {
        self.paths += block.paths as u64;
        let lost_before = self.non_finite();
        for start in (0..block.paths).step_by(PART) {
            for horizon in 0..self.layout.horizons.len() {
                self.absorb_horizon(block, horizon, start);
            }
            let mut places = [0_i32; PART];
            for (cell, flow) in self.flows.iter_mut().enumerate().filter(|_| self.whole) {
                flow.absorb(&self.flow, part(&block.flows, cell, block, start), &mut places);
            }
        }
        self.absorb_first_paths(block);
        unsold::absorb(&mut self.sales, block);
        if let Some(extremes) = &self.extremes {
            self.outside.absorb(block, extremes);
        }
        if self.non_finite() > lost_before {
            self.lose(block);
        }
    }

    fn merge(mut self, other: Self) -> Self {
        debug_assert_eq!(self.layout, other.layout, "tallies of different shapes");
        self.paths += other.paths;
        let metrics = self.measures.len();
        for (index, (mine, theirs)) in self.cells.iter_mut().zip(&other.cells).enumerate() {
            mine.merge(&self.measures[index % metrics], theirs);
        }
        for (mine, theirs) in self.channels.iter_mut().zip(&other.channels) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.tails.iter_mut().zip(&other.tails) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.flows.iter_mut().zip(&other.flows) {
            mine.merge(&self.flow, theirs);
        }
        self.fan.merge(other.fan);
        self.kept.merge(other.kept);
        self.outside.merge(other.outside);
        unsold::merge(&mut self.sales, &other.sales);
        other.lost.into_iter().for_each(|lost| self.keep_first_lost(lost));
        self
    }
}

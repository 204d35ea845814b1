//! A block of paths from its draws to its outcomes.

use super::events;
use super::metrics::{Block, CHANNELS, HOLDERS, IMPACT_10Y, METRICS};
use super::plan::{Plan, Readings};
use super::shocks::Streams;
use super::world::{Parameters, Today, World};
use crate::num::lanes::*;
use crate::num::rng::{PathKeys, normals};

/// The seeds of a path: of what is drawn once a path, and of its days.
///
/// Drawn once a path, by name: every uncertain number, which part of a mixture it comes from (the study), the day and the
/// occurrence of events, whether dealers are stressed at the start. These are the assumptions of the file. Drawn every
/// day: the eight streams of [`super::shocks`] (markets, outcomes of meetings, jumps, everyday trading, campaigns, who
/// follows). Two runs whose seeds differ in `days` alone share all assumptions, path by path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    /// Seed of what is drawn once a path.
    pub paths: u64,
    /// Seed of what is drawn every day.
    pub days: u64,
}

impl From<u64> for Seeds {
    /// One seed for both.
    fn from(seed: u64) -> Self {
        Seeds { paths: seed, days: seed }
    }
}

/// Simulates `paths` paths from `first_path` on into `block`; `baseline` asks for the narrowest instructions.
///
/// The outcome of a path depends on the plan, the seeds and its index only.
pub fn simulate_block(
    plan: &Plan,
    seeds: impl Into<Seeds>,
    first_path: u64,
    paths: usize,
    baseline: bool,
    block: &mut Block,
) {
    block.first_path = first_path;
    block.paths = paths;
    with_lanes(
        Simulation { plan, seeds: seeds.into(), first_path, groups: paths.div_ceil(LANES), block },
        baseline,
    );
    block.cut(paths);
}

impl Block {
    /// Makes room for `width` paths a column.
    fn resize(&mut self, plan: &Plan, width: usize) {
        let layout = &plan.layout;
        let fans = METRICS.iter().filter(|metric| metric.fan).count();
        self.metrics.resize(layout.horizons.len() * METRICS.len() * width, 0.0);
        self.channels.resize(layout.horizons.len() * CHANNELS.len() * width, 0.0);
        self.fan.resize(layout.fan.len() * fans * width, 0.0);
        self.flows.resize(layout.months.len() * HOLDERS.len() * width, 0.0);
        self.draws.resize(layout.quantities * width, 0.0);
        self.sales.resize(plan.events.len() * 2 * width, 0.0);
    }

    /// Drops the lanes beyond the last path.
    fn cut(&mut self, paths: usize) {
        let width = paths.div_ceil(LANES) * LANES;
        if width == paths {
            return;
        }
        for table in [
            &mut self.metrics,
            &mut self.channels,
            &mut self.fan,
            &mut self.flows,
            &mut self.draws,
            &mut self.sales,
        ] {
            let columns = table.len() / width;
            for column in 0..columns {
                table.copy_within(column * width..column * width + paths, column * paths);
            }
            table.truncate(columns * paths);
        }
    }
}

/// The work of a block on lanes.
struct Simulation<'a> {
    plan: &'a Plan,
    seeds: Seeds,
    first_path: u64,
    groups: usize,
    block: &'a mut Block,
}

impl LaneWork for Simulation<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let width = self.groups * LANES;
        self.block.resize(self.plan, width);
        for group in 0..self.groups {
            let first = self.first_path + (group * LANES) as u64;
            let recorder = Recorder::new(simd, self.block, width, group * LANES);
            simd.vectorize(
                #[inline(always)]
                || simulate(simd, self.plan, self.seeds, first, recorder),
            );
        }
    }
}

/// Eight paths from their parameters to the last step.
#[inline(always)]
fn simulate<S: Simd>(
    simd: S,
    plan: &Plan,
    seeds: Seeds,
    first_path: u64,
    mut recorder: Recorder<'_, S>,
) {
    let (parameters, events) = draw(simd, plan, seeds.paths, first_path, &mut recorder);
    let streams = Streams::new(simd, seeds.days, first_path);
    let mut world = World::new(simd, plan, parameters, events, streams);
    for (index, readings) in plan.readings.iter().enumerate() {
        let today = world.step(index + 1);
        recorder.day(&today);
        recorder.read(&today, readings);
    }
    recorder.extremes(plan);
    for (event, sale) in world.sales().enumerate() {
        recorder.sale(event, &sale);
    }
}

/// The parameters and events of eight paths: one normal a quantity, correlated, through its quantile function.
#[inline(always)]
fn draw<S: Simd>(
    simd: S,
    plan: &Plan,
    seed: u64,
    first_path: u64,
    recorder: &mut Recorder<'_, S>,
) -> (Parameters<Lane<S>>, Vec<events::State<S>>) {
    let keys = PathKeys::new(seed, first_path);
    let mut z: Vec<[f64; LANES]> = Vec::with_capacity(plan.uncertain.len() + 1);
    for pair in plan.uncertain.chunks(2) {
        let last = pair[pair.len() - 1].name;
        let ([first, _], [second, _]) =
            normals(keys.word(simd, pair[0].name), keys.word(simd, last));
        for lane in [first, second] {
            let mut row = [0.0; LANES];
            lane.store_slice(&mut row);
            z.push(row);
        }
    }
    correlate(plan, &mut z);
    let mut values: Vec<[f64; LANES]> = plan.values.iter().map(|value| [*value; LANES]).collect();
    let all = &z;
    for (uncertain, z) in plan.uncertain.iter().zip(all) {
        for (lane, z) in z.iter().enumerate() {
            let selector = keys.uniform(lane, uncertain.name ^ SELECTOR);
            let part = uncertain.study.and_then(|study| {
                let believed = plan.uncertain[study].marginal.draw(all[study][lane], 0.0);
                uncertain.marginal.part((believed as usize).checked_sub(1)?)
            });
            values[uncertain.quantity][lane] =
                part.unwrap_or(&uncertain.marginal).draw(*z, selector);
        }
    }
    recorder.draws(&values);
    let load = |quantity: usize| Lane::from_slice(simd, &values[quantity]);
    let mut next = 0;
    let parameters = Parameters::read(
        #[inline(always)]
        || {
            next += 1;
            Lane::from_slice(simd, &values[next - 1])
        },
    );
    let events = plan.events.iter().map(|event| {
        let mut numbers = [splat(simd, 0.0); 4];
        for (number, quantity) in numbers.iter_mut().zip(&event.numbers) {
            *number = load(*quantity);
        }
        let mut luck = [0.0; LANES];
        for (lane, luck) in luck.iter_mut().enumerate() {
            *luck = keys.uniform(lane, event.draw);
        }
        let happens = Lane::from_slice(simd, &luck).simd_lt(load(event.probability));
        events::State::new(simd, event, load(event.day), happens, numbers)
    });
    (parameters, events.collect())
}

/// Makes the draw that selects a mixture's component independent of its normal.
const SELECTOR: u64 = 0x5e1e_c70c_0000_0001;

/// Replaces correlated normals by L z, in place.
fn correlate(plan: &Plan, z: &mut [[f64; LANES]]) {
    let independent: Vec<[f64; LANES]> =
        plan.correlated.iter().map(|(place, _)| z[*place]).collect();
    for (place, row) in &plan.correlated {
        let mut sum = [0.0; LANES];
        for (factor, z) in row.iter().zip(&independent) {
            for (sum, z) in sum.iter_mut().zip(z) {
                *sum += factor * z;
            }
        }
        z[*place] = sum;
    }
}

/// Writes what eight paths do into the columns of a block.
struct Recorder<'a, S: Simd> {
    block: &'a mut Block,
    width: usize,
    offset: usize,
    flows: [Lane<S>; HOLDERS.len()],
    peak: [Lane<S>; METRICS.len()],
    trough: [Lane<S>; METRICS.len()],
    channels_at_peak: [Lane<S>; CHANNELS.len()],
    channels_at_trough: [Lane<S>; CHANNELS.len()],
}

impl<'a, S: Simd> Recorder<'a, S> {
    #[inline(always)]
    fn new(simd: S, block: &'a mut Block, width: usize, offset: usize) -> Self {
        let zero = splat(simd, 0.0);
        Recorder {
            block,
            width,
            offset,
            flows: [zero; HOLDERS.len()],
            peak: [splat(simd, f64::NEG_INFINITY); METRICS.len()],
            trough: [splat(simd, f64::INFINITY); METRICS.len()],
            channels_at_peak: [zero; CHANNELS.len()],
            channels_at_trough: [zero; CHANNELS.len()],
        }
    }

    /// Follows the day: flows of the month, extremes.
    #[inline(always)]
    fn day(&mut self, today: &Today<S>) {
        for (sum, flow) in self.flows.iter_mut().zip(today.flows) {
            *sum += flow;
        }
        let impact = today.metrics[IMPACT_10Y];
        let higher: Mask<S> = impact.simd_gt(self.peak[IMPACT_10Y]);
        let lower: Mask<S> = impact.simd_lt(self.trough[IMPACT_10Y]);
        for channel in 0..CHANNELS.len() {
            let now = today.channels[channel];
            self.channels_at_peak[channel] = higher.select(now, self.channels_at_peak[channel]);
            self.channels_at_trough[channel] = lower.select(now, self.channels_at_trough[channel]);
        }
        for (metric, now) in today.metrics.iter().enumerate() {
            self.peak[metric] = now.max(self.peak[metric]);
            self.trough[metric] = now.min(self.trough[metric]);
        }
    }

    /// Writes down what the plan reads at this step.
    #[inline(always)]
    fn read(&mut self, today: &Today<S>, readings: &Readings) {
        let (width, offset) = (self.width, self.offset);
        for horizon in &readings.horizons {
            store(&mut self.block.metrics, horizon * METRICS.len(), &today.metrics, width, offset);
            store(
                &mut self.block.channels,
                horizon * CHANNELS.len(),
                &today.channels,
                width,
                offset,
            );
        }
        if let Some(day) = readings.fan {
            let fans = METRICS.iter().filter(|metric| metric.fan).count();
            let mut cell = day * fans;
            for (metric, value) in METRICS.iter().zip(&today.metrics) {
                if metric.fan {
                    store(&mut self.block.fan, cell, std::slice::from_ref(value), width, offset);
                    cell += 1;
                }
            }
        }
        if let Some(month) = readings.month {
            store(&mut self.block.flows, month * HOLDERS.len(), &self.flows, width, offset);
            for flow in &mut self.flows {
                *flow = splat(flow.simd, 0.0);
            }
        }
    }

    /// Writes down the extremes, after the last step.
    #[inline(always)]
    fn extremes(&mut self, plan: &Plan) {
        let (width, offset) = (self.width, self.offset);
        for (index, horizon) in plan.layout.horizons.iter().enumerate() {
            let (metrics, channels) = match (horizon.day, horizon.label.as_str()) {
                (None, "peak") => (&self.peak, &self.channels_at_peak),
                (None, _) => (&self.trough, &self.channels_at_trough),
                _ => continue,
            };
            store(&mut self.block.metrics, index * METRICS.len(), metrics, width, offset);
            store(&mut self.block.channels, index * CHANNELS.len(), channels, width, offset);
        }
    }

    /// Writes down what an event asked for, and what of it was not there.
    #[inline(always)]
    fn sale(&mut self, event: usize, sale: &[Lane<S>; 2]) {
        store(&mut self.block.sales, event * 2, sale, self.width, self.offset);
    }

    /// Writes down the drawn quantities.
    fn draws(&mut self, values: &[[f64; LANES]]) {
        for (quantity, row) in values.iter().enumerate() {
            let start = quantity * self.width + self.offset;
            self.block.draws[start..start + LANES].copy_from_slice(row);
        }
    }
}

/// Stores lanes into consecutive cells of a column-major table.
#[inline(always)]
fn store<S: Simd>(table: &mut [f64], cell: usize, lanes: &[Lane<S>], width: usize, offset: usize) {
    for (index, lane) in lanes.iter().enumerate() {
        let start = (cell + index) * width + offset;
        lane.store_slice(&mut table[start..start + LANES]);
    }
}

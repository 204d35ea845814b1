//! What is written down of a path of the oracle, in the cells of a `Block` of one path.

use super::world::{Day, World};
use ustress::model::{Block, CHANNELS, HOLDERS, IMPACT_10Y, METRICS, Plan};

/// Simulates path `path`; `change` may tamper with what it has drawn. Gives a block of one.
pub(crate) fn run(plan: &Plan, seed: u64, path: u64, change: impl Fn(&mut [f64])) -> Block {
    let mut world = World::new(plan, seed, path, change);
    let layout = &plan.layout;
    let mut out = Block {
        first_path: path,
        paths: 1,
        metrics: vec![0.0; layout.horizons.len() * METRICS.len()],
        channels: vec![0.0; layout.horizons.len() * CHANNELS.len()],
        fan: Vec::with_capacity(layout.fan.len() * METRICS.len()),
        flows: vec![0.0; layout.months.len() * HOLDERS.len()],
        draws: std::mem::take(&mut world.quantities),
        ..Block::default()
    };
    let mut peak = Extreme::new(1.0);
    let mut trough = Extreme::new(-1.0);
    for step in 1..=plan.steps {
        let day = world.day();
        peak.see(&day);
        trough.see(&day);
        write(plan, &mut out, step, &day);
    }
    for (index, horizon) in layout.horizons.iter().enumerate() {
        match (horizon.day, horizon.label.as_str()) {
            (None, "peak") => peak.write(&mut out, index),
            (None, "trough") => trough.write(&mut out, index),
            _ => {}
        }
    }
    out
}

/// Writes a day into the cells that it belongs to.
fn write(plan: &Plan, out: &mut Block, step: usize, day: &Day) {
    let layout = &plan.layout;
    let readings = &plan.readings[step - 1];
    for &index in &readings.horizons {
        row(&mut out.metrics, index, &day.metrics);
        row(&mut out.channels, index, &day.channels);
    }
    if readings.fan.is_some_and(|place| layout.fan[place].0 == step) {
        for (value, metric) in day.metrics.iter().zip(METRICS) {
            if metric.fan {
                out.fan.push(*value);
            }
        }
    }
    let month = plan.calendar.month_index[step - 1];
    let sums = &mut out.flows[month * HOLDERS.len()..];
    for (sum, flow) in sums.iter_mut().zip(day.holders) {
        *sum += flow;
    }
}

fn row(table: &mut [f64], index: usize, values: &[f64]) {
    table[index * values.len()..(index + 1) * values.len()].copy_from_slice(values);
}

/// The largest (`sign` 1) or smallest (−1) of each metric, and the channels of the impact's own day.
struct Extreme {
    sign: f64,
    metrics: [f64; METRICS.len()],
    channels: [f64; CHANNELS.len()],
}

impl Extreme {
    fn new(sign: f64) -> Self {
        let never = -sign * f64::INFINITY;
        Extreme { sign, metrics: [never; METRICS.len()], channels: [0.0; CHANNELS.len()] }
    }

    fn see(&mut self, day: &Day) {
        let beyond = |now: f64, so_far: f64| (now - so_far) * self.sign > 0.0;
        if beyond(day.metrics[IMPACT_10Y], self.metrics[IMPACT_10Y]) {
            self.channels = day.channels;
        }
        for (so_far, now) in self.metrics.iter_mut().zip(day.metrics) {
            if beyond(now, *so_far) {
                *so_far = now;
            }
        }
    }

    fn write(&self, out: &mut Block, index: usize) {
        row(&mut out.metrics, index, &self.metrics);
        row(&mut out.channels, index, &self.channels);
    }
}

//! A rising function of a standard normal, tabulated: monotone cubic pieces, a dozen nanoseconds a draw.

/// Largest |z| of the tables; beyond it lies a probability of 1e-17.
const REACH: f64 = 8.5;
/// Error that a table may have.
const ERROR: f64 = 1e-9;
/// Steps of the coarsest and of the finest table.
const STEPS: [usize; 2] = [256, 16_384];

/// Values and slopes at equal steps of z.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    per_step: f64,
    /// Value, and slope per step, at each node.
    nodes: Vec<(f64, f64)>,
}

impl Table {
    /// Tabulates the rising function `exact(z, guess)` with the derivative `slope(z, value)`.
    pub(super) fn new(exact: impl Fn(f64, f64) -> f64, slope: impl Fn(f64, f64) -> f64) -> Self {
        let mut values = sample(&exact, STEPS[0], 0, 1);
        loop {
            let steps = values.len() - 1;
            let coarse = Table::through(&slope, &values);
            let middles = sample(&exact, 2 * steps, 1, 2);
            let error = middles.iter().enumerate().fold(0.0_f64, |worst, (index, exact)| {
                let z = -REACH + (index as f64 + 0.5) / coarse.per_step;
                worst.max((coarse.at(z) - exact).abs())
            });
            let mut merged = Vec::with_capacity(2 * steps + 1);
            for (index, value) in values.iter().enumerate() {
                merged.push(*value);
                merged.extend(middles.get(index));
            }
            values = merged;
            if error < ERROR || values.len() > STEPS[1] {
                return Table::through(&slope, &values);
            }
        }
    }

    fn through(slope: &impl Fn(f64, f64) -> f64, values: &[f64]) -> Self {
        let steps = values.len() - 1;
        let width = 2.0 * REACH / steps as f64;
        let nodes = (0..=steps).map(|index| {
            let z = -REACH + index as f64 * width;
            let x = values[index];
            let exact = slope(z, x) * width;
            let left = if index > 0 { x - values[index - 1] } else { f64::INFINITY };
            let right = if index < steps { values[index + 1] - x } else { f64::INFINITY };
            let limit = 3.0 * left.min(right);
            (x, if exact.is_finite() { exact.max(0.0).min(limit) } else { 0.0 })
        });
        Table { per_step: 1.0 / width, nodes: nodes.collect() }
    }

    /// The value at `z`.
    #[inline]
    pub(super) fn at(&self, z: f64) -> f64 {
        let place = (z + REACH) * self.per_step;
        let index = (place.max(0.0) as usize).min(self.nodes.len() - 2);
        let s = (place - index as f64).clamp(0.0, 1.0);
        let (x0, d0) = self.nodes[index];
        let (x1, d1) = self.nodes[index + 1];
        let rise = x1 - x0;
        let cubic = d0 + d1 - 2.0 * rise;
        (x0 + s * (d0 + s * (3.0 * rise - 2.0 * d0 - d1 + s * cubic))).max(x0).min(x1)
    }
}

/// Exact values at the nodes `first, first + stride, …` of a grid of `steps`, made monotone.
fn sample(exact: &impl Fn(f64, f64) -> f64, steps: usize, first: usize, stride: usize) -> Vec<f64> {
    let width = 2.0 * REACH / steps as f64;
    let (mut guess, mut floor) = (0.5, f64::NEG_INFINITY);
    let nodes = (first..=steps).step_by(stride).map(|index| {
        guess = exact(-REACH + index as f64 * width, guess);
        floor = floor.max(guess);
        floor
    });
    nodes.collect()
}

#[cfg(test)]
mod tests {
    use super::super::beta::Beta;
    use super::super::normal::{normal_cdf, normal_density};
    use super::*;

    #[test]
    fn table_is_within_a_billionth_of_the_exact_quantile() {
        for (a, b) in [(5.0, 5.0), (2.0, 6.0), (0.5, 0.5), (1.0, 1.0), (40.0, 3.0), (0.3, 4.0)] {
            let beta = Beta::new(a, b);
            let exact = |z: f64, guess: f64| beta.quantile(normal_cdf(z), normal_cdf(-z), guess);
            let table = Table::new(exact, |z, x| normal_density(z) / beta.density(x));
            let mut last = 0.0;
            for step in 0..5000 {
                let z = -7.0 + f64::from(step) * 0.002_8;
                assert!((table.at(z) - exact(z, 0.5)).abs() < 1e-9, "{a} {b} {z}");
                assert!(table.at(z) >= last - 1e-15);
                last = table.at(z);
            }
        }
    }
}

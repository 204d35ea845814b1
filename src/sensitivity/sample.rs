//! The rows under study in an order that depends on their contents only, and each input as the regressions see it.

use crate::num::resample::{generator, shuffled};
use rayon::prelude::*;
use std::ops::Range;

/// Functions of one input at most: its standardised value and Legendre polynomials of degree 1 to 12 of its rank.
pub(super) const FACTORS: usize = 13;

/// Most blocks of rows, the units of the bootstrap.
const BLOCKS: usize = 100;

/// Seed of shuffles, resamples and permutations: the results are a function of the rows alone.
pub(super) const SEED: u64 = 20_260_701;

/// The rows sorted by output and inputs, then shuffled by a fixed permutation: the order in which they came is gone.
pub(super) fn content_order(output: &[f64], inputs: &[Vec<f64>]) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..output.len()).collect();
    sorted.sort_by(|a, b| {
        let columns = std::iter::once(output).chain(inputs.iter().map(Vec::as_slice));
        columns
            .map(|column| column[*a].total_cmp(&column[*b]))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let order = shuffled(output.len(), &mut generator(SEED, "sensitivity.rows", 0));
    order.into_iter().map(|at| sorted[at]).collect()
}

/// Ranks 1 to n, those of equal values averaged.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start]];
        let ties = order[start..].iter().take_while(|row| values[**row] == value).count();
        let rank = start as f64 + (ties as f64 + 1.0) / 2.0;
        for row in &order[start..start + ties] {
            ranks[*row] = rank;
        }
        start += ties;
    }
    ranks
}

/// Values brought to mean 0 and variance 1; `None` when they do not vary beyond rounding.
pub(super) fn standardised(values: &[f64]) -> Option<Vec<f64>> {
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest == 0.0 {
        return None;
    }
    let n = values.len() as f64;
    let mut scaled: Vec<f64> = values.iter().map(|value| value / largest).collect();
    let mean = scaled.iter().sum::<f64>() / n;
    for value in &mut scaled {
        *value -= mean;
    }
    let deviation = (scaled.iter().map(|value| value * value).sum::<f64>() / n).sqrt();
    if deviation <= 1e-12 {
        return None;
    }
    for value in &mut scaled {
        *value /= deviation;
    }
    Some(scaled)
}

/// Most groups of a category: one more than its indicators.
pub(super) const GROUPS: usize = FACTORS + 1;

/// An input: its rows as standardised value and as rank on −1 to 1, and what centres and scales each function of it.
#[derive(Debug)]
pub(super) struct Input {
    /// The group of each row, where the input is a category: its functions are indicators of all groups but the first.
    groups: Option<Vec<u8>>,
    /// Standardised value.
    pub(super) z: Vec<f64>,
    /// `(2 · rank − 1) / n − 1`.
    pub(super) t: Vec<f64>,
    centre: [f64; FACTORS],
    /// One over the standard deviation of the function; 0 when it does not vary.
    pub(super) scale: [f64; FACTORS],
}

impl Input {
    fn new(values: &[f64], degree: usize, category: bool) -> Self {
        let n = values.len() as f64;
        let groups = category.then(|| values.iter().map(|group| *group as u8).collect());
        let Some(z) = standardised(values) else {
            let still = [0.0; FACTORS];
            return Input { groups, z: Vec::new(), t: Vec::new(), centre: still, scale: still };
        };
        let t = ranks(values).into_iter().map(|rank| (2.0 * rank - 1.0) / n - 1.0).collect();
        let mut input = Input { groups, z, t, centre: [0.0; FACTORS], scale: [1.0; FACTORS] };
        let degree = if category { FACTORS } else { degree };
        let (mut sums, mut squares) = ([0.0; FACTORS], [0.0; FACTORS]);
        for row in 0..values.len() {
            for (factor, value) in input.at(row).into_iter().enumerate() {
                sums[factor] += value;
                squares[factor] += value * value;
            }
        }
        for factor in 0..FACTORS {
            let mean = sums[factor] / n;
            let variance = squares[factor] / n - mean * mean;
            let used = factor <= degree && variance > 1e-10;
            input.centre[factor] = mean;
            input.scale[factor] = if used { 1.0 / variance.sqrt() } else { 0.0 };
        }
        input
    }

    /// Whether the input takes more than one value.
    pub(super) fn varies(&self) -> bool {
        !self.z.is_empty()
    }

    /// Whether its values have no order.
    pub(super) fn is_category(&self) -> bool {
        self.groups.is_some()
    }

    /// All functions of the input in a row, centred and scaled; 0 for those that are not used.
    #[inline]
    pub(super) fn at(&self, row: usize) -> [f64; FACTORS] {
        if let Some(groups) = &self.groups {
            let hit = |k: usize| f64::from(u8::from(usize::from(groups[row]) == k + 1));
            return std::array::from_fn(|k| (hit(k) - self.centre[k]) * self.scale[k]);
        }
        let t = self.t[row];
        let mut values = [0.0; FACTORS];
        values[0] = self.z[row];
        values[1] = t;
        for k in 2..FACTORS {
            let before = if k == 2 { 1.0 } else { values[k - 2] };
            let k_real = k as f64;
            values[k] =
                ((2.0 * k_real - 1.0) * t * values[k - 1] - (k_real - 1.0) * before) / k_real;
        }
        std::array::from_fn(|k| (values[k] - self.centre[k]) * self.scale[k])
    }
}

/// The inputs of all rows, cut into blocks.
#[derive(Debug)]
pub(super) struct Sample {
    /// Inputs in the order of the columns.
    pub(super) inputs: Vec<Input>,
    /// Number of rows.
    pub(super) rows: usize,
    /// Blocks of neighbouring rows, equal in length but for one row.
    pub(super) blocks: Vec<Range<usize>>,
}

impl Sample {
    /// Reads columns whose rows stand in [`content_order`], and whether each is a category.
    pub(super) fn new(columns: &[Vec<f64>], categories: &[bool], rows: usize) -> Self {
        let degree = (libm::cbrt(rows as f64) as usize).clamp(2, FACTORS - 1);
        let read = |(place, values): (usize, &Vec<f64>)| {
            Input::new(values, degree, categories.get(place).copied().unwrap_or(false))
        };
        let inputs = columns.par_iter().enumerate().map(read).collect();
        let count = BLOCKS.min(rows / 2).max(1);
        let blocks = (0..count).map(|k| k * rows / count..(k + 1) * rows / count).collect();
        Sample { inputs, rows, blocks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_rank_and_constants_do_not_vary() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert!(standardised(&[5.0; 7]).is_none());
        assert!(standardised(&[1.0, 1.0 + 2e-16]).is_none());
        let extreme = standardised(&[1e308, -1e308, 1e308, -1e308]);
        assert_eq!(extreme, Some(vec![1.0, -1.0, 1.0, -1.0]));
        let input = Input::new(&[2.0; 10], 4, false);
        assert!(!input.varies() && input.scale == [0.0; FACTORS]);
    }

    #[test]
    fn functions_of_a_continuous_input_are_orthonormal() {
        let values: Vec<f64> = (0..5000).map(|i| f64::from((i * 1237) % 5000)).collect();
        let input = Input::new(&values, FACTORS - 1, false);
        for a in 1..FACTORS {
            for b in 1..FACTORS {
                let products = (0..5000).map(|row| input.at(row)[a] * input.at(row)[b]);
                let mean = products.sum::<f64>() / 5000.0;
                assert!((mean - f64::from(u8::from(a == b))).abs() < 1e-3, "{a} {b}: {mean}");
            }
        }
    }

    #[test]
    fn the_order_of_arrival_is_forgotten() {
        let output: Vec<f64> = (0..500).map(|i| f64::from((i * 77) % 50)).collect();
        let input: Vec<f64> = (0..500).map(|i| f64::from((i * 31) % 500)).collect();
        let read = |order: &[usize]| -> Vec<(f64, f64)> {
            let y: Vec<f64> = order.iter().map(|at| output[*at]).collect();
            let x: Vec<f64> = order.iter().map(|at| input[*at]).collect();
            let order = content_order(&y, std::slice::from_ref(&x));
            order.into_iter().map(|at| (y[at], x[at])).collect()
        };
        let came: Vec<usize> = (0..500).collect();
        assert_eq!(read(&came), read(&shuffled(500, &mut generator(SEED, "test", 3))));
    }
}

//! What can be read off ranks: the tornado, rank correlations, and where an input stands in the worst 5%.

use super::sample::{Input, ranks};
use super::{Interval, Placement, Swing};
use crate::num::quantile;
use crate::stats::{Estimate, Z95};

/// Half of the band of ranks around the 10th and the 90th percentile.
const BAND: f64 = 0.05;
/// Share of equal values from which on a percentile is taken as a value of its own instead of a band.
const ATOM: f64 = 0.02;

/// The tornado of an input, one bar an output; of a category, which has no percentiles, no numbers.
pub(super) fn swings(input: &Input, values: &[f64], outputs: &[&[f64]]) -> Vec<Swing> {
    if input.is_category() {
        let none = Estimate { value: f64::NAN, mcse: f64::NAN };
        let (p10, p90) = (f64::NAN, f64::NAN);
        return vec![Swing { p10, p90, at_p10: none, at_p90: none, swing: none }; outputs.len()];
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let groups = [0.1, 0.9].map(|p| {
        let value = quantile(&sorted, p);
        (value, around(input, values, &sorted, p))
    });
    let [(p10, low), (p90, high)] = &groups;
    outputs
        .iter()
        .map(|output| {
            let [at_p10, at_p90] = [low, high].map(|rows| mean_over(output, rows));
            let same = !input.varies();
            let swing = if same { 0.0 } else { at_p90.value - at_p10.value };
            let error = (at_p10.mcse * at_p10.mcse + at_p90.mcse * at_p90.mcse).sqrt();
            let swing = Estimate { value: swing, mcse: if same { 0.0 } else { error } };
            Swing { p10: *p10, p90: *p90, at_p10, at_p90, swing }
        })
        .collect()
}

/// Rows whose input stands around a percentile: those with the value at it where many share that value, else those whose
/// rank lies within [`BAND`].
fn around(input: &Input, values: &[f64], sorted: &[f64], probability: f64) -> Vec<usize> {
    let n = sorted.len();
    let value = sorted[(probability * (n - 1) as f64).round() as usize];
    let first = sorted.partition_point(|other| *other < value);
    let last = sorted.partition_point(|other| *other <= value);
    if (last - first) as f64 > ATOM * n as f64 {
        return (0..n).filter(|row| values[*row] == value).collect();
    }
    let inside = |t: f64| ((t + 1.0) / 2.0 - probability).abs() <= BAND;
    (0..n).filter(|row| inside(input.t[*row])).collect()
}

/// The mean of an output over some rows, with error `sd / √n`.
fn mean_over(output: &[f64], rows: &[usize]) -> Estimate {
    let n = rows.len() as f64;
    let value = rows.iter().map(|row| output[*row]).sum::<f64>() / n;
    let squares = rows.iter().map(|row| (output[*row] - value) * (output[*row] - value));
    let variance = squares.sum::<f64>() / (n - 1.0).max(1.0);
    Estimate { value, mcse: (variance / n).sqrt() }
}

/// Spearman's rank correlation with the 95% interval of Bonett and Wright (2000):
/// `tanh(atanh r ± 1.96 √((1 + r²/2) / (n − 3)))`. 0 where either side does not vary; no number for a category.
pub(super) fn rank_correlation(input: &Input, output: &[f64]) -> Interval {
    if input.is_category() {
        return Interval { value: f64::NAN, low: f64::NAN, high: f64::NAN };
    }
    if !input.varies() {
        return Interval::default();
    }
    let ranked = ranks(output);
    let n = ranked.len() as f64;
    let middle = (n + 1.0) / 2.0;
    let (mut both, mut own, mut other) = (0.0, 0.0, 0.0);
    for (t, rank) in input.t.iter().zip(&ranked) {
        let distance = rank - middle;
        both += t * distance;
        own += t * t;
        other += distance * distance;
    }
    if own <= 0.0 || other <= 0.0 {
        return Interval::default();
    }
    let r = (both / (own * other).sqrt()).clamp(-1.0, 1.0);
    let z = libm::atanh(r.clamp(-1.0 + 1e-15, 1.0 - 1e-15));
    let width = Z95 * ((1.0 + r * r / 2.0) / (n - 3.0).max(1.0)).sqrt();
    Interval { value: r, low: libm::tanh(z - width), high: libm::tanh(z + width) }
}

/// Where an input stands in the worst 5%: `tail` has its values there. No numbers for a category.
pub(super) fn placement(input: &Input, values: &[f64], mut tail: Vec<f64>) -> Placement {
    if input.is_category() {
        let none = f64::NAN;
        let percentile = Interval { value: none, low: none, high: none };
        let (worst_median, worst_p10, worst_p90) = (none, none, none);
        return Placement { median: none, worst_median, worst_p10, worst_p90, percentile };
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    tail.sort_unstable_by(f64::total_cmp);
    let percentile = |value: f64| {
        let below = sorted.partition_point(|other| *other < value);
        let up_to = sorted.partition_point(|other| *other <= value);
        (below + up_to) as f64 / (2.0 * sorted.len() as f64)
    };
    let step = Z95 * 0.5 / (tail.len() as f64).sqrt();
    let [low, middle, high] =
        [0.5 - step, 0.5, 0.5 + step].map(|p| quantile(&tail, p.clamp(0.0, 1.0)));
    Placement {
        median: quantile(&sorted, 0.5),
        worst_median: middle,
        worst_p10: quantile(&tail, 0.1),
        worst_p90: quantile(&tail, 0.9),
        percentile: Interval {
            value: percentile(middle),
            low: percentile(low),
            high: percentile(high),
        },
    }
}

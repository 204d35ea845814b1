//! The tests themselves: samples in, checks out. They know no engine, so that a broken sample can be given as well.
//!
//! ```text
//! Kolmogorov–Smirnov   D = sup |F_n − F|, against an exact F or another sample; p by the limit law at (√n + 0.12 + 0.11/√n) D
//! centre, spread       Σ z / √n, (Σ z² − n) / √(2n) of the normal scores z = Φ⁻¹(F(x)): standard normal
//! independence         Σ a b / √n of scores with mean 0 and variance 1: standard normal
//! correlation          (artanh r − artanh ρ) √(n − 3): standard normal (Fisher 1915)
//! counts               Σ (seen − expected)² / expected: χ²
//! ```

use super::{Check, Part};
use crate::num::{Marginal, normal_cdf, normal_quantile};
use crate::plausibility::chi_square_tail;

/// Probability beyond ±z, on both sides.
fn two_sided(z: f64) -> f64 {
    if z.is_nan() { 0.0 } else { 2.0 * normal_cdf(-z.abs()) }
}

/// Probability that the limit of √n D exceeds λ: `2 Σ (−1)^(k−1) e^(−2k²λ²)`.
fn kolmogorov(lambda: f64) -> f64 {
    if lambda.is_nan() {
        return 0.0;
    }
    if lambda < 0.2 {
        return 1.0;
    }
    let term = |k: i32| {
        let sign = if k % 2 == 0 { -1.0 } else { 1.0 };
        sign * libm::exp(-2.0 * f64::from(k * k) * lambda * lambda)
    };
    (2.0 * (1..=100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

fn kolmogorov_smirnov(distance: f64, size: f64) -> f64 {
    let root = size.sqrt();
    kolmogorov((root + 0.12 + 0.11 / root) * distance)
}

/// Values in ascending order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// A sample in ascending order against an exact distribution function.
pub fn exact(part: Part, what: &str, sample: &[f64], cdf: impl Fn(f64) -> f64) -> Check {
    let n = sample.len() as f64;
    let mut distance = 0.0_f64;
    for (index, value) in sample.iter().enumerate() {
        let p = cdf(*value);
        let gap = (p - index as f64 / n).max((index + 1) as f64 / n - p);
        distance = distance.max(if gap.is_nan() { 1.0 } else { gap });
    }
    let p_value = kolmogorov_smirnov(distance, n);
    Check::new(part, what, "exact distribution", sample.len(), distance, p_value)
}

/// Two samples in ascending order against each other.
pub fn same(part: Part, what: &str, sample: &[f64], reference: &[f64]) -> Check {
    let (n, m) = (sample.len(), reference.len());
    let (mut i, mut j, mut distance) = (0, 0, 0.0_f64);
    while i < n && j < m {
        let at = sample[i].min(reference[j]);
        if at.is_nan() {
            distance = 1.0;
            break;
        }
        i += sample[i..].iter().take_while(|value| **value <= at).count();
        j += reference[j..].iter().take_while(|value| **value <= at).count();
        distance = distance.max((i as f64 / n as f64 - j as f64 / m as f64).abs());
    }
    let size = n as f64 * m as f64 / (n + m) as f64;
    let p_value = kolmogorov_smirnov(distance, size);
    Check::new(part, what, "rand_distr sample", n, distance, p_value)
}

/// Centre and spread of normal scores.
pub fn moments(part: Part, what: &str, scores: &[f64]) -> [Check; 2] {
    let n = scores.len() as f64;
    let sum: f64 = scores.iter().sum();
    let squares: f64 = scores.iter().map(|z| z * z).sum();
    let of = |test, z: f64| Check::new(part, what, test, scores.len(), z, two_sided(z));
    [of("centre", sum / n.sqrt()), of("spread", (squares - n) / (2.0 * n).sqrt())]
}

/// Independence of two columns of scores with mean 0 and variance 1.
pub fn independent(
    part: Part,
    what: &str,
    test: &'static str,
    pairs: impl Iterator<Item = (f64, f64)>,
) -> Check {
    let (mut sum, mut n) = (0.0, 0_usize);
    for (a, b) in pairs {
        sum += a * b;
        n += 1;
    }
    let z = sum / (n as f64).sqrt();
    Check::new(part, what, test, n, z, two_sided(z))
}

/// Correlation of two columns of normal scores against an exact one.
pub fn correlated(part: Part, what: &str, a: &[f64], b: &[f64], rho: f64) -> Check {
    let n = a.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (centre_a, centre_b) = (mean(a), mean(b));
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - centre_a, b - centre_b);
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    let z = (libm::atanh(ab / (aa * bb).sqrt()) - libm::atanh(rho)) * (n - 3.0).sqrt();
    Check::new(part, what, "correlation", a.len(), z, two_sided(z))
}

/// Counts against their chances.
pub fn counts(part: Part, what: &str, test: &'static str, seen: &[u64], chances: &[f64]) -> Check {
    let n: u64 = seen.iter().sum();
    let square = |(seen, chance): (&u64, &f64)| {
        let expected = chance * n as f64;
        let gap = *seen as f64 - expected;
        if gap == 0.0 { 0.0 } else { gap * gap / expected }
    };
    let statistic: f64 = seen.iter().zip(chances).map(square).sum();
    let p_value = match seen.len() - 1 {
        0 => 1.0,
        _ if statistic.is_nan() || statistic.is_infinite() => 0.0,
        free => chi_square_tail(statistic, free),
    };
    Check::new(part, what, test, n as usize, statistic, p_value)
}

/// A marginal with its sample and a sample of `rand_distr`: exact distribution, centre, spread and the other sample; of one
/// that takes few values, counts instead.
pub fn marginal(what: &str, sample: &[f64], marginal: &Marginal, reference: &[f64]) -> Vec<Check> {
    let part = Part::Marginals;
    let (sample, reference) = (sorted(sample), sorted(reference));
    if let Some(atoms) = atoms(&sample, &reference) {
        return values(what, &sample, marginal, &reference, &atoms);
    }
    let scores = scores(&sample, marginal);
    let [centre, spread] = moments(part, what, &scores);
    vec![
        exact(part, what, &sample, |x| marginal.cdf(x)),
        centre,
        spread,
        same(part, what, &sample, &reference),
    ]
}

/// Normal scores of a sample.
pub fn scores(sample: &[f64], marginal: &Marginal) -> Vec<f64> {
    let score = |x: &f64| normal_quantile(marginal.cdf(*x).clamp(1e-15, 1.0 - 1e-15));
    sample.iter().map(score).collect()
}

/// The values of two sorted samples, where they are few.
fn atoms(sample: &[f64], reference: &[f64]) -> Option<Vec<f64>> {
    let mut found: Vec<f64> = Vec::new();
    for value in sample.iter().chain(reference) {
        if !found.contains(value) {
            found.push(*value);
        }
        if found.len() > 32 {
            return None;
        }
    }
    found.sort_unstable_by(f64::total_cmp);
    Some(found)
}

fn values(
    what: &str,
    sample: &[f64],
    marginal: &Marginal,
    reference: &[f64],
    atoms: &[f64],
) -> Vec<Check> {
    let count = |sample: &[f64]| -> Vec<u64> {
        atoms
            .iter()
            .map(|atom| sample.iter().filter(|value| *value == atom).count() as u64)
            .collect()
    };
    let (seen, other) = (count(sample), count(reference));
    let below = |index: usize| if index == 0 { 0.0 } else { marginal.cdf(atoms[index - 1]) };
    let chances: Vec<f64> =
        (0..atoms.len()).map(|index| marginal.cdf(atoms[index]) - below(index)).collect();
    let exact = counts(Part::Marginals, what, "exact distribution", &seen, &chances);
    // Homogeneity of two rows of counts has the χ² of one row against the shares of both, on each row.
    let both = |index: usize| (seen[index] + other[index]) as f64;
    let all = (sample.len() + reference.len()) as f64;
    let square = |seen: &[u64], n: usize| -> f64 {
        let term = |(index, seen): (usize, &u64)| {
            let expected = both(index) / all * n as f64;
            (*seen as f64 - expected) * (*seen as f64 - expected) / expected
        };
        seen.iter().enumerate().map(term).sum()
    };
    let statistic = square(&seen, sample.len()) + square(&other, reference.len());
    let p_value = if atoms.len() < 2 { 1.0 } else { chi_square_tail(statistic, atoms.len() - 1) };
    let same =
        Check::new(Part::Marginals, what, "rand_distr sample", sample.len(), statistic, p_value);
    vec![exact, same]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_those_of_the_tables() {
        // Smirnov (1948): 5% at 1.358, 1% at 1.628; χ² of 10 at 23.209 is 1%.
        assert!((kolmogorov(1.3581) - 0.05).abs() < 2e-5);
        assert!((kolmogorov(1.6276) - 0.01).abs() < 1e-5);
        assert!((two_sided(1.959_963_985) - 0.05).abs() < 1e-9);
        assert!((chi_square_tail(23.209_251, 10) - 0.01).abs() < 1e-8);
    }

    /// Under the null p-values are uniform: over 8,000 samples a twentieth lies below 0.05, within four errors (0.0098).
    #[test]
    fn p_values_are_uniform_where_nothing_is_wrong() {
        use crate::num::resample::generator;
        use rand_distr::{Distribution as _, StandardNormal};
        let mut small = [0.0; 6];
        for number in 0..8000 {
            let mut own = generator(1, "judge", number);
            let mut draw =
                || -> Vec<f64> { StandardNormal.sample_iter(&mut own).take(400).collect() };
            let (a, b) = (draw(), draw());
            let mixed: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.6 * a + 0.8 * b).collect();
            let part = Part::Streams;
            let [centre, spread] = moments(part, "", &a);
            let checks = [
                exact(part, "", &sorted(&a), normal_cdf),
                same(part, "", &sorted(&a), &sorted(&b)),
                centre,
                spread,
                independent(part, "", "", a.iter().copied().zip(b.iter().copied())),
                correlated(part, "", &a, &mixed, 0.6),
            ];
            for (small, check) in small.iter_mut().zip(&checks) {
                *small += f64::from(u8::from(check.p_value < 0.05)) / 8000.0;
            }
        }
        assert!(small.iter().all(|share| (share - 0.05).abs() < 0.0098), "{small:?}");
    }
}

//! A three-level normal model of measurements of unlike kinds, on a grid without random numbers: what the next one of a
//! kind will be.
//!
//! ```text
//! y_i ~ N(μ + u_kind + v_i − ln g_i(s), se_i²)     g_i(s) = 1 + s (ratio_i − 1)
//! u ~ N(0, τ_F²)   v ~ N(0, τ²)   μ flat   τ_F, τ half-normal(0.5)   s as given
//! next = μ + u_kind + v
//! ```
//!
//! μ, u and v integrate out; the rest is a midpoint grid of 25 × 25 over (τ_F, τ) in \[0, 1.6\]² and the points of s.
//! (Rubin 1981 with Gelman 2006's half-normal; a fit with weights is DerSimonian and Laird's 1986.)

use super::normal::normal_cdf;

/// Scale of the half-normal priors on both standard deviations: an assumption.
const SCALE: f64 = 0.5;
/// Largest standard deviation on the grid: 3.2 times [`SCALE`].
const LARGEST: f64 = 1.6;
/// Points of each standard deviation.
const POINTS: usize = 25;

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Its logarithm, at s = 0.
    pub log: f64,
    /// Standard error of the logarithm.
    pub se: f64,
    /// What s scales it by when it is 1.
    pub ratio: f64,
    /// Its kind, from 0.
    pub kind: usize,
}

/// A mixture of normals: (weight, mean, standard deviation); the weights sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixed(pub Vec<(f64, f64, f64)>);

impl Mixed {
    /// Mean and standard deviation.
    pub fn moments(&self) -> (f64, f64) {
        let mean: f64 = self.0.iter().map(|(weight, mean, _)| weight * mean).sum();
        let spread = |m: f64, sd: f64| sd * sd + (m - mean) * (m - mean);
        let variance: f64 = self.0.iter().map(|(weight, m, sd)| weight * spread(*m, *sd)).sum();
        (mean, libm::sqrt(variance))
    }

    /// Quantile by bisection, within 1e-9.
    pub fn quantile(&self, p: f64) -> f64 {
        let (mean, sd) = self.moments();
        let (mut low, mut high) = (mean - 40.0 * sd, mean + 40.0 * sd);
        while high - low > 1e-9 {
            let middle = 0.5 * (low + high);
            let below = |(weight, m, sd): &(f64, f64, f64)| weight * normal_cdf((middle - m) / sd);
            if self.0.iter().map(below).sum::<f64>() < p {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }
}

/// The next measurement of `kind`, in logarithms at today's scale, and the mean of s given the data; `scalings` are
/// points of s with their prior weights.
pub fn next(measured: &[Measured], kind: usize, scalings: &[(f64, f64)]) -> (Mixed, f64) {
    let mut cells = Vec::new();
    for (scaling, prior) in scalings {
        let scaled = |one: &Measured| Measured {
            log: one.log + libm::log(1.0 + scaling * (one.ratio - 1.0)),
            ..*one
        };
        let scaled: Vec<Measured> = measured.iter().map(scaled).collect();
        for between in (0..POINTS).map(midpoint) {
            for within in (0..POINTS).map(midpoint) {
                let squares = (between * between + within * within) / (SCALE * SCALE);
                let (fit, mean, sd) = cell(&scaled, kind, between, within);
                cells.push((libm::log(*prior) - 0.5 * squares + fit, mean, sd, *scaling));
            }
        }
    }
    let best = cells.iter().fold(f64::NEG_INFINITY, |best, cell| best.max(cell.0));
    let sum: f64 = cells.iter().map(|cell| libm::exp(cell.0 - best)).sum();
    let weight = |log: f64| libm::exp(log - best) / sum;
    let scaling = cells.iter().map(|cell| weight(cell.0) * cell.3).sum();
    (Mixed(cells.iter().map(|cell| (weight(cell.0), cell.1, cell.2)).collect()), scaling)
}

fn midpoint(index: usize) -> f64 {
    LARGEST * (index as f64 + 0.5) / POINTS as f64
}

/// Log likelihood, mean and standard deviation of the next one of `kind`, given both standard deviations.
fn cell(measured: &[Measured], kind: usize, between: f64, within: f64) -> (f64, f64, f64) {
    let kinds = measured.iter().map(|one| one.kind).max().map_or(0, |last| last + 1);
    let mut fit = 0.0;
    // Of each kind: its precision by itself, its mean, and the variance of that mean about μ.
    let mut means = Vec::new();
    for known in 0..kinds {
        let own = || measured.iter().filter(move |one| one.kind == known);
        let precision = |one: &Measured| 1.0 / (one.se * one.se + within * within);
        let sum: f64 = own().map(precision).sum();
        let mean = own().map(|one| precision(one) * one.log).sum::<f64>() / sum;
        let off = |one: &Measured| one.log - mean;
        fit += own()
            .map(|one| 0.5 * libm::log(precision(one)) - 0.5 * precision(one) * off(one) * off(one))
            .sum::<f64>();
        fit -= 0.5 * libm::log(sum);
        means.push((mean, 1.0 / sum, between * between + 1.0 / sum));
    }
    let total: f64 = means.iter().map(|(_, _, variance)| 1.0 / variance).sum();
    let centre = means.iter().map(|(mean, _, variance)| mean / variance).sum::<f64>() / total;
    for (mean, _, variance) in &means {
        fit -= 0.5 * libm::log(*variance) + 0.5 * (mean - centre) * (mean - centre) / variance;
    }
    fit -= 0.5 * libm::log(total);
    let (own, alone, variance) = means[kind];
    let share = between * between / variance;
    let rest = (1.0 - share) * (1.0 - share) / total;
    let next = within * within + share * alone + rest;
    (fit, share * own + (1.0 - share) * centre, libm::sqrt(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The likelihood of a cell from the whole covariance matrix, with a flat mean by its own integral.
    #[test]
    fn a_cell_is_the_generalised_least_squares_of_its_covariance() {
        let measured =
            [(0.2, 0.3, 0), (0.9, 0.25, 0), (-0.4, 0.4, 1), (0.1, 0.5, 1), (0.6, 0.3, 2)]
                .map(|(log, se, kind)| Measured { log, se, ratio: 1.0, kind });
        let (between, within) = (0.7, 0.4);
        let size = measured.len();
        let covariance = nalgebra::DMatrix::from_fn(size, size, |a, b| {
            let (one, other) = (measured[a], measured[b]);
            let same = if a == b { one.se * one.se + within * within } else { 0.0 };
            same + if one.kind == other.kind { between * between } else { 0.0 }
        });
        let factor = nalgebra::linalg::Cholesky::new(covariance).expect("positive definite");
        let (inverse, determinant) = (factor.inverse(), factor.determinant());
        let ones = nalgebra::DVector::from_element(size, 1.0);
        let y = nalgebra::DVector::from_iterator(size, measured.iter().map(|one| one.log));
        let precision = (ones.transpose() * &inverse * &ones)[(0, 0)];
        let mean = (ones.transpose() * &inverse * &y)[(0, 0)] / precision;
        let rest = &y - &ones * mean;
        let square = (rest.transpose() * &inverse * &rest)[(0, 0)];
        let fit = -0.5 * (libm::log(determinant) + libm::log(precision) + square);
        // Kriging of μ + u of the first kind, and v.
        let with = nalgebra::DVector::from_iterator(
            size,
            measured.iter().map(|one| if one.kind == 0 { between * between } else { 0.0 }),
        );
        let next = mean + (with.transpose() * &inverse * &rest)[(0, 0)];
        let short = 1.0 - (ones.transpose() * &inverse * &with)[(0, 0)];
        let known = (with.transpose() * &inverse * &with)[(0, 0)];
        let variance = between * between - known + short * short / precision + within * within;
        let (own_fit, own_mean, own_sd) = cell(&measured, 0, between, within);
        assert!((own_fit - fit).abs() < 1e-12, "{own_fit} {fit}");
        assert!((own_mean - next).abs() < 1e-12, "{own_mean} {next}");
        assert!((own_sd * own_sd - variance).abs() < 1e-12, "{own_sd} {variance}");
    }

    #[test]
    fn a_mixture_of_one_normal_is_that_normal() {
        let one = Mixed(vec![(0.25, 1.0, 2.0), (0.75, 1.0, 2.0)]);
        assert_eq!(one.moments(), (1.0, 2.0));
        assert!((one.quantile(0.95) - (1.0 + 2.0 * 1.644_853_626_951_472)).abs() < 1e-8);
    }
}

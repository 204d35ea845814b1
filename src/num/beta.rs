//! The beta distribution: regularised incomplete beta function, its inverse, and a quantile table in z.

use super::normal::{normal_cdf, normal_density};

/// Largest |z| of the tables; beyond it lies a probability of 1e-17.
const REACH: f64 = 8.5;

/// A beta distribution on [0, 1] with its normalising constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beta {
    a: f64,
    b: f64,
    log_scale: f64,
}

impl Beta {
    pub(super) fn new(a: f64, b: f64) -> Self {
        Beta { a, b, log_scale: libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) }
    }

    pub(super) fn density(&self, x: f64) -> f64 {
        let log = (self.a - 1.0) * libm::log(x) + (self.b - 1.0) * libm::log1p(-x);
        libm::exp(self.log_scale + log)
    }

    /// Probabilities below and above `x`, each with its own relative accuracy.
    pub(super) fn tails(&self, x: f64) -> (f64, f64) {
        if x.is_nan() || x <= 0.0 {
            return (0.0, 1.0);
        }
        if x >= 1.0 {
            return (1.0, 0.0);
        }
        let front = libm::exp(self.log_scale + self.a * libm::log(x) + self.b * libm::log1p(-x));
        if x < (self.a + 1.0) / (self.a + self.b + 2.0) {
            let p = (front * continued_fraction(self.a, self.b, x) / self.a).min(1.0);
            (p, 1.0 - p)
        } else {
            let q = (front * continued_fraction(self.b, self.a, 1.0 - x) / self.b).min(1.0);
            (1.0 - q, q)
        }
    }

    /// The `x` with probability `p` below and `q` = 1 − p above, by bracketed Newton steps from `guess`.
    pub(super) fn quantile(&self, p: f64, q: f64, guess: f64) -> f64 {
        if p <= 0.0 {
            return 0.0;
        }
        if q <= 0.0 {
            return 1.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        let mut x = if guess > 0.0 && guess < 1.0 { guess } else { 0.5 };
        for _ in 0..120 {
            let (below, above) = self.tails(x);
            let error = if p < q { below - p } else { q - above };
            if error > 0.0 {
                high = x;
            } else {
                low = x;
            }
            let newton = x - error / self.density(x);
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let moved = (next - x).abs();
            x = next;
            if moved <= 1e-16 + 2e-16 * x || high - low <= 1e-16 * high {
                break;
            }
        }
        x
    }
}

/// Lentz's continued fraction of the incomplete beta function.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut product = d;
    for step in 1..2000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        product *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let factor = d * c;
        product *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    product
}

/// A beta quantile, possibly truncated, as a function of a standard normal: monotone cubic pieces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    per_step: f64,
    /// Value and slope per step at each node.
    nodes: Vec<(f64, f64)>,
}

impl Table {
    /// Tabulates `x(z)` where the law's probability is `p_low + mass · Φ(z)`, finely enough for an error below 1e-9.
    pub(super) fn new(beta: &Beta, p_low: f64, q_high: f64, mass: f64) -> Self {
        let mut values = sample(beta, p_low, q_high, mass, 256, 0, 1);
        loop {
            let steps = values.len() - 1;
            let coarse = Table::through(beta, mass, &values);
            let middles = sample(beta, p_low, q_high, mass, 2 * steps, 1, 2);
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
            if error < 1e-9 || steps >= 8192 {
                return Table::through(beta, mass, &values);
            }
        }
    }

    fn through(beta: &Beta, mass: f64, values: &[f64]) -> Self {
        let steps = values.len() - 1;
        let width = 2.0 * REACH / steps as f64;
        let nodes = (0..=steps).map(|index| {
            let z = -REACH + index as f64 * width;
            let x = values[index];
            let exact = normal_density(z) * mass / beta.density(x) * width;
            let left = if index > 0 { x - values[index - 1] } else { f64::INFINITY };
            let right = if index < steps { values[index + 1] - x } else { f64::INFINITY };
            let limit = 3.0 * left.min(right);
            (x, if exact.is_finite() { exact.min(limit) } else { 0.0 })
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

/// Exact quantiles at the nodes `first, first + stride, …` of a grid of `steps`, made monotone.
fn sample(
    beta: &Beta,
    p_low: f64,
    q_high: f64,
    mass: f64,
    steps: usize,
    first: usize,
    stride: usize,
) -> Vec<f64> {
    let width = 2.0 * REACH / steps as f64;
    let mut guess = 0.5;
    let mut floor = 0.0_f64;
    let nodes = (first..=steps).step_by(stride).map(|index| {
        let z = -REACH + index as f64 * width;
        let (p, q) = (p_low + mass * normal_cdf(z), q_high + mass * normal_cdf(-z));
        guess = beta.quantile(p, q, guess);
        floor = floor.max(guess);
        floor
    });
    nodes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms_of_the_incomplete_beta() {
        for step in 1..100 {
            let x = f64::from(step) / 100.0;
            let cases = [
                (1.0, 1.0, x),
                (2.0, 1.0, x * x),
                (1.0, 3.0, 1.0 - (1.0 - x) * (1.0 - x) * (1.0 - x)),
                (2.0, 2.0, x * x * (3.0 - 2.0 * x)),
                (0.5, 0.5, 2.0 / core::f64::consts::PI * libm::asin(libm::sqrt(x))),
            ];
            for (a, b, expected) in cases {
                let (p, q) = Beta::new(a, b).tails(x);
                assert!((p - expected).abs() < 1e-14, "{a} {b} {x}: {p} {expected}");
                assert!((p + q - 1.0).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn table_is_within_a_billionth_of_the_exact_quantile() {
        for (a, b) in [(5.0, 5.0), (2.0, 6.0), (0.5, 0.5), (1.0, 1.0), (40.0, 3.0), (0.3, 4.0)] {
            let beta = Beta::new(a, b);
            let table = Table::new(&beta, 0.0, 0.0, 1.0);
            let mut last = 0.0;
            for step in 0..5000 {
                let z = -7.0 + f64::from(step) * 0.002_8;
                let exact = beta.quantile(normal_cdf(z), normal_cdf(-z), 0.5);
                assert!((table.at(z) - exact).abs() < 1e-9, "{a} {b} {z}");
                assert!(table.at(z) >= last - 1e-15);
                last = table.at(z);
            }
        }
    }
}

//! The beta distribution: regularised incomplete beta function and its inverse.

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
}

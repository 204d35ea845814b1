//! The families of distributions that a number may be drawn from, each with its tails and its quantile.

use super::Marginal;
use super::beta::Beta;
use super::normal::{normal_cdf, normal_quantile};

/// Smallest and largest shape of a beta distribution that can be tabulated.
const SHAPES: core::ops::RangeInclusive<f64> = 0.05..=10_000.0;

/// A family and its parameters, untruncated.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// One value.
    Constant(f64),
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// Lognormal.
    LogNormal {
        /// Median, above 0.
        median: f64,
        /// Standard deviation of the logarithm, above 0.
        sigma: f64,
    },
    /// Uniform.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Triangular.
    Triangular {
        /// Lower end.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Upper end.
        high: f64,
    },
    /// Beta on [low, high] with shapes 1 + 4(mode − low)/(high − low) and 1 + 4(high − mode)/(high − low).
    Pert {
        /// Lower end.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Upper end.
        high: f64,
    },
    /// Beta, stretched to [low, high].
    Beta {
        /// First shape, 0.05 to 10,000.
        a: f64,
        /// Second shape, 0.05 to 10,000.
        b: f64,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// 1 with probability `p`, else 0.
    Bernoulli {
        /// Probability of 1.
        p: f64,
    },
    /// One of some values.
    Discrete {
        /// Values, ascending.
        values: Vec<f64>,
        /// Weights; they sum to 1.
        weights: Vec<f64>,
    },
    /// One of some distributions.
    Mixture {
        /// Components.
        parts: Vec<Marginal>,
        /// Weights; they sum to 1.
        weights: Vec<f64>,
    },
}

impl Law {
    /// Checks the parameters, sorts discrete values and scales weights to sum to 1.
    pub(super) fn normalised(self) -> Result<Self, String> {
        let finite = |values: &[f64]| {
            let all = values.iter().all(|value| value.is_finite() && value.abs() <= 1e100);
            if all { Ok(()) } else { Err("every number must be finite".to_owned()) }
        };
        match self {
            Law::Constant(value) => finite(&[value])?,
            Law::Normal { mean, sd } => {
                finite(&[mean, sd])?;
                require(sd > 0.0, "sd must be above 0")?;
            }
            Law::LogNormal { median, sigma } => {
                finite(&[median, sigma])?;
                require(median > 0.0, "median must be above 0")?;
                require(sigma > 0.0 && sigma <= 20.0, "sigma must be above 0 and at most 20")?;
            }
            Law::Uniform { low, high } => ends(low, high)?,
            Law::Triangular { low, mode, high } | Law::Pert { low, mode, high } => {
                ends(low, high)?;
                finite(&[mode])?;
                require(low <= mode && mode <= high, "mode must lie between low and high")?;
            }
            Law::Beta { a, b, low, high } => {
                ends(low, high)?;
                let shapes = SHAPES.contains(&a) && SHAPES.contains(&b);
                require(shapes, "a and b must lie between 0.05 and 10000")?;
            }
            Law::Bernoulli { p } => require((0.0..=1.0).contains(&p), "p must lie in 0 to 1")?,
            Law::Discrete { values, weights } => {
                finite(&values)?;
                let weights = scaled(weights, values.len())?;
                let mut pairs: Vec<_> = values.into_iter().zip(weights).collect();
                pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
                let (values, weights) = pairs.into_iter().unzip();
                return Ok(Law::Discrete { values, weights });
            }
            Law::Mixture { parts, weights } => {
                let weights = scaled(weights, parts.len())?;
                return Ok(Law::Mixture { parts, weights });
            }
        }
        Ok(self)
    }

    /// Smallest and largest possible value.
    pub(super) fn support(&self) -> (f64, f64) {
        match self {
            Law::Constant(value) => (*value, *value),
            Law::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Law::LogNormal { .. } => (0.0, f64::INFINITY),
            Law::Uniform { low, high }
            | Law::Triangular { low, high, .. }
            | Law::Pert { low, high, .. }
            | Law::Beta { low, high, .. } => (*low, *high),
            Law::Bernoulli { p } => (f64::from(u8::from(*p >= 1.0)), f64::from(u8::from(*p > 0.0))),
            Law::Discrete { values, .. } => hull(values.iter().map(|value| (*value, *value))),
            Law::Mixture { parts, .. } => hull(parts.iter().map(Marginal::support)),
        }
    }

    /// The beta distribution behind a PERT or a beta, with its ends.
    pub(super) fn beta(&self) -> Option<(Beta, f64, f64)> {
        match *self {
            Law::Pert { low, mode, high } => {
                let place = (mode - low) / (high - low);
                Some((Beta::new(1.0 + 4.0 * place, 5.0 - 4.0 * place), low, high))
            }
            Law::Beta { a, b, low, high } => Some((Beta::new(a, b), low, high)),
            _ => None,
        }
    }

    /// Probabilities of at most and of more than `x`, each with its own relative accuracy.
    pub(super) fn tails(&self, x: f64) -> (f64, f64) {
        match self {
            Law::Constant(value) => step(x >= *value),
            Law::Normal { mean, sd } => normal_tails((x - mean) / sd),
            Law::LogNormal { median, sigma } if x > 0.0 => {
                normal_tails(libm::log(x / median) / sigma)
            }
            Law::LogNormal { .. } => (0.0, 1.0),
            Law::Uniform { low, high } => {
                let width = high - low;
                (((x - low) / width).clamp(0.0, 1.0), ((high - x) / width).clamp(0.0, 1.0))
            }
            Law::Triangular { low, mode, high } => triangular_tails(x, *low, *mode, *high),
            Law::Bernoulli { p } if x < 0.0 => step(*p < 0.0),
            Law::Bernoulli { p } if x < 1.0 => (1.0 - p, *p),
            Law::Bernoulli { .. } => (1.0, 0.0),
            Law::Discrete { values, weights } => {
                let pairs = values.iter().zip(weights);
                pairs.fold((0.0, 0.0), |(below, above), (value, weight)| {
                    if *value <= x { (below + weight, above) } else { (below, above + weight) }
                })
            }
            Law::Mixture { parts, weights } => {
                let pairs = parts.iter().zip(weights);
                pairs.fold((0.0, 0.0), |(below, above), (part, weight)| {
                    let (p, q) = part.tails(x);
                    (below + weight * p, above + weight * q)
                })
            }
            Law::Pert { .. } | Law::Beta { .. } => match self.beta() {
                Some((beta, low, high)) => beta.tails((x - low) / (high - low)),
                None => (f64::NAN, f64::NAN),
            },
        }
    }

    /// The value with probability `p` below it and `q` = 1 − p above; a mixture is solved by its owner.
    pub(super) fn quantile(&self, p: f64, q: f64) -> f64 {
        match self {
            Law::Constant(value) => *value,
            Law::Normal { mean, sd } => mean + sd * normal_from_tails(p, q),
            Law::LogNormal { median, sigma } => median * libm::exp(sigma * normal_from_tails(p, q)),
            Law::Uniform { low, high } if p <= q => low + (high - low) * p,
            Law::Uniform { low, high } => high - (high - low) * q,
            Law::Triangular { low, mode, high } => {
                let (width, left, right) = (high - low, mode - low, high - mode);
                if p * width <= left {
                    low + libm::sqrt(p * width * left)
                } else {
                    high - libm::sqrt(q * width * right)
                }
            }
            Law::Bernoulli { p: one } => f64::from(u8::from(q < *one)),
            Law::Discrete { values, weights } => {
                let mut below = 0.0;
                for (value, weight) in values.iter().zip(weights) {
                    below += weight;
                    if below >= p {
                        return *value;
                    }
                }
                values.last().copied().unwrap_or(f64::NAN)
            }
            Law::Pert { .. } | Law::Beta { .. } => match self.beta() {
                Some((beta, low, high)) => {
                    let x = beta.quantile(p, q, 0.5);
                    (low + (high - low) * x).clamp(low, high)
                }
                None => f64::NAN,
            },
            Law::Mixture { parts, .. } => solve_mixture(self, parts, p),
        }
    }
}

/// Bisects the distribution function of a mixture between the smallest and the largest quantile of its parts.
fn solve_mixture(law: &Law, parts: &[Marginal], p: f64) -> f64 {
    let (mut low, mut high) = hull(parts.iter().map(|part| {
        let at = part.quantile(p);
        (at, at)
    }));
    if !(low.is_finite() && high.is_finite()) {
        return if p < 0.5 { low } else { high };
    }
    for _ in 0..2100 {
        let middle = 0.5 * low + 0.5 * high;
        if middle <= low || middle >= high {
            break;
        }
        if law.tails(middle).0 < p { low = middle } else { high = middle }
    }
    if law.tails(low).0 >= p { low } else { high }
}

fn hull(ends: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (from, to)| {
        (low.min(from), high.max(to))
    })
}

fn step(at_most: bool) -> (f64, f64) {
    if at_most { (1.0, 0.0) } else { (0.0, 1.0) }
}

fn normal_tails(z: f64) -> (f64, f64) {
    (normal_cdf(z), normal_cdf(-z))
}

/// The normal with probability `p` below and `q` above.
pub(super) fn normal_from_tails(p: f64, q: f64) -> f64 {
    if p <= q { normal_quantile(p) } else { -normal_quantile(q) }
}

fn triangular_tails(x: f64, low: f64, mode: f64, high: f64) -> (f64, f64) {
    let width = high - low;
    if x <= low {
        (0.0, 1.0)
    } else if x >= high {
        (1.0, 0.0)
    } else if x <= mode {
        let p = (x - low) / width * ((x - low) / (mode - low));
        (p, 1.0 - p)
    } else {
        let q = (high - x) / width * ((high - x) / (high - mode));
        (1.0 - q, q)
    }
}

fn require(condition: bool, message: &str) -> Result<(), String> {
    if condition { Ok(()) } else { Err(message.to_owned()) }
}

fn ends(low: f64, high: f64) -> Result<(), String> {
    require(low.abs() <= 1e100 && high.abs() <= 1e100, "every number must be finite")?;
    require(low != high, "both ends are equal: write the number itself")?;
    require(low < high, "the ends are reversed: low must be below high")
}

fn scaled(weights: Vec<f64>, count: usize) -> Result<Vec<f64>, String> {
    require(count > 0, "at least one entry is needed")?;
    if weights.len() != count {
        return Err(format!("{} weights for {count} entries", weights.len()));
    }
    let positive = weights.iter().all(|weight| *weight > 0.0 && *weight <= 1e100);
    require(positive, "every weight must be positive")?;
    let sum: f64 = weights.iter().sum();
    Ok(weights.into_iter().map(|weight| weight / sum).collect())
}

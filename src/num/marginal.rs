//! Marginal distributions by inversion: one standard normal in, one value out.

use super::law::{Law, normal_from_tails};
use super::normal::{normal_cdf, normal_density};
use super::table::Table;
use std::sync::{Arc, OnceLock};

/// Half-width of the central 90% of a standard normal.
const Z_90: f64 = 1.644_853_626_951_472_2;
/// A truncation that cuts less than this counts as none.
const NEGLIGIBLE: f64 = 1e-15;

/// A number that is known or uncertain.
#[derive(Clone)]
pub struct Marginal {
    law: Law,
    cut: Option<Cut>,
    /// Made at the first draw, for the laws that need one; shared by the clones.
    table: Arc<OnceLock<Table>>,
}

impl PartialEq for Marginal {
    fn eq(&self, other: &Self) -> bool {
        self.law == other.law && self.cut == other.cut
    }
}

impl std::fmt::Debug for Marginal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Marginal").field("law", &self.law).field("cut", &self.cut).finish()
    }
}

/// A truncation to [low, high], with the law's probabilities outside on each side and inside.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cut {
    low: f64,
    high: f64,
    below: f64,
    above: f64,
    mass: f64,
}

impl Marginal {
    /// A known number.
    pub fn fixed(value: f64) -> Self {
        Marginal { law: Law::Constant(value), cut: None, table: Arc::default() }
    }

    /// A distribution without truncation.
    ///
    /// # Errors
    /// What is impossible about the parameters, in words.
    pub fn new(law: Law) -> Result<Self, String> {
        Ok(Marginal { law: law.normalised()?, cut: None, table: Arc::default() })
    }

    /// A 90% interval: lognormal when both ends are positive, else normal.
    ///
    /// # Errors
    /// If the ends are equal, reversed or not finite.
    pub fn interval(low: f64, high: f64) -> Result<Self, String> {
        Law::Uniform { low, high }.normalised()?;
        if low > 0.0 {
            let median = libm::sqrt(low) * libm::sqrt(high);
            Marginal::new(Law::LogNormal { median, sigma: libm::log(high / low) / (2.0 * Z_90) })
        } else {
            Marginal::new(Law::Normal {
                mean: 0.5 * low + 0.5 * high,
                sd: (high - low) / (2.0 * Z_90),
            })
        }
    }

    /// The family and its parameters, before truncation.
    pub fn law(&self) -> &Law {
        &self.law
    }

    /// Smallest and largest possible value.
    pub fn support(&self) -> (f64, f64) {
        let (low, high) = self.law.support();
        match self.cut {
            Some(cut) => (low.max(cut.low), high.min(cut.high)),
            None => (low, high),
        }
    }

    /// The same distribution given that it lies in [low, high].
    ///
    /// # Errors
    /// If nothing of it lies there, or the ends are reversed.
    pub fn truncated(&self, low: f64, high: f64) -> Result<Self, String> {
        if low.is_nan() || high.is_nan() || low > high {
            return Err("the ends of the truncation are reversed".to_owned());
        }
        match &self.law {
            Law::Constant(_) | Law::Bernoulli { .. } | Law::Discrete { .. } => {
                self.filtered(low, high)
            }
            Law::Mixture { parts, weights } => {
                let inside = parts.iter().zip(weights).filter_map(|(part, weight)| {
                    let mass = weight * (1.0 - part.cut_mass(low, high));
                    (mass > 0.0).then(|| Some((part.truncated(low, high).ok()?, mass)))?
                });
                let (parts, weights): (Vec<_>, Vec<_>) = inside.unzip();
                Marginal::new(Law::Mixture { parts, weights }).map_err(|_| nothing(low, high))
            }
            _ => self.cut(low, high),
        }
    }

    fn cut(&self, low: f64, high: f64) -> Result<Self, String> {
        let (low, high) = match self.cut {
            Some(cut) => (low.max(cut.low), high.min(cut.high)),
            None => (low, high),
        };
        let (below, over) = self.law.tails(low);
        let (under, above) = self.law.tails(high);
        let mass = if below > 0.5 { over - above } else { under - below };
        if low >= high || mass.is_nan() || mass <= 1e-300 {
            return Err(nothing(low, high));
        }
        if below + above < NEGLIGIBLE {
            return Ok(Marginal { law: self.law.clone(), cut: None, table: Arc::default() });
        }
        let cut = Some(Cut { low, high, below, above, mass });
        Ok(Marginal { law: self.law.clone(), cut, table: Arc::default() })
    }

    fn filtered(&self, low: f64, high: f64) -> Result<Self, String> {
        let atoms: Vec<(f64, f64)> = match &self.law {
            Law::Constant(value) => vec![(*value, 1.0)],
            Law::Bernoulli { p } => vec![(0.0, 1.0 - p), (1.0, *p)],
            Law::Discrete { values, weights } => {
                values.iter().copied().zip(weights.iter().copied()).collect()
            }
            _ => Vec::new(),
        };
        let whole = atoms.len();
        let inside = |atom: &(f64, f64)| atom.1 > 0.0 && low <= atom.0 && atom.0 <= high;
        let kept: Vec<_> = atoms.into_iter().filter(inside).collect();
        if kept.len() == whole {
            return Ok(self.clone());
        }
        let (values, weights) = kept.into_iter().unzip();
        Marginal::new(Law::Discrete { values, weights }).map_err(|_| nothing(low, high))
    }

    /// Makes the tables that the draws need (a millisecond), which otherwise the first draw does.
    pub fn prepare(&self) {
        match &self.law {
            Law::Mixture { parts, .. } => parts.iter().for_each(Marginal::prepare),
            _ => drop(self.draw(0.0, 0.0)),
        }
    }

    /// The table of a beta quantile, or of the normal behind a truncated normal or lognormal.
    #[inline]
    fn table(&self) -> &Table {
        self.table.get_or_init(|| self.tabulate())
    }

    #[cold]
    fn tabulate(&self) -> Table {
        let (below, above, mass) =
            self.cut.map_or((0.0, 0.0, 1.0), |cut| (cut.below, cut.above, cut.mass));
        let tails = |z: f64| (below + mass * normal_cdf(z), above + mass * normal_cdf(-z));
        if let Some((beta, _, _)) = self.law.beta() {
            let exact = |z: f64, guess: f64| {
                let (p, q) = tails(z);
                beta.quantile(p, q, guess)
            };
            return Table::new(exact, |z, x| mass * normal_density(z) / beta.density(x));
        }
        let exact = |z: f64, _: f64| {
            let (p, q) = tails(z);
            normal_from_tails(p, q)
        };
        Table::new(exact, |z, x| mass * normal_density(z) / normal_density(x))
    }

    /// The value for a standard normal `z`; `selector`, uniform in [0, 1), chooses the component of a mixture.
    #[inline]
    pub fn draw(&self, z: f64, selector: f64) -> f64 {
        match (&self.law, &self.cut) {
            (Law::Constant(value), _) => *value,
            (Law::Normal { mean, sd }, None) => mean + sd * z,
            (Law::LogNormal { median, sigma }, None) => median * libm::exp(sigma * z),
            (Law::Pert { low, high, .. } | Law::Beta { low, high, .. }, cut) => {
                let value = low + (high - low) * self.table().at(z);
                cut.map_or(value, |cut| value.max(cut.low).min(cut.high))
            }
            (Law::Normal { mean, sd }, Some(cut)) => {
                (mean + sd * self.table().at(z)).max(cut.low).min(cut.high)
            }
            (Law::LogNormal { median, sigma }, Some(cut)) => {
                (median * libm::exp(sigma * self.table().at(z))).max(cut.low).min(cut.high)
            }
            (Law::Mixture { parts, weights }, _) => {
                let mut rest = selector;
                for (part, weight) in parts.iter().zip(weights) {
                    if rest < *weight {
                        return part.draw(z, rest / weight);
                    }
                    rest -= weight;
                }
                parts.last().map_or(f64::NAN, |part| part.draw(z, 0.0))
            }
            _ => self.inverse(normal_cdf(z), normal_cdf(-z)),
        }
    }

    /// A component of a mixture, by its place from 0; none of another law.
    pub fn part(&self, place: usize) -> Option<&Marginal> {
        match &self.law {
            Law::Mixture { parts, .. } => parts.get(place),
            _ => None,
        }
    }

    /// The value if it is known.
    pub fn constant(&self) -> Option<f64> {
        let (low, high) = match &self.law {
            Law::Constant(value) => return Some(*value),
            Law::Bernoulli { .. } | Law::Discrete { .. } => self.support(),
            Law::Mixture { parts, .. } => {
                let first = parts.first()?.constant()?;
                return parts.iter().all(|part| part.constant() == Some(first)).then_some(first);
            }
            _ => return None,
        };
        (low == high).then_some(low)
    }

    /// Probability of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }

    /// Probabilities of at most and of more than `x`.
    pub(super) fn tails(&self, x: f64) -> (f64, f64) {
        let Some(cut) = self.cut else { return self.law.tails(x) };
        if x < cut.low {
            return (0.0, 1.0);
        }
        if x >= cut.high {
            return (1.0, 0.0);
        }
        let (p, q) = self.law.tails(x);
        let below = ((p - cut.below) / cut.mass).clamp(0.0, 1.0);
        let above = ((q - cut.above) / cut.mass).clamp(0.0, 1.0);
        if p <= q { (below, 1.0 - below) } else { (1.0 - above, above) }
    }

    /// The smallest value with at least probability `p` (0 to 1) at or below it; NaN outside.
    pub fn quantile(&self, p: f64) -> f64 {
        if (0.0..=1.0).contains(&p) { self.inverse(p, 1.0 - p) } else { f64::NAN }
    }

    fn inverse(&self, p: f64, q: f64) -> f64 {
        match self.cut {
            None => self.law.quantile(p, q),
            Some(cut) => {
                let value = self.law.quantile(cut.below + cut.mass * p, cut.above + cut.mass * q);
                value.max(cut.low).min(cut.high)
            }
        }
    }

    /// Probability outside [low, high].
    pub fn cut_mass(&self, low: f64, high: f64) -> f64 {
        let outside = |value: f64| value < low || value > high;
        match &self.law {
            Law::Constant(value) => f64::from(u8::from(outside(*value))),
            Law::Bernoulli { p } => {
                let zero = if outside(0.0) { 1.0 - p } else { 0.0 };
                zero + if outside(1.0) { *p } else { 0.0 }
            }
            Law::Discrete { values, weights } => {
                let pairs = values.iter().zip(weights);
                pairs.filter(|(value, _)| outside(**value)).map(|(_, weight)| weight).sum()
            }
            Law::Mixture { parts, weights } => {
                let pairs = parts.iter().zip(weights);
                pairs.map(|(part, weight)| weight * part.cut_mass(low, high)).sum()
            }
            _ => (self.tails(low).0 + self.tails(high).1).min(1.0),
        }
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        match (&self.law, self.cut) {
            (Law::Constant(value), _) => *value,
            (Law::Bernoulli { p }, _) => *p,
            (Law::Discrete { values, weights }, _) => {
                values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
            }
            (Law::Mixture { parts, weights }, _) => {
                parts.iter().zip(weights).map(|(part, weight)| part.mean() * weight).sum()
            }
            (Law::Normal { mean, .. }, None) => *mean,
            (Law::LogNormal { median, sigma }, None) => median * libm::exp(0.5 * sigma * sigma),
            (Law::Uniform { low, high }, None) => 0.5 * low + 0.5 * high,
            (Law::Triangular { low, mode, high }, None) => (low + mode + high) / 3.0,
            (Law::Pert { low, mode, high }, None) => (low + 4.0 * mode + high) / 6.0,
            (Law::Beta { a, b, low, high }, None) => low + (high - low) * a / (a + b),
            (Law::LogNormal { median, sigma }, Some(cut)) => {
                let place = |x: f64| libm::log(x / median) / sigma - sigma;
                let inside = normal_cdf(place(cut.high)) - normal_cdf(place(cut.low));
                median * libm::exp(0.5 * sigma * sigma) * inside / cut.mass
            }
            _ => self.integrated_mean(),
        }
    }

    /// Mean by the trapezoid rule in z, for which the integrand is smooth and vanishes at both ends.
    fn integrated_mean(&self) -> f64 {
        const STEPS: i32 = 2000;
        let width = 20.0 / f64::from(STEPS);
        let sum = (0..=STEPS).fold(0.0, |sum, step| {
            let z = -10.0 + f64::from(step) * width;
            sum + normal_density(z) * self.inverse(normal_cdf(z), normal_cdf(-z))
        });
        sum * width
    }
}

fn nothing(low: f64, high: f64) -> String {
    format!("nothing of it lies between {low} and {high}")
}

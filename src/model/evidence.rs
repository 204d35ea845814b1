//! What the studies say together, and what the Ministry's days add: the numbers behind the default laws of `impact`.
//!
//! 1. **Lasting.** The 18 studies that have a family, as measurements of `num::hierarchy`: y is the logarithm of the
//!    median of the prior's lasting effect, se its own spread (the stated range as 90% interval, else 0.4), not below
//!    0.25: sampling errors could not be read. What it predicts for the next sale by foreign holders is P, s being
//!    `impact.gdp_scaling`.
//! 2. **Month.** Four studies of a month's flow, the same model with one kind: what it predicts is R = P + R_T.
//! 3. **Day.** The 10-year on the ten days on which the Ministry sold dollars in 2022–26 (mean USD 24bn), which bounds the
//!    effect of a day and with it R_T / a(τ).
//!
//! The likelihoods of (2) and (3) are those of a law as a whole: ∫ N(y; x, se²) d law(x), for each study or mean of days.

use super::impact::{MONTH, month_share};
use super::studies::Family;
use crate::num::hierarchy::{Measured, Mixed, next};
use crate::num::{Marginal, normal_quantile, quantile};

/// Smallest standard error of a logarithm: an assumption, for sampling errors that could not be read.
const LEAST_SE: f64 = 0.25;
/// Width of a 90% interval in standard deviations.
const WIDTH_90: f64 = 2.0 * 1.644_853_626_951_472_2;
/// Points of s in 0 to 1.
const SCALINGS: usize = 20;
/// Points at which a law is drawn (Sobol', Owen-scrambled).
const DRAWS: u32 = 1 << 14;

/// A study's lasting effect as its prior has it.
#[derive(Debug, Clone)]
pub struct Lasting {
    /// Name of the prior.
    pub name: &'static str,
    /// Kind of sale.
    pub family: Family,
    /// Lasting effect, bp per USD 100bn at USD 29tn.
    pub effect: Marginal,
    /// `impact.gdp_ratio` of the prior.
    pub gdp_ratio: f64,
}

impl Lasting {
    fn measured(&self) -> Measured {
        let [low, median, high] = [0.05, 0.5, 0.95].map(|p| libm::log(self.effect.quantile(p)));
        Measured {
            log: median,
            se: ((high - low) / WIDTH_90).max(LEAST_SE),
            ratio: self.gdp_ratio,
            kind: self.family as usize,
        }
    }
}

/// What s is taken to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scaling {
    /// A number.
    Known(f64),
    /// beta(1, b): uniform for b = 1.
    Beta(f64),
}

impl Scaling {
    /// Points of s with weights.
    fn points(self) -> Vec<(f64, f64)> {
        match self {
            Scaling::Known(value) => vec![(value, 1.0)],
            Scaling::Beta(b) => {
                let place = |index: usize| (index as f64 + 0.5) / SCALINGS as f64;
                let points: Vec<(f64, f64)> =
                    (0..SCALINGS).map(place).map(|s| (s, libm::pow(1.0 - s, b - 1.0))).collect();
                let sum: f64 = points.iter().map(|(_, weight)| weight).sum();
                points.into_iter().map(|(s, weight)| (s, weight / sum)).collect()
            }
        }
    }

    /// Its mean.
    fn mean(self) -> f64 {
        self.points().iter().map(|(s, weight)| s * weight).sum()
    }

    /// The value below which it is with probability `u`.
    fn at(self, u: f64) -> f64 {
        match self {
            Scaling::Known(value) => value,
            Scaling::Beta(b) => 1.0 - libm::pow(1.0 - u, 1.0 / b),
        }
    }
}

/// The lasting effect of the next sale, bp per USD 100bn at USD 29tn.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// 5, 25, 50, 75 and 95% quantiles.
    pub quantiles: [f64; 5],
    /// Standard deviation of the logarithm.
    pub sd_log: f64,
    /// Mean of s.
    pub scaling: f64,
}

impl Predicted {
    fn of(law: &Mixed, scaling: f64) -> Self {
        let at = |p: f64| libm::exp(law.quantile(p));
        Predicted {
            quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(at),
            sd_log: law.moments().1,
            scaling,
        }
    }

    /// What the studies predict when they also judge s.
    pub fn fitted(studies: &[Lasting], scaling: Scaling) -> Self {
        let fitted = studies.iter().filter(|study| study.family != Family::NotFitted);
        let measured: Vec<Measured> = fitted.map(Lasting::measured).collect();
        let (law, mean) = next(&measured, Family::ForeignHolders as usize, &scaling.points());
        Predicted::of(&law, mean)
    }

    /// P (1 + s (ratio − 1)) for a lognormal P and an s that is a judgement.
    pub fn judged(effect: &Marginal, gdp_ratio: f64, scaling: Scaling) -> Self {
        let [low, median, high] = [0.05, 0.5, 0.95].map(|p| libm::log(effect.quantile(p)));
        let part = |(s, weight): &(f64, f64)| {
            (*weight, median + libm::log(1.0 + s * (gdp_ratio - 1.0)), (high - low) / WIDTH_90)
        };
        Predicted::of(&Mixed(scaling.points().iter().map(part).collect()), scaling.mean())
    }
}

/// Effect at the end of a month of even sales, lasting part included, bp per USD 100bn at USD 29tn and s = 0, as low and
/// high ends of a 90% interval: Beltran et al. 2013 (on the 10-year), Martin 2015 (sigma 0.4: an assumption), Ahmed and
/// Rebucci 2022 without controls for endogeneity, Warnock and Warnock 2006.
pub const MONTHS: [(f64, f64); 4] = [(4.7, 7.0), (3.73, 13.9), (6.6, 15.0), (3.7, 5.2)];

/// The 10-year on the Ministry's days, bp, and its standard error (estimate from DGS10): all ten of 2022–26, and without
/// 2022-09-22, the day after an FOMC.
pub const DAYS: [(f64, f64); 2] = [(-0.3, 2.6), (-2.4, 1.6)];
/// Mean sale of those days, USD bn.
pub const DAY_USD_BN: f64 = 24.0;
/// Largest sale of a day on record, USD bn (30 April 2026).
pub const LARGEST_DAY_USD_BN: f64 = 40.0;

fn months() -> Vec<Measured> {
    let measured = |(low, high): (f64, f64)| Measured {
        log: 0.5 * libm::log(low * high),
        se: (libm::log(high / low) / WIDTH_90).max(LEAST_SE),
        ratio: 1.0,
        kind: 0,
    };
    MONTHS.map(measured).to_vec()
}

/// What the four studies of a month predict for R.
pub fn month() -> Predicted {
    Predicted::of(&next(&months(), 0, &[(0.0, 1.0)]).0, 0.0)
}

/// The laws of an elasticity.
#[derive(Debug, Clone)]
pub struct Laws {
    /// R_T.
    pub transitory: Marginal,
    /// P.
    pub lasting: Marginal,
    /// τ.
    pub half_life: Marginal,
    /// Correlation of the normals of R_T and P.
    pub correlation: f64,
    /// Debt to GDP now over that at the time of the studies.
    pub gdp_ratio: f64,
    /// s.
    pub scaling: Scaling,
    /// Half-life below which none is counted in a(τ), days.
    pub floor_days: f64,
    /// c, slope of the stress multiplier.
    pub stress_slope: Marginal,
    /// Flow of 21 days from which on it rises, USD bn.
    pub stress_threshold_usd_bn: f64,
}

/// What laws make of a sale, and how likely they make what was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Effect on the day of a sale of [`DAY_USD_BN`], of [`LARGEST_DAY_USD_BN`], and at the end of a month of USD 100bn
    /// with and without s: 5, 50, 95 and 99% quantiles, bp.
    pub effects: [[f64; 4]; 4],
    /// Log likelihoods of [`DAYS`] and of [`MONTHS`].
    pub fits: [f64; 3],
}

/// P, g, T, and the transitory effect at the end of a month of USD 100bn.
struct Drawn {
    lasting: f64,
    scale: f64,
    one_day: f64,
    month: f64,
}

impl Laws {
    fn drawn(&self) -> Vec<Drawn> {
        let own = libm::sqrt(1.0 - self.correlation * self.correlation);
        let draw = |index: u32| {
            // Six dimensions: P, R_T, which part of R_T, τ, s, c.
            let u = |dimension: u32| {
                let place = f64::from(sobol_burley::sample(index, dimension, 0));
                place.clamp(1e-9, 1.0 - 1e-9)
            };
            let (z, other) = (normal_quantile(u(0)), normal_quantile(u(1)));
            let half_life = self.half_life.quantile(u(3));
            let share = month_share(half_life.max(self.floor_days));
            let transitory = self.transitory.draw(self.correlation * z + own * other, u(2));
            let one_day = transitory / share;
            Drawn {
                lasting: self.lasting.draw(z, 0.5),
                scale: 1.0 + self.scaling.at(u(4)) * (self.gdp_ratio - 1.0),
                one_day,
                month: one_day * self.standing(half_life, self.stress_slope.quantile(u(5))),
            }
        };
        (0..DRAWS).map(draw).collect()
    }

    /// What stands at the end of a month of USD 100bn, as a share of T: each day's sale times that day's multiplier.
    fn standing(&self, half_life: f64, slope: f64) -> f64 {
        let decay = libm::exp2(-1.0 / half_life);
        let sold = |day: usize| 100.0 * day as f64 / MONTH as f64;
        let multiplier =
            |day| 1.0 + slope * (sold(day) / self.stress_threshold_usd_bn - 1.0).max(0.0);
        (1..=MONTH).fold(0.0, |sum, day| sum * decay + multiplier(day)) / MONTH as f64
    }

    /// What they make of a day and of a month, at a market of USD 29tn.
    pub fn response(&self) -> Response {
        let drawn = self.drawn();
        let day = |of: &Drawn| of.scale * (of.lasting + of.one_day) / 100.0;
        let month = |of: &Drawn| of.lasting + of.month;
        let points = |effect: &dyn Fn(&Drawn) -> f64| {
            let mut values: Vec<f64> = drawn.iter().map(effect).collect();
            values.sort_unstable_by(f64::total_cmp);
            [0.05, 0.5, 0.95, 0.99].map(|p| quantile(&values, p))
        };
        let likelihood = |measured: (f64, f64), effect: &dyn Fn(&Drawn) -> f64| {
            let off = |of: &Drawn| (effect(of) - measured.0) / measured.1;
            let sum: f64 = drawn.iter().map(|of| libm::exp(-0.5 * off(of) * off(of))).sum();
            libm::log(sum / drawn.len() as f64 / measured.1)
        };
        let days = DAYS.map(|seen| likelihood(seen, &|of| DAY_USD_BN * day(of)));
        let log_month = |of: &Drawn| libm::log(month(of));
        let months = months().iter().map(|one| likelihood((one.log, one.se), &log_month)).sum();
        Response {
            effects: [
                points(&|of| DAY_USD_BN * day(of)),
                points(&|of| LARGEST_DAY_USD_BN * day(of)),
                points(&|of| of.scale * month(of)),
                points(&month),
            ],
            fits: [days[0], days[1], months],
        }
    }
}

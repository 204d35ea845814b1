//! How good a forecast distribution was for what came: place, bands, CRPS, and whether bands are met as often as they say.
//!
//! ```text
//! place  = (number below y + half the number equal to it) / n
//! CRPS   = mean |x − y| − ½ mean |x − x'|        over the paths, sorted: ½ mean |x − x'| = Σ (2i − n − 1) x₍ᵢ₎ / n²
//! CRPS of N(0, σ) = σ [z (2Φ(z) − 1) + 2φ(z) − 1/√π],  z = y / σ
//! Kupiec = −2 ln [(1 − p)^(T−x) p^x] + 2 ln [(1 − x/T)^(T−x) (x/T)^x],  χ² with one degree of freedom
//! ```
//!
//! x is the number of misses in T and p the chance of one. Gneiting and Raftery (2007), *J. Am. Stat. Assoc.* 102; Kupiec
//! (1995), *J. Derivatives* 3. The CRPS is in the unit of what is forecast; small is good, and of a forecast without
//! spread it is the absolute error.

use crate::num::{normal_cdf, normal_density};

/// 1/√π.
const INVERSE_ROOT_PI: f64 = 0.564_189_583_547_756_3;

/// Place of an outcome in sorted values, 0 to 1; values equal to it count half. NaN when there are none.
pub fn percentile(sorted: &[f64], outcome: f64) -> f64 {
    let below = sorted.partition_point(|value| *value < outcome);
    let not_above = sorted.partition_point(|value| *value <= outcome);
    (below + not_above) as f64 / (2 * sorted.len()) as f64
}

/// Continuous ranked probability score of sorted values, in their unit; NaN when there are none.
pub fn crps(sorted: &[f64], outcome: f64) -> f64 {
    let n = sorted.len() as f64;
    let (mut distance, mut spread) = (0.0, 0.0);
    for (index, value) in sorted.iter().enumerate() {
        distance += (value - outcome).abs();
        spread += (2.0 * index as f64 + 1.0 - n) * value;
    }
    distance / n - spread / n / n
}

/// The same of a normal distribution about zero with this standard deviation; the absolute error when it is zero.
pub fn crps_normal(standard_deviation: f64, outcome: f64) -> f64 {
    if standard_deviation == 0.0 {
        return outcome.abs();
    }
    let z = outcome / standard_deviation;
    standard_deviation
        * (z * (2.0 * normal_cdf(z) - 1.0) + 2.0 * normal_density(z) - INVERSE_ROOT_PI)
}

/// Kupiec's test of whether misses come as often as they should.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kupiec {
    /// Likelihood ratio, 0 when the misses come exactly as often as they should.
    pub ratio: f64,
    /// Chance of a ratio at least as large when the bands are right.
    pub p_value: f64,
}

/// Tests `misses` in `trials` against the probability of a miss, which lies between 0 and 1; none without trials.
pub fn kupiec(trials: usize, misses: usize, probability: f64) -> Option<Kupiec> {
    if trials == 0 || misses > trials || !(probability > 0.0 && probability < 1.0) {
        return None;
    }
    let (all, missed) = (trials as f64, misses as f64);
    let times_ln = |count: f64, chance: f64| {
        if count == 0.0 { 0.0 } else { count * libm::log(chance) }
    };
    let likelihood = |chance: f64| times_ln(all - missed, 1.0 - chance) + times_ln(missed, chance);
    let ratio = (2.0 * (likelihood(missed / all) - likelihood(probability))).max(0.0);
    Some(Kupiec { ratio, p_value: libm::erfc((0.5 * ratio).sqrt()) })
}

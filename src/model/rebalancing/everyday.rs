//! Everyday trading of Japanese holders, which is in both worlds: x' = φ x + ε, sold = mean/21 + x − pull/21 · Σ sold.

use super::Params;
use crate::num::lanes::*;

/// Everyday trading on eight paths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Everyday<S: Simd> {
    x: Lane<S>,
    sum: Lane<S>,
    noise: Lane<S>,
}

impl<S: Simd> Everyday<S> {
    /// Before anything is traded.
    #[inline(always)]
    pub(super) fn new(p: &Params<Lane<S>>) -> Self {
        let zero = splat(p.everyday_sd_usd_bn.simd, 0.0);
        Everyday { x: zero, sum: zero, noise: noise(p) }
    }

    /// Net sales of a day, USD bn.
    #[inline(always)]
    pub(super) fn step(&mut self, p: &Params<Lane<S>>, normal: Lane<S>) -> Lane<S> {
        self.x = self.x * p.everyday_persistence + normal * self.noise;
        let trade = self.x - self.sum * p.everyday_pull * (1.0 / 21.0);
        self.sum += trade;
        trade + p.everyday_mean_usd_bn * (1.0 / 21.0)
    }
}

/// The daily noise that gives a month (21 days of x' = φ x + ε) its standard deviation: for a long sum the variance is
/// 21 σ² / (1 − φ)², less the start-up of the correlation.
#[inline(always)]
fn noise<S: Simd>(p: &Params<Lane<S>>) -> Lane<S> {
    let phi = p.everyday_persistence;
    let one = splat(phi.simd, 1.0);
    // Var(Σ₁ⁿ x) = σ²/(1−φ²) · [n (1+φ)/(1−φ) − 2φ(1−φⁿ)/(1−φ)²]
    let mut power = one;
    for _ in 0..21 {
        power *= phi;
    }
    let gap = one - phi;
    let sum = (one + phi) / gap * 21.0 - phi * (one - power) / (gap * gap) * 2.0;
    let unit = (sum / (one - phi * phi)).sqrt();
    p.everyday_sd_usd_bn / unit
}

//! `hedge`: what it costs a yen investor to hedge dollars, and the pickups that Japanese holders look at.
//!
//! ```text
//! basis       = max(floor, basis₀ − 0.01 · (VIX − VIX₀) − widening while dealers are stressed)          %
//! hedge_cost  = USD short rate − JPY short rate − basis            (covered interest parity)            %
//! hedged      = UST − hedge_cost − JGB,   unhedged = UST − JGB,   over funds = UST5 − USD short rate    bp
//! ```
//!
//! A narrower rate gap makes hedging *cheaper*, and the level of spot is not in the formula (parity; hedge cost fell
//! from
//! 6.01% in October 2023 to 3.08% in January 2026 while the BOJ hiked and the Fed cut: Bloomberg, MNI).
//!
//! Known weakness: hedging costs are rolled at policy rates and one basis whose level is a single quotation; nobody
//! publishes the basis freely, and real hedges have many maturities.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "hedge" {
    /// Cross-currency basis on day 0.
    basis_pct: "%", -5.0..=2.0, None, "";
    /// Widening of the basis for a point of VIX.
    basis_per_vix_pct: "% per index point", -0.1..=0.1, Some("-0.01"), "assumption: 20 bp in calm, 60 bp in stress";
    /// Widening of the basis while dealers are stressed.
    basis_stress_pct: "%", -2.0..=0.0, Some("-0.10"), "assumption";
    /// Lowest basis.
    basis_floor_pct: "%", -10.0..=2.0, Some("-0.60"), "assumption: stress of 2016 (-1.0 at 5 years) and 2020";
} }

/// The pickups, bp.
#[derive(Debug, Clone, Copy)]
pub struct Pickups<S: Simd> {
    /// UST 10y hedged, less JGB 10y.
    pub hedged_10y_bp: Lane<S>,
    /// UST 30y hedged, less JGB 30y.
    pub hedged_30y_bp: Lane<S>,
    /// UST 10y less JGB 10y.
    pub unhedged_10y_bp: Lane<S>,
    /// UST 5y less the dollar short rate.
    pub over_funds_5y_bp: Lane<S>,
}

/// What parity needs: rates in %.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Federal funds rate.
    pub usd_rate_pct: Lane<S>,
    /// BOJ policy rate.
    pub jpy_rate_pct: Lane<S>,
    /// UST 5y, 10y, 30y, with yesterday's impact.
    pub ust_pct: [Lane<S>; 3],
    /// JGB 10y, 30y.
    pub jgb_pct: [Lane<S>; 2],
    /// VIX above its level of day 0.
    pub vix_deviation: Lane<S>,
    /// Whether dealers were stressed yesterday.
    pub dealers_stressed: Mask<S>,
}

impl<S: Simd> Inputs<S> {
    /// The cost of hedging dollars into yen, % a year.
    #[inline(always)]
    pub fn hedge_cost_pct(&self, p: &Params<Lane<S>>) -> Lane<S> {
        let basis = p.basis_pct
            + self.vix_deviation * p.basis_per_vix_pct
            + keep(self.dealers_stressed, p.basis_stress_pct);
        self.usd_rate_pct - self.jpy_rate_pct - basis.max(p.basis_floor_pct)
    }

    /// The pickups by parity.
    #[inline(always)]
    pub fn pickups(&self, p: &Params<Lane<S>>) -> Pickups<S> {
        let cost = self.hedge_cost_pct(p);
        let [ust_5y, ust_10y, ust_30y] = self.ust_pct;
        let [jgb_10y, jgb_30y] = self.jgb_pct;
        Pickups {
            hedged_10y_bp: (ust_10y - cost - jgb_10y) * 100.0,
            hedged_30y_bp: (ust_30y - cost - jgb_30y) * 100.0,
            unhedged_10y_bp: (ust_10y - jgb_10y) * 100.0,
            over_funds_5y_bp: (ust_5y - self.usd_rate_pct) * 100.0,
        }
    }
}

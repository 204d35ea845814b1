//! `jgb_spillover`: fiscal and term-premium shocks to JGBs travel to Treasuries; the BOJ's travel in part.
//!
//! ```text
//! gross = gross · 2^(−1/h) + β (fiscal shock + 0.3 · BOJ-driven move)                             bp of the 10-year
//! gross = gross − min(β · calming, what of it is above 0)
//! level = gross − (impact of the rebalancing sales that the same shocks caused), never past zero
//! ```
//!
//! What the BOJ's answer takes back of a rout takes its spillover back too, but never turns it round: what has faded by
//! itself cannot be given back again. Only sales that push the same way are netted (and only those that fiscal shocks
//! caused: the BOJ's part is small). The fiscal shock is that of before calming: jumps less their mean, and events.
//! Profile against the 10-year: 2y 0.66, 5y 0.87, 30y 0.94. Sources: FRED DGS10 on MoF JGB 10-year, 2022–26 (0.29–0.51
//! by specification); Goldman Sachs, January 2026 (2–3 bp per 10 bp); January 2026: +6 bp on the day of a +30 bp
//! 30-year. Everyday JGB noise does not travel. Muted, nothing does.
//!
//! Known weakness: beta is read off days on which news hit both markets, which lifts it; that it fades, and how fast,
//! is an assumption.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "jgb_spillover" {
    /// Response of the UST 10-year to a shock of the JGB 10-year.
    beta: "bp per bp", 0.0..=5.0, Some("{ lognormal = { median = 0.30, sigma = 0.45 } }"), "FRED DGS10 on MoF JGB 10-year, 2022-26: 0.29 to 0.51; Goldman Sachs 0.25";
    /// Share of a BOJ-driven move that counts.
    boj_share: "fraction", 0.0..=1.0, Some("0.3"), "assumption";
    /// Half-life of the effect.
    half_life_days: "days", 0.5..=5000.0, Some("{ lognormal = { median = 60, sigma = 0.5 } }"), "assumption: long JGBs calmed within weeks of January 2026";
    /// Effect on the 2-year for one on the 10-year.
    profile_2y: "ratio", -5.0..=5.0, Some("0.66"), "FRED DGS2 on MoF JGB 10-year, 2022-26";
    /// Effect on the 5-year for one on the 10-year.
    profile_5y: "ratio", -5.0..=5.0, Some("0.87"), "FRED DGS5 on MoF JGB 10-year, 2022-26";
    /// Effect on the 30-year for one on the 10-year.
    profile_30y: "ratio", -5.0..=5.0, Some("0.94"), "FRED DGS30 on MoF JGB 10-year, 2022-26";
} }

/// The spillover's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    gross_bp: Lane<S>,
    beta: Lane<S>,
    decay: Lane<S>,
    /// Effect on the 10-year, bp.
    pub level_bp: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0; `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>, on: f64) -> Self {
        let zero = splat(simd, 0.0);
        State {
            gross_bp: zero,
            beta: p.beta * on,
            decay: daily_decay(p.half_life_days),
            level_bp: zero,
        }
    }

    /// One day: the day's JGB shocks and what calming took back, in bp, and the impact so far of the sales that such
    /// shocks caused, bp.
    #[inline(always)]
    pub fn step(
        &mut self,
        p: &Params<Lane<S>>,
        fiscal_bp: Lane<S>,
        boj_bp: Lane<S>,
        calmed_bp: Lane<S>,
        caused_sales_bp: Lane<S>,
    ) {
        self.gross_bp = self.gross_bp * self.decay + (fiscal_bp + boj_bp * p.boj_share) * self.beta;
        self.gross_bp -= (calmed_bp * self.beta).min(positive(self.gross_bp));
        let zero = splat(fiscal_bp.simd, 0.0);
        let upward = positive(self.gross_bp - positive(caused_sales_bp));
        let downward = (self.gross_bp - caused_sales_bp.min(zero)).min(zero);
        self.level_bp = self.gross_bp.simd_ge(zero).select(upward, downward);
    }
}

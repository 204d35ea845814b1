//! `equity`: the S&P 500 and VIX.
//!
//! ```text
//! e   = Σ σ z + events (by origin: yen, us, global) + lasting + passing        e = ln of the index since day 0
//! lasting −= 0.0075% · sales,   passing = passing · 2^(−1/5) − 0.015% · sales   (carry book's sales, USD bn, yesterday)
//! VIX = VIX₀ + x,  x = x · 2^(−1/20) + σ_v z_v + 2.5 · max(0, fall by shock in %)
//! ```
//!
//! Each origin's move of the day counts as a fall when it is negative, the yen side's together with the change of
//! lasting and
//! passing; VIX is at least 5. Falls by shock are kept by origin: the haven channel answers those of the yen and
//! carry side.
//!
//! Known weakness: no drift and constant volatility; falls outside events have normal tails. One index stands for all
//! yen-funded assets.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "equity" {
    /// VIX on day 0, and the level it returns to.
    vix: "index points", 5.0..=150.0, None, "";
    /// Everyday noise of the S&P 500. At most three times the largest sd of a year on record (S&P 500: 2.6 in 2008).
    noise_pct: "% a day", 0.0..=8.0, Some("1.11"), "S&P 500, 2022-01 to 2026-06";
    /// Everyday noise of VIX. At most three times the largest sd of a year on record (VIXCLS: 3.6 in 2020).
    vix_noise: "index points a day", 0.0..=11.0, Some("1.8"), "FRED VIXCLS, 2022-01 to 2026-06";
    /// Half-life of a deviation of VIX.
    vix_half_life_days: "days", 0.5..=1000.0, Some("20"), "assumption";
    /// Rise of VIX for a fall of the S&P 500 by shock.
    vix_per_fall: "index points per %", 0.0..=20.0, Some("2.5"), "assumption: 3.6 in Aug 2024, 3.0 in Apr 2025, 1.7 in Mar 2020";
    /// Lasting fall by sales of the carry book.
    lasting_pct_per_usd_bn: "% per USD bn", 0.0..=1.0, Some("0.0075"), "assumption: a multiplier of about 4 on a USD 50tn market";
    /// Passing fall by sales of the carry book.
    passing_pct_per_usd_bn: "% per USD bn", 0.0..=1.0, Some("0.015"), "assumption";
    /// Half-life of the passing fall.
    passing_half_life_days: "days", 0.5..=500.0, Some("5"), "assumption";
} }

/// The equity market's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    ordinary: Lane<S>,
    /// Log change by events of origin yen, us, global.
    by_event: [Lane<S>; 3],
    lasting: Lane<S>,
    passing: Lane<S>,
    passing_decay: Lane<S>,
    vix_deviation: Lane<S>,
    vix_decay: Lane<S>,
    /// Log of the index since day 0.
    pub log_level: Lane<S>,
    /// The index over its level of day 0.
    pub ratio: Lane<S>,
    /// VIX.
    pub vix: Lane<S>,
    /// Today's falls by shock, % of the index, ≥ 0: yen and carry side, US-made, global.
    pub falls_pct: [Lane<S>; 3],
}

/// What moves equities today.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Correlated standard normals: S&P 500, VIX.
    pub normals: [Lane<S>; 2],
    /// Log moves by events today, of origin yen, us, global.
    pub events: [Lane<S>; 3],
    /// Yesterday's sales of US equities by the carry book, USD bn.
    pub carry_sales_usd_bn: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        let zero = splat(simd, 0.0);
        State {
            ordinary: zero,
            by_event: [zero; 3],
            lasting: zero,
            passing: zero,
            passing_decay: daily_decay(p.passing_half_life_days),
            vix_deviation: zero,
            vix_decay: daily_decay(p.vix_half_life_days),
            log_level: zero,
            ratio: splat(simd, 1.0),
            vix: p.vix,
            falls_pct: [zero; 3],
        }
    }

    /// One day.
    #[inline(always)]
    pub fn step(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) {
        let before = self.lasting + self.passing;
        self.lasting -= day.carry_sales_usd_bn * p.lasting_pct_per_usd_bn * 0.01;
        self.passing = self.passing * self.passing_decay
            - day.carry_sales_usd_bn * p.passing_pct_per_usd_bn * 0.01;
        let by_sales = self.lasting + self.passing - before;
        self.ordinary += day.normals[0] * p.noise_pct * 0.01;
        let mut level = self.ordinary + self.lasting + self.passing;
        let moves = [day.events[0] + by_sales, day.events[1], day.events[2]];
        for origin in 0..3 {
            self.by_event[origin] += day.events[origin];
            level += self.by_event[origin];
            self.falls_pct[origin] = positive(moves[origin] * -100.0);
        }
        self.log_level = level;
        self.ratio = exp(level);
        let fall = self.falls_pct[0] + self.falls_pct[1] + self.falls_pct[2];
        self.vix_deviation = self.vix_deviation * self.vix_decay
            + day.normals[1] * p.vix_noise
            + fall * p.vix_per_fall;
        self.vix = (p.vix + self.vix_deviation).max(splat(fall.simd, 5.0));
    }

    /// Log of the index since day 0 without what a haven answers: 1 where it does, by origin (yen and carry, us, global).
    #[inline(always)]
    pub fn level_unanswered(&self, answered: &[Lane<S>; 3]) -> Lane<S> {
        let carry = self.lasting + self.passing;
        let [yen, us, global] = self.by_event;
        self.log_level - (yen + carry) * answered[0] - us * answered[1] - global * answered[2]
    }
}

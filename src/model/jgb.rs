//! `jgb`: Japanese government bond yields, their ordinary part and their shock part kept apart.
//!
//! ```text
//! JGB10 = JGB10₀ + Σ σ z + Σ 0.14 ΔUST10(t−1) + boj + fiscal
//! boj    += 0.83 ΔJGB2 (policy surprises)
//! JGB30: the same with its own noise, the same response to the UST, 0.5 of boj, fiscal / 0.55
//! fiscal += jumps (Poisson, 2 a year; 30y lognormal, 10y = 0.55 of it) + events − emergency purchases
//! ```
//!
//! Emergency purchases: when the 10-year has risen by 30 bp in five days, the BOJ (with probability 0.8 on a path)
//! takes
//! back 30–50% of the part of that rise that shocks made, evenly over ten days, from the next day on, and looks again
//! when it is done (BOJ
//! statement of 17 June 2025 on nimble responses). Fiscal jumps only go up and are not compensated by a drift: in the
//! record they have no counterpart downwards, so the 10-year rises by about 15 bp a year with them.
//! The everyday noise and the response to US yields are ordinary; `boj` and `fiscal` are the shock part that travels.
//!
//! Known weakness: volatility is constant and that of early 2026; fiscal jumps only go up; there is no pull back to
//! any level, so that long horizons spread as a random walk does.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "jgb" {
    /// JGB 10-year yield on day 0.
    jgb_10y_pct: "%", -2.0..=25.0, None, "";
    /// JGB 30-year yield on day 0.
    jgb_30y_pct: "%", -2.0..=25.0, None, "";
    /// Everyday noise of the 10-year yield; surprises and jumps come on top. At most three times the largest sd of a year on record (MoF JGB curve: 8.7 in 1987).
    jgb_10y_noise_bp: "bp a day", 0.0..=26.0, Some("3.65"), "MoF JGB curve, 2026: 3.8 in total";
    /// Everyday noise of the 30-year yield. At most that of the 10-year, whose record is longer.
    jgb_30y_noise_bp: "bp a day", 0.0..=26.0, Some("4.7"), "MoF JGB curve, 2026: 5.0 in total";
    /// Response of the 10-year yield to the previous day's change of the UST 10-year.
    jgb10_per_ust10: "bp per bp", -1.0..=1.0, Some("0.14"), "MoF JGB curve, FRED DGS10, 2022-01 to 2026-06";
    /// Response of the 10-year yield to the 2-year's on BOJ days.
    jgb10_per_jgb2: "bp per bp", -1.0..=3.0, Some("0.83"), "MoF JGB curve on BOJ days, 2022-01 to 2026-06";
    /// Response of the 30-year yield to the 10-year's on BOJ days.
    jgb30_per_jgb10_boj: "bp per bp", -1.0..=3.0, Some("0.5"), "assumption";
    /// Fiscal jumps a year.
    fiscal_jumps_per_year: "jumps a year", 0.0..=100.0, Some("2"), "MoF JGB 30-year, 2022-01 to 2026-06";
    /// Median size of a fiscal jump in the 30-year yield.
    fiscal_jump_30y_bp: "bp", 0.0..=500.0, Some("12"), "MoF JGB 30-year, 2022-01 to 2026-06";
    /// Standard deviation of the log size of a fiscal jump.
    fiscal_jump_sigma: "log", 0.0..=3.0, Some("0.5"), "MoF JGB 30-year, 2022-01 to 2026-06";
    /// Fiscal shock of the 10-year yield for one of the 30-year.
    fiscal_10y_per_30y: "bp per bp", 0.05..=3.0, Some("0.55"), "MoF JGB curve, large days of 2022-01 to 2026-06";
    /// Rise of the 10-year in five days at which the BOJ buys.
    emergency_trigger_bp: "bp", 0.0..=1000.0, Some("30"), "assumption on the BOJ's emergency clause of 17 June 2025";
    /// Probability that the BOJ answers such a rise.
    emergency_probability: "probability", 0.0..=1.0, Some("0.8"), "assumption";
    /// Share of the rise that the purchases take back.
    emergency_reversal: "fraction", 0.0..=1.0, Some("{ uniform = { low = 0.3, high = 0.5 } }"), "assumption";
    /// Days over which they do.
    emergency_days: "days", 1.0..=100.0, Some("10"), "assumption";
    /// Luck of the path in the BOJ's answer: it buys when this is below `emergency_probability`.
    emergency_draw: "uniform draw", 0.0..=1.0, Some("{ uniform = { low = 0, high = 1 } }"), "assumption: one draw a path";
} }

/// Days over which the rise is measured.
const WINDOW: usize = 5;

/// The JGB market's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    ordinary_10y_bp: Lane<S>,
    ordinary_30y_bp: Lane<S>,
    boj_10y_bp: Lane<S>,
    boj_30y_bp: Lane<S>,
    /// Fiscal and term-premium part of the 10-year, bp since day 0.
    pub fiscal_10y_bp: Lane<S>,
    fiscal_30y_bp: Lane<S>,
    /// Total rise and its shock part, bp, last five days, by step modulo 5.
    past_bp: [[Lane<S>; 2]; WINDOW],
    reversal_bp_a_day: Lane<S>,
    reversal_days_left: Lane<S>,
    /// Yields, %.
    pub yield_10y_pct: Lane<S>,
    /// 30-year yield, %.
    pub yield_30y_pct: Lane<S>,
    /// Today's shock that travels in full: fiscal, bp of the 10-year.
    pub fiscal_move_bp: Lane<S>,
    /// Today's shock that travels in part: BOJ-driven, bp of the 10-year.
    pub boj_move_bp: Lane<S>,
}

/// What moves JGBs today.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Step, 1 is the first.
    pub step: usize,
    /// Correlated standard normals: 10y, 30y.
    pub normals: [Lane<S>; 2],
    /// Uniform draw: whether a fiscal jump comes.
    pub jump: Lane<S>,
    /// Standard normal: its size.
    pub jump_size: Lane<S>,
    /// Today's change of the JGB 2-year by BOJ surprise, bp.
    pub jgb2_surprise_bp: Lane<S>,
    /// Yesterday's change of the UST 10-year (impact included), bp.
    pub ust10_move_bp: Lane<S>,
    /// Fiscal shock by event today, bp of the 10-year.
    pub event_bp: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        let zero = splat(simd, 0.0);
        State {
            ordinary_10y_bp: zero,
            ordinary_30y_bp: zero,
            boj_10y_bp: zero,
            boj_30y_bp: zero,
            fiscal_10y_bp: zero,
            fiscal_30y_bp: zero,
            past_bp: [[zero; 2]; WINDOW],
            reversal_bp_a_day: zero,
            reversal_days_left: zero,
            yield_10y_pct: p.jgb_10y_pct,
            yield_30y_pct: p.jgb_30y_pct,
            fiscal_move_bp: zero,
            boj_move_bp: zero,
        }
    }

    /// One day.
    #[inline(always)]
    pub fn step(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) {
        let follow = day.ust10_move_bp * p.jgb10_per_ust10;
        self.ordinary_10y_bp = self.ordinary_10y_bp + day.normals[0] * p.jgb_10y_noise_bp + follow;
        self.ordinary_30y_bp = self.ordinary_30y_bp + day.normals[1] * p.jgb_30y_noise_bp + follow;
        self.boj_move_bp = day.jgb2_surprise_bp * p.jgb10_per_jgb2;
        self.boj_10y_bp += self.boj_move_bp;
        self.boj_30y_bp += self.boj_move_bp * p.jgb30_per_jgb10_boj;
        let jumps = day.jump.simd_lt(p.fiscal_jumps_per_year * (1.0 / 252.0));
        let mut shock = day.event_bp;
        if any(jumps) {
            let size = p.fiscal_jump_30y_bp * exp(day.jump_size * p.fiscal_jump_sigma);
            shock += keep(jumps, size) * p.fiscal_10y_per_30y;
        }
        let bought =
            keep(self.reversal_days_left.simd_gt(splat(shock.simd, 0.0)), self.reversal_bp_a_day);
        self.reversal_days_left -= 1.0;
        self.fiscal_move_bp = shock - bought;
        self.fiscal_10y_bp += self.fiscal_move_bp;
        self.fiscal_30y_bp += self.fiscal_move_bp / p.fiscal_10y_per_30y;
        let rise = self.ordinary_10y_bp + self.boj_10y_bp + self.fiscal_10y_bp;
        self.yield_10y_pct = p.jgb_10y_pct + rise * 0.01;
        let rise_30y = self.ordinary_30y_bp + self.boj_30y_bp + self.fiscal_30y_bp;
        self.yield_30y_pct = p.jgb_30y_pct + rise_30y * 0.01;
        self.emergency(p, day.step, [rise, self.boj_10y_bp + self.fiscal_10y_bp]);
    }

    /// Starts emergency purchases when the 10-year has risen too fast: `rise_bp` is its rise since day 0 and the part of
    /// it that shocks made.
    #[inline(always)]
    fn emergency(&mut self, p: &Params<Lane<S>>, step: usize, rise_bp: [Lane<S>; 2]) {
        let s = rise_bp[0].simd;
        let past = self.past_bp[step % WINDOW];
        self.past_bp[step % WINDOW] = rise_bp;
        let five_days = rise_bp[0] - past[0];
        let by_shocks = positive((rise_bp[1] - past[1]).min(five_days));
        let starts = five_days.simd_ge(p.emergency_trigger_bp)
            & self.reversal_days_left.simd_le(splat(s, 0.0))
            & p.emergency_draw.simd_lt(p.emergency_probability);
        let a_day = by_shocks * p.emergency_reversal / p.emergency_days;
        self.reversal_bp_a_day = starts.select(a_day, self.reversal_bp_a_day);
        self.reversal_days_left = starts.select(p.emergency_days, self.reversal_days_left);
    }
}

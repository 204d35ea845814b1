//! `jgb`: Japanese government bond yields, their ordinary part and their shock part kept apart.
//!
//! ```text
//! JGB10 = JGB10₀ + Σ σ z + Σ 0.14 ΔUST10(t−1) + boj + fiscal
//! boj    += 0.83 ΔJGB2 (policy surprises)
//! JGB30: the same with its own noise, the same response to the UST, 0.5 of boj, its own fiscal part
//! fiscal += jumps − their mean + events − calming
//! jump    = ±(8 + excess) bp of the 30-year, up with 0.7 λ/252 a day, down with 0.3 λ/252
//!           in the 10-year 0.39 of it up, 0.23 down
//! excess  = −m ln Φ(−z), exponential with mean m: 2.6 bp up, 2.9 bp down
//! ```
//!
//! One uniform u decides: u < 0.7 λ/252 jumps up, then to λ/252 down. The mean of the jumps is taken out of the same
//! state, 10-year and 30-year each with its own, so that fiscal news travels in both directions and adds no drift at
//! any rates. An event of x bp on the 10-year moves the 30-year by x / 0.55, and so does calming.
//!
//! Calming: when the 10-year has risen by 30 bp in five days, the BOJ answers (with probability 0.8 on a path). It
//! takes back 30–50% of the part of that rise that shocks made (at most the rise itself), evenly over ten days, from
//! the next day on, and looks again when it is done (BOJ statement of 17 June 2025 on nimble responses). For 126 days
//! from the next day on, what stands of `fiscal` above its level of five days before the answer fades with
//! `rout_half_life_days` beside it (gilts: all of September 2022 was given back by the end of October); `boj` is policy
//! and stays. A day's calming is reckoned on yesterday's `fiscal`: what is bought, at most all that is above the level,
//! and of the rest what fades. An answer while another stands keeps the older level and starts the 126 days anew.
//! Calming never takes `fiscal` below that level. Before day 0 all parts are 0. The everyday noise and the response to
//! US yields are ordinary; `boj` and `fiscal` are the shock part that travels.
//!
//! Decisions. (1) Jumps: the rule for "fiscal", one rule with four thresholds looked at: residual of Δ30y on the
//! previous US session (Δ10y, Δ30y, S&P 500) beyond ±8 bp, no BOJ meeting, previous VIX below 25 and |ΔVIX| below 5,
//! |Δ30y − Δ2y| at least 0.6 |Δ30y|, Δ30y of the residual's sign. MoF JGB curve, 2022-01 to 2026-06, 1,097 days: up on
//! ten (of them 2025-05-07, 05-20, 10-06, 2026-01-19, 01-20, 02-25, 06-30; before, 2022-11-14 and 2023-03-15 look like
//! US news, which a mechanical rule does not see: reported, not edited), down on four (2023-03-28, 2025-05-27, 07-16,
//! 2026-01-21): 2.2 ± 0.7 and 0.9 ± 0.45 a year, mean sizes 10.6 and 10.9 bp. Estimate; the rate is drawn around 3.1 a
//! year (assumption on the spread) because 2022–24 had 1.3 and 2025–26 6.7. (2) Revision 1 had two a year, up only,
//! 12 bp in the median, without a compensator: +15 bp a year on the 10-year and 1.3 of the 3.4 bp of an ordinary year's
//! impact. Its reason, that the record has no counterpart downwards, is false. (3) The 10-year's share on the kept days
//! is 0.39 up and 0.23 down; 0.55 is that of all large days and stays for events.
//!
//! Known weakness: volatility is constant and that of early 2026; the rule's cut-offs were set with the list of large
//! days in view; sizes below 8 bp are unseen; how a rout ends is read off one foreign episode; there is no pull back to
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
    /// Fiscal jumps a year, up and down.
    fiscal_jumps_per_year: "jumps a year", 0.0..=60.0, Some("{ lognormal = { median = 3.1, sigma = 0.5 } }"), "estimate: 10 up and 4 down in 2022-01 to 2026-06 by the rule above (MoF JGB 30-year), assumption on the spread";
    /// Share of them that go up.
    fiscal_up_share: "fraction", 0.0..=1.0, Some("0.7"), "record: 10 of 14 days, MoF JGB 30-year, 2022-01 to 2026-06";
    /// Smallest fiscal jump of the 30-year yield.
    fiscal_jump_least_bp: "bp", 0.0..=200.0, Some("8"), "assumption: the threshold of the rule";
    /// Mean of what a jump up has beyond that.
    fiscal_excess_up_bp: "bp", 0.0..=100.0, Some("2.6"), "estimate: mean of 10.6 on ten days, MoF JGB 30-year, 2022-01 to 2026-06";
    /// Mean of what a jump down has beyond that.
    fiscal_excess_down_bp: "bp", 0.0..=100.0, Some("2.9"), "estimate: mean of 10.9 on four days, MoF JGB 30-year, 2022-01 to 2026-06";
    /// Jump up of the 10-year yield for one of the 30-year.
    fiscal_10y_per_30y_up: "bp per bp", 0.0..=3.0, Some("0.39"), "estimate: MoF JGB curve, the ten days";
    /// Jump down of the 10-year yield for one of the 30-year.
    fiscal_10y_per_30y_down: "bp per bp", 0.0..=3.0, Some("0.23"), "estimate: MoF JGB curve, the four days";
    /// Shock of the 10-year yield for one of the 30-year, where an event gives the 10-year's.
    fiscal_10y_per_30y: "bp per bp", 0.05..=3.0, Some("0.55"), "MoF JGB curve, all large days of 2022-01 to 2026-06";
    /// Rise of the 10-year in five days at which the BOJ buys.
    emergency_trigger_bp: "bp", 0.0..=1000.0, Some("30"), "assumption on the BOJ's emergency clause of 17 June 2025";
    /// Probability that the BOJ answers such a rise.
    emergency_probability: "probability", 0.0..=1.0, Some("0.8"), "assumption";
    /// Share of the rise that the purchases take back.
    emergency_reversal: "fraction", 0.0..=1.0, Some("{ uniform = { low = 0.3, high = 0.5 } }"), "assumption";
    /// Days over which they do.
    emergency_days: "days", 1.0..=100.0, Some("10"), "assumption";
    /// Half-life of what a rout has left, once the BOJ has answered.
    rout_half_life_days: "days", 1.0..=5000.0, Some("{ lognormal = { median = 20, sigma = 0.5 } }"), "assumption after gilts: +119 bp from 21 to 27 September 2022, given back by the end of October";
    /// Luck of the path in the BOJ's answer: it buys when this is below `emergency_probability`.
    emergency_draw: "uniform draw", 0.0..=1.0, Some("{ uniform = { low = 0, high = 1 } }"), "assumption: one draw a path";
} }

/// Days over which the rise is measured.
const WINDOW: usize = 5;
/// Days for which an answer of the BOJ stands: half a year, assumption.
const ANSWERED: f64 = 126.0;

/// The JGB market's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    ordinary_10y_bp: Lane<S>,
    ordinary_30y_bp: Lane<S>,
    boj_10y_bp: Lane<S>,
    boj_30y_bp: Lane<S>,
    /// Fiscal and term-premium part of the 10-year, bp since day 0.
    pub fiscal_10y_bp: Lane<S>,
    /// The same of the 30-year.
    pub fiscal_30y_bp: Lane<S>,
    /// Total rise, its shock part and the fiscal part of that, bp, last five days, by step modulo 5.
    past_bp: [[Lane<S>; 3]; WINDOW],
    reversal_bp_a_day: Lane<S>,
    reversal_days_left: Lane<S>,
    /// Mean of a day's jumps, bp: 10-year, 30-year.
    jump_mean_bp: [Lane<S>; 2],
    /// Fiscal part of the 10-year before the rout that the BOJ has answered, bp, and days for which the answer stands.
    calm_level_bp: Lane<S>,
    answered_days_left: Lane<S>,
    rout_fades: Lane<S>,
    /// Yields, %.
    pub yield_10y_pct: Lane<S>,
    /// 30-year yield, %.
    pub yield_30y_pct: Lane<S>,
    /// Today's shock that travels in full: fiscal, bp of the 10-year.
    pub fiscal_move_bp: Lane<S>,
    /// What the BOJ's answer took back of it today, bp of the 10-year, ≥ 0.
    pub calmed_bp: Lane<S>,
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
            past_bp: [[zero; 3]; WINDOW],
            reversal_bp_a_day: zero,
            reversal_days_left: zero,
            jump_mean_bp: mean_jump(p),
            calm_level_bp: zero,
            answered_days_left: zero,
            rout_fades: splat(simd, 1.0) - daily_decay(p.rout_half_life_days),
            yield_10y_pct: p.jgb_10y_pct,
            yield_30y_pct: p.jgb_30y_pct,
            fiscal_move_bp: zero,
            calmed_bp: zero,
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
        let [ten, thirty] = self.jump(p, day);
        let [mean_10y, mean_30y] = self.jump_mean_bp;
        self.fiscal_move_bp = ten - mean_10y + day.event_bp;
        let long = thirty - mean_30y + day.event_bp / p.fiscal_10y_per_30y;
        self.calmed_bp = self.calm();
        self.fiscal_10y_bp += self.fiscal_move_bp - self.calmed_bp;
        self.fiscal_30y_bp += long - self.calmed_bp / p.fiscal_10y_per_30y;
        let rise = self.ordinary_10y_bp + self.boj_10y_bp + self.fiscal_10y_bp;
        self.yield_10y_pct = p.jgb_10y_pct + rise * 0.01;
        let rise_30y = self.ordinary_30y_bp + self.boj_30y_bp + self.fiscal_30y_bp;
        self.yield_30y_pct = p.jgb_30y_pct + rise_30y * 0.01;
        self.emergency(
            p,
            day.step,
            [rise, self.boj_10y_bp + self.fiscal_10y_bp, self.fiscal_10y_bp],
        );
    }

    /// Today's fiscal jump, bp: 10-year, 30-year.
    #[inline(always)]
    fn jump(&self, p: &Params<Lane<S>>, day: &Inputs<S>) -> [Lane<S>; 2] {
        let rate = p.fiscal_jumps_per_year * (1.0 / 252.0);
        let zero = splat(rate.simd, 0.0);
        let comes = day.jump.simd_lt(rate);
        if !any(comes) {
            return [zero; 2];
        }
        let up = day.jump.simd_lt(rate * p.fiscal_up_share);
        let excess = up.select(p.fiscal_excess_up_bp, p.fiscal_excess_down_bp);
        let exponential = ln(normal_cdf(day.jump_size * -1.0)) * -1.0;
        let size = keep(comes, p.fiscal_jump_least_bp + excess * exponential);
        let thirty = up.select(size, size * -1.0);
        let ten = thirty * up.select(p.fiscal_10y_per_30y_up, p.fiscal_10y_per_30y_down);
        [ten, thirty]
    }

    /// What the BOJ's answer takes back of the shock part of the 10-year today, bp: what it buys, and what then fades.
    #[inline(always)]
    fn calm(&mut self) -> Lane<S> {
        let zero = splat(self.rout_fades.simd, 0.0);
        let answered = self.answered_days_left.simd_gt(zero);
        self.answered_days_left -= 1.0;
        let buying = self.reversal_days_left.simd_gt(zero);
        self.reversal_days_left -= 1.0;
        if !any(answered) {
            return zero;
        }
        let left = positive(self.fiscal_10y_bp - self.calm_level_bp);
        let bought = keep(buying, self.reversal_bp_a_day).min(left);
        keep(answered, bought + (left - bought) * self.rout_fades)
    }

    /// Starts emergency purchases when the 10-year has risen too fast: `rise_bp` is its rise since day 0 and the part of
    /// it that shocks made, with the fiscal part alone.
    #[inline(always)]
    fn emergency(&mut self, p: &Params<Lane<S>>, step: usize, rise_bp: [Lane<S>; 3]) {
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
        let stands = self.answered_days_left.simd_gt(splat(s, 0.0));
        self.calm_level_bp = (starts & !stands).select(past[2], self.calm_level_bp);
        self.answered_days_left = starts.select(splat(s, ANSWERED), self.answered_days_left);
    }
}

/// Mean of a day's fiscal jumps, bp: 10-year, 30-year.
#[inline(always)]
fn mean_jump<S: Simd>(p: &Params<Lane<S>>) -> [Lane<S>; 2] {
    let rate = p.fiscal_jumps_per_year * (1.0 / 252.0);
    let up = rate * p.fiscal_up_share * (p.fiscal_jump_least_bp + p.fiscal_excess_up_bp);
    let rarer = rate * (p.fiscal_up_share * -1.0 + 1.0);
    let down = rarer * (p.fiscal_jump_least_bp + p.fiscal_excess_down_bp);
    [up * p.fiscal_10y_per_30y_up - down * p.fiscal_10y_per_30y_down, up - down]
}

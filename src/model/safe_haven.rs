//! `safe_haven`: a yen surge with falling equities brings buyers into Treasuries.
//!
//! ```text
//! impulse  = b · fall of the S&P 500 by shock today, in %, where the haven works (yen and carry side; global)
//! x        = x · 2^(−1/h) + (impulses of the last four days, today's included) / 4
//! level    = −L tanh(x / L)                                                   bp, never positive, never permanent
//! ```
//!
//! On a path the haven works or fails, by one draw: with probability 0.6 for falls from the yen and carry side, 0.4 for
//! global ones, 0.2 for US-made ones. Only falls of these origins count, so a Treasury dump does not stabilise itself.
//! Profile against the 10-year: 2y 1.3, 5y 1.1, 30y 0.95. Sources: FRED DGS10, S&P 500 and DEXJPUS (2000–21: 2.4–3.0 bp
//! per 1%; 2022–26: yields fell in 8 of 18 falls, with the yen up in 4 of 7); 31 July to 5 August 2024: 10-year −31 bp,
//! S&P 500 −6.1%. L is the largest fall of the 10-year in a month of falling equities on record (FRED DGS10, S&P 500
//! since 1985: −141 bp to 4 December 2008, −137 in November 1987): revision 1 had no bound. Muted, no buyer comes.
//!
//! Known weakness: whether Treasuries are a haven is drawn, not explained; it failed in March 2020 and April 2025, and
//! two cases do not make a probability.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "safe_haven" {
    /// Fall of the 10-year for a fall of the S&P 500 by shock.
    bp_per_equity_fall: "bp per %", 0.0..=50.0, Some("{ normal = { mean = 2.5, sd = 1.0 } }"), "FRED DGS10, S&P 500, 2000-2021: 2.4 to 3.0";
    /// Probability that it works for falls from the yen and carry side.
    works_probability_yen: "probability", 0.0..=1.0, Some("0.6"), "FRED, 2022-26: 4 of 7 with the yen up, and assumption";
    /// Probability that it works for US-made falls.
    works_probability_us: "probability", 0.0..=1.0, Some("0.2"), "April 2025, and assumption";
    /// Probability that it works for global falls.
    works_probability_global: "probability", 0.0..=1.0, Some("0.4"), "FRED, 2022-26: 8 of 18, and assumption";
    /// Luck of the path: the haven works when this is below the probability.
    works_draw: "uniform draw", 0.0..=1.0, Some("{ uniform = { low = 0, high = 1 } }"), "assumption: one draw a path";
    /// Largest fall of the 10-year by the haven.
    largest_bp: "bp", 1.0..=1000.0, Some("141"), "record: FRED DGS10 in 21 days with the S&P 500 down, to 4 December 2008";
    /// Half-life of the effect.
    half_life_days: "days", 0.5..=500.0, Some("{ uniform = { low = 5, high = 10 } }"), "August 2024: half back in five days";
    /// Effect on the 2-year for one on the 10-year.
    profile_2y: "ratio", -5.0..=5.0, Some("1.3"), "FRED, August 2024: -40 against -31 bp";
    /// Effect on the 5-year for one on the 10-year.
    profile_5y: "ratio", -5.0..=5.0, Some("1.1"), "FRED, August 2024, interpolated";
    /// Effect on the 30-year for one on the 10-year.
    profile_30y: "ratio", -5.0..=5.0, Some("0.95"), "FRED, August 2024: -29 against -31 bp";
} }

/// Days over which the buyers arrive.
const BUILD: usize = 4;

/// The haven's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    /// bp per % of fall: yen, US, global; 0 where it does not work.
    response: [Lane<S>; 3],
    decay: Lane<S>,
    impulses: [Lane<S>; BUILD],
    /// The effect before it saturates, bp, ≥ 0, and one over its largest size.
    raw_bp: Lane<S>,
    per_largest_bp: Lane<S>,
    /// Effect on the 10-year, bp, ≤ 0.
    pub level_bp: Lane<S>,
    /// 1 where it works, else 0: for the yen and carry side, US-made, global falls.
    pub works: [Lane<S>; 3],
}

impl<S: Simd> State<S> {
    /// The state on day 0; `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>, on: f64) -> Self {
        let zero = splat(simd, 0.0);
        let works = [p.works_probability_yen, p.works_probability_us, p.works_probability_global]
            .map(
                #[inline(always)]
                |probability| flag(simd, p.works_draw.simd_lt(probability)) * on,
            );
        State {
            response: works.map(
                #[inline(always)]
                |works| works * p.bp_per_equity_fall,
            ),
            decay: daily_decay(p.half_life_days),
            impulses: [zero; BUILD],
            raw_bp: zero,
            per_largest_bp: splat(simd, 1.0) / p.largest_bp,
            level_bp: zero,
            works,
        }
    }

    /// One day; `falls_pct` are today's falls of equities by shock: yen and carry side, US-made, global.
    #[inline(always)]
    pub fn step(&mut self, step: usize, falls_pct: &[Lane<S>; 3]) {
        let [yen, us, global] = self.response;
        let impulse = yen * falls_pct[0] + us * falls_pct[1] + global * falls_pct[2];
        self.impulses[step % BUILD] = positive(impulse);
        let [a, b, c, d] = self.impulses;
        let arriving = ((a + b) + (c + d)) * (1.0 / BUILD as f64);
        self.raw_bp = self.raw_bp * self.decay + arriving;
        if any(self.raw_bp.simd_gt(splat(arriving.simd, 0.0))) {
            let left = tanh_over(self.raw_bp * self.per_largest_bp);
            self.level_bp = self.raw_bp * left * -1.0;
        }
    }
}

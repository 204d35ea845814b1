//! `usdjpy`: yen per dollar.
//!
//! ```text
//! ln S = ln S₀ + diffusion + shock + Q tanh(flow / Q) − carry
//! diffusion += σ z
//! shock     += jumps − their mean + events + 0.041% · (ΔUST2 − ΔJGB2) by policy surprise and oil
//!              + a_f · (fiscal shock − calming) of the JGB 10y
//! flow       = flow · 2^(−1/h) − a · dollars turned into yen − b · intervention          (fading)
//! carry      = what stands of covering                                                  (see `carry_unwind`)
//! ```
//!
//! On a day u < up/252 jumps up, up/252 ≤ u < (up + down)/252 jumps down, u one uniform; the size is mean + sd · z' in
//! log %, with one normal z' for both sides and nothing cut off. Before day 0 spot came on a straight line with the
//! given 60-day average, and its shock part on another with the given rise, ln(1 + rise); the twenty squared moves
//! before day 0 are all vol²/252. Averages, changes and volatility end at the last close and volatility is about zero,
//! not about the mean. Today's open feels yesterday's repatriation and drawn campaigns of intervention, and today's
//! dated interventions; the carry book closes within the day. The shock part (everything but the diffusion) is what the
//! Ministry of Finance looks at.
//!
//! Decisions. (1) Jumps and diffusion net of what other mechanisms bring: FRED DEXJPUS, 2022-01 to 2026-06, days beyond
//! 2.5 bipower standard deviations (1.55%) without the Ministry's and rate-check days (2022-09-22, 10-21, 10-24,
//! 2024-04-29, 05-01, 05-02, 07-11, 07-12, 2026-01-23, 01-26, 04-30, 05-04, 05-06) and without 31 July to 7 August
//! 2024: up (spot falls) 3.65 a year (16), mean 2.24%, sd 0.71; down 2.96 (13), 1.97%, sd 0.30; diffusion 0.535% a day;
//! 10.1% a year in all. Estimates. Revision 1 had 5.4 and 3.4 from all days and added interventions and unwinds again:
//! one-month p1 −15.1% against −8.1% on record (1990–2026). From a neutral start it is now within the bands of
//! `tests/yen.rs`. (2) The drift is zero: 0.3% a year on record since 1990. (3) Order flow saturates at Q, the largest
//! distance of spot from its 60-day mean on record (17.5%, 19 October 1998): a flow moves a price away from where
//! others want it only so far. (4) On 13 fiscal days USD/JPY moved by 0.0 ± 0.2% per 10 bp of the JGB 30-year (New York
//! noon to noon): no sign is identified, so a_f is 0 unless a scenario says otherwise.
//!
//! Known weakness: volatility is constant between jumps, and no force pulls spot towards parity or fundamentals; the
//! response to the rate gap is that of all days, noon prices against closing yields.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "usdjpy" {
    /// Spot on day 0.
    spot_jpy_per_usd: "JPY per USD", 20.0..=1000.0, None, "";
    /// Average spot of the sixty days up to day 0.
    average_60d_jpy_per_usd: "JPY per USD", 20.0..=1000.0, None, "";
    /// Realised volatility of the twenty days up to day 0, a year.
    realised_vol_20d_pct: "% a year", 0.0..=200.0, None, "";
    /// Rise of spot over the sixty days up to day 0.
    change_60d_pct: "%", -50.0..=50.0, None, "";
    /// Highest spot of the year up to day 0.
    high_1y_jpy_per_usd: "JPY per USD", 20.0..=1000.0, None, "";
    /// Diffusion. At most three times the largest sd of a year on record (DEXJPUS: 1.14 in 1998).
    diffusion_pct: "% a day", 0.0..=3.4, Some("0.535"), "estimate: FRED DEXJPUS, 2022-01 to 2026-06, without jumps, Ministry days and August 2024";
    /// Jumps of the yen upwards, a year.
    jumps_up_per_year: "jumps a year", 0.0..=100.0, Some("3.65"), "estimate: FRED DEXJPUS, 2022-01 to 2026-06, without Ministry days and August 2024";
    /// Mean size of a jump of the yen upwards.
    jump_up_pct: "%", 0.0..=50.0, Some("2.24"), "estimate: FRED DEXJPUS, the same 16 days";
    /// Standard deviation of that size.
    jump_up_sd_pct: "%", 0.0..=20.0, Some("0.71"), "estimate: FRED DEXJPUS, the same 16 days";
    /// Jumps of the yen downwards, a year.
    jumps_down_per_year: "jumps a year", 0.0..=100.0, Some("2.96"), "estimate: FRED DEXJPUS, 2022-01 to 2026-06, without Ministry days and August 2024";
    /// Mean size of a jump of the yen downwards.
    jump_down_pct: "%", 0.0..=50.0, Some("1.97"), "estimate: FRED DEXJPUS, the same 13 days";
    /// Standard deviation of that size.
    jump_down_sd_pct: "%", 0.0..=20.0, Some("0.30"), "estimate: FRED DEXJPUS, the same 13 days";
    /// Response of spot to a surprise change of the 2-year gap, UST less JGB.
    per_gap_bp: "% per bp", -1.0..=1.0, Some("0.041"), "FRED DEXJPUS, DGS2, MoF JGB curve, 2022-01 to 2026-06";
    /// Fall of spot by unhedged repatriation.
    repatriation_pct_per_usd_bn: "% per USD bn", 0.0..=1.0, Some("{ lognormal = { median = 0.025, sigma = 0.35 } }"), "assumption: as covering of the carry book";
    /// Response of spot to a fiscal move of the JGB 10-year (positive: the yen falls when yields rise).
    per_fiscal_bp: "% per bp", -0.5..=0.5, Some("0"), "estimate: 0.00 ± 0.05 on 13 fiscal days (0.0 ± 0.2% per 10 bp of the 30-year), FRED DEXJPUS, MoF JGB curve";
    /// Largest move of spot by order flow.
    order_flow_most_pct: "%", 0.1..=100.0, Some("17.5"), "record: FRED DEXJPUS, 19 October 1998, distance from the 60-day mean";
    /// Half-life of the effect of repatriation and intervention on spot.
    order_flow_half_life_days: "days", 0.5..=500.0, Some("{ lognormal = { median = 10, sigma = 0.6 } }"), "five campaigns 2022-2026: gone in 5 to 9 weeks";
} }

/// Days of the average that loss tolerances are measured from, and of the change that the MoF looks at.
pub const LONG: usize = 60;
/// Days of realised volatility and of the fast moves.
pub const SHORT: usize = 20;

/// The yen's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    diffusion: Lane<S>,
    shock: Lane<S>,
    flow: Lane<S>,
    /// 1 / Q, log.
    flow_per_most: Lane<S>,
    flow_decay: Lane<S>,
    log_start: Lane<S>,
    /// ln spot at yesterday's close; today's after `close`.
    pub log_spot: Lane<S>,
    /// Log spot of the last sixty days, by step modulo 60.
    past: [Lane<S>; LONG],
    past_sum: Lane<S>,
    /// Squared log moves of the last twenty days, by step modulo 20.
    squares: [Lane<S>; SHORT],
    squares_sum: Lane<S>,
    /// Log spot without the diffusion, last sixty days, by step modulo 60.
    past_shock: [Lane<S>; LONG],
    high_shock: Lane<S>,
    /// Spot, JPY per USD.
    pub spot: Lane<S>,
}

/// What moves the yen at today's open.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Correlated standard normal.
    pub normal: Lane<S>,
    /// Uniform draw: whether and which way it jumps.
    pub jump: Lane<S>,
    /// Standard normal: the jump's size.
    pub jump_size: Lane<S>,
    /// Today's change of UST 2y less JGB 2y by policy surprise and oil, bp.
    pub gap_surprise_bp: Lane<S>,
    /// Log move by event today.
    pub event_log: Lane<S>,
    /// Today's fiscal move of the JGB 10-year, bp.
    pub fiscal_move_bp: Lane<S>,
    /// Fall of log spot by the carry books' covering that still stands.
    pub carry_log: Lane<S>,
    /// Yesterday's dollars sold for yen by unhedged repatriation, USD bn.
    pub repatriation_usd_bn: Lane<S>,
    /// Effect of yesterday's drawn and today's dated intervention, log (negative lifts the yen).
    pub intervention_log: Lane<S>,
}

/// What the Ministry of Finance sees: log levels without the everyday diffusion.
#[derive(Debug, Clone, Copy)]
pub struct ShockView<S: Simd> {
    /// Log spot.
    pub level: Lane<S>,
    /// Change over sixty days.
    pub change_60d: Lane<S>,
    /// Change over twenty days.
    pub change_20d: Lane<S>,
    /// Highest level of the last year.
    pub high: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0: sixty days of history with the given average, volatility and rise.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        let zero = splat(simd, 0.0);
        let log_start = ln(p.spot_jpy_per_usd);
        let average = ln(p.average_60d_jpy_per_usd);
        let daily = p.realised_vol_20d_pct * 0.01;
        let square = daily * daily * (1.0 / 252.0);
        let rise = ln(p.change_60d_pct * 0.01 + 1.0);
        let gap = log_start - average;
        let mut past = [log_start; LONG];
        let mut past_shock = [log_start; LONG];
        let mut age = 1;
        while age < LONG {
            // Step −age stands at its remainder. Both histories are straight lines: one has the given average over
            // the sixty days, the other the given rise.
            past[LONG - age] = log_start - gap * (2.0 * age as f64 / (LONG - 1) as f64);
            past_shock[LONG - age] = log_start - rise * (age as f64 / LONG as f64);
            age += 1;
        }
        State {
            diffusion: zero,
            shock: zero,
            flow: zero,
            flow_per_most: splat(simd, 100.0) / p.order_flow_most_pct,
            flow_decay: daily_decay(p.order_flow_half_life_days),
            log_start,
            log_spot: log_start,
            past,
            past_sum: average * LONG as f64,
            squares: [square; SHORT],
            squares_sum: square * SHORT as f64,
            past_shock,
            high_shock: ln(p.high_1y_jpy_per_usd),
            spot: p.spot_jpy_per_usd,
        }
    }

    /// The log spot at which the day opens, before the carry book closes anything.
    #[inline(always)]
    pub fn open(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) -> Lane<S> {
        let up = p.jumps_up_per_year * (1.0 / 252.0);
        let down = p.jumps_down_per_year * (1.0 / 252.0);
        let jumps_up = day.jump.simd_lt(up);
        let jumps_down = day.jump.simd_ge(up) & day.jump.simd_lt(up + down);
        let fall = p.jump_up_pct + day.jump_size * p.jump_up_sd_pct;
        let rise = p.jump_down_pct + day.jump_size * p.jump_down_sd_pct;
        let jump = keep(jumps_down, rise) - keep(jumps_up, fall);
        let mean = down * p.jump_down_pct - up * p.jump_up_pct;
        let by_rates = day.gap_surprise_bp * p.per_gap_bp + day.fiscal_move_bp * p.per_fiscal_bp;
        self.diffusion += day.normal * p.diffusion_pct * 0.01;
        self.shock = self.shock + (jump - mean + by_rates) * 0.01 + day.event_log;
        let repatriation = day.repatriation_usd_bn * p.repatriation_pct_per_usd_bn * 0.01;
        self.flow = self.flow * self.flow_decay - repatriation + day.intervention_log;
        let moved = self.flow * tanh_over(self.flow * self.flow_per_most);
        self.log_start + self.diffusion + self.shock + moved - day.carry_log
    }

    /// Closes the day: `covering_log` is the fall of log spot by the carry book's covering.
    #[inline(always)]
    pub fn close(&mut self, step: usize, open: Lane<S>, covering_log: Lane<S>) {
        let close = open - covering_log;
        let change = close - self.log_spot;
        self.log_spot = close;
        self.past_sum += close - self.past[step % LONG];
        self.past[step % LONG] = close;
        let square = change * change;
        self.squares_sum += square - self.squares[step % SHORT];
        self.squares[step % SHORT] = square;
        self.spot = exp(close);
    }

    /// A log spot, less that of day 0.
    #[inline(always)]
    pub fn since_start(&self, log_spot: Lane<S>) -> Lane<S> {
        log_spot - self.log_start
    }

    /// Mean log spot of the last sixty days, yesterday included.
    #[inline(always)]
    pub fn average_log(&self) -> Lane<S> {
        self.past_sum * (1.0 / LONG as f64)
    }

    /// Realised volatility of the last twenty days, % a year.
    #[inline(always)]
    pub fn volatility_pct(&self) -> Lane<S> {
        let variance = crate::num::lanes::positive(self.squares_sum) * (252.0 / SHORT as f64);
        variance.sqrt() * 100.0
    }

    /// Log spot at the close `days` (at most 59) before `step`, before that step closes.
    #[inline(always)]
    pub fn days_ago(&self, step: usize, days: usize) -> Lane<S> {
        self.past[(step + LONG - days) % LONG]
    }

    /// Rise of the yen over the `days` (at most 59) up to the last close, in log.
    #[inline(always)]
    pub fn yen_rise(&self, last_step: usize, days: usize) -> Lane<S> {
        self.past[(last_step + LONG - days) % LONG] - self.log_spot
    }

    /// The view without the diffusion after the close of `step`; remembers it.
    #[inline(always)]
    pub fn shock_view(&mut self, step: usize) -> ShockView<S> {
        let level = self.log_spot - self.diffusion;
        let sixty = self.past_shock[step % LONG];
        let twenty = self.past_shock[(step + LONG - SHORT) % LONG];
        self.past_shock[step % LONG] = level;
        self.high_shock = level.max(self.high_shock);
        ShockView {
            level,
            change_60d: level - sixty,
            change_20d: level - twenty,
            high: self.high_shock,
        }
    }
}

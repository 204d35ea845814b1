//! `dealers`: whether dealers are stressed for reasons other than the flow.
//!
//! ```text
//! stressed   at the start with probability 0.10; when the 10-year has moved, in ten days either way, by 40 bp and by
//!            2.5 σ √10; by event
//! σ²         = λ σ² + (1 − λ) Δ10y²,  λ = 2^(−1/126), of the days before those ten      recent volatility, bp a day
//! lasts      `stress_days` from then on; while it lasts the multiplier on T is at least S
//! by event   lasts as long and asks as much as the event says; of two that overlap, the longer and the stronger holds
//! ```
//!
//! The ten days end yesterday; before day 0 every day moved by `recent_vol_bp` and the level stood still. A stress that
//! begins on a step counts that step; one at the start lasts through step `stress_days`. `hedged_pickup_bp` uses
//! today's stress, behaviour yesterday's.
//!
//! Decision: balance sheets are set for the volatility of the day, so a move stresses them by what exceeds it. FRED
//! DGS10: 40 bp alone, the rule of revision 1, would have been on for 37% of days since 1990 and 60% since 2022; with
//! 2.5 recent standard deviations beside it 20 and 23% (November 2007 and 2008, August 2011, November 2016, August
//! 2019, February 2020, March and September 2022, March 2023). Ten combinations of the multiple, the half-life and the
//! length were looked at; none that keeps the share near a fifth catches April 2025, when swap spreads broke and the
//! level hardly.
//!
//! Sources: Duffie et al. (2023): illiquidity jumps when dealers' balance sheets are nearly full; Wei (2022): 74/29 =
//! 2.55 for turbulent against normal times; March 2020 and the gilts of 2022 (1.3 to 5 times).
//!
//! Known weakness: stress is on or off and asks one multiplier; inventories, repo, swap spreads and margins are not
//! modelled.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "dealers" {
    /// Probability that dealers are stressed at the start.
    stressed_probability: "probability", 0.0..=1.0, Some("0.10"), "assumption";
    /// Luck of the path: stressed at the start when this is below the probability.
    stressed_draw: "uniform draw", 0.0..=1.0, Some("{ uniform = { low = 0, high = 1 } }"), "assumption: one draw a path";
    /// Move of the 10-year in ten days that stresses dealers; large is never.
    stress_trigger_bp: "bp", 0.0..=100000.0, Some("40"), "April 2025: 50 bp in a week";
    /// The same in standard deviations of ten days at recent volatility.
    stress_trigger_sd: "ratio", 0.0..=100.0, Some("2.5"), "record: on for 20% of days since 1990, FRED DGS10";
    /// Recent volatility of the 10-year yield on day 0.
    recent_vol_bp: "bp a day", 0.1..=100.0, Some("4.7"), "record: FRED DGS10, half-life of 126 days, 2026-06-30";
    /// Days that a stress lasts.
    stress_days: "days", 1.0..=2520.0, Some("63"), "assumption: a quarter";
    /// Multiplier on the transitory effect while dealers are stressed.
    stress_multiplier: "ratio", 1.0..=20.0, Some("{ lognormal = { median = 2.5, sigma = 0.35 }, max = 6 }"), "Wei 2022: 74/29; March 2020, gilts 2022: 1.3 to 5 times; the cap of the multiplier by flow";
} }

/// Days over which the move is measured.
const WINDOW: usize = 10;
/// 2^(−1/126): what recent volatility keeps of itself a day.
const KEPT: f64 = 0.994_513_935_616_828_5;

/// The dealers' state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    days_left: Lane<S>,
    by_event: Lane<S>,
    event_days_left: Lane<S>,
    past_pct: [Lane<S>; WINDOW],
    /// Squares of the last ten daily moves, and recent variance before them, bp².
    squares: [Lane<S>; WINDOW],
    variance: Lane<S>,
    yesterday_pct: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0, with the 10-year yield of that day.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>, ust_10y_pct: Lane<S>) -> Self {
        let stressed = flag(simd, p.stressed_draw.simd_lt(p.stressed_probability));
        State {
            days_left: (p.stress_days + 1.0) * stressed,
            by_event: splat(simd, 0.0),
            event_days_left: splat(simd, 0.0),
            past_pct: [ust_10y_pct; WINDOW],
            squares: [p.recent_vol_bp * p.recent_vol_bp; WINDOW],
            variance: p.recent_vol_bp * p.recent_vol_bp,
            yesterday_pct: ust_10y_pct,
        }
    }

    /// Whether dealers were stressed at yesterday's close.
    #[inline(always)]
    pub fn stressed(&self) -> Mask<S> {
        let zero = splat(self.days_left.simd, 0.0);
        self.days_left.simd_gt(zero) | self.event_days_left.simd_gt(zero)
    }

    /// One day: yesterday's 10-year yield, and stress by event today (multiplier and days, 0 where there is none).
    /// Gives whether dealers are stressed and the multiplier they ask.
    #[inline(always)]
    pub fn step(
        &mut self,
        p: &Params<Lane<S>>,
        step: usize,
        ust_10y_pct: Lane<S>,
        event: (Lane<S>, Lane<S>),
    ) -> (Mask<S>, Lane<S>) {
        let zero = splat(ust_10y_pct.simd, 0.0);
        self.days_left -= 1.0;
        self.event_days_left -= 1.0;
        let move_bp = (ust_10y_pct - self.past_pct[step % WINDOW]).abs() * 100.0;
        self.past_pct[step % WINDOW] = ust_10y_pct;
        let change_bp = (ust_10y_pct - self.yesterday_pct) * 100.0;
        self.yesterday_pct = ust_10y_pct;
        let left = self.squares[step % WINDOW];
        self.squares[step % WINDOW] = change_bp * change_bp;
        self.variance = self.variance * KEPT + left * (1.0 - KEPT);
        let beyond = p.stress_trigger_sd * p.stress_trigger_sd * WINDOW as f64 * self.variance;
        let moves = move_bp.simd_gt(p.stress_trigger_bp) & (move_bp * move_bp).simd_gt(beyond);
        self.days_left = moves.select(p.stress_days, self.days_left);
        let (multiplier, days) = event;
        let comes = days.simd_gt(zero);
        let standing = keep(self.event_days_left.simd_gt(zero), self.by_event);
        self.by_event = comes.select(multiplier.max(standing), self.by_event);
        self.event_days_left = comes.select(days.max(self.event_days_left), self.event_days_left);
        let own = self.days_left.simd_gt(zero).select(p.stress_multiplier, zero);
        let asked = self.event_days_left.simd_gt(zero).select(own.max(self.by_event), own);
        (self.stressed(), asked)
    }
}

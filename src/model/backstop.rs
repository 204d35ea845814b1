//! `backstop`: the Fed buys when the market breaks.
//!
//! ```text
//! starts    on paths where it would act (probability 0.8), when the 10-day or the 21-day rise of the gross impact
//!           (rows 1–7) passes B and the market is dysfunctional (multiplier ≥ 1.5 or dealers stressed)
//! damping   g rises to ρ over 5–10 days, is held for 60, and falls back as it rose
//! row       = −g · max(0, transitory effect of the flow channels standing)
//! purchases = rise of the reversal ÷ (T · m · 29/M · g / 100 · what stands), at most USD 75bn a day          an output
//! ```
//!
//! g = ρ · min(1, (days + 1)/build, (2 build + hold − days)/build), days since the start; it can start again after
//! 2 build + hold. The rises end today. The row shrinks as what it damps decays, so nothing is reversed twice.
//! Purchases are what the reversal takes; they are
//! not put through the propagator again. Sources: Vissing-Jorgensen (2021): 64 bp and USD 1tn in March 2020; Fed: USD
//! 75bn
//! a day from 19 March 2020; no purchases at +50 bp in April 2025. Muted, the Fed watches
//! and its dated purchases do not happen either; `impact_10y_gross_bp` is the
//! same path without this row. Fed purchases that the scenario dates go through the propagator and belong to this row.
//!
//! Known weakness: the Fed's rule rests on March 2020 and the Bank of England's on 2022; politics, and purchases
//! against inflation, are not in it.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "backstop" {
    /// Probability that the Fed would act.
    probability: "probability", 0.0..=1.0, Some("0.8"), "assumption: 2020 yes, April 2025 no";
    /// Luck of the path: it would act when this is below the probability.
    draw: "uniform draw", 0.0..=1.0, Some("{ uniform = { low = 0, high = 1 } }"), "assumption: one draw a path";
    /// Rise of the gross impact at which it acts.
    trigger_bp: "bp", 0.0..=100000.0, Some("{ lognormal = { median = 60, sigma = 0.3 } }"), "Vissing-Jorgensen 2021: 64 bp; April 2025: 50 bp brought none";
    /// Share of the transitory effect that it takes away.
    damping: "fraction", 0.0..=1.0, Some("{ uniform = { low = 0.7, high = 1 } }"), "spring 2020, gilts 2022";
    /// Days until it has.
    build_days: "days", 1.0..=250.0, Some("{ uniform = { low = 5, high = 10 } }"), "spring 2020";
    /// Days for which it holds.
    hold_days: "days", 1.0..=2520.0, Some("60"), "assumption";
    /// Multiplier from which on the market counts as dysfunctional.
    dysfunction_multiplier: "ratio", 1.0..=100.0, Some("1.5"), "assumption";
    /// Largest purchases a day.
    purchases_cap_usd_bn: "USD bn a day", 0.0..=10000.0, Some("75"), "Fed, 19 March 2020";
} }

/// Days of the longer window over which the rise is measured.
const LONG: usize = 21;
/// Days of the shorter one.
const SHORT: usize = 10;

/// The Fed's backstop on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    acts: Mask<S>,
    past_bp: [Lane<S>; LONG],
    /// Days since it started; large when it did not.
    since: Lane<S>,
    damping: Lane<S>,
    reversal_bp: Lane<S>,
    /// Purchases today, USD bn.
    pub purchases_today: Lane<S>,
    /// The row, bp, ≤ 0.
    pub level_bp: Lane<S>,
    /// Share of the transitory effect that is taken away.
    pub damped: Lane<S>,
}

/// What the Fed sees.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Step, 1 is the first.
    pub step: usize,
    /// Rows 1–7 today, bp.
    pub gross_bp: Lane<S>,
    /// Transitory effect of the flow channels today, bp.
    pub passing_bp: Lane<S>,
    /// Multiplier today.
    pub multiplier: Lane<S>,
    /// Whether dealers are stressed.
    pub dealers_stressed: Mask<S>,
    /// Effect of USD 1bn of transitory flow today, bp.
    pub bp_per_usd_bn: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0; `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>, on: f64) -> Self {
        let zero = splat(simd, 0.0);
        State {
            acts: p.draw.simd_lt(p.probability * on),
            past_bp: [zero; LONG],
            since: splat(simd, 1e6),
            damping: p.damping,
            reversal_bp: zero,
            purchases_today: zero,
            level_bp: zero,
            damped: zero,
        }
    }

    /// One day.
    #[inline(always)]
    pub fn step(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) {
        let s = day.gross_bp.simd;
        let zero = splat(s, 0.0);
        self.since += 1.0;
        let held = p.build_days + p.hold_days;
        let rise = (day.gross_bp - self.past_bp[(day.step + LONG - SHORT) % LONG])
            .max(day.gross_bp - self.past_bp[day.step % LONG]);
        self.past_bp[day.step % LONG] = day.gross_bp;
        let broken = day.multiplier.simd_ge(p.dysfunction_multiplier) | day.dealers_stressed;
        let idle = self.since.simd_gt(held + p.build_days);
        let starts = self.acts & idle & broken & rise.simd_gt(p.trigger_bp);
        self.since = starts.select(zero, self.since);
        let rising = (self.since + 1.0) / p.build_days;
        let falling = (held + p.build_days - self.since) / p.build_days;
        let share = positive(rising.min(falling)).min(splat(s, 1.0));
        self.damped = share * self.damping;
        let reversal = self.damped * positive(day.passing_bp);
        let unit = day.bp_per_usd_bn.max(splat(s, 1e-6));
        let bought = positive(reversal - self.reversal_bp) / unit;
        self.purchases_today = bought.min(p.purchases_cap_usd_bn);
        self.reversal_bp = reversal;
        self.level_bp = reversal * -1.0;
    }
}

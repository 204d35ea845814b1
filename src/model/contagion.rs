//! `contagion`: other holders follow when yields have risen.
//!
//! ```text
//! Δ          rise of the impact without contagion over the ten days to yesterday, bp
//! officials  each of China, UK, Gulf, others: hazard min(0.05, 0.01 · max(0, Δ − 25)/25) a day; sells for ten days
//! leveraged  hazard min(0.15, 0.03 · max(0, Δ − 30)/20) a day; sells for five days, buys half back over the next sixty
//! ```
//!
//! The ten days end yesterday: Δ = x(t−1) − x(t−11), x the impact without this row. Each official at most once in more
//! than sixty days; the leveraged again only when they have bought back. Officials sell like Japan's official holder
//! (weight 4.0/4.8, lasting and transitory).
//! Leveraged legs (basis and swap-spread trades) leave nothing lasting; the duration-neutral basis trade counts with
//! weight 0.2, the swap-spread trade with 1. Sources: Fed note of 22 June 2026 (USD 60bn of swap-spread trades
//! unwound in
//! April 2025; basis 830bn, swap spread 305bn outstanding), TIC on China. Muted, nobody follows and nothing dated is
//! sold;
//! sales of other holders that the scenario dates belong to this row, at the officials' weight.
//!
//! Known weakness: triggers and hazards are assumptions on a single week of April 2025; who follows does not depend on
//! who sold first.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "contagion" {
    /// What China sells when it follows.
    china_usd_bn: "USD bn", 0.0..=5000.0, Some("{ uniform = { low = 20, high = 60 } }"), "assumption: 652 held, March 2026 (TIC)";
    /// What the UK's holders sell when they follow.
    uk_usd_bn: "USD bn", 0.0..=5000.0, Some("{ uniform = { low = 10, high = 50 } }"), "assumption: 940 held, June 2026 (TIC)";
    /// What the Gulf sells when it follows.
    gulf_usd_bn: "USD bn", 0.0..=5000.0, Some("{ uniform = { low = 10, high = 50 } }"), "assumption";
    /// What other official holders sell when they follow.
    others_usd_bn: "USD bn", 0.0..=5000.0, Some("{ uniform = { low = 10, high = 50 } }"), "assumption: foreign officials hold 3,778 (TIC)";
    /// Rise of the impact in ten days from which on officials may follow.
    officials_trigger_bp: "bp", 0.0..=10000.0, Some("25"), "assumption";
    /// Their daily hazard for every 25 bp beyond.
    officials_hazard: "a day per 25 bp", 0.0..=1.0, Some("0.01"), "assumption";
    /// Largest daily hazard of an official.
    officials_hazard_cap: "a day", 0.0..=1.0, Some("0.05"), "assumption";
    /// Days over which an official sells.
    officials_days: "days", 1.0..=500.0, Some("10"), "assumption";
    /// Duration of officials' Treasuries.
    officials_duration_years: "years", 0.1..=30.0, Some("4.0"), "assumption: as the Ministry of Finance";
    /// What leveraged funds sell when they unwind.
    leveraged_usd_bn: "USD bn", 0.0..=2000.0, Some("{ lognormal = { median = 60, sigma = 0.6 }, max = 300 }"), "Fed note, 22 June 2026: about 60 in April 2025";
    /// Rise of the impact in ten days from which on they may.
    leveraged_trigger_bp: "bp", 0.0..=10000.0, Some("30"), "assumption";
    /// Their daily hazard for every 20 bp beyond.
    leveraged_hazard: "a day per 20 bp", 0.0..=1.0, Some("0.03"), "assumption";
    /// Their largest daily hazard.
    leveraged_hazard_cap: "a day", 0.0..=1.0, Some("0.15"), "assumption";
    /// Days over which they sell.
    leveraged_days: "days", 1.0..=500.0, Some("5"), "April 2025: a week";
    /// Share of swap-spread trades in what they sell; the rest is basis trades.
    swap_spread_share: "fraction", 0.0..=1.0, Some("0.5"), "assumption: April 2025 was swap spread, March 2020 basis";
    /// Weight of a basis trade, which is neutral in duration.
    basis_weight: "ratio", 0.0..=1.0, Some("0.2"), "assumption";
    /// Share that they buy back.
    buy_back_share: "fraction", 0.0..=1.0, Some("0.5"), "Fed note, 22 June 2026: recovered within months";
    /// Days from one following to the next, and of the buying back.
    pause_days: "days", 1.0..=2520.0, Some("60"), "assumption";
} }

/// Days over which the rise is measured.
const WINDOW: usize = 10;
/// Official holders that may follow.
const OFFICIALS: usize = 4;

/// The followers' state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    past_bp: [Lane<S>; WINDOW],
    /// Days since each official began to follow; since the leveraged did.
    officials_since: [Lane<S>; OFFICIALS],
    leveraged_since: Lane<S>,
    on: f64,
}

/// What the followers sell today, USD bn.
#[derive(Debug, Clone, Copy)]
pub struct Outputs<S: Simd> {
    /// Officials, par.
    pub officials: Lane<S>,
    /// Leveraged funds, par.
    pub leveraged: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0; `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn new(simd: S, on: f64) -> Self {
        let never = splat(simd, 1e6);
        State {
            past_bp: [splat(simd, 0.0); WINDOW],
            officials_since: [never; OFFICIALS],
            leveraged_since: never,
            on,
        }
    }

    /// One day: yesterday's impact without contagion in bp, and the day's uniform draws.
    #[inline(always)]
    pub fn step(
        &mut self,
        p: &Params<Lane<S>>,
        step: usize,
        others_bp: Lane<S>,
        officials: &[Lane<S>; OFFICIALS],
        leveraged: Lane<S>,
    ) -> Outputs<S> {
        let s = others_bp.simd;
        let zero = splat(s, 0.0);
        let rise = others_bp - self.past_bp[step % WINDOW];
        self.past_bp[step % WINDOW] = others_bp;
        for since in &mut self.officials_since {
            *since += 1.0;
        }
        self.leveraged_since += 1.0;
        let hazards = self.hazards(p, rise);
        if any(hazards[0].simd_gt(zero) | hazards[1].simd_gt(zero)) {
            for (since, draw) in self.officials_since.iter_mut().zip(officials) {
                let starts = draw.simd_lt(hazards[0]) & since.simd_gt(p.pause_days);
                *since = starts.select(zero, *since);
            }
            let over = self.leveraged_since.simd_gt(p.leveraged_days + p.pause_days);
            let starts = leveraged.simd_lt(hazards[1]) & over;
            self.leveraged_since = starts.select(zero, self.leveraged_since);
        }
        Outputs { officials: self.officials(p), leveraged: self.leveraged(p) }
    }

    /// Hazards of an official and of the leveraged, a day.
    #[inline(always)]
    fn hazards(&self, p: &Params<Lane<S>>, rise_bp: Lane<S>) -> [Lane<S>; 2] {
        let officials = positive(rise_bp - p.officials_trigger_bp) * (1.0 / 25.0);
        let leveraged = positive(rise_bp - p.leveraged_trigger_bp) * (1.0 / 20.0);
        [
            (officials * p.officials_hazard).min(p.officials_hazard_cap) * self.on,
            (leveraged * p.leveraged_hazard).min(p.leveraged_hazard_cap) * self.on,
        ]
    }

    /// What officials sell today.
    #[inline(always)]
    fn officials(&self, p: &Params<Lane<S>>) -> Lane<S> {
        let sizes = [p.china_usd_bn, p.uk_usd_bn, p.gulf_usd_bn, p.others_usd_bn];
        let mut sum = splat(p.china_usd_bn.simd, 0.0);
        for (since, size) in self.officials_since.iter().zip(sizes) {
            sum += keep(since.simd_lt(p.officials_days), size / p.officials_days);
        }
        sum
    }

    /// What leveraged funds sell today, less what they buy back.
    #[inline(always)]
    fn leveraged(&self, p: &Params<Lane<S>>) -> Lane<S> {
        let since = self.leveraged_since;
        let selling = since.simd_lt(p.leveraged_days);
        let back = !selling & since.simd_lt(p.leveraged_days + p.pause_days);
        let sold = p.leveraged_usd_bn / p.leveraged_days;
        let bought = p.leveraged_usd_bn * p.buy_back_share / p.pause_days;
        keep(selling, sold) - keep(back, bought)
    }
}

/// Weight of the leveraged legs: swap-spread trades 1, basis trades less.
#[inline(always)]
pub fn leveraged_weight<S: Simd>(p: &Params<Lane<S>>) -> Lane<S> {
    p.swap_spread_share + (p.swap_spread_share * -1.0 + 1.0) * p.basis_weight
}

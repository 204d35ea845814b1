//! `rebalancing`: Japanese private and public-pension holders adjust their Treasuries towards a target.
//!
//! ```text
//! target_c = (1 − overhang_c) (1 − cut) base_c · e^x / (1 + w_c (e^x − 1))
//! x        = α_c [h_c g(Δhedged) + (1 − h_c) g(Δunhedged)] / 100 bp
//! w_c      = (1 − overhang_c) (1 − cut) base_c / A_c,   α_c = κ_c / (1 − w_c)  (share of the envelope; logit response)
//! g(Δp)    = γ(p) − γ(p₀),   γ(p) = p for p ≥ 0, k p for p < 0          (steeper below zero, continuous at zero)
//! sale_c   = v · tanh(wish / v),   wish = (1 − 2^(−1/L)) (H_c − target_c)       (v: v_c / 21 bought, r v_c / 21 sold)
//! ```
//!
//! The first line is logit(w*) = logit(w) + x with target = A · w*: a cohort can hold nothing less than nothing and
//! nothing more than its envelope A of foreign bonds (at least 1.1 times (1 − overhang) (1 − cut) base), and at x = 0 a
//! small change of the pickup moves its target by κ in logs, as an exponential would. p is the pickup that the cohort
//! looks at (life insurers: 30y hedged against JGB 30y, and 10y unhedged; megabanks and Norinchukin: 5y over the dollar
//! short rate; others: 10y hedged and unhedged), seen through a first-order lag. Targets change on the cohort's review
//! days only, so selling starts slowly and builds; a better pickup turns it into buying. The overhang is what
//! institutions still mean to shed after a decade of overweight; it enters at the plan reviews.
//!
//! * Life insurers meet a share of their wish to *sell* by dropping the hedge instead (no Treasury is sold; dollars are
//!   bought), and the same share of a wish to buy by hedging again what they dropped. A hedged sale moves no spot; an
//!   unhedged sale lifts the yen.
//! * Banks and life insurers cut `loss_stop_cut` of their holdings once Treasuries have lost more than their limit
//!   since day 0 (Norinchukin 2024: ¥10tn of ¥56tn).
//! * GPIF, whose envelope bounds the weight that it steers to and not its dollars (its other assets stand still while
//!   it buys: 3t / (4 − t) of base where the target is t), steers to 25% foreign bonds: `wish = −H · speed · (25%
//!   target − weight) / weight`, slowly as far as the gap lies inside ±5 points of 25%, fast what is beyond; a yen
//!   surge shrinks the weight and makes it *buy*.
//! * `fiscal share`: the sales that JGB shocks caused, which `jgb_spillover` nets off: the same adjustment, at no pace
//!   and without GPIF's, of the targets without less those with the shock part of JGB yields (10y, life insurers'
//!   hedged pickup 30y, through the same lags; none for the dollar-funded), weighed by duration, less life insurers'
//!   dropped share.
//!
//! | cohort | reviews | lag | κ | looks at |
//! |---|---|---|---|---|
//! | `gpif` | quarter ends | pensions | pensions | 10y hedged, unhedged |
//! | `megabanks`, `norinchukin` | month ends | banks | banks | 5y over funds |
//! | `life_insurers` | quarter ends, overhang at March and September ends | life insurers | life insurers | 30y hedged, 10y unhedged |
//! | `post_bank` | quarter ends | banks | banks | 10y hedged, unhedged |
//! | `regional_banks` | March and September ends | banks | banks | 10y hedged, unhedged |
//! | `trusts` | month ends | trusts | pensions | 10y hedged, unhedged |
//!
//! Every wish, GPIF's too, goes at the pace; life insurers' dropping comes out of what is left. Between reviews a
//! target stays the same share of `base`. A view moves by 1/lag of its distance to today's pickup a day; p₀ is the
//! pickup of day 0, with the wider basis where dealers start stressed. L is in months of 21 days. The overhang enters
//! at a cohort's first review (life insurers': at their plans). A loss is duration · rise of the 10-year, read at
//! reviews; the cut lasts. `H − target` of life insurers leaves out what they have unhedged. GPIF: its weight is 25% ·
//! spot · e^(−D Δy) · H/base over the sum of that, 25% each of foreign equities (spot · S&P), domestic bonds (1) and
//! domestic equities (half of the S&P's move, 0.5 + 0.5 · S&P); its speeds are a month of 21 days. Everyday trading: x'
//! = φ x + ε, sold = mean/21 + y, y = x − pull/21 · Σ y, with x = 0 on day 0 and ε such that 21 stationary x have the
//! given standard deviation; it enters neither F nor the impact, nor `japan_net_sales_usd_bn`.
//!
//! Decisions. (1) The exponential target of revision 1 had no bound: +974 bp made megabanks want 650 of 88 (now 263 of
//! an envelope of 300), and the purchases fell back on the yield. Two forms were looked at, an exponential with a cap
//! and the logit share (after Koijen and Yogo); the cap has a corner, the share has none and needs only a size that is
//! on record. Within ±150 bp the two differ by less than 5%. (2) The pace: the largest month of all private holders is
//! +83 bought (September 2007) and −52 sold (April 2012; MoF/BOJ 6pi-1, all countries, at the month's mean spot); the
//! v_c add up to 76, sales to 0.68 of that. (3) κ: two regressions of monthly flows on the level of the pickup give
//! −7.8 ± 1.2 (6pi-1, all countries) and −1.3 ± 2.4 (TIC) USD bn a month per 100 bp, where the former law (lognormal
//! medians 0.20, 0.08 to 0.10, 0.02) implies +7 if all answer at once and +3 when its own flows, lags, reviews and
//! hedges included, are regressed over the historical pickup as the record is (now +2.3; over draws of the laws −3.4 to
//! +5.8, 17% below zero): TIC is 1.5 standard errors away and tells nothing, 6pi-1, which is all foreign bonds, is
//! eight. Both are biased down (sales raise the pickup) and regress a flow on a level where this model adjusts a stock,
//! but a bias explains zero more easily than −6.4 standard errors; so the laws are normal, wide, with zero and negative
//! values inside. Their means are lower than before (banks 0.23 → 0.15) for that reason and not to pass any test: with
//! the old laws the bound alone keeps every path inside its envelope. A negative κ destabilises (yields up, sales up);
//! at the end of its range the loop gain is about 0.1.
//!
//! Sources: LIAJ shares 2022–23 (κ of life insurers 0.08–0.09 per 100 bp), Bloomberg on BoP flows 2021–22 (banks 0.2),
//! Du and Huber (2024) on weak cost sensitivity; the envelopes beside each key. `kappa_scale = 0.5` is the sensitivity
//! to quote beside a result. Muted, nobody adjusts.
//!
//! Known weakness: responses to the pickup are assumptions within published ranges: the regressions that could tell are
//! endogenous (`ustress calibrate`). Envelopes are those of 2018–25 and constant. Cohorts follow rules, not each other.

mod everyday;
mod response;

use super::cohorts::{self, COHORTS, GPIF, LIFE_INSURERS};
use super::hedge::Pickups;
use crate::num::lanes::*;
use crate::scenario::parameters;
use everyday::Everyday;
use response::{
    Paces, improvement, kappa, kinked, looked_at, loss_limit, overhangs, share_of_envelope,
    within_envelope,
};

parameters! { "rebalancing" {
    /// Response of life insurers' target to the pickup.
    kappa_life_insurers: "log per 100 bp", -0.3..=0.8, Some("{ normal = { mean = 0.08, sd = 0.08 } }"), "LIAJ shares 2022-23: 0.08 to 0.09, assumption on the spread after two adverse regressions";
    /// Response of banks' target to the pickup.
    kappa_banks: "log per 100 bp", -0.3..=0.8, Some("{ normal = { mean = 0.15, sd = 0.15 } }"), "BoP flows Nov 2021 - Jul 2022 (Bloomberg): 0.2; assumption on mean and spread after two adverse regressions";
    /// Response of pensions' and trusts' target to the pickup.
    kappa_pensions: "log per 100 bp", -0.3..=0.8, Some("{ normal = { mean = 0.02, sd = 0.03 } }"), "assumption: GPIF hedges 5% and follows its policy mix";
    /// Multiplies every κ: 0.5 is the sensitivity towards the record.
    kappa_scale: "ratio", 0.0..=3.0, Some("1"), "assumption";
    /// Factor on κ while the pickup is negative.
    negative_pickup_factor: "ratio", 1.0..=5.0, Some("{ uniform = { low = 1, high = 2 } }"), "assumption";
    /// Half-life of the adjustment to the target.
    adjustment_half_life_months: "months", 0.1..=120.0, Some("{ lognormal = { median = 4, sigma = 0.5 } }"), "assumption: nine months of selling in 2021-22";
    /// Share of holdings that life insurers still mean to shed.
    overhang_life_insurers: "fraction", -0.5..=1.0, Some("{ normal = { mean = 0.10, sd = 0.08 }, min = 0, max = 0.35 }"), "assumption";
    /// The same for megabanks.
    overhang_megabanks: "fraction", -0.5..=1.0, Some("{ normal = { mean = 0.05, sd = 0.10 }, min = -0.15, max = 0.30 }"), "assumption";
    /// The same for regional banks.
    overhang_regional_banks: "fraction", -0.5..=1.0, Some("{ normal = { mean = 0.10, sd = 0.08 }, min = 0, max = 0.35 }"), "assumption";
    /// The same for Japan Post Bank.
    overhang_post_bank: "fraction", -0.5..=1.0, Some("{ normal = { mean = 0.05, sd = 0.06 }, min = 0 }"), "assumption";
    /// The same for Norinchukin.
    overhang_norinchukin: "fraction", -0.5..=1.0, Some("0"), "assumption: sold in 2024-25";
    /// The same for GPIF, against its 25%.
    overhang_gpif: "fraction", -0.5..=1.0, Some("0"), "assumption";
    /// The same for trusts and others.
    overhang_trusts: "fraction", -0.5..=1.0, Some("0"), "assumption";
    /// Foreign bonds that GPIF can hold.
    envelope_gpif_usd_bn: "USD bn", 0.0..=5000.0, Some("406"), "GPIF, March 2025: JPY 60.9tn, 24.37% of 249.8tn";
    /// The same for megabanks.
    envelope_megabanks_usd_bn: "USD bn", 0.0..=5000.0, Some("300"), "assumption: JPY 37tn, USD 331bn, in December 2018 (Morningstar via Bloomberg), less since";
    /// The same for life insurers.
    envelope_life_insurers_usd_bn: "USD bn", 0.0..=5000.0, Some("430"), "assumption: 24% of assets abroad (LIAJ, February 2023) of about JPY 390tn, three quarters of it bonds";
    /// The same for Japan Post Bank.
    envelope_post_bank_usd_bn: "USD bn", 0.0..=5000.0, Some("450"), "assumption: USD 577bn in March 2019, less since";
    /// The same for Norinchukin.
    envelope_norinchukin_usd_bn: "USD bn", 0.0..=5000.0, Some("125"), "assumption: the foreign part of a portfolio of JPY 45.2tn";
    /// The same for regional and shinkin banks.
    envelope_regional_banks_usd_bn: "USD bn", 0.0..=5000.0, Some("110"), "assumption: JPY 16tn, the rest of the lenders' 142tn of 2018";
    /// The same for trusts and others.
    envelope_trusts_usd_bn: "USD bn", 0.0..=5000.0, Some("250"), "assumption";
    /// Largest pace at which GPIF buys.
    pace_gpif_usd_bn: "USD bn a month", 0.1..=200.0, Some("15"), "assumption: with the others 76 a month; MoF/BOJ 6pi-1, largest month of all private holders 83 bought";
    /// The same for megabanks.
    pace_megabanks_usd_bn: "USD bn a month", 0.1..=200.0, Some("20"), "assumption: banks sold JPY 2.85tn in June 2024";
    /// The same for life insurers.
    pace_life_insurers_usd_bn: "USD bn a month", 0.1..=200.0, Some("8"), "assumption";
    /// The same for Japan Post Bank.
    pace_post_bank_usd_bn: "USD bn a month", 0.1..=200.0, Some("8"), "assumption";
    /// The same for Norinchukin.
    pace_norinchukin_usd_bn: "USD bn a month", 0.1..=200.0, Some("8"), "assumption: sold JPY 7.5tn in six months of 2024";
    /// The same for regional and shinkin banks.
    pace_regional_banks_usd_bn: "USD bn a month", 0.1..=200.0, Some("5"), "assumption";
    /// The same for trusts and others.
    pace_trusts_usd_bn: "USD bn a month", 0.1..=200.0, Some("12"), "assumption: bought JPY 1.5tn in February 2025 (Nomura via FXMAG)";
    /// Largest pace of sales over that of purchases.
    pace_sold_per_bought: "ratio", 0.01..=10.0, Some("0.68"), "MoF/BOJ 6pi-1: 52 sold in April 2012, over the sum of the paces";
    /// Hedge ratio of life insurers.
    hedge_ratio_life_insurers: "fraction", 0.0..=1.0, Some("0.44"), "44.4% in March 2025 (Bloomberg)";
    /// Hedge ratio of GPIF.
    hedge_ratio_gpif: "fraction", 0.0..=1.0, Some("0.05"), "about 5% of foreign bonds, 2019 (WSJ)";
    /// Hedge ratio of Japan Post Bank.
    hedge_ratio_post_bank: "fraction", 0.0..=1.0, Some("0.3"), "assumption";
    /// Hedge ratio of regional banks.
    hedge_ratio_regional_banks: "fraction", 0.0..=1.0, Some("0.6"), "assumption";
    /// Hedge ratio of trusts and others.
    hedge_ratio_trusts: "fraction", 0.0..=1.0, Some("0.2"), "assumption";
    /// Share of life insurers' wish to sell that is met by dropping the hedge.
    drop_hedge_share: "fraction", 0.0..=1.0, Some("{ beta = { a = 5, b = 5 } }"), "hedge ratio from 75% (2019) to 44% (2025), assumption on the spread";
    /// Lag with which banks see the pickup.
    lag_banks_days: "days", 1.0..=500.0, Some("10"), "assumption";
    /// Lag with which trusts see the pickup.
    lag_trusts_days: "days", 1.0..=500.0, Some("21"), "assumption";
    /// Lag with which life insurers see the pickup.
    lag_life_insurers_days: "days", 1.0..=500.0, Some("42"), "assumption";
    /// Lag with which pensions see the pickup.
    lag_pensions_days: "days", 1.0..=500.0, Some("63"), "assumption";
    /// Price loss on Treasuries since day 0 at which banks cut.
    loss_stop_banks_pct: "%", 0.1..=100.0, Some("8"), "assumption after Norinchukin 2024";
    /// Price loss on Treasuries since day 0 at which life insurers cut.
    loss_stop_life_insurers_pct: "%", 0.1..=100.0, Some("15"), "assumption: half of the book is held to maturity";
    /// Share of holdings cut then.
    loss_stop_cut: "fraction", 0.0..=1.0, Some("0.18"), "Norinchukin FY2024: 10 of 56 trillion yen (Jiji)";
    /// GPIF's weight of foreign bonds that it steers to.
    gpif_target_weight: "fraction", 0.01..=0.99, Some("0.25"), "GPIF policy mix";
    /// Half width of GPIF's band.
    gpif_band: "fraction", 0.001..=0.5, Some("0.05"), "GPIF policy mix from April 2025";
    /// Share of the gap that GPIF closes inside its band.
    gpif_speed_inside: "fraction a month", 0.0..=1.0, Some("0.05"), "assumption";
    /// Share of the excess that GPIF closes outside its band.
    gpif_speed_outside: "fraction a month", 0.0..=1.0, Some("0.5"), "assumption";
    /// Everyday net sales of Japanese holders, mean.
    everyday_mean_usd_bn: "USD bn a month", -100.0..=100.0, Some("0"), "MoF/BOJ 6pi-1: all countries +1.2 bought, US part assumption";
    /// Everyday net sales of Japanese holders, standard deviation of a month.
    everyday_sd_usd_bn: "USD bn a month", 0.0..=200.0, Some("15"), "MoF/BOJ 6pi-1, 2022-01 to 2026-05: 19.1 all countries, US part assumption";
    /// Day-to-day persistence of everyday trading.
    everyday_persistence: "fraction", 0.0..=0.99, Some("0.89"), "MoF/BOJ 6pi-1: monthly autocorrelation 0.2 together with the pull";
    /// Pull of everyday trading back to the target.
    everyday_pull: "fraction a month", 0.0..=1.0, Some("0.08"), "MoF/BOJ 6pi-1, 2022-01 to 2026-05";
} }

/// Lags: banks, trusts, life insurers, pensions.
const LAGS: usize = 4;

/// What one group of holders believes the pickups are.
#[derive(Debug, Clone, Copy)]
struct Seen<S: Simd> {
    decay: Lane<S>,
    /// Hedged (30y for life insurers), unhedged, over funds; bp.
    pickups: [Lane<S>; 3],
    /// Part of the JGB 10-year and 30-year yields that shocks put there, bp.
    fiscal: [Lane<S>; 2],
}

/// The holders' state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    seen: [Seen<S>; LAGS],
    start: [Seen<S>; LAGS],
    /// Target as a share of `base`, by cohort; and what it would be without JGB shocks.
    target: [Lane<S>; COHORTS],
    target_calm: [Lane<S>; COHORTS],
    overhang: [Lane<S>; COHORTS],
    cut: [Lane<S>; COHORTS],
    speed: Lane<S>,
    paces: Paces<S>,
    /// Hedged Treasuries that life insurers have unhedged, USD bn.
    dropped: Lane<S>,
    /// Weighted sales that JGB shocks have caused so far, USD bn.
    fiscal_sold: Lane<S>,
    everyday: Everyday<S>,
}

/// What the holders look at.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Whether a month ends today; a quarter; a Japanese fiscal half-year.
    pub reviews: [bool; 3],
    /// Today's pickups, with yesterday's impact in the Treasury yields.
    pub pickups: Pickups<S>,
    /// Rise of the UST 10-year since day 0, with yesterday's impact, %.
    pub ust_10y_rise_pct: Lane<S>,
    /// JGB 10-year and 30-year: shock part, bp since day 0.
    pub fiscal_bp: [Lane<S>; 2],
    /// Spot over its level on day 0.
    pub spot_ratio: Lane<S>,
    /// S&P 500 over its level on day 0.
    pub equity_ratio: Lane<S>,
    /// Standard normal of everyday trading.
    pub everyday: Lane<S>,
}

/// What they do today.
#[derive(Debug, Clone, Copy)]
pub struct Outputs<S: Simd> {
    /// Net sales by cohort, USD bn.
    pub sales: [Lane<S>; COHORTS],
    /// Dollars sold for yen without a hedge, USD bn; negative when hedges are dropped.
    pub repatriation: Lane<S>,
    /// The part of the duration-weighted sales that JGB shocks caused, USD bn.
    pub fiscal_weighted: Lane<S>,
    /// Everyday net sales, in both worlds, USD bn.
    pub everyday: Lane<S>,
}

/// Which lag each cohort sees through.
const LAG_OF: [usize; COHORTS] = [0, 3, 0, 2, 0, 0, 0, 1];
/// Which reviews a cohort has: 0 monthly, 1 quarterly, 2 half-yearly.
const REVIEW_OF: [usize; COHORTS] = [0, 1, 0, 1, 1, 0, 2, 0];

impl<S: Simd> State<S> {
    /// The state on day 0, with the day's pickups.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>, today: &Pickups<S>) -> Self {
        let (zero, one) = (splat(simd, 0.0), splat(simd, 1.0));
        let lags =
            [p.lag_banks_days, p.lag_trusts_days, p.lag_life_insurers_days, p.lag_pensions_days];
        let mut seen = [Seen { decay: zero, pickups: [zero; 3], fiscal: [zero; 2] }; LAGS];
        for (lag, seen) in seen.iter_mut().enumerate() {
            seen.decay = one - one / lags[lag];
            seen.pickups = looked_at(lag, today);
        }
        let months = p.adjustment_half_life_months * 21.0;
        State {
            seen,
            start: seen,
            target: [one; COHORTS],
            target_calm: [one; COHORTS],
            overhang: [zero; COHORTS],
            cut: [one; COHORTS],
            speed: one - daily_decay(months),
            paces: Paces::new(p),
            dropped: zero,
            fiscal_sold: zero,
            everyday: Everyday::new(p),
        }
    }

    /// One day: sells from the ledger; `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn step(
        &mut self,
        p: &Params<Lane<S>>,
        ledger: &mut cohorts::State<S>,
        day: &Inputs<S>,
        on: f64,
    ) -> Outputs<S> {
        self.see(day);
        if day.reviews[0] {
            self.review(p, ledger, day);
        }
        let mut sales = self.adjust(ledger);
        sales[GPIF] = self.gpif(p, ledger, day);
        for cohort in 1..COHORTS {
            sales[cohort] = self.paces.hold(cohort, sales[cohort]);
        }
        let mut repatriation = splat(self.speed.simd, 0.0);
        let hedge_ratio = hedge_ratios(p);
        for cohort in 1..COHORTS {
            sales[cohort] *= on;
            repatriation += sales[cohort] * (hedge_ratio[cohort] * -1.0 + 1.0);
        }
        let dropping = self.drop_hedges(p, &mut sales);
        for cohort in 1..COHORTS {
            ledger.held[cohort] -= sales[cohort];
        }
        Outputs {
            sales,
            repatriation: repatriation - dropping,
            fiscal_weighted: self.fiscal_part(p, ledger) * on,
            everyday: self.everyday.step(p, day.everyday),
        }
    }

    /// Everybody's view moves towards today's pickups.
    #[inline(always)]
    fn see(&mut self, day: &Inputs<S>) {
        for (lag, seen) in self.seen.iter_mut().enumerate() {
            let today = looked_at(lag, &day.pickups);
            for (view, pickup) in seen.pickups.iter_mut().zip(today) {
                *view = pickup + (*view - pickup) * seen.decay;
            }
            for (view, fiscal) in seen.fiscal.iter_mut().zip(day.fiscal_bp) {
                *view = fiscal + (*view - fiscal) * seen.decay;
            }
        }
    }

    /// New targets for the cohorts that review today.
    #[inline(always)]
    fn review(&mut self, p: &Params<Lane<S>>, ledger: &cohorts::State<S>, day: &Inputs<S>) {
        let overhang = overhangs(p);
        let hedge_ratio = hedge_ratios(p);
        for cohort in 1..COHORTS {
            if !day.reviews[REVIEW_OF[cohort]] {
                continue;
            }
            let plans = cohort != LIFE_INSURERS || day.reviews[2];
            if plans {
                self.overhang[cohort] = overhang[cohort];
            }
            if let Some(limit) = loss_limit(p, cohort) {
                let loss = ledger.duration[cohort] * day.ust_10y_rise_pct;
                let kept = splat(loss.simd, 1.0) - p.loss_stop_cut;
                self.cut[cohort] = loss.simd_ge(limit).select(kept, self.cut[cohort]);
            }
            let rest = (self.overhang[cohort] * -1.0 + 1.0) * self.cut[cohort];
            let lag = LAG_OF[cohort];
            let (seen, start) = (&self.seen[lag], &self.start[lag]);
            let kappa = kappa(p, cohort);
            let zero = splat(kappa.simd, 0.0);
            let share = hedge_ratio[cohort];
            let [ten, thirty] = seen.fiscal;
            let in_hedged = if cohort == LIFE_INSURERS { thirty } else { ten };
            let now = improvement(p, seen, start, [zero; 2], share);
            let calm = improvement(p, seen, start, [in_hedged, ten], share);
            let funds = kinked(p, seen.pickups[2]) - kinked(p, start.pickups[2]);
            let dollar_funded = matches!(cohort, 2 | 5);
            let (now, calm) = if dollar_funded { (funds, funds) } else { (now, calm) };
            let weight = share_of_envelope(p, ledger, cohort, rest);
            let response = kappa * 0.01 / (weight * -1.0 + 1.0);
            self.target[cohort] = rest * within_envelope(weight, response * now);
            self.target_calm[cohort] = rest * within_envelope(weight, response * calm);
        }
    }

    /// Sales towards the targets.
    #[inline(always)]
    fn adjust(&self, ledger: &cohorts::State<S>) -> [Lane<S>; COHORTS] {
        let mut sales = [splat(self.speed.simd, 0.0); COHORTS];
        for cohort in 2..COHORTS {
            let mut held = ledger.held[cohort];
            if cohort == LIFE_INSURERS {
                held -= self.dropped.min(held);
            }
            sales[cohort] = (held - ledger.base[cohort] * self.target[cohort]) * self.speed;
        }
        sales
    }

    /// Takes the part of life insurers' sales that is met by dropping hedges out of `sales`; gives the dollars bought.
    #[inline(always)]
    fn drop_hedges(&mut self, p: &Params<Lane<S>>, sales: &mut [Lane<S>; COHORTS]) -> Lane<S> {
        let wish = sales[LIFE_INSURERS];
        // Only what was dropped can be hedged again.
        let dropping = (wish * p.drop_hedge_share).max(self.dropped * -1.0);
        sales[LIFE_INSURERS] = wish - dropping;
        self.dropped += dropping;
        // The repatriation counted the whole wish at the unhedged share; what was dropped was never sold.
        dropping * (p.hedge_ratio_life_insurers * -1.0 + 2.0)
    }

    /// GPIF steers its weight of foreign bonds.
    #[inline(always)]
    fn gpif(&self, p: &Params<Lane<S>>, ledger: &cohorts::State<S>, day: &Inputs<S>) -> Lane<S> {
        let price = exp(ledger.duration[GPIF] * day.ust_10y_rise_pct * -0.01);
        let base = ledger.base[GPIF];
        let s = base.simd;
        let size = keep(base.simd_gt(splat(s, 0.0)), ledger.held[GPIF] / base);
        let bonds = day.spot_ratio * price * size;
        // The other three quarters: foreign equities, domestic bonds, domestic equities (half of the US move).
        let others = day.spot_ratio * day.equity_ratio + day.equity_ratio * 0.5 + 1.5;
        let target = p.gpif_target_weight;
        let value = bonds * target + others / 3.0 * (target * -1.0 + 1.0);
        let weight = (bonds * target / value).max(splat(s, 1e-6));
        let wish = target * self.target[GPIF] - weight;
        let outside = positive(wish.abs() - p.gpif_band);
        let outside = wish.simd_lt(splat(s, 0.0)).select(outside * -1.0, outside);
        let buys = (wish - outside) * p.gpif_speed_inside + outside * p.gpif_speed_outside;
        ledger.held[GPIF] * buys / weight * (-1.0 / 21.0)
    }

    /// Today's part of the duration-weighted sales that JGB shocks caused: the same adjustment, run on the difference of
    /// the targets with and without the shocks.
    #[inline(always)]
    fn fiscal_part(&mut self, p: &Params<Lane<S>>, ledger: &cohorts::State<S>) -> Lane<S> {
        let mut wish = splat(self.speed.simd, 0.0);
        for cohort in 2..COHORTS {
            let mut gap = (self.target_calm[cohort] - self.target[cohort]) * ledger.base[cohort];
            if cohort == LIFE_INSURERS {
                gap *= p.drop_hedge_share * -1.0 + 1.0;
            }
            wish += gap * ledger.weight[cohort];
        }
        let sold = (wish - self.fiscal_sold) * self.speed;
        self.fiscal_sold += sold;
        sold
    }
}

/// Hedge ratio by cohort: 1 for the dollar-funded banks, which repay dollars when they sell.
#[inline(always)]
pub fn hedge_ratios<S: Simd>(p: &Params<Lane<S>>) -> [Lane<S>; COHORTS] {
    let one = splat(p.kappa_scale.simd, 1.0);
    [
        one,
        p.hedge_ratio_gpif,
        one,
        p.hedge_ratio_life_insurers,
        p.hedge_ratio_post_bank,
        one,
        p.hedge_ratio_regional_banks,
        p.hedge_ratio_trusts,
    ]
}

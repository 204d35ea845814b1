//! `official_sale`: sales that the scenario dates, their anticipation, and threats.
//!
//! ```text
//! sold        = min(amount / days, what the seller holds)           par, USD bn a day, out of the ledger
//! anticipated = credibility · P · 29/M · g · (announced − sold so far) / 100 · weight      from the announcement on
//! threat      = threat · 2^(−1/h) + effect on the day of the words
//! proceeds    kept: in dollars;  spent: abroad;  home: turned into yen, which the yen feels tomorrow
//! ```
//!
//! (1 − matched) applies to the anticipation too; on the last day of a sale nothing is expected any more; a threat
//! decays from the day after the words. Words have the official maturity profile. Where a sale does not say what
//! becomes of its proceeds, the Ministry keeps them (deposits in its reserves, `reserves_left_usd_bn` unchanged) and
//! private cohorts take the unhedged share home (of `rebalancing`: 0 of the dollar-funded). Written, the word is for
//! all of a sale: `home` turns all of it into yen, hedged or not; `kept` and `spent` move no spot. A sale whose
//! proceeds are spent or brought home lowers the reserves by the Ministry's part, as far as its securities in them
//! reach.
//!
//! Without a cohort all holders sell pro rata, at weight 1; with one, that cohort sells at its own weight, duration ÷
//! 4.8 years. What was anticipated is handed over to the propagator as it executes. Sources: Japan's "card on the
//! table" of May 2025 (withdrawn within days, no lasting move), Hashimoto 1997; the sizes are assumptions. Muted,
//! nothing dated is sold or said.
//!
//! Known weakness: amount and pace are the scenario's word: the seller does not slow down when prices fall, and nobody
//! trades ahead of a secret sale.

use super::cohorts::{self, COHORTS, MOF};
use super::events::{self, EventPlan, Kind, Proceeds};
use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "official_sale" {
    /// Share of an announced, not yet executed sale that the market prices.
    credibility: "fraction", 0.0..=1.0, Some("{ beta = { a = 2, b = 6 } }"), "assumption: mean one quarter";
} }

/// What is sold by dated events today, USD bn.
#[derive(Debug, Clone, Copy)]
pub struct Outputs<S: Simd> {
    /// Par by cohort.
    pub sales: [Lane<S>; COHORTS],
    /// Duration-weighted, all.
    pub weighted: Lane<S>,
    /// Duration-weighted, of official holders.
    pub official: Lane<S>,
    /// Dollars turned into yen.
    pub home: Lane<S>,
    /// Proceeds of the Ministry of Finance that stay in its reserves.
    pub kept: Lane<S>,
    /// Announced, not yet sold, duration-weighted and believed, USD bn.
    pub anticipated: Lane<S>,
    /// Threats standing, bp of the 10-year.
    pub threat_bp: Lane<S>,
}

/// How far an event has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress<S: Simd> {
    /// Sales executed so far (a sale) or effect standing (a threat).
    done: Lane<S>,
    /// What a sale or an intervention asked for so far, USD bn of Japan.
    pub asked: Lane<S>,
    /// What of it was not there to be sold.
    pub unsold: Lane<S>,
}

impl<S: Simd> Progress<S> {
    /// Before anything happened.
    #[inline(always)]
    pub fn new(simd: S) -> Self {
        let zero = splat(simd, 0.0);
        Progress { done: zero, asked: zero, unsold: zero }
    }

    /// Notes what was asked for today and what of it was not there.
    #[inline(always)]
    pub fn note(&mut self, asked: Lane<S>, unsold: Lane<S>) {
        self.asked += asked;
        self.unsold += unsold;
    }
}

/// One day of all dated sales and threats; `unhedged` is the share of each cohort's Treasuries whose sale brings yen
/// home, `now` the step, `on` 0 when the channel is muted.
#[inline(always)]
pub fn step<S: Simd>(
    p: &Params<Lane<S>>,
    plans: &[EventPlan],
    events: &[events::State<S>],
    progress: &mut [Progress<S>],
    ledger: &mut cohorts::State<S>,
    unhedged: &[Lane<S>; COHORTS],
    (now, on): (f64, f64),
) -> Outputs<S> {
    let zero = splat(p.credibility.simd, 0.0);
    let mut out = Outputs {
        sales: [zero; COHORTS],
        weighted: zero,
        official: zero,
        home: zero,
        kept: zero,
        anticipated: zero,
        threat_bp: zero,
    };
    for ((plan, event), progress) in plans.iter().zip(events).zip(progress) {
        match plan.kind {
            Kind::OfficialSale => {
                if event.is_on(now) {
                    let wanted = event.numbers[0] * event.part(now) * on;
                    let sold = sell(plan, event, ledger, unhedged, wanted, &mut out);
                    progress.done += sold;
                    progress.note(wanted, wanted - sold);
                }
                if plan.announced {
                    let left = announced(event, progress, now) * on;
                    out.anticipated += left * weight(plan, event, ledger) * p.credibility;
                }
            }
            Kind::Threat if event.has_begun(now) => {
                let [effect, half_life, ..] = event.numbers;
                let begins = event.start.simd_eq(splat(effect.simd, now));
                progress.done = progress.done * daily_decay(half_life) + keep(begins, effect) * on;
                out.threat_bp += progress.done;
            }
            _ => {}
        }
    }
    out
}

/// Sells `wanted` out of the ledger, as far as it is there; gives what was sold.
#[inline(always)]
fn sell<S: Simd>(
    plan: &EventPlan,
    event: &events::State<S>,
    ledger: &mut cohorts::State<S>,
    unhedged: &[Lane<S>; COHORTS],
    wanted: Lane<S>,
    out: &mut Outputs<S>,
) -> Lane<S> {
    let weight = weight(plan, event, ledger);
    let before = ledger.held;
    let sold = match plan.word {
        Some(cohort) => ledger.sell_one(cohort, wanted),
        None => ledger.sell_pro_rata(wanted),
    };
    let official = before[MOF] - ledger.held[MOF];
    for cohort in 0..COHORTS {
        let part = before[cohort] - ledger.held[cohort];
        out.sales[cohort] += part;
        if plan.proceeds.is_none() && cohort != MOF {
            out.home += part * unhedged[cohort];
        }
    }
    match plan.proceeds {
        None | Some(Proceeds::Kept) => out.kept += official,
        Some(Proceeds::Spent) => {}
        Some(Proceeds::Home) => out.home += sold,
    }
    out.weighted += sold * weight;
    out.official += official * weight;
    sold
}

/// Duration weight of a sale.
#[inline(always)]
fn weight<S: Simd>(
    plan: &EventPlan,
    event: &events::State<S>,
    ledger: &cohorts::State<S>,
) -> Lane<S> {
    match (plan.duration_written, plan.word) {
        (true, _) => event.numbers[2] * (1.0 / cohorts::MEAN_DURATION_YEARS),
        (false, Some(cohort)) => ledger.weight[cohort],
        (false, None) => splat(event.start.simd, 1.0),
    }
}

/// What is announced and not yet sold, USD bn.
#[inline(always)]
fn announced<S: Simd>(event: &events::State<S>, progress: &Progress<S>, now: f64) -> Lane<S> {
    let s = event.start.simd;
    let zero = splat(s, 0.0);
    let known = event.start.simd_gt(zero)
        & (event.start - event.numbers[3]).simd_le(splat(s, now))
        // What the last day could not sell for want of holdings is no longer expected.
        & splat(s, now + 1.0).simd_lt(event.start + event.days);
    keep(known, event.numbers[0] - progress.done)
}

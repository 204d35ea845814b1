//! How far a cohort moves: its response to the pickups, its envelope, its pace, its limits.

use super::{Params, Seen};
use crate::model::cohorts::{self, COHORTS, GPIF, LIFE_INSURERS};
use crate::model::hedge::Pickups;
use crate::num::lanes::*;

/// The smallest envelope over what is held: nobody's holdings are the most that it could have.
const ENVELOPE_PER_HELD: f64 = 1.1;

/// The pickups that the holders behind a lag look at: hedged, unhedged, over funds.
#[inline(always)]
pub(super) fn looked_at<S: Simd>(lag: usize, today: &Pickups<S>) -> [Lane<S>; 3] {
    let hedged = if lag == 2 { today.hedged_30y_bp } else { today.hedged_10y_bp };
    [hedged, today.unhedged_10y_bp, today.over_funds_5y_bp]
}

/// γ(p): the pickup, counted more steeply below zero.
#[inline(always)]
pub(super) fn kinked<S: Simd>(p: &Params<Lane<S>>, pickup: Lane<S>) -> Lane<S> {
    let zero = splat(pickup.simd, 0.0);
    pickup.max(zero) + pickup.min(zero) * p.negative_pickup_factor
}

/// κ of a cohort.
#[inline(always)]
pub(super) fn kappa<S: Simd>(p: &Params<Lane<S>>, cohort: usize) -> Lane<S> {
    let kappa = match cohort {
        GPIF | 7 => p.kappa_pensions,
        LIFE_INSURERS => p.kappa_life_insurers,
        _ => p.kappa_banks,
    };
    kappa * p.kappa_scale
}

/// Share of its envelope that a cohort holds when it keeps `rest` of its base, at most 1/1.1.
#[inline(always)]
pub(super) fn share_of_envelope<S: Simd>(
    p: &Params<Lane<S>>,
    ledger: &cohorts::State<S>,
    cohort: usize,
    rest: Lane<S>,
) -> Lane<S> {
    let envelopes = [
        p.envelope_gpif_usd_bn,
        p.envelope_megabanks_usd_bn,
        p.envelope_life_insurers_usd_bn,
        p.envelope_post_bank_usd_bn,
        p.envelope_norinchukin_usd_bn,
        p.envelope_regional_banks_usd_bn,
        p.envelope_trusts_usd_bn,
    ];
    let kept = ledger.base[cohort] * rest;
    let envelope = envelopes[cohort - 1].max(kept * ENVELOPE_PER_HELD);
    kept / envelope.max(splat(rest.simd, 1e-9))
}

/// e^x / (1 + w (e^x − 1)): what a holding grows to when the logit of its share w rises by x.
#[inline(always)]
pub(super) fn within_envelope<S: Simd>(weight: Lane<S>, x: Lane<S>) -> Lane<S> {
    let odds = exp(x);
    odds / (weight * (odds - 1.0) + 1.0)
}

/// The largest pace of each cohort, as its inverse: days per USD bn, bought and sold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paces<S: Simd>([[Lane<S>; 2]; COHORTS]);

impl<S: Simd> Paces<S> {
    /// The paces of these parameters.
    #[inline(always)]
    pub(super) fn new(p: &Params<Lane<S>>) -> Self {
        let a_month = [
            splat(p.kappa_scale.simd, 1.0),
            p.pace_gpif_usd_bn,
            p.pace_megabanks_usd_bn,
            p.pace_life_insurers_usd_bn,
            p.pace_post_bank_usd_bn,
            p.pace_norinchukin_usd_bn,
            p.pace_regional_banks_usd_bn,
            p.pace_trusts_usd_bn,
        ];
        let month = splat(p.kappa_scale.simd, 21.0);
        Paces(a_month.map(
            #[inline(always)]
            |pace| [month / pace, month / (pace * p.pace_sold_per_bought)],
        ))
    }

    /// v · tanh(wish / v): a day's sale of a cohort that never passes its pace, whatever is wished, USD bn.
    #[inline(always)]
    pub(super) fn hold(&self, cohort: usize, wish: Lane<S>) -> Lane<S> {
        let [bought, sold] = self.0[cohort];
        let sells = wish.simd_gt(splat(wish.simd, 0.0));
        wish * tanh_over(wish * sells.select(sold, bought))
    }
}

/// Loss at which a cohort cuts, %.
#[inline(always)]
pub(super) fn loss_limit<S: Simd>(p: &Params<Lane<S>>, cohort: usize) -> Option<Lane<S>> {
    match cohort {
        2 | 5 | 6 => Some(p.loss_stop_banks_pct),
        LIFE_INSURERS => Some(p.loss_stop_life_insurers_pct),
        _ => None,
    }
}

/// Overhang by cohort.
#[inline(always)]
pub(super) fn overhangs<S: Simd>(p: &Params<Lane<S>>) -> [Lane<S>; COHORTS] {
    [
        splat(p.kappa_scale.simd, 0.0),
        p.overhang_gpif,
        p.overhang_megabanks,
        p.overhang_life_insurers,
        p.overhang_post_bank,
        p.overhang_norinchukin,
        p.overhang_regional_banks,
        p.overhang_trusts,
    ]
}

/// Improvement of the pickups since day 0, bp, hedged and unhedged weighed by the hedge ratio; `fiscal` is taken out of
/// the JGB yields of each first.
#[inline(always)]
pub(super) fn improvement<S: Simd>(
    p: &Params<Lane<S>>,
    seen: &Seen<S>,
    start: &Seen<S>,
    fiscal: [Lane<S>; 2],
    hedge_ratio: Lane<S>,
) -> Lane<S> {
    let hedged = kinked(p, seen.pickups[0] + fiscal[0]) - kinked(p, start.pickups[0]);
    let unhedged = kinked(p, seen.pickups[1] + fiscal[1]) - kinked(p, start.pickups[1]);
    hedge_ratio * hedged + (hedge_ratio * -1.0 + 1.0) * unhedged
}

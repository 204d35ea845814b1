//! `holdings`: who in Japan holds Treasuries, how long they are, and the ledger of what is left.
//!
//! ```text
//! H_c(0) = total · x_c / Σ x      (x_c: the cohorts' estimated holdings, each uncertain; the split always adds up)
//! H_c(t) = H_c(t−1) − net sales of c,   weight_c = duration_c / 4.8 (the holdings-weighted mean)
//! ```
//!
//! A dated sale takes the same share from what a cohort holds and from what its target is measured on: base_c = base_c
//! · (1 − sold/held). Every dollar has one owner: `rebalancing`, `intervention` and `official_sale` take from this
//! ledger and cannot take more than is there. The carry books' Treasuries are not Japan's and stand in `carry_unwind`.
//!
//! | cohort | class of maturity profile |
//! |---|---|
//! | `mof` | official |
//! | `gpif`, `megabanks`, `life_insurers`, `post_bank`, `norinchukin`, `regional_banks`, `trusts` | private |
//!
//! Known weakness: the split of Japan's holdings is an estimate (TIC names no holder, and misses what is kept
//! elsewhere); one duration stands for a whole portfolio.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "holdings" {
    /// Japan's holdings of Treasuries on day 0.
    total_usd_bn: "USD bn", 0.0..=20000.0, None, "";
    /// Ministry of Finance.
    mof_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// GPIF and other public pensions.
    gpif_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// Megabanks and trust banks, own account.
    megabanks_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// Life insurers.
    life_insurers_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// Japan Post Bank.
    post_bank_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// Norinchukin.
    norinchukin_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// Regional and shinkin banks.
    regional_banks_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// Investment trusts, corporate pensions and others.
    trusts_usd_bn: "USD bn", 0.0..=5000.0, None, "";
    /// Duration of the Ministry of Finance's Treasuries.
    duration_mof_years: "years", 0.1..=30.0, Some("4.0"), "assumption: reserve managers hold the front and belly";
    /// Duration of GPIF's.
    duration_gpif_years: "years", 0.1..=30.0, Some("6.0"), "assumption: close to the market's";
    /// Duration of the megabanks'.
    duration_megabanks_years: "years", 0.1..=30.0, Some("4.5"), "assumption";
    /// Duration of the life insurers'.
    duration_life_insurers_years: "years", 0.1..=30.0, Some("9.0"), "assumption: long liabilities";
    /// Duration of Japan Post Bank's.
    duration_post_bank_years: "years", 0.1..=30.0, Some("4.5"), "assumption";
    /// Duration of Norinchukin's.
    duration_norinchukin_years: "years", 0.1..=30.0, Some("4.0"), "assumption";
    /// Duration of the regional banks'.
    duration_regional_banks_years: "years", 0.1..=30.0, Some("5.0"), "assumption";
    /// Duration of the trusts'.
    duration_trusts_years: "years", 0.1..=30.0, Some("6.0"), "assumption";
} }

/// Number of cohorts.
pub const COHORTS: usize = 8;
/// Names of the cohorts, as in `flows.csv` and in `official_sale`.
pub const NAMES: &[&str] = &[
    "mof",
    "gpif",
    "megabanks",
    "life_insurers",
    "post_bank",
    "norinchukin",
    "regional_banks",
    "trusts",
];
/// Position of the Ministry of Finance, the official holder.
pub const MOF: usize = 0;
/// Position of GPIF.
pub const GPIF: usize = 1;
/// Position of the life insurers.
pub const LIFE_INSURERS: usize = 3;

/// Duration at which the elasticities are quoted: Japan's holdings-weighted mean, years.
pub const MEAN_DURATION_YEARS: f64 = 4.8;

/// The ledger of Japan's Treasuries on eight paths, USD bn.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    /// What each cohort holds.
    pub held: [Lane<S>; COHORTS],
    /// Duration of each cohort, years.
    pub duration: [Lane<S>; COHORTS],
    /// Duration weight of each cohort.
    pub weight: [Lane<S>; COHORTS],
    /// What each cohort would hold if it only did what the scenario's events make it do.
    pub base: [Lane<S>; COHORTS],
}

impl<S: Simd> State<S> {
    /// The split on day 0.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        let estimates = [
            p.mof_usd_bn,
            p.gpif_usd_bn,
            p.megabanks_usd_bn,
            p.life_insurers_usd_bn,
            p.post_bank_usd_bn,
            p.norinchukin_usd_bn,
            p.regional_banks_usd_bn,
            p.trusts_usd_bn,
        ];
        let duration = [
            p.duration_mof_years,
            p.duration_gpif_years,
            p.duration_megabanks_years,
            p.duration_life_insurers_years,
            p.duration_post_bank_years,
            p.duration_norinchukin_years,
            p.duration_regional_banks_years,
            p.duration_trusts_years,
        ];
        let mut sum = splat(simd, 0.0);
        for x in estimates {
            sum += x;
        }
        let scale = p.total_usd_bn / sum.max(splat(simd, 1e-9));
        let held = estimates.map(
            #[inline(always)]
            |x| x * scale,
        );
        let weight = duration.map(
            #[inline(always)]
            |d| d * (1.0 / MEAN_DURATION_YEARS),
        );
        State { held, duration, weight, base: held }
    }

    /// What all cohorts hold together.
    #[inline(always)]
    pub fn total(&self) -> Lane<S> {
        let mut sum = self.held[0];
        for held in &self.held[1..] {
            sum += *held;
        }
        sum
    }

    /// Sells `wanted` of one cohort by an event, as far as it has it; gives what was sold. Its target falls in step.
    #[inline(always)]
    pub fn sell_one(&mut self, cohort: usize, wanted: Lane<S>) -> Lane<S> {
        let held = self.held[cohort];
        let sold = wanted.min(held);
        let kept = keep(held.simd_gt(splat(held.simd, 0.0)), (held - sold) / held);
        self.held[cohort] = held - sold;
        self.base[cohort] *= kept;
        sold
    }

    /// Sells `wanted` of all cohorts pro rata by an event, as far as they have it; gives what was sold.
    #[inline(always)]
    pub fn sell_pro_rata(&mut self, wanted: Lane<S>) -> Lane<S> {
        let total = self.total();
        let sold = wanted.min(total);
        let kept = keep(total.simd_gt(splat(total.simd, 0.0)), (total - sold) / total);
        for cohort in 0..COHORTS {
            self.held[cohort] *= kept;
            self.base[cohort] *= kept;
        }
        sold
    }

    /// Japan's losses, USD bn: the one on what is still held, and the one realised today by net sales at today's
    /// impact; `sales` begins with those of the cohorts, USD bn.
    ///
    /// Loss = duration · impact at that tenor · holdings (or sales), the impact on the 2y, 5y, 10y and 30y (bp) being
    /// interpolated in years. Purchases realise nothing; sales at a negative impact realise a gain.
    #[inline(always)]
    pub fn losses(&self, by_tenor: &[Lane<S>; 4], sales: &[Lane<S>]) -> [Lane<S>; 2] {
        let s = by_tenor[0].simd;
        let (mut loss, mut realised) = (splat(s, 0.0), splat(s, 0.0));
        for cohort in 0..COHORTS {
            let years = self.duration[cohort];
            let to_5 = unit((years - 2.0) * (1.0 / 3.0));
            let to_10 = unit((years - 5.0) * 0.2);
            let to_30 = unit((years - 10.0) * 0.05);
            let impact = by_tenor[0]
                + to_5 * (by_tenor[1] - by_tenor[0])
                + to_10 * (by_tenor[2] - by_tenor[1])
                + to_30 * (by_tenor[3] - by_tenor[2]);
            let per_usd_bn = years * impact;
            loss += self.held[cohort] * per_usd_bn;
            realised += positive(sales[cohort]) * per_usd_bn;
        }
        [loss * 1e-4, realised * 1e-4]
    }
}

/// x clipped to [0, 1].
#[inline(always)]
fn unit<S: Simd>(x: Lane<S>) -> Lane<S> {
    x.max(splat(x.simd, 0.0)).min(splat(x.simd, 1.0))
}

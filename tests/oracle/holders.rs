//! Japan's holders: the ledger `holdings` and the channel `rebalancing`.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::half_life;
use super::policy::Pickups;
use ustress::model::{cohorts, rebalancing};

pub(crate) const COHORTS: usize = 8;
const GPIF: usize = 1;
const MEGABANKS: usize = 2;
const LIFERS: usize = 3;
const POST_BANK: usize = 4;
const NORINCHUKIN: usize = 5;
const REGIONAL: usize = 6;
const TRUSTS: usize = 7;

/// Who holds what.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    pub(crate) held: [f64; COHORTS],
    pub(crate) base: [f64; COHORTS],
    pub(crate) duration: [f64; COHORTS],
    pub(crate) weight: [f64; COHORTS],
    /// How far the impact on the 2y, 5y, 10y, 30y counts for each cohort's mark-to-market.
    tenors: [[f64; 4]; COHORTS],
}

impl Ledger {
    pub(crate) fn new(p: &cohorts::Params<f64>) -> Self {
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
        let sum: f64 = estimates.iter().sum();
        let held = estimates.map(|x| x * p.total_usd_bn / sum.max(1e-9));
        let weight = duration.map(|years| years / 4.8);
        Ledger { held, base: held, duration, weight, tenors: duration.map(interpolation) }
    }

    /// A dated sale of one cohort; gives what was sold of each.
    pub(crate) fn sell_one(&mut self, cohort: usize, wanted: f64) -> [f64; COHORTS] {
        let mut sold = [0.0; COHORTS];
        let held = self.held[cohort];
        sold[cohort] = wanted.min(held);
        self.held[cohort] = held - sold[cohort];
        self.base[cohort] *= if held > 0.0 { self.held[cohort] / held } else { 0.0 };
        sold
    }

    /// A dated sale of all pro rata.
    pub(crate) fn sell_pro_rata(&mut self, wanted: f64) -> [f64; COHORTS] {
        let total: f64 = self.held.iter().sum();
        let part = if total > 0.0 { wanted.min(total) / total } else { 0.0 };
        let sold = self.held.map(|held| held * part);
        for (cohort, sold) in sold.iter().enumerate() {
            self.held[cohort] -= sold;
            self.base[cohort] *= if total > 0.0 { 1.0 - part } else { 0.0 };
        }
        sold
    }

    /// Loss of a dollar of each cohort's at this impact.
    fn loss_per_dollar(&self, cohort: usize, by_tenor: &[f64; 4]) -> f64 {
        let impact: f64 = self.tenors[cohort].iter().zip(by_tenor).map(|(w, bp)| w * bp).sum();
        self.duration[cohort] * impact / 1e4
    }

    /// Loss on what is still held.
    pub(crate) fn mark_to_market_loss(&self, by_tenor: &[f64; 4]) -> f64 {
        let loss = |cohort| self.held[cohort] * self.loss_per_dollar(cohort, by_tenor);
        (0..COHORTS).map(loss).sum()
    }

    /// Loss of the day's net sellers; `sold` begins with the cohorts.
    pub(crate) fn realised_loss(&self, by_tenor: &[f64; 4], sold: &[f64]) -> f64 {
        let loss = |cohort| f64::max(sold[cohort], 0.0) * self.loss_per_dollar(cohort, by_tenor);
        (0..COHORTS).map(loss).sum()
    }
}

/// Weights of the 2y, 5y, 10y and 30y at a duration, linear between them and flat beyond.
fn interpolation(years: f64) -> [f64; 4] {
    const KNOTS: [f64; 4] = [2.0, 5.0, 10.0, 30.0];
    let mut weights = [0.0; 4];
    match KNOTS.iter().position(|knot| years <= *knot) {
        Some(0) => weights[0] = 1.0,
        None => weights[3] = 1.0,
        Some(upper) => {
            let part = (years - KNOTS[upper - 1]) / (KNOTS[upper] - KNOTS[upper - 1]);
            weights[upper - 1] = 1.0 - part;
            weights[upper] = part;
        }
    }
    weights
}

/// The day, as holders see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// Month, quarter, fiscal half ends.
    pub(crate) ends: [bool; 3],
    pub(crate) pickups: Pickups,
    pub(crate) ust_10y_rise_pct: f64,
    /// Fiscal part of the JGB 10y and 30y, bp.
    pub(crate) fiscal: [f64; 2],
    pub(crate) spot_ratio: f64,
    pub(crate) equity_ratio: f64,
    pub(crate) everyday: f64,
}

/// How a cohort looks at the world.
#[derive(Debug, Clone, Copy)]
struct Holder {
    kappa: f64,
    overhang: f64,
    hedged_share: f64,
    dollar_funded: bool,
    decay: f64,
    looks_at_30y: bool,
    keeps: f64,
    loss_limit: f64,
    envelope: f64,
    /// Most that it buys, USD bn a month.
    pace: f64,
    /// Which of the period ends is its review, and its plan.
    review: usize,
    plan: usize,
    start: [f64; 3],
    // what changes
    view: [f64; 3],
    fiscal: [f64; 2],
    shed: f64,
    cut: f64,
    target: f64,
    target_calm: f64,
}

/// The channel.
#[derive(Debug, Clone)]
pub(crate) struct Rebalancing {
    p: rebalancing::Params<f64>,
    holders: [Holder; COHORTS],
    speed: f64,
    dropped: f64,
    fiscal_sold: f64,
    noise: f64,
    x: f64,
    everyday_sum: f64,
    on: f64,
}

/// What holders do in a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Adjustment {
    pub(crate) sales: [f64; COHORTS],
    pub(crate) repatriation: f64,
    pub(crate) caused_by_jgb: f64,
    pub(crate) everyday: f64,
}

impl Rebalancing {
    pub(crate) fn new(p: rebalancing::Params<f64>, start: &Pickups, on: f64) -> Self {
        let holders = std::array::from_fn(|cohort| holder(&p, cohort, start));
        Rebalancing {
            holders,
            speed: 1.0 - half_life(21.0 * p.adjustment_half_life_months),
            dropped: 0.0,
            fiscal_sold: 0.0,
            noise: p.everyday_sd_usd_bn / month_sd(p.everyday_persistence),
            x: 0.0,
            everyday_sum: 0.0,
            on,
            p,
        }
    }

    /// Share of a cohort's Treasuries whose sale brings yen home.
    pub(crate) fn unhedged(&self, cohort: usize) -> f64 {
        1.0 - self.holders[cohort].hedged_share
    }

    pub(crate) fn step(&mut self, ledger: &mut Ledger, day: &Seen) -> Adjustment {
        let p = self.p;
        for (cohort, holder) in self.holders.iter_mut().enumerate().skip(1) {
            holder.look(day);
            if day.ends[holder.review] {
                let loss = ledger.duration[cohort] * day.ust_10y_rise_pct;
                holder.set_target(&p, ledger.base[cohort], loss, day.ends[holder.plan]);
            }
        }
        let mut sales = [0.0; COHORTS];
        let mut repatriation = 0.0;
        for cohort in 1..COHORTS {
            let target = ledger.base[cohort] * self.holders[cohort].target;
            let dropped =
                if cohort == LIFERS { self.dropped.min(ledger.held[cohort]) } else { 0.0 };
            let wish = match cohort {
                GPIF => self.gpif(ledger, day),
                _ => self.speed * (ledger.held[cohort] - dropped - target),
            };
            let month = if wish > 0.0 { p.pace_sold_per_bought } else { 1.0 };
            let most = self.holders[cohort].pace * month / 21.0;
            sales[cohort] = most * (wish / most).tanh() * self.on;
            if cohort == LIFERS {
                let drops = (sales[LIFERS] * p.drop_hedge_share).max(-self.dropped);
                sales[LIFERS] -= drops;
                self.dropped += drops;
                repatriation -= drops;
            }
            repatriation += sales[cohort] * self.unhedged(cohort);
            ledger.held[cohort] -= sales[cohort];
        }
        Adjustment {
            sales,
            repatriation,
            caused_by_jgb: self.fiscal_part(ledger) * self.on,
            everyday: self.everyday(day.everyday),
        }
    }

    /// GPIF's four equal blocks start at their targets; foreign bonds move with spot, price and size, foreign equities
    /// with spot and index, domestic equities with half of the index, domestic bonds not at all.
    fn gpif(&self, ledger: &Ledger, day: &Seen) -> f64 {
        let p = &self.p;
        let (held, base) = (ledger.held[GPIF], ledger.base[GPIF]);
        let size = if base > 0.0 { held / base } else { 0.0 };
        let price = (-ledger.duration[GPIF] * day.ust_10y_rise_pct / 100.0).exp();
        let bonds = p.gpif_target_weight * day.spot_ratio * price * size;
        let third = (1.0 - p.gpif_target_weight) / 3.0;
        let foreign_equities = third * day.spot_ratio * day.equity_ratio;
        let domestic_equities = third * (0.5 + 0.5 * day.equity_ratio);
        let weight = (bonds / (bonds + foreign_equities + domestic_equities + third)).max(1e-6);
        let wish = p.gpif_target_weight * self.holders[GPIF].target - weight;
        let inside = wish.clamp(-p.gpif_band, p.gpif_band);
        let bought = inside * p.gpif_speed_inside + (wish - inside) * p.gpif_speed_outside;
        -held * bought / weight / 21.0
    }

    /// The adjustment, at no pace, run on the difference between the targets without and with the JGB shocks.
    fn fiscal_part(&mut self, ledger: &Ledger) -> f64 {
        let mut wish = 0.0;
        for cohort in MEGABANKS..COHORTS {
            let holder = &self.holders[cohort];
            let sold = if cohort == LIFERS { 1.0 - self.p.drop_hedge_share } else { 1.0 };
            let gap = (holder.target_calm - holder.target) * ledger.base[cohort];
            wish += gap * sold * ledger.weight[cohort];
        }
        let sold = self.speed * (wish - self.fiscal_sold);
        self.fiscal_sold += sold;
        sold
    }

    fn everyday(&mut self, normal: f64) -> f64 {
        self.x = self.p.everyday_persistence * self.x + self.noise * normal;
        let trade = self.x - self.p.everyday_pull / 21.0 * self.everyday_sum;
        self.everyday_sum += trade;
        self.p.everyday_mean_usd_bn / 21.0 + trade
    }
}

impl Holder {
    /// First-order lag.
    fn look(&mut self, day: &Seen) {
        let decay = self.decay;
        let today = looks_at(&day.pickups, self.looks_at_30y);
        for (view, now) in self.view.iter_mut().zip(today) {
            *view = now + (*view - now) * decay;
        }
        for (view, now) in self.fiscal.iter_mut().zip(day.fiscal) {
            *view = now + (*view - now) * decay;
        }
    }

    fn set_target(&mut self, p: &rebalancing::Params<f64>, base: f64, loss_pct: f64, plans: bool) {
        if plans {
            self.shed = self.overhang;
        }
        if loss_pct >= self.loss_limit {
            self.cut = self.keeps;
        }
        let rest = (1.0 - self.shed) * self.cut;
        let (now, calm) = (self.improvement(p, false), self.improvement(p, true));
        let wanted = rest * base;
        let envelope = self.envelope.max(1.1 * wanted).max(1e-9);
        let w = wanted / envelope;
        // logit w' = logit w + κ Δ / (1 − w), and the target is w' of the envelope.
        let grown = |change: f64| {
            let odds = w / (1.0 - w) * (self.kappa / (1.0 - w) * change / 100.0).exp();
            if w > 0.0 { odds / (1.0 + odds) / w } else { 0.0 }
        };
        self.target = rest * grown(now);
        self.target_calm = rest * grown(calm);
    }

    /// Δ of the kinked pickups since day 0; `calm` takes the fiscal part out of the JGB yields.
    fn improvement(&self, p: &rebalancing::Params<f64>, calm: bool) -> f64 {
        let kinked =
            |pickup: f64| if pickup < 0.0 { p.negative_pickup_factor * pickup } else { pickup };
        let change = |kind: usize, without: f64| {
            kinked(self.view[kind] + if calm { without } else { 0.0 }) - kinked(self.start[kind])
        };
        if self.dollar_funded {
            return change(2, 0.0);
        }
        let [ten, thirty] = self.fiscal;
        let in_hedged = if self.looks_at_30y { thirty } else { ten };
        self.hedged_share * change(0, in_hedged) + (1.0 - self.hedged_share) * change(1, ten)
    }
}

/// Hedged, unhedged, over funds.
fn looks_at(pickups: &Pickups, at_30y: bool) -> [f64; 3] {
    let hedged = if at_30y { pickups.hedged_30y } else { pickups.hedged_10y };
    [hedged, pickups.unhedged, pickups.over_funds]
}

fn lag(p: &rebalancing::Params<f64>, cohort: usize) -> f64 {
    match cohort {
        GPIF => p.lag_pensions_days,
        LIFERS => p.lag_life_insurers_days,
        TRUSTS => p.lag_trusts_days,
        _ => p.lag_banks_days,
    }
}

fn holder(p: &rebalancing::Params<f64>, cohort: usize, start: &Pickups) -> Holder {
    let (kappa, overhang, hedged_share) = match cohort {
        GPIF => (p.kappa_pensions, p.overhang_gpif, p.hedge_ratio_gpif),
        MEGABANKS => (p.kappa_banks, p.overhang_megabanks, 1.0),
        LIFERS => (p.kappa_life_insurers, p.overhang_life_insurers, p.hedge_ratio_life_insurers),
        POST_BANK => (p.kappa_banks, p.overhang_post_bank, p.hedge_ratio_post_bank),
        NORINCHUKIN => (p.kappa_banks, p.overhang_norinchukin, 1.0),
        REGIONAL => (p.kappa_banks, p.overhang_regional_banks, p.hedge_ratio_regional_banks),
        TRUSTS => (p.kappa_pensions, p.overhang_trusts, p.hedge_ratio_trusts),
        _ => (0.0, 0.0, 1.0),
    };
    let (review, plan) = match cohort {
        GPIF | POST_BANK => (1, 1),
        LIFERS => (1, 2),
        REGIONAL => (2, 2),
        _ => (0, 0),
    };
    let loss_limit = match cohort {
        MEGABANKS | NORINCHUKIN | REGIONAL => p.loss_stop_banks_pct,
        LIFERS => p.loss_stop_life_insurers_pct,
        _ => f64::INFINITY,
    };
    let (envelope, pace) = match cohort {
        GPIF => (p.envelope_gpif_usd_bn, p.pace_gpif_usd_bn),
        MEGABANKS => (p.envelope_megabanks_usd_bn, p.pace_megabanks_usd_bn),
        LIFERS => (p.envelope_life_insurers_usd_bn, p.pace_life_insurers_usd_bn),
        POST_BANK => (p.envelope_post_bank_usd_bn, p.pace_post_bank_usd_bn),
        NORINCHUKIN => (p.envelope_norinchukin_usd_bn, p.pace_norinchukin_usd_bn),
        REGIONAL => (p.envelope_regional_banks_usd_bn, p.pace_regional_banks_usd_bn),
        TRUSTS => (p.envelope_trusts_usd_bn, p.pace_trusts_usd_bn),
        _ => (0.0, 0.0),
    };
    let looks_at_30y = cohort == LIFERS;
    let start = looks_at(start, looks_at_30y);
    Holder {
        kappa: kappa * p.kappa_scale,
        overhang,
        hedged_share,
        dollar_funded: matches!(cohort, MEGABANKS | NORINCHUKIN),
        decay: 1.0 - 1.0 / lag(p, cohort),
        looks_at_30y,
        keeps: 1.0 - p.loss_stop_cut,
        loss_limit,
        envelope,
        pace,
        review,
        plan,
        start,
        view: start,
        fiscal: [0.0; 2],
        shed: 0.0,
        cut: 1.0,
        target: 1.0,
        target_calm: 1.0,
    }
}

/// Standard deviation of 21 days of x' = φ x + ε in units of that of ε.
fn month_sd(phi: f64) -> f64 {
    let n = 21.0;
    let gap = 1.0 - phi;
    let sum = n * (1.0 + phi) / gap - 2.0 * phi * (1.0 - phi.powi(21)) / (gap * gap);
    (sum / (1.0 - phi * phi)).sqrt()
}

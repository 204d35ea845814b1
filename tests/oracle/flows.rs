//! Sellers other than Japan's private holders: `intervention`, `official_sale`, `contagion`.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::events::{Event, News};
use super::holders::{COHORTS, Ledger};
use super::markets::ShockView;
use super::{Ring, half_life};
use ustress::model::{EventPlan, Kind, Proceeds, contagion, intervention, official_sale};

/// The Ministry of Finance.
#[derive(Debug, Clone)]
pub(crate) struct Ministry {
    p: intervention::Params<f64>,
    sell_above: f64,
    buy_below: f64,
    /// Days since anything of the Ministry's began, and since its last drawn campaign did.
    quiet_days: f64,
    day_of_campaign: f64,
    campaign: f64,
    past: Ring<21>,
    past_sum: f64,
    securities: f64,
    deposits: f64,
    fima_left: f64,
    on: f64,
}

impl Ministry {
    pub(crate) fn new(p: intervention::Params<f64>, on: f64) -> Self {
        Ministry {
            sell_above: p.trigger_jpy_per_usd.ln(),
            buy_below: p.buy_below_jpy_per_usd.ln(),
            quiet_days: 1e6,
            day_of_campaign: 1e6,
            campaign: 0.0,
            past: Ring::full_of(0.0),
            past_sum: 0.0,
            securities: p.reserves_securities_usd_bn,
            deposits: p.reserves_deposits_usd_bn,
            fima_left: if p.fima_draw < p.fima_probability { p.fima_cap_usd_bn } else { 0.0 },
            on,
            p,
        }
    }

    pub(crate) fn reserves_left(&self) -> f64 {
        self.securities + self.deposits
    }

    /// Before the open: what the scenario dates. Gives the Treasuries sold and the effect on log spot, felt today.
    pub(crate) fn dated(&mut self, ledger: &mut Ledger, news: &News, stressed: bool) -> (f64, f64) {
        self.past_sum -= self.past.replace(0.0);
        self.day_of_campaign += 1.0;
        self.quiet_days = if news.intervenes { 1.0 } else { self.quiet_days + 1.0 };
        let p = self.p;
        let (alone, joint) = (news.alone * self.on, news.joint * self.on);
        let japan = alone + p.coordinated_japan_share * joint;
        let (raised, sales) = self.raise(ledger, japan, stressed);
        let felt = alone + p.coordinated_factor * joint - (japan - raised);
        (sales, -felt * p.yen_pct_per_usd_bn / 100.0)
    }

    /// After the close: campaigns. Gives the Treasuries sold and the effect on log spot, felt tomorrow.
    pub(crate) fn campaign(
        &mut self,
        ledger: &mut Ledger,
        view: &ShockView,
        (acts, size): (f64, f64),
        stressed: bool,
    ) -> (f64, f64) {
        let p = self.p;
        if self.quiet_days > p.pause_days {
            let weak = view.level >= self.sell_above
                && view.level >= view.high - p.near_high_pct / 100.0
                && view.change_60d >= p.speed_60d_pct / 100.0;
            let strong =
                view.level < self.buy_below && view.change_20d <= -p.buy_rise_20d_pct / 100.0;
            let amount =
                (p.size_median * (p.size_sigma * size).exp()).min(1.0) * self.reserves_left();
            let dollars = if weak && acts < p.hazard_per_month / 21.0 {
                Some(amount)
            } else if strong && acts < p.buy_hazard_per_month / 21.0 {
                Some(-amount)
            } else {
                None
            };
            if let Some(dollars) = dollars {
                self.campaign = dollars;
                self.day_of_campaign = 1.0;
                self.quiet_days = 1.0;
            }
        }
        let share = match self.day_of_campaign as i64 {
            1 => 0.5,
            3 | 5 => 0.25,
            _ => 0.0,
        };
        let (raised, sales) = self.raise(ledger, self.campaign * share * self.on, stressed);
        (sales, -raised * p.yen_pct_per_usd_bn / 100.0)
    }

    /// A dated sale of its Treasuries, and what of the proceeds it keeps as deposits.
    pub(crate) fn book(&mut self, sold: f64, kept: f64) {
        let taken = sold.min(self.securities);
        self.securities -= taken;
        self.deposits = (self.deposits + kept.min(taken)).max(0.0);
    }

    /// FIMA where it is used, then securities to their share, then deposits, then securities again.
    fn raise(&mut self, ledger: &mut Ledger, wanted: f64, stressed: bool) -> (f64, f64) {
        let mut fima = 0.0;
        if stressed && self.past_sum + wanted > self.p.fima_sales_usd_bn {
            fima = wanted.max(0.0).min(self.fima_left).min(self.securities);
        }
        self.fima_left -= fima;
        let needed = wanted - fima;
        let first = (needed * self.p.securities_share).min(self.securities);
        let deposits = (needed - first).min(self.deposits);
        let again = (needed - first - deposits).min(self.securities - first).max(0.0);
        let securities = first + again;
        self.securities -= securities;
        self.deposits -= deposits;
        let sales = securities.min(ledger.held[0]);
        ledger.held[0] -= sales;
        self.past_sum += sales;
        self.past.add(sales);
        (fima + securities + deposits, sales)
    }
}

/// What is sold and said by dated events in a day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Dated {
    pub(crate) sales: [f64; COHORTS],
    pub(crate) weighted: f64,
    pub(crate) official: f64,
    /// Dollars turned into yen, and dollars of the Ministry's that stay.
    pub(crate) home: f64,
    pub(crate) kept: f64,
    pub(crate) anticipated: f64,
    pub(crate) threat: f64,
}

/// `progress` is what a sale has sold, or what stands of a threat; `unhedged` the share of a cohort's dollars that goes
/// home.
pub(crate) fn dated(
    p: &official_sale::Params<f64>,
    plans: &[EventPlan],
    events: &mut [Event],
    ledger: &mut Ledger,
    unhedged: impl Fn(usize) -> f64,
    step: usize,
    on: f64,
) -> Dated {
    let mut out = Dated::default();
    for (plan, event) in plans.iter().zip(events) {
        match plan.kind {
            Kind::OfficialSale => {
                let weight = match plan.word {
                    _ if plan.duration_written => event.numbers[2] / 4.8,
                    Some(cohort) => ledger.weight[cohort],
                    None => 1.0,
                };
                if let Some(part) = event.part(step) {
                    let wanted = event.numbers[0] * part * on;
                    let sold = match plan.word {
                        Some(cohort) => ledger.sell_one(cohort, wanted),
                        None => ledger.sell_pro_rata(wanted),
                    };
                    for (sum, sold) in out.sales.iter_mut().zip(sold) {
                        *sum += sold;
                        event.progress += sold;
                        out.weighted += sold * weight;
                    }
                    out.official += sold[0] * weight;
                    match plan.proceeds {
                        Some(Proceeds::Kept) => out.kept += sold[0],
                        Some(Proceeds::Spent) => {}
                        Some(Proceeds::Home) => out.home += sold.iter().sum::<f64>(),
                        None => {
                            out.kept += sold[0];
                            out.home += (1..COHORTS)
                                .map(|cohort| sold[cohort] * unhedged(cohort))
                                .sum::<f64>();
                        }
                    }
                }
                if plan.announced && event.is_expected(step) {
                    let left = event.numbers[0] - event.progress;
                    out.anticipated += left * weight * p.credibility * on;
                }
            }
            Kind::Threat if event.has_begun(step) => {
                event.progress *= event.decay;
                event.progress += if event.begins(step) { event.numbers[0] * on } else { 0.0 };
                out.threat += event.progress;
            }
            _ => {}
        }
    }
    out
}

/// Holders outside Japan who follow.
#[derive(Debug, Clone)]
pub(crate) struct Followers {
    p: contagion::Params<f64>,
    past: Ring<10>,
    since: [f64; 4],
    leveraged_since: f64,
    pub(crate) leveraged_weight: f64,
    pub(crate) officials_weight: f64,
    on: f64,
}

impl Followers {
    pub(crate) fn new(p: contagion::Params<f64>, on: f64) -> Self {
        Followers {
            past: Ring::full_of(0.0),
            since: [1e6; 4],
            leveraged_since: 1e6,
            leveraged_weight: p.swap_spread_share + (1.0 - p.swap_spread_share) * p.basis_weight,
            officials_weight: p.officials_duration_years / 4.8,
            on,
            p,
        }
    }

    /// Officials' and leveraged funds' sales; `impact` is yesterday's without contagion.
    pub(crate) fn step(&mut self, impact: f64, draws: &[f64; 4], leveraged: f64) -> (f64, f64) {
        let p = &self.p;
        let rise = impact - self.past.replace(impact);
        let over = |trigger: f64, unit: f64| (rise - trigger).max(0.0) / unit;
        let hazard = (p.officials_hazard * over(p.officials_trigger_bp, 25.0))
            .min(p.officials_hazard_cap)
            * self.on;
        let leveraged_hazard = (p.leveraged_hazard * over(p.leveraged_trigger_bp, 20.0))
            .min(p.leveraged_hazard_cap)
            * self.on;
        let sizes = [p.china_usd_bn, p.uk_usd_bn, p.gulf_usd_bn, p.others_usd_bn];
        let mut officials = 0.0;
        for ((since, draw), size) in self.since.iter_mut().zip(draws).zip(sizes) {
            *since += 1.0;
            if *draw < hazard && *since > p.pause_days {
                *since = 0.0;
            }
            if *since < p.officials_days {
                officials += size / p.officials_days;
            }
        }
        self.leveraged_since += 1.0;
        if leveraged < leveraged_hazard && self.leveraged_since > p.leveraged_days + p.pause_days {
            self.leveraged_since = 0.0;
        }
        let since = self.leveraged_since;
        let funds = if since < p.leveraged_days {
            p.leveraged_usd_bn / p.leveraged_days
        } else if since < p.leveraged_days + p.pause_days {
            -p.leveraged_usd_bn * p.buy_back_share / p.pause_days
        } else {
            0.0
        };
        (officials, funds)
    }
}

/// Decay of a threat's effect, a day.
pub(crate) fn threat_decay(numbers: &[f64; 4]) -> f64 {
    half_life(numbers[1])
}

//! A path of the oracle, day by day.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::events::{Event, News};
use super::flows::{Dated, Followers, Ministry, dated};
use super::holders::{Adjustment, Ledger, Rebalancing, Seen};
use super::markets::{Carry, CarryTrades, Equity, Yen, YenNews};
use super::policy::{Boj, Fed, Jgb, Pickups, pickups};
use super::rng::{Draws, Once, Streams};
use super::yields::{Backstop, Dealers, Flows, Haven, Propagator, Spillover};
use ustress::model::{CHANNELS, Channel, HOLDERS, METRICS, Parameters, Plan};

/// One path.
#[derive(Debug, Clone)]
pub(crate) struct World<'a> {
    plan: &'a Plan,
    pub(crate) parameters: Parameters<f64>,
    /// All that the path has drawn once.
    pub(crate) quantities: Vec<f64>,
    streams: Streams,
    events: Vec<Event>,
    step: usize,
    boj: Boj,
    fed: Fed,
    jgb: Jgb,
    yen: Yen,
    equity: Equity,
    ledger: Ledger,
    rebalancing: Rebalancing,
    carry: Carry,
    ministry: Ministry,
    followers: Followers,
    propagator: Propagator,
    haven: Haven,
    spillover: Spillover,
    backstop: Backstop,
    dealers: Dealers,
    yesterday: Yesterday,
    sold_by_japan: f64,
    realised_loss: f64,
    bought_by_fed: f64,
    interest_cost: f64,
}

#[derive(Debug, Clone, Copy)]
struct Yesterday {
    impact: [f64; 4],
    without_contagion: f64,
    ust_10y: f64,
    ust_10y_move: f64,
    repatriation: f64,
    intervention_log: f64,
    equity_sales: f64,
}

/// What a day brings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub(crate) metrics: [f64; METRICS.len()],
    pub(crate) channels: [f64; CHANNELS.len()],
    pub(crate) holders: [f64; HOLDERS.len()],
    /// What went through the propagator, and the multiplier that stressed dealers asked (0 for none).
    pub(crate) flows: Flows,
    pub(crate) asked: f64,
}

/// The day's prices before the flow channels.
struct Morning {
    news: News,
    /// Treasuries sold by dated intervention.
    dated_intervention: f64,
    open: f64,
    pickups: Pickups,
    ust_10y: f64,
    asked: f64,
    stressed: bool,
}

/// The day's trades.
struct Trades {
    adjusted: Adjustment,
    carry: CarryTrades,
    intervention: (f64, f64),
    dated: Dated,
    followers: (f64, f64),
    other_holders: f64,
    fed_bought: f64,
}

impl<'a> World<'a> {
    /// Path `path` on day 0; `change` may tamper with what it has drawn.
    pub(crate) fn new(plan: &'a Plan, seed: u64, path: u64, change: impl Fn(&mut [f64])) -> Self {
        let once = Once::new(seed, path);
        let mut quantities = once.quantities(plan);
        change(&mut quantities);
        let mut next = quantities.iter();
        let p = Parameters::read(|| next.next().copied().unwrap_or(f64::NAN));
        let on = |channel: Channel| plan.on[channel as usize];
        let dealers = Dealers::new(p.dealers, p.fed.ust_10y_pct);
        let rates = [p.fed.policy_rate_pct, p.boj.policy_rate_pct];
        let ust = [p.fed.ust_5y_pct, p.fed.ust_10y_pct, p.fed.ust_30y_pct];
        let jgb = [p.jgb.jgb_10y_pct, p.jgb.jgb_30y_pct];
        let start = pickups(&p.hedge, rates, ust, jgb, 0.0, dealers.stressed());
        World {
            plan,
            streams: Streams::new(seed, path),
            events: Event::all(plan, &quantities, once),
            quantities,
            step: 0,
            boj: Boj::new(p.boj),
            fed: Fed::new(p.fed),
            jgb: Jgb::new(p.jgb),
            yen: Yen::new(p.usdjpy),
            equity: Equity::new(p.equity),
            ledger: Ledger::new(&p.holdings),
            rebalancing: Rebalancing::new(p.rebalancing, &start, on(Channel::Rebalancing)),
            carry: Carry::new(p.carry_unwind, on(Channel::CarryUnwind)),
            ministry: Ministry::new(p.intervention, on(Channel::Intervention)),
            followers: Followers::new(p.contagion, on(Channel::Contagion)),
            propagator: Propagator::new(p.impact),
            haven: Haven::new(&p.safe_haven, on(Channel::SafeHaven)),
            spillover: Spillover::new(&p.jgb_spillover, on(Channel::JgbSpillover)),
            backstop: Backstop::new(p.backstop, on(Channel::Backstop)),
            dealers,
            yesterday: Yesterday {
                impact: [0.0; 4],
                without_contagion: 0.0,
                ust_10y: p.fed.ust_10y_pct,
                ust_10y_move: 0.0,
                repatriation: 0.0,
                intervention_log: 0.0,
                equity_sales: 0.0,
            },
            sold_by_japan: 0.0,
            realised_loss: 0.0,
            bought_by_fed: 0.0,
            interest_cost: 0.0,
            parameters: p,
        }
    }

    /// The next day.
    pub(crate) fn day(&mut self) -> Day {
        self.step += 1;
        let draws = self.streams.day(&self.plan.cholesky);
        let morning = self.morning(&draws);
        let trades = self.trades(&draws, &morning);
        let flows = self.flows(&morning, &trades);
        if self.plan.calendar.refunding[self.step - 1] {
            self.propagator.refund(self.yesterday.impact[2]);
        }
        self.propagator.step(self.step, &flows, morning.asked);
        let channels = self.rows(&morning, &trades);
        self.close(&morning, &trades, flows, channels)
    }

    fn morning(&mut self, draws: &Draws) -> Morning {
        let index = self.step - 1;
        let calendar = &self.plan.calendar;
        let news = News::of_day(&self.plan.events, &self.events, self.step);
        let stressed_before = self.dealers.stressed();
        let asked = self.dealers.step(self.yesterday.ust_10y, news.stress);
        let rise_pct = 100.0 * self.yen.rise_5d();
        let priced = |bank: usize, meets: bool| meets.then(|| self.plan.priced_bp[bank][index]);
        let meeting = priced(0, calendar.boj_meeting[index]);
        self.boj.step(meeting, draws.boj_meeting, self.equity.vix, rise_pct, news.boj);
        let level = self.equity.unanswered(self.haven.works);
        let meeting = priced(1, calendar.fomc_meeting[index]);
        self.fed.step(meeting, draws, -100.0 * level, news.fed, news.oil_pct);
        let surprise = self.boj.jgb2_surprise;
        self.jgb.step(draws, surprise, self.yesterday.ust_10y_move, news.jgb);
        let stressed = self.dealers.stressed();
        let (sold, lifted) = self.ministry.dated(&mut self.ledger, &news, stressed);
        let yen_news = YenNews {
            gap_surprise_bp: self.fed.ust2_news - surprise,
            fiscal_bp: self.jgb.fiscal_move - self.jgb.calmed,
            event_log: news.yen_log,
            repatriation: self.yesterday.repatriation,
            intervention_log: self.yesterday.intervention_log + lifted,
        };
        let open = self.yen.open(draws, &yen_news, self.carry.fade());
        self.equity.step(draws, news.equity_log, self.yesterday.equity_sales);
        let [_, five, ten, thirty] = self.yesterday.impact.map(|bp| bp / 100.0);
        let ust = [self.fed.ust[1] + five, self.fed.ust[2] + ten, self.fed.ust[3] + thirty];
        let pickups = self.parity(ust, stressed_before);
        let ust_10y = ust[1];
        Morning { news, dated_intervention: sold, open, pickups, ust_10y, asked, stressed }
    }

    /// Pickups at these UST 5y, 10y, 30y yields.
    fn parity(&self, ust: [f64; 3], stressed: bool) -> Pickups {
        let rates = [self.fed.rate, self.boj.rate];
        let vix_above = self.equity.vix - self.parameters.equity.vix;
        pickups(&self.parameters.hedge, rates, ust, self.jgb.yields, vix_above, stressed)
    }

    fn trades(&mut self, draws: &Draws, morning: &Morning) -> Trades {
        let p = &self.parameters;
        let index = self.step - 1;
        let calendar = &self.plan.calendar;
        let seen = Seen {
            ends: [
                calendar.month_end[index],
                calendar.quarter_end[index],
                calendar.half_end[index],
            ],
            pickups: morning.pickups,
            ust_10y_rise_pct: morning.ust_10y - p.fed.ust_10y_pct,
            fiscal: self.jgb.fiscal,
            spot_ratio: morning.open.exp() / p.usdjpy.spot_jpy_per_usd,
            equity_ratio: self.equity.log_level.exp(),
            everyday: draws.everyday,
        };
        let adjusted = self.rebalancing.step(&mut self.ledger, &seen);
        let carry = self.carry.step(&self.yen, morning.open, self.fed.rate - self.boj.rate);
        self.yen.close(morning.open, carry.covering_log);
        let view = self.yen.shock_view();
        let (sold, lifts) =
            self.ministry.campaign(&mut self.ledger, &view, draws.intervention, morning.stressed);
        let intervention = (morning.dated_intervention + sold, lifts);
        let on = |channel: Channel| self.plan.on[channel as usize];
        let dated = dated(
            &p.official_sale,
            &self.plan.events,
            &mut self.events,
            &mut self.ledger,
            |cohort| self.rebalancing.unhedged(cohort),
            self.step,
            on(Channel::OfficialSale),
        );
        self.ministry.book(dated.sales[0], dated.kept);
        let without = self.yesterday.without_contagion;
        let followers = self.followers.step(without, &draws.officials, draws.leveraged);
        let other_holders = morning.news.other_holders * on(Channel::Contagion);
        let fed_bought = morning.news.fed_purchases * on(Channel::Backstop);
        Trades { adjusted, carry, intervention, dated, followers, other_holders, fed_bought }
    }

    /// What goes through the propagator. Everyday trading is in both worlds and does not.
    fn flows(&self, morning: &Morning, trades: &Trades) -> Flows {
        let weights = &self.ledger.weight;
        let adjusted = &trades.adjusted.sales;
        let (officials, leveraged) = trades.followers;
        let officials = officials + trades.other_holders;
        let intervention = trades.intervention.0 * weights[0];
        let weighted_officials = officials * self.followers.officials_weight;
        let japan = adjusted.iter().chain(&trades.dated.sales).sum::<f64>();
        Flows {
            weighted: [
                adjusted.iter().zip(weights).map(|(sold, weight)| sold * weight).sum(),
                trades.carry.ust,
                intervention,
                trades.dated.weighted,
                weighted_officials,
                -trades.fed_bought,
            ],
            passing_only: leveraged * self.followers.leveraged_weight,
            official: intervention + trades.dated.official + weighted_officials,
            caused: trades.adjusted.caused_by_jgb,
            par: japan + trades.intervention.0 + trades.carry.ust + officials + leveraged
                - trades.fed_bought,
            issuance: morning.news.issuance,
        }
    }

    fn rows(&mut self, morning: &Morning, trades: &Trades) -> [f64; CHANNELS.len()] {
        self.haven.step(&self.equity.falls);
        let caused = self.propagator.caused.total();
        let jgb = &self.jgb;
        self.spillover.step(jgb.fiscal_move, jgb.boj_move, jgb.calmed, caused);
        let mut rows = [0.0; CHANNELS.len()];
        for (row, effect) in rows.iter_mut().zip(&self.propagator.rows[..5]) {
            *row = effect.total();
        }
        rows[Channel::OfficialSale as usize] += self.words(trades);
        rows[Channel::SafeHaven as usize] = self.haven.level;
        rows[Channel::JgbSpillover as usize] = self.spillover.level;
        let gross = rows.iter().sum();
        rows[Channel::Backstop as usize] =
            self.backstop.step(gross, &self.propagator, morning.stressed)
                + self.propagator.rows[5].total();
        rows
    }

    /// Anticipation and threats.
    fn words(&self, trades: &Trades) -> f64 {
        trades.dated.anticipated * self.propagator.lasting_bp_per_bn() + trades.dated.threat
    }

    /// Impact on the 2y, 5y, 10y, 30y: each part by its profile.
    fn by_tenor(&self, trades: &Trades, rows: &[f64; CHANNELS.len()]) -> [f64; 4] {
        let p = &self.parameters;
        let (i, h, j) = (&p.impact, &p.safe_haven, &p.jgb_spillover);
        let damped = if self.propagator.passing() > 0.0 { self.backstop.damped } else { 0.0 };
        let effect = &self.propagator.official;
        let official = effect.lasting + (1.0 - damped) * effect.passing + self.words(trades);
        let haven = rows[Channel::SafeHaven as usize];
        let jgb = rows[Channel::JgbSpillover as usize];
        let ten: f64 = rows.iter().sum();
        let private = ten - official - haven - jgb;
        let at = |o: f64, p: f64, h: f64, j: f64| o * official + p * private + h * haven + j * jgb;
        [
            at(i.official_profile_2y, i.private_profile_2y, h.profile_2y, j.profile_2y),
            at(i.official_profile_5y, i.private_profile_5y, h.profile_5y, j.profile_5y),
            ten,
            at(i.official_profile_30y, i.private_profile_30y, h.profile_30y, j.profile_30y),
        ]
    }

    fn close(
        &mut self,
        morning: &Morning,
        trades: &Trades,
        flows: Flows,
        channels: [f64; CHANNELS.len()],
    ) -> Day {
        let impact = self.by_tenor(trades, &channels);
        let holders = self.holders(trades);
        self.sold_by_japan += holders[..8].iter().sum::<f64>();
        self.realised_loss += self.ledger.realised_loss(&impact, &holders);
        self.bought_by_fed -= holders[11];
        let i = &self.parameters.impact;
        let shares =
            [i.coupons_share_2y, i.coupons_share_5y, i.coupons_share_10y, i.coupons_share_30y];
        let dearer: f64 = shares.iter().zip(impact).map(|(share, bp)| share * bp / 1e4).sum();
        self.interest_cost += dearer * i.coupons_usd_bn_per_year / 252.0;
        let repatriation = trades.adjusted.repatriation + trades.dated.home;
        let ust_10y = self.fed.ust[2] + impact[2] / 100.0;
        let metrics = self.metrics(&impact, &channels, ust_10y);
        self.yesterday = Yesterday {
            impact,
            without_contagion: impact[2] - channels[Channel::Contagion as usize],
            ust_10y,
            ust_10y_move: 100.0 * (ust_10y - self.yesterday.ust_10y),
            repatriation,
            intervention_log: trades.intervention.1,
            equity_sales: trades.carry.equities,
        };
        Day { metrics, channels, holders, flows, asked: morning.asked }
    }

    fn holders(&self, trades: &Trades) -> [f64; HOLDERS.len()] {
        let mut holders = [0.0; HOLDERS.len()];
        let sales = trades.adjusted.sales.iter().zip(&trades.dated.sales);
        for (holder, (adjusted, dated)) in holders.iter_mut().zip(sales) {
            *holder = adjusted + dated;
        }
        holders[0] += trades.intervention.0;
        holders[8] = trades.adjusted.everyday;
        holders[12] = holders[..9].iter().sum();
        holders[9] = trades.carry.ust;
        holders[10] = trades.followers.0 + trades.followers.1 + trades.other_holders;
        holders[11] = -self.backstop.purchases_today - trades.fed_bought;
        holders
    }

    fn metrics(
        &self,
        impact: &[f64; 4],
        channels: &[f64; CHANNELS.len()],
        ust_10y: f64,
    ) -> [f64; METRICS.len()] {
        [
            impact[0],
            impact[1],
            impact[2],
            impact[3],
            ust_10y,
            self.yen.spot,
            self.jgb.yields[0],
            100.0 * (self.equity.log_level.exp() - 1.0),
            self.parity([ust_10y; 3], self.dealers.stressed()).hedged_10y,
            self.boj.rate,
            self.fed.rate,
            self.carry.closed(),
            self.carry.amplification(),
            self.sold_by_japan,
            self.ministry.reserves_left(),
            self.bought_by_fed,
            self.ledger.mark_to_market_loss(impact),
            self.interest_cost,
            impact[2] - channels[Channel::Backstop as usize],
            self.propagator.multiplier,
            self.realised_loss,
        ]
    }
}

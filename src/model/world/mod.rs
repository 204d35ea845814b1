//! A day of the world: the causal diagram, in the order in which things see each other.
//!
//! ```text
//! events → dealers → boj → fed → intervention (dated) → jgb → usdjpy (open) → equity → hedge
//!     → rebalancing → carry_unwind → usdjpy (close) → intervention (drawn) → official_sale → contagion
//!     → impact (flows to yield) → safe_haven → jgb_spillover → backstop → the rows of the attribution
//! ```
//!
//! A mechanism sees today's values of those above it and yesterday's of those below. So the yen feels a dated
//! intervention on its day and a drawn campaign, which is decided on the day's close, from tomorrow on.
//!
//! Who answers whom, and what bounds the answer (nothing clips a result):
//!
//! | who | answers | bounded by |
//! |---|---|---|
//! | `rebalancing` | pickups, yesterday's impact in them; spot and equities (GPIF) | envelope of foreign bonds, pace on record, weights of 0 to 1 |
//! | life insurers' hedges | their own wish to sell | that wish; only what was dropped is hedged again |
//! | `carry_unwind`, fast | the yen's five-day rise, its own part included | concave: W times the open share, at most 1.2 of 7.6% |
//! | `carry_unwind`, slow | the yen above its 60-day mean | the book, W_s |
//! | `usdjpy` | dollars turned into yen, intervention | 17.5%, the largest distance from the 60-day mean on record |
//! | `intervention` | spot | reserves and Treasuries held; purchases: the law of campaigns and their pause |
//! | `contagion` | the impact without itself | drawn sizes, once in sixty days |
//! | `safe_haven` | equity falls by shock | 141 bp, the largest month on record |
//! | `dealers`, stress multiplier | moves of the 10-year, flow of a month | S, and 6 by flow |
//! | `backstop` | the gross impact | the transitory effect that stands |
//! | `jgb`, calming | the JGB 10-year's five-day rise | the level before the rout |

mod outcome;
mod parameters;
mod unsold;

pub(super) use outcome::Today;
pub use parameters::Parameters;

use super::plan::Plan;
use super::shocks::{Draws, Streams};
use super::{
    CHANNELS, Channel, backstop, boj, carry_unwind, cohorts, contagion, dealers, equity, events,
    fed, hedge, impact, intervention, jgb, jgb_spillover, official_sale, rebalancing, safe_haven,
    usdjpy,
};
use crate::num::lanes::*;

/// The world of eight paths.
pub(super) struct World<'a, S: Simd> {
    plan: &'a Plan,
    parameters: Parameters<Lane<S>>,
    streams: Streams<S>,
    boj: boj::State<S>,
    fed: fed::State<S>,
    jgb: jgb::State<S>,
    usdjpy: usdjpy::State<S>,
    equity: equity::State<S>,
    ledger: cohorts::State<S>,
    rebalancing: rebalancing::State<S>,
    carry: carry_unwind::State<S>,
    intervention: intervention::State<S>,
    events: Vec<events::State<S>>,
    progress: Vec<official_sale::Progress<S>>,
    contagion: contagion::State<S>,
    impact: impact::State<S>,
    haven: safe_haven::State<S>,
    spillover: jgb_spillover::State<S>,
    backstop: backstop::State<S>,
    dealers: dealers::State<S>,
    yesterday: Yesterday<S>,
    /// Share of each cohort's Treasuries whose sale brings yen home.
    unhedged: [Lane<S>; cohorts::COHORTS],
    sold_by_japan: Lane<S>,
    realised_loss: Lane<S>,
    fed_bought: Lane<S>,
    interest_cost: Lane<S>,
}

/// What the mechanisms above see of those below.
#[derive(Clone, Copy)]
struct Yesterday<S: Simd> {
    /// Impact on the 2y, 5y, 10y, 30y, bp.
    impact_bp: [Lane<S>; 4],
    /// Impact on the 10y without contagion, bp.
    others_bp: Lane<S>,
    /// UST 10y with impact, %, and its last change, bp.
    ust_10y_pct: Lane<S>,
    ust_10y_move_bp: Lane<S>,
    repatriation: Lane<S>,
    /// Effect of drawn campaigns on the yen, log.
    intervention_log: Lane<S>,
    carry_equity_sales: Lane<S>,
}

/// The day's drivers, as the channels see them.
struct Market<S: Simd> {
    happens: events::Today<S>,
    dated_intervention: intervention::Outputs<S>,
    open: Lane<S>,
    pickups: hedge::Pickups<S>,
    ust_10y_pct: Lane<S>,
    dealers: (Mask<S>, Lane<S>),
}

/// The day's flows.
struct Trades<S: Simd> {
    rebalancing: rebalancing::Outputs<S>,
    carry: carry_unwind::Outputs<S>,
    /// Sales of the day, dated and drawn; the yen's effect is that of drawn campaigns.
    intervention: intervention::Outputs<S>,
    dated: official_sale::Outputs<S>,
    contagion: contagion::Outputs<S>,
    /// Dated sales of other holders, dated purchases of the Fed.
    others: Lane<S>,
    fed_bought: Lane<S>,
}

impl<'a, S: Simd> World<'a, S> {
    /// The world on day 0.
    #[inline(always)]
    pub(super) fn new(
        simd: S,
        plan: &'a Plan,
        parameters: Parameters<Lane<S>>,
        events: Vec<events::State<S>>,
        streams: Streams<S>,
    ) -> Self {
        let p = &parameters;
        let zero = splat(simd, 0.0);
        let on = |channel: Channel| plan.on[channel as usize];
        let ust_10y = p.fed.ust_10y_pct;
        let dealers = dealers::State::new(simd, &p.dealers, ust_10y);
        let start = hedge::Inputs {
            usd_rate_pct: p.fed.policy_rate_pct,
            jpy_rate_pct: p.boj.policy_rate_pct,
            ust_pct: [p.fed.ust_5y_pct, ust_10y, p.fed.ust_30y_pct],
            jgb_pct: [p.jgb.jgb_10y_pct, p.jgb.jgb_30y_pct],
            vix_deviation: zero,
            dealers_stressed: dealers.stressed(),
        }
        .pickups(&p.hedge);
        World {
            plan,
            streams,
            boj: boj::State::new(simd, &p.boj),
            fed: fed::State::new(simd, &p.fed),
            jgb: jgb::State::new(simd, &p.jgb),
            usdjpy: usdjpy::State::new(simd, &p.usdjpy),
            equity: equity::State::new(simd, &p.equity),
            ledger: cohorts::State::new(simd, &p.holdings),
            rebalancing: rebalancing::State::new(simd, &p.rebalancing, &start),
            carry: carry_unwind::State::new(simd, &p.carry_unwind, on(Channel::CarryUnwind)),
            intervention: intervention::State::new(simd, &p.intervention),
            progress: vec![official_sale::Progress::new(simd); events.len()],
            events,
            contagion: contagion::State::new(simd, on(Channel::Contagion)),
            impact: impact::State::new(simd, &p.impact),
            haven: safe_haven::State::new(simd, &p.safe_haven, on(Channel::SafeHaven)),
            spillover: jgb_spillover::State::new(simd, &p.jgb_spillover, on(Channel::JgbSpillover)),
            backstop: backstop::State::new(simd, &p.backstop, on(Channel::Backstop)),
            dealers,
            yesterday: Yesterday {
                impact_bp: [zero; 4],
                others_bp: zero,
                ust_10y_pct: ust_10y,
                ust_10y_move_bp: zero,
                repatriation: zero,
                intervention_log: zero,
                carry_equity_sales: zero,
            },
            unhedged: rebalancing::hedge_ratios(&p.rebalancing).map(
                #[inline(always)]
                |hedged| hedged * -1.0 + 1.0,
            ),
            sold_by_japan: zero,
            realised_loss: zero,
            fed_bought: zero,
            interest_cost: zero,
            parameters,
        }
    }

    /// One day: step 1 is the first.
    #[inline(always)]
    pub(super) fn step(&mut self, step: usize) -> Today<S> {
        let draws = self.streams.day(&self.plan.cholesky);
        let market = self.drivers(step, &draws);
        let trades = self.channels(step, &draws, &market);
        self.propagate(step, &market, &trades);
        let channels = self.answers(step, &market, &trades);
        self.close(&trades, channels)
    }

    /// The drivers, and what happens by event.
    #[inline(always)]
    fn drivers(&mut self, step: usize, draws: &Draws<S>) -> Market<S> {
        let yesterday = self.yesterday;
        let s = yesterday.ust_10y_pct.simd;
        let happens = events::today(s, &self.plan.events, &self.events, step);
        let dealers_before = self.dealers.stressed();
        let stress = (happens.stress[0], happens.stress[1]);
        let dealers =
            self.dealers.step(&self.parameters.dealers, step, yesterday.ust_10y_pct, stress);
        self.central_banks(step, draws, &happens);
        let dated_intervention = self.intervene(step, &happens, dealers.0);
        let open = self.markets(step, draws, &happens, dated_intervention.yen_log);
        let [_, five, ten, thirty] = self.fed.yields_pct;
        let impact = yesterday.impact_bp;
        let ust_pct = [five + impact[1] * 0.01, ten + impact[2] * 0.01, thirty + impact[3] * 0.01];
        let pickups = self.parity(ust_pct, dealers_before).pickups(&self.parameters.hedge);
        Market { happens, dated_intervention, open, pickups, ust_10y_pct: ust_pct[1], dealers }
    }

    /// What the scenario dates of the Ministry's intervention.
    #[inline(always)]
    fn intervene(
        &mut self,
        step: usize,
        happens: &events::Today<S>,
        dealers_stressed: Mask<S>,
    ) -> intervention::Outputs<S> {
        let outputs = self.intervention.dated(
            &self.parameters.intervention,
            &mut self.ledger,
            &intervention::Dated {
                step,
                alone: happens.intervention,
                coordinated: happens.coordinated,
                begins: happens.intervention_begins,
                dealers_stressed,
            },
            self.plan.on[Channel::Intervention as usize],
        );
        self.note_unraised(step, &outputs);
        outputs
    }

    /// The BOJ, then the Fed with the Treasury curve.
    #[inline(always)]
    fn central_banks(&mut self, step: usize, draws: &Draws<S>, happens: &events::Today<S>) {
        let p = &self.parameters;
        let calendar = &self.plan.calendar;
        self.boj.step(
            &p.boj,
            &boj::Inputs {
                meeting: calendar.boj_meeting[step - 1],
                priced_bp: self.plan.priced_bp[0][step - 1],
                uniform: draws.boj_meeting,
                vix: self.equity.vix,
                yen_rise_5d_pct: self.usdjpy.yen_rise(step - 1, 5) * 100.0,
                event_bp: happens.boj[0],
                event_priced_bp: happens.boj[1],
            },
        );
        let fed_sees = self.equity.level_unanswered(&self.haven.works);
        self.fed.step(
            &p.fed,
            &fed::Inputs {
                meeting: calendar.fomc_meeting[step - 1],
                priced_bp: self.plan.priced_bp[1][step - 1],
                uniforms: draws.fed_meeting,
                normals: draws.ust,
                equity_loss_pct: fed_sees * -100.0,
                event_bp: happens.fed[0],
                event_priced_bp: happens.fed[1],
                oil_shock_pct: happens.oil_pct,
            },
        );
    }

    /// JGBs, the yen up to its open (given back, in log), equities.
    #[inline(always)]
    fn markets(
        &mut self,
        step: usize,
        draws: &Draws<S>,
        happens: &events::Today<S>,
        dated_intervention_log: Lane<S>,
    ) -> Lane<S> {
        let (p, yesterday) = (&self.parameters, self.yesterday);
        self.jgb.step(
            &p.jgb,
            &jgb::Inputs {
                step,
                normals: draws.jgb,
                jump: draws.fiscal_jump,
                jump_size: draws.fiscal_size,
                jgb2_surprise_bp: self.boj.jgb2_surprise_bp,
                ust10_move_bp: yesterday.ust_10y_move_bp,
                event_bp: happens.jgb_bp,
            },
        );
        let open = self.usdjpy.open(
            &p.usdjpy,
            &usdjpy::Inputs {
                normal: draws.usdjpy,
                jump: draws.yen_jump,
                jump_size: draws.yen_size,
                gap_surprise_bp: self.fed.ust2_news_bp - self.boj.jgb2_surprise_bp,
                event_log: happens.yen_log,
                fiscal_move_bp: self.jgb.fiscal_move_bp - self.jgb.calmed_bp,
                carry_log: self.carry.fade(),
                repatriation_usd_bn: yesterday.repatriation,
                intervention_log: yesterday.intervention_log + dated_intervention_log,
            },
        );
        self.equity.step(
            &p.equity,
            &equity::Inputs {
                normals: draws.equity,
                events: happens.equity_log,
                carry_sales_usd_bn: yesterday.carry_equity_sales,
            },
        );
        open
    }

    /// What parity needs today, with these UST 5y, 10y, 30y yields.
    #[inline(always)]
    fn parity(&self, ust_pct: [Lane<S>; 3], dealers_stressed: Mask<S>) -> hedge::Inputs<S> {
        hedge::Inputs {
            usd_rate_pct: self.fed.policy_rate_pct,
            jpy_rate_pct: self.boj.policy_rate_pct,
            ust_pct,
            jgb_pct: [self.jgb.yield_10y_pct, self.jgb.yield_30y_pct],
            vix_deviation: self.equity.vix - self.parameters.equity.vix,
            dealers_stressed,
        }
    }

    /// The flow channels, in causal order.
    #[inline(always)]
    fn channels(&mut self, step: usize, draws: &Draws<S>, market: &Market<S>) -> Trades<S> {
        let rebalancing = self.rebalance(step, draws, market);
        let p = &self.parameters;
        let on = |channel: Channel| self.plan.on[channel as usize];
        let gap = self.fed.policy_rate_pct - self.boj.policy_rate_pct;
        let carry = self.carry.step(&p.carry_unwind, step, market.open, &self.usdjpy, gap);
        self.usdjpy.close(step, market.open, carry.covering_log);
        let mut intervention = self.intervention.campaign(
            &p.intervention,
            &mut self.ledger,
            &intervention::Inputs {
                step,
                view: self.usdjpy.shock_view(step),
                acts: draws.intervention,
                size: draws.campaign_size,
                dealers_stressed: market.dealers.0,
            },
            on(Channel::Intervention),
        );
        intervention.sales += market.dated_intervention.sales;
        let dated = official_sale::step(
            &p.official_sale,
            &self.plan.events,
            &self.events,
            &mut self.progress,
            &mut self.ledger,
            &self.unhedged,
            (step as f64, on(Channel::OfficialSale)),
        );
        self.intervention.book_dated_sale(dated.sales[cohorts::MOF], dated.kept);
        let contagion = self.contagion.step(
            &p.contagion,
            step,
            self.yesterday.others_bp,
            &draws.officials,
            draws.leveraged,
        );
        let others = market.happens.others * on(Channel::Contagion);
        let fed_bought = market.happens.fed_purchases * on(Channel::Backstop);
        Trades { rebalancing, carry, intervention, dated, contagion, others, fed_bought }
    }

    /// Japanese holders adjust.
    #[inline(always)]
    fn rebalance(
        &mut self,
        step: usize,
        draws: &Draws<S>,
        market: &Market<S>,
    ) -> rebalancing::Outputs<S> {
        let p = &self.parameters;
        let calendar = &self.plan.calendar;
        self.rebalancing.step(
            &p.rebalancing,
            &mut self.ledger,
            &rebalancing::Inputs {
                reviews: [
                    calendar.month_end[step - 1],
                    calendar.quarter_end[step - 1],
                    calendar.half_end[step - 1],
                ],
                pickups: market.pickups,
                ust_10y_rise_pct: market.ust_10y_pct - p.fed.ust_10y_pct,
                fiscal_bp: [self.jgb.fiscal_10y_bp, self.jgb.fiscal_30y_bp],
                spot_ratio: exp(self.usdjpy.since_start(market.open)),
                equity_ratio: self.equity.ratio,
                everyday: draws.everyday,
            },
            self.plan.on[Channel::Rebalancing as usize],
        )
    }

    /// Flows to yield.
    #[inline(always)]
    fn propagate(&mut self, step: usize, market: &Market<S>, trades: &Trades<S>) {
        let p = &self.parameters;
        let happens = &market.happens;
        let weights = &self.ledger.weight;
        let mut adjusted = splat(happens.issuance.simd, 0.0);
        let mut par = adjusted;
        for cohort in 1..cohorts::COHORTS {
            adjusted += trades.rebalancing.sales[cohort] * weights[cohort];
            par += trades.rebalancing.sales[cohort];
        }
        for cohort in 0..cohorts::COHORTS {
            par += trades.dated.sales[cohort];
        }
        let official_weight =
            p.contagion.officials_duration_years * (1.0 / cohorts::MEAN_DURATION_YEARS);
        let intervention = trades.intervention.sales * weights[cohorts::MOF];
        let officials = (trades.contagion.officials + trades.others) * official_weight;
        let leveraged = trades.contagion.leveraged * contagion::leveraged_weight(&p.contagion);
        par = par + trades.carry.ust_sales + trades.intervention.sales;
        par = par + trades.contagion.officials + trades.others + trades.contagion.leveraged;
        par -= trades.fed_bought;
        let flows = impact::Flows {
            weighted: [
                adjusted,
                trades.carry.ust_sales,
                intervention,
                trades.dated.weighted,
                officials,
                trades.fed_bought * -1.0,
            ],
            passing_only: leveraged,
            official: intervention + trades.dated.official + officials,
            par,
            abnormal_issuance: happens.issuance,
            caused_by_jgb: trades.rebalancing.fiscal_weighted,
        };
        if self.plan.calendar.refunding[step - 1] {
            self.impact.refund(&p.impact, self.yesterday.impact_bp[2]);
        }
        self.impact.step(&p.impact, step, &flows, market.dealers);
    }

    /// The haven, the spillover and the backstop: completes the rows of the attribution.
    #[inline(always)]
    fn answers(
        &mut self,
        step: usize,
        market: &Market<S>,
        trades: &Trades<S>,
    ) -> [Lane<S>; CHANNELS.len()] {
        let p = &self.parameters;
        let s = market.open.simd;
        self.haven.step(step, &self.equity.falls_pct);
        self.spillover.step(
            &p.jgb_spillover,
            self.jgb.fiscal_move_bp,
            self.jgb.boj_move_bp,
            self.jgb.calmed_bp,
            self.impact.caused_by_jgb(),
        );
        let mut rows = [splat(s, 0.0); CHANNELS.len()];
        for (row, value) in rows.iter_mut().enumerate().take(5) {
            *value = self.impact.row(row);
        }
        let dated = &mut rows[Channel::OfficialSale as usize];
        *dated += self.words_bp(trades);
        rows[Channel::SafeHaven as usize] = self.haven.level_bp;
        rows[Channel::JgbSpillover as usize] = self.spillover.level_bp;
        let mut gross = rows[0];
        for row in &rows[1..7] {
            gross += *row;
        }
        let unit = self.impact.passing_per_bn() * self.impact.stands();
        self.backstop.step(
            &p.backstop,
            &backstop::Inputs {
                step,
                gross_bp: gross,
                passing_bp: self.impact.passing(),
                multiplier: self.impact.multiplier,
                dealers_stressed: market.dealers.0,
                bp_per_usd_bn: unit,
            },
        );
        rows[Channel::Backstop as usize] = self.backstop.level_bp + self.impact.row(5);
        rows
    }

    /// Anticipation and threats, bp of the 10-year.
    #[inline(always)]
    fn words_bp(&self, trades: &Trades<S>) -> Lane<S> {
        let unit = self.impact.scale * self.parameters.impact.lasting_bp_per_100bn;
        trades.dated.anticipated * unit + trades.dated.threat_bp
    }
}

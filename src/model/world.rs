//! A day of the world: the causal diagram, in the order in which things see each other.
//!
//! ```text
//! boj → fed → jgb → usdjpy (open) → equity → hedge
//!     → rebalancing → carry_unwind → usdjpy (close) → intervention → official_sale → contagion
//!     → impact (flows to yield) → safe_haven → jgb_spillover → backstop → the rows of the attribution
//! ```
//!
//! A mechanism sees today's values of those above it and yesterday's of those below.

use super::plan::Plan;
use super::shocks::{Draws, Streams};
use super::{
    CHANNELS, Channel, backstop, boj, carry_unwind, cohorts, contagion, dealers, equity, events, fed,
    hedge, impact, intervention, jgb, jgb_spillover, official_sale, rebalancing, safe_haven, usdjpy,
};
use crate::num::lanes::*;

/// The parameters of eight paths, by mechanism, in the order of the catalogue.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Parameters<V> {
    pub boj: boj::Params<V>,
    pub fed: fed::Params<V>,
    pub jgb: jgb::Params<V>,
    pub usdjpy: usdjpy::Params<V>,
    pub equity: equity::Params<V>,
    pub hedge: hedge::Params<V>,
    pub holdings: cohorts::Params<V>,
    pub rebalancing: rebalancing::Params<V>,
    pub carry_unwind: carry_unwind::Params<V>,
    pub intervention: intervention::Params<V>,
    pub official_sale: official_sale::Params<V>,
    pub contagion: contagion::Params<V>,
    pub safe_haven: safe_haven::Params<V>,
    pub jgb_spillover: jgb_spillover::Params<V>,
    pub backstop: backstop::Params<V>,
    pub dealers: dealers::Params<V>,
    pub impact: impact::Params<V>,
}

impl<V> Parameters<V> {
    /// Reads all parameters in the order of the catalogue.
    #[inline(always)]
    pub fn read(mut next: impl FnMut() -> V) -> Self {
        Parameters {
            boj: boj::Params::read(&mut next),
            fed: fed::Params::read(&mut next),
            jgb: jgb::Params::read(&mut next),
            usdjpy: usdjpy::Params::read(&mut next),
            equity: equity::Params::read(&mut next),
            hedge: hedge::Params::read(&mut next),
            holdings: cohorts::Params::read(&mut next),
            rebalancing: rebalancing::Params::read(&mut next),
            carry_unwind: carry_unwind::Params::read(&mut next),
            intervention: intervention::Params::read(&mut next),
            official_sale: official_sale::Params::read(&mut next),
            contagion: contagion::Params::read(&mut next),
            safe_haven: safe_haven::Params::read(&mut next),
            jgb_spillover: jgb_spillover::Params::read(&mut next),
            backstop: backstop::Params::read(&mut next),
            dealers: dealers::Params::read(&mut next),
            impact: impact::Params::read(&mut next),
        }
    }
}

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
    sold_by_japan: Lane<S>,
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
    intervention_log: Lane<S>,
    carry_equity_sales: Lane<S>,
}

/// A day's outcome.
pub(super) struct Today<S: Simd> {
    /// The metrics, in the order of [`super::METRICS`].
    pub(super) metrics: [Lane<S>; super::METRICS.len()],
    /// The rows of the attribution, bp of the 10-year.
    pub(super) channels: [Lane<S>; CHANNELS.len()],
    /// Net sales by holder, USD bn, in the order of [`super::HOLDERS`].
    pub(super) flows: [Lane<S>; super::HOLDERS.len()],
}

/// The day's drivers, as the channels see them.
struct Market<S: Simd> {
    happens: events::Today<S>,
    open: Lane<S>,
    pickups: hedge::Pickups<S>,
    ust_10y_pct: Lane<S>,
    dealers: (Mask<S>, Lane<S>),
}

/// The day's flows.
struct Trades<S: Simd> {
    rebalancing: rebalancing::Outputs<S>,
    carry: carry_unwind::Outputs<S>,
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
            sold_by_japan: zero,
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
        let (p, yesterday) = (&self.parameters, self.yesterday);
        let s = yesterday.ust_10y_pct.simd;
        let calendar = &self.plan.calendar;
        let happens = events::today(s, &self.plan.events, &self.events, step);
        let dealers_before = self.dealers.stressed();
        let stress = (happens.stress[0], happens.stress[1]);
        let dealers = self.dealers.step(&p.dealers, step, yesterday.ust_10y_pct, stress);
        self.boj.step(
            &p.boj,
            &boj::Inputs {
                meeting: calendar.boj_meeting[step - 1],
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
                uniforms: draws.fed_meeting,
                normals: draws.ust,
                equity_loss_pct: fed_sees * -100.0,
                event_bp: happens.fed[0],
                event_priced_bp: happens.fed[1],
                oil_shock_pct: happens.oil_pct,
            },
        );
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
                gap_surprise_bp: self.fed.ust2_surprise_bp - self.boj.jgb2_surprise_bp,
                event_log: happens.yen_log,
                repatriation_usd_bn: yesterday.repatriation,
                intervention_log: yesterday.intervention_log,
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
        let [_, five, ten, thirty] = self.fed.yields_pct;
        let impact = yesterday.impact_bp;
        let ust_pct =
            [five + impact[1] * 0.01, ten + impact[2] * 0.01, thirty + impact[3] * 0.01];
        let pickups = self.parity(ust_pct, dealers_before).pickups(&p.hedge);
        Market { happens, open, pickups, ust_10y_pct: ust_pct[1], dealers }
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
        let p = &self.parameters;
        let calendar = &self.plan.calendar;
        let on = |channel: Channel| self.plan.on[channel as usize];
        let rebalancing = self.rebalancing.step(
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
                fiscal_bp: self.jgb.fiscal_10y_bp,
                fiscal_30y_per_10y: splat(market.open.simd, 1.0) / p.jgb.fiscal_10y_per_30y,
                spot_ratio: exp(market.open) / p.usdjpy.spot_jpy_per_usd,
                equity_ratio: exp(self.equity.log_level),
                everyday: draws.everyday,
            },
            on(Channel::Rebalancing),
        );
        let gap = self.fed.policy_rate_pct - self.boj.policy_rate_pct;
        let carry = self.carry.step(&p.carry_unwind, step, market.open, &self.usdjpy, gap);
        self.usdjpy.close(step, market.open, carry.covering_log);
        let intervention = self.intervention.step(
            &p.intervention,
            &mut self.ledger,
            &intervention::Inputs {
                step,
                view: self.usdjpy.shock_view(step),
                spot: self.usdjpy.spot,
                uniforms: draws.intervention,
                coordinated: market.happens.coordinated,
                dealers_stressed: market.dealers.0,
            },
            on(Channel::Intervention),
        );
        let dated = official_sale::step(
            &p.official_sale,
            &self.plan.events,
            &self.events,
            &mut self.progress,
            &mut self.ledger,
            step as f64,
            on(Channel::OfficialSale),
        );
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

    /// Flows to yield.
    #[inline(always)]
    fn propagate(&mut self, step: usize, market: &Market<S>, trades: &Trades<S>) {
        let p = &self.parameters;
        let happens = &market.happens;
        let weights = &self.ledger.weight;
        let mut adjusted = splat(happens.issuance.simd, 0.0);
        let mut par = adjusted;
        for cohort in 1..cohorts::COHORTS {
            adjusted = adjusted + trades.rebalancing.sales[cohort] * weights[cohort];
            par = par + trades.rebalancing.sales[cohort];
        }
        for cohort in 0..cohorts::COHORTS {
            par = par + trades.dated.sales[cohort];
        }
        let official_weight =
            p.contagion.officials_duration_years * (1.0 / cohorts::MEAN_DURATION_YEARS);
        let intervention = trades.intervention.sales * weights[cohorts::MOF];
        let officials = (trades.contagion.officials + trades.others) * official_weight;
        let leveraged = trades.contagion.leveraged * contagion::leveraged_weight(&p.contagion);
        par = par + trades.carry.ust_sales + trades.intervention.sales;
        par = par + trades.contagion.officials + trades.others + trades.contagion.leveraged;
        par = par - trades.fed_bought;
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
            self.impact.caused_by_jgb(),
        );
        let mut rows = [splat(s, 0.0); CHANNELS.len()];
        for (row, value) in rows.iter_mut().enumerate().take(5) {
            *value = self.impact.row(row);
        }
        let dated = &mut rows[Channel::OfficialSale as usize];
        *dated = *dated + self.words_bp(trades);
        rows[Channel::SafeHaven as usize] = self.haven.level_bp;
        rows[Channel::JgbSpillover as usize] = self.spillover.level_bp;
        let mut gross = rows[0];
        for row in &rows[1..7] {
            gross = gross + *row;
        }
        let unit =
            self.impact.scale * p.impact.transitory_bp_per_100bn * self.impact.multiplier;
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

    /// Impact on the 2y, 5y, 10y, 30y, bp, from the rows.
    #[inline(always)]
    fn by_tenor(&self, trades: &Trades<S>, rows: &[Lane<S>; CHANNELS.len()]) -> [Lane<S>; 4] {
        let p = &self.parameters;
        let (i, h, j) = (&p.impact, &p.safe_haven, &p.jgb_spillover);
        let s = rows[0].simd;
        let one = splat(s, 1.0);
        let [standing, passing] = self.impact.official();
        let reversed = self.backstop.damped;
        let total_passing = self.impact.passing();
        let reverses = total_passing.simd_gt(splat(s, 0.0));
        let official = standing + self.words_bp(trades) - keep(reverses, reversed * passing);
        let mut ten = rows[0];
        for row in &rows[1..] {
            ten = ten + *row;
        }
        let (haven, jgb) = (rows[Channel::SafeHaven as usize], rows[Channel::JgbSpillover as usize]);
        let private = ten - haven - jgb - official;
        let profiles = [
            [i.official_profile_2y, i.private_profile_2y, h.profile_2y, j.profile_2y],
            [i.official_profile_5y, i.private_profile_5y, h.profile_5y, j.profile_5y],
            [one; 4],
            [i.official_profile_30y, i.private_profile_30y, h.profile_30y, j.profile_30y],
        ];
        let mut by_tenor = profiles.map(
            #[inline(always)]
            |w| official * w[0] + private * w[1] + haven * w[2] + jgb * w[3],
        );
        by_tenor[2] = ten;
        by_tenor
    }

    /// Closes the day: metrics, flows, and what tomorrow sees.
    #[inline(always)]
    fn close(&mut self, trades: &Trades<S>, channels: [Lane<S>; CHANNELS.len()]) -> Today<S> {
        let by_tenor = self.by_tenor(trades, &channels);
        let flows = self.flows(trades);
        let p = &self.parameters;
        let ust_10y_pct = self.fed.yields_pct[2] + by_tenor[2] * 0.01;
        let japan = flows[super::HOLDERS.len() - 1];
        self.sold_by_japan = self.sold_by_japan + japan;
        let coupons = [
            p.impact.coupons_share_2y,
            p.impact.coupons_share_5y,
            p.impact.coupons_share_10y,
            p.impact.coupons_share_30y,
        ];
        let mut dearer = splat(japan.simd, 0.0);
        for (share, impact) in coupons.iter().zip(by_tenor) {
            dearer = dearer + *share * impact;
        }
        self.interest_cost =
            self.interest_cost + dearer * p.impact.coupons_usd_bn_per_year * (1e-4 / 252.0);
        let unhedged = rebalancing::hedge_ratios(&p.rebalancing);
        let mut repatriation = trades.rebalancing.repatriation;
        for cohort in 1..cohorts::COHORTS {
            let share = unhedged[cohort] * -1.0 + 1.0;
            repatriation = repatriation + trades.dated.sales[cohort] * share;
        }
        let metrics = self.metrics(&by_tenor, &channels, ust_10y_pct);
        self.yesterday = Yesterday {
            impact_bp: by_tenor,
            others_bp: by_tenor[2] - channels[Channel::Contagion as usize],
            ust_10y_pct,
            ust_10y_move_bp: (ust_10y_pct - self.yesterday.ust_10y_pct) * 100.0,
            repatriation,
            intervention_log: trades.intervention.yen_log,
            carry_equity_sales: trades.carry.equity_sales,
        };
        Today { metrics, channels, flows }
    }

    /// Net sales by holder, USD bn.
    #[inline(always)]
    fn flows(&self, trades: &Trades<S>) -> [Lane<S>; super::HOLDERS.len()] {
        let zero = splat(self.sold_by_japan.simd, 0.0);
        let mut flows = [zero; super::HOLDERS.len()];
        let mut japan = trades.rebalancing.everyday;
        for cohort in 0..cohorts::COHORTS {
            flows[cohort] = trades.rebalancing.sales[cohort] + trades.dated.sales[cohort];
            if cohort == cohorts::MOF {
                flows[cohort] = flows[cohort] + trades.intervention.sales;
            }
            japan = japan + flows[cohort];
        }
        flows[8] = trades.rebalancing.everyday;
        flows[9] = trades.carry.ust_sales;
        flows[10] = trades.contagion.officials + trades.contagion.leveraged + trades.others;
        flows[11] = (self.backstop.purchases_today + trades.fed_bought) * -1.0;
        flows[12] = japan;
        flows
    }

    /// The day's metrics.
    #[inline(always)]
    fn metrics(
        &self,
        by_tenor: &[Lane<S>; 4],
        channels: &[Lane<S>; CHANNELS.len()],
        ust_10y_pct: Lane<S>,
    ) -> [Lane<S>; super::METRICS.len()] {
        let parity = self.parity([ust_10y_pct; 3], self.dealers.stressed());
        let hedged_pickup = parity.pickups(&self.parameters.hedge).hedged_10y_bp;
        [
            by_tenor[0],
            by_tenor[1],
            by_tenor[2],
            by_tenor[3],
            ust_10y_pct,
            self.usdjpy.spot,
            self.jgb.yield_10y_pct,
            exp(self.equity.log_level) * 100.0 - 100.0,
            hedged_pickup,
            self.boj.policy_rate_pct,
            self.fed.policy_rate_pct,
            self.carry.closed,
            self.carry.amplification(),
            self.sold_by_japan,
            self.intervention.reserves_left(),
            self.backstop.purchases,
            self.ledger.mark_to_market_loss(by_tenor),
            self.interest_cost,
            by_tenor[2] - channels[Channel::Backstop as usize],
        ]
    }
}

//! What a day gives back: the impact by tenor, the metrics, the flows by holder, and what tomorrow sees.

use super::super::{CHANNELS, Channel, HOLDERS, METRICS, cohorts};
use super::{Trades, World, Yesterday};
use crate::num::lanes::*;

/// A day's outcome.
pub(in crate::model) struct Today<S: Simd> {
    /// The metrics, in the order of [`METRICS`].
    pub(in crate::model) metrics: [Lane<S>; METRICS.len()],
    /// The rows of the attribution, bp of the 10-year.
    pub(in crate::model) channels: [Lane<S>; CHANNELS.len()],
    /// Net sales by holder, USD bn, in the order of [`HOLDERS`].
    pub(in crate::model) flows: [Lane<S>; HOLDERS.len()],
}

impl<S: Simd> World<'_, S> {
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
            ten += *row;
        }
        let (haven, jgb) =
            (rows[Channel::SafeHaven as usize], rows[Channel::JgbSpillover as usize]);
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
    pub(super) fn close(
        &mut self,
        trades: &Trades<S>,
        channels: [Lane<S>; CHANNELS.len()],
    ) -> Today<S> {
        self.fed_bought += self.backstop.purchases_today + trades.fed_bought;
        let by_tenor = self.by_tenor(trades, &channels);
        let flows = self.flows(trades);
        let p = &self.parameters;
        let ust_10y_pct = self.fed.yields_pct[2] + by_tenor[2] * 0.01;
        let japan = flows[HOLDERS.len() - 1];
        self.sold_by_japan += japan - trades.rebalancing.everyday;
        let coupons = [
            p.impact.coupons_share_2y,
            p.impact.coupons_share_5y,
            p.impact.coupons_share_10y,
            p.impact.coupons_share_30y,
        ];
        let mut dearer = splat(japan.simd, 0.0);
        for (share, impact) in coupons.iter().zip(by_tenor) {
            dearer += *share * impact;
        }
        self.interest_cost += dearer * p.impact.coupons_usd_bn_per_year * (1e-4 / 252.0);
        let repatriation = trades.rebalancing.repatriation + trades.dated.home;
        let [loss, realised] = self.ledger.losses(&by_tenor, &flows);
        self.realised_loss += realised;
        let metrics = self.metrics(&by_tenor, &channels, ust_10y_pct, loss);
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
    fn flows(&self, trades: &Trades<S>) -> [Lane<S>; HOLDERS.len()] {
        let zero = splat(self.sold_by_japan.simd, 0.0);
        let mut flows = [zero; HOLDERS.len()];
        let mut japan = trades.rebalancing.everyday;
        for cohort in 0..cohorts::COHORTS {
            flows[cohort] = trades.rebalancing.sales[cohort] + trades.dated.sales[cohort];
            if cohort == cohorts::MOF {
                flows[cohort] += trades.intervention.sales;
            }
            japan += flows[cohort];
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
        mark_to_market_loss: Lane<S>,
    ) -> [Lane<S>; METRICS.len()] {
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
            self.equity.ratio * 100.0 - 100.0,
            hedged_pickup,
            self.boj.policy_rate_pct,
            self.fed.policy_rate_pct,
            self.carry.closed(),
            self.carry.amplification(),
            self.sold_by_japan,
            self.intervention.reserves_left(),
            self.fed_bought,
            mark_to_market_loss,
            self.interest_cost,
            by_tenor[2] - channels[Channel::Backstop as usize],
            self.impact.multiplier,
            self.realised_loss,
        ]
    }
}

//! `intervention`: the Ministry of Finance sells dollars for yen out of its reserves, or buys them.
//!
//! ```text
//! may act    spot ≥ trigger, within 1.5% of its 1-year high, up 1.5% or more over 60 days      (shock part of spot)
//! acts       with hazard 0.5 a month then; campaign of m e^(s z) of the reserves: 50, 25, 25% on days 1, 3, 5
//! dated      amount / days a day by event: `intervention` alone, `coordinated_intervention` with the US
//! UST sold   = securities share · amount, as far as the reserves and the MoF's Treasuries reach
//! yen        ln S −= effect · amount (twice when coordinated), fading in `usdjpy`
//! buys       by the same law with hazard 0.15 a month when the yen rose by more than 10% in 20 days and spot < 125
//! dated sale of the Ministry's Treasuries: securities −= sold, deposits += what is kept
//! ```
//!
//! The 60 days of the change, the 20 of the rise and the high of the year end today; hazards are divided by 21 for a
//! day; distances in % are log distances (1.5% is 0.015); z is a standard normal of the day, the reserves are
//! securities and deposits left on that day after what is dated, in dollars. Dollars come from securities to their
//! share, then deposits, then securities again; what cannot be raised moves nothing; dollars that are bought go to both
//! by the same share. A coordinated amount is that of both sides: Japan raises its share, the effect counts twice. A
//! dated sale of the Ministry's Treasuries is booked at the day's end; it takes no more securities out of the reserves
//! than they hold, nor adds more deposits than it took; a dated purchase is paid out of deposits, beyond them with yen.
//! No campaign, of sales or purchases, is larger than the reserves.
//!
//! The day has two parts. What the scenario dates is raised before the yen opens and felt at that open: the scenario
//! dates the move. A drawn campaign is decided on the day's close, raises its tranche after the dated dollars, and is
//! felt at tomorrow's open. The first day of a dated intervention, joint or not, whose amount is not zero, starts the
//! pause like the first day of a drawn campaign: no campaign starts before the pause is over (a Ministry that has just
//! acted waits: assumption), one under way is finished. Days of the pause and of a campaign count from 1 on the first.
//!
//! With probability 0.25 on a path, when it has sold more than USD 40bn of Treasuries in a month (21 days, today's so
//! far included), what it now wants included, and dealers are stressed today, it raises dollars at the Fed's FIMA repo
//! facility (up to USD 60bn in all, and no more than the securities that it can pledge), which then stand for all that
//! it wants today, deposits too, instead of selling. Sources: MoF intervention records 2022–2026 (¥2.84, 6.35, 9.79,
//! 5.53, 11.73tn), MoF reserve statements (securities −50.4 of 62bn in May 2024, −75.6 of 74bn in May 2026), Fed on
//! FIMA. The effect, 0.033–0.155% per USD bn, comes from the same five campaigns.
//!
//! Decision: sizes are a law in shares of the foreign-currency reserves before the campaign (gold cannot be sold for
//! this); operations less than 25 business days apart are one campaign. Record: April 1998 9.5% (sold), September 2010
//! 2.4, March 2011 0.8, August 2011 5.3, October–November 2011 10.4 (bought), September–October 2022 5.3, April–May
//! 2024 5.5, July 2024 3.2, April–May 2026 6.5 (sold); 2003–04 enters by month (3–4% in the median, 10% in January
//! 2004), since a programme of fifteen months is no campaign of five days. Estimates: all nine, median 4.4%, sd of logs
//! 0.78; the five that sold dollars 5.7%, 0.40. The law between the two fits, lognormal(4.8%, 0.6) with its median
//! drawn ± 0.2, is an assumption: of 1,060bn a median of 51bn, p95 137, p99 206; above the largest sale on record by
//! share 13%. Revision 1 drew one of four yen amounts, the largest that of 2026, so nothing larger than the record
//! could happen. Only the reserves bound it; the first day of the largest campaigns is beyond the largest day on record
//! (40bn sold). Muted, the Ministry does nothing.
//!
//! Known weakness: a rule read off five campaigns of one regime; a new minister may have another. The effect on the
//! yen was measured on days that the Ministry chose.

use super::cohorts::{self, MOF};
use super::usdjpy::ShockView;
use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "intervention" {
    /// Spot from which on the Ministry may sell dollars.
    trigger_jpy_per_usd: "JPY per USD", 20.0..=1000.0, Some("157"), "lowest spot at the start of a campaign since 2024: 157.6";
    /// Distance from the 1-year high within which it may.
    near_high_pct: "%", 0.0..=100.0, Some("1.5"), "FRED DEXJPUS before campaigns, 2022-2026";
    /// Rise of spot over sixty days from which on it may.
    speed_60d_pct: "%", -100.0..=100.0, Some("1.5"), "FRED DEXJPUS before campaigns, 2022-2026";
    /// Hazard of a campaign while it may.
    hazard_per_month: "a month", 0.0..=21.0, Some("0.5"), "days of 2022-2026 that met the conditions; 0.2 to 1.0";
    /// Size of a campaign in shares of the reserves, in the middle.
    size_median: "fraction", 0.0..=1.0, Some("{ lognormal = { median = 0.048, sigma = 0.2 } }"), "assumption between two fits of the record: 0.044 (nine campaigns 1998-2026) and 0.057 (the five that sold dollars)";
    /// Standard deviation of the log of that size.
    size_sigma: "log", 0.0..=1.5, Some("0.6"), "assumption between the same fits: 0.78 and 0.40";
    /// Days from the start of a campaign to the earliest next one.
    pause_days: "days", 5.0..=1000.0, Some("25"), "assumption: April-May to July 2024";
    /// Share of a campaign that is raised by selling securities.
    securities_share: "fraction", 0.0..=1.0, Some("{ uniform = { low = 0.9, high = 1 } }"), "MoF reserves, May 2024 and May 2026";
    /// Securities in the reserves on day 0.
    reserves_securities_usd_bn: "USD bn", 0.0..=10000.0, Some("900"), "MoF reserves, end of May 2026, partly assumption";
    /// Deposits in the reserves on day 0.
    reserves_deposits_usd_bn: "USD bn", 0.0..=10000.0, Some("160"), "MoF reserves, May 2024: 159.0";
    /// Fall of spot by intervention.
    yen_pct_per_usd_bn: "% per USD bn", 0.0..=5.0, Some("{ lognormal = { median = 0.045, sigma = 0.4 } }"), "five campaigns 2022-2026: 0.033 to 0.155";
    /// Effect of a coordinated dollar over that of a unilateral one.
    coordinated_factor: "ratio", 0.0..=20.0, Some("2"), "assumption: the rate check of 23 January 2026 alone moved 2.2%";
    /// Japan's share of a coordinated intervention.
    coordinated_japan_share: "fraction", 0.0..=1.0, Some("0.5"), "assumption: the other half is sold by the US side out of its own dollars";
    /// Largest amount raised at the FIMA repo facility.
    fima_cap_usd_bn: "USD bn", 0.0..=1000.0, Some("60"), "Fed: cap a counterparty";
    /// Probability that the Ministry would use it.
    fima_probability: "probability", 0.0..=1.0, Some("0.25"), "assumption: peak use in 2020 was 1.4bn";
    /// Luck of the path: it would use it when this is below `fima_probability`.
    fima_draw: "uniform draw", 0.0..=1.0, Some("{ uniform = { low = 0, high = 1 } }"), "assumption: one draw a path";
    /// Sales of a month from which on it would.
    fima_sales_usd_bn: "USD bn a month", 0.0..=1000.0, Some("40"), "assumption";
    /// Hazard of dollar purchases while the yen surges.
    buy_hazard_per_month: "a month", 0.0..=21.0, Some("0.15"), "assumption after 2010-11";
    /// Spot below which the Ministry may buy dollars.
    buy_below_jpy_per_usd: "JPY per USD", 20.0..=1000.0, Some("125"), "assumption after 2010-11";
    /// Rise of the yen in twenty days from which on it may.
    buy_rise_20d_pct: "%", 0.0..=100.0, Some("10"), "assumption after 2010-11";
} }

/// Days in the month over which sales are added up.
const MONTH: usize = 21;

/// The Ministry's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    trigger_log: Lane<S>,
    buy_below_log: Lane<S>,
    /// Days since the last campaign or dated intervention began, and since the last campaign; large when none did.
    day_of_pause: Lane<S>,
    day_of_campaign: Lane<S>,
    /// Size of it, USD bn; negative when dollars are bought.
    campaign: Lane<S>,
    past_sales: [Lane<S>; MONTH],
    month_sales: Lane<S>,
    securities: Lane<S>,
    deposits: Lane<S>,
    fima_left: Lane<S>,
}

/// What the scenario dates today.
#[derive(Debug, Clone, Copy)]
pub struct Dated<S: Simd> {
    /// Step, 1 is the first.
    pub step: usize,
    /// Dollars that the Ministry sells alone, USD bn; negative when it buys.
    pub alone: Lane<S>,
    /// Dollars that it sells together with the US, both sides, USD bn.
    pub coordinated: Lane<S>,
    /// Above 0 where one of them begins.
    pub begins: Lane<S>,
    /// Whether dealers are stressed.
    pub dealers_stressed: Mask<S>,
}

/// What the Ministry sees at the close.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Step, 1 is the first.
    pub step: usize,
    /// Spot without everyday diffusion.
    pub view: ShockView<S>,
    /// Uniform draw: whether it acts.
    pub acts: Lane<S>,
    /// Standard normal: how much.
    pub size: Lane<S>,
    /// Whether dealers are stressed.
    pub dealers_stressed: Mask<S>,
}

/// What it does.
#[derive(Debug, Clone, Copy)]
pub struct Outputs<S: Simd> {
    /// Treasuries sold, USD bn.
    pub sales: Lane<S>,
    /// Effect on log spot (negative lifts the yen).
    pub yen_log: Lane<S>,
    /// Dollars that were wanted of Japan, USD bn.
    pub wanted: Lane<S>,
    /// What of them could not be raised.
    pub unraised: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        let zero = splat(simd, 0.0);
        let uses_fima = p.fima_draw.simd_lt(p.fima_probability);
        State {
            trigger_log: ln(p.trigger_jpy_per_usd),
            buy_below_log: ln(p.buy_below_jpy_per_usd),
            day_of_pause: splat(simd, 1e6),
            day_of_campaign: splat(simd, 1e6),
            campaign: zero,
            past_sales: [zero; MONTH],
            month_sales: zero,
            securities: p.reserves_securities_usd_bn,
            deposits: p.reserves_deposits_usd_bn,
            fima_left: keep(uses_fima, p.fima_cap_usd_bn),
        }
    }

    /// Reserves left, USD bn.
    #[inline(always)]
    pub fn reserves_left(&self) -> Lane<S> {
        self.securities + self.deposits
    }

    /// Books a dated sale of the Ministry's Treasuries: `sold`, of which `kept` stays as deposits, USD bn. A purchase is
    /// paid out of deposits as far as there are any, the rest with yen.
    #[inline(always)]
    pub fn book_dated_sale(&mut self, sold: Lane<S>, kept: Lane<S>) {
        let taken = sold.min(self.securities);
        self.securities -= taken;
        self.deposits = positive(self.deposits + kept.min(taken));
    }

    /// Begins the day: what the scenario dates, felt by the yen today. `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn dated(
        &mut self,
        p: &Params<Lane<S>>,
        ledger: &mut cohorts::State<S>,
        day: &Dated<S>,
        on: f64,
    ) -> Outputs<S> {
        let zero = splat(day.alone.simd, 0.0);
        let slot = day.step % MONTH;
        self.month_sales -= self.past_sales[slot];
        self.past_sales[slot] = zero;
        self.day_of_pause += 1.0;
        self.day_of_campaign += 1.0;
        let begins = day.begins.simd_gt(zero);
        self.day_of_pause = begins.select(splat(zero.simd, 1.0), self.day_of_pause);
        let idle = day.alone.simd_eq(zero) & day.coordinated.simd_eq(zero);
        if !any(!idle) {
            return Outputs { sales: zero, yen_log: zero, wanted: zero, unraised: zero };
        }
        let (alone, joint) = (day.alone * on, day.coordinated * on);
        let wanted = alone + joint * p.coordinated_japan_share;
        let felt = alone + joint * p.coordinated_factor;
        self.act(p, ledger, (slot, day.dealers_stressed), wanted, felt)
    }

    /// Ends the day: drawn campaigns, felt by the yen tomorrow. `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn campaign(
        &mut self,
        p: &Params<Lane<S>>,
        ledger: &mut cohorts::State<S>,
        day: &Inputs<S>,
        on: f64,
    ) -> Outputs<S> {
        self.decide(p, day);
        let wanted = self.campaign * tranche(self.day_of_campaign) * on;
        self.act(p, ledger, (day.step % MONTH, day.dealers_stressed), wanted, wanted)
    }

    /// Raises the dollars that are `wanted` of Japan; the yen feels `felt`, less what could not be raised (the US side of
    /// a coordinated operation funds itself).
    #[inline(always)]
    fn act(
        &mut self,
        p: &Params<Lane<S>>,
        ledger: &mut cohorts::State<S>,
        day: (usize, Mask<S>),
        wanted: Lane<S>,
        felt: Lane<S>,
    ) -> Outputs<S> {
        let (funded, sales) = self.fund(p, ledger, day, wanted);
        let unraised = wanted - funded;
        let yen_log = (felt - unraised) * p.yen_pct_per_usd_bn * -0.01;
        Outputs { sales, yen_log, wanted, unraised }
    }

    /// Starts a campaign, of sales or of purchases.
    #[inline(always)]
    fn decide(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) {
        let s = day.acts.simd;
        let view = &day.view;
        let free = self.day_of_pause.simd_gt(p.pause_days);
        let weak = view.level.simd_ge(self.trigger_log)
            & view.level.simd_ge(view.high - p.near_high_pct * 0.01)
            & view.change_60d.simd_ge(p.speed_60d_pct * 0.01);
        let strong = view.change_20d.simd_le(p.buy_rise_20d_pct * -0.01)
            & view.level.simd_lt(self.buy_below_log);
        if !any((weak | strong) & free) {
            return;
        }
        let sells = weak & free & day.acts.simd_lt(p.hazard_per_month * (1.0 / MONTH as f64));
        let buys = strong & free & day.acts.simd_lt(p.buy_hazard_per_month * (1.0 / MONTH as f64));
        let one = splat(s, 1.0);
        let share = (p.size_median * exp(day.size * p.size_sigma)).min(one);
        let dollars = share * self.reserves_left();
        let amount = sells.select(dollars, dollars * -1.0);
        let starts = sells | buys;
        self.campaign = starts.select(amount, self.campaign);
        self.day_of_campaign = starts.select(splat(s, 1.0), self.day_of_campaign);
        self.day_of_pause = starts.select(splat(s, 1.0), self.day_of_pause);
    }

    /// Raises `wanted` dollars (stores them when negative); gives what was raised and the Treasuries sold for it. The
    /// day is its place in the month and whether dealers are stressed.
    #[inline(always)]
    fn fund(
        &mut self,
        p: &Params<Lane<S>>,
        ledger: &mut cohorts::State<S>,
        (slot, dealers_stressed): (usize, Mask<S>),
        wanted: Lane<S>,
    ) -> (Lane<S>, Lane<S>) {
        let strained = (self.month_sales + wanted).simd_gt(p.fima_sales_usd_bn) & dealers_stressed;
        let fima = keep(strained, positive(wanted).min(self.fima_left).min(self.securities));
        self.fima_left -= fima;
        let needed = wanted - fima;
        // Securities first, to their share; then deposits; then securities again, as far as there are any.
        let share = needed * p.securities_share;
        let from_securities = share.min(self.securities);
        let from_deposits = (needed - from_securities).min(self.deposits);
        let rest =
            (needed - from_securities - from_deposits).min(self.securities - from_securities);
        let securities = from_securities + positive(rest);
        self.securities -= securities;
        self.deposits -= from_deposits;
        let sales = securities.min(ledger.held[MOF]);
        ledger.held[MOF] -= sales;
        self.month_sales += sales;
        self.past_sales[slot] += sales;
        (fima + securities + from_deposits, sales)
    }
}

/// Share of the campaign that is sold on this day of it.
#[inline(always)]
fn tranche<S: Simd>(day: Lane<S>) -> Lane<S> {
    let s = day.simd;
    let first = flag(s, day.simd_eq(splat(s, 1.0)));
    let later = day.simd_eq(splat(s, 3.0)) | day.simd_eq(splat(s, 5.0));
    first * 0.5 + flag(s, later) * 0.25
}

//! `impact`: flow to yield, the one propagator of all flows.
//!
//! ```text
//! impact(t) = Σ_{s≤t} f(s)/100 · P · k(s) + X tanh(x(t) / X)
//! x(t)      = Σ_{s≤t} f(s)/100 · T · m(s) · 2^(−(t−s)/τ) · k(s),   k(s) = 29/M(s) · (1 − matched) · g
//! T         = R_T / a(max(τ, 5))      a(τ) = mean of 2^(−k/τ), k = 0..20
//! m(s)      = min(cap, 1 + c · max(0, F(s)/60 − 1)),  max(m, S) while dealers are stressed
//! F(s)      = (1 − matched) · 21-day sum, today included, of all net flows and abnormal issuance, at least 0
//! M(s)      = market + issued so far
//! g         = 1 + gdp_scaling · (gdp_ratio − 1)
//! ```
//!
//! | symbol | unit | meaning |
//! |---|---|---|
//! | f | USD bn | the day's net sales, weighted by duration ÷ 4.8 years |
//! | P | bp per USD 100bn | lasting effect on the 10-year at a market of USD 29tn |
//! | R_T | bp per USD 100bn | transitory effect that stands at the end of a month (21 days) of even sales, calm dealers, P left out |
//! | T | bp per USD 100bn | transitory effect on the day of the sale |
//! | τ | days | half-life of the transitory effect |
//! | x, X | bp | transitory effect of all flows before value buyers, and the most that they leave standing |
//! | m, S | ratio | multiplier on T when the flow, or other news, fills the dealers |
//! | F | USD bn | unweighted flow of all holders that dealers have to carry |
//! | M | USD tn | marketable Treasury debt |
//! | g | ratio | 1 when the market's capacity grew with the debt; gdp_ratio, debt to GDP now over that at the study's time, when it grew only with GDP |
//! | matched | fraction | part of the flow that a named counterparty takes; R_T and P already hold the other buyers' answer |
//!
//! The rows of the attribution share X tanh(x/X) as they share x. Dated purchases of the Fed count negatively in F. The
//! carry book, leveraged funds, dated purchases and the backstop have the private profile where they are not reversals
//! of official flows.
//!
//! Heavier issuance acts two ways: more debt outstanding lowers the effect of a dollar (M), abnormal issuance loads the
//! dealers (F). When the impact passes 40 bp at a quarterly refunding, the Treasury moves USD 50–100bn of the quarter's
//! coupons to bills, which unloads them (F; the size of the market stays). The flow's class gives the other tenors:
//! official 0.9, 1.2, 0.7 of the 10-year at 2y, 5y, 30y (Wolcott 2020, Martin 2015), private 0.45, 0.85, 1.05 (D'Amico
//! and King 2013, Greenwood and Vayanos 2014).
//!
//! How the laws of the elasticity were chosen (`ustress priors --derive` prints the tables). Effects are on the 10-year
//! of `sustained_shift` after a year, 20,000 paths, 5 / 50 / 95% and chance of 20 to 50 bp, with the rebalancing and
//! the unbounded effect of revision 1, under which the shipped laws gave 5.2 / 14.7 / 43.9, 28% (now 4.2 / 13.3 / 42.4,
//! 24%; with gdp_scaling 0 3.3 / 10.8 / 33.7, with 1 6.2 / 18.7 / 58.2):
//!
//! * **P lognormal(1.81, 0.69): an estimate.** What 18 studies together predict for the next sale by foreign holders at
//!   gdp_scaling 0 (`evidence.rs`). Seven fits were looked at: 17 studies 1.64 (0.68); s at 0.5, 2.46 (0.80), and 1,
//!   3.04 (0.87); s drawn and updated, 2.05 and 2.00; foreign holders alone, 2.76. The families, the smallest error
//!   (0.25) and half-normal(0.5) are assumptions. lognormal(1.8, 0.6) would give 5.5 / 14.5 / 40.5, 27%.
//! * **gdp_scaling beta(1, 2): an assumption.** The likelihood favours 0, mean 0.15 to 0.21, but mostly because studies
//!   with gdp_ratio 1 are low for other reasons and studies share samples; among foreign holders alone the mean is
//!   0.37. One draw a path, for P and T alike and independent of both. Five were run: 0 4.3 / 12.1 / 35.2, 20%; beta(1,
//!   5), near the updated one, 4.8 / 13.4 / 39.6, 24%; uniform 5.6 / 16.0 / 48.1, 32%; 1 7.2 / 20.1 / 59.6, 42%.
//! * **gdp_ratio 1.75: an estimate.** 3.04 over 1.81 is 1.68, for the 17 studies 1.76; that the spread of P rises with
//!   s as well is left out. P is the law at s = 0, so that nothing is scaled twice; a single study has its own ratio.
//! * **R_T lognormal(4, 0.55), weight 0.95: an estimate of the median, the rest assumptions.** Four studies of a month
//!   predict 3.2 / 6.4 / 13.2 (5/50/95%) for P and R_T together. At 4, the month of USD 100bn that this file makes,
//!   with the strain that such a month puts on dealers (m), has the median 6.6 at s = 0; 5.8 at 3.3, 7.5 at 4.8. The
//!   Ministry's ten days of 2022–26 (USD 24bn, 10-year −0.3 ± 2.6 bp; −2.4 ± 1.6 without one after an FOMC) lean to
//!   less but cannot tell: log likelihoods −0.03, −0.14, −0.26 at 3.3, 4, 4.8, of the months −0.13, −0.01, −0.07. Six
//!   medians (3.3, 3.8, 4, 4.3, 4.4, 4.8) and three floors were looked at. 3.3 gives 4.9 / 14.0 / 41.9, 26%; 4.8 5.5 /
//!   15.5 / 46.4, 31%.
//! * **Floor of τ in a: 5 days, an assumption.** A half-life of two days would make a day's effect six times the
//!   month's, which no day shows; floors of 2, 5 and 10 differ by 0.1 in the likelihood of the days.
//! * **Tail lognormal(27, 0.45), weight 0.05: an assumption.** One study, Ahmed and Rebucci 2022, has 34 and more.
//!   Without it 5.1 / 14.2 / 39.0, 27%; at three times its weight 5.4 / 15.8 / 55.2, 30%.
//! * **Correlation 0.5 of the normals of R_T and P: an assumption.** A uniform of its own chooses the part of the
//!   mixture, the normal its place within the part: 0.5 between the logs within a part, 0.40 over both.
//! * **X 155 bp: an assumption.** The further a yield stands above where it will settle, the more buyers who do not
//!   live from a day's spread come in, so the price answers a flow less and less (the impact literature has a square
//!   root where this file was straight). X is the largest rise of the 10-year in a quarter since 1990 for whatever
//!   reason (FRED DGS10, 63 days to 9 May 1994). Without it a tail draw of R_T, stressed dealers and followers
//!   multiply: one path in a million of an ordinary year peaked at 2,568 bp, and the fourth moment of the impact was
//!   that of a handful of paths. It takes 1% of 25 bp, 3% of 50 and 12% of 100. Five sizes were looked at (400, 264,
//!   the largest month of 1980, 200, 160, 120): from 200 on the kurtosis after three months of `managed_adjustment` is
//!   above 200.
//! * **Range −50 to 200: an assumption.** Three times the largest month anyone has published (72, Warnock in
//!   `kcfed2025`, not scaled by the market) above; below, what sales that carry news might do, which no study has
//!   found.
//!
//! F and c stay in dollars: dealers' capacity did not grow with the market (Duffie 2020; Duffie et al. 2023).
//!
//! Known weakness: P, R_T and τ come from unlike studies and are joined as if they measured one thing; the effect is
//! linear in the flow but for m and X, decays along one exponential, and cap and threshold of m are assumptions. A slow
//! build cannot be shown. Below five days a month of sales stands lower than R_T.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "impact" {
    /// Transitory effect on the 10-year yield that stands at the end of a month of even sales of USD 100bn, at a USD 29tn market.
    transitory_bp_per_100bn: "bp per USD 100bn", -50.0..=200.0, Some("{ mixture = { parts = [{ lognormal = { median = 4, sigma = 0.55 } }, { lognormal = { median = 27, sigma = 0.45 } }], weights = [0.95, 0.05] } }"), "consensus: Martin 2015, Beltran et al. 2013, Warnock and Warnock 2006, less the lasting effect; tail Ahmed and Rebucci 2022";
    /// Lasting effect of sales on the 10-year yield, at a USD 29tn market.
    lasting_bp_per_100bn: "bp per USD 100bn", -50.0..=200.0, Some("{ lognormal = { median = 1.81, sigma = 0.69 } }"), "consensus: 18 studies together at gdp_scaling 0, `ustress priors --derive`";
    /// Half-life of the transitory effect.
    half_life_days: "days", 0.1..=2520.0, Some("{ lognormal = { median = 20, sigma = 0.85 }, min = 2, max = 250 }"), "Lou et al. 2013 (days), Wright 2012 (two months), Martin 2015 (years)";
    /// Slope of the stress multiplier in the flow.
    stress_slope: "ratio", 0.0..=20.0, Some("{ lognormal = { median = 0.35, sigma = 0.5 } }"), "Wei 2022 (74/29 in turbulent times), March 2020, gilts 2022";
    /// Monthly flow that dealers carry without strain.
    stress_threshold_usd_bn: "USD bn a month", 1.0..=10000.0, Some("60"), "May 2024: USD 50bn without visible effect";
    /// Largest stress multiplier by flow.
    stress_cap: "ratio", 1.0..=100.0, Some("6"), "assumption";
    /// Most that the transitory effect of all flows can be; large is never reached.
    transitory_most_bp: "bp", 10.0..=1000000.0, Some("155"), "assumption: the largest rise of the 10-year in 63 days since 1990, FRED DGS10, to 9 May 1994";
    /// Share of the flow that a named counterparty takes.
    matched_share: "fraction", 0.0..=1.0, Some("0"), "no counterparty named";
    /// Marketable Treasury debt on day 0.
    market_usd_tn: "USD tn", 0.1..=1000.0, None, "";
    /// Normal net issuance.
    issuance_usd_bn_per_year: "USD bn a year", -10000.0..=20000.0, None, "";
    /// Impact at a refunding from which on the Treasury issues bills instead of coupons.
    issuance_tilt_trigger_bp: "bp", 0.0..=10000.0, Some("40"), "assumption: November 2023 refunding";
    /// Coupons of a quarter that become bills then.
    issuance_tilt_usd_bn: "USD bn a quarter", 0.0..=2000.0, Some("{ uniform = { low = 50, high = 100 } }"), "assumption";
    /// Effect of official sales on the 2-year for one on the 10-year.
    official_profile_2y: "ratio", -5.0..=5.0, Some("{ normal = { mean = 0.9, sd = 0.25 } }"), "Wolcott 2020, assumption on the spread";
    /// Effect of official sales on the 5-year for one on the 10-year.
    official_profile_5y: "ratio", -5.0..=5.0, Some("{ normal = { mean = 1.2, sd = 0.2 } }"), "Martin 2015: 28 against 21 bp, assumption on the spread";
    /// Effect of official sales on the 30-year for one on the 10-year.
    official_profile_30y: "ratio", -5.0..=5.0, Some("{ normal = { mean = 0.7, sd = 0.2 } }"), "assumption";
    /// Effect of private sales on the 2-year for one on the 10-year.
    private_profile_2y: "ratio", -5.0..=5.0, Some("{ normal = { mean = 0.45, sd = 0.2 } }"), "Greenwood and Vayanos 2014, assumption on the spread";
    /// Effect of private sales on the 5-year for one on the 10-year.
    private_profile_5y: "ratio", -5.0..=5.0, Some("{ normal = { mean = 0.85, sd = 0.15 } }"), "Greenwood and Vayanos 2014, assumption on the spread";
    /// Effect of private sales on the 30-year for one on the 10-year.
    private_profile_30y: "ratio", -5.0..=5.0, Some("{ normal = { mean = 1.05, sd = 0.2 } }"), "D'Amico and King 2013, assumption on the spread";
    /// Coupon issuance a year whose cost the impact raises.
    coupons_usd_bn_per_year: "USD bn a year", 0.0..=50000.0, Some("4500"), "US Treasury refunding statements 2025-26, partly assumption";
    /// Which study a path believes, by the prior `studies`: its position there from 1; 0 when the prior is one study.
    study: "study", 0.0..=8.0, Some("0"), "chosen by impact.prior";
    /// Whether the market's capacity grew with its debt (0), only with GDP (1), or in between.
    gdp_scaling: "fraction", 0.0..=1.0, Some("{ beta = { a = 1, b = 2 } }"), "assumption: a judgement; the studies favour 0 (mean 0.16 to 0.37, `ustress priors --derive`)";
    /// Debt to GDP now over that at the time of the study.
    gdp_ratio: "ratio", 0.1..=20.0, Some("1.75"), "estimate: the 18 studies together predict 3.04 with capacity by GDP and 1.81 by the market, 17 of them 1.76 times as much";
    /// Share of it in tenors up to 3 years.
    coupons_share_2y: "fraction", 0.0..=1.0, Some("0.44"), "US Treasury refunding statement, February 2026: 69 and 58 bn a month of 2y and 3y";
    /// Share of it in 5 and 7 years.
    coupons_share_5y: "fraction", 0.0..=1.0, Some("0.38"), "US Treasury refunding statement, February 2026";
    /// Share of it in 10 years.
    coupons_share_10y: "fraction", 0.0..=1.0, Some("0.11"), "US Treasury refunding statement, February 2026";
    /// Share of it in 20 and 30 years.
    coupons_share_30y: "fraction", 0.0..=1.0, Some("0.07"), "US Treasury refunding statement, February 2026";
} }

/// Market size at which the elasticities are quoted, USD tn.
pub const QUOTED_MARKET_USD_TN: f64 = 29.0;
/// Rows of flows: the five flow channels, then purchases by the Fed that the scenario dates.
pub const ROWS: usize = 6;
/// Days in the month that F adds up, and over which the studies' USD 100bn are sold.
pub const MONTH: usize = 21;
/// Shortest half-life, days, by which a month's response is turned into a day's: an assumption, see the header.
pub const SHORTEST_HALF_LIFE: f64 = 5.0;
/// Days in a quarter, over which a tilt of issuance is spread.
const QUARTER: f64 = 63.0;

/// The day's flows, USD bn.
#[derive(Debug, Clone, Copy)]
pub struct Flows<S: Simd> {
    /// Duration-weighted net sales by row.
    pub weighted: [Lane<S>; ROWS],
    /// The part of the contagion row that leaves no lasting effect (leveraged legs), weighted.
    pub passing_only: Lane<S>,
    /// Weighted net sales of official holders, a part of `weighted`.
    pub official: Lane<S>,
    /// Par of all net flows that dealers carry.
    pub par: Lane<S>,
    /// Abnormal issuance today.
    pub abnormal_issuance: Lane<S>,
    /// Weighted sales, within `weighted`, that JGB shocks caused.
    pub caused_by_jgb: Lane<S>,
}

/// a(τ): what stands of a transitory effect at the end of a month of even sales, as a share of that of a day's sale.
pub fn month_share(half_life_days: f64) -> f64 {
    let decay = libm::exp2(-1.0 / half_life_days);
    (0..MONTH).fold(0.0, |sum, _| sum * decay + 1.0) / MONTH as f64
}

/// T of an R_T, bp per USD 100bn: R_T / a(τ), no half-life counting as shorter than [`SHORTEST_HALF_LIFE`].
pub fn one_day_bp(month_bp: f64, half_life_days: f64) -> f64 {
    month_bp / month_share(half_life_days.max(SHORTEST_HALF_LIFE))
}

/// [`one_day_bp`] on eight paths.
#[inline(always)]
fn one_day<S: Simd>(simd: S, p: &Params<Lane<S>>) -> Lane<S> {
    let decay = daily_decay(p.half_life_days.max(splat(simd, SHORTEST_HALF_LIFE)));
    let mut sum = splat(simd, 0.0);
    for _ in 0..MONTH {
        sum = sum * decay + 1.0;
    }
    p.transitory_bp_per_100bn * MONTH as f64 / sum
}

/// The propagator's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    decay: Lane<S>,
    lasting: [Lane<S>; ROWS],
    passing: [Lane<S>; ROWS],
    official: [Lane<S>; 2],
    caused: [Lane<S>; 2],
    /// Share of the transitory effects that value buyers leave standing: tanh(x/X) / (x/X).
    stands: Lane<S>,
    /// 1 / X.
    per_most_bp: Lane<S>,
    past: [Lane<S>; MONTH],
    month: Lane<S>,
    /// Abnormal issuance so far, USD bn.
    issued: Lane<S>,
    tilt_days_left: Lane<S>,
    /// T: transitory effect of USD 100bn on the day of the sale, bp.
    one_day_bp: Lane<S>,
    /// Today's multiplier on T.
    pub multiplier: Lane<S>,
    /// Today's effect of USD 1bn: 29/M · (1 − matched) · g / 100, times P or T.
    pub scale: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        let zero = splat(simd, 0.0);
        State {
            decay: daily_decay(p.half_life_days),
            lasting: [zero; ROWS],
            passing: [zero; ROWS],
            official: [zero; 2],
            caused: [zero; 2],
            stands: splat(simd, 1.0),
            per_most_bp: splat(simd, 1.0) / p.transitory_most_bp,
            past: [zero; MONTH],
            month: zero,
            issued: zero,
            tilt_days_left: zero,
            one_day_bp: one_day(simd, p),
            multiplier: splat(simd, 1.0),
            scale: zero,
        }
    }

    /// At a refunding: moves coupons to bills when yesterday's impact is large.
    #[inline(always)]
    pub fn refund(&mut self, p: &Params<Lane<S>>, impact_bp: Lane<S>) {
        let tilts = impact_bp.simd_gt(p.issuance_tilt_trigger_bp);
        self.tilt_days_left = tilts.select(splat(impact_bp.simd, QUARTER), self.tilt_days_left);
    }

    /// One day: `dealers` is the multiplier that stressed dealers ask, where they are stressed.
    #[inline(always)]
    pub fn step(
        &mut self,
        p: &Params<Lane<S>>,
        step: usize,
        flows: &Flows<S>,
        dealers: (Mask<S>, Lane<S>),
    ) {
        let s = flows.par.simd;
        let (zero, one) = (splat(s, 0.0), splat(s, 1.0));
        let unmatched = one - p.matched_share;
        let tilted =
            keep(self.tilt_days_left.simd_gt(zero), p.issuance_tilt_usd_bn) * (1.0 / QUARTER);
        self.tilt_days_left -= 1.0;
        self.issued += flows.abnormal_issuance;
        let carried = flows.par + flows.abnormal_issuance - tilted;
        self.month += carried - self.past[step % MONTH];
        self.past[step % MONTH] = carried;
        let load = positive(self.month) * unmatched / p.stress_threshold_usd_bn;
        let by_flow = (positive(load - 1.0) * p.stress_slope + 1.0).min(p.stress_cap);
        self.multiplier = dealers.0.select(by_flow.max(dealers.1), by_flow);
        let grown = p.issuance_usd_bn_per_year * (step as f64 / 252.0) + self.issued;
        let market = p.market_usd_tn + grown * 1e-3;
        let capacity = (p.gdp_ratio - 1.0) * p.gdp_scaling + 1.0;
        let market = market.max(splat(s, 0.1));
        self.scale = unmatched * capacity * (QUOTED_MARKET_USD_TN / 100.0) / market;
        let lasting = self.scale * p.lasting_bp_per_100bn;
        self.propagate(flows, lasting, self.passing_per_bn());
        self.saturate();
    }

    /// Transitory effect of USD 1bn sold today, bp.
    #[inline(always)]
    pub fn passing_per_bn(&self) -> Lane<S> {
        self.scale * self.one_day_bp * self.multiplier
    }

    /// Share of the transitory effects that value buyers leave standing.
    #[inline(always)]
    pub fn stands(&self) -> Lane<S> {
        self.stands
    }

    /// Adds the day's flows to the lasting and the transitory effects; the old transitory ones decay.
    #[inline(always)]
    fn propagate(&mut self, flows: &Flows<S>, lasting: Lane<S>, passing: Lane<S>) {
        for row in 0..ROWS {
            self.lasting[row] += flows.weighted[row] * lasting;
            self.passing[row] = self.passing[row] * self.decay + flows.weighted[row] * passing;
        }
        let contagion = super::Channel::Contagion as usize;
        self.passing[contagion] += flows.passing_only * passing;
        for (part, flow) in
            [(&mut self.official, flows.official), (&mut self.caused, flows.caused_by_jgb)]
        {
            part[0] += flow * lasting;
            part[1] = part[1] * self.decay + flow * passing;
        }
    }

    /// What value buyers leave of the transitory effects.
    #[inline(always)]
    fn saturate(&mut self) {
        let [a, b, c, d, e, f] = self.passing;
        self.stands = tanh_over((a + b + c + d + e + f) * self.per_most_bp);
    }

    /// Effect of a row on the 10-year, bp.
    #[inline(always)]
    pub fn row(&self, row: usize) -> Lane<S> {
        self.lasting[row] + self.passing[row] * self.stands
    }

    /// Transitory effect standing, bp: of the five flow channels together.
    #[inline(always)]
    pub fn passing(&self) -> Lane<S> {
        let [a, b, c, d, e, _] = self.passing;
        (a + b + c + d + e) * self.stands
    }

    /// Effect of official sales on the 10-year, bp, and its transitory part.
    #[inline(always)]
    pub fn official(&self) -> [Lane<S>; 2] {
        let passing = self.official[1] * self.stands;
        [self.official[0] + passing, passing]
    }

    /// Effect so far of the sales that JGB shocks caused, bp.
    #[inline(always)]
    pub fn caused_by_jgb(&self) -> Lane<S> {
        self.caused[0] + self.caused[1] * self.stands
    }
}

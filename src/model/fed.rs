//! `fed`: the Federal Reserve, meeting by meeting, and the Treasury curve before any impact.
//!
//! ```text
//! regime ∈ {cutting, on hold, hiking}; at a meeting  P(hike), P(cut) by regime, P(hike) + a · oil
//! regime'   on hold → hiking with 0.10, → cutting with 0.04 (0.5 when the S&P 500 has lost 15%); back with 0.15
//! surprise  = move − priced move of the meeting − 25 bp · a · oil (where not cutting)
//! ΔUST2     = b · surprise + c · Δoil%,  ΔUST5, 10, 30 = 0.91, 0.71, 0.47 · ΔUST2
//! UST(T)    = UST(T)₀ + Σ σ_T z_T + Σ ΔUST(T)
//! ```
//!
//! **What is priced.** As for the BOJ: the odds of a hike on hold that deliver the rise priced in twelve months under
//! the lottery of `baseline` are solved from it at load, by recursion over the regime and the moves so far (`"priced"`,
//! the default); the priced move of each meeting is the mean of that lottery there. A scenario that writes odds changes
//! what the Fed does, not what was priced. Stress of equities is in the market's lottery: twenty places in the law of
//! the index, each kept over time, with its everyday noise times √days, the first meeting after 20 days, then every
//! 31.5 (about right, within 2 bp a year); the regime of day 0 is known to the market. The oil factor adds the same to
//! what happens and to what is expected by then, because the 2-year has answered to oil on its day. Laws count by their
//! medians; the twelve months are eight meetings.
//!
//! A move by event takes the place of the decision of a meeting on the same day, whose priced part still counts (the
//! event's `priced_bp` is what was priced beyond it). P(hike) is 0 while cutting, P(cut) while hiking; no cut below
//! 0.25%; oil counts as a fraction and only above its normal price; the regime hangs on one uniform u of its own
//! (hiking when u is below its odds, cutting when u is at or above 1 less its odds, where both, cutting). The regime
//! changes after the meeting's move. Losses are in log %. The 2-year yield is carried for the curve: no channel reads
//! its level. The answer of yields to oil is lasting: +40% moves the 10-year by 28 bp for good (2026's regime, in which
//! oil is inflation; in August 1990 +50 bp for about twice that rise).
//!
//! All of this is ordinary: it is in `yield_10y_pct`, not in the impact. The losses that the Fed reacts to leave out
//! the ones that the haven channel has answered, so that no fall is answered twice.
//!
//! Decision: revision 1 had odds of 0.20, which deliver 34.5 of the 40 bp priced, 1.25 bp short at the first meeting,
//! and measured a hike or a cut in another regime against that regime's mean, so that a year of hikes hardly moved the
//! 2-year. Priced by meeting on day 0, the surprise of a year is what the rate did less what was priced.
//!
//! Known weakness: odds and changes of regime are assumptions, not estimates; nothing reacts to inflation or jobs. The
//! curve's answer to a surprise is that of all days, most of which are no days of decisions; what is priced is fixed on
//! day 0 and does not learn.

use crate::num::lanes::*;
use crate::num::{normal_quantile, solve_rising};
use crate::scenario::{Lookup, PricedPath, parameters};

parameters! { "fed" {
    /// Policy rate (effective federal funds rate) on day 0.
    policy_rate_pct: "%", 0.0..=20.0, None, "";
    /// UST 2-year yield on day 0.
    ust_2y_pct: "%", -2.0..=25.0, None, "";
    /// UST 5-year yield on day 0.
    ust_5y_pct: "%", -2.0..=25.0, None, "";
    /// UST 10-year yield on day 0.
    ust_10y_pct: "%", -2.0..=25.0, None, "";
    /// UST 30-year yield on day 0.
    ust_30y_pct: "%", -2.0..=25.0, None, "";
    /// Regime on day 0: -1 cutting, 0 on hold, 1 hiking.
    regime: "regime", -1.0..=1.0, Some("0"), "FOMC of 17 June 2026: hold, 12-0";
    /// Probability of a hike at a meeting, on hold.
    hike_probability: "probability", 0.0..=1.0, Some("\"priced\""), "solved from the priced path at load";
    /// Probability of a cut at a meeting, on hold.
    cut_probability: "probability", 0.0..=1.0, Some("0.05"), "assumption";
    /// Probability of a hike at a meeting, hiking.
    hike_probability_hiking: "probability", 0.0..=1.0, Some("0.60"), "assumption";
    /// Probability of a cut at a meeting, cutting.
    cut_probability_cutting: "probability", 0.0..=1.0, Some("0.70"), "assumption: 175 bp in nine meetings, 2024-09 to 2025-12";
    /// Probability that a meeting turns a hold into hiking.
    to_hiking_probability: "probability", 0.0..=1.0, Some("0.10"), "assumption";
    /// Probability that a meeting turns a hold into cutting.
    to_cutting_probability: "probability", 0.0..=1.0, Some("0.04"), "assumption";
    /// The same once the S&P 500 has lost `stress_loss_pct`.
    to_cutting_stress_probability: "probability", 0.0..=1.0, Some("0.5"), "assumption";
    /// Loss of the S&P 500 since day 0 from which on the Fed leans to cutting.
    stress_loss_pct: "%", 0.0..=100.0, Some("15"), "assumption";
    /// Probability that a meeting ends hiking or cutting.
    to_hold_probability: "probability", 0.0..=1.0, Some("0.15"), "assumption";
    /// Rise of the policy rate that the market prices in twelve months.
    priced_12m_bp: "bp", -1000.0..=1000.0, Some("40"), "FRED DGS2 4.14% on 2026-06-30 against 3.63%, assumption on term premium";
    /// Added to the probability of a hike, while not cutting, by an oil price twice as high.
    oil_response: "probability", 0.0..=1.0, Some("0.5"), "assumption: two cuts priced became a hike with Brent up by half, Feb-May 2026";
    /// Half-life of the oil factor.
    oil_half_life_days: "days", 1.0..=2000.0, Some("120"), "assumption";
    /// Response of the 2-year yield to a rise of oil.
    ust2_per_oil: "bp per %", -10.0..=10.0, Some("1.0"), "assumption: about 74 bp for Brent up 57%, Feb-May 2026, part of it other news";
    /// Response of the 2-year yield to a policy surprise.
    ust2_per_surprise: "bp per bp", 0.0..=2.0, Some("0.6"), "assumption after Kuttner (2001)";
    /// Response of the 5-year yield to the 2-year's on policy days.
    ust5_per_ust2: "bp per bp", -2.0..=3.0, Some("0.91"), "FRED DGS2, DGS5, 2022-01 to 2026-06";
    /// Response of the 10-year yield to the 2-year's on policy days.
    ust10_per_ust2: "bp per bp", -2.0..=3.0, Some("0.71"), "FRED DGS2, DGS10, 2022-01 to 2026-06";
    /// Response of the 30-year yield to the 2-year's on policy days.
    ust30_per_ust2: "bp per bp", -2.0..=3.0, Some("0.47"), "FRED DGS2, DGS30, 2022-01 to 2026-06";
    /// Everyday noise of the 2-year yield; policy surprises come on top. At most three times the largest sd of a year since 1990 (DGS2: 10.6 in 2008).
    ust_2y_noise_bp: "bp a day", 0.0..=32.0, Some("4.9"), "FRED DGS2, 2022-01 to 2026-06: 7.3, scaled to the 10-year's 4.8 of 2025-26 (total 5.4)";
    /// Everyday noise of the 5-year yield. At most that of the 10-year.
    ust_5y_noise_bp: "bp a day", 0.0..=54.0, Some("5.0"), "FRED DGS5, 2022-01 to 2026-06: 7.3, scaled likewise (total 5.4)";
    /// Everyday noise of the 10-year yield. At most three times the largest sd of a year on record (DGS10: 18.0 in 1980).
    ust_10y_noise_bp: "bp a day", 0.0..=54.0, Some("4.6"), "FRED DGS10, 2025-26: 4.8 with policy surprises";
    /// Everyday noise of the 30-year yield. At most that of the 10-year.
    ust_30y_noise_bp: "bp a day", 0.0..=54.0, Some("4.2"), "FRED DGS30, 2022-01 to 2026-06: 5.8, scaled likewise (total 4.3)";
} }

/// The Fed's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    /// Policy rate, %.
    pub policy_rate_pct: Lane<S>,
    /// Regime: −1 cutting, 0 on hold, 1 hiking.
    pub regime: Lane<S>,
    /// Oil factor: percent above its normal price, fading.
    oil_pct: Lane<S>,
    oil_decay: Lane<S>,
    /// UST 2y, 5y, 10y, 30y yields before any impact, %.
    pub yields_pct: [Lane<S>; 4],
    /// Today's change of the UST 2-year yield by policy surprise and oil, bp.
    pub ust2_news_bp: Lane<S>,
}

/// What the Fed looks at.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Whether a meeting ends today.
    pub meeting: bool,
    /// What is priced of the meeting's move, bp.
    pub priced_bp: f64,
    /// Uniform draws: the meeting's outcome; the change of regime.
    pub uniforms: (Lane<S>, Lane<S>),
    /// Correlated standard normals of the four yields.
    pub normals: [Lane<S>; 4],
    /// Yesterday's loss of the S&P 500 since day 0 that the haven has not answered, %.
    pub equity_loss_pct: Lane<S>,
    /// Moves by event today, bp.
    pub event_bp: Lane<S>,
    /// Part of them that was priced, bp.
    pub event_priced_bp: Lane<S>,
    /// Rise of oil by event today, %.
    pub oil_shock_pct: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        State {
            policy_rate_pct: p.policy_rate_pct,
            regime: p.regime,
            oil_pct: splat(simd, 0.0),
            oil_decay: daily_decay(p.oil_half_life_days),
            yields_pct: [p.ust_2y_pct, p.ust_5y_pct, p.ust_10y_pct, p.ust_30y_pct],
            ust2_news_bp: splat(simd, 0.0),
        }
    }

    /// One day.
    #[inline(always)]
    pub fn step(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) {
        self.oil_pct = self.oil_pct * self.oil_decay + day.oil_shock_pct;
        self.policy_rate_pct += day.event_bp * 0.01;
        let mut surprise = day.event_bp - day.event_priced_bp;
        if day.meeting {
            surprise += self.meet(p, day);
        }
        let front = surprise * p.ust2_per_surprise + day.oil_shock_pct * p.ust2_per_oil;
        self.ust2_news_bp = front;
        let moves = [
            front + day.normals[0] * p.ust_2y_noise_bp,
            front * p.ust5_per_ust2 + day.normals[1] * p.ust_5y_noise_bp,
            front * p.ust10_per_ust2 + day.normals[2] * p.ust_10y_noise_bp,
            front * p.ust30_per_ust2 + day.normals[3] * p.ust_30y_noise_bp,
        ];
        for (level, change) in self.yields_pct.iter_mut().zip(moves) {
            *level += change * 0.01;
        }
    }

    /// A meeting: moves the rate, then the regime; gives the surprise in bp.
    #[inline(always)]
    fn meet(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) -> Lane<S> {
        let s = self.regime.simd;
        let oil = positive(self.oil_pct) * 0.01 * p.oil_response;
        let (hiking, cutting) =
            (self.regime.simd_gt(splat(s, 0.5)), self.regime.simd_lt(splat(s, -0.5)));
        let p_hike = hiking.select(p.hike_probability_hiking, keep(!cutting, p.hike_probability))
            + keep(!cutting, oil);
        let p_cut = cutting.select(p.cut_probability_cutting, keep(!hiking, p.cut_probability));
        // A dated move takes the place of the meeting's decision.
        let open = day.event_bp.simd_eq(splat(s, 0.0));
        let hike = day.uniforms.0.simd_lt(p_hike) & open;
        let cut = (day.uniforms.0 + p_cut).simd_ge(splat(s, 1.0))
            & !hike
            & open
            & self.policy_rate_pct.simd_ge(splat(s, 0.25));
        let moved = (flag(s, hike) - flag(s, cut)) * 25.0;
        self.policy_rate_pct += moved * 0.01;
        self.change_regime(p, day);
        moved - keep(!cutting, oil) * 25.0 - day.priced_bp
    }

    /// The regime after a meeting.
    #[inline(always)]
    fn change_regime(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) {
        let s = self.regime.simd;
        let on_hold = self.regime.abs().simd_lt(splat(s, 0.5));
        let stress = day.equity_loss_pct.simd_ge(p.stress_loss_pct);
        let to_cutting = stress.select(p.to_cutting_stress_probability, p.to_cutting_probability);
        let u = day.uniforms.1;
        let cutting = flag(s, (u + to_cutting).simd_ge(splat(s, 1.0)));
        let hiking = flag(s, u.simd_lt(p.to_hiking_probability));
        let from_hold = positive(hiking - cutting) - cutting;
        let stays = flag(s, u.simd_ge(p.to_hold_probability));
        self.regime = on_hold.select(from_hold, self.regime * stays);
    }
}

/// Meetings in the twelve months that a priced path speaks of.
const MEETINGS_A_YEAR: usize = 8;
/// Days to the first meeting and from one to the next, about.
const FIRST_MEETING: f64 = 20.0;
const BETWEEN_MEETINGS: f64 = 31.5;
/// Equity paths that stand for their law: each keeps its place in it.
const NODES: usize = 20;
/// Moves up or down that a path of meetings can make.
const MOVES: usize = 48;

/// The market's lottery: by regime (cutting, on hold, hiking).
struct Lottery {
    /// Odds of a hike while hiking, of a cut on hold and while cutting.
    hike_hiking: f64,
    cut: [f64; 2],
    /// Odds of leaving a hold for cutting and for hiking, and of coming back.
    leaves: [f64; 2],
    back: f64,
    /// Regime on day 0, 0 to 2, and cuts until the floor.
    regime: usize,
    cuts: i64,
    /// Odds of leaving a hold for cutting under stress of equities, and the loss that is stress in daily standard
    /// deviations.
    leaves_in_stress: f64,
    stress: f64,
}

impl Lottery {
    /// The mean move of each of the next meetings at these odds of a hike on hold, bp.
    fn moves_bp(&self, hike: f64, meetings: usize) -> Vec<f64> {
        let mut moves = vec![0.0; meetings];
        for node in 0..NODES {
            let equities = normal_quantile((node as f64 + 0.5) / NODES as f64);
            self.add(hike, equities, &mut moves);
        }
        moves.iter().map(|sum| sum * 25.0 / NODES as f64).collect()
    }

    /// Adds the mean moves where equities stand `equities` standard deviations from their start.
    fn add(&self, hike: f64, equities: f64, moves: &mut [f64]) {
        let wide = 2 * MOVES + 1;
        let mut chance = vec![0.0; 3 * wide];
        chance[self.regime * wide + MOVES] = 1.0;
        for (meeting, mean) in moves.iter_mut().enumerate() {
            let days = FIRST_MEETING + meeting as f64 * BETWEEN_MEETINGS;
            let stressed = equities * days.sqrt() <= -self.stress;
            let mut next = vec![0.0; chance.len()];
            for regime in 0..3 {
                let to = self.regimes(regime, stressed);
                for made in 1..wide - 1 {
                    let here = chance[regime * wide + made];
                    if here == 0.0 {
                        continue;
                    }
                    let up = [0.0, hike, self.hike_hiking][regime];
                    let possible = made as i64 - (MOVES as i64) > -self.cuts;
                    let cut = [self.cut[1], self.cut[0], 0.0][regime].min(1.0 - up);
                    let down = if possible { cut } else { 0.0 };
                    *mean += here * (up - down);
                    for (step, part) in [(made + 1, up), (made - 1, down), (made, 1.0 - up - down)]
                    {
                        for (regime, share) in to.iter().enumerate() {
                            next[regime * wide + step] += here * part * share;
                        }
                    }
                }
            }
            chance = next;
        }
    }

    /// Chances of the regimes after a meeting.
    fn regimes(&self, regime: usize, stressed: bool) -> [f64; 3] {
        let [to_cutting, to_hiking] = self.leaves;
        let to_cutting = if stressed { self.leaves_in_stress } else { to_cutting };
        let to_hiking = to_hiking.min(1.0 - to_cutting);
        match regime {
            0 => [1.0 - self.back, self.back, 0.0],
            2 => [0.0, self.back, 1.0 - self.back],
            _ => [to_cutting, 1.0 - to_cutting - to_hiking, to_hiking],
        }
    }
}

/// What markets price of the Fed's lottery: `own` are the scenario's numbers, `market` those of its root.
pub fn priced(own: &Lookup<'_>, market: &Lookup<'_>, meetings: usize) -> PricedPath {
    let middle = |of: &Lookup<'_>, key: &str| of(key).quantile(0.5);
    let at = |key: &str| middle(market, key);
    let rate = middle(own, "fed.policy_rate_pct");
    let lottery = Lottery {
        hike_hiking: at("fed.hike_probability_hiking"),
        cut: [at("fed.cut_probability"), at("fed.cut_probability_cutting")],
        leaves: [at("fed.to_cutting_probability"), at("fed.to_hiking_probability")],
        back: at("fed.to_hold_probability"),
        regime: (libm::round(middle(own, "fed.regime")) + 1.0) as usize,
        leaves_in_stress: at("fed.to_cutting_stress_probability"),
        stress: at("fed.stress_loss_pct") / middle(own, "equity.noise_pct").max(1e-9),
        cuts: libm::floor((rate - 0.25) / 0.25 + 1.0 + 1e-9).max(0.0) as i64,
    };
    let wanted = middle(own, "fed.priced_12m_bp");
    let in_a_year = |hike: f64| lottery.moves_bp(hike, MEETINGS_A_YEAR).iter().sum();
    let probability = solve_rising(in_a_year, wanted, 0.0, 1.0);
    PricedPath { probability, moves_bp: lottery.moves_bp(probability, meetings) }
}

//! `fed`: the Federal Reserve, meeting by meeting, and the Treasury curve before any impact.
//!
//! ```text
//! regime ∈ {cutting, on hold, hiking}; at a meeting  P(hike), P(cut) by regime, P(hike) + a · oil
//! regime'   on hold → hiking with 0.10 + a · oil, → cutting with 0.04 (0.5 when the S&P 500 has lost 15%); back with 0.15
//! surprise  = move − priced,  priced on hold (priced_12m · 100) / 8, else the regime's expected move
//! ΔUST2     = b · surprise + c · Δoil%,  ΔUST5, 10, 30 = 0.91, 0.71, 0.47 · ΔUST2
//! UST(T)    = UST(T)₀ + Σ σ_T z_T + Σ ΔUST(T)
//! ```
//!
//! A move by event takes the place of the decision of a meeting on the same day, whose priced part still counts (the
//! event's
//! `priced_bp` is what was priced beyond it). P(hike) is 0 while cutting, P(cut) while hiking; no cut below 0.25%;
//! oil counts as a fraction and only above its normal
//! price; hiking and cutting drawn on the same day is cutting. The regime's expected move is 25 bp · (P(hike) −
//! P(cut)); the
//! regime changes after the meeting's move. Losses are in log %. The 2-year yield is carried for the curve: no channel
//! reads its level.
//!
//! All of this is ordinary: it is in `yield_10y_pct`, not in the impact. The losses that the Fed reacts to leave out
//! the
//! ones that the haven channel has answered, so that no fall is answered twice.
//!
//! Known weakness: odds and changes of regime are assumptions, not estimates; nothing reacts to inflation or jobs. The
//! curve's answer to a surprise is that of all days, most of which are no days of decisions.

use crate::num::lanes::*;
use crate::scenario::parameters;

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
    hike_probability: "probability", 0.0..=1.0, Some("0.20"), "assumption: market odds of a hike by October 2026 about one half";
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
    /// Added to the probability of hiking, of a hike too, by an oil price twice as high.
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
        let expected = (p_hike - p_cut) * 25.0;
        let priced = (hiking | cutting).select(expected, p.priced_12m_bp * 0.125);
        self.policy_rate_pct += moved * 0.01;
        self.change_regime(p, day, oil);
        moved - priced
    }

    /// The regime after a meeting.
    #[inline(always)]
    fn change_regime(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>, oil: Lane<S>) {
        let s = self.regime.simd;
        let on_hold = self.regime.abs().simd_lt(splat(s, 0.5));
        let stress = day.equity_loss_pct.simd_ge(p.stress_loss_pct);
        let to_cutting = stress.select(p.to_cutting_stress_probability, p.to_cutting_probability);
        let u = day.uniforms.1;
        let cutting = flag(s, (u + to_cutting).simd_ge(splat(s, 1.0)));
        let hiking = flag(s, u.simd_lt(p.to_hiking_probability + oil));
        let from_hold = positive(hiking - cutting) - cutting;
        let stays = flag(s, u.simd_ge(p.to_hold_probability));
        self.regime = on_hold.select(from_hold, self.regime * stays);
    }
}

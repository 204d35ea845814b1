//! `boj`: the Bank of Japan, meeting by meeting.
//!
//! ```text
//! hike     when u < p_hike, the last move is at least g meetings ago, rate + 0.25 ≤ terminal + 0.125, markets stable
//! cut      when u ≥ 1 − p_cut and the last move is at least g meetings ago
//! surprise = move − priced,  priced = (priced_12m − rate₀) / 8 a meeting while the rate is below priced_terminal
//! ΔJGB2    = a · surprise
//! ```
//!
//! A move by event is a move like any other: it restarts g, and takes the place of the decision of a meeting on the
//! same
//! day, whose priced part still counts (the event's `priced_bp` is what was priced beyond it). Only the
//! surprise moves prices. The meeting itself counts: after a move in June the one in July is the first, and g = 2 lets
//! September move. A cut needs no stable market. "Below" is judged on the rate before the day's moves. "Markets
//! stable" is Deputy Governor Uchida's promise of 7 August 2024: no hike while
//! VIX is above 30 or the yen has risen by 4% in five days. u is uniform, drawn every day, used on meeting days.
//!
//! Known weakness: each meeting is a lottery with constant odds, blind to prices, wages and the yen but for the two
//! gates. By default it delivers about half of what is priced in a year, a steady small dovish surprise.

use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "boj" {
    /// Policy rate on day 0.
    policy_rate_pct: "%", -1.0..=10.0, None, "";
    /// Probability of a hike of 25 bp at a meeting.
    hike_probability: "probability", 0.0..=1.0, Some("0.25"), "two hikes a year at eight meetings, 2024-26 record, and assumption";
    /// Probability of a cut of 25 bp at a meeting.
    cut_probability: "probability", 0.0..=1.0, Some("0.02"), "assumption: no cut since 2016";
    /// Smallest number of meetings from one move to the next.
    meetings_between_moves: "meetings", 1.0..=16.0, Some("2"), "moves of 2024-03, 2024-07, 2025-01, 2025-12, 2026-06";
    /// Meetings since the last move, on day 0.
    meetings_since_move: "meetings", 0.0..=40.0, Some("0"), "raised on 16 June 2026";
    /// Rate above which the BOJ does not hike.
    terminal_rate_pct: "%", -1.0..=10.0, Some("{ normal = { mean = 1.75, sd = 0.4 } }"), "BOJ staff's neutral rate 1.1-2.5% (March 2026)";
    /// Policy rate that the market prices in twelve months.
    priced_12m_pct: "%", -1.0..=10.0, Some("1.50"), "MoF JGB 2-year yield 1.38% on 2026-06-30";
    /// Rate at which the market expects the hikes to end.
    priced_terminal_pct: "%", -1.0..=10.0, Some("1.75"), "assumption: centre of the terminal rate";
    /// VIX above which the BOJ holds.
    gate_vix: "index points", 0.0..=500.0, Some("30"), "assumption after Uchida, 7 August 2024";
    /// Rise of the yen in five days, in %, from which on the BOJ holds.
    gate_yen_rise_pct: "%", 0.0..=100.0, Some("4"), "assumption after Uchida, 7 August 2024";
    /// Response of the JGB 2-year yield to a policy surprise.
    jgb2_per_surprise: "bp per bp", 0.0..=2.0, Some("0.5"), "assumption: about the response of US 2-year yields to Fed surprises";
} }

/// The BOJ's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    /// Policy rate, %.
    pub policy_rate_pct: Lane<S>,
    /// Meetings since the last move.
    pub meetings_since_move: Lane<S>,
    /// Today's change of the JGB 2-year yield by surprise, bp.
    pub jgb2_surprise_bp: Lane<S>,
}

/// What the BOJ looks at.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<S: Simd> {
    /// Whether a meeting ends today.
    pub meeting: bool,
    /// Uniform draw of the meeting's outcome.
    pub uniform: Lane<S>,
    /// Yesterday's VIX.
    pub vix: Lane<S>,
    /// Rise of the yen over the five days to yesterday, % (negative when it fell).
    pub yen_rise_5d_pct: Lane<S>,
    /// Moves by event today, bp.
    pub event_bp: Lane<S>,
    /// Part of them that was priced, bp.
    pub event_priced_bp: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>) -> Self {
        State {
            policy_rate_pct: p.policy_rate_pct,
            meetings_since_move: p.meetings_since_move,
            jgb2_surprise_bp: splat(simd, 0.0),
        }
    }

    /// One day.
    #[inline(always)]
    pub fn step(&mut self, p: &Params<Lane<S>>, day: &Inputs<S>) {
        let mut surprise = day.event_bp - day.event_priced_bp;
        let below = self.policy_rate_pct.simd_lt(p.priced_terminal_pct);
        self.policy_rate_pct += day.event_bp * 0.01;
        let s = day.uniform.simd;
        let by_event = day.event_bp.simd_ne(splat(s, 0.0));
        self.meetings_since_move = keep(!by_event, self.meetings_since_move);
        if day.meeting {
            let (hike, cut) = self.decide(p, day, !by_event);
            let moved = flag(s, hike) * 25.0 - flag(s, cut) * 25.0;
            let per_meeting = (p.priced_12m_pct - p.policy_rate_pct) * (100.0 / 8.0);
            surprise += moved - keep(below, per_meeting);
            self.policy_rate_pct += moved * 0.01;
            self.meetings_since_move = keep(!(hike | cut), self.meetings_since_move);
        }
        self.jgb2_surprise_bp = surprise * p.jgb2_per_surprise;
    }

    /// Whether the meeting hikes and whether it cuts, where it is open; counts the meeting there.
    #[inline(always)]
    fn decide(
        &mut self,
        p: &Params<Lane<S>>,
        day: &Inputs<S>,
        open: Mask<S>,
    ) -> (Mask<S>, Mask<S>) {
        self.meetings_since_move += flag(day.uniform.simd, open);
        let free = self.meetings_since_move.simd_ge(p.meetings_between_moves) & open;
        let room = (self.policy_rate_pct + 0.125).simd_le(p.terminal_rate_pct);
        let stable = day.vix.simd_le(p.gate_vix) & day.yen_rise_5d_pct.simd_lt(p.gate_yen_rise_pct);
        let hike = day.uniform.simd_lt(p.hike_probability) & free & room & stable;
        let cut = (day.uniform + p.cut_probability).simd_ge(1.0) & free & !hike;
        (hike, cut)
    }
}

//! `boj`: the Bank of Japan, meeting by meeting.
//!
//! ```text
//! hike     when u < p_hike, the last move is at least g meetings ago, rate + 0.25 ≤ terminal + 0.125, markets stable
//! cut      when u ≥ 1 − p_cut and the last move is at least g meetings ago
//! surprise = move − priced move of the meeting
//! ΔJGB2    = a · surprise
//! ```
//!
//! **What is priced.** The market knows the lottery of `baseline` (its odds of a cut, its g, its law of the terminal
//! rate) and the path priced in twelve months, which are eight meetings; the odds of a hike that deliver that path are
//! solved from it once, at load, by recursion over (meetings since the last move, moves so far) for a hundred terminal
//! rates, the middles of equal parts of their law (`"priced"`, the default). Other laws count by their medians, g
//! rounded up. The priced move of each meeting is the mean of that lottery at that meeting: 0 in July 2026, when none
//! is possible, 12.4 bp in September, then less. A scenario that writes other odds, a gap or a terminal rate changes
//! what the Bank does, not what was priced, so its surprise remains; one that writes the level, `priced_12m_pct`,
//! `priced_terminal_pct` (which shifts the market's law of the terminal rate), `gate_closed_share` or
//! `meetings_since_move` changes what was priced. Where no odds reach the priced path, the nearest do and their own
//! path counts as priced.
//!
//! A move by event is a move like any other: it restarts g, and takes the place of the decision of a meeting on the
//! same day, whose priced part still counts (the event's `priced_bp` is what was priced beyond it). Only the surprise
//! moves prices. The meeting itself counts: after a move in June the one in July is the first, and g = 2 lets September
//! move. A cut needs no stable market. "Markets stable" is Deputy Governor Uchida's promise of 7 August 2024: no hike
//! while VIX is above 30 or the yen has risen by 4% in five days; the market prices the meetings that the gate closes
//! as a share `gate_closed_share`. u is uniform, drawn every day, used on meeting days.
//!
//! Decision: revision 1 had odds of 0.25, which deliver 28 of the 50 bp priced, a steady dovish surprise of 3 bp a
//! meeting. Three ways were looked at: odds of 0.5 (47 bp, but a sure dovish surprise in July and a hawkish one in
//! September, as the path was priced evenly), the path priced as the scenario's own lottery delivers it (no surprise in
//! any scenario, a pause least of all), and this one.
//!
//! Known weakness: each meeting is a lottery with constant odds, blind to prices, wages and the yen but for the two
//! gates; what is priced is fixed on day 0 and does not learn from meeting to meeting.

use crate::num::lanes::*;
use crate::num::solve_rising;
use crate::scenario::{Lookup, PricedPath, parameters};
use std::collections::BTreeMap;

parameters! { "boj" {
    /// Policy rate on day 0.
    policy_rate_pct: "%", -1.0..=10.0, None, "";
    /// Probability of a hike of 25 bp at a meeting.
    hike_probability: "probability", 0.0..=1.0, Some("\"priced\""), "solved from the priced path at load";
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
    /// Rate at which the market expects the hikes to end, in the middle.
    priced_terminal_pct: "%", -1.0..=10.0, Some("1.75"), "assumption: centre of the terminal rate";
    /// VIX above which the BOJ holds.
    gate_vix: "index points", 0.0..=500.0, Some("30"), "assumption after Uchida, 7 August 2024";
    /// Rise of the yen in five days, in %, from which on the BOJ holds.
    gate_yen_rise_pct: "%", 0.0..=100.0, Some("4"), "assumption after Uchida, 7 August 2024";
    /// Share of meetings at which the market expects the gate to be closed.
    gate_closed_share: "fraction", 0.0..=1.0, Some("0.02"), "estimate: meetings of the baseline with VIX above 30 or the yen up 4% in five days";
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
    /// What is priced of the meeting's move, bp.
    pub priced_bp: f64,
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
        self.policy_rate_pct += day.event_bp * 0.01;
        let s = day.uniform.simd;
        let by_event = day.event_bp.simd_ne(splat(s, 0.0));
        self.meetings_since_move = keep(!by_event, self.meetings_since_move);
        if day.meeting {
            let (hike, cut) = self.decide(p, day, !by_event);
            let moved = flag(s, hike) * 25.0 - flag(s, cut) * 25.0;
            surprise += moved - day.priced_bp;
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

/// Meetings in the twelve months that a priced path speaks of.
pub const MEETINGS_A_YEAR: usize = 8;
/// Terminal rates that stand for their law.
const NODES: usize = 100;
/// Moves up or down that a path of meetings can make.
const MOVES: usize = 48;

/// The market's lottery.
struct Lottery {
    /// Most hikes until the terminal rate, negative where the rate stands above it, and how many nodes have that.
    room: BTreeMap<i64, u32>,
    cut: f64,
    gap: usize,
    since: usize,
    open: f64,
}

impl Lottery {
    /// The mean move of each of the next meetings at these odds of a hike, bp.
    fn moves_bp(&self, hike: f64, meetings: usize) -> Vec<f64> {
        let mut moves = vec![0.0; meetings];
        for (room, nodes) in &self.room {
            self.add(hike, *room, f64::from(*nodes), &mut moves);
        }
        moves.iter().map(|sum| sum * 25.0 / NODES as f64).collect()
    }

    /// Adds the mean moves with one room for hikes, at a weight.
    fn add(&self, hike: f64, room: i64, weight: f64, moves: &mut [f64]) {
        // Chance of each (meetings since the last move, up to the gap; moves so far, from −MOVES on).
        let wide = 2 * MOVES + 1;
        let mut chance = vec![0.0; (self.gap + 1) * wide];
        chance[self.since.min(self.gap) * wide + MOVES] = weight;
        for mean in moves {
            let mut next = vec![0.0; chance.len()];
            for since in 0..=self.gap {
                for made in 1..wide - 1 {
                    let here = chance[since * wide + made];
                    if here == 0.0 {
                        continue;
                    }
                    let counted = (since + 1).min(self.gap);
                    let free = counted == self.gap;
                    let rises = free && made as i64 - (MOVES as i64) < room;
                    let up = if rises { hike * self.open } else { 0.0 };
                    let down = if free { self.cut.min(1.0 - up) } else { 0.0 };
                    *mean += here * (up - down);
                    next[made + 1] += here * up;
                    next[made - 1] += here * down;
                    next[counted * wide + made] += here * (1.0 - up - down);
                }
            }
            chance = next;
        }
    }
}

/// What markets price of the Bank's lottery: `own` are the scenario's numbers, `market` those of its root.
pub fn priced(own: &Lookup<'_>, market: &Lookup<'_>, meetings: usize) -> PricedPath {
    let middle = |of: &Lookup<'_>, key: &str| of(key).quantile(0.5);
    let rate = middle(own, "boj.policy_rate_pct");
    let terminal = market("boj.terminal_rate_pct");
    let shift = middle(own, "boj.priced_terminal_pct") - middle(market, "boj.priced_terminal_pct");
    let steps = |node: usize| {
        let terminal = terminal.quantile((node as f64 + 0.5) / NODES as f64) + shift;
        libm::floor((terminal + 0.125 - rate) / 0.25 + 1e-9) as i64
    };
    let gap = middle(market, "boj.meetings_between_moves");
    let mut room = BTreeMap::new();
    for node in 0..NODES {
        *room.entry(steps(node)).or_default() += 1;
    }
    let lottery = Lottery {
        room,
        cut: middle(market, "boj.cut_probability"),
        gap: libm::ceil(gap).max(1.0) as usize,
        since: libm::floor(middle(own, "boj.meetings_since_move")) as usize,
        open: 1.0 - middle(own, "boj.gate_closed_share"),
    };
    let wanted = (middle(own, "boj.priced_12m_pct") - rate) * 100.0;
    let in_a_year = |hike: f64| lottery.moves_bp(hike, MEETINGS_A_YEAR).iter().sum();
    let probability = solve_rising(in_a_year, wanted, 0.0, 1.0);
    PricedPath { probability, moves_bp: lottery.moves_bp(probability, meetings) }
}

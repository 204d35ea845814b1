//! The central banks and bond markets before any impact: `boj`, `fed`, `jgb`; and parity, `hedge`.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::rng::Draws;
use super::{Ring, half_life};
use ustress::model::{boj, fed, hedge, jgb};

/// The Bank of Japan.
#[derive(Debug, Clone)]
pub(crate) struct Boj {
    p: boj::Params<f64>,
    pub(crate) rate: f64,
    meetings_since_move: f64,
    pub(crate) jgb2_surprise: f64,
}

impl Boj {
    pub(crate) fn new(p: boj::Params<f64>) -> Self {
        Boj {
            rate: p.policy_rate_pct,
            meetings_since_move: p.meetings_since_move,
            jgb2_surprise: 0.0,
            p,
        }
    }

    /// `event` is the dated move and its priced part.
    pub(crate) fn step(&mut self, meeting: bool, u: f64, vix: f64, rise_pct: f64, event: [f64; 2]) {
        let p = &self.p;
        let [dated, dated_priced] = event;
        let mut surprise = dated - dated_priced;
        let rate_before = self.rate;
        self.rate += dated * 0.01;
        if dated != 0.0 {
            self.meetings_since_move = 0.0;
        }
        if meeting {
            if dated == 0.0 {
                self.meetings_since_move += 1.0;
            }
            let free = self.meetings_since_move >= p.meetings_between_moves;
            let stable = vix <= p.gate_vix && rise_pct < p.gate_yen_rise_pct;
            let room = self.rate + 0.25 <= p.terminal_rate_pct + 0.125;
            if rate_before < p.priced_terminal_pct {
                surprise -= (p.priced_12m_pct - p.policy_rate_pct) * 100.0 / 8.0;
            }
            let moved = if dated != 0.0 {
                0.0
            } else if u < p.hike_probability && free && room && stable {
                25.0
            } else if u >= 1.0 - p.cut_probability && free {
                -25.0
            } else {
                0.0
            };
            surprise += moved;
            self.rate += moved / 100.0;
            if moved != 0.0 {
                self.meetings_since_move = 0.0;
            }
        }
        self.jgb2_surprise = surprise * p.jgb2_per_surprise;
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Regime {
    Cutting,
    OnHold,
    Hiking,
}

/// The Federal Reserve and the Treasury curve.
#[derive(Debug, Clone)]
pub(crate) struct Fed {
    p: fed::Params<f64>,
    pub(crate) rate: f64,
    regime: Regime,
    oil_pct: f64,
    oil_decay: f64,
    pub(crate) ust: [f64; 4],
    /// Change of the 2-year by policy and oil.
    pub(crate) ust2_news: f64,
    noise: [f64; 4],
    response: [f64; 4],
}

impl Fed {
    pub(crate) fn new(p: fed::Params<f64>) -> Self {
        let regime = match p.regime {
            regime if regime > 0.5 => Regime::Hiking,
            regime if regime < -0.5 => Regime::Cutting,
            _ => Regime::OnHold,
        };
        Fed {
            rate: p.policy_rate_pct,
            regime,
            oil_pct: 0.0,
            oil_decay: half_life(p.oil_half_life_days),
            ust: [p.ust_2y_pct, p.ust_5y_pct, p.ust_10y_pct, p.ust_30y_pct],
            ust2_news: 0.0,
            noise: [p.ust_2y_noise_bp, p.ust_5y_noise_bp, p.ust_10y_noise_bp, p.ust_30y_noise_bp],
            response: [1.0, p.ust5_per_ust2, p.ust10_per_ust2, p.ust30_per_ust2],
            p,
        }
    }

    pub(crate) fn step(
        &mut self,
        meeting: bool,
        draws: &Draws,
        loss_pct: f64,
        event: [f64; 2],
        oil_shock_pct: f64,
    ) {
        self.oil_pct = self.oil_pct * self.oil_decay + oil_shock_pct;
        self.rate += event[0] * 0.01;
        let mut surprise = event[0] - event[1];
        if meeting {
            surprise += self.meet(draws.fed_meeting, loss_pct, event[0] != 0.0);
        }
        let front = surprise * self.p.ust2_per_surprise + oil_shock_pct * self.p.ust2_per_oil;
        self.ust2_news = front;
        for tenor in 0..4 {
            let change = front * self.response[tenor] + draws.z[tenor] * self.noise[tenor];
            self.ust[tenor] += change * 0.01;
        }
    }

    /// Moves the rate, then the regime; gives the surprise.
    fn meet(&mut self, (u, v): (f64, f64), loss_pct: f64, dated: bool) -> f64 {
        let p = &self.p;
        let oil = self.oil_pct.max(0.0) / 100.0 * p.oil_response;
        let (p_hike, p_cut) = match self.regime {
            Regime::Cutting => (0.0, p.cut_probability_cutting),
            Regime::OnHold => (p.hike_probability + oil, p.cut_probability),
            Regime::Hiking => (p.hike_probability_hiking + oil, 0.0),
        };
        let moved = if dated {
            0.0
        } else if u < p_hike {
            25.0
        } else if u >= 1.0 - p_cut && self.rate >= 0.25 {
            -25.0
        } else {
            0.0
        };
        let priced = match self.regime {
            Regime::OnHold => p.priced_12m_bp / 8.0,
            _ => (p_hike - p_cut) * 25.0,
        };
        self.rate += moved / 100.0;
        let to_cutting = if loss_pct >= p.stress_loss_pct {
            p.to_cutting_stress_probability
        } else {
            p.to_cutting_probability
        };
        self.regime = match self.regime {
            Regime::OnHold if v >= 1.0 - to_cutting => Regime::Cutting,
            Regime::OnHold if v < p.to_hiking_probability + oil => Regime::Hiking,
            Regime::Hiking | Regime::Cutting if v < p.to_hold_probability => Regime::OnHold,
            same => same,
        };
        moved - priced
    }
}

/// Japanese government bonds.
#[derive(Debug, Clone)]
pub(crate) struct Jgb {
    p: jgb::Params<f64>,
    /// 10y and 30y by cause, bp since day 0.
    ordinary: [f64; 2],
    boj: [f64; 2],
    pub(crate) fiscal: [f64; 2],
    past: Ring<5>,
    past_shocks: Ring<5>,
    buys_bp: f64,
    buys_days: f64,
    jump_hazard: f64,
    pub(crate) yields: [f64; 2],
    pub(crate) fiscal_move: f64,
    pub(crate) boj_move: f64,
}

impl Jgb {
    pub(crate) fn new(p: jgb::Params<f64>) -> Self {
        Jgb {
            ordinary: [0.0; 2],
            boj: [0.0; 2],
            fiscal: [0.0; 2],
            past: Ring::full_of(0.0),
            past_shocks: Ring::full_of(0.0),
            buys_bp: 0.0,
            buys_days: 0.0,
            jump_hazard: p.fiscal_jumps_per_year / 252.0,
            yields: [p.jgb_10y_pct, p.jgb_30y_pct],
            fiscal_move: 0.0,
            boj_move: 0.0,
            p,
        }
    }

    pub(crate) fn step(&mut self, draws: &Draws, jgb2: f64, ust10_move: f64, event_bp: f64) {
        let p = &self.p;
        self.ordinary[0] += draws.z[4] * p.jgb_10y_noise_bp + p.jgb10_per_ust10 * ust10_move;
        self.ordinary[1] += draws.z[5] * p.jgb_30y_noise_bp + p.jgb10_per_ust10 * ust10_move;
        self.boj_move = p.jgb10_per_jgb2 * jgb2;
        self.boj[0] += self.boj_move;
        self.boj[1] += self.boj_move * p.jgb30_per_jgb10_boj;
        self.fiscal_move = event_bp;
        if draws.fiscal_jump < self.jump_hazard {
            let size_30y = p.fiscal_jump_30y_bp * (p.fiscal_jump_sigma * draws.fiscal_size).exp();
            self.fiscal_move += size_30y * p.fiscal_10y_per_30y;
        }
        if self.buys_days > 0.0 {
            self.fiscal_move -= self.buys_bp;
        }
        self.buys_days -= 1.0;
        self.fiscal[0] += self.fiscal_move;
        self.fiscal[1] += self.fiscal_move / p.fiscal_10y_per_30y;
        let rise = |tenor: usize| self.ordinary[tenor] + self.boj[tenor] + self.fiscal[tenor];
        let (ten, thirty) = (rise(0), rise(1));
        self.yields = [p.jgb_10y_pct + ten / 100.0, p.jgb_30y_pct + thirty / 100.0];
        let by_shocks = self.boj[0] + self.fiscal[0];
        let in_five_days = ten - self.past.replace(ten);
        let by_shocks_in_five = by_shocks - self.past_shocks.replace(by_shocks);
        if in_five_days >= p.emergency_trigger_bp
            && self.buys_days <= 0.0
            && p.emergency_draw < p.emergency_probability
        {
            let taken_back = by_shocks_in_five.min(in_five_days).max(0.0) * p.emergency_reversal;
            self.buys_bp = taken_back / p.emergency_days;
            self.buys_days = p.emergency_days;
        }
    }
}

/// Pickups, bp: 10y hedged, 30y hedged, 10y unhedged, 5y over funds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pickups {
    pub(crate) hedged_10y: f64,
    pub(crate) hedged_30y: f64,
    pub(crate) unhedged: f64,
    pub(crate) over_funds: f64,
}

/// Covered interest parity: `rates` dollar and yen, `ust` 5y, 10y, 30y, all in %.
pub(crate) fn pickups(
    p: &hedge::Params<f64>,
    rates: [f64; 2],
    ust: [f64; 3],
    jgb: [f64; 2],
    vix_above: f64,
    stressed: bool,
) -> Pickups {
    let widening = if stressed { p.basis_stress_pct } else { 0.0 };
    let basis = (p.basis_pct + p.basis_per_vix_pct * vix_above + widening).max(p.basis_floor_pct);
    let cost = rates[0] - rates[1] - basis;
    Pickups {
        hedged_10y: 100.0 * (ust[1] - cost - jgb[0]),
        hedged_30y: 100.0 * (ust[2] - cost - jgb[1]),
        unhedged: 100.0 * (ust[1] - jgb[0]),
        over_funds: 100.0 * (ust[0] - rates[0]),
    }
}

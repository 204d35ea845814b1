//! The central banks and bond markets before any impact: `boj`, `fed`, `jgb`; and parity, `hedge`.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::rng::Draws;
use super::{Ring, half_life, normal_cdf};
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

    /// `meeting` is what was priced of the meeting's move, where there is one; `event` the dated move and its priced part.
    pub(crate) fn step(
        &mut self,
        meeting: Option<f64>,
        u: f64,
        vix: f64,
        rise_pct: f64,
        event: [f64; 2],
    ) {
        let p = &self.p;
        let [dated, dated_priced] = event;
        let mut surprise = dated - dated_priced;
        self.rate += dated * 0.01;
        if dated != 0.0 {
            self.meetings_since_move = 0.0;
        }
        if let Some(priced) = meeting {
            if dated == 0.0 {
                self.meetings_since_move += 1.0;
            }
            let free = self.meetings_since_move >= p.meetings_between_moves;
            let stable = vix <= p.gate_vix && rise_pct < p.gate_yen_rise_pct;
            let room = self.rate + 0.25 <= p.terminal_rate_pct + 0.125;
            let moved = if dated != 0.0 {
                0.0
            } else if u < p.hike_probability && free && room && stable {
                25.0
            } else if u >= 1.0 - p.cut_probability && free {
                -25.0
            } else {
                0.0
            };
            surprise += moved - priced;
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
        meeting: Option<f64>,
        draws: &Draws,
        loss_pct: f64,
        event: [f64; 2],
        oil_shock_pct: f64,
    ) {
        self.oil_pct = self.oil_pct * self.oil_decay + oil_shock_pct;
        self.rate += event[0] * 0.01;
        let mut surprise = event[0] - event[1];
        if let Some(priced) = meeting {
            surprise += self.meet(draws.fed_meeting, loss_pct, event[0] != 0.0) - priced;
        }
        let front = surprise * self.p.ust2_per_surprise + oil_shock_pct * self.p.ust2_per_oil;
        self.ust2_news = front;
        for tenor in 0..4 {
            let change = front * self.response[tenor] + draws.z[tenor] * self.noise[tenor];
            self.ust[tenor] += change * 0.01;
        }
    }

    /// Moves the rate, then the regime; gives the move less what oil had made the market expect.
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
        let by_oil = if self.regime == Regime::Cutting { 0.0 } else { oil * 25.0 };
        self.rate += moved / 100.0;
        let to_cutting = if loss_pct >= p.stress_loss_pct {
            p.to_cutting_stress_probability
        } else {
            p.to_cutting_probability
        };
        self.regime = match self.regime {
            Regime::OnHold if v >= 1.0 - to_cutting => Regime::Cutting,
            Regime::OnHold if v < p.to_hiking_probability => Regime::Hiking,
            Regime::Hiking | Regime::Cutting if v < p.to_hold_probability => Regime::OnHold,
            same => same,
        };
        moved - by_oil
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
    past_fiscal: Ring<5>,
    /// The BOJ's purchases: bp a day and days left.
    buys_bp: f64,
    buys_days: f64,
    /// The fiscal part to which a rout that the BOJ has answered goes back, and for how many days.
    calm_level: f64,
    answered_days: i32,
    fades: f64,
    /// Mean of a day's jumps: 10y, 30y.
    jump_mean: [f64; 2],
    pub(crate) yields: [f64; 2],
    pub(crate) fiscal_move: f64,
    pub(crate) calmed: f64,
    pub(crate) boj_move: f64,
}

impl Jgb {
    pub(crate) fn new(p: jgb::Params<f64>) -> Self {
        let hazard = p.fiscal_jumps_per_year / 252.0;
        let up = hazard * p.fiscal_up_share * (p.fiscal_jump_least_bp + p.fiscal_excess_up_bp);
        let down =
            hazard * (1.0 - p.fiscal_up_share) * (p.fiscal_jump_least_bp + p.fiscal_excess_down_bp);
        Jgb {
            ordinary: [0.0; 2],
            boj: [0.0; 2],
            fiscal: [0.0; 2],
            past: Ring::full_of(0.0),
            past_shocks: Ring::full_of(0.0),
            past_fiscal: Ring::full_of(0.0),
            buys_bp: 0.0,
            buys_days: 0.0,
            calm_level: 0.0,
            answered_days: 0,
            fades: 1.0 - half_life(p.rout_half_life_days),
            jump_mean: [up * p.fiscal_10y_per_30y_up - down * p.fiscal_10y_per_30y_down, up - down],
            yields: [p.jgb_10y_pct, p.jgb_30y_pct],
            fiscal_move: 0.0,
            calmed: 0.0,
            boj_move: 0.0,
            p,
        }
    }

    pub(crate) fn step(&mut self, draws: &Draws, jgb2: f64, ust10_move: f64, event_bp: f64) {
        let p = self.p;
        self.ordinary[0] += draws.z[4] * p.jgb_10y_noise_bp + p.jgb10_per_ust10 * ust10_move;
        self.ordinary[1] += draws.z[5] * p.jgb_30y_noise_bp + p.jgb10_per_ust10 * ust10_move;
        self.boj_move = p.jgb10_per_jgb2 * jgb2;
        self.boj[0] += self.boj_move;
        self.boj[1] += self.boj_move * p.jgb30_per_jgb10_boj;
        let jump = self.jump(draws);
        self.fiscal_move = jump[0] - self.jump_mean[0] + event_bp;
        let move_30y = jump[1] - self.jump_mean[1] + event_bp / p.fiscal_10y_per_30y;
        self.calmed = self.calm();
        self.fiscal[0] += self.fiscal_move - self.calmed;
        self.fiscal[1] += move_30y - self.calmed / p.fiscal_10y_per_30y;
        let rise = |tenor: usize| self.ordinary[tenor] + self.boj[tenor] + self.fiscal[tenor];
        let (ten, thirty) = (rise(0), rise(1));
        self.yields = [p.jgb_10y_pct + ten / 100.0, p.jgb_30y_pct + thirty / 100.0];
        self.watch(ten);
    }

    /// A fiscal jump: 10y, 30y.
    fn jump(&self, draws: &Draws) -> [f64; 2] {
        let p = &self.p;
        let hazard = p.fiscal_jumps_per_year / 252.0;
        let excess = -normal_cdf(-draws.fiscal_size).ln();
        if draws.fiscal_jump < hazard * p.fiscal_up_share {
            let size = p.fiscal_jump_least_bp + p.fiscal_excess_up_bp * excess;
            [size * p.fiscal_10y_per_30y_up, size]
        } else if draws.fiscal_jump < hazard {
            let size = p.fiscal_jump_least_bp + p.fiscal_excess_down_bp * excess;
            [-size * p.fiscal_10y_per_30y_down, -size]
        } else {
            [0.0; 2]
        }
    }

    /// What the BOJ buys back of a rout that it has answered, and what fades of the rest.
    fn calm(&mut self) -> f64 {
        let (answered, buys) = (self.answered_days > 0, self.buys_days > 0.0);
        self.answered_days -= 1;
        self.buys_days -= 1.0;
        if !answered {
            return 0.0;
        }
        let above = (self.fiscal[0] - self.calm_level).max(0.0);
        let bought = if buys { self.buys_bp.min(above) } else { 0.0 };
        bought + (above - bought) * self.fades
    }

    /// The BOJ looks at what the 10-year has done in five days.
    fn watch(&mut self, ten: f64) {
        let p = &self.p;
        let by_shocks = self.boj[0] + self.fiscal[0];
        let rise = ten - self.past.replace(ten);
        let rise_by_shocks = by_shocks - self.past_shocks.replace(by_shocks);
        let fiscal_before = self.past_fiscal.replace(self.fiscal[0]);
        let willing = p.emergency_draw < p.emergency_probability;
        if rise >= p.emergency_trigger_bp && self.buys_days <= 0.0 && willing {
            let taken_back = rise_by_shocks.min(rise).max(0.0) * p.emergency_reversal;
            self.buys_bp = taken_back / p.emergency_days;
            self.buys_days = p.emergency_days;
            if self.answered_days <= 0 {
                self.calm_level = fiscal_before;
            }
            self.answered_days = 126;
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

//! The yen with the carry book that closes within its day, and equities: `usdjpy`, `carry_unwind`, `equity`.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::rng::Draws;
use super::{Ring, half_life};
use ustress::model::{carry_unwind, equity, usdjpy};

/// Yen per dollar.
#[derive(Debug, Clone)]
pub(crate) struct Yen {
    p: usdjpy::Params<f64>,
    start: f64,
    pub(crate) diffusion: f64,
    shock: f64,
    flow: f64,
    carry: f64,
    flow_decay: f64,
    /// Log spot at the last close.
    pub(crate) log_spot: f64,
    pub(crate) spot: f64,
    past: Ring<60>,
    past_sum: f64,
    squares: Ring<20>,
    squares_sum: f64,
    shock_past: Ring<60>,
    high: f64,
}

/// What the Ministry looks at: log spot without the diffusion.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShockView {
    pub(crate) level: f64,
    pub(crate) change_60d: f64,
    pub(crate) change_20d: f64,
    pub(crate) high: f64,
}

impl Yen {
    /// Both histories are straight lines to day 0: one with the given average, one with the given rise.
    pub(crate) fn new(p: usdjpy::Params<f64>) -> Self {
        let start = p.spot_jpy_per_usd.ln();
        let below = start - p.average_60d_jpy_per_usd.ln();
        let rise = (1.0 + p.change_60d_pct / 100.0).ln();
        let square = (p.realised_vol_20d_pct / 100.0) * (p.realised_vol_20d_pct / 100.0) / 252.0;
        Yen {
            start,
            diffusion: 0.0,
            shock: 0.0,
            flow: 0.0,
            carry: 0.0,
            flow_decay: half_life(p.order_flow_half_life_days),
            log_spot: start,
            spot: p.spot_jpy_per_usd,
            past: Ring::of(|age| start - below * 2.0 * age as f64 / 59.0),
            past_sum: 60.0 * (start - below),
            squares: Ring::full_of(square),
            squares_sum: 20.0 * square,
            shock_past: Ring::of(|age| start - rise * age as f64 / 60.0),
            high: p.high_1y_jpy_per_usd.ln(),
            p,
        }
    }

    /// Log spot before the carry book closes anything. The flows are yesterday's.
    pub(crate) fn open(
        &mut self,
        draws: &Draws,
        gap_surprise_bp: f64,
        event_log: f64,
        repatriation: f64,
        intervention_log: f64,
    ) -> f64 {
        let p = &self.p;
        let (up, down) = (p.jumps_up_per_year / 252.0, p.jumps_down_per_year / 252.0);
        let jump = if draws.yen_jump < up {
            -(p.jump_up_pct + p.jump_up_sd_pct * draws.yen_size)
        } else if draws.yen_jump < up + down {
            p.jump_down_pct
        } else {
            0.0
        };
        let mean = down * p.jump_down_pct - up * p.jump_up_pct;
        self.diffusion += p.diffusion_pct / 100.0 * draws.z[6];
        self.shock += (jump - mean + p.per_gap_bp * gap_surprise_bp) / 100.0 + event_log;
        self.flow = self.flow * self.flow_decay
            - p.repatriation_pct_per_usd_bn / 100.0 * repatriation
            + intervention_log;
        self.start + self.diffusion + self.shock + self.flow + self.carry
    }

    /// Closes the day after the carry book has lifted the yen by `covering_log`.
    pub(crate) fn close(&mut self, open: f64, covering_log: f64) {
        self.carry -= covering_log;
        let close = open - covering_log;
        let change = close - self.log_spot;
        self.past_sum += close - self.past.replace(close);
        self.squares_sum += change * change - self.squares.replace(change * change);
        self.log_spot = close;
        self.spot = close.exp();
    }

    /// Rise of the yen over the last five days.
    pub(crate) fn rise_5d(&self) -> f64 {
        self.past.ago(5) - self.log_spot
    }

    fn average(&self) -> f64 {
        self.past_sum / 60.0
    }

    fn volatility_pct(&self) -> f64 {
        100.0 * (self.squares_sum.max(0.0) * 252.0 / 20.0).sqrt()
    }

    pub(crate) fn shock_view(&mut self) -> ShockView {
        let level = self.log_spot - self.diffusion;
        let twenty = self.shock_past.ago(19); // today is not remembered yet
        let sixty = self.shock_past.replace(level);
        self.high = self.high.max(level);
        ShockView { level, change_60d: level - sixty, change_20d: level - twenty, high: self.high }
    }
}

/// The book of yen-funded positions.
#[derive(Debug, Clone)]
pub(crate) struct Carry {
    p: carry_unwind::Params<f64>,
    book: f64,
    pub(crate) closed: f64,
    tolerance: f64,
    log_per_bn: f64,
    rebuild: f64,
    covered: Ring<20>,
    covered_sum: f64,
    first: f64,
    amplified: f64,
    standing: f64,
}

/// What the book does in a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CarryTrades {
    pub(crate) covering_log: f64,
    pub(crate) ust: f64,
    pub(crate) equities: f64,
}

impl Carry {
    pub(crate) fn new(p: carry_unwind::Params<f64>, on: f64) -> Self {
        Carry {
            book: p.book_usd_bn * p.margin_sensitive_share * on,
            closed: 0.0,
            tolerance: p.tolerance_pct / 100.0 * 7.0 / p.leverage,
            log_per_bn: p.yen_pct_per_usd_bn / 100.0,
            rebuild: 1.0 - half_life(p.rebuild_half_life_days),
            covered: Ring::full_of(0.0),
            covered_sum: 0.0,
            first: 0.0,
            amplified: 0.0,
            standing: 0.0,
            p,
        }
    }

    pub(crate) fn step(&mut self, yen: &Yen, open: f64, rate_gap: f64) -> CarryTrades {
        let p = &self.p;
        let volatility = yen.volatility_pct();
        let others_19_days = self.covered_sum - self.covered.oldest();
        let room = (p.yen_cap_pct / 100.0 - others_19_days).max(0.0);
        let closing = self.closing(yen.average() - open, volatility, room);
        let p = &self.p;
        let quiet = volatility < p.rebuild_vol_pct && rate_gap > p.rebuild_gap_pct;
        let part = if closing == 0.0 && quiet { self.rebuild } else { 0.0 };
        let traded = closing - part * self.closed * self.book;
        if self.book > 0.0 {
            self.closed += traded / self.book;
        }
        let covering_log = (closing * self.log_per_bn).min(room) - part * self.standing;
        self.standing += covering_log;
        let lifted = covering_log.max(0.0);
        self.covered_sum += lifted - self.covered.replace(lifted);
        if closing > 0.0 {
            self.first += (yen.log_spot - open).max(0.0);
            self.amplified += covering_log;
        }
        CarryTrades {
            covering_log,
            ust: traded * p.ust_share,
            equities: traded * (1.0 - p.ust_share) * p.us_equity_share_of_rest,
        }
    }

    /// The smallest fixed point, from 0 upwards until a day's closing moves by no more than a hundred thousand dollars.
    fn closing(&self, felt: f64, volatility: f64, room: f64) -> f64 {
        let p = &self.p;
        if felt <= 0.0 || self.book <= 0.0 {
            return 0.0;
        }
        let ratio = p.tightening_vol_pct / volatility.max(0.1);
        let tightening = (ratio.ln() * p.tightening_exponent).exp().clamp(0.5, 1.2);
        let threshold = self.tolerance * tightening;
        let mut closing: f64 = 0.0;
        for _ in 0..60 {
            let rise = (felt + (closing * self.log_per_bn).min(room)).max(1e-9);
            let called = normal_cdf((rise / threshold).ln() / p.tolerance_sigma);
            let next = ((called - self.closed).max(0.0) * p.closing_speed * self.book).max(closing);
            let done = next - closing <= 1e-4;
            closing = next;
            if done {
                break;
            }
        }
        closing
    }

    pub(crate) fn amplification(&self) -> f64 {
        if self.first > 1e-3 { 1.0 + self.amplified / self.first } else { 1.0 }
    }
}

fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The S&P 500 and VIX.
#[derive(Debug, Clone)]
pub(crate) struct Equity {
    p: equity::Params<f64>,
    ordinary: f64,
    by_event: [f64; 3],
    lasting: f64,
    passing: f64,
    passing_decay: f64,
    vix_above: f64,
    vix_decay: f64,
    pub(crate) log_level: f64,
    pub(crate) vix: f64,
    /// Today's falls by shock, %: yen and carry side, US-made, global.
    pub(crate) falls: [f64; 3],
}

impl Equity {
    pub(crate) fn new(p: equity::Params<f64>) -> Self {
        Equity {
            ordinary: 0.0,
            by_event: [0.0; 3],
            lasting: 0.0,
            passing: 0.0,
            passing_decay: half_life(p.passing_half_life_days),
            vix_above: 0.0,
            vix_decay: half_life(p.vix_half_life_days),
            log_level: 0.0,
            vix: p.vix,
            falls: [0.0; 3],
            p,
        }
    }

    /// `sales` are the carry book's of yesterday.
    pub(crate) fn step(&mut self, draws: &Draws, events: [f64; 3], sales: f64) {
        let p = &self.p;
        let before = self.lasting + self.passing;
        self.lasting -= sales * p.lasting_pct_per_usd_bn / 100.0;
        self.passing = self.passing * self.passing_decay - sales * p.passing_pct_per_usd_bn / 100.0;
        let by_sales = self.lasting + self.passing - before;
        self.ordinary += p.noise_pct / 100.0 * draws.z[7];
        for (sum, event) in self.by_event.iter_mut().zip(events) {
            *sum += event;
        }
        let dated: f64 = self.by_event.iter().sum();
        self.log_level = self.ordinary + dated + self.lasting + self.passing;
        let fall = |change: f64| (-100.0 * change).max(0.0);
        self.falls = [fall(events[0] + by_sales), fall(events[1]), fall(events[2])];
        let fallen: f64 = self.falls.iter().sum();
        self.vix_above =
            self.vix_above * self.vix_decay + p.vix_noise * draws.z[8] + p.vix_per_fall * fallen;
        self.vix = (p.vix + self.vix_above).max(5.0);
    }

    /// Log level without the parts that a haven answers: yen and carry side, US-made, global.
    pub(crate) fn unanswered(&self, answers: [bool; 3]) -> f64 {
        let carry = self.lasting + self.passing;
        let parts = [self.by_event[0] + carry, self.by_event[1], self.by_event[2]];
        let seen = parts.iter().zip(answers).filter(|(_, answered)| !answered);
        self.ordinary + seen.map(|(part, _)| part).sum::<f64>()
    }
}

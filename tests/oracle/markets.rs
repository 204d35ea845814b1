//! The yen with the carry books that close within its day, and equities: `usdjpy`, `carry_unwind`, `equity`.
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

use super::rng::Draws;
use super::{Ring, half_life, normal_cdf};
use ustress::model::{carry_unwind, equity, usdjpy};

/// Yen per dollar.
#[derive(Debug, Clone)]
pub(crate) struct Yen {
    p: usdjpy::Params<f64>,
    start: f64,
    pub(crate) diffusion: f64,
    shock: f64,
    flow: f64,
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

/// What moves the yen but chance. The flows are yesterday's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct YenNews {
    pub(crate) gap_surprise_bp: f64,
    /// Fiscal move of the JGB 10-year, less what the BOJ took back.
    pub(crate) fiscal_bp: f64,
    pub(crate) event_log: f64,
    pub(crate) repatriation: f64,
    pub(crate) intervention_log: f64,
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

    /// Log spot before the carry books close anything; `covered` is what stands of their covering.
    pub(crate) fn open(&mut self, draws: &Draws, news: &YenNews, covered: f64) -> f64 {
        let p = &self.p;
        let (up, down) = (p.jumps_up_per_year / 252.0, p.jumps_down_per_year / 252.0);
        let jump = if draws.yen_jump < up {
            -(p.jump_up_pct + p.jump_up_sd_pct * draws.yen_size)
        } else if draws.yen_jump < up + down {
            p.jump_down_pct + p.jump_down_sd_pct * draws.yen_size
        } else {
            0.0
        };
        let mean = down * p.jump_down_pct - up * p.jump_up_pct;
        self.diffusion += p.diffusion_pct / 100.0 * draws.z[6];
        let by_rates = p.per_gap_bp * news.gap_surprise_bp + p.per_fiscal_bp * news.fiscal_bp;
        self.shock += (jump - mean + by_rates) / 100.0 + news.event_log;
        self.flow = self.flow * self.flow_decay
            - p.repatriation_pct_per_usd_bn / 100.0 * news.repatriation
            + news.intervention_log;
        let most = p.order_flow_most_pct / 100.0;
        let by_flow = most * (self.flow / most).tanh();
        self.start + self.diffusion + self.shock + by_flow - covered
    }

    /// Closes the day after the carry books have lifted the yen by `covering_log`.
    pub(crate) fn close(&mut self, open: f64, covering_log: f64) {
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

/// The books of yen-funded positions.
#[derive(Debug, Clone)]
pub(crate) struct Carry {
    p: carry_unwind::Params<f64>,
    fast_book: f64,
    slow_book: f64,
    /// Yen % if all of a book closed.
    fast_yen: f64,
    slow_yen: f64,
    /// Share of the fast book that is open, of the slow one that is closed.
    open: f64,
    slow_closed: f64,
    standing: f64,
    /// Rises of the yen by the rest and by covering, on the days of covering.
    first: f64,
    covered: f64,
}

/// What the books do in a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CarryTrades {
    pub(crate) covering_log: f64,
    pub(crate) ust: f64,
    pub(crate) equities: f64,
}

impl Carry {
    pub(crate) fn new(p: carry_unwind::Params<f64>, on: f64) -> Self {
        let (fast_book, slow_book) = (p.fast_book_usd_bn * on, p.slow_book_usd_bn * on);
        let of = |book: f64, yen: f64| if book > 0.0 { yen } else { 0.0 };
        Carry {
            fast_book,
            slow_book,
            fast_yen: of(fast_book, p.fast_yen_pct),
            slow_yen: of(slow_book, p.slow_yen_pct),
            open: 1.0,
            slow_closed: 0.0,
            standing: 0.0,
            first: 0.0,
            covered: 0.0,
            p,
        }
    }

    /// What stands at the open of the covering of the days before.
    pub(crate) fn fade(&mut self) -> f64 {
        self.standing *= half_life(self.p.yen_half_life_days);
        self.standing
    }

    pub(crate) fn step(&mut self, yen: &Yen, open: f64, rate_gap: f64) -> CarryTrades {
        let p = self.p;
        let rise = 100.0 * (yen.past.ago(4) - open); // the close of five days before today
        let above = 100.0 * (yen.average() - open);
        let y = self.covering(rise);
        let closed_fast = self.fast(rise + y, above + y);
        let called = if above > p.slow_tolerance_pct / 4.0 {
            normal_cdf((above / p.slow_tolerance_pct).ln() / p.slow_tolerance_sigma)
        } else {
            0.0
        };
        let closing = p.slow_closing_speed * (called - self.slow_closed).max(0.0);
        let quiet = yen.volatility_pct() < p.rebuild_vol_pct && rate_gap > p.rebuild_gap_pct;
        let rebuilt = if quiet && closing == 0.0 {
            self.slow_closed * (1.0 - half_life(p.rebuild_half_life_days))
        } else {
            0.0
        };
        self.slow_closed += closing - rebuilt;
        let covering_log = (y + self.slow_yen * closing) / 100.0;
        self.standing += covering_log;
        if covering_log > 0.0 {
            self.first += (yen.log_spot - open).max(0.0);
            self.covered += covering_log;
        }
        let sold = closed_fast * self.fast_book + (closing - rebuilt) * self.slow_book;
        CarryTrades {
            covering_log,
            ust: sold * p.ust_share,
            equities: sold * (1.0 - p.ust_share) * p.us_equity_share_of_rest,
        }
    }

    /// The one y with y = W o (1 − e^(−b (R₀ + y − 2) / 5)), by halving: the right side less y is above 0 at 0, below at W o.
    fn covering(&self, rise: f64) -> f64 {
        let p = &self.p;
        let beyond = rise - p.ordinary_rise_pct;
        let all = self.fast_yen * self.open;
        if beyond <= 0.0 || all <= 0.0 {
            return 0.0;
        }
        let asked = |y: f64| all * -(-p.fast_closing_per_rise * (beyond + y) / 5.0).exp_m1();
        let (mut low, mut high) = (0.0, all);
        for _ in 0..200 {
            let middle = (low + high) / 2.0;
            if asked(middle) > middle {
                low = middle;
            } else {
                high = middle;
            }
        }
        (low + high) / 2.0
    }

    /// Closes and grows the fast book; gives the share closed, negative where it has grown.
    fn fast(&mut self, rise: f64, above: f64) -> f64 {
        let p = &self.p;
        if self.fast_book == 0.0 {
            return 0.0;
        }
        let hazard = (p.fast_closing_per_rise * rise.max(0.0)
            + p.fast_closing_above_mean * above.max(0.0))
            / 5.0;
        let growth = (p.fast_growth_per_fall * (-rise).max(0.0) + p.fast_growth) / 5.0;
        let before = self.open;
        self.open = (before * (-hazard).exp() + before * growth).min(p.fast_most_open);
        before - self.open
    }

    /// Share of the fast book that is closed.
    pub(crate) fn closed(&self) -> f64 {
        1.0 - self.open
    }

    pub(crate) fn amplification(&self) -> f64 {
        if self.first > 1e-3 { 1.0 + self.covered / self.first } else { 1.0 }
    }
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

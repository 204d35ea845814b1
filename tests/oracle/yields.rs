//! From flows to yields, and what answers: `dealers`, `impact`, `safe_haven`, `jgb_spillover`, `backstop`.

use super::{Ring, half_life};
use ustress::model::{backstop, dealers, impact, jgb_spillover, safe_haven};

/// Whether dealers are stressed for reasons other than the flow.
#[derive(Debug, Clone)]
pub(crate) struct Dealers {
    p: dealers::Params<f64>,
    days_left: f64,
    by_event: f64,
    event_days_left: f64,
    past_pct: Ring<10>,
    /// Squared moves of the last ten days, bp², and the variance of the days before them.
    squares: Ring<10>,
    variance: f64,
    yesterday: f64,
}

impl Dealers {
    pub(crate) fn new(p: dealers::Params<f64>, ust_10y: f64) -> Self {
        let stressed = p.stressed_draw < p.stressed_probability;
        Dealers {
            days_left: if stressed { p.stress_days + 1.0 } else { 0.0 },
            by_event: 0.0,
            event_days_left: 0.0,
            past_pct: Ring::full_of(ust_10y),
            squares: Ring::full_of(p.recent_vol_bp * p.recent_vol_bp),
            variance: p.recent_vol_bp * p.recent_vol_bp,
            yesterday: ust_10y,
            p,
        }
    }

    pub(crate) fn stressed(&self) -> bool {
        self.days_left > 0.0 || self.event_days_left > 0.0
    }

    /// Yesterday's 10-year yield, and stress by event that begins today. Gives the multiplier asked, 0 for none.
    pub(crate) fn step(&mut self, ust_10y: f64, event: [f64; 2]) -> f64 {
        self.days_left -= 1.0;
        self.event_days_left -= 1.0;
        let change = ust_10y - self.past_pct.replace(ust_10y);
        let today = 100.0 * (ust_10y - self.yesterday);
        self.yesterday = ust_10y;
        let kept = half_life(126.0);
        self.variance = kept * self.variance + (1.0 - kept) * self.squares.replace(today * today);
        let unusual = self.p.stress_trigger_sd * (10.0 * self.variance).sqrt();
        if change.abs() * 100.0 > self.p.stress_trigger_bp.max(unusual) {
            self.days_left = self.p.stress_days;
        }
        if event[1] > 0.0 {
            let standing = if self.event_days_left > 0.0 { self.by_event } else { 0.0 };
            self.by_event = event[0].max(standing);
            self.event_days_left = event[1].max(self.event_days_left);
        }
        let mut asked: f64 = 0.0;
        if self.days_left > 0.0 {
            asked = self.p.stress_multiplier;
        }
        if self.event_days_left > 0.0 {
            asked = asked.max(self.by_event);
        }
        asked
    }
}

/// Rows: the five flow channels, then the Fed's dated purchases.
pub(crate) const ROWS: usize = 6;
/// Row of the contagion.
pub(crate) const CONTAGION: usize = 4;

/// A day's flows, USD bn.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flows {
    /// Duration-weighted, with lasting and transitory effect.
    pub(crate) weighted: [f64; ROWS],
    /// Duration-weighted, of the contagion row, with transitory effect only.
    pub(crate) passing_only: f64,
    /// The part of official holders.
    pub(crate) official: f64,
    /// The part that JGB shocks caused.
    pub(crate) caused: f64,
    /// All, unweighted.
    pub(crate) par: f64,
    /// Abnormal issuance.
    pub(crate) issuance: f64,
}

/// A lasting and a transitory effect, bp.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Effect {
    pub(crate) lasting: f64,
    pub(crate) passing: f64,
}

impl Effect {
    fn add(&mut self, flow: f64, unit: &Effect, decay: f64) {
        self.lasting += flow * unit.lasting;
        self.passing = self.passing * decay + flow * unit.passing;
    }

    pub(crate) fn total(&self) -> f64 {
        self.lasting + self.passing
    }
}

/// Transitory effect of USD 100bn on the day of the sale: what stands after 21 even sales is the mean of the faded ones.
pub(crate) fn one_day(p: &impact::Params<f64>) -> f64 {
    let half_life = p.half_life_days.max(5.0);
    let faded = (0..21).map(|age| libm::exp2(-f64::from(age) / half_life));
    p.transitory_bp_per_100bn / (faded.sum::<f64>() / 21.0)
}

/// The propagator.
#[derive(Debug, Clone)]
pub(crate) struct Propagator {
    p: impact::Params<f64>,
    decay: f64,
    /// Transitory effect of USD 100bn on the day of the sale, bp.
    one_day: f64,
    /// As the day leaves them: by row, of official sales, of sales that JGB shocks caused.
    pub(crate) rows: [Effect; ROWS],
    pub(crate) official: Effect,
    pub(crate) caused: Effect,
    /// The same before value buyers come in.
    raw: [Effect; ROWS + 2],
    past: Ring<21>,
    past_sum: f64,
    issued: f64,
    tilt_days: f64,
    pub(crate) multiplier: f64,
    /// 29/M (1 − matched) / 100 today.
    pub(crate) scale: f64,
}

impl Propagator {
    pub(crate) fn new(p: impact::Params<f64>) -> Self {
        Propagator {
            decay: half_life(p.half_life_days),
            one_day: one_day(&p),
            rows: Default::default(),
            official: Effect::default(),
            caused: Effect::default(),
            raw: Default::default(),
            past: Ring::full_of(0.0),
            past_sum: 0.0,
            issued: 0.0,
            tilt_days: 0.0,
            multiplier: 1.0,
            scale: 0.0,
            p,
        }
    }

    /// At a refunding: coupons become bills for a quarter when yesterday's impact is large.
    pub(crate) fn refund(&mut self, impact_10y: f64) {
        if impact_10y > self.p.issuance_tilt_trigger_bp {
            self.tilt_days = 63.0;
        }
    }

    /// `asked` is the multiplier that stressed dealers ask, 0 for none.
    pub(crate) fn step(&mut self, step: usize, flows: &Flows, asked: f64) {
        let p = &self.p;
        let unmatched = 1.0 - p.matched_share;
        let tilt = if self.tilt_days > 0.0 { p.issuance_tilt_usd_bn / 63.0 } else { 0.0 };
        self.tilt_days -= 1.0;
        self.issued += flows.issuance;
        let carried = flows.par + flows.issuance - tilt;
        self.past_sum += carried - self.past.replace(carried);
        let load = unmatched * self.past_sum.max(0.0);
        let strain = (load / p.stress_threshold_usd_bn - 1.0).max(0.0);
        self.multiplier = (1.0 + p.stress_slope * strain).min(p.stress_cap).max(asked);
        let issued = p.issuance_usd_bn_per_year * step as f64 / 252.0 + self.issued;
        let market = (p.market_usd_tn + issued / 1000.0).max(0.1);
        let capacity = (1.0 - p.gdp_scaling) + p.gdp_scaling * p.gdp_ratio;
        self.scale = 29.0 / market * unmatched * capacity / 100.0;
        let unit = Effect {
            lasting: self.scale * p.lasting_bp_per_100bn,
            passing: self.scale * self.one_day * self.multiplier,
        };
        let parts = flows.weighted.into_iter().chain([flows.official, flows.caused]);
        for (effect, flow) in self.raw.iter_mut().zip(parts) {
            effect.add(flow, &unit, self.decay);
        }
        self.raw[CONTAGION].passing += flows.passing_only * unit.passing;
        let left = self.left();
        let after = self.raw.map(|raw| Effect { passing: left * raw.passing, ..raw });
        self.rows.copy_from_slice(&after[..ROWS]);
        [self.official, self.caused] = [after[ROWS], after[ROWS + 1]];
    }

    /// Transitory effect of the five flow channels.
    pub(crate) fn passing(&self) -> f64 {
        self.rows[..5].iter().map(|row| row.passing).sum()
    }

    /// What value buyers leave of the transitory effects.
    pub(crate) fn left(&self) -> f64 {
        let x: f64 = self.raw[..ROWS].iter().map(|row| row.passing).sum();
        let most = self.p.transitory_most_bp;
        if x == 0.0 { 1.0 } else { most * (x / most).tanh() / x }
    }

    /// Transitory effect of USD 1bn today.
    pub(crate) fn bp_per_bn(&self) -> f64 {
        self.scale * self.one_day * self.multiplier
    }

    /// Lasting effect of USD 1bn today.
    pub(crate) fn lasting_bp_per_bn(&self) -> f64 {
        self.scale * self.p.lasting_bp_per_100bn
    }
}

/// Buyers who come when equities fall for reasons of the yen.
#[derive(Debug, Clone)]
pub(crate) struct Haven {
    response: [f64; 3],
    decay: f64,
    impulses: Ring<4>,
    raw: f64,
    largest: f64,
    pub(crate) level: f64,
    /// For the yen and carry side, US-made, global falls.
    pub(crate) works: [bool; 3],
}

impl Haven {
    pub(crate) fn new(p: &safe_haven::Params<f64>, on: f64) -> Self {
        let odds = [p.works_probability_yen, p.works_probability_us, p.works_probability_global];
        let works = odds.map(|odds| p.works_draw < odds && on > 0.0);
        Haven {
            response: works.map(|works| if works { p.bp_per_equity_fall } else { 0.0 }),
            decay: half_life(p.half_life_days),
            impulses: Ring::full_of(0.0),
            raw: 0.0,
            largest: p.largest_bp,
            level: 0.0,
            works,
        }
    }

    pub(crate) fn step(&mut self, falls: &[f64; 3]) {
        let impulse: f64 = self.response.iter().zip(falls).map(|(b, fall)| b * fall).sum();
        self.impulses.replace(impulse.max(0.0));
        self.raw = self.raw * self.decay + self.impulses.sum() / 4.0;
        self.level = -self.largest * (self.raw / self.largest).tanh();
    }
}

/// JGB shocks that travel.
#[derive(Debug, Clone)]
pub(crate) struct Spillover {
    beta: f64,
    boj_share: f64,
    decay: f64,
    gross: f64,
    pub(crate) level: f64,
}

impl Spillover {
    pub(crate) fn new(p: &jgb_spillover::Params<f64>, on: f64) -> Self {
        Spillover {
            beta: p.beta * on,
            boj_share: p.boj_share,
            decay: half_life(p.half_life_days),
            gross: 0.0,
            level: 0.0,
        }
    }

    /// Takes back what calming did, up to zero, then nets off what the same shocks' sales have already done, up to zero;
    /// counter-moving sales are not netted.
    pub(crate) fn step(&mut self, fiscal: f64, boj: f64, calmed: f64, caused: f64) {
        self.gross = self.gross * self.decay + self.beta * (fiscal + self.boj_share * boj);
        if self.gross > 0.0 {
            self.gross = (self.gross - self.beta * calmed).max(0.0);
        }
        self.level = if self.gross >= 0.0 {
            (self.gross - caused.max(0.0)).max(0.0)
        } else {
            (self.gross - caused.min(0.0)).min(0.0)
        };
    }
}

/// The Fed's backstop.
#[derive(Debug, Clone)]
pub(crate) struct Backstop {
    p: backstop::Params<f64>,
    acts: bool,
    past: Ring<21>,
    since: f64,
    /// Share of the transitory effect taken away.
    pub(crate) damped: f64,
    reversal: f64,
    pub(crate) purchases_today: f64,
}

impl Backstop {
    pub(crate) fn new(p: backstop::Params<f64>, on: f64) -> Self {
        Backstop {
            acts: p.draw < p.probability * on,
            past: Ring::full_of(0.0),
            since: 1e6,
            damped: 0.0,
            reversal: 0.0,
            purchases_today: 0.0,
            p,
        }
    }

    /// Gives the row.
    pub(crate) fn step(&mut self, gross: f64, flows: &Propagator, stressed: bool) -> f64 {
        let p = &self.p;
        let ten_days = gross - self.past.ago(9); // today is not remembered yet
        let long = gross - self.past.replace(gross);
        let broken = stressed || flows.multiplier >= p.dysfunction_multiplier;
        self.since += 1.0;
        let whole = p.build_days + p.hold_days + p.build_days;
        if self.acts && broken && ten_days.max(long) > p.trigger_bp && self.since > whole {
            self.since = 0.0;
        }
        let up = (self.since + 1.0) / p.build_days;
        let down = (whole - self.since) / p.build_days;
        self.damped = up.min(down).clamp(0.0, 1.0) * p.damping;
        let reversal = self.damped * flows.passing().max(0.0);
        let bought =
            (reversal - self.reversal).max(0.0) / (flows.bp_per_bn() * flows.left()).max(1e-6);
        self.purchases_today = bought.min(p.purchases_cap_usd_bn);
        self.reversal = reversal;
        -reversal
    }
}

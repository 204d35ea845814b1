//! `carry_unwind`: the repayment loop. A yen rise triggers margin calls, closing buys yen, which triggers more.
//!
//! ```text
//! d        = mean of ln S over 60 days − ln S                          rise of the yen that the book feels
//! θ        = tolerance · tightening · 7 / leverage,   tightening = clip((8.5% / vol20)^η, 0.5, 1.2)
//! trigger  = Φ(ln(d / θ) / σ)                                          share of the margin-sensitive book called
//! c        = speed · max(0, trigger(d₀ + k c) − closed) · book         USD bn closed today: the smallest fixed point
//! ```
//!
//! Within the day c is iterated upwards from 0, c ← f(c); f is increasing, so this ends at the smallest fixed point. A
//! path that has converged (to USD 0.1m) is frozen while its neighbours go on. k is the fall of log spot per USD bn
//! covered, at most
//! 25% in twenty days. The yen-funded assets sold are Treasuries (owned by the book, not by Japan), US equities and
//! others. The book rebuilds, half in 120 days, while volatility is below 9% and the rate gap above 1.5 points.
//!
//! The average and the volatility are those of yesterday's close; volatility counts as at least 0.1%. Within the
//! iteration
//! too, what covering adds to d is capped at what is left of the 25% of the last twenty days, today included; it
//! takes at
//! most sixty rounds. Nothing is rebuilt on a
//! day that covers; rebuilding a part of what is closed gives back that part of the yen's rise by covering.
//! Treasuries are sold at duration weight 1.
//!
//! ```text
//! amplification = 1 + Σ covering / Σ max(0, first)    log moves of the yen over the days on which the book covers; 1 if none,
//!                                                     or if the yen rose by less than 0.1% on them
//! ```
//!
//! Sources: BIS Bulletin 90 (book of USD 250bn in 2024), CFTC non-commercial net short 155,092 contracts on 2026-06-30
//! against about 184,000 in July 2024 (book scaled to USD 210bn). The median tolerance and its spread are *calibrated*
//! with the closing speed on August 2024 (50–75% closed: JPMorgan, Morgan Stanley; CFTC gross shorts −44% in a week,
//! −58%
//! in four), so that episode is no proof of the model. At the median book the loop then amplifies by about 1.2, at a
//! book
//! of USD 500bn by about 1.6. A day's volatility above 9% stops the rebuilding, so a normal year closes a third of
//! the book.
//! Muted, the book does nothing.
//!
//! Known weakness: the book is not observed (12 to 1,100 in the sources), and its tolerances and speed come from one
//! episode.

use super::usdjpy;
use crate::num::lanes::*;
use crate::scenario::parameters;

parameters! { "carry_unwind" {
    /// The book of yen-funded positions.
    book_usd_bn: "USD bn", 0.0..=5000.0, Some("{ lognormal = { median = 210, sigma = 0.9 }, min = 12, max = 1100 }"), "BIS Bulletin 90: 250 in 2024, times CFTC shorts 155/184; TS Lombard 1,100; CFTC alone 12";
    /// Share of the book that is closed on margin calls.
    margin_sensitive_share: "fraction", 0.0..=1.0, Some("{ beta = { a = 6, b = 4 } }"), "assumption";
    /// Leverage of the margin-sensitive book.
    leverage: "ratio", 0.5..=100.0, Some("{ lognormal = { median = 7, sigma = 0.25 } }"), "assumption: 5 to 10 times";
    /// Median rise of the yen above its 60-day average that a position bears, at leverage 7.
    tolerance_pct: "%", 0.1..=100.0, Some("8"), "calibrated to 31 July - 6 August 2024: 50-75% closed";
    /// Spread of the tolerances over the book, standard deviation of their logs.
    tolerance_sigma: "log", 0.01..=3.0, Some("0.7"), "calibrated to August 2024; November 2022 and July 2023 gave no cascade";
    /// Exponent of the tightening with volatility.
    tightening_exponent: "exponent", 0.0..=3.0, Some("{ uniform = { low = 0.25, high = 1 } }"), "assumption";
    /// Volatility at which tolerances are as given.
    tightening_vol_pct: "% a year", 0.1..=100.0, Some("8.5"), "FRED DEXJPUS, 2022-01 to 2026-06: diffusion alone";
    /// Share of the called positions closed in a day.
    closing_speed: "fraction a day", 0.0..=1.0, Some("0.25"), "calibrated: CFTC gross yen shorts fell 44% from 30 July to 6 August 2024, 58% to 27 August";
    /// Rise of the yen by covering.
    yen_pct_per_usd_bn: "% per USD bn", 0.0..=1.0, Some("{ lognormal = { median = 0.025, sigma = 0.35 } }"), "yen and CFTC positions, July-August 2024";
    /// Largest rise of the yen by covering in twenty days.
    yen_cap_pct: "%", 0.0..=100.0, Some("25"), "assumption: 1998 saw 15% in a week";
    /// Half-life of the rebuilding of the book.
    rebuild_half_life_days: "days", 1.0..=5000.0, Some("120"), "assumption";
    /// Volatility above which nobody rebuilds.
    rebuild_vol_pct: "% a year", 0.0..=200.0, Some("9"), "assumption";
    /// Rate gap, dollar less yen, below which nobody rebuilds.
    rebuild_gap_pct: "%", -10.0..=20.0, Some("1.5"), "assumption";
    /// Share of Treasuries in the book's assets: with the next one, a Dirichlet(3, 7, 10).
    ust_share: "fraction", 0.0..=1.0, Some("{ beta = { a = 3, b = 17 } }"), "assumption: mean 0.15, concentration 20";
    /// Share of US equities in the rest.
    us_equity_share_of_rest: "fraction", 0.0..=1.0, Some("{ beta = { a = 7, b = 10 } }"), "assumption: mean 0.35 of all assets";
} }

/// Most iterations within a day; with a loop gain of g the error left is below g⁶⁰.
const ITERATIONS: usize = 60;
/// Rise of the yen, in log, below which there is nothing to amplify.
const LEAST_RISE: f64 = 1e-3;
/// Convergence of the day's closing, USD bn: a hundred thousand dollars of a book of hundreds of billions.
const TOLERANCE_USD_BN: f64 = 1e-4;

/// The carry book's state on eight paths.
#[derive(Debug, Clone, Copy)]
pub struct State<S: Simd> {
    /// Margin-sensitive book, USD bn.
    book: Lane<S>,
    /// Share of it that is closed.
    pub closed: Lane<S>,
    /// ln of the median tolerance at calm volatility.
    log_threshold: Lane<S>,
    /// ln of the volatility at which tolerances are as given.
    log_calm_vol: Lane<S>,
    inverse_sigma: Lane<S>,
    /// Fall of log spot per USD bn covered.
    log_per_usd_bn: Lane<S>,
    rebuild: Lane<S>,
    /// Fall of log spot by covering that rebuilding has not taken back.
    standing_log: Lane<S>,
    past_covering: [Lane<S>; usdjpy::SHORT],
    covering_sum: Lane<S>,
    /// Rises of the yen by covering and by everything else, in log, over the days on which the book covers.
    covered: Lane<S>,
    first: Lane<S>,
}

/// What the book does today.
#[derive(Debug, Clone, Copy)]
pub struct Outputs<S: Simd> {
    /// Fall of log spot by its covering (negative when it rebuilds).
    pub covering_log: Lane<S>,
    /// Treasuries sold, USD bn.
    pub ust_sales: Lane<S>,
    /// US equities sold, USD bn.
    pub equity_sales: Lane<S>,
}

impl<S: Simd> State<S> {
    /// The state on day 0; `on` is 0 when the channel is muted.
    #[inline(always)]
    pub fn new(simd: S, p: &Params<Lane<S>>, on: f64) -> Self {
        let zero = splat(simd, 0.0);
        State {
            book: p.book_usd_bn * p.margin_sensitive_share * on,
            closed: zero,
            log_threshold: ln(p.tolerance_pct * 0.01 * 7.0 / p.leverage),
            log_calm_vol: ln(p.tightening_vol_pct),
            inverse_sigma: splat(simd, 1.0) / p.tolerance_sigma,
            log_per_usd_bn: p.yen_pct_per_usd_bn * 0.01,
            rebuild: splat(simd, 1.0) - daily_decay(p.rebuild_half_life_days),
            standing_log: zero,
            past_covering: [zero; usdjpy::SHORT],
            covering_sum: zero,
            covered: zero,
            first: zero,
        }
    }

    /// One day, from the open of the yen to its close.
    #[inline(always)]
    pub fn step(
        &mut self,
        p: &Params<Lane<S>>,
        step: usize,
        open: Lane<S>,
        yen: &usdjpy::State<S>,
        rate_gap_pct: Lane<S>,
    ) -> Outputs<S> {
        let s = open.simd;
        let zero = splat(s, 0.0);
        let volatility = yen.volatility_pct();
        let log_threshold = self.log_threshold + self.log_tightening(p, volatility);
        let slot = step % usdjpy::SHORT;
        let room = positive(p.yen_cap_pct * 0.01 - self.covering_sum + self.past_covering[slot]);
        let felt = yen.average_log() - open;
        let closing = self.fixed_point(p, felt, log_threshold, room);
        let covers = closing.simd_gt(zero);
        let quiet = volatility.simd_lt(p.rebuild_vol_pct) & rate_gap_pct.simd_gt(p.rebuild_gap_pct);
        let rebuilds = keep(quiet & !covers, self.rebuild);
        let traded = closing - rebuilds * self.closed * self.book;
        let has_book = self.book.simd_gt(zero);
        self.closed += keep(has_book, traded / self.book);
        let covering_log = (closing * self.log_per_usd_bn).min(room) - rebuilds * self.standing_log;
        self.standing_log += covering_log;
        let pushed = positive(covering_log);
        self.covering_sum += pushed - self.past_covering[slot];
        self.past_covering[slot] = pushed;
        self.first += keep(covers, positive(yen.log_spot - open));
        self.covered += keep(covers, covering_log);
        let rest = traded - traded * p.ust_share;
        Outputs {
            covering_log,
            ust_sales: traded * p.ust_share,
            equity_sales: rest * p.us_equity_share_of_rest,
        }
    }

    /// The day's closing in USD bn: the smallest fixed point of c = speed · max(0, trigger(felt + k c) − closed) · book.
    #[inline(always)]
    fn fixed_point(
        &self,
        p: &Params<Lane<S>>,
        felt: Lane<S>,
        log_threshold: Lane<S>,
        room: Lane<S>,
    ) -> Lane<S> {
        let zero = splat(felt.simd, 0.0);
        let mut closing = zero;
        let mut active = felt.simd_gt(zero) & self.book.simd_gt(zero);
        let mut round = 0;
        while any(active) && round < ITERATIONS {
            let pushed = (closing * self.log_per_usd_bn).min(room);
            let called = self.triggered(felt + pushed, log_threshold);
            let next = positive(called - self.closed) * p.closing_speed * self.book;
            let next = active.select(next.max(closing), closing);
            active &= (next - closing).simd_gt(splat(felt.simd, TOLERANCE_USD_BN));
            closing = next;
            round += 1;
        }
        closing
    }

    /// Amplification so far.
    #[inline(always)]
    pub fn amplification(&self) -> Lane<S> {
        let moved = self.first.simd_gt(splat(self.first.simd, LEAST_RISE));
        keep(moved, self.covered / self.first) + 1.0
    }

    /// Share of the book whose tolerance a rise `felt` exceeds.
    #[inline(always)]
    fn triggered(&self, felt: Lane<S>, log_threshold: Lane<S>) -> Lane<S> {
        let floor = splat(felt.simd, 1e-9);
        normal_cdf((ln(felt.max(floor)) - log_threshold) * self.inverse_sigma)
    }

    /// ln of what the book keeps of its tolerance at this volatility.
    #[inline(always)]
    fn log_tightening(&self, p: &Params<Lane<S>>, volatility_pct: Lane<S>) -> Lane<S> {
        let s = volatility_pct.simd;
        let ratio = self.log_calm_vol - ln(volatility_pct.max(splat(s, 0.1)));
        let (least, most) = (-std::f64::consts::LN_2, 0.182_321_556_793_954_6);
        (ratio * p.tightening_exponent).max(splat(s, least)).min(splat(s, most))
    }
}

//! Everyday shocks: nine correlated standard normals a day, and the named streams they come from.
//!
//! ```text
//! z = L ε,   L Lᵀ = C,   ε independent standard normals
//! ```
//!
//! | factor | what moves | stream |
//! |---|---|---|
//! | 0–3 | UST 2y, 5y, 10y, 30y yields | `fed` |
//! | 4–5 | JGB 10y, 30y yields | `jgb` |
//! | 6 | log USD/JPY, diffusion | `usdjpy` |
//! | 7–8 | log S&P 500, VIX | `equity` |
//!
//! C is estimated on daily changes 2022-01-04 to 2026-06-30 (FRED DGS2, DGS5, DGS10, DGS30, DEXJPUS, VIXCLS, S&P 500
//! closes, MoF JGB curve; 1,052 common days). The yen's entries are those of its diffusion: the measured ones, divided
//! by the diffusion's share 0.54/0.67 of the daily standard deviation, because the jumps are independent.
//!
//! Draws beside these: the size of a fiscal jump is the first normal of the pair that follows factors 4–5, of a yen
//! jump the partner of factor 6; everyday trading and the size of a campaign are a pair of the stream `rebalancing`.
//! Every stream gives the same number of words a day, whatever happens.
//!
//! Known weakness: normal and independent from day to day with constant correlations, which rise in real crises; tails
//! come from jumps, events and channels only.

use crate::num::lanes::*;
use crate::num::rng::{Stream, name_hash, normals, uniform, uniform_halves};
use crate::scenario::parameters;

parameters! { "shocks" {
    /// Correlation of UST 2y and 5y.
    corr_ust2_ust5: "correlation", -1.0..=1.0, Some("0.92"), "FRED DGS2, DGS5, 2022-01 to 2026-06";
    /// Correlation of UST 2y and 10y.
    corr_ust2_ust10: "correlation", -1.0..=1.0, Some("0.80"), "FRED DGS2, DGS10, 2022-01 to 2026-06";
    /// Correlation of UST 2y and 30y.
    corr_ust2_ust30: "correlation", -1.0..=1.0, Some("0.61"), "FRED DGS2, DGS30, 2022-01 to 2026-06";
    /// Correlation of UST 2y and JGB 10y.
    corr_ust2_jgb10: "correlation", -1.0..=1.0, Some("0.10"), "FRED DGS2, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 2y and JGB 30y.
    corr_ust2_jgb30: "correlation", -1.0..=1.0, Some("0.06"), "FRED DGS2, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 2y and the diffusion of USD/JPY.
    corr_ust2_usdjpy: "correlation", -1.0..=1.0, Some("0.57"), "FRED DGS2, DEXJPUS, 2022-01 to 2026-06: 0.46 of the total";
    /// Correlation of UST 2y and the S&P 500.
    corr_ust2_sp500: "correlation", -1.0..=1.0, Some("-0.02"), "FRED DGS2, S&P 500, 2022-01 to 2026-06";
    /// Correlation of UST 2y and VIX.
    corr_ust2_vix: "correlation", -1.0..=1.0, Some("-0.06"), "FRED DGS2, VIXCLS, 2022-01 to 2026-06";
    /// Correlation of UST 5y and 10y.
    corr_ust5_ust10: "correlation", -1.0..=1.0, Some("0.95"), "FRED DGS5, DGS10, 2022-01 to 2026-06";
    /// Correlation of UST 5y and 30y.
    corr_ust5_ust30: "correlation", -1.0..=1.0, Some("0.80"), "FRED DGS5, DGS30, 2022-01 to 2026-06";
    /// Correlation of UST 5y and JGB 10y.
    corr_ust5_jgb10: "correlation", -1.0..=1.0, Some("0.15"), "FRED DGS5, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 5y and JGB 30y.
    corr_ust5_jgb30: "correlation", -1.0..=1.0, Some("0.10"), "FRED DGS5, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 5y and the diffusion of USD/JPY.
    corr_ust5_usdjpy: "correlation", -1.0..=1.0, Some("0.57"), "FRED DGS5, DEXJPUS, 2022-01 to 2026-06: 0.46 of the total";
    /// Correlation of UST 5y and the S&P 500.
    corr_ust5_sp500: "correlation", -1.0..=1.0, Some("-0.07"), "FRED DGS5, S&P 500, 2022-01 to 2026-06";
    /// Correlation of UST 5y and VIX.
    corr_ust5_vix: "correlation", -1.0..=1.0, Some("-0.01"), "FRED DGS5, VIXCLS, 2022-01 to 2026-06";
    /// Correlation of UST 10y and 30y.
    corr_ust10_ust30: "correlation", -1.0..=1.0, Some("0.93"), "FRED DGS10, DGS30, 2022-01 to 2026-06";
    /// Correlation of UST 10y and JGB 10y.
    corr_ust10_jgb10: "correlation", -1.0..=1.0, Some("0.20"), "FRED DGS10, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 10y and JGB 30y.
    corr_ust10_jgb30: "correlation", -1.0..=1.0, Some("0.15"), "FRED DGS10, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 10y and the diffusion of USD/JPY.
    corr_ust10_usdjpy: "correlation", -1.0..=1.0, Some("0.53"), "FRED DGS10, DEXJPUS, 2022-01 to 2026-06: 0.43 of the total";
    /// Correlation of UST 10y and the S&P 500.
    corr_ust10_sp500: "correlation", -1.0..=1.0, Some("-0.09"), "FRED DGS10, S&P 500, 2022-01 to 2026-06";
    /// Correlation of UST 10y and VIX.
    corr_ust10_vix: "correlation", -1.0..=1.0, Some("0.02"), "FRED DGS10, VIXCLS, 2022-01 to 2026-06";
    /// Correlation of UST 30y and JGB 10y.
    corr_ust30_jgb10: "correlation", -1.0..=1.0, Some("0.21"), "FRED DGS30, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 30y and JGB 30y.
    corr_ust30_jgb30: "correlation", -1.0..=1.0, Some("0.17"), "FRED DGS30, MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of UST 30y and the diffusion of USD/JPY.
    corr_ust30_usdjpy: "correlation", -1.0..=1.0, Some("0.42"), "FRED DGS30, DEXJPUS, 2022-01 to 2026-06: 0.34 of the total";
    /// Correlation of UST 30y and the S&P 500.
    corr_ust30_sp500: "correlation", -1.0..=1.0, Some("-0.09"), "FRED DGS30, S&P 500, 2022-01 to 2026-06";
    /// Correlation of UST 30y and VIX.
    corr_ust30_vix: "correlation", -1.0..=1.0, Some("0.03"), "FRED DGS30, VIXCLS, 2022-01 to 2026-06";
    /// Correlation of JGB 10y and 30y.
    corr_jgb10_jgb30: "correlation", -1.0..=1.0, Some("0.64"), "MoF JGB curve, 2022-01 to 2026-06";
    /// Correlation of JGB 10y and the diffusion of USD/JPY.
    corr_jgb10_usdjpy: "correlation", -1.0..=1.0, Some("0.05"), "MoF JGB curve, FRED DEXJPUS, 2022-01 to 2026-06: 0.04 of the total";
    /// Correlation of JGB 10y and the S&P 500.
    corr_jgb10_sp500: "correlation", -1.0..=1.0, Some("0.06"), "MoF JGB curve, S&P 500, 2022-01 to 2026-06";
    /// Correlation of JGB 10y and VIX.
    corr_jgb10_vix: "correlation", -1.0..=1.0, Some("-0.13"), "MoF JGB curve, FRED VIXCLS, 2022-01 to 2026-06";
    /// Correlation of JGB 30y and the diffusion of USD/JPY.
    corr_jgb30_usdjpy: "correlation", -1.0..=1.0, Some("0.02"), "MoF JGB curve, FRED DEXJPUS, 2022-01 to 2026-06";
    /// Correlation of JGB 30y and the S&P 500.
    corr_jgb30_sp500: "correlation", -1.0..=1.0, Some("0.04"), "MoF JGB curve, S&P 500, 2022-01 to 2026-06";
    /// Correlation of JGB 30y and VIX.
    corr_jgb30_vix: "correlation", -1.0..=1.0, Some("-0.08"), "MoF JGB curve, FRED VIXCLS, 2022-01 to 2026-06";
    /// Correlation of the diffusion of USD/JPY and the S&P 500.
    corr_usdjpy_sp500: "correlation", -1.0..=1.0, Some("0.0"), "FRED DEXJPUS, S&P 500, 2022-01 to 2026-06";
    /// Correlation of the diffusion of USD/JPY and VIX.
    corr_usdjpy_vix: "correlation", -1.0..=1.0, Some("-0.06"), "FRED DEXJPUS, VIXCLS, 2022-01 to 2026-06: -0.05 of the total";
    /// Correlation of the S&P 500 and VIX.
    corr_sp500_vix: "correlation", -1.0..=1.0, Some("-0.78"), "S&P 500, FRED VIXCLS, 2022-01 to 2026-06";
} }

/// Number of correlated factors.
pub const FACTORS: usize = 9;

/// Lower Cholesky factor of the correlation matrix, row by row.
pub type Cholesky = [[f64; FACTORS]; FACTORS];

/// The day's draws of eight paths.
#[derive(Debug, Clone, Copy)]
pub struct Draws<S: Simd> {
    /// UST 2y, 5y, 10y, 30y: correlated standard normals.
    pub ust: [Lane<S>; 4],
    /// JGB 10y, 30y: correlated standard normals.
    pub jgb: [Lane<S>; 2],
    /// USD/JPY diffusion: correlated standard normal.
    pub usdjpy: Lane<S>,
    /// S&P 500 and VIX: correlated standard normals.
    pub equity: [Lane<S>; 2],
    /// Size of a JGB fiscal jump: standard normal.
    pub fiscal_size: Lane<S>,
    /// Size of a yen jump: standard normal.
    pub yen_size: Lane<S>,
    /// Everyday trading of Japanese holders: standard normal.
    pub everyday: Lane<S>,
    /// Outcome of a BOJ meeting: uniform.
    pub boj_meeting: Lane<S>,
    /// Outcome of a Fed meeting and change of its regime: uniforms.
    pub fed_meeting: (Lane<S>, Lane<S>),
    /// Whether a JGB fiscal jump comes: uniform.
    pub fiscal_jump: Lane<S>,
    /// Whether the yen jumps, and which way: uniform.
    pub yen_jump: Lane<S>,
    /// Whether the MoF acts: uniform.
    pub intervention: Lane<S>,
    /// Size of its campaign: standard normal.
    pub campaign_size: Lane<S>,
    /// Whether each of four official holders follows: uniforms.
    pub officials: [Lane<S>; 4],
    /// Whether leveraged funds follow: uniform.
    pub leveraged: Lane<S>,
}

/// Number of standard normals that a day uses.
pub const NORMALS_A_DAY: usize = 12;

/// The streams of eight paths, one a mechanism that draws.
#[derive(Debug, Clone, Copy)]
pub struct Streams<S: Simd> {
    boj: Stream<S>,
    fed: Stream<S>,
    jgb: Stream<S>,
    usdjpy: Stream<S>,
    equity: Stream<S>,
    rebalancing: Stream<S>,
    intervention: Stream<S>,
    contagion: Stream<S>,
}

impl<S: Simd> Streams<S> {
    /// Starts the streams of paths `first_path` to `first_path + 7`.
    #[inline(always)]
    pub fn new(simd: S, seed: u64, first_path: u64) -> Self {
        let stream = |name| Stream::new(simd, seed, first_path, name_hash(name));
        Streams {
            boj: stream("boj"),
            fed: stream("fed"),
            jgb: stream("jgb"),
            usdjpy: stream("usdjpy"),
            equity: stream("equity"),
            rebalancing: stream("rebalancing"),
            intervention: stream("intervention"),
            contagion: stream("contagion"),
        }
    }

    /// The draws of the next day. The number of words a stream gives a day is fixed: boj 2, fed 3, jgb 3, usdjpy 2,
    /// equity 1, rebalancing 1, intervention 1, contagion 3.
    #[inline(always)]
    pub fn day(&mut self, cholesky: &Cholesky) -> Draws<S> {
        let (ust_front, ust_back) = normals(self.fed.word(), self.fed.word());
        let (jgb, [fiscal_size, _]) = normals(self.jgb.word(), self.jgb.word());
        let ([usdjpy, yen_size], equity) = normals(self.usdjpy.word(), self.equity.word());
        let ([everyday, campaign_size], _) = normals(self.rebalancing.word(), self.boj.word());
        let independent = [
            ust_front[0],
            ust_front[1],
            ust_back[0],
            ust_back[1],
            jgb[0],
            jgb[1],
            usdjpy,
            equity[0],
            equity[1],
        ];
        let z = correlate(cholesky, &independent);
        let contagion = [0; 3].map(|_| uniform_halves(self.contagion.word()));
        Draws {
            ust: [z[0], z[1], z[2], z[3]],
            jgb: [z[4], z[5]],
            usdjpy: z[6],
            equity: [z[7], z[8]],
            fiscal_size,
            yen_size,
            everyday,
            boj_meeting: uniform(self.boj.word()),
            fed_meeting: uniform_halves(self.fed.word()),
            fiscal_jump: uniform(self.jgb.word()),
            yen_jump: uniform(self.usdjpy.word()),
            intervention: uniform(self.intervention.word()),
            campaign_size,
            officials: [contagion[0].0, contagion[0].1, contagion[1].0, contagion[1].1],
            leveraged: contagion[2].0,
        }
    }
}

/// z = L ε.
#[inline(always)]
fn correlate<S: Simd>(cholesky: &Cholesky, independent: &[Lane<S>; FACTORS]) -> [Lane<S>; FACTORS] {
    let mut z = *independent;
    let mut i = 0;
    while i < FACTORS {
        let mut sum = independent[0] * cholesky[i][0];
        let mut j = 1;
        while j <= i {
            sum += independent[j] * cholesky[i][j];
            j += 1;
        }
        z[i] = sum;
        i += 1;
    }
    z
}

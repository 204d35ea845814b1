//! What the engine draws every day: each stream's normals and uniforms, and that none knows another.

use super::judge::{correlated, exact, independent, moments, same, sorted};
use super::{Check, Part};
use crate::model::shocks::{Cholesky, Draws, FACTORS, Streams};
use crate::num::lanes::{LANES, Lane, LaneWork, Simd, SimdBase as _, with_lanes};
use crate::num::resample::generator;
use crate::num::rng::{PathKeys, PathStream, name_hash};
use crate::num::{normal_cdf, normal_quantile};
use rand::RngExt as _;
use rand_distr::{Distribution as _, StandardNormal};
use rayon::prelude::*;

/// Days of a path.
pub const DAYS: usize = 64;

/// Draws of a day: name, and whether it is a normal; the first nine are the correlated factors.
const NAMES: [(&str, bool); 24] = [
    ("UST 2y", true),
    ("UST 5y", true),
    ("UST 10y", true),
    ("UST 30y", true),
    ("JGB 10y", true),
    ("JGB 30y", true),
    ("USD/JPY", true),
    ("S&P 500", true),
    ("VIX", true),
    ("fiscal size", true),
    ("yen jump size", true),
    ("everyday trade", true),
    ("campaign size", true),
    ("BOJ meeting", false),
    ("Fed meeting", false),
    ("Fed regime", false),
    ("fiscal jump", false),
    ("yen jump", false),
    ("intervention", false),
    ("official 1", false),
    ("official 2", false),
    ("official 3", false),
    ("official 4", false),
    ("leveraged funds", false),
];

/// Names of the streams, as the engine starts them.
const STREAMS: [&str; 8] =
    ["boj", "fed", "jgb", "usdjpy", "equity", "rebalancing", "intervention", "contagion"];

/// Daily draws of some paths.
#[derive(Debug, Clone)]
pub struct StreamSample {
    /// One column a draw of a day, path after path, [`DAYS`] days each.
    pub columns: Vec<Vec<f64>>,
    /// Factor of the correlations of the first nine.
    pub cholesky: Cholesky,
}

/// Eight paths of daily draws, day after day, column after column.
struct Daily<'a> {
    seed: u64,
    first: u64,
    cholesky: &'a Cholesky,
}

impl LaneWork for Daily<'_> {
    type Output = Vec<[f64; LANES]>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Self::Output {
        let mut streams = Streams::new(simd, self.seed, self.first);
        let mut rows = vec![[0.0; LANES]; DAYS * NAMES.len()];
        for day in rows.chunks_exact_mut(NAMES.len()) {
            for (row, lane) in day.iter_mut().zip(columns(&streams.day(self.cholesky))) {
                lane.store_slice(row);
            }
        }
        rows
    }
}

/// All draws of a day, in the order of [`NAMES`].
#[inline(always)]
fn columns<S: Simd>(draws: &Draws<S>) -> [Lane<S>; NAMES.len()] {
    let Draws {
        ust: [two, five, ten, thirty],
        jgb: [jgb_ten, jgb_thirty],
        usdjpy,
        equity: [stocks, vix],
        fiscal_size,
        yen_size,
        everyday,
        campaign_size,
        boj_meeting,
        fed_meeting: (fed, regime),
        fiscal_jump,
        yen_jump,
        intervention,
        officials: [first, second, third, fourth],
        leveraged,
    } = *draws;
    [
        two,
        five,
        ten,
        thirty,
        jgb_ten,
        jgb_thirty,
        usdjpy,
        stocks,
        vix,
        fiscal_size,
        yen_size,
        everyday,
        campaign_size,
        boj_meeting,
        fed,
        regime,
        fiscal_jump,
        yen_jump,
        intervention,
        first,
        second,
        third,
        fourth,
        leveraged,
    ]
}

/// The draws of a day of `size` path-days, in whole groups of eight paths.
pub fn stream_sample(seed: u64, size: usize, cholesky: &Cholesky) -> StreamSample {
    let groups = (size / DAYS / LANES).max(1);
    let draw = |group: usize| {
        let first = (group * LANES) as u64;
        with_lanes(Daily { seed, first, cholesky }, false)
    };
    let drawn: Vec<Vec<[f64; LANES]>> = (0..groups).into_par_iter().map(draw).collect();
    let column = |at: usize| -> Vec<f64> {
        let of_group = |rows: &Vec<[f64; LANES]>| -> Vec<f64> {
            let value = |lane: usize, day: usize| rows[day * NAMES.len() + at][lane];
            (0..LANES)
                .flat_map(|lane| (0..DAYS).map(move |day| (lane, day)))
                .map(|(l, d)| value(l, d))
                .collect()
        };
        drawn.iter().flat_map(of_group).collect()
    };
    let columns = (0..NAMES.len()).into_par_iter().map(column).collect();
    StreamSample { columns, cholesky: *cholesky }
}

/// Scores with mean 0 and variance 1 under the null.
fn score(value: f64, normal: bool) -> f64 {
    if normal { value } else { (value - 0.5) * 12.0_f64.sqrt() }
}

/// The distance from the middle, as a score: what shows dependence of sizes.
fn size_score(value: f64, normal: bool) -> f64 {
    let share = if normal { normal_cdf(value) } else { value };
    score((2.0 * share - 1.0).abs(), false)
}

/// Judges daily draws; the samples of `rand_distr` come from `seed`.
pub fn judge_streams(sample: &StreamSample, seed: u64) -> Vec<Check> {
    let each = |at: usize| of_column(sample, at, seed);
    let mut checks: Vec<Check> = (0..NAMES.len()).into_par_iter().flat_map_iter(each).collect();
    let scores: Vec<[Vec<f64>; 2]> = (0..NAMES.len())
        .into_par_iter()
        .map(|at| {
            let normal = NAMES[at].1;
            let of = |score: fn(f64, bool) -> f64| {
                sample.columns[at].iter().map(|v| score(*v, normal)).collect()
            };
            [of(score), of(size_score)]
        })
        .collect();
    let pairs: Vec<(usize, usize)> =
        (0..NAMES.len()).flat_map(|a| (0..a).map(move |b| (b, a))).collect();
    let pair = |(a, b): &(usize, usize)| {
        let what = format!("{} and {}", NAMES[*a].0, NAMES[*b].0);
        let [left, right] = [&scores[*a], &scores[*b]];
        if *b < FACTORS {
            let rows = [&sample.cholesky[*a], &sample.cholesky[*b]];
            let rho = rows[0].iter().zip(rows[1]).map(|(x, y)| x * y).sum();
            return vec![correlated(Part::Streams, &what, &left[0], &right[0], rho)];
        }
        let of = |place: usize, test| {
            let pairs = left[place].iter().copied().zip(right[place].iter().copied());
            independent(Part::Streams, &what, test, pairs)
        };
        vec![of(0, "across streams"), of(1, "across, sizes")]
    };
    checks.extend(pairs.par_iter().flat_map_iter(pair).collect::<Vec<_>>());
    checks
}

/// One draw of a day: its distribution, and that neither the days before nor the other paths know it.
fn of_column(sample: &StreamSample, at: usize, seed: u64) -> Vec<Check> {
    let (name, normal) = NAMES[at];
    let values = &sample.columns[at];
    let order = sorted(values);
    let mut own = generator(seed, "selftest.streams", at as u64);
    let reference: Vec<f64> = match normal {
        true => StandardNormal.sample_iter(&mut own).take(values.len()).collect(),
        false => (0..values.len()).map(|_| own.random()).collect(),
    };
    let part = Part::Streams;
    let cdf = |x: f64| if normal { normal_cdf(x) } else { x.clamp(0.0, 1.0) };
    let normal_score =
        |x: &f64| if normal { *x } else { normal_quantile(x.clamp(1e-15, 1.0 - 1e-15)) };
    let mut checks =
        vec![exact(part, name, &order, cdf), same(part, name, &order, &sorted(&reference))];
    checks.extend(moments(part, name, &values.iter().map(normal_score).collect::<Vec<f64>>()));
    for (test, apart, serial) in [
        ("from day to day", 1, true),
        ("over five days", 5, true),
        ("across paths", DAYS, false),
        ("across lanes", LANES * DAYS, false),
    ] {
        for (test, score) in
            [(test, score as fn(f64, bool) -> f64), ("sizes, any of these", size_score)]
        {
            let later = values.iter().enumerate().skip(apart);
            let pairs = later.filter(|(place, _)| !serial || place % DAYS >= apart);
            let pairs = pairs
                .map(|(place, now)| (score(values[place - apart], normal), score(*now, normal)));
            checks.push(independent(part, name, test, pairs));
        }
    }
    checks
}

/// That another seed gives other draws, that what is drawn once a path is uniform and knows no neighbour, and that
/// `rand_distr` draws normals from each stream of a path by the adapter.
pub(super) fn judge_keys(sample: &StreamSample, seed: u64) -> Vec<Check> {
    let size = sample.columns[0].len();
    let part = Part::Streams;
    let other = stream_sample(seed.wrapping_add(1), size, &sample.cholesky);
    let mut checks: Vec<Check> = NAMES
        .iter()
        .zip(sample.columns.iter().zip(&other.columns))
        .map(|((name, normal), (one, other))| {
            let pairs =
                one.iter().zip(other).map(|(a, b)| (score(*a, *normal), score(*b, *normal)));
            independent(part, name, "across seeds", pairs)
        })
        .collect();
    let coins = |name: &str| -> Vec<f64> {
        let name = name_hash(name);
        let coin = |path: usize| PathKeys::new(seed, path as u64).uniform(0, name);
        (0..size).map(coin).collect()
    };
    let (one, two) = (coins("event.1.happens"), coins("event.2.happens"));
    checks.push(exact(part, "once a path", &sorted(&one), |x| x));
    let next = one.iter().zip(&one[1..]).map(|(a, b)| (score(*a, false), score(*b, false)));
    checks.push(independent(part, "once a path", "across paths", next));
    let pairs = one.iter().zip(&two).map(|(a, b)| (score(*a, false), score(*b, false)));
    checks.push(independent(part, "once a path", "across streams", pairs));
    checks.extend(STREAMS.par_iter().map(|name| adapted(name, seed, size)).collect::<Vec<_>>());
    checks
}

/// Normals that `rand_distr` draws from one stream, eight a path.
fn adapted(name: &str, seed: u64, size: usize) -> Check {
    let of_path = |path: usize| {
        let stream = PathStream::new(seed, path as u64, name);
        StandardNormal.sample_iter(stream).take(8).collect::<Vec<f64>>()
    };
    let values: Vec<f64> = (0..size / 8).flat_map(of_path).collect();
    exact(Part::Streams, name, &sorted(&values), normal_cdf)
}

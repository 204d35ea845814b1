//! Which input drives an output: variance shares, Shapley effects, rank correlations, a tornado, and the worst 5%, all
//! from rows that were drawn anyway.
//!
//! The data are n rows of inputs X and an output Y. The inputs may depend on each other; Y may also depend on what is
//! not among the inputs (in a scenario run: the shocks of every path). With
//!
//! ```text
//! V(u)          = Var(E[Y | X_u]) / Var(Y)                       worth of a set u of inputs, 0 to 1
//! first order   S_i  = V({i})                                    Sobol' 1993
//! total         T_i  = V(all) − V(all without i)                 Homma and Saltelli 1996
//! Shapley       Sh_i = Σ_u |u|! (d−|u|−1)! / d! · (V(u ∪ i) − V(u))    Owen 2014; Song, Nelson and Staum 2016
//! rest          1 − V(all)
//! ```
//!
//! S is what would go from the variance, on average, if the input were known. T is what would stay if all others were:
//! for independent inputs it is S plus every interaction of the input, for dependent ones it leaves out what the others
//! already say, and can be below S. Shapley effects divide both interactions and dependence fairly: they add up to
//! V(all), with or without dependence (Owen and Prieur 2017; Iooss and Prieur 2019), so that with the rest the column
//! adds up to 1. The rest is `unexplained` on given data; in a scenario run it is `shocks`, which pairs of paths measure
//! (`days.rs`), and `unexplained`, what the regression misses of the assumptions' part. Within a tail no pairs are at hand,
//! so that both are one row.
//!
//! Where more than 5% is unexplained, an interaction may be among it, and a total is too small by as much as that: then
//! only bounds of it are shown, from its own lower end to its upper end and all that is unexplained (for independent
//! inputs; dependent ones can be below).
//!
//! V(u) is estimated by regression on functions of X_u (given-data estimation by orthogonal series: Plischke, Borgonovo
//! and Smith 2013; Sudret 2008): the standardised value and Legendre polynomials of degree 1 to 12 of the rank of each
//! input, and products of these over two to four inputs, with the adjusted R² of Ezekiel (1930). S uses all functions of
//! the one input; T and Shapley effects use the terms that a selection keeps (`select.rs`) and take every V(u) from one
//! table of products: over all subsets for up to ten inputs with terms, else along random orders and their reverses. No
//! kept crate has given-data estimators for dependent inputs.
//!
//! Intervals are the estimate ± 1.96 standard deviations over 100 resamples of 100 blocks of rows (fewer blocks for few
//! rows). They hold the sampling error, not what the functions cannot follow. Over 100 seeds of 2,000 rows of six test
//! functions they hold the truth in 95.6 of 100 cases on average and in 89 at worst, the kinked g-function
//! (`tests/sensitivity.rs`, `coverage_of_the_intervals`). An input without a chosen term has total and Shapley effect 0
//! with the upper end at the largest share that one term may have and yet go unseen.
//!
//! Limits: interactions of five and more inputs, products of a total degree above 11, and jumps finer than a polynomial of
//! degree 12 go to the rest, which is an upper bound in that sense: for the scenario `disorderly_dump_contagion`, a product
//! of four inputs with a threshold, the rest is 18%, where boosted trees leave 16% out of sample. The indicator of the
//! worst 5% is a jump in all inputs at once, so its rest is the loosest (48% against 41%). Terms are chosen by some of the
//! rows that also estimate them; the threshold keeps the bias far below the interval, but an effect near the threshold is
//! all or nothing. Estimates are not clipped: a small effect may come out slightly negative. Where the errors of rows
//! differ much, few rows leave an input without effect a first-order effect of some tenths of a percent (0.4% on average
//! for 2,000 rows of the Ishigami function), inside its interval.
//!
//! Three scopes (Marrel and Chabridon 2021 name the last two target and conditional sensitivity):
//!
//! * `all`: Y over all rows.
//! * `reaching_worst5`: the indicator of the worst 5% over all rows: which inputs decide whether a row gets there. Its
//!   tornado is the chance of getting there.
//! * `within_worst5`: Y within the worst 5%: which inputs decide how bad it is once there. Inputs that were independent
//!   are not so within (each makes up for the other), which is why Shapley effects are the ones to read there.
//!
//! Which end is worst each metric declares (`model::Bad`); of one that declares neither, of the other end, and of given
//! data, `highest5` or `lowest5` takes the place of `worst5`. The tail and its ties: `tail.rs`. Where an input stands in the worst 5% is told by its median there
//! and the percentile of that value among all rows (regional sensitivity: Spear and Hornberger 1980).
//!
//! The tornado compares the mean of Y over rows whose input stands within 5 percentiles of its 10th and its 90th; of an
//! input with few values, over rows that have the value of that percentile. For correlated inputs the others move along.
//!
//! A category (of given data: a column of words with 2 to 14 different ones) has no order: its functions are indicators of
//! its groups, its first-order effect the share of the variance between the groups, and it has no rank correlation, no
//! tornado and no place in the tail.
//!
//! An output that does not vary gives zeros. Results are a function of the rows as a set: their order and the number of
//! threads change nothing.

mod days;
mod effects;
mod given;
mod gram;
mod sample;
mod select;
mod sources;
mod tables;
mod tail;
mod terminal;
mod tornado;

pub use days::{PAIRS, occurrences, other_days};
pub use given::{Given, GivenError, read_given};
pub use sources::{SOURCE_PATHS, SOURCES, Sources, sources, sources_terminal, uncertainty};
pub use tables::{Subject, shares, tail, tornado};
pub use tail::{Tail, Worst};
pub use terminal::terminal;

use crate::stats::Estimate;
use rayon::prelude::*;
use sample::{Sample, content_order, standardised};

/// Fewest rows that are analysed.
pub const FEWEST_ROWS: usize = 100;

/// An estimate with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Of which rows, and of what, the variance is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The output over all rows.
    All,
    /// The indicator of the worst 5% over all rows.
    ReachingWorst,
    /// The output within the worst 5%.
    WithinWorst,
}

impl Scope {
    /// Name in the tables; `tail` is `worst`, `highest` or `lowest`.
    pub fn name(self, tail: &str) -> String {
        match self {
            Scope::All => "all".to_owned(),
            Scope::ReachingWorst => format!("reaching_{tail}5"),
            Scope::WithinWorst => format!("within_{tail}5"),
        }
    }
}

/// A bar of the tornado; outputs in the unit of the output, or as chances for [`Scope::ReachingWorst`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// 10th percentile of the input, in its unit.
    pub p10: f64,
    /// 90th percentile of the input.
    pub p90: f64,
    /// Mean output around the 10th percentile.
    pub at_p10: Estimate,
    /// Mean output around the 90th percentile.
    pub at_p90: Estimate,
    /// The second less the first.
    pub swing: Estimate,
}

/// What an input does to an output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Share of the variance that the input explains alone.
    pub first: Interval,
    /// Share that would be lost without it.
    pub total: Interval,
    /// Fair share.
    pub shapley: Interval,
    /// Spearman's rank correlation, −1 to 1.
    pub rank: Interval,
    /// Tornado.
    pub swing: Swing,
}

/// The effects of all inputs in a scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Scoped {
    /// Scope.
    pub scope: Scope,
    /// Rows.
    pub rows: usize,
    /// Standard deviation of what is explained, in its unit.
    pub deviation: f64,
    /// One entry an input, in the order of the columns.
    pub effects: Vec<Effect>,
    /// Share that the inputs do not explain; 0 when nothing varies.
    pub rest: Interval,
    /// What the days do of it; none where that was not measured.
    pub shocks: Option<Interval>,
    /// Terms of the regression.
    pub terms: usize,
}

/// Share of the variance that may be unexplained for totals to be shown.
const MOST_UNEXPLAINED: f64 = 0.05;

impl Scoped {
    /// What neither the inputs nor, where they were measured, the days explain.
    pub fn unexplained(&self) -> Interval {
        self.shocks.map_or(self.rest, |shocks| self.rest.less(shocks))
    }

    /// The total of an input, or its bounds where too much is unexplained: then the value is no number.
    pub fn total(&self, input: usize) -> Interval {
        let total = self.effects[input].total;
        let missing = self.unexplained();
        if missing.value <= MOST_UNEXPLAINED {
            return total;
        }
        let high = (total.high + missing.high).min(1.0);
        Interval { value: f64::NAN, low: total.low, high }
    }

    /// Whether totals are shown as bounds.
    pub fn bounds_totals(&self) -> bool {
        self.unexplained().value > MOST_UNEXPLAINED
    }

    /// Inputs by Shapley effect, the largest first; equal ones in the order of the columns.
    pub fn ranking(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.effects.len()).collect();
        let key = |input: usize| self.effects[input].shapley.value;
        order.sort_by(|a, b| key(*b).total_cmp(&key(*a)).then(a.cmp(b)));
        order
    }
}

/// Where an input stands in the worst 5%, in its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Median over all rows.
    pub median: f64,
    /// Median within the worst 5%.
    pub worst_median: f64,
    /// 10th percentile within the worst 5%.
    pub worst_p10: f64,
    /// 90th percentile within the worst 5%.
    pub worst_p90: f64,
    /// Percentile, 0 to 1, of the median within the worst 5% among all rows.
    pub percentile: Interval,
}

/// What drives an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Number of rows.
    pub rows: usize,
    /// Scopes; only the first when the worst 5% have fewer than [`FEWEST_ROWS`] rows.
    pub scopes: Vec<Scoped>,
    /// One entry an input; empty like the scopes of the worst 5%.
    pub placements: Vec<Placement>,
    /// The worst 5%.
    pub tail: Tail,
}

/// What is analysed: columns of equal length, at least [`FEWEST_ROWS`] rows of finite numbers.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Inputs; of a category the number of its group, 0 to 13.
    pub inputs: &'a [Vec<f64>],
    /// Whether each input is a category; none of them is when this is shorter.
    pub categories: &'a [bool],
    /// Output.
    pub output: &'a [f64],
    /// The output of the first rows with other days; empty where there are no pairs.
    pub other_days: &'a [f64],
}

/// Analyses columns of numbers without pairs; see [`analyse_rows`].
pub fn analyse(inputs: &[Vec<f64>], output: &[f64], worst: Worst) -> Analysis {
    analyse_rows(&Rows { inputs, categories: &[], output, other_days: &[] }, worst)
}

/// Analyses rows; their order does not matter, but for the pairs. Runs on the threads of the pool it is called in.
pub fn analyse_rows(given: &Rows<'_>, worst: Worst) -> Analysis {
    let order = content_order(given.output, given.inputs);
    let arranged: Vec<Vec<f64>> =
        given.inputs.par_iter().map(|column| taken(column, &order)).collect();
    let output = taken(given.output, &order);
    let rows = output.len();
    let sample = Sample::new(&arranged, given.categories, rows);

    let (tail, bad) = Tail::of(&output, worst);
    let mut outputs = vec![(Scope::All, output.clone())];
    if tail.enough() {
        let mut indicator = vec![0.0; rows];
        bad.iter().for_each(|row| indicator[*row] = 1.0);
        outputs.push((Scope::ReachingWorst, indicator));
    }
    let mut scopes = scoped(&sample, &arranged, outputs);
    let mut placements = Vec::new();
    if tail.enough() {
        let within: Vec<Vec<f64>> = arranged.par_iter().map(|column| taken(column, &bad)).collect();
        let sample_within = Sample::new(&within, given.categories, bad.len());
        let output = vec![(Scope::WithinWorst, taken(&output, &bad))];
        scopes.extend(scoped(&sample_within, &within, output));
        let pairs = sample.inputs.par_iter().zip(&arranged).zip(within);
        placements = pairs.map(|((own, all), tail)| tornado::placement(own, all, tail)).collect();
    }
    measure_days(given, &tail, &mut scopes);
    Analysis { rows, scopes, placements, tail }
}

/// Fills in what the days do, where there are pairs.
fn measure_days(given: &Rows<'_>, tail: &Tail, scopes: &mut [Scoped]) {
    let pairs = given.other_days.len().min(given.output.len());
    if pairs < FEWEST_ROWS {
        return;
    }
    let indicator = |values: &[f64]| -> Vec<f64> {
        values.iter().map(|value| f64::from(u8::from(tail.holds(*value)))).collect()
    };
    let (output, others) = (&given.output[..pairs], &given.other_days[..pairs]);
    for scoped in scopes {
        scoped.shocks = match scoped.scope {
            Scope::All => Some(days::day_share(output, others)),
            Scope::ReachingWorst => Some(days::day_share(&indicator(output), &indicator(others))),
            Scope::WithinWorst => None,
        };
    }
}

/// What groups of inputs add to each other, in their order, as shares of the variance of the output, and last what they
/// leave unexplained; first of the output itself, then of its ranks, which a heavy tail does not sway. The shares of each
/// add up to 1; all are 0 where the output does not vary. `groups` has the group, below `count`, of each input.
pub fn nested_shares(
    inputs: &[Vec<f64>],
    output: &[f64],
    groups: &[usize],
    count: usize,
) -> [Vec<Interval>; 2] {
    let order = content_order(output, inputs);
    let arranged: Vec<Vec<f64>> = inputs.par_iter().map(|column| taken(column, &order)).collect();
    let output = taken(output, &order);
    let sample = Sample::new(&arranged, &[], output.len());
    [standardised(&output), standardised(&sample::ranks(&output))].map(|output| match output {
        Some(output) => effects::nested(&sample, &output, groups, count),
        None => vec![Interval::default(); count + 1],
    })
}

/// Values in another order, −0 as 0.
fn taken(column: &[f64], order: &[usize]) -> Vec<f64> {
    order.iter().map(|row| column[*row] + 0.0).collect()
}

/// The effects on some outputs of the same rows.
fn scoped(sample: &Sample, columns: &[Vec<f64>], outputs: Vec<(Scope, Vec<f64>)>) -> Vec<Scoped> {
    let plain: Vec<&[f64]> = outputs.iter().map(|(_, output)| output.as_slice()).collect();
    let read = |(input, values): (&sample::Input, &Vec<f64>)| {
        let swings = tornado::swings(input, values, &plain);
        let ranks = plain.iter().map(|output| tornado::rank_correlation(input, output));
        swings.into_iter().zip(ranks).collect::<Vec<_>>()
    };
    let bars: Vec<Vec<(Swing, Interval)>> =
        sample.inputs.par_iter().zip(columns).map(read).collect();
    let mut scopes = Vec::new();
    for (place, (scope, output)) in outputs.iter().enumerate() {
        let found = standardised(output).map(|output| effects::effects(sample, &output));
        let effect = |(input, bars): (usize, &Vec<(Swing, Interval)>)| {
            let shares = found.as_ref().map(|found| found.shares[input]).unwrap_or_default();
            let (mut swing, mut rank) = bars[place];
            if found.is_none() {
                rank = Interval::default();
                swing.swing = Estimate { value: 0.0, mcse: 0.0 };
            }
            let effects::Shares { first, total, shapley } = shares;
            Effect { first, total, shapley, rank, swing }
        };
        let effects = bars.iter().enumerate().map(effect).collect();
        let n = output.len() as f64;
        let mean = output.iter().sum::<f64>() / n;
        let squares = output.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        scopes.push(Scoped {
            scope: *scope,
            rows: output.len(),
            deviation: if found.is_some() { (squares / n).sqrt() } else { 0.0 },
            effects,
            rest: found.as_ref().map(|found| found.rest).unwrap_or_default(),
            shocks: None,
            terms: found.as_ref().map_or(0, |found| found.terms),
        });
    }
    scopes
}

//! Which functions of the inputs, and which products of two to four, enter the regression.
//!
//! 1. Every input alone: its functions by forward selection against the output. They stay, whatever comes later, so that
//!    an input that only stands in for another one keeps what it says on its own.
//! 2. Four times: the score test of every other candidate against what is left, with errors that may differ between rows
//!    (White 1980), then forward selection among the best. Candidates are products of two functions, and products of a
//!    chosen product with one function more, up to four (as in Friedman 1991), of total degree 11 at most.
//! 3. For a chosen product, the same product with a correlated input in the place of one of its inputs.
//!
//! A term must lower the sum of squares by `2 ln m` of its noise level, m the number of candidates looked at: the risk
//! inflation criterion (Foster and George 1994), under which noise is rarely chosen however many candidates there are.

use super::gram::{Fit, Gram, Term, block_grams, dot, parts, residuals};
use super::sample::{FACTORS, Sample};
use rayon::prelude::*;
use std::ops::Range;

/// Most terms of a regression; fewer when the rows are few.
const MOST_TERMS: usize = 240;
/// Rows that a term needs.
const ROWS_A_TERM: usize = 25;
/// Candidates that come into a forward selection beside the terms already chosen.
const SHORT_LIST: usize = 120;
/// Rows by which the terms are chosen; more make it slower and add only terms of less than 0.1%.
const CHOOSING_ROWS: usize = 40_000;
/// Inputs whose products have all degrees, and the largest sum of the two degrees.
const FULL: usize = 10;
const DEGREES: usize = 11;
/// Inputs whose products of low degree with every other input are tried, and up to how many inputs all of them are.
const BROAD: usize = 12;
const FEW: usize = 30;
/// Most inputs of a product, and the inputs from which the third and later are taken.
const LONGEST: usize = 4;
const HIGH: usize = 8;
/// Rounds of selection.
const ROUNDS: usize = 4;
/// Factors of low degree: the value, and the rank to the first and second degree.
const LOW: usize = 3;
/// Correlation of ranks from which on an input can take another's place.
const TWIN: f64 = 0.1;

/// The gain in units of the noise that one of `candidates` terms must bring.
pub(super) fn threshold(candidates: usize) -> f64 {
    // at least the 99.9% point of a chi-squared variable, for few candidates
    (2.0 * libm::log(candidates.max(1) as f64)).max(10.83)
}

/// Columns of `candidates` that forward selection adds to `start`, best first.
pub(super) fn forward(
    gram: &Gram,
    start: &[usize],
    candidates: &[usize],
    threshold: f64,
    room: usize,
) -> Vec<usize> {
    let size = gram.size;
    let output = gram.output();
    let mut left: Vec<f64> = (0..size * size).map(|at| gram.at(at / size, at % size)).collect();
    let whole: Vec<f64> = (0..size).map(|column| gram.at(column, column)).collect();
    let usable = |left: &[f64], column: usize| left[column * size + column] > 1e-6 * whole[column];
    let mut used = 0.0;
    for column in std::iter::once(&0).chain(start) {
        if usable(&left, *column) {
            sweep(&mut left, size, *column);
            used += 1.0;
        }
    }
    let mut chosen = Vec::new();
    while chosen.len() < room {
        let gain = |column: usize| {
            let load = left[column * size + output];
            load * load / left[column * size + column]
        };
        let open = candidates.iter().filter(|c| !chosen.contains(*c) && usable(&left, **c));
        let best = open.max_by(|a, b| gain(**a).total_cmp(&gain(**b)).then(b.cmp(a)));
        let Some(best) = best.copied() else { break };
        let noise = left[output * size + output] / (whole[0] - used).max(1.0);
        if noise <= 1e-12 * whole[output] / whole[0] || gain(best) < threshold * noise {
            break;
        }
        sweep(&mut left, size, best);
        used += 1.0;
        chosen.push(best);
    }
    chosen
}

/// Takes out of all columns what they share with one.
fn sweep(left: &mut [f64], size: usize, column: usize) {
    let row: Vec<f64> = left[column * size..(column + 1) * size].to_vec();
    let pivot = row[column];
    for (a, line) in left.chunks_exact_mut(size).enumerate() {
        let factor = row[a] / pivot;
        if factor != 0.0 {
            for (value, other) in line.iter_mut().zip(&row) {
                *value -= factor * other;
            }
        }
    }
}

/// Candidates with a common part: the products of `first` with each of `partners`.
struct Bundle {
    first: Term,
    partners: Vec<(usize, usize)>,
}

/// The functions of an input that are in use, up to a degree.
fn factors(sample: &Sample, input: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let scale = sample.inputs[input].scale;
    (0..most).filter(move |factor| scale[*factor] > 0.0).map(move |factor| (input, factor))
}

/// All functions and products of two; `ranking` has the inputs that vary, the most important first.
fn products_of_two(sample: &Sample, ranking: &[usize]) -> Vec<Bundle> {
    let mains = ranking.iter().flat_map(|input| factors(sample, *input, FACTORS)).collect();
    let mut bundles = vec![Bundle { first: Term::new(Vec::new()), partners: mains }];
    let broad = if ranking.len() <= FEW { FEW } else { BROAD };
    for (place, input) in ranking.iter().enumerate().take(broad) {
        for first in factors(sample, *input, FACTORS) {
            let mut partners = Vec::new();
            for (other, partner) in ranking.iter().enumerate().skip(place + 1) {
                let full = place < FULL && other < FULL;
                let most = match (full, first.1 < LOW) {
                    (true, _) => FACTORS,
                    (false, true) => LOW,
                    (false, false) => 0,
                };
                let fits = |factor: &(usize, usize)| first.1.max(1) + factor.1.max(1) <= DEGREES;
                partners.extend(factors(sample, *partner, most).filter(fits));
            }
            bundles.push(Bundle { first: Term::new(vec![first]), partners });
        }
    }
    bundles
}

/// Products of the chosen products with one more function of another important input.
fn longer_products(sample: &Sample, ranking: &[usize], terms: &[Term]) -> Vec<Bundle> {
    let chosen = terms.iter().filter(|term| (2..LONGEST).contains(&term.0.len()));
    let bundle = |term: &Term| {
        let others =
            ranking.iter().take(HIGH).filter(|input| !term.inputs().any(|own| own == **input));
        let fits = |factor: &(usize, usize)| term.degree() + factor.1.max(1) <= DEGREES;
        let partners = others.flat_map(|input| factors(sample, *input, FACTORS)).filter(fits);
        Bundle { first: term.clone(), partners: partners.collect() }
    };
    chosen.map(bundle).collect()
}

/// Score of every candidate against the residuals: `(Σ r c)² / Σ r² c²`, bundle by bundle.
fn scores(
    sample: &Sample,
    blocks: &[Range<usize>],
    bundles: &[Bundle],
    residual: &[f64],
) -> Vec<f64> {
    let count: usize = bundles.iter().map(|bundle| bundle.partners.len()).sum();
    let mut used: Vec<usize> =
        bundles.iter().flat_map(|b| b.partners.iter().chain(&b.first.0)).map(|f| f.0).collect();
    used.sort_unstable();
    used.dedup();
    let of = |rows| {
        let mut sums = vec![[0.0_f64; 2]; count];
        for part in parts(rows) {
            let (plain, squares) = functions(sample, &used, part.clone());
            let length = part.len();
            let column = |table: &[f64], (input, factor): (usize, usize)| {
                let place = used.binary_search(&input).unwrap_or(0);
                let start = (place * FACTORS + factor) * length;
                start..(start + length).min(table.len())
            };
            let left = &residual[part];
            let mut next = sums.iter_mut();
            for bundle in bundles {
                let mut linear = left.to_vec();
                let mut square: Vec<f64> = left.iter().map(|value| value * value).collect();
                for first in &bundle.first.0 {
                    let range = column(&plain, *first);
                    linear.iter_mut().zip(&plain[range.clone()]).for_each(|(v, f)| *v *= f);
                    square.iter_mut().zip(&squares[range]).for_each(|(v, f)| *v *= f);
                }
                for (partner, sum) in bundle.partners.iter().zip(next.by_ref()) {
                    let range = column(&plain, *partner);
                    sum[0] += dot(&linear, &plain[range.clone()]);
                    sum[1] += dot(&square, &squares[range]);
                }
            }
        }
        sums
    };
    let pieces: Vec<Vec<[f64; 2]>> = blocks.par_iter().map(of).collect();
    let mut total = vec![[0.0; 2]; count];
    for piece in &pieces {
        for (sum, part) in total.iter_mut().zip(piece) {
            *sum = [sum[0] + part[0], sum[1] + part[1]];
        }
    }
    total.into_iter().map(|[a, b]| if b > 0.0 { a * a / b } else { 0.0 }).collect()
}

/// All functions of some inputs in some rows, and their squares.
fn functions(sample: &Sample, used: &[usize], rows: Range<usize>) -> (Vec<f64>, Vec<f64>) {
    let length = rows.len();
    let mut plain = vec![0.0; used.len() * FACTORS * length];
    for (place, input) in used.iter().enumerate() {
        for (at, row) in rows.clone().enumerate() {
            for (factor, value) in sample.inputs[*input].at(row).into_iter().enumerate() {
                plain[(place * FACTORS + factor) * length + at] = value;
            }
        }
    }
    let squares = plain.iter().map(|value| value * value).collect();
    (plain, squares)
}

/// The blocks of rows that the terms are chosen by.
fn first_blocks(sample: &Sample) -> &[Range<usize>] {
    let enough = sample.blocks.iter().position(|block| block.end >= CHOOSING_ROWS);
    &sample.blocks[..enough.map_or(sample.blocks.len(), |last| last + 1)]
}

/// Most terms for this number of rows.
fn most_terms(rows: usize) -> usize {
    MOST_TERMS.min(rows / ROWS_A_TERM).max(2)
}

/// What was chosen.
pub(super) struct Choice {
    /// Terms in ascending order.
    pub(super) terms: Vec<Term>,
    /// Largest part of what is left that one more term may explain and yet go unseen.
    pub(super) unseen: f64,
}

/// Chooses the terms. `alone` has the terms that each input needs on its own, the most important first; `ranking` the
/// inputs that vary, most important first; `importance` ranks them anew under a preliminary choice.
pub(super) fn choose(
    sample: &Sample,
    output: &[f64],
    alone: &[Term],
    ranking: &[usize],
    importance: impl Fn(&Gram, &[Term]) -> Vec<f64>,
) -> Choice {
    let most = most_terms(sample.rows);
    let mut terms: Vec<Term> = alone.iter().take(most / 2 + 1).cloned().collect();
    let mut ranking = ranking.to_vec();
    let blocks = first_blocks(sample);
    let rows = blocks.last().map_or(0, |block| block.end);
    let whole = |terms: &[Term]| {
        let tables = block_grams(sample, blocks, terms, output);
        Gram::weighted(&tables, &vec![1.0; tables.len()])
    };
    let mut gram = whole(&terms);
    let mut level = 0.0;
    for round in 0..ROUNDS {
        if round > 0 {
            let importance = importance(&gram, &terms);
            ranking.sort_by(|a, b| importance[*b].total_cmp(&importance[*a]).then(a.cmp(b)));
        }
        let mut fit = Fit::new(&gram);
        (1..=terms.len()).for_each(|column| fit.push(column));
        let residual = residuals(sample, blocks, &terms, &fit.coefficients(), output);
        let mut bundles = products_of_two(sample, &ranking);
        bundles.extend(longer_products(sample, &ranking, &terms));
        let (listed, limit) = short_list(sample, blocks, &bundles, &residual, &terms);
        level = limit;
        let start: Vec<usize> = (1..=terms.len()).collect();
        let fresh: Vec<usize> = (1..=listed.len()).map(|k| terms.len() + k).collect();
        let mut both = terms.clone();
        both.extend(listed);
        let larger = whole(&both);
        let room = most.saturating_sub(terms.len());
        let chosen = forward(&larger, &start, &fresh, level, room);
        terms.extend(chosen.iter().map(|column| both[column - 1].clone()));
        let kept = (0..=start.len()).chain(chosen).chain([larger.output()]);
        gram = larger.of(&kept.collect::<Vec<_>>());
    }
    let room = most.saturating_sub(terms.len());
    let twins = twins(sample, &terms, room);
    terms.extend(twins);
    terms.sort_unstable();
    Choice { terms, unseen: level / rows as f64 }
}

/// The candidates with the best scores above the threshold, and the threshold.
fn short_list(
    sample: &Sample,
    blocks: &[Range<usize>],
    bundles: &[Bundle],
    residual: &[f64],
    terms: &[Term],
) -> (Vec<Term>, f64) {
    let scores = scores(sample, blocks, bundles, residual);
    let level = threshold(scores.len());
    let named = bundles
        .iter()
        .flat_map(|bundle| bundle.partners.iter().map(|partner| bundle.first.times(*partner)));
    let mut listed: Vec<(Term, f64)> =
        named.zip(scores).filter(|(term, score)| *score > level && !terms.contains(term)).collect();
    listed.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    listed.dedup_by(|a, b| a.0 == b.0);
    listed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    listed.truncate(SHORT_LIST);
    (listed.into_iter().map(|(term, _)| term).collect(), level)
}

/// For each product, the same with a correlated input in place of one of its two.
fn twins(sample: &Sample, terms: &[Term], room: usize) -> Vec<Term> {
    let mut inputs: Vec<usize> = terms.iter().flat_map(Term::inputs).collect();
    inputs.sort_unstable();
    inputs.dedup();
    let correlation = |a: usize, b: usize| {
        let (a, b) = (&sample.inputs[a].t, &sample.inputs[b].t);
        (dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()).abs()
    };
    let varying: Vec<usize> =
        (0..sample.inputs.len()).filter(|input| sample.inputs[*input].varies()).collect();
    let noise = (threshold(inputs.len() * varying.len()) / sample.rows as f64).sqrt();
    let near: Vec<Vec<usize>> = inputs
        .par_iter()
        .map(|a| {
            let others = varying.iter().filter(|b| *b != a);
            others.filter(|b| correlation(*a, **b) > TWIN.max(noise)).copied().collect()
        })
        .collect();
    let like = |input: usize| &near[inputs.binary_search(&input).unwrap_or(0)];
    let mut added: Vec<Term> = Vec::new();
    for term in terms.iter().filter(|term| term.0.len() > 1) {
        for (place, (input, factor)) in term.0.iter().enumerate() {
            for twin in like(*input) {
                let mut factors = term.0.clone();
                factors[place] = (*twin, *factor);
                let alive = sample.inputs[*twin].scale[*factor] > 0.0;
                let other = !term.inputs().any(|own| own == *twin);
                let swapped = Term::new(factors);
                let known = terms.contains(&swapped) || added.contains(&swapped);
                if alive && other && !known && added.len() < room {
                    added.push(swapped);
                }
            }
        }
    }
    added
}

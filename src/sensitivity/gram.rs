//! Products of all pairs of columns, summed over blocks of rows, and least squares on any subset of the columns.

use super::sample::{FACTORS, Sample};
use rayon::prelude::*;
use std::ops::Range;

/// Part of a row's length that is multiplied at once.
const PART: usize = 128;

/// Share of a column that must be left after those before it; below, it counts as a combination of them.
const PIVOT: f64 = 1e-8;

/// A function of one input, or a product of functions of several: inputs in ascending order, each with its factor, where
/// 0 is the standardised value and k the Legendre polynomial of degree k of the rank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term(pub(super) Vec<(usize, usize)>);

impl Term {
    /// The product of functions of different inputs.
    pub(super) fn new(mut factors: Vec<(usize, usize)>) -> Self {
        factors.sort_unstable();
        Term(factors)
    }

    /// This times a function of another input.
    pub(super) fn times(&self, factor: (usize, usize)) -> Self {
        Term::new(self.0.iter().copied().chain([factor]).collect())
    }

    /// The inputs of the term.
    pub(super) fn inputs(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|(input, _)| *input)
    }

    /// Sum of the degrees of its factors.
    pub(super) fn degree(&self) -> usize {
        self.0.iter().map(|(_, factor)| (*factor).max(1)).sum()
    }
}

/// Sums of products of the columns `1, terms…, y`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gram {
    /// Number of columns, the constant and the output included.
    pub(super) size: usize,
    entries: Vec<f64>,
}

impl Gram {
    fn new(size: usize) -> Self {
        Gram { size, entries: vec![0.0; size * (size + 1) / 2] }
    }

    /// The sum of products of two columns.
    #[inline]
    pub(super) fn at(&self, a: usize, b: usize) -> f64 {
        let (high, low) = (a.max(b), a.min(b));
        self.entries[high * (high + 1) / 2 + low]
    }

    /// Position of the output.
    pub(super) fn output(&self) -> usize {
        self.size - 1
    }

    fn absorb(&mut self, columns: &[f64], length: usize) {
        let mut next = 0;
        for a in 0..self.size {
            let left = &columns[a * PART..a * PART + length];
            for b in 0..=a {
                self.entries[next] += dot(left, &columns[b * PART..b * PART + length]);
                next += 1;
            }
        }
    }

    /// The table of some of the columns.
    pub(super) fn of(&self, columns: &[usize]) -> Self {
        let mut part = Gram::new(columns.len());
        part.entries.clear();
        for (place, a) in columns.iter().enumerate() {
            part.entries.extend(columns[..=place].iter().map(|b| self.at(*a, *b)));
        }
        part
    }

    /// The sum of `weights[k]` times the k-th of the blocks.
    pub(super) fn weighted(blocks: &[Gram], weights: &[f64]) -> Self {
        let mut total = Gram::new(blocks.first().map_or(2, |block| block.size));
        for (block, weight) in blocks.iter().zip(weights).filter(|(_, weight)| **weight != 0.0) {
            for (sum, entry) in total.entries.iter_mut().zip(&block.entries) {
                *sum += weight * entry;
            }
        }
        total
    }
}

/// The sum of products of two columns, in a fixed order.
#[inline]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (heads, others) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = heads.remainder().iter().zip(others.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in heads.zip(others) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h)) + rest
}

/// Writes the columns `1, terms…, y` of some rows, each [`PART`] apart.
fn fill(sample: &Sample, terms: &[Term], output: &[f64], rows: Range<usize>, columns: &mut [f64]) {
    let length = rows.len();
    let mut used: Vec<usize> = terms.iter().flat_map(Term::inputs).collect();
    used.sort_unstable();
    used.dedup();
    let mut functions = vec![0.0; used.len() * FACTORS * PART];
    for (place, input) in used.iter().enumerate() {
        for (at, row) in rows.clone().enumerate() {
            for (factor, value) in sample.inputs[*input].at(row).into_iter().enumerate() {
                functions[(place * FACTORS + factor) * PART + at] = value;
            }
        }
    }
    let function = |(input, factor): (usize, usize)| {
        let place = used.binary_search(&input).unwrap_or(0);
        let start = (place * FACTORS + factor) * PART;
        &functions[start..start + length]
    };
    columns[..length].fill(1.0);
    for (index, term) in terms.iter().enumerate() {
        let column = &mut columns[(index + 1) * PART..(index + 1) * PART + length];
        column.fill(1.0);
        for factor in &term.0 {
            column.iter_mut().zip(function(*factor)).for_each(|(value, other)| *value *= other);
        }
    }
    let last = (terms.len() + 1) * PART;
    columns[last..last + length].copy_from_slice(&output[rows]);
}

/// Parts of a block of rows.
pub(super) fn parts(rows: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = rows.end;
    rows.clone().step_by(PART).map(move |start| start..(start + PART).min(end))
}

/// One table of products for each of these blocks of rows.
pub(super) fn block_grams(
    sample: &Sample,
    blocks: &[Range<usize>],
    terms: &[Term],
    output: &[f64],
) -> Vec<Gram> {
    let size = terms.len() + 2;
    let one = |rows: &Range<usize>| {
        let mut gram = Gram::new(size);
        let mut columns = vec![0.0; size * PART];
        for part in parts(rows) {
            let length = part.len();
            fill(sample, terms, output, part, &mut columns);
            gram.absorb(&columns, length);
        }
        gram
    };
    blocks.par_iter().map(one).collect()
}

/// The output of the rows of these blocks minus its fit by the terms with these coefficients, the constant first.
pub(super) fn residuals(
    sample: &Sample,
    blocks: &[Range<usize>],
    terms: &[Term],
    coefficients: &[f64],
    output: &[f64],
) -> Vec<f64> {
    let size = terms.len() + 2;
    let one = |rows: &Range<usize>| {
        let mut left = Vec::with_capacity(rows.len());
        let mut columns = vec![0.0; size * PART];
        for part in parts(rows) {
            let length = part.len();
            fill(sample, terms, output, part.clone(), &mut columns);
            let start = left.len();
            left.extend_from_slice(&output[part]);
            for (index, coefficient) in coefficients.iter().enumerate() {
                let column = &columns[index * PART..index * PART + length];
                for (value, function) in left[start..].iter_mut().zip(column) {
                    *value -= coefficient * function;
                }
            }
        }
        left
    };
    let pieces: Vec<Vec<f64>> = blocks.par_iter().map(one).collect();
    pieces.concat()
}

/// Least squares on a growing list of columns (Cholesky by rows): what they explain is known after each.
#[derive(Debug, Clone)]
pub(super) struct Fit<'a> {
    gram: &'a Gram,
    /// Columns in use, the constant first; those that are combinations of earlier ones are left out.
    members: Vec<usize>,
    /// Rows of the lower factor, packed.
    factor: Vec<f64>,
    /// The output in the orthogonal basis.
    loads: Vec<f64>,
    /// Sum of squares explained beyond the constant, by number of members.
    explained: Vec<f64>,
    whole: f64,
}

impl<'a> Fit<'a> {
    /// The fit by a constant.
    pub(super) fn new(gram: &'a Gram) -> Self {
        let rows = gram.at(0, 0);
        let output = gram.output();
        let load = gram.at(0, output) / rows.sqrt();
        Fit {
            gram,
            members: vec![0],
            factor: vec![rows.sqrt()],
            loads: vec![load],
            explained: vec![0.0],
            whole: gram.at(output, output) - load * load,
        }
    }

    /// Number of columns in use, the constant included.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Adds a column unless it is a combination of those in use.
    pub(super) fn push(&mut self, column: usize) {
        let size = self.members.len();
        let start = self.factor.len();
        let mut own = self.gram.at(column, column);
        let floor = own * PIVOT;
        let mut load = self.gram.at(column, self.gram.output());
        for (index, member) in self.members.iter().enumerate() {
            let row = index * (index + 1) / 2;
            let (done, fresh) = self.factor.split_at(start);
            let inner = dot(&done[row..row + index], fresh);
            let value = (self.gram.at(column, *member) - inner) / done[row + index];
            self.factor.push(value);
            own -= value * value;
            load -= value * self.loads[index];
        }
        if own <= floor || own <= 0.0 {
            self.factor.truncate(start);
            return;
        }
        let pivot = own.sqrt();
        self.factor.push(pivot);
        self.members.push(column);
        self.loads.push(load / pivot);
        let gain = (load / pivot) * (load / pivot);
        self.explained.push(self.explained[size - 1] + gain);
    }

    /// Takes back all columns beyond the first `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        self.members.truncate(length);
        self.loads.truncate(length);
        self.explained.truncate(length);
        self.factor.truncate(length * (length + 1) / 2);
    }

    /// The share of the output's variance that the columns explain, corrected for their number:
    /// `1 − (1 − R²) (n − 1) / (n − p − 1)` (Ezekiel 1930). 0 for an output that does not vary.
    pub(super) fn share(&self) -> f64 {
        let n = self.gram.at(0, 0);
        let p = (self.members.len() - 1) as f64;
        if self.whole <= 0.0 || n - p <= 1.0 {
            return 0.0;
        }
        let plain = self.explained[self.members.len() - 1] / self.whole;
        1.0 - (1.0 - plain) * (n - 1.0) / (n - p - 1.0)
    }

    /// Coefficients of all columns of the table but the output; 0 for those that are not in use.
    pub(super) fn coefficients(&self) -> Vec<f64> {
        let size = self.members.len();
        let mut solved = self.loads.clone();
        for index in (0..size).rev() {
            for later in index + 1..size {
                solved[index] -= self.factor[later * (later + 1) / 2 + index] * solved[later];
            }
            solved[index] /= self.factor[index * (index + 1) / 2 + index];
        }
        let mut all = vec![0.0; self.gram.output()];
        for (member, value) in self.members.iter().zip(solved) {
            all[*member] = value;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::resample::generator;
    use nalgebra::{DMatrix, DVector};
    use rand_distr::{Distribution as _, StandardNormal};

    /// The growing factor explains what nalgebra's QR of the whole columns does; a column that the others make up is left out.
    #[test]
    fn the_growing_fit_agrees_with_a_qr_of_the_columns() {
        let (rows, terms) = (200, 6);
        let mut own = generator(1, "gram", 0);
        let mut columns: Vec<Vec<f64>> = vec![vec![1.0; rows]];
        for _ in 0..terms {
            columns.push(StandardNormal.sample_iter(&mut own).take(rows).collect());
        }
        columns[4] = (0..rows).map(|row| columns[1][row] + 0.01 * columns[4][row]).collect();
        columns.push((0..rows).map(|row| columns[2][row] - 3.0 * columns[3][row]).collect());
        let noise: Vec<f64> = StandardNormal.sample_iter(&mut own).take(rows).collect();
        columns.push(
            (0..rows).map(|row| 2.0 + columns[1][row] - columns[5][row] + noise[row]).collect(),
        );
        let mut gram = Gram::new(columns.len());
        gram.entries = (0..columns.len())
            .flat_map(|a| (0..=a).map(move |b| (a, b)))
            .map(|(a, b)| dot(&columns[a], &columns[b]))
            .collect();
        let mut fit = Fit::new(&gram);
        (1..=terms + 1).for_each(|column| fit.push(column));
        assert_eq!(fit.len(), terms + 1);
        let x = DMatrix::from_fn(rows, terms + 1, |row, column| columns[column][row]);
        let y = DVector::from_column_slice(&columns[terms + 2]);
        let qr = x.clone().qr();
        let solved = qr.r().solve_upper_triangular(&(qr.q().transpose() * &y)).unwrap();
        for (own, want) in fit.coefficients().iter().zip(solved.iter()) {
            assert!((own - want).abs() < 1e-10, "{own} {want}");
        }
        let centre = y.mean();
        let unexplained =
            (&y - x * &solved).norm_squared() / y.map(|y| (y - centre) * (y - centre)).sum();
        let n = rows as f64;
        let share = 1.0 - unexplained * (n - 1.0) / (n - terms as f64 - 1.0);
        assert!((fit.share() - share).abs() < 1e-10, "{} {share}", fit.share());
    }
}

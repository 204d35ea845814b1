//! First-order, total and Shapley effects from tables of products, with bootstrap errors.

use super::Interval;
use super::gram::{Fit, Gram, Term, block_grams};
use super::sample::{FACTORS, SEED, Sample};
use super::select::{Choice, choose, forward, threshold};
use crate::num::resample::{generator, resampled, shuffled};
use crate::stats::Z95;
use rayon::prelude::*;

/// Resamples of the blocks.
const RESAMPLES: u64 = 100;
/// Inputs up to which Shapley effects are summed over all subsets.
const EXACT: usize = 10;
/// Antithetic pairs of permutations beyond that, for the estimate and for a resample.
const PAIRS: usize = 48;
const PAIRS_A_RESAMPLE: usize = 4;

/// The effects of one input, as shares of the variance of the output.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Shares {
    pub(super) first: Interval,
    pub(super) total: Interval,
    pub(super) shapley: Interval,
}

/// The effects of all inputs, and what they leave unexplained.
pub(super) struct Effects {
    pub(super) shares: Vec<Shares>,
    pub(super) rest: Interval,
    pub(super) terms: usize,
}

/// How often each block is drawn in each resample.
fn resamples(blocks: usize) -> Vec<Vec<f64>> {
    let one = |number| resampled(blocks, &mut generator(SEED, "sensitivity.bootstrap", number));
    (0..RESAMPLES).map(one).collect()
}

/// Standard deviation of what the resamples gave.
fn deviation(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// Estimates the effects of the inputs on an output brought to variance 1.
pub(super) fn effects(sample: &Sample, output: &[f64]) -> Effects {
    let weights = resamples(sample.blocks.len());
    let Model { varying, alone, choice } = model(sample, output, &weights);
    let mut shares = vec![Shares::default(); sample.inputs.len()];
    for (input, alone) in varying.iter().zip(&alone) {
        shares[*input].first = alone.first;
    }
    let game = Game::new(&choice.terms);
    let blocks = block_grams(sample, &sample.blocks, &choice.terms, output);
    let rest = game.estimate(&blocks, &weights, &mut shares);
    // one term that stayed below the threshold may be there: the upper end for inputs of which nothing was found
    let unseen = choice.unseen * rest.value.clamp(0.0, 1.0);
    for input in varying.iter().filter(|input| !game.players.contains(*input)) {
        shares[*input].total.high = unseen;
        shares[*input].shapley.high = unseen;
    }
    Effects { shares, rest, terms: choice.terms.len() }
}

/// What groups of inputs add to each other, in their order, as shares of the variance of an output brought to variance 1,
/// and last what they leave: `V(g1)`, `V(g1 ∪ g2) − V(g1)`, …, `1 − V(all)`. `groups` has the group of each input.
pub(super) fn nested(
    sample: &Sample,
    output: &[f64],
    groups: &[usize],
    count: usize,
) -> Vec<Interval> {
    let choice = model(sample, output, &[]).choice;
    let game = Game::new(&choice.terms);
    let blocks = block_grams(sample, &sample.blocks, &choice.terms, output);
    let shares = |gram: &Gram| {
        let mut fit = Fit::new(gram);
        let mut inside = vec![false; game.players.len()];
        let mut before = 0.0;
        let mut added = Vec::with_capacity(count + 1);
        for group in 0..count {
            for (player, input) in game.players.iter().enumerate() {
                if groups[*input] == group {
                    game.join(&mut fit, &mut inside, player);
                }
            }
            added.push(fit.share() - before);
            before = fit.share();
        }
        added.push(1.0 - before);
        added
    };
    let whole = shares(&Gram::weighted(&blocks, &vec![1.0; blocks.len()]));
    let weights = resamples(sample.blocks.len());
    let drawn: Vec<Vec<f64>> =
        weights.par_iter().map(|weights| shares(&Gram::weighted(&blocks, weights))).collect();
    let interval = |place: usize| {
        Interval::around(whole[place], deviation(drawn.iter().map(|drawn| drawn[place])))
    };
    (0..=count).map(interval).collect()
}

/// The terms of the regression on all inputs.
struct Model {
    /// Inputs that vary.
    varying: Vec<usize>,
    /// What each of them says alone.
    alone: Vec<Alone>,
    choice: Choice,
}

/// Chooses the terms of an output brought to variance 1.
fn model(sample: &Sample, output: &[f64], weights: &[Vec<f64>]) -> Model {
    let varying: Vec<usize> =
        (0..sample.inputs.len()).filter(|input| sample.inputs[*input].varies()).collect();
    let alone: Vec<Alone> =
        varying.iter().map(|input| alone(sample, *input, output, weights, varying.len())).collect();
    let mut order: Vec<usize> = (0..varying.len()).collect();
    order.sort_by(|a, b| alone[*b].first.value.total_cmp(&alone[*a].first.value).then(a.cmp(b)));
    let mains: Vec<Term> = order.iter().flat_map(|at| alone[*at].terms.clone()).collect();
    let ranking: Vec<usize> = order.iter().map(|at| varying[*at]).collect();
    let importance = |gram: &Gram, terms: &[Term]| {
        let game = Game::new(terms);
        let mut totals = vec![0.0; sample.inputs.len()];
        for (player, total) in game.players.iter().zip(game.totals(gram).1) {
            totals[*player] = total;
        }
        totals
    };
    let choice = choose(sample, output, &mains, &ranking, importance);
    Model { varying, alone, choice }
}

/// What an input says alone.
struct Alone {
    first: Interval,
    terms: Vec<Term>,
}

/// Regression on all functions of one input: its first-order effect, and those of its functions that matter.
fn alone(
    sample: &Sample,
    input: usize,
    output: &[f64],
    weights: &[Vec<f64>],
    inputs: usize,
) -> Alone {
    let terms: Vec<Term> = (0..FACTORS)
        .filter(|factor| sample.inputs[input].scale[*factor] > 0.0)
        .map(|factor| Term::new(vec![(input, factor)]))
        .collect();
    let blocks = block_grams(sample, &sample.blocks, &terms, output);
    let share = |gram: &Gram| {
        let mut fit = Fit::new(gram);
        (1..=terms.len()).for_each(|column| fit.push(column));
        fit.share()
    };
    let gram = Gram::weighted(&blocks, &vec![1.0; blocks.len()]);
    let drawn: Vec<f64> =
        weights.par_iter().map(|weights| share(&Gram::weighted(&blocks, weights))).collect();
    let first = Interval::around(share(&gram), deviation(drawn.iter().copied()));
    let columns: Vec<usize> = (1..=terms.len()).collect();
    let chosen = forward(&gram, &[], &columns, threshold(inputs * FACTORS), terms.len());
    Alone { first, terms: chosen.into_iter().map(|column| terms[column - 1].clone()).collect() }
}

/// The game whose players are inputs and whose worth is the share of the variance that a set of them explains:
/// `V(u) = Var(E[Y | X_u]) / Var(Y)`.
struct Game {
    /// Inputs with at least one term.
    players: Vec<usize>,
    /// For each player its columns, each with the other players that must be in too.
    columns: Vec<Vec<(usize, Vec<usize>)>>,
}

impl Game {
    fn new(terms: &[Term]) -> Self {
        let mut players: Vec<usize> = terms.iter().flat_map(Term::inputs).collect();
        players.sort_unstable();
        players.dedup();
        let place = |input: usize| players.binary_search(&input).unwrap_or(0);
        let mut columns = vec![Vec::new(); players.len()];
        for (index, term) in terms.iter().enumerate() {
            for input in term.inputs() {
                let others = term.inputs().filter(|other| *other != input).map(place).collect();
                columns[place(input)].push((index + 1, others));
            }
        }
        Game { players, columns }
    }

    /// Adds a player to those already in.
    fn join(&self, fit: &mut Fit, inside: &mut [bool], player: usize) {
        for (column, others) in &self.columns[player] {
            if others.iter().all(|other| inside[*other]) {
                fit.push(*column);
            }
        }
        inside[player] = true;
    }

    /// The worth of all players, and for each what would be lost without it.
    fn totals(&self, gram: &Gram) -> (f64, Vec<f64>) {
        let count = self.players.len();
        let mut fit = Fit::new(gram);
        let mut inside = vec![false; count];
        (0..count).for_each(|player| self.join(&mut fit, &mut inside, player));
        let all = fit.share();
        let mut lost = vec![0.0; count];
        let mut fit = Fit::new(gram);
        self.leave_out(&mut fit, &mut vec![false; count], 0..count, all, &mut lost);
        (all, lost)
    }

    /// The totals of the players of a range when all others are in: halves the range until one is left, so that the
    /// work on common players is shared.
    fn leave_out(
        &self,
        fit: &mut Fit,
        inside: &mut Vec<bool>,
        range: std::ops::Range<usize>,
        all: f64,
        lost: &mut [f64],
    ) {
        if range.len() <= 1 {
            range.for_each(|player| lost[player] = all - fit.share());
            return;
        }
        let middle = range.start + range.len() / 2;
        for (out, into) in
            [(range.start..middle, middle..range.end), (middle..range.end, range.start..middle)]
        {
            let (length, before) = (fit.len(), inside.clone());
            into.for_each(|player| self.join(fit, inside, player));
            self.leave_out(fit, inside, out, all, lost);
            fit.truncate(length);
            *inside = before;
        }
    }

    /// Shapley effects: over all subsets for few players, else over `pairs` antithetic pairs of permutations. Gives
    /// what each pair of permutations says; over all subsets there is one row.
    fn shapley(&self, gram: &Gram, pairs: usize) -> Vec<Vec<f64>> {
        if self.players.len() <= EXACT {
            return vec![self.exact(gram)];
        }
        (0..pairs)
            .map(|pair| {
                let mut own = generator(SEED, "sensitivity.shapley", pair as u64);
                let mut order = shuffled(self.players.len(), &mut own);
                let forth = self.walk(gram, &order);
                order.reverse();
                let back = self.walk(gram, &order);
                forth.iter().zip(&back).map(|(a, b)| (a + b) / 2.0).collect()
            })
            .collect()
    }

    /// What each player adds when they join in this order.
    fn walk(&self, gram: &Gram, order: &[usize]) -> Vec<f64> {
        let mut fit = Fit::new(gram);
        let mut inside = vec![false; self.players.len()];
        let mut added = vec![0.0; self.players.len()];
        let mut before = 0.0;
        for player in order {
            self.join(&mut fit, &mut inside, *player);
            let worth = fit.share();
            added[*player] = worth - before;
            before = worth;
        }
        added
    }

    /// Shapley's sum over all subsets: `Σ_u |u|! (d − |u| − 1)! / d! · (V(u ∪ i) − V(u))`.
    fn exact(&self, gram: &Gram) -> Vec<f64> {
        let count = self.players.len();
        let mut worth = vec![0.0; 1 << count];
        let mut fit = Fit::new(gram);
        self.subsets(&mut fit, &mut vec![false; count], 0, 0, &mut worth);
        let mut weights = vec![1.0 / count.max(1) as f64; count];
        for size in 1..count {
            // |u|! (d − |u| − 1)! / d! from its predecessor
            weights[size] = weights[size - 1] * size as f64 / (count - size) as f64;
        }
        let effect = |player: usize| {
            let without = (0..1_usize << count).filter(|set| set & (1 << player) == 0);
            without
                .map(|set| {
                    weights[set.count_ones() as usize] * (worth[set | 1 << player] - worth[set])
                })
                .sum()
        };
        (0..count).map(effect).collect()
    }

    /// The worth of every subset that extends `set` by players from `next` on.
    fn subsets(
        &self,
        fit: &mut Fit,
        inside: &mut [bool],
        next: usize,
        set: usize,
        worth: &mut [f64],
    ) {
        worth[set] = fit.share();
        for player in next..self.players.len() {
            let length = fit.len();
            self.join(fit, inside, player);
            self.subsets(fit, inside, player + 1, set | 1 << player, worth);
            inside[player] = false;
            fit.truncate(length);
        }
    }

    /// Fills in totals and Shapley effects of the players; gives what all leave unexplained.
    fn estimate(&self, blocks: &[Gram], weights: &[Vec<f64>], shares: &mut [Shares]) -> Interval {
        let gram = Gram::weighted(blocks, &vec![1.0; blocks.len()]);
        let (all, totals) = self.totals(&gram);
        let walks = self.shapley(&gram, PAIRS);
        let drawn: Vec<(f64, Vec<f64>, Vec<f64>)> = weights
            .par_iter()
            .map(|weights| {
                let gram = Gram::weighted(blocks, weights);
                let (all, totals) = self.totals(&gram);
                let walks = self.shapley(&gram, PAIRS_A_RESAMPLE);
                let means = (0..self.players.len()).map(|player| mean_of(&walks, player));
                (all, totals, means.collect())
            })
            .collect();
        for (player, input) in self.players.iter().enumerate() {
            let total = deviation(drawn.iter().map(|(_, totals, _)| totals[player]));
            let resampled = deviation(drawn.iter().map(|(_, _, means)| means[player]));
            let sampled = match walks.len() {
                0 | 1 => 0.0,
                n => deviation(walks.iter().map(|walk| walk[player])) / (n as f64).sqrt(),
            };
            let error = (resampled * resampled + sampled * sampled).sqrt();
            shares[*input].total = Interval::around(totals[player], total);
            shares[*input].shapley = Interval::around(mean_of(&walks, player), error);
        }
        Interval::around(1.0 - all, deviation(drawn.iter().map(|(all, ..)| *all)))
    }
}

fn mean_of(walks: &[Vec<f64>], player: usize) -> f64 {
    walks.iter().map(|walk| walk[player]).sum::<f64>() / walks.len() as f64
}

impl Interval {
    /// The 95% interval of a share of the variance with this standard error, which lies from 0 to 1; the estimate itself may
    /// come out slightly outside.
    pub(super) fn around(value: f64, error: f64) -> Self {
        let [low, high] = [-Z95, Z95].map(|z| (value + z * error).clamp(0.0, 1.0));
        Interval { value, low, high }
    }

    /// This share less another, their errors as if they were independent.
    pub(super) fn less(self, other: Self) -> Self {
        // the longer side: the other may be cut at 0 or 1
        let half = |found: Self| (found.high - found.value).max(found.value - found.low) / Z95;
        let (a, b) = (half(self), half(other));
        Interval::around(self.value - other.value, (a * a + b * b).sqrt())
    }
}

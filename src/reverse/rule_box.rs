//! What the paths inside the target have in common: a box of at most four intervals, found by peeling.
//!
//! The patient rule induction method (Friedman and Fisher 1999), as scenario discovery uses it (Bryant and Lempert 2010):
//!
//! ```text
//! coverage = hits in the box / all hits,   density = hits in the box / paths in the box,   lift = density / share of all
//! ```
//!
//! 1. From the whole, cut off again and again the twentieth of the paths, at the low or high end of one column, whose
//!    loss raises the density most for what it costs, until few paths are left.
//! 2. Of all boxes on the way keep the one with the largest harmonic mean of coverage and density.
//! 3. Drop the restrictions that it can best do without: to four, and all that gain less than 2% of that mean, or less
//!    than the relative error of the number of hits, 1/√hits.
//! 4. Move each end to where that mean is largest, twice around.
//!
//! The four steps are taken among the 4, the 12 and the 40 columns in which hits differ most from the others, and the
//! box with the largest mean stays: peeling among many columns can be led astray by one that matters little.
//!
//! All that is done on a random half of the paths. The box is scored on the others, which it has not seen: its coverage
//! and density there are honest, with Wilson intervals. Limits: the search is greedy; two columns that move together can
//! stand for each other; a box cannot follow an oblique or curved edge.

use super::chance::Chance;
use crate::num::resample::{generator, halves};

/// Most restrictions of a box.
pub(super) const MOST_RULES: usize = 4;
/// Fewest paths inside, and outside, of the target for which a box is sought.
pub const FEWEST_HITS: usize = 60;
/// Columns that take part, in three attempts: those in which hits differ most from the others.
const COLUMNS: [usize; 3] = [4, 12, 40];
/// Share of the paths that a peel takes off.
const PEEL: f64 = 0.05;
/// Fewest paths in a box while it is found.
const FEWEST_INSIDE: usize = 20;
/// Seed of the halves: the box is a function of the paths alone.
const SEED: u64 = 20_260_701;
/// Share of the harmonic mean that a restriction must be worth, and the same in relative errors of the number of hits.
const WORTH: [f64; 2] = [0.02, 1.0];

/// An interval of a column; an open end is infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Which column.
    pub column: usize,
    /// Smallest value inside.
    pub low: f64,
    /// Largest value inside.
    pub high: f64,
}

/// A box with its score on paths that it has not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleBox {
    /// Its restrictions, the one it could least do without first.
    pub rules: Vec<Rule>,
    /// Hits in the box among all hits.
    pub coverage: Chance,
    /// Hits in the box among the paths in it.
    pub density: Chance,
    /// Hits among all paths.
    pub base: Chance,
}

impl RuleBox {
    /// Density over the share of hits among all paths.
    pub fn lift(&self) -> f64 {
        self.density.share() / self.base.share()
    }

    /// Whether it is denser than the whole beyond doubt on the paths that it has not seen.
    pub fn holds_up(&self) -> bool {
        self.density.interval().0 > self.base.share()
    }
}

/// Seeks a box in columns (each with a value a path) around the paths with `hits`. None with too few hits or others, or
/// when no restriction is worth its place.
pub fn rule_box(columns: &[Vec<f64>], hits: &[bool]) -> Option<RuleBox> {
    let all = hits.iter().filter(|hit| **hit).count();
    if all < FEWEST_HITS || hits.len() - all < FEWEST_HITS {
        return None;
    }
    let [seen, unseen] = halves(hits.len(), &mut generator(SEED, "reverse.rule_box", 0));
    let data = Data { columns, hits, paths: &seen, all: count(&seen, hits) };
    let columns = data.informative();
    let mut best = (f64::NEG_INFINITY, Vec::new());
    for few in COLUMNS {
        let rules = data.search(&columns[..few.min(columns.len())]);
        let score = data.score(&rules);
        if score > best.0 {
            best = (score, rules);
        }
    }
    let rules = best.1;
    if rules.is_empty() {
        return None;
    }
    let inside: Vec<usize> =
        unseen.iter().copied().filter(|path| data.holds(&rules, *path)).collect();
    let within = count(&inside, hits) as u64;
    let base = Chance { hits: count(&unseen, hits) as u64, paths: unseen.len() as u64 };
    Some(RuleBox {
        rules,
        coverage: Chance { hits: within, paths: base.hits },
        density: Chance { hits: within, paths: inside.len() as u64 },
        base,
    })
}

fn count(paths: &[usize], hits: &[bool]) -> usize {
    paths.iter().filter(|path| hits[**path]).count()
}

/// The paths on which a box is found.
struct Data<'a> {
    columns: &'a [Vec<f64>],
    hits: &'a [bool],
    paths: &'a [usize],
    all: usize,
}

impl Data<'_> {
    /// The columns in which hits and the others differ most by the largest distance of their distribution functions
    /// (Kolmogorov and Smirnov).
    fn informative(&self) -> Vec<usize> {
        let mut scored: Vec<(f64, usize)> = (0..self.columns.len())
            .map(|column| (self.distance(column), column))
            .filter(|(distance, _)| *distance > 0.0)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(COLUMNS[2]);
        scored.into_iter().map(|(_, column)| column).collect()
    }

    fn distance(&self, column: usize) -> f64 {
        let values = &self.columns[column];
        let mut order = self.paths.to_vec();
        order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
        let (hits, others) = (self.all as f64, (self.paths.len() - self.all) as f64);
        let (mut gap, mut largest) = (0.0, 0.0_f64);
        for (index, path) in order.iter().enumerate() {
            gap += if self.hits[*path] { 1.0 / hits } else { -1.0 / others };
            let tied = order.get(index + 1).is_some_and(|next| values[*next] == values[*path]);
            if !tied {
                largest = largest.max(f64::abs(gap));
            }
        }
        largest
    }

    fn holds(&self, rules: &[Rule], path: usize) -> bool {
        rules.iter().all(|rule| {
            let value = self.columns[rule.column][path];
            rule.low <= value && value <= rule.high
        })
    }

    /// Harmonic mean of coverage and density of a box with some paths and hits.
    fn mean(&self, hits: usize, paths: usize) -> f64 {
        2.0 * hits as f64 / (paths + self.all) as f64
    }

    /// The same of a box by its rules.
    fn score(&self, rules: &[Rule]) -> f64 {
        let inside: Vec<usize> =
            self.paths.iter().copied().filter(|path| self.holds(rules, *path)).collect();
        self.mean(count(&inside, self.hits), inside.len())
    }

    /// Steps 1 to 4 among some columns.
    fn search(&self, columns: &[usize]) -> Vec<Rule> {
        let mut rules = self.peel(columns);
        self.drop_idle(&mut rules);
        for _ in 0..2 {
            for index in 0..rules.len() {
                self.refine(&mut rules, index);
            }
        }
        self.drop_idle(&mut rules);
        self.rank(&mut rules);
        rules
    }

    /// The best box on the way of the peeling.
    fn peel(&self, columns: &[usize]) -> Vec<Rule> {
        let mut inside = self.paths.to_vec();
        let mut rules: Vec<Rule> = Vec::new();
        let mut best = (self.mean(self.all, inside.len()), rules.clone());
        while inside.len() > FEWEST_INSIDE && count(&inside, self.hits) < inside.len() {
            let Some(cut) = self.best_peel(columns, &inside) else { break };
            inside.retain(|path| {
                let value = self.columns[cut.column][*path];
                cut.low <= value && value <= cut.high
            });
            match rules.iter_mut().find(|rule| rule.column == cut.column) {
                Some(rule) => {
                    rule.low = rule.low.max(cut.low);
                    rule.high = rule.high.min(cut.high);
                }
                None => rules.push(cut),
            }
            let score = self.mean(count(&inside, self.hits), inside.len());
            if score > best.0 {
                best = (score, rules.clone());
            }
        }
        best.1
    }

    /// The cut that raises the density most for each path that it costs.
    fn best_peel(&self, columns: &[usize], inside: &[usize]) -> Option<Rule> {
        let density = count(inside, self.hits) as f64 / inside.len() as f64;
        let mut best: Option<(f64, Rule)> = None;
        let mut sorted = Vec::with_capacity(inside.len());
        for &column in columns {
            let values = &self.columns[column];
            for low_end in [true, false] {
                sorted.clear();
                sorted.extend(inside.iter().map(|path| values[*path]));
                let Some(edge) = edge(&mut sorted, low_end) else { continue };
                let mut kept = [0_usize; 2];
                for path in inside {
                    let value = values[*path];
                    if if low_end { value >= edge } else { value <= edge } {
                        kept[0] += 1;
                        kept[1] += usize::from(self.hits[*path]);
                    }
                }
                if kept[0] < FEWEST_INSIDE || kept[0] == inside.len() {
                    continue;
                }
                let gain = kept[1] as f64 / kept[0] as f64 - density;
                let worth = gain / (inside.len() - kept[0]) as f64;
                if gain > 0.0 && best.is_none_or(|(other, _)| worth > other) {
                    let ends =
                        if low_end { (edge, f64::INFINITY) } else { (f64::NEG_INFINITY, edge) };
                    best = Some((worth, Rule { column, low: ends.0, high: ends.1 }));
                }
            }
        }
        best.map(|(_, rule)| rule)
    }

    /// Drops what the box can do without.
    fn drop_idle(&self, rules: &mut Vec<Rule>) {
        let worth = WORTH[0].max(WORTH[1] / libm::sqrt(self.all as f64));
        while !rules.is_empty() {
            let full = self.score(rules);
            let without = |index: usize| {
                let mut rest = rules.clone();
                rest.remove(index);
                self.score(&rest)
            };
            let scores: Vec<f64> = (0..rules.len()).map(without).collect();
            let mut least = 0;
            for (index, score) in scores.iter().enumerate() {
                if *score > scores[least] {
                    least = index;
                }
            }
            if rules.len() <= MOST_RULES && scores[least] < (1.0 - worth) * full {
                break;
            }
            rules.remove(least);
        }
    }

    /// Moves the ends of one rule to where the harmonic mean is largest, the other rules unchanged.
    fn refine(&self, rules: &mut [Rule], index: usize) {
        let mut others = rules.to_vec();
        let mut rule = others.remove(index);
        let values = &self.columns[rule.column];
        let mut order: Vec<usize> =
            self.paths.iter().copied().filter(|path| self.holds(&others, *path)).collect();
        order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
        if rule.high < f64::INFINITY {
            let upward = order.iter().copied().filter(|path| values[*path] >= rule.low);
            rule.high = self.best_end(upward, values).unwrap_or(rule.high);
        }
        if rule.low > f64::NEG_INFINITY {
            let downward = order.iter().rev().copied().filter(|path| values[*path] <= rule.high);
            rule.low = self.best_end(downward, values).unwrap_or(rule.low);
        }
        rules[index] = rule;
    }

    /// The value at which a box that grows path by path has its largest harmonic mean.
    fn best_end(&self, paths: impl Iterator<Item = usize>, values: &[f64]) -> Option<f64> {
        let (mut inside, mut hits) = (0, 0);
        let mut best: Option<(f64, f64)> = None;
        let mut paths = paths.peekable();
        while let Some(path) = paths.next() {
            inside += 1;
            hits += usize::from(self.hits[path]);
            let tied = paths.peek().is_some_and(|next| values[*next] == values[path]);
            let score = self.mean(hits, inside);
            if !tied && best.is_none_or(|(other, _)| score > other) {
                best = Some((score, values[path]));
            }
        }
        best.map(|(_, value)| value)
    }

    /// Puts the rule that the box could least do without first.
    fn rank(&self, rules: &mut Vec<Rule>) {
        let without = |rule: &Rule| {
            let rest: Vec<Rule> = rules.iter().copied().filter(|other| other != rule).collect();
            self.score(&rest)
        };
        let mut scored: Vec<(f64, Rule)> =
            rules.iter().map(|rule| (without(rule), *rule)).collect();
        scored.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.column.cmp(&b.1.column)));
        *rules = scored.into_iter().map(|(_, rule)| rule).collect();
    }
}

/// The innermost value that stays when the outermost twentieth goes; values equal to the last that goes go with it.
/// None when nothing would stay.
fn edge(values: &mut [f64], low_end: bool) -> Option<f64> {
    let count = values.len();
    let gone = ((PEEL * count as f64) as usize).max(1);
    let rank = if low_end { gone - 1 } else { count - gone };
    let (below, last, above) = values.select_nth_unstable_by(rank, f64::total_cmp);
    let last = *last;
    if low_end {
        above.iter().copied().filter(|value| *value > last).min_by(f64::total_cmp)
    } else {
        below.iter().copied().filter(|value| *value < last).max_by(f64::total_cmp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::rng::name_hash;

    /// Uniform numbers in [0, 1).
    fn uniform(column: usize, path: usize) -> f64 {
        (name_hash(&format!("{column}/{path}")) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Ten columns; hits lie in a known box of three of them, and now and then elsewhere.
    fn data(paths: usize, noise: f64) -> (Vec<Vec<f64>>, Vec<bool>) {
        let columns: Vec<Vec<f64>> =
            (0..10).map(|column| (0..paths).map(|path| uniform(column, path)).collect()).collect();
        let hits = (0..paths).map(|path| {
            let inside =
                columns[2][path] >= 0.6 && columns[5][path] <= 0.3 && columns[7][path] >= 0.2;
            inside || uniform(99, path) < noise
        });
        let hits = hits.collect();
        (columns, hits)
    }

    #[test]
    fn a_known_box_is_found_and_scored_on_unseen_paths() {
        let (columns, hits) = data(20_000, 0.0);
        let found = rule_box(&columns, &hits).unwrap();
        let mut rules = found.rules.clone();
        rules.sort_by_key(|rule| rule.column);
        let ends = rules.iter().map(|rule| (rule.column, rule.low, rule.high));
        let want = [(2, 0.6, f64::INFINITY), (5, f64::NEG_INFINITY, 0.3), (7, 0.2, f64::INFINITY)];
        assert_eq!(rules.len(), 3, "{rules:?}");
        for ((column, low, high), want) in ends.zip(want) {
            let near = |a: f64, b: f64| a == b || (a - b).abs() < 0.01;
            assert!(column == want.0 && near(low, want.1) && near(high, want.2), "{rules:?}");
        }
        assert!(found.coverage.share() > 0.98 && found.density.share() > 0.98, "{found:?}");
        // A box of 0.4 · 0.3 · 0.8 holds 9.6% of the paths.
        assert!((found.base.share() - 0.096).abs() < 0.01);
        assert!(found.lift() > 9.0 && found.base.paths == 10_000);
        assert_eq!(rule_box(&columns, &hits).unwrap(), found, "the same again");
    }

    #[test]
    fn noise_costs_coverage_and_what_hits_do_not_share_gives_no_box() {
        let (columns, hits) = data(20_000, 0.02);
        let found = rule_box(&columns, &hits).unwrap();
        // 9.6% in the box and 2% of the other 90.4% outside: coverage 0.096 / 0.114.
        assert!((found.coverage.share() - 0.842).abs() < 0.03, "{found:?}");
        let random: Vec<bool> = (0..20_000).map(|path| uniform(99, path) < 0.05).collect();
        if let Some(none) = rule_box(&columns, &random) {
            assert!(none.lift() < 1.3, "nothing is shared: {none:?}");
        }
        assert_eq!(rule_box(&columns, &vec![true; 20_000]), None);
        let few: Vec<bool> = (0..20_000).map(|path| path < 59).collect();
        assert_eq!(rule_box(&columns, &few), None);
    }

    #[test]
    fn the_score_is_that_of_the_unseen_paths_and_noise_alone_gives_no_box() {
        let columns: Vec<Vec<f64>> =
            (0..12).map(|column| (0..2000).map(|path| uniform(column, path)).collect()).collect();
        let share = |path: usize| if columns[4][path] > 0.7 { 0.7 } else { 0.1 };
        let hits: Vec<bool> = (0..2000).map(|path| uniform(99, path) < share(path)).collect();
        let found = rule_box(&columns, &hits).unwrap();
        let inside = |path: &usize| {
            let value = |rule: &Rule| columns[rule.column][*path];
            found.rules.iter().all(|rule| rule.low <= value(rule) && value(rule) <= rule.high)
        };
        let [_, unseen] = halves(2000, &mut generator(SEED, "reverse.rule_box", 0));
        let unseen: Vec<usize> = unseen.into_iter().filter(inside).collect();
        assert_eq!(found.density.paths, unseen.len() as u64);
        assert_eq!(found.density.hits, count(&unseen, &hits) as u64);
        assert!((found.density.share() - 0.7).abs() < 0.1 && found.holds_up(), "{found:?}");
        for trial in 1..40 {
            let noise: Vec<bool> =
                (0..2000).map(|path| uniform(1000 + trial, path) < 0.3).collect();
            let fitted = rule_box(&columns, &noise);
            assert!(!fitted.is_some_and(|found| found.lift() > 1.3), "trial {trial}");
        }
    }

    #[test]
    fn coins_and_constants_are_cut_whole() {
        let columns = vec![
            (0..4000).map(|path| f64::from(u8::from(uniform(1, path) < 0.3))).collect(),
            vec![7.0; 4000],
        ];
        let hits: Vec<bool> = columns[0].iter().map(|coin| *coin == 1.0).collect();
        let found = rule_box(&columns, &hits).unwrap();
        assert_eq!(found.rules, [Rule { column: 0, low: 1.0, high: f64::INFINITY }]);
        assert_eq!((found.coverage.share(), found.density.share()), (1.0, 1.0));
    }
}

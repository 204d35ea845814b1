//! When enough paths have run: a bound on the half-width of a 95% interval, such as `p99 +-0.5bp`.
//!
//! Paths that are all alike say nothing about the size of what they have not met: their spread is 0, and so would be the
//! half-width. So a rule needs [`FEWEST_UNLIKE`] paths (of an expected shortfall: in its tail) that differ from the value
//! that most of them share. With fewer the half-width is at least the bound
//!
//! ```text
//! h = u · d,   u = upper end of Wilson's interval of the share of paths that differ,
//!              d = the range seen, or without any that differs what the metric can reach
//! ```
//!
//! d is the width of the range in which the model is known to hold, else what the bins can count. A share of paths bounds
//! itself: its half-width is that of Wilson's interval, and it needs no such paths.

use super::cell::{Cell, Measure};
use super::estimate::{Ranks, Z95, wilson};
use super::statistic::Statistic;
use super::tally::Tally;
use crate::model::{IMPACT_10Y, METRICS};

/// Fewest paths on which an interval is trusted.
const FEWEST_PATHS: u64 = 1000;
/// Fewest paths that differ from the value that most share.
pub const FEWEST_UNLIKE: u64 = 20;
/// Largest growth of a run from one check to the next.
const MOST_GROWTH: f64 = 2.0;

/// A bound on the Monte Carlo error of one statistic.
#[derive(Debug, Clone, PartialEq)]
pub struct StopRule {
    statistic: Statistic,
    bound: f64,
    metric: usize,
    horizon: String,
}

/// What a stopping rule saw at a number of paths.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Paths so far.
    pub paths: u64,
    /// The statistic; not a number while there are too few paths.
    pub value: f64,
    /// Half the width of its 95% interval; not a number while there are too few paths to tell.
    pub half_width: f64,
    /// Whether that is narrow enough.
    pub met: bool,
}

/// A rule that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no stopping rule: {what}; write for example `p99 +-0.5bp` or `mean +-0.1 of usdjpy at 6m`"
)]
pub struct StopRuleError {
    /// The rule as written.
    pub text: String,
    /// What is wrong with it.
    pub what: String,
}

impl StopRule {
    /// Reads `p1 … p99 | mean | es95 | es99 | prob_ge_50bp` and so on, `+-` and a half-width, then optionally `of METRIC`
    /// and `at HORIZON` (else the 10-year impact at the end).
    pub fn parse(text: &str) -> Result<Self, StopRuleError> {
        let fail = |what: String| StopRuleError { text: text.to_owned(), what };
        let spaced = text.replace('±', "+-").replace("+-", " +- ").replace("+/-", " +- ");
        let mut words = spaced.split_whitespace();
        let statistic = words.next().unwrap_or_default();
        let statistic = Statistic::parse(statistic).ok_or_else(|| {
            fail(format!("`{statistic}` is none of p1 to p99, mean, es95, es99, prob_ge_50bp"))
        })?;
        if words.next() != Some("+-") {
            return Err(fail("`+-` must follow the statistic".to_owned()));
        }
        let width = words.next().unwrap_or_default();
        let (number, mut unit) = split_unit(width);
        let bound = number.parse::<f64>().ok().filter(|bound| bound.is_finite() && *bound > 0.0);
        let bound = bound.ok_or_else(|| fail(format!("`{width}` is no half-width above zero")))?;
        let (mut metric, mut horizon) = (IMPACT_10Y, "end".to_owned());
        let mut rest = words.peekable();
        if let Some(word) = rest.next_if(|word| unit.is_empty() && !["of", "at"].contains(word)) {
            unit = word;
        }
        while let Some(word) = rest.next() {
            let value = rest.next().ok_or_else(|| fail(format!("nothing follows `{word}`")))?;
            match word {
                "of" => {
                    let found = METRICS.iter().position(|metric| metric.name == value);
                    metric = found.ok_or_else(|| fail(format!("there is no metric `{value}`")))?;
                }
                "at" => value.clone_into(&mut horizon),
                _ => return Err(fail(format!("`{word}` is neither `of` nor `at`"))),
            }
        }
        let rule = StopRule { statistic, bound, metric, horizon };
        let [name, about, known] = rule.about();
        if statistic.is_share() && !about.starts_with("impact_") {
            return Err(fail(format!("{name} is counted for impacts only, not for {about}")));
        }
        if !unit.is_empty() && unit != known {
            return Err(fail(format!("{name} of {about} is in {known}, not {unit}")));
        }
        Ok(rule)
    }

    /// The horizon that the rule looks at, which the scenario must have.
    pub fn horizon(&self) -> &str {
        &self.horizon
    }

    /// What the rule asks for, as in the files: statistic, metric, unit.
    pub fn about(&self) -> [String; 3] {
        let metric = METRICS[self.metric];
        let unit = if self.statistic.is_share() { "fraction" } else { metric.unit };
        [self.statistic.name(), metric.name.to_owned(), unit.to_owned()]
    }

    /// The statistic.
    pub fn statistic(&self) -> Statistic {
        self.statistic
    }

    /// Position of the metric in [`METRICS`].
    pub fn metric(&self) -> usize {
        self.metric
    }

    /// Largest half-width that is narrow enough.
    pub fn bound(&self) -> f64 {
        self.bound
    }

    /// Looks at the paths so far.
    pub fn check(&self, tally: &Tally) -> Check {
        let mut check =
            Check { paths: tally.paths(), value: f64::NAN, half_width: f64::NAN, met: false };
        let Some(horizon) = tally.horizon(&self.horizon) else { return check };
        let cell = tally.cell(horizon, self.metric);
        let measure = tally.measure(self.metric);
        let ranks = Ranks::new(&measure.grid, &cell.bins);
        check.value = self.statistic.estimate(cell, measure, &ranks).value;
        let count = cell.moments.count();
        if count < FEWEST_PATHS {
            return check;
        }
        let width = self.half_width(cell, measure, &ranks);
        let unlike = ranks.unlike(count.div_ceil(self.statistic.part()));
        let (low, high) = cell.bins.range();
        let seen = Alike { unlike, count, range: high - low, top: measure.grid.reach() };
        self.judged(check, width, seen)
    }

    /// Half the width of the 95% interval, as far as the paths differ.
    fn half_width(&self, cell: &Cell, measure: &Measure, ranks: &Ranks) -> f64 {
        if let Some(hits) = self.statistic.hits(cell) {
            let count = cell.moments.count();
            let (share, (low, high)) = (hits as f64 / count as f64, wilson(hits, count));
            return (share - low).max(high - share);
        }
        match self.statistic {
            Statistic::Quantile(probability) => {
                let ends = ranks.quantile_interval(probability);
                ends.map_or(f64::NAN, |(low, high)| (high - low) / 2.0)
            }
            _ => Z95 * self.statistic.estimate(cell, measure, ranks).mcse,
        }
    }

    /// A check with this half-width, or the bound where too few paths differ.
    pub(crate) fn judged(&self, mut check: Check, width: f64, seen: Alike) -> Check {
        check.half_width = width;
        let enough = self.statistic.is_share() || seen.unlike >= FEWEST_UNLIKE;
        if !enough && !width.is_nan() {
            let reach = METRICS[self.metric].known.map_or(seen.top, |known| known.high - known.low);
            let distance = if seen.unlike == 0 { reach } else { seen.range };
            let share = wilson(seen.unlike, seen.count).1 * self.statistic.part() as f64;
            check.half_width = width.max(share.min(1.0) * distance);
        }
        check.met = enough && check.half_width <= self.bound;
        check
    }

    /// By what a run must grow until this rule is met, as far as a check tells: half-widths fall with the root of the
    /// paths. At most 2, and 2 where nothing can be told.
    pub fn growth(&self, check: &Check) -> f64 {
        let ratio = check.half_width / self.bound;
        if ratio > 1.0 { (ratio * ratio).min(MOST_GROWTH) } else { MOST_GROWTH }
    }
}

/// How much alike the paths are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Alike {
    /// Paths that differ from the value that most share.
    pub(crate) unlike: u64,
    /// Paths.
    pub(crate) count: u64,
    /// Largest less smallest value.
    pub(crate) range: f64,
    /// Largest distance from its centre that the metric's bins can count.
    pub(crate) top: f64,
}

/// Splits `0.5bp` into `0.5` and `bp`.
fn split_unit(word: &str) -> (&str, &str) {
    let end =
        word.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(word.len());
    word.split_at(end)
}

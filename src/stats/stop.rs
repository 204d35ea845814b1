//! When enough paths have run: a bound on the half-width of a 95% interval, such as `p99 +-0.5bp`.

use super::estimate::{Ranks, Z95};
use super::statistic::Statistic;
use super::tally::Tally;
use crate::model::{IMPACT_10Y, METRICS};

/// Fewest paths on which an interval is trusted.
const FEWEST_PATHS: u64 = 1000;

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
        let estimate = self.statistic.estimate(cell, measure, &ranks);
        let width = match self.statistic {
            Statistic::Quantile(probability) => {
                let ends = ranks.quantile_interval(probability);
                ends.map_or(f64::NAN, |(low, high)| (high - low) / 2.0)
            }
            _ => Z95 * estimate.mcse,
        };
        check.value = estimate.value;
        if cell.moments.count() >= FEWEST_PATHS {
            check.half_width = width;
        }
        check.met = check.half_width <= self.bound;
        check
    }
}

/// Splits `0.5bp` into `0.5` and `bp`.
fn split_unit(word: &str) -> (&str, &str) {
    let end =
        word.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(word.len());
    word.split_at(end)
}

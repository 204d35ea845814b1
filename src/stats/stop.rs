//! When enough paths have run: a bound on the half-width of a 95% interval, such as `p99 +-0.5bp`.

use super::estimate::{Ranks, Z95, mean};
use super::tally::Tally;
use crate::model::{IMPACT_10Y, METRICS};

/// Fewest paths on which an interval is trusted.
const FEWEST_PATHS: u64 = 1000;

/// What is to be known.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Statistic {
    Quantile(f64),
    Mean,
    Shortfall(u64),
}

/// A bound on the Monte Carlo error of one statistic.
#[derive(Debug, Clone, PartialEq)]
pub struct StopRule {
    statistic: Statistic,
    bound: f64,
    metric: usize,
    horizon: String,
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
    /// Reads `p1 … p99 | mean | es95 | es99`, `+-` and a half-width, then optionally `of METRIC` and `at HORIZON`
    /// (else the 10-year impact at the end).
    pub fn parse(text: &str) -> Result<Self, StopRuleError> {
        let fail = |what: String| StopRuleError { text: text.to_owned(), what };
        let spaced = text.replace('±', "+-").replace("+-", " +- ").replace("+/-", " +- ");
        let mut words = spaced.split_whitespace();
        let statistic = words.next().unwrap_or_default();
        let statistic = parse_statistic(statistic)
            .ok_or_else(|| fail(format!("`{statistic}` is none of p1 to p99, mean, es95, es99")))?;
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
        let about = METRICS[metric];
        if !unit.is_empty() && unit != about.unit {
            return Err(fail(format!("{} is in {}, not {unit}", about.name, about.unit)));
        }
        Ok(StopRule { statistic, bound, metric, horizon })
    }

    /// The horizon that the rule looks at, which the scenario must have.
    pub fn horizon(&self) -> &str {
        &self.horizon
    }

    /// Half the width of the 95% interval now; none while there are too few paths to tell.
    pub fn half_width(&self, tally: &Tally) -> Option<f64> {
        let cell = tally.cell(tally.horizon(&self.horizon)?, self.metric);
        if cell.moments.count() < FEWEST_PATHS {
            return None;
        }
        let measure = tally.measure(self.metric);
        let ranks = Ranks::new(&measure.grid, &cell.bins);
        let width = match self.statistic {
            Statistic::Mean => Z95 * mean(&cell.moments, &measure.quantiser).mcse,
            Statistic::Shortfall(part) => Z95 * ranks.shortfall(part).mcse,
            Statistic::Quantile(probability) => {
                let (low, high) = ranks.quantile_interval(probability)?;
                (high - low) / 2.0
            }
        };
        width.is_finite().then_some(width)
    }

    /// Whether the interval is narrow enough.
    pub fn met(&self, tally: &Tally) -> bool {
        self.half_width(tally).is_some_and(|width| width <= self.bound)
    }
}

fn parse_statistic(word: &str) -> Option<Statistic> {
    match word {
        "mean" => Some(Statistic::Mean),
        "es95" => Some(Statistic::Shortfall(20)),
        "es99" => Some(Statistic::Shortfall(100)),
        _ => {
            let percent: u32 = word.strip_prefix('p')?.parse().ok()?;
            let inside = (1..=99).contains(&percent);
            inside.then(|| Statistic::Quantile(f64::from(percent) / 100.0))
        }
    }
}

/// Splits `0.5bp` into `0.5` and `bp`.
fn split_unit(word: &str) -> (&str, &str) {
    let end =
        word.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(word.len());
    word.split_at(end)
}

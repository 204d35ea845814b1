//! Paths beyond the world that the model knows, in words: how many, which is worst, and which number may have sent it there.

use super::furthest::{Furthest, furthest};
use crate::model::{METRICS, Number, Plan, numbers};
use crate::report::number;
use crate::scenario::Scenario;
use crate::stats::{Outside, WorstPath};
use std::fmt::Write as _;

/// Paths, of which at most one may leave the known world before results are suspect: 0.1%.
const ONE_IN: u64 = 1000;

/// What left the known world in a scenario, a variant or a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Beyond {
    /// Which it is.
    pub name: String,
    /// All its paths.
    pub paths: u64,
    /// Steps of each.
    pub steps: usize,
    /// Those that left.
    pub outside: Outside,
    /// What lies furthest from its default on the worst of them.
    pub furthest: Option<Furthest>,
}

impl Beyond {
    /// What left; plan and seed are those of the paths.
    pub fn new(
        name: &str,
        (plan, seed): (&Plan, u64),
        paths: u64,
        outside: &Outside,
        baseline: &Scenario,
    ) -> Self {
        let worst = outside.worst.as_ref();
        let furthest = worst.and_then(|worst| {
            furthest(&numbers(plan, seed, worst.drawn.path, &worst.drawn.values), baseline)
        });
        Beyond {
            name: name.to_owned(),
            paths,
            steps: plan.steps,
            outside: outside.clone(),
            furthest,
        }
    }

    /// Whether more than 0.1% of the paths left.
    pub fn is_suspect(&self) -> bool {
        self.outside.paths.saturating_mul(ONE_IN) > self.paths
    }

    /// One line: how many left, and the worst.
    pub fn note(&self) -> String {
        let mut text = self.count();
        if let Some(worst) = &self.outside.worst {
            let _ = write!(text, "; {}", furthest_out(worst));
        }
        text
    }

    /// How many left.
    fn count(&self) -> String {
        let share = 100.0 * self.outside.paths as f64 / self.paths.max(1) as f64;
        format!(
            "{}: {} of {} paths ({}%) leave the world that the model is known to hold in",
            self.name,
            self.outside.paths,
            self.paths,
            digits(share)
        )
    }

    /// All that is known.
    fn page(&self) -> String {
        let mut text = format!("{}; at most 0.1% may.\n", self.count());
        for (metric, count) in &self.outside.metrics {
            let about = &METRICS[*metric];
            let Some(known) = about.known else { continue };
            let (low, high) = known.over(self.steps);
            let _ = writeln!(
                text,
                "  {}: {count} paths outside {} to {} {}",
                about.name,
                digits(low),
                digits(high),
                about.unit
            );
        }
        if let Some(worst) = &self.outside.worst {
            let _ = writeln!(text, "  {}.", capital(&furthest_out(worst)));
        }
        let remedy = match &self.furthest {
            Some(found) => {
                let _ = writeln!(text, "  On it {}.", said(found));
                format!("Bring {} closer to its default", found.key)
            }
            None => "Every number stands at its default there: shorten the horizon".to_owned(),
        };
        let _ = writeln!(
            text,
            "  {remedy}, or take the results for what the equations say where nobody has seen them hold."
        );
        text
    }
}

/// The text of the file that stands beside suspect results; none when none are.
pub fn suspect(found: &[Beyond]) -> Option<String> {
    let pages: Vec<String> =
        found.iter().filter(|beyond| beyond.is_suspect()).map(Beyond::page).collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

/// Which of the numbers of a path lies furthest from its default, in words, with what to do.
pub fn name_furthest(numbers: &[Number], baseline: &Scenario) -> Option<String> {
    let found = furthest(numbers, baseline)?;
    Some(format!("{}; bring it closer", said(&found)))
}

fn said(found: &Furthest) -> String {
    format!(
        "{} lies furthest from its default: {} {} where the default is {}",
        found.key,
        digits(found.value),
        found.unit,
        digits(found.default)
    )
}

fn furthest_out(worst: &WorstPath) -> String {
    let about = &METRICS[worst.metric];
    format!(
        "the furthest out is path {}, whose {} reaches {} {}",
        worst.drawn.path,
        about.name,
        digits(worst.value),
        about.unit
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Four significant digits.
fn digits(value: f64) -> String {
    number(format!("{value:.3e}").parse().unwrap_or(value))
}

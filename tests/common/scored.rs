//! Scores scenarios for tests of `plausibility`.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use ustress::cli::LIBRARY;
use ustress::engine::{RunPlan, Silent};
use ustress::model::{CATALOGUE, Plan};
use ustress::plausibility::{Plausibility, Record, Reference, Score, assess, columns};
use ustress::scenario::Scenario;
use ustress::stats::Keep;
use ustress::{Gather, simulate};

pub(crate) fn baseline(sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    LIBRARY.load("baseline", &sets, &CATALOGUE).unwrap().scenario
}

pub(crate) fn assessed(scenario: &Scenario, paths: u64) -> Plausibility {
    let plan = Plan::new(scenario).unwrap();
    let keep = Keep::outcomes(&plan.layout, paths).and(columns(&plan.layout));
    let gather = Gather { keep, until: None, metrics: None };
    let simulated = simulate(&plan, &RunPlan::new(3, paths), &gather, &Silent).unwrap();
    let (plain, studies) = (baseline(&[]), baseline(&["impact.prior=studies"]));
    let record = Record::built_in();
    let reference = Reference { baseline: &plain, studies: &studies, record: &record };
    assess(scenario, &simulated.tally, &reference)
}

pub(crate) fn find<'a>(found: &'a Plausibility, item: &str) -> &'a Score {
    let score = found.scores.iter().find(|score| score.item == item);
    score.unwrap_or_else(|| panic!("{item} is not among {:?}", items(found)))
}

pub(crate) fn items(found: &Plausibility) -> Vec<&str> {
    found.scores.iter().map(|score| score.item.as_str()).collect()
}

pub(crate) fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

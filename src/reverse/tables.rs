//! The tables of a reverse stress test: `reverse.csv`, `design_point.csv`, `rule_box.csv`, `single_moves.csv`.

use super::{Answer, Chance, Combination, NamedBox, Plausible, Target};
use crate::report::{Columns, Table, number};
use std::collections::BTreeMap;

/// Names of the two boxes.
pub(super) const BOXES: [&str; 2] = ["assumptions and drivers", "assumptions"];

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    let text = [
        (
            "reverse.csv",
            "probability: share of simulated paths inside the target, low and high are Wilson's 95% interval; central_case: median over shocks with every number at its median; beta: distance of the most plausible combination from the central case in standard normals; likelihood_ratio = exp(-beta^2/2); linearised_probability = Phi(-beta), less what lies beyond a range, is no probability of the target where shocks or curvature matter, and not given for a joint target; linearised_probability_is: wrong where it lies outside the interval of the simulated share, agrees only where that interval lies within half and twice the share, else it cannot be checked; of a joint target medians and the central case are of a path's depth inside it, the smallest over its parts of the distance to the part's edge in standard deviations of its metric, negative outside, and each part has rows of its own; probability_at_combination: share of fresh paths inside the target with the inputs held there; coverage = hits in the box / all hits, density = hits in the box / paths in the box, both on paths that the search of the box has not seen",
        ),
        (
            "design_point.csv",
            "central: median of the input; value: in the most plausible combination; percentile: share of its own distribution below the value; normal: independent standard normal; importance: its square over beta^2",
        ),
        (
            "rule_box.csv",
            "intervals that hold together; a blank end is open; of drivers the value at the target's horizon (at peak and trough each path's own extreme)",
        ),
        (
            "single_moves.csv",
            "needed: value nearest to the central one at which the median over shocks is inside the target, the rest at the central case; nearest_value and nearest_median: what was tried that comes nearest to the target; percentile is blank for numbers without a distribution; 'pace for longer' is the day on which the metric is read, dated flows going on; outside_known_world: share of the paths at that value that leave the ranges in which the model is known to hold",
        ),
    ];
    text.map(|(table, text)| (table, text.to_owned())).into()
}

/// The tables by file name.
pub fn tables(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    let mut tables = BTreeMap::new();
    tables.insert("reverse.csv".to_owned(), summary(answer));
    tables.insert("design_point.csv".to_owned(), combination(answer));
    tables.insert("rule_box.csv".to_owned(), boxes(answer));
    tables.insert("single_moves.csv".to_owned(), moves(answer));
    tables
}

/// A tidy table with the answers that are one number each.
struct Tidy<'a> {
    table: Table,
    answer: &'a Answer,
}

impl Tidy<'_> {
    fn row(&mut self, section: &str, item: &str, value: f64, ends: Option<(f64, f64)>, unit: &str) {
        let [low, high] =
            ends.map_or([String::new(), String::new()], |(low, high)| [number(low), number(high)]);
        let scenario = self.answer.scenario.as_str();
        self.table.row([scenario, section, item, &number(value), &low, &high, unit]);
    }

    fn share(&mut self, section: &str, item: &str, chance: Chance) {
        self.row(section, item, chance.share(), Some(chance.interval()), "probability");
    }
}

fn summary(answer: &Answer) -> Vec<u8> {
    let columns = Columns::default()
        .text(["scenario", "section", "item"])
        .real(["value", "low", "high"])
        .text(["unit"]);
    let mut tidy = Tidy { table: Table::new(columns), answer };
    let unit = unit(&answer.target);
    tidy.table.row([&answer.scenario, "target", &answer.target.to_string(), "", "", "", unit]);
    tidy.share("probability", "probability", answer.chance);
    tidy.row("probability", "hits", answer.chance.hits as f64, None, "paths");
    tidy.row("probability", "paths", answer.chance.paths as f64, None, "paths");
    if let Some(needed) = answer.chance.paths_needed() {
        tidy.row("probability", "paths_for_100_hits", needed, None, "paths");
    }
    tidy.row("probability", "median_of_all_paths", answer.median, None, unit);
    parts(&mut tidy);
    tidy.row("combination", "central_case", answer.central, None, unit);
    match &answer.plausible {
        None => {}
        Some(Plausible::Central) => tidy.row("combination", "beta", 0.0, None, "standard normals"),
        Some(Plausible::NotReached { nearest, distance }) => {
            tidy.row("combination", "nearest_median", *nearest, None, unit);
            tidy.row("combination", "nearest_at", *distance, None, "standard normals");
        }
        Some(Plausible::Combination(found)) => point(&mut tidy, found, unit),
    }
    for (name, boxed) in BOXES.iter().zip(&answer.boxes) {
        if let Some(found) = &boxed.found {
            let section = format!("box of {name}");
            tidy.share(&section, "coverage", found.coverage);
            tidy.share(&section, "density", found.density);
            tidy.share(&section, "share_of_all", found.base);
            tidy.row(&section, "lift", found.lift(), None, "ratio");
        }
    }
    tidy.table.finish()
}

/// Unit of the number by which a path is measured against the target.
pub(super) fn unit(target: &Target) -> &'static str {
    match target.parts() {
        [part] => part.about().unit,
        _ => "standard deviations",
    }
}

/// Each part of a joint target, and what their probability would be were they independent.
fn parts(tidy: &mut Tidy<'_>) {
    let answer = tidy.answer;
    if !answer.target.is_joint() {
        return;
    }
    for (place, (part, alone)) in answer.target.parts().iter().zip(&answer.parts).enumerate() {
        let section = format!("part {}", place + 1);
        let unit = part.about().unit;
        tidy.table.row([&answer.scenario, &section, &part.to_string(), "", "", "", unit]);
        tidy.share(&section, "probability", alone.chance);
        tidy.row(&section, "median_of_all_paths", alone.median, None, unit);
        tidy.row(&section, "central_case", alone.central, None, unit);
        if let Some(Plausible::Combination(found)) = &answer.plausible {
            let median = found.medians.get(place).copied().unwrap_or(f64::NAN);
            tidy.row(&section, "median_at_combination", median, None, unit);
        }
    }
    tidy.row("probability", "were_parts_independent", answer.independent(), None, "probability");
}

fn point(tidy: &mut Tidy<'_>, found: &Combination, unit: &str) {
    let section = "combination";
    tidy.row(section, "beta", found.beta, None, "standard normals");
    for (start, beta) in ["centre", "paths inside"].iter().zip(found.starts) {
        if let Some(beta) = beta {
            tidy.row(section, &format!("beta from {start}"), beta, None, "standard normals");
        }
    }
    tidy.row(section, "likelihood_ratio", found.likelihood_ratio, None, "ratio");
    if let Some(linearised) = found.linearised {
        tidy.row(section, "linearised_probability", linearised, None, "probability");
        let (scenario, verdict) = (&tidy.answer.scenario, tidy.answer.chance.judge(linearised));
        let item = "linearised_probability_is";
        tidy.table.row([scenario.as_str(), section, item, verdict.name(), "", "", ""]);
    }
    tidy.row(section, "median_at_combination", found.median, None, unit);
    tidy.share(section, "probability_at_combination", found.check);
    if let Some(outside) = found.outside {
        tidy.row(section, "outside_known_world", outside, None, "probability");
    }
}

fn combination(answer: &Answer) -> Vec<u8> {
    let columns = Columns::default().text(["scenario", "key", "unit"]).real([
        "central",
        "value",
        "multiple",
        "percentile",
        "normal",
        "importance",
    ]);
    let mut table = Table::new(columns);
    if let Some(Plausible::Combination(found)) = &answer.plausible {
        for input in &found.inputs {
            let multiple = input.value / input.central;
            let numbers = [
                input.central,
                input.value,
                multiple,
                input.percentile,
                input.normal,
                input.importance,
            ];
            let mut row = vec![answer.scenario.clone(), input.key.clone(), input.unit.to_owned()];
            row.extend(numbers.map(number));
            table.row(row);
        }
    }
    table.finish()
}

fn boxes(answer: &Answer) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["scenario", "box", "key", "kind"])
            .real(["low", "high"])
            .text(["unit"]),
    );
    let assumptions = answer.boxes[1].columns.len();
    for (name, NamedBox { columns, found }) in BOXES.iter().zip(&answer.boxes) {
        for rule in found.iter().flat_map(|found| &found.rules) {
            let (key, unit) = &columns[rule.column];
            let kind = if rule.column < assumptions { "assumption" } else { "driver" };
            let (low, high) = (number(rule.low), number(rule.high));
            table.row([&answer.scenario, *name, key, kind, &low, &high, *unit]);
        }
    }
    table.finish()
}

fn moves(answer: &Answer) -> Vec<u8> {
    let columns = Columns::default()
        .text(["scenario", "key", "unit"])
        .real(["central"])
        .text(["reaches"])
        .real([
            "needed",
            "multiple",
            "percentile",
            "nearest_value",
            "nearest_median",
            "outside_known_world",
        ]);
    let mut table = Table::new(columns);
    let optional = |value: Option<f64>| value.map(number).unwrap_or_default();
    for found in answer.moves.iter().flatten() {
        let reaches = if found.needed.is_some() { "yes" } else { "never" };
        table.row([
            &answer.scenario,
            found.key.as_str(),
            found.unit,
            &number(found.central),
            reaches,
            &optional(found.needed),
            &optional(found.multiple()),
            &optional(found.percentile),
            &number(found.nearest.0),
            &number(found.nearest.1),
            &optional(found.outside),
        ]);
    }
    table.finish()
}

//! `compare.csv`, `compare_channels.csv`, `waterfall.csv` and `convergence.csv` of a comparison.

use super::paired::Pair;
use crate::model::METRICS;
use crate::report::{Checks, Columns, Table, exact, number};
use crate::stats::{Estimate, StopRule, Z95};

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    [
        ("compare.csv", "difference is scenario minus base over the same paths; mcse is its paired standard error, the standard deviation of the difference of the influence functions / sqrt(n); low95 and high95 are difference -+ 1.96 mcse. In the row prob_higher, base_value is the share of the paths on which the base is higher, value that on which the scenario is; the rest are equal"),
        ("compare_channels.csv", "means of the channels of the 10-year impact; those of a horizon add up to its row total"),
        ("waterfall.csv", "Shapley value of each group of changed assumptions, statistic by statistic, for the 10-year impact; base + all effects = scenario. method exact: every combination ran on all paths; sampled: random orders, mcse holds the paths and the orders"),
    ]
    .map(|(table, text)| (table, text.to_owned()))
    .into()
}

fn interval(estimate: Estimate) -> [String; 4] {
    let half = Z95 * estimate.mcse;
    let [low, high] = [estimate.value - half, estimate.value + half].map(number);
    [exact(estimate.value), number(estimate.mcse), low, high]
}

/// `compare.csv`: a row per pair, metric, horizon and statistic.
pub fn differences(pairs: &[Pair]) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["base", "scenario", "metric", "unit", "horizon", "statistic"])
            .real(["base_value", "value", "difference", "mcse", "low95", "high95"]),
    );
    for pair in pairs {
        for row in &pair.differences {
            let names = [
                &pair.base,
                &pair.scenario,
                METRICS[row.metric].name,
                row.unit,
                &row.horizon,
                &row.statistic,
            ];
            let values = [exact(row.base), exact(row.value)];
            let difference = interval(row.difference);
            let numbers = values.iter().chain(&difference).map(String::as_str);
            table.row(names.into_iter().chain(numbers));
        }
    }
    table.finish()
}

/// `compare_channels.csv`: a row per pair, horizon and channel.
pub fn channels(pairs: &[Pair]) -> Vec<u8> {
    let mut table =
        Table::new(Columns::default().text(["base", "scenario", "horizon", "channel"]).real([
            "base_mean_bp",
            "mean_bp",
            "difference_bp",
            "mcse_bp",
            "low95_bp",
            "high95_bp",
        ]));
    for pair in pairs {
        for row in &pair.channels {
            let names = [pair.base.as_str(), &pair.scenario, &row.horizon, row.channel];
            let values = [exact(row.base), exact(row.value)];
            let difference = interval(row.difference);
            let numbers = values.iter().chain(&difference).map(String::as_str);
            table.row(names.into_iter().chain(numbers));
        }
    }
    table.finish()
}

/// `waterfall.csv`: a row per pair, statistic and step, from the base to the scenario.
pub fn waterfalls(pairs: &[Pair]) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["base", "scenario", "horizon", "statistic", "step", "change"])
            .real(["effect", "mcse", "low95", "high95"])
            .text(["method"]),
    );
    for pair in pairs {
        let Some(waterfall) = &pair.waterfall else { continue };
        let method = if waterfall.exact { "exact" } else { "sampled" };
        for (place, statistic) in waterfall.statistics.iter().enumerate() {
            let mut row = |step: &str, change: &str, numbers: [String; 4]| {
                let names =
                    [&pair.base, &pair.scenario, &waterfall.at, &statistic.name(), step, change];
                let cells = names.into_iter().chain(numbers.iter().map(String::as_str));
                table.row(cells.chain([method]));
            };
            let level = |value: f64| [exact(value), String::new(), String::new(), String::new()];
            let [base, value] = waterfall.ends[place];
            row("base", "", level(base));
            for part in &waterfall.parts {
                row(&part.group, &part.detail, interval(part.effects[place]));
            }
            row("scenario", "", level(value));
        }
    }
    table.finish()
}

/// `convergence.csv`: what the stopping rule saw of every difference at every check.
pub fn convergence(pairs: &[Pair], rule: &StopRule) -> Vec<u8> {
    let mut table = Checks::new(Columns::default().text(["base", "scenario"]), "difference");
    for pair in pairs {
        for check in &pair.checks {
            let [value, width] = [check.value, check.half_width].map(number);
            let seen = [&check.paths.to_string(), value.as_str(), &width];
            table.row(&[&pair.base, &pair.scenario], rule, seen);
        }
    }
    table.finish()
}

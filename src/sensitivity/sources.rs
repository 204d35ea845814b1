//! Where the uncertainty of the 10-year impact comes from: which study is right, what that study leaves open, whether the
//! market's capacity grew with its debt, the other parameters, the shocks of the path.
//!
//! By the law of total variance, with S the study, E all numbers of the elasticity, C the capacity (`impact.gdp_scaling`):
//! `Var Y = Var E[Y|S] + (Var E[Y|S,E] − Var E[Y|S]) + (Var E[Y|S,E,C] − Var E[Y|S,E]) + (Var E[Y|all] − Var E[Y|S,E,C]) +
//! E Var[Y|all]`. Products count with the later of their sources: those of the elasticity with the capacity as capacity,
//! with other parameters as other parameters, those of anything with the shocks as shocks. Conditional
//! means are regressions, as in the module's header, on the first paths of the run itself. With one study chosen the first
//! share is exactly 0. The same on ranks: a heavy-tailed elasticity makes plain shares unstable.

use super::{FEWEST_ROWS, Interval, nested_shares};
use crate::model::{IMPACT_10Y, METRICS};
use crate::report::{Columns, Table, number};
use crate::scenario::Scenario;
use crate::stats::{Column, Tally};
use std::fmt::Write as _;

/// Paths of a run that are taken apart.
pub const SOURCE_PATHS: u64 = 8192;

/// The sources, in the order of the shares.
pub const SOURCES: [&str; 5] =
    ["which_study", "the_study_itself", "market_capacity", "other_parameters", "shocks"];

/// The same above the columns of the screen, which has room for a hundred characters.
const HEADS: [&str; 5] = ["which study", "study itself", "market capacity", "parameters", "shocks"];

/// Numbers of the elasticity beside `impact.study`.
const ELASTICITY: [&str; 6] = [
    "impact.transitory_bp_per_100bn",
    "impact.lasting_bp_per_100bn",
    "impact.half_life_days",
    "impact.stress_slope",
    "impact.gdp_ratio",
    "dealers.stress_multiplier",
];

/// The sources of a scenario's uncertainty.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    /// Name of the scenario.
    pub scenario: String,
    /// Paths behind it.
    pub paths: usize,
    /// Shares of the variance in the order of [`SOURCES`], of the impact and of its ranks.
    pub shares: [Vec<Interval>; 2],
}

/// Reads the sources off the kept paths of a tally, which must hold the impact at the end and the drawn quantities; none
/// with fewer than [`FEWEST_ROWS`] paths.
pub fn sources(scenario: &Scenario, tally: &Tally) -> Option<Sources> {
    let end = tally.horizon("end")?;
    let impact = Column::Metric { horizon: end, metric: IMPACT_10Y };
    let columns = &tally.kept_columns().columns;
    let first = |place: usize| {
        let mut column = tally.kept().column(place);
        column.truncate(SOURCE_PATHS as usize);
        column
    };
    let output = first(columns.iter().position(|column| *column == impact)?);
    if output.len() < FEWEST_ROWS {
        return None;
    }
    let (mut inputs, mut groups) = (Vec::new(), Vec::new());
    for (place, column) in columns.iter().enumerate() {
        let Column::Draw(id) = column else { continue };
        let Some(quantity) = scenario.quantities.get(*id) else { continue };
        if quantity.marginal.constant().is_none() {
            inputs.push(first(place));
            groups.push(match quantity.address.as_str() {
                "impact.study" => 0,
                address if ELASTICITY.contains(&address) => 1,
                "impact.gdp_scaling" => 2,
                _ => 3,
            });
        }
    }
    let shares = nested_shares(&inputs, &output, &groups, SOURCES.len() - 1);
    Some(Sources { scenario: scenario.name.clone(), paths: output.len(), shares })
}

/// `uncertainty.csv`: a row per scenario, scale and source.
pub fn uncertainty(found: &[Sources]) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["scenario", "metric", "horizon", "scale", "source"])
            .real(["share", "low95", "high95"])
            .count(["paths"]),
    );
    for sources in found {
        for (scale, shares) in ["value", "rank"].into_iter().zip(&sources.shares) {
            for (source, share) in SOURCES.iter().zip(shares) {
                let [value, low, high] = [share.value, share.low, share.high].map(number);
                let metric = METRICS[IMPACT_10Y].name;
                let paths = sources.paths.to_string();
                let name = sources.scenario.as_str();
                table.row([name, metric, "end", scale, source, &value, &low, &high, &paths]);
            }
        }
    }
    table.finish()
}

/// The shares by scenario, of the value and of its ranks.
pub fn sources_terminal(found: &[Sources]) -> String {
    if found.is_empty() {
        return String::new();
    }
    let wide = found.iter().map(|sources| sources.scenario.chars().count()).max().unwrap_or(0);
    let mut text = String::from(
        "\nWhere its variance comes from, in brackets that of its ranks (errors in uncertainty.csv)\n",
    );
    let _ = write!(text, "{:<wide$}", "scenario");
    for head in HEADS {
        let _ = write!(text, "  {head:>11}");
    }
    text.push('\n');
    for sources in found {
        let _ = write!(text, "{:<wide$}", sources.scenario);
        let [values, ranks] = &sources.shares;
        for ((value, rank), head) in values.iter().zip(ranks).zip(HEADS) {
            let cell = format!("{} ({})", percent(value.value), percent(rank.value));
            let _ = write!(text, "  {cell:>0$}", head.len().max(11));
        }
        text.push('\n');
    }
    text
}

/// Whole percent, without `-0`.
fn percent(share: f64) -> String {
    format!("{:.0}%", (100.0 * share).max(0.0) + 0.0)
}

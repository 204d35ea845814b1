//! Where the uncertainty of the 10-year impact comes from: which study is right, what that study leaves open, whether the
//! market's capacity grew with its debt, the other assumptions, the days.
//!
//! By the law of total variance, with S the study, E all numbers of the elasticity, C the capacity (`impact.gdp_scaling`),
//! A all assumptions:
//! `Var Y = Var E[Y|S] + (Var E[Y|S,E] − Var E[Y|S]) + (Var E[Y|S,E,C] − Var E[Y|S,E]) + (Var E[Y|A] − Var E[Y|S,E,C]) +
//! E Var[Y|A]`. Products count with the later of their sources: those of the elasticity with the capacity as capacity,
//! with other assumptions as other parameters.
//!
//! The last term, `shocks`, is measured by pairs of paths (`days.rs`): exactly 0 where no shock acts. The others are
//! regressions, as in the module's header, on the first paths of the run itself. What those do not explain of the
//! assumptions' part is `unexplained`: interactions and jumps that their functions cannot follow. It may come out a little
//! below 0, by sampling error.
//!
//! `which_study` is said only where the study is drawn (`impact.prior=studies`): with one study, or one blend, nothing is
//! known of it and it is blank. A run that was stopped before its pairs leaves `shocks` and `unexplained` blank. The same
//! on ranks: a heavy-tailed elasticity makes plain shares unstable.

use super::days::{day_share, day_share_of_ranks, occurrences};
use super::{FEWEST_ROWS, Interval, PAIRS, nested_shares};
use crate::engine::RunPlan;
use crate::model::{IMPACT_10Y, METRICS, Plan};
use crate::report::{Columns, Table, number};
use crate::scenario::Scenario;
use crate::stats::{Column, Tally};
use std::fmt::Write as _;

/// Paths of a run that are taken apart: as many as there are pairs.
pub const SOURCE_PATHS: u64 = PAIRS;

/// The sources, in the order of the shares.
pub const SOURCES: [&str; 6] = [
    "which_study",
    "the_study_itself",
    "market_capacity",
    "other_parameters",
    "shocks",
    "unexplained",
];

/// The same above the columns of the screen, which has room for a hundred characters.
const HEADS: [&str; 6] =
    ["which study", "the study", "capacity", "parameters", "shocks", "unexplained"];

/// Width of a column of the screen: `100 (100)`.
const WIDTH: usize = 9;

/// Sources that are read off regressions: the first four.
const FITTED: usize = 4;

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
    /// Shares of the variance in the order of [`SOURCES`], of the impact and of its ranks; none where nothing is known.
    pub shares: [Vec<Option<Interval>>; 2],
}

/// Reads the sources off the kept paths of a tally, which must hold the impact at the end and the drawn quantities, and off
/// the impact on the same paths with other days; none with fewer than [`FEWEST_ROWS`] paths.
pub fn sources(
    (scenario, plan): (&Scenario, &Plan),
    run: &RunPlan,
    tally: &Tally,
    others: &[f64],
) -> Option<Sources> {
    let horizon = tally.horizon("end")?;
    let impact = Column::Metric { horizon, metric: IMPACT_10Y };
    let columns = &tally.kept_columns().columns;
    let first = |mut column: Vec<f64>| {
        column.truncate(SOURCE_PATHS as usize);
        column
    };
    let kept = |place: usize| first(tally.kept().column(place));
    let output = kept(columns.iter().position(|column| *column == impact)?);
    if output.len() < FEWEST_ROWS {
        return None;
    }
    let (mut inputs, mut groups) = (Vec::new(), Vec::new());
    for (place, column) in columns.iter().enumerate() {
        let Column::Draw(id) = column else { continue };
        let Some(quantity) = scenario.quantities.get(*id) else { continue };
        if quantity.marginal.constant().is_none() {
            inputs.push(kept(place));
            groups.push(group(&quantity.address));
        }
    }
    for (_, happens) in occurrences(plan, run, tally) {
        inputs.push(first(happens));
        groups.push(FITTED - 1);
    }
    let fitted = nested_shares(&inputs, &output, &groups, FITTED);
    let measured = (others.len().min(output.len()) >= FEWEST_ROWS)
        .then(|| [day_share(&output, others), day_share_of_ranks(&output, others)]);
    let mut scale = 0;
    let shares = fitted.map(|mut fitted| {
        let rest = fitted.pop().unwrap_or_default();
        let shocks = measured.map(|measured| measured[scale]);
        scale += 1;
        let mut shares: Vec<Option<Interval>> = fitted.into_iter().map(Some).collect();
        if !groups.contains(&0) {
            shares[0] = None;
        }
        shares.extend([shocks, shocks.map(|shocks| rest.less(shocks))]);
        shares
    });
    Some(Sources { scenario: scenario.name.clone(), paths: output.len(), shares })
}

/// The source that a number belongs to.
fn group(address: &str) -> usize {
    match address {
        "impact.study" => 0,
        address if ELASTICITY.contains(&address) => 1,
        "impact.gdp_scaling" => 2,
        _ => FITTED - 1,
    }
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
                let cells = share.map(|share| [share.value, share.low, share.high].map(number));
                let [value, low, high] = cells.unwrap_or_default();
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
        "\nWhere its variance comes from, in %, in brackets that of its ranks (errors in uncertainty.csv)\n",
    );
    let _ = write!(text, "{:<wide$}", "scenario");
    for head in HEADS {
        let _ = write!(text, "  {head:>0$}", head.len().max(WIDTH));
    }
    text.push('\n');
    for sources in found {
        let _ = write!(text, "{:<wide$}", sources.scenario);
        let [values, ranks] = &sources.shares;
        for ((value, rank), head) in values.iter().zip(ranks).zip(HEADS) {
            let cell = match (value, rank) {
                (Some(value), Some(rank)) => format!("{} ({})", percent(value), percent(rank)),
                _ => "–".to_owned(),
            };
            let _ = write!(text, "  {cell:>0$}", head.len().max(WIDTH));
        }
        text.push('\n');
    }
    text
}

/// Whole percent, without `-0`.
fn percent(share: &Interval) -> String {
    format!("{:.0}", (100.0 * share.value).max(0.0) + 0.0)
}

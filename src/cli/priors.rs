//! `priors`: the named elasticities, as a table or as CSV.

use super::LIBRARY;
use crate::error::Error;
use crate::model::{CATALOGUE, STUDIES, Study};
use crate::report::{Columns, Table, number};
use crate::scenario::Quantity;
use std::fmt::Write as _;

/// What an elasticity is made of, under `impact`: R_T, P, τ, c (which every prior leaves as it is), and what
/// `gdp_scaling` scales by.
const NUMBERS: [&str; 5] = [
    "transitory_bp_per_100bn",
    "lasting_bp_per_100bn",
    "half_life_days",
    "stress_slope",
    "gdp_ratio",
];

/// Probabilities of the quantiles that are shown.
const SHOWN: [f64; 3] = [0.05, 0.5, 0.95];

/// A prior with the 5, 50 and 95% quantiles of [`NUMBERS`], and the market now, USD tn.
type Row = (&'static Study, [[f64; 3]; NUMBERS.len()], f64);

fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for study in STUDIES {
        let set = [format!("impact.prior={}", study.name)];
        let scenario = LIBRARY.load("baseline", &set, &CATALOGUE)?.scenario;
        let quantiles = |key: &str| {
            let address = format!("impact.{key}");
            let mut known = scenario.quantities.iter();
            let found: Option<&Quantity> = known.find(|quantity| quantity.address == address);
            SHOWN.map(|p| found.map_or(f64::NAN, |found| found.marginal.quantile(p)))
        };
        let market = quantiles("market_usd_tn")[1];
        rows.push((study, NUMBERS.map(quantiles), market));
    }
    Ok(rows)
}

/// The priors as a table for people.
///
/// # Errors
/// If a prior cannot be loaded.
pub fn priors() -> Result<String, Error> {
    let mut text = String::from(
        "Effect of net sales on the 10-year, bp per USD 100bn at a market of USD 29tn, 5 / 50 / 95%; transitory: what stands at the end of a\nmonth of even sales, the lasting effect left out\n",
    );
    let _ = writeln!(
        text,
        "{:<20} {:>20} {:>17} {:>16}  {:<17} kind",
        "impact.prior", "transitory", "lasting", "half-life, days", "measured on"
    );
    for (study, numbers, _) in rows()? {
        let [passing, lasting, days, ..] = numbers.map(|quantiles| {
            let cells = quantiles.map(short);
            if cells[0] == cells[2] { cells[1].clone() } else { cells.join(" / ") }
        });
        let (name, tenor, kind) = (study.name, study.tenor, study.kind);
        let tenor = tenor.split(" (").next().unwrap_or(tenor);
        let _ =
            writeln!(text, "{name:<20} {passing:>20} {lasting:>17} {days:>16}  {tenor:<17} {kind}");
    }
    text.push_str(
        "A study's effect of 1% of the market is times 0.345 that of USD 100bn at USD 29tn, and a run scales it by 29 over the market and by\n\
         1 + gdp_scaling (gdp_ratio - 1): a path draws one impact.gdp_scaling for both effects, whatever the prior.\n\
         No study gives the slope c of the stress multiplier: every prior leaves impact.stress_slope as it is.\n",
    );
    text.push_str("`ustress explain impact` gives each one's source; `--csv` all that is known of the studies, `--derive` what they\npredict together.\n");
    Ok(text)
}

fn short(value: f64) -> String {
    let places = if value.abs() < 9.95 && value != 0.0 { 1 } else { 0 };
    format!("{value:.places$}")
}

/// The priors as a table for spreadsheets: what was measured, where, when, how it was rescaled, what came out.
///
/// # Errors
/// If a prior cannot be loaded.
pub fn priors_csv() -> Result<String, Error> {
    let mut header = vec!["prior", "citation", "measured_on", "kind", "market_then", "market_now"];
    header.extend(["own_units", "spread", "approximated"]);
    let columns = NUMBERS.iter().fold(Columns::default().text(header), |columns, key| {
        columns.real(SHOWN.map(|p| format!("{key}_p{:.0}", 100.0 * p)))
    });
    let mut table = Table::new(columns);
    for (study, numbers, market) in rows()? {
        let now = format!("{market}tn");
        let texts = [
            study.name,
            study.citation,
            study.tenor,
            study.kind,
            study.market_then,
            &now,
            study.own_units,
            study.spread,
            study.approximated,
        ];
        let values = numbers.iter().flatten().map(|value| number(*value));
        table.row(texts.into_iter().map(str::to_owned).chain(values));
    }
    Ok(String::from_utf8_lossy(&table.finish()).into_owned())
}

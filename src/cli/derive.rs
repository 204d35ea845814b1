//! `priors --derive`: the default laws of the elasticity from the studies, and the table behind each choice.

use super::LIBRARY;
use crate::error::Error;
use crate::model::evidence::{self, Lasting, Laws, Predicted, Response, Scaling};
use crate::model::{CATALOGUE, Family, STUDIES, impact};
use crate::num::{Law, Marginal};
use crate::report::{Columns, Table, number};
use crate::scenario::Scenario;
use std::fmt::Write as _;

/// The study that the seventeen of the first fit lack.
const ADDED: &str = "chaudhary2024";
/// Medians of the main part of R_T that are set against the evidence, bp: 3.3 is what T = 4.5 was, 4.8 what the months
/// alone ask for.
const CENTRES: [f64; 4] = [3.3, 4.0, 4.4, 4.8];
/// Shortest half-lives, days, that are set against the evidence.
const FLOORS: [f64; 3] = [2.0, 5.0, 10.0];

/// A row of the lasting effect: what it is, its number of studies, s, and what it predicts.
struct LastingRow {
    name: &'static str,
    studies: usize,
    scaling: &'static str,
    predicted: Predicted,
}

/// A row of the day and the month.
struct ResponseRow {
    centre: f64,
    floor_days: f64,
    response: Response,
}

/// All that is derived.
struct Derived {
    lasting: Vec<LastingRow>,
    month: Predicted,
    responses: Vec<ResponseRow>,
    market_usd_tn: f64,
}

fn load(sets: &[String]) -> Result<Scenario, Error> {
    Ok(LIBRARY.load("baseline", sets, &CATALOGUE)?.scenario)
}

/// The distribution of a number of `impact`; a constant 0 where there is none.
fn law(scenario: &Scenario, key: &str) -> Marginal {
    let address = format!("impact.{key}");
    let found = scenario.quantities.iter().find(|known| known.address == address);
    found.map_or_else(|| Marginal::fixed(0.0), |known| known.marginal.clone())
}

/// The studies with a family, as their priors have them.
fn studies() -> Result<Vec<Lasting>, Error> {
    let mut found = Vec::new();
    for study in STUDIES.iter().filter(|study| study.family != Family::NotFitted) {
        let scenario = load(&[format!("impact.prior={}", study.name)])?;
        found.push(Lasting {
            name: study.name,
            family: study.family,
            effect: law(&scenario, "lasting_bp_per_100bn"),
            gdp_ratio: law(&scenario, "gdp_ratio").quantile(0.5),
        });
    }
    Ok(found)
}

/// The laws that the program ships.
fn shipped(scenario: &Scenario) -> Laws {
    let (a, b) = ("impact.transitory_bp_per_100bn", "impact.lasting_bp_per_100bn");
    let pair = CATALOGUE.correlations.iter().find(|pair| pair.0 == a && pair.1 == b);
    let scaling = law(scenario, "gdp_scaling");
    let scaling = match scaling.law() {
        Law::Beta { b, .. } => Scaling::Beta(*b),
        _ => Scaling::Known(scaling.mean()),
    };
    Laws {
        transitory: law(scenario, "transitory_bp_per_100bn"),
        lasting: law(scenario, "lasting_bp_per_100bn"),
        half_life: law(scenario, "half_life_days"),
        correlation: pair.map_or(0.0, |pair| pair.2),
        gdp_ratio: law(scenario, "gdp_ratio").quantile(0.5),
        scaling,
        floor_days: impact::SHORTEST_HALF_LIFE,
        stress_slope: law(scenario, "stress_slope"),
        stress_threshold_usd_bn: law(scenario, "stress_threshold_usd_bn").quantile(0.5),
    }
}

/// The shipped R_T with another median of its main part.
fn centred(transitory: &Marginal, centre: f64) -> Marginal {
    let Law::Mixture { parts, weights } = transitory.law() else { return transitory.clone() };
    let moved = parts.iter().enumerate().map(|(index, part)| match part.law() {
        Law::LogNormal { sigma, .. } if index == 0 => {
            Marginal::new(Law::LogNormal { median: centre, sigma: *sigma })
        }
        _ => Ok(part.clone()),
    });
    let mixed = moved
        .collect::<Result<Vec<_>, _>>()
        .and_then(|parts| Marginal::new(Law::Mixture { parts, weights: weights.clone() }));
    mixed.unwrap_or_else(|_| transitory.clone())
}

/// The lasting effect by the studies in the fit and by s: fitted with s, then with s as a judgement.
fn lasting(studies: &[Lasting], laws: &Laws) -> Vec<LastingRow> {
    let only =
        |keep: fn(&&Lasting) -> bool| studies.iter().filter(keep).cloned().collect::<Vec<_>>();
    let first = only(|known| known.name != ADDED);
    let foreign = only(|known| known.family == Family::ForeignHolders);
    let fitted = |name, studies: &[Lasting], scaling, law| LastingRow {
        name,
        studies: studies.len(),
        scaling,
        predicted: Predicted::fitted(studies, law),
    };
    let judged = |name, scaling, law| LastingRow {
        name,
        studies: studies.len(),
        scaling,
        predicted: Predicted::judged(&laws.lasting, laws.gdp_ratio, law),
    };
    vec![
        fitted("without chaudhary2024", &first, "0", Scaling::Known(0.0)),
        fitted("fit", studies, "0", Scaling::Known(0.0)),
        fitted("fit", studies, "0.5", Scaling::Known(0.5)),
        fitted("fit", studies, "1", Scaling::Known(1.0)),
        fitted("fit, s updated", studies, "uniform", Scaling::Beta(1.0)),
        fitted("fit, s updated", studies, "beta(1, 2)", Scaling::Beta(2.0)),
        fitted("foreign holders only", &foreign, "uniform", Scaling::Beta(1.0)),
        judged("shipped", "as shipped", laws.scaling),
        judged("shipped, s another", "0", Scaling::Known(0.0)),
        judged("shipped, s another", "beta(1, 5)", Scaling::Beta(5.0)),
        judged("shipped, s another", "uniform", Scaling::Beta(1.0)),
        judged("shipped, s another", "1", Scaling::Known(1.0)),
    ]
}

fn derived() -> Result<Derived, Error> {
    let baseline = load(&[])?;
    let laws = shipped(&baseline);
    let responses = FLOORS.iter().flat_map(|floor_days| {
        CENTRES.map(|centre| {
            let transitory = centred(&laws.transitory, centre);
            let own = Laws { transitory, floor_days: *floor_days, ..laws.clone() };
            ResponseRow { centre, floor_days: *floor_days, response: own.response() }
        })
    });
    Ok(Derived {
        lasting: lasting(&studies()?, &laws),
        month: evidence::month(),
        responses: responses.collect(),
        market_usd_tn: law(&baseline, "market_usd_tn").quantile(0.5),
    })
}

/// Values with a slash between them.
fn slashed(values: &[f64], places: usize) -> String {
    let cells: Vec<String> = values.iter().map(|value| format!("{value:.places$}")).collect();
    cells.join(" / ")
}

/// The derivation as text.
///
/// # Errors
/// If a prior cannot be loaded.
pub fn derivation() -> Result<String, Error> {
    let found = derived()?;
    let mut text = String::from(
        "Lasting effect of the next sale by foreign holders, bp of the 10-year per USD 100bn at USD 29tn\n",
    );
    let now = format!("at USD {}tn: 5 / 50 / 95%", found.market_usd_tn);
    let _ = writeln!(
        text,
        "{:<22} {:>7} {:>10} {:>32} {:>5} {:>6}  {now}",
        "", "studies", "s", "5 / 25 / 50 / 75 / 95%", "sd ln", "mean s"
    );
    for row in &found.lasting {
        let Predicted { quantiles, sd_log, scaling } = &row.predicted;
        let now = [0, 2, 4]
            .map(|place| quantiles[place] * impact::QUOTED_MARKET_USD_TN / found.market_usd_tn);
        let _ = writeln!(
            text,
            "{:<22} {:>7} {:>10} {:>32} {sd_log:>5.2} {scaling:>6.2}  {}",
            row.name,
            row.studies,
            row.scaling,
            slashed(quantiles, 2),
            slashed(&now, 2)
        );
    }
    let Predicted { quantiles, sd_log, .. } = &found.month;
    let _ = writeln!(
        text,
        "\nEffect at the end of a month of USD 100bn, by the four studies of a month: {}, sd ln {sd_log:.2}",
        slashed(quantiles, 2)
    );
    responses(&mut text, &found.responses);
    Ok(text)
}

/// The day and the month by the median of R_T and by the shortest half-life.
fn responses(text: &mut String, rows: &[ResponseRow]) {
    text.push_str(
        "\nBy the median of R_T and the shortest half-life counted: effects, bp, 5 / 50 / 95 / 99%, and log likelihoods of what was\n\
         seen, less the best of their column: (a) the Ministry's ten days, (b) nine of them, (c) the four studies of a month\n",
    );
    let _ = writeln!(
        text,
        "{:>4} {:>5} {:>23} {:>24} {:>24} {:>24} {:>5} {:>5} {:>5}",
        "R_T",
        "floor",
        "USD 24bn in a day",
        "USD 40bn in a day",
        "USD 100bn in a month",
        "the same at s = 0",
        "(a)",
        "(b)",
        "(c)"
    );
    let best = |place: usize| {
        rows.iter().map(|row| row.response.fits[place]).fold(f64::NEG_INFINITY, f64::max)
    };
    let best = [best(0), best(1), best(2)];
    for row in rows {
        let Response { effects, fits } = &row.response;
        let [small, large, month, unscaled] = effects.each_ref().map(|points| slashed(points, 1));
        let fits = [fits[0] - best[0], fits[1] - best[1], fits[2] - best[2]];
        let [all, nine, months] = fits.map(|fit| format!("{:.2}", fit.min(0.0) + 0.0));
        let _ = writeln!(
            text,
            "{:>4} {:>5} {small:>23} {large:>24} {month:>24} {unscaled:>24} {all:>5} {nine:>5} {months:>5}",
            row.centre, row.floor_days
        );
    }
}

/// The derivation as a table for spreadsheets: rows of the lasting effect, of the month, and of laws of R_T.
///
/// # Errors
/// If a prior cannot be loaded.
pub fn derivation_csv() -> Result<String, Error> {
    let found = derived()?;
    let mut table =
        Table::new(Columns::default().text(["what", "case"]).count(["studies"]).real([
            "s",
            "rt_median",
            "floor_days",
            "p5",
            "p25",
            "p50",
            "p75",
            "p95",
            "p99",
            "sd_ln",
            "mean_s",
            "loglik_ten_days",
            "loglik_nine_days",
            "loglik_months",
        ]));
    let mut predicted = |what: &str, case: &str, studies: usize, s: &str, law: &Predicted| {
        let texts = [what, case, &studies.to_string(), s, "", ""].map(str::to_owned);
        let mut cells = texts.to_vec();
        cells.extend(law.quantiles.map(number));
        cells.extend([String::new(), number(law.sd_log), number(law.scaling)]);
        cells.extend([const { String::new() }; 3]);
        table.row(cells);
    };
    for row in &found.lasting {
        predicted("lasting", row.name, row.studies, row.scaling, &row.predicted);
    }
    predicted("month", "fit", evidence::MONTHS.len(), "0", &found.month);
    let names = ["24bn in a day", "40bn in a day", "100bn in a month", "100bn in a month"];
    for row in &found.responses {
        let Response { effects, fits } = &row.response;
        for (place, (name, points)) in names.iter().zip(effects).enumerate() {
            let s = if place == 3 { "0" } else { "as shipped" };
            let mut cells: Vec<String> =
                ["response", name, "", s].into_iter().map(str::to_owned).collect();
            cells.extend([number(row.centre), number(row.floor_days), number(points[0])]);
            cells.extend([String::new(), number(points[1]), String::new()]);
            cells.extend([number(points[2]), number(points[3])]);
            cells.extend([const { String::new() }; 2]);
            cells.extend(fits.map(number));
            table.row(cells);
        }
    }
    Ok(String::from_utf8_lossy(&table.finish()).into_owned())
}

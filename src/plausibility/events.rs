//! Events against the everyday shocks that they come on top of, and against the record.
//!
//! ```text
//! distance   size / (σ √days)              σ: a day's everyday shock of the scenario, √days for shocks that add up
//! together   D² = z' R⁻¹ z                 Mahalanobis distance of all dated market shocks within a window of h days,
//!            z_f = Σ sizes / (σ_f √h)      the window from one event's start to another's end for which D is largest
//! chance     P(χ²_k ≥ D²), k shocks        that everyday shocks of one such window lie as far out
//! ```
//!
//! R holds the scenario's correlations `shocks.corr_*`. Where the model has no everyday shock (flows, 2-year JGBs) σ √days
//! is the standard deviation on record. Everyday shocks are normal here: real ones have jumps and fat tails, so that the
//! chance of a far one is too small, and the percentile in the record is the better guide. Sources: Breuer, Jandačka,
//! Rheinberger and Summer 2009 and Studer 1999 (plausibility as Mahalanobis distance), Kritzman and Li 2010 (the same as
//! an index of turbulence).

use super::record::Record;
use super::terminal::{in_days, short};
use super::{Part, Score, Standing};
use crate::model::CATALOGUE;
use crate::num::normal_cdf;
use crate::scenario::{Event, FieldKind, Quantity, Scenario};
use nalgebra::{Cholesky, DMatrix, DVector};

/// How the size of a kind of event is read, and what it is measured against.
struct Measured {
    kind: &'static str,
    /// Its size, and what of it was expected.
    size: &'static str,
    priced: Option<&'static str>,
    days: Option<&'static str>,
    /// Measure of the record; empty when there is none.
    measure: &'static str,
}

const fn measured(
    kind: &'static str,
    size: &'static str,
    days: Option<&'static str>,
    measure: &'static str,
) -> Measured {
    Measured { kind, size, priced: None, days, measure }
}

const OVER: Option<&str> = Some("over_days");
const PRICED: Option<&str> = Some("priced_bp");

/// Every kind of event.
const EVENTS: [Measured; 14] = [
    measured("official_sale", "amount_usd_bn", OVER, "japan_net_sales"),
    measured("threat", "effect_bp", None, "ust_10y"),
    measured("yen_jump", "size_pct", OVER, "usdjpy"),
    measured("jgb_shock", "size_bp", OVER, "jgb_10y"),
    Measured { priced: PRICED, ..measured("boj_move", "size_bp", None, "jgb_2y") },
    Measured { priced: PRICED, ..measured("fed_move", "size_bp", None, "ust_2y") },
    measured("oil_shock", "size_pct", None, ""),
    measured("equity_shock", "size_pct", OVER, "equity"),
    measured("dealer_stress", "multiplier", Some("days"), ""),
    measured("issuance_surprise", "amount_usd_bn", OVER, ""),
    measured("other_holder_sale", "amount_usd_bn", OVER, ""),
    measured("fed_purchases", "amount_usd_bn", OVER, ""),
    measured("intervention", "amount_usd_bn", OVER, "mof_dollar_sales"),
    measured("coordinated_intervention", "amount_usd_bn", Some("days"), "mof_dollar_sales"),
];

/// Measures with an everyday shock: the number of its daily size, and its name among the correlations.
const FACTORS: [(&str, &str, &str); 5] = [
    ("ust_2y", "fed.ust_2y_noise_bp", "ust2"),
    ("ust_10y", "fed.ust_10y_noise_bp", "ust10"),
    ("jgb_10y", "jgb.jgb_10y_noise_bp", "jgb10"),
    ("usdjpy", "usdjpy.diffusion_pct", "usdjpy"),
    ("equity", "equity.noise_pct", "sp500"),
];

/// A dated shock.
struct Shock<'a> {
    address: &'a str,
    unit: &'static str,
    measure: &'static str,
    /// First day, and number of days.
    start: f64,
    days: f64,
    /// Its 5%, 50% and 95% points.
    sizes: [f64; 3],
}

/// A row an event, and one for the worst window of all dated market shocks where there are several.
pub(super) fn scores(scenario: &Scenario, record: &Record) -> Vec<Score> {
    let shocks: Vec<Shock> =
        scenario.events.iter().filter_map(|event| shock(scenario, event)).collect();
    let mut scores: Vec<Score> =
        shocks.iter().map(|shock| alone(scenario, record, shock)).collect();
    scores.extend(together(scenario, &shocks));
    scores
}

fn shock<'a>(scenario: &'a Scenario, event: &Event) -> Option<Shock<'a>> {
    let how = EVENTS.iter().find(|known| known.kind == event.kind)?;
    let size = field(scenario, event, how.size)?;
    let priced = how.priced.and_then(|priced| field(scenario, event, priced)).map_or(0.0, median);
    let days = how.days.and_then(|days| field(scenario, event, days)).map_or(1.0, median);
    let holder = event.words.first().copied().flatten();
    let measure = match (event.kind, holder) {
        ("other_holder_sale", Some("china")) => "china_holdings_fall",
        ("other_holder_sale", Some("uk")) => "uk_holdings_fall",
        _ => how.measure,
    };
    Some(Shock {
        address: &size.address,
        unit: size.unit,
        measure,
        start: scenario.quantities.get(event.day).map_or(1.0, median),
        days: days.round().max(1.0),
        sizes: [0.05, 0.5, 0.95].map(|p| size.marginal.quantile(p) - priced),
    })
}

/// A number of an event.
fn field<'a>(scenario: &'a Scenario, event: &Event, name: &str) -> Option<&'a Quantity> {
    let kind = CATALOGUE.events.iter().find(|kind| kind.name == event.kind)?;
    let numbers = kind.fields.iter().filter(|field| matches!(field.kind, FieldKind::Number { .. }));
    let place = numbers.into_iter().position(|field| field.name == name)?;
    scenario.quantities.get(*event.numbers.get(place)?)
}

fn median(quantity: &Quantity) -> f64 {
    quantity.marginal.quantile(0.5)
}

/// A day's everyday shock of a measure.
fn everyday(scenario: &Scenario, measure: &str) -> Option<f64> {
    let (_, address, _) = FACTORS.iter().find(|(known, ..)| *known == measure)?;
    number(scenario, address).filter(|size| *size > 0.0)
}

/// Median of a number by its address.
pub(super) fn number(scenario: &Scenario, address: &str) -> Option<f64> {
    let found = scenario.quantities.iter().find(|quantity| quantity.address == address);
    found.map(median)
}

fn alone(scenario: &Scenario, record: &Record, shock: &Shock<'_>) -> Score {
    let row = record.find(shock.measure, shock.days as usize);
    let daily = everyday(scenario, shock.measure);
    let sd = daily.map(|daily| daily * shock.days.sqrt()).or(row.map(|row| row.sd));
    let distance = sd.map(|sd| shock.sizes[1] / sd);
    let mut score = Score {
        measure: shock.measure,
        unit: shock.unit,
        days: Some(shock.days as usize),
        values: shock.sizes,
        yardstick_sd: sd,
        distance_sd: distance,
        chance: daily.and(distance).map(|z| 2.0 * normal_cdf(-z.abs())),
        standing: row.map(|row| Standing::new(row, shock.sizes)),
        ..Score::new(Part::Event, shock.address)
    };
    match row {
        None => score.note = "no series to set it against".to_owned(),
        Some(row) if row.beyond(shock.sizes[1]) => score.flag = Some(beyond(shock, row)),
        Some(row) if shock.sizes.iter().any(|size| row.beyond(*size)) => {
            score.note = "partly beyond the record".to_owned();
        }
        Some(_) => {}
    }
    score
}

fn beyond(shock: &Shock<'_>, row: &super::Row) -> String {
    let size = shock.sizes[1];
    let (extreme, date) =
        if size > row.high() { (row.high(), row.high_date) } else { (row.low(), row.low_date) };
    format!(
        "{} {} in {}: beyond the record of {} in {} (to {date})",
        short(size),
        shock.unit,
        in_days(shock.days as usize),
        short(extreme),
        in_days(row.days)
    )
}

/// The window in which the dated market shocks together lie farthest from everyday ones; none with fewer than two.
fn together(scenario: &Scenario, shocks: &[Shock<'_>]) -> Option<Score> {
    let market: Vec<(&Shock, f64, &str)> = shocks
        .iter()
        .filter_map(|shock| {
            let (.., short) = FACTORS.iter().find(|(known, ..)| *known == shock.measure)?;
            Some((shock, everyday(scenario, shock.measure)?, *short))
        })
        .collect();
    if market.len() < 2 {
        return None;
    }
    let ends = || market.iter().map(|(shock, ..)| shock.start + shock.days);
    let mut worst: Option<(f64, usize, f64, String)> = None;
    for (first, ..) in &market {
        for end in ends().filter(|end| *end > first.start) {
            let days = end - first.start;
            let mut factors: Vec<(&str, f64)> = Vec::new();
            for (shock, daily, short) in &market {
                let inside = (shock.start + shock.days).min(end) - shock.start.max(first.start);
                let part = shock.sizes[1] * (inside / shock.days).max(0.0);
                let z = part / (daily * days.sqrt());
                match factors.iter_mut().find(|(known, _)| known == short) {
                    Some((_, sum)) => *sum += z,
                    None => factors.push((short, z)),
                }
            }
            factors.retain(|(_, z)| *z != 0.0);
            let Some(distance) = mahalanobis(scenario, &factors) else { continue };
            if worst.as_ref().is_none_or(|(known, ..)| distance > *known) {
                let names: Vec<&str> = factors.iter().map(|(name, _)| *name).collect();
                worst = Some((distance, factors.len(), days, names.join(" and ")));
            }
        }
    }
    let (distance, count, days, names) = worst?;
    Some(Score {
        unit: "standard deviations",
        days: Some(days.round() as usize),
        values: [f64::NAN, distance, f64::NAN],
        distance_sd: Some(distance),
        chance: Some(chi_square_tail(distance * distance, count)),
        ..Score::new(Part::Together, &names)
    })
}

/// `√(z' R⁻¹ z)` with the scenario's correlations; none when they are not positive definite.
fn mahalanobis(scenario: &Scenario, factors: &[(&str, f64)]) -> Option<f64> {
    let rho = |a: &str, b: &str| {
        let value = |a, b| number(scenario, &format!("shocks.corr_{a}_{b}"));
        value(a, b).or_else(|| value(b, a)).unwrap_or(0.0)
    };
    let count = factors.len();
    let matrix = DMatrix::from_fn(count, count, |row, column| {
        if row == column { 1.0 } else { rho(factors[row].0, factors[column].0) }
    });
    let z = DVector::from_iterator(count, factors.iter().map(|(_, z)| *z));
    let solved = Cholesky::new(matrix)?.solve(&z);
    Some(z.dot(&solved).max(0.0).sqrt())
}

/// P(χ²_k ≥ x): by the recurrence Q(k + 2) = Q(k) + (x/2)^(k/2) e^(−x/2) / Γ(k/2 + 1) from k = 1 or 2.
pub fn chi_square_tail(x: f64, k: usize) -> f64 {
    let (mut tail, mut at, mut term) = if k % 2 == 1 {
        // Γ(3/2) = √π / 2.
        let term = (2.0 * x / std::f64::consts::PI).sqrt() * libm::exp(-x / 2.0);
        (2.0 * normal_cdf(-x.sqrt()), 1, term)
    } else {
        (libm::exp(-x / 2.0), 2, x / 2.0 * libm::exp(-x / 2.0))
    };
    while at < k {
        tail += term;
        at += 2;
        term *= x / at as f64;
    }
    tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_event_is_measured_by_fields_that_it_has() {
        for kind in CATALOGUE.events {
            let how = EVENTS.iter().find(|known| known.kind == kind.name).expect(kind.name);
            for name in [Some(how.size), how.priced, how.days].into_iter().flatten() {
                let field = kind.fields.iter().find(|field| field.name == name);
                let field = field.unwrap_or_else(|| panic!("{} has no {name}", kind.name));
                assert!(matches!(field.kind, FieldKind::Number { .. }), "{name}");
            }
            let known = super::super::MEASURES.iter().any(|known| known.name == how.measure);
            assert!(known || how.measure.is_empty(), "{}", how.measure);
        }
    }
}

//! Events against the everyday shocks that they come on top of, and against the record.
//!
//! ```text
//! size       response · (size − priced)    of a move of a policy rate: what the model gives the 2-year yield; of a joint
//!                                          intervention: Japan's share; of all others: as written
//! distance   size / (σ √days)              σ: a day's everyday shock of the scenario, √days for shocks that add up
//! together   D² = z' R⁻¹ z                 Mahalanobis distance of the dated market shocks within a window of h days, from
//!            z_f = Σ sizes / (σ_f √h)      one event's start to another's end: the window with the smallest chance
//! chance     P(χ²_k ≥ D²), k factors       that everyday shocks of one such window lie as far out
//! ```
//!
//! R holds the scenario's correlations `shocks.corr_*`. Where the model has no everyday shock (flows, 2-year JGBs) σ √days
//! is the standard deviation on record. Everyday shocks are normal here: real ones have jumps and fat tails, so that the
//! chance of a far one is too small, and the percentile in the record is the better guide. What the end of the scenario
//! cuts off does not count, nor what a seller does not have, an event that cannot happen (probability 0, channel muted) is told but not scored, and one
//! with a smaller probability than 1 is scored as if it happened. Sources: Breuer, Jandačka, Rheinberger and Summer 2009
//! and Studer 1999 (plausibility as Mahalanobis distance), Kritzman and Li 2010 (the same as an index of turbulence).

use super::record::{LONGER, Record};
use super::terminal::{in_days, short};
use super::{FLAGGED, Part, Row, Score, Standing};
use crate::model::CATALOGUE;
use crate::num::normal_cdf;
use crate::scenario::{Event, FieldKind, Held, Quantity, Scenario, held};
use nalgebra::{Cholesky, DMatrix, DVector};

/// How the size of a kind of event is read, and what it is measured against.
struct Measured {
    kind: &'static str,
    /// Its size, and what of it was expected.
    size: &'static str,
    priced: Option<&'static str>,
    /// Number of the scenario by which the size is multiplied before it is measured.
    response: Option<&'static str>,
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
    Measured { kind, size, priced: None, response: None, days, measure }
}

const OVER: Option<&str> = Some("over_days");
const PRICED: Option<&str> = Some("priced_bp");

/// Every kind of event.
const EVENTS: [Measured; 14] = [
    measured("official_sale", "amount_usd_bn", OVER, "japan_net_sales"),
    measured("threat", "effect_bp", None, "ust_10y"),
    measured("yen_jump", "size_pct", OVER, "usdjpy"),
    measured("jgb_shock", "size_bp", OVER, "jgb_10y"),
    Measured {
        priced: PRICED,
        response: Some("boj.jgb2_per_surprise"),
        ..measured("boj_move", "size_bp", None, "jgb_2y")
    },
    Measured {
        priced: PRICED,
        response: Some("fed.ust2_per_surprise"),
        ..measured("fed_move", "size_bp", None, "ust_2y")
    },
    measured("oil_shock", "size_pct", None, ""),
    measured("equity_shock", "size_pct", OVER, "equity"),
    measured("dealer_stress", "multiplier", Some("days"), ""),
    measured("issuance_surprise", "amount_usd_bn", OVER, ""),
    measured("other_holder_sale", "amount_usd_bn", OVER, ""),
    measured("fed_purchases", "amount_usd_bn", OVER, ""),
    measured("intervention", "amount_usd_bn", OVER, "mof_dollar_sales"),
    Measured {
        response: Some("intervention.coordinated_japan_share"),
        ..measured("coordinated_intervention", "amount_usd_bn", Some("days"), DOLLARS)
    },
];

/// Measure of interventions: it has sales only.
const DOLLARS: &str = "mof_dollar_sales";

/// Median below which a shock has no direction and is none: the symmetric ones, up to rounding.
const NOTHING: f64 = 1e-9;

/// Measures with an everyday shock: the number of its daily size, and its name among the correlations.
const FACTORS: [(&str, &str, &str); 5] = [
    ("ust_2y", "fed.ust_2y_noise_bp", "ust2"),
    ("ust_10y", "fed.ust_10y_noise_bp", "ust10"),
    ("jgb_10y", "jgb.jgb_10y_noise_bp", "jgb10"),
    ("usdjpy", "usdjpy.diffusion_pct", "usdjpy"),
    ("equity", "equity.noise_pct", "sp500"),
];

/// How the number of an event becomes a change of its measure.
#[derive(Clone, Copy)]
struct Reading {
    priced: f64,
    response: f64,
    /// Share of its days before the end of the scenario.
    part: f64,
    /// Whether it is spread evenly in logs.
    in_logs: bool,
}

impl Reading {
    fn of(self, size: f64) -> f64 {
        self.spread((size - self.priced) * self.response, self.part)
    }

    /// The number that gives a change.
    fn back(self, change: f64) -> f64 {
        self.spread(change, 1.0 / self.part) / self.response + self.priced
    }

    fn spread(self, change: f64, part: f64) -> f64 {
        if part == 1.0 {
            change
        } else if self.in_logs {
            100.0 * libm::expm1(part * libm::log1p(change / 100.0))
        } else {
            part * change
        }
    }
}

/// A dated shock.
struct Shock<'a> {
    size: &'a Quantity,
    /// The most that is there to be sold.
    most: f64,
    measure: &'static str,
    reading: Reading,
    /// First day, and number of days.
    start: f64,
    days: f64,
    /// Its 5%, 50% and 95% points.
    sizes: [f64; 3],
    /// Why it never happens.
    never: Option<&'static str>,
    /// What a reader must know.
    notes: Vec<String>,
}

/// A row an event, and one for the worst window of all dated market shocks where there are several.
pub(super) fn scores(scenario: &Scenario, record: &Record) -> Vec<Score> {
    let stocks = held(&CATALOGUE, &scenario.quantities, &scenario.events);
    let shocks: Vec<Shock> = scenario
        .events
        .iter()
        .zip(&stocks)
        .filter_map(|(event, stock)| shock(scenario, event, stock.as_ref()))
        .collect();
    let mut scores: Vec<Score> =
        shocks.iter().map(|shock| alone(scenario, record, shock)).collect();
    scores.extend(together(scenario, &shocks));
    scores
}

fn shock<'a>(scenario: &'a Scenario, event: &Event, stock: Option<&Held>) -> Option<Shock<'a>> {
    let how = EVENTS.iter().find(|known| known.kind == event.kind)?;
    let size = field(scenario, event, how.size)?;
    let priced = how.priced.and_then(|priced| field(scenario, event, priced)).map_or(0.0, median);
    let response = how.response.and_then(|address| number(scenario, address));
    let over = how.days.and_then(|days| field(scenario, event, days)).map_or(1.0, median);
    let (over, start) = (over.round().max(1.0), day(scenario, event));
    let left = scenario.horizon_days as f64 + 1.0 - start;
    let measure = measure(how, event);
    let cut = left > 0.0 && left < over && !measure.is_empty();
    let part = if cut { left / over } else { 1.0 };
    let reading =
        Reading { priced, response: response.unwrap_or(1.0), part, in_logs: size.unit == "%" };
    let probability = scenario.quantities.get(event.probability).map_or(1.0, median);
    let mut notes = Vec::new();
    if let (Some(address), Some(response)) = (how.response, response) {
        notes.push(format!("times {address}, {}", short(response)));
    }
    if cut {
        notes.push("cut at the end of the scenario".to_owned());
    }
    if probability < 1.0 {
        notes.push(format!("happens with probability {}", short(probability)));
    }
    let stock = stock.filter(|stock| stock.unfollowed.is_none());
    let most = stock.map_or(f64::INFINITY, |stock| stock.usd_bn);
    if let Some(stock) = stock.filter(|stock| size.marginal.quantile(0.95) > stock.usd_bn) {
        notes.push(format!(
            "what can be sold: {} has about {} {}",
            stock.seller,
            short(most),
            size.unit
        ));
    }
    Some(Shock {
        size,
        most,
        measure,
        reading,
        start,
        days: over * part,
        sizes: [0.05, 0.5, 0.95].map(|p| reading.of(size.marginal.quantile(p).min(most))),
        never: never(scenario, event, (probability, response, left)),
        notes,
    })
}

/// The first day of an event, rounded as the model does.
fn day(scenario: &Scenario, event: &Event) -> f64 {
    scenario.quantities.get(event.day).map_or(1.0, median).round_ties_even().max(1.0)
}

fn measure(how: &Measured, event: &Event) -> &'static str {
    match (event.kind, event.words.first().copied().flatten()) {
        ("other_holder_sale", Some("china")) => "china_holdings_fall",
        ("other_holder_sale", Some("uk")) => "uk_holdings_fall",
        _ => how.measure,
    }
}

/// Why an event never happens or does nothing, by its probability, its response and the days that are left.
fn never(
    scenario: &Scenario,
    event: &Event,
    (probability, response, left): (f64, Option<f64>, f64),
) -> Option<&'static str> {
    let kind = CATALOGUE.events.iter().find(|kind| kind.name == event.kind);
    // A shock to JGBs is one, whether it spills over or not.
    let needs = kind.and_then(|kind| kind.needs).filter(|_| event.kind != "jgb_shock");
    let channel = CATALOGUE.channels.iter().position(|channel| Some(*channel) == needs);
    let muted = channel.and_then(|place| scenario.muted.get(place)).copied().unwrap_or(false);
    let reasons = [
        (probability <= 0.0, "never happens: probability 0"),
        (left <= 0.0, "never happens: after the end of the scenario"),
        (muted, "does nothing: its channel is muted"),
        (response == Some(0.0), "does nothing: the response to it is 0"),
    ];
    reasons.iter().find(|(holds, _)| *holds).map(|(_, why)| *why)
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
    let mut notes = shock.notes.clone();
    let days = shock.days.round().max(1.0) as usize;
    let plain = Score {
        measure: shock.measure,
        unit: shock.size.unit,
        days: Some(days),
        values: shock.sizes,
        ..Score::new(Part::Event, &shock.size.address)
    };
    if let Some(why) = shock.never {
        notes.push(why.to_owned());
        return Score { note: notes.join("; "), ..plain };
    }
    let bought = shock.measure == DOLLARS && shock.sizes[1] < 0.0;
    let row = record.find(shock.measure, days).filter(|_| !bought);
    let daily = everyday(scenario, shock.measure);
    let sd = daily.map(|daily| daily * shock.days.sqrt()).or(row.map(|row| row.sd));
    let distance = sd.map(|sd| shock.sizes[1] / sd);
    let beyond = row.map(|row| beyond(shock, row));
    match row {
        None if bought => notes.push("the record has no purchases".to_owned()),
        None => notes.push("no series to set it against".to_owned()),
        Some(row) if row.days as f64 > LONGER * shock.days => {
            notes.push(format!("set against windows of {}, the shortest", in_days(row.days)));
        }
        Some(_) => {}
    }
    Score {
        yardstick_sd: sd,
        distance_sd: distance,
        chance: daily.and(distance).map(|z| 2.0 * normal_cdf(-z.abs())),
        standing: row.map(|row| Standing::new(row, shock.sizes)),
        shares: beyond.map(|share| [share, f64::NAN]),
        flag: row.zip(beyond).and_then(|(row, share)| flag(shock, row, share)),
        note: notes.join("; "),
        ..plain
    }
}

/// Share of an event's distribution that is beyond the record.
fn beyond(shock: &Shock<'_>, row: &Row) -> f64 {
    let (low, high) = row.bounds();
    let (low, high) = (shock.reading.back(low), shock.reading.back(high));
    let marginal = &shock.size.marginal;
    let above = if high < shock.most { 1.0 - marginal.cdf(high) } else { 0.0 };
    marginal.cdf(low.next_down()) + above
}

fn flag(shock: &Shock<'_>, row: &Row, share: f64) -> Option<String> {
    let (size, unit) = (shock.sizes[1], shock.size.unit);
    let within = in_days(row.days);
    if row.beyond(size) {
        let (extreme, date) =
            if size > 0.0 { (row.high(), row.high_date) } else { (row.low(), row.low_date) };
        let days = in_days(shock.days.round().max(1.0) as usize);
        let (size, extreme) = (short(size), short(extreme));
        return Some(format!(
            "{size} {unit} in {days}: beyond the record of {extreme} in {within} (to {date})"
        ));
    }
    (share >= FLAGGED[0]).then(|| {
        format!(
            "{:.0}% of its distribution beyond the record in {within}, {} to {} {unit}",
            100.0 * share,
            short(row.low()),
            short(row.high())
        )
    })
}

/// A dated market shock with its daily everyday size and the name of its factor.
type Market<'a> = (&'a Shock<'a>, f64, &'static str);

/// Dated market shocks of a window.
struct Window {
    days: f64,
    distance: f64,
    chance: f64,
    factors: Vec<&'static str>,
    note: String,
}

/// The window in which the dated market shocks are least likely as everyday ones; none with fewer than two shocks.
fn together(scenario: &Scenario, shocks: &[Shock<'_>]) -> Option<Score> {
    let market: Vec<Market> = shocks
        .iter()
        .filter(|shock| shock.never.is_none() && shock.sizes[1].abs() > NOTHING)
        .filter_map(|shock| {
            let (.., short) = FACTORS.iter().find(|(known, ..)| *known == shock.measure)?;
            Some((shock, everyday(scenario, shock.measure)?, *short))
        })
        .collect();
    if market.len() < 2 {
        return None;
    }
    let starts = market.iter().map(|(shock, ..)| shock.start);
    let windows = starts.flat_map(|start| {
        let ends = market.iter().map(|(shock, ..)| shock.start + shock.days);
        ends.filter(move |end| *end > start).map(move |end| (start, end))
    });
    let scored = windows.filter_map(|span| window(scenario, &market, span));
    let worst = scored
        .min_by(|a, b| a.chance.total_cmp(&b.chance).then(b.distance.total_cmp(&a.distance)))?;
    Some(Score {
        unit: "standard deviations",
        days: Some(worst.days.round() as usize),
        values: [f64::NAN, worst.distance, f64::NAN],
        distance_sd: Some(worst.distance),
        chance: Some(worst.chance),
        note: worst.note,
        ..Score::new(Part::Together, &worst.factors.join(" and "))
    })
}

/// The dated market shocks between two days.
fn window(scenario: &Scenario, market: &[Market<'_>], (start, end): (f64, f64)) -> Option<Window> {
    let days = end - start;
    let mut factors: Vec<(&'static str, f64)> = Vec::new();
    let mut names = Vec::new();
    for (shock, daily, short) in market {
        let inside = (shock.start + shock.days).min(end) - shock.start.max(start);
        if inside <= 0.0 {
            continue;
        }
        let z = shock.sizes[1] * (inside / shock.days) / (daily * days.sqrt());
        match factors.iter_mut().find(|(known, _)| known == short) {
            Some((_, sum)) => *sum += z,
            None => factors.push((*short, z)),
        }
        names.push(shock.size.address.splitn(3, '.').take(2).collect::<Vec<_>>().join("."));
    }
    let distance = mahalanobis(scenario, &factors)?;
    Some(Window {
        days,
        distance,
        chance: chi_square_tail(distance * distance, factors.len()),
        factors: factors.into_iter().map(|(name, _)| name).collect(),
        note: format!("days {} to {}: {}", start, end - 1.0, names.join(", ")),
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
            let numbers = CATALOGUE.mechanisms.iter().flat_map(|all| all.iter());
            let known: Vec<String> =
                numbers.map(|number| format!("{}.{}", number.table, number.name)).collect();
            assert!(how.response.is_none_or(|own| known.iter().any(|name| name == own)));
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

//! The numbers of one path by name: what each key of the scenario was there, with its unit and range.

use super::CATALOGUE;
use super::events::{EventPlan, KINDS};
use super::plan::Plan;
use crate::num::Marginal;
use crate::scenario::{FieldKind, QuantityId};

/// A number of a scenario on one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Address: `boj.hike_probability`, `event.dump.official_sale.amount_usd_bn`.
    pub address: String,
    /// Unit.
    pub unit: &'static str,
    /// Value on the path.
    pub value: f64,
    /// Hard range.
    pub range: (f64, f64),
    /// Of a number of an event, the value that changes nothing: 0, or the default of a field that may be left out.
    pub neutral: Option<f64>,
    /// Its distribution in the scenario, where it has one.
    pub law: Option<Marginal>,
}

/// Names the `values` of a path of a seed, a value a quantity. Left out are days, probabilities and lengths of events,
/// which say when and whether, not how much, and events that do not happen on the path.
pub fn numbers(plan: &Plan, seed: u64, path: u64, values: &[f64]) -> Vec<Number> {
    let law = |id: QuantityId| {
        let own = plan.uncertain.iter().find(|own| own.quantity == id);
        own.map(|own| own.marginal.clone())
    };
    let mut found = Vec::new();
    for ((id, known), value) in CATALOGUE.declarations().enumerate().zip(values) {
        found.push(Number {
            address: format!("{}.{}", known.table, known.name),
            unit: known.unit,
            value: *value,
            range: (known.low, known.high),
            neutral: None,
            law: law(id),
        });
    }
    let happens = |event: &&EventPlan| {
        let probability = values.get(event.probability).copied().unwrap_or(0.0);
        event.happens(seed, path, probability)
    };
    for event in plan.events.iter().filter(happens) {
        let kind = &KINDS[event.kind as usize];
        let fields = kind.fields.iter().filter_map(|field| match field.kind {
            FieldKind::Number { unit, low, high, default } => {
                Some((field, unit, low, high, default))
            }
            _ => None,
        });
        for (id, (field, unit, low, high, default)) in event.numbers.iter().zip(fields) {
            let Some(value) = values.get(*id).filter(|_| unit != "days") else { continue };
            found.push(Number {
                address: format!("event.{}.{}.{}", event.name, kind.name, field.name),
                unit,
                value: *value,
                range: (low, high),
                neutral: Some(default),
                law: law(*id),
            });
        }
    }
    found
}

//! From the merged layers to a [`Scenario`]: quantities in the model's order, events, correlations.

use super::diagnostic::{Diagnostic, Severity, SourceFile};
use super::document::{Clock, ROOT};
use super::event::{Draft, Slot};
use super::layers::{DEFAULT, Layer, State, Written};
use super::sources::Unsourced;
use super::{Correlation, Event, FieldKind, Quantity, QuantityId};
use crate::num::Marginal;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What a scenario counts: numbers, events and correlations.
pub(super) struct Resolved {
    pub(super) quantities: Vec<Quantity>,
    pub(super) events: Vec<Event>,
    /// Where each event is written.
    pub(super) places: Vec<(Arc<SourceFile>, Range<usize>)>,
    pub(super) correlations: Vec<Correlation>,
}

impl State<'_> {
    /// Numbers every quantity and checks what only the whole can show; `leaf` is the file itself.
    pub(super) fn resolve(
        &mut self,
        leaf: &Layer<'_>,
        file: &SourceFile,
        clock: &Clock<'_>,
    ) -> Resolved {
        let mut unsourced = Vec::new();
        let mut quantities = self.catalogue_quantities(leaf, file, &mut unsourced);
        let mut addresses: BTreeMap<String, QuantityId> = BTreeMap::new();
        let drafts = std::mem::take(&mut self.events);
        let mut events = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            let from = quantities.len();
            events.push(event(draft, index, &mut quantities));
            let (named, numbered) = (draft.address(index), format!("event.{}", index + 1));
            for (id, quantity) in quantities.iter().enumerate().skip(from) {
                if let Some(rest) = quantity.address.strip_prefix(&named) {
                    addresses.insert(format!("{numbered}{rest}"), id);
                }
            }
            let late = draft.late.iter().map(|late| out_of_reach(late, draft, file, clock));
            self.out.extend(late);
            let own = [(draft.probability.as_ref(), events[index].probability)];
            let numbers =
                draft.numbers.iter().map(Option::as_ref).zip(events[index].numbers.clone());
            for (slot, id) in numbers.chain(own) {
                let address = &quantities[id].address;
                unsourced.extend(slot.and_then(|slot| Unsourced::find(address, slot, leaf)));
            }
            self.warn_about_event(draft, &numbered);
        }
        self.warn_of_unsourced(&unsourced);
        for (id, quantity) in quantities.iter().enumerate() {
            addresses.insert(quantity.address.clone(), id);
        }
        let correlations = self.resolve_correlations(&quantities, &addresses, &drafts);
        let places = drafts.iter().map(|draft| (Arc::clone(&draft.file), draft.span.clone()));
        Resolved { quantities, events, places: places.collect(), correlations }
    }

    fn catalogue_quantities(
        &mut self,
        leaf: &Layer<'_>,
        file: &SourceFile,
        unsourced: &mut Vec<Unsourced>,
    ) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        let catalogue = self.setting.catalogue;
        for (declaration, written) in catalogue.declarations().zip(&self.numbers) {
            let address = format!("{}.{}", declaration.table, declaration.name);
            let Some(written) = written else {
                let failed = self.orphan || self.out.iter().any(|found| found.key == address);
                if !failed {
                    let message = format!("no layer gives `{address}`, which has no default");
                    let error = Diagnostic::error(file, 0..0, message).key(&address);
                    self.out.push(
                        error
                            .unit(declaration.unit)
                            .expected(format!(
                                "`{}` under [{}]",
                                declaration.name, declaration.table
                            ))
                            .help(declaration.about.trim()),
                    );
                }
                continue;
            };
            let slot = &written.slot;
            unsourced.extend(Unsourced::find(&address, slot, leaf));
            let Written { by_prior, dated, .. } = *written;
            let quantity = quantity(address, declaration.unit, slot);
            quantities.push(Quantity { by_prior, dated, ..quantity });
        }
        quantities
    }

    fn warn_about_event(&mut self, draft: &Draft, numbered: &str) {
        let fields = draft.kind.fields.iter().filter_map(|field| match field.kind {
            FieldKind::Number { default, .. } => Some((field.name, default)),
            _ => None,
        });
        let fields: Vec<_> = fields.collect();
        let sale = fields.iter().any(|(name, _)| *name == "amount_usd_bn");
        let days = fields.iter().position(|(name, _)| ["over_days", "days"].contains(name));
        let (true, Some(days)) = (sale, days) else { return };
        let length = match draft.numbers.get(days) {
            Some(Some(slot)) => slot.number.marginal.quantile(0.5),
            _ => fields[days].1,
        };
        let start = draft.day.number.marginal.constant();
        let horizon = self.setting.horizon as f64;
        if let Some(start) = start
            && start <= horizon
            && start + libm::ceil(length) - 1.0 > horizon
        {
            let message = format!("`{numbered}.{}` runs past the end and is cut", draft.kind.name);
            let warning = Diagnostic::warning(&draft.file, draft.span.clone(), message);
            let help = format!(
                "the scenario has {horizon} days; the last one needed is {}",
                start + libm::ceil(length) - 1.0
            );
            self.out.push(warning.key(format!("{numbered}.{}", draft.kind.name)).help(help));
        }
    }
}

fn quantity(address: String, unit: &'static str, slot: &Slot) -> Quantity {
    Quantity {
        address,
        unit,
        marginal: slot.number.marginal.clone(),
        written: slot.number.text.clone(),
        source: slot.source.clone().unwrap_or_else(|| super::UNSOURCED.to_owned()),
        layer: slot.layer.clone(),
        by_prior: false,
        dated: None,
    }
}

/// A date or day that the file's own start or horizon, or another layer's, moved out of reach.
fn out_of_reach(
    late: &Diagnostic,
    draft: &Draft,
    file: &SourceFile,
    clock: &Clock<'_>,
) -> Diagnostic {
    let mut told = late.clone();
    if late.severity != Severity::Error {
        return told;
    }
    let written = &draft.day.file;
    let inherited = written.name != file.name;
    let others = [("start", clock.start_by), ("horizon", clock.horizon_by)];
    let others = others.into_iter().filter_map(|(key, by)| {
        let (document, entry) = by?;
        let setter = &document.file.name;
        let other = *setter != written.name && (inherited || setter != ROOT);
        other.then(|| format!("`{key} = {}` is set by {setter}", entry.node.to_toml()))
    });
    let heir = inherited.then(|| match &draft.name {
        Some(name) => format!(
            "{} may amend it (`name = \"{name}\"` and another day) or drop it (`drop_events = [\"{name}\"]`)",
            file.name
        ),
        None => format!(
            "give it a name in {}, so that {} can amend it, or write `drop_events = true`",
            written.name, file.name
        ),
    });
    let help: Vec<String> = told.help.into_iter().chain(others).chain(heir).collect();
    told.help = (!help.is_empty()).then(|| help.join("; "));
    if inherited {
        told.message = format!("{} inherits a day out of reach: {}", file.name, told.message);
    }
    told
}

/// Source of an event's day where none is given.
const PREMISE: &str = "assumption: the scenario's own date";

/// Adds the numbers of an event: day, probability, then the fields of its kind.
fn event(draft: &Draft, index: usize, quantities: &mut Vec<Quantity>) -> Event {
    let prefix = draft.address(index);
    let mut add = |key: &str, unit: &'static str, slot: Option<&Slot>, default: f64| {
        let address = format!("{prefix}.{key}");
        quantities.push(match slot {
            Some(slot) => quantity(address, unit, slot),
            None => Quantity {
                address,
                unit,
                marginal: Marginal::fixed(default),
                written: super::tree::number(default, default == libm::floor(default)),
                source: "default of a key left out".to_owned(),
                layer: DEFAULT.to_owned(),
                by_prior: false,
                dated: None,
            },
        });
        quantities.len() - 1
    };
    let day = add("day", "day", Some(&draft.day), 1.0);
    let probability = add("probability", "probability", draft.probability.as_ref(), 1.0);
    let fields = draft.kind.fields.iter().filter_map(|field| match field.kind {
        FieldKind::Number { unit, default, .. } => Some((field.name, unit, default)),
        _ => None,
    });
    let numbers = fields.zip(&draft.numbers).map(|((name, unit, default), slot)| {
        add(&format!("{}.{name}", draft.kind.name), unit, slot.as_ref(), default)
    });
    let numbers = numbers.collect();
    if draft.day.source.is_none() {
        PREMISE.clone_into(&mut quantities[day].source);
    }
    let step = draft.day.number.marginal.constant();
    Event {
        kind: draft.kind.name,
        name: draft.name.clone(),
        day,
        meeting: draft.meeting,
        fixed_day: step.filter(|step| *step >= 1.0).map(|step| step as usize),
        probability,
        numbers,
        written: draft.numbers.iter().map(Option::is_some).collect(),
        words: draft.words.clone(),
        flags: draft.flags.clone(),
    }
}

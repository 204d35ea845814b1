//! A resolved scenario as a TOML file that loads to the same scenario.

use super::layers::DEFAULT;
use super::levels;
use super::number::PRICED;
use super::tree::{self, quoted};
use super::{Catalogue, Event, FieldKind, Quantity, Scenario, UNSOURCED};
use crate::text::is_hidden;
use std::fmt::Write as _;
use time::Date;

/// The scenario as TOML 1.0: every value with its unit, its source and the layer that set it.
pub fn show(scenario: &Scenario, catalogue: &Catalogue) -> String {
    let mut out = String::new();
    let (top, end) = levels::show(&dates(scenario, catalogue));
    heading(&mut out, scenario);
    out += &top;
    tables(&mut out, scenario, catalogue);
    channels(&mut out, scenario, catalogue);
    for (index, event) in scenario.events.iter().enumerate() {
        show_event(&mut out, scenario, catalogue, event, index);
    }
    correlations(&mut out, scenario, catalogue);
    out += &end;
    sources(&mut out, scenario);
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn heading(out: &mut String, scenario: &Scenario) {
    line(out, &format!("title = {}", quoted(&scenario.title)));
    if !scenario.story.is_empty() {
        line(out, &format!("story = {}", quoted(&scenario.story)));
    }
    if let Some(origin) = &scenario.origin {
        line(out, &format!("origin = {}", quoted(origin)));
    }
    if !scenario.parents.is_empty() {
        line(out, &format!("# parents: {}", comment(&scenario.parents.join(", "))));
    }
    line(out, &format!("start = {}", scenario.start));
    line(out, &format!("horizon = \"{}d\"", scenario.horizon_days));
    if scenario.events.is_empty() {
        line(out, "event = []");
    }
}

fn tables(out: &mut String, scenario: &Scenario, catalogue: &Catalogue) {
    let mut names: Vec<&str> = Vec::new();
    for declaration in catalogue.declarations() {
        if !names.contains(&declaration.table) {
            names.push(declaration.table);
        }
    }
    for table in names {
        line(out, &format!("\n[{}]", tree::key(table)));
        if table == catalogue.prior_table && !scenario.prior.is_empty() {
            line(out, &format!("{} = {}", tree::key(catalogue.prior_key), quoted(&scenario.prior)));
        }
        let pairs = catalogue.declarations().zip(&scenario.quantities);
        for (declaration, quantity) in pairs.filter(|(found, _)| found.table == table) {
            let key = tree::key(declaration.name);
            line(out, &format!("{key} = {}{}", quantity.written, remark(quantity)));
        }
    }
}

/// Unit, source and layer behind a value.
fn remark(quantity: &Quantity) -> String {
    let unit = if quantity.unit.is_empty() { "" } else { quantity.unit };
    let solved = match quantity.marginal.constant() {
        Some(value) if quantity.written == quoted(PRICED) => format!(" | solved: {value:.4}"),
        _ => String::new(),
    };
    comment(&format!("  # {unit} | {} | {}{solved}", quantity.source, quantity.layer))
}

/// A text that cannot end its comment.
fn comment(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect()
}

fn channels(out: &mut String, scenario: &Scenario, catalogue: &Catalogue) {
    line(out, "\n[channels]");
    for (channel, muted) in catalogue.channels.iter().zip(&scenario.muted) {
        line(out, &format!("{} = {}", tree::key(channel), !muted));
    }
}

fn show_event(
    out: &mut String,
    scenario: &Scenario,
    catalogue: &Catalogue,
    event: &Event,
    index: usize,
) {
    let quantity = |id: usize| scenario.quantities.get(id);
    let Some(kind) = catalogue.events.iter().find(|kind| kind.name == event.kind) else { return };
    line(out, &format!("\n[[event]] # event.{}", index + 1));
    if let Some(name) = &event.name {
        line(out, &format!("name = {}", quoted(name)));
    }
    if let (Some(meeting), Some(day)) = (event.meeting, quantity(event.day)) {
        let step = format!("  # day {} | {} | {}", day.written, day.source, day.layer);
        line(out, &format!("meeting = {meeting}{}", comment(&step)));
    } else if let Some(day) = quantity(event.day) {
        let dated = tree::parse_value(&day.written).is_some_and(|node| node.has_date());
        let key = if dated { "date" } else { "day" };
        line(out, &format!("{key} = {}{}", day.written, remark(day)));
    }
    if let Some(probability) = quantity(event.probability).filter(|found| found.layer != DEFAULT) {
        line(out, &format!("probability = {}{}", probability.written, remark(probability)));
    }
    let (mut numbers, mut words, mut flags) = (0, 0, 0);
    for field in kind.fields {
        let key = format!("{}.{}", tree::key(kind.name), tree::key(field.name));
        match field.kind {
            FieldKind::Number { .. } => {
                let written = event.written.get(numbers).copied().unwrap_or(false);
                let found = event.numbers.get(numbers).and_then(|id| quantity(*id));
                if let (true, Some(found)) = (written, found) {
                    line(out, &format!("{key} = {}{}", found.written, remark(found)));
                }
                numbers += 1;
            }
            FieldKind::Word(_) => {
                if let Some(Some(word)) = event.words.get(words) {
                    line(out, &format!("{key} = {}", quoted(word)));
                }
                words += 1;
            }
            FieldKind::Flag => {
                if event.flags.get(flags) == Some(&true) {
                    line(out, &format!("{key} = true"));
                }
                flags += 1;
            }
        }
    }
}

/// The numbers with the days that they are of, and whether they are levels.
fn dates(scenario: &Scenario, catalogue: &Catalogue) -> Vec<(String, Option<Date>, bool)> {
    let all = catalogue.declarations().zip(&scenario.quantities);
    all.map(|(known, own)| (own.address.clone(), own.dated, known.default.is_none())).collect()
}

/// The correlations, and those of the defaults that were removed.
fn correlations(out: &mut String, scenario: &Scenario, catalogue: &Catalogue) {
    let mut pair = |a: &str, b: &str, rho: f64| {
        let (a, b) = (quoted(a), quoted(b));
        line(out, &format!("\n[[correlation]]\na = {a}\nb = {b}\nrho = {rho:?}"));
    };
    let address = |id: usize| scenario.quantities.get(id).map_or("", |found| &found.address);
    for own in &scenario.correlations {
        pair(address(own.a), address(own.b), own.rho);
    }
    let varies = |wanted: &str| {
        let own = scenario.quantities.iter().find(|own| own.address == wanted);
        own.is_some_and(|own| own.marginal.constant().is_none())
    };
    for (a, b, _) in catalogue.correlations.iter().filter(|(a, b, _)| varies(a) && varies(b)) {
        let there = scenario.correlations.iter().any(|own| {
            let own = (address(own.a), address(own.b));
            own == (*a, *b) || own == (*b, *a)
        });
        if !there {
            pair(a, b, 0.0);
        }
    }
}

fn sources(out: &mut String, scenario: &Scenario) {
    line(out, "\n[sources]");
    for quantity in &scenario.quantities {
        if quantity.layer != DEFAULT && quantity.source != UNSOURCED {
            let _ = writeln!(out, "{} = {}", quoted(&quantity.address), quoted(&quantity.source));
        }
    }
}

//! The declarations as text for people.

use super::{Catalogue, Declaration, EventKind, FieldKind, names, tree, when};
use crate::error::Error;

/// Keys that stand in no table of numbers, and what they say.
const KEYS: [(&str, &str); 8] = [
    (
        "extends",
        "The parent: a built-in name, or a path relative to the file. Without it the parent is `baseline`, or what --baseline names.",
    ),
    (
        "start",
        "Day of the first step, `start = 2026-07-01`; inherited. More than ten business days after the levels it is a warning.",
    ),
    ("horizon", "Number of steps: \"252d\", \"6w\", \"12m\" or \"3y\"; inherited."),
    (
        "levels",
        "The day that the levels of the market in this file are of: `levels = 2026-06-30`, or a table [levels] with dates by table or by number. It covers the levels that the file writes; one that a child writes without a date is of the child's start.",
    ),
    (
        "event",
        "Events are inherited: the parent's come first, in their places, then the file's own. One with the name of a parent's amends it key by key and may leave out the kind; another kind replaces it whole. Each has a `day`, a `date` or (boj_move, fed_move) a `meeting`.",
    ),
    (
        "drop_events",
        "Parents' events to do without, before the file's own are read: `drop_events = [\"name\"]`, or `true` for all.",
    ),
    (
        "correlation",
        "Pairs of numbers with a correlation, inherited one by one: a pair of the same two numbers takes the place of a parent's, and `rho = 0` removes it.",
    ),
    (
        "sources",
        "Where numbers come from, by the key of a number, an event, a kind of event or a table; a source covers what lies below it that the file writes, and the nearest wins. A number's own source holds whoever wrote the number.",
    ),
];

/// The numbers of a driver or a channel (`boj`), one number (`boj.hike_probability`) or a kind of event, as text.
///
/// # Errors
/// [`Error::UnknownChannel`] with the nearest name.
pub fn explain(name: &str, catalogue: &Catalogue) -> Result<String, Error> {
    let address = |found: &Declaration| format!("{}.{}", found.table, found.name);
    let chosen: Vec<&Declaration> = catalogue
        .declarations()
        .filter(|found| found.table == name || address(found) == name)
        .collect();
    let kind = catalogue.events.iter().find(|kind| kind.name == name);
    let channel = catalogue.channels.contains(&name);
    if let Some((_, about)) = KEYS.iter().find(|(key, _)| *key == name) {
        return Ok(format!("{name}\n\n{about}\n"));
    }
    if chosen.is_empty() && kind.is_none() && !channel {
        let known = catalogue.declarations().map(|found| found.table);
        let known = known.chain(catalogue.channels.iter().copied());
        let known = known.chain(catalogue.events.iter().map(|kind| kind.name));
        let known = known.chain(KEYS.iter().map(|(key, _)| *key));
        let nearest = names::nearest(name, known).map(str::to_owned);
        return Err(Error::UnknownChannel { name: name.to_owned(), nearest });
    }
    let mut out = format!("{name}\n");
    if channel {
        out += &format!(
            "\nA channel of the attribution; mute it with\n  [channels]\n  {name} = false\n"
        );
    }
    for declaration in chosen {
        out += &describe(declaration);
    }
    if name == catalogue.prior_table && !catalogue.priors.is_empty() {
        out += &priors(catalogue);
    }
    if let Some(kind) = kind {
        out += &describe_event(kind);
    }
    Ok(out)
}

fn describe(declaration: &Declaration) -> String {
    let Declaration { table, name, about, unit, low, high, default, source } = declaration;
    let default = default.unwrap_or("none: a scenario must give it");
    let mut text = format!("\n{table}.{name}\n  {}\n", about.trim());
    text += &format!("  range    {}\n  default  {default}\n", range(*low, *high, unit));
    if !source.is_empty() {
        text += &format!("  source   {source}\n");
    }
    text
}

fn priors(catalogue: &Catalogue) -> String {
    let mut text = format!("\n{}.{}\n", catalogue.prior_table, catalogue.prior_key);
    for preset in catalogue.priors {
        text += &format!("  \"{}\"  {}\n", preset.name, preset.about.trim());
        for (key, value) in preset.values {
            text += &format!("    {key} = {value}\n");
        }
    }
    text
}

fn describe_event(kind: &EventKind) -> String {
    let mut text = format!("\nA kind of event, under [[event]]: {}\n", kind.about.trim());
    if when::has_meetings(kind.name) {
        text += "It has a `day`, a `date` or a `meeting`: 2 is the second scheduled one on or after the start.\n";
    }
    for field in kind.fields {
        let what = match field.kind {
            FieldKind::Number { unit, low, high, default } if field.optional => {
                format!("{}, default {default}", range(low, high, unit))
            }
            FieldKind::Number { unit, low, high, .. } => range(low, high, unit),
            FieldKind::Word(words) => names::one_of(words.iter().copied()),
            FieldKind::Flag => "`true` or `false`, default false".to_owned(),
        };
        let optional = if field.optional { " (may be left out)" } else { "" };
        text += &format!(
            "\n{}.{}{optional}\n  {}\n  {what}\n",
            kind.name,
            field.name,
            field.about.trim()
        );
    }
    text
}

/// A hard range with its unit: `0 to 1 (probability)`.
pub(super) fn range(low: f64, high: f64, unit: &str) -> String {
    let number = |value: f64| tree::number(value, value == libm::floor(value));
    let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    match (low > -1e100, high < 1e100) {
        (true, true) => format!("{} to {}{unit}", number(low), number(high)),
        (true, false) => format!("{} or more{unit}", number(low)),
        (false, true) => format!("{} or less{unit}", number(high)),
        (false, false) => format!("any number{unit}"),
    }
}

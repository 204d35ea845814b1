//! Events as written: when, how likely, and the fields of their one kind.

use super::calendar::Calendar;
use super::diagnostic::{Diagnostic, SourceFile};
use super::names;
use super::number::{Limits, Number, Reader};
use super::tree::{Entry, Node, Value};
use super::when::{day, day_or_date};
use super::{Catalogue, EventKind, Field, FieldKind};
use std::sync::Arc;

/// What events are checked against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// A calendar that reaches beyond the horizon.
    pub(super) calendar: &'a Calendar,
    /// Number of steps.
    pub(super) horizon: usize,
}

/// A number of an event and the layer that wrote it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) number: Number,
    pub(super) layer: String,
    pub(super) source: Option<String>,
}

/// An event as written.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) file: Arc<SourceFile>,
    /// Place of the kind's table.
    pub(super) span: std::ops::Range<usize>,
    pub(super) kind: &'static EventKind,
    pub(super) name: Option<String>,
    pub(super) day: Slot,
    pub(super) probability: Option<Slot>,
    pub(super) numbers: Vec<Option<Slot>>,
    pub(super) words: Vec<Option<&'static str>>,
    pub(super) flags: Vec<bool>,
    /// What is wrong only if the event survives to the last layer.
    pub(super) late: Vec<Diagnostic>,
}

/// The value of one field.
enum Filled {
    Number(Number),
    Word(&'static str),
    Flag(bool),
}

impl Draft {
    /// `event.N`, or with the name.
    pub(super) fn address(&self, index: usize) -> String {
        match &self.name {
            Some(name) => format!("event.{name}"),
            None => format!("event.{}", index + 1),
        }
    }

    /// Reads one event; `layer` is the name of the layer that writes it.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        node: &Node,
        prefix: &str,
        layer: &str,
        setting: Setting<'_>,
    ) -> Option<Draft> {
        let Some(entries) = node.table() else {
            let error =
                reader.error(node.span.clone(), format!("an event cannot be {}", node.kind()));
            reader.out.push(error.key("event").expected("a table: `[[event]]`"));
            return None;
        };
        let before = reader.out.len();
        let name = event_name(reader, entries);
        let kind = one_kind(reader, node, entries, setting.catalogue);
        let slot = |number| Slot { number, layer: layer.to_owned(), source: None };
        let mut late = Vec::new();
        let day = day_or_date(reader, node, entries, prefix, setting, &mut late);
        let probability = entries
            .iter()
            .find(|entry| entry.key == "probability")
            .map(|entry| reader.number(&entry.node, &probability_limits(prefix)));
        let (kind, entry) = kind?;
        let mut draft = Draft {
            file: Arc::new(reader.file.clone()),
            span: entry.node.span.clone(),
            kind,
            name,
            day: slot(day?),
            probability: match probability {
                Some(number) => Some(slot(number?)),
                None => None,
            },
            numbers: vec![None; count(kind, |kind| matches!(kind, FieldKind::Number { .. }))],
            words: vec![None; count(kind, |kind| matches!(kind, FieldKind::Word(_)))],
            flags: vec![false; count(kind, |kind| matches!(kind, FieldKind::Flag))],
            late,
        };
        draft.read_fields(reader, entry, prefix, layer);
        let broken =
            reader.out[before..].iter().any(|found| found.severity == super::Severity::Error);
        (!broken).then_some(draft)
    }

    fn read_fields(&mut self, reader: &mut Reader<'_>, entry: &Entry, prefix: &str, layer: &str) {
        let kind = self.kind;
        let Some(entries) = entry.node.table() else {
            let message = format!("`{}` cannot be {}", kind.name, entry.node.kind());
            let error = reader.error(entry.node.span.clone(), message);
            reader.out.push(error.key(kind.name).expected(shape(kind)));
            return;
        };
        for field in entries {
            self.set_field(reader, field, prefix, layer);
        }
        for field in kind.fields.iter().filter(|field| !field.optional) {
            let flag = matches!(field.kind, FieldKind::Flag);
            if !flag && !entries.iter().any(|entry| entry.key == field.name) {
                let message = format!("`{}` lacks `{}`", kind.name, field.name);
                let error = reader.error(entry.span.clone(), message);
                let key = format!("{prefix}.{}.{}", kind.name, field.name);
                reader.out.push(error.key(key).expected(shape(kind)).help(field.about));
            }
        }
    }

    /// Sets one field of the kind.
    pub(super) fn set_field(
        &mut self,
        reader: &mut Reader<'_>,
        entry: &Entry,
        prefix: &str,
        layer: &str,
    ) {
        let kind = self.kind;
        let Some(index) = kind.fields.iter().position(|field| field.name == entry.key) else {
            let known = || kind.fields.iter().map(|field| field.name);
            let message = format!("`{}` is not a key of `{}`", entry.key, kind.name);
            let error = reader.error(entry.span.clone(), message).key(&entry.key);
            let error = error.expected(names::one_of(known()));
            reader.out.push(error.maybe_help(key_help(&entry.key, known)));
            return;
        };
        let field = &kind.fields[index];
        let rank = |same: fn(&FieldKind) -> bool| {
            kind.fields[..index].iter().filter(|field| same(&field.kind)).count()
        };
        match fill(reader, entry, field, &format!("{prefix}.{}", kind.name)) {
            Some(Filled::Number(number)) => {
                let slot = Slot { number, layer: layer.to_owned(), source: None };
                self.numbers[rank(|kind| matches!(kind, FieldKind::Number { .. }))] = Some(slot);
            }
            Some(Filled::Word(word)) => {
                self.words[rank(|kind| matches!(kind, FieldKind::Word(_)))] = Some(word);
            }
            Some(Filled::Flag(flag)) => {
                self.flags[rank(|kind| matches!(kind, FieldKind::Flag))] = flag;
            }
            None => {}
        }
    }

    /// Sets one key beside the kind, or fields of the kind: what `--set event.1.… = …` says.
    pub(super) fn patch(
        &mut self,
        reader: &mut Reader<'_>,
        entry: &Entry,
        prefix: &str,
        layer: &str,
        setting: Setting<'_>,
    ) {
        let slot = |number| Slot { number, layer: layer.to_owned(), source: None };
        if entry.key == self.kind.name {
            for field in entry.node.table().unwrap_or_default() {
                self.set_field(reader, field, prefix, layer);
            }
            if entry.node.table().is_none() {
                let message = format!("`{}` cannot be {}", entry.key, entry.node.kind());
                let error = reader.error(entry.node.span.clone(), message).key(&entry.key);
                reader.out.push(error.expected(shape(self.kind)));
            }
        } else if entry.key == "day" || entry.key == "date" {
            self.late.clear();
            let dated = entry.key == "date";
            if let Some(day) = day(reader, &entry.node, prefix, dated, setting, &mut self.late) {
                self.day = slot(day);
            }
        } else if entry.key == "probability" {
            let number = reader.number(&entry.node, &probability_limits(prefix));
            if let Some(number) = number {
                self.probability = Some(slot(number));
            }
        } else {
            let known = || ["day", "date", "probability", self.kind.name].into_iter();
            let message = format!("`{}` is not a key of `{prefix}`", entry.key);
            let error = reader.error(entry.span.clone(), message).key(&entry.key);
            let help = names::did_you_mean(&entry.key, known());
            reader.out.push(error.expected(names::one_of(known())).maybe_help(help));
        }
    }
}

/// Number of fields of some sort.
fn count(kind: &EventKind, same: fn(&FieldKind) -> bool) -> usize {
    kind.fields.iter().filter(|field| same(&field.kind)).count()
}

/// Help for an unknown key: the same quantity in another unit, or the nearest word.
pub(super) fn key_help<'a, I: Iterator<Item = &'a str>>(
    word: &str,
    known: impl Fn() -> I,
) -> Option<String> {
    match names::same_stem(word, known()) {
        Some((found, "")) => Some(format!("did you mean `{found}`?")),
        Some((found, unit)) => Some(format!("did you mean `{found}`? `{word}` would be in {unit}")),
        None => names::did_you_mean(word, known()),
    }
}

/// How a kind is written: `official_sale = { amount_usd_bn = …, over_days = … }`.
fn shape(kind: &EventKind) -> String {
    let fields = kind.fields.iter().filter(|field| !field.optional);
    let fields: Vec<String> = fields.map(|field| format!("{} = …", field.name)).collect();
    format!("{} = {{ {} }}", kind.name, fields.join(", "))
}

fn probability_limits(prefix: &str) -> Limits<'static> {
    let key = format!("{prefix}.probability");
    Limits { key, unit: "probability", low: 0.0, high: 1.0, dates: None, priced: false }
}

fn event_name(reader: &mut Reader<'_>, entries: &[Entry]) -> Option<String> {
    let entry = entries.iter().find(|entry| entry.key == "name")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match entry.node.text() {
        Some(name) if name.chars().all(plain) && name.chars().any(|c| c.is_ascii_alphabetic()) => {
            Some(name.to_owned())
        }
        _ => {
            let error = reader.error(entry.node.span.clone(), "an event cannot have this name");
            let expected = "letters, digits, `-` and `_`, with at least one letter";
            reader.out.push(error.key("name").expected(expected));
            None
        }
    }
}

/// The one kind of an event, with its entry.
fn one_kind<'n>(
    reader: &mut Reader<'_>,
    node: &Node,
    entries: &'n [Entry],
    catalogue: &Catalogue,
) -> Option<(&'static EventKind, &'n Entry)> {
    let kinds = || catalogue.events.iter().map(|kind| kind.name);
    let beside = ["day", "date", "probability", "name"];
    let mut found = Vec::new();
    let mut unknown = false;
    for entry in entries.iter().filter(|entry| !beside.contains(&entry.key.as_str())) {
        if let Some(kind) = catalogue.events.iter().find(|kind| kind.name == entry.key) {
            found.push((kind, entry));
            continue;
        }
        unknown = true;
        let message = format!("`{}` is not a key or a kind of an event", entry.key);
        let help = names::did_you_mean(&entry.key, kinds().chain(beside));
        let error = reader.error(entry.span.clone(), message).key(&entry.key);
        reader.out.push(error.expected(names::one_of(kinds())).maybe_help(help));
    }
    match found.as_slice() {
        [one] => return Some(*one),
        [] if unknown => {}
        [] => {
            let error = reader.error(node.span.clone(), "the event has no kind").key("event");
            reader.out.push(error.expected(format!("exactly one of {}", names::one_of(kinds()))));
        }
        [(first, _), (second, entry), ..] => {
            let message =
                format!("the event has two kinds, `{}` and `{}`", first.name, second.name);
            let error = reader.error(entry.span.clone(), message).key("event");
            let help = "write one `[[event]]` for each; they may share the day";
            reader.out.push(error.expected("exactly one kind in an event").help(help));
        }
    }
    None
}

fn fill(reader: &mut Reader<'_>, entry: &Entry, field: &Field, prefix: &str) -> Option<Filled> {
    let key = format!("{prefix}.{}", field.name);
    match field.kind {
        FieldKind::Number { unit, low, high, .. } => {
            let limits = Limits { key, unit, low, high, dates: None, priced: false };
            reader.number(&entry.node, &limits).map(Filled::Number)
        }
        FieldKind::Word(words) => {
            let text = entry.node.text().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| **word == text) {
                return Some(Filled::Word(word));
            }
            let message = format!("`{key}` has no such choice");
            let help = names::did_you_mean(text, words.iter().copied());
            let error = reader.error(entry.node.span.clone(), message).key(key);
            reader.out.push(error.expected(names::one_of(words.iter().copied())).maybe_help(help));
            None
        }
        FieldKind::Flag => match entry.node.value {
            Value::Flag(flag) => Some(Filled::Flag(flag)),
            _ => {
                let message = format!("`{key}` cannot be {}", entry.node.kind());
                let error = reader.error(entry.node.span.clone(), message).key(key);
                reader.out.push(error.expected("`true` or `false`"));
                None
            }
        },
    }
}

//! Events as written: when, how likely, and the fields of their one kind.

use super::calendar::Calendar;
use super::diagnostic::{Diagnostic, SourceFile};
use super::names;
use super::number::{Limits, Number, Reader};
use super::tree::{Entry, Node, Value};
use super::when::{self, When};
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
    /// Rank of the layer that wrote it last, be it with the value that stood there.
    pub(super) level: usize,
    pub(super) source: Option<String>,
    /// The file that the number's place is in.
    pub(super) file: Arc<SourceFile>,
}

impl Slot {
    /// Takes the number of a later layer; one that stands there already keeps its layer, and its source where it gets no
    /// other. Gives whether the number is another.
    pub(super) fn rewrite(&mut self, slot: Slot) -> bool {
        if self.number.marginal == slot.number.marginal {
            self.level = slot.level;
            self.source = slot.source.or(self.source.take());
            return false;
        }
        *self = slot;
        true
    }
}

/// What writes the numbers of a file in the name of a layer.
#[derive(Debug, Clone)]
pub(super) struct Pen {
    pub(super) layer: String,
    pub(super) level: usize,
    pub(super) file: Arc<SourceFile>,
}

impl Pen {
    pub(super) fn slot(&self, number: Number) -> Slot {
        let Pen { layer, level, file } = self.clone();
        Slot { number, layer, level, source: None, file }
    }
}

/// An event as written.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// What stays the same whatever is dropped before it.
    pub(super) id: usize,
    /// Layer that brought it.
    pub(super) origin: Pen,
    /// Rank of the layer that chose its kind.
    pub(super) kind_level: usize,
    /// Layers that amended it, with the keys.
    pub(super) amended: Vec<(String, Vec<String>)>,
    /// Where it was written last: the kind's table, or the event's.
    pub(super) file: Arc<SourceFile>,
    pub(super) span: std::ops::Range<usize>,
    pub(super) kind: &'static EventKind,
    pub(super) name: Option<String>,
    pub(super) day: Slot,
    /// The meeting that dates it.
    pub(super) meeting: Option<usize>,
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

    /// Reads one whole event.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        node: &Node,
        prefix: &str,
        pen: &Pen,
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
        let mut late = Vec::new();
        let place = when::Place { prefix, kind: kind.map(|(kind, _)| kind), setting };
        let when = when::only(reader, node, entries, &place, &mut late);
        let probability = entries
            .iter()
            .find(|entry| entry.key == "probability")
            .map(|entry| reader.number(&entry.node, &probability_limits(prefix)));
        let (kind, entry) = kind?;
        let When { step, meeting } = when?;
        let mut draft = Draft {
            id: 0,
            origin: pen.clone(),
            kind_level: pen.level,
            amended: Vec::new(),
            file: Arc::clone(&pen.file),
            span: entry.node.span.clone(),
            kind,
            name,
            day: pen.slot(step),
            meeting,
            probability: match probability {
                Some(number) => Some(pen.slot(number?)),
                None => None,
            },
            numbers: vec![None; count(kind, |kind| matches!(kind, FieldKind::Number { .. }))],
            words: vec![None; count(kind, |kind| matches!(kind, FieldKind::Word(_)))],
            flags: vec![false; count(kind, |kind| matches!(kind, FieldKind::Flag))],
            late,
        };
        draft.read_fields(reader, entry, prefix, pen);
        let broken =
            reader.out[before..].iter().any(|found| found.severity == super::Severity::Error);
        (!broken).then_some(draft)
    }

    fn read_fields(&mut self, reader: &mut Reader<'_>, entry: &Entry, prefix: &str, pen: &Pen) {
        let kind = self.kind;
        let Some(entries) = entry.node.table() else {
            let message = format!("`{}` cannot be {}", kind.name, entry.node.kind());
            let error = reader.error(entry.node.span.clone(), message);
            reader.out.push(error.key(kind.name).expected(shape(kind)));
            return;
        };
        for field in entries {
            self.set_field(reader, field, prefix, pen);
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
        pen: &Pen,
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
                let place = rank(|kind| matches!(kind, FieldKind::Number { .. }));
                write(&mut self.numbers[place], pen.slot(number));
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

    /// Sets one key beside the kind, or fields of the kind: what `--set event.1.… = …` and an event of the same name in a
    /// child say.
    pub(super) fn patch(
        &mut self,
        reader: &mut Reader<'_>,
        entry: &Entry,
        prefix: &str,
        pen: &Pen,
        setting: Setting<'_>,
    ) {
        if entry.key == self.kind.name {
            for field in entry.node.table().unwrap_or_default() {
                self.set_field(reader, field, prefix, pen);
            }
            if entry.node.table().is_none() {
                let message = format!("`{}` cannot be {}", entry.key, entry.node.kind());
                let error = reader.error(entry.node.span.clone(), message).key(&entry.key);
                reader.out.push(error.expected(shape(self.kind)));
            }
        } else if when::KEYS.contains(&entry.key.as_str()) {
            self.late.clear();
            let place = when::Place { prefix, kind: Some(self.kind), setting };
            if let Some(when) = when::read(reader, entry, &place, &mut self.late) {
                self.meeting = when.meeting;
                // The same step in other words is written anew.
                if self.day.number.text == when.step.text {
                    self.day.rewrite(pen.slot(when.step));
                } else {
                    self.day = pen.slot(when.step);
                }
            }
        } else if entry.key == "probability" {
            let number = reader.number(&entry.node, &probability_limits(prefix));
            if let Some(number) = number {
                write(&mut self.probability, pen.slot(number));
            }
        } else {
            let known = || when::KEYS.into_iter().chain(["probability", self.kind.name]);
            let message = format!("`{}` is not a key of `{prefix}`", entry.key);
            let error = reader.error(entry.span.clone(), message).key(&entry.key);
            let help = names::did_you_mean(&entry.key, known());
            reader.out.push(error.expected(names::one_of(known())).maybe_help(help));
        }
    }
}

/// Writes a number of an event over what stands there.
fn write(place: &mut Option<Slot>, slot: Slot) {
    match place {
        Some(standing) => {
            standing.rewrite(slot);
        }
        None => *place = Some(slot),
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
    let beside = ["day", "date", "meeting", "probability", "name"];
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

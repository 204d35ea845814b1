//! Events from parent to child: the parent's come first, in their places; a child's event with the name of one amends it,
//! `drop_events` acts before that, and what is new comes behind.

use super::diagnostic::{Diagnostic, Severity};
use super::document::Document;
use super::event::{Draft, Pen};
use super::layers::{COMMAND_LINE, Layer, State};
use super::names;
use super::number::Reader;
use super::tree::{Entry, Node, Value};
use super::when;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Names that a message lists.
const MOST_NAMES: usize = 20;

/// What became of the events of parents.
#[derive(Debug, Default)]
pub(super) struct Inheritance {
    /// Place of an event by its name.
    names: BTreeMap<String, usize>,
    /// Events that came so far, for their numbers that stay.
    count: usize,
    /// Name (or address) of what was dropped, the layer that had brought it, and the one that dropped it.
    dropped: Vec<(String, String, String)>,
    /// Correlations that were replaced or removed.
    pub(super) pairs: Vec<String>,
}

/// The events under which a layer writes its own: how many it inherits, and which of them it has amended.
struct Own<'l, 'd> {
    layer: &'l Layer<'d>,
    inherited: usize,
    amended: BTreeSet<String>,
    /// Places and addresses of events without a name.
    nameless: Vec<(Range<usize>, String)>,
}

impl State<'_> {
    /// The place of an event by its name, or its number from 1.
    pub(super) fn event_place(&self, name: &str) -> Option<usize> {
        let number = || name.parse::<usize>().ok()?.checked_sub(1);
        let found = self.inheritance.names.get(name).copied().or_else(number);
        found.filter(|place| *place < self.events.len())
    }

    pub(super) fn refuse_old_key(&mut self, document: &Document, entry: &Entry) {
        let message = "there is no `events_from_parent`: events are always inherited";
        let error = Diagnostic::error(&document.file, entry.span.clone(), message);
        let error = error.key("events_from_parent");
        self.out.push(
            error
                .expected(
                    "`drop_events = [\"name\"]` or `drop_events = true` where some are not wanted",
                )
                .help("an event with the name of a parent's amends it"),
        );
    }

    /// Drops inherited events that a document names, before it brings its own.
    pub(super) fn drop_events(&mut self, document: &Document, layer: &Layer<'_>) {
        let Some(entry) = document.get("drop_events") else { return };
        let names: Option<Vec<(&Node, &str)>> = match &entry.node.value {
            Value::Flag(false) => Some(Vec::new()),
            Value::Flag(true) => {
                if self.events.is_empty() {
                    let message = "`drop_events` has nothing to drop: no parent has an event";
                    let warning = Diagnostic::warning(&document.file, entry.span.clone(), message);
                    self.out.push(warning.key("drop_events").help("leave it out"));
                }
                self.keep_events(layer, |_| false);
                return;
            }
            Value::List(items) => {
                items.iter().map(|item| item.text().map(|name| (item, name))).collect()
            }
            _ => None,
        };
        let Some(names) = names else {
            let message = format!("`drop_events` cannot be {}", entry.node.kind());
            let error = Diagnostic::error(&document.file, entry.node.span.clone(), message);
            let expected = "names of inherited events, `[\"name\"]`, or `true` for all";
            self.out.push(error.key("drop_events").expected(expected));
            return;
        };
        let mut gone: BTreeSet<&str> = BTreeSet::new();
        for (item, name) in names {
            if !self.inheritance.names.contains_key(name) || gone.contains(name) {
                self.refuse_to_drop(document, item, name, &gone);
            }
            gone.insert(name);
        }
        self.keep_events(layer, |draft| {
            !draft.name.as_deref().is_some_and(|name| gone.contains(&name))
        });
    }

    /// Keeps some of the events that are there, and takes note of the others.
    fn keep_events(&mut self, layer: &Layer<'_>, keep: impl Fn(&Draft) -> bool) {
        for (index, draft) in std::mem::take(&mut self.events).into_iter().enumerate() {
            if keep(&draft) {
                self.events.push(draft);
                continue;
            }
            let name = draft.name.clone().unwrap_or_else(|| draft.address(index));
            self.inheritance.dropped.push((name, draft.origin.layer, layer.name.clone()));
        }
        let named = self.events.iter().enumerate();
        self.inheritance.names =
            named.filter_map(|(place, draft)| Some((draft.name.clone()?, place))).collect();
    }

    fn refuse_to_drop(
        &mut self,
        document: &Document,
        item: &Node,
        name: &str,
        gone: &BTreeSet<&str>,
    ) {
        let before = self.inheritance.dropped.iter().find(|(dropped, ..)| dropped == name);
        let left = || {
            let named = self.inheritance.names.keys().map(String::as_str);
            named.filter(|name| !gone.contains(name)).take(MOST_NAMES)
        };
        let message = match before {
            _ if gone.contains(&name) => format!("`drop_events` names `{name}` twice"),
            Some((_, _, by)) => format!("the event `{name}` has already been dropped by {by}"),
            None => format!("no parent has an event `{name}` to drop"),
        };
        let nameless = self.events.iter().any(|draft| draft.name.is_none());
        let expected = match left().next() {
            Some(_) => names::one_of(left()),
            None if nameless => "`true`: the events of the parents have no names".to_owned(),
            None => "no `drop_events`: no parent has an event".to_owned(),
        };
        let error = Diagnostic::error(&document.file, item.span.clone(), message);
        let help = names::did_you_mean(name, left());
        self.out.push(error.key("drop_events").expected(expected).maybe_help(help));
    }

    /// Reads the events of a document behind those that its parents brought.
    pub(super) fn read_events(&mut self, document: &Document, layer: &Layer<'_>) {
        let Some(entry) = document.get("event") else { return };
        match &entry.node.value {
            Value::List(items) => {
                if items.is_empty() && !self.events.is_empty() {
                    self.refuse_empty_list(document, entry);
                }
                let inherited = self.events.len();
                let mut own =
                    Own { layer, inherited, amended: BTreeSet::new(), nameless: Vec::new() };
                for item in items {
                    self.read_event(document, item, &mut own);
                }
                self.warn_of_nameless(document, &own);
            }
            Value::Table(patches) if layer.name == COMMAND_LINE => {
                for patch in patches {
                    self.patch_event(document, patch, layer);
                }
            }
            _ => {
                let message = format!("`event` cannot be {}", entry.node.kind());
                let error = Diagnostic::error(&document.file, entry.span.clone(), message);
                let expected = "events under `[[event]]`, with double brackets";
                self.out.push(error.key("event").expected(expected));
                self.events_sound = false;
            }
        }
    }

    fn refuse_empty_list(&mut self, document: &Document, entry: &Entry) {
        let message = "`event = []` drops nothing: the parents' events are inherited";
        let error = Diagnostic::error(&document.file, entry.node.span.clone(), message);
        let expected = "`drop_events = true` to be without them";
        self.out.push(error.key("event").expected(expected));
    }

    /// Reads one event of a document: a new one, or an amendment of an inherited one.
    fn read_event(&mut self, document: &Document, item: &Node, own: &mut Own<'_, '_>) {
        let entries = item.table().unwrap_or_default();
        let name = entries.iter().find(|entry| entry.key == "name");
        let name = name.and_then(|entry| entry.node.text());
        let place = name.and_then(|name| self.inheritance.names.get(name).copied());
        let (place, name) = match (place.filter(|place| *place < own.inherited), name) {
            (Some(place), Some(name)) => (place, name),
            _ => return self.add_event(document, item, own),
        };
        if !own.amended.insert(name.to_owned()) {
            let message = format!("the inherited event `{name}` is amended twice in this file");
            let error = Diagnostic::error(&document.file, item.span.clone(), message);
            self.out.push(error.key("name").expected("one `[[event]]` with all that is to change"));
            return;
        }
        let standing = &self.events[place];
        let kinds = self.setting.catalogue.events.iter();
        let another = kinds.filter(|kind| kind.name != standing.kind.name);
        let another =
            another.into_iter().any(|kind| entries.iter().any(|entry| entry.key == kind.name));
        let pen = own.layer.pen(&document.file);
        if another {
            self.replace_event(item, place, &pen);
        } else {
            self.amend_event(item, place, &pen);
        }
    }

    /// Puts a whole event of another kind in the place of an inherited one.
    fn replace_event(&mut self, item: &Node, place: usize, pen: &Pen) {
        let standing = &self.events[place];
        let prefix = standing.address(place);
        let before = self.out.len();
        let mut reader = Reader { file: &pen.file, out: &mut self.out };
        let Some(draft) = Draft::read(&mut reader, item, &prefix, pen, self.setting) else {
            let origin = &standing.origin.layer;
            let why = format!(
                "another kind replaces the event `{prefix}` of {origin} whole, its day and probability too"
            );
            add_help(&mut self.out[before..], &why);
            self.events_sound = false;
            return;
        };
        let mut amended = standing.amended.clone();
        amended.push((pen.layer.clone(), vec![format!("now {}", draft.kind.name)]));
        let (id, origin) = (standing.id, standing.origin.clone());
        self.events[place] = Draft { id, origin, amended, ..draft };
    }

    /// Changes an inherited event key by key.
    fn amend_event(&mut self, item: &Node, place: usize, pen: &Pen) {
        let mut draft = self.events[place].clone();
        let prefix = draft.address(place);
        let before = self.out.len();
        let mut reader = Reader { file: &pen.file, out: &mut self.out };
        let entries = item.table().unwrap_or_default();
        let dated = when::at_most_one(&mut reader, entries, &prefix).is_ok();
        let mut keys = Vec::new();
        for entry in entries.iter().filter(|entry| entry.key != "name") {
            if !dated && when::KEYS.contains(&entry.key.as_str()) {
                continue;
            }
            draft.patch(&mut reader, entry, &prefix, pen, self.setting);
            match entry.node.table().filter(|_| entry.key == draft.kind.name) {
                Some(fields) => {
                    keys.extend(fields.iter().map(|field| format!("{}.{}", entry.key, field.key)));
                    draft.span = entry.node.span.clone();
                }
                None => keys.push(entry.key.clone()),
            }
        }
        if keys.is_empty() {
            let message =
                format!("the inherited event `{prefix}` is named and nothing of it amended");
            let warning = reader.warning(item.span.clone(), message).key("name");
            let help = "it is inherited without being named; a new event needs a name of its own";
            reader.out.push(warning.help(help));
        }
        if !entries.iter().any(|entry| entry.key == draft.kind.name) {
            draft.span = item.span.clone();
        }
        draft.file = pen.file.clone();
        draft.amended.push((pen.layer.clone(), keys));
        if self.out[before..].iter().any(|found| found.severity == Severity::Error) {
            self.events_sound = false;
        }
        self.events[place] = draft;
    }

    /// Adds an event of a document's own.
    fn add_event(&mut self, document: &Document, item: &Node, own: &mut Own<'_, '_>) {
        let prefix = format!("event.{}", self.events.len() + 1);
        let mut reader = Reader { file: &document.file, out: &mut self.out };
        let pen = own.layer.pen(&document.file);
        let before = reader.out.len();
        let Some(draft) = Draft::read(&mut reader, item, &prefix, &pen, self.setting) else {
            self.events_sound = false;
            let named = item.table().unwrap_or_default().iter().find(|entry| entry.key == "name");
            let name = named.and_then(|entry| entry.node.text()).filter(|_| own.inherited > 0);
            if let Some(name) = name {
                let known = self.inheritance.names.keys().map(String::as_str);
                let near = names::did_you_mean(name, known).unwrap_or_default();
                let why = format!("no inherited event is called `{name}`; {near}");
                add_help(&mut self.out[before..], why.trim_end_matches([' ', ';']));
            }
            return;
        };
        match &draft.name {
            Some(name) => {
                let kinds = &self.setting.catalogue.events;
                let taken = self.inheritance.names.contains_key(name);
                if taken || kinds.iter().any(|kind| kind.name == name) {
                    let message = format!("the name `{name}` is taken by another event or a kind");
                    let error = Diagnostic::error(&document.file, item.span.clone(), message);
                    let expected = "a name of its own for each event";
                    self.out.push(error.key("name").expected(expected));
                }
                self.inheritance.names.insert(name.clone(), self.events.len());
            }
            None => own.nameless.push((item.span.clone(), prefix)),
        }
        self.inheritance.count += 1;
        self.events.push(Draft { id: self.inheritance.count, ..draft });
    }

    /// Says that events without a name amend none of the inherited ones.
    fn warn_of_nameless(&mut self, document: &Document, own: &Own<'_, '_>) {
        let (Some((span, first)), true) = (own.nameless.first(), own.inherited > 0) else { return };
        let message = match own.nameless.len() {
            1 => format!("the event without a name is added to the inherited ones as `{first}`"),
            count => format!(
                "{count} events without a name are added to the inherited ones, from `{first}` on"
            ),
        };
        let named: Vec<&str> = self.events[..own.inherited.min(self.events.len())]
            .iter()
            .filter_map(|draft| draft.name.as_deref())
            .take(MOST_NAMES)
            .collect();
        let help = match named.first() {
            Some(example) => format!(
                "give it a name; `name = \"{example}\"` would amend the parent's: {}",
                names::one_of(named.iter().copied())
            ),
            None => "give it a name, so that nobody takes it for a parent's".to_owned(),
        };
        let warning = Diagnostic::warning(&document.file, span.clone(), message);
        self.out.push(warning.key(first).help(help));
    }

    /// Applies `--set event.N.… = …` or `event.NAME.… = …`.
    fn patch_event(&mut self, document: &Document, patch: &Entry, layer: &Layer<'_>) {
        let Some(place) = self.event_place(&patch.key) else {
            let named = self.events.iter().filter_map(|draft| draft.name.as_deref());
            let message = format!("the scenario has no event `{}`", patch.key);
            let error = Diagnostic::error(&document.file, patch.span.clone(), message);
            let error = error.key(format!("event.{}", patch.key));
            let expected = match self.events.len() {
                0 => "a scenario with events".to_owned(),
                count => format!("a number from 1 to {count}, or a name given in the file"),
            };
            let help = names::did_you_mean(&patch.key, named);
            self.out.push(error.expected(expected).maybe_help(help));
            return;
        };
        let prefix = format!("event.{}", patch.key);
        let mut reader = Reader { file: &document.file, out: &mut self.out };
        let Some(entries) = patch.node.table() else {
            let error = reader.error(patch.node.span.clone(), format!("`{prefix}` needs a key"));
            self.out.push(error.expected(format!("{prefix}.day=… or {prefix}.KIND.FIELD=…")));
            return;
        };
        let pen = layer.pen(&document.file);
        for entry in entries {
            self.events[place].patch(&mut reader, entry, &prefix, &pen, self.setting);
        }
    }

    /// What came from the parents of the file, what was amended and what was dropped: a line each.
    pub(super) fn inheritance(&self, leaf: &Layer<'_>) -> Vec<String> {
        let named = |(place, draft): (usize, &Draft)| match &draft.name {
            Some(name) => format!("event.{} `{name}`", place + 1),
            None => format!("event.{}", place + 1),
        };
        let mut lines = Vec::new();
        let mut line = |what: &str, of: Vec<String>| {
            if !of.is_empty() {
                lines.push(format!("{what}: {}", of.join(", ")));
            }
        };
        let inherited = || {
            let all = self.events.iter().enumerate();
            all.filter(|(_, draft)| draft.origin.level < leaf.level)
        };
        let came = inherited().map(|of| format!("{} of {}", named(of), of.1.origin.layer));
        line("inherited", came.collect());
        let amended = inherited().flat_map(|of| {
            let by = of.1.amended.iter();
            by.map(move |(layer, keys)| format!("{} by {layer} ({})", named(of), keys.join(", ")))
        });
        line("amended", amended.collect());
        let dropped = self.inheritance.dropped.iter();
        let dropped = dropped.map(|(name, of, by)| format!("`{name}` of {of} by {by}"));
        line("dropped", dropped.collect());
        line("correlations", self.inheritance.pairs.clone());
        lines
    }
}

/// Adds a sentence to the help of errors.
fn add_help(errors: &mut [Diagnostic], more: &str) {
    for error in errors.iter_mut().filter(|found| found.severity == Severity::Error) {
        let help: Vec<&str> = error.help.as_deref().into_iter().chain([more]).collect();
        error.help = Some(help.join("; "));
    }
}

//! What replaces whole from layer to layer: events and correlations; and the sources that name them.

use super::diagnostic::{Diagnostic, SourceFile};
use super::document::Document;
use super::event::Draft;
use super::layers::{COMMAND_LINE, Layer, Pair, State};
use super::number::{Limits, Reader};
use super::tree::{Entry, Node, Value};
use super::{FieldKind, names};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The texts under `[sources]` by key, with their places.
pub(super) type Sources = BTreeMap<String, (String, Arc<SourceFile>, Range<usize>)>;

impl State<'_> {
    pub(super) fn read_channels(&mut self, document: &Document) {
        let Some(channels) = document.get("channels") else { return };
        let known = || self.setting.catalogue.channels.iter().copied();
        let Some(entries) = channels.node.table() else {
            let message = format!("`channels` cannot be {}", channels.node.kind());
            let error = Diagnostic::error(&document.file, channels.node.span.clone(), message);
            self.out.push(error.key("channels").expected("a table: [channels]"));
            return;
        };
        for entry in entries {
            let key = format!("channels.{}", entry.key);
            match (known().position(|known| known == entry.key), &entry.node.value) {
                (Some(index), Value::Flag(on)) => self.muted[index] = !on,
                (Some(_), _) => {
                    let message = format!("`{key}` cannot be {}", entry.node.kind());
                    let span = entry.node.span.clone();
                    let error = Diagnostic::error(&document.file, span, message).key(key);
                    let help = "`false` mutes the channel";
                    self.out.push(error.expected("`true` or `false`").help(help));
                }
                (None, _) => {
                    let message = format!("no channel is called `{}`", entry.key);
                    let error = Diagnostic::error(&document.file, entry.span.clone(), message);
                    let help = names::did_you_mean(&entry.key, known());
                    let error = error.key(key).expected(names::one_of(known()));
                    self.out.push(error.maybe_help(help));
                }
            }
        }
    }

    pub(super) fn read_events(&mut self, document: &Document, layer: &Layer<'_>) {
        let keep = match document.get("events_from_parent") {
            Some(Entry { node: Node { value: Value::Flag(keep), .. }, .. }) => *keep,
            Some(entry) => {
                let message = format!("`events_from_parent` cannot be {}", entry.node.kind());
                let span = entry.node.span.clone();
                let error = Diagnostic::error(&document.file, span, message);
                self.out.push(error.key("events_from_parent").expected("`true` or `false`"));
                true
            }
            None => false,
        };
        let Some(entry) = document.get("event") else { return };
        match &entry.node.value {
            Value::List(items) => {
                if !keep {
                    self.events.clear();
                }
                for item in items {
                    let prefix = format!("event.{}", self.events.len() + 1);
                    let mut reader = Reader { file: &document.file, out: &mut self.out };
                    match Draft::read(&mut reader, item, &prefix, &layer.name, self.setting) {
                        Some(draft) => self.add_event(draft, &item.span),
                        None => self.events_sound = false,
                    }
                }
            }
            Value::Table(patches) if layer.name == COMMAND_LINE => {
                for patch in patches {
                    self.patch_event(document, patch);
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

    fn add_event(&mut self, draft: Draft, span: &Range<usize>) {
        let taken = |other: &Draft| other.name.is_some() && other.name == draft.name;
        let clash = self
            .setting
            .catalogue
            .events
            .iter()
            .any(|kind| Some(kind.name) == draft.name.as_deref());
        if self.events.iter().any(taken) || clash {
            let name = draft.name.as_deref().unwrap_or_default();
            let message = format!("the name `{name}` is taken by another event or a kind");
            let error = Diagnostic::error(&draft.file, span.clone(), message);
            self.out.push(error.key("name").expected("a name of its own for each event"));
        }
        self.events.push(draft);
    }

    /// Applies `--set event.N.… = …` or `event.NAME.… = …`.
    fn patch_event(&mut self, document: &Document, patch: &Entry) {
        let found = self.events.iter().enumerate().find(|(index, draft)| {
            draft.name.as_deref() == Some(&patch.key) || (index + 1).to_string() == patch.key
        });
        let Some((index, _)) = found else {
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
        for entry in entries {
            let draft = &mut self.events[index];
            draft.patch(&mut reader, entry, &prefix, COMMAND_LINE, self.setting);
        }
    }

    pub(super) fn read_correlations(&mut self, document: &Document) {
        let Some(entry) = document.get("correlation") else { return };
        let Value::List(items) = &entry.node.value else {
            let message = format!("`correlation` cannot be {}", entry.node.kind());
            let error = Diagnostic::error(&document.file, entry.span.clone(), message);
            let expected = "correlations under `[[correlation]]`, with double brackets";
            self.out.push(error.key("correlation").expected(expected));
            return;
        };
        self.correlations.clear();
        for item in items {
            let pair = self.read_pair(document, item);
            self.correlations.extend(pair);
        }
    }

    fn read_pair(&mut self, document: &Document, node: &Node) -> Option<Pair> {
        let reader = Reader { file: &document.file, out: &mut self.out };
        let Some(entries) = node.table() else {
            let error = reader.error(node.span.clone(), "a correlation must be a table");
            self.out.push(error.key("correlation").expected("{ a = …, b = …, rho = … }"));
            return None;
        };
        for entry in entries.iter().filter(|entry| !["a", "b", "rho"].contains(&&*entry.key)) {
            let message = format!("`{}` is not a key of a correlation", entry.key);
            let error = reader.error(entry.span.clone(), message).key("correlation");
            let help = names::did_you_mean(&entry.key, ["rho"]);
            reader.out.push(error.expected("`a`, `b` and `rho`").maybe_help(help));
        }
        let mut field = |key: &str| {
            let found = entries.iter().find(|entry| entry.key == key);
            if found.is_none() {
                let error =
                    reader.error(node.span.clone(), format!("the correlation lacks `{key}`"));
                reader.out.push(error.key("correlation").expected("`a`, `b` and `rho`"));
            }
            found.map(|entry| &entry.node)
        };
        let (a, b, rho) = (field("a"), field("b"), field("rho"));
        let mut address = |node: &Node| {
            if node.text().is_none() {
                let error = reader.error(node.span.clone(), "not the address of a number");
                let expected = "an address in quotes, such as \"boj.policy_rate_pct\"";
                reader.out.push(error.key("correlation").expected(expected));
            }
            node.text().map(str::to_owned)
        };
        let (a, b) = (a.map(&mut address), b.map(&mut address));
        let limits = Limits {
            key: "correlation.rho".into(),
            unit: "",
            low: -1.0,
            high: 1.0,
            dates: None,
            priced: false,
        };
        let value = match rho?.value {
            Value::Number(value, _) if value > -1.0 && value < 1.0 => value,
            _ => {
                let error = reader.error(rho?.span.clone(), "not a correlation").key(limits.key);
                reader.out.push(error.expected("a number above -1 and below 1"));
                return None;
            }
        };
        Some(Pair {
            a: a??,
            b: b??,
            rho: value,
            file: Arc::new(document.file.clone()),
            node: node.clone(),
            by_default: false,
        })
    }

    /// Reads `[sources]` of all documents of a layer.
    pub(super) fn read_sources(&mut self, layer: &Layer<'_>) -> Sources {
        let mut sources = Sources::new();
        for document in &layer.documents {
            let Some(entry) = document.get("sources") else { continue };
            let Some(entries) = entry.node.table() else {
                let message = format!("`sources` cannot be {}", entry.node.kind());
                let error = Diagnostic::error(&document.file, entry.node.span.clone(), message);
                self.out.push(error.key("sources").expected("a table: [sources]"));
                continue;
            };
            self.gather("", entries, &Arc::new(document.file.clone()), &mut sources);
        }
        sources
    }

    /// Gathers source texts, also of dotted keys without quotes.
    fn gather(
        &mut self,
        prefix: &str,
        entries: &[Entry],
        file: &Arc<SourceFile>,
        to: &mut Sources,
    ) {
        for entry in entries {
            let key = format!("{prefix}{}", entry.key);
            match &entry.node.value {
                Value::Text(text) if text.trim().is_empty() => {
                    let message = format!("the source of `{key}` is empty");
                    let error = Diagnostic::error(file, entry.node.span.clone(), message);
                    let help = "say where the number comes from, or begin with `assumption`";
                    self.out.push(error.key(key).expected("a text").help(help));
                }
                Value::Text(text) => {
                    to.insert(key, (text.clone(), Arc::clone(file), entry.span.clone()));
                }
                Value::Table(inner) => self.gather(&format!("{key}."), inner, file, to),
                _ => {
                    let message = format!("the source of `{key}` cannot be {}", entry.node.kind());
                    let error = Diagnostic::error(file, entry.node.span.clone(), message);
                    self.out.push(error.key(key).expected("a text in quotes"));
                }
            }
        }
    }

    /// Gives the numbers the sources of a layer, and refuses sources of what does not exist.
    pub(super) fn apply_sources(&mut self, layer: &Layer<'_>, sources: &Sources) {
        let catalogue = self.setting.catalogue;
        let mut known: Vec<String> = vec!["start".into(), "horizon".into(), "correlation".into()];
        known.push(format!("{}.{}", catalogue.prior_table, catalogue.prior_key));
        known.extend(catalogue.channels.iter().map(|channel| format!("channels.{channel}")));
        known.extend((1..=self.correlations.len()).map(|number| format!("correlation.{number}")));
        for (declaration, written) in catalogue.declarations().zip(&mut self.numbers) {
            let key = format!("{}.{}", declaration.table, declaration.name);
            if let (Some((text, ..)), Some(written)) = (sources.get(&key), written) {
                written.slot.source = Some(text.clone());
            }
            known.push(key);
        }
        for (index, draft) in self.events.iter_mut().enumerate() {
            known.extend(apply_to_event(draft, index, layer, sources));
        }
        for (key, (_, file, span)) in sources {
            let unread = key.starts_with("event.") && !self.events_sound;
            if !known.contains(key) && !unread {
                let message = format!("a source for `{key}`, which the scenario does not have");
                let error = Diagnostic::error(file, span.clone(), message).key(key);
                let help = names::did_you_mean(key, known.iter().map(String::as_str));
                self.out.push(error.expected("the address of a number").maybe_help(help));
            }
        }
    }
}

/// Gives an event's numbers the sources of a layer; returns the keys under which its sources may stand.
fn apply_to_event(
    draft: &mut Draft,
    index: usize,
    layer: &Layer<'_>,
    sources: &Sources,
) -> Vec<String> {
    let kind = draft.kind;
    let mut refs = vec![format!("event.{}", index + 1)];
    refs.extend(draft.name.as_ref().map(|name| format!("event.{name}")));
    let mut general: Vec<String> = refs.iter().map(|at| format!("{at}.{}", kind.name)).collect();
    general.push(format!("event.{}", kind.name));
    general.extend(refs.iter().cloned());
    let mut known = general.clone();
    let fields = kind.fields.iter().filter(|field| matches!(field.kind, FieldKind::Number { .. }));
    let slots = fields
        .zip(draft.numbers.iter_mut())
        .map(|(field, slot)| (vec![format!("{}.{}", kind.name, field.name)], slot.as_mut()));
    let beside = [
        (vec!["day".to_owned(), "date".to_owned()], Some(&mut draft.day)),
        (vec!["probability".to_owned()], draft.probability.as_mut()),
    ];
    for (tails, slot) in slots.chain(beside) {
        let mut keys: Vec<String> = Vec::new();
        for tail in &tails {
            keys.extend(refs.iter().map(|at| format!("{at}.{tail}")));
            if tail.contains('.') {
                keys.push(format!("event.{tail}"));
            }
        }
        if let Some(slot) = slot {
            let found = keys.iter().chain(&general).find_map(|key| sources.get(key));
            if let Some((text, ..)) = found {
                slot.source = Some(text.clone());
            } else if slot.layer == COMMAND_LINE && layer.name == COMMAND_LINE {
                slot.source = Some("set on the command line".into());
            }
        }
        known.extend(keys);
    }
    for field in kind.fields {
        known.extend(refs.iter().map(|at| format!("{at}.{}.{}", kind.name, field.name)));
    }
    known
}

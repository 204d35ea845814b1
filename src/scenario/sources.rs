//! `[sources]`: where numbers come from. A source stands for a number, an event, a kind of event or a table, and covers
//! what lies below it; the nearest wins. One for a number holds whoever wrote the number; a wider one covers what its own
//! layer wrote there, and leaves to the numbers of earlier layers the sources that they have.

use super::diagnostic::{Diagnostic, Severity, SourceFile};
use super::event::{Draft, Slot};
use super::layers::{COMMAND_LINE, Layer, State};
use super::names;
use super::tree::{Entry, Value};
use super::when;
use super::{Catalogue, FieldKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Numbers without a source that are named one by one.
const NAMED: usize = 12;
/// Keys of a file for which the nearest known one is looked for.
const SUGGESTED: usize = 50;

/// A source as written.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) text: String,
    pub(super) file: Arc<SourceFile>,
    pub(super) span: Range<usize>,
}

/// The texts under `[sources]` by key.
pub(super) type Sources = BTreeMap<String, Source>;

/// The keys under `[sources]` that mean something, and those that were of use.
struct Keys<'s> {
    sources: &'s Sources,
    known: BTreeSet<String>,
    used: BTreeSet<String>,
    /// Keys that cover several numbers.
    wide: BTreeSet<String>,
}

impl Keys<'_> {
    /// The text of the first of some keys that stands there.
    fn first<'k>(&mut self, keys: impl IntoIterator<Item = &'k String>) -> Option<String> {
        let mut found = keys.into_iter().filter_map(|key| Some((key, self.sources.get(key)?)));
        let (key, source) = found.next()?;
        let text = source.text.clone();
        self.used.insert(key.clone());
        Some(text)
    }

    /// Takes note of keys that may stand there.
    fn know(&mut self, keys: impl IntoIterator<Item = String>, wide: bool) {
        for key in keys.into_iter().filter(|key| self.sources.contains_key(key)) {
            if wide {
                self.wide.insert(key.clone());
            }
            self.known.insert(key);
        }
    }
}

/// A number without a source.
pub(super) struct Unsourced {
    pub(super) address: String,
    pub(super) file: Arc<SourceFile>,
    pub(super) span: Range<usize>,
}

impl Unsourced {
    /// The number at an address, if the layer wrote it and nobody says where it comes from.
    pub(super) fn find(address: &str, slot: &Slot, leaf: &Layer<'_>) -> Option<Unsourced> {
        let own = slot.level == leaf.level && slot.layer == leaf.name;
        let (file, span) = (Arc::clone(&slot.file), slot.number.span.clone());
        (own && slot.source.is_none()).then(|| Unsourced {
            address: address.to_owned(),
            file,
            span,
        })
    }
}

impl State<'_> {
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
            self.gather("", entries, &document.file, &mut sources);
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
                    let (text, file, span) = (text.clone(), Arc::clone(file), entry.span.clone());
                    to.insert(key, Source { text, file, span });
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
        let (known, used, wide) = (self.other_keys(), BTreeSet::new(), BTreeSet::new());
        let mut keys = Keys { sources, known, used, wide };
        let declared = self.setting.catalogue.declarations().zip(&mut self.numbers);
        for (declaration, written) in declared {
            let key = format!("{}.{}", declaration.table, declaration.name);
            let table = declaration.table.to_owned();
            if let Some(written) = written {
                let own = written.is_by(layer).then_some(&table);
                let text = keys.first([&key]).or_else(|| keys.first(own));
                written.slot.source = text.or(written.slot.source.take());
            }
            keys.know([key], false);
            keys.know([table], true);
        }
        for (index, draft) in self.events.iter_mut().enumerate() {
            apply_to_event(draft, index, layer, &mut keys);
        }
        let Keys { known, used, wide, .. } = keys;
        let broken = self.out.iter().any(|found| found.severity == Severity::Error);
        let mut suggestions = None;
        for (count, (key, Source { file, span, .. })) in sources.iter().enumerate() {
            let unread = key.starts_with("event.") && !self.events_sound;
            if !known.contains(key) && !unread {
                let message = format!("a source for `{key}`, which the scenario does not have");
                let error = Diagnostic::error(file, span.clone(), message).key(key);
                let all = suggestions.get_or_insert_with(|| self.addresses());
                let near = || names::did_you_mean(key, all.iter().map(String::as_str));
                let help = if count < SUGGESTED { near() } else { None };
                self.out.push(error.expected("the address of a number").maybe_help(help));
            } else if wide.contains(key) && !used.contains(key) && !broken {
                let message =
                    format!("the source for `{key}` covers nothing that this file writes");
                let warning = Diagnostic::warning(file, span.clone(), message).key(key);
                let help = "a wide source leaves inherited numbers theirs; name the number itself";
                self.out.push(warning.help(help));
            }
        }
    }

    /// Keys of what is no number.
    fn other_keys(&self) -> BTreeSet<String> {
        let catalogue: &Catalogue = self.setting.catalogue;
        let mut known: BTreeSet<String> =
            ["start", "horizon", "correlation", "channels"].map(str::to_owned).into();
        known.insert(format!("{}.{}", catalogue.prior_table, catalogue.prior_key));
        known.extend(catalogue.channels.iter().map(|channel| format!("channels.{channel}")));
        known.extend((1..=self.correlations.len()).map(|number| format!("correlation.{number}")));
        known
    }

    /// The addresses of all numbers.
    fn addresses(&self) -> Vec<String> {
        let declared = self.setting.catalogue.declarations();
        let declared = declared.map(|known| format!("{}.{}", known.table, known.name));
        let mut all: Vec<String> = declared.collect();
        for (index, draft) in self.events.iter().enumerate() {
            let fields = draft.kind.fields.iter().map(|field| field.name);
            let at = draft.address(index);
            all.extend(fields.map(|field| format!("{at}.{}.{field}", draft.kind.name)));
        }
        all
    }

    /// One warning for all numbers of the file without a source.
    pub(super) fn warn_of_unsourced(&mut self, unsourced: &[Unsourced]) {
        let Some(Unsourced { address, file, span }) = unsourced.first() else { return };
        let names: Vec<String> =
            unsourced.iter().take(NAMED).map(|number| format!("`{}`", number.address)).collect();
        let (count, names) = (unsourced.len(), names.join(", "));
        let message = match count {
            1 => format!("{names} has no source"),
            _ if count > NAMED => {
                format!("{count} numbers have no source: {names} and {} more", count - NAMED)
            }
            _ => format!("{count} numbers have no source: {names}"),
        };
        let wide = match address.strip_prefix("event.").map(|rest| rest.split('.')) {
            Some(mut parts) => format!("event.{}", parts.next().unwrap_or_default()),
            None => address.split('.').next().unwrap_or_default().to_owned(),
        };
        let warning = Diagnostic::warning(file, span.clone(), message).key(address);
        self.out.push(warning.help(match count {
            1 => format!("add `\"{address}\" = \"…\"` under [sources]"),
            _ => format!(
                "add them under [sources], one by one or together: `\"{wide}\" = \"…\"` covers what lies below it"
            ),
        }));
    }
}

/// Gives an event's numbers the sources of a layer, and adds the keys under which they may stand.
fn apply_to_event(draft: &mut Draft, index: usize, layer: &Layer<'_>, keys: &mut Keys<'_>) {
    let kind = draft.kind;
    let mut refs: Vec<String> = draft.name.iter().map(|name| format!("event.{name}")).collect();
    refs.push(format!("event.{}", index + 1));
    let at = |tail: &str| refs.iter().map(|at| format!("{at}.{tail}")).collect::<Vec<_>>();
    let mut wide = at(kind.name);
    wide.extend(refs.iter().cloned());
    wide.extend([format!("event.{}", kind.name), "event".to_owned()]);
    let numbers = kind.fields.iter().filter(|field| matches!(field.kind, FieldKind::Number { .. }));
    let numbers = numbers.zip(&mut draft.numbers).map(|(field, slot)| {
        let tail = format!("{}.{}", kind.name, field.name);
        (at(&tail), vec![format!("event.{tail}")], slot.as_mut())
    });
    let days = when::KEYS.iter().flat_map(|key| at(key)).collect();
    let beside = [
        (days, Vec::new(), Some(&mut draft.day)),
        (at("probability"), Vec::new(), draft.probability.as_mut()),
    ];
    for (exact, near, slot) in numbers.chain(beside) {
        if let Some(slot) = slot {
            let own = slot.level == layer.level;
            let found = keys.first(&exact);
            let found = match own {
                true => found.or_else(|| keys.first(near.iter().chain(&wide))),
                false => found,
            };
            let typed = own && slot.layer == COMMAND_LINE;
            let found = found.or_else(|| typed.then(|| "set on the command line".to_owned()));
            slot.source = found.or(slot.source.take());
        }
        keys.know(exact, false);
        keys.know(near, true);
    }
    for field in kind.fields {
        keys.know(at(&format!("{}.{}", kind.name, field.name)), false);
    }
    keys.know(wide, true);
}

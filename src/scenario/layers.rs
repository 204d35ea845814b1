//! The layers of a scenario laid over each other: defaults, parents, the file, the command line.

use super::diagnostic::{Diagnostic, Severity, SourceFile};
use super::document::Document;
use super::event::{Draft, Pen, Setting, Slot, key_help};
use super::inherit::Inheritance;
use super::lists::{End, Pair};
use super::number::{Limits, Reader};
use super::sources::Sources;
use super::tree::{self, Entry, Node, Value};
use super::{Catalogue, Declaration, names};
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Date;

/// Top-level keys beside the tables of the catalogue.
pub(super) const KEYS: [&str; 12] = [
    "title",
    "story",
    "origin",
    "extends",
    "start",
    "horizon",
    "levels",
    "drop_events",
    "event",
    "correlation",
    "channels",
    "sources",
];
/// Layer of the catalogue's values.
pub(super) const DEFAULT: &str = "default";
/// Layer of the command line.
pub(super) const COMMAND_LINE: &str = "--set";

/// A value of the catalogue's numbers and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) slot: Slot,
    /// Whether it was written by itself, not by a default or a preset.
    pub(super) single: bool,
    /// Whether the value is that of the chosen preset.
    pub(super) by_prior: bool,
    /// The day that the value is of.
    pub(super) dated: Option<Date>,
    /// Median of the value that it replaced.
    pub(super) before: Option<f64>,
}

impl Written {
    /// Whether a layer wrote it, be it with the value that stood there.
    pub(super) fn is_by(&self, layer: &Layer<'_>) -> bool {
        self.single && self.slot.level == layer.level
    }
}

/// The layer being laid.
pub(super) struct Layer<'d> {
    pub(super) name: String,
    pub(super) level: usize,
    pub(super) documents: Vec<&'d Document>,
    /// Whether it is the file itself or the command line, whose doubtful points are reported.
    pub(super) reported: bool,
    /// Whether it is the root of the run.
    pub(super) root: bool,
}

impl Layer<'_> {
    /// What writes the numbers of a file in the name of the layer.
    pub(super) fn pen(&self, file: &Arc<SourceFile>) -> Pen {
        Pen { layer: self.name.clone(), level: self.level, file: Arc::clone(file) }
    }
}

/// What the layers say so far.
pub(super) struct State<'a> {
    pub(super) setting: Setting<'a>,
    pub(super) out: Vec<Diagnostic>,
    /// One a declaration, in the catalogue's order.
    pub(super) numbers: Vec<Option<Written>>,
    defaults: Vec<Option<Written>>,
    pub(super) prior: String,
    pub(super) muted: Vec<bool>,
    pub(super) events: Vec<Draft>,
    /// What became of the events of parents.
    pub(super) inheritance: Inheritance,
    /// Whether all events could be read, so that an unknown address is the file's fault.
    pub(super) events_sound: bool,
    pub(super) correlations: Vec<Pair>,
    /// Whether a parent is missing, so that what it would give is not missed too.
    pub(super) orphan: bool,
    /// The numbers as the root parent leaves them: what markets know.
    pub(super) root: Vec<Option<Written>>,
    /// Rank of the root.
    pub(super) root_level: usize,
}

impl<'a> State<'a> {
    /// The catalogue's defaults.
    pub(super) fn new(setting: Setting<'a>) -> Self {
        let catalogue = setting.catalogue;
        let file = Arc::new(SourceFile { name: "<catalogue>".into(), text: Arc::from("") });
        let pairs = catalogue.correlations.iter().map(|(a, b, rho)| Pair {
            ends: [End::number(a), End::number(b)],
            rho: *rho,
            file: Arc::clone(&file),
            node: Node { span: 0..0, value: Value::Flag(true) },
            level: 0,
        });
        let mut state = State {
            setting,
            out: Vec::new(),
            numbers: Vec::new(),
            defaults: Vec::new(),
            prior: String::new(),
            muted: vec![false; catalogue.channels.len()],
            events: Vec::new(),
            inheritance: Inheritance::default(),
            events_sound: true,
            correlations: pairs.collect(),
            orphan: false,
            root: Vec::new(),
            root_level: 1,
        };
        let numbers = catalogue.declarations().map(|declaration| {
            let text = declaration.default?;
            state.built_in(declaration, text, DEFAULT, declaration.source)
        });
        state.numbers = numbers.collect::<Vec<_>>();
        state.defaults = state.numbers.clone();
        if let Some(first) = catalogue.priors.first() {
            state.preset(first.name, DEFAULT, 0);
        }
        state
    }

    /// A value of the catalogue's own text.
    fn built_in(
        &mut self,
        declaration: &Declaration,
        text: &str,
        layer: &str,
        source: &str,
    ) -> Option<Written> {
        let file = Arc::new(SourceFile { name: "<catalogue>".into(), text: Arc::from(text) });
        let mut found = Vec::new();
        let number = match tree::parse_value(text) {
            Some(node) => {
                let limits = limits(self.setting.catalogue, declaration);
                Reader { file: &file, out: &mut found }.number(&node, &limits)
            }
            None => {
                let message = format!("{}.{} is not TOML", declaration.table, declaration.name);
                found.push(Diagnostic::error(&file, 0..text.len(), message));
                None
            }
        };
        self.out.extend(found.into_iter().filter(|found| found.severity == Severity::Error));
        let pen = Pen { layer: layer.to_owned(), level: 0, file };
        let slot = Slot { source: Some(source.to_owned()), ..pen.slot(number?) };
        Some(Written { slot, single: false, by_prior: false, dated: None, before: None })
    }

    /// Lays the values of a preset over the defaults of all keys that any preset sets.
    fn preset(&mut self, name: &str, layer: &str, level: usize) {
        let catalogue = self.setting.catalogue;
        let Some(preset) = catalogue.priors.iter().find(|preset| preset.name == name) else {
            return;
        };
        self.prior = preset.name.to_owned();
        let keys = preset_keys(self.setting);
        for (index, declaration) in catalogue.declarations().enumerate() {
            if declaration.table != catalogue.prior_table || !keys.contains(declaration.name) {
                continue;
            }
            let default = self.defaults[index].clone();
            let value = preset.values.iter().find(|(key, _)| *key == declaration.name);
            let source = format!("prior {}: {}", preset.name, preset.about);
            let chosen =
                value.and_then(|(_, text)| self.built_in(declaration, text, layer, &source));
            let same = |a: &Written, b: &Written| a.slot.number.marginal == b.slot.number.marginal;
            self.numbers[index] = match (chosen, default) {
                (Some(chosen), Some(default)) if same(&chosen, &default) => {
                    Some(Written { by_prior: true, ..default })
                }
                (Some(chosen), _) => {
                    let slot = Slot { level, ..chosen.slot };
                    Some(Written { by_prior: true, slot, ..chosen })
                }
                (None, default) => default,
            };
        }
    }

    /// Lays one layer over what is there.
    pub(super) fn lay(&mut self, layer: &Layer<'_>) {
        let before = self.out.len();
        let sources = self.read_sources(layer);
        for document in &layer.documents {
            self.check_keys(document);
            self.read_prior(document, layer);
            self.drop_events(document, layer);
        }
        for document in &layer.documents {
            self.read_tables(document, layer, &sources);
            self.read_channels(document);
            self.read_events(document, layer);
            self.read_correlations(document, layer);
        }
        self.read_levels(layer);
        self.apply_sources(layer, &sources);
        if layer.root {
            (self.root, self.root_level) = (self.numbers.clone(), layer.level);
        }
        if !layer.reported {
            let found = self.out.split_off(before);
            self.out.extend(found.into_iter().filter(|found| found.severity == Severity::Error));
        }
    }

    fn check_keys(&mut self, document: &Document) {
        let catalogue = self.setting.catalogue;
        let tables: BTreeSet<&str> = catalogue
            .declarations()
            .map(|declaration| declaration.table)
            .chain([catalogue.prior_table])
            .collect();
        for entry in &document.entries {
            let key = entry.key.as_str();
            if KEYS.contains(&key) || tables.contains(key) {
                continue;
            }
            if key == "events_from_parent" {
                self.refuse_old_key(document, entry);
                continue;
            }
            let what = if entry.node.table().is_some() { "table" } else { "key" };
            let home = catalogue.declarations().find(|declaration| declaration.name == key);
            let help = match home {
                Some(home) => Some(format!("`{key}` belongs under [{}]", home.table)),
                None if catalogue.channels.contains(&key) => {
                    Some(format!("a channel is muted under [channels]: `{key} = false`"))
                }
                None if catalogue.events.iter().any(|kind| kind.name == key) => {
                    Some(format!("`{key}` is a kind of event: write it under [[event]]"))
                }
                None => names::did_you_mean(key, KEYS.into_iter().chain(tables.iter().copied())),
            };
            let message = format!("unknown {what} `{key}`");
            let error = Diagnostic::error(&document.file, entry.span.clone(), message).key(key);
            let known = names::one_of(tables.iter().copied());
            let error = match what {
                "table" => error.expected(format!("one of the tables {known}")),
                _ => error.expected(format!("one of {}", names::one_of(KEYS))),
            };
            self.out.push(error.maybe_help(help));
        }
    }

    fn read_prior(&mut self, document: &Document, layer: &Layer<'_>) {
        let catalogue = self.setting.catalogue;
        let table = document.get(catalogue.prior_table).and_then(|entry| entry.node.table());
        let key = catalogue.prior_key;
        let Some(entry) = table.and_then(|table| table.iter().find(|entry| entry.key == key))
        else {
            return;
        };
        let known = || catalogue.priors.iter().map(|preset| preset.name);
        let name = entry.node.text().unwrap_or_default();
        if !known().any(|known| known == name) {
            let message = format!("no prior is called {}", entry.node.to_toml());
            let error = Diagnostic::error(&document.file, entry.node.span.clone(), message);
            self.out.push(
                error
                    .key(format!("{}.{key}", catalogue.prior_table))
                    .expected(names::one_of(known()))
                    .maybe_help(names::did_you_mean(name, known())),
            );
            return;
        }
        let keys = preset_keys(self.setting);
        let discarded: Vec<String> = catalogue
            .declarations()
            .zip(&self.numbers)
            .filter(|(declaration, _)| {
                declaration.table == catalogue.prior_table && keys.contains(declaration.name)
            })
            .filter_map(|(declaration, written)| {
                let written = written.as_ref().filter(|written| written.single)?;
                let (key, text) = (declaration.name, &written.slot.number.text);
                (written.slot.level < layer.level)
                    .then(|| format!("`{key} = {text}` of {}", written.slot.layer))
            })
            .collect();
        if !discarded.is_empty() {
            let message = format!("the prior `{name}` discards {}", discarded.join(", "));
            let warning = Diagnostic::warning(&document.file, entry.node.span.clone(), message);
            let help = "write the value again in this layer to keep it";
            self.out.push(warning.key(format!("{}.{key}", catalogue.prior_table)).help(help));
        }
        self.preset(name, &layer.name, layer.level);
    }

    fn read_tables(&mut self, document: &Document, layer: &Layer<'_>, sources: &Sources) {
        let catalogue = self.setting.catalogue;
        let (file, pen) = (&document.file, layer.pen(&document.file));
        let in_table = |table: &str| {
            let all = catalogue.declarations().enumerate();
            let table = table.to_owned();
            all.filter(move |(_, declaration)| declaration.table == table)
        };
        for table in &document.entries {
            let is_prior = table.key == catalogue.prior_table;
            if in_table(&table.key).next().is_none() && !is_prior {
                continue;
            }
            let Some(entries) = table.node.table() else {
                let message = format!("`{}` cannot be {}", table.key, table.node.kind());
                let error = Diagnostic::error(file, table.node.span.clone(), message);
                self.out.push(error.key(&table.key).expected(format!("a table: [{}]", table.key)));
                continue;
            };
            for entry in entries {
                if is_prior && entry.key == catalogue.prior_key {
                    continue;
                }
                let found = in_table(&table.key).find(|(_, found)| found.name == entry.key);
                let Some((index, declaration)) = found else {
                    let known = || in_table(&table.key).map(|(_, declaration)| declaration.name);
                    self.unknown_key(file, &table.key, entry, known);
                    continue;
                };
                let limits = limits(catalogue, declaration);
                let mut reader = Reader { file, out: &mut self.out };
                let Some(number) = reader.number(&entry.node, &limits) else { continue };
                let source = match sources.get(&limits.key) {
                    Some(found) => Some(found.text.clone()),
                    None => (layer.name == COMMAND_LINE).then(|| "set on the command line".into()),
                };
                self.put(index, Slot { source, ..pen.slot(number) });
            }
        }
    }

    /// Writes a number, unless the same value stands there already, which then keeps its source.
    fn put(&mut self, index: usize, slot: Slot) {
        let standing = self.numbers.get_mut(index).and_then(Option::as_mut);
        if let Some(standing) = standing {
            let before = standing.slot.number.marginal.quantile(0.5);
            if standing.slot.rewrite(slot) {
                let before = Some(before);
                *standing = Written { dated: None, before, by_prior: false, ..standing.clone() };
            }
            standing.single = true;
        } else {
            let (dated, before) = (None, None);
            self.numbers[index] =
                Some(Written { slot, single: true, by_prior: false, dated, before });
        }
    }

    fn unknown_key<'k, I: Iterator<Item = &'k str>>(
        &mut self,
        file: &SourceFile,
        table: &str,
        entry: &Entry,
        known: impl Fn() -> I,
    ) {
        let key = entry.key.as_str();
        let elsewhere = || {
            let home = self.setting.catalogue.declarations().find(|other| other.name == key)?;
            Some(format!("`{key}` belongs under [{}]", home.table))
        };
        let help = key_help(key, &known).or_else(elsewhere);
        let message = format!("`{key}` is not a key of [{table}]");
        let error = Diagnostic::error(file, entry.span.clone(), message);
        let error = error.key(format!("{table}.{key}")).expected("a key of this table");
        self.out.push(error.maybe_help(
            help.or_else(|| Some(format!("`ustress explain {table}` lists its keys"))),
        ));
    }
}

/// Keys that any preset sets.
fn preset_keys(setting: Setting<'_>) -> BTreeSet<&'static str> {
    let presets = setting.catalogue.priors.iter();
    presets.flat_map(|preset| preset.values.iter().map(|(key, _)| *key)).collect()
}

/// The hard range of a declaration.
pub(super) fn limits(catalogue: &Catalogue, declaration: &Declaration) -> Limits<'static> {
    let key = (declaration.table, declaration.name);
    Limits {
        key: format!("{}.{}", declaration.table, declaration.name),
        unit: declaration.unit,
        low: declaration.low,
        high: declaration.high,
        dates: None,
        priced: catalogue.priced.iter().any(|priced| priced.key == key),
    }
}

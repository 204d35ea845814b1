//! Channels that are muted, and correlations, which are inherited pair by pair.

use super::diagnostic::{Diagnostic, SourceFile};
use super::document::Document;
use super::layers::{Layer, State};
use super::names;
use super::number::{Limits, Reader};
use super::tree::{Node, Value};
use std::sync::Arc;

/// One end of a correlation.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// Address as written.
    pub(super) written: String,
    /// The event that it names, by what stays the same whatever is dropped before it.
    pub(super) event: Option<usize>,
    /// The address, or what follows the event.
    pub(super) rest: String,
}

impl End {
    /// A number that is no event's.
    pub(super) fn number(address: &str) -> Self {
        End { written: address.to_owned(), event: None, rest: address.to_owned() }
    }

    fn is(&self, other: &End) -> bool {
        (self.event, &self.rest) == (other.event, &other.rest)
    }
}

/// A correlation as written.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) ends: [End; 2],
    pub(super) rho: f64,
    pub(super) file: Arc<SourceFile>,
    pub(super) node: Node,
    /// Rank of the layer; 0 for the catalogue's own.
    pub(super) level: usize,
}

impl Pair {
    /// Whether it joins the same two numbers, in either order.
    fn joins(&self, other: &Pair) -> bool {
        let ([a, b], [c, d]) = (&self.ends, &other.ends);
        (a.is(c) && b.is(d)) || (a.is(d) && b.is(c))
    }
}

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

    /// Lays correlations over the inherited ones: one of the same two numbers takes its place, and 0 removes it.
    pub(super) fn read_correlations(&mut self, document: &Document, layer: &Layer<'_>) {
        let Some(entry) = document.get("correlation") else { return };
        let Value::List(items) = &entry.node.value else {
            let message = format!("`correlation` cannot be {}", entry.node.kind());
            let error = Diagnostic::error(&document.file, entry.span.clone(), message);
            let expected = "correlations under `[[correlation]]`, with double brackets";
            self.out.push(error.key("correlation").expected(expected));
            return;
        };
        if items.is_empty() && !self.correlations.is_empty() {
            let message = "`correlation = []` removes nothing: pairs are inherited one by one";
            let warning = Diagnostic::warning(&document.file, entry.node.span.clone(), message);
            let help = "a pair of the same two numbers with `rho = 0` removes one";
            self.out.push(warning.key("correlation").help(help));
        }
        for item in items {
            if let Some(pair) = self.read_pair(document, item, layer.level) {
                self.lay_pair(pair, layer);
            }
        }
    }

    fn lay_pair(&mut self, pair: Pair, layer: &Layer<'_>) {
        let earlier = |known: &&mut Pair| known.level < pair.level && known.joins(&pair);
        let Some(standing) = self.correlations.iter_mut().find(earlier) else {
            if pair.rho == 0.0 {
                let message = "no parent has this correlation: `rho = 0` removes nothing";
                let warning = Diagnostic::warning(&pair.file, pair.node.span.clone(), message);
                self.out.push(warning.key("correlation").help("leave it out"));
            }
            self.correlations.push(pair);
            return;
        };
        if standing.level > 0 {
            let [a, b] = pair.ends.each_ref().map(|end| &end.written);
            let (old, new, by) = (standing.rho, pair.rho, &layer.name);
            let said = match new == 0.0 {
                true => format!("`{a}` with `{b}` removed by {by}"),
                false => format!("`{a}` with `{b}` {new} by {by}, not {old}"),
            };
            self.inheritance.pairs.push(said);
        }
        *standing = pair;
    }

    /// An end of a correlation, with the event that it names now.
    fn end(&self, written: &str) -> End {
        let found = written.strip_prefix("event.").and_then(|rest| {
            let (name, rest) = rest.split_once('.')?;
            Some((self.events[self.event_place(name)?].id, rest))
        });
        match found {
            Some((id, rest)) => {
                End { written: written.to_owned(), event: Some(id), rest: rest.to_owned() }
            }
            None => End::number(written),
        }
    }

    fn read_pair(&mut self, document: &Document, node: &Node, level: usize) -> Option<Pair> {
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
        let ends = [self.end(&a??), self.end(&b??)];
        let (file, node) = (Arc::clone(&document.file), node.clone());
        Some(Pair { ends, rho: value, file, node, level })
    }
}

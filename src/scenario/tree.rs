//! A parsed TOML text whose every key and value knows its place; keys in the order of the text.

use super::diagnostic::{Diagnostic, SourceFile};
use crate::text::is_hidden;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

/// A key, its place and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) span: Range<usize>,
    pub(super) node: Node,
}

/// A TOML value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    /// A number; the flag says whether it was written as an integer.
    Number(f64, bool),
    Flag(bool),
    Date(Datetime),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

impl Node {
    /// Name of the value's type, with an article.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a string",
            Value::Number(..) => "a number",
            Value::Flag(_) => "a boolean",
            Value::Date(_) => "a date",
            Value::List(_) => "an array",
            Value::Table(_) => "a table",
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    pub(super) fn table(&self) -> Option<&[Entry]> {
        if let Value::Table(entries) = &self.value { Some(entries) } else { None }
    }

    /// The value as TOML 1.0 on one line.
    pub(super) fn to_toml(&self) -> String {
        match &self.value {
            Value::Text(text) => quoted(text),
            Value::Number(value, whole) => number(*value, *whole),
            Value::Flag(flag) => flag.to_string(),
            Value::Date(date) => date.to_string(),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(Node::to_toml).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(entries) if entries.is_empty() => "{}".to_owned(),
            Value::Table(entries) => {
                let pair =
                    |entry: &Entry| format!("{} = {}", key(&entry.key), entry.node.to_toml());
                let pairs: Vec<String> = entries.iter().map(pair).collect();
                format!("{{ {} }}", pairs.join(", "))
            }
        }
    }

    /// Whether a date stands anywhere in the value.
    pub(super) fn has_date(&self) -> bool {
        match &self.value {
            Value::Date(_) => true,
            Value::List(items) => items.iter().any(Node::has_date),
            Value::Table(entries) => entries.iter().any(|entry| entry.node.has_date()),
            Value::Text(text) => {
                text.split(" to ").any(|part| part.trim().parse::<Datetime>().is_ok())
            }
            _ => false,
        }
    }
}

/// A number as TOML: whole numbers without a point where they were written so.
pub(super) fn number(value: f64, whole: bool) -> String {
    if whole && value.abs() < 9e15 { format!("{value:.0}") } else { format!("{value:?}") }
}

/// A string as a basic TOML string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other if is_hidden(other) => match u32::from(other) {
                short @ 0..=0xffff => out.push_str(&format!("\\u{short:04X}")),
                long => out.push_str(&format!("\\U{long:08X}")),
            },
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A key, quoted where it must be.
pub(super) fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// Parses a whole text; all syntax errors at once.
pub(super) fn parse(file: &SourceFile, out: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    if errors.is_empty() {
        return entries(table.get_ref());
    }
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let message = format!("not valid TOML: {}", error.message().trim());
        let help = (error.message().contains("duplicate key")).then(|| {
            "write each key once; later layers belong in a file that extends this one".into()
        });
        out.push(Diagnostic::error(file, span, message).maybe_help(help));
    }
    Vec::new()
}

/// Parses one value.
pub(super) fn parse_value(text: &str) -> Option<Node> {
    DeValue::parse(text).ok().map(|value| node(&value))
}

fn entries(table: &DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            span: key.span(),
            node: node(value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.span.start);
    entries
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let content = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => {
            let parsed = i128::from_str_radix(integer.as_str(), integer.radix());
            Value::Number(parsed.map_or(f64::INFINITY, |integer| integer as f64), true)
        }
        DeValue::Float(float) => Value::Number(float.as_str().parse().unwrap_or(f64::NAN), false),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(date) => Value::Date(*date),
        DeValue::Array(items) => Value::List(items.iter().map(node).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
    };
    Node { span: value.span(), value: content }
}

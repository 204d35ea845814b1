//! Settings of the command line that contradict each other: the same key twice.

use super::diagnostic::Diagnostic;
use super::distribution::FAMILIES;
use super::document::Document;
use super::tree::{self, Entry};
use std::collections::BTreeSet;

/// Reports keys that two settings give.
pub(super) fn apart(settings: &[Document], out: &mut Vec<Diagnostic>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for document in settings {
        let own = leaves(&document.entries);
        if let (Some(key), Some(entry)) =
            (own.iter().find(|key| known.contains(*key)), document.entries.first())
        {
            let message = format!("`{key}` is set twice");
            let error = Diagnostic::error(&document.file, entry.span.clone(), message).key(key);
            let help = "leave one of them out; values to try belong in `sweep --vary`";
            out.push(error.expected("each key in one `--set`").help(help));
        }
        known.extend(own);
    }
}

/// The addresses to which a setting gives values; a date of an event is its day.
fn leaves(entries: &[Entry]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in entries {
        let key = tree::key(&entry.key);
        let below = entry.node.table().filter(|below| !below.is_empty() && !is_number(below));
        match below {
            Some(below) => found.extend(leaves(below).iter().map(|rest| format!("{key}.{rest}"))),
            None => found.push(key),
        }
    }
    for key in &mut found {
        if key.starts_with("event.") && key.ends_with(".date") {
            key.replace_range(key.len() - 4.., "day");
        }
    }
    found
}

/// Whether a table is a distribution.
fn is_number(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| FAMILIES.iter().any(|(family, _)| *family == entry.key))
}

/// The addresses to which a setting `KEY=VALUE` gives values.
pub fn set_keys(setting: &str) -> Vec<String> {
    super::document::settings(&[setting.to_owned()], &mut Vec::new())
        .iter()
        .flat_map(|document| leaves(&document.entries))
        .collect()
}

//! Files that are no scenario: refused without a word of what stands in them, since what was named by mistake may be a key
//! or somebody's data.

use super::Catalogue;
use super::diagnostic::{Diagnostic, SourceFile};
use super::document::Document;
use super::layers::KEYS;
use std::sync::Arc;
use toml::de::DeTable;

/// Replaces what was found in each file that has no key of a scenario by one error that quotes nothing; whether there was
/// one.
pub(super) fn refuse(chain: &[Document], catalogue: &Catalogue, out: &mut Vec<Diagnostic>) -> bool {
    let known = |key: &str| {
        KEYS.contains(&key)
            || key == catalogue.prior_table
            || catalogue.declarations().any(|declaration| declaration.table == key)
    };
    let mut refused = false;
    for document in chain {
        let text = &document.file.text;
        let read = document.entries.iter().any(|entry| known(&entry.key));
        if read || text.trim().is_empty() || has_key(text, known) {
            continue;
        }
        out.retain(|found| found.file != document.file.name);
        out.push(error(&document.file.name));
        refused = true;
    }
    refused
}

/// Whether a text has a key that stands at the top of a scenario, such as `title`.
pub(super) fn has_heading(text: &str) -> bool {
    has_key(text, |key| KEYS.contains(&key))
}

/// Whether a text has a known key at its top, as far as it is TOML.
fn has_key(text: &str, known: impl Fn(&str) -> bool) -> bool {
    let (table, _) = DeTable::parse_recoverable(text);
    table.get_ref().keys().any(|key| known(key.get_ref()))
}

/// The error, which has the name and not the text.
pub(super) fn error(name: &str) -> Diagnostic {
    let file = SourceFile { name: name.to_owned(), text: Arc::from("") };
    let message = "this is not a scenario file: no key of a scenario stands in it";
    let error = Diagnostic::error(&file, 0..0, message).expected("at least `title = \"…\"`");
    error.help("name a scenario file; `ustress list` shows the built-in ones")
}

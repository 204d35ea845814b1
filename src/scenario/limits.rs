//! How much may stand in a scenario: what no scenario needs is refused before it takes the memory or the day.

use super::diagnostic::Diagnostic;
use super::document::Document;
use super::tree::{Entry, Node, Value};

/// Most events, and most correlations, of a file and its parents together.
pub(super) const MOST_EVENTS: usize = 1000;
/// Most items in the lists of one value: a thousand parts and their weights.
const MOST_ITEMS: usize = 2000;

/// Reports what is too much in a file and its parents; whether anything is.
pub(super) fn exceeded(chain: &[Document], out: &mut Vec<Diagnostic>) -> bool {
    let before = out.len();
    for (key, name) in [("event", "events"), ("correlation", "correlations")] {
        let mut sum = 0;
        for document in chain {
            let Some((entry, items)) = document.get(key).and_then(list) else { continue };
            sum += items.len();
            if sum > MOST_EVENTS {
                let message = format!("the scenario has {sum} {name} and more");
                let error = Diagnostic::error(&document.file, entry.span.clone(), message);
                let expected = format!("at most {MOST_EVENTS}, those of its parents included");
                out.push(error.key(key).expected(expected).help("write several scenarios"));
                break;
            }
        }
    }
    for document in chain {
        for entry in &document.entries {
            values(document, entry, out);
        }
    }
    out.len() > before
}

fn list(entry: &Entry) -> Option<(&Entry, &[Node])> {
    let Value::List(items) = &entry.node.value else { return None };
    Some((entry, items))
}

/// Looks at the values of a table, or of the tables of a list.
fn values(document: &Document, entry: &Entry, out: &mut Vec<Diagnostic>) {
    let tables: &[Node] = match &entry.node.value {
        Value::List(items) if ["event", "correlation"].contains(&entry.key.as_str()) => items,
        _ => std::slice::from_ref(&entry.node),
    };
    for inner in tables.iter().filter_map(Node::table).flatten() {
        let count = items(&inner.node);
        if count > MOST_ITEMS {
            let message = format!("the lists of `{}` have {count} items", inner.key);
            let error = Diagnostic::error(&document.file, inner.span.clone(), message);
            let expected = format!("at most {MOST_ITEMS} in one value");
            out.push(error.key(&inner.key).expected(expected).help("merge parts that are alike"));
        }
    }
}

/// Items of all lists in a value.
fn items(node: &Node) -> usize {
    match &node.value {
        Value::List(list) => list.len() + list.iter().map(items).sum::<usize>(),
        Value::Table(entries) => entries.iter().map(|entry| items(&entry.node)).sum(),
        _ => 0,
    }
}

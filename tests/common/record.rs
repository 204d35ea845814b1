//! The record of results: what differs from it, when a difference is one of values, and how new results are accepted.
#![allow(clippy::unwrap_used)] // a test may panic

use std::collections::BTreeMap;
use std::path::Path;

/// Name of the file beside the cases that says which revision of the model they are of.
pub(crate) const REVISION_FILE: &str = "REVISION";

/// The files of a folder and of the folders in it, by path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(
                files(&path).into_iter().map(|(file, text)| (format!("{name}/{file}"), text)),
            );
        } else {
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// What of `old` is otherwise in `new`: a line a file, with the first lines that differ.
pub(crate) fn differences(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut told = Vec::new();
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                let at = old.lines().zip(new.lines()).position(|(old, new)| old != new);
                let at = at.unwrap_or(old.lines().count().min(new.lines().count()));
                let line = |text: &str| text.lines().nth(at).unwrap_or_default().to_owned();
                told.push(format!("{name}, line {}\n- {}\n+ {}", at + 1, line(old), line(new)));
            }
            (None, _) => told.push(format!("{name} is not on record")),
            (_, None) => told.push(format!("{name} is on record and no result any more")),
        }
    }
    told
}

/// A table by column: names, and cells by row.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cells = |row: Result<csv::StringRecord, csv::Error>| {
        row.unwrap().iter().map(str::to_owned).collect()
    };
    (header, reader.records().map(cells).collect())
}

/// The number or the date that a cell is.
fn value(cell: &str) -> Option<String> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if cell.len() == 10 && cell.split('-').count() == 3 && cell.split('-').all(digits) {
        return Some(cell.to_owned());
    }
    cell.parse::<f64>().ok().map(|number| format!("{}", number + 0.0))
}

/// Values of rows in the columns of these numbers, by the text beside them and in order.
fn values(rows: &[Vec<String>], columns: &[usize]) -> BTreeMap<Vec<String>, Vec<Vec<String>>> {
    let mut found: BTreeMap<Vec<String>, Vec<Vec<String>>> = BTreeMap::new();
    for row in rows {
        let cells = columns.iter().map(|column| row[*column].as_str());
        let text = cells.clone().filter(|cell| value(cell).is_none()).map(str::to_owned);
        found.entry(text.collect()).or_default().push(cells.filter_map(value).collect());
    }
    found
}

/// Whether a number or a date of a table changes. Other text, columns and rows that come or go are no change of values:
/// rows belong together by the text in them, and those whose text changed by their order.
pub(crate) fn values_change(old: &str, new: &str) -> bool {
    let ((old_names, old_rows), (new_names, new_rows)) = (table(old), table(new));
    let common: Vec<(usize, usize)> = old_names
        .iter()
        .enumerate()
        .filter_map(|(at, name)| Some((at, new_names.iter().position(|other| other == name)?)))
        .collect();
    let (left, right): (Vec<usize>, Vec<usize>) = common.into_iter().unzip();
    let (mut old, mut new) = (values(&old_rows, &left), values(&new_rows, &right));
    let shared: Vec<Vec<String>> =
        old.keys().filter(|text| new.contains_key(*text)).cloned().collect();
    for text in shared {
        let (old, new) = (old.remove(&text).unwrap(), new.remove(&text).unwrap());
        if old.iter().zip(&new).any(|(old, new)| old != new) {
            return true;
        }
    }
    if old.is_empty() || new.is_empty() {
        return false;
    }
    let in_order = |rows: &[Vec<String>], columns: &[usize], gone: &BTreeMap<_, _>| {
        let rows = rows.iter().map(|row| values(std::slice::from_ref(row), columns));
        let kept = rows.filter(|row| row.keys().all(|text| gone.contains_key(text)));
        kept.flat_map(BTreeMap::into_values).collect::<Vec<_>>()
    };
    in_order(&old_rows, &left, &old) != in_order(&new_rows, &right, &new)
}

/// The source of the revision with another number.
pub(crate) fn with_revision(source: &str, revision: u32) -> String {
    let start = "pub const REVISION: u32 = ";
    let line = |line: &str| match line.strip_prefix(start) {
        Some(_) => format!("{start}{revision};"),
        None => line.to_owned(),
    };
    source.lines().map(|text| line(text) + "\n").collect()
}

/// Puts results in the place of the cases on record. Where a value changes, the revision of the record rises by one; the
/// constant in `source`, now `model`, follows, unless it had been raised by hand. Gives the revision.
pub(crate) fn accept(
    record: &Path,
    cases: &[&str],
    results: &BTreeMap<String, String>,
    source: &Path,
    model: u32,
) -> u32 {
    let stated = std::fs::read_to_string(record.join(REVISION_FILE)).unwrap_or_default();
    let before: u32 = stated.trim().parse().unwrap_or(model);
    let mut changed = false;
    for case in cases {
        let folder = record.join(case);
        for (name, old) in files(&folder) {
            let new = results.get(&format!("{case}/{name}"));
            let is_table = name.ends_with(".csv");
            changed |= new.is_some_and(|new| is_table && *new != old && values_change(&old, new));
        }
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
    }
    for (name, text) in results {
        std::fs::write(record.join(name), text).unwrap();
    }
    let revision = model.max(before + u32::from(changed));
    std::fs::write(record.join(REVISION_FILE), format!("{revision}\n")).unwrap();
    if revision != model {
        let text = std::fs::read_to_string(source).unwrap();
        std::fs::write(source, with_revision(&text, revision)).unwrap();
    }
    revision
}

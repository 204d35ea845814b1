//! The texts of a scenario, root parent first, and what must be known before their numbers: start and horizon.

use super::diagnostic::{Diagnostic, SourceFile};
use super::tree::{self, Entry, Node, Value};
use super::{names, number};
use std::ops::Range;
use std::sync::Arc;
use time::Date;

/// Longest horizon, in steps.
pub(super) const LONGEST: usize = 1260;
/// Longest chain of parents.
const DEEPEST: usize = 32;
/// The parent of a file that names none.
pub const ROOT: &str = "baseline";
/// What [`Resolve`] is asked for where the file that stands for [`ROOT`] extends the root that it replaces.
pub const BUILT_IN_ROOT: &str = "built-in baseline";

/// Finds a scenario by name or path: its display name and its text.
pub type Resolve<'a> = dyn Fn(&str) -> Option<(String, String)> + 'a;

/// One text of a scenario.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// Name of the layer: the scenario's name, or `--set`.
    pub(super) layer: String,
    pub(super) file: Arc<SourceFile>,
    pub(super) entries: Vec<Entry>,
    /// Whether it is the root of the run: what markets know is what it says.
    pub(super) root: bool,
}

impl Document {
    fn new(layer: &str, name: &str, text: &str, out: &mut Vec<Diagnostic>) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file = SourceFile { name: name.to_owned(), text: Arc::from(text) };
        let entries = tree::parse(&file, out);
        Document { layer: layer.to_owned(), file: Arc::new(file), entries, root: false }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// The name of a scenario file: its stem.
pub(crate) fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

/// The file and its parents, root first.
pub(super) fn chain(
    name: &str,
    text: &str,
    resolve: &Resolve<'_>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let mut chain = vec![Document::new(stem(name), name, text, out)];
    while let Some((wanted, span)) = chain.last().and_then(|child| wanted(child, out)) {
        if let Err(error) = extend(&mut chain, &wanted, span, resolve, out) {
            out.push(*error);
            break;
        }
    }
    if !chain.iter().any(|document| document.root)
        && let Some(last) = chain.last_mut()
    {
        last.root = true;
    }
    chain.reverse();
    chain
}

/// The parent that a document names or has by default, and where it is named; none for a root.
fn wanted(child: &Document, out: &mut Vec<Diagnostic>) -> Option<(String, Range<usize>)> {
    match child.get("extends") {
        Some(Entry { node: Node { value: Value::Text(text), span }, .. }) => {
            Some((text.clone(), span.clone()))
        }
        Some(entry) => {
            let message = format!("`extends` cannot be {}", entry.node.kind());
            let error = Diagnostic::error(&child.file, entry.node.span.clone(), message);
            out.push(error.key("extends").expected("the name or the path of a scenario"));
            None
        }
        None => (stem(&child.file.name) != ROOT).then(|| (ROOT.to_owned(), 0..0)),
    }
}

/// Adds the parent of the last document. Another root stands for the built-in one, which it may extend itself.
fn extend(
    chain: &mut Vec<Document>,
    wanted: &str,
    span: Range<usize>,
    resolve: &Resolve<'_>,
    out: &mut Vec<Diagnostic>,
) -> Result<(), Box<Diagnostic>> {
    let Some(child) = chain.last() else { return Ok(()) };
    let path = relative(&child.file.name, wanted);
    let problem =
        |message: String| Diagnostic::error(&child.file, span.clone(), message).key("extends");
    let at = |display: &str| chain.iter().position(|known| known.file.name == display);
    let mut found = resolve(&path);
    let again = found.as_ref().filter(|(display, _)| path == ROOT && display != ROOT);
    let again = again.and_then(|(display, _)| at(display));
    if again.is_some() {
        found = resolve(BUILT_IN_ROOT);
    }
    let Some((display, text)) = found else {
        let error = problem(format!("no scenario `{wanted}` to extend"));
        let help = names::did_you_mean(wanted, [ROOT]);
        let help = help.or_else(|| Some("`ustress list` shows the built-in scenarios".into()));
        let error = error.expected("a built-in name or a path relative to this file");
        return Err(Box::new(error.maybe_help(help)));
    };
    if at(&display).is_some() {
        let names: Vec<&str> = chain.iter().map(|document| document.file.name.as_str()).collect();
        let message = format!("a cycle of `extends`: {} -> {display}", names.join(" -> "));
        return Err(Box::new(problem(message).help("a scenario cannot be its own parent")));
    }
    if chain.len() == DEEPEST {
        return Err(Box::new(problem(format!("more than {DEEPEST} parents"))));
    }
    let mut parent = Document::new(stem(&display), &display, &text, out);
    match again.and_then(|place| chain.get_mut(place)) {
        Some(root) => root.root = true,
        None => parent.root = path == ROOT,
    }
    chain.push(parent);
    Ok(())
}

/// A path in `extends`, relative to the file that names it; a plain name stays as it is.
fn relative(child: &str, wanted: &str) -> String {
    let is_path = wanted.contains('/') || wanted.ends_with(".toml");
    let folder = child.rsplit_once('/').map(|(folder, _)| folder);
    match folder {
        Some(folder) if is_path && !wanted.starts_with('/') => {
            let mut parts: Vec<&str> = folder.split('/').collect();
            for part in wanted.split('/') {
                match part {
                    "." => {}
                    ".." if parts.last().is_some_and(|last| !matches!(*last, ".." | "." | "")) => {
                        parts.pop();
                    }
                    other => parts.push(other),
                }
            }
            parts.join("/")
        }
        _ => wanted.strip_prefix("./").unwrap_or(wanted).to_owned(),
    }
}

/// `--set KEY=VALUE` as documents; a value that is not TOML is a string.
pub(super) fn settings(sets: &[String], out: &mut Vec<Diagnostic>) -> Vec<Document> {
    let mut documents = Vec::new();
    for set in sets {
        let file = SourceFile { name: "--set".to_owned(), text: Arc::from(set.as_str()) };
        let Some((key, value)) = set.split_once('=') else {
            let error = Diagnostic::error(&file, 0..set.len(), "`--set` needs KEY=VALUE");
            out.push(
                error.expected("KEY=VALUE").help("for example --set boj.policy_rate_pct=1.25"),
            );
            continue;
        };
        let plain = value.trim();
        let text = match tree::parse_value(plain) {
            Some(_) => format!("{} = {plain}", key.trim()),
            None => format!("{} = {}", key.trim(), tree::quoted(plain)),
        };
        let document = Document::new("--set", "--set", &text, out);
        for entry in &document.entries {
            if entry.key == "extends" {
                let message = "`extends` cannot be set on the command line";
                out.push(Diagnostic::error(&document.file, entry.span.clone(), message));
            }
        }
        documents.push(document);
    }
    documents
}

/// Start and horizon as the last document says that gives them.
pub(super) struct Clock<'d> {
    pub(super) start: Option<Date>,
    pub(super) horizon: usize,
    /// Who says so, and where.
    pub(super) start_by: Option<(&'d Document, &'d Entry)>,
    pub(super) horizon_by: Option<(&'d Document, &'d Entry)>,
}

/// Reads start and horizon of all documents.
pub(super) fn clock<'d>(documents: &[&'d Document], out: &mut Vec<Diagnostic>) -> Clock<'d> {
    let mut clock = Clock { start: None, horizon: 252, start_by: None, horizon_by: None };
    for document in documents {
        if let Some(entry) = document.get("start") {
            clock.start_by = Some((document, entry));
            match start(&entry.node) {
                Some(date) => clock.start = Some(date),
                None => out.push(
                    Diagnostic::error(
                        &document.file,
                        entry.node.span.clone(),
                        "`start` is not a date of this calendar",
                    )
                    .key("start")
                    .expected("a date from 1990-01-01 to 2090-12-31, such as 2026-07-01")
                    .help("write the date without quotes and without a time"),
                ),
            }
        }
        if let Some(entry) = document.get("horizon") {
            clock.horizon_by = Some((document, entry));
            match horizon(&entry.node) {
                Some(steps) => clock.horizon = steps,
                None => out.push(
                    Diagnostic::error(
                        &document.file,
                        entry.node.span.clone(),
                        "`horizon` is not a length of time that can be simulated",
                    )
                    .key("horizon")
                    .expected("1 to 1260 days in quotes: \"252d\", \"6w\", \"12m\" or \"3y\"")
                    .maybe_help(horizon_help(&entry.node)),
                ),
            }
        }
    }
    clock
}

fn start(node: &Node) -> Option<Date> {
    let Value::Date(date) = node.value else { return None };
    number::civil(date).filter(|date| (1990..=2090).contains(&date.year()))
}

fn horizon(node: &Node) -> Option<usize> {
    let text = node.text()?.trim();
    let unit = match text.chars().last()? {
        'd' => 1,
        'w' => 5,
        'm' => 21,
        'y' => 252,
        _ => return None,
    };
    let count = &text[..text.len() - 1];
    if !count.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let steps = count.parse::<usize>().ok()?.checked_mul(unit)?;
    (1..=LONGEST).contains(&steps).then_some(steps)
}

fn horizon_help(node: &Node) -> Option<String> {
    match &node.value {
        Value::Number(value, true) => Some(format!("write \"{value:.0}d\" for {value:.0} days")),
        Value::Text(text) => {
            let text = text.trim();
            let end = text.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
            let unit = text[end..].trim_start().chars().next()?.to_ascii_lowercase();
            let short = format!("{}{unit}", &text[..end]);
            let node = Node { span: 0..0, value: Value::Text(short.clone()) };
            horizon(&node).map(|_| format!("write \"{short}\""))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_child() {
        let known = [
            ("a/b.toml", "c.toml", "a/c.toml"),
            ("a/b.toml", "../c.toml", "c.toml"),
            ("a/b.toml", "./c.toml", "a/c.toml"),
            ("b.toml", "./c.toml", "c.toml"),
            ("a/b.toml", "baseline", "baseline"),
            ("a/b.toml", "/x/c.toml", "/x/c.toml"),
            ("../b.toml", "../c.toml", "../../c.toml"),
        ];
        for (child, wanted, expected) in known {
            assert_eq!(relative(child, wanted), expected, "{child} {wanted}");
        }
    }

    #[test]
    fn horizons() {
        let steps = |text: &str| tree::parse_value(text).as_ref().and_then(horizon);
        assert_eq!(steps("\"252d\""), Some(252));
        assert_eq!(steps("\"12m\""), Some(252));
        assert_eq!(steps("\"1w\""), Some(5));
        assert_eq!(steps("\"5y\""), Some(1260));
        for bad in
            ["\"6y\"", "\"0d\"", "\"m\"", "252", "\"-1d\"", "\"é\"", "\"99999999999999999999y\""]
        {
            assert_eq!(steps(bad), None, "{bad}");
        }
    }
}

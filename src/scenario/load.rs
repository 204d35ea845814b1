//! One way in: the text of a scenario, its parents and the command line become a checked [`Scenario`].

use super::calendar::Calendar;
use super::diagnostic::{Diagnostic, Severity, SourceFile, shown};
use super::document::{self, Document, LONGEST, Resolve};
use super::event::Setting;
use super::layers::{COMMAND_LINE, Layer, State};
use super::{Catalogue, Scenario, doubts, foreign, limits, priced, settings};
use crate::error::Error;
use crate::text::printable;
use std::sync::Arc;
use time::{Date, Month};

/// A scenario and what is doubtful about it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The resolved scenario.
    pub scenario: Scenario,
    /// Warnings, in the order of the text.
    pub warnings: Vec<Diagnostic>,
    /// What came from the parents' events, what was amended and what was dropped: a line each.
    pub inherited: Vec<String>,
    /// Name of the file that is its root.
    pub root: String,
}

/// Reads and checks the scenario `name` (a built-in name or a path) with the text `text`.
///
/// `resolve` finds the parents: it gets a built-in name, or a path (relative ones are joined to the folder of the file
/// that names them), and returns a display name and a text. `sets` are `KEY=VALUE` of the command line.
///
/// # Errors
/// [`Error::Scenario`] with everything that is wrong.
pub fn load(
    name: &str,
    text: &str,
    resolve: &Resolve<'_>,
    sets: &[String],
    catalogue: &Catalogue,
) -> Result<Loaded, Error> {
    let mut out = Vec::new();
    let chain = document::chain(name, text, resolve, &mut out);
    let settings = document::settings(sets, &mut out);
    settings::apart(&settings, &mut out);
    if foreign::refuse(&chain, catalogue, &mut out) || limits::exceeded(&chain, &mut out) {
        return Err(Error::Scenario { diagnostics: ordered(out, name) });
    }
    if out.iter().any(|found| found.message.starts_with("not valid TOML")) {
        return Err(Error::Scenario { diagnostics: ordered(out, name) });
    }
    let documents: Vec<&Document> = chain.iter().chain(&settings).collect();
    let clock = document::clock(&documents, &mut out);
    let start = clock.start.or_else(|| Date::from_calendar_date(2026, Month::July, 1).ok());
    let calendar = Calendar::new(start.unwrap_or(Date::MIN), 2 * LONGEST);
    let setting = Setting { catalogue, calendar: &calendar, horizon: clock.horizon };
    let mut state = State::new(setting);
    state.orphan = out.iter().any(|found| found.key == "extends");
    let layers = layers(&chain, &settings);
    for layer in &layers {
        state.lay(layer);
    }
    let leaf = &layers[chain.len() - 1];
    let Some(own) = chain.last() else { return Err(Error::Scenario { diagnostics: out }) };
    let heading = heading(own, &settings, &mut out);
    if clock.start.is_none() && !state.orphan && !out.iter().any(|found| found.key == "start") {
        let error = Diagnostic::error(&own.file, 0..0, "no layer gives `start`");
        out.push(error.key("start").expected("`start = 2026-07-01` here or in a parent"));
    }
    let inherited = state.inheritance(leaf);
    let mut resolved = state.resolve(leaf, &own.file, &clock);
    if let Some(first) = calendar.date(1).filter(|_| clock.start.is_some()) {
        state.warn_of_dates(&clock, first, own);
    }
    state.warn_of_doubts();
    out.append(&mut state.out);
    doubts::warn(&state, &resolved, &mut out);
    let diagnostics = ordered(out, name);
    if diagnostics.iter().any(|found| found.severity == Severity::Error) {
        return Err(Error::Scenario { diagnostics });
    }
    let market = state.market();
    let priced = priced::solve(catalogue, &market, &mut resolved.quantities);
    let scenario = Scenario {
        name: printable(document::stem(name)).into_owned(),
        title: heading.title,
        story: heading.story,
        origin: heading.origin,
        parents: chain.iter().rev().skip(1).map(|parent| parent.layer.clone()).collect(),
        start: calendar.date(1).unwrap_or(Date::MIN),
        horizon_days: clock.horizon,
        prior: state.prior,
        quantities: resolved.quantities,
        correlations: resolved.correlations,
        events: resolved.events,
        priced,
        market,
        muted: state.muted,
    };
    let root = chain.iter().find(|document| document.root).map(|root| root.file.name.clone());
    let root = root.unwrap_or_default();
    Ok(Loaded { scenario, warnings: diagnostics, inherited, root })
}

/// Decodes the bytes of a scenario file.
///
/// # Errors
/// [`Error::Scenario`] at the first byte that is not UTF-8.
pub fn decode(name: &str, bytes: &[u8]) -> Result<String, Error> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|cause| {
        let at = cause.valid_up_to();
        let text = String::from_utf8_lossy(bytes).into_owned();
        if !foreign::has_heading(&text) {
            return Error::Scenario { diagnostics: vec![foreign::error(name).located()] };
        }
        let file = SourceFile { name: name.to_owned(), text: Arc::from(text) };
        let error = Diagnostic::error(&file, at..at + 3, "the file is not UTF-8 text");
        let error = error.expected("UTF-8").help("save the file as UTF-8 in the editor");
        Error::Scenario { diagnostics: vec![error.located()] }
    })
}

/// The layers from the root parent to the command line.
fn layers<'d>(chain: &'d [Document], settings: &'d [Document]) -> Vec<Layer<'d>> {
    let mut layers: Vec<Layer<'d>> = chain
        .iter()
        .enumerate()
        .map(|(index, document)| Layer {
            name: document.layer.clone(),
            level: index + 1,
            documents: vec![document],
            reported: index + 1 == chain.len(),
            root: document.root,
        })
        .collect();
    layers.push(Layer {
        name: COMMAND_LINE.to_owned(),
        level: layers.len() + 1,
        documents: settings.iter().collect(),
        reported: true,
        root: false,
    });
    layers
}

struct Heading {
    title: String,
    story: String,
    origin: Option<String>,
}

/// Title, story and origin, which are not inherited.
fn heading(own: &Document, settings: &[Document], out: &mut Vec<Diagnostic>) -> Heading {
    let mut text = |key: &str| {
        let mut found = None;
        for document in std::iter::once(own).chain(settings) {
            let Some(entry) = document.get(key) else { continue };
            let message = match entry.node.text() {
                Some(text) if key != "title" || !text.trim().is_empty() => {
                    found = Some(text.trim().to_owned());
                    continue;
                }
                Some(_) => format!("`{key}` is empty"),
                None => format!("`{key}` cannot be {}", entry.node.kind()),
            };
            let error = Diagnostic::error(&document.file, entry.node.span.clone(), message);
            out.push(error.key(key).expected("a text in quotes"));
        }
        found
    };
    let (title, story, origin) = (text("title"), text("story"), text("origin"));
    if title.is_none() && own.get("title").is_none() {
        let error = Diagnostic::error(&own.file, 0..0, "the scenario has no `title`");
        out.push(
            error.key("title").expected("`title = \"…\"`, the only key that every file needs"),
        );
    }
    Heading { title: title.unwrap_or_default(), story: story.unwrap_or_default(), origin }
}

/// The file's own diagnostics first, then those of its parents and the command line, each in the order of the text.
fn ordered(mut diagnostics: Vec<Diagnostic>, name: &str) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        let (one, other) = (a.file != name, b.file != name);
        let places =
            one.cmp(&other).then(a.file.cmp(&b.file)).then(a.span.start.cmp(&b.span.start));
        places.then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
    shown(diagnostics)
}

//! What is wrong or doubtful in a scenario file: where, what, and how to mend it.

use crate::text::{brief, cut, printable, printable_lines};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;
use std::sync::Arc;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot run.
    Error,
    /// The scenario runs; a reader should know.
    Warning,
}

/// Most errors, and most warnings, that are shown of a scenario.
const MOST_SHOWN: usize = 50;
/// Characters of a line that are shown before and behind what is pointed at, and of that itself.
const AROUND: usize = 300;

/// A text with a name, to point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceFile {
    pub(super) name: String,
    pub(super) text: Arc<str>,
}

/// One thing that is wrong or doubtful in a scenario file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// File as the user named it, a built-in name, or `--set`.
    pub file: String,
    /// Bytes of the offending text.
    pub span: Range<usize>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Address of the key, for example `boj.policy_rate_pct`; empty for the whole file.
    pub key: String,
    /// The offending text.
    pub value: String,
    /// What was expected.
    pub expected: String,
    /// Unit of the key, where it is a number.
    pub unit: Option<String>,
    /// How to mend it, or `did you mean`.
    pub help: Option<String>,
    /// Error or warning.
    pub severity: Severity,
    source: Arc<str>,
}

impl Diagnostic {
    /// An error at `span` of `file`.
    pub(super) fn error(file: &SourceFile, span: Range<usize>, message: impl Into<String>) -> Self {
        let span = fit(&file.text, span);
        let text = file.text.get(span.clone()).unwrap_or_default();
        let value = text.chars().take(200).collect();
        Diagnostic {
            file: file.name.clone(),
            line: 0,
            column: 0,
            message: brief(&message.into()).into_owned(),
            key: String::new(),
            value,
            expected: String::new(),
            unit: None,
            help: None,
            severity: Severity::Error,
            source: Arc::clone(&file.text),
            span,
        }
    }

    pub(super) fn warning(
        file: &SourceFile,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(file, span, message) }
    }

    pub(super) fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    pub(super) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = brief(&expected.into()).into_owned();
        self
    }

    pub(super) fn unit(mut self, unit: &str) -> Self {
        self.unit = (!unit.is_empty()).then(|| unit.to_owned());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(brief(&help.into()).into_owned());
        self
    }

    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.map(|help| brief(&help).into_owned()).or(self.help);
        self
    }

    /// The diagnostic with the line it points to, without colours.
    pub fn render(&self) -> String {
        self.render_with(&Renderer::plain())
    }

    /// The diagnostic with the line it points to, with terminal colours.
    pub fn render_styled(&self) -> String {
        self.render_with(&Renderer::styled())
    }

    fn render_with(&self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let (lines, span, whole) = self.excerpt();
        let label = match self.expected.as_str() {
            "" => None,
            expected => Some(format!("expected {}", printable(expected))),
        };
        let path = printable(&self.file);
        let annotation = AnnotationKind::Primary.span(span).label(label);
        let snippet = Snippet::source(lines).line_start(self.line).annotation(annotation);
        let group = Group::with_title(level.primary_title(printable(&self.message)));
        let group = match whole {
            true => group.element(snippet.path(path)),
            false => {
                let origin = Origin::path(path).line(self.line).char_column(self.column);
                group.element(origin).element(snippet)
            }
        };
        let group = match &self.help {
            Some(help) => group.element(Level::HELP.message(printable(help))),
            None => group,
        };
        renderer.render(&[group])
    }

    /// The lines that the span touches (at most four), fit for a terminal, and the span within them; whether they begin at
    /// the beginning of the first.
    fn excerpt(&self) -> (String, Range<usize>, bool) {
        let text: &str = &self.source;
        let from = text[..self.span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.span.end.max(self.span.start);
        let mut to = text[end..].find('\n').map_or(text.len(), |at| end + at);
        if let Some((at, _)) = text[from..to].match_indices('\n').nth(3) {
            to = from + at;
        }
        if text[from..to].ends_with('\r') && self.span.start < to {
            to -= 1;
        }
        let (before, rest) = text[from..to].split_at(self.span.start - from);
        let (marked, behind) = rest.split_at(end.min(to).max(self.span.start) - self.span.start);
        let start = before.char_indices().rev().nth(AROUND).map(|(at, _)| at);
        let mut lines = match start {
            Some(start) => format!("…{}", printable_lines(&before[start..])),
            None => printable_lines(before).into_owned(),
        };
        let marks = lines.len();
        lines.push_str(&printable_lines(&cut(marked, AROUND)));
        let span = marks..lines.len();
        lines.push_str(&printable_lines(&cut(behind, AROUND)));
        (lines, span, start.is_none())
    }
}

/// The first diagnostics of each severity, each with its line and column; what else there is becomes one that counts it.
pub(super) fn shown(sorted: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts = [0; 2];
    let mut left_out: [Option<Diagnostic>; 2] = [None, None];
    let mut shown: Vec<Diagnostic> = Vec::new();
    for found in sorted {
        let kind = usize::from(found.severity == Severity::Warning);
        counts[kind] += 1;
        if counts[kind] <= MOST_SHOWN {
            shown.push(found);
        } else if left_out[kind].is_none() {
            left_out[kind] = Some(found);
        }
    }
    for ((first, count), name) in left_out.into_iter().zip(counts).zip(["errors", "warnings"]) {
        let more = count.saturating_sub(MOST_SHOWN);
        shown.extend(first.map(|first| Diagnostic {
            message: format!("and {more} more {name}, the first of them here"),
            key: String::new(),
            expected: String::new(),
            help: None,
            ..first
        }));
    }
    shown.into_iter().map(Diagnostic::located).collect()
}

impl Diagnostic {
    /// The same with line and column.
    pub(super) fn located(mut self) -> Self {
        let before = &self.source[..self.span.start];
        let from = before.rfind('\n').map_or(0, |at| at + 1);
        self.line = before.matches('\n').count() + 1;
        self.column = before[from..].chars().count() + 1;
        self
    }
}

/// All diagnostics as text without colours, an empty line between them.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let texts: Vec<String> = diagnostics.iter().map(Diagnostic::render).collect();
    texts.join("\n\n")
}

/// Fits a span into the text and on character boundaries.
fn fit(text: &str, span: Range<usize>) -> Range<usize> {
    let fit = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = fit(span.start);
    start..fit(span.end).max(start)
}

//! What is wrong or doubtful in a scenario file: where, what, and how to mend it.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
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
        let (span, line, column) = place(&file.text, span);
        let text = file.text.get(span.clone()).unwrap_or_default();
        let value = text.chars().take(200).collect();
        Diagnostic {
            file: file.name.clone(),
            line,
            column,
            message: message.into(),
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
        self.expected = expected.into();
        self
    }

    pub(super) fn unit(mut self, unit: &str) -> Self {
        self.unit = (!unit.is_empty()).then(|| unit.to_owned());
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
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
        let (lines, first, span) = self.excerpt();
        let label = if self.expected.is_empty() {
            None
        } else {
            Some(format!("expected {}", self.expected))
        };
        let annotation = AnnotationKind::Primary.span(span).label(label);
        let snippet = Snippet::source(lines)
            .line_start(first)
            .path(self.file.as_str())
            .annotation(annotation);
        let group = Group::with_title(level.primary_title(self.message.as_str())).element(snippet);
        let group = match &self.help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        };
        renderer.render(&[group])
    }

    /// The lines that the span touches (at most four), the number of the first and the span within them.
    fn excerpt(&self) -> (&str, usize, Range<usize>) {
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
        let span = self.span.start - from..end.min(to).max(self.span.start) - from;
        (&text[from..to], self.line, span)
    }
}

/// All diagnostics as text without colours, an empty line between them.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let texts: Vec<String> = diagnostics.iter().map(Diagnostic::render).collect();
    texts.join("\n\n")
}

/// Fits a span into the text and on character boundaries, and finds line and column of its start.
fn place(text: &str, span: Range<usize>) -> (Range<usize>, usize, usize) {
    let fit = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = fit(span.start);
    let end = fit(span.end).max(start);
    let before = &text[..start];
    let line = before.matches('\n').count() + 1;
    let from = before.rfind('\n').map_or(0, |at| at + 1);
    (start..end, line, text[from..start].chars().count() + 1)
}

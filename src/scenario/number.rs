//! The forms of a number: constant, 90% interval, distribution, each with an optional truncation.

use super::calendar::Calendar;
use super::diagnostic::{Diagnostic, SourceFile};
use super::tree::{Node, Value};
use crate::num::Marginal;
use std::ops::Range;
use time::{Date, Month};
use toml::value::Datetime;

/// A cut of more than this is worth a warning.
const WORTH_SAYING: f64 = 0.01;

/// What a number is checked against.
#[derive(Debug, Clone)]
pub(super) struct Limits<'a> {
    /// Address of the key.
    pub(super) key: String,
    pub(super) unit: &'static str,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Where dates may be written: the steps they stand for.
    pub(super) dates: Option<&'a Calendar>,
    /// Whether `"priced"` may be written.
    pub(super) priced: bool,
}

/// The word for a number that is solved from what markets price.
pub(super) const PRICED: &str = "priced";
/// What stands for it until it is solved: outside every range in which it may be written.
pub(super) const UNSOLVED: f64 = -1.0;

/// A number as written: its distribution within the hard range, its text and its place.
#[derive(Debug, Clone)]
pub(super) struct Number {
    pub(super) marginal: Marginal,
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// Reads numbers of one file and gathers what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) out: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(self.file, span, message)
    }

    pub(super) fn warning(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(self.file, span, message)
    }

    /// Reads a number and truncates it to its hard range.
    pub(super) fn number(&mut self, node: &Node, limits: &Limits<'_>) -> Option<Number> {
        if limits.priced && node.text() == Some(PRICED) {
            let marginal = Marginal::fixed(UNSOLVED);
            return Some(Number { marginal, text: node.to_toml(), span: node.span.clone() });
        }
        let (marginal, cut) = self.part(node, limits)?;
        let Ok(inside) = marginal.truncated(limits.low, limits.high) else {
            let (low, high) = marginal.support();
            let message = format!("`{}` lies wholly outside its range", limits.key);
            let possible = format!("it lies between {low} and {high}");
            self.out.push(
                self.error(node.span.clone(), message)
                    .key(&limits.key)
                    .unit(limits.unit)
                    .expected(range(limits))
                    .help(possible),
            );
            return None;
        };
        let cut = cut + (1.0 - cut) * marginal.cut_mass(limits.low, limits.high);
        if cut > WORTH_SAYING {
            let message = format!(
                "truncation cuts {:.1}% of the distribution of `{}`",
                100.0 * cut,
                limits.key
            );
            let warning = Diagnostic::warning(self.file, node.span.clone(), message)
                .key(&limits.key)
                .unit(limits.unit)
                .help(format!(
                    "the rest is scaled up to 100%; the hard range is {}",
                    range(limits)
                ));
            self.out.push(warning);
        }
        Some(Number { marginal: inside, text: node.to_toml(), span: node.span.clone() })
    }

    /// A distribution with its own truncation only, and how much that cuts.
    pub(super) fn part(&mut self, node: &Node, limits: &Limits<'_>) -> Option<(Marginal, f64)> {
        let free = self.marginal(node, limits)?;
        match self.bounds(node, limits) {
            Ok(None) => Some((free, 0.0)),
            Ok(Some((low, high))) => match free.truncated(low, high) {
                Ok(inside) => Some((inside, free.cut_mass(low, high))),
                Err(message) => self.refuse(node, limits, &message),
            },
            Err(()) => None,
        }
    }

    fn refuse<T>(&mut self, node: &Node, limits: &Limits<'_>, message: &str) -> Option<T> {
        let message = format!("impossible value of `{}`: {message}", limits.key);
        let error = self.error(node.span.clone(), message).key(&limits.key).unit(limits.unit);
        self.out.push(error);
        None
    }

    /// The distribution before truncation.
    fn marginal(&mut self, node: &Node, limits: &Limits<'_>) -> Option<Marginal> {
        let made = match &node.value {
            Value::Number(..) | Value::Date(_) => {
                Ok(Marginal::fixed(self.scalar(node, limits, true)?))
            }
            Value::Text(text) => self.interval(node, text, limits)?,
            Value::Table(entries) => Marginal::new(self.law(node, entries, limits)?),
            Value::Flag(_) | Value::List(_) => {
                self.wrong_form(node, limits);
                return None;
            }
        };
        match made {
            Ok(marginal) => Some(marginal),
            Err(message) => self.refuse(node, limits, &message),
        }
    }

    fn wrong_form(&mut self, node: &Node, limits: &Limits<'_>) {
        let message = format!("`{}` cannot be {}", limits.key, node.kind());
        self.out.push(
            self.error(node.span.clone(), message)
                .key(&limits.key)
                .unit(limits.unit)
                .expected(expectation(limits)),
        );
    }

    /// A finite number or a date; `possible` says that the number itself can occur and must lie in the range.
    pub(super) fn scalar(
        &mut self,
        node: &Node,
        limits: &Limits<'_>,
        possible: bool,
    ) -> Option<f64> {
        let value = match &node.value {
            Value::Number(value, _) => *value,
            Value::Date(date) => {
                return self.step(node.span.clone(), *date, limits);
            }
            _ => {
                self.wrong_form(node, limits);
                return None;
            }
        };
        self.checked(node.span.clone(), value, limits, possible)
    }

    fn checked(
        &mut self,
        span: Range<usize>,
        value: f64,
        limits: &Limits<'_>,
        possible: bool,
    ) -> Option<f64> {
        let problem = if !value.is_finite() || value.abs() > 1e100 {
            Some(format!("`{}` must be a finite number", limits.key))
        } else if possible && limits.unit == "probability" && value > 1.0 && limits.high <= 1.0 {
            Some(format!("`{}` is a probability above 1", limits.key))
        } else if possible && !(limits.low..=limits.high).contains(&value) {
            Some(format!("`{}` is out of range", limits.key))
        } else {
            None
        };
        let Some(message) = problem else { return Some(value) };
        let share = ["probability", "share", "fraction"].contains(&limits.unit);
        let percent = share && limits.high <= 1.0 && (2.0..=100.0).contains(&value);
        let fraction = (limits.unit.contains('%') || limits.unit == "index points")
            && (0.0..1.0).contains(&value.abs())
            && (limits.low..=limits.high).contains(&(100.0 * value));
        let help = match (percent, fraction) {
            (true, _) => Some(format!("write a fraction: {} for {value}%", value / 100.0)),
            (_, true) => Some(format!("it looks like a fraction: write {}", 100.0 * value)),
            _ => None,
        };
        self.out.push(
            self.error(span, message)
                .key(&limits.key)
                .unit(limits.unit)
                .expected(expectation(limits))
                .maybe_help(help),
        );
        None
    }

    /// The step of a date.
    fn step(&mut self, span: Range<usize>, date: Datetime, limits: &Limits<'_>) -> Option<f64> {
        let Some(calendar) = limits.dates else {
            let message = format!("`{}` cannot be a date", limits.key);
            let expected = expectation(limits);
            let error = self.error(span, message).key(&limits.key).unit(limits.unit);
            self.out.push(error.expected(expected).help("a date is written under `date`"));
            return None;
        };
        let first = calendar.date(1)?;
        let step = civil(date).and_then(|date| {
            let step = calendar.step_of(date)?;
            (date >= first).then_some(step as f64)
        });
        if step.is_none() {
            let last = calendar.days.last().copied().unwrap_or(first);
            let message = format!("`{}` is not a date within reach of the scenario", limits.key);
            let expected = format!("a date without a time from {first} to {last}");
            self.out.push(self.error(span, message).key(&limits.key).expected(expected));
        }
        step
    }

    /// `"9 to 27"`, also of dates. `None` when the ends could not be read.
    fn interval(
        &mut self,
        node: &Node,
        text: &str,
        limits: &Limits<'_>,
    ) -> Option<Result<Marginal, String>> {
        let Some((from, to)) = text.split_once(" to ") else {
            let message = format!("`{}` is not a number", limits.key);
            let error = self.error(node.span.clone(), message).key(&limits.key).unit(limits.unit);
            self.out
                .push(error.expected(expectation(limits)).maybe_help(bare_number(text, limits)));
            return None;
        };
        let mut end = |part: &str| {
            let part = part.trim();
            if let (Some(_), Ok(date)) = (limits.dates, part.parse::<Datetime>()) {
                return self.step(node.span.clone(), date, limits);
            }
            if let Ok(value) = part.parse::<f64>() {
                return self.checked(node.span.clone(), value, limits, true);
            }
            let message = format!("`{part}` is not a number in the interval of `{}`", limits.key);
            let error = self.error(node.span.clone(), message).key(&limits.key).unit(limits.unit);
            let help = bare_number(part, limits);
            self.out.push(error.expected("two numbers, such as \"9 to 27\"").maybe_help(help));
            None
        };
        let (low, high) = (end(from), end(to));
        Some(Marginal::interval(low?, high?))
    }
}

/// `0.5 to 2 (%)` for a message.
pub(super) fn range(limits: &Limits<'_>) -> String {
    super::explain::range(limits.low, limits.high, limits.unit)
}

fn expectation(limits: &Limits<'_>) -> String {
    match (limits.dates, limits.low > f64::MIN) {
        (Some(_), _) => "a date, or a distribution of dates".to_owned(),
        (None, true) if limits.priced => {
            format!("a number or a distribution in {}, or \"{PRICED}\"", range(limits))
        }
        (None, true) => format!("a number or a distribution in {}", range(limits)),
        (None, false) => "a number".to_owned(),
    }
}

/// Help for `"1.5%"` or `"100bn"`: the number without its unit.
fn bare_number(text: &str, limits: &Limits<'_>) -> Option<String> {
    let text = text.trim();
    let ends = text.split_once(['–', '—']).or_else(|| text.split_once(" - "));
    if let Some((Ok(low), Ok(high))) =
        ends.map(|(low, high)| (low.trim().parse::<f64>(), high.trim().parse::<f64>()))
    {
        return Some(format!("a 90% interval is written \"{low} to {high}\""));
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-._".contains(c)))?;
    text[..end].parse::<f64>().ok()?;
    let unit = if limits.unit.is_empty() { "its unit" } else { limits.unit };
    Some(format!("write the bare number, without a unit or quotes; it is read in {unit}"))
}

/// A TOML date without a time as a date.
pub(super) fn civil(date: Datetime) -> Option<Date> {
    let day = date.date.filter(|_| date.time.is_none() && date.offset.is_none())?;
    let month = Month::try_from(day.month).ok()?;
    Date::from_calendar_date(i32::from(day.year), month, day.day).ok()
}

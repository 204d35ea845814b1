//! The forms of a number: constant, 90% interval, distribution, each with an optional truncation.

use super::calendar::Calendar;
use super::diagnostic::{Diagnostic, SourceFile};
use super::names;
use super::tree::{Entry, Node, Value};
use crate::num::{Law, Marginal};
use std::ops::Range;
use time::{Date, Month};
use toml::value::Datetime;

/// A cut of more than this is worth a warning.
const WORTH_SAYING: f64 = 0.01;

/// The families that a table may name, with their keys.
pub(super) const FAMILIES: [(&str, &[&str]); 9] = [
    ("lognormal", &["median", "sigma"]),
    ("normal", &["mean", "sd"]),
    ("uniform", &["low", "high"]),
    ("triangular", &["low", "mode", "high"]),
    ("pert", &["low", "mode", "high"]),
    ("beta", &["a", "b", "low", "high"]),
    ("bernoulli", &["p"]),
    ("discrete", &["values", "weights"]),
    ("mixture", &["parts", "weights"]),
];

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
}

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

    /// Reads a number and truncates it to its hard range.
    pub(super) fn number(&mut self, node: &Node, limits: &Limits<'_>) -> Option<Number> {
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
    fn part(&mut self, node: &Node, limits: &Limits<'_>) -> Option<(Marginal, f64)> {
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
    fn scalar(&mut self, node: &Node, limits: &Limits<'_>, possible: bool) -> Option<f64> {
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
        let percent = limits.unit == "probability" && (2.0..=100.0).contains(&value);
        let help = percent.then(|| format!("write a fraction: {} for {value}%", value / 100.0));
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

    /// The family of a table such as `{ normal = { mean = 1, sd = 2 }, min = 0 }`.
    fn law(&mut self, node: &Node, entries: &[Entry], limits: &Limits<'_>) -> Option<Law> {
        let families = || FAMILIES.iter().map(|(name, _)| *name);
        let mut laws = Vec::new();
        for entry in entries {
            if let Some((_, keys)) = FAMILIES.iter().find(|(name, _)| *name == entry.key) {
                laws.push((entry, *keys));
            } else if entry.key != "min" && entry.key != "max" {
                let message = format!("`{}` is not a distribution", entry.key);
                let help = names::did_you_mean(&entry.key, families().chain(["min", "max"]));
                let error = self.error(entry.span.clone(), message).key(&limits.key);
                self.out.push(error.expected(names::one_of(families())).maybe_help(help));
                return None;
            }
        }
        let [(entry, keys)] = laws.as_slice() else {
            let message = match laws.len() {
                0 => format!("`{}` names no distribution", limits.key),
                _ => format!("`{}` names more than one distribution", limits.key),
            };
            let error = self.error(node.span.clone(), message).key(&limits.key).unit(limits.unit);
            self.out.push(error.expected(format!("one of {}", names::one_of(families()))));
            return None;
        };
        let fields = self.fields(entry, keys, limits)?;
        self.family(&entry.key, &fields, limits)
    }

    /// The values of a family's keys, in the order of `keys`.
    fn fields<'n>(
        &mut self,
        entry: &'n Entry,
        keys: &[&'static str],
        limits: &Limits<'_>,
    ) -> Option<Vec<Option<&'n Node>>> {
        let Some(entries) = entry.node.table() else {
            let message = format!("`{}` must be a table", entry.key);
            let shape = keys.iter().map(|key| format!("{key} = …")).collect::<Vec<_>>();
            let expected = format!("{} = {{ {} }}", entry.key, shape.join(", "));
            let error = self.error(entry.node.span.clone(), message).key(&limits.key);
            self.out.push(error.expected(expected));
            return None;
        };
        let mut sound = true;
        for field in entries.iter().filter(|field| !keys.contains(&field.key.as_str())) {
            let message = format!("`{}` is not a key of `{}`", field.key, entry.key);
            let help = names::did_you_mean(&field.key, keys.iter().copied());
            let error = self.error(field.span.clone(), message).key(&limits.key);
            let expected = names::one_of(keys.iter().copied());
            self.out.push(error.expected(expected).maybe_help(help));
            sound = false;
        }
        let find = |key: &&str| entries.iter().find(|field| field.key == **key);
        let found: Vec<Option<&Node>> =
            keys.iter().map(|key| find(key).map(|field| &field.node)).collect();
        for (key, value) in keys.iter().zip(&found) {
            let optional = entry.key == "beta" && (*key == "low" || *key == "high");
            if value.is_none() && !optional && sound {
                let message = format!("`{}` lacks `{key}`", entry.key);
                let error = self.error(entry.span.clone(), message).key(&limits.key);
                self.out.push(error.expected(format!("`{key} = …`")));
                sound = false;
            }
        }
        sound.then_some(found)
    }

    fn family(&mut self, name: &str, fields: &[Option<&Node>], limits: &Limits<'_>) -> Option<Law> {
        let shape =
            Limits { low: f64::MIN, high: f64::MAX, unit: "", dates: None, ..limits.clone() };
        let free = Limits { low: f64::MIN, high: f64::MAX, ..limits.clone() };
        let mut read = |index: usize, limits: &Limits<'_>| {
            fields.get(index).copied().flatten().map(|node| self.scalar(node, limits, true))
        };
        Some(match name {
            "lognormal" => {
                let (median, sigma) = (read(0, &free)?, read(1, &shape)?);
                Law::LogNormal { median: median?, sigma: sigma? }
            }
            "normal" => {
                let (mean, sd) = (read(0, &free)?, read(1, &shape)?);
                Law::Normal { mean: mean?, sd: sd? }
            }
            "uniform" => {
                let (low, high) = (read(0, limits)?, read(1, limits)?);
                Law::Uniform { low: low?, high: high? }
            }
            "triangular" | "pert" => {
                let (low, mode, high) = (read(0, limits)?, read(1, limits)?, read(2, limits)?);
                let (low, mode, high) = (low?, mode?, high?);
                if name == "pert" {
                    Law::Pert { low, mode, high }
                } else {
                    Law::Triangular { low, mode, high }
                }
            }
            "beta" => {
                let (a, b) = (read(0, &shape)?, read(1, &shape)?);
                let low = read(2, limits).unwrap_or(Some(0.0));
                let high = read(3, limits).unwrap_or(Some(1.0));
                Law::Beta { a: a?, b: b?, low: low?, high: high? }
            }
            "bernoulli" => {
                let probability = Limits { low: 0.0, high: 1.0, unit: "probability", ..shape };
                Law::Bernoulli { p: read(0, &probability)?? }
            }
            _ => return self.weighted(name, fields, limits, &shape),
        })
    }

    /// A discrete distribution or a mixture.
    fn weighted(
        &mut self,
        name: &str,
        fields: &[Option<&Node>],
        limits: &Limits<'_>,
        shape: &Limits<'_>,
    ) -> Option<Law> {
        let (items, weights) =
            (self.list(fields.first()?.as_ref()?), self.list(fields.get(1)?.as_ref()?));
        let (items, weights) = (items?, weights?);
        let weights: Vec<Option<f64>> =
            weights.iter().map(|node| self.scalar(node, shape, true)).collect();
        if name == "discrete" {
            let values: Vec<Option<f64>> =
                items.iter().map(|node| self.scalar(node, limits, true)).collect();
            let values = values.into_iter().collect::<Option<_>>()?;
            return Some(Law::Discrete {
                values,
                weights: weights.into_iter().collect::<Option<_>>()?,
            });
        }
        let parts: Vec<Option<Marginal>> =
            items.iter().map(|node| Some(self.part(node, limits)?.0)).collect();
        let parts = parts.into_iter().collect::<Option<_>>()?;
        Some(Law::Mixture { parts, weights: weights.into_iter().collect::<Option<_>>()? })
    }

    fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        if let Value::List(items) = &node.value {
            return Some(items);
        }
        let message = format!("expected an array, found {}", node.kind());
        self.out.push(self.error(node.span.clone(), message).expected("an array"));
        None
    }

    /// `min` and `max` beside a distribution.
    fn bounds(&mut self, node: &Node, limits: &Limits<'_>) -> Result<Option<(f64, f64)>, ()> {
        let Some(entries) = node.table() else { return Ok(None) };
        let free = Limits { low: f64::MIN, high: f64::MAX, ..limits.clone() };
        let mut end = |key: &str, open: f64| match entries.iter().find(|entry| entry.key == key) {
            Some(entry) => self.scalar(&entry.node, &free, false).ok_or(()),
            None => Ok(open),
        };
        let (low, high) = (end("min", f64::NEG_INFINITY)?, end("max", f64::INFINITY)?);
        Ok((low > f64::NEG_INFINITY || high < f64::INFINITY).then_some((low, high)))
    }
}

/// `0.5 to 2 (%)` for a message.
pub(super) fn range(limits: &Limits<'_>) -> String {
    super::explain::range(limits.low, limits.high, limits.unit)
}

fn expectation(limits: &Limits<'_>) -> String {
    match (limits.dates, limits.low > f64::MIN) {
        (Some(_), _) => "a date, or a distribution of dates".to_owned(),
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

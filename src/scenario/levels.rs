//! Levels of the market: the days that they are of, and whether they can be meant as they stand.
//!
//! `levels = 2026-06-30` dates the levels that its file writes; a table `[levels]` dates them by table or by number, the
//! nearest wins, and a number named there may be any. A layer that writes another value without a date takes the date
//! off: what a scenario assumes is of its own start.

use super::calendar::business_days;
use super::diagnostic::Diagnostic;
use super::document::{Clock, Document};
use super::layers::{Layer, State, Written};
use super::number::{PRICED, civil};
use super::tree::{self, Entry, Value, quoted};
use super::{Declaration, names};
use crate::num::Marginal;
use std::collections::BTreeMap;
use std::ops::Range;
use time::Date;

/// Business days after which a level is old (assumption: two weeks).
const FRESH_DAYS: usize = 10;
/// Smallest value in % of which a hundredth is suspicious, and how near to the hundredth a value must come (assumption).
/// Yields near 0 are real: Japan's stood there for twenty years. A value that is the hundredth of the one that it replaces,
/// give or take a quarter, is more likely a fraction.
const HUNDREDTH: (f64, std::ops::RangeInclusive<f64>) = (0.5, 0.75..=1.25);

/// A date under `levels` and its place.
struct Dated {
    date: Date,
    span: Range<usize>,
}

/// Whether a number is a level of the market: those that have no default.
fn is_level(declaration: &Declaration) -> bool {
    declaration.default.is_none()
}

fn address(declaration: &Declaration) -> String {
    format!("{}.{}", declaration.table, declaration.name)
}

impl State<'_> {
    /// Reads the dates of the levels that a layer writes.
    pub(super) fn read_levels(&mut self, layer: &Layer<'_>) {
        for document in &layer.documents {
            let Some(entry) = document.get("levels") else { continue };
            let mut dates = BTreeMap::new();
            match &entry.node.value {
                Value::Table(entries) => self.gather_dates("", entries, document, &mut dates),
                _ => self.date(entry, String::new(), document, &mut dates),
            }
            self.date_numbers(&mut dates, layer);
            for (key, Dated { span, .. }) in dates.iter().filter(|(key, _)| !key.is_empty()) {
                let message = format!("a date for `{key}`, which is no number and no table");
                let error = Diagnostic::error(&document.file, span.clone(), message).key("levels");
                let all = self.setting.catalogue.declarations().map(address);
                let known: Vec<String> = all.collect();
                let help = names::did_you_mean(key, known.iter().map(String::as_str));
                let expected = "a table or the address of a number, such as \"fed.ust_10y_pct\"";
                self.out.push(error.expected(expected).maybe_help(help));
            }
        }
    }

    fn date(
        &mut self,
        entry: &Entry,
        key: String,
        document: &Document,
        to: &mut BTreeMap<String, Dated>,
    ) {
        let date = match entry.node.value {
            Value::Date(date) => civil(date),
            _ => None,
        };
        if let Some(date) = date {
            to.insert(key, Dated { date, span: entry.span.clone() });
            return;
        }
        let message = "the day of a level must be a date";
        let error = Diagnostic::error(&document.file, entry.node.span.clone(), message);
        let help = "write the date without quotes and without a time";
        self.out.push(error.key("levels").expected("a date such as 2026-06-30").help(help));
    }

    /// Gathers dates, also of dotted keys without quotes.
    fn gather_dates(
        &mut self,
        prefix: &str,
        entries: &[Entry],
        document: &Document,
        to: &mut BTreeMap<String, Dated>,
    ) {
        for entry in entries {
            let key = format!("{prefix}{}", entry.key);
            match &entry.node.value {
                Value::Table(inner) => {
                    self.gather_dates(&format!("{key}."), inner, document, to);
                }
                _ => self.date(entry, key, document, to),
            }
        }
    }

    /// Dates the numbers; leaves the dates that belong to nothing.
    fn date_numbers(&mut self, dates: &mut BTreeMap<String, Dated>, layer: &Layer<'_>) {
        let mut tables = Vec::new();
        for (declaration, written) in self.setting.catalogue.declarations().zip(&mut self.numbers) {
            let exact = dates.remove(&address(declaration)).map(|dated| dated.date);
            let wide = [declaration.table, ""].into_iter().find_map(|key| dates.get(key));
            let wide = wide.map(|dated| dated.date);
            tables.push(declaration.table);
            let Some(written) = written else { continue };
            let wide = wide.filter(|_| is_level(declaration) && written.is_by(layer));
            written.dated = exact.or(wide).or(written.dated);
        }
        for table in tables {
            dates.remove(table);
        }
    }

    /// Warns of levels that are older or younger than the start, and of those of the root that have no date.
    pub(super) fn warn_of_dates(&mut self, clock: &Clock<'_>, start: Date, leaf: &Document) {
        let (file, span) = match clock.start_by {
            Some((document, entry)) => (&document.file, entry.node.span.clone()),
            None => (&leaf.file, 0..0),
        };
        let declared = || self.setting.catalogue.declarations().zip(&self.numbers);
        let dated: Vec<(String, Date)> = declared()
            .filter_map(|(declaration, written)| {
                Some((address(declaration), written.as_ref()?.dated?))
            })
            .collect();
        let others = |date: Date| match dated.iter().filter(|(_, other)| *other == date).count() {
            0 | 1 => String::new(),
            count => format!(" and {} others", count - 1),
        };
        let remedy = "take the levels of the eve with `--baseline FILE`, or write them here and their day: `levels = DATE`";
        let oldest = dated.iter().min_by_key(|(_, date)| *date);
        let newest = dated.iter().max_by(|a, b| a.1.cmp(&b.1).then(std::cmp::Ordering::Greater));
        let mut found = Vec::new();
        if let Some((key, date)) = oldest {
            let age = business_days(*date, start);
            if age > FRESH_DAYS {
                let message = format!(
                    "old levels: `{key}`{} of {date} are used {age} business days later, at the start on {start}",
                    others(*date)
                );
                found.push(
                    Diagnostic::warning(file, span.clone(), message).key("start").help(remedy),
                );
            }
        }
        if let Some((key, date)) = newest.filter(|(_, date)| *date > start) {
            let message = format!(
                "levels of the future: `{key}`{} of {date} are used at the start on {start}",
                others(*date)
            );
            found.push(Diagnostic::warning(file, span, message).key("start").help(remedy));
        }
        self.out.extend(found);
        self.warn_of_undated();
    }

    /// Warns of levels of the root that have no date.
    fn warn_of_undated(&mut self) {
        let declared = self.setting.catalogue.declarations().zip(&self.numbers);
        let undated = declared.filter_map(|(declaration, written)| {
            let written =
                written.as_ref().filter(|written| written.slot.level <= self.root_level)?;
            let lacks = is_level(declaration) && written.single && written.dated.is_none();
            lacks.then(|| (address(declaration), written))
        });
        let undated: Vec<(String, &Written)> = undated.collect();
        let Some((key, written)) = undated.first() else { return };
        let message = match undated.len() {
            1 => format!("the level `{key}` has no date"),
            count => format!("`{key}` and {} other levels have no date", count - 1),
        };
        let span = written.slot.number.span.clone();
        let warning = Diagnostic::warning(&written.slot.file, span, message).key(key);
        let help = "say which day the levels are of, at the top of the file: `levels = 2026-06-30`";
        self.out.push(warning.help(help));
    }

    /// Warns of numbers that look like fractions where % is asked, and of levels that do not fit each other.
    pub(super) fn warn_of_doubts(&mut self) {
        let all = || self.setting.catalogue.declarations().zip(&self.numbers);
        let lookup = |wanted: &str| {
            let mut all = all();
            let found = all.find(|(declaration, _)| address(declaration) == wanted);
            let found = found.and_then(|(_, written)| written.as_ref());
            found.map_or_else(
                || Marginal::fixed(f64::NAN),
                |found| found.slot.number.marginal.clone(),
            )
        };
        let doubts = (self.setting.catalogue.doubts)(&lookup);
        let mut found = Vec::new();
        for (declaration, written) in all() {
            let Some(written) = written.as_ref().filter(|written| written.single) else { continue };
            let key = address(declaration);
            let number = &written.slot.number;
            let doubt = doubts.iter().find(|doubt| doubt.address == key);
            let (why, help) = match (doubt, hundredth(declaration, written)) {
                (Some(doubt), _) => (doubt.why.clone(), doubt.help.clone()),
                (None, Some(said)) => said,
                (None, None) => continue,
            };
            let message = format!("`{key} = {}` {why}", number.text);
            let warning = Diagnostic::warning(&written.slot.file, number.span.clone(), message);
            found.push(warning.key(key).unit(declaration.unit).help(help));
        }
        self.out.extend(found);
    }
}

/// What is said of a number in % that is about the hundredth of the one that it replaces.
fn hundredth(declaration: &Declaration, written: &Written) -> Option<(String, String)> {
    let number = &written.slot.number;
    let (least, near) = HUNDREDTH;
    let before = written.before.filter(|before| before.abs() >= least)?;
    let value = number.marginal.quantile(0.5);
    let suspicious = declaration.unit.contains('%')
        && number.text != quoted(PRICED)
        && near.contains(&(100.0 * value / before));
    let plain = |value: f64| {
        let short = libm::round(value * 1e6) / 1e6;
        tree::number(short, short == libm::floor(short))
    };
    let why = format!("looks like a fraction: it replaces {}", plain(before));
    let help = format!(
        "the unit is {}: write {} for {}%",
        declaration.unit,
        plain(100.0 * value),
        plain(100.0 * value)
    );
    suspicious.then_some((why, help))
}

/// The dates of levels as a scenario file says them; the first text stands at its top, the second at its end.
pub(super) fn show(dated: &[(String, Option<Date>, bool)]) -> (String, String) {
    let levels: Vec<&Option<Date>> =
        dated.iter().filter(|(.., level)| *level).map(|(_, date, _)| date).collect();
    let same = levels.first().copied().copied().flatten().filter(|first| {
        let alike = levels.iter().all(|date| **date == Some(*first));
        alike && dated.iter().all(|(_, date, level)| *level || date.is_none())
    });
    if let Some(date) = same {
        return (format!("levels = {date}\n"), String::new());
    }
    let lines = dated.iter().filter_map(|(address, date, _)| {
        date.map(|date| format!("{} = {date}\n", quoted(address)))
    });
    let lines: String = lines.collect();
    let table = if lines.is_empty() { lines } else { format!("\n[levels]\n{lines}") };
    (String::new(), table)
}

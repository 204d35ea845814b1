//! The day or the date of an event.

use super::diagnostic::Diagnostic;
use super::event::Setting;
use super::number::{Limits, Number, Reader};
use super::tree::{Entry, Node};
use crate::num::Marginal;

/// Steps that an uncertain day may reach; beyond the end it never happens.
const REACH: f64 = 1e6;

/// The step of an event from its `day` or its `date`, exactly one of which must stand.
pub(super) fn day_or_date(
    reader: &mut Reader<'_>,
    node: &Node,
    entries: &[Entry],
    prefix: &str,
    setting: Setting<'_>,
    late: &mut Vec<Diagnostic>,
) -> Option<Number> {
    let find = |key: &str| entries.iter().find(|entry| entry.key == key);
    match (find("day"), find("date")) {
        (Some(entry), None) => day(reader, &entry.node, prefix, false, setting, late),
        (None, Some(entry)) => day(reader, &entry.node, prefix, true, setting, late),
        (Some(_), Some(entry)) => {
            let error = reader.error(entry.span.clone(), "the event has both `day` and `date`");
            reader.out.push(error.key(format!("{prefix}.day")).expected("one of them"));
            None
        }
        (None, None) => {
            let error = reader.error(node.span.clone(), "the event has neither `day` nor `date`");
            let help = "for example `day = 10` or `date = 2026-09-01`";
            reader.out.push(error.key(format!("{prefix}.day")).expected("one of them").help(help));
            None
        }
    }
}

/// The step of an event; a fixed one must be a whole number within the horizon.
pub(super) fn day(
    reader: &mut Reader<'_>,
    node: &Node,
    prefix: &str,
    dated: bool,
    setting: Setting<'_>,
    late: &mut Vec<Diagnostic>,
) -> Option<Number> {
    let key = format!("{prefix}.{}", if dated { "date" } else { "day" });
    if dated && !node.has_date() {
        let error = reader.error(node.span.clone(), format!("`{key}` is not a date"));
        let help = "write the number of a day under `day`; a date has no quotes";
        reader.out.push(error.key(key).expected("a date such as 2026-09-01").help(help));
        return None;
    }
    let dates = dated.then_some(setting.calendar);
    let limits =
        Limits { key: key.clone(), unit: "day", low: 0.5, high: REACH, dates, priced: false };
    let mut found = Vec::new();
    let number = Reader { file: reader.file, out: &mut found }.number(node, &limits);
    // The start of another layer can move a date out of reach.
    if dated {
        late.extend(found)
    } else {
        reader.out.append(&mut found)
    }
    let Some(number) = number else {
        let stand_in =
            Number { marginal: Marginal::fixed(1.0), text: String::new(), span: node.span.clone() };
        return dated.then_some(stand_in);
    };
    if let Some(step) = number.marginal.constant() {
        let whole = step >= 1.0 && step == libm::floor(step);
        if !whole || step > setting.horizon as f64 {
            let message = match whole {
                true => format!("`{key}` lies beyond the end of the scenario"),
                false => format!("`{key}` is not a day"),
            };
            let last = setting.calendar.date(setting.horizon);
            let last = last.map_or_else(String::new, |date| format!(", which is {date}"));
            let expected = format!("a whole number of days from 1 to {}{last}", setting.horizon);
            let expected = if dated {
                format!("a date up to day {}{last}", setting.horizon)
            } else {
                expected
            };
            let error = reader.error(node.span.clone(), message).key(key).unit("day");
            late.push(error.expected(expected).help("a later `horizon` moves the end"));
        }
    }
    Some(number)
}

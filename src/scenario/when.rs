//! When an event happens: its `day`, its `date`, or the `meeting` of its central bank.

use super::EventKind;
use super::calendar::Calendar;
use super::diagnostic::Diagnostic;
use super::event::Setting;
use super::number::{Limits, Number, Reader};
use super::tree::{Entry, Node, Value};
use crate::num::Marginal;

/// The keys that date an event, of which one stands in each.
pub(super) const KEYS: [&str; 3] = ["day", "date", "meeting"];
/// Steps that an uncertain day may reach; beyond the end it never happens.
const REACH: f64 = 1e6;

/// A central bank whose scheduled meetings date events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bank {
    Boj,
    Fed,
}

/// Kinds of events that a meeting may date.
const BY_MEETING: [(&str, Bank); 2] = [("boj_move", Bank::Boj), ("fed_move", Bank::Fed)];

/// Whether the meetings of a central bank may date events of a kind.
pub(super) fn has_meetings(kind: &str) -> bool {
    BY_MEETING.iter().any(|(known, _)| *known == kind)
}

/// The steps on which the bank of a kind of event meets.
fn meetings<'c>(calendar: &'c Calendar, kind: &str) -> Option<&'c [bool]> {
    let (_, bank) = BY_MEETING.iter().find(|(known, _)| *known == kind)?;
    Some(match bank {
        Bank::Boj => &calendar.boj_meeting,
        Bank::Fed => &calendar.fomc_meeting,
    })
}

/// The event that is being dated.
pub(super) struct Place<'p> {
    /// Its address.
    pub(super) prefix: &'p str,
    /// Its kind, where it could be read.
    pub(super) kind: Option<&'static EventKind>,
    pub(super) setting: Setting<'p>,
}

/// When an event happens.
pub(super) struct When {
    /// The step.
    pub(super) step: Number,
    /// The meeting that it stands for.
    pub(super) meeting: Option<usize>,
}

/// When a whole event happens: exactly one of the keys must stand.
pub(super) fn only(
    reader: &mut Reader<'_>,
    node: &Node,
    entries: &[Entry],
    place: &Place<'_>,
    late: &mut Vec<Diagnostic>,
) -> Option<When> {
    match at_most_one(reader, entries, place.prefix) {
        Ok(Some(entry)) => read(reader, entry, place, late),
        Ok(None) => {
            let error = reader.error(node.span.clone(), "the event has neither `day` nor `date`");
            let meeting = place.kind.filter(|kind| has_meetings(kind.name));
            let meeting = meeting.map_or("", |_| ", or `meeting = 2`");
            let help = format!("for example `day = 10` or `date = 2026-09-01`{meeting}");
            let key = format!("{}.day", place.prefix);
            reader.out.push(error.key(key).expected("one of them").help(help));
            None
        }
        Err(()) => None,
    }
}

/// The one entry that dates an event, if any does; two are an error.
pub(super) fn at_most_one<'n>(
    reader: &mut Reader<'_>,
    entries: &'n [Entry],
    prefix: &str,
) -> Result<Option<&'n Entry>, ()> {
    let find = |key: &&str| entries.iter().find(|entry| entry.key == **key);
    let found: Vec<&Entry> = KEYS.iter().filter_map(find).collect();
    let [first, second, ..] = found.as_slice() else { return Ok(found.first().copied()) };
    let message = format!("the event has both `{}` and `{}`", first.key, second.key);
    let error = reader.error(second.span.clone(), message);
    reader.out.push(error.key(format!("{prefix}.day")).expected("one of them"));
    Err(())
}

/// When an event happens by one of the keys; what is wrong only if it survives to the last layer goes to `late`.
pub(super) fn read(
    reader: &mut Reader<'_>,
    entry: &Entry,
    place: &Place<'_>,
    late: &mut Vec<Diagnostic>,
) -> Option<When> {
    if entry.key == "meeting" {
        return meeting(reader, &entry.node, place, late);
    }
    let step = day(reader, &entry.node, place, entry.key == "date", late)?;
    Some(When { step, meeting: None })
}

/// What stands for a step that could not be found.
fn stand_in(node: &Node) -> Number {
    Number { marginal: Marginal::fixed(1.0), text: String::new(), span: node.span.clone() }
}

/// The step of an event; a fixed one must be a whole number within the horizon.
fn day(
    reader: &mut Reader<'_>,
    node: &Node,
    place: &Place<'_>,
    dated: bool,
    late: &mut Vec<Diagnostic>,
) -> Option<Number> {
    let Place { prefix, setting, .. } = place;
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
    let Some(number) = number else { return dated.then(|| stand_in(node)) };
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

/// The step of the N-th scheduled meeting on or after the start.
fn meeting(
    reader: &mut Reader<'_>,
    node: &Node,
    place: &Place<'_>,
    late: &mut Vec<Diagnostic>,
) -> Option<When> {
    let (kind, key) = (place.kind?.name, format!("{}.meeting", place.prefix));
    let Some(meets) = meetings(place.setting.calendar, kind) else {
        let error = reader.error(node.span.clone(), format!("`{kind}` has no meetings")).key(key);
        let help = "`meeting` dates `boj_move` and `fed_move`";
        reader.out.push(error.expected("`day` or `date`").help(help));
        return None;
    };
    let number = match node.value {
        Value::Number(n, _) if (1.0..=REACH).contains(&n) && n == libm::floor(n) => n as usize,
        _ => {
            let error = reader.error(node.span.clone(), format!("`{key}` is not a meeting"));
            let expected = "a whole number: 1 is the first scheduled meeting on or after the start";
            reader.out.push(error.key(key).expected(expected));
            return None;
        }
    };
    let horizon = place.setting.horizon;
    let inside: Vec<usize> =
        (1..=horizon).filter(|step| meets.get(step - 1) == Some(&true)).collect();
    let Some(step) = inside.get(number - 1) else {
        let message = format!("`{key}` lies beyond the end of the scenario");
        let last = inside.last().and_then(|step| place.setting.calendar.date(*step));
        let expected = match (inside.len(), last) {
            (1, Some(last)) => format!("1: only the meeting of {last} lies within {horizon} days"),
            (count, Some(last)) => format!(
                "a number from 1 to {count}: {count} meetings lie within {horizon} days, the last on {last}"
            ),
            _ => format!("`day` or `date`: no meeting lies within {horizon} days"),
        };
        let error = reader.error(node.span.clone(), message).key(key).unit("meetings");
        late.push(error.expected(expected).help("a later `horizon` moves the end"));
        return Some(When { step: stand_in(node), meeting: Some(number) });
    };
    let marginal = Marginal::fixed(*step as f64);
    let step = Number { marginal, text: step.to_string(), span: node.span.clone() };
    Some(When { step, meeting: Some(number) })
}

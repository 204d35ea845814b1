//! What two scenarios assume differently, and the scenarios between them.
//!
//! A group is what is changed together: one key of the catalogue; all keys that a change of `impact.prior` sets; a muted
//! channel; one number of an event that both have; an event that only one has (or has with other words); the correlations;
//! the start; the length. When there are more groups than can be taken one by one, those of a table are joined.

use crate::model::CATALOGUE;
use crate::scenario::{Correlation, Event, Quantity, Scenario};
use std::collections::BTreeMap;

/// Groups up to which each key stands alone.
const MOST_KEYS: usize = 5;

/// Something that two scenarios assume differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Key, event or table.
    pub name: String,
    /// The keys in it.
    pub keys: Vec<String>,
    /// From what to what; empty when several keys changed.
    pub detail: String,
}

/// All that two scenarios assume differently, in groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The groups, in the order of the catalogue.
    pub groups: Vec<Group>,
}

impl Changes {
    /// What differs between two scenarios.
    pub fn between(base: &Scenario, other: &Scenario) -> Self {
        let single = single_changes(base, other);
        let mut joined: Vec<Group> = Vec::new();
        let by_table = single.len() > MOST_KEYS;
        for group in single {
            let table = table_of(&group.name).to_owned();
            match joined.iter_mut().find(|known| by_table && known.name == table) {
                Some(known) => {
                    known.keys.extend(group.keys);
                    known.detail.clear();
                }
                None => {
                    let name = if by_table { table } else { group.name };
                    joined.push(Group { name, ..group });
                }
            }
        }
        Changes { groups: joined }
    }

    /// The scenario that assumes what `other` does for the groups chosen by `bits` (bit `i` for group `i`), and what
    /// `base` does for the rest.
    pub fn mix(&self, base: &Scenario, other: &Scenario, bits: u64) -> Scenario {
        let chosen = |key: &str| {
            let mut groups = self.groups.iter().enumerate();
            groups.any(|(i, group)| bits >> i & 1 == 1 && group.keys.iter().any(|own| own == key))
        };
        let mut mixed = base.clone();
        mixed.name = format!("{} to {}", base.name, other.name);
        for (flag, (theirs, channel)) in
            mixed.muted.iter_mut().zip(other.muted.iter().zip(CATALOGUE.channels))
        {
            if chosen(&format!("channels.{channel}")) {
                *flag = *theirs;
            }
        }
        if chosen(START) {
            mixed.start = other.start;
        }
        if chosen(HORIZON) {
            mixed.horizon_days = other.horizon_days;
        }
        let first = CATALOGUE.declarations().count();
        mixed.quantities.truncate(first);
        for (mine, theirs) in mixed.quantities.iter_mut().zip(&other.quantities) {
            if chosen(&theirs.address) {
                *mine = theirs.clone();
            }
        }
        mixed.events = events(base, other, &mut mixed.quantities, &chosen);
        let source = if chosen(CORRELATIONS) { other } else { base };
        mixed.correlations = correlations(source, &mixed.quantities);
        mixed.reprice(&CATALOGUE);
        mixed
    }
}

const START: &str = "start";
const HORIZON: &str = "horizon";
const CORRELATIONS: &str = "correlation";

/// The table of a key: `boj` of `boj.hike_probability`, `event.sale` of `event.sale.day`.
fn table_of(key: &str) -> &str {
    let mut dots = key.match_indices('.').map(|(at, _)| at);
    let end = if key.starts_with("event.") { dots.nth(1) } else { dots.next() };
    end.map_or(key, |end| &key[..end])
}

/// The changes one by one.
fn single_changes(base: &Scenario, other: &Scenario) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let prior = format!("{}.{}", CATALOGUE.prior_table, CATALOGUE.prior_key);
    for (a, b) in
        base.quantities.iter().zip(&other.quantities).take(CATALOGUE.declarations().count())
    {
        if a.marginal == b.marginal {
            continue;
        }
        if base.prior != other.prior && set_by_prior(&a.address) {
            match groups.iter_mut().find(|group| group.name == prior) {
                Some(group) => group.keys.push(a.address.clone()),
                None => groups.push(Group {
                    name: prior.clone(),
                    keys: vec![a.address.clone()],
                    detail: format!("{} to {}", base.prior, other.prior),
                }),
            }
        } else {
            groups.push(one(a.address.clone(), format!("{} to {}", a.written, b.written)));
        }
    }
    for ((a, b), channel) in base.muted.iter().zip(&other.muted).zip(CATALOGUE.channels) {
        if a != b {
            let word = |muted: bool| if muted { "off" } else { "on" };
            groups
                .push(one(format!("channels.{channel}"), format!("{} to {}", word(*a), word(*b))));
        }
    }
    groups.extend(event_changes(base, other));
    let different = different_correlations(base, other);
    if !different.is_empty() {
        // A prior that makes its values certain drops their correlation: that is part of the prior.
        let by_prior = different.iter().all(|(a, b)| set_by_prior(a) && set_by_prior(b));
        match groups.iter_mut().find(|group| by_prior && group.name == prior) {
            Some(group) => group.keys.push(CORRELATIONS.to_owned()),
            None => groups.push(one(CORRELATIONS.to_owned(), String::new())),
        }
    }
    if base.start != other.start {
        groups.push(one(START.to_owned(), format!("{} to {}", base.start, other.start)));
    }
    if base.horizon_days != other.horizon_days {
        let days = [base.horizon_days, other.horizon_days];
        groups.push(one(HORIZON.to_owned(), format!("{} to {} days", days[0], days[1])));
    }
    groups
}

fn one(key: String, detail: String) -> Group {
    Group { name: key.clone(), keys: vec![key], detail }
}

/// Whether some prior sets this key.
fn set_by_prior(address: &str) -> bool {
    let Some((table, key)) = address.split_once('.') else { return false };
    let mut values = CATALOGUE.priors.iter().flat_map(|prior| prior.values);
    table == CATALOGUE.prior_table && values.any(|(name, _)| *name == key)
}

/// Correlations by address.
fn named(scenario: &Scenario) -> BTreeMap<(&str, &str), String> {
    let address = |id: usize| scenario.quantities.get(id).map_or("", |found| &found.address);
    let pairs = scenario.correlations.iter();
    pairs.map(|pair| ((address(pair.a), address(pair.b)), pair.rho.to_string())).collect()
}

/// Pairs of addresses whose correlation is not the same in both.
fn different_correlations<'a>(base: &'a Scenario, other: &'a Scenario) -> Vec<(&'a str, &'a str)> {
    let (a, b) = (named(base), named(other));
    let mut pairs: Vec<_> = a.keys().chain(b.keys()).copied().collect();
    pairs.retain(|pair| a.get(pair) != b.get(pair));
    pairs
}

/// The address of an event: `event.1`, `event.sale`.
fn event_address(scenario: &Scenario, event: &Event) -> String {
    let day = scenario.quantities.get(event.day).map_or("", |day| &day.address);
    day.strip_suffix(".day").unwrap_or(day).to_owned()
}

/// Whether two events differ in numbers only.
fn alike(a: &Event, b: &Event) -> bool {
    (a.kind, &a.words, &a.flags, &a.written) == (b.kind, &b.words, &b.flags, &b.written)
}

/// Its day, probability and numbers.
fn ids(event: &Event) -> Vec<usize> {
    let mut ids = vec![event.day, event.probability];
    ids.extend(&event.numbers);
    ids
}

/// Events with the same address in two scenarios; those of the first alone have no second, and the other way round.
fn matched<'a>(
    base: &'a Scenario,
    other: &'a Scenario,
) -> Vec<(String, Option<&'a Event>, Option<&'a Event>)> {
    let mut found: Vec<(String, Option<&Event>, Option<&Event>)> = Vec::new();
    for event in &base.events {
        found.push((event_address(base, event), Some(event), None));
    }
    for event in &other.events {
        let address = event_address(other, event);
        match found.iter_mut().find(|(known, _, _)| *known == address) {
            Some((_, _, second)) => *second = Some(event),
            None => found.push((address, None, Some(event))),
        }
    }
    found
}

fn event_changes(base: &Scenario, other: &Scenario) -> Vec<Group> {
    let mut groups = Vec::new();
    for (address, a, b) in matched(base, other) {
        let kind = |event: Option<&Event>| event.map_or("nothing", |event| event.kind);
        match (a, b) {
            (Some(a), Some(b)) if alike(a, b) => {
                for (a, b) in ids(a).into_iter().zip(ids(b)) {
                    let (a, b) = (&base.quantities[a], &other.quantities[b]);
                    if a.marginal != b.marginal {
                        let detail = format!("{} to {}", a.written, b.written);
                        groups.push(one(a.address.clone(), detail));
                    }
                }
            }
            _ => groups.push(one(address, format!("{} to {}", kind(a), kind(b)))),
        }
    }
    groups
}

/// The events of the mixed scenario; their numbers are added to `quantities`.
fn events(
    base: &Scenario,
    other: &Scenario,
    quantities: &mut Vec<Quantity>,
    chosen: &impl Fn(&str) -> bool,
) -> Vec<Event> {
    let mut events = Vec::new();
    for (address, a, b) in matched(base, other) {
        let (mut event, ids_of, twin) = match (a, b) {
            (Some(a), Some(b)) if alike(a, b) => (a.clone(), (base, ids(a)), Some(ids(b))),
            (a, b) => {
                let theirs = chosen(&address);
                let Some(event) = (if theirs { b } else { a }) else { continue };
                (event.clone(), (if theirs { other } else { base }, ids(event)), None)
            }
        };
        let (owner, ids) = ids_of;
        let first = quantities.len();
        for (place, id) in ids.iter().enumerate() {
            let own = &owner.quantities[*id];
            let taken = match &twin {
                Some(twin) if chosen(&own.address) => &other.quantities[twin[place]],
                _ => own,
            };
            quantities.push(taken.clone());
        }
        // The name keeps the draws of an event that stands at another place in the mixed list.
        event.name = address.strip_prefix("event.").map(str::to_owned);
        (event.day, event.probability) = (first, first + 1);
        event.numbers = (0..event.numbers.len()).map(|place| first + 2 + place).collect();
        let step = quantities[first].marginal.constant();
        event.fixed_day = step.filter(|step| *step >= 1.0).map(|step| step as usize);
        events.push(event);
    }
    events
}

/// The correlations of a scenario between numbers that the mixed one has.
fn correlations(source: &Scenario, quantities: &[Quantity]) -> Vec<Correlation> {
    let place = |id: usize| {
        let address = &source.quantities.get(id)?.address;
        quantities.iter().position(|known| known.address == *address)
    };
    let pairs = source.correlations.iter();
    pairs
        .filter_map(|pair| {
            Some(Correlation { a: place(pair.a)?, b: place(pair.b)?, rho: pair.rho })
        })
        .collect()
}

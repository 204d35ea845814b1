//! The flows that really happened in an episode, as events of its scenario.
//!
//! * Dollars that the Ministry of Finance sold by day (bought: with a minus): `intervention` on that day, or on the next
//!   bond-market day; in dollars at the last spot on or before the day. Monthly amounts (2007-17, by the
//!   Ministry's own months, which begin late in the month before; taken as calendar months) have no sign; where
//!   there were any, in 2010-11, dollars were bought: `intervention` with a minus, even over the days of the month, its
//!   part in the window, at the month's mean spot, for months of which at least half lies in the window. Where either
//!   is given, the model's own campaigns are off, also where it did nothing.
//! * Net purchases of foreign long-term debt by Japanese residents (6pi-1) in months of which at least half lies in the
//!   window: `official_sale` of all holders pro rata, even over the days of the month, its part in the window, at the
//!   month's mean spot. US share: 15 / 19.1, as in the model's everyday flows (assumption; the figures are of all countries
//!   and all bonds). Then `rebalancing` is muted, which would sell a second time.
//! * What an episodes file gives in USD bn over the whole window takes the place of the data's, even over its days:
//!   `ministry_sold_usd_bn` as `intervention`, `residents_sold_usd_bn` (Treasuries) as `official_sale`; a zero is a flow
//!   that did not happen, not a missing one.
//!
//! This uses what nobody knew on the eve. It asks whether the flows explain the move, not whether it was foreseen.

use super::Episode;
use super::setting::bond_days;
use crate::data::DataSet;
use crate::report::number;
use std::fmt::Write as _;
use time::Date;

/// US share of Japan's purchases of foreign bonds: standard deviation of everyday flows, US part over all countries.
const US_SHARE: f64 = 15.0 / 19.1;
/// Least share of a month's bond days that must lie in the window.
const MOST_OF_MONTH: f64 = 0.5;

/// Flows as events.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    /// Tables and events to stand behind those of a scenario.
    pub(super) body: String,
    /// Their sources.
    pub(super) sources: String,
    /// What they are, in words.
    pub note: String,
    /// Dollars that the Ministry sold (bought when negative), USD bn; none without data.
    pub ministry_usd_bn: Option<f64>,
}

/// A month's flow within a window.
struct Part {
    /// First step.
    day: usize,
    /// Number of steps.
    over: usize,
    /// Share of the month's bond days.
    share: f64,
    /// Mean spot of the month, JPY per USD.
    spot: f64,
    /// JPY bn of the whole month.
    amount: f64,
    /// `2026-02`.
    month: String,
}

/// Events under construction.
struct Events {
    events: String,
    sources: String,
    count: usize,
}

impl Events {
    fn add(&mut self, day: usize, kind: &str, inside: &str, source: &str) {
        self.count += 1;
        let name = format!("flow{}", self.count);
        let _ = write!(
            self.events,
            "\n[[event]]\nname = \"{name}\"\nday = {day}\n{kind} = {{ {inside} }}\n"
        );
        let _ = writeln!(self.sources, "\"event.{name}.{kind}\" = \"{source}\"");
    }
}

/// The flows of an episode; none where neither its file nor the data have any.
pub(super) fn flows(data: &DataSet, episode: &Episode) -> Option<Flows> {
    let days = bond_days(episode.start, episode.end);
    let mut events = Events { events: String::new(), sources: String::new(), count: 0 };
    let ministry = match episode.ministry_sold_usd_bn {
        Some(sold) => Some(given(&mut events, "intervention", sold, days.len())),
        None => ministry(data, episode, &days, &mut events),
    };
    let residents = match episode.residents_sold_usd_bn {
        Some(sold) => Some(given(&mut events, "official_sale", sold, days.len())),
        None => residents(data, &days, &mut events),
    };
    if ministry.is_none() && residents.is_none() {
        return None;
    }
    let mut tables = String::new();
    let mut notes = Vec::new();
    if let Some(sold) = ministry {
        tables += "\n[intervention]\nhazard_per_month = 0\nbuy_hazard_per_month = 0\n";
        for key in ["hazard_per_month", "buy_hazard_per_month"] {
            let source = "the interventions that happened take the place of drawn ones";
            let _ = writeln!(events.sources, "\"intervention.{key}\" = \"{source}\"");
        }
        let origin = told(episode.ministry_sold_usd_bn, "");
        notes.push(format!("the Ministry {}{origin}", traded(sold, 1)));
    }
    if let Some(sold) = residents {
        tables += "\n[channels]\nrebalancing = false\n";
        let origin = told(episode.residents_sold_usd_bn, " (79% of all bonds)");
        notes.push(format!("residents {} of Treasuries{origin}", traded(sold, 1)));
    }
    Some(Flows {
        body: tables + &events.events,
        sources: events.sources,
        note: notes.join("; "),
        ministry_usd_bn: ministry,
    })
}

/// A flow in words, with this many digits.
pub(super) fn traded(sold_usd_bn: f64, digits: usize) -> String {
    let word = if sold_usd_bn < 0.0 { "bought" } else { "sold" };
    format!("{word} USD {:.digits$}bn", sold_usd_bn.abs())
}

/// Where a flow comes from: the episodes file, or else the data.
fn told(given: Option<f64>, data: &'static str) -> &'static str {
    if given.is_some() { " (episodes file)" } else { data }
}

/// USD bn that the episodes file gives for the window, as an event of this kind over all its days.
fn given(events: &mut Events, kind: &str, sold: f64, days: usize) -> f64 {
    if sold != 0.0 {
        let inside = format!("amount_usd_bn = {}, over_days = {days}", number(sold));
        events.add(1, kind, &inside, &format!("episodes file: USD {sold}bn over the window"));
    }
    sold
}

/// Dollars that the Ministry sold in the window, USD bn, as events; none where no file of interventions covers it.
fn ministry(data: &DataSet, episode: &Episode, days: &[Date], events: &mut Events) -> Option<f64> {
    let (start, end) = (episode.start, episode.end);
    let daily = data.series.get("intervention.yen_buying");
    let covered = daily.and_then(|series| series.range());
    let mut sold = covered.filter(|(first, last)| end >= *first && start <= *last).map(|_| 0.0);
    for (date, amount) in daily.map_or(&[][..], |series| &series.points) {
        let inside = *date > start && *date <= end;
        let day = days.partition_point(|day| day < date) + 1;
        let spot = data.series.get("DEXJPUS").and_then(|series| series.until(*date));
        let (true, Some((_, spot))) = (inside && day <= days.len(), spot) else { continue };
        let dollars = amount / spot;
        *sold.get_or_insert(0.0) += dollars;
        let source = format!("MoF, {date}: JPY {amount}bn at {spot}");
        let inside = format!("amount_usd_bn = {}", number(dollars));
        events.add(day, "intervention", &inside, &source);
    }
    for part in parts(data, "intervention.unsigned_month", days) {
        let dollars = -part.amount * part.share / part.spot;
        *sold.get_or_insert(0.0) += dollars;
        if dollars != 0.0 {
            let source = format!("MoF, {}: JPY {}bn, bought", part.month, part.amount);
            let inside = format!("amount_usd_bn = {}, over_days = {}", number(dollars), part.over);
            events.add(part.day, "intervention", &inside, &source);
        }
    }
    sold
}

/// Treasuries that Japanese residents sold in the window, USD bn, as events; none without a month of figures.
fn residents(data: &DataSet, days: &[Date], events: &mut Events) -> Option<f64> {
    let mut sold = None;
    for part in parts(data, "portfolio.long_term_debt_net", days) {
        let dollars = -US_SHARE * part.amount * part.share / part.spot;
        *sold.get_or_insert(0.0) += dollars;
        let inside = format!("amount_usd_bn = {}, over_days = {}", number(dollars), part.over);
        let source = format!(
            "6pi-1, {}: JPY {}bn net, assumption on the US share: 79%",
            part.month, part.amount
        );
        events.add(part.day, "official_sale", &inside, &source);
    }
    sold
}

/// The months of a series, dated at their last day, of which most lies within the window.
fn parts(data: &DataSet, name: &str, days: &[Date]) -> Vec<Part> {
    let mut found = Vec::new();
    for (last, amount) in data.series.get(name).map_or(&[][..], |series| &series.points) {
        let Ok(first) = last.replace_day(1) else { continue };
        let Some(eve) = first.previous_day() else { continue };
        let inside = |date: &Date| *date >= first && date <= last;
        let over = days.iter().filter(|date| inside(date)).count();
        let share = over as f64 / bond_days(eve, *last).len() as f64;
        let before = days.partition_point(|date| *date < first);
        let Some(spot) = mean_spot(data, first, *last) else { continue };
        if over > 0 && share >= MOST_OF_MONTH {
            let month = format!("{}-{:02}", last.year(), u8::from(last.month()));
            found.push(Part { day: before + 1, over, share, spot, amount: *amount, month });
        }
    }
    found
}

/// Mean of the yen's spot from one day to another.
fn mean_spot(data: &DataSet, first: Date, last: Date) -> Option<f64> {
    let points = &data.series.get("DEXJPUS")?.points;
    let from = points.partition_point(|(date, _)| *date < first);
    let to = points.partition_point(|(date, _)| *date <= last);
    let month = points.get(from..to).filter(|month| !month.is_empty())?;
    Some(month.iter().fold(0.0, |sum, (_, spot)| sum + spot) / month.len() as f64)
}

//! The scores on a page, and the flags on the first screen of a run.

use super::{FLAGGED, Part, Plausibility, Score};
use crate::report::wrap;
use std::fmt::Write as _;

/// Most scenarios whose flags are written out; of more each has a line.
const WRITTEN_OUT: usize = 3;

/// The flags of all scenarios, the strongest of each thing; empty without scenarios.
pub fn flags(found: &[Plausibility], width: usize) -> String {
    if found.is_empty() {
        return String::new();
    }
    let title = "What rests on extrapolation: beyond the record, outside a prior, or at a limit of the model";
    let mut lines = vec![String::new()];
    lines.extend(wrap(title, width));
    let written_out = found.len() <= WRITTEN_OUT;
    let wide = found.iter().map(|one| one.scenario.chars().count()).max().unwrap_or(0) + 2;
    let (flagged, calm): (Vec<_>, Vec<_>) =
        found.iter().partition(|one| one.flagged().next().is_some());
    for plausibility in flagged {
        let chosen = strongest(plausibility);
        if written_out {
            lines.push(plausibility.scenario.clone());
            for score in chosen {
                let flag = score.flag.as_deref().unwrap_or_default();
                lines.extend(indented("  ", &format!("{}: {flag}", score.item), width));
            }
        } else {
            let names: Vec<String> = chosen.into_iter().map(in_brief).collect();
            let scenario = format!("{:<wide$}", plausibility.scenario);
            lines.extend(indented(&scenario, &names.join(", "), width));
        }
    }
    if !calm.is_empty() {
        let names: Vec<&str> = calm.iter().map(|one| one.scenario.as_str()).collect();
        lines.extend(wrap(&format!("nothing of the kind: {}", names.join(", ")), width));
    }
    if !written_out {
        lines.extend(wrap(
            "in brackets the share of paths, or of the worst 5%, or of an event's sizes; in full, with the record, in plausibility.csv",
            width,
        ));
    }
    lines.into_iter().fold(String::new(), |text, line| text + &line + "\n")
}

/// A paragraph whose first line begins with a head, and the others under the words.
fn indented(head: &str, words: &str, width: usize) -> Vec<String> {
    let indent = head.chars().count();
    let lines = wrap(words, width.saturating_sub(indent).max(20));
    let begins = |line| if line == 0 { head.to_owned() } else { " ".repeat(indent) };
    lines.iter().enumerate().map(|(line, words)| begins(line) + words).collect()
}

/// A flagged score in a word or two.
fn in_brief(score: &Score) -> String {
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    match score.shares {
        Some([all, _]) if score.part == Part::Event && all < 0.5 => {
            format!("{} ({} of its sizes)", score.item, percent(all))
        }
        Some([all, worst]) if score.part != Part::Event && all < FLAGGED[0] => {
            format!("{} ({} of the worst)", score.item, percent(worst))
        }
        Some([all, _]) if score.part != Part::Event => {
            format!("{} ({})", score.item, percent(all))
        }
        _ => format!("{} = {}", score.item, short(score.values[1])),
    }
}

/// Of the flagged scores of a kind and a metric (`usdjpy at 1m`, `usdjpy at 3m`) the one with the largest share, the earliest
/// of equal ones.
fn strongest(plausibility: &Plausibility) -> Vec<&Score> {
    let subject = |score: &Score| {
        let words = score.item.split_once(" at ").or_else(|| score.item.split_once(" in "));
        (score.part, words.map_or(score.item.clone(), |(subject, _)| subject.to_owned()))
    };
    let share = |score: &Score| score.shares.map_or(0.0, |shares| shares[0]);
    let mut chosen: Vec<&Score> = Vec::new();
    for (score, _) in plausibility.flagged() {
        match chosen.iter_mut().find(|known| subject(known) == subject(score)) {
            None => chosen.push(score),
            Some(known) if share(score) > share(known) => *known = score,
            Some(_) => {}
        }
    }
    chosen
}

/// All scores of a scenario in tables by part.
pub fn terminal(plausibility: &Plausibility, width: usize) -> String {
    let mut text = format!("{}\n", plausibility.scenario);
    let parts = [
        (
            Part::Event,
            "Events: median size, in standard deviations of everyday shocks, percentile of the record",
        ),
        (Part::Together, "Dated market shocks together: Mahalanobis distance from everyday shocks"),
        (Part::Number, "Numbers that differ from the baseline: percentile in their prior"),
        (
            Part::Effect,
            "The elasticity of the paths, outside the studies of impact.prior = studies: 5%, 50%, 95% points",
        ),
        (
            Part::Outcome,
            "Moves of the paths at the end, and where 1% are beyond the record: 5%, 50%, 95% points",
        ),
        (Part::Flow, "The most that Japan sells in so many days: 5%, 50%, 95% points"),
        (Part::Limit, "Limits of the model"),
    ];
    let outcomes = plausibility.scores.iter().filter(|score| score.part == Part::Outcome);
    let last = outcomes.filter_map(|score| score.days).max();
    for (part, title) in parts {
        let of_part = plausibility.scores.iter().filter(|score| score.part == part);
        let scores: Vec<&Score> = of_part.filter(|score| shown(score, last)).collect();
        if scores.is_empty() {
            continue;
        }
        let _ = write!(text, "\n{title}\n{}", block(&scores, part));
    }
    text + &flags(std::slice::from_ref(plausibility), width)
}

/// Least share of paths beyond the record for a move before the end to be printed; the table has them all.
const SHOWN: f64 = 0.01;

/// Whether a score is printed; `last` is the last day of the run.
fn shown(score: &Score, last: Option<usize>) -> bool {
    let beyond = score.shares.is_some_and(|shares| shares[0] >= SHOWN);
    score.part != Part::Outcome || score.days == last || beyond
}

/// A block of rows: input parts show medians, result parts ranges and shares.
fn block(scores: &[&Score], part: Part) -> String {
    let input = matches!(part, Part::Event | Part::Together | Part::Number);
    let header = if input {
        ["", "median", "unit", "days", "distance", "percentile", "record"]
    } else {
        ["", "5% / 50% / 95%", "unit", "days", "beyond", "worst 5%", "record"]
    };
    let mut rows = vec![header.map(str::to_owned)];
    rows.extend(scores.iter().map(|score| cells(score, input)));
    let widths: [usize; 7] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    });
    let mut text = String::new();
    for row in rows {
        let mut line = format!("  {:<wide$}", row[0], wide = widths[0]);
        for (cell, wide) in row.iter().zip(widths).skip(1) {
            let _ = write!(line, "  {cell:>wide$}");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn cells(score: &Score, input: bool) -> [String; 7] {
    let percent = |share: f64| format!("{:.1}%", 100.0 * share);
    let standing = score.standing.as_ref();
    let percentiles = standing.map(|standing| standing.percentiles).or(score.percentiles);
    let record = standing.map(|found| {
        format!("{} to {} in {}", short(found.low.0), short(found.high.0), in_days(found.days))
    });
    let days = score.days.map(|days| days.to_string()).unwrap_or_default();
    let [low, median, high] = score.values.map(short);
    let unit = score.unit.to_owned();
    if input {
        let distance = score.distance_sd.map(|sd| format!("{sd:.1}"));
        let place = percentiles.map(|found| percent(found[1]));
        let [distance, place, record] = [distance, place, record].map(Option::unwrap_or_default);
        [score.item.clone(), median, unit, days, distance, place, record]
    } else {
        let range = format!("{low} / {median} / {high}");
        let share =
            |at: usize| score.shares.map(|shares| shares[at]).filter(|share| !share.is_nan());
        let [beyond, worst] = [0, 1].map(|at| share(at).map(percent));
        let [beyond, worst, record] = [beyond, worst, record].map(Option::unwrap_or_default);
        [score.item.clone(), range, unit, days, beyond, worst, record]
    }
}

/// Three significant digits.
pub(super) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let digits = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else {
        2
    };
    format!("{:.digits$}", value + 0.0)
}

/// `1 day`, `5 days`.
pub(super) fn in_days(days: usize) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

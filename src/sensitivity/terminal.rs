//! The tables a committee reads: what drives the output, and what drives its worst 5%.

use super::{Analysis, FEWEST_ROWS, Interval, Scoped, Subject, Swing, Worst};
use std::fmt::Write as _;

/// Inputs in a table.
const SHOWN: usize = 10;
/// Least width of the column of names.
const NAME: usize = 24;

const BOLD: &str = "\u{1b}[1m";
const FAINT: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The largest inputs with their shares, and those of the worst 5%. Without escape codes unless `colour`; columns that do
/// not fit into `width` are left out, the least important first.
pub fn terminal(subject: &Subject, analysis: &Analysis, width: usize, colour: bool) -> String {
    let mut text = String::new();
    let place = if subject.horizon.is_empty() {
        format!("{} of {}", subject.metric, subject.scenario)
    } else {
        format!("{} at {} in {}", subject.metric, subject.horizon, subject.scenario)
    };
    let Some(all) = analysis.scopes.first() else { return text };
    let deviation = format!("sd {} {}", short(all.deviation), subject.unit);
    let title = format!("What drives {place} ({} rows, {})", all.rows, deviation.trim_end());
    paint(&mut text, &title, BOLD, colour);
    if all.deviation == 0.0 {
        paint(&mut text, "It does not vary: no input has an effect.", FAINT, colour);
        return text;
    }
    table(&mut text, &whole(subject, all), width, colour);
    let (head, heading) = tail_heading(subject, analysis);
    let code = if analysis.scopes.len() == 3 { BOLD } else { FAINT };
    for line in wrap(&head, width) {
        paint(&mut text, &line, code, colour);
    }
    if let [_, reaching, within] = analysis.scopes.as_slice() {
        table(&mut text, &worst(subject, analysis, reaching, within), width, colour);
    }
    for line in wrap(&legend(analysis, heading), width) {
        paint(&mut text, &line, FAINT, colour);
    }
    text
}

/// What stands above the table of the tail, or instead of it, and what the tail is called.
fn tail_heading(subject: &Subject, analysis: &Analysis) -> (String, String) {
    let tail = &analysis.tail;
    let name = subject.tail(tail.end);
    let rows = analysis.scopes.first().map_or(0, |all| all.rows);
    let share = if tail.tied > 0 && tail.rows > 0 {
        short(100.0 * tail.rows as f64 / rows.max(1) as f64)
    } else {
        "5".to_owned()
    };
    let called = format!("{name} {share}%");
    let edge = format!("{} {}", short(tail.edge), subject.unit);
    let edge = edge.trim_end();
    let [at_or, strictly] = match tail.end {
        Worst::Highest => ["at or above", "above"],
        Worst::Lowest => ["at or below", "below"],
    };
    let head = if tail.undefined() {
        format!(
            "Its {name} 5% are not defined: {} rows lie at {edge}, across their edge, and {} {strictly}; {FEWEST_ROWS} are needed.",
            tail.tied, tail.rows
        )
    } else if !tail.enough() {
        format!(
            "The {name} 5% have fewer than {FEWEST_ROWS} rows: ask for at least 2000 to see what drives them."
        )
    } else if tail.tied > 0 {
        format!(
            "Its {called} ({strictly} {edge}: {} rows; {} more lie at it)",
            tail.rows, tail.tied
        )
    } else {
        format!("Its {called} ({at_or} {edge})")
    };
    (format!("\n{head}"), called)
}

/// What the columns mean.
fn legend(analysis: &Analysis, tail: String) -> String {
    let mut about = "share: Shapley effect, with the last rows 100% of the variance; alone: first order; total: lost without it; swing: mean around the input's p90 less mean around its p10".to_owned();
    if analysis.scopes.iter().any(|scoped| scoped.shocks.is_some()) {
        about += "; shocks: what paths with the same assumptions and other days differ by; unexplained: what the regression misses";
    }
    if analysis.scopes.first().is_some_and(Scoped::bounds_totals) {
        about += "; totals are bounds, because more than 5% is unexplained";
    }
    if !analysis.placements.is_empty() {
        about += &format!(
            "; getting there: share of the variance of the indicator of the {tail}; percentile: of the median there among all rows; within: share of the variance inside the {tail}"
        );
    }
    about
}

/// The table of all rows.
fn whole(subject: &Subject, all: &Scoped) -> Vec<Vec<String>> {
    let header = ["input", "share", "95%", "swing", "p10", "p90", "alone", "total", "rank corr."];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for input in all.ranking().into_iter().take(SHOWN) {
        let effect = &all.effects[input];
        let Swing { p10, p90, swing, .. } = effect.swing;
        rows.push(vec![
            subject.inputs[input].0.clone(),
            percent(effect.shapley.value),
            range(effect.shapley),
            signed(swing.value),
            short(p10),
            short(p90),
            percent(effect.first.value),
            if all.bounds_totals() { range(all.total(input)) } else { percent(effect.total.value) },
            ranked(effect.rank.value),
        ]);
    }
    rows.extend(others(subject, all, header.len()));
    rows.extend(subject.rests(all).into_iter().map(|(name, rest)| last(name, rest, header.len())));
    rows
}

/// A rank correlation; a category has none.
fn ranked(value: f64) -> String {
    if value.is_nan() { "–".to_owned() } else { format!("{:+.2}", tidy(value, 0.005)) }
}

/// The table of the worst 5%.
fn worst(
    subject: &Subject,
    analysis: &Analysis,
    reaching: &Scoped,
    within: &Scoped,
) -> Vec<Vec<String>> {
    let header = [
        "input",
        "getting there",
        "95%",
        "chance at p10",
        "at p90",
        "median there",
        "percentile",
        "within",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for input in reaching.ranking().into_iter().take(SHOWN) {
        let (effect, place) = (&reaching.effects[input], &analysis.placements[input]);
        rows.push(vec![
            subject.inputs[input].0.clone(),
            percent(effect.shapley.value),
            range(effect.shapley),
            percent(effect.swing.at_p10.value),
            percent(effect.swing.at_p90.value),
            short(place.worst_median),
            match place.percentile.value {
                none if none.is_nan() => "–".to_owned(),
                value => format!("{:.0}", value * 100.0),
            },
            percent(within.effects[input].shapley.value),
        ]);
    }
    for (name, rest) in subject.rests(reaching) {
        rows.push(last(name, rest, header.len()));
    }
    for (name, rest) in subject.rests(within) {
        let mut row = last(name, Interval::default(), header.len());
        row[1..=2].fill(String::new());
        row[header.len() - 1] = percent(rest.value);
        rows.push(row);
    }
    rows
}

/// The row of all inputs that are not shown.
fn others(subject: &Subject, scoped: &Scoped, cells: usize) -> Option<Vec<String>> {
    let left = scoped.ranking().split_off(SHOWN.min(subject.inputs.len()));
    let sum: f64 = left.iter().map(|input| scoped.effects[*input].shapley.value).sum();
    let mut row = vec![format!("{} others", left.len()), percent(sum)];
    row.resize(cells, String::new());
    (!left.is_empty()).then_some(row)
}

fn last(name: &str, rest: Interval, cells: usize) -> Vec<String> {
    let mut row = vec![name.to_owned(), percent(rest.value), range(rest)];
    row.resize(cells, String::new());
    row
}

/// Three significant digits.
fn short(value: f64) -> String {
    match value.abs() {
        none if none.is_nan() => "–".to_owned(),
        0.0 => "0".to_owned(),
        size if !(1e-3..1e6).contains(&size) => format!("{value:.2e}"),
        size => {
            let places = [100.0, 10.0, 1.0, 0.1, 0.01];
            let places = places.iter().position(|step| size >= *step).unwrap_or(places.len());
            format!("{value:.places$}")
        }
    }
}

fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", short(value)) } else { short(value) }
}

fn percent(share: f64) -> String {
    if share.is_nan() {
        return "–".to_owned();
    }
    format!("{:.1}%", tidy(share * 100.0, 0.05))
}

fn range(interval: Interval) -> String {
    let [low, high] = [interval.low, interval.high].map(|end| tidy(end * 100.0, 0.05));
    format!("{low:.1} to {high:.1}")
}

/// Zero instead of a negative number that would be shown as `-0.0`.
fn tidy(value: f64, half_step: f64) -> f64 {
    if value.abs() < half_step { 0.0 } else { value }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Writes a table: names to the left, the rest to the right, as many columns as fit.
fn table(text: &mut String, rows: &[Vec<String>], width: usize, colour: bool) {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| rows.iter().map(|row| length(&row[column])).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns).map(widest).collect();
    let others = |widths: &[usize]| widths[1..].iter().map(|width| width + 2).sum::<usize>();
    while widths.len() > 2 && NAME.min(widths[0]) + others(&widths) > width {
        widths.pop();
    }
    widths[0] = widths[0].min(width.saturating_sub(others(&widths)).max(NAME.min(widths[0])));
    for (index, row) in rows.iter().enumerate() {
        let mut line = format!("{:<width$}", cut(&row[0], widths[0]), width = widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            let _ = write!(line, "  {cell:>width$}");
        }
        paint(text, &line, if index == 0 { BOLD } else { "" }, colour && index == 0);
    }
}

/// A name without its middle where it is too long.
fn cut(name: &str, width: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= width || width < 3 {
        return letters.into_iter().take(width).collect();
    }
    let head = (width - 1) / 2;
    let tail = width - 1 - head;
    let start: String = letters[..head].iter().collect();
    let end: String = letters[letters.len() - tail..].iter().collect();
    format!("{start}…{end}")
}

fn paint(text: &mut String, line: &str, code: &str, colour: bool) {
    let (start, stop) = if colour { (code, PLAIN) } else { ("", "") };
    let _ = writeln!(text, "{start}{}{stop}", line.trim_end());
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if length(&lines[last]) + 1 + length(word) > width.max(20) {
            lines.push(word.to_owned());
        } else {
            lines[last].push(' ');
            lines[last].push_str(word);
        }
    }
    lines
}

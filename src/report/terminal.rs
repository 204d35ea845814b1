//! The table a committee reads in a terminal, and a small histogram where there is room.

use super::build::{Bar, Distribution, Report};
use std::fmt::Write;

/// Blocks of rising height.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Width from which the histogram is drawn, and its number of columns.
const WIDE: usize = 100;
const COLUMNS: usize = 24;

const BOLD: &str = "\u{1b}[1m";
const FAINT: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// A row a scenario: median and 5–95% of the 10-year impact at the end, its error, the chance of a peak of 50 bp
/// or more, the main channel. Without escape codes unless `colour`.
pub fn terminal(reports: &[Report], width: usize, colour: bool) -> String {
    let wide = width >= WIDE;
    let shown: Vec<[String; 6]> = reports.iter().map(cells).collect();
    let header = ["scenario", "median", "± mcse", "5% to 95%", "peak ≥ 50 bp", "main channel"];
    let mut widths = header.map(length);
    for row in &shown {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(length(cell));
        }
    }
    let others: usize = widths[1..].iter().map(|width| width + 2).sum();
    let wide = wide && widths[0] + others + COLUMNS + 2 <= width;
    let picture = if wide { COLUMNS + 2 } else { 0 };
    let room = width.saturating_sub(others + picture);
    widths[0] = widths[0].min(room.max(length(header[0])));
    let (low, high) = common_range(reports);
    let mut text = String::from("Impact on the 10-year Treasury yield at the end, in bp\n");
    let mut title = line(&header.map(str::to_owned), &widths);
    if wide {
        let _ = write!(title, "  {low:.0} to {high:.0} bp");
    }
    paint(&mut text, &title, BOLD, colour);
    for (row, report) in shown.iter().zip(reports) {
        text.push_str(&line(row, &widths));
        if let Some(end) = report.impact("end").filter(|_| wide) {
            text.push_str("  ");
            text.push_str(&picture_of(&end.bars, low, high));
        }
        text.push('\n');
    }
    let mut paths: Vec<u64> = reports.iter().map(|report| report.paths).collect();
    paths.sort_unstable();
    paths.dedup();
    let paths = paths.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let about = format!(
        "{paths} paths a scenario; ± is one Monte Carlo error of the median; 'main channel' is '-' when the mean is within two errors of zero"
    );
    for line in wrap(&about, width).into_iter().chain(notes(reports, width)) {
        paint(&mut text, &line, FAINT, colour);
    }
    for report in reports {
        text.push_str(&convergence(report));
    }
    text
}

/// Most notes on the screen; the manifest has all.
const NOTES: usize = 4;

/// What a reader must know of the scenarios, each note once, with whose it is where it is not everybody's.
fn notes(reports: &[Report], width: usize) -> Vec<String> {
    let mut notes: Vec<(&str, Vec<&str>)> = Vec::new();
    for report in reports {
        for note in &report.notes {
            match notes.iter_mut().find(|(known, _)| known == note) {
                Some((_, whose)) => whose.push(&report.name),
                None => notes.push((note, vec![&report.name])),
            }
        }
    }
    let more = notes.len().saturating_sub(NOTES);
    let mut lines = Vec::new();
    for (note, whose) in notes.into_iter().take(NOTES) {
        let whose = if whose.len() == reports.len() {
            String::new()
        } else {
            format!("{}: ", whose.join(", "))
        };
        lines.extend(wrap(&format!("note: {whose}{note}"), width));
    }
    if more > 0 {
        lines.push(format!("{more} more notes in manifest.json"));
    }
    lines
}

/// What a stopping rule saw at every check.
fn convergence(report: &Report) -> String {
    let Some((rule, checks)) = &report.checks else { return String::new() };
    let [statistic, metric, unit] = rule.about();
    let mut text = format!(
        "\n{}: {statistic} of {metric} at {}, wanted within ±{} {unit} (95%)\n{:>12}  {:>10}  {:>10}\n",
        report.name,
        rule.horizon(),
        rule.bound(),
        "paths",
        "value",
        "± 95%",
    );
    for check in checks {
        let cell = |value: f64| if value.is_finite() { format!("{value:.3}") } else { "?".into() };
        let met = if check.met { "  met" } else { "" };
        let (value, width) = (cell(check.value), cell(check.half_width));
        let _ = writeln!(text, "{:>12}  {value:>10}  {width:>10}{met}", check.paths);
    }
    text
}

fn cells(report: &Report) -> [String; 6] {
    let end = report.impact("end");
    let quantile = |end: &Distribution, index: usize| end.quantiles[index];
    let median = end.map(|end| quantile(end, 4));
    let peak = report.impact("peak").and_then(|peak| peak.shares);
    let main = report.horizon("end").and_then(|end| report.attribution.get(end)?.main_channel());
    [
        report.name.clone(),
        median.map(|median| short(median.value)).unwrap_or_default(),
        median.map(|median| error(median.mcse)).unwrap_or_default(),
        end.map(|end| {
            format!("{} to {}", short(quantile(end, 1).value), short(quantile(end, 7).value))
        })
        .unwrap_or_default(),
        peak.map(|shares| percent(shares[1].value)).unwrap_or_default(),
        main.unwrap_or("-").to_owned(),
    ]
}

fn short(value: f64) -> String {
    if value.is_finite() { format!("{:.1}", tidy(value, 0.05)) } else { "?".to_owned() }
}

fn error(value: f64) -> String {
    let places = if value < 0.095 { 2 } else { 1 };
    if value.is_finite() { format!("{value:.places$}") } else { "?".to_owned() }
}

fn percent(share: f64) -> String {
    match share * 100.0 {
        share if share.is_nan() => "?".to_owned(),
        share if share > 0.0 && share < 0.1 => "<0.1%".to_owned(),
        share => format!("{share:.1}%"),
    }
}

/// Zero instead of a negative number that would be shown as `-0.0`.
fn tidy(value: f64, half_step: f64) -> f64 {
    if value.abs() < half_step { 0.0 } else { value }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn line(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let mut line = String::new();
    for (index, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        let cell: String = cell.chars().take(width).collect();
        let left = index == 0 || index == 5;
        let gap = if index == 0 { "" } else { "  " };
        let _ = if left {
            write!(line, "{gap}{cell:<width$}")
        } else {
            write!(line, "{gap}{cell:>width$}")
        };
    }
    line
}

fn paint(text: &mut String, line: &str, code: &str, colour: bool) {
    let (start, stop) = if colour { (code, PLAIN) } else { ("", "") };
    let _ = writeln!(text, "{start}{}{stop}", line.trim_end());
}

/// Cuts a text into lines at its spaces, none longer than `width` (at least 20) where words allow it.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && length(&lines[last]) + 1 + length(word) > width.max(20) {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

/// One axis for all scenarios: from the lowest 1% to the highest 95%, whole tens of bp.
fn common_range(reports: &[Report]) -> (f64, f64) {
    let ends = reports.iter().filter_map(|report| report.impact("end"));
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for end in ends {
        low = low.min(end.quantiles[0].value);
        high = high.max(end.quantiles[7].value);
    }
    ((low / 10.0).floor() * 10.0, ((high / 10.0).ceil() * 10.0).max(10.0))
}

/// The histogram over the axis; what lies outside is put into the outer columns.
fn picture_of(bars: &[Bar], low: f64, high: f64) -> String {
    let mut columns = [0.0_f64; COLUMNS];
    let width = (high - low) / COLUMNS as f64;
    for bar in bars {
        let (from, to) = ((bar.low - low) / width, (bar.high - low) / width);
        let whole = (to - from).max(f64::MIN_POSITIVE);
        for (index, column) in columns.iter_mut().enumerate() {
            let first = if index == 0 { f64::NEG_INFINITY } else { index as f64 };
            let last = if index == COLUMNS - 1 { f64::INFINITY } else { (index + 1) as f64 };
            let share = if to > from {
                ((to.min(last) - from.max(first)) / whole).max(0.0)
            } else {
                f64::from(u8::from(from >= first && from < last))
            };
            *column += bar.count as f64 * share;
        }
    }
    let tallest = columns.iter().copied().fold(0.0, f64::max);
    let draw = |height: f64| {
        if height <= 0.0 || tallest <= 0.0 {
            return ' ';
        }
        BLOCKS[((height / tallest * 8.0).ceil() as usize).clamp(1, 8) - 1]
    };
    columns.map(draw).iter().collect()
}

//! A comparison as a committee reads it in a terminal.

use super::paired::{Comparison, Difference, Pair};
use super::waterfall::Waterfall;
use crate::model::{IMPACT_10Y, METRICS};
use crate::stats::{Estimate, Z95};
use std::fmt::Write as _;

/// Rows of the table of differences.
const SHOWN: [&str; 8] = ["mean", "p5", "p50", "p95", "p99", "es95", "prob_ge_50bp", "prob_higher"];

/// For each scenario against the base: statistics, channels and waterfall at the horizon `at`.
pub fn terminal(comparison: &Comparison, at: &str, width: usize) -> String {
    let mut text = String::new();
    for pair in &comparison.pairs {
        one(&mut text, pair, at, width);
    }
    let _ = writeln!(
        text,
        "{} paths, the same in every scenario; ± is half a 95% interval of the difference",
        comparison.paths
    );
    text
}

fn one(text: &mut String, pair: &Pair, at: &str, width: usize) {
    let _ = writeln!(text, "{} against {}", pair.scenario, pair.base);
    changes(text, pair, width);
    if pair.other_end && ["end", "peak", "trough"].contains(&at) {
        let _ = writeln!(text, "  `{at}` is not the same day in both: the lengths differ");
    }
    for metric in metrics(pair) {
        let about = METRICS[metric];
        let _ = writeln!(text, "\n{} at {at}, {}", about.name, about.unit);
        let _ = writeln!(
            text,
            "  {:<16}{:>11}{:>11}{:>12}{:>10}",
            "", "base", "scenario", "difference", "±"
        );
        let rows = pair.differences.iter().filter(|row| row.metric == metric && row.horizon == at);
        for row in rows.filter(|row| SHOWN.contains(&row.statistic.as_str())) {
            line(text, row);
        }
    }
    let _ = writeln!(text, "\nmean impact_10y_bp at {at} by channel, bp");
    for row in pair.channels.iter().filter(|row| row.horizon == at) {
        let (base, value) = (fixed(row.base, 2), fixed(row.value, 2));
        let moved = signed(row.difference.value, 2);
        let half = half(row.difference, 2);
        let _ = writeln!(text, "  {:<16}{base:>11}{value:>11}{moved:>12}{half:>10}", row.channel);
    }
    if let Some(waterfall) = &pair.waterfall {
        steps(text, waterfall);
    }
    if !pair.checks.is_empty() {
        let _ = writeln!(text, "\n  {:>12}{:>12}{:>10}", "paths", "difference", "±");
    }
    for check in &pair.checks {
        let (value, width) = (signed(check.value, 3), fixed(check.half_width, 3));
        let met = if check.met { "  met" } else { "" };
        let _ = writeln!(text, "  {:>12}{value:>12}{width:>10}{met}", check.paths);
    }
    text.push('\n');
}

/// What the scenarios assume differently.
fn changes(text: &mut String, pair: &Pair, width: usize) {
    if pair.changes.groups.is_empty() {
        let _ = writeln!(text, "  nothing is assumed differently");
    }
    for group in &pair.changes.groups {
        let keys = if group.keys.len() > 1 { group.keys.join(", ") } else { String::new() };
        let detail = if group.detail.is_empty() { keys } else { group.detail.clone() };
        let line = format!("  {}: {detail}", group.name);
        let line = if line.chars().count() > width {
            let cut: String = line.chars().take(width.saturating_sub(1)).collect();
            cut + "…"
        } else {
            line
        };
        let _ = writeln!(text, "{}", line.trim_end_matches([' ', ':']));
    }
}

/// The metrics of a pair, the 10-year impact first.
fn metrics(pair: &Pair) -> Vec<usize> {
    let mut metrics: Vec<usize> = pair.differences.iter().map(|row| row.metric).collect();
    metrics.sort_unstable();
    metrics.dedup();
    metrics.sort_by_key(|metric| *metric != IMPACT_10Y);
    metrics
}

fn line(text: &mut String, row: &Difference) {
    let (scale, places, sign) = if row.unit == "fraction" && row.statistic.starts_with("prob") {
        (100.0, 1, "%")
    } else {
        (1.0, 2, "")
    };
    let cell = |value: f64| fixed(scale * value, places) + sign;
    let moved = signed(scale * row.difference.value, places) + sign;
    let scaled = Estimate { value: 0.0, mcse: scale * row.difference.mcse };
    let half = half(scaled, places + 1) + sign;
    let (base, value) = (cell(row.base), cell(row.value));
    let _ = writeln!(text, "  {:<16}{base:>11}{value:>11}{moved:>12}{half:>10}", row.statistic);
}

/// The steps from the base to the scenario, for the mean and, where it was taken apart, the 95% quantile.
fn steps(text: &mut String, waterfall: &Waterfall) {
    let shown: Vec<usize> = (0..waterfall.statistics.len())
        .filter(|place| ["mean", "p95"].contains(&waterfall.statistics[*place].name().as_str()))
        .collect();
    let how = if waterfall.exact { "all combinations" } else { "sampled orders" };
    let names: Vec<String> = waterfall.parts.iter().map(|part| part.group.clone()).collect();
    let wide = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(16) + 2;
    let _ = writeln!(text, "\nwhich change does it, bp at {} ({how})", waterfall.at);
    let mut head = format!("  {:<wide$}", "");
    let mut base = format!("  {:<wide$}", "base");
    let mut end = format!("  {:<wide$}", "scenario");
    for place in &shown {
        let _ = write!(head, "{:>11}{:>9}", waterfall.statistics[*place].name(), "±");
        let _ = write!(base, "{:>11}{:>9}", fixed(waterfall.ends[*place][0], 2), "");
        let _ = write!(end, "{:>11}{:>9}", fixed(waterfall.ends[*place][1], 2), "");
    }
    let _ = writeln!(text, "{head}\n{}", base.trim_end());
    for part in &waterfall.parts {
        let mut row = format!("  {:<wide$}", part.group);
        for place in &shown {
            let effect = part.effects[*place];
            let _ = write!(row, "{:>11}{:>9}", signed(effect.value, 2), half(effect, 2));
        }
        let _ = writeln!(text, "{row}");
    }
    let _ = writeln!(text, "{}", end.trim_end());
}

/// A number with some decimal places and no `-0.00`.
fn fixed(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| b"0.".contains(&byte)) => rest.to_owned(),
        _ => text,
    }
}

/// The same with a sign, unless it is exactly zero.
fn signed(value: f64, places: usize) -> String {
    let text = fixed(value, places);
    if value == 0.0 {
        "0".to_owned()
    } else if text.starts_with('-') {
        text
    } else {
        format!("+{text}")
    }
}

/// Half the width of the 95% interval.
fn half(estimate: Estimate, places: usize) -> String {
    if estimate.mcse == 0.0 { "0".to_owned() } else { fixed(Z95 * estimate.mcse, places) }
}

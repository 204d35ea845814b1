//! A sweep in a terminal: a table of its points, and a two-way table where two keys vary.

use super::Sweep;
use super::tables::{axes, cell, plain};
use crate::text::printable;
use std::fmt::Write as _;

/// Most points that are printed.
const SHOWN: usize = 40;

/// Points at the horizon `at`: mean, median, 5–95%, chance of 50 bp.
pub fn terminal(sweep: &Sweep, at: &str) -> String {
    let mut text = format!("{}: impact_10y_bp at {at}, bp\n", sweep.scenario);
    match axes(sweep) {
        Some((down, across)) if across.len() <= 12 && down.len() <= SHOWN => {
            for (column, title) in [("p50_bp", "median"), ("prob_ge_50bp", "chance of ≥ 50 bp")] {
                two_way(&mut text, sweep, at, column, title, &down, &across);
            }
        }
        _ => list(&mut text, sweep, at),
    }
    let done = sweep.rows.len();
    let _ = write!(text, "{done} of {} points", sweep.points.len());
    if sweep.resumed > 0 {
        let _ = write!(text, ", {} of them from the journal", sweep.resumed);
    }
    if sweep.dropped > 0 {
        let dropped = sweep.dropped;
        let _ = write!(text, "; {dropped} more were computed anew: the journal had changed");
    }
    if sweep.unmet > 0 {
        let _ = write!(text, "; {} met the cap of paths before the stopping rule", sweep.unmet);
    }
    text.push('\n');
    if !sweep.whole() {
        text.push_str("stopped: run the same command again to go on\n");
    }
    text
}

fn list(text: &mut String, sweep: &Sweep, at: &str) {
    let columns = ["mean_bp", "p5_bp", "p50_bp", "p95_bp", "es95_bp", "prob_ge_50bp"];
    let mut rows = vec![sweep.keys.clone()];
    rows[0].extend(["mean", "p5", "median", "p95", "es95", "P(≥50)"].map(str::to_owned));
    for (index, point) in sweep.points.iter().take(sweep.rows.len().min(SHOWN)).enumerate() {
        let mut row: Vec<String> =
            point.iter().map(|value| printable(plain(value)).into_owned()).collect();
        row.extend(columns.map(|column| short(cell(sweep, index, at, column), column)));
        rows.push(row);
    }
    lines(text, &rows);
    if sweep.rows.len() > SHOWN {
        let _ = writeln!(text, "  … and {} more in sweep.csv", sweep.rows.len() - SHOWN);
    }
}

fn two_way(
    text: &mut String,
    sweep: &Sweep,
    at: &str,
    column: &str,
    title: &str,
    down: &[String],
    across: &[String],
) {
    let _ = writeln!(text, "\n{title}; down: {}, across: {}", sweep.keys[0], sweep.keys[1]);
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(across.iter().map(|value| printable(plain(value)).into_owned()));
    for (index, value) in down.iter().enumerate() {
        let mut row = vec![printable(plain(value)).into_owned()];
        let points = (0..across.len()).map(|place| index * across.len() + place);
        row.extend(points.map(|point| short(cell(sweep, point, at, column), column)));
        rows.push(row);
    }
    lines(text, &rows);
}

/// A cell with one decimal place, or as a percentage.
fn short(cell: &str, column: &str) -> String {
    match cell.parse::<f64>() {
        Ok(value) if column.starts_with("prob") => format!("{:.1}%", 100.0 * value),
        Ok(value) => format!("{:.1}", if value.abs() < 0.05 { 0.0 } else { value }),
        Err(_) => cell.to_owned(),
    }
}

/// Rows in columns, all to the right but the first.
fn lines(text: &mut String, rows: &[Vec<String>]) {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    for row in rows {
        let mut line = String::from(" ");
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = if index == 0 {
                write!(line, " {cell:<width$}")
            } else {
                write!(line, "  {cell:>width$}")
            };
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

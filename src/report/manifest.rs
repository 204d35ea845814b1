//! `manifest.json`: what ran, on what inputs, into which files, and what the columns mean.

use super::build::{IMPACT_BARS, OTHER_BARS, Report};
use super::series::EXCEL_ROWS;
use crate::files;
use crate::model::{METRICS, REVISION};
use crate::stats::{FAN_PATHS, LEVELS, Outside, PROBABILITIES};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// What the manifest says about the run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Version of the program.
    pub version: String,
    /// Seed.
    pub seed: u64,
    /// Paths asked for.
    pub paths_asked: u64,
    /// Whether the run was stopped before its end.
    pub partial: bool,
    /// Name and text of every input.
    pub inputs: Vec<(String, String)>,
    /// Every data file read.
    pub data_files: Vec<DataFile>,
    /// What a reader must know about the run as a whole.
    pub notes: Vec<String>,
    /// What the columns of further tables mean: table and text.
    pub definitions: Vec<(&'static str, String)>,
}

/// A data file as it was read: which vintage of the data a result rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Name in the folder.
    pub name: String,
    /// Format that it was read as.
    pub format: &'static str,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The manifest over the other files of the run.
pub fn manifest(run: &Run, reports: &[Report], files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let inputs: BTreeMap<&str, String> =
        run.inputs.iter().map(|(name, text)| (name.as_str(), sha256(text.as_bytes()))).collect();
    let outputs: BTreeMap<&str, Value> = files
        .iter()
        .map(|(name, bytes)| {
            (name.as_str(), json!({ "sha256": sha256(bytes), "bytes": bytes.len() }))
        })
        .collect();
    let data: BTreeMap<&str, Value> = run
        .data_files
        .iter()
        .map(|file| {
            let facts =
                json!({ "format": file.format, "bytes": file.bytes, "sha256": file.sha256 });
            (file.name.as_str(), facts)
        })
        .collect();
    let mut notes = run.notes.clone();
    notes.extend(long_tables(files));
    let mut meanings = definitions();
    for (table, text) in &run.definitions {
        meanings[*table] = json!(text);
    }
    let paths_done = reports.iter().map(|report| report.paths).max().unwrap_or(0);
    let manifest = json!({
        "ustress": run.version,
        "revision": REVISION,
        "seed": run.seed,
        "paths_asked": run.paths_asked,
        "paths_done": paths_done,
        "partial": run.partial,
        "scenarios": reports.iter().map(scenario).collect::<Vec<_>>(),
        "inputs_sha256": inputs,
        "data_files": data,
        "outputs": outputs,
        "definitions": meanings,
        "notes": notes,
    });
    format!("{manifest:#}\n").into_bytes()
}

fn scenario(report: &Report) -> Value {
    let mut value = serde_json::to_value(report).unwrap_or_default();
    let horizons = report.horizons.iter();
    let horizons = horizons.map(|at| json!({ "label": at.label, "day": at.day, "date": at.date }));
    value["horizons"] = horizons.collect();
    if let Some(outside) = &report.outside {
        value["outside_known_world"] = outside_known_world(outside);
    }
    value
}

/// Paths that left the known ranges of the metrics, in all and by metric, and the worst of them.
fn outside_known_world(outside: &Outside) -> Value {
    let name = |metric: usize| METRICS[metric].name;
    let counts: BTreeMap<&str, u64> =
        outside.metrics.iter().map(|(metric, count)| (name(*metric), *count)).collect();
    let worst = outside.worst.as_ref().map(|worst| {
        json!({ "path": worst.drawn.path, "metric": name(worst.metric), "value": worst.value })
    });
    json!({ "paths": outside.paths, "by_metric": counts, "worst": worst })
}

fn long_tables(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut notes = Vec::new();
    for (name, bytes) in files {
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
        if name.ends_with(".csv") && rows > EXCEL_ROWS {
            notes.push(format!("{name} has {rows} rows, more than a sheet of Excel can show ({EXCEL_ROWS}): filter it first"));
        }
    }
    notes
}

fn definitions() -> Value {
    let bins: Vec<Value> = METRICS
        .iter()
        .map(|metric| {
            json!({
                "metric": metric.name,
                "unit": metric.unit,
                "bad_end": metric.bad.name(),
                "centre": metric.centre,
                "width_near_centre": metric.scale / 64.0,
                "largest_relative_width_far_from_centre": 1.0 / 512.0,
                "known_range": metric.known.map(|known| [known.low, known.high]),
            })
        })
        .collect();
    json!({
        "revision": "of the model: the same scenario, seed, paths and revision give the same bytes",
        "signs": "yield up is positive; USD/JPY up is a weaker yen; net sales are positive when Japan sells; a loss is positive",
        "time": "day 0 holds the levels before the first step; day n is the n-th US bond-market day on or after the start",
        "horizons": "1w = 5 steps, 1m = 21, 3m = 63, 6m = 126, 12m = 252; end is the last step; peak and trough are the largest and the smallest value of days 1 to the end, on each path's own day",
        "cells": "a text that a spreadsheet would compute or read as a number, a date, a truth value or an error has an apostrophe in front, which is no part of it: one that begins with = + - @ # or an apostrophe, one with a digit, no underscore and no words but those of numbers, dates and times, and the words for true, false and no number; what does not print is written as \\u{1b}; in a column of numbers that can have a fraction every number has a point, in one of counts, days and paths none",
        "probabilities": PROBABILITIES,
        "quantiles": "R7 (PERCENTILE.INC) by rank over bins with fixed edges, interpolated by rank between the smallest and the largest value of the bin",
        "mcse": "one Monte Carlo standard error: order statistics for quantiles, sd / sqrt(n) for means, influence functions for expected shortfall, fourth moments for standard deviations, binomial for shares; for few paths it is widened: by 1 + 2/k for quantiles (k: expected paths beyond), by 1 + 4/k for shortfalls (k: paths in the tail), by 1 + 20/k for standard deviations (k: n over the kurtosis), and blank with k below 2 and below 10; a share of 0 or 1 has the distance to the far end of its 95% Wilson interval divided by 1.96",
        "expected_shortfall": "es95 and es99 are the means of the upper ceil(0.05 n) and ceil(0.01 n) paths, of every metric, whichever end is bad (bad_end under bins)",
        "shares": format!("prob_ge_{}bp and so on count paths at or above the level exactly; prob_20_to_50bp counts 20 <= x < 50", LEVELS[0]),
        "outside_known_world": "paths whose peak or trough of a metric lies outside the range in which the model is known to hold (known_range under bins; that of equity_pct is for a year, beyond which the logs of its ends grow with the root of the years), in all and by metric; worst is the path furthest out by the width of the range",
        "attribution": "mean of each channel of the 10-year impact; at peak and trough, the channels of that path's peak or trough day; share is blank when the total is within two errors of zero; worst5 is the mean over the upper ceil(0.05 n) paths by the total at that horizon, the bin at the boundary pro rata",
        "flows": "net sales by calendar month, the last may be partial; quantiles from bins 0.125 USD bn wide near zero and at most 1.6% far from it",
        "fan": format!("quantiles by R7 over the first {FAN_PATHS} paths"),
        "histogram": format!("runs of neighbouring bins, of a length that is the smallest power of two with at most {IMPACT_BARS} bars for impact_10y_bp and {OTHER_BARS} for other metrics; values equal to the centre have a bar without width"),
        "bins": bins,
    })
}

/// Size and SHA-256 of a file, which is read in pieces.
///
/// # Errors
/// A file that cannot be read.
pub fn sha256_of_file(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = files::open(path, files::DATA)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok((size, hexadecimal(&digest.finalize())));
        }
        digest.update(&piece[..count]);
        size += count as u64;
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

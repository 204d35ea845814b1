//! The estimates as a scenario file over `baseline`: `ustress run calibrated.toml`.

use super::{Calibration, Estimate};
use crate::scenario::quoted;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A scenario file that sets what the data support, each number with its source.
pub fn overlay(calibration: &Calibration) -> String {
    let mut tables: BTreeMap<&str, Vec<(&str, &Estimate, &str)>> = BTreeMap::new();
    for estimate in &calibration.estimates {
        let address = estimate.key.as_deref().and_then(|key| key.split_once('.'));
        if let (Some((table, key)), Some(setting)) = (address, estimate.setting.as_deref()) {
            tables.entry(table).or_default().push((key, estimate, setting));
        }
    }
    let window = calibration.window;
    let mut text = format!(
        "# Written by `ustress calibrate`. Numbers that the data do not support keep their defaults.\n\
         title   = \"Calibrated on data from {} to {}\"\n\
         story   = \"The baseline with volatilities, correlations, jumps and responses estimated on a folder of data. \
         Market levels, holdings and the elasticity are those of the baseline.\"\n\
         extends = \"baseline\"\n",
        window.from, window.to
    );
    for (table, numbers) in &tables {
        let _ = writeln!(text, "\n[{table}]");
        for (key, _, setting) in numbers {
            let _ = writeln!(text, "{key} = {setting}");
        }
    }
    if !tables.is_empty() {
        text.push_str("\n[sources]\n");
    }
    for (table, numbers) in &tables {
        for (key, estimate, _) in numbers {
            let address = quoted(&format!("{table}.{key}"));
            let _ = writeln!(text, "{address} = {}", quoted(&source(estimate)));
        }
    }
    text
}

/// Files, sample, method and error in a line.
fn source(estimate: &Estimate) -> String {
    let sample = &estimate.sample;
    let files = sample.files.join(", ");
    let error = estimate.standard_error.map_or(String::new(), |error| format!(" ± {error:.4}"));
    format!(
        "ustress calibrate, {} = {:.4}{error}: {files}, {} to {}, {} observations; {}",
        estimate.name, estimate.value, sample.from, sample.to, sample.observations, estimate.method
    )
}

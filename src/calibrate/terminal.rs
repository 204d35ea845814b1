//! A calibration in a terminal: estimates beside the model's defaults, and what the data cannot tell.

use super::{Calibration, Estimate};
use std::fmt::Write as _;

/// Widest default or setting that is printed.
const WIDEST: usize = 22;

/// Estimates, projections, and plain sentences.
pub fn terminal(calibration: &Calibration) -> String {
    let window = calibration.window;
    let mut text = format!("Estimates on data from {} to {}\n", window.from, window.to);
    let _ = writeln!(
        text,
        "{:<28} {:>9}   {:<8} {:>5}  {:<25} {:>6}  {:<22} overlay sets",
        "name", "estimate", "± se", "obs", "unit", "R² out", "default in model"
    );
    for estimate in &calibration.estimates {
        let _ = writeln!(text, "{}", row(calibration, estimate).trim_end());
    }
    projections(&mut text, calibration);
    if !calibration.cannot_tell.is_empty() {
        text.push_str("\nWhat the data cannot tell\n");
    }
    for sentence in &calibration.cannot_tell {
        let _ = writeln!(text, "- {sentence}");
    }
    text
}

fn row(calibration: &Calibration, estimate: &Estimate) -> String {
    let default = estimate.key.as_ref().and_then(|key| calibration.defaults.get(key));
    let error =
        estimate.standard_error.map_or(String::new(), |error| format!("± {}", short(error)));
    let setting = estimate.setting.as_deref().unwrap_or("-");
    let out = estimate.out_of_sample.map_or(String::new(), |value| format!("{value:.2}"));
    format!(
        "{:<28} {:>9}   {error:<8} {:>5}  {:<25} {out:>6}  {:<22} {}",
        estimate.name,
        short(estimate.value),
        estimate.sample.observations,
        estimate.unit,
        clipped(default.map_or("-", String::as_str)),
        clipped(setting),
    )
}

fn short(value: f64) -> String {
    let decimals = if value.abs() < 10.0 { 3 } else { 1 };
    format!("{value:.decimals$}")
}

/// A number as it is; a distribution as `lognormal(0.3, 0.45)`, cut to the column.
fn clipped(text: &str) -> String {
    let words: Vec<&str> =
        text.split([' ', ',', '{', '}', '=']).filter(|word| !word.is_empty()).collect();
    let numbers: Vec<&str> =
        words.iter().copied().filter(|word| word.parse::<f64>().is_ok()).collect();
    let plain = match words.first() {
        Some(name) if words.len() > 1 => format!("{name}({})", numbers.join(", ")),
        _ => text.to_owned(),
    };
    if plain.chars().count() <= WIDEST {
        return plain;
    }
    plain.chars().take(WIDEST - 1).chain(std::iter::once('…')).collect()
}

fn projections(text: &mut String, calibration: &Calibration) {
    if calibration.projections.is_empty() {
        return;
    }
    text.push_str(
        "\n10-year after sales, bp per USD 100bn (local projections; associations, not effects)\n",
    );
    for found in &calibration.projections {
        let _ = writeln!(
            text,
            "{:<16} {} months on {:>7.1} ± {:<6.1} {:>4} months, {} with a flow",
            found.regressor,
            found.horizon,
            found.bp_per_100bn,
            found.standard_error,
            found.sample.observations,
            found.months_with_flow,
        );
    }
}

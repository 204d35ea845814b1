//! `plausibility.csv`.

use super::{MEASURES, Plausibility, Score};
use crate::report::{Columns, Table, number};

/// The columns of `plausibility.csv`.
const SCORES: &str = "a row per scenario and thing scored; low, median, high: 5%, 50%, 95% points of an input's distribution or of the first paths (an event's in terms of its measure: see note); distance_sd: median over yardstick_sd, the standard deviation of everyday shocks of so many days (events of markets), of the record around its mean (sales, results), or a Mahalanobis distance (together); everyday_chance: that everyday normal shocks of one such window lie as far out, 0.000001 at least; too small for far ones, since real shocks have fat tails; percentile_*: share of the record, or of the prior, below (a sale of 0 lies high in the record of a holder who mostly bought; the impact is set against all moves of the 10-year, not against effects of sales); record_*: extremes of overlapping windows of record_days days from record_from to record_to, the nearest to days that the record has; beyond_share: paths, or share of an event's distribution, beyond the record, beyond all studies (effect) or at the limit, worst_share: the same of the worst 5% of impact_10y_bp at the end; flag: why a result rests on extrapolation: from a twentieth of the paths or of an event's distribution, or a quarter of 20 or more worst paths, on";

/// The columns of `record.csv`.
const RECORD: &str = "a row per measure and length of window: standard deviation and quantiles (p0 the largest fall, p100 the largest rise) of overlapping changes, last days of the windows with the largest fall and rise";

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    let measures =
        MEASURES.map(|measure| format!("{} ({}): {}", measure.name, measure.unit, measure.about));
    vec![
        ("plausibility.csv", SCORES.to_owned()),
        ("record.csv", format!("{RECORD}. Measures: {}", measures.join("; "))),
    ]
}

/// Least chance that is told.
const LEAST_CHANCE: f64 = 1e-6;

/// A row a score.
pub fn table(found: &[Plausibility]) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["scenario", "part", "item", "measure", "unit"])
            .count(["days"])
            .real([
                "low",
                "median",
                "high",
                "yardstick_sd",
                "distance_sd",
                "everyday_chance",
                "percentile_low",
                "percentile_median",
                "percentile_high",
                "record_low",
            ])
            .date(["record_low_date"])
            .real(["record_high"])
            .date(["record_high_date"])
            .count(["record_days", "record_windows"])
            .date(["record_from", "record_to"])
            .real(["beyond_share", "worst_share"])
            .count(["paths"])
            .text(["flag", "note"]),
    );
    for plausibility in found {
        for score in &plausibility.scores {
            table.row(cells(plausibility, score));
        }
    }
    table.finish()
}

fn cells(plausibility: &Plausibility, score: &Score) -> Vec<String> {
    let optional = |value: Option<f64>| value.map(number).unwrap_or_default();
    let standing = score.standing.as_ref();
    let percentiles = standing.map(|standing| standing.percentiles).or(score.percentiles);
    let of_record = |value: fn(&super::Standing) -> String| standing.map(value).unwrap_or_default();
    let mut cells = vec![
        plausibility.scenario.clone(),
        score.part.name().to_owned(),
        score.item.clone(),
        score.measure.to_owned(),
        score.unit.to_owned(),
        score.days.map(|days| days.to_string()).unwrap_or_default(),
    ];
    cells.extend(score.values.map(number));
    // Below a millionth a normal tail says nothing.
    let chance = score.chance.map(|chance| chance.max(LEAST_CHANCE));
    cells.extend([score.yardstick_sd, score.distance_sd, chance].map(optional));
    cells.extend([0, 1, 2].map(|place| optional(percentiles.map(|found| found[place]))));
    cells.extend([
        of_record(|standing| number(standing.low.0)),
        of_record(|standing| standing.low.1.to_string()),
        of_record(|standing| number(standing.high.0)),
        of_record(|standing| standing.high.1.to_string()),
        of_record(|standing| standing.days.to_string()),
        of_record(|standing| standing.windows.to_string()),
        of_record(|standing| standing.period.0.to_string()),
        of_record(|standing| standing.period.1.to_string()),
    ]);
    cells.extend([0, 1].map(|place| optional(score.shares.map(|shares| shares[place]))));
    let paths = score.shares.map(|_| plausibility.paths.to_string());
    cells.extend([
        paths.unwrap_or_default(),
        score.flag.clone().unwrap_or_default(),
        score.note.clone(),
    ]);
    cells
}

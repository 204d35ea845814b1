//! `sweep.csv` and `pivot.csv`.

use super::Sweep;
use crate::report::{Checks, Columns, Table, summary_columns};

/// Statistics of `pivot.csv`, as columns of `sweep.csv`.
const PIVOTED: [&str; 8] =
    ["mean_bp", "p5_bp", "p50_bp", "p95_bp", "p99_bp", "es95_bp", "prob_ge_20bp", "prob_ge_50bp"];

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    [
        ("sweep.csv", "a row per point and horizon: the values of the keys, then the columns of summary.csv; every point has the same paths"),
        ("pivot.csv", "for two keys on a grid: a block of rows per statistic and horizon, the first key down, the second across"),
    ]
    .map(|(table, text)| (table, text.to_owned()))
    .into()
}

/// Columns of a row behind the keys.
pub(super) fn columns(sweep: &Sweep) -> Vec<String> {
    let mut columns = ["horizon", "date", "paths"].map(str::to_owned).to_vec();
    columns.extend(numbers(sweep));
    columns
}

/// Those behind the number of paths.
fn numbers(sweep: &Sweep) -> Vec<String> {
    let mut columns = summary_columns();
    if sweep.until.is_some() {
        columns.push("half_width_95".to_owned());
    }
    columns
}

/// Columns with those of the keys behind, each of the kind of its values.
fn with_keys(columns: Columns, sweep: &Sweep, keys: std::ops::Range<usize>) -> Columns {
    keys.fold(columns, |columns, key| {
        let values: Vec<&str> = sweep.points.iter().map(|point| plain(&point[key])).collect();
        columns.written(&sweep.keys[key], &values)
    })
}

/// A value as a spreadsheet wants it: a text without its quotes.
pub(super) fn plain(value: &str) -> &str {
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.unwrap_or(value)
}

/// `sweep.csv`: a row per finished point and horizon.
pub fn table(sweep: &Sweep) -> Vec<u8> {
    let columns = Columns::default().text(["scenario"]).count(["point"]);
    let columns = with_keys(columns, sweep, 0..sweep.keys.len()).text(["horizon"]);
    let mut table = Table::new(columns.date(["date"]).count(["paths"]).real(numbers(sweep)));
    for (index, (point, rows)) in sweep.points.iter().zip(&sweep.rows).enumerate() {
        let number = (index + 1).to_string();
        for row in rows {
            let names = [sweep.scenario.as_str(), &number];
            let values = point.iter().map(|value| plain(value));
            table.row(names.into_iter().chain(values).chain(row.iter().map(String::as_str)));
        }
    }
    table.finish()
}

/// `convergence.csv`: what the stopping rule saw of every point at every check; none without a rule.
pub fn convergence(sweep: &Sweep) -> Option<Vec<u8>> {
    let rule = sweep.until.as_ref()?;
    let mut table = Checks::new(Columns::default().text(["scenario"]).count(["point"]), "value");
    for (index, checks) in sweep.checks.iter().enumerate() {
        let point = (index + 1).to_string();
        for check in checks {
            let [paths, value, width] = check.as_slice() else { continue };
            table.row(&[&sweep.scenario, &point], rule, [paths, value, width]);
        }
    }
    Some(table.finish())
}

/// The cell of a finished point at a horizon.
pub(super) fn cell<'a>(sweep: &'a Sweep, point: usize, horizon: &str, column: &str) -> &'a str {
    let place = columns(sweep).iter().position(|known| known == column);
    let row = sweep.rows.get(point).and_then(|rows| rows.iter().find(|row| row[0] == horizon));
    row.zip(place).and_then(|(row, place)| row.get(place)).map_or("", String::as_str)
}

/// `pivot.csv`; none unless two keys vary on a grid.
pub fn pivot(sweep: &Sweep) -> Option<Vec<u8>> {
    let (down, across) = axes(sweep)?;
    let columns = with_keys(Columns::default().text(["statistic", "horizon"]), sweep, 0..1);
    let titles = across.iter().map(|value| format!("{}={}", sweep.keys[1], plain(value)));
    let mut table = Table::new(columns.real(titles));
    let horizons: Vec<&str> =
        sweep.rows.first().map(|rows| rows.iter().map(|row| row[0].as_str()).collect())?;
    for statistic in PIVOTED {
        for horizon in &horizons {
            for (row, value) in down.iter().enumerate() {
                let names = [statistic, horizon, plain(value)];
                let cells = (0..across.len())
                    .map(|column| cell(sweep, row * across.len() + column, horizon, statistic));
                table.row(names.into_iter().chain(cells));
            }
        }
    }
    Some(table.finish())
}

/// Values of the two keys of a grid, down and across.
pub(super) fn axes(sweep: &Sweep) -> Option<(Vec<String>, Vec<String>)> {
    if sweep.keys.len() != 2 {
        return None;
    }
    let values = |key: usize| {
        let mut values: Vec<String> = Vec::new();
        for point in &sweep.points {
            if !values.contains(&point[key]) {
                values.push(point[key].clone());
            }
        }
        values
    };
    let (down, across) = (values(0), values(1));
    let grid = down.iter().flat_map(|a| across.iter().map(move |b| [a, b]));
    let same = down.len() * across.len() == sweep.points.len()
        && grid
            .zip(&sweep.points)
            .all(|(want, point)| want[0] == &point[0] && want[1] == &point[1]);
    same.then_some((down, across))
}

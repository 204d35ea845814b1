//! The long tables: `flows.csv`, `fan.csv`, `histogram.csv`, `paths.csv`.

use super::build::Report;
use super::table::{Columns, Table, exact, number};
use crate::model::METRICS;

/// Rows of a sheet in Excel, header included.
pub const EXCEL_ROWS: usize = 1_048_576;

/// `flows.csv`: net sales by holder and calendar month.
pub fn flows(reports: &[Report]) -> Vec<u8> {
    let columns = Columns::default().text(["scenario", "holder"]).date(["month"]).real([
        "mean_usd_bn",
        "p5_usd_bn",
        "p50_usd_bn",
        "p95_usd_bn",
    ]);
    let mut table = Table::new(columns);
    for report in reports {
        for row in &report.flows {
            let [mean, low, middle, high] = row.values;
            let values = [exact(mean), number(low), number(middle), number(high)];
            let names = [report.name.as_str(), row.holder, &row.month];
            table.row(names.into_iter().chain(values.iter().map(String::as_str)));
        }
    }
    table.finish()
}

/// `fan.csv`: quantiles of the main metrics over time.
pub fn fan(reports: &[Report]) -> Vec<u8> {
    let columns = Columns::default()
        .text(["scenario", "metric", "unit"])
        .count(["day"])
        .date(["date"])
        .real(["p5", "p25", "p50", "p75", "p95"]);
    let mut table = Table::new(columns);
    for report in reports {
        for point in &report.fan {
            let metric = METRICS[point.metric];
            let day = point.day.to_string();
            let names = [report.name.as_str(), metric.name, metric.unit, &day, &point.date];
            let values = point.values.map(number);
            table.row(names.into_iter().chain(values.iter().map(String::as_str)));
        }
    }
    table.finish()
}

/// `histogram.csv`: counts of paths between two edges; what is empty is left out.
pub fn histogram(reports: &[Report]) -> Vec<u8> {
    let columns = Columns::default()
        .text(["scenario", "metric", "unit", "horizon"])
        .real(["low", "high"])
        .count(["count"]);
    let mut table = Table::new(columns);
    for report in reports {
        for (index, metric) in METRICS.iter().enumerate() {
            for (position, horizon) in report.horizons.iter().enumerate() {
                let bars = report.at(position, index).map(|found| found.bars.as_slice());
                for bar in bars.unwrap_or_default() {
                    let names = [report.name.as_str(), metric.name, metric.unit, &horizon.label];
                    let values = [number(bar.low), number(bar.high), bar.count.to_string()];
                    table.row(names.into_iter().chain(values.iter().map(String::as_str)));
                }
            }
        }
    }
    table.finish()
}

/// `paths.csv`: outcomes and drawn quantities of the first paths. A quantity that a scenario does not have is blank.
pub fn paths(reports: &[Report]) -> Vec<u8> {
    let outcomes = reports.iter().map(|report| &report.kept.outcomes);
    let outcomes = outcomes.max_by_key(|outcomes| outcomes.len()).cloned().unwrap_or_default();
    let mut draws: Vec<&str> = Vec::new();
    for address in reports.iter().flat_map(|report| &report.kept.draws) {
        if !draws.contains(&address.as_str()) {
            draws.push(address);
        }
    }
    let columns = Columns::default().text(["scenario"]).count(["path"]);
    let mut table = Table::new(columns.real(outcomes.clone()).real(draws.iter().copied()));
    for report in reports {
        let places: Vec<Option<usize>> = draws
            .iter()
            .map(|address| report.kept.draws.iter().position(|own| own == address))
            .collect();
        for (path, values) in &report.kept.rows {
            let value = |place: usize| values.get(place).copied().map(exact).unwrap_or_default();
            let mut row = vec![report.name.clone(), path.to_string()];
            row.extend((0..outcomes.len()).map(value));
            let draw = |place: &Option<usize>| place.map(|place| value(outcomes.len() + place));
            row.extend(places.iter().map(|place| draw(place).unwrap_or_default()));
            table.row(row);
        }
    }
    table.finish()
}

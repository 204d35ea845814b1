//! The tables of the distribution: `summary.csv`, `quantiles.csv`, `statistics.csv`, `attribution.csv`.

use super::build::{Distribution, Report};
use super::table::{Columns, Table, exact, number};
use crate::model::{CHANNELS, IMPACT_10Y, METRICS};
use crate::stats::{Estimate, PROBABILITIES, StopRule};

/// Names of the shares of paths above round levels.
const SHARES: [&str; 4] = ["prob_ge_20bp", "prob_ge_50bp", "prob_ge_100bp", "prob_20_to_50bp"];

/// The columns of `summary.csv` behind `paths`.
pub fn summary_columns() -> Vec<String> {
    let mut columns: Vec<String> = ["mean_bp", "mean_mcse_bp", "sd_bp"].map(str::to_owned).into();
    columns.extend(PROBABILITIES.iter().map(|p| format!("p{:.0}_bp", p * 100.0)));
    columns.extend(["es95_bp", "es99_bp"].map(str::to_owned));
    columns.extend(SHARES.map(str::to_owned));
    columns
}

/// The cells of a row of `summary.csv` from `paths` on.
pub fn summary_cells(paths: u64, impact: &Distribution) -> Vec<String> {
    let mut row = vec![paths.to_string()];
    row.extend([impact.mean.value, impact.mean.mcse, impact.sd.value].map(number));
    row.extend(impact.quantiles.iter().map(|quantile| number(quantile.value)));
    row.extend([impact.es95.value, impact.es99.value].map(number));
    let shares = impact.shares.map(|shares| shares.map(|share| number(share.value)));
    row.extend(shares.unwrap_or_default());
    row
}

/// `summary.csv`: a row per scenario and horizon, the 10-year impact.
pub fn summary(reports: &[Report]) -> Vec<u8> {
    let columns = Columns::default().text(["scenario", "horizon"]).date(["date"]).count(["paths"]);
    let mut table = Table::new(columns.real(summary_columns()));
    for report in reports {
        for (index, horizon) in report.horizons.iter().enumerate() {
            let Some(impact) = report.at(index, IMPACT_10Y) else { continue };
            let mut row = vec![report.name.clone(), horizon.label.clone(), horizon.date.clone()];
            row.extend(summary_cells(report.paths, impact));
            table.row(row);
        }
    }
    table.finish()
}

/// Calls `row` for every scenario, metric and horizon with the first four cells of a tidy table.
fn each_cell(reports: &[Report], mut row: impl FnMut([&str; 4], &Distribution)) {
    for report in reports {
        for (index, metric) in METRICS.iter().enumerate() {
            for (position, horizon) in report.horizons.iter().enumerate() {
                let Some(distribution) = report.at(position, index) else { continue };
                row([&report.name, metric.name, metric.unit, &horizon.label], distribution);
            }
        }
    }
}

/// `quantiles.csv`: every metric, horizon and probability with its error.
pub fn quantiles(reports: &[Report]) -> Vec<u8> {
    let columns = Columns::default().text(["scenario", "metric", "unit", "horizon"]);
    let mut table = Table::new(columns.real(["probability", "value", "mcse"]));
    each_cell(reports, |[scenario, metric, unit, horizon], distribution| {
        for (probability, quantile) in PROBABILITIES.iter().zip(&distribution.quantiles) {
            let [value, mcse] = [quantile.value, quantile.mcse].map(number);
            table.row([scenario, metric, unit, horizon, &number(*probability), &value, &mcse]);
        }
    });
    table.finish()
}

/// `statistics.csv`: mean, standard deviation, expected shortfall and shares of paths with their errors.
pub fn statistics(reports: &[Report]) -> Vec<u8> {
    let columns = Columns::default().text(["scenario", "metric", "unit", "horizon", "statistic"]);
    let mut table = Table::new(columns.real(["value", "mcse"]));
    each_cell(reports, |[scenario, metric, unit, horizon], distribution| {
        let mut add = |statistic: &str, estimate: Estimate| {
            let [value, mcse] = [estimate.value, estimate.mcse].map(number);
            let unit = if statistic.starts_with("prob_") { "fraction" } else { unit };
            table.row([scenario, metric, unit, horizon, statistic, &value, &mcse]);
        };
        add("mean", distribution.mean);
        add("sd", distribution.sd);
        add("es95", distribution.es95);
        add("es99", distribution.es99);
        for (name, share) in SHARES.iter().zip(distribution.shares.iter().flatten()) {
            add(name, *share);
        }
    });
    table.finish()
}

/// `attribution.csv`: the mean of every channel; the rows of a horizon add up to its row `total`.
pub fn attribution(reports: &[Report]) -> Vec<u8> {
    let columns = Columns::default().text(["scenario", "horizon", "channel"]);
    let mut table = Table::new(columns.real(["mean_bp", "mcse_bp", "share", "worst5_mean_bp"]));
    for report in reports {
        for (horizon, parts) in report.horizons.iter().zip(&report.attribution) {
            let mut add = |channel: &str, mean: Estimate, share: Option<f64>, worst: f64| {
                let share = share.map(exact).unwrap_or_default();
                let (name, label) = (&report.name, &horizon.label);
                let [value, worst] = [mean.value, worst].map(exact);
                table.row([name, label, channel, &value, &number(mean.mcse), &share, &worst]);
            };
            for (index, channel) in CHANNELS.iter().enumerate() {
                let (mean, worst) = (parts.channels[index], parts.worst[index]);
                add(channel, mean, parts.share(index), worst);
            }
            add("total", parts.total, parts.certain().then_some(1.0), parts.worst_total);
        }
    }
    table.finish()
}

/// `convergence.csv`: what a stopping rule saw at every check.
pub fn convergence(reports: &[Report]) -> Vec<u8> {
    let mut table = Checks::new(Columns::default().text(["scenario"]), "value");
    for report in reports {
        let Some((rule, checks)) = &report.checks else { continue };
        for check in checks {
            let [value, width] = [check.value, check.half_width].map(number);
            table.row(&[&report.name], rule, [&check.paths.to_string(), &value, &width]);
        }
    }
    table.finish()
}

/// A `convergence.csv`, whatever names its rows.
pub(crate) struct Checks(Table);

impl Checks {
    /// The columns: those that name what is checked, then what a rule sees, its value under this name.
    pub(crate) fn new(names: Columns, value: &str) -> Self {
        let columns = names.count(["paths"]).text(["metric", "unit", "horizon", "statistic"]);
        Checks(Table::new(columns.real([value, "half_width_95", "bound"])))
    }

    /// A check: names, rule, and paths, value and half-width as text.
    pub(crate) fn row(&mut self, names: &[&str], rule: &StopRule, seen: [&str; 3]) {
        let ([statistic, metric, unit], [paths, value, width]) = (rule.about(), seen);
        let bound = number(rule.bound());
        let behind =
            [paths, &metric, &unit, rule.horizon(), &statistic, value, width, bound.as_str()];
        self.0.row([names, &behind].concat());
    }

    /// The file.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.finish()
    }
}

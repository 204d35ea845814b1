//! `calibration.csv`, `pickup.csv` and `projections.csv`.

use super::Calibration;
use crate::report::{Columns, Table, exact, number};

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    [
        ("calibration.csv", "a row an estimate: value, standard error (Newey-West unless the method says otherwise), method, sample, R2 in and out of the sample (expanding window over the last third, against the mean), the number of the model it speaks to with its default, and what calibrated.toml sets there (blank: the data do not support it)"),
        ("pickup.csv", "a row a month: means of the month in % a year; hedge cost = USD short rate - JPY short rate - basis, a blank basis counts as zero; hedged pickup = UST - hedge cost - JGB"),
        ("projections.csv", "a row a regressor and horizon: change of the month-end 10-year from t-1 to t+h, bp per USD 100bn sold in month t, given the last change and the last flow; an association, not an effect"),
    ]
    .map(|(table, text)| (table, text.to_owned()))
    .into()
}

fn optional(value: Option<f64>) -> String {
    value.map(number).unwrap_or_default()
}

/// `calibration.csv`: a row an estimate.
pub fn calibration_table(calibration: &Calibration) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["name", "unit"])
            .real(["estimate", "standard_error"])
            .text(["method"])
            .date(["from", "to"])
            .count(["observations"])
            .real(["r_squared", "out_of_sample_r_squared"])
            .text(["key"])
            .real(["default_in_model", "set_to"])
            .text(["source_files", "note"]),
    );
    for estimate in &calibration.estimates {
        let key = estimate.key.clone().unwrap_or_default();
        let default = calibration.defaults.get(&key).cloned().unwrap_or_default();
        table.row([
            estimate.name.clone(),
            estimate.unit.to_owned(),
            exact(estimate.value),
            optional(estimate.standard_error),
            estimate.method.clone(),
            estimate.sample.from.to_string(),
            estimate.sample.to.to_string(),
            estimate.sample.observations.to_string(),
            optional(estimate.r_squared),
            optional(estimate.out_of_sample),
            key,
            default,
            estimate.setting.clone().unwrap_or_default(),
            estimate.sample.files.join(" "),
            estimate.note.clone(),
        ]);
    }
    table.finish()
}

/// `pickup.csv`: a row a month.
pub fn pickup_table(calibration: &Calibration) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .date(["month"])
            .real([
                "ust_10y_pct",
                "ust_30y_pct",
                "jgb_10y_pct",
                "jgb_30y_pct",
                "usd_short_pct",
                "jpy_short_pct",
            ])
            .text(["jpy_short_series"])
            .real([
                "basis_pct",
                "hedge_cost_pct",
                "pickup_10y_hedged_pct",
                "pickup_10y_unhedged_pct",
                "pickup_30y_hedged_pct",
                "pickup_30y_unhedged_pct",
            ]),
    );
    for month in &calibration.pickup {
        table.row([
            month.month.clone(),
            optional(month.ust_pct[0]),
            optional(month.ust_pct[1]),
            optional(month.jgb_pct[0]),
            optional(month.jgb_pct[1]),
            number(month.usd_short_pct),
            number(month.jpy_short_pct.0),
            month.jpy_short_pct.1.to_owned(),
            optional(month.basis_pct),
            number(month.hedge_cost_pct()),
            optional(month.hedged_pct(0)),
            optional(month.unhedged_pct(0)),
            optional(month.hedged_pct(1)),
            optional(month.unhedged_pct(1)),
        ]);
    }
    table.finish()
}

/// `projections.csv`: a row a regressor and horizon.
pub fn projections_table(calibration: &Calibration) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["regressor"])
            .count(["horizon_months"])
            .real(["bp_per_usd_100bn", "standard_error"])
            .count(["newey_west_lags"])
            .date(["from", "to"])
            .count(["observations", "months_with_flow"])
            .real(["r_squared", "out_of_sample_r_squared"])
            .text(["source_files"]),
    );
    for found in &calibration.projections {
        table.row([
            found.regressor.to_owned(),
            found.horizon.to_string(),
            number(found.bp_per_100bn),
            number(found.standard_error),
            found.lags.to_string(),
            found.sample.from.to_string(),
            found.sample.to.to_string(),
            found.sample.observations.to_string(),
            found.months_with_flow.to_string(),
            number(found.r_squared),
            optional(found.out_of_sample),
            found.sample.files.join(" "),
        ]);
    }
    table.finish()
}

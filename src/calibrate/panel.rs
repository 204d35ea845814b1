//! Daily series on the days that they have in common, and their changes.

use super::regression::{Regression, out_of_sample, usual_lags};
use super::{Estimate, Sample, Window};
use crate::data::{DataSet, Series};
use std::path::Path;
use time::Date;

/// Fewest daily changes for an estimate.
const FEWEST_DAYS: usize = 60;

/// How a change is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Of a yield in %: in bp.
    Bp,
    /// Of the logarithm: in %.
    LogPercent,
    /// As it is.
    Points,
}

impl Change {
    fn level(self, value: f64) -> f64 {
        match self {
            Change::Bp => 100.0 * value,
            Change::LogPercent => 100.0 * libm::log(value),
            Change::Points => value,
        }
    }

    /// Unit of a daily change.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Change::Bp => "bp a day",
            Change::LogPercent => "% a day",
            Change::Points => "index points a day",
        }
    }
}

/// A series and how its changes are measured.
pub(super) type Column = (&'static str, Change);

/// Most days from one value to the next; a change over a longer gap is none of a day. No run of holidays is as long.
const LONGEST_GAP: i64 = 12;

/// Changes of several series between neighbouring days on which all of them have a value.
#[derive(Debug)]
pub(super) struct Panel {
    /// Day at the end of each change.
    pub(super) dates: Vec<Date>,
    /// A row of changes a series.
    pub(super) changes: Vec<Vec<f64>>,
    /// Day at the beginning of each change.
    begins: Vec<Date>,
    files: Vec<String>,
}

/// A series by name.
pub(super) fn series<'a>(set: &'a DataSet, name: &str) -> Result<&'a Series, String> {
    set.series.get(name).ok_or_else(|| format!("the series {name} is not in the folder"))
}

/// Names of the files of a series, without their folders.
pub(super) fn files(series: &Series) -> Vec<String> {
    let name = |path: &str| {
        let name = Path::new(path).file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    series.file.split('+').map(name).collect()
}

/// Names without repetition, in their order.
pub(super) fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

impl Panel {
    /// The changes within a window.
    pub(super) fn new(set: &DataSet, columns: &[Column], window: Window) -> Result<Self, String> {
        let found =
            columns.iter().map(|(name, _)| series(set, name)).collect::<Result<Vec<_>, _>>();
        let found = found?;
        let mut dates = Vec::new();
        let mut levels: Vec<Vec<f64>> = vec![Vec::new(); columns.len()];
        for (date, _) in &found[0].points {
            if *date < window.from || *date > window.to {
                continue;
            }
            let values: Option<Vec<f64>> = found.iter().map(|series| series.on(*date)).collect();
            let Some(values) = values else { continue };
            dates.push(*date);
            for ((level, value), (_, change)) in levels.iter_mut().zip(values).zip(columns) {
                level.push(change.level(value));
            }
        }
        let near = |place: &usize| (dates[place + 1] - dates[*place]).whole_days() <= LONGEST_GAP;
        let kept: Vec<usize> = (0..dates.len().saturating_sub(1)).filter(near).collect();
        let days = kept.len();
        if days < FEWEST_DAYS {
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            let names = names.join(", ");
            return Err(format!(
                "{days} daily changes of {names} in the window, {FEWEST_DAYS} needed"
            ));
        }
        let differences =
            |level: &Vec<f64>| kept.iter().map(|t| level[t + 1] - level[*t]).collect();
        let changes: Vec<Vec<f64>> = levels.iter().map(differences).collect();
        for ((name, _), values) in columns.iter().zip(&changes) {
            if values.iter().any(|value| !value.is_finite()) {
                return Err(format!("{name} has a value that is not positive"));
            }
        }
        let files = distinct(found.iter().flat_map(|series| files(series)));
        let begins = kept.iter().map(|place| dates[*place]).collect();
        let dates = kept.iter().map(|place| dates[place + 1]).collect();
        Ok(Panel { dates, changes, begins, files })
    }

    /// Day at the beginning of a change.
    pub(super) fn before(&self, place: usize) -> Date {
        self.begins[place]
    }

    /// Changes of the series at this place.
    pub(super) fn of(&self, column: usize) -> &[f64] {
        &self.changes[column]
    }

    /// The sample of all changes.
    pub(super) fn sample(&self) -> Sample {
        self.sample_of(|_| true)
    }

    /// The sample of those changes that are kept.
    pub(super) fn sample_of(&self, keep: impl Fn(usize) -> bool) -> Sample {
        let kept: Vec<usize> = (0..self.dates.len()).filter(|place| keep(*place)).collect();
        let ends = (kept.first().copied().unwrap_or(0), kept.last().copied().unwrap_or(0));
        Sample {
            from: self.dates[ends.0],
            to: self.dates[ends.1],
            observations: kept.len(),
            files: self.files.clone(),
        }
    }

    /// The coefficient on the first of the regressors, with a constant, over the changes that are kept.
    pub(super) fn coefficient(
        &self,
        (name, unit): (&str, &'static str),
        y: &[f64],
        regressors: &[&[f64]],
        keep: impl Fn(usize) -> bool,
    ) -> Result<(Estimate, Regression), String> {
        let kept: Vec<usize> = (0..y.len()).filter(|place| keep(*place)).collect();
        let row = |place: &usize| {
            let others = regressors.iter().map(|values| values[*place]);
            std::iter::once(1.0).chain(others).collect::<Vec<f64>>()
        };
        let rows: Vec<Vec<f64>> = kept.iter().map(row).collect();
        let target: Vec<f64> = kept.iter().map(|place| y[*place]).collect();
        let fit = Regression::fit(&rows, &target).map_err(|error| error.to_string())?;
        let lags = usual_lags(rows.len());
        let error = fit.newey_west(1, lags);
        let method = format!("least squares with a constant, Newey-West with {lags} lags");
        let mut estimate = Estimate::new(
            name,
            unit,
            (fit.coefficients[1], Some(error)),
            method,
            self.sample_of(keep),
        );
        estimate.r_squared = Some(fit.r_squared);
        estimate.out_of_sample = out_of_sample(&rows, &target, 0);
        Ok((estimate, fit))
    }
}

//! Days, series and answers for tests of the calibration.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use time::{Date, Month};
use ustress::calibrate::{Calibration, Window};
use ustress::cli::LIBRARY;
use ustress::data::{DataSet, Frequency, Series};
use ustress::model::CATALOGUE;

pub(crate) fn day(year: i32, month: u8, day: u8) -> Date {
    Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
}

pub(crate) fn window() -> Window {
    Window { from: day(2022, 1, 1), to: day(2026, 6, 30) }
}

pub(crate) fn add(set: &mut DataSet, name: &str, frequency: Frequency, points: Vec<(Date, f64)>) {
    let series = Series {
        name: name.to_owned(),
        unit: "",
        frequency,
        points,
        missing: 0,
        file: format!("/somewhere/{name}.csv"),
    };
    set.series.insert(name.to_owned(), series);
}

pub(crate) fn found(calibration: &Calibration, name: &str) -> (f64, f64) {
    let estimate = calibration.estimates.iter().find(|estimate| estimate.name == name);
    let estimate = estimate.unwrap_or_else(|| panic!("no {name}: {:?}", calibration.cannot_tell));
    (estimate.value, estimate.standard_error.unwrap_or(0.0))
}

pub(crate) fn load(text: &str) -> ustress::scenario::Loaded {
    let resolve = |parent: &str| LIBRARY.find(parent);
    ustress::scenario::load("calibrated.toml", text, &resolve, &[], &CATALOGUE).unwrap()
}

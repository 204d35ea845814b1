//! `calibrate`: estimates from a folder of data, and a scenario overlay made of them.

use super::data::{data_files, doubts};
use super::results::{NONE, Results, folder_of};
use super::{State, tell_results};
use crate::calibrate::{self, Calibration, DEFAULT_FROM, Window};
use crate::data::{DataSet, parse_date, read_folder};
use crate::error::Error;
use crate::model::CATALOGUE;
use crate::report;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use time::{Date, Month};

/// `calibrate`.
#[derive(Debug, Args)]
pub struct CalibrateArguments {
    /// Folder of data files as their publishers give them (`ustress data DIR` says what it holds).
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// First day of the sample, for example 2025-01-01 [default: 2022-01-01].
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<Date>,
    /// Last day of the sample [default: the last day in the data].
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub to: Option<Date>,
    /// Folder of the results [default: output/calibrate].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

pub(super) fn day(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "not a date; write for example 2025-01-01".to_owned())
}

/// Estimates, writes the folder and prints a table; gives the exit code.
///
/// # Errors
/// A folder that cannot be read or holds nothing to estimate from, or results that cannot be written.
pub(super) fn run(arguments: &CalibrateArguments) -> Result<u8, Error> {
    let set = read_folder(&arguments.data)?;
    let window = window(arguments, &set)?;
    let results = Results::claim(arguments.out.as_deref(), folder_of("calibrate", None), NONE)?;
    let calibration = calibrate::calibrate(&set, window, &CATALOGUE);
    if calibration.estimates.is_empty() && calibration.pickup.is_empty() {
        return Err(Error::Usage {
            what: format!(
                "{} holds nothing to estimate from between {} and {}: {}",
                arguments.data.display(),
                window.from,
                window.to,
                calibration.cannot_tell.first().map_or("", String::as_str)
            ),
            remedy: remedy(&arguments.data),
        });
    }
    write(arguments, &set, &calibration, &results)?;
    let doubts = doubts(&set);
    let print = |_| {
        let mut text = calibrate::terminal(&calibration);
        for line in &doubts {
            text.push_str(&format!("- {line}.\n"));
        }
        text
    };
    Ok(tell_results(&[], print, &results, State::default()))
}

fn remedy(folder: &Path) -> String {
    format!("`ustress data {}` says what is there and what is missing", folder.display())
}

/// The sample: what was asked for, else from 2022 to the last day of the series that count.
fn window(arguments: &CalibrateArguments, set: &DataSet) -> Result<Window, Error> {
    let (Some(last), (year, month, day)) = (set.last_day(), DEFAULT_FROM) else {
        return Err(Error::Usage {
            what: format!("{} holds no series that the program knows", arguments.data.display()),
            remedy: remedy(&arguments.data),
        });
    };
    let first = Month::try_from(month).and_then(|month| Date::from_calendar_date(year, month, day));
    let from = arguments.from.or(first.ok()).unwrap_or(Date::MIN);
    let to = arguments.to.unwrap_or(last);
    if from >= to {
        return Err(Error::Usage {
            what: format!("the sample from {from} to {to} holds no day"),
            remedy: format!("choose --from before --to; the data end on {last}"),
        });
    }
    Ok(Window { from, to })
}

fn write(
    arguments: &CalibrateArguments,
    set: &DataSet,
    calibration: &Calibration,
    results: &Results,
) -> Result<(), Error> {
    let mut notes = vec![format!(
        "calibrate on data from {} to {}; seed and paths do not count",
        calibration.window.from, calibration.window.to
    )];
    notes.extend(calibration.cannot_tell.iter().map(|told| format!("the data cannot tell {told}")));
    notes.extend(doubts(set));
    let about = report::Run {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        notes,
        data_files: data_files(&arguments.data, set)?,
        definitions: calibrate::definitions(),
        ..report::Run::default()
    };
    let tables = BTreeMap::from([
        ("calibration.csv".to_owned(), calibrate::calibration_table(calibration)),
        ("pickup.csv".to_owned(), calibrate::pickup_table(calibration)),
        ("projections.csv".to_owned(), calibrate::projections_table(calibration)),
        ("calibrated.toml".to_owned(), calibrate::overlay(calibration).into_bytes()),
    ]);
    let files = report::with_manifest(&about, &[], tables);
    results.write(&files, false)
}

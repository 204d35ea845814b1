//! `plausibility`: how far scenarios lie from experience, and which of their results rest on extrapolation.

use super::args::{How, RunArguments};
use super::data::{data_files, doubts};
use super::edge::mark;
use super::results::{Results, folder_of};
use super::run::{load, simulated};
use super::{State, calibrate, tell_results};
use crate::data::{DataSet, read_folder};
use crate::error::Error;
use crate::plausibility::{Record, definitions, flags, record, table, terminal};
use crate::report;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use time::Date;

/// Most scenarios that are printed whole; of more only the flags.
const MOST_PAGES: usize = 3;

/// `plausibility`.
#[derive(Debug, Args)]
pub struct PlausibilityArguments {
    /// Built-in names, .toml files, or folders of them (the library when none is named).
    pub scenarios: Vec<String>,
    /// How to run.
    #[command(flatten)]
    pub how: How,
    /// Folder of data files that the record is computed from [default: the built-in record].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// First day of that record [default: 1990-01-01].
    #[arg(long, value_name = "DATE", requires = "data", value_parser = calibrate::day)]
    pub since: Option<Date>,
}

/// Runs the scenarios, scores them, writes the folder and prints the scores.
///
/// # Errors
/// A folder of data without a record, a scenario that does not load or run, or results that cannot be written.
pub(super) fn run(arguments: PlausibilityArguments) -> Result<u8, Error> {
    let mut doubted = Vec::new();
    let mut read = Vec::new();
    let known = match &arguments.data {
        None => Record::built_in(),
        Some(folder) => {
            let set = read_folder(folder)?;
            (doubted, read) = (doubts(&set), data_files(folder, &set)?);
            from_data(folder, &set, arguments.since)?
        }
    };
    let asked = RunArguments {
        scenarios: arguments.scenarios,
        how: arguments.how,
        until: None,
        keep_paths: 0,
    };
    let scenarios = load(&asked.scenarios, &asked.how)?;
    let one = match scenarios.names().as_slice() {
        [name] => Some(*name),
        _ => None,
    };
    let out = asked.how.out.as_deref();
    let results = Results::claim(out, folder_of("plausibility", one), scenarios.files(out))?;
    let (finished, inputs) = simulated(&asked, None, scenarios, (&known, false))?;
    let mut about = asked.how.about(inputs, finished.partial);
    about.definitions = definitions();
    doubted.extend(known.missing.iter().map(|missing| format!("no record of {missing}")));
    about.notes.extend(doubted.iter().cloned());
    about.data_files = read;
    let tables = BTreeMap::from([
        ("plausibility.csv".to_owned(), table(&finished.plausibility)),
        ("record.csv".to_owned(), known.table()),
    ]);
    let mut files = report::with_manifest(&about, &finished.reports, tables);
    mark(&mut files, &finished.beyond);
    results.write(&files, finished.partial)?;
    let print = |width| {
        let mut text = match finished.plausibility.as_slice() {
            many if many.len() > MOST_PAGES => flags(many, width),
            few => few.iter().map(|one| terminal(one, width)).collect::<Vec<_>>().join("\n"),
        };
        for line in doubted.iter().flat_map(|line| report::wrap(line, width)) {
            text.push_str(&(line + "\n"));
        }
        text
    };
    let state = State { partial: finished.partial, beyond: &finished.beyond };
    Ok(tell_results(&finished.warnings, print, &results, state))
}

/// The record of a folder of data.
fn from_data(folder: &Path, set: &DataSet, since: Option<Date>) -> Result<Record, Error> {
    let from = since.unwrap_or(crate::plausibility::since());
    let found = record(set, from);
    if found.rows.is_empty() {
        return Err(Error::Usage {
            what: format!("{} holds no series with a record from {from} on", folder.display()),
            remedy: format!(
                "`ustress data {}` says what is there; choose an earlier --since",
                folder.display()
            ),
        });
    }
    Ok(found)
}

//! `run`: scenarios in, tables out.

use super::args::RunArguments;
use super::progress::stopped;
use super::{LIBRARY, Library};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::report::{self, Report};
use crate::scenario::{Diagnostic, Loaded};
use crate::stats::{Keep, StopRule};
use crate::{Gather, simulate};
use std::path::Path;

/// What a run gave.
#[derive(Debug)]
pub struct Finished {
    /// One report a scenario that ran.
    pub reports: Vec<Report>,
    /// Warnings about the scenario files.
    pub warnings: Vec<Diagnostic>,
    /// Whether it was stopped before its end.
    pub partial: bool,
}

/// Paths a scenario when the whole library runs by default.
pub const LIBRARY_PATHS: u64 = 20_000;

/// Simulates the scenarios and writes the folder of results.
///
/// # Errors
/// Whatever keeps a scenario from loading or running, or the results from being written.
pub fn run(arguments: &RunArguments) -> Result<Finished, Error> {
    let until = arguments.until.as_deref().map(StopRule::parse).transpose()?;
    let how = &arguments.how;
    report::check_folder(&how.out)?;
    let named = names(&arguments.scenarios)?;
    let mut inputs = Vec::new();
    let mut loaded = Vec::new();
    for name in &named {
        inputs.extend(LIBRARY.find(name));
        loaded.push(LIBRARY.load(name, &how.sets, &CATALOGUE)?);
    }
    let (reports, partial) = simulate_all(arguments, until.as_ref(), &loaded)?;
    let about = how.about(inputs, partial);
    report::write_folder(&how.out, &report::files(&about, &reports), partial)?;
    let warnings = loaded.into_iter().flat_map(|loaded| loaded.warnings).collect();
    Ok(Finished { reports, warnings, partial })
}

/// Simulates every scenario in turn; gives the reports and whether the run was stopped.
fn simulate_all(
    arguments: &RunArguments,
    until: Option<&StopRule>,
    loaded: &[Loaded],
) -> Result<(Vec<Report>, bool), Error> {
    let how = &arguments.how;
    let watch = how.watch(how.paths.saturating_mul(loaded.len() as u64));
    let mut reports = Vec::new();
    let mut partial = false;
    for Loaded { scenario, .. } in loaded {
        watch.scenario(&scenario.name);
        let plan = Plan::new(scenario)?;
        let keep = Keep::outcomes(&plan.layout, arguments.keep_paths);
        let gather = Gather { keep, until: until.cloned(), metrics: None };
        let simulated = simulate(&plan, &how.run_plan(), &gather, &watch)?;
        partial |= simulated.partial;
        if simulated.tally.paths() > 0 {
            reports.push(Report::new(scenario, &simulated.tally).checked(until, simulated.checks));
        }
        if stopped() {
            partial = true;
            break;
        }
    }
    watch.finish();
    Ok((reports, partial))
}

/// Names to run: the library without its parent when none is given; folders become their .toml files, in order.
fn names(asked: &[String]) -> Result<Vec<String>, Error> {
    if asked.is_empty() {
        return Ok(Library::names(&LIBRARY).map(str::to_owned).collect());
    }
    let mut names = Vec::new();
    for name in asked {
        if Path::new(name).is_dir() {
            names.extend(files_of(name)?);
        } else {
            names.push(name.clone());
        }
    }
    Ok(names)
}

/// The .toml files of a folder, by name; `baseline.toml` is left out, as in the library.
fn files_of(folder: &str) -> Result<Vec<String>, Error> {
    let read = |cause| Error::Read { path: folder.to_owned(), cause };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(read)? {
        let path = entry.map_err(read)?.path();
        let is_scenario = path.extension().is_some_and(|extension| extension == "toml")
            && path.file_stem().is_some_and(|stem| stem != "baseline");
        if is_scenario {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Error::EmptyFolder { path: folder.to_owned() });
    }
    Ok(files)
}

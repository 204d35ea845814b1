//! `run`: scenarios in, tables out.

use super::args::RunArguments;
use super::progress::stopped;
use super::{LIBRARY, Library};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::report::{self, Report};
use crate::scenario::{Diagnostic, Loaded};
use crate::sensitivity::{SOURCE_PATHS, Sources, sources, uncertainty};
use crate::stats::{Keep, StopRule};
use crate::{Gather, simulate};
use std::collections::BTreeMap;
use std::path::Path;

/// What a run gave.
#[derive(Debug)]
pub struct Finished {
    /// One report a scenario that ran.
    pub reports: Vec<Report>,
    /// Where the uncertainty of each comes from.
    pub sources: Vec<Sources>,
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
    let (reports, sources, partial) = simulate_all(arguments, until.as_ref(), &loaded)?;
    let mut about = how.about(inputs, partial);
    about.definitions = vec![("uncertainty.csv", UNCERTAINTY.to_owned())];
    let further = BTreeMap::from([("uncertainty.csv".to_owned(), uncertainty(&sources))]);
    let files = report::files_with(&about, &reports, further);
    report::write_folder(&how.out, &files, partial)?;
    let warnings = loaded.into_iter().flat_map(|loaded| loaded.warnings).collect();
    Ok(Finished { reports, sources, warnings, partial })
}

/// What `uncertainty.csv` means.
const UNCERTAINTY: &str = "shares of the variance of impact_10y_bp at the end, and of its ranks, over the first paths: which_study Var(E[Y|study]); the_study_itself what the numbers of the elasticity add; other_parameters what all other drawn numbers add; shocks the rest. They add up to 1. low95 and high95 by bootstrap of blocks of paths";

/// Simulates every scenario in turn; gives the reports, the sources of uncertainty and whether the run was stopped.
fn simulate_all(
    arguments: &RunArguments,
    until: Option<&StopRule>,
    loaded: &[Loaded],
) -> Result<(Vec<Report>, Vec<Sources>, bool), Error> {
    let how = &arguments.how;
    let watch = how.watch(how.paths.saturating_mul(loaded.len() as u64));
    let (mut reports, mut found) = (Vec::new(), Vec::new());
    let mut partial = false;
    for Loaded { scenario, .. } in loaded {
        watch.scenario(&scenario.name);
        let plan = Plan::new(scenario)?;
        let keep = Keep::outcomes(&plan.layout, arguments.keep_paths.max(SOURCE_PATHS));
        let gather = Gather { keep, until: until.cloned(), metrics: None };
        let simulated = simulate(&plan, &how.run_plan(), &gather, &watch)?;
        partial |= simulated.partial;
        if simulated.tally.paths() > 0 {
            found.extend(sources(scenario, &simulated.tally));
            let mut report = Report::new(scenario, &simulated.tally);
            report.kept.rows.truncate(arguments.keep_paths as usize);
            reports.push(report.checked(until, simulated.checks));
        }
        if stopped() {
            partial = true;
            break;
        }
    }
    watch.finish();
    Ok((reports, found, partial))
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

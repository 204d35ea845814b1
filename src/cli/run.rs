//! `run`: scenarios in, tables out.

use super::args::RunArguments;
use super::edge::{baseline, beyond, mark};
use super::progress::stopped;
use super::{LIBRARY, Library};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::plausibility::{self, Beyond, Plausibility, Record, Reference};
use crate::report::{self, Report};
use crate::scenario::{Diagnostic, Loaded};
use crate::sensitivity::{SOURCE_PATHS, Sources, sources, uncertainty};
use crate::stats::{Keep, StopRule};
use crate::{Gather, simulate};
use std::collections::BTreeMap;
use std::path::Path;

/// What a run gave.
#[derive(Debug, Default)]
pub struct Finished {
    /// One report a scenario that ran.
    pub reports: Vec<Report>,
    /// Where the uncertainty of each comes from.
    pub sources: Vec<Sources>,
    /// How far each lies from experience.
    pub plausibility: Vec<Plausibility>,
    /// What left the world that the model knows.
    pub beyond: Vec<Beyond>,
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
    let (finished, inputs) = simulated(arguments, until.as_ref(), &Record::built_in())?;
    let mut about = how.about(inputs, finished.partial);
    about.definitions = vec![("uncertainty.csv", UNCERTAINTY.to_owned())];
    about.definitions.extend(plausibility::definitions());
    let further = BTreeMap::from([
        ("uncertainty.csv".to_owned(), uncertainty(&finished.sources)),
        ("plausibility.csv".to_owned(), plausibility::table(&finished.plausibility)),
    ]);
    let mut files = report::files_with(&about, &finished.reports, further);
    mark(&mut files, &finished.beyond);
    report::write_folder(&how.out, &files, finished.partial)?;
    Ok(finished)
}

/// Name and text of an input.
type Input = (String, String);

/// Loads and simulates the scenarios; gives what came of them, and their texts.
pub(super) fn simulated(
    arguments: &RunArguments,
    until: Option<&StopRule>,
    record: &Record,
) -> Result<(Finished, Vec<Input>), Error> {
    let library = arguments.how.library()?;
    let mut inputs = Vec::new();
    let mut loaded = Vec::new();
    for name in &names(&arguments.scenarios)? {
        inputs.extend(library.inputs(name));
        loaded.push(library.load(name, &arguments.how.sets, &CATALOGUE)?);
    }
    let mut finished = simulate_all(arguments, &library, until, &loaded, record)?;
    finished.warnings = loaded.into_iter().flat_map(|loaded| loaded.warnings).collect();
    Ok((finished, inputs))
}

/// What `uncertainty.csv` means.
const UNCERTAINTY: &str = "shares of the variance of impact_10y_bp at the end, and of its ranks, over the first paths: which_study Var(E[Y|study]); the_study_itself what the numbers of the elasticity add; other_parameters what all other drawn numbers add; shocks the rest. They add up to 1. low95 and high95 by bootstrap of blocks of paths";

/// Simulates every scenario in turn.
fn simulate_all(
    arguments: &RunArguments,
    library: &Library,
    until: Option<&StopRule>,
    loaded: &[Loaded],
    record: &Record,
) -> Result<Finished, Error> {
    let how = &arguments.how;
    let plain = baseline(library, &[])?;
    let studies = baseline(library, &["impact.prior=studies".to_owned()])?;
    let reference = Reference { baseline: &plain, studies: &studies, record };
    let watch = how.watch(how.paths.saturating_mul(loaded.len() as u64));
    let mut finished = Finished::default();
    for Loaded { scenario, .. } in loaded {
        watch.scenario(&scenario.name);
        let plan = Plan::new(scenario)?;
        let keep = Keep::outcomes(&plan.layout, arguments.keep_paths.max(SOURCE_PATHS))
            .and(plausibility::columns(&plan.layout));
        let gather = Gather { keep, until: until.cloned(), metrics: None };
        let simulated = simulate(&plan, &how.run_plan(), &gather, &watch)?;
        finished.partial |= simulated.partial;
        if simulated.tally.paths() > 0 {
            let tally = &simulated.tally;
            finished.sources.extend(sources(scenario, tally));
            finished.beyond.extend(beyond(library, scenario, how.seed, tally)?);
            finished.plausibility.push(plausibility::assess(scenario, tally, &reference));
            let mut report = Report::new(scenario, tally);
            report.kept.rows.truncate(arguments.keep_paths as usize);
            finished.reports.push(report.checked(until, simulated.checks));
        }
        if stopped() {
            finished.partial = true;
            break;
        }
    }
    watch.finish();
    Ok(finished)
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

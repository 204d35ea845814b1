//! `run`: scenarios in, tables out.

use super::args::{How, RunArguments};
use super::edge::{baseline, beyond, distinguish, mark, require_everywhere};
use super::memory::afford;
use super::results::{Results, folder_of_run, read_from};
use super::stop::stopped;
use super::{LIBRARY, Library};
use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::{CATALOGUE, IMPACT_10Y, Plan};
use crate::plausibility::{self, Beyond, Plausibility, Record, Reference};
use crate::report::{self, Report};
use crate::scenario::{Diagnostic, Loaded, Scenario};
use crate::sensitivity::{SOURCE_PATHS, Sources, other_days, sources, uncertainty};
use crate::stats::{Keep, StopRule, Tally, need};
use crate::{Gather, simulate};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    /// Folder of the results.
    pub out: PathBuf,
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
    let asked = load(&arguments.scenarios, how)?;
    let results = Results::claim(
        how.out.as_deref(),
        folder_of_run(&arguments.scenarios, &asked.names()),
        asked.files(how.out.as_deref()),
    )?;
    let record = Record::built_in();
    let (finished, inputs) = simulated(arguments, until.as_ref(), asked, (&record, true))?;
    let mut about = how.about(inputs, finished.partial);
    about.definitions = vec![("uncertainty.csv", UNCERTAINTY.to_owned())];
    about.definitions.extend(plausibility::definitions());
    let further = BTreeMap::from([
        ("uncertainty.csv".to_owned(), uncertainty(&finished.sources)),
        ("plausibility.csv".to_owned(), plausibility::table(&finished.plausibility)),
    ]);
    let mut files = report::files_with(&about, &finished.reports, further);
    mark(&mut files, &finished.beyond);
    results.write(&files, finished.partial)?;
    Ok(Finished { out: results.shown().to_owned(), ..finished })
}

/// Name and text of an input.
type Input = (String, String);

/// Scenarios that were asked for, with the names and texts that they were read from.
pub(super) struct Asked {
    library: Library,
    names: Vec<String>,
    inputs: Vec<Input>,
    loaded: Vec<Loaded>,
}

impl Asked {
    /// Names of the scenarios.
    pub(super) fn names(&self) -> Vec<&str> {
        self.loaded.iter().map(|loaded| loaded.scenario.name.as_str()).collect()
    }

    /// The files that they may have been read from.
    pub(super) fn files(&self, out: Option<&Path>) -> Vec<PathBuf> {
        let all = self.names.iter().zip(&self.loaded);
        let own = all.flat_map(|(name, loaded)| read_from(name, &loaded.scenario, out));
        own.chain(self.library.roots().map(|(root, _)| PathBuf::from(root))).collect()
    }
}

/// Loads the scenarios that were asked for.
pub(super) fn load(asked: &[String], how: &How) -> Result<Asked, Error> {
    let library = how.library()?;
    let (mut inputs, mut loaded) = (Vec::new(), Vec::new());
    let names = names(asked)?;
    for name in &names {
        inputs.extend(library.inputs(name));
        loaded.push(library.load(name, &how.sets, &CATALOGUE)?);
    }
    distinguish(loaded.iter_mut().map(|loaded| &mut loaded.scenario.name));
    Ok(Asked { library, names, inputs, loaded })
}

/// Simulates the scenarios; gives what came of them, and their texts. `apart`: whether to take their uncertainty apart, which
/// runs the first paths once more.
pub(super) fn simulated(
    arguments: &RunArguments,
    until: Option<&StopRule>,
    asked: Asked,
    (record, apart): (&Record, bool),
) -> Result<(Finished, Vec<Input>), Error> {
    let Asked { inputs, loaded, library, .. } = asked;
    require_everywhere(loaded.iter().map(|one| &one.scenario), until.map(StopRule::horizon))?;
    let mut finished = simulate_all((arguments, &library), until, &loaded, record, apart)?;
    if finished.reports.is_empty() {
        return Err(Error::Stopped);
    }
    finished.warnings = loaded.into_iter().flat_map(|loaded| loaded.warnings).collect();
    Ok((finished, inputs))
}

/// What `uncertainty.csv` means.
const UNCERTAINTY: &str = "shares of the variance of impact_10y_bp at the end, and of its ranks, over the first paths, at most 8192: which_study Var(E[Y|study]), blank where no study is drawn; the_study_itself what the numbers of the elasticity add; market_capacity what impact.gdp_scaling adds; other_parameters what all other assumptions add, whether uncertain events happen included; these by regression, low95 and high95 by bootstrap of blocks of paths. shocks: E(Y-Y')^2/2 / Var Y over pairs of paths that share all assumptions and differ in their days, with the error of a ratio of means; blank where the run was stopped before them. unexplained: the rest, what the regressions miss, which may come out a little below 0. They add up to 1";

/// Simulates every scenario in turn.
fn simulate_all(
    (arguments, library): (&RunArguments, &Library),
    until: Option<&StopRule>,
    loaded: &[Loaded],
    record: &Record,
    apart: bool,
) -> Result<Finished, Error> {
    let how = &arguments.how;
    let plain = baseline(library, &[])?;
    let studies = baseline(library, &["impact.prior=studies".to_owned()])?;
    let reference = Reference { baseline: &plain, studies: &studies, record };
    let again = if apart { how.paths.min(SOURCE_PATHS) } else { 0 };
    let watch = how.watch((how.paths + again).saturating_mul(loaded.len() as u64));
    let plans: Vec<Plan> =
        loaded.iter().map(|loaded| Plan::new(&loaded.scenario)).collect::<Result<_, _>>()?;
    enough_memory(&plans, how, arguments.keep_paths)?;
    let mut finished = Finished::default();
    for (index, Loaded { scenario, .. }) in loaded.iter().enumerate() {
        if stopped() && index > 0 {
            finished.partial = true;
            break;
        }
        watch.scenario(&scenario.name);
        let plan = &plans[index];
        let keep = Keep::outcomes(&plan.layout, arguments.keep_paths.max(SOURCE_PATHS))
            .and(plausibility::columns(&plan.layout));
        let gather = Gather { keep, until: until.cloned(), metrics: None };
        let simulated = simulate(plan, &how.run_plan(), &gather, &watch)?;
        finished.partial |= simulated.partial;
        if simulated.tally.paths() > 0 {
            let tally = &simulated.tally;
            if apart {
                finished.sources.extend(taken_apart((scenario, plan), how, tally, &watch)?);
                finished.partial |= stopped();
            }
            finished.beyond.extend(beyond(library, scenario, how.seed, tally)?);
            finished.plausibility.push(plausibility::assess(scenario, tally, &reference));
            let mut report = Report::new(scenario, tally);
            report.kept.rows.truncate(arguments.keep_paths as usize);
            finished.reports.push(report.checked(until, simulated.checks));
        }
    }
    watch.finish();
    Ok(finished)
}

/// Refuses a run that needs more memory than there is: of each scenario in turn, and of all paths that are kept.
fn enough_memory(plans: &[Plan], how: &How, keep_paths: u64) -> Result<(), Error> {
    let threads = how.threads.map(usize::from);
    let of = |plan: &Plan, paths: u64| {
        let keep = Keep::outcomes(&plan.layout, paths).and(plausibility::columns(&plan.layout));
        need(&plan.layout, &keep, how.paths, threads, 4)
    };
    let largest = plans.iter().map(|plan| of(plan, SOURCE_PATHS)).max().unwrap_or(0);
    let kept = plans.iter().map(|plan| of(plan, keep_paths) - of(plan, 0));
    let total = kept.fold(largest, u64::saturating_add);
    afford(total, "keep fewer paths with --keep-paths, or ask for fewer --threads")
}

/// Where the uncertainty of a scenario comes from: its first paths run again on other days, unless it was stopped.
fn taken_apart(
    (scenario, plan): (&Scenario, &Plan),
    how: &How,
    tally: &Tally,
    watch: &dyn Progress,
) -> Result<Option<Sources>, Error> {
    let run = RunPlan { paths: 0..tally.paths(), ..how.run_plan() };
    let Some(end) = tally.horizon("end") else { return Ok(None) };
    let others =
        if stopped() { Vec::new() } else { other_days(plan, &run, (IMPACT_10Y, end), watch)? };
    Ok(sources((scenario, plan), &run, tally, &others))
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

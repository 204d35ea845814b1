//! `sweep`: one scenario at many points.

use super::args::How;
use super::edge::{counted, mark};
use super::memory::afford;
use super::results::{Results, folder_of, read_from};
use super::{Library, State, tell_results};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::plausibility::Beyond;
use crate::report::{self, Report};
use crate::require_horizon;
use crate::scenario::{Scenario, show};
use crate::stats::{Keep, Outside, StopRule, Tally, need};
use crate::sweep::{self, Design, Request, Sweep, Vary};
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;

/// `sweep`.
#[derive(Debug, Args)]
pub struct SweepArguments {
    /// Built-in name or .toml file.
    pub scenario: String,
    /// A key with its values (repeatable): KEY=LOW..HIGH:COUNT, also with :log behind it, or KEY=A,B,C.
    #[arg(long, value_name = "KEY=VALUES", required = true)]
    pub vary: Vec<String>,
    /// How the points are chosen.
    #[arg(long, value_enum, default_value_t = DesignName::Grid)]
    pub design: DesignName,
    /// Number of points of lhs and sobol.
    #[arg(long, value_name = "N")]
    pub points: Option<usize>,
    /// Horizon of the printed table.
    #[arg(long, value_name = "HORIZON", default_value = "end")]
    pub at: String,
    /// Stop a point when its 95% interval is that narrow, for example "p99 +-0.5bp".
    #[arg(long, value_name = "RULE")]
    pub until: Option<String>,
    /// How to run.
    #[command(flatten)]
    pub how: How,
}

/// A way to choose points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DesignName {
    /// All combinations.
    Grid,
    /// Latin hypercube.
    Lhs,
    /// Sobol' sequence.
    Sobol,
}

/// Bytes of a row of the table while it is held as cells, and as text when it is written: two dozen cells. Estimate.
const ROW_BYTES: u64 = 2_000;

/// Sweeps, writes the folder and prints a table.
///
/// # Errors
/// Whatever keeps a point from loading or running, or the results from being written.
pub(super) fn run(arguments: &SweepArguments) -> Result<u8, Error> {
    let how = &arguments.how;
    let vary =
        arguments.vary.iter().map(|text| Vary::parse(text)).collect::<Result<Vec<_>, _>>()?;
    sweep::require_apart(&vary, &how.sets)?;
    let library = how.library()?;
    let base = library.load(&arguments.scenario, &how.sets, &CATALOGUE)?;
    let request = Request {
        vary,
        design: design(arguments)?,
        run: how.run_plan(),
        until: arguments.until.as_deref().map(StopRule::parse).transpose()?,
        inputs: show(&base.scenario, &CATALOGUE),
    };
    let labels: Vec<String> = request
        .until
        .iter()
        .map(|rule| rule.horizon().to_owned())
        .chain([arguments.at.clone()])
        .collect();
    let has_horizons = |scenario: &Scenario| -> Result<(), Error> {
        let plan = Plan::new(scenario)?;
        labels.iter().try_for_each(|label| require_horizon(&plan, label).map(|_| ()))
    };
    has_horizons(&base.scenario)?;
    // Only these change which horizons a point has.
    let moves_horizons =
        request.vary.iter().any(|vary| vary.key == "horizon" || vary.key.starts_with("event"));
    let load = |changes: &[String]| {
        let sets: Vec<String> = how.sets.iter().chain(changes).cloned().collect();
        let scenario = library.load(&arguments.scenario, &sets, &CATALOGUE)?.scenario;
        if moves_horizons {
            has_horizons(&scenario)?;
        }
        Ok(scenario)
    };
    let out = how.out.as_deref();
    let folder = folder_of("sweep", Some(&base.scenario.name));
    let results = Results::claim(out, folder, read_from(&arguments.scenario, &base.scenario, out))?;
    let journal = results.beside(".sweep");
    let points = request.design.points(&request.vary, request.run.seed)?.len() as u64;
    let layout = &Plan::new(&base.scenario)?.layout;
    let one = need(layout, &Keep::default(), how.paths, how.threads.map(usize::from), 1);
    let rows = (layout.horizons.len() as u64).saturating_mul(points).saturating_mul(ROW_BYTES);
    afford(one.saturating_add(rows), "ask for fewer points or --threads")?;
    let watch = how.watch(how.paths.saturating_mul(points));
    let said = std::cell::Cell::new(false);
    let point = |index: usize, count: usize| {
        if index > 0 && !said.replace(true) {
            watch.skip(how.paths.saturating_mul(index as u64));
        }
        said.set(true);
        watch.scenario(&format!("point {} of {count}", index + 1));
    };
    let sweep = sweep::sweep(&request, &load, &journal, &watch, &point)?;
    watch.finish();
    if sweep.rows.is_empty() {
        return Err(Error::Stopped);
    }
    let partial = !sweep.whole() || sweep.unmet > 0;
    let found = beyond(&library, &sweep, how.seed, &load)?;
    let state = State { partial, beyond: &found };
    write((arguments, &library), &sweep, state, &results)?;
    if sweep.whole() {
        sweep::forget(&request, &sweep, &journal)?;
    }
    let print = |_| sweep::terminal(&sweep, &arguments.at);
    Ok(tell_results(&base.warnings, print, &results, state))
}

/// The points of which some paths left the world that the model knows.
fn beyond(
    library: &Library,
    sweep: &Sweep,
    seed: u64,
    load: &dyn Fn(&[String]) -> Result<Scenario, Error>,
) -> Result<Vec<Beyond>, Error> {
    let mut found = Vec::new();
    for (point, outside) in sweep.outside.iter().enumerate().filter(|(_, out)| out.paths > 0) {
        let settings = sweep.settings(point);
        let name = format!("point {} ({})", point + 1, settings.join(", "));
        found.extend(counted(
            library,
            &name,
            (&load(&settings)?, seed),
            sweep.paths(point),
            outside,
        )?);
    }
    Ok(found)
}

fn design(arguments: &SweepArguments) -> Result<Design, Error> {
    match (arguments.design, arguments.points) {
        (DesignName::Grid, None) => Ok(Design::Grid),
        (DesignName::Lhs, Some(points)) => Ok(Design::Lhs(points)),
        (DesignName::Sobol, Some(points)) => Ok(Design::Sobol(points)),
        (DesignName::Grid, Some(_)) => Err(Error::Usage {
            what: "--points is for the designs lhs and sobol".to_owned(),
            remedy: "a grid counts its values: KEY=LOW..HIGH:COUNT".to_owned(),
        }),
        (_, None) => Err(Error::Usage {
            what: "the designs lhs and sobol need a number of points".to_owned(),
            remedy: "add for example --points 256".to_owned(),
        }),
    }
}

fn write(
    (arguments, library): (&SweepArguments, &Library),
    sweep: &Sweep,
    state: State<'_>,
    results: &Results,
) -> Result<(), Error> {
    let how = &arguments.how;
    let base = library.load(&arguments.scenario, &how.sets, &CATALOGUE)?.scenario;
    let mut about = how.about(library.inputs(&arguments.scenario), state.partial);
    about.notes.extend(arguments.vary.iter().map(|vary| format!("--vary {vary}")));
    about.notes.push(format!("{} of {} points", sweep.rows.len(), sweep.points.len()));
    about.definitions = sweep::definitions();
    let mut tables = BTreeMap::from([("sweep.csv".to_owned(), sweep::table(sweep))]);
    tables.extend(sweep::pivot(sweep).map(|pivot| ("pivot.csv".to_owned(), pivot)));
    tables.extend(sweep::convergence(sweep).map(|table| ("convergence.csv".to_owned(), table)));
    let plan = Plan::new(&base)?;
    let mut facts = Report::new(&base, &Tally::new(&plan.layout));
    facts.paths = sweep.most_paths();
    let mut outside = Outside::default();
    sweep.outside.iter().for_each(|point| outside.merge(point.clone()));
    facts.outside = Some(outside);
    let mut files = report::with_manifest(&about, &[facts], tables);
    mark(&mut files, state.beyond);
    results.write(&files, state.partial)
}

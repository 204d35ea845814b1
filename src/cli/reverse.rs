//! `reverse`: a scenario and a target in, what would have to be true out.

use super::args::How;
use super::edge::{beyond, mark};
use super::memory::afford;
use super::results::{Results, folder_of, read_from};
use super::{State, tell_results};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::plausibility::Beyond;
use crate::report::{self, Report};
use crate::reverse::{self, Target};
use crate::stats::{Keep, need};
use clap::Args;

/// `reverse`.
#[derive(Debug, Args)]
pub struct ReverseArguments {
    /// Built-in name or .toml file.
    pub scenario: String,
    /// What is to be reached: "METRIC >= X at H", "METRIC <= X at H" or "METRIC A..B at H", for example "impact_10y_bp >= 50 at 6m".
    #[arg(long, value_name = "TARGET")]
    pub target: String,
    /// How to run.
    #[command(flatten)]
    pub how: How,
}

/// Answers what a scenario says about a target, writes the folder of results and prints the answer; gives the exit code.
///
/// # Errors
/// A target that cannot be read, whatever keeps the scenario from loading or running, or the results from being written.
pub(super) fn run(arguments: &ReverseArguments) -> Result<u8, Error> {
    let target = Target::parse(&arguments.target)?;
    let how = &arguments.how;
    let library = how.library()?;
    let inputs = library.inputs(&arguments.scenario);
    let loaded = library.load(&arguments.scenario, &how.sets, &CATALOGUE)?;
    let plan = Plan::new(&loaded.scenario)?;
    let required = need(&plan.layout, &Keep::default(), how.paths, how.threads.map(usize::from), 2);
    afford(required.saturating_add(reverse::WORK_BYTES), "ask for fewer --threads")?;
    let folder = folder_of("reverse", Some(&loaded.scenario.name));
    let out = how.out.as_deref();
    let results =
        Results::claim(out, folder, read_from(&arguments.scenario, &loaded.scenario, out))?;
    let watch = how.watch(how.paths.saturating_add(reverse::WORK_PATHS));
    watch.scenario(&loaded.scenario.name);
    let answer = reverse::reverse(&loaded.scenario, &target, &how.run_plan(), &watch);
    watch.finish();
    let answer = answer?;
    if answer.tally.paths() == 0 {
        return Err(Error::Stopped);
    }
    let mut about = how.about(inputs, answer.partial);
    about.notes.push(format!("--target {target}"));
    about.definitions = reverse::definitions();
    let reports = [Report::new(&loaded.scenario, &answer.tally)];
    let found: Vec<Beyond> =
        beyond(&library, &loaded.scenario, how.seed, &answer.tally)?.into_iter().collect();
    let state = State { partial: answer.partial, beyond: &found };
    let mut files = report::files_with(&about, &reports, reverse::tables(&answer));
    mark(&mut files, &found);
    results.write(&files, answer.partial)?;
    let print = |width: usize| reverse::terminal(&answer, width);
    Ok(tell_results(&loaded.warnings, print, &results, state))
}

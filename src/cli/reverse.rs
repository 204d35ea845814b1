//! `reverse`: a scenario and a target in, what would have to be true out.

use super::args::How;
use super::{LIBRARY, PIPE_WIDTH};
use crate::error::Error;
use crate::model::CATALOGUE;
use crate::report::{self, Report};
use crate::reverse::{self, Target};
use crate::scenario::Diagnostic;
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

/// What a reverse stress test gave.
#[derive(Debug)]
pub struct Reversed {
    /// The answer on a page.
    pub text: String,
    /// Warnings about the scenario file.
    pub warnings: Vec<Diagnostic>,
    /// Whether it was stopped before its end.
    pub partial: bool,
}

/// Answers what a scenario says about a target and writes the folder of results.
///
/// # Errors
/// A target that cannot be read, whatever keeps the scenario from loading or running, or the results from being written.
pub fn reverse(arguments: &ReverseArguments) -> Result<Reversed, Error> {
    let target = Target::parse(&arguments.target)?;
    let how = &arguments.how;
    report::recover(&how.out)?;
    let inputs = LIBRARY.find(&arguments.scenario).into_iter().collect();
    let loaded = LIBRARY.load(&arguments.scenario, &how.sets, &CATALOGUE)?;
    let watch = how.watch(how.paths.saturating_add(reverse::WORK_PATHS));
    watch.scenario(&loaded.scenario.name);
    let answer = reverse::reverse(&loaded.scenario, &target, &how.run_plan(), &watch);
    watch.finish();
    let answer = answer?;
    let mut about = how.about(inputs, answer.partial);
    about.notes.push(format!("--target {target}"));
    about.definitions = reverse::definitions();
    let reports = match answer.tally.paths() {
        0 => Vec::new(),
        _ => vec![Report::new(&loaded.scenario, &answer.tally)],
    };
    let files = report::files_with(&about, &reports, reverse::tables(&answer));
    report::write_folder(&how.out, &files, answer.partial)?;
    let width =
        console::Term::stdout().size_checked().map_or(PIPE_WIDTH, |(_, columns)| columns.into());
    Ok(Reversed {
        text: reverse::terminal(&answer, width),
        warnings: loaded.warnings,
        partial: answer.partial,
    })
}

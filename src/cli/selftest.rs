//! `selftest`: whether the program is sound on this machine.

use super::progress::{Style, Watch};
use super::results::{NONE, Results, folder_of};
use super::{DONE, LIBRARY, tell};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::report::{self, Report};
use crate::scenario::{self, Scenario};
use crate::selftest::{
    Check, FEWEST, Question, USUAL, definitions, is_sound, selftest, table, terminal,
};
use crate::stats::Tally;
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Exit code: compared and found different.
const DIFFERENT: u8 = 5;

/// `selftest`.
#[derive(Debug, Args)]
pub struct SelftestArguments {
    /// Draws a test.
    #[arg(long, value_name = "N", default_value_t = USUAL, value_parser = clap::value_parser!(u64).range(FEWEST..=1 << 24))]
    pub paths: u64,
    /// Seed of all draws.
    #[arg(long, value_name = "S", default_value_t = 20_260_701)]
    pub seed: u64,
    /// Threads (all cores when left out).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub threads: Option<u16>,
    /// Folder for every test as a table; nothing is written when it is left out.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// No progress bar.
    #[arg(long)]
    pub quiet: bool,
}

/// Paths of the engine for a draw of a test, in quarters, for the progress.
const QUARTERS: u64 = 9;

/// Tests, prints the page, and writes the table where a folder is named.
///
/// # Errors
/// A scenario that does not run, a stop, or results that cannot be written.
pub(super) fn run(arguments: &SelftestArguments) -> Result<u8, Error> {
    let results = match &arguments.out {
        Some(out) => Some(Results::claim(Some(out), folder_of("selftest", None), NONE)?),
        None => None,
    };
    let load = |name: &str| -> Result<Scenario, Error> {
        let loaded = if name.contains('\n') {
            scenario::load("selftest.toml", name, &|parent| LIBRARY.find(parent), &[], &CATALOGUE)
        } else {
            LIBRARY.load(name, &[], &CATALOGUE)
        };
        Ok(loaded?.scenario)
    };
    let library: Vec<Scenario> = LIBRARY.names().map(load).collect::<Result<_, _>>()?;
    let question = Question {
        seed: arguments.seed,
        paths: arguments.paths,
        threads: arguments.threads.map(usize::from),
    };
    let style = if arguments.quiet { Style::Quiet } else { Style::Bar };
    let watch = Watch::new(style, QUARTERS * arguments.paths / 4);
    watch.scenario("selftest");
    let found = selftest(&question, &load, &library, &watch)?;
    watch.finish();
    if let Some(results) = &results {
        let base = load("baseline")?;
        let mut facts = Report::new(&base, &Tally::new(&Plan::new(&base)?.layout));
        facts.paths = arguments.paths;
        let about = report::Run {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: arguments.seed,
            paths_asked: arguments.paths,
            definitions: definitions(),
            ..report::Run::default()
        };
        let tables = BTreeMap::from([("selftest.csv".to_owned(), table(&found))]);
        results.write(&report::with_manifest(&about, &[facts], tables), false)?;
    }
    Ok(tell(&terminal(&question, &found), verdict_code(&found.checks)))
}

/// The exit code that a verdict over some tests has.
pub fn verdict_code(checks: &[Check]) -> u8 {
    if is_sound(checks) { DONE } else { DIFFERENT }
}

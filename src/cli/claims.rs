//! `claims`: what the articles say, and what the model says to it.

use super::args::How;
use super::{State, tell_results};
use crate::claims::{Bench, answer_all, definitions, table, terminal};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::report::{self, Report};
use crate::stats::Tally;
use clap::Args;
use std::collections::BTreeMap;

/// `claims`.
#[derive(Debug, Args)]
pub struct ClaimsArguments {
    /// How to run.
    #[command(flatten)]
    pub how: How,
}

/// About how many scenarios the claims run, for the progress.
const SCENARIOS: u64 = 38;

/// Answers the claims, writes the folder and prints the table.
///
/// # Errors
/// A scenario that does not load or run, or results that cannot be written.
pub(super) fn run(arguments: &ClaimsArguments) -> Result<u8, Error> {
    let how = &arguments.how;
    report::check_folder(&how.out)?;
    let library = how.library()?;
    let load = |name: &str, sets: &[&str]| {
        let sets: Vec<String> =
            how.sets.iter().cloned().chain(sets.iter().map(|set| (*set).to_owned())).collect();
        let loaded = if name.contains('\n') {
            library.load_text("claim.toml", name, &sets, &CATALOGUE)
        } else {
            library.load(name, &sets, &CATALOGUE)
        };
        Ok(loaded?.scenario)
    };
    let watch = how.watch(how.paths.saturating_mul(SCENARIOS));
    watch.scenario("claims");
    let answers = answer_all(&mut Bench::new(&load, how.run_plan(), &watch))?;
    watch.finish();
    let base = load("baseline", &[])?;
    let mut facts = Report::new(&base, &Tally::new(&Plan::new(&base)?.layout));
    facts.paths = how.paths;
    let mut about = how.about(library.roots().collect(), false);
    about.definitions = definitions();
    let tables = BTreeMap::from([("claims.csv".to_owned(), table(&answers))]);
    let files = report::with_manifest(&about, &[facts], tables);
    report::write_folder(&how.out, &files, false)?;
    Ok(tell_results(&[], |width| terminal(&answers, width), &how.out, State::default()))
}

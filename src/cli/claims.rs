//! `claims`: what the articles say, and what the model says to it.

use super::args::How;
use super::memory::afford;
use super::results::{NONE, Results, folder_of};
use super::{State, tell_results};
use crate::claims::{Bench, answer_all, definitions, table, terminal};
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::report::{self, Report};
use crate::scenario;
use crate::stats::{Keep, Tally, need};
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
    let library = how.library()?;
    let load = |name: &str, sets: &[&str]| {
        // What a claim sets itself is the claim.
        let own: Vec<String> = sets.iter().flat_map(|set| scenario::set_keys(set)).collect();
        let free = |set: &&String| !scenario::set_keys(set).iter().any(|key| own.contains(key));
        let given = how.sets.iter().filter(free).cloned();
        let sets: Vec<String> = given.chain(sets.iter().map(|set| (*set).to_owned())).collect();
        let loaded = if name.contains('\n') {
            library.load_text("claim.toml", name, &sets, &CATALOGUE)
        } else {
            library.load(name, &sets, &CATALOGUE)
        };
        Ok(loaded?.scenario)
    };
    let base = load("baseline", &[])?;
    let layout = &Plan::new(&base)?.layout;
    let one = need(layout, &Keep::default(), how.paths, how.threads.map(usize::from), 1);
    // the tallies stay until the last claim
    afford(one.saturating_mul(SCENARIOS / 2), "ask for fewer --threads")?;
    let results = Results::claim(how.out.as_deref(), folder_of("claims", None), NONE)?;
    let watch = how.watch(how.paths.saturating_mul(SCENARIOS));
    watch.scenario("claims");
    let (answers, partial) = answer_all(&mut Bench::new(&load, how.run_plan(), &watch))?;
    watch.finish();
    if answers.is_empty() {
        return Err(Error::Stopped);
    }
    let mut facts = Report::new(&base, &Tally::new(&Plan::new(&base)?.layout));
    facts.paths = how.paths;
    let mut about = how.about(library.roots().collect(), partial);
    about.definitions = definitions();
    let tables = BTreeMap::from([("claims.csv".to_owned(), table(&answers))]);
    let files = report::with_manifest(&about, &[facts], tables);
    results.write(&files, partial)?;
    let state = State { partial, ..State::default() };
    Ok(tell_results(&[], |width| terminal(&answers, width), &results, state))
}

//! `replay`: episodes of the past, each from what was known on its eve.

use super::args::How;
use super::data::{data_files, doubts};
use super::results::{Results, folder_of};
use super::{State, tell_results};
use crate::data::read_folder;
use crate::error::Error;
use crate::model::{CATALOGUE, Plan};
use crate::replay::{self, Replay, read_episodes, unused_columns};
use crate::report::{self, Report};
use crate::stats::Tally;
use clap::Args;
use std::path::{Path, PathBuf};

/// Episodes of a folder of data, where no other file is named.
const EPISODES: &str = "episodes.csv";

/// `replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// Folder of data files as their publishers give them (FRED, TIC, MoF, 6pi-1, CFTC).
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Table of episodes with the columns id, episode, start (last day before the move), end (default: episodes.csv in the folder).
    ///
    /// Optional columns: used_for (prior, calibration, sample or none), and flows of the whole window in USD bn that take the
    /// place of the folder's, ministry_sold_usd_bn (dollars) and residents_sold_usd_bn (Treasuries): positive where sold,
    /// negative where bought, an empty cell leaves the folder's.
    #[arg(long, value_name = "FILE")]
    pub episodes: Option<PathBuf>,
    /// How to run.
    #[command(flatten)]
    pub how: How,
}

/// Plays the episodes, writes the folder and prints the page; gives the exit code.
///
/// # Errors
/// Data or episodes that cannot be read, whatever keeps a scenario from loading or running, or the results from being
/// written.
pub(super) fn run(arguments: &ReplayArguments) -> Result<u8, Error> {
    let how = &arguments.how;
    let data = read_folder(&arguments.data)?;
    let data_files = data_files(&arguments.data, &data)?;
    let file = arguments.episodes.clone().unwrap_or_else(|| arguments.data.join(EPISODES));
    let (episodes, text) = read_episodes(&file)?;
    let library = how.library()?;
    let load = |name: &str, text: &str| library.load_text(name, text, &how.sets, &CATALOGUE);
    let results = Results::claim(how.out.as_deref(), folder_of("replay", None), [&file])?;
    let runs = 2 * episodes.len() as u64;
    let watch = how.watch(how.paths.saturating_mul(runs));
    let tell = |id: &str| watch.scenario(id);
    let replay = replay::replay(&data, &episodes, &how.run_plan(), &load, &watch, &tell)?;
    watch.finish();
    if replay.partial && replay.played.is_empty() {
        return Err(Error::Stopped);
    }
    nothing(&replay, &arguments.data)?;
    let inputs = library.roots().chain([(file.display().to_string(), text.clone())]);
    let mut about = how.about(inputs.collect(), replay.partial);
    about.notes.push(format!("--data {}", arguments.data.display()));
    let unused = data.files.iter().filter(|facts| facts.format.is_err());
    about.notes.extend(unused.map(|facts| format!("{}: not used", facts.name)));
    let mut doubts = doubts(&data);
    let unused = unused_columns(&text);
    if !unused.is_empty() {
        doubts.push(format!(
            "columns of {} that are not used: {}",
            file.display(),
            unused.join(", ")
        ));
    }
    about.notes.extend(doubts.iter().cloned());
    about.data_files = data_files;
    about.definitions = replay::definitions();
    let base = library.load("baseline", &how.sets, &CATALOGUE)?.scenario;
    let mut facts = Report::new(&base, &Tally::new(&Plan::new(&base)?.layout));
    facts.paths = how.paths;
    let files = report::with_manifest(&about, &[facts], replay::tables(&replay));
    results.write(&files, replay.partial)?;
    let print = |width: usize| {
        let mut text = replay::terminal(&replay, width);
        for line in doubts.iter().flat_map(|line| report::wrap(line, width)) {
            text.push_str(&(line + "\n"));
        }
        text
    };
    let state = State { partial: replay.partial, ..State::default() };
    Ok(tell_results(&replay.warnings, print, &results, state))
}

/// Complains when no episode could be played.
fn nothing(replay: &Replay, folder: &Path) -> Result<(), Error> {
    let mut reasons = replay.played.iter().filter_map(|played| played.scores.as_ref().err());
    let none = !replay.partial && replay.played.iter().all(|played| played.scores.is_err());
    match reasons.next().filter(|_| none) {
        Some(why) => Err(Error::Usage {
            what: format!(
                "none of {} episodes can be played; the first: {why}",
                replay.played.len()
            ),
            remedy: format!(
                "`ustress data {}` says what is there and what is missing",
                folder.display()
            ),
        }),
        None => Ok(()),
    }
}

//! `data`: what a folder of data files holds, from when to when, and what is missing.

use super::{DONE, tell};
use crate::data::{DataError, DataSet, FileFacts, Frequency, Problem, Series, WANTED, read_folder};
use crate::error::Error;
use crate::report::{self, DataFile};
use crate::text::printable;
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Days without a value, for a daily series, from which on the gap is told: longer than any holiday.
const LONG_GAP: i64 = 12;

/// `data`.
#[derive(Debug, Args)]
pub struct DataArguments {
    /// Folder of files as their publishers give them.
    pub folder: PathBuf,
    /// Every series, not only those that the program uses.
    #[arg(long)]
    pub all: bool,
}

/// Reads the folder and prints what it holds.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn run(arguments: &DataArguments) -> Result<u8, Error> {
    let set = read_folder(&arguments.folder)?;
    Ok(tell(&describe(&set, arguments.all), DONE))
}

/// What the files that were read hold, for the manifest: which vintage of the data a result rests on.
///
/// # Errors
/// A file that can no longer be read.
pub(super) fn data_files(folder: &Path, set: &DataSet) -> Result<Vec<DataFile>, Error> {
    let mut files = Vec::new();
    for file in &set.files {
        let Ok(format) = file.format else { continue };
        let path = folder.join(&file.name);
        let (bytes, sha256) = report::sha256_of_file(&path)
            .map_err(|cause| Error::Read { path: path.display().to_string(), cause })?;
        files.push(DataFile { name: file.name.clone(), format, bytes, sha256 });
    }
    Ok(files)
}

/// What is wrong with the files of a folder: those in a known format that cannot be understood, and values of used series
/// that are in doubt.
pub(super) fn doubts(set: &DataSet) -> Vec<String> {
    let mut told = Vec::new();
    for file in &set.files {
        match &file.format {
            Err(DataError { problem: Problem::Format, .. }) => {}
            Err(error) => told.push(printable(&format!("a file left out: {error}")).into_owned()),
            Ok(_) => told.extend(notes(file, false).cloned()),
        }
    }
    told
}

/// What is said about the values of a file: of every series, or of those that the program uses.
fn notes(file: &FileFacts, all: bool) -> impl Iterator<Item = &String> {
    let told = file.notes.iter().filter(move |(name, _)| all || is_used(name));
    told.map(|(_, note)| note)
}

fn is_used(name: &str) -> bool {
    WANTED.iter().any(|wanted| wanted.name == name)
}

/// Files, series and gaps of a data set; every series when `all`, else those that the program uses and a line a family of
/// the others.
pub fn describe(set: &DataSet, all: bool) -> String {
    let mut text = String::from("Files\n");
    if set.files.is_empty() {
        text.push_str("  none: the folder is empty (folders in it are not searched)\n");
    }
    for file in &set.files {
        let found = match &file.format {
            Ok(format) => format!("{format}, {} series", file.series.len()),
            Err(DataError { problem: Problem::Format, .. }) => {
                "not used: no known format".to_owned()
            }
            Err(error) => format!("not used: {}", error.without_file()),
        };
        let _ = writeln!(text, "  {:<42} {}", printable(&file.name), printable(&found));
        for note in notes(file, all) {
            let _ = writeln!(text, "    {}", printable(note));
        }
    }
    let (shown, other): (Vec<&Series>, Vec<&Series>) =
        set.series.values().partition(|series| all || is_used(&series.name));
    if !shown.is_empty() {
        text.push_str("\nSeries\n");
        table(&mut text, &shown);
    }
    families(&mut text, &other);
    missing(&mut text, set);
    text
}

fn table(text: &mut String, shown: &[&Series]) {
    let _ = writeln!(
        text,
        "  {:<34} {:<12} {:<8} {:<10}  {:<10} {:>7} {:>6}  values",
        "name", "unit", "every", "first", "last", "count", "blank"
    );
    for series in shown {
        let Some((first, last)) = series.range() else { continue };
        let values = series.points.iter().map(|(_, value)| *value);
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        let _ = writeln!(
            text,
            "  {:<34} {:<12} {:<8} {first}  {last} {:>7} {:>6}  {low} to {high}",
            series.name,
            series.unit,
            series.frequency.word(),
            series.points.len(),
            series.missing,
        );
    }
}

/// A line a family of series that the program does not use.
fn families(text: &mut String, other: &[&Series]) {
    let mut families: BTreeMap<&str, Vec<&Series>> = BTreeMap::new();
    for series in other {
        let family = series.name.split_once('.').map_or("other", |(family, _)| family);
        families.entry(family).or_default().push(series);
    }
    for (family, members) in families {
        let ranges = members.iter().filter_map(|series| series.range());
        let first = ranges.clone().map(|(first, _)| first).min();
        let last = ranges.map(|(_, last)| last).max();
        let (Some(first), Some(last)) = (first, last) else { continue };
        let count = members.len();
        let _ = writeln!(text, "  {family}: {count} more, {first} to {last} (--all lists them)");
    }
}

/// What the program could use and does not find, what ends early, and long gaps.
fn missing(text: &mut String, set: &DataSet) {
    let found = |name: &str| set.series.get(name);
    let last = set.last_day();
    let mut lines = Vec::new();
    for wanted in &WANTED {
        let name = wanted.name;
        let Some((series, (_, end))) = found(name).and_then(|s| Some((s, s.range()?))) else {
            lines
                .push(format!("{name}: not here. Serves {}; {}", wanted.purpose, wanted.publisher));
            continue;
        };
        if let Some(last) = last.filter(|last| (*last - end).whole_days() > 92) {
            lines.push(format!("{name}: ends on {end}, while other series go to {last}"));
        }
        if !wanted.is_list() {
            lines.extend(gap(series));
        }
    }
    let title = if lines.is_empty() { "\nNothing is missing\n" } else { "\nMissing\n" };
    text.push_str(title);
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}

/// The last gap of a series that is longer than its frequency allows.
fn gap(series: &Series) -> Option<String> {
    let allowed = match series.frequency {
        Frequency::Day => LONG_GAP,
        Frequency::Week => 13,
        Frequency::Month => 45,
        Frequency::Quarter => 135,
    };
    let pair = series
        .points
        .windows(2)
        .rev()
        .find(|pair| (pair[1].0 - pair[0].0).whole_days() > allowed)?;
    Some(format!("{}: nothing between {} and {}", series.name, pair[0].0, pair[1].0))
}

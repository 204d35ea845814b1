//! A folder of data files as one data set.

use super::records::{DataError, Problem, ends_in_a_line, head};
use super::series::Series;
use super::wanted::WANTED;
use super::{
    fred, holders, intervention, jgb, meetings, portfolio, positions, reserves, tic, weekly,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use time::Date;

/// What a file of a folder turned out to be.
#[derive(Debug)]
pub struct FileFacts {
    /// Name of the file in the folder.
    pub name: String,
    /// Its format, or why it cannot be used.
    pub format: Result<&'static str, DataError>,
    /// Names of its series.
    pub series: Vec<String>,
    /// What one should know about the values of a series, by its name, in words.
    pub notes: Vec<(String, String)>,
}

/// The series of a folder.
#[derive(Debug, Default)]
pub struct DataSet {
    /// Series by name.
    pub series: BTreeMap<String, Series>,
    /// Every file that was looked at, by name.
    pub files: Vec<FileFacts>,
}

/// Recognises a file by its beginning, and reads it.
type Reader = (&'static str, fn(&str) -> bool, fn(&Path) -> Result<Vec<Series>, DataError>);

/// The known formats.
const READERS: [Reader; 10] = [
    ("FRED", fred::is_it, fred::read),
    ("TIC", tic::is_it, tic::read),
    ("MoF JGB curve", jgb::is_it, jgb::read),
    ("6pi-1", portfolio::is_it, portfolio::read),
    ("CFTC yen positions", positions::is_it, positions::read),
    ("MoF intervention", intervention::is_it, intervention::read),
    ("MoF weekly transactions", weekly::is_it, weekly::read),
    ("MoF reserves", reserves::is_it, reserves::read),
    ("table of holders", holders::is_it, holders::read),
    ("central-bank meetings", meetings::is_it, meetings::read),
];

/// The S&P 500: FRED's series, which has ten years; the table `GSPC.csv`, which goes further back; the two in one.
const EQUITIES: [&str; 3] = ["SP500", "GSPC", "SP500.long"];

/// Reads a file in one of the known formats; gives the format and its series.
///
/// # Errors
/// A file that cannot be read, is in no known format, or holds what cannot be understood, with its place.
pub fn read_file(path: &Path) -> Result<(&'static str, Vec<Series>), DataError> {
    let error =
        |problem| DataError { file: path.display().to_string(), line: 0, column: 0, problem };
    let head = head(path).map_err(error)?;
    let reader = READERS.iter().find(|(_, is_it, _)| is_it(&head));
    let (format, _, read) = reader.ok_or_else(|| error(Problem::Format))?;
    let series = read(path)?;
    if series.iter().all(|series| series.points.is_empty()) {
        return Err(error(Problem::Empty));
    }
    let mut names = BTreeSet::new();
    if let Some(twice) = series.iter().find(|series| !names.insert(series.name.as_str())) {
        return Err(error(Problem::Layout(format!("two columns give the series {}", twice.name))));
    }
    Ok((format, series))
}

/// Reads every file of a folder, not of the folders in it. A file that cannot be used is told, not fatal. Where two files
/// have the same series, the one that ends later counts where both have a date.
///
/// # Errors
/// When the folder cannot be read.
pub fn read_folder(folder: &Path) -> Result<DataSet, DataError> {
    let unreadable = |cause: std::io::Error| DataError {
        file: folder.display().to_string(),
        line: 0,
        column: 0,
        problem: Problem::Read(cause.to_string()),
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !path.is_dir() {
            paths.push(path);
        }
    }
    paths.sort();
    let mut set = DataSet::default();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut facts = FileFacts { name, format: Ok(""), series: Vec::new(), notes: Vec::new() };
        match read_file(&path) {
            Ok((format, found)) => {
                facts.format = Ok(format);
                facts.notes.extend(cut(format, &path, &found));
                for series in found {
                    facts.series.push(series.name.clone());
                    facts.notes.extend(set.add(series));
                }
            }
            Err(error) => facts.format = Err(error),
        }
        set.files.push(facts);
    }
    set.join_equities();
    Ok(set)
}

impl DataSet {
    /// Last date of the series that the program uses; lists of days count for nothing, for they may reach into the future.
    pub fn last_day(&self) -> Option<Date> {
        let used = WANTED.iter().filter(|wanted| !wanted.is_list());
        used.filter_map(|wanted| Some(self.series.get(wanted.name)?.range()?.1)).max()
    }

    /// Name of the S&P 500's series for a sample from this day: FRED's where it has begun, else the one that goes back further.
    pub fn equities(&self, from: Date) -> &'static str {
        let [own, _, long] = EQUITIES;
        let first = self.series.get(own).and_then(Series::range).map(|(first, _)| first);
        let begun = first.is_some_and(|first| first <= from);
        if begun || !self.series.contains_key(long) { own } else { long }
    }

    /// Makes the long series of the S&P 500: FRED's values from its first day, the other table's before it.
    fn join_equities(&mut self) {
        let [own, before, long] = EQUITIES.map(|name| self.series.get(name));
        let (Some(before), None) = (before, long) else { return };
        let mut joined = Series { name: EQUITIES[2].to_owned(), ..before.clone() };
        if let (Some(own), Some((first, _))) = (own, own.and_then(Series::range)) {
            joined.points.retain(|(date, _)| *date < first);
            joined.points.extend(&own.points);
            joined.file = format!("{}+{}", before.file, own.file);
        }
        self.series.insert(joined.name.clone(), joined);
    }

    /// Adds a series, or joins it with the one of that name; says where the two contradict each other.
    fn add(&mut self, series: Series) -> Option<(String, String)> {
        let Some(known) = self.series.remove(&series.name) else {
            self.series.insert(series.name.clone(), series);
            return None;
        };
        let last = |series: &Series| series.points.last().map(|(date, _)| *date);
        let (old, new) =
            if last(&known) <= last(&series) { (known, series) } else { (series, known) };
        let said = differences(&old, &new);
        let mut points: BTreeMap<_, _> = old.points.into_iter().collect();
        points.extend(new.points);
        let joined = Series {
            points: points.into_iter().collect(),
            missing: old.missing + new.missing,
            file: format!("{}+{}", old.file, new.file),
            ..new
        };
        self.series.insert(joined.name.clone(), joined);
        said
    }
}

/// How two series of a name differ on the dates that both have; the second counts.
fn differences(old: &Series, new: &Series) -> Option<(String, String)> {
    let both = old.points.iter().filter_map(|(date, was)| Some((*date, *was, new.on(*date)?)));
    let differ: Vec<_> = both.filter(|(_, was, is)| was != is).collect();
    let (date, was, is) = differ.last()?;
    let file = |series: &Series| -> String {
        let files = series.file.split('+').map(Path::new);
        let names = files.map(|file| file.file_name().unwrap_or_default().to_string_lossy());
        names.collect::<Vec<_>>().join("+")
    };
    let said = format!(
        "{} has other values of {} than {} on {} dates, last {is}, not {was}, on {date}; those of the first count",
        file(new),
        new.name,
        file(old),
        differ.len()
    );
    Some((new.name.clone(), said))
}

/// That the last value of a file may be cut off: where its only value stands at the end of a line that does not end.
fn cut(format: &str, path: &Path, found: &[Series]) -> Option<(String, String)> {
    let unfinished = format == "FRED" && !ends_in_a_line(path).ok()?;
    let series = found.last().filter(|_| unfinished)?;
    let (date, value) = series.points.last()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let said = format!(
        "{name} does not end with a line break, so its last value, {value} on {date}, may be cut off"
    );
    Some((series.name.clone(), said))
}

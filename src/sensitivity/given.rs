//! Reading given data: a table with a header, one output column of numbers and some input columns.
//!
//! What the first row has decides what a column is: a number, then numbers must follow; else words. Words with 2 to
//! 14 different ones are a category, numbered from the most frequent down (of equals by the alphabet), an empty cell being
//! a group of its own; with more they are names or notes, and left out.

use super::sample::GROUPS;
use crate::data::Guarded;
use crate::files;
use crate::scenario::nearest;
use crate::text::{cut, printable};
use csv::{ReaderBuilder, StringRecord, Trim};
use std::path::Path;

/// Most letters of a name or a cell in a message.
const LONGEST_NAME: usize = 60;

/// Why given data cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GivenError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {cause}; name a comma-separated file that exists")]
    Read {
        /// File.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is no table.
    #[error(
        "{path}, line {line}: {what}; every line needs one UTF-8 cell for each column of the header"
    )]
    Malformed {
        /// File.
        path: String,
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// Nothing stands in the file.
    #[error("{path} is empty; the first line must name the columns")]
    Empty {
        /// File.
        path: String,
    },
    /// Too few rows for any estimate.
    #[error("{path} has {rows} rows of data; at least {} are needed", super::FEWEST_ROWS)]
    TooFew {
        /// File.
        path: String,
        /// Rows found.
        rows: usize,
    },
    /// No column of that name.
    #[error("{path} has no column `{column}`{}; it has {}", hint(nearest.as_deref()), list(known))]
    UnknownColumn {
        /// File.
        path: String,
        /// Column asked for.
        column: String,
        /// The nearest known name.
        nearest: Option<String>,
        /// Columns of the file.
        known: Vec<String>,
    },
    /// A column that is named twice.
    #[error("{path}: column `{column}` is named twice {place}; {remedy}")]
    Twice {
        /// File.
        path: String,
        /// Column.
        column: String,
        /// Where.
        place: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// No column is left for the inputs.
    #[error("{path}: no input is left beside `{output}`: {why}; name the inputs with --inputs a,b")]
    NoInput {
        /// File.
        path: String,
        /// Output column.
        output: String,
        /// Why.
        why: &'static str,
    },
    /// A cell that is no finite number.
    #[error("{path}, line {line}, column `{column}`: {}; {}", shown(value), remedy(value))]
    NotANumber {
        /// File.
        path: String,
        /// Line, from 1.
        line: u64,
        /// Column.
        column: String,
        /// Cell.
        value: String,
    },
    /// A column of words, asked for as an input, with too many different ones.
    #[error(
        "{path}: column `{column}` has words, more than {} different ones; a category has 2 to {}: group them, or leave the column out with --inputs",
        GROUPS,
        GROUPS
    )]
    ManyWords {
        /// File.
        path: String,
        /// Column.
        column: String,
    },
    /// A file of kept paths with more than one scenario.
    #[error(
        "{path}, line {line}: a path of `{other}` after paths of `{scenario}`; keep the rows of one scenario"
    )]
    Mixed {
        /// File.
        path: String,
        /// Line, from 1.
        line: u64,
        /// Scenario of the rows before.
        scenario: String,
        /// Scenario of this row.
        other: String,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}

/// Names of the columns; a line without a comma is no heading, and what stands in it is nobody's business.
fn list(known: &[String]) -> String {
    if known.len() == 1 {
        return "one column, so that it may be no comma-separated table".to_owned();
    }
    let first = known.iter().take(20).map(|name| cut(name, LONGEST_NAME)).collect::<Vec<_>>();
    let first = first.join(", ");
    if known.len() > 20 { format!("{first} and {} more", known.len() - 20) } else { first }
}

fn shown(value: &str) -> String {
    if value.is_empty() {
        "the cell is empty".to_owned()
    } else {
        format!("`{}` is not a finite number", cut(value, LONGEST_NAME))
    }
}

fn remedy(value: &str) -> &'static str {
    if value.is_empty() {
        "leave the row out, or leave the column out with --inputs"
    } else {
        "write a finite number with a point, or leave the column out with --inputs"
    }
}

/// Given data.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Name: the scenario of kept paths, else the stem of the file.
    pub name: String,
    /// Names of the inputs.
    pub names: Vec<String>,
    /// Inputs, one column each; of a category the number of its group.
    pub inputs: Vec<Vec<f64>>,
    /// The groups of each input that is a category, by their numbers; none of a number.
    pub groups: Vec<Vec<String>>,
    /// Name of the output.
    pub output_name: String,
    /// Output.
    pub output: Vec<f64>,
    /// Columns left out because they do not vary, or hold too many different words; only when no inputs were named.
    pub left_out: Vec<String>,
}

impl Given {
    /// Whether each input is a category.
    pub fn categories(&self) -> Vec<bool> {
        self.groups.iter().map(|groups| !groups.is_empty()).collect()
    }
}

/// An input while it is read.
enum Reading {
    Numbers(Vec<f64>),
    /// Different words in the order of their first rows, and the word of each row.
    Words(Vec<String>, Vec<usize>),
    /// Too many different words.
    Many,
}

impl Reading {
    /// Takes in a word.
    fn word(&mut self, cell: &str) {
        let Reading::Words(known, rows) = self else { return };
        let place = known.iter().position(|word| word == cell).unwrap_or(known.len());
        if place == known.len() {
            known.push(cell.to_owned());
        }
        rows.push(place);
        if known.len() > GROUPS {
            *self = Reading::Many;
        }
    }

    /// Values and, of a category, its groups; none of too many words.
    fn finish(self) -> Option<(Vec<f64>, Vec<String>)> {
        match self {
            Reading::Numbers(values) => Some((values, Vec::new())),
            Reading::Many => None,
            Reading::Words(known, rows) => {
                let count = |word: usize| rows.iter().filter(|row| **row == word).count();
                let mut order: Vec<(usize, usize)> =
                    (0..known.len()).map(|word| (word, count(word))).collect();
                order.sort_by(|a, b| b.1.cmp(&a.1).then(known[a.0].cmp(&known[b.0])));
                let mut number = vec![0.0; known.len()];
                for (place, (word, _)) in order.iter().enumerate() {
                    number[*word] = place as f64;
                }
                let groups = order.iter().map(|(word, _)| known[*word].clone()).collect();
                Some((rows.into_iter().map(|word| number[word]).collect(), groups))
            }
        }
    }
}

/// Reads `output` and `inputs` from a file. Without `inputs` these are all other columns of numbers and categories that
/// vary; of the program's own `paths.csv` (first columns `scenario` and `path`) the drawn quantities, whose names
/// hold a point.
///
/// # Errors
/// A file that cannot be read, is no table, lacks a column, has fewer than [`super::FEWEST_ROWS`] rows, or a cell that is
/// no finite number, with line and column.
pub fn read_given(
    path: &Path,
    inputs: Option<&[String]>,
    output: &str,
) -> Result<Given, GivenError> {
    let name = path.display().to_string();
    let cause = |cause| GivenError::Read { path: name.clone(), cause };
    let file = files::open(path, files::GIVEN).map_err(cause)?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut table = Table {
        reader: ReaderBuilder::new().trim(Trim::All).from_reader(Guarded::new(file)),
        path: name,
        header: Vec::new(),
    };
    table.read_header()?;
    let own = table.header.len() > 2 && table.header[0] == "scenario" && table.header[1] == "path";
    let target = table.find(output)?;
    let mut record = StringRecord::new();
    let some = table.next(&mut record)?;
    let places = match inputs {
        Some(names) => table.named(names, target)?,
        None => table.guessed(&record, own, target)?,
    };
    let mut columns: Vec<Reading> =
        places.iter().map(|place| table.reading(&record, *place)).collect();
    let mut outputs = Vec::new();
    let scenario = if own { record.get(0).unwrap_or_default().to_owned() } else { String::new() };
    let mut more = some;
    while more {
        if own && record.get(0) != Some(&scenario) {
            return Err(table.mixed(&record, scenario));
        }
        outputs.push(table.number(&record, target)?);
        for (column, place) in columns.iter_mut().zip(&places) {
            match column {
                Reading::Numbers(values) => values.push(table.number(&record, *place)?),
                words => words.word(record.get(*place).unwrap_or_default()),
            }
        }
        more = table.next(&mut record)?;
    }
    if outputs.len() < super::FEWEST_ROWS {
        return Err(GivenError::TooFew { path: table.path, rows: outputs.len() });
    }
    let shown = |name: &str| printable(name).into_owned();
    let mut given = Given {
        name: shown(&if own { scenario } else { stem.unwrap_or_default() }),
        names: Vec::new(),
        inputs: Vec::new(),
        groups: Vec::new(),
        output_name: shown(output),
        output: outputs,
        left_out: Vec::new(),
    };
    for (place, column) in places.iter().zip(columns) {
        let name = table.header[*place].clone();
        match column.finish() {
            Some((values, groups)) => {
                given.names.push(name);
                given.inputs.push(values);
                given.groups.push(groups);
            }
            None if inputs.is_some() => {
                return Err(GivenError::ManyWords { path: table.path, column: name });
            }
            None => {}
        }
    }
    if inputs.is_some() { Ok(given) } else { table.without_constants(given, own) }
}

struct Table {
    reader: csv::Reader<Guarded<std::fs::File>>,
    path: String,
    header: Vec<String>,
}

impl Table {
    fn read_header(&mut self) -> Result<(), GivenError> {
        let read = self.reader.headers().cloned();
        let header = read.map_err(|error| self.malformed(error))?;
        // Under these names the columns are printed and written.
        self.header = header.iter().map(|name| printable(name).into_owned()).collect();
        if self.header.iter().all(String::is_empty) {
            return Err(GivenError::Empty { path: self.path.clone() });
        }
        let mut sorted = self.header.clone();
        sorted.sort();
        match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(pair) => Err(GivenError::Twice {
                path: self.path.clone(),
                column: pair[0].clone(),
                place: "in the header",
                remedy: "give every column a name of its own",
            }),
        }
    }

    /// Reads the next row; false at the end.
    fn next(&mut self, record: &mut StringRecord) -> Result<bool, GivenError> {
        self.reader.get_mut().begin_row();
        let read = self.reader.read_record(record);
        read.map_err(|error| self.malformed(error))
    }

    fn malformed(&self, error: csv::Error) -> GivenError {
        let path = self.path.clone();
        let line = error.position().map_or(1, csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(cause) => GivenError::Read { path, cause },
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                let what = format!("{len} cells where the header has {expected_len}");
                GivenError::Malformed { path, line, what }
            }
            csv::ErrorKind::Utf8 { .. } => {
                GivenError::Malformed { path, line, what: "the text is not UTF-8".to_owned() }
            }
            other => GivenError::Malformed { path, line, what: format!("{other:?}") },
        }
    }

    fn find(&self, column: &str) -> Result<usize, GivenError> {
        let column = &*printable(column);
        self.header.iter().position(|known| known == column).ok_or_else(|| {
            let known = self.header.iter().map(String::as_str);
            GivenError::UnknownColumn {
                path: self.path.clone(),
                column: column.to_owned(),
                nearest: nearest(column, known).map(str::to_owned),
                known: self.header.clone(),
            }
        })
    }

    /// Places of the inputs that were named.
    fn named(&self, names: &[String], target: usize) -> Result<Vec<usize>, GivenError> {
        let mut places = Vec::new();
        for name in names.iter().map(|name| name.trim()) {
            let place = self.find(name)?;
            if place == target || places.contains(&place) {
                let (path, column) = (self.path.clone(), name.to_owned());
                let place = if place == target { "as input and output" } else { "in --inputs" };
                let remedy = "name every column once";
                return Err(GivenError::Twice { path, column, place, remedy });
            }
            places.push(place);
        }
        Ok(places)
    }

    /// Places of the columns that may be inputs, by the first row.
    fn guessed(
        &self,
        first: &StringRecord,
        own: bool,
        target: usize,
    ) -> Result<Vec<usize>, GivenError> {
        let number =
            |place: usize| first.get(place).is_some_and(|cell| cell.parse::<f64>().is_ok());
        // of the program's own paths.csv the drawn quantities only, which have a point in their names
        let may = |place: &usize| {
            let ours = number(*place) && self.header[*place].contains('.');
            *place != target && (!own || ours)
        };
        let places: Vec<usize> = (0..self.header.len()).filter(may).collect();
        if places.is_empty() {
            return Err(self.no_input(target, "there is no other column"));
        }
        Ok(places)
    }

    /// How a column is read, by its cell in the first row.
    fn reading(&self, first: &StringRecord, place: usize) -> Reading {
        match first.get(place).is_none_or(|cell| cell.parse::<f64>().is_ok()) {
            true => Reading::Numbers(Vec::new()),
            false => Reading::Words(Vec::new(), Vec::new()),
        }
    }

    fn no_input(&self, target: usize, why: &'static str) -> GivenError {
        GivenError::NoInput { path: self.path.clone(), output: self.header[target].clone(), why }
    }

    fn number(&self, record: &StringRecord, place: usize) -> Result<f64, GivenError> {
        let cell = record.get(place).unwrap_or_default();
        let value: Option<f64> = cell.parse().ok();
        value.filter(|value| value.is_finite()).ok_or_else(|| GivenError::NotANumber {
            path: self.path.clone(),
            line: record.position().map_or(0, csv::Position::line),
            column: self.header[place].clone(),
            value: cell.to_owned(),
        })
    }

    fn mixed(&self, record: &StringRecord, scenario: String) -> GivenError {
        GivenError::Mixed {
            path: self.path.clone(),
            line: record.position().map_or(0, csv::Position::line),
            scenario,
            other: record.get(0).unwrap_or_default().to_owned(),
        }
    }

    /// The data without columns that have one value only.
    fn without_constants(&self, mut given: Given, own: bool) -> Result<Given, GivenError> {
        let columns = given.names.into_iter().zip(given.inputs).zip(given.groups);
        let varies = |column: &[f64]| column.iter().any(|value| *value != column[0]);
        let kept = columns.filter(|((_, column), _)| varies(column));
        let (columns, groups): (Vec<_>, Vec<_>) = kept.unzip();
        (given.names, given.inputs) = columns.into_iter().unzip();
        given.groups = groups;
        if given.names.is_empty() {
            let target = self.find(&given.output_name)?;
            return Err(self.no_input(target, "no other column varies"));
        }
        let used = |name: &&String| given.names.contains(name) || **name == given.output_name;
        let others = self.header.iter().filter(|name| !own && !used(name));
        given.left_out = others.cloned().collect();
        Ok(given)
    }
}

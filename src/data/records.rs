//! Records of a text table as bytes, with the place of what cannot be read; dates and numbers in their many spellings.

use crate::files;
use crate::text::{cut, is_hidden};
use encoding_rs::SHIFT_JIS;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use time::{Date, Month};

/// Longest row that a table may have, in bytes: what is longer has no line breaks or a quote that is never closed.
const LONGEST_ROW: usize = 1 << 20;

/// Most letters of a cell that a message shows.
const SHOWN: usize = 60;

/// A data file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}{}: {problem}", place(*line, *column))]
pub struct DataError {
    /// File as given.
    pub file: String,
    /// Line from 1; 0 for the whole file.
    pub line: u64,
    /// Column from 1; 0 for the whole line.
    pub column: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl DataError {
    /// Place and problem, where the file is named already.
    pub fn without_file(&self) -> String {
        let place = place(self.line, self.column);
        let place = place.trim_start_matches(", ");
        if place.is_empty() {
            return self.problem.to_string();
        }
        format!("{place}: {}", self.problem)
    }
}

/// What is wrong with a data file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Read(String),
    /// None of the known formats.
    #[error(
        "is in none of the known formats: FRED, TIC (mfhhis01, table 5), MoF JGB curve, 6pi-1, CFTC yen positions, MoF intervention, central-bank meetings (date,bank), MoF weekly transactions, MoF reserves, table of holders"
    )]
    Format,
    /// Two bytes a letter, as Excel's "Unicode text".
    #[error("is UTF-16 text; save it as UTF-8, or download it again")]
    Utf16,
    /// A cell that is neither a number nor marked as missing.
    #[error("`{}` is not a number; a missing value is empty, `.`, `-` or `--`", short(.0))]
    Number(String),
    /// A number that no such series can have.
    #[error(
        "{value:?} is no {unit}: it must lie between {low} and {high}; correct or remove the row"
    )]
    Range {
        /// As in the file, in the unit of the series.
        value: f64,
        /// What it measures.
        unit: &'static str,
        /// Least value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// A row with more or fewer cells than its heading.
    #[error(
        "the row has {0} cells, its heading {1}: it is cut off, or a comma stands within a number; download the file again, unchanged"
    )]
    Width(usize, usize),
    /// A number that others of its row contradict.
    #[error(
        "the number is {0:?}, but the other columns of the row make it {1:?}; download the file again, unchanged"
    )]
    Sum(f64, f64),
    /// A cell that is no date.
    #[error("`{}` is not a date; expected {}", short(.0), .1)]
    Date(String, &'static str),
    /// A header that is not where it belongs.
    #[error("{0}; download the file again, unchanged")]
    Layout(String),
    /// A bank that is not known.
    #[error("`{}` is no bank; write fed or boj", short(.0))]
    Bank(String),
    /// A date with two values.
    #[error("{0} has the values {1} and {2}; remove one of the rows")]
    Twice(Date, f64, f64),
    /// A file with nothing in it.
    #[error("holds no values")]
    Empty,
}

/// The beginning of a cell, for a message.
pub(super) fn short(cell: &str) -> String {
    let cell: String = cell.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    cut(&cell, SHOWN).into_owned()
}

fn place(line: u64, column: usize) -> String {
    match (line, column) {
        (0, _) => String::new(),
        (line, 0) => format!(", line {line}"),
        (line, column) => format!(", line {line}, column {column}"),
    }
}

/// One line of a table.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Line from 1.
    pub(super) line: u64,
    /// Cells as text.
    pub(super) cells: Vec<String>,
}

impl Record {
    /// Number of cells up to the last that is not empty.
    fn used(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1)
    }

    /// A cell without spaces around it; empty when the line is shorter.
    pub(super) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", |cell| cell.trim())
    }
}

/// The records of a file.
pub(super) struct Records {
    file: String,
    reader: csv::Reader<Guarded<File>>,
    record: csv::ByteRecord,
}

impl Records {
    /// Opens a table whose cells are separated by this byte.
    pub(super) fn open(path: &Path, separator: u8) -> Result<Self, DataError> {
        let file = path.display().to_string();
        let opened = files::open(path, files::DATA).map_err(|error| DataError {
            file: file.clone(),
            line: 0,
            column: 0,
            problem: Problem::Read(error.to_string()),
        })?;
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(Guarded::new(opened));
        Ok(Records { file, reader, record: csv::ByteRecord::new() })
    }

    /// Name of the file.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The next line that is not empty.
    pub(super) fn next(&mut self) -> Result<Option<Record>, DataError> {
        let line = self.reader.position().line();
        self.reader.get_mut().begin_row();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => Ok(None),
            Ok(true) => {
                // The place before the record does not count the empty lines that it passed over.
                let within = self.record.as_slice().iter().filter(|byte| **byte == b'\n').count();
                let line =
                    self.reader.position().line().saturating_sub(1 + within as u64).max(line);
                Ok(Some(Record { line, cells: self.record.iter().map(text).collect() }))
            }
            Err(error) => Err(self.error(line, 0, Problem::Read(error.to_string()))),
        }
    }

    /// The next line that is not empty, which must have the cells of its heading: one that has not is cut off, or has a
    /// comma within a number, so that its cells stand in the wrong columns. Empty cells may follow.
    pub(super) fn row(&mut self, heading: &Record) -> Result<Option<Record>, DataError> {
        let Some(record) = self.next()? else { return Ok(None) };
        self.check_width(&record, heading)?;
        Ok(Some(record))
    }

    /// The same of a line that was read.
    pub(super) fn check_width(&self, record: &Record, heading: &Record) -> Result<(), DataError> {
        self.check_cells(record, heading.used())
    }

    /// The same with this number of cells.
    pub(super) fn check_cells(&self, record: &Record, wanted: usize) -> Result<(), DataError> {
        let found = record.cells.len();
        if found < wanted || record.used() > wanted {
            return Err(self.error(record.line, 0, Problem::Width(found, wanted)));
        }
        Ok(())
    }

    /// Complains where the numbers of a row, where all are there, do not make up the number of a cell to its rounding.
    pub(super) fn adds_up(
        &self,
        record: &Record,
        (index, rounding): (usize, f64),
        parts: &[(usize, f64)],
    ) -> Result<(), DataError> {
        let Some(stated) = self.number(record, index)? else { return Ok(()) };
        let mut sum = 0.0;
        for (part, sign) in parts {
            let Some(value) = self.number(record, *part)? else { return Ok(()) };
            sum += sign * value;
        }
        if (stated - sum).abs() > rounding {
            return Err(self.error(record.line, index + 1, Problem::Sum(stated, sum)));
        }
        Ok(())
    }

    /// An error of this file.
    pub(super) fn error(&self, line: u64, column: usize, problem: Problem) -> DataError {
        DataError { file: self.file.clone(), line, column, problem }
    }

    /// The number of a cell; none where it is marked as missing.
    pub(super) fn number(&self, record: &Record, index: usize) -> Result<Option<f64>, DataError> {
        let cell = record.cell(index);
        if is_missing(cell) {
            return Ok(None);
        }
        let number = plain(cell).and_then(|cell| cell.parse::<f64>().ok());
        // A point at the end is what a cut number has.
        let number = number.filter(|number| number.is_finite() && !cell.ends_with('.'));
        let problem = || self.error(record.line, index + 1, Problem::Number(cell.to_owned()));
        number.map(Some).ok_or_else(problem)
    }

    /// The date of a cell.
    pub(super) fn date(&self, record: &Record, index: usize) -> Result<Date, DataError> {
        let cell = record.cell(index);
        date(cell).ok_or_else(|| {
            let known = "2026-06-30, 2026/6/30 or R8.6.30";
            self.error(record.line, index + 1, Problem::Date(cell.to_owned(), known))
        })
    }
}

/// Whether a cell says that there is no value.
pub(super) fn is_missing(cell: &str) -> bool {
    cell.bytes().all(|byte| b".-*".contains(&byte)) || cell == "n.a."
}

/// A number without the commas between its thousands; none where a comma stands elsewhere, as in `4,19`.
fn plain(cell: &str) -> Option<String> {
    let whole = cell.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',').skip(1);
    let thousands =
        groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    let behind = cell[whole.len()..].contains(',');
    (thousands && !behind).then(|| cell.replace(',', ""))
}

/// Bytes as text: UTF-8 where they are that, else Shift-JIS (CP932), as the Japanese authorities write.
fn text(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(bytes).0,
    };
    text.trim_start_matches('\u{feff}').to_owned()
}

/// The first bytes of a file as text, to see what it is.
pub(super) fn head(path: &Path) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let read = |cause: io::Error| Problem::Read(cause.to_string());
    files::open(path, files::DATA)
        .map_err(read)?
        .take(8192)
        .read_to_end(&mut bytes)
        .map_err(read)?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::Utf16);
    }
    let is_end = |byte: &u8| matches!(*byte, b'\n' | b'\r');
    let end = bytes.iter().rposition(is_end).map_or(bytes.len(), |at| at + 1);
    Ok(text(&bytes[..end]).replace("\r\n", "\n").replace('\r', "\n"))
}

/// Whether a file ends with a line break: where it does not, its last value may be cut off.
pub(super) fn ends_in_a_line(path: &Path) -> io::Result<bool> {
    let mut file = files::open(path, files::DATA)?;
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok(matches!(last, [b'\n' | b'\r']))
}

/// First year of a date: what looks older is a day or a year of two digits at the wrong place (`1/2/26`).
const FIRST_YEAR: i32 = 1800;

fn civil_year(year: i32) -> Option<i32> {
    (FIRST_YEAR..=9999).contains(&year).then_some(year)
}

/// A date: ISO, with slashes and without zeros, or with the letter of a Japanese era.
pub fn date(text: &str) -> Option<Date> {
    let era = match text.bytes().next()? {
        b'S' => Some(1925),
        b'H' => Some(1988),
        b'R' => Some(2018),
        _ => None,
    };
    let text = if era.is_some() { &text[1..] } else { text };
    let mut parts = text.split(['-', '/', '.']);
    let mut part = || parts.next()?.parse::<u16>().ok();
    let (year, month, day) = (part()?, part()?, part()?);
    if parts.next().is_some() {
        return None;
    }
    if era.is_some() && year == 0 {
        return None;
    }
    civil(i32::from(year) + era.unwrap_or(0), month, day)
}

/// A civil date.
pub(super) fn civil(year: i32, month: u16, day: u16) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(civil_year(year)?, month, u8::try_from(day).ok()?).ok()
}

/// The last day of a month.
pub(super) fn month_end(year: i32, month: u8) -> Option<Date> {
    let month = Month::try_from(month).ok()?;
    Date::from_calendar_date(civil_year(year)?, month, month.length(year)).ok()
}

/// The last day of a month written as `2026-06`.
pub(super) fn month_cell(cell: &str) -> Option<Date> {
    let (year, month) = cell.split_once('-')?;
    month_end(year.parse().ok()?, month.parse().ok()?)
}

/// The number of a month by its English name, of which three letters are enough.
pub(super) fn month_number(name: &str) -> Option<u8> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start: String = name.trim().chars().take(3).collect::<String>().to_ascii_lowercase();
    NAMES.iter().position(|known| *known == start).map(|index| index as u8 + 1)
}

/// Gives every line break as `\n`, with which lines are counted right, ends the last line, and refuses rows that no table
/// has before they fill the memory.
pub(crate) struct Guarded<R> {
    inner: R,
    /// Bytes given since the last row began.
    given: usize,
    /// Last byte as it was read.
    last: u8,
}

impl<R> Guarded<R> {
    /// Guards a reader that stands at the beginning of a table.
    pub(crate) fn new(inner: R) -> Self {
        Guarded { inner, given: 0, last: b'\n' }
    }

    /// Says that a row begins.
    pub(crate) fn begin_row(&mut self) {
        self.given = 0;
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given > LONGEST_ROW {
            let why = "a row is longer than a megabyte: a quote is never closed, or there are no line breaks";
            return Err(io::Error::other(why));
        }
        let mut kept = 0;
        while kept == 0 && !buffer.is_empty() {
            let count = self.inner.read(buffer)?;
            if count == 0 {
                let open = self.last != b'\n' && self.last != b'\r';
                (self.last, buffer[0]) = (b'\n', b'\n');
                return Ok(usize::from(open));
            }
            for at in 0..count {
                let byte = buffer[at];
                if !(byte == b'\n' && self.last == b'\r') {
                    buffer[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
                self.last = byte;
            }
        }
        self.given += kept;
        Ok(kept)
    }
}

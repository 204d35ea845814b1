//! Records of a text table as bytes, with the place of what cannot be read; dates and numbers in their many spellings.

use encoding_rs::SHIFT_JIS;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use time::{Date, Month};

/// Longest line that a table may have, in bytes.
const LONGEST_LINE: usize = 1 << 20;

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
    /// A cell that is neither a number nor marked as missing.
    #[error("`{0}` is not a number; a missing value is empty, `.`, `-` or `--`")]
    Number(String),
    /// A cell that is no date.
    #[error("`{0}` is not a date; expected {1}")]
    Date(String, &'static str),
    /// A header that is not where it belongs.
    #[error("{0}; download the file again, unchanged")]
    Layout(String),
    /// A bank that is not known.
    #[error("`{0}` is no bank; write fed or boj")]
    Bank(String),
    /// A date with two values.
    #[error("{0} has the values {1} and {2}; remove one of the rows")]
    Twice(Date, f64, f64),
    /// A file with nothing in it.
    #[error("holds no values")]
    Empty,
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
        let opened = File::open(path).map_err(|error| DataError {
            file: file.clone(),
            line: 0,
            column: 0,
            problem: Problem::Read(error.to_string()),
        })?;
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(Guarded { inner: opened, line: 0 });
        Ok(Records { file, reader, record: csv::ByteRecord::new() })
    }

    /// Name of the file.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The next line that is not empty.
    pub(super) fn next(&mut self) -> Result<Option<Record>, DataError> {
        let line = self.reader.position().line();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => Ok(None),
            Ok(true) => {
                let line = self.record.position().map_or(line, csv::Position::line);
                Ok(Some(Record { line, cells: self.record.iter().map(text).collect() }))
            }
            Err(error) => Err(self.error(line, 0, Problem::Read(error.to_string()))),
        }
    }

    /// An error of this file.
    pub(super) fn error(&self, line: u64, column: usize, problem: Problem) -> DataError {
        DataError { file: self.file.clone(), line, column, problem }
    }

    /// The number of a cell; none where it is marked as missing.
    pub(super) fn number(&self, record: &Record, index: usize) -> Result<Option<f64>, DataError> {
        let cell = record.cell(index);
        if cell.is_empty() || cell.bytes().all(|byte| b".-*".contains(&byte)) || cell == "n.a." {
            return Ok(None);
        }
        let number = plain(cell).and_then(|cell| cell.parse::<f64>().ok());
        let number = number.filter(|number| number.is_finite());
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
pub(super) fn head(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(8192).read_to_end(&mut bytes)?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    Ok(text(&bytes[..end]))
}

/// First year of a date: what looks older is a day or a year of two digits at the wrong place (`1/2/26`).
const FIRST_YEAR: i32 = 1800;

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
    let year = i32::from(year) + era.unwrap_or(0);
    if year < FIRST_YEAR {
        return None;
    }
    civil(year, month, day)
}

/// A civil date.
pub(super) fn civil(year: i32, month: u16, day: u16) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

/// The last day of a month.
pub(super) fn month_end(year: i32, month: u8) -> Option<Date> {
    let month = Month::try_from(month).ok()?;
    Date::from_calendar_date(year, month, month.length(year)).ok()
}

/// The number of a month by its English name, of which three letters are enough.
pub(super) fn month_number(name: &str) -> Option<u8> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start: String = name.trim().chars().take(3).collect::<String>().to_ascii_lowercase();
    NAMES.iter().position(|known| *known == start).map(|index| index as u8 + 1)
}

/// Refuses lines that no table has, before they fill the memory.
struct Guarded<R> {
    inner: R,
    line: usize,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.line = match buffer[..count].iter().rposition(|byte| *byte == b'\n') {
            Some(at) => count - at,
            None => self.line + count,
        };
        if self.line > LONGEST_LINE {
            return Err(io::Error::other("a line is longer than a megabyte"));
        }
        Ok(count)
    }
}

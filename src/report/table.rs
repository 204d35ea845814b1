//! Comma-separated tables in memory, and how numbers are written in them.

use super::spreadsheet::cell;
use std::borrow::Cow;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Words and names.
    Text,
    /// Dates and months, and truth values of keys.
    Plain,
    /// Whole numbers, without a point.
    Count,
    /// Numbers with a point, always.
    Real,
}

/// The columns of a table, each with what stands in it. A cell that is not of its column's kind is written as text.
#[derive(Debug, Clone, Default)]
pub struct Columns(Vec<(String, Kind)>);

impl Columns {
    fn and<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>, kind: Kind) -> Self {
        self.0.extend(names.into_iter().map(|name| (name.into(), kind)));
        self
    }

    /// Further columns of words and names.
    #[must_use]
    pub fn text<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.and(names, Kind::Text)
    }

    /// Further columns of dates, as `2026-07-01` or `2026-07`.
    #[must_use]
    pub fn date<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.and(names, Kind::Plain)
    }

    /// Further columns of whole numbers.
    #[must_use]
    pub fn count<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.and(names, Kind::Count)
    }

    /// Further columns of numbers that can have a fraction.
    #[must_use]
    pub fn real<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.and(names, Kind::Real)
    }

    /// A further column of what users wrote: of whole numbers, of numbers with a fraction, of dates and truth values, or of
    /// text, whatever the values are.
    #[must_use]
    pub fn written(self, name: &str, values: &[&str]) -> Self {
        let has = |kind: fn(&str) -> bool| values.iter().any(|value| kind(value));
        let known = |value: &&str| ["true", "false"].contains(value) || is_date(value);
        let kind = if has(|value| is_real(value) && !is_count(value)) {
            Kind::Real
        } else if has(is_count) {
            Kind::Count
        } else if values.iter().all(known) {
            Kind::Plain
        } else {
            Kind::Text
        };
        self.and([name], kind)
    }
}

fn is_plain(cell: &str) -> bool {
    cell.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && !cell.starts_with('-')
}

fn is_date(cell: &str) -> bool {
    cell.len() >= 7 && cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn is_count(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_real(cell: &str) -> bool {
    cell.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
        && cell.parse().is_ok_and(f64::is_finite)
}

/// A cell as it is written in a column of a kind.
fn written(text: &str, kind: Kind) -> Cow<'_, str> {
    match kind {
        _ if text.is_empty() => Cow::Borrowed(text),
        Kind::Plain if is_plain(text) => Cow::Borrowed(text),
        Kind::Count if is_count(text) => Cow::Borrowed(text),
        Kind::Real if is_count(text) => Cow::Owned(format!("{text}.0")),
        Kind::Real if is_real(text) && !text.contains(['e', 'E', '+']) => Cow::Borrowed(text),
        Kind::Real if is_real(text) => {
            let value = exact(text.parse().unwrap_or(f64::NAN));
            Cow::Owned(if is_count(&value) { format!("{value}.0") } else { value })
        }
        _ => cell(text),
    }
}

/// A table under construction.
#[derive(Debug)]
pub struct Table {
    kinds: Vec<Kind>,
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: Columns) -> Self {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let header = columns.0.iter().map(|(name, _)| cell(name).into_owned());
        writer.write_record(header).expect("memory takes every row");
        Table { kinds: columns.0.into_iter().map(|(_, kind)| kind).collect(), writer }
    }

    /// Adds a row, cell by cell in the order of the columns.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        for (index, text) in cells.into_iter().enumerate() {
            let kind = self.kinds.get(index).copied().unwrap_or(Kind::Text);
            let text = written(text.as_ref(), kind);
            self.writer.write_field(&*text).expect("memory takes every row");
        }
        self.writer.write_record(None::<&[u8]>).expect("memory takes every row");
    }

    /// The bytes of the file.
    pub fn finish(self) -> Vec<u8> {
        self.writer.into_inner().expect("memory takes every row")
    }
}

/// A number with nine significant digits at most; empty when it is not finite.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let rounded = format!("{value:.8e}").parse().unwrap_or(value);
    exact(rounded)
}

/// A number with all its digits, for rows that must add up; empty when it is not finite.
pub fn exact(value: f64) -> String {
    if value.is_finite() { format!("{}", value + 0.0) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_decimals() {
        assert_eq!(number(1.0 / 3.0), "0.333333333");
        assert_eq!(number(123_456_789_012.0), "123456789000");
        assert_eq!(number(1.5e-7), "0.00000015");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(f64::NAN), "");
        assert_eq!(exact(0.1 + 0.2), "0.30000000000000004");
    }

    #[test]
    fn what_holds_a_comma_is_quoted() {
        let mut table = Table::new(Columns::default().text(["a"]).count(["b"]));
        table.row(["one, two", "3"]);
        assert_eq!(table.finish(), b"a,b\n\"one, two\",3\n");
    }

    #[test]
    fn a_column_writes_its_cells_in_one_way() {
        let columns = Columns::default()
            .text(["=name", "word"])
            .date(["date"])
            .count(["paths"])
            .real(["value", "more"]);
        let mut table = Table::new(columns);
        table.row(["mar1", "-", "2026-07", "12", "12", "1e-7"]);
        table.row(["1e5", "", "", "-3", "-0.5", ""]);
        table.row(["=1+1", "x", "=1", "1.5", "words", "1e21"]);
        let text = String::from_utf8_lossy(&table.finish()).into_owned();
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[0], "'=name,word,date,paths,value,more");
        assert_eq!(rows[1], "'mar1,'-,2026-07,12,12.0,0.0000001");
        assert_eq!(rows[2], "'1e5,,,-3,-0.5,");
        assert_eq!(rows[3], "'=1+1,x,'=1,'1.5,words,1000000000000000000000.0");
    }

    #[test]
    fn what_users_wrote_chooses_its_column() {
        let kind = |values: &[&str]| Columns::default().written("key", values).0[0].1;
        assert_eq!(kind(&["1", "-2"]), Kind::Count);
        assert_eq!(kind(&["1", "0.5"]), Kind::Real);
        assert_eq!(kind(&["1", "9 to 27"]), Kind::Count);
        assert_eq!(kind(&["1e-3", "studies"]), Kind::Real);
        assert_eq!(kind(&["true", "false"]), Kind::Plain);
        assert_eq!(kind(&["2026-07-01"]), Kind::Plain);
        assert_eq!(kind(&["consensus", "studies"]), Kind::Text);
        assert_eq!(kind(&["9 to 27", "true"]), Kind::Text);
    }
}

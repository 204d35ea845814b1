//! Comma-separated tables in memory, and how numbers are written in them.

/// A table under construction.
#[derive(Debug)]
pub struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    /// A table with this header.
    pub fn new<S: AsRef<[u8]>>(header: impl IntoIterator<Item = S>) -> Self {
        let mut table =
            Table { writer: csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()) };
        table.row(header);
        table
    }

    /// Adds a row.
    pub fn row<S: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.writer.write_record(cells).expect("memory takes every row");
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
        let mut table = Table::new(["a", "b"]);
        table.row(["one, two", "3"]);
        assert_eq!(table.finish(), b"a,b\n\"one, two\",3\n");
    }
}

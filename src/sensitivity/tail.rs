//! Which rows are the 5% at one end of an output, and what ties at their edge leave of them.
//!
//! The tail holds the ⌈0.05 n⌉ rows with the highest (or lowest) output. Where rows on both sides of that cut have the same
//! output, which of them belong is nobody's choice: then the tail holds only the rows strictly beyond the edge, and their
//! number is said. With fewer than [`FEWEST_ROWS`] rows it is not analysed; where ties leave that few, it is not defined.

use super::FEWEST_ROWS;

/// An end of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Worst {
    /// The highest values.
    #[default]
    Highest,
    /// The lowest values.
    Lowest,
}

impl Worst {
    /// Name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Worst::Highest => "highest",
            Worst::Lowest => "lowest",
        }
    }
}

/// The rows at one end of an output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// Which end.
    pub end: Worst,
    /// The output at the edge.
    pub edge: f64,
    /// Rows in the tail.
    pub rows: usize,
    /// Rows at the edge that ties leave out; 0 where the edge itself is in.
    pub tied: usize,
}

impl Tail {
    /// The tail of an output that has at least one row, and its rows in ascending order.
    pub fn of(output: &[f64], end: Worst) -> (Tail, Vec<usize>) {
        let mut sorted = output.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let count = output.len().div_ceil(20);
        let edge = match end {
            Worst::Highest => sorted[output.len() - count],
            Worst::Lowest => sorted[count - 1],
        };
        let at = output.iter().filter(|value| **value == edge).count();
        let mut tail = Tail { end, edge, rows: 0, tied: 0 };
        let upto = output.iter().filter(|value| tail.holds(**value)).count();
        tail.tied = if upto > count { at } else { 0 };
        let rows: Vec<usize> = (0..output.len()).filter(|row| tail.holds(output[*row])).collect();
        tail.rows = rows.len();
        (tail, rows)
    }

    /// Whether a value lies in the tail.
    pub fn holds(&self, value: f64) -> bool {
        let beyond = match self.end {
            Worst::Highest => value > self.edge,
            Worst::Lowest => value < self.edge,
        };
        beyond || (self.tied == 0 && value == self.edge)
    }

    /// Whether it has enough rows to be analysed.
    pub fn enough(&self) -> bool {
        self.rows >= FEWEST_ROWS
    }

    /// Whether ties leave too few rows.
    pub fn undefined(&self) -> bool {
        self.tied > 0 && !self.enough()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_at_the_edge_leave_what_is_strictly_beyond() {
        let plain: Vec<f64> = (0..2000).map(f64::from).collect();
        let (tail, rows) = Tail::of(&plain, Worst::Highest);
        assert_eq!((tail.edge, tail.rows, tail.tied), (1900.0, 100, 0));
        assert!(rows[0] == 1900 && tail.enough());
        let (tail, rows) = Tail::of(&plain, Worst::Lowest);
        assert!(tail.edge == 99.0 && rows.len() == 100 && tail.holds(99.0) && !tail.holds(100.0));
        // 96% zeros: 80 rows above.
        let steps: Vec<f64> = (0..2000).map(|i| f64::from((i - 1919).max(0))).collect();
        let (tail, rows) = Tail::of(&steps, Worst::Highest);
        assert_eq!((tail.edge, rows.len(), tail.tied), (0.0, 80, 1920));
        assert!(tail.undefined() && !tail.holds(0.0) && tail.holds(1.0));
        let (tail, rows) = Tail::of(&[7.0; 3000], Worst::Lowest);
        assert!(rows.is_empty() && tail.undefined() && tail.tied == 3000);
        // Ties that all belong are no trouble: 120 of 2,400 rows, the count exactly.
        let round: Vec<f64> = (0..2400).map(|i| f64::from(u8::from(i < 120))).collect();
        let (tail, rows) = Tail::of(&round, Worst::Highest);
        assert_eq!((tail.edge, rows.len(), tail.tied), (1.0, 120, 0));
    }
}

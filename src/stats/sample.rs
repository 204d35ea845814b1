//! The outcomes of the first paths, kept by the number of the path so that the order of arrival does not matter.

use std::collections::BTreeMap;

/// Columns of the paths below a limit.
#[derive(Debug, Clone)]
pub struct Sample<T> {
    limit: u64,
    columns: usize,
    chunks: BTreeMap<u64, Vec<T>>,
}

impl<T: Copy + PartialEq> Sample<T> {
    /// A sample of `columns` numbers for each of the first `limit` paths.
    pub fn new(limit: u64, columns: usize) -> Self {
        Sample { limit, columns, chunks: BTreeMap::new() }
    }

    /// Takes in paths `first..first + paths`; `column` gives each column of the block.
    pub(crate) fn absorb<'a>(
        &mut self,
        first: u64,
        paths: usize,
        column: impl Fn(usize) -> &'a [f64],
        convert: impl Fn(f64) -> T,
    ) {
        let room = self.limit.saturating_sub(first).min(paths as u64) as usize;
        if room == 0 || self.columns == 0 {
            return;
        }
        let mut chunk = Vec::with_capacity(room * self.columns);
        for index in 0..self.columns {
            let values = column(index);
            chunk.extend((0..room).map(|path| convert(*values.get(path).unwrap_or(&f64::NAN))));
        }
        self.chunks.insert(first, chunk);
    }

    /// Joins two samples of different paths.
    pub(crate) fn merge(&mut self, mut other: Self) {
        self.chunks.append(&mut other.chunks);
    }

    /// Number of paths held.
    pub fn paths(&self) -> usize {
        self.chunks.values().map(|chunk| chunk.len() / self.columns.max(1)).sum()
    }

    /// A column, in the order of the paths.
    pub fn column(&self, index: usize) -> Vec<T> {
        let mut values = Vec::with_capacity(self.paths());
        for chunk in self.chunks.values() {
            let paths = chunk.len() / self.columns.max(1);
            values.extend_from_slice(chunk.get(index * paths..(index + 1) * paths).unwrap_or(&[]));
        }
        values
    }

    /// Every path with its number and its row, in the order of the paths.
    pub fn rows(&self) -> Vec<(u64, Vec<T>)> {
        let mut rows = Vec::with_capacity(self.paths());
        for (first, chunk) in &self.chunks {
            let paths = chunk.len() / self.columns.max(1);
            for path in 0..paths {
                let row = (0..self.columns).map(|column| chunk[column * paths + path]).collect();
                rows.push((first + path as u64, row));
            }
        }
        rows
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.chunks.values().map(|chunk| chunk.capacity() * size_of::<T>()).sum()
    }
}

/// Two samples are equal when they hold the same paths, however these were cut into blocks.
impl<T: Copy + PartialEq> PartialEq for Sample<T> {
    fn eq(&self, other: &Self) -> bool {
        self.limit == other.limit && self.columns == other.columns && self.rows() == other.rows()
    }
}

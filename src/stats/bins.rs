//! Histograms with fixed edges: fine near a centre, a fixed share of the distance far from it, whole counts only.

/// Octaves of `|x − centre| / scale + 16`, from 16 up to 2^18; beyond them the last bin is open.
const OCTAVES: u32 = 14;

/// What is added to the distance from the centre before its octave is taken.
const START: f64 = 16.0;

/// Distance, in scales, from which a value counts as beyond the last bin.
const TOP: f64 = (1_u64 << (OCTAVES + 4)) as f64 - START;

/// Values in a column are worked on in parts of this many.
pub(crate) const PART: usize = 256;

/// The edges: bin 0 holds the centre itself, bins 1, 2, … lie above it, −1, −2, … mirror them below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    centre: f64,
    scale: f64,
    inverse: f64,
    shift: u32,
}

impl Grid {
    /// Edges around `centre` with `2^bits` bins to an octave: `16 * scale / 2^bits` wide near the centre.
    pub fn new(centre: f64, scale: f64, bits: u32) -> Self {
        Grid { centre, scale, inverse: 1.0 / scale, shift: 52 - bits }
    }

    /// Bins to an octave.
    pub fn per_octave(&self) -> usize {
        1 << (52 - self.shift)
    }

    /// Distance from the centre from which a value counts as beyond the last bin.
    pub fn reach(&self) -> f64 {
        TOP * self.scale
    }

    /// Number of the open bin at the upper end; its mirror image is at the lower end.
    pub fn open_bin(&self) -> i32 {
        (OCTAVES as usize * self.per_octave()) as i32 + 1
    }

    /// The bin of a finite value.
    #[inline(always)]
    pub fn bin(&self, value: f64) -> i32 {
        let offset = value - self.centre;
        let distance = (offset.abs() * self.inverse).min(TOP) + START;
        let steps = (distance.to_bits() >> self.shift) - (START.to_bits() >> self.shift);
        (steps as i32 + 1) * (i32::from(offset > 0.0) - i32::from(offset < 0.0))
    }

    /// Lower and upper edge of a bin. The bin of the centre and the open bins have no width.
    pub fn edges(&self, bin: i32) -> (f64, f64) {
        let steps = bin.unsigned_abs().min(self.open_bin().unsigned_abs());
        if steps == 0 {
            return (self.centre, self.centre);
        }
        let near = self.distance(steps - 1);
        let far = if steps == self.open_bin().unsigned_abs() { near } else { self.distance(steps) };
        if bin > 0 {
            (self.centre + near, self.centre + far)
        } else {
            (self.centre - far, self.centre - near)
        }
    }

    fn distance(&self, steps: u32) -> f64 {
        let bits = ((START.to_bits() >> self.shift) + u64::from(steps)) << self.shift;
        (f64::from_bits(bits) - START) * self.scale
    }
}

/// Counts over a [`Grid`], kept only for the octaves that were needed, with the exact smallest and largest value of each bin:
/// a value that many paths share (a policy rate, reserves that nobody touched) is read back as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    below: usize,
    above: usize,
    counts: Vec<u32>,
    /// Smallest and largest value of each bin that holds something.
    ends: Vec<[f64; 2]>,
    min: f64,
    max: f64,
}

impl Default for Bins {
    fn default() -> Self {
        Bins {
            below: 0,
            above: 0,
            counts: vec![0],
            ends: vec![[0.0; 2]],
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }
}

impl Bins {
    /// Counts at most [`PART`] finite values and leaves the position of each in `places`.
    #[inline(always)]
    pub(crate) fn absorb(&mut self, grid: &Grid, part: &[f64], places: &mut [i32; PART]) {
        let (mut low, mut high) = (0, 0);
        let (mut min, mut max) = (self.min, self.max);
        for (place, &value) in places.iter_mut().zip(part) {
            let value = value + 0.0; // −0 becomes 0
            min = if value < min { value } else { min };
            max = if value > max { value } else { max };
            *place = grid.bin(value);
            low = low.min(*place);
            high = high.max(*place);
        }
        (self.min, self.max) = (min, max);
        self.reach(grid, low, high);
        for (place, &value) in places.iter_mut().zip(part) {
            *place += self.below as i32;
            let place = *place as usize;
            let value = value + 0.0;
            self.ends[place] = join(self.counts[place], self.ends[place], 1, [value; 2]);
            self.counts[place] += 1;
        }
    }

    /// Position of bin `−1 − below`; the layout of tables kept beside the counts.
    pub(crate) fn span(&self) -> (usize, usize) {
        (self.below, self.above)
    }

    /// Smallest and largest value; infinite when there is none.
    pub fn range(&self) -> (f64, f64) {
        (self.min, self.max)
    }

    /// The bins that hold something, lowest first: bin and count.
    pub fn filled(&self) -> impl DoubleEndedIterator<Item = (i32, u64)> {
        let below = self.below as i32;
        let counts = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        counts.map(move |(place, &count)| (place as i32 - below, u64::from(count)))
    }

    /// Smallest and largest value of a bin that holds something.
    pub fn ends(&self, bin: i32) -> [f64; 2] {
        self.ends[(bin + self.below as i32) as usize]
    }

    /// How many values lie in the open bins.
    pub fn beyond(&self, grid: &Grid) -> u64 {
        let open = grid.open_bin();
        self.filled().filter(|(bin, _)| bin.abs() == open).map(|(_, count)| count).sum()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.counts.capacity() * size_of::<u32>() + self.ends.capacity() * size_of::<[f64; 2]>()
    }

    fn reach(&mut self, grid: &Grid, low: i32, high: i32) {
        let (below, above) = (low.unsigned_abs() as usize, high.unsigned_abs() as usize);
        if below > self.below || above > self.above {
            let octave = grid.per_octave();
            let span = (
                self.below.max(below.next_multiple_of(octave)),
                self.above.max(above.next_multiple_of(octave)),
            );
            widen(&mut self.counts, (self.below, self.above), span);
            widen(&mut self.ends, (self.below, self.above), span);
            (self.below, self.above) = span;
        }
    }

    /// Adds another histogram over the same edges.
    pub fn merge(&mut self, grid: &Grid, other: &Bins) {
        self.reach(grid, -(other.below as i32), other.above as i32);
        let shift = self.below - other.below;
        let mine = self.counts[shift..].iter_mut().zip(&mut self.ends[shift..]);
        for ((mine, ends), (theirs, others)) in mine.zip(other.counts.iter().zip(&other.ends)) {
            *ends = join(*mine, *ends, *theirs, *others);
            *mine = mine.saturating_add(*theirs);
        }
        self.min = if other.min < self.min { other.min } else { self.min };
        self.max = if other.max > self.max { other.max } else { self.max };
    }
}

/// Smallest and largest of two groups of values, each counted; an empty group has none.
#[inline(always)]
fn join(count: u32, ends: [f64; 2], others: u32, their_ends: [f64; 2]) -> [f64; 2] {
    match (count, others) {
        (_, 0) => ends,
        (0, _) => their_ends,
        _ => [
            if their_ends[0] < ends[0] { their_ends[0] } else { ends[0] },
            if their_ends[1] > ends[1] { their_ends[1] } else { ends[1] },
        ],
    }
}

/// Makes room around a table that runs from `−below` to `above`, keeping what it holds.
pub(crate) fn widen<T: Copy + Default>(
    table: &mut Vec<T>,
    old: (usize, usize),
    new: (usize, usize),
) {
    if old != new {
        let mut wider = vec![T::default(); new.0 + new.1 + 1];
        let start = new.0 - old.0;
        wider[start..start + table.len()].copy_from_slice(table);
        *table = wider;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_between_the_edges_of_its_bin() {
        for (centre, scale, bits) in
            [(0.0, 1.0, 10), (150.0, 1.0, 10), (1.0, 0.01, 10), (0.0, 1.0, 7)]
        {
            let grid = Grid::new(centre, scale, bits);
            let mut value = 1e-9;
            while value < 2e5 {
                for x in [centre + value * scale, centre - value * scale] {
                    let (low, high) = grid.edges(grid.bin(x));
                    let slack = 1e-12 * (x.abs() + centre.abs() + scale);
                    assert!(low - slack <= x && x <= high + slack, "{x}: {low} to {high}");
                }
                value *= 1.0137;
            }
        }
    }

    #[test]
    fn bins_are_as_fine_as_promised() {
        let grid = Grid::new(0.0, 1.0, 10);
        for bin in 1..grid.open_bin() {
            let (low, high) = grid.edges(bin);
            assert!(high - low <= 0.02_f64.max(0.002 * low), "{low} to {high}");
            assert_eq!(grid.edges(-bin), (-high, -low));
        }
    }

    #[test]
    fn the_centre_and_the_ends_have_bins_of_their_own() {
        let grid = Grid::new(150.0, 1.0, 10);
        assert_eq!(grid.bin(150.0), 0);
        assert_eq!(grid.bin(150.0 + 1e-10), 1);
        assert_eq!(grid.bin(150.0 - 1e-10), -1);
        assert_eq!(grid.bin(1e300), grid.open_bin());
        assert_eq!(grid.bin(-1e300), -grid.open_bin());
        assert_eq!(grid.edges(grid.open_bin()), (150.0 + TOP, 150.0 + TOP));
    }

    #[test]
    fn joining_is_counting_together() {
        let grid = Grid::new(0.0, 1.0, 10);
        let values: Vec<f64> = (0..200).map(|i| f64::from(i * i * i) * 0.37 - 900.0).collect();
        let count = |values: &[f64]| {
            let mut bins = Bins::default();
            bins.absorb(&grid, values, &mut [0; PART]);
            bins
        };
        let whole = count(&values);
        let (left, right) = values.split_at(37);
        let (left, right) = (count(left), count(right));
        let (mut a, mut b) = (left.clone(), right.clone());
        a.merge(&grid, &right);
        b.merge(&grid, &left);
        assert_eq!(a, whole);
        assert_eq!(b, whole);
        assert_eq!(whole.filled().map(|(_, count)| count).sum::<u64>(), 200);
    }
}

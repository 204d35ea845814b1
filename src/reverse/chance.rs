//! How probable the target is: the simulated share, its interval, and whether the paths are enough to say.
//!
//! ```text
//! Wilson (1927):  (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n),   z = 1.96 for 95%
//! ```
//!
//! The relative error of a small share is 1/√hits: 100 hits give ±10%. With fewer, [`Chance::paths_needed`] says how
//! many paths give 100 at the share found, or, without a hit, at the upper end of the interval: a lower bound on what it
//! takes.

use crate::stats::Z95;

/// Hits from which a share is known to a tenth of itself.
pub const ENOUGH_HITS: u64 = 100;

/// A share of paths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// Paths inside the target.
    pub hits: u64,
    /// Paths in all.
    pub paths: u64,
}

impl Chance {
    /// The share; not a number without paths.
    pub fn share(&self) -> f64 {
        self.hits as f64 / self.paths as f64
    }

    /// Wilson's 95% interval of the probability, from 0 to 1.
    pub fn interval(&self) -> (f64, f64) {
        if self.paths == 0 {
            return (0.0, 1.0);
        }
        let (n, p, square) = (self.paths as f64, self.share(), Z95 * Z95);
        let middle = p + square / (2.0 * n);
        let half = Z95 * libm::sqrt(p * (1.0 - p) / n + square / (4.0 * n * n));
        let scale = 1.0 + square / n;
        let low = if self.hits == 0 { 0.0 } else { ((middle - half) / scale).max(0.0) };
        let high = if self.hits >= self.paths { 1.0 } else { ((middle + half) / scale).min(1.0) };
        (low, high)
    }

    /// Paths that would give [`ENOUGH_HITS`] hits, rounded up to two digits; none where there are enough.
    pub fn paths_needed(&self) -> Option<f64> {
        if self.hits >= ENOUGH_HITS || self.hits == self.paths {
            return None;
        }
        let share = if self.hits == 0 { self.interval().1 } else { self.share() };
        let paths = ENOUGH_HITS as f64 / share;
        let unit = libm::pow(10.0, libm::floor(libm::log10(paths)) - 1.0).max(1.0);
        Some(libm::ceil(paths / unit) * unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Values of R's prop.test(correct = FALSE) and binom::binom.wilson.
        for (hits, paths, low, high) in [
            (0, 10, 0.0, 0.277_532_8),
            (1, 10, 0.017_875_0, 0.404_150_0),
            (5, 10, 0.236_593_1, 0.763_406_9),
            (10, 10, 0.722_467_2, 1.0),
            (81, 263, 0.255_288_5, 0.366_197_0),
        ] {
            let found = Chance { hits, paths }.interval();
            assert!((found.0 - low).abs() < 1e-4 && (found.1 - high).abs() < 1e-4, "{found:?}");
        }
        assert_eq!(Chance { hits: 0, paths: 0 }.interval(), (0.0, 1.0));
    }

    #[test]
    fn too_few_hits_say_how_many_paths_would_do() {
        assert_eq!(Chance { hits: 100, paths: 1000 }.paths_needed(), None);
        assert_eq!(Chance { hits: 5, paths: 5 }.paths_needed(), None);
        assert_eq!(Chance { hits: 7, paths: 100_000 }.paths_needed(), Some(1_500_000.0));
        // No hit in 1,000: the upper end is 3.84/1003.84, so at least 26,132 paths.
        assert_eq!(Chance { hits: 0, paths: 1000 }.paths_needed(), Some(27_000.0));
    }
}

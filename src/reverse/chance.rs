//! How probable the target is: the simulated share, its interval ([`wilson`]), and whether the paths are enough to say.
//!
//! The relative error of a small share is 1/√hits: 100 hits give ±10%. With fewer, [`Chance::paths_needed`] says how
//! many paths give 100 at the share found, or, without a hit, at the upper end of the interval: a lower bound on what it
//! takes.
//!
//! A probability from elsewhere agrees with the share only where the paths could have told it apart: where the interval
//! of the share lies within half and twice the share, from eight hits on. With fewer it is either outside the interval, and
//! wrong, or it cannot be checked.

use crate::stats::wilson;

/// Hits from which a share is known to a tenth of itself.
pub const ENOUGH_HITS: u64 = 100;

/// What simulated paths say of a probability that comes from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It lies in the interval of the share, which could have excluded half and twice the share.
    Agrees,
    /// It lies outside the interval.
    Wrong,
    /// It lies in the interval, which is too wide to say.
    Unchecked,
}

impl Judgement {
    /// Name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Judgement::Agrees => "agrees with the simulated one",
            Judgement::Wrong => "wrong",
            Judgement::Unchecked => "cannot be checked",
        }
    }
}

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
        wilson(self.hits, self.paths)
    }

    /// What the paths say of a probability that comes from elsewhere.
    pub fn judge(&self, probability: f64) -> Judgement {
        let (low, high) = self.interval();
        let tells = self.hits > 0 && 2.0 * low >= self.share() && high <= 2.0 * self.share();
        match (low..=high).contains(&probability) {
            false => Judgement::Wrong,
            true if tells => Judgement::Agrees,
            true => Judgement::Unchecked,
        }
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
    fn agreement_needs_an_interval_that_could_exclude_a_factor_of_two() {
        let judged = |hits, paths, probability| Chance { hits, paths }.judge(probability);
        // Seven hits in 10,000: 3.4 to 14.4 of 10,000, wider than half to twice; eight: 4.1 to 15.8.
        assert_eq!(judged(7, 10_000, 7e-4), Judgement::Unchecked);
        assert_eq!(judged(8, 10_000, 8e-4), Judgement::Agrees);
        assert_eq!(judged(8, 10_000, 4e-4), Judgement::Wrong);
        assert_eq!(judged(7, 10_000, 3e-4), Judgement::Wrong, "outside is outside");
        // Without a hit: below the upper end nothing can be said, above it much.
        assert_eq!(judged(0, 20_000, 6.07e-12), Judgement::Unchecked);
        assert_eq!(judged(0, 20_000, 1e-3), Judgement::Wrong);
        assert_eq!(judged(0, 0, 0.5), Judgement::Unchecked);
        assert_eq!(judged(20_000, 20_000, 0.999_9), Judgement::Agrees);
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

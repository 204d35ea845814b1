//! Permutations, resamples and halves by name: `rand`'s sequence tools over one portable generator of its family.
//!
//! What comes out is a function of the seed, the name, the number and the counts alone: Xoshiro256++ is portable, and
//! all places are drawn as 32-bit numbers, whatever the width of a pointer.

use super::rng::{name_hash, stream_key};
use rand::seq::{SliceRandom as _, index};
use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator of what is drawn under a name for the `number`-th time.
pub fn generator(seed: u64, name: &str, number: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(stream_key(seed, number, name_hash(name))[0])
}

/// A permutation of `0..count`.
pub fn shuffled(count: usize, generator: &mut impl Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(generator);
    order
}

/// How often each of `count` things comes when as many are drawn with replacement: a resample of the bootstrap.
pub fn resampled(count: usize, generator: &mut impl Rng) -> Vec<f64> {
    let mut times = vec![0.0; count];
    let end = u32::try_from(count).unwrap_or(u32::MAX);
    for _ in 0..count {
        times[generator.random_range(0..end) as usize] += 1.0;
    }
    times
}

/// Two random halves of `0..count`, each ascending; the first has one more when the number is odd.
pub fn halves(count: usize, generator: &mut impl Rng) -> [Vec<usize>; 2] {
    let mut first = vec![false; count];
    for at in index::sample(generator, count, count.div_ceil(2)) {
        first[at] = true;
    }
    [true, false].map(|half| (0..count).filter(|at| first[*at] == half).collect())
}

/// A Latin hypercube's visits of one dimension: a number in each of `count` equal parts of 0 to 1, in random order.
pub fn strata(count: usize, generator: &mut impl Rng) -> Vec<f64> {
    let parts = shuffled(count, generator);
    parts.into_iter().map(|part| (part as f64 + generator.random::<f64>()) / count as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(number: u64) -> Xoshiro256PlusPlus {
        generator(5, "test", number)
    }

    /// A newer `rand` that draws otherwise would change results under an old revision: it must be seen here.
    #[test]
    fn the_bits_are_on_record() {
        assert_eq!(shuffled(10, &mut own(0)), [4, 3, 1, 7, 6, 2, 5, 8, 9, 0]);
        assert_eq!(resampled(6, &mut own(0)), [1.0, 1.0, 2.0, 0.0, 2.0, 0.0]);
        assert_eq!(halves(7, &mut own(0)), [vec![0, 1, 2, 6], vec![3, 4, 5]]);
        let want = [0.672_961_810_193_573, 0.125_279_635_314_351_05, 0.442_879_373_033_695_07];
        assert_eq!(strata(3, &mut own(0)), want);
    }

    #[test]
    fn every_permutation_is_as_likely() {
        let mut counts = std::collections::BTreeMap::new();
        for number in 0..24_000 {
            *counts.entry(shuffled(4, &mut own(number))).or_insert(0_i32) += 1;
        }
        // 24 permutations of 1,000 each: χ² with 23 degrees of freedom, 99.99% below 56.
        let square: f64 = counts.values().map(|n| f64::from((n - 1000) * (n - 1000)) / 1e3).sum();
        assert!(counts.len() == 24 && square < 56.0, "{square}");
    }

    #[test]
    fn resamples_have_the_variance_of_the_bootstrap() {
        let (mut sum, mut square) = (0.0, 0.0);
        for number in 0..2000 {
            let times = resampled(50, &mut own(number));
            assert_eq!(times.iter().sum::<f64>(), 50.0);
            sum += times[0];
            square += times[49] * times[49];
        }
        // Binomial(50, 1/50): mean 1, mean square 1.98; four errors of 2,000 draws.
        assert!((sum / 2000.0 - 1.0).abs() < 0.09, "{sum}");
        assert!((square / 2000.0 - 1.98).abs() < 0.28, "{square}");
    }

    #[test]
    fn halves_and_strata_leave_nothing_out() {
        for count in [0, 1, 2, 9, 100] {
            let [first, second] = halves(count, &mut own(1));
            assert_eq!((first.len(), second.len()), (count.div_ceil(2), count / 2));
            let mut all = [first, second].concat();
            all.sort_unstable();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
            let mut parts: Vec<usize> =
                strata(count, &mut own(2)).iter().map(|at| (at * count as f64) as usize).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_number_and_every_name_draws_anew() {
        let seeds = [(5, "test"), (5, "tent"), (6, "test")];
        let own =
            seeds.iter().flat_map(|(seed, name)| (0..50).map(move |n| generator(*seed, name, n)));
        let orders: std::collections::BTreeSet<Vec<usize>> =
            own.map(|mut own| shuffled(20, &mut own)).collect();
        assert_eq!(orders.len(), 150);
    }
}

//! Which points a sweep visits: a grid, a Latin hypercube or a Sobol' sequence.

use super::vary::Vary;
use crate::error::Error;
use crate::num::resample::{generator, strata};

/// Most points of a sweep, and of a Sobol' sequence.
pub const MOST_POINTS: usize = 100_000;
const MOST_SOBOL: usize = 1 << 16;

/// How the points are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// All combinations of the values, the last key fastest.
    Grid,
    /// Latin hypercube: each key visits each of this many equal parts of its range once (McKay, Beckman and Conover 1979).
    Lhs(usize),
    /// The first points of a Sobol' sequence, Owen-scrambled (Burley 2020).
    Sobol(usize),
}

impl Design {
    /// The points: values as TOML text in the order of the keys.
    ///
    /// # Errors
    /// A range without a number of values on a grid; too many points or none.
    pub fn points(self, vary: &[Vary], seed: u64) -> Result<Vec<Vec<String>>, Error> {
        let (count, most) = match self {
            Design::Grid => return grid(vary),
            Design::Lhs(count) => (count, MOST_POINTS),
            Design::Sobol(count) => (count, MOST_SOBOL),
        };
        if !(1..=most).contains(&count) {
            return Err(Error::Usage {
                what: format!("{count} points are not between 1 and {most}"),
                remedy: "choose another --points".to_owned(),
            });
        }
        let shares: Vec<Vec<f64>> = match self {
            Design::Lhs(_) => {
                let own = |key: &Vary| generator(seed, &format!("sweep.lhs.{}", key.key), 0);
                vary.iter().map(|key| strata(count, &mut own(key))).collect()
            }
            _ => (0..vary.len()).map(|key| sobol(key, count, seed)).collect(),
        };
        let point = |index: usize| {
            let places = vary.iter().zip(&shares);
            places.map(|(key, shares)| key.values.at(shares[index])).collect()
        };
        Ok((0..count).map(point).collect())
    }
}

/// All combinations, the last key fastest.
///
/// # Errors
/// A range that does not say how many values it has; too many points.
pub fn grid(vary: &[Vary]) -> Result<Vec<Vec<String>>, Error> {
    let mut points: Vec<Vec<String>> = vec![Vec::new()];
    for key in vary {
        let values = key.grid()?;
        if points.len().saturating_mul(values.len()) > MOST_POINTS {
            return Err(Error::Usage {
                what: format!("the grid has more than {MOST_POINTS} points"),
                remedy: "vary fewer values, or use --design sobol --points N".to_owned(),
            });
        }
        let longer = points.iter().flat_map(|point| {
            values.iter().map(|value| point.iter().chain([value]).cloned().collect())
        });
        points = longer.collect();
    }
    Ok(points)
}

/// A dimension of the first points of the sequence.
fn sobol(key: usize, count: usize, seed: u64) -> Vec<f64> {
    let seed = (seed ^ (seed >> 32)) as u32;
    let key = key as u32 % sobol_burley::NUM_DIMENSIONS;
    (0..count as u32).map(|index| f64::from(sobol_burley::sample(index, key, seed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vary(texts: &[&str]) -> Vec<Vary> {
        texts.iter().filter_map(|text| Vary::parse(text).ok()).collect()
    }

    fn points(design: Design, texts: &[&str]) -> Vec<Vec<String>> {
        design.points(&vary(texts), 5).unwrap_or_default()
    }

    #[test]
    fn a_grid_has_every_combination_in_order() {
        let points = points(Design::Grid, &["a=0..1:2", "b=x,y,z"]);
        let flat: Vec<String> = points.iter().map(|point| point.join(" ")).collect();
        assert_eq!(flat, ["0 x", "0 y", "0 z", "1 x", "1 y", "1 z"]);
    }

    #[test]
    fn designs_fill_their_ranges_evenly() {
        for design in [Design::Lhs(64), Design::Sobol(64)] {
            let points = points(design, &["a=2..4", "b=1..100:log", "c=x,y"]);
            for (key, share) in [(0, None), (1, Some(100.0_f64))] {
                let mut parts = vec![0; 64];
                for point in &points {
                    let value: f64 = point[key].parse().unwrap_or(f64::NAN);
                    let place = match share {
                        None => (value - 2.0) / 2.0,
                        Some(ratio) => libm::log(value) / libm::log(ratio),
                    };
                    parts[((place * 64.0) as usize).min(63)] += 1;
                }
                assert!(parts.iter().all(|count| *count == 1), "{design:?} {key}: {parts:?}");
            }
            assert_eq!(points.iter().filter(|point| point[2] == "x").count(), 32);
            let again = design.points(&vary(&["a=2..4", "b=1..100:log", "c=x,y"]), 6);
            assert!(again.is_ok_and(|other| other != points), "another seed, other points");
        }
    }
}

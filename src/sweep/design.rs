//! Which points a sweep visits: a grid, a Latin hypercube or a Sobol' sequence.

use super::vary::Vary;
use crate::error::Error;

/// Most points of a sweep.
pub const MOST_POINTS: usize = 1_000_000;

/// All combinations, the last key fastest; values as TOML text in the order of the keys.
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
        points = points
            .iter()
            .flat_map(|point| {
                values.iter().map(|value| {
                    let mut longer = point.clone();
                    longer.push(value.clone());
                    longer
                })
            })
            .collect();
    }
    Ok(points)
}

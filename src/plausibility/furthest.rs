//! Which number of a path lies furthest from its default: the first suspect when the path leaves the known world.
//!
//! ```text
//! drawn in the baseline         |Φ⁻¹(F(x))|, F its distribution there; where that is beyond 8, and |x − median| in
//!                               half-widths of its central 90%, times 1.645, is more, that
//! constant d in the baseline    1.645 |x − d| / h, h the half-width of the central 90% of the scenario's own
//!                               distribution, else half of |d|, or where d = 0 of a tenth of the hard range
//! of an event, which the        1.645 · 10 |x − e| / |end − e|: from what changes nothing, e, to the end of the
//! baseline does not have        hard range count as ten half-widths
//! ```
//!
//! All are distances in standard normals.

use crate::model::Number;
use crate::num::{Marginal, normal_quantile};
use crate::scenario::Scenario;

/// Half-width of the central 90% of a standard normal.
const Z_90: f64 = 1.644_853_626_951_472_2;
/// Distance to which distribution functions are trusted.
const TRUSTED: f64 = 8.0;
/// Half-widths from what changes nothing to the end of an event's hard range.
const RANGE: f64 = 10.0;

/// A number far from its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Furthest {
    /// Address.
    pub key: String,
    /// Unit.
    pub unit: &'static str,
    /// Value on the path.
    pub value: f64,
    /// Its default: the baseline's median; of an event what changes nothing.
    pub default: f64,
    /// Distance in standard normals.
    pub distance: f64,
}

/// The number furthest from its default; of equals the first. None where all stand at theirs.
pub fn furthest(numbers: &[Number], baseline: &Scenario) -> Option<Furthest> {
    let mut best: Option<Furthest> = None;
    for number in numbers {
        let known = baseline.quantities.iter().find(|known| known.address == number.address);
        let (default, distance) = match (known, number.neutral) {
            (Some(known), _) => against(number, &known.marginal),
            (None, Some(neutral)) => (neutral, event(number, neutral)),
            (None, None) => continue,
        };
        if distance > best.as_ref().map_or(0.0, |best| best.distance) {
            let (key, unit, value) = (number.address.clone(), number.unit, number.value);
            best = Some(Furthest { key, unit, value, default, distance });
        }
    }
    best
}

/// Default and distance of a number that the baseline has.
fn against(number: &Number, known: &Marginal) -> (f64, f64) {
    let (x, median) = (number.value, known.quantile(0.5));
    let far = |half_width: f64| Z_90 * (x - median).abs() / half_width;
    if known.constant().is_some() {
        let (low, high) = number.range;
        let size = if median == 0.0 { 0.1 * (high - low) } else { median.abs() };
        let own = number.law.as_ref().map(half_width).filter(|width| *width > 0.0);
        return (median, if x == median { 0.0 } else { far(own.unwrap_or(0.5 * size)) });
    }
    let below = 0.5 * (known.cdf(x) + known.cdf(x.next_down()));
    let normal = normal_quantile(below.clamp(0.0, 1.0)).abs();
    let width = half_width(known);
    let distance = if normal <= TRUSTED || width <= 0.0 {
        normal.min(TRUSTED)
    } else {
        far(width).max(TRUSTED)
    };
    (median, distance)
}

/// Half the width of the central 90%.
fn half_width(law: &Marginal) -> f64 {
    0.5 * (law.quantile(0.95) - law.quantile(0.05))
}

/// Distance of a number of an event.
fn event(number: &Number, neutral: f64) -> f64 {
    let end = if number.value >= neutral { number.range.1 } else { number.range.0 };
    if number.value == neutral || end == neutral {
        return 0.0;
    }
    Z_90 * RANGE * (number.value - neutral).abs() / (end - neutral).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64, neutral: Option<f64>, law: Option<Marginal>) -> Number {
        let range = (0.0, 50.0);
        Number { address: "a.b".to_owned(), unit: "bp", value, range, neutral, law }
    }

    fn interval(low: f64, high: f64) -> Marginal {
        Marginal::interval(low, high).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn distances_by_hand() {
        let close = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-6, "{found}");
        // Normal with mean 0 and sd 2: six is three of them away, a hundred is fifty, beyond what Φ can tell.
        let normal = interval(-2.0 * Z_90, 2.0 * Z_90);
        close(against(&number(6.0, None, None), &normal).1, 3.0);
        close(against(&number(100.0, None, None), &normal).1, 50.0);
        // A constant: half of its size, a tenth of the range where it is 0, the scenario's own spread where it has one.
        let fixed = Marginal::fixed;
        close(against(&number(6.0, None, None), &fixed(4.0)).1, Z_90);
        close(against(&number(5.0, None, None), &fixed(0.0)).1, 2.0 * Z_90);
        let own = Some(interval(-1.0, 1.0));
        close(against(&number(6.0, None, own), &fixed(4.0)).1, 2.0 * Z_90);
        close(against(&number(4.0, None, None), &fixed(4.0)).1, 0.0);
        close(event(&number(25.0, Some(0.0), None), 0.0), 5.0 * Z_90);
        close(event(&number(0.0, Some(10.0), None), 10.0), 10.0 * Z_90);
    }
}

//! The declarations as text for people.

use super::tree;

/// A hard range with its unit: `0 to 1 (probability)`.
pub(super) fn range(low: f64, high: f64, unit: &str) -> String {
    let number = |value: f64| tree::number(value, value == libm::floor(value));
    let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    match (low > -1e100, high < 1e100) {
        (true, true) => format!("{} to {}{unit}", number(low), number(high)),
        (true, false) => format!("{} or more{unit}", number(low)),
        (false, true) => format!("{} or less{unit}", number(high)),
        (false, false) => format!("any number{unit}"),
    }
}

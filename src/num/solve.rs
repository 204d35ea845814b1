//! The root of a rising function between two ends.

/// Most steps: the secant needs about ten, halving alone would need fifty.
const STEPS: usize = 80;
/// Width of the interval, as a share of the first, at which the root is found.
const WIDTH: f64 = 1e-14;

/// The argument in `low` to `high` at which the rising function `f` reaches `wanted`; the nearer end where it does not.
///
/// Secants between the ends of a bracket; an end that stays twice counts half (Illinois).
pub fn solve_rising(f: impl Fn(f64) -> f64, wanted: f64, mut low: f64, mut high: f64) -> f64 {
    let (mut below, mut above) = (f(low) - wanted, f(high) - wanted);
    if below >= 0.0 {
        return low;
    }
    if above <= 0.0 {
        return high;
    }
    let width = WIDTH * (high - low);
    let mut stayed = 0;
    for _ in 0..STEPS {
        let between = (low * above - high * below) / (above - below);
        let middle = between.clamp(low, high);
        let value = f(middle) - wanted;
        if value == 0.0 || high - low <= width {
            return middle;
        }
        if value < 0.0 {
            (low, below) = (middle, value);
            above *= if stayed > 0 { 0.5 } else { 1.0 };
            stayed = 1;
        } else {
            (high, above) = (middle, value);
            below *= if stayed < 0 { 0.5 } else { 1.0 };
            stayed = -1;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::solve_rising;

    #[test]
    fn it_finds_the_root_or_the_nearer_end() {
        let root = solve_rising(|x| x * x, 2.0, 0.0, 10.0);
        assert!((root - std::f64::consts::SQRT_2).abs() < 1e-12);
        assert_eq!(solve_rising(|x| x, -1.0, 0.0, 1.0), 0.0);
        assert_eq!(solve_rising(|x| x, 2.0, 0.0, 1.0), 1.0);
    }
}

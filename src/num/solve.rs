//! The root of a rising function by halving.

/// Halvings: the interval is then 2⁻⁶⁰ of its width.
const HALVINGS: usize = 60;

/// The argument in `low` to `high` at which the rising function `f` reaches `wanted`; the nearer end where it does not.
pub fn solve_rising(f: impl Fn(f64) -> f64, wanted: f64, mut low: f64, mut high: f64) -> f64 {
    if f(low) >= wanted {
        return low;
    }
    if f(high) <= wanted {
        return high;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if f(middle) < wanted {
            low = middle;
        } else {
            high = middle;
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

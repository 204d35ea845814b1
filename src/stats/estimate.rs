//! Estimates and their Monte Carlo errors, read from counts in bins.

use super::bins::{Bins, Grid};
use crate::num::sum::{Moments, Quantiser};

/// Probabilities of the quantiles in every file.
pub const PROBABILITIES: [f64; 9] = [0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99];

/// Normal quantile of a two-sided interval of 95%.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Relative distance below which the values of a bin count as equal.
const ALIKE: f64 = 1e-9;

/// A number estimated from paths, and its standard error from their finite number.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// The estimate; not a number when there are too few paths for one.
    pub value: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
}

/// The bins in use in ascending order with running counts, for reading values by rank.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranks {
    count: u64,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    low: f64,
    high: f64,
    before: u64,
    count: u64,
}

impl Step {
    /// The value `ranks` from below inside the bin; the values are taken as spread evenly over it.
    fn at(&self, ranks: f64) -> f64 {
        self.low + ranks / self.count as f64 * (self.high - self.low)
    }
}

impl Ranks {
    /// Reads a histogram. A bin reaches from its smallest to its largest value; an open one has its edges.
    pub fn new(grid: &Grid, bins: &Bins) -> Self {
        let mut count = 0;
        let mut steps = Vec::new();
        for (bin, held) in bins.filled() {
            let open = bin.abs() == grid.open_bin();
            let [low, high] = if open { grid.edges(bin).into() } else { bins.ends(bin) };
            steps.push(Step { low, high, before: count, count: held });
            count += held;
        }
        Ranks { count, steps }
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    fn by_rank(&self, rank: u64) -> f64 {
        let next = self.steps.partition_point(|step| step.before <= rank);
        match next.checked_sub(1).and_then(|index| self.steps.get(index)) {
            Some(step) => step.at((rank - step.before).min(step.count - 1) as f64 + 0.5),
            None => f64::NAN,
        }
    }

    /// The quantile by R7 (the inclusive percentile of spreadsheets).
    pub fn quantile(&self, probability: f64) -> f64 {
        if self.count == 0 {
            return f64::NAN;
        }
        let position = probability.clamp(0.0, 1.0) * (self.count - 1) as f64;
        let rank = position as u64;
        let low = self.by_rank(rank);
        let rest = position - rank as f64;
        if rest > 0.0 { low + rest * (self.by_rank(rank + 1) - low) } else { low }
    }

    /// The quantile with its standard error from order statistics, widened for few paths beyond it
    /// (`quantile_widening`).
    pub fn quantile_estimate(&self, probability: f64) -> Estimate {
        let mcse = self.quantile_step(probability) * quantile_widening(self.count, probability);
        Estimate { value: self.quantile(probability), mcse }
    }

    /// Half the distance between the quantiles one binomial standard deviation away; where that passes an end of the
    /// sample, what is left is stretched.
    pub(super) fn quantile_step(&self, probability: f64) -> f64 {
        let step = self.binomial_step(probability);
        let (low, high) = ((probability - step).max(0.0), (probability + step).min(1.0));
        let stretch = 2.0 * step / (high - low);
        let width = self.quantile(high) - self.quantile(low);
        if self.count < 2 { f64::NAN } else { width * stretch / 2.0 }
    }

    /// The 95% interval of a quantile from order statistics; none while it reaches past an end of the sample.
    pub fn quantile_interval(&self, probability: f64) -> Option<(f64, f64)> {
        let step = Z95 * self.binomial_step(probability);
        let (low, high) = (probability - step, probability + step);
        (low > 0.0 && high < 1.0).then(|| (self.quantile(low), self.quantile(high)))
    }

    fn binomial_step(&self, probability: f64) -> f64 {
        (probability * (1.0 - probability) / self.count as f64).sqrt()
    }

    /// Mean of the largest `⌈n / part⌉` values (expected shortfall; 20 for 95%, 100 for 99%), the boundary bin by
    /// rank, with the error from the influence function `q + max(x − q, 0) · part`, widened for few paths in the tail
    /// (`shortfall_widening`).
    pub fn shortfall(&self, part: u64) -> Estimate {
        if self.count == 0 {
            return Estimate { value: f64::NAN, mcse: f64::NAN };
        }
        let worst = self.count.div_ceil(part);
        let threshold = self.by_rank(self.count - worst);
        let (mut left, mut sum, mut excess, mut squares) = (worst, 0.0, 0.0, 0.0);
        for step in self.steps.iter().rev() {
            let taken = step.count.min(left);
            let value = step.at(step.count as f64 - taken as f64 / 2.0);
            let above = (value - threshold).max(0.0);
            sum += taken as f64 * value;
            excess += taken as f64 * above;
            squares += taken as f64 * above * above;
            left -= taken;
            if left == 0 {
                break;
            }
        }
        let n = self.count as f64;
        let variance = (squares / n - (excess / n) * (excess / n)).max(0.0);
        let mcse = if self.count < 2 {
            f64::NAN
        } else {
            (variance / (n - 1.0)).sqrt() * n / worst as f64 * shortfall_widening(worst)
        };
        Estimate { value: sum / worst as f64, mcse }
    }

    /// How many of the largest `worst` values differ from the value that most of them share.
    pub(super) fn unlike(&self, worst: u64) -> u64 {
        let (mut left, mut most) = (worst, 0);
        for step in self.steps.iter().rev() {
            let taken = step.count.min(left);
            let alike = step.high - step.low <= ALIKE * step.high.abs().max(step.low.abs());
            most = most.max(if alike { taken } else { 1 });
            left -= taken;
            if left == 0 {
                break;
            }
        }
        worst.saturating_sub(most)
    }

    /// Mean of the fourth power of the distance from `middle`.
    fn fourth_moment(&self, middle: f64) -> f64 {
        let terms = self.steps.iter().map(|step| {
            let distance = step.at(step.count as f64 / 2.0) - middle;
            let square = distance * distance;
            step.count as f64 * square * square
        });
        terms.sum::<f64>() / self.count as f64
    }
}

/// The mean, with error `sd / √n`.
pub fn mean(moments: &Moments, quantiser: &Quantiser) -> Estimate {
    let n = moments.count() as f64;
    let mcse = (moments.variance(quantiser) / n).sqrt();
    Estimate { value: moments.mean(quantiser), mcse }
}

/// Expected paths beyond a quantile, and paths of a shortfall's tail, below which their errors are withheld.
const FEWEST_BEYOND: f64 = 2.0;
const FEWEST_IN_TAIL: u64 = 10;

/// What the error of a quantile is multiplied by: `1 + 2/k`, k the expected paths beyond it on its thinner side; not a
/// number with fewer than 2. Measured: coverage 85% of 95% at k = 2 without, see `tests/errors.rs`.
pub(super) fn quantile_widening(count: u64, probability: f64) -> f64 {
    let beyond = count as f64 * probability.min(1.0 - probability);
    // rounded, for 0.01 · 200 to be 2
    if beyond + 1e-9 < FEWEST_BEYOND { f64::NAN } else { 1.0 + 2.0 / beyond }
}

/// What the error of a shortfall is multiplied by: `1 + 4/k`, k the paths in its tail; not a number with fewer than 10.
pub(super) fn shortfall_widening(tail: u64) -> f64 {
    if tail < FEWEST_IN_TAIL { f64::NAN } else { 1.0 + 4.0 / tail as f64 }
}

/// The standard deviation, with error `√((m4 − s⁴) / n) / 2s`, times `1 + 20/k`: k = n s⁴ / m4 is the number of paths
/// that decide it, n over the kurtosis. Of a heavy tail the sample's fourth moment is too small.
pub fn standard_deviation(moments: &Moments, quantiser: &Quantiser, ranks: &Ranks) -> Estimate {
    let variance = moments.variance(quantiser);
    let value = variance.sqrt();
    let n = moments.count() as f64;
    let fourth = ranks.fourth_moment(moments.mean(quantiser));
    let square = variance * variance;
    let widening = 1.0 + 20.0 * fourth / (n * square);
    let plain = ((fourth - square).max(0.0) / n).sqrt() / (2.0 * value);
    let mcse = if value == 0.0 { 0.0 } else { plain * widening };
    Estimate { value, mcse }
}

/// Wilson's 95% interval of the probability behind `hits` among `n` (Wilson 1927), which never leaves 0 to 1:
///
/// ```text
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n),   z = 1.96
/// ```
pub fn wilson(hits: u64, n: u64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let total = n as f64;
    let (p, square) = (hits as f64 / total, Z95 * Z95);
    let middle = p + square / (2.0 * total);
    let half = Z95 * libm::sqrt(p * (1.0 - p) / total + square / (4.0 * total * total));
    let scale = 1.0 + square / total;
    let low = if hits == 0 { 0.0 } else { ((middle - half) / scale).max(0.0) };
    let high = if hits >= n { 1.0 } else { ((middle + half) / scale).min(1.0) };
    (low, high)
}

/// The share of `hits` among `n` with its binomial error. With no hit, or nothing but hits, that error would be zero:
/// instead it is the distance to the far end of the 95% Wilson interval, divided by 1.96.
pub fn proportion(hits: u64, n: u64) -> Estimate {
    let total = n as f64;
    let value = hits as f64 / total;
    let mcse = if n == 0 {
        f64::NAN
    } else if hits == 0 || hits >= n {
        Z95 / (total + Z95 * Z95)
    } else {
        (value * (1.0 - value) / total).sqrt()
    };
    Estimate { value, mcse }
}

#[cfg(test)]
mod tests {
    use super::super::bins::PART;
    use super::*;

    fn ranks(values: &[f64]) -> Ranks {
        let grid = Grid::new(0.0, 1.0, 10);
        let mut bins = Bins::default();
        for part in values.chunks(PART) {
            bins.absorb(&grid, part, &mut [0; PART]);
        }
        Ranks::new(&grid, &bins)
    }

    fn r7(sorted: &[f64], probability: f64) -> f64 {
        let position = probability * (sorted.len() - 1) as f64;
        let rank = position as usize;
        let next = sorted[(rank + 1).min(sorted.len() - 1)];
        sorted[rank] + (position - rank as f64) * (next - sorted[rank])
    }

    #[test]
    fn quantiles_are_r7_within_a_bin() {
        for n in [1_usize, 2, 3, 7, 10, 99, 1000] {
            let mut values: Vec<f64> =
                (0..n).map(|i| ((i * 7919 + 13) % 1009) as f64 * 0.3 - 120.0).collect();
            let read = ranks(&values);
            values.sort_by(f64::total_cmp);
            for probability in PROBABILITIES {
                let exact = r7(&values, probability);
                let width = 0.02_f64.max(0.002 * exact.abs());
                let found = read.quantile(probability);
                assert!((found - exact).abs() <= width, "{n} {probability}: {found} for {exact}");
            }
        }
    }

    #[test]
    fn ties_at_the_centre_and_constants_are_exact() {
        let read = ranks(&[0.0, 0.0, 0.0, 0.0, 3.7, 3.7]);
        assert_eq!(read.quantile(0.5), 0.0);
        let constant = ranks(&[42.123_456; 10]);
        assert_eq!(constant.quantile_estimate(0.5), Estimate { value: 42.123_456, mcse: 0.0 });
        let constant = ranks(&[42.123_456; 200]);
        assert_eq!(constant.shortfall(20), Estimate { value: 42.123_456, mcse: 0.0 });
        assert!(ranks(&[]).quantile(0.5).is_nan());
        assert!(ranks(&[]).shortfall(20).value.is_nan());
    }

    #[test]
    fn errors_of_thin_tails_are_widened_and_of_thinner_ones_withheld() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i % 997) * 0.1).collect();
        let error = |n: usize, p: f64| ranks(&values[..n]).quantile_estimate(p).mcse;
        assert!(error(199, 0.99).is_nan() && error(200, 0.99) > 0.0 && error(200, 0.01) > 0.0);
        assert!((quantile_widening(200, 0.99) - 2.0).abs() < 1e-9, "two beyond it");
        let tail = |n: usize, part: u64| ranks(&values[..n]).shortfall(part);
        assert!(tail(900, 100).mcse.is_nan() && tail(900, 100).value > 0.0, "nine in the tail");
        assert!(tail(901, 100).mcse > 0.0 && tail(180, 20).mcse.is_nan());
        assert!((shortfall_widening(10) - 1.4).abs() < 1e-12);
    }

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
            let found = wilson(hits, paths);
            assert!((found.0 - low).abs() < 1e-4 && (found.1 - high).abs() < 1e-4, "{found:?}");
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn shortfall_takes_the_upper_part_rounded_up() {
        let values: Vec<f64> = (1..=41).map(f64::from).collect();
        // ⌈41 / 20⌉ = 3 values: 39, 40, 41
        assert!((ranks(&values).shortfall(20).value - 40.0).abs() < 0.1);
        assert!((ranks(&values).shortfall(100).value - 41.0).abs() < 0.1);
        // all in one bin: the upper twentieth of it
        let values: Vec<f64> = (0..1000).map(|i| 100.0 + 0.06 * f64::from(i) / 999.0).collect();
        assert!((ranks(&values).shortfall(20).value - 100.058_5).abs() < 1e-4);
    }

    #[test]
    fn a_proportion_without_hits_still_has_an_error() {
        let none = proportion(0, 100);
        assert_eq!(none.value, 0.0);
        assert!((none.mcse * Z95 - 0.037).abs() < 0.001, "upper end of Wilson's interval");
        assert_eq!(proportion(100, 100), Estimate { value: 1.0, mcse: none.mcse });
        assert!((proportion(25, 100).mcse - 0.0433).abs() < 1e-4);
    }
}

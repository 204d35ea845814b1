//! Sums that do not depend on the order of their terms: numbers become integers, and integers add up exactly.

/// Fractional bits of a quantised number: the unit is `scale * 2^-24`.
const FRACTION_BITS: u32 = 24;

/// Largest quantised magnitude, `2^24` scales: 2^32 squares of it still fit into 128 bits.
const LIMIT: f64 = (1_u64 << 48) as f64;

/// Adding it to a float below 2^51 leaves the nearest integer (ties to even) in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// Turns floats into fixed-point integers around a centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiser {
    centre: f64,
    per_unit: f64,
    unit: f64,
}

impl Quantiser {
    /// A quantiser with steps of `scale / 2^24` around `centre`.
    pub fn new(centre: f64, scale: f64) -> Self {
        let steps = (1_u64 << FRACTION_BITS) as f64;
        Quantiser { centre, per_unit: steps / scale, unit: scale / steps }
    }

    /// The nearest step, clamped to ±2^48 steps. The number must be finite.
    #[inline(always)]
    pub fn quantise(&self, number: f64) -> i64 {
        let steps = ((number - self.centre) * self.per_unit).clamp(-LIMIT, LIMIT);
        ((steps + ROUNDER).to_bits() as i64).wrapping_sub(ROUNDER.to_bits() as i64)
    }

    #[inline(always)]
    fn beyond(&self, number: f64) -> bool {
        ((number - self.centre) * self.per_unit).abs() > LIMIT
    }

    /// Size of a step.
    pub fn unit(&self) -> f64 {
        self.unit
    }

    /// The centre.
    pub fn centre(&self) -> f64 {
        self.centre
    }
}

/// Whether every number is finite; cheaper than asking one by one.
#[inline(always)]
pub fn all_finite(numbers: &[f64]) -> bool {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    !numbers.iter().fold(false, |bad, x| bad | (x.to_bits() & EXPONENT == EXPONENT))
}

/// Count, sum and sum of squares of quantised numbers, exact up to 2^32 numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    count: u64,
    sum: i128,
    squares: u128,
    clamped: u64,
    non_finite: u64,
}

impl Moments {
    /// Adds a column of numbers; what is not finite is counted and left out.
    #[inline]
    pub fn absorb(&mut self, quantiser: &Quantiser, column: &[f64]) {
        if all_finite(column) {
            self.absorb_finite(quantiser, column);
        } else {
            let finite: Vec<f64> = column.iter().copied().filter(|x| x.is_finite()).collect();
            self.non_finite += (column.len() - finite.len()) as u64;
            self.absorb_finite(quantiser, &finite);
        }
    }

    /// Adds a column that is known to be finite.
    #[inline(always)]
    pub fn absorb_finite(&mut self, quantiser: &Quantiser, column: &[f64]) {
        for part in column.chunks(256) {
            let mut sum = 0_i64; // 256 numbers of at most 2^48
            let mut squares = 0_u128;
            let mut clamped = false;
            for &x in part {
                let steps = quantiser.quantise(x);
                sum += steps;
                squares += u128::from(steps.unsigned_abs()) * u128::from(steps.unsigned_abs());
                clamped |= steps.unsigned_abs() >= LIMIT as u64;
            }
            if clamped {
                self.clamped += part.iter().filter(|x| quantiser.beyond(**x)).count() as u64;
            }
            self.sum += i128::from(sum);
            self.squares = self.squares.wrapping_add(squares);
        }
        self.count += column.len() as u64;
    }

    /// Joins two sums; exact, so any order gives the same bits.
    pub fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares = self.squares.wrapping_add(other.squares);
        self.clamped += other.clamped;
        self.non_finite += other.non_finite;
    }

    /// Notes numbers that were left out because they were not finite.
    pub fn leave_out(&mut self, numbers: u64) {
        self.non_finite += numbers;
    }

    /// How many finite numbers were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many finite numbers were so large that they were clamped.
    pub fn clamped(&self) -> u64 {
        self.clamped
    }

    /// How many numbers were not finite.
    pub fn non_finite(&self) -> u64 {
        self.non_finite
    }

    /// The mean; not a number when there is nothing to average.
    pub fn mean(&self, quantiser: &Quantiser) -> f64 {
        self.sum as f64 / self.count as f64 * quantiser.unit + quantiser.centre
    }

    /// The sample variance (divided by n − 1); not a number below two numbers.
    pub fn variance(&self, quantiser: &Quantiser) -> f64 {
        if self.count < 2 {
            return f64::NAN;
        }
        let n = i128::from(self.count);
        let near_mean = self.sum / n;
        // Σ (q − m)² = Σ q² − m (2 Σ q − n m): never negative, so exact even if a term wraps around.
        let inner = self.sum.wrapping_mul(2).wrapping_sub(n.wrapping_mul(near_mean));
        let around = self.squares.wrapping_sub(near_mean.wrapping_mul(inner) as u128);
        let rest = (self.sum - n * near_mean) as f64;
        let centred = (around as f64 - rest * rest / self.count as f64).max(0.0);
        centred / (self.count - 1) as f64 * quantiser.unit * quantiser.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_agree_with_the_textbook() {
        let quantiser = Quantiser::new(150.0, 1.0);
        let column = [140.0, 151.5, 163.25, 150.0];
        let mut moments = Moments::default();
        moments.absorb(&quantiser, &column);
        let mean = column.iter().sum::<f64>() / 4.0;
        let variance = column.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 3.0;
        assert_eq!(moments.mean(&quantiser), mean);
        assert!((moments.variance(&quantiser) - variance).abs() < 1e-12 * variance);
    }

    #[test]
    fn rounds_to_the_nearest_step_and_clamps() {
        let quantiser = Quantiser::new(0.0, 16_777_216.0); // steps of one
        for (number, steps) in [(0.4, 0), (0.6, 1), (-0.6, -1), (-7.0, -7), (1e300, 1_i64 << 48)] {
            assert_eq!(quantiser.quantise(number), steps, "{number}");
        }
        let mut moments = Moments::default();
        moments.absorb(&quantiser, &[1e300, f64::NAN, f64::INFINITY, 3.0]);
        assert_eq!((moments.count(), moments.clamped(), moments.non_finite()), (2, 1, 2));
    }

    #[test]
    fn a_constant_has_no_variance() {
        let quantiser = Quantiser::new(0.0, 0.1);
        let mut moments = Moments::default();
        moments.absorb(&quantiser, &[4.37; 1000]);
        assert_eq!(moments.variance(&quantiser), 0.0);
        assert!((moments.mean(&quantiser) - 4.37).abs() < 1e-8);
        assert!(Moments::default().mean(&quantiser).is_nan());
    }
}

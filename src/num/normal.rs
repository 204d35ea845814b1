//! The standard normal: distribution function, density and quantile, from `libm` alone.

const SQRT_2: f64 = core::f64::consts::SQRT_2;
const SQRT_2_PI: f64 = 2.506_628_274_631_000_7;

/// Probability that a standard normal is at most `z`.
#[inline]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// Density of a standard normal at `z`.
#[inline]
pub fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / SQRT_2_PI
}

/// The `z` below which a standard normal falls with probability `p`; ±∞ at 0 and 1, NaN outside.
///
/// Wichura's AS 241 (Applied Statistics 37, 1988) and one Halley step on the exact tail.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p > 0.5 {
        return -lower(1.0 - p);
    }
    lower(p)
}

/// Quantile for `p` in [0, 0.5].
fn lower(p: f64) -> f64 {
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let start = approximate(p);
    let error = normal_cdf(start) - p;
    let newton = error * SQRT_2_PI * libm::exp(0.5 * start * start);
    if !newton.is_finite() {
        return start;
    }
    start - newton / (1.0 + 0.5 * start * newton)
}

/// AS 241, routine PPND16, for `p` in (0, 0.5].
fn approximate(p: f64) -> f64 {
    let q = p - 0.5;
    if q >= -0.425 {
        let r = 0.180_625 - q * q;
        return q * horner(&CENTRE_TOP, r) / horner(&CENTRE_BOTTOM, r);
    }
    let r = libm::sqrt(-libm::log(p));
    if r <= 5.0 {
        let r = r - 1.6;
        -horner(&MIDDLE_TOP, r) / horner(&MIDDLE_BOTTOM, r)
    } else {
        let r = r - 5.0;
        -horner(&FAR_TOP, r) / horner(&FAR_BOTTOM, r)
    }
}

/// A polynomial, lowest power first.
#[inline]
fn horner(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const MIDDLE_TOP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const MIDDLE_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_TOP: [f64; 8] = [
    6.657_904_643_501_104,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BOTTOM: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_9,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_quantiles() {
        let known = [
            (0.5, 0.0),
            (0.95, 1.644_853_626_951_472_6),
            (0.975, 1.959_963_984_540_054),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (1e-300, -37.047_096_299_361_2),
        ];
        for (p, z) in known {
            assert!((normal_quantile(p) - z).abs() <= 1e-14 * (1.0 + z.abs()), "{p}");
        }
    }

    #[test]
    fn quantile_inverts_the_distribution_to_rounding() {
        for step in -3700..=0 {
            let z = f64::from(step) / 100.0;
            let back = normal_quantile(normal_cdf(z));
            assert!((back - z).abs() <= 4e-15 * (1.0 + z.abs()), "{z}: {back}");
        }
    }

    #[test]
    fn edges() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(f64::NAN).is_nan());
        assert_eq!(normal_quantile(0.75), -normal_quantile(0.25));
    }
}

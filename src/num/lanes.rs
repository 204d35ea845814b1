//! Eight paths side by side: the lane type, its elementary functions and the choice of the instruction set.
//!
//! Every function works lane by lane with IEEE 754 additions, multiplications, divisions and square roots only (no
//! fused operation, no platform library), so a path's numbers do not depend on its neighbours, on the instruction set
//! or on the optimiser. Everything is inlined into [`with_lanes`], which turns the wide instructions on once a block.

use fearless_simd::{Bytes, Level, f64x8, i64x8, mask64x8, u64x8};
pub use fearless_simd::{Select, Simd, SimdBase, SimdFloat, SimdMask};

/// Number of paths in a lane.
pub const LANES: usize = 8;

/// Eight numbers, one a path.
pub type Lane<S> = f64x8<S>;

/// Eight truth values, one a path.
pub type Mask<S> = mask64x8<S>;

/// Eight random words, one a path.
pub type Word<S> = u64x8<S>;

/// Work that runs on lanes: implemented by the block simulator and by benches.
pub trait LaneWork {
    /// What the work gives back.
    type Output;
    /// Does the work with the instruction set `simd`. Must be `#[inline(always)]`.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// A set of instructions that this machine has and the program knows.
#[derive(Debug, Clone, Copy)]
pub struct Instructions {
    /// Its name, as `AVX2`.
    pub name: &'static str,
    level: Level,
}

/// The sets of this machine that work can run on, the widest first. Plain scalar code is in no build for a processor whose
/// narrowest set is wider.
pub fn instructions() -> Vec<Instructions> {
    let widest = Level::new();
    let set = |name, level: Option<Level>| level.map(|level| Instructions { name, level });
    let mut known = Vec::new();
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        known.extend(set("AVX-512", widest.as_avx512().map(|set| set.level())));
        known.extend(set("AVX2", widest.as_avx2().map(|set| set.level())));
        known.extend(set("SSE2", widest.as_sse2().map(|set| set.level())));
    }
    #[cfg(target_arch = "aarch64")]
    known.extend(set("NEON", widest.as_neon().map(|set| set.level())));
    if known.is_empty() {
        known.extend(set("baseline", Some(Level::baseline())));
    }
    known
}

/// Runs `work` with the widest instructions of this machine; `baseline` asks for the narrowest instead (the results
/// are the same to the bit, which the tests check).
pub fn with_lanes<W: LaneWork>(work: W, baseline: bool) -> W::Output {
    on_level(work, if baseline { Level::baseline() } else { Level::new() })
}

/// Runs `work` with these instructions.
pub fn with_instructions<W: LaneWork>(work: W, set: Instructions) -> W::Output {
    on_level(work, set.level)
}

fn on_level<W: LaneWork>(work: W, level: Level) -> W::Output {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        if let Some(avx512) = level.as_avx512() {
            return avx512.vectorize(
                #[inline(always)]
                || work.run(avx512),
            );
        }
        if let Some(avx2) = level.as_avx2() {
            return avx2.vectorize(
                #[inline(always)]
                || work.run(avx2),
            );
        }
        if let Some(sse2) = level.as_sse2() {
            return sse2.vectorize(
                #[inline(always)]
                || work.run(sse2),
            );
        }
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(neon) = level.as_neon() {
        return neon.vectorize(
            #[inline(always)]
            || work.run(neon),
        );
    }
    fearless_simd::dispatch!(level, simd => work.run(simd))
}

/// The same number on every path.
#[inline(always)]
pub fn splat<S: Simd>(simd: S, value: f64) -> Lane<S> {
    Lane::splat(simd, value)
}

/// Larger of two numbers, lane by lane (`a` where equal).
#[inline(always)]
pub fn max<S: Simd>(a: Lane<S>, b: Lane<S>) -> Lane<S> {
    a.max(b)
}

/// Smaller of two numbers, lane by lane (`a` where equal).
#[inline(always)]
pub fn min<S: Simd>(a: Lane<S>, b: Lane<S>) -> Lane<S> {
    a.min(b)
}

/// max(0, x), lane by lane.
#[inline(always)]
pub fn positive<S: Simd>(x: Lane<S>) -> Lane<S> {
    x.max(Lane::splat(x.simd, 0.0))
}

/// `value` where the mask holds, else 0.
#[inline(always)]
pub fn keep<S: Simd>(mask: Mask<S>, value: Lane<S>) -> Lane<S> {
    mask.select(value, Lane::splat(value.simd, 0.0))
}

/// 1 where the mask holds, else 0.
#[inline(always)]
pub fn flag<S: Simd>(simd: S, mask: Mask<S>) -> Lane<S> {
    mask.select(Lane::splat(simd, 1.0), Lane::splat(simd, 0.0))
}

/// Whether the truth value holds on any path.
#[inline(always)]
pub fn any<S: Simd>(mask: Mask<S>) -> bool {
    mask.any_true()
}

/// Evaluates a polynomial, lowest coefficient first: four interleaved Horner chains in x⁴, because one long chain would
/// wait for each multiplication and addition in turn.
#[inline(always)]
fn polynomial<S: Simd, const N: usize>(x: Lane<S>, coefficients: [f64; N]) -> Lane<S> {
    let x2 = x * x;
    let x4 = x2 * x2;
    let mut chains = [Lane::splat(x.simd, 0.0); 4];
    let mut chain = 0;
    while chain < 4 {
        let mut i = chain + (N - 1 - chain) / 4 * 4;
        let mut y = Lane::splat(x.simd, coefficients[i]);
        while i >= 4 {
            i -= 4;
            y = y * x4 + coefficients[i];
        }
        chains[chain] = y;
        chain += 1;
    }
    (chains[0] + chains[1] * x) + (chains[2] + chains[3] * x) * x2
}

/// 1.5 · 2⁵²: adding it rounds a small number to an integer in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// e^x, within 2 ulp on −700 … 700, clamped outside.
///
/// x = k ln 2 + r, |r| ≤ ln 2 / 2; e^r by its Taylor polynomial of degree 13; 2^k by its bits.
#[inline(always)]
pub fn exp<S: Simd>(x: Lane<S>) -> Lane<S> {
    let s = x.simd;
    let x = x.min(splat(s, 700.0)).max(splat(s, -700.0));
    let shifted = x * std::f64::consts::LOG2_E + ROUNDER;
    let k = shifted - ROUNDER;
    let r = x - k * 0.693_147_180_369_123_8 - k * 1.908_214_929_270_587_7e-10;
    let p = polynomial(
        r,
        [
            1.0,
            1.0,
            0.5,
            1.0 / 6.0,
            1.0 / 24.0,
            1.0 / 120.0,
            1.0 / 720.0,
            1.0 / 5040.0,
            1.0 / 40_320.0,
            1.0 / 362_880.0,
            1.0 / 3_628_800.0,
            1.0 / 39_916_800.0,
            1.0 / 479_001_600.0,
            1.0 / 6_227_020_800.0,
        ],
    );
    let bits: u64x8<S> = shifted.bitcast();
    let scale: u64x8<S> = (bits << 52) + u64x8::splat(s, 1023 << 52);
    p * scale.bitcast::<f64x8<S>>()
}

/// ln x for normal positive x, within 2 ulp.
///
/// x = m 2^e with m in [1/√2, √2); ln m = 2 artanh((m − 1) / (m + 1)) by its series.
#[inline(always)]
pub fn ln<S: Simd>(x: Lane<S>) -> Lane<S> {
    let s = x.simd;
    let bits: u64x8<S> = x.bitcast();
    // 0x3fe6a09e667f3bcd is 1/√2: shifting by it makes the exponent that of m in [1/√2, √2).
    let offset = u64x8::splat(s, 0x3fe6_a09e_667f_3bcd);
    let shifted: i64x8<S> = (bits - offset).bitcast::<i64x8<S>>() >> 52;
    let e = shifted.bitcast::<u64x8<S>>();
    let m: f64x8<S> = (bits - (e << 52)).bitcast();
    // Integer to float by the rounding constant: |e| < 2^11.
    let e = (e + u64x8::splat(s, ROUNDER.to_bits())).bitcast::<f64x8<S>>() - ROUNDER;
    let z = (m - 1.0) / (m + 1.0);
    let w = z * z;
    let p = polynomial(
        w,
        [
            1.0,
            1.0 / 3.0,
            1.0 / 5.0,
            1.0 / 7.0,
            1.0 / 9.0,
            1.0 / 11.0,
            1.0 / 13.0,
            1.0 / 15.0,
            1.0 / 17.0,
            1.0 / 19.0,
            1.0 / 21.0,
        ],
    );
    (z + z) * p + e * std::f64::consts::LN_2
}

/// 2^x, through [`exp`].
#[inline(always)]
pub fn exp2<S: Simd>(x: Lane<S>) -> Lane<S> {
    exp(x * std::f64::consts::LN_2)
}

/// tanh x / x, 1 at 0, within 4 ulp: what a saturating response leaves of a straight one.
///
/// Up to |x| = 1 the ninth convergent of its continued fraction 1 / (1 + x² / (3 + x² / (5 + …))), whose error is below
/// 3e-17 there; beyond, (1 − e^(−2|x|)) / (1 + e^(−2|x|)) / |x|.
#[inline(always)]
pub fn tanh_over<S: Simd>(x: Lane<S>) -> Lane<S> {
    let square = x * x;
    let above =
        (((square + 990.0) * square + 135_135.0) * square + 4_729_725.0) * square + 34_459_425.0;
    let below = (((square * 45.0 + 13_860.0) * square + 945_945.0) * square + 16_216_200.0)
        * square
        + 34_459_425.0;
    let near = above / below;
    let far = square.simd_gt(splat(x.simd, 1.0));
    if !any(far) {
        return near;
    }
    let e = exp(x.abs() * -2.0);
    far.select((splat(x.simd, 1.0) - e) / ((e + 1.0) * x.abs()), near)
}

/// The daily factor of a decay with this half-life in days: 2^(−1 / half_life).
#[inline(always)]
pub fn daily_decay<S: Simd>(half_life: Lane<S>) -> Lane<S> {
    exp(splat(half_life.simd, -std::f64::consts::LN_2) / half_life)
}

/// Standard normal distribution function, relative error below 1e-13 in the lower tail.
///
/// erfc(z) = e^(−z²) h(t) / (1 + 2z) with t = (z − 3) / (z + 3); h is the Chebyshev interpolant of degree 21 on
/// \[−1, 1\], computed with 40 digits.
#[inline(always)]
pub fn normal_cdf<S: Simd>(x: Lane<S>) -> Lane<S> {
    let s = x.simd;
    let z = x.abs() * std::f64::consts::FRAC_1_SQRT_2;
    let t = (z - 3.0) / (z + 3.0);
    let h = polynomial(
        t,
        [
            1.253_008_058_269_728,
            -0.135_621_106_124_580_72,
            -0.047_562_294_353_032_32,
            0.129_645_158_702_647_44,
            -0.119_273_663_432_129_76,
            0.068_308_027_348_527_7,
            -0.023_770_514_653_745_554,
            0.002_529_391_744_966_068,
            0.001_888_688_208_880_079,
            -0.000_779_831_702_816_821_4,
            -0.000_105_149_551_889_692_88,
            0.000_125_096_694_565_437_86,
            4.918_772_630_116_63e-6,
            -2.009_283_478_839_609e-5,
            -6.716_487_924_766_982e-7,
            3.457_967_366_891_077e-6,
            2.803_640_806_828_198_7e-7,
            -5.993_134_172_857_759e-7,
            -7.872_194_501_963_462e-8,
            8.895_381_093_702_09e-8,
            1.029_397_263_340_23e-8,
            -7.888_526_230_348_615e-9,
        ],
    );
    let tail = exp(-(z * z)) * h / (z + z + 1.0) * 0.5;
    let upper = splat(s, 1.0) - tail;
    x.simd_lt(splat(s, 0.0)).select(tail, upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Apply<'a>(&'a [f64], fn(f64) -> f64, usize);
    impl LaneWork for Apply<'_> {
        type Output = f64;
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> f64 {
            let mut worst: f64 = 0.0;
            for chunk in self.0.chunks_exact(LANES) {
                let x = Lane::from_slice(simd, chunk);
                let y = match self.2 {
                    0 => exp(x),
                    1 => ln(x),
                    3 => tanh_over(x),
                    _ => normal_cdf(x),
                };
                let mut out = [0.0; LANES];
                y.store_slice(&mut out);
                for (x, y) in chunk.iter().zip(out) {
                    let want = (self.1)(*x);
                    worst = worst.max(((y - want) / want).abs());
                }
            }
            worst
        }
    }

    fn grid(low: f64, high: f64) -> Vec<f64> {
        (0..80_000).map(|i| low + (high - low) * (f64::from(i) + 0.5) / 80_000.0).collect()
    }

    #[test]
    fn elementary_functions_agree_with_libm_on_every_instruction_set() {
        for baseline in [false, true] {
            let xs = grid(-690.0, 690.0);
            assert!(with_lanes(Apply(&xs, libm::exp, 0), baseline) < 1e-15);
            assert!(with_lanes(Apply(&grid(1.1, 1e6), libm::log, 1), baseline) < 1e-15);
            assert!(with_lanes(Apply(&grid(1e-12, 0.9), libm::log, 1), baseline) < 1e-15);
            let cdf = |x: f64| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
            assert!(with_lanes(Apply(&grid(-12.0, 8.0), cdf, 2), baseline) < 1e-13);
            let tanh_over_x = |x: f64| libm::tanh(x) / x;
            assert!(with_lanes(Apply(&grid(-20.0, 20.0), tanh_over_x, 3), baseline) < 1e-15);
            assert!(with_lanes(Apply(&grid(-1e-6, 1e-6), tanh_over_x, 3), baseline) < 1e-15);
        }
    }
}

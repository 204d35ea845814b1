//! Random numbers: one generator a (path, named stream), the same for any lane, block, shard or thread.
//!
//! Generator: SFC64 (Chris Doty-Humphrey, PractRand), three words of state and a counter, in lanes. The words are
//! seeded by hashing (seed, path, stream name). A stream hands out a fixed number of words a day, so a draw is a pure
//! function of (seed, path, day, stream) and adding a draw to one stream moves no other.
//!
//! Normals: Box–Muller in `f32` from the two halves of a word, widened to `f64`: 31 bits of radius, so they end at
//! 6.66 standard deviations (about one draw in 10¹⁰ would lie beyond).

use super::lanes::{Lane, Simd, SimdBase, SimdFloat, Word};
use fearless_simd::{Bytes, f32x16, i32x16, u32x16, u64x8};
use rand::TryRng;
use rand::rand_core::utils::fill_bytes_via_next_word;
use std::convert::Infallible;

/// Mixes a word: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Hash of a name (FNV-1a, mixed).
pub fn name_hash(name: &str) -> u64 {
    let fnv = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(fnv)
}

/// The three words that start the stream `stream` (a [`name_hash`]) of a path.
pub fn stream_key(seed: u64, path: u64, stream: u64) -> [u64; 3] {
    let a = mix(mix(seed) ^ path.wrapping_mul(0xd134_2543_de82_ef95));
    let b = mix(a ^ stream);
    let c = mix(b.wrapping_add(path));
    [b, c, mix(c ^ seed)]
}

/// Keys of eight paths for what is drawn once a path, by name.
#[derive(Debug, Clone, Copy)]
pub struct PathKeys([u64; super::LANES]);

impl PathKeys {
    /// Keys of paths `first_path` to `first_path + 7`.
    pub fn new(seed: u64, first_path: u64) -> Self {
        let mut keys = [0; super::LANES];
        for (lane, key) in keys.iter_mut().enumerate() {
            let path = first_path + lane as u64;
            *key = mix(mix(seed) ^ path.wrapping_mul(0xd134_2543_de82_ef95));
        }
        PathKeys(keys)
    }

    /// The random word that belongs to (seed, path, name), for each path.
    #[inline(always)]
    pub fn word<S: Simd>(&self, simd: S, name: u64) -> Word<S> {
        let words = self.0.map(
            #[inline(always)]
            |key| mix(mix(key ^ name)),
        );
        u64x8::from_slice(simd, &words)
    }

    /// The uniform number in (0, 1) that belongs to (seed, path, name), for one path.
    pub fn uniform(&self, lane: usize, name: u64) -> f64 {
        // Half a step up, so that neither 0 nor 1 comes out.
        ((mix(mix(self.0[lane] ^ name)) >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
    }
}

/// Rounds that are thrown away after seeding.
const WARM_UP: usize = 6;

/// A stream of random words for eight paths.
#[derive(Debug, Clone, Copy)]
pub struct Stream<S: Simd> {
    a: Word<S>,
    b: Word<S>,
    c: Word<S>,
    counter: u64,
}

impl<S: Simd> Stream<S> {
    /// Starts the stream `name` of paths `first_path` to `first_path + 7`.
    #[inline(always)]
    pub fn new(simd: S, seed: u64, first_path: u64, name: u64) -> Self {
        let mut words = [[0; super::LANES]; 3];
        for lane in 0..super::LANES {
            let key = stream_key(seed, first_path + lane as u64, name);
            for (word, key) in words.iter_mut().zip(key) {
                word[lane] = key;
            }
        }
        let [a, b, c] = words.map(|word| u64x8::from_slice(simd, &word));
        let mut stream = Stream { a, b, c, counter: 1 };
        for _ in 0..WARM_UP {
            stream.word();
        }
        stream
    }

    /// The next word of each path.
    #[inline(always)]
    pub fn word(&mut self) -> Word<S> {
        let out = self.a + self.b + u64x8::splat(self.a.simd, self.counter);
        self.counter += 1;
        self.a = self.b ^ (self.b >> 11);
        self.b = self.c + (self.c << 3);
        self.c = ((self.c << 24) | (self.c >> 40)) + out;
        out
    }
}

/// The stream of one path as a generator of `rand`'s family: word by word what the lanes of [`Stream`] give, for any
/// distribution or sequence tool that draws from a [`rand::Rng`].
///
/// ```
/// use rand_distr::{Distribution as _, Normal};
/// use ustress::num::rng::PathStream;
///
/// // Path 17 of the default seed, the stream that the yen draws from.
/// let mut stream = PathStream::new(20_260_701, 17, "usdjpy");
/// let moves: Vec<f64> = Normal::new(0.0, 0.67)?.sample_iter(&mut stream).take(3).collect();
/// assert_eq!(moves, [-1.0127393001442395, 0.5031772173232392, -0.9529538475642213]);
/// # Ok::<(), rand_distr::NormalError>(())
/// ```
#[derive(Debug, Clone)]
pub struct PathStream {
    words: [u64; 3],
    counter: u64,
}

impl PathStream {
    /// Starts the stream `name` of a path.
    pub fn new(seed: u64, path: u64, name: &str) -> Self {
        let mut stream = PathStream { words: stream_key(seed, path, name_hash(name)), counter: 1 };
        for _ in 0..WARM_UP {
            stream.word();
        }
        stream
    }

    fn word(&mut self) -> u64 {
        let [a, b, c] = self.words;
        let out = a.wrapping_add(b).wrapping_add(self.counter);
        self.counter += 1;
        self.words = [b ^ (b >> 11), c.wrapping_add(c << 3), c.rotate_left(24).wrapping_add(out)];
        out
    }
}

impl TryRng for PathStream {
    type Error = Infallible;

    /// The high half of a word.
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(bytes, || Ok::<u64, Infallible>(self.word()))
    }
}

/// A uniform number in [0, 1) from the high 52 bits of a word.
#[inline(always)]
pub fn uniform<S: Simd>(word: Word<S>) -> Lane<S> {
    let bits = (word >> 12) | u64x8::splat(word.simd, 0x3ff0_0000_0000_0000);
    bits.bitcast::<Lane<S>>() - 1.0
}

/// Two uniform numbers in [0, 1) with 32 bits each: from the high and from the low half of a word.
#[inline(always)]
pub fn uniform_halves<S: Simd>(word: Word<S>) -> (Lane<S>, Lane<S>) {
    let high = (word >> 32) << 32;
    (uniform(high), uniform(word << 32))
}

/// ln u for u in (0, 1], within 3e-7.
#[inline(always)]
fn ln_f32<S: Simd>(u: f32x16<S>) -> f32x16<S> {
    let s = u.simd;
    let bits: u32x16<S> = u.bitcast();
    let shifted: i32x16<S> = (bits - u32x16::splat(s, 0x3f35_04f3)).bitcast::<i32x16<S>>() >> 23;
    let m: f32x16<S> = (bits - (shifted.bitcast::<u32x16<S>>() << 23)).bitcast();
    let e: f32x16<S> = s.cvt_f32_i32x16(shifted);
    let z = (m - 1.0) / (m + 1.0);
    let w = z * z;
    let p = ((w * (1.0 / 9.0) + 1.0 / 7.0) * w + 1.0 / 5.0) * w + 1.0 / 3.0;
    (z + z) * (p * w + 1.0) + e * std::f32::consts::LN_2
}

/// cos 2πu and sin 2πu for u in [−1/2, 1/2), within 2e-7.
///
/// u = q/4 + r with |r| ≤ 1/8; minimax-like polynomials in r²; the quadrant swaps and signs.
#[inline(always)]
fn cos_sin_f32<S: Simd>(u: f32x16<S>) -> (f32x16<S>, f32x16<S>) {
    let s = u.simd;
    const ROUNDER: f32 = 12_582_912.0;
    let shifted = u * 4.0 + ROUNDER;
    let quadrant: u32x16<S> = shifted.bitcast();
    let r = u - (shifted - ROUNDER) * 0.25;
    let w = r * r;
    let sine = (((w * -75.401_84 + 81.592_55) * w - 41.341_663) * w + std::f32::consts::TAU) * r;
    let cosine = (((w * 59.220_287 - 85.442_85) * w + 64.939_316) * w - 19.739_208) * w + 1.0;
    let one = u32x16::splat(s, 1);
    let odd = (quadrant & one).simd_eq(one);
    use fearless_simd::Select;
    let c: u32x16<S> = odd.select(sine, cosine).bitcast();
    let n: u32x16<S> = odd.select(cosine, sine).bitcast();
    // cos changes sign in quadrants 1 and 2, sin in 2 and 3.
    let two = u32x16::splat(s, 2);
    let flip_c = ((quadrant + one) & two) << 30;
    let flip_s = (quadrant & two) << 30;
    ((c ^ flip_c).bitcast(), (n ^ flip_s).bitcast())
}

/// Four standard normals a path from two words a path: two from each word.
#[inline(always)]
pub fn normals<S: Simd>(first: Word<S>, second: Word<S>) -> ([Lane<S>; 2], [Lane<S>; 2]) {
    let s = first.simd;
    let a: u32x16<S> = first.bitcast();
    let b: u32x16<S> = second.bitcast();
    // Low halves of all words give the radius, high halves the angle.
    let low: u32x16<S> = s.unzip_low_u32x16(a, b);
    let high: u32x16<S> = s.unzip_high_u32x16(a, b);
    let radius = s.cvt_f32_i32x16((low >> 1).bitcast::<i32x16<S>>());
    let radius = radius * (1.0 / 2_147_483_648.0) + 0.5 / 2_147_483_648.0;
    let angle = s.cvt_f32_i32x16(high.bitcast::<i32x16<S>>() >> 8) * (1.0 / 16_777_216.0);
    let length = (ln_f32(radius) * -2.0).max(f32x16::splat(s, 0.0)).sqrt();
    let (cosine, sine) = cos_sin_f32(angle);
    let (first_c, second_c) = s.widen_f32x16(length * cosine);
    let (first_s, second_s) = s.widen_f32x16(length * sine);
    ([first_c, first_s], [second_c, second_s])
}

#[cfg(test)]
mod tests {
    use super::super::lanes::{LANES, LaneWork, with_lanes};
    use super::*;

    /// Draws `days` times four normals and one uniform from paths `first..first + 8`: `[draw][lane]`.
    struct Draws {
        first: u64,
        days: usize,
    }
    impl LaneWork for Draws {
        type Output = Vec<[f64; LANES]>;
        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> Self::Output {
            let mut stream = Stream::new(simd, 7, self.first, name_hash("test"));
            let mut out = Vec::new();
            let mut push = |x: Lane<S>| {
                let mut row = [0.0; LANES];
                x.store_slice(&mut row);
                out.push(row);
            };
            for _ in 0..self.days {
                let (first, second) = (stream.word(), stream.word());
                let ([a, b], [c, d]) = normals(first, second);
                let (high, low) = uniform_halves(stream.word());
                for x in [a, b, c, d, uniform(stream.word()), high, low] {
                    push(x);
                }
            }
            out
        }
    }

    /// The same draws of one path, in scalar arithmetic written from the definitions.
    fn scalar(path: u64, days: usize) -> Vec<f64> {
        let mut stream = PathStream::new(7, path, "test");
        let mut word = move || stream.word();
        let unit = |word: u64| (word >> 12) as f64 / 4_503_599_627_370_496.0;
        let mut out = Vec::new();
        for _ in 0..days {
            for word in [word(), word()] {
                let radius = (((word as u32) >> 1) as f64 + 0.5) / 2_147_483_648.0;
                let angle = f64::from(((word >> 32) as i32) >> 8) / 16_777_216.0;
                let length = libm::sqrt(-2.0 * libm::log(radius));
                out.push(length * libm::cos(2.0 * std::f64::consts::PI * angle));
                out.push(length * libm::sin(2.0 * std::f64::consts::PI * angle));
            }
            let halves = word();
            out.push(unit(word()));
            out.push(unit(halves & 0xffff_ffff_0000_0000));
            out.push(unit(halves << 32));
        }
        out
    }

    #[test]
    fn every_lane_is_the_path_drawn_alone_on_every_instruction_set() {
        let wide = with_lanes(Draws { first: 40, days: 50 }, false);
        let narrow = with_lanes(Draws { first: 40, days: 50 }, true);
        assert_eq!(wide, narrow);
        for lane in 0..LANES {
            let alone = with_lanes(Draws { first: 40 + lane as u64, days: 50 }, false);
            let want = scalar(40 + lane as u64, 50);
            for (draw, row) in wide.iter().enumerate() {
                assert_eq!(row[lane].to_bits(), alone[draw][0].to_bits());
                assert!((row[lane] - want[draw]).abs() < 4e-6, "{} {}", row[lane], want[draw]);
            }
        }
    }

    #[test]
    fn normals_have_the_moments_of_a_normal_and_no_memory() {
        let n = 400_000;
        let draws = with_lanes(Draws { first: 0, days: n / LANES }, false);
        for column in 0..4 {
            let values: Vec<f64> =
                draws.iter().skip(column).step_by(7).flat_map(|row| row.iter().copied()).collect();
            let moment = |power: &dyn Fn(f64) -> f64| {
                values.iter().map(|x| power(*x)).sum::<f64>() / values.len() as f64
            };
            let error = 4.0 / libm::sqrt(n as f64);
            assert!(moment(&|x| x).abs() < error);
            assert!((moment(&|x| x * x) - 1.0).abs() < error * std::f64::consts::SQRT_2);
            assert!(moment(&|x| x * x * x).abs() < error * libm::sqrt(15.0));
            assert!((moment(&|x| x * x * x * x) - 3.0).abs() < error * libm::sqrt(96.0));
            let beyond = moment(&|x| f64::from(u8::from(x.abs() > 3.0)));
            assert!((beyond - 0.002_699_8).abs() < error * libm::sqrt(0.0027));
            let lag: f64 = values.windows(9).map(|w| w[0] * w[8]).sum::<f64>() / n as f64;
            assert!(lag.abs() < error);
        }
    }
}

//! The draws of one path in scalar arithmetic: SFC64 streams, Box–Muller in `f32` and the numbers drawn once a path.

use ustress::model::Plan;

/// The finaliser of SplitMix64.
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// FNV-1a of a name, mixed.
fn name_hash(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash)
}

/// The word that belongs to a seed and a path.
fn path_key(seed: u64, path: u64) -> u64 {
    mix(mix(seed) ^ path.wrapping_mul(0xd134_2543_de82_ef95))
}

/// SFC64: three words of state and a counter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream {
    a: u64,
    b: u64,
    c: u64,
    counter: u64,
}

impl Stream {
    pub(crate) fn new(seed: u64, path: u64, name: &str) -> Self {
        let a = mix(path_key(seed, path) ^ name_hash(name));
        let b = mix(a.wrapping_add(path));
        let mut stream = Stream { a, b, c: mix(b ^ seed), counter: 1 };
        for _ in 0..6 {
            stream.word();
        }
        stream
    }

    #[inline]
    pub(crate) fn word(&mut self) -> u64 {
        let out = self.a.wrapping_add(self.b).wrapping_add(self.counter);
        self.counter += 1;
        self.a = self.b ^ (self.b >> 11);
        self.b = self.c.wrapping_add(self.c << 3);
        self.c = self.c.rotate_left(24).wrapping_add(out);
        out
    }

    /// In [0, 1), from the high 52 bits of a word.
    #[inline]
    pub(crate) fn uniform(&mut self) -> f64 {
        unit(self.word())
    }

    /// Two in [0, 1), from the high and the low half of a word.
    #[inline]
    pub(crate) fn halves(&mut self) -> (f64, f64) {
        let word = self.word();
        (unit(word >> 32 << 32), unit(word << 32))
    }

    /// Two standard normals from a word.
    #[inline]
    pub(crate) fn normals(&mut self) -> [f64; 2] {
        normals(self.word())
    }
}

#[inline]
fn unit(word: u64) -> f64 {
    (word >> 12) as f64 / 4_503_599_627_370_496.0
}

/// ln u in single precision.
#[inline]
fn ln_f32(u: f32) -> f32 {
    let bits = u.to_bits();
    let exponent = (bits.wrapping_sub(0x3f35_04f3) as i32) >> 23;
    let m = f32::from_bits(bits.wrapping_sub((exponent as u32) << 23));
    let z = (m - 1.0) / (m + 1.0);
    let w = z * z;
    let p = ((w * (1.0 / 9.0) + 1.0 / 7.0) * w + 1.0 / 5.0) * w + 1.0 / 3.0;
    (z + z) * (p * w + 1.0) + exponent as f32 * std::f32::consts::LN_2
}

/// cos 2πu and sin 2πu for u in [−1/2, 1/2), in single precision.
#[allow(clippy::approx_constant, reason = "a fitted coefficient")]
#[inline]
fn cos_sin_f32(u: f32) -> (f32, f32) {
    const ROUNDER: f32 = 12_582_912.0;
    let shifted = u * 4.0 + ROUNDER;
    let quadrant = shifted.to_bits();
    let r = u - (shifted - ROUNDER) * 0.25;
    let w = r * r;
    let sine = (((w * -75.401_84 + 81.592_55) * w - 41.341_663) * w + std::f32::consts::TAU) * r;
    let cosine = (((w * 59.220_287 - 85.442_85) * w + 64.939_316) * w - 19.739_208) * w + 1.0;
    let (c, s) = if quadrant & 1 == 1 { (sine, cosine) } else { (cosine, sine) };
    let turn = |x: f32, turned: bool| if turned { -x } else { x };
    (turn(c, quadrant.wrapping_add(1) & 2 != 0), turn(s, quadrant & 2 != 0))
}

/// Box–Muller: the low half of the word gives the radius, the high half the angle.
#[inline]
fn normals(word: u64) -> [f64; 2] {
    let radius = ((word as u32) >> 1) as i32 as f32 * (1.0 / 2_147_483_648.0);
    let radius = radius + 0.5 / 2_147_483_648.0;
    let angle = (((word >> 32) as i32) >> 8) as f32 * (1.0 / 16_777_216.0);
    let length = (ln_f32(radius) * -2.0).max(0.0).sqrt();
    let (cosine, sine) = cos_sin_f32(angle);
    [f64::from(length * cosine), f64::from(length * sine)]
}

/// What a path draws once, by name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Once(u64);

impl Once {
    pub(crate) fn new(seed: u64, path: u64) -> Self {
        Once(path_key(seed, path))
    }

    fn word(self, name: u64) -> u64 {
        mix(mix(self.0 ^ name))
    }

    /// In (0, 1).
    pub(crate) fn uniform(self, name: u64) -> f64 {
        ((self.word(name) >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    /// All quantities of a scenario: correlated normals through the quantile functions.
    pub(crate) fn quantities(self, plan: &Plan) -> Vec<f64> {
        let z: Vec<f64> =
            plan.uncertain.iter().map(|known| normals(self.word(known.name))[0]).collect();
        let mut mixed = z.clone();
        for (place, row) in &plan.correlated {
            let independent = plan.correlated.iter().map(|(place, _)| z[*place]);
            mixed[*place] = row.iter().zip(independent).map(|(factor, z)| factor * z).sum();
        }
        let mut values = plan.values.clone();
        for (known, &z) in plan.uncertain.iter().zip(&mixed) {
            let selector = match known.study {
                Some(study) => ustress::num::normal_cdf(mixed[study]),
                None => self.uniform(known.name ^ 0x5e1e_c70c_0000_0001),
            };
            values[known.quantity] = known.marginal.draw(z, selector);
        }
        values
    }
}

/// The streams of a path, one a mechanism that draws.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Streams {
    boj: Stream,
    fed: Stream,
    jgb: Stream,
    usdjpy: Stream,
    equity: Stream,
    rebalancing: Stream,
    intervention: Stream,
    contagion: Stream,
}

/// A day's draws of one path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draws {
    /// UST 2y, 5y, 10y, 30y; JGB 10y, 30y; USD/JPY; S&P 500, VIX: correlated.
    pub(crate) z: [f64; 9],
    pub(crate) fiscal_size: f64,
    pub(crate) yen_size: f64,
    pub(crate) everyday: f64,
    pub(crate) boj_meeting: f64,
    pub(crate) fed_meeting: (f64, f64),
    pub(crate) fiscal_jump: f64,
    pub(crate) yen_jump: f64,
    /// Whether the Ministry acts, uniform; how much, normal.
    pub(crate) intervention: (f64, f64),
    pub(crate) officials: [f64; 4],
    pub(crate) leveraged: f64,
}

impl Streams {
    pub(crate) fn new(seed: u64, path: u64) -> Self {
        let stream = |name| Stream::new(seed, path, name);
        Streams {
            boj: stream("boj"),
            fed: stream("fed"),
            jgb: stream("jgb"),
            usdjpy: stream("usdjpy"),
            equity: stream("equity"),
            rebalancing: stream("rebalancing"),
            intervention: stream("intervention"),
            contagion: stream("contagion"),
        }
    }

    #[inline]
    pub(crate) fn day(&mut self, cholesky: &[[f64; 9]; 9]) -> Draws {
        let ([u2, u5], [u10, u30]) = (self.fed.normals(), self.fed.normals());
        let ([j10, j30], [fiscal_size, _]) = (self.jgb.normals(), self.jgb.normals());
        let [yen, yen_size] = self.usdjpy.normals();
        let [equity, vix] = self.equity.normals();
        let [everyday, campaign_size] = self.rebalancing.normals();
        self.boj.word(); // reserved
        let independent = [u2, u5, u10, u30, j10, j30, yen, equity, vix];
        let mut z = [0.0; 9];
        for (i, (z, row)) in z.iter_mut().zip(cholesky).enumerate() {
            for j in 0..=i {
                *z += row[j] * independent[j];
            }
        }
        let (china, uk) = self.contagion.halves();
        let (gulf, others) = self.contagion.halves();
        let (leveraged, _) = self.contagion.halves();
        Draws {
            z,
            fiscal_size,
            yen_size,
            everyday,
            boj_meeting: self.boj.uniform(),
            fed_meeting: self.fed.halves(),
            fiscal_jump: self.jgb.uniform(),
            yen_jump: self.usdjpy.uniform(),
            intervention: (self.intervention.uniform(), campaign_size),
            officials: [china, uk, gulf, others],
            leveraged,
        }
    }
}

//! The scenario of the self-test, which draws a number from every family of distributions, and the same laws by `rand_distr`.

use rand::RngExt as _;
use rand_distr::weighted::WeightedIndex;
use rand_distr::{Bernoulli, Beta, Distribution, LogNormal, Normal, Pert, Triangular, Uniform};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A family: its name, the key that is drawn from it, the law as a scenario writes it, and the law by `rand_distr`.
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) law: &'static str,
    sampler: fn() -> Sampler,
}

type Sampler = Box<dyn FnMut(&mut Xoshiro256PlusPlus) -> f64>;

/// Correlations of normals that the scenario asks for.
pub(super) const CORRELATIONS: [(&str, &str, f64); 4] = [
    ("transitory_bp_per_100bn", "lasting_bp_per_100bn", 0.5),
    ("transitory_bp_per_100bn", "half_life_days", 0.3),
    ("gdp_scaling", "half_life_days", -0.6),
    ("coupons_usd_bn_per_year", "transitory_most_bp", 0.8),
];

/// Every family, and truncations of three.
pub(super) const FAMILIES: [Family; 14] = [
    Family {
        name: "normal",
        key: "lasting_bp_per_100bn",
        law: "{ normal = { mean = 2, sd = 1 } }",
        sampler: || draws(Normal::new(2.0, 1.0).expect("a normal")),
    },
    Family {
        name: "lognormal",
        key: "transitory_bp_per_100bn",
        law: "{ lognormal = { median = 4.5, sigma = 0.5 } }",
        sampler: || draws(lognormal(4.5, 0.5)),
    },
    Family {
        name: "90% interval",
        key: "private_profile_30y",
        law: "\"0.7 to 1.4\"",
        sampler: || draws(lognormal(libm::sqrt(0.98), libm::log(2.0) / 3.289_707_253_902_945)),
    },
    Family {
        name: "uniform",
        key: "coupons_usd_bn_per_year",
        law: "{ uniform = { low = 3000, high = 6000 } }",
        sampler: || draws(Uniform::new(3000.0, 6000.0).expect("a uniform")),
    },
    Family {
        name: "triangular",
        key: "stress_threshold_usd_bn",
        law: "{ triangular = { low = 40, mode = 60, high = 120 } }",
        sampler: || draws(Triangular::new(40.0, 120.0, 60.0).expect("a triangular")),
    },
    Family {
        name: "pert",
        key: "transitory_most_bp",
        law: "{ pert = { low = 100, mode = 155, high = 400 } }",
        sampler: || draws(Pert::new(100.0, 400.0).with_mode(155.0).expect("a PERT")),
    },
    Family {
        name: "beta",
        key: "gdp_scaling",
        law: "{ beta = { a = 1, b = 2 } }",
        sampler: || draws(Beta::new(1.0, 2.0).expect("a beta")),
    },
    Family {
        name: "beta, stretched",
        key: "gdp_ratio",
        law: "{ beta = { a = 2.5, b = 0.8, low = 1, high = 3 } }",
        sampler: || draws(Beta::new(2.5, 0.8).expect("a beta").map(|share: f64| 1.0 + 2.0 * share)),
    },
    Family {
        name: "bernoulli",
        key: "matched_share",
        law: "{ bernoulli = { p = 0.3 } }",
        sampler: || {
            draws(Bernoulli::new(0.3).expect("a coin").map(|heads| f64::from(u8::from(heads))))
        },
    },
    Family {
        name: "discrete",
        key: "issuance_tilt_usd_bn",
        law: "{ discrete = { values = [0, 50, 75, 100], weights = [1, 2, 3, 4] } }",
        sampler: || {
            let places = WeightedIndex::new([1.0, 2.0, 3.0, 4.0]).expect("weights");
            draws(places.map(|place| [0.0, 50.0, 75.0, 100.0][place]))
        },
    },
    Family {
        name: "mixture",
        key: "private_profile_2y",
        law: "{ mixture = { parts = [{ normal = { mean = -1, sd = 0.3 } }, { uniform = { low = 0, high = 1 } }, \
              { lognormal = { median = 1, sigma = 0.2 } }], weights = [0.2, 0.5, 0.3] } }",
        sampler: || {
            let normal = Normal::new(-1.0, 0.3).expect("a normal");
            let uniform = Uniform::new(0.0, 1.0).expect("a uniform");
            let lognormal = lognormal(1.0, 0.2);
            Box::new(move |own| match own.random::<f64>() {
                part if part < 0.2 => normal.sample(own),
                part if part < 0.7 => uniform.sample(own),
                _ => lognormal.sample(own),
            })
        },
    },
    Family {
        name: "normal, cut",
        key: "official_profile_2y",
        law: "{ normal = { mean = 0.9, sd = 0.25 }, min = 0.8, max = 1.5 }",
        sampler: || cut(Normal::new(0.9, 0.25).expect("a normal"), 0.8, 1.5),
    },
    Family {
        name: "lognormal, cut",
        key: "half_life_days",
        law: "{ lognormal = { median = 20, sigma = 0.85 }, min = 5, max = 60 }",
        sampler: || cut(lognormal(20.0, 0.85), 5.0, 60.0),
    },
    Family {
        name: "beta, cut",
        key: "private_profile_5y",
        law: "{ beta = { a = 2, b = 3 }, min = 0.1, max = 0.6 }",
        sampler: || cut(Beta::new(2.0, 3.0).expect("a beta"), 0.1, 0.6),
    },
];

impl Family {
    /// Address of the key.
    pub(super) fn address(&self) -> String {
        format!("impact.{}", self.key)
    }

    /// A sample by `rand_distr`.
    pub(super) fn reference(&self, size: usize, mut own: Xoshiro256PlusPlus) -> Vec<f64> {
        let mut sampler = (self.sampler)();
        (0..size).map(|_| sampler(&mut own)).collect()
    }
}

/// The scenario that draws from all of them, two days long.
pub(super) fn scenario() -> String {
    let mut text = "title = \"Self-test\"\nhorizon = \"2d\"\n[impact]\n".to_owned();
    for family in &FAMILIES {
        text += &format!("{} = {}\n", family.key, family.law);
    }
    for (a, b, rho) in CORRELATIONS {
        text += &format!("[[correlation]]\na = \"impact.{a}\"\nb = \"impact.{b}\"\nrho = {rho}\n");
    }
    text
}

/// A lognormal by its median.
fn lognormal(median: f64, sigma: f64) -> LogNormal<f64> {
    LogNormal::new(libm::log(median), sigma).expect("a lognormal")
}

fn draws(law: impl Distribution<f64> + 'static) -> Sampler {
    Box::new(move |own| law.sample(own))
}

/// A law given that it lies between two ends, by rejection.
fn cut(law: impl Distribution<f64> + 'static, low: f64, high: f64) -> Sampler {
    Box::new(move |own| {
        loop {
            let value = law.sample(own);
            if (low..=high).contains(&value) {
                return value;
            }
        }
    })
}

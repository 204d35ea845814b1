//! Functions with known sensitivities, their draws, and files of them.
#![allow(dead_code, clippy::unwrap_used)] // every test file uses its own part

use rand::Rng as _;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::f64::consts::PI;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Uniform and normal draws.
pub(crate) struct Draws(Xoshiro256PlusPlus);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Draws(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(2.0 * PI * self.uniform())
    }
}

/// A function of drawn inputs, the output last.
pub(crate) type Row = fn(&mut Draws) -> Vec<f64>;

pub(crate) fn ishigami(draws: &mut Draws) -> Vec<f64> {
    let x: Vec<f64> = (0..3).map(|_| PI * (2.0 * draws.uniform() - 1.0)).collect();
    let (s, t, z) = (libm::sin(x[0]), libm::sin(x[1]), x[2] * x[2]);
    vec![x[0], x[1], x[2], s + 7.0 * t * t + 0.1 * z * z * s]
}

pub(crate) const G: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

pub(crate) fn g_function(draws: &mut Draws) -> Vec<f64> {
    let mut row: Vec<f64> = G.iter().map(|_| draws.uniform()).collect();
    let factors = row.iter().zip(G).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a));
    row.push(factors.product());
    row
}

pub(crate) const BETA: [f64; 3] = [1.0, 1.0, 2.0];
pub(crate) const RHO: f64 = 0.8;

/// Linear in three normals, the last two correlated, with a standard normal error.
pub(crate) fn linear(draws: &mut Draws) -> Vec<f64> {
    let (a, b, c) = (draws.normal(), draws.normal(), draws.normal());
    let x = [a, b, RHO * b + (1.0 - RHO * RHO).sqrt() * c];
    let mean: f64 = x.iter().zip(BETA).map(|(x, beta)| x * beta).sum();
    vec![x[0], x[1], x[2], mean + draws.normal()]
}

/// A product of the second and third input; the first is only a stand-in for the second.
pub(crate) fn stand_in(draws: &mut Draws) -> Vec<f64> {
    let (a, b, c) = (draws.normal(), draws.normal(), draws.normal());
    vec![RHO * a + (1.0 - RHO * RHO).sqrt() * c, a, b, a * b]
}

/// An elasticity in bp per USD 100bn times a flow in USD bn.
pub(crate) fn impact(draws: &mut Draws) -> Vec<f64> {
    let (elasticity, flow) =
        (20.0 * libm::exp(0.5 * draws.normal()), 200.0 + 50.0 * draws.normal());
    vec![elasticity, flow, elasticity * flow / 100.0]
}

/// Two inputs with few values, a constant, and an error.
pub(crate) fn few_values(draws: &mut Draws) -> Vec<f64> {
    let a = f64::from(u8::from(draws.uniform() < 0.3));
    let b = (draws.uniform() * 4.0).floor();
    vec![a, b, 7.0, 3.0 * a + b * b + draws.normal()]
}

pub(crate) fn table(row: Row, rows: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut draws = Draws::new(seed);
    (0..rows).map(|_| row(&mut draws)).collect()
}

/// The text of a file: inputs `x1`, `x2`, …, output `y`.
pub(crate) fn written(rows: &[Vec<f64>]) -> String {
    let inputs = rows[0].len() - 1;
    let mut text: String = (1..=inputs).map(|k| format!("x{k},")).collect();
    text.push_str("y\n");
    for row in rows {
        let cells: Vec<String> = row.iter().map(f64::to_string).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

pub(crate) fn file(home: &Path, name: &str, text: &str) -> PathBuf {
    let path = home.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

//! The oracle: the whole model a second time, one path in plain `f64`, written from the equations at the head of each
//! mechanism's file. Nothing of it is used by the program; the tests hold the lanes to it, the benches race them.
#![allow(dead_code, reason = "each test and bench uses its own part")]
#![allow(clippy::disallowed_methods, reason = "the platform's functions are the fair comparison")]

mod events;
mod flows;
mod holders;
mod markets;
mod outcome;
mod policy;
mod rng;
mod world;
mod yields;

pub(crate) use outcome::run;
#[allow(unused_imports, reason = "the benches take whole paths only")]
pub(crate) use {
    world::{Day, World},
    yields::{ROWS, one_day},
};

/// The daily factor of a half-life in days.
fn half_life(days: f64) -> f64 {
    0.5_f64.powf(1.0 / days)
}

fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The last `N` values of a series, one a day.
#[derive(Debug, Clone, Copy)]
struct Ring<const N: usize> {
    values: [f64; N],
    /// Place of the oldest.
    next: usize,
}

impl<const N: usize> Ring<N> {
    fn full_of(value: f64) -> Self {
        Ring { values: [value; N], next: 0 }
    }

    /// By age: 0 is the last value.
    fn of(value: impl Fn(usize) -> f64) -> Self {
        Ring { values: std::array::from_fn(|place| value(N - 1 - place)), next: 0 }
    }

    /// The value of `N` days before the one that comes next.
    fn oldest(&self) -> f64 {
        self.values[self.next]
    }

    /// Remembers the next value; gives the one of `N` days before it.
    fn replace(&mut self, value: f64) -> f64 {
        let oldest = std::mem::replace(&mut self.values[self.next], value);
        self.next = if self.next + 1 == N { 0 } else { self.next + 1 };
        oldest
    }

    /// Adds to the last value.
    fn add(&mut self, value: f64) {
        self.values[(self.next + N - 1) % N] += value;
    }

    /// The value that came `age` days before the last one.
    fn ago(&self, age: usize) -> f64 {
        let place = self.next + N - 1 - age;
        self.values[if place >= N { place - N } else { place }]
    }

    fn sum(&self) -> f64 {
        self.values.iter().sum()
    }
}

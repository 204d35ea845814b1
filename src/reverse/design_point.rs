//! The design point: the point of a limit surface that is nearest to the origin of standard normal space, and so the
//! most probable one on it (Hasofer and Lind 1974; Rackwitz and Fiessler 1978).
//!
//! ```text
//! u* = argmin { |u| : g(u) = level },   β = |u*|,   importance α_i² = (u*_i / β)²,   Σ α_i² = 1
//! HL-RF:   v = ∇g · (∇g·u − g(u) + level) / |∇g|²,   u ← u + λ (v − u)
//! merit:   m(u) = ½ |u|² + c |g(u) − level|,   c = 2 max(|u| / |∇g|, ½ |v|² / |g(u) − level|)
//! ```
//!
//! λ is the largest of 1, ½, …, 1/64 at which the merit falls by at least a tenth of what its slope promises (Zhang and
//! Der Kiureghian 1995). The gradient is taken by central differences.
//!
//! Limits: the search is local, so a nearer point in another direction can be missed unless a start leads to it; Φ(−β)
//! is the probability only if the surface is a plane; where g is flat or jumps, nothing is found.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A function of independent standard normals.
pub type Function<'a> = dyn Fn(&[f64]) -> f64 + Sync + 'a;

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// Half the distance between the two points of a difference, in standard normals.
    pub step: f64,
    /// Distance in standard normals below which the search has ended.
    pub tolerance: f64,
    /// Largest number of steps.
    pub iterations: usize,
    /// Largest distance from the origin.
    pub farthest: f64,
    /// Threads that evaluate.
    pub threads: usize,
}

impl Default for Search {
    fn default() -> Self {
        Search { step: 0.01, tolerance: 1e-6, iterations: 60, farthest: 8.0, threads: 1 }
    }
}

/// A point of the limit surface.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignPoint {
    /// Where it lies, in standard normals.
    pub u: Vec<f64>,
    /// Value of the function there.
    pub value: f64,
    /// Length of its gradient there, per standard normal.
    pub slope: f64,
}

impl DesignPoint {
    /// Distance from the origin: the reliability index.
    pub fn beta(&self) -> f64 {
        length(&self.u)
    }

    /// Density relative to that at the origin: exp(−β²/2).
    pub fn likelihood_ratio(&self) -> f64 {
        let beta = self.beta();
        libm::exp(-0.5 * beta * beta)
    }
}

/// Where a search ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// On the surface.
    Point(DesignPoint),
    /// Not on it: the nearest value that was met, and where.
    Nothing {
        /// Value nearest to the level.
        value: f64,
        /// Where.
        u: Vec<f64>,
    },
}

/// Searches the design point of `g = level` from `start`, moving the coordinates in `active`; the others go to zero.
pub fn design_point(
    g: &Function<'_>,
    level: f64,
    start: &[f64],
    active: &[usize],
    search: &Search,
) -> Found {
    let mut u = start.to_vec();
    let mut nearest = Found::Nothing { value: f64::NAN, u: u.clone() };
    for _ in 0..search.iterations {
        let (value, gradient) = derivative(g, &u, active, search);
        note(&mut nearest, level, value, &u);
        let slope = length(&gradient);

        let miss = value - level;
        if !(slope > 0.0 && slope.is_finite() && miss.is_finite()) {
            return nearest;
        }
        let along = (dot(&gradient, &u) - miss) / slope;
        let along = along.clamp(-search.farthest, search.farthest);
        let goal: Vec<f64> = gradient.iter().map(|part| part / slope * along).collect();
        let way: Vec<f64> = goal.iter().zip(&u).map(|(goal, u)| goal - u).collect();
        let near = search.tolerance * (1.0 + length(&u));
        let on_surface = miss.abs() <= near * slope;
        if length(&way) <= near {
            return if on_surface {
                Found::Point(DesignPoint { u, value, slope })
            } else {
                nearest
            };
        }
        let weight = weight(length(&u) / slope, length(&goal), miss);
        let promised = dot(&u, &way) + weight * miss.signum() * dot(&gradient, &way);
        let here = 0.5 * dot(&u, &u) + weight * miss.abs();
        let steps: Vec<f64> = (0..7).map(|halvings| 1.0 / f64::from(1 << halvings)).collect();
        let points: Vec<Vec<f64>> = steps.iter().map(|step| moved(&u, &way, *step)).collect();
        let values = evaluate_all(g, &points, search.threads);
        let merits = points.iter().zip(&values);
        let merits = merits.map(|(u, value)| 0.5 * dot(u, u) + weight * (value - level).abs());
        let falls = |(step, merit): (&f64, f64)| merit <= here + 0.1 * step * promised.min(0.0);
        match steps.iter().zip(merits).position(falls) {
            Some(index) => u = points[index].clone(),
            // Noise or a kink: as good as it gets if it is nearly on the surface.
            None if miss.abs() <= 20.0 * near * slope => {
                return Found::Point(DesignPoint { u, value, slope });
            }
            None => return nearest,
        }
    }
    let (value, gradient) = derivative(g, &u, active, search);
    let slope = length(&gradient);
    note(&mut nearest, level, value, &u);
    if (value - level).abs() <= 20.0 * search.tolerance * (1.0 + length(&u)) * slope {
        return Found::Point(DesignPoint { u, value, slope });
    }
    nearest
}

/// Weight of the miss in the merit: large enough for the way to the goal to be one downhill.
fn weight(pull: f64, goal: f64, miss: f64) -> f64 {
    let far = if miss == 0.0 { 0.0 } else { 0.5 * goal * goal / miss.abs() };
    2.0 * pull.max(far).max(f64::MIN_POSITIVE)
}

/// Remembers the value nearest to the level.
fn note(nearest: &mut Found, level: f64, value: f64, u: &[f64]) {
    if let Found::Nothing { value: best, u: place } = nearest
        && (best.is_nan() || (value - level).abs() < (*best - level).abs())
    {
        *best = value;
        *place = u.to_vec();
    }
}

/// The value and the gradient by central differences; zero in the coordinates that are not active.
fn derivative(g: &Function<'_>, u: &[f64], active: &[usize], search: &Search) -> (f64, Vec<f64>) {
    let values = evaluate_all(g, &around(u, active, search.step), search.threads);
    let mut gradient = vec![0.0; u.len()];
    for (index, pair) in active.iter().zip(values[1..].chunks_exact(2)) {
        gradient[*index] = (pair[1] - pair[0]) / (2.0 * search.step);
    }
    (values[0], gradient)
}

/// The point itself, then the points a step below and above it in each coordinate of `active`.
pub(super) fn around(u: &[f64], active: &[usize], step: f64) -> Vec<Vec<f64>> {
    let mut points = vec![u.to_vec()];
    for &index in active {
        for side in [-step, step] {
            let mut point = u.to_vec();
            point[index] += side;
            points.push(point);
        }
    }
    points
}

/// The function at many points, in their order, on some threads.
pub(super) fn evaluate_all(g: &Function<'_>, points: &[Vec<f64>], threads: usize) -> Vec<f64> {
    in_parallel(points.len(), threads, |index| g(&points[index]))
}

/// `work(0), work(1), …` in this order, done by some threads.
pub(super) fn in_parallel<T: Send + Default + Clone>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let workers = threads.clamp(1, count.max(1));
    if workers == 1 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((index, work(index)));
        }
    };
    let mut all = vec![T::default(); count];
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(take)).collect();
        for handle in handles {
            match handle.join() {
                Ok(done) => done.into_iter().for_each(|(index, value)| all[index] = value),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    all
}

fn moved(u: &[f64], way: &[f64], step: f64) -> Vec<f64> {
    u.iter().zip(way).map(|(u, way)| u + step * way).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Euclidean length.
pub(super) fn length(u: &[f64]) -> f64 {
    libm::sqrt(dot(u, u))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::{normal_cdf, normal_density, normal_quantile};

    fn found(g: &Function<'_>, level: f64, start: &[f64]) -> DesignPoint {
        let active: Vec<usize> = (0..start.len()).collect();
        match design_point(g, level, start, &active, &Search::default()) {
            Found::Point(point) => point,
            Found::Nothing { value, u } => panic!("nothing but {value} at {u:?}"),
        }
    }

    /// Probability of g ≥ level by the mean over a grid of probabilities of two independent normals.
    fn share_of_plane(g: &Function<'_>, level: f64) -> f64 {
        let n = 1500;
        let z = |index: usize| normal_quantile((index as f64 + 0.5) / n as f64);
        let hits = (0..n * n).filter(|cell| g(&[z(cell / n), z(cell % n)]) >= level);
        hits.count() as f64 / (n * n) as f64
    }

    #[test]
    fn the_linear_gaussian_case_is_exact_and_its_broken_twin_is_not() {
        // y = 10 + 3 u1 − 4 u2 + 12 u3 ~ N(10, 13²); target 36 is 2 sd away along (3, −4, 12)/13.
        let linear = |u: &[f64]| 10.0 + 3.0 * u[0] - 4.0 * u[1] + 12.0 * u[2];
        for start in [[0.0; 3], [2.0, 2.0, -1.0]] {
            let point = found(&linear, 36.0, &start);
            for (found, want) in point.u.iter().zip([6.0 / 13.0, -8.0 / 13.0, 24.0 / 13.0]) {
                assert!((found - want).abs() < 1e-3, "{point:?}");
            }
            assert!((point.beta() - 2.0).abs() < 1e-6 && (point.slope - 13.0).abs() < 1e-6);
            assert!((point.likelihood_ratio() - libm::exp(-2.0)).abs() < 1e-6);
            assert!((normal_cdf(-point.beta()) - 0.022_750_131_9).abs() < 1e-7);
        }
        // The broken twin leaves a coordinate out and must be told apart.
        let Found::Point(twin) =
            design_point(&linear, 36.0, &[0.0; 3], &[0, 1], &Search::default())
        else {
            panic!("the twin reaches the plane too")
        };
        assert!(twin.beta() > 5.0, "{twin:?}");
    }

    #[test]
    fn a_parabola_has_the_right_point_and_a_wrong_linear_probability() {
        // g = u1 + 0.3 u2² reaches 3: nearest at u2² = (3 − u1)/0.3 with u1 = 1/0.6, or on the axis at u1 = 3.
        let parabola = |u: &[f64]| u[0] + 0.3 * u[1] * u[1];
        let axis = found(&parabola, 3.0, &[0.0, 0.0]);
        assert!((axis.beta() - 3.0).abs() < 1e-3, "the start on the axis stays there: {axis:?}");
        let near = found(&parabola, 3.0, &[1.0, 1.0]);
        let first = 1.0 / 0.6;
        let want = libm::sqrt(first * first + (3.0 - first) / 0.3);
        assert!((near.beta() - want).abs() < 1e-3, "{near:?} {want}");
        let share = share_of_plane(&parabola, 3.0);
        let exact = {
            let density = |z: f64| normal_density(z) * normal_cdf(-(3.0 - 0.3 * z * z)) * 0.01;
            (-800..=800).map(|step| density(f64::from(step) * 0.01)).sum::<f64>()
        };
        assert!((share / exact - 1.0).abs() < 0.02, "{share} {exact}");
        assert!(exact > 2.0 * normal_cdf(-near.beta()), "{exact}");
    }

    #[test]
    fn products_and_kinks_are_reached_from_both_starts() {
        let product = |u: &[f64]| 20.0 * libm::exp(0.5 * u[0]) * (2.0 + 0.5 * u[1]);
        let point = found(&product, 100.0, &[0.0, 0.0]);
        // On the surface u2 follows from u1: the nearest by a fine scan.
        let distance = |first: f64| {
            let second = (100.0 / 20.0 / libm::exp(0.5 * first) - 2.0) / 0.5;
            libm::hypot(first, second)
        };
        let want = (0..40_000).map(|step| distance(f64::from(step) * 1e-4)).fold(9.0, f64::min);
        assert!((point.beta() - want).abs() < 1e-3, "{point:?} {want}");
        let kink = |u: &[f64]| if u[0] > 1.0 { 1.0 + 5.0 * (u[0] - 1.0) } else { u[0] };
        assert!((found(&kink, 3.0, &[0.0]).beta() - 1.4).abs() < 1e-3);
    }

    #[test]
    fn what_cannot_be_reached_is_not_invented() {
        let active = [0, 1];
        let bounded = |u: &[f64]| libm::tanh(u[0]) + 0.0 * u[1];
        for (level, g) in [(2.0, &bounded as &Function<'_>), (1.0, &|_: &[f64]| 0.0)] {
            let found = design_point(g, level, &[0.0; 2], &active, &Search::default());
            let Found::Nothing { value, .. } = found else { panic!("{found:?}") };
            assert!(value < level, "{value}");
        }
        let found = design_point(&|u| u[0], 9.0, &[0.0; 2], &active, &Search::default());
        assert!(matches!(found, Found::Nothing { .. }), "beyond the farthest distance: {found:?}");
        let nan = design_point(&|_| f64::NAN, 1.0, &[0.0; 2], &active, &Search::default());
        assert!(matches!(nan, Found::Nothing { .. }));
    }

    #[test]
    fn threads_do_not_change_the_point() {
        let g = |u: &[f64]| u[0] * u[1] + u[0] + 2.0 * u[2];
        let run = |threads| {
            let search = Search { threads, ..Search::default() };
            design_point(&g, 4.0, &[0.1; 3], &[0, 1, 2], &search)
        };
        assert_eq!(run(1), run(3));
    }
}

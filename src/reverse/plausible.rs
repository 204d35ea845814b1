//! The most plausible combination of assumptions whose middle path lies on the edge of the target: the design point of
//! a scenario.
//!
//! The function is the median over shocks of the metric, all uncertain inputs at x(u) ([`super::space`],
//! [`super::middle`]). Differences are taken in the inputs that matter: those that move the median by at least a fiftieth
//! of what the strongest does when they alone go 1.5 standard normals up or down, at the centre or at the mean of the
//! paths inside the target, at most [`MOST_INPUTS`]. At the point found all inputs are tried again and the search goes on
//! with those that matter there. It starts at the centre (all medians) and at the mean of the paths inside the target;
//! the nearer result counts.

use super::chance::Chance;
use super::design_point::{
    DesignPoint, Found, Function, Search, around, design_point, evaluate_all, length,
};
use super::margin::Margin;
use super::middle::{Middle, median, outcomes};
use super::space::{FARTHEST, Space, normal_at, percentile, value_at};
use crate::num::normal_cdf;

/// Most inputs in which differences are taken.
pub(super) const MOST_INPUTS: usize = 20;
/// Paths behind a median while a combination is sought.
pub(super) const PATHS: u64 = 2048;
/// Paths behind a median while inputs are screened.
pub(super) const SCREEN_PATHS: u64 = 256;
/// Fresh paths that check a combination.
pub(super) const CHECK_PATHS: u64 = 10_000;
/// Makes the seed of the fresh paths.
const FRESH: u64 = 0x9e37_79b9_7f4a_7c15;
/// Standard normals up and down by which inputs are screened, at the starts and at the point found.
const REACH: [f64; 2] = [1.5, 0.5];
/// Share of the strongest effect from which an input matters.
const MATTERS: f64 = 0.02;
/// Paths inside the target whose mean is a start: at least, at most.
const BREACHES: [usize; 2] = [10, 4000];
/// Standard errors from which the mean of an input over those paths differs from its median.
const DISTINCT: f64 = 4.0;

/// An assumption of the combination.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// Address.
    pub key: String,
    /// Unit.
    pub unit: &'static str,
    /// Median.
    pub central: f64,
    /// Value at the design point.
    pub value: f64,
    /// Share of the input's own distribution below the value.
    pub percentile: f64,
    /// Standard normal of the input: independent of the others (of correlated inputs the part that the ones before it
    /// do not explain).
    pub normal: f64,
    /// Share of β²: the squares of the normals add up to it.
    pub importance: f64,
}

/// The combination that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    /// Distance from the central case in standard normals.
    pub beta: f64,
    /// Density of the inputs there over their density in the central case: exp(−β²/2).
    pub likelihood_ratio: f64,
    /// Probability if the edge were a plane and the middle path all there is: Φ(−β), for a range less what lies beyond
    /// its far end. Not the probability. None of a joint target, whose edge has a corner where its parts meet.
    pub linearised: Option<f64>,
    /// Inputs that moved, the most important first.
    pub inputs: Vec<Moved>,
    /// Median over fresh paths.
    pub median: f64,
    /// Median of the metric of each part over fresh paths.
    pub medians: Vec<f64>,
    /// Share of fresh paths inside the target.
    pub check: Chance,
    /// Share of as many paths that leave the world that the model knows; none when stopped.
    pub outside: Option<f64>,
    /// Distances found from the centre and from the mean of the paths inside the target; none where that search ended
    /// elsewhere or was not made.
    pub starts: [Option<f64>; 2],
}

/// Relative distances by which the point is moved outward.
const NUDGES: [f64; 7] = [0.0, 1e-9, 1e-6, 1e-4, 1e-3, 3e-3, 1e-2];

/// What the search says.
#[derive(Debug, Clone, PartialEq)]
pub enum Plausible {
    /// The central case is inside: distance 0.
    Central,
    /// The combination.
    Combination(Combination),
    /// No combination within 8 standard normals brings the median to the target.
    NotReached {
        /// Median nearest to the target that was met.
        nearest: f64,
        /// Its distance in standard normals.
        distance: f64,
    },
}

/// What the search needs to know.
pub(super) struct Setting<'a> {
    pub(super) space: &'a Space,
    pub(super) middle: &'a Middle<'a>,
    pub(super) margin: &'a Margin,
    pub(super) seed: u64,
    pub(super) threads: usize,
}

/// The mean of the independent normals over the paths inside the target; zero where it does not differ from zero.
/// `draws` holds a column an input. None with too few such paths.
pub(super) fn breaching_mean(space: &Space, draws: &[Vec<f64>], hits: &[bool]) -> Option<Vec<f64>> {
    let paths: Vec<usize> = (0..hits.len()).filter(|path| hits[*path]).take(BREACHES[1]).collect();
    if paths.len() < BREACHES[0] {
        return None;
    }
    let n = paths.len() as f64;
    let mut sums = vec![0.0; space.inputs.len()];
    for path in paths {
        let inputs = space.inputs.iter().zip(draws);
        let mut z: Vec<f64> =
            inputs.map(|(input, draws)| normal_at(&input.marginal, draws[path])).collect();
        space.decorrelate(&mut z);
        sums.iter_mut().zip(&z).for_each(|(sum, z)| *sum += z);
    }
    let bound = DISTINCT / libm::sqrt(n);
    Some(sums.iter().map(|sum| sum / n).map(|z| if z.abs() > bound { z } else { 0.0 }).collect())
}

impl Setting<'_> {
    /// Seeks the combination; `central` is the median of the central case.
    pub(super) fn seek(&self, central: f64, breaching: Option<&[f64]>) -> Plausible {
        let Some(level) = self.margin.edge(central) else { return Plausible::Central };
        let centre = vec![0.0; self.space.inputs.len()];
        let g = |u: &[f64]| self.middle.median(&self.space.values(u), PATHS);
        let starts = [Some(centre.as_slice()), breaching];
        let mut effects: Vec<f64> = vec![0.0; centre.len()];
        for start in starts.iter().flatten() {
            let here = self.effects(start, REACH[0]);
            effects.iter_mut().zip(here).for_each(|(most, effect)| *most = most.max(effect));
        }
        let active = strongest(&effects);
        let from = |start: &[f64]| design_point(&g, level, start, &active, &self.search());
        let found = starts.map(|start| start.map(from));

        let distance = |found: &Option<Found>| match found {
            Some(Found::Point(point)) => Some(point.beta()),
            _ => None,
        };
        let distances = [distance(&found[0]), distance(&found[1])];
        let mut best: Option<DesignPoint> = None;
        let mut nearest = (central, 0.0);
        for found in found.into_iter().flatten() {
            match found {
                Found::Point(point) => {
                    if best.as_ref().is_none_or(|best| point.beta() < best.beta()) {
                        best = Some(point);
                    }
                }
                Found::Nothing { value, u } => {
                    if (value - level).abs() < (nearest.0 - level).abs() {
                        nearest = (value, length(&u));
                    }
                }
            }
        }
        match best {
            Some(best) => {
                let best = self.inside(&g, self.again(&g, level, best, &active));
                Plausible::Combination(self.describe(best, distances))
            }
            None => Plausible::NotReached { nearest: nearest.0, distance: nearest.1 },
        }
    }

    fn search(&self) -> Search {
        Search {
            step: 0.2,
            tolerance: 0.004,
            iterations: 12,
            farthest: FARTHEST,
            threads: self.threads,
        }
    }

    /// How far the median moves when each input alone goes `reach` up or down from `u`.
    fn effects(&self, u: &[f64], reach: f64) -> Vec<f64> {
        let all: Vec<usize> = (0..u.len()).collect();
        let g = |u: &[f64]| self.middle.median(&self.space.values(u), SCREEN_PATHS);
        let medians = evaluate_all(&g, &around(u, &all, reach), self.threads);
        let here = medians[0];
        let effect = |pair: &[f64]| (pair[0] - here).abs().max((pair[1] - here).abs());
        medians[1..].chunks_exact(2).map(effect).collect()
    }

    /// The search again, with the inputs that matter at the point that was found.
    fn again(
        &self,
        g: &Function<'_>,
        level: f64,
        point: DesignPoint,
        active: &[usize],
    ) -> DesignPoint {
        let mut wider = strongest(&self.effects(&point.u, REACH[1]));
        if wider.iter().all(|index| active.contains(index)) {
            return point;
        }
        wider.extend(active.iter().filter(|index| point.u[**index].abs() > 0.05));
        wider.sort_unstable();
        wider.dedup();
        match design_point(g, level, &point.u, &wider, &self.search()) {
            Found::Point(better) if better.beta() < point.beta() => better,
            _ => point,
        }
    }

    /// The point, moved outward by as little as puts its median inside the target and not a rounding error or a
    /// tolerance outside; where the first steps of [`NUDGES`] do not, as it was.
    fn inside(&self, g: &Function<'_>, point: DesignPoint) -> DesignPoint {
        let scaled = |nudge: &f64| point.u.iter().map(|u| u * (1.0 + nudge)).collect();
        let points: Vec<Vec<f64>> = NUDGES.iter().map(scaled).collect();
        let medians = evaluate_all(g, &points, self.threads);
        match medians.iter().position(|median| self.margin.holds(*median)) {
            Some(index) => DesignPoint { u: points[index].clone(), value: medians[index], ..point },
            None => point,
        }
    }

    fn describe(&self, point: DesignPoint, starts: [Option<f64>; 2]) -> Combination {
        let beta = point.beta();
        let values = self.space.values(&point.u);
        let inputs = self.space.inputs.iter().zip(&values).zip(&point.u);
        let mut inputs: Vec<Moved> = inputs
            .filter(|((input, (_, value)), u)| {
                **u != 0.0 && *value != value_at(&input.marginal, 0.0)
            })
            .map(|((input, (_, value)), u)| Moved {
                key: input.address.clone(),
                unit: input.unit,
                central: value_at(&input.marginal, 0.0),
                value: *value,
                percentile: percentile(&input.marginal, *value),
                normal: *u,
                importance: u / beta * (u / beta),
            })
            .collect();
        inputs.sort_by(|a, b| b.importance.total_cmp(&a.importance).then(a.key.cmp(&b.key)));
        let drawn = self.middle.values(&values, CHECK_PATHS, self.seed ^ FRESH, Some(self.threads));
        let fresh = outcomes(self.margin, &drawn);
        let hits = fresh.iter().filter(|value| self.margin.holds(**value)).count() as u64;
        let linearised = self
            .margin
            .width()
            .map(|width| normal_cdf(-beta) - normal_cdf(-(beta + width / point.slope)));
        Combination {
            beta,
            likelihood_ratio: point.likelihood_ratio(),
            linearised,
            inputs,
            check: Chance { hits, paths: fresh.len() as u64 },
            median: median(fresh),
            medians: drawn.into_iter().map(median).collect(),
            outside: self.middle.outside(
                &values,
                CHECK_PATHS,
                self.seed ^ FRESH,
                Some(self.threads),
            ),
            starts,
        }
    }
}

/// The inputs that matter, in their order.
fn strongest(effects: &[f64]) -> Vec<usize> {
    let most = effects.iter().copied().fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..effects.len())
        .filter(|index| effects[*index] > 0.0 && effects[*index] >= MATTERS * most)
        .collect();
    order.sort_by(|a, b| effects[*b].total_cmp(&effects[*a]).then(a.cmp(b)));
    order.truncate(MOST_INPUTS);
    order.sort_unstable();
    order
}

//! Single moves: how far one assumption alone must go, the rest at the central case, for the middle path to reach the
//! target.
//!
//! Every number of the scenario is tried, known or uncertain, and three that are not numbers of their own:
//!
//! * `elasticity`: the lasting and the transitory effect of a dollar, times one factor;
//! * `dated sales`: the amounts of all official sales that the scenario dates, times one factor;
//! * `pace for longer`: the scenario goes on until the day named, and dated flows that still run on its last day go on at
//!   their pace (the metric is then read on that day; asked of dated horizons and `end`, of joint targets when all parts have one).
//!
//! A number moves within its hard range, and to a hundred times its central size at most (where that is 0, within the
//! range). First three points on each side are looked at; numbers that move the median there by less than a twentieth of
//! what is missing count as `never`. The others are looked at in eight points a side, each twice as far as the one
//! before, up to the first inside the target, and the edge before it is found by halving. Where both sides reach the
//! target the smaller move counts: by the number's own distribution, else by size. Limits: a target that is met only
//! between two points is missed; the probability of an event moves the middle path at one half only; correlations of
//! everyday shocks and fields that an event leaves out are not moved.

use super::design_point::in_parallel;
use super::margin::Margin;
use super::middle::{Middle, Trouble};
use super::space::{normal_at, percentile};
use crate::engine::Progress;
use crate::error::Error;
use crate::model::CATALOGUE;
use crate::num::Marginal;
use crate::scenario::{Event, FieldKind, QuantityId, Scenario};

/// Longest scenario, days.
pub(super) const LONGEST: usize = 1260;
/// Paths behind a median at the first look, and after it.
const PATHS: [u64; 2] = [256, 1024];
/// How many times its central size a number may become.
const MOST_TIMES: f64 = 100.0;
/// Parts of the way to the end of the range at which every number is looked at.
const COARSE: [f64; 3] = [1.0 / 32.0, 0.25, 1.0];
/// Share of what is missing that a number must move to be looked at closely.
const MATTERS: f64 = 0.05;
/// Halvings of the last interval.
const HALVINGS: usize = 12;

/// One assumption moved alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Address, or `elasticity`, `dated sales`, `pace for longer`.
    pub key: String,
    /// Unit.
    pub unit: &'static str,
    /// Value in the central case.
    pub central: f64,
    /// Value nearest to it at which the median is inside the target; none: never.
    pub needed: Option<f64>,
    /// Share of the number's own distribution below that value; none for a known number.
    pub percentile: Option<f64>,
    /// Its distance from the median there, in standard normals.
    pub normal: Option<f64>,
    /// The value whose median comes nearest to the target, and that median.
    pub nearest: (f64, f64),
    /// Share of the paths at the value needed that leave the world that the model knows; none where nothing is needed.
    pub outside: Option<f64>,
}

impl Move {
    /// The needed value as a multiple of the central one; none for `never` or a central value of 0.
    pub fn multiple(&self) -> Option<f64> {
        let multiple = self.needed? / self.central;
        multiple.is_finite().then_some(multiple)
    }
}

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Number(QuantityId),
    Elasticity,
    Sales,
    Horizon,
}

/// A move under way.
#[derive(Debug, Clone)]
struct Lever {
    what: What,
    key: String,
    unit: &'static str,
    central: f64,
    low: f64,
    high: f64,
    own: Option<Marginal>,
}

/// What the moves need to know.
pub(super) struct Setting<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) middle: &'a Middle<'a>,
    pub(super) margin: &'a Margin,
    pub(super) seed: u64,
    pub(super) threads: usize,
    pub(super) progress: &'a dyn Progress,
    pub(super) trouble: &'a Trouble,
    /// The day of the target; none for `peak` and `trough`, and where its parts have different days.
    pub(super) day: Option<usize>,
}

impl Setting<'_> {
    /// All moves: those that reach the target first, the smallest first; none when the central case is inside.
    pub(super) fn all(&self) -> Result<Vec<Move>, Error> {
        let [first, central] = PATHS.map(|paths| self.middle.median(&[], paths));
        let Some(edge) = self.margin.edge(central) else { return Ok(Vec::new()) };
        let levers = self.levers();
        let coarse = levers.iter().map(|lever| lever.points(&COARSE)).collect::<Vec<_>>();
        let seen = self.look(&levers, &coarse, PATHS[0]);
        let missing = (edge - central).abs();
        let matters: Vec<bool> = seen
            .iter()
            .map(|seen| seen.iter().any(|(_, m)| (m - first).abs() >= MATTERS * missing))
            .collect();
        let parts: Vec<f64> = (0..8).rev().map(|halvings| 1.0 / f64::from(1 << halvings)).collect();
        let fine = levers.iter().zip(&matters);
        let fine = fine.map(|(lever, m)| if *m { lever.points(&parts) } else { Vec::new() });
        let closer = self.look(&levers, &fine.collect::<Vec<_>>(), PATHS[1]);
        let ends = in_parallel(levers.len(), self.threads, |index| {
            self.nearest_edge(&levers[index], &closer[index])
        });
        self.trouble.check()?;
        let mut moves: Vec<Move> = Vec::new();
        for (index, lever) in levers.into_iter().enumerate() {
            let points = seen[index].iter().chain(&closer[index]).copied();
            let start = (lever.central, central);
            let nearest = points.fold(start, |best, point| {
                let far = |(_, median): (f64, f64)| {
                    self.margin.edge(median).map_or(0.0, |edge| (median - edge).abs())
                };
                if far(point) < far(best) { point } else { best }
            });
            let outside = ends[index].and_then(|needed| self.outside(&lever, needed));
            moves.push(Move { outside, ..lever.describe(ends[index], nearest) });
        }
        moves.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
        Ok(moves)
    }

    /// The median of each lever at each of its points, as (value, median).
    fn look(&self, levers: &[Lever], points: &[Vec<f64>], paths: u64) -> Vec<Vec<(f64, f64)>> {
        let jobs: Vec<(usize, f64)> = points
            .iter()
            .enumerate()
            .flat_map(|(lever, values)| values.iter().map(move |value| (lever, *value)))
            .collect();
        let medians = in_parallel(jobs.len(), self.threads, |job| {
            let (lever, value) = jobs[job];
            self.median(&levers[lever], value, paths)
        });
        let mut seen = vec![Vec::new(); levers.len()];
        for ((lever, value), median) in jobs.into_iter().zip(medians) {
            seen[lever].push((value, median));
        }
        seen
    }

    /// The value nearest to the central one, on either side, at which the median is inside.
    fn nearest_edge(&self, lever: &Lever, seen: &[(f64, f64)]) -> Option<f64> {
        let sides = [true, false].map(|up| {
            let side = seen.iter().filter(|(value, _)| (*value > lever.central) == up);
            let mut outside = lever.central;
            for (value, median) in side {
                if self.margin.holds(*median) {
                    return Some(self.halve(lever, outside, *value));
                }
                outside = *value;
            }
            None
        });
        let [Some(up), Some(down)] = sides else { return sides[0].or(sides[1]) };
        Some(if lever.effort(up) <= lever.effort(down) { up } else { down })
    }

    /// The edge of the target between a value outside and one inside.
    fn halve(&self, lever: &Lever, mut outside: f64, mut inside: f64) -> f64 {
        for _ in 0..HALVINGS {
            let middle = 0.5 * (outside + inside);
            let middle = if lever.what == What::Horizon { libm::round(middle) } else { middle };
            if middle == inside || middle == outside {
                break;
            }
            if self.margin.holds(self.median(lever, middle, PATHS[1])) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside
    }

    /// The numbers that a lever changes; none for the horizon, which changes the scenario.
    fn changes(&self, lever: &Lever, value: f64) -> Option<Vec<(QuantityId, f64)>> {
        let times = |ids: Vec<QuantityId>| -> Vec<(QuantityId, f64)> {
            ids.into_iter().map(|id| (id, value * self.middle.central(id))).collect()
        };
        match lever.what {
            What::Number(id) => Some(vec![(id, value)]),
            What::Elasticity => Some(times(elasticities(self.scenario))),
            What::Sales => Some(times(sales(self.scenario))),
            What::Horizon => None,
        }
    }

    /// The median with one lever moved.
    fn median(&self, lever: &Lever, value: f64, paths: u64) -> f64 {
        match self.changes(lever, value) {
            Some(changes) => self.middle.median(&changes, paths),
            None => {
                self.longer(value as usize).map_or(f64::NAN, |middle| middle.median(&[], paths))
            }
        }
    }

    /// Share of the paths that leave the world that the model knows, with one lever moved.
    fn outside(&self, lever: &Lever, value: f64) -> Option<f64> {
        match self.changes(lever, value) {
            Some(changes) => self.middle.outside_of(&changes, PATHS[1]),
            None => self.longer(value as usize).ok()?.outside_of(&[], PATHS[1]),
        }
    }

    /// The middle paths of another length, dated flows that run to the end of the scenario going on at their pace.
    fn longer(&self, day: usize) -> Result<Middle<'_>, Error> {
        let mut scenario = self.scenario.clone();
        let end = scenario.horizon_days;
        scenario.horizon_days = day.max(end);
        for (amount, days, start) in running(self.scenario, self.middle) {
            let length = self.middle.central(days);
            let now = (scenario.horizon_days as f64 - start + 1.0).max(length);
            let per_day = self.middle.central(amount) / length;
            scenario.quantities[days].marginal = Marginal::fixed(now);
            scenario.quantities[amount].marginal = Marginal::fixed(per_day * now);
        }
        scenario.horizon_days = day;
        Middle::new(&scenario, &self.margin.at_end(), self.seed, self.progress, self.trouble)
    }

    /// Everything that can be moved.
    fn levers(&self) -> Vec<Lever> {
        let mut levers = Vec::new();
        for (id, (low, high)) in ranges(self.scenario) {
            let quantity = &self.scenario.quantities[id];
            let central = self.middle.central(id);
            let reach = if central == 0.0 { f64::INFINITY } else { MOST_TIMES * central.abs() };
            let own = quantity.marginal.constant().is_none().then(|| quantity.marginal.clone());
            levers.push(Lever {
                what: What::Number(id),
                key: quantity.address.clone(),
                unit: quantity.unit,
                central,
                low: low.max(central - reach),
                high: high.min(central + reach),
                own,
            });
        }
        levers.extend(self.factor("elasticity", What::Elasticity, &elasticities(self.scenario)));
        levers.extend(self.factor("dated sales", What::Sales, &sales(self.scenario)));
        if let Some(day) = self.day {
            levers.push(Lever {
                what: What::Horizon,
                key: "pace for longer".to_owned(),
                unit: "days",
                central: day as f64,
                low: 1.0,
                high: LONGEST as f64,
                own: None,
            });
        }
        levers
    }

    /// A factor on some numbers, up to their hard ranges.
    fn factor(&self, key: &str, what: What, ids: &[QuantityId]) -> Option<Lever> {
        let ranges = ranges(self.scenario);
        let high = ranges.iter().filter(|(id, _)| ids.contains(id)).map(|(id, (low, high))| {
            let central = self.middle.central(*id);
            if central >= 0.0 { high / central } else { low / central }
        });
        let high = high.fold(MOST_TIMES, f64::min);
        let moves = ids.iter().any(|id| self.middle.central(*id) != 0.0);
        moves.then(|| Lever {
            what,
            key: key.to_owned(),
            unit: "times",
            central: 1.0,
            low: 0.0,
            high,
            own: None,
        })
    }
}

impl Lever {
    /// Values at parts of the way up, then of the way down, the nearest first.
    fn points(&self, parts: &[f64]) -> Vec<f64> {
        let mut points = Vec::new();
        for end in [self.high, self.low] {
            for part in parts.iter().filter(|_| end != self.central) {
                let value = self.central + part * (end - self.central);
                points.push(if self.what == What::Horizon { libm::round(value) } else { value });
            }
        }
        points
    }

    /// How large a move is.
    fn effort(&self, value: f64) -> f64 {
        match &self.own {
            Some(own) => normal_at(own, value).abs(),
            None => (value - self.central).abs(),
        }
    }

    fn describe(self, needed: Option<f64>, nearest: (f64, f64)) -> Move {
        let place = needed.zip(self.own.as_ref());
        Move {
            key: self.key,
            unit: self.unit,
            central: self.central,
            needed,
            percentile: place.map(|(value, own)| percentile(own, value)),
            normal: place.map(|(value, own)| normal_at(own, value)),
            nearest,
            outside: None,
        }
    }
}

/// Order of the rows: reached by an uncertain number within its reach, by a known one or beyond it, never.
fn rank(found: &Move) -> (u8, f64) {
    match (found.needed, found.normal) {
        (Some(_), Some(normal)) => (1, normal.abs()),
        (Some(needed), None) => {
            let times = found.multiple().filter(|multiple| *multiple > 0.0);
            let effort = times.map_or((needed - found.central).abs(), |m| libm::log(m).abs());
            (
                if matches!(found.unit, "times") || found.key == "pace for longer" { 0 } else { 2 },
                effort,
            )
        }
        (None, _) => (3, 0.0),
    }
}

/// The elasticities of the propagator.
fn elasticities(scenario: &Scenario) -> Vec<QuantityId> {
    let known = ["impact.transitory_bp_per_100bn", "impact.lasting_bp_per_100bn"];
    let named = |id: &QuantityId| known.contains(&scenario.quantities[*id].address.as_str());
    (0..scenario.quantities.len()).filter(named).collect()
}

/// The position of a number field of an event's kind.
fn field(event: &Event, names: &[&str]) -> Option<QuantityId> {
    let kind = CATALOGUE.events.iter().find(|kind| kind.name == event.kind)?;
    let mut numbers =
        kind.fields.iter().filter(|field| matches!(field.kind, FieldKind::Number { .. }));
    let place = numbers.position(|field| names.contains(&field.name))?;
    event.numbers.get(place).copied()
}

/// The amounts of the dated official sales.
fn sales(scenario: &Scenario) -> Vec<QuantityId> {
    let sales = scenario.events.iter().filter(|event| event.kind == "official_sale");
    sales.filter_map(|event| field(event, &["amount_usd_bn"])).collect()
}

/// Dated flows that still run on the last day: quantity of the amount and of the days, and the first day.
fn running(scenario: &Scenario, middle: &Middle<'_>) -> Vec<(QuantityId, QuantityId, f64)> {
    let flows = scenario.events.iter().filter_map(|event| {
        let amount = field(event, &["amount_usd_bn"])?;
        let days = field(event, &["over_days", "days"])?;
        let start = libm::round(middle.central(event.day)).max(1.0);
        let last = start + libm::round(middle.central(days)).max(1.0) - 1.0;
        let end = scenario.horizon_days as f64;
        (start <= end && last >= end).then_some((amount, days, start))
    });
    flows.collect()
}

/// Every number that may be moved, with its hard range.
fn ranges(scenario: &Scenario) -> Vec<(QuantityId, (f64, f64))> {
    let declared = CATALOGUE.declarations().enumerate();
    let mut ranges: Vec<_> = declared
        .filter(|(_, known)| known.table != "shocks")
        .map(|(id, known)| (id, (known.low, known.high)))
        .collect();
    for event in &scenario.events {
        ranges.push((event.day, (1.0, scenario.horizon_days as f64)));
        ranges.push((event.probability, (0.0, 1.0)));
        let kind = CATALOGUE.events.iter().find(|kind| kind.name == event.kind);
        let fields = kind.map_or(&[][..], |kind| kind.fields).iter();
        let limits = fields.filter_map(|field| match field.kind {
            FieldKind::Number { low, high, .. } => Some((low, high)),
            _ => None,
        });
        let numbers = event.numbers.iter().zip(&event.written).zip(limits);
        ranges.extend(numbers.filter(|((_, written), _)| **written).map(|((id, _), l)| (*id, l)));
    }
    ranges
}

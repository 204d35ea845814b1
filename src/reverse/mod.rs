//! The reverse stress test: *what would have to be true for the impact to be that large?* A scenario and a [`Target`]
//! become an [`Answer`] of four parts.
//!
//! | part | what it is | where |
//! |---|---|---|
//! | probability | share of simulated paths inside the target, Wilson's 95% interval, whether the paths are enough | [`Chance`] |
//! | most plausible combination | the inputs nearest to their medians whose middle path lies on the edge of the target | [`Combination`], [`DesignPoint`] |
//! | what such paths share | a box of at most four intervals, over assumptions and drivers, and over assumptions alone | [`RuleBox`] |
//! | single moves | how far one assumption alone must go | [`Move`] |
//!
//! ```text
//! P        = #{paths with y inside} / n                                    y: the metric at the horizon
//! g(u)     = median over shocks of y, all uncertain inputs at x(u) = F⁻¹(Φ(L u))
//! u*       = argmin { |u| : g(u) on the edge },   β = |u*|,   likelihood ratio = exp(−β²/2)
//! ```
//!
//! A joint target (parts joined by `and`) is answered in the same four parts: y is then the smallest depth of a path inside
//! the parts (`margin.rs`), its event y ≥ 0. It has no linearised probability, because its edge has a corner where the parts
//! meet; what each part is alone, and what the joint probability would be were they independent, is said beside it.
//!
//! Sources: Wilson 1927 (interval); Hasofer and Lind 1974, Rackwitz and Fiessler 1978, Zhang and Der Kiureghian 1995
//! (design point), Liu and Der Kiureghian 1991 (correlated inputs); Friedman and Fisher 1999, Bryant and Lempert 2010
//! (box). Limits of the methods: the search of the point is local, from two starts; a mixture is moved along its own
//! distribution function and a discrete input in steps; a box is greedy and has straight sides; a single move that
//! reaches the target only between the points looked at is missed. Drivers are outcomes: a box that names one says what
//! goes with the target, not always what caused it.
//!
//! The probability is the only statement about all paths, shocks included. The other parts speak of assumptions: the
//! *central case* has every number at its median, the *middle path* of a combination is the median over its paths: the
//! outcome that it reaches with even odds, which a few wild paths do not move as they would a mean. A path can be inside the target by shocks alone though its assumptions are ordinary; then the
//! combination is far away or not reached although the probability is not small, and [`Combination::linearised`] says
//! little: it is shown to be compared, never as the answer. Which events happen on a path is not an input either, so that
//! neither combination nor box can name it.
//!
//! Files: `reverse.csv`, `design_point.csv`, `rule_box.csv`, `single_moves.csv`, beside the ordinary tables of the run.

mod chance;
mod design_point;
mod margin;
mod middle;
mod moves;
mod plausible;
mod rule_box;
mod space;
mod tables;
mod target;
mod terminal;

pub use chance::{Chance, ENOUGH_HITS, Judgement};
pub use design_point::{DesignPoint, Found, Function, Search, design_point};
pub use moves::Move;
pub use plausible::{Combination, Moved, Plausible};
pub use rule_box::{FEWEST_HITS, Rule, RuleBox, rule_box};
pub use tables::{definitions, tables};
pub use target::{Bounds, Part, Target, TargetError};
pub use terminal::terminal;

use crate::engine::{Collect as _, Progress, RunPlan};
use crate::error::Error;
use crate::model::{METRICS, Plan};
use crate::scenario::Scenario;
use crate::simulate::{Gather, simulate};
use crate::stats::{Column, Keep, Ranks, Tally};
use margin::Margin;
use middle::{Middle, Trouble, median, outcomes};
use space::Space;

/// Paths, beside those asked for, that an answer takes at most, about; for a progress bar.
pub const WORK_PATHS: u64 = 1_500_000;

/// Paths whose draws and drivers are kept, for the box and the start of the search.
const KEPT_PATHS: u64 = 100_000;

/// Bytes of the columns of these paths, some 200, and of the work on them.
pub const WORK_BYTES: u64 = KEPT_PATHS * 200 * 8 * 3;
/// Paths at a time beyond those.
const CHUNK: u64 = 1 << 22;
/// Paths behind the median of the central case.
const CENTRAL_PATHS: u64 = 10_000;

/// Metrics that can be a cause of a target in another one: not the impact, what it is a part of (yield, pickup, losses,
/// interest), nor the Fed's answer to it. The JGB yield follows a seventh of the US one, so it is an effect too.
const DRIVERS: [&str; 9] = [
    "usdjpy",
    "jgb_10y_pct",
    "equity_pct",
    "policy_rate_boj_pct",
    "policy_rate_fed_pct",
    "carry_closed_share",
    "amplification",
    "japan_net_sales_usd_bn",
    "reserves_left_usd_bn",
];

/// A box, its columns by name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedBox {
    /// Name and unit of each column that its rules may speak of.
    pub columns: Vec<(String, &'static str)>,
    /// The box; none when there were too few paths inside the target, or nothing that they share
    /// holds on the paths that the search has not seen.
    pub found: Option<RuleBox>,
}

/// A part of a target by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct PartAlone {
    /// How probable it is.
    pub chance: Chance,
    /// Median of its metric over all paths.
    pub median: f64,
    /// Median of its metric in the central case.
    pub central: f64,
}

/// What a reverse stress test says.
#[derive(Debug)]
pub struct Answer {
    /// Name of the scenario.
    pub scenario: String,
    /// What was asked.
    pub target: Target,
    /// How probable it is.
    pub chance: Chance,
    /// Each part by itself.
    pub parts: Vec<PartAlone>,
    /// Median over all paths: of the metric, or of the depth inside a joint target (over the first 100,000).
    pub median: f64,
    /// The same median in the central case.
    pub central: f64,
    /// The most plausible combination; none when the run was stopped before.
    pub plausible: Option<Plausible>,
    /// The box over assumptions and drivers, and that over assumptions alone.
    pub boxes: [NamedBox; 2],
    /// Single moves; none when the run was stopped before.
    pub moves: Option<Vec<Move>>,
    /// Whether the run was stopped before its end.
    pub partial: bool,
    /// The ordinary tally of the run.
    pub tally: Tally,
}

impl Answer {
    /// What the probability would be were the parts of the target independent.
    pub fn independent(&self) -> f64 {
        self.parts.iter().map(|part| part.chance.share()).product()
    }
}

/// Answers what a scenario says about a target.
///
/// # Errors
/// A target that the scenario does not have, a scenario that cannot run, paths that are not finite, threads that do not
/// start.
pub fn reverse(
    scenario: &Scenario,
    target: &Target,
    run: &RunPlan,
    progress: &dyn Progress,
) -> Result<Answer, Error> {
    let plan = Plan::new(scenario)?;
    let horizons = target.places(&plan)?;
    let space = Space::new(scenario, &plan);
    let paths = simulated(&plan, &horizons, target, run, &space, progress)?;

    let trouble = Trouble::default();
    let margin = &paths.margin;
    let middle = Middle::new(scenario, margin, run.seed, progress, &trouble)?;
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let threads = run.threads.unwrap_or_else(cores);
    let inputs = space.inputs.len();
    let names = paths.names.clone();
    let mut answer = Answer {
        scenario: scenario.name.clone(),
        target: target.clone(),
        chance: paths.chance,
        parts: paths.parts.clone(),
        median: paths.median,
        central: f64::NAN,
        plausible: None,
        boxes: [boxed(&paths, &names, names.len()), boxed(&paths, &names, inputs)],
        moves: None,
        partial: paths.partial,
        tally: paths.tally,
    };

    if !answer.partial {
        let central = middle.values(&[], CENTRAL_PATHS, run.seed, run.threads);
        answer.central = median(outcomes(margin, &central));
        for (part, values) in answer.parts.iter_mut().zip(central) {
            part.central = median(values);
        }
        let draws = &paths.columns[..inputs];
        let breaching = plausible::breaching_mean(&space, draws, &paths.hits);
        let setting =
            plausible::Setting { space: &space, middle: &middle, margin, seed: run.seed, threads };
        let found = setting.seek(answer.central, breaching.as_deref());
        trouble.check()?;
        answer.plausible = (!trouble.stopped()).then_some(found);
    }
    if !answer.partial && !trouble.stopped() {
        let days = horizons.iter().map(|horizon| plan.layout.horizons[*horizon].day);
        let day = days.reduce(|a, b| if a == b { a } else { None }).flatten();
        let setting = moves::Setting {
            scenario,
            middle: &middle,
            margin,
            seed: run.seed,
            threads,
            progress,
            trouble: &trouble,
            day,
        };
        let moves = setting.all()?;

        answer.moves = (!trouble.stopped()).then_some(moves);
    }
    answer.partial |= trouble.stopped();
    Ok(answer)
}

/// What the simulated paths say.
struct Paths {
    tally: Tally,
    partial: bool,
    chance: Chance,
    parts: Vec<PartAlone>,
    median: f64,
    margin: Margin,
    /// Inputs, then drivers, of the first paths.
    columns: Vec<Vec<f64>>,
    names: Vec<(String, &'static str)>,
    /// Whether each of the first paths is inside the target.
    hits: Vec<bool>,
}

/// Counts of paths inside the target, and inside each part.
struct Hits {
    all: Vec<bool>,
    parts: Vec<u64>,
    total: u64,
}

/// Counts the paths inside, from the values of the parts.
fn count(target: &Target, values: &[Vec<f64>]) -> Hits {
    let holds: Vec<Vec<bool>> = target
        .parts()
        .iter()
        .zip(values)
        .map(|(part, values)| values.iter().map(|value| part.holds(*value)).collect())
        .collect();
    let number = |hits: &[bool]| hits.iter().filter(|hit| **hit).count() as u64;
    let paths = values.first().map_or(0, Vec::len);
    let all: Vec<bool> = (0..paths).map(|path| holds.iter().all(|part| part[path])).collect();
    Hits { total: number(&all), parts: holds.iter().map(|part| number(part)).collect(), all }
}

/// Simulates the paths of the run: the first with draws and drivers, the rest for the count. Drivers are read at the
/// horizon of the first part.
fn simulated(
    plan: &Plan,
    horizons: &[usize],
    target: &Target,
    run: &RunPlan,
    space: &Space,
    progress: &dyn Progress,
) -> Result<Paths, Error> {
    let asked = target.parts().iter().zip(horizons);
    let wanted: Vec<Column> = asked
        .map(|(part, horizon)| Column::Metric { horizon: *horizon, metric: part.metric() })
        .collect();
    let drivers = drivers(target);
    let mut columns: Vec<Column> =
        space.inputs.iter().map(|input| Column::Draw(input.quantity)).collect();
    let horizon = horizons[0];
    columns.extend(drivers.iter().map(|metric| Column::Metric { horizon, metric: *metric }));
    let causes = columns.len();
    columns.extend(&wanted);
    let part = |columns: Vec<Column>, from: u64, to: u64| {
        let part = RunPlan { paths: from..to, ..run.clone() };
        let gather = Gather { keep: Keep { columns, paths: to }, until: None, metrics: None };
        simulate(plan, &part, &gather, progress)
    };
    let mut done = run.paths.end.min(run.paths.start + KEPT_PATHS);
    let first = part(columns.clone(), run.paths.start, done)?;
    let kept = first.tally.kept();
    let mut columns: Vec<Vec<f64>> = (0..columns.len()).map(|column| kept.column(column)).collect();
    let values = columns.split_off(causes);
    let margin = Margin::new(target, &values);
    let mut hits = count(target, &values);
    let mut partial = first.partial;
    let mut tally = first.tally.keep(&Keep::default());
    while !partial && done < run.paths.end {
        let next = run.paths.end.min(done + CHUNK);
        let more = part(wanted.clone(), done, next)?;
        let kept = more.tally.kept();
        let fresh: Vec<Vec<f64>> = (0..wanted.len()).map(|part| kept.column(part)).collect();
        let found = count(target, &fresh);
        hits.total += found.total;
        hits.parts.iter_mut().zip(found.parts).for_each(|(sum, hits)| *sum += hits);
        partial = more.partial;
        tally = tally.merge(more.tally.keep(&Keep::default()));
        done = next;
    }
    let parts = alone(target, horizons, &hits, &tally);
    let median = match target.is_joint() {
        true => median(outcomes(&margin, &values)),
        false => parts[0].median,
    };
    let mut names: Vec<(String, &'static str)> =
        space.inputs.iter().map(|input| (input.address.clone(), input.unit)).collect();
    names.extend(
        drivers.iter().map(|metric| (METRICS[*metric].name.to_owned(), METRICS[*metric].unit)),
    );
    let chance = Chance { hits: hits.total, paths: tally.paths() };
    Ok(Paths { chance, parts, median, margin, tally, partial, columns, names, hits: hits.all })
}

/// The metrics that a box may name beside the assumptions.
fn drivers(target: &Target) -> Vec<usize> {
    let asked = |metric: &usize| target.parts().iter().any(|part| part.metric() == *metric);
    let metrics = (0..METRICS.len()).filter(|metric| DRIVERS.contains(&METRICS[*metric].name));
    metrics.filter(|metric| !asked(metric)).collect()
}

/// Each part by itself.
fn alone(target: &Target, horizons: &[usize], hits: &Hits, tally: &Tally) -> Vec<PartAlone> {
    let one = |place: usize| {
        let (horizon, metric) = (horizons[place], target.parts()[place].metric());
        let ranks = Ranks::new(&tally.measure(metric).grid, &tally.cell(horizon, metric).bins);
        PartAlone {
            chance: Chance { hits: hits.parts[place], paths: tally.paths() },
            median: ranks.quantile(0.5),
            central: f64::NAN,
        }
    };
    (0..target.parts().len()).map(one).collect()
}

/// The box over the first `columns` columns.
fn boxed(paths: &Paths, names: &[(String, &'static str)], columns: usize) -> NamedBox {
    NamedBox {
        columns: names[..columns].to_vec(),
        found: rule_box(&paths.columns[..columns], &paths.hits).filter(RuleBox::holds_up),
    }
}

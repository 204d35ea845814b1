//! One scenario at many points: keys vary over a grid, a Latin hypercube or a Sobol' sequence, on common random numbers, and
//! every point becomes rows of one tidy table.
//!
//! Finished points go into a journal beside the folder of results. A sweep that was stopped or killed goes on after its last
//! finished point when the same command runs again; as every point depends on its own values, the seed and the paths only,
//! the finished table is the same to the byte as one that was never stopped.

mod design;
mod journal;
mod tables;
mod terminal;
mod vary;

pub use design::{Design, MOST_POINTS, grid};
pub use tables::{convergence, definitions, pivot, table};
pub use terminal::terminal;
pub use vary::{Values, Vary, require_apart};

use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::{IMPACT_10Y, Plan, REVISION};
use crate::report::{Distribution, number, summary_cells};
use crate::scenario::Scenario;
use crate::stats::{Check, Outside, StopRule};
use crate::{Gather, simulate};
use journal::{Entry, Identity, Journal};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// What to sweep.
#[derive(Debug, Clone)]
pub struct Request {
    /// The keys and their values.
    pub vary: Vec<Vary>,
    /// How the points are chosen.
    pub design: Design,
    /// Paths, seed and threads of every point.
    pub run: RunPlan,
    /// Stop a point at a check when this holds.
    pub until: Option<StopRule>,
    /// Whatever else decides the results: the resolved base scenario and the settings over it.
    pub inputs: String,
}

/// The rows of a point, one a horizon.
pub type Rows = Vec<Vec<String>>;

/// The points of a sweep with their rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Name of the scenario.
    pub scenario: String,
    /// The keys.
    pub keys: Vec<String>,
    /// Values of the keys at each point, as TOML text, finished or not.
    pub points: Vec<Vec<String>>,
    /// Rows of the finished points, the first ones: horizon, date, then the columns of `summary.csv` from `paths` on, then
    /// the half-width of a stopping rule where one was given.
    pub rows: Vec<Rows>,
    /// What the stopping rule saw of each finished point: paths, value, half-width, a row a check.
    pub checks: Vec<Rows>,
    /// Paths of each finished point that left the world that the model knows.
    pub outside: Vec<Outside>,
    /// How many points had been finished before.
    pub resumed: usize,
    /// How many points of the journal were dropped, because it had changed, and are computed anew.
    pub dropped: usize,
    /// How many finished points met their cap of paths before their stopping rule.
    pub unmet: usize,
    /// The stopping rule.
    pub until: Option<StopRule>,
}

impl Sweep {
    /// Most paths that a finished point has.
    pub fn most_paths(&self) -> u64 {
        let counts = self.rows.iter().flatten().filter_map(|row| row.get(2)?.parse().ok());
        counts.max().unwrap_or(0)
    }

    /// Paths of a finished point.
    pub fn paths(&self, point: usize) -> u64 {
        let row = self.rows.get(point).and_then(|rows| rows.first());
        row.and_then(|row| row.get(2)?.parse().ok()).unwrap_or(0)
    }

    /// The settings of a point, `KEY=VALUE`.
    pub fn settings(&self, point: usize) -> Vec<String> {
        let pairs = self.keys.iter().zip(&self.points[point]);
        pairs.map(|(key, value)| format!("{key}={value}")).collect()
    }

    /// Takes in a finished point.
    fn add(&mut self, entry: Entry) {
        self.unmet += usize::from(!entry.met);
        self.rows.push(entry.rows);
        self.checks.push(entry.checks);
        self.outside.push(entry.outside);
    }

    /// Whether every point is finished.
    pub fn whole(&self) -> bool {
        self.rows.len() == self.points.len()
    }
}

/// Visits the points that `journal` does not hold yet; `load` gives the scenario with `KEY=VALUE` settings over it, and
/// `watch` is told the number of the point before each.
///
/// # Errors
/// A point whose scenario cannot be loaded or run, before the first one runs where loading fails; a journal of another sweep
/// or one that cannot be written.
pub fn sweep(
    request: &Request,
    load: &dyn Fn(&[String]) -> Result<Scenario, Error>,
    journal: &Path,
    progress: &dyn Progress,
    watch: &dyn Fn(usize, usize),
) -> Result<Sweep, Error> {
    let points = request.design.points(&request.vary, request.run.seed)?;
    let settings = |point: &[String]| -> Vec<String> {
        let pairs = request.vary.iter().zip(point);
        pairs.map(|(vary, value)| format!("{}={value}", vary.key)).collect()
    };
    let first = points.first().map(|point| load(&settings(point))).transpose()?;
    // A sweep that goes on has tried its points before.
    let untried = if journal.exists() { &[] } else { points.get(1..).unwrap_or_default() };
    for point in untried {
        load(&settings(point))?;
    }
    let (mut journal, finished) = Journal::open(journal, &identity(request, &points))?;
    let mut sweep = Sweep {
        scenario: first.as_ref().map(|scenario| scenario.name.clone()).unwrap_or_default(),
        keys: request.vary.iter().map(|vary| vary.key.clone()).collect(),
        rows: Vec::new(),
        resumed: finished.len(),
        dropped: journal.dropped(),
        unmet: 0,
        until: request.until.clone(),
        checks: Vec::new(),
        outside: Vec::new(),
        points,
    };
    finished.into_iter().for_each(|entry| sweep.add(entry));
    for index in sweep.resumed..sweep.points.len() {
        watch(index, sweep.points.len());
        let mut scenario = load(&settings(&sweep.points[index]))?;
        first.iter().for_each(|first| scenario.share_tables(first));
        let Some(entry) = visit(index, request, &scenario, progress)? else { return Ok(sweep) };
        journal.add(&entry)?;
        sweep.add(entry);
    }
    Ok(sweep)
}

/// Removes the journal of a sweep whose results are in their place.
///
/// # Errors
/// When the file cannot be removed.
pub fn forget(request: &Request, sweep: &Sweep, journal: &Path) -> Result<(), Error> {
    Journal::open(journal, &identity(request, &sweep.points))?.0.remove()
}

/// What makes two sweeps the same.
fn identity(request: &Request, points: &[Vec<String>]) -> Identity {
    let mut hash = Sha256::new();
    let run = &request.run;
    hash.update(format!("{:?} {} {:?}\n", run.paths, run.seed, request.until));
    hash.update(format!("{:?}\n{:?}\n", request.vary, points));
    hash.update(&request.inputs);
    let bytes = hash.finalize();
    Identity {
        ustress: env!("CARGO_PKG_VERSION").to_owned(),
        revision: REVISION,
        sweep_sha256: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// Runs a point. None when it was stopped.
fn visit(
    point: usize,
    request: &Request,
    scenario: &Scenario,
    progress: &dyn Progress,
) -> Result<Option<Entry>, Error> {
    let plan = Plan::new(scenario)?;
    let mut metrics = vec![IMPACT_10Y];
    metrics.extend(request.until.as_ref().map(StopRule::metric).filter(|own| *own != IMPACT_10Y));
    let gather =
        Gather { metrics: Some(metrics), until: request.until.clone(), ..Gather::default() };
    let simulated = simulate(&plan, &request.run, &gather, progress)?;
    let last = simulated.checks.last();
    let met = last.is_none_or(|check| check.met);
    let asked = request.run.paths.end - request.run.paths.start;
    if simulated.tally.paths() < asked && !(met && last.is_some()) {
        return Ok(None);
    }
    let mut rows = Vec::new();
    for (index, horizon) in plan.layout.horizons.iter().enumerate() {
        let impact = Distribution::new(&simulated.tally, index, IMPACT_10Y);
        let mut row = vec![horizon.label.clone(), horizon.date.clone()];
        row.extend(summary_cells(simulated.tally.paths(), &impact));
        row.extend(last.map(|check| number(check.half_width)));
        rows.push(row);
    }
    let seen = |check: &Check| {
        vec![check.paths.to_string(), number(check.value), number(check.half_width)]
    };
    let checks = simulated.checks.iter().map(seen).collect();
    Ok(Some(Entry { point, met, rows, checks, outside: simulated.tally.outside().clone() }))
}

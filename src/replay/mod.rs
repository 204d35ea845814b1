//! `replay`: dated episodes of the past, each simulated from what was known on its eve and scored on what came.
//!
//! ```text
//! data up to the eve → scenario → simulate → distribution of the move ─┐
//! (flows that happened → the same scenario with them → simulate) ──────┼→ place, bands, CRPS → coverage, Kupiec
//! data after the eve → realised move of 10-year, USD/JPY, S&P 500 ─────┘
//! ```
//!
//! Nothing later than the eve enters a scenario ([`setting`]); what it cannot give stays as in the baseline, whose numbers
//! of 2022-26 are therefore known too early in older episodes. No number is set to a score. The benchmark is a random walk
//! without drift, with the size of the year to the eve: `N(0, size² · days)`. The model's everyday noise has the same size,
//! so that a difference between the two is what channels, policy and jumps add.
//!
//! Coverage is told for all episodes, for those that were used for some number of the model, for those that were not, and
//! for the latter without overlaps: windows that share days are not independent, and Kupiec's test assumes that they are.
//! With about ten episodes it can see gross faults only.

mod episodes;
mod eve;
mod flows;
mod reasons;
mod score;
mod setting;
mod tables;
mod terminal;

pub use crate::num::quantile;
pub use episodes::{Episode, EpisodeError, Use, read_episodes, unused_columns, used_for};
pub use flows::Flows;
pub use score::{Kupiec, crps, crps_normal, kupiec, percentile};
pub use setting::{LONGEST, Setting};
pub use tables::{BANDS, Coverage, GROUPS, coverage, definitions, tables};
pub use terminal::terminal;

use crate::data::DataSet;
use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::{METRICS, Plan};
use crate::scenario::{Diagnostic, Loaded};
use crate::stats::{Column, Keep};
use crate::{Gather, require_horizon, simulate};
use eve::{Change, Eve};

/// Paths that are scored at most: their outcomes are held in memory.
pub const MOST_PATHS: u64 = 1_000_000;
/// Probabilities of the quantiles that are told.
pub const PROBABILITIES: [f64; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];
/// Most days from the last observation to the end of a window.
const FRESH: i64 = 8;

/// A move that is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Change of the 10-year Treasury yield, bp.
    Yield,
    /// Change of USD/JPY, %; up is a weaker yen.
    Yen,
    /// Change of the S&P 500, %.
    Equities,
}

/// All of them, in the order of the tables.
pub const TARGETS: [Target; 3] = [Target::Yield, Target::Yen, Target::Equities];

impl Target {
    /// Name, as in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Target::Yield => "d_ust_10y_bp",
            Target::Yen => "d_usdjpy_pct",
            Target::Equities => "d_equity_pct",
        }
    }

    /// Unit.
    pub fn unit(self) -> &'static str {
        if self == Target::Yield { "bp" } else { "%" }
    }

    fn metric(self) -> &'static str {
        match self {
            Target::Yield => "yield_10y_pct",
            Target::Yen => "usdjpy",
            Target::Equities => "equity_pct",
        }
    }

    /// Series of the data and the change whose size the benchmark takes.
    fn series(self, eve: &Eve<'_>) -> (&'static str, Change) {
        match self {
            Target::Yield => ("DGS10", Change::Bp),
            Target::Yen => ("DEXJPUS", Change::Percent),
            Target::Equities => (eve.equities(), Change::Percent),
        }
    }

    /// The move from a level to another.
    fn moved(self, from: f64, to: f64) -> f64 {
        match self {
            Target::Yield => 100.0 * (to - from),
            Target::Yen | Target::Equities => 100.0 * (to / from - 1.0),
        }
    }
}

/// What a run of an episode knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// What was known on the eve.
    Eve,
    /// That, and the flows that happened.
    Flows,
}

impl Given {
    /// Name, as in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Given::Eve => "eve",
            Given::Flows => "flows",
        }
    }
}

/// The score of a move.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Which move.
    pub target: Target,
    /// What the run knew.
    pub given: Given,
    /// What came, in the target's unit.
    pub realised: f64,
    /// Quantiles of the model at [`PROBABILITIES`].
    pub quantiles: [f64; 5],
    /// Place of what came in the model's distribution, 0 to 1.
    pub place: f64,
    /// Continuous ranked probability score of the model, in the target's unit.
    pub crps: f64,
    /// The same of the benchmark.
    pub benchmark: f64,
    /// Why it missed, where it did.
    pub reason: Option<String>,
}

impl Score {
    /// Whether what came lies in the middle band that holds this share of the model's paths.
    pub fn inside(&self, share: f64) -> bool {
        (self.place - 0.5).abs() <= 0.5 * share
    }
}

/// An episode that was played.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// The episode.
    pub episode: Episode,
    /// Steps; 0 when it could not be played.
    pub days: usize,
    /// Scores, or why there are none.
    pub scores: Result<Vec<Score>, String>,
    /// Where the data fell short, and the flows.
    pub notes: Vec<String>,
    /// Scenarios by what they know.
    pub scenarios: Vec<(Given, String)>,
}

impl Played {
    /// The score of a run and a move.
    pub fn score(&self, given: Given, target: Target) -> Option<&Score> {
        let scores = self.scores.as_ref().ok()?;
        scores.iter().find(|score| score.given == given && score.target == target)
    }
}

/// All episodes.
#[derive(Debug, Default)]
pub struct Replay {
    /// In the order of the file.
    pub played: Vec<Played>,
    /// Warnings about the scenarios.
    pub warnings: Vec<Diagnostic>,
    /// Whether it was stopped before the end.
    pub partial: bool,
}

/// Loads a scenario by name and text.
pub type Load<'a> = &'a dyn Fn(&str, &str) -> Result<Loaded, Error>;

/// Plays the episodes on a data set; `tell` hears which one is about to run.
///
/// # Errors
/// A scenario that does not load, or paths that are not finite.
pub fn replay(
    data: &DataSet,
    episodes: &[Episode],
    run: &RunPlan,
    load: Load<'_>,
    progress: &dyn Progress,
    tell: &dyn Fn(&str),
) -> Result<Replay, Error> {
    let mut replay = Replay::default();
    for episode in episodes {
        tell(&episode.id);
        let eve = Eve::new(data, episode.start);
        let known = setting::setting(&eve, episode.start, episode.end);
        let found = known.and_then(|known| Ok((known, realised(data, &eve, episode)?)));
        let (known, realised) = match found {
            Ok(found) => found,
            Err(why) => {
                replay.played.push(Played {
                    episode: episode.clone(),
                    days: 0,
                    scores: Err(why),
                    notes: Vec::new(),
                    scenarios: Vec::new(),
                });
                continue;
            }
        };
        let flows = flows::flows(data, episode);
        let mut played = Played {
            episode: episode.clone(),
            days: known.days,
            scores: Ok(Vec::new()),
            notes: known.notes.clone(),
            scenarios: vec![(Given::Eve, known.text(None))],
        };
        if let Some(flows) = &flows {
            played.notes.push(format!("flows: {}", flows.note));
            played.scenarios.push((Given::Flows, known.text(Some(flows))));
        }
        let mut scores = Vec::new();
        for (given, text) in &played.scenarios {
            let name = format!("{}.{}", episode.id, given.name());
            let loaded = load(&name, text)?;
            let samples = sample(&Plan::new(&loaded.scenario)?, run, progress)?;
            add_warnings(&mut replay.warnings, loaded.warnings, &name);
            let Some(samples) = samples else {
                replay.partial = true;
                return Ok(replay);
            };
            let all = realised.iter().zip(&samples);
            scores.extend(all.map(|(came, sorted)| score(came, *given, sorted, known.days)));
        }
        reasons::explain(data, episode, flows.as_ref(), &mut scores);
        played.scores = Ok(scores);
        replay.played.push(played);
    }
    Ok(replay)
}

/// Adds warnings that are new and about something else than the scenario of the eve itself, whose one truncated
/// distribution, the carry book, is that of the default.
fn add_warnings(known: &mut Vec<Diagnostic>, found: Vec<Diagnostic>, own: &str) {
    for warning in found {
        if warning.file != own && !known.contains(&warning) {
            known.push(warning);
        }
    }
}

/// The scenario of an episode's eve, from a data set of which nothing after the eve is read; or why there is none.
///
/// # Errors
/// The data that are missing, in words.
pub fn setting(data: &DataSet, episode: &Episode) -> Result<Setting, String> {
    setting::setting(&Eve::new(data, episode.start), episode.start, episode.end)
}

/// What came.
struct Realised {
    target: Target,
    from: f64,
    change: f64,
    /// Root mean square of a day's change, year to the eve.
    daily: f64,
}

fn realised(data: &DataSet, eve: &Eve<'_>, episode: &Episode) -> Result<Vec<Realised>, String> {
    let one = |target: Target| {
        let (name, change) = target.series(eve);
        let from = eve.needed(name)?;
        let to = observed(data, name, episode)
            .ok_or_else(|| format!("no {name} in the {FRESH} days to {}", episode.end))?;
        let daily = eve.daily_size(name, change)?;
        Ok(Realised { target, from, change: target.moved(from, to), daily })
    };
    TARGETS.into_iter().map(one).collect()
}

/// The last observation of a window that lies after its start.
fn observed(data: &DataSet, name: &str, episode: &Episode) -> Option<f64> {
    let (date, value) = data.series.get(name)?.until(episode.end)?;

    (date > episode.start && (episode.end - date).whole_days() <= FRESH).then_some(value)
}

/// Sorted outcomes of the targets at the end; none when the run was stopped.
fn sample(
    plan: &Plan,
    run: &RunPlan,
    progress: &dyn Progress,
) -> Result<Option<Vec<Vec<f64>>>, Error> {
    let horizon = require_horizon(plan, "end")?;
    let metric = |target: Target| METRICS.iter().position(|known| known.name == target.metric());
    let metrics: Vec<usize> = TARGETS.iter().filter_map(|target| metric(*target)).collect();
    let columns = metrics.iter().map(|metric| Column::Metric { horizon, metric: *metric });
    let keep = Keep { columns: columns.collect(), paths: MOST_PATHS };
    let gather = Gather { keep, until: None, metrics: Some(metrics) };
    let simulated = simulate(plan, run, &gather, progress)?;
    if simulated.partial {
        return Ok(None);
    }
    let kept = simulated.tally.kept();
    let sorted = |column| {
        let mut values: Vec<f64> = kept.column(column);
        values.sort_by(f64::total_cmp);
        values
    };
    Ok(Some((0..TARGETS.len()).map(sorted).collect()))
}

fn score(came: &Realised, given: Given, sorted: &[f64], days: usize) -> Score {
    let target = came.target;
    let moved = |value: f64| match target {
        Target::Equities => value,
        _ => target.moved(came.from, value),
    };
    let moves: Vec<f64> = sorted.iter().map(|value| moved(*value)).collect();
    let size = came.daily * (days as f64).sqrt();
    Score {
        target,
        given,
        realised: came.change,
        quantiles: PROBABILITIES.map(|probability| quantile(&moves, probability)),
        place: percentile(&moves, came.change),
        crps: crps(&moves, came.change),
        benchmark: crps_normal(size, came.change),
        reason: None,
    }
}

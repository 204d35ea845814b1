//! The tables of a replay: `replay.csv`, `replay_coverage.csv`, and each episode's scenarios.

use super::{Episode, Given, Kupiec, Played, Replay, Score, TARGETS, Target, Use, kupiec};
use crate::report::{Columns, Table, number};
use std::collections::BTreeMap;

/// Middle bands whose coverage is counted: the share of the paths in them.
pub const BANDS: [f64; 3] = [0.50, 0.80, 0.90];

/// Groups of episodes: all; with a number of the model from them or from their years; the others; of those as many as do
/// not overlap, by their end.
pub const GROUPS: [&str; 4] = ["all", "used", "unused", "unused_apart"];

/// How often a band held what came.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// Name of the group, one of [`GROUPS`].
    pub group: &'static str,
    /// What the runs knew.
    pub given: Given,
    /// Which move.
    pub target: Target,
    /// Number of episodes.
    pub episodes: usize,
    /// How many lay inside, by [`BANDS`].
    pub hits: [usize; 3],
    /// Kupiec's test, by [`BANDS`]; none without episodes.
    pub kupiec: [Option<Kupiec>; 3],
    /// Mean CRPS of the model.
    pub crps: f64,
    /// Mean CRPS of the runs from the eve, over the same episodes.
    pub eve: f64,
    /// Mean CRPS of the benchmark.
    pub benchmark: f64,
}

impl Coverage {
    /// How much smaller the model's CRPS is than the benchmark's: 1 is perfect, below 0 is worse.
    pub fn skill(&self) -> f64 {
        1.0 - self.crps / self.benchmark
    }
}

/// What the columns mean, for the manifest.
pub fn definitions() -> Vec<(&'static str, String)> {
    let text = [
        (
            "replay.csv",
            "a row an episode, what its run knew (eve: data up to `start`; flows: also the interventions and purchases of bonds that happened, from the data or from the episodes file) and a move from the last observation on or before `start` to the last on or before `end`; days are US bond-market days after start; used_for: what the episode was used for when the model's numbers were set (prior, calibration: a source names it; sample: it lies in 2022-01 to 2026-06, from which everyday sizes, jumps and responses come; blank: none, but the haven's slope was estimated over 2000-2021 as a whole); p5 to p95: quantiles of the model; percentile: share of the paths below what came; in_50, in_80, in_90: whether it lies in the middle band; crps: in the unit, small is good; crps_benchmark: of a random walk without drift with the size of a day of the year to the eve; why: where it lies outside the middle 90%; skipped: why an episode was not played; note: where the data fell short and what flows were given. Everywhere kept from the baseline: split of Japan's holdings, basis, reserves, rules and sizes of intervention, other holders, elasticities, responses, rate of jumps, correlations, meetings of 2026 repeated",
        ),
        (
            "replay_coverage.csv",
            "hits: episodes inside the middle band; kupiec_lr and p_value: Kupiec (1995), chi-squared with one degree of freedom; unused_apart leaves out windows that overlap an earlier one of the group; crps and crps_benchmark: means over the group, crps_eve that of the runs from the eve over the same episodes; skill = 1 - crps / crps_benchmark; episodes picked because something moved lie outside more often than a band says, whatever the model",
        ),
    ];
    text.map(|(table, text)| (table, text.to_owned())).into()
}

/// The files by name: two tables, and the scenarios as `ID.eve.toml` and `ID.flows.toml`.
pub fn tables(replay: &Replay) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::from([
        ("replay.csv".to_owned(), episodes(replay)),
        ("replay_coverage.csv".to_owned(), coverage_table(replay)),
    ]);
    for played in &replay.played {
        for (given, text) in &played.scenarios {
            let name = format!("{}.{}.toml", played.episode.id, given.name());
            files.insert(name, text.clone().into_bytes());
        }
    }
    files
}

/// Columns of `replay.csv` between what names an episode and why it was not played.
const OF_A_SCORE: usize = 17;

fn episodes(replay: &Replay) -> Vec<u8> {
    let mut table = Table::new(
        Columns::default()
            .text(["id", "episode"])
            .date(["start", "end"])
            .count(["days"])
            .text(["used_for", "given", "target", "unit"])
            .real(["realised", "p5", "p25", "p50", "p75", "p95", "percentile"])
            .count(["in_50", "in_80", "in_90"])
            .real(["crps", "crps_benchmark", "skill"])
            .text(["why", "skipped", "note"]),
    );
    for played in &replay.played {
        let Episode { id, title, start, end, used, .. } = &played.episode;
        let head = [id.clone(), title.clone(), start.to_string(), end.to_string()];
        let head = head.into_iter().chain([played.days.to_string(), used.words().to_owned()]);
        let head: Vec<String> = head.collect();
        match &played.scores {
            Err(why) => {
                let blank = std::iter::repeat_n(String::new(), OF_A_SCORE);
                table.row(head.into_iter().chain(blank).chain([why.clone(), String::new()]));
            }
            Ok(scores) => {
                for score in scores {
                    table.row(head.iter().cloned().chain(cells(played, score)));
                }
            }
        }
    }
    table.finish()
}

fn cells(played: &Played, score: &Score) -> Vec<String> {
    let words = [score.given.name(), score.target.name(), score.target.unit()];
    let mut cells: Vec<String> = words.map(str::to_owned).into();
    cells.push(number(score.realised));
    cells.extend(score.quantiles.map(number));
    cells.push(number(score.place));
    cells.extend(BANDS.map(|band| u8::from(score.inside(band)).to_string()));
    let skill = 1.0 - score.crps / score.benchmark;
    cells.extend([score.crps, score.benchmark, skill].map(number));
    cells.extend([score.reason.clone().unwrap_or_default(), String::new()]);
    cells.push(played.notes.join("; "));
    cells
}

/// Coverage and mean scores of every group, run and move.
pub fn coverage(replay: &Replay) -> Vec<Coverage> {
    let mut rows = Vec::new();
    for group in GROUPS {
        let members = members(replay, group);
        for given in [Given::Eve, Given::Flows] {
            for target in TARGETS {
                let pairs = members.iter().filter_map(|played| {
                    Some((played.score(given, target)?, played.score(Given::Eve, target)?))
                });
                rows.push(cover(group, given, target, &pairs.collect::<Vec<_>>()));
            }
        }
    }
    rows
}

/// The played episodes of a group.
fn members<'a>(replay: &'a Replay, group: &str) -> Vec<&'a Played> {
    let played = replay.played.iter().filter(|played| played.scores.is_ok());
    let unused = |played: &&Played| played.episode.used == Use::Nothing;
    match group {
        "used" => played.filter(|played| !unused(played)).collect(),
        "unused" => played.filter(unused).collect(),
        "unused_apart" => apart(played.filter(unused).collect()),
        _ => played.collect(),
    }
}

/// As many windows as do not overlap: always the next that ends first.
fn apart(mut played: Vec<&Played>) -> Vec<&Played> {
    played.sort_by_key(|played| (played.episode.end, played.episode.start));
    let mut taken: Vec<&Played> = Vec::new();
    for next in played {
        if taken.last().is_none_or(|last| last.episode.end <= next.episode.start) {
            taken.push(next);
        }
    }
    taken
}

/// Counts and means over scores, each with that of the run from the eve.
fn cover(
    group: &'static str,
    given: Given,
    target: Target,
    scores: &[(&Score, &Score)],
) -> Coverage {
    let episodes = scores.len();
    let hits = BANDS.map(|band| scores.iter().filter(|(score, _)| score.inside(band)).count());
    let mean = |value: fn(&Score, &Score) -> f64| {
        scores.iter().fold(0.0, |sum, (score, eve)| sum + value(score, eve)) / episodes as f64
    };
    let test = |index: usize| kupiec(episodes, episodes - hits[index], 1.0 - BANDS[index]);
    Coverage {
        group,
        given,
        target,
        episodes,
        hits,
        kupiec: [test(0), test(1), test(2)],
        crps: mean(|score, _| score.crps),
        eve: mean(|_, eve| eve.crps),
        benchmark: mean(|score, _| score.benchmark),
    }
}

fn coverage_table(replay: &Replay) -> Vec<u8> {
    let columns = Columns::default()
        .text(["group", "given", "target"])
        .count(["episodes"])
        .real(["band"])
        .count(["hits"])
        .real(["coverage", "kupiec_lr", "p_value", "crps", "crps_eve", "crps_benchmark", "skill"]);
    let mut table = Table::new(columns);
    for row in coverage(replay) {
        for (index, band) in BANDS.iter().enumerate() {
            let share = row.hits[index] as f64 / row.episodes as f64;
            let test = row.kupiec[index];
            let test = test.map_or([f64::NAN; 2], |test| [test.ratio, test.p_value]);
            let words = [row.group, row.given.name(), row.target.name()].map(str::to_owned);
            let counts = [row.episodes.to_string(), number(*band), row.hits[index].to_string()];
            let numbers = [share, test[0], test[1], row.crps, row.eve, row.benchmark, row.skill()];
            table.row(words.into_iter().chain(counts).chain(numbers.map(number)));
        }
    }
    table.finish()
}

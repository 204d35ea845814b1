//! The same bits: on every set of instructions of this machine, in lanes and alone, and as they were recorded elsewhere.

use super::{Bench, Check, Part, Question};
use crate::engine::{Progress, RunPlan};
use crate::error::Error;
use crate::model::shocks::{Cholesky, Streams};
use crate::model::{Block, Plan, REVISION, simulate_block};
use crate::num::lanes::{
    LANES, LaneWork, Simd, SimdBase as _, exp, instructions, ln, normal_cdf, tanh_over,
    with_instructions,
};
use crate::num::rng::{PathStream, Stream, name_hash};
use crate::report::{Report, sha256, summary};
use crate::scenario::Scenario;
use crate::{Gather, simulate};
use rand::Rng as _;

/// `summary.csv` of the built-in library on record, and how it was run.
const RECORD: &str = include_str!("../../tests/golden/library/summary.csv");
const SEED: u64 = 7;
const PATHS: u64 = 256;

/// A scenario in which every channel acts.
const STORM: &str = "disorderly_dump_contagion";

/// Days of draws that are compared.
const DAYS: usize = 200;

/// Draws of eight paths, and what the elementary functions make of them.
struct Drawn<'a>(&'a Cholesky);

impl LaneWork for Drawn<'_> {
    type Output = Vec<[f64; LANES]>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Self::Output {
        let mut streams = Streams::new(simd, SEED, 0);
        let mut rows = Vec::with_capacity(6 * DAYS);
        for _ in 0..DAYS {
            let day = streams.day(self.0);
            let z = day.ust[0];
            for lane in [z, day.campaign_size, exp(z), ln(z.abs()), normal_cdf(z), tanh_over(z)] {
                let mut row = [0.0; LANES];
                lane.store_slice(&mut row);
                rows.push(row);
            }
        }
        rows
    }
}

/// Words of a stream of eight paths.
struct Words;

impl LaneWork for Words {
    type Output = Vec<[u64; LANES]>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Self::Output {
        let mut stream = Stream::new(simd, SEED, 0, name_hash("usdjpy"));
        let mut rows = vec![[0; LANES]; DAYS];
        for row in &mut rows {
            stream.word().store_slice(row);
        }
        rows
    }
}

/// What must be equal to the bit.
pub(super) fn judge_bits(bench: &Bench<'_>) -> Result<Vec<Check>, Error> {
    let plan = Plan::new(&bench.built_in(STORM)?)?;
    let bits = |rows: Vec<[f64; LANES]>| {
        rows.into_iter().flatten().map(f64::to_bits).collect::<Vec<u64>>()
    };
    let sets = instructions();
    let drawn: Vec<Vec<u64>> =
        sets.iter().map(|set| bits(with_instructions(Drawn(&plan.cholesky), *set))).collect();
    let names: Vec<&str> = sets.iter().map(|set| set.name).collect();
    let what = names.join(", ");
    let same = drawn.iter().all(|own| *own == drawn[0]);
    let mut checks = vec![exactly(&what, "the same draws", drawn[0].len(), same)];
    let blocks = [false, true].map(|narrow| {
        let mut block = Block::default();
        simulate_block(&plan, SEED, 0, PATHS as usize, narrow, &mut block);
        [block.metrics, block.channels, block.flows, block.draws].concat()
    });
    let equal = blocks[0].iter().zip(&blocks[1]).all(|(a, b)| a.to_bits() == b.to_bits());
    let ends = [names.first(), names.last()].map(|name| *name.unwrap_or(&""));
    let what = format!(
        "{STORM}, {}",
        if ends[0] == ends[1] { ends[0].to_owned() } else { ends.join(" and ") }
    );
    checks.push(exactly(&what, "the same paths", blocks[0].len(), equal));
    let words = sets.iter().map(|set| with_instructions(Words, *set));
    let alone: Vec<Vec<u64>> = (0..LANES as u64)
        .map(|path| {
            let mut stream = PathStream::new(SEED, path, "usdjpy");
            (0..DAYS).map(|_| stream.next_u64()).collect()
        })
        .collect();
    let equal = words.into_iter().all(|rows| {
        rows.iter()
            .enumerate()
            .all(|(day, row)| (0..LANES).all(|lane| row[lane] == alone[lane][day]))
    });
    checks.push(exactly("words of a path", "in lanes and alone", LANES * DAYS, equal));
    Ok(checks)
}

fn exactly(what: &str, test: &'static str, size: usize, equal: bool) -> Check {
    Check::exactly(Part::Bits, what, test, (size, f64::from(u8::from(!equal)), equal))
}

/// The reference run and what is on record of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Hash of the values that this machine gives.
    pub here: String,
    /// Hash of those on record, of the revision of the model.
    pub recorded: String,
}

/// Runs the reference and compares its values with the record.
pub(super) fn judge_reference(
    scenarios: &[Scenario],
    question: &Question,
    progress: &dyn Progress,
) -> Result<(Check, Reference), Error> {
    let run = RunPlan { threads: question.threads, ..RunPlan::new(SEED, PATHS) };
    let mut reports = Vec::new();
    for scenario in scenarios {
        let simulated = simulate(&Plan::new(scenario)?, &run, &Gather::default(), progress)?;
        if simulated.partial {
            return Err(Error::Stopped);
        }
        reports.push(Report::new(scenario, &simulated.tally));
    }
    let seen = values(&String::from_utf8_lossy(&summary(&reports)));
    let recorded = values(RECORD);
    let what = format!("library, {PATHS} paths, revision {REVISION}");
    let check = exactly(&what, "as on record", recorded.len(), seen == recorded);
    let hash = |cells: &[String]| sha256(cells.join("\n").as_bytes());
    Ok((check, Reference { here: hash(&seen), recorded: hash(&recorded) }))
}

/// The cells of a table, numbers by their value however they are written.
fn values(table: &str) -> Vec<String> {
    let cell = |cell: &str| {
        cell.parse::<f64>().map_or(cell.to_owned(), |value| format!("{:?}", value + 0.0))
    };
    table.lines().flat_map(|line| line.split(',')).map(cell).collect()
}

//! `compare`: scenarios on common random numbers.

use super::args::How;
use super::edge::{beyond, distinguish, mark};
use super::memory::afford;
use super::results::{Results, folder_of, read_from};
use super::{Library, State, metric_named, tell_results};
use crate::compare::{self, Changes, Options, compare};
use crate::error::Error;
use crate::model::{CATALOGUE, IMPACT_10Y, Plan};
use crate::report::{self, Report};
use crate::scenario::{Diagnostic, Scenario, stem};
use crate::stats::{Keep, StopRule, need};
use crate::sweep::{Vary, grid, require_apart};
use crate::text::printable;
use clap::Args;
use std::collections::BTreeMap;

/// `compare`.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The base, then the scenarios to set against it: built-in names or .toml files.
    #[arg(required = true)]
    pub scenarios: Vec<String>,
    /// Set one scenario against itself with other values, for example impact.prior=beltran2013,martin2015.
    #[arg(long, value_name = "KEY=A,B")]
    pub vary: Vec<String>,
    /// Compare this metric too (repeatable); impact_10y_bp always is.
    #[arg(long, value_name = "METRIC")]
    pub metric: Vec<String>,
    /// Horizon of the printed tables and of the waterfall.
    #[arg(long, value_name = "HORIZON", default_value = "end")]
    pub at: String,
    /// No waterfall, which runs every combination of up to five changed assumptions.
    #[arg(long)]
    pub no_waterfall: bool,
    /// Stop when the 95% interval of every difference is that narrow, for example "p95 +-0.1bp".
    #[arg(long, value_name = "RULE")]
    pub until: Option<String>,
    /// How to run.
    #[command(flatten)]
    pub how: How,
}

/// Most scenarios of a comparison.
const MOST_SCENARIOS: usize = 50;

/// Most paths of a comparison: all are kept.
const MOST_PATHS: u64 = 20_000_000;

/// Compares, writes the folder and prints the tables.
///
/// # Errors
/// Whatever keeps a scenario from loading or running, or the results from being written.
pub(super) fn run(arguments: &CompareArguments) -> Result<u8, Error> {
    let how = &arguments.how;
    let until = arguments.until.as_deref().map(StopRule::parse).transpose()?;
    let library = how.library()?;
    let (scenarios, inputs, warnings) = scenarios(arguments, &library)?;
    if how.paths > MOST_PATHS {
        return Err(Error::Usage {
            what: format!("a comparison keeps its paths, at most {MOST_PATHS}"),
            remedy: "ask for fewer with --paths".to_owned(),
        });
    }
    let mut metrics = vec![IMPACT_10Y];
    metrics.extend(until.as_ref().map(StopRule::metric));
    for name in &arguments.metric {
        metrics.push(metric_named(name)?);
    }
    let mut seen = Vec::new();
    metrics.retain(|metric| {
        !seen.contains(metric) && {
            seen.push(*metric);
            true
        }
    });
    let waterfall = !arguments.no_waterfall;
    let options =
        Options { run: how.run_plan(), metrics, at: arguments.at.clone(), until, waterfall };
    let mut total = how.paths.saturating_mul(scenarios.len() as u64);
    for other in scenarios.iter().skip(1).filter(|_| waterfall) {
        let groups = Changes::between(&scenarios[0], other).groups.len();
        total = total.saturating_add(compare::most_paths(groups, how.paths));
    }
    enough_memory(&scenarios, &options)?;
    let only = match arguments.scenarios.as_slice() {
        [name] => Some(stem(name)),
        _ => None,
    };
    let out = how.out.as_deref();
    let files = arguments.scenarios.iter().zip(&scenarios);
    let files = files.flat_map(|(name, scenario)| read_from(name, scenario, out));
    let results = Results::claim(out, folder_of("compare", only), files)?;
    let watch = how.watch(total);
    watch.scenario("comparing");
    let comparison = compare(scenarios, &options, &watch)?;
    watch.finish();
    if comparison.pairs.is_empty() {
        return Err(Error::Stopped);
    }
    let partial = comparison.partial;
    let mut found = Vec::new();
    for side in &comparison.sides {
        found.extend(beyond(&library, &side.scenario, how.seed, &side.tally)?);
    }
    let state = State { partial, beyond: &found };
    write((arguments, &options), &comparison, inputs, state, &results)?;
    let print = |width: usize| compare::terminal(&comparison, &options.at, width);
    Ok(tell_results(&warnings, print, &results, state))
}

/// Refuses a comparison that needs more memory than there is: its paths are kept, and a waterfall weighs each.
fn enough_memory(scenarios: &[Scenario], options: &Options) -> Result<(), Error> {
    let paths = options.run.paths.end;
    let mut total = match options.waterfall {
        true => compare::waterfall_bytes(paths),
        false => 0,
    };
    for scenario in scenarios {
        let plan = Plan::new(scenario)?;
        let keep = Keep { columns: compare::columns(&plan, &options.metrics), paths };
        total = total.saturating_add(need(&plan.layout, &keep, paths, options.run.threads, 2));
    }
    afford(total, "ask for fewer --paths or a smaller set of scenarios, or add --no-waterfall")
}

/// The scenarios in order with their inputs and warnings.
type Loaded = (Vec<Scenario>, Vec<(String, String)>, Vec<Diagnostic>);

/// Loads the scenarios, or the variants of one.
fn scenarios(arguments: &CompareArguments, library: &Library) -> Result<Loaded, Error> {
    let (mut scenarios, mut inputs, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let mut load = |name: &String, label: Option<String>, sets: &[String]| {
        let loaded = library.load(name, sets, &CATALOGUE)?;
        warnings.extend(loaded.warnings);
        let mut scenario = loaded.scenario;
        scenario.name = label.map_or(scenario.name, |label| printable(&label).into_owned());
        scenarios.push(scenario);
        Ok::<(), Error>(())
    };
    let sets = &arguments.how.sets;
    for name in &arguments.scenarios {
        inputs.extend(library.inputs(name));
        load(name, None, sets)?;
    }
    let vary: Vec<Vary> =
        arguments.vary.iter().map(|text| Vary::parse(text)).collect::<Result<_, _>>()?;
    require_apart(&vary, sets)?;
    if let ([name], false) = (arguments.scenarios.as_slice(), vary.is_empty()) {
        for point in grid(&vary)? {
            let changes: Vec<String> = vary
                .iter()
                .zip(&point)
                .map(|(vary, value)| format!("{}={value}", vary.key))
                .collect();
            let all: Vec<String> = sets.iter().chain(&changes).cloned().collect();
            load(name, Some(changes.join(", ")), &all)?;
        }
    } else if !vary.is_empty() {
        return Err(Error::Usage {
            what: "--vary makes variants of one scenario, and several are named".to_owned(),
            remedy: "name one, or leave --vary out".to_owned(),
        });
    }
    let count = scenarios.len();
    if !(2..=MOST_SCENARIOS).contains(&count) {
        return Err(Error::Usage {
            what: format!("there are {count} scenarios to compare"),
            remedy: format!(
                "name 2 to {MOST_SCENARIOS}, or one with --vary KEY=A,B; `sweep` takes thousands"
            ),
        });
    }
    distinguish(scenarios.iter_mut().map(|scenario| &mut scenario.name));
    Ok((scenarios, inputs, warnings))
}

fn write(
    (arguments, options): (&CompareArguments, &Options),
    comparison: &compare::Comparison,
    inputs: Vec<(String, String)>,
    state: State<'_>,
    results: &Results,
) -> Result<(), Error> {
    let reports: Vec<Report> = comparison
        .sides
        .iter()
        .filter(|side| side.tally.paths() > 0)
        .map(|side| Report::new(&side.scenario, &side.tally))
        .collect();
    let mut about = arguments.how.about(inputs, state.partial);
    about.notes.extend(arguments.vary.iter().map(|vary| format!("--vary {vary}")));
    about.definitions = compare::definitions();
    let pairs = &comparison.pairs;
    let mut tables = BTreeMap::from([
        ("compare.csv".to_owned(), compare::differences(pairs)),
        ("compare_channels.csv".to_owned(), compare::channels(pairs)),
        ("waterfall.csv".to_owned(), compare::waterfalls(pairs)),
    ]);
    if let Some(rule) = &options.until {
        tables.insert("convergence.csv".to_owned(), compare::convergence(pairs, rule));
    }
    let mut files = report::files_with(&about, &reports, tables);
    mark(&mut files, state.beyond);
    results.write(&files, state.partial)
}

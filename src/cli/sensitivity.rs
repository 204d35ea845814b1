//! `sensitivity`: which assumption drives the answer, from the paths of one run or from given data.

use super::args::How;
use super::edge::{beyond, mark};
use super::memory::afford;
use super::results::{Results, folder_of, read_from};
use super::{State, metric_named, say, tell_results};
use crate::error::Error;
use crate::files;
use crate::folder::MANIFEST;
use crate::model::{Bad, CATALOGUE, IMPACT_10Y, METRICS, Plan};
use crate::plausibility::Beyond;
use crate::report::{self, Report};
use crate::scenario::{Diagnostic, Loaded};
use crate::sensitivity::{
    self, Analysis, FEWEST_ROWS, Given, GivenError, PAIRS, Rows, Subject, Worst, occurrences,
    other_days, read_given,
};
use crate::stats::{Column, Keep, need};
use crate::{Gather, require_horizon, simulate};
use clap::Args;
use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// Paths that are analysed at most: their draws are held in memory.
const MOST_PATHS: u64 = 200_000;

/// `sensitivity`.
#[derive(Debug, Args)]
pub struct SensitivityArguments {
    /// Built-in name or .toml file.
    #[arg(required_unless_present = "given", conflicts_with = "given")]
    pub scenario: Option<String>,
    /// How to run.
    #[command(flatten)]
    pub how: How,
    /// Metric to explain (default impact_10y_bp).
    #[arg(long, value_name = "METRIC", conflicts_with = "given")]
    pub metric: Option<String>,
    /// Horizon to explain it at (default end).
    #[arg(long, value_name = "HORIZON", conflicts_with = "given")]
    pub at: Option<String>,
    /// Look at the lowest 5%, whichever end is bad (default: the bad end of the metric; the highest where it has none).
    #[arg(long)]
    pub lowest: bool,
    /// Look at the highest 5%.
    #[arg(long, conflicts_with = "lowest")]
    pub highest: bool,
    /// Analyse the rows of a comma-separated file instead of a scenario.
    #[arg(long, value_name = "FILE", requires = "output", conflicts_with = "sets")]
    pub given: Option<PathBuf>,
    /// Input columns of the file (default: every other column of numbers that vary or of few words; of paths.csv the drawn quantities).
    #[arg(long, value_name = "A,B", value_delimiter = ',', requires = "given")]
    pub inputs: Option<Vec<String>>,
    /// Output column of the file.
    #[arg(long, value_name = "Y", requires = "given")]
    pub output: Option<String>,
}

/// What was found.
struct Explained {
    subject: Subject,
    /// None when the run was stopped before it had enough paths.
    analysis: Option<Analysis>,
    warnings: Vec<Diagnostic>,
    notes: Vec<String>,
    beyond: Vec<Beyond>,
    partial: bool,
    results: Results,
}

/// Explains a scenario or given data, writes the folder of results and prints the tables; gives the exit code.
pub(super) fn run(arguments: &SensitivityArguments) -> Result<u8, Error> {
    let found = match (&arguments.given, &arguments.scenario) {
        (Some(path), _) => of_given(arguments, path)?,
        (None, name) => of_scenario(arguments, name.as_deref().unwrap_or_default())?,
    };
    for note in &found.notes {
        say(note);
    }
    let colour = std::io::stdout().is_terminal();
    let print = |width: usize| match &found.analysis {
        Some(analysis) => sensitivity::terminal(&found.subject, analysis, width, colour),
        None => "stopped before there were enough paths to explain\n".to_owned(),
    };
    let state = State { partial: found.partial, beyond: &found.beyond };
    Ok(tell_results(&found.warnings, print, &found.results, state))
}

/// The end to look at.
fn end(arguments: &SensitivityArguments, bad: Bad) -> Worst {
    match (arguments.lowest, arguments.highest, bad) {
        (true, ..) | (false, false, Bad::Low) => Worst::Lowest,
        _ => Worst::Highest,
    }
}

/// Which end of an output is bad: of given data when its name is that of a metric.
fn bad_end(output: &str) -> Bad {
    METRICS.iter().find(|metric| metric.name == output).map_or(Bad::Neither, |metric| metric.bad)
}

/// Analyses on as many threads as were asked for.
fn analyse(arguments: &SensitivityArguments, rows: &Rows<'_>, bad: Bad) -> Result<Analysis, Error> {
    let threads = arguments.how.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    Ok(pool.install(|| sensitivity::analyse_rows(rows, end(arguments, bad))))
}

fn tables(subject: &Subject, analysis: &Analysis) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    files.insert("sensitivity.csv".to_owned(), sensitivity::shares(subject, analysis));
    files.insert("tornado.csv".to_owned(), sensitivity::tornado(subject, analysis));
    if !analysis.placements.is_empty() {
        files.insert("tail.csv".to_owned(), sensitivity::tail(subject, analysis));
    }
    files
}

/// What the columns of the tables mean, for the manifest.
fn definitions() -> Vec<(&'static str, String)> {
    let shares = "shares of the variance of the metric (scope all), of the indicator of its worst 5% (reaching_worst5) and of the metric within the worst 5% (within_worst5); highest5 or lowest5 instead of worst5 where the metric has no bad end or the other end was asked for; of rows that tie across the edge of the tail none belongs to it; first_order: Var(E[Y|X_i]) / Var(Y); total: share lost without the input, blank and with bounds as low95 and high95 where more than 5% is unexplained; shapley: fair share, the column adds up to 1 with the rows shocks (half the mean squared difference of pairs of paths that share all assumptions and differ in their days, over the variance) and unexplained; rank_correlation: Spearman; low95 and high95: 95% interval by bootstrap of blocks of rows, by Bonett and Wright (2000) for rank correlations, by the error of a ratio of means for shocks; a category has shares only";
    let tornado = "mean of the metric (in the scopes reaching_*: chance of the tail) over rows whose input stands within 5 percentiles of its p10 and p90; of an input with few values, over rows with that value; correlated inputs move along";
    let tail = "where the input stands in the 5% at the end of the metric named by `end` (the bad one, unless there is none or another was asked for), of which there are `rows`: its quantiles there, and the percentile (0 to 1) of its median there among all rows";
    let named = [("sensitivity", shares), ("tornado", tornado), ("tail", tail)];
    named.map(|(table, text)| (table, text.to_owned())).into()
}

fn of_given(arguments: &SensitivityArguments, path: &Path) -> Result<Explained, Error> {
    let output = arguments.output.as_deref().unwrap_or_default();
    let given = read_given(path, arguments.inputs.as_deref(), output)?;
    let results =
        Results::claim(arguments.how.out.as_deref(), folder_of("sensitivity", None), [path])?;
    let bad = bad_end(&given.output_name);
    let rows = Rows {
        inputs: &given.inputs,
        categories: &given.categories(),
        output: &given.output,
        other_days: &[],
    };
    let analysis = analyse(arguments, &rows, bad)?;
    let mut notes = categories(&given);
    let Given { name, names, output_name, left_out, .. } = given;
    let subject = Subject {
        scenario: name,
        metric: output_name,
        unit: String::new(),
        horizon: String::new(),
        inputs: names.into_iter().map(|name| (name, String::new())).collect(),
        simulated: false,
        bad,
    };
    if !left_out.is_empty() {
        notes.push(format!(
            "left out, because they do not vary or hold too many different words: {}; name the inputs with --inputs to choose",
            left_out.join(", ")
        ));
    }
    let shown = path.display().to_string();
    let cause = |cause| GivenError::Read { path: shown.clone(), cause };
    let text =
        String::from_utf8_lossy(&files::read(path, files::GIVEN).map_err(cause)?).into_owned();
    let mut about =
        report::Run { paths_asked: 0, ..arguments.how.about(vec![(shown, text)], false) };
    about.definitions = definitions();
    about.notes.push(format!("given data of {} rows: nothing was simulated", analysis.rows));
    about.notes.extend(notes.clone());
    let mut files = tables(&subject, &analysis);
    let manifest = report::manifest(&about, &[], &files);
    files.insert(MANIFEST.to_owned(), manifest);
    results.write(&files, false)?;
    let warnings = Vec::new();
    let (beyond, partial) = (Vec::new(), false);
    let analysis = Some(analysis);
    Ok(Explained { subject, analysis, warnings, notes, beyond, partial, results })
}

/// Which columns were read as categories, with their groups.
fn categories(given: &Given) -> Vec<String> {
    let named = given.names.iter().zip(&given.groups).filter(|(_, groups)| !groups.is_empty());
    named.map(|(name, groups)| format!("`{name}` is a category: {}", groups.join(", "))).collect()
}

fn of_scenario(arguments: &SensitivityArguments, name: &str) -> Result<Explained, Error> {
    let how = &arguments.how;
    let metric = arguments.metric.as_deref().map_or(Ok(IMPACT_10Y), metric_named)?;
    let library = how.library()?;
    let loaded = library.load(name, &how.sets, &CATALOGUE)?;
    let plan = Plan::new(&loaded.scenario)?;
    let at = arguments.at.as_deref().unwrap_or("end");
    let horizon = require_horizon(&plan, at)?;
    if how.paths < FEWEST_ROWS as u64 {
        let what = format!("{} paths are too few for sensitivities", how.paths);
        let remedy = format!("ask for at least {FEWEST_ROWS} with --paths");
        return Err(Error::Usage { what, remedy });
    }
    let gather =
        Gather { keep: kept(&plan, horizon, metric, how.paths), until: None, metrics: None };
    let required = need(&plan.layout, &gather.keep, how.paths, how.threads.map(usize::from), 2);
    afford(required, "ask for fewer --paths or --threads")?;
    let folder = folder_of("sensitivity", Some(&loaded.scenario.name));
    let out = how.out.as_deref();
    let results = Results::claim(out, folder, read_from(name, &loaded.scenario, out))?;
    let run = how.run_plan();
    let watch = how.watch(how.paths + how.paths.min(PAIRS));
    watch.scenario(&loaded.scenario.name);
    let mut simulated = simulate(&plan, &run, &gather, &watch)?;
    let others = match simulated.partial {
        true => Vec::new(),
        false => other_days(&plan, &run, (metric, horizon), &watch)?,
    };
    simulated.partial |= (others.len() as u64) < how.paths.min(PAIRS);
    watch.finish();
    if simulated.tally.paths() == 0 {
        return Err(Error::Stopped);
    }
    let mut subject = subject(&loaded, &plan, metric, at);
    let mut notes = Vec::new();
    let mut about = how.about(library.inputs(name), simulated.partial);
    let held = simulated.tally.kept().paths();
    if (held as u64) < simulated.tally.paths() {
        let note = format!("the sensitivities use the first {held} paths");
        about.notes.push(note.clone());
        notes.push(note);
    }
    let found: Vec<Beyond> =
        beyond(&library, &loaded.scenario, how.seed, &simulated.tally)?.into_iter().collect();
    let report = Report::new(&loaded.scenario, &simulated.tally);
    let kept = simulated.tally.kept();
    let mut inputs: Vec<Vec<f64>> =
        (1..=plan.uncertain.len()).map(|column| kept.column(column)).collect();
    let output = kept.column(0);
    for (name, happens) in occurrences(&plan, &run, &simulated.tally) {
        subject.inputs.push((name, "0 or 1".to_owned()));
        inputs.push(happens);
    }
    drop(simulated.tally); // for the sake of memory
    let rows = Rows { inputs: &inputs, categories: &[], output: &output, other_days: &others };
    let enough = output.len() >= FEWEST_ROWS;
    let analysis = enough.then(|| analyse(arguments, &rows, subject.bad)).transpose()?;
    let further = analysis.as_ref().map(|found| tables(&subject, found)).unwrap_or_default();
    about.definitions = definitions();
    let partial = simulated.partial;
    let mut files = report::files_with(&about, &[report], further);
    mark(&mut files, &found);
    results.write(&files, partial)?;
    let (warnings, beyond) = (loaded.warnings, found);
    Ok(Explained { subject, analysis, warnings, notes, beyond, partial, results })
}

/// The output and the drawn quantities of the first paths.
fn kept(plan: &Plan, horizon: usize, metric: usize, paths: u64) -> Keep {
    let mut columns = vec![Column::Metric { horizon, metric }];
    columns.extend(plan.uncertain.iter().map(|uncertain| Column::Draw(uncertain.quantity)));
    Keep { columns, paths: paths.min(MOST_PATHS) }
}

fn subject(loaded: &Loaded, plan: &Plan, metric: usize, at: &str) -> Subject {
    let quantities = &loaded.scenario.quantities;
    let input = |quantity: usize| {
        let known = &quantities[quantity];
        (known.address.clone(), known.unit.to_owned())
    };
    Subject {
        scenario: loaded.scenario.name.clone(),
        metric: METRICS[metric].name.to_owned(),
        unit: METRICS[metric].unit.to_owned(),
        horizon: at.to_owned(),
        inputs: plan.uncertain.iter().map(|uncertain| input(uncertain.quantity)).collect(),
        simulated: true,
        bad: METRICS[metric].bad,
    }
}

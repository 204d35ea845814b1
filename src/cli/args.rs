//! What can be typed.

use super::calibrate::CalibrateArguments;
use super::claims::ClaimsArguments;
use super::compare::CompareArguments;
use super::data::DataArguments;
use super::plausibility::PlausibilityArguments;
use super::progress::{Style, Watch};
use super::replay::ReplayArguments;
use super::reverse::ReverseArguments;
use super::selftest::SelftestArguments;
use super::sensitivity::SensitivityArguments;
use super::sweep::SweepArguments;
use super::{LIBRARY, Library};
use crate::engine::RunPlan;
use crate::error::Error;
use crate::model::CATALOGUE;
use crate::report;
use crate::stats::MAX_PATHS;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// If Japan sells US Treasuries, what happens to the 10-year yield, how likely, and which mechanism did it?
///
/// Without a command: runs the built-in library (20,000 paths a scenario), prints the table and writes `output/library/`.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate scenarios: built-in names, .toml files, or folders of them (the library when none is named)
    Run(RunArguments),
    /// Set scenarios, or variants of one, against each other on the same paths
    Compare(CompareArguments),
    /// Run one scenario at many points: a grid or a design over some of its keys
    Sweep(SweepArguments),
    /// Which assumption drives the answer, and its worst 5%: of a scenario, or of given data
    Sensitivity(SensitivityArguments),
    /// Ask what would have to be true for a target: how likely, which assumptions, how far each alone
    Reverse(ReverseArguments),
    /// How far scenarios lie from history and the priors, and which results rest on extrapolation
    Plausibility(PlausibilityArguments),
    /// What the press claims, and what the model or the record says to it
    Claims(ClaimsArguments),
    /// Estimate volatilities, correlations, jumps, responses and flows from a folder of data
    Calibrate(CalibrateArguments),
    /// Say what a folder of data files holds, from when to when, and what is missing
    Data(DataArguments),
    /// Play episodes of the past from what was known on their eve, and score what came
    Replay(ReplayArguments),
    /// Test distributions, streams, closed forms and bits on this machine: exit code 0 sound, 5 different
    Selftest(SelftestArguments),
    /// List the built-in scenarios
    List,
    /// Show a scenario with every number's unit, source and layer
    Show {
        /// Built-in name or .toml file.
        scenario: String,
        /// Change a value first (repeatable).
        #[arg(long = "set", value_name = "KEY=VALUE")]
        sets: Vec<String>,
        /// Another root: a file with the levels to start from.
        #[arg(long, value_name = "FILE")]
        baseline: Option<String>,
    },
    /// Check scenario files without running them
    Check {
        /// Built-in names or .toml files.
        #[arg(required = true)]
        files: Vec<String>,
        /// Another root: a file with the levels to start from.
        #[arg(long, value_name = "FILE")]
        baseline: Option<String>,
    },
    /// List the published elasticities that impact.prior chooses from
    Priors {
        /// As CSV, with all that is known of each study.
        #[arg(long)]
        csv: bool,
        /// What the studies predict together, and what the default laws make of the days and months on record.
        #[arg(long)]
        derive: bool,
    },
    /// Print the model as one document (Markdown, or HTML for a browser): equations, numbers, sources, limits
    Document {
        /// As HTML, to open in a browser or to print.
        #[arg(long)]
        html: bool,
    },
    /// Print the JSON Schema of scenario files, for editors
    Schema,
    /// Explain the numbers of a channel, a driver or a kind of event
    Explain {
        /// Name, for example carry_unwind.
        channel: String,
    },
}

/// `run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// Built-in names, .toml files, or folders of them.
    pub scenarios: Vec<String>,
    /// How to run.
    #[command(flatten)]
    pub how: How,
    /// Stop when the 95% interval is that narrow, for example "p99 +-0.5bp" or "mean +-0.1 of usdjpy at 6m".
    #[arg(long, value_name = "RULE")]
    pub until: Option<String>,
    /// Also write the outcomes and draws of the first N paths.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    pub keep_paths: u64,
}

/// How to run, the same for every command that simulates.
#[derive(Debug, Clone, Args)]
pub struct How {
    /// Paths a scenario (the cap when --until is given).
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=MAX_PATHS))]
    pub paths: u64,
    /// Seed of all draws.
    #[arg(long, value_name = "S", default_value_t = 20_260_701)]
    pub seed: u64,
    /// Threads (all cores when left out).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub threads: Option<u16>,
    /// Folder of the results [default: a folder in `output` named after the command and the scenario].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Change a value of every scenario, for example impact.prior=beltran2013 (repeatable).
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// Another root for every scenario: a file with the levels that they start from (it may extend baseline).
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<String>,
    /// No progress bar.
    #[arg(long)]
    pub quiet: bool,
    /// One JSON line on stderr per update instead of a bar.
    #[arg(long, value_name = "FORMAT", conflicts_with = "quiet")]
    pub progress: Option<ProgressFormat>,
}

impl How {
    /// The scenarios, on the root that was asked for.
    pub(super) fn library(&self) -> Result<Library, Error> {
        on_root(self.baseline.as_deref())
    }

    /// The paths to simulate.
    pub(super) fn run_plan(&self) -> RunPlan {
        RunPlan { threads: self.threads.map(usize::from), ..RunPlan::new(self.seed, self.paths) }
    }

    /// What was changed of every scenario.
    fn changes(&self) -> Vec<String> {
        let root = self.baseline.iter().map(|file| format!("--baseline {file}"));
        root.chain(self.sets.iter().map(|set| format!("--set {set}"))).collect()
    }

    /// Progress towards `paths` paths in all.
    pub(super) fn watch(&self, paths: u64) -> Watch {
        let style = match (self.quiet, self.progress) {
            (true, _) => Style::Quiet,
            (false, Some(ProgressFormat::Json)) => Style::Json,
            (false, None) => Style::Bar,
        };
        Watch::new(style, paths)
    }

    /// What the manifest says about the run.
    pub(super) fn about(&self, inputs: Vec<(String, String)>, partial: bool) -> report::Run {
        report::Run {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            paths_asked: self.paths,
            partial,
            inputs,
            notes: self.changes(),
            ..report::Run::default()
        }
    }
}

/// The built-in library, on another root where one is named.
pub(super) fn on_root(baseline: Option<&str>) -> Result<Library, Error> {
    baseline.map_or_else(|| Ok(LIBRARY.clone()), |file| LIBRARY.with_root(file, &CATALOGUE))
}

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressFormat {
    /// One JSON object a line.
    Json,
}

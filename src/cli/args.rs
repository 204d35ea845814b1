//! What can be typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// If Japan sells US Treasuries, what happens to the 10-year yield, how likely, and which mechanism did it?
///
/// Without a command: runs the built-in library (20,000 paths a scenario), prints the table and writes `output/`.
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
    /// List the built-in scenarios
    List,
    /// Show a scenario with every number's unit, source and layer
    Show {
        /// Built-in name or .toml file.
        scenario: String,
        /// Change a value first (repeatable).
        #[arg(long = "set", value_name = "KEY=VALUE")]
        sets: Vec<String>,
    },
    /// Check scenario files without running them
    Check {
        /// Built-in names or .toml files.
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Print the JSON Schema of scenario files, for editors
    Schema,
    /// Explain the numbers of a channel, a driver or a kind of event
    Explain {
        /// Name, for example carry_unwind.
        channel: String,
    },
}

/// How to run.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// Built-in names, .toml files, or folders of them.
    pub scenarios: Vec<String>,
    /// Paths a scenario (the cap when --until is given).
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    pub paths: u64,
    /// Seed of all draws.
    #[arg(long, value_name = "S", default_value_t = 20_260_701)]
    pub seed: u64,
    /// Threads (all cores when left out).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub threads: Option<u16>,
    /// Folder of the results.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub out: PathBuf,
    /// Change a value of every scenario, for example impact.prior=beltran2013 (repeatable).
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// Stop when the 95% interval is that narrow, for example "p99 +-0.5bp" or "mean +-0.1 of usdjpy at 6m".
    #[arg(long, value_name = "RULE")]
    pub until: Option<String>,
    /// Also write the outcomes and draws of the first N paths.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    pub keep_paths: u64,
    /// No progress bar.
    #[arg(long)]
    pub quiet: bool,
    /// One JSON line on stderr per update instead of a bar.
    #[arg(long, value_name = "FORMAT", conflicts_with = "quiet")]
    pub progress: Option<ProgressFormat>,
}

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressFormat {
    /// One JSON object a line.
    Json,
}

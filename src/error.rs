//! What can go wrong, with file, key, value and remedy as fields; made pretty at the edge.

use crate::scenario::Diagnostic;

/// An error of the library.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A scenario file cannot be used; all that is wrong with it, in the order of the text.
    #[error("{}", crate::scenario::render(diagnostics))]
    Scenario {
        /// Errors and warnings.
        diagnostics: Vec<Diagnostic>,
    },
    /// No scenario of that name and no such file.
    #[error("no scenario and no file is called `{name}`{}", suggestion(nearest.as_deref()))]
    UnknownScenario {
        /// What was asked for.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// No channel or table of that name.
    #[error("no channel and no driver is called `{name}`{}", suggestion(nearest.as_deref()))]
    UnknownChannel {
        /// What was asked for.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// Path as given.
        path: String,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A well-formed scenario that cannot run.
    #[error(transparent)]
    Plan(#[from] crate::model::PlanError),
    /// A stopping rule at a horizon that the scenario does not have.
    #[error("scenario `{scenario}` has no horizon `{horizon}`; it has {}", known.join(", "))]
    NoHorizon {
        /// Scenario.
        scenario: String,
        /// Horizon asked for.
        horizon: String,
        /// Horizons it has.
        known: Vec<String>,
    },
    /// Paths whose outcomes are not finite numbers: nothing is written.
    #[error(
        "scenario `{scenario}`: {count} outcomes are not finite, first {metric} at {horizon}, on path {path}; bring extreme values closer to the defaults and report this"
    )]
    NonFinite {
        /// Scenario.
        scenario: String,
        /// Number of outcomes.
        count: u64,
        /// First metric concerned.
        metric: &'static str,
        /// Its horizon.
        horizon: String,
        /// The first path concerned.
        path: u64,
        /// Its numbers.
        numbers: Vec<crate::model::Number>,
    },
    /// The threads cannot be started.
    #[error("cannot start the threads: {0}; ask for fewer with --threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A stopping rule that cannot be read.
    #[error(transparent)]
    StopRule(#[from] crate::stats::StopRuleError),
    /// A target that cannot be read, or that the scenario does not have.
    #[error(transparent)]
    Target(#[from] crate::reverse::TargetError),
    /// A data file or folder that cannot be used.
    #[error(transparent)]
    Data(#[from] crate::data::DataError),
    /// A table of episodes that cannot be used.
    #[error(transparent)]
    Episodes(#[from] crate::replay::EpisodeError),
    /// Results that cannot be written.
    #[error(transparent)]
    Write(#[from] crate::folder::WriteError),
    /// No metric of that name.
    #[error("no metric is called `{name}`{}; there are {}", suggestion(nearest.as_deref()), known.join(", "))]
    UnknownMetric {
        /// What was asked for.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
        /// All metrics.
        known: Vec<String>,
    },
    /// Given data that cannot be used.
    #[error(transparent)]
    Given(#[from] crate::sensitivity::GivenError),
    /// A key with values that cannot be read.
    #[error(
        "`{text}` says no values to try: {what}; write for example `impact.matched_share=0..1:5` or `impact.prior=beltran2013,martin2015`"
    )]
    Vary {
        /// As written.
        text: String,
        /// What is wrong with it.
        what: String,
    },
    /// A command that cannot be carried out as it was typed.
    #[error("{what}; {remedy}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// Ctrl-C before there was anything to show.
    #[error("stopped before the end; nothing was written")]
    Stopped,
    /// A folder of scenarios that holds none.
    #[error("{path} holds no .toml file; name a folder of scenario files")]
    EmptyFolder {
        /// Path as given.
        path: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

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
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

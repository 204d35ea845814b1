//! The folder of results of a command: its default place, its claim, and what is said when it is written.

use super::stop::would_leave;
use crate::error::Error;
use crate::folder::Folder;
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where results go unless `--out` says otherwise.
const HOME: &str = "output";

/// Names of commands that write results, and the names of runs that are no scenario's.
const RESERVED: [&str; 13] = [
    "library",
    "stdin",
    "run",
    "compare",
    "sweep",
    "sensitivity",
    "reverse",
    "plausibility",
    "claims",
    "calibrate",
    "replay",
    "selftest",
    "baseline",
];

/// No file that the results are made from.
pub(super) const NONE: [&str; 0] = [];

/// The default folder of `run`: of the library, of one scenario, or of several.
pub(super) fn folder_of_run(asked: &[String], scenarios: &[&str]) -> PathBuf {
    match (asked, scenarios) {
        ([], _) => Path::new(HOME).join("library"),
        ([dash], _) if dash == "-" => Path::new(HOME).join("stdin"),
        (_, [name]) => Path::new(HOME).join(if is_reserved(name) {
            format!("run-{name}")
        } else {
            (*name).to_owned()
        }),
        _ => Path::new(HOME).join("run"),
    }
}

/// The default folder of another command: with the scenario that it is about, if it is about one.
pub(super) fn folder_of(command: &str, scenario: Option<&str>) -> PathBuf {
    Path::new(HOME).join(match scenario {
        Some(scenario) => format!("{command}-{scenario}"),
        None => command.to_owned(),
    })
}

/// The files that a scenario may have been read from: itself, and its parents where the results lie, as their folders are
/// not remembered.
pub(super) fn read_from(scenario: &str, loaded: &Scenario, out: Option<&Path>) -> Vec<PathBuf> {
    let parents =
        loaded.parents.iter().filter_map(|parent| Some(out?.join(format!("{parent}.toml"))));
    std::iter::once(PathBuf::from(scenario)).chain(parents).collect()
}

/// Whether a scenario's name would put its results where a command puts its own, or out of sight.
fn is_reserved(name: &str) -> bool {
    let lower = name.to_lowercase(); // some disks know no difference
    let rest = |word: &str| lower.strip_prefix(word).map(str::to_owned);
    let like = |word: &str| rest(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    lower.starts_with('.') || lower.is_empty() || RESERVED.into_iter().any(like)
}

/// A claimed folder of results.
#[derive(Debug)]
pub(super) struct Results {
    folder: Folder,
    shown: PathBuf,
}

impl Results {
    /// Claims the folder that `--out` names, or the default one, before anything runs; the files that the results are made
    /// from stay wherever they lie.
    pub(super) fn claim<I: AsRef<Path>>(
        out: Option<&Path>,
        default: PathBuf,
        inputs: impl IntoIterator<Item = I>,
    ) -> Result<Self, Error> {
        let shown = out.map_or(default, Path::to_owned);
        let mut folder = Folder::claim(&shown)?;
        for input in inputs {
            folder.keep(input.as_ref());
        }
        would_leave(folder.leftovers());
        Ok(Results { folder, shown })
    }

    /// The folder as it was asked for.
    pub(super) fn shown(&self) -> &Path {
        &self.shown
    }

    /// A file beside the folder, with a name made from it.
    pub(super) fn beside(&self, kind: &str) -> PathBuf {
        self.folder.beside(kind)
    }

    /// Writes the files as the results, and says which of somebody's files have another name now.
    pub(super) fn write(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
        partial: bool,
    ) -> Result<(), Error> {
        for (old, new) in self.folder.write(files, partial)? {
            let place = self.shown.display();
            let _ = writeln!(
                std::io::stderr(),
                "kept {old} of {place} as {new}: it was not, or no longer, as ustress wrote it"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_commands_results_replace_anothers() {
        let run = |asked: &[&str], names: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
            folder_of_run(&asked, names).display().to_string()
        };
        assert_eq!(run(&[], &["boj_pause"]), "output/library");
        assert_eq!(run(&["-"], &["stdin"]), "output/stdin");
        assert_eq!(run(&["boj_pause"], &["boj_pause"]), "output/boj_pause");
        assert_eq!(run(&["a.toml", "b.toml"], &["a", "b"]), "output/run");
        for name in RESERVED {
            assert_eq!(run(&["x"], &[name]), format!("output/run-{name}"));
            assert_eq!(
                run(&["x"], &[&name.to_uppercase()]),
                format!("output/run-{}", name.to_uppercase())
            );
        }
        // `sweep boj_pause` writes there
        assert_eq!(run(&["x"], &["sweep-boj_pause"]), "output/run-sweep-boj_pause");
        assert_eq!(run(&["x"], &["sweeping"]), "output/sweeping");
        // the stem of `...toml` and of `.toml`
        assert_eq!(run(&["x"], &[".."]), "output/run-..");
        assert_eq!(run(&["x"], &[".toml"]), "output/run-.toml");
        assert_eq!(folder_of("sweep", Some("boj_pause")), Path::new("output/sweep-boj_pause"));
        assert_eq!(folder_of("claims", None), Path::new("output/claims"));
    }
}

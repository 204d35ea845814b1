//! Where scenarios come from: the built-in library, then files.

use crate::error::Error;
use crate::files;
use crate::scenario::{self, Catalogue, Loaded};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The name that stands for standard input, and what it is called.
const STDIN: (&str, &str) = ("-", "stdin");

/// Standard input, which can be read once and is asked for by several steps of a command.
static GIVEN: OnceLock<Result<Vec<u8>, String>> = OnceLock::new();

/// The text of standard input.
fn standard_input() -> Result<String, Error> {
    let read = || files::read_stdin(files::SCENARIO).map_err(|cause| cause.to_string());
    match GIVEN.get_or_init(read) {
        Ok(bytes) => scenario::decode(STDIN.1, bytes),
        Err(cause) => Err(Error::Read {
            path: STDIN.1.to_owned(),
            cause: std::io::Error::other(cause.clone()),
        }),
    }
}

/// Another root in the place of the built-in one.
#[derive(Debug, Clone)]
pub struct Root {
    name: String,
    text: String,
    /// Where it lies, whatever it is called.
    place: Option<PathBuf>,
}

/// The built-in scenarios, and the files beside them.
#[derive(Debug, Clone)]
pub struct Library {
    /// What stands for `baseline`, where a run names another.
    pub root: Option<Root>,
    /// Name and text of each built-in scenario, `baseline` included.
    pub built_in: &'static [(&'static str, &'static str)],
}

impl Library {
    /// Names of the built-in scenarios without `baseline`, the parent of all.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.built_in.iter().map(|(name, _)| *name).filter(|name| *name != "baseline")
    }

    /// The library with a file as the root of all its scenarios; it may extend `baseline`, the built-in root.
    ///
    /// # Errors
    /// A file that cannot be read or loaded, or one with events.
    pub fn with_root(&self, name: &str, catalogue: &Catalogue) -> Result<Library, Error> {
        let (text, place) = (self.text(name)?, std::fs::canonicalize(name).ok());
        let root = Root { name: name.to_owned(), text, place };
        let library = Library { root: Some(root), built_in: self.built_in };
        let events = library.load(name, &[], catalogue)?.scenario.events.len();
        if events > 0 {
            return Err(Error::Usage {
                what: format!(
                    "--baseline {name}: a root has no events, and this file has {events}"
                ),
                remedy: "take them out, or write `drop_events = true` where a parent brings them"
                    .to_owned(),
            });
        }
        Ok(library)
    }

    /// The root in the place of the built-in one, if that is what a name means.
    fn root_named(&self, name: &str) -> Option<&Root> {
        let here = || std::fs::canonicalize(name).ok();
        self.root.as_ref().filter(|root| {
            name == scenario::ROOT
                || name == root.name
                || (root.place.is_some() && self.is_file(name) && root.place == here())
        })
    }

    /// Whether a name is that of a file, not of a built-in scenario.
    fn is_file(&self, name: &str) -> bool {
        let built_in = self.built_in.iter().any(|(known, _)| *known == name);
        !built_in && (name.contains(['/', '\\']) || name.ends_with(".toml"))
    }

    /// The display name and the text of a built-in scenario, of a file (a name with `/` or `.toml`), or of standard input
    /// (`-`, displayed as `stdin`).
    pub fn find(&self, name: &str) -> Option<(String, String)> {
        if let Some(root) = self.root_named(name) {
            return Some((root.name.clone(), root.text.clone()));
        }
        let name = if name == scenario::BUILT_IN_ROOT { scenario::ROOT } else { name };
        self.text(name).ok().map(|text| (display(name).to_owned(), text))
    }

    /// Names and texts behind a scenario for the manifest: its own, and that of another root.
    pub fn inputs(&self, name: &str) -> Vec<(String, String)> {
        self.roots().chain(self.find(name)).collect()
    }

    /// Name and text of another root.
    pub fn roots(&self) -> impl Iterator<Item = (String, String)> {
        self.root.iter().map(|root| (root.name.clone(), root.text.clone()))
    }

    /// The text of a built-in scenario, of a file or of standard input.
    ///
    /// # Errors
    /// An unknown name, a file that cannot be read or is not UTF-8.
    pub fn text(&self, name: &str) -> Result<String, Error> {
        if let Some((_, text)) = self.built_in.iter().find(|(known, _)| *known == name) {
            return Ok((*text).to_owned());
        }
        if name == STDIN.0 {
            return standard_input();
        }
        if !name.contains(['/', '\\']) && !name.ends_with(".toml") {
            let known = self.built_in.iter().map(|(known, _)| *known);
            let nearest = scenario::nearest(name, known).map(str::to_owned);
            return Err(Error::UnknownScenario { name: name.to_owned(), nearest });
        }
        let read = files::read(Path::new(name), files::SCENARIO);
        let bytes = read.map_err(|cause| Error::Read { path: name.to_owned(), cause })?;
        scenario::decode(name, &bytes)
    }

    /// Loads a built-in scenario or a file, with `--set KEY=VALUE` over it.
    ///
    /// # Errors
    /// As for [`Library::text`] and [`scenario::load`].
    pub fn load(
        &self,
        name: &str,
        sets: &[String],
        catalogue: &Catalogue,
    ) -> Result<Loaded, Error> {
        let root = self.root_named(name).map(|root| (root.name.clone(), root.text.clone()));
        let (name, text) = match root {
            Some(root) => root,
            None => (display(name).to_owned(), self.text(name)?),
        };
        self.load_text(&name, &text, sets, catalogue)
    }

    /// Loads the text of a scenario under a name, as [`Library::load`] does.
    ///
    /// # Errors
    /// As for [`scenario::load`], and a scenario that does not hang on the root that was asked for.
    pub fn load_text(
        &self,
        name: &str,
        text: &str,
        sets: &[String],
        catalogue: &Catalogue,
    ) -> Result<Loaded, Error> {
        let unread = RefCell::new(None);
        let parent = |parent: &str| match self.root_named(parent) {
            Some(root) => Some((root.name.clone(), root.text.clone())),
            None => {
                let known = if parent == scenario::BUILT_IN_ROOT { scenario::ROOT } else { parent };
                let found = self.text(known).map_err(|error| *unread.borrow_mut() = Some(error));
                found.ok().map(|text| (known.to_owned(), text))
            }
        };
        let loaded = scenario::load(name, text, &parent, sets, catalogue)
            .map_err(|error| explained(error, unread.take()))?;
        match &self.root {
            Some(root) if root.name != loaded.root => Err(Error::Usage {
                what: format!(
                    "{name} has a root of its own, {}, that --baseline {} cannot replace",
                    loaded.root, root.name
                ),
                remedy: format!("write `extends = \"baseline\"` in {}", loaded.root),
            }),
            _ => Ok(loaded),
        }
    }
}

fn display(name: &str) -> &str {
    if name == STDIN.0 { STDIN.1 } else { name }
}

/// Says beside `extends` why the parent cannot be read, where there is such a file.
fn explained(mut error: Error, unread: Option<Error>) -> Error {
    if let (Error::Scenario { diagnostics }, Some(cause @ Error::Read { .. })) =
        (&mut error, unread)
        && let Some(found) = diagnostics.iter_mut().find(|found| found.key == "extends")
    {
        found.help = Some(cause.to_string());
    }
    error
}

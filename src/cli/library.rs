//! Where scenarios come from: the built-in library, then files.

use crate::error::Error;
use crate::files;
use crate::scenario::{self, Catalogue, Loaded};
use std::cell::RefCell;
use std::path::Path;
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

/// The built-in scenarios, and the files beside them.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// Name and text of each built-in scenario, `baseline` included.
    pub built_in: &'static [(&'static str, &'static str)],
}

impl Library {
    /// Names of the built-in scenarios without `baseline`, the parent of all.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.built_in.iter().map(|(name, _)| *name).filter(|name| *name != "baseline")
    }

    /// The display name and the text of a built-in scenario, of a file (a name with `/` or `.toml`), or of standard input
    /// (`-`, displayed as `stdin`).
    pub fn find(&self, name: &str) -> Option<(String, String)> {
        self.text(name).ok().map(|text| (display(name).to_owned(), text))
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
        let text = self.text(name)?;
        let unread = RefCell::new(None);
        let parent = |parent: &str| {
            let found = self.text(parent).map_err(|error| *unread.borrow_mut() = Some(error));
            found.ok().map(|text| (parent.to_owned(), text))
        };
        let loaded = scenario::load(display(name), &text, &parent, sets, catalogue);
        loaded.map_err(|error| explained(error, unread.into_inner()))
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

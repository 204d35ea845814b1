//! Where scenarios come from: the built-in library, then files.

use crate::error::Error;
use crate::scenario::{self, Catalogue, Loaded};

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

    /// The display name and the text of a built-in scenario or of a file (a name with `/` or `.toml`).
    pub fn find(&self, name: &str) -> Option<(String, String)> {
        self.text(name).ok().map(|text| (name.to_owned(), text))
    }

    /// The text of a built-in scenario or of a file.
    ///
    /// # Errors
    /// An unknown name, a file that cannot be read or is not UTF-8.
    pub fn text(&self, name: &str) -> Result<String, Error> {
        if let Some((_, text)) = self.built_in.iter().find(|(known, _)| *known == name) {
            return Ok((*text).to_owned());
        }
        if !name.contains(['/', '\\']) && !name.ends_with(".toml") {
            let known = self.built_in.iter().map(|(known, _)| *known);
            let nearest = scenario::nearest(name, known).map(str::to_owned);
            return Err(Error::UnknownScenario { name: name.to_owned(), nearest });
        }
        let bytes =
            std::fs::read(name).map_err(|cause| Error::Read { path: name.to_owned(), cause })?;
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
        scenario::load(name, &text, &|parent| self.find(parent), sets, catalogue)
    }
}

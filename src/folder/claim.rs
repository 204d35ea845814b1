//! A claimed folder: ours, locked, put right; then written as a whole.

use super::error::WriteError;
use super::lock::{Lock, check_around};
use super::place::Place;
use super::{PARTIAL, fault, foreign};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder of results that nobody else writes while this value lives.
#[derive(Debug)]
pub struct Folder {
    /// Dropped before the place is tidied.
    lock: Option<Lock>,
    place: Place,
    /// Names in the target that stay whatever the old manifest says.
    inputs: BTreeSet<OsString>,
}

impl Folder {
    /// Claims `target` before hours are spent on its results.
    ///
    /// # Errors
    /// A target that holds what is not ours, that another run is writing, or in which nothing can be written.
    pub fn claim(target: &Path) -> Result<Self, WriteError> {
        let place = Place::of(target)?;
        let mut folder = Folder { lock: None, place, inputs: BTreeSet::new() };
        folder.lock = Some(Lock::take(&folder.place.work, &folder.place.target)?);
        folder.place.recover()?;
        check_ours(&folder.place.target)?;
        check_around(&folder.place.target)?;
        Ok(folder)
    }

    /// Says that the new results are made from a file: it stays even when it is one of the old results (a calibrated
    /// scenario, the paths that are analysed).
    pub fn keep(&mut self, input: &Path) {
        let whole = fs::canonicalize(input).ok();
        let inside = whole.as_deref().filter(|path| path.parent() == Some(&self.place.target));
        self.inputs.extend(inside.and_then(Path::file_name).map(OsStr::to_owned));
    }

    /// The target, as a whole path.
    pub fn path(&self) -> &Path {
        &self.place.target
    }

    /// A file beside the folder, with a name made from it: `.output.sweep` beside `output`.
    pub fn beside(&self, kind: &str) -> PathBuf {
        self.place.beside(kind)
    }

    /// What a run that is ended at once leaves beside the target, whether it exists at the moment or not.
    pub fn leftovers(&self) -> Vec<PathBuf> {
        vec![self.place.work.clone(), self.beside(".sweep")]
    }

    /// Writes the files as the results of the folder; gives what somebody's files are called now where a name had to
    /// change (old and new name).
    ///
    /// # Errors
    /// Whatever the disk says; then the old results stand as they were.
    pub fn write(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
        partial: bool,
    ) -> Result<Vec<(String, String)>, WriteError> {
        let written = self.gather(files, partial);
        let written = written.and_then(|renamed| self.place.exchange().map(|()| renamed));
        let _ = self.place.recover(); // what is left to tidy can wait for the next claim
        written
    }

    /// Writes everything into the working folder and makes it ready for the exchange.
    fn gather(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
        partial: bool,
    ) -> Result<Vec<(String, String)>, WriteError> {
        let place = &self.place;
        let fresh = place.unfinished();
        place.recover()?;
        let failed =
            |path: &Path, error: io::Error| WriteError::new(path, "cannot be written", &error);
        fault::create_dir(&fresh).map_err(|error| failed(&fresh, error))?;
        let mark = (PARTIAL.to_owned(), PARTIAL_TEXT.to_vec());
        for (name, bytes) in files.iter().chain(partial.then_some((&mark.0, &mark.1))) {
            let path = fresh.join(name);
            fault::write(&path, bytes).map_err(|error| failed(&path, error))?;
        }
        let renamed = match place.target.exists() {
            true => foreign::carry(&place.target, &fresh, &self.inputs)?,
            false => Vec::new(),
        };
        fault::sync(&fresh).map_err(|error| failed(&fresh, error))?;
        fault::rename(&fresh, &place.ready()).map_err(|error| failed(&fresh, error))?;
        fault::sync(&place.work).map_err(|error| failed(&place.work, error))?;
        Ok(renamed)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.lock = None;
        self.place.tidy();
    }
}

/// What [`PARTIAL`] says.
const PARTIAL_TEXT: &[u8] =
    b"These results cover only the first paths of the run; see manifest.json.\n";

/// Refuses a target that is no folder, or one that holds what is not ours.
fn check_ours(target: &Path) -> Result<(), WriteError> {
    let remedy = "choose another folder with --out";
    match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match target.symlink_metadata() {
                Ok(_) => Err(WriteError::refuse(target, "is a link to nothing", remedy)),
                Err(_) => Ok(()),
            };
        }
        Err(error) => return Err(WriteError::new(target, "cannot be read", &error)),
        Ok(found) if !found.is_dir() => {
            return Err(WriteError::refuse(target, "is a file, not a folder", remedy));
        }
        Ok(_) => {}
    }
    if foreign::listed(target).is_some() {
        return Ok(());
    }
    let names = foreign::names(target)?;
    match names.iter().find(|name| !fault::is_dot(name)) {
        None => Ok(()),
        Some(name) => {
            let name = name.display();
            let what = format!("holds `{name}` and no results of ustress, so it is left alone");
            let remedy = "choose a new or an empty folder with --out";
            Err(WriteError::refuse(target, what, remedy))
        }
    }
}

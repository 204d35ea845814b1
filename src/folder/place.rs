//! Where a target stands, and the names beside it.

use super::error::WriteError;
use super::{fault, foreign, lock};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// A target with the names of the folders beside it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) target: PathBuf,
    pub(super) parent: PathBuf,
    /// Working folder: holds the lock and what follows.
    pub(super) work: PathBuf,
    /// Folders around it that were made for it, the outermost first.
    made: Vec<PathBuf>,
}

impl Place {
    /// Resolves a target; the folders around it are made.
    pub(super) fn of(target: &Path) -> Result<Self, WriteError> {
        let whole = match fs::canonicalize(target) {
            Ok(whole) => whole,
            Err(_) => std::path::absolute(target)
                .map_err(|error| WriteError::new(target, "cannot be resolved", &error))?,
        };
        let (Some(parent), Some(work)) = (whole.parent(), lock::work_of(&whole)) else {
            let remedy = "choose a folder inside it";
            return Err(WriteError::refuse(&whole, "has no folder around it", remedy));
        };
        let parent = parent.to_owned();
        let missing = parent.ancestors().take_while(|folder| !folder.exists());
        let mut made: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        made.reverse();
        fs::create_dir_all(&parent)
            .map_err(|error| WriteError::new(&parent, "cannot create", &error))?;
        Ok(Place { target: whole, parent, work, made })
    }

    /// A file beside the target, with a name made from it: `.output.sweep` beside `output`.
    pub(super) fn beside(&self, kind: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.target.file_name().unwrap_or_default());
        name.push(kind);
        self.parent.join(name)
    }

    /// Where new results are gathered, and old ones are taken apart: what a killed run leaves there goes.
    pub(super) fn unfinished(&self) -> PathBuf {
        self.work.join("unfinished")
    }

    /// Where complete results wait for the exchange, and old ones stand after it.
    pub(super) fn ready(&self) -> PathBuf {
        self.work.join("ready")
    }

    /// Where old results stand between two renames, on systems that cannot exchange names.
    fn aside(&self) -> PathBuf {
        self.work.join("old")
    }

    /// Puts right what a killed run left: old results that were moved aside come back unless the new ones are in their
    /// place; files that are somebody's go where the results are; the rest goes.
    pub(super) fn recover(&self) -> Result<(), WriteError> {
        let removed = |path: &Path| {
            fault::remove(path).map_err(|error| WriteError::new(path, "cannot be removed", &error))
        };
        let aside = self.aside();
        if aside.exists() && !self.target.exists() {
            fault::rename(&aside, &self.target)
                .map_err(|error| WriteError::new(&aside, "cannot be moved back", &error))?;
        }
        let unfinished = self.unfinished();
        removed(&unfinished)?;
        for old in [aside, self.ready()] {
            if old.symlink_metadata().is_err() {
                continue;
            }
            if self.target.exists() {
                foreign::bring(&old, &self.target)?;
            }
            // under another name first: half of it could not be told from what is somebody's
            fault::rename(&old, &unfinished)
                .map_err(|error| WriteError::new(&old, "cannot be moved", &error))?;
            removed(&unfinished)?;
        }
        Ok(())
    }

    /// Puts the finished folder in the target's place; what stood there stays in the working folder.
    pub(super) fn exchange(&self) -> Result<(), WriteError> {
        let moved =
            |error: std::io::Error| WriteError::new(&self.target, "cannot be replaced", &error);
        let ready = self.ready();
        if self.target.symlink_metadata().is_err() {
            fault::rename(&ready, &self.target).map_err(moved)?;
        } else if !fault::exchange(&ready, &self.target).map_err(moved)? {
            let aside = self.aside();
            fault::rename(&self.target, &aside).map_err(moved)?;
            if let Err(error) = fault::rename(&ready, &self.target) {
                let _ = fault::rename(&aside, &self.target);
                return Err(moved(error));
            }
        }
        fault::sync(&self.parent)
            .map_err(|error| WriteError::new(&self.parent, "cannot be flushed", &error))
    }

    /// Removes the folders that were made around a target to which nothing was written.
    pub(super) fn tidy(&self) {
        for folder in self.made.iter().rev() {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

//! The journal of a sweep: one line a finished point, so that a killed sweep goes on where it stopped.
//!
//! The first line says whose journal it is. A line that was cut by a kill does not end in a newline or does not parse: it
//! and what follows are dropped. The file is locked while a sweep runs.

use crate::error::Error;
use crate::report::WriteError;
use crate::stats::Outside;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Whose journal it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Version of the program.
    pub(super) ustress: String,
    /// Revision of the model.
    pub(super) revision: u32,
    /// Hash of all that decides the results.
    pub(super) sweep_sha256: String,
}

/// A finished point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Number of the point, from 0.
    pub(super) point: usize,
    /// Whether its stopping rule was met.
    pub(super) met: bool,
    /// Cells of its rows, one row a horizon.
    pub(super) rows: super::Rows,
    /// Paths, value and half-width that its stopping rule saw at every check.
    pub(super) checks: super::Rows,
    /// Its paths that left the world that the model knows.
    pub(super) outside: Outside,
}

/// An open journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens or starts the journal; gives it with the points that it holds, the first ones without a gap.
    pub(super) fn open(path: &Path, identity: &Identity) -> Result<(Self, Vec<Entry>), Error> {
        let failed = |what: &str, error: &std::io::Error| WriteError::new(path, what, error);
        let opened =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(|error| failed("cannot be opened", &error))?;
        if let Err(std::fs::TryLockError::WouldBlock) = file.try_lock() {
            return Err(Error::Usage {
                what: format!("another sweep is writing {}", path.display()),
                remedy: "wait for it, or choose another folder with --out".to_owned(),
            });
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| failed("cannot be read", &error))?;
        let mut journal = Journal { path: path.to_owned(), file };
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let whole = |line: &&[u8]| line.ends_with(b"\n");
        let Some(first) = lines.next().filter(whole) else {
            journal.cut(0)?;
            journal.line(identity)?;
            return Ok((journal, Vec::new()));
        };
        check(path, first, identity)?;
        let mut length = first.len();
        let mut entries: Vec<Entry> = Vec::new();
        for line in lines.take_while(whole) {
            let entry = serde_json::from_slice::<Entry>(line).ok();
            let Some(entry) = entry.filter(|entry| entry.point == entries.len()) else { break };
            length += line.len();
            entries.push(entry);
        }
        journal.cut(length as u64)?;
        Ok((journal, entries))
    }

    /// Writes a finished point down.
    pub(super) fn add(&mut self, entry: &Entry) -> Result<(), Error> {
        self.line(entry)
    }

    /// Removes the file, when the results are in their place.
    pub(super) fn remove(self) -> Result<(), Error> {
        let removed = std::fs::remove_file(&self.path);
        Ok(removed.map_err(|error| WriteError::new(&self.path, "cannot be removed", &error))?)
    }

    fn line(&mut self, what: &impl Serialize) -> Result<(), Error> {
        let mut line = serde_json::to_vec(what).unwrap_or_default();
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        Ok(written.map_err(|error| WriteError::new(&self.path, "cannot be written", &error))?)
    }

    fn cut(&mut self, length: u64) -> Result<(), Error> {
        let cut = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::Start(length)));
        cut.map_err(|error| WriteError::new(&self.path, "cannot be written", &error))?;
        Ok(())
    }
}

/// Refuses the journal of another sweep or of another revision of the model.
fn check(path: &Path, first: &[u8], identity: &Identity) -> Result<(), Error> {
    let found = serde_json::from_slice::<Identity>(first).ok();
    let (what, remedy) = match found {
        Some(found) if found == *identity => return Ok(()),
        Some(found) if found.revision != identity.revision => (
            format!(
                "{} was begun at revision {} of the model, and this is revision {}: its points would not be of one model",
                path.display(),
                found.revision,
                identity.revision
            ),
            "finish it with the program that began it, remove the file to begin again, or choose another folder with --out",
        ),
        _ => (
            format!("{} is the journal of another sweep, not finished", path.display()),
            "finish that one with its own command, remove the file, or choose another folder with --out",
        ),
    };
    Err(Error::Usage { what, remedy: remedy.to_owned() })
}

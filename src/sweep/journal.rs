//! The journal of a sweep: one line a finished point, so that a killed sweep goes on where it stopped.
//!
//! The first line says whose journal it is. Every line begins with the SHA-256 of its rest and a space. A line that was cut
//! by a kill, or of which a byte changed, does not have the checksum that it says: it and what follows are dropped, and how
//! many points were is told. The file is a regular one, never behind a link, and locked while a sweep runs.

use crate::error::Error;
use crate::files;
use crate::folder::WriteError;
use crate::report::sha256;
use crate::stats::Outside;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Letters of a checksum.
const CHECKSUM: usize = 64;

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
    dropped: usize,
}

/// What a whole line says, where its checksum is that of it.
fn content(line: &[u8]) -> Option<&[u8]> {
    let (sum, rest) = line.strip_suffix(b"\n")?.split_at_checked(CHECKSUM)?;
    let rest = rest.strip_prefix(b" ")?;
    (sum == sha256(rest).as_bytes()).then_some(rest)
}

/// Whether a line without an end can be the beginning of one of ours.
fn ours(line: &[u8]) -> bool {
    line.iter().take(CHECKSUM).all(u8::is_ascii_hexdigit)
}

impl Journal {
    /// Opens or starts the journal; gives it with the points that it holds, the first ones without a gap.
    pub(super) fn open(path: &Path, identity: &Identity) -> Result<(Self, Vec<Entry>), Error> {
        let failed = |what: &str, error: &std::io::Error| WriteError::new(path, what, error);
        let opened = files::open_own(path, files::JOURNAL);
        let mut file = opened.map_err(|error| failed("cannot be the journal", &error))?;
        if let Err(std::fs::TryLockError::WouldBlock) = file.try_lock() {
            return Err(Error::Usage {
                what: format!("another sweep is writing {}", path.display()),
                remedy: "wait for it, or choose another folder with --out".to_owned(),
            });
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| failed("cannot be read", &error))?;
        let mut journal = Journal { path: path.to_owned(), file, dropped: 0 };
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        // Less than a line is what a kill leaves of a first one, if it is ours.
        let begun = lines.next().filter(|line| line.ends_with(b"\n") || !ours(line));
        let Some(first) = begun else {
            journal.cut(0)?;
            journal.line(identity)?;
            return Ok((journal, Vec::new()));
        };
        check(path, first, identity)?;
        let mut length = first.len();
        let mut entries: Vec<Entry> = Vec::new();
        for line in lines.by_ref() {
            let entry = content(line).and_then(|rest| serde_json::from_slice::<Entry>(rest).ok());
            let Some(entry) = entry.filter(|entry| entry.point == entries.len()) else {
                // Less than a line is of a point that was not finished.
                journal.dropped = usize::from(line.ends_with(b"\n"));
                break;
            };
            length += line.len();
            entries.push(entry);
        }
        if journal.dropped > 0 {
            journal.dropped += lines.filter(|line| line.ends_with(b"\n")).count();
        }
        journal.cut(length as u64)?;
        Ok((journal, entries))
    }

    /// How many finished points were dropped because a line had changed.
    pub(super) fn dropped(&self) -> usize {
        self.dropped
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
        let rest = serde_json::to_vec(what).unwrap_or_default();
        let mut line = format!("{} ", sha256(&rest)).into_bytes();
        line.extend(rest);
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
    let sound = content(first);
    let found = serde_json::from_slice::<Identity>(sound.unwrap_or(first)).ok();
    let (what, remedy) = match found {
        Some(found) if sound.is_some() && found == *identity => return Ok(()),
        Some(found) if found.revision != identity.revision => (
            format!(
                "{} was begun at revision {} of the model, and this is revision {}: its points would not be of one model",
                path.display(),
                found.revision,
                identity.revision
            ),
            "finish it with the program that began it, remove the file to begin again, or choose another folder with --out",
        ),
        None => (
            format!(
                "{} is no journal of a sweep, or one whose first line has changed",
                path.display()
            ),
            "move the file away, or choose another folder with --out",
        ),
        _ => (
            format!("{} is the journal of another sweep, not finished", path.display()),
            "finish that one with its own command, remove the file, or choose another folder with --out",
        ),
    };
    Err(Error::Usage { what, remedy: remedy.to_owned() })
}

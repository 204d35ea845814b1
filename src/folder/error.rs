//! What can go wrong with a folder of results.

use std::io;
use std::path::{Path, PathBuf};

/// Results could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}; {remedy}", path.display())]
pub struct WriteError {
    /// File or folder.
    pub path: PathBuf,
    /// What went wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl WriteError {
    /// What the system says about a file or folder, with a remedy.
    pub fn new(path: &Path, what: &str, error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let remedy = match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => {
                "free some space or choose another disk with --out"
            }
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
                "choose a folder you may write to with --out"
            }
            Kind::ResourceBusy | Kind::CrossesDevices => {
                "it may be a mount point: choose a folder inside it"
            }
            _ => "choose another folder with --out",
        };
        WriteError { path: path.to_owned(), what: format!("{what} ({error})"), remedy }
    }

    /// A refusal of ours.
    pub(super) fn refuse(path: &Path, what: impl Into<String>, remedy: &'static str) -> Self {
        WriteError { path: path.to_owned(), what: what.into(), remedy }
    }
}

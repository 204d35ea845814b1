//! The lock of a folder: an empty file in its working folder, held open while a run lives.

use super::error::WriteError;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Name of the lock in a working folder.
const NAME: &str = "lock";

/// Behind the name of a target, the name of its working folder.
const WORK: &str = ".ustress";

/// How often a lock is tried that another run removes under our hands.
const TRIES: usize = 100;

/// Somebody else is at work there.
const BUSY: &str = "another run is writing it";
const WAIT: &str = "wait for that run, or choose another folder with --out";

/// A held lock; it goes, with its working folder when that is empty, when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    work: PathBuf,
    /// None where the file system knows no locks.
    _held: Option<File>,
}

impl Lock {
    /// Takes the lock in a working folder, which is made when it does not exist.
    pub(super) fn take(work: &Path, target: &Path) -> Result<Self, WriteError> {
        for _ in 0..TRIES {
            // with the folders around it, which another run that wrote nothing may be removing
            if let Err(error) = fs::create_dir_all(work)
                && !matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound)
            {
                return Err(WriteError::new(work, "cannot be made", &error));
            }
            let kind = fs::symlink_metadata(work).map(|found| found.is_dir());
            if kind.is_ok_and(|folder| !folder) {
                let remedy = "move it away, or choose another folder with --out";
                return Err(WriteError::refuse(work, "is no folder of ours", remedy));
            }
            let path = work.join(NAME);
            let file = match open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue, // just removed
                Err(error) => return Err(WriteError::new(&path, "cannot be opened", &error)),
            };
            if !file.metadata().is_ok_and(|found| found.is_file() && found.len() == 0) {
                let remedy = "move it away, or choose another folder with --out";
                return Err(WriteError::refuse(&path, "is no lock of ours", remedy));
            }
            let held = match file.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    return Err(WriteError::refuse(target, BUSY, WAIT));
                }
                Err(TryLockError::Error(_)) => None,
                Ok(()) => Some(file),
            };
            if held.as_ref().is_none_or(|file| is_still(file, &path)) {
                return Ok(Lock { work: work.to_owned(), _held: held });
            }
        }
        Err(WriteError::refuse(target, BUSY, WAIT))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // the name goes while we hold the lock, so that nobody can hold a file without a name for long
        let _ = fs::remove_file(self.work.join(NAME));
        let _ = fs::remove_dir(&self.work);
    }
}

/// Opens or makes the lock; a link is not followed, and a pipe does not wait for its other end.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    options.open(path)
}

/// Whether the open file still has its name: a run that ends removes the name of its lock.
#[cfg(unix)]
pub(super) fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let key = |found: fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => key(open) == key(named),
        _ => false,
    }
}

#[cfg(not(unix))]
pub(super) fn is_still(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The working folder of a target.
pub(super) fn work_of(target: &Path) -> Option<PathBuf> {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name()?);
    name.push(WORK);
    Some(target.parent()?.join(name))
}

/// Refuses a target when a run writes a folder that it lies in, or one that lies in it.
pub(super) fn check_around(target: &Path) -> Result<(), WriteError> {
    for above in target.ancestors().skip(1) {
        if work_of(above).is_some_and(|work| is_held(&work)) {
            let what = format!("another run is writing {}, in which it lies", above.display());
            return Err(WriteError::refuse(target, what, WAIT));
        }
    }
    match held_below(target) {
        Some(work) => {
            let what = format!("another run is writing inside it ({})", work.display());
            Err(WriteError::refuse(target, what, WAIT))
        }
        None => Ok(()),
    }
}

/// Whether a run holds the lock of a working folder.
fn is_held(work: &Path) -> bool {
    let path = work.join(NAME);
    let is_file = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
    let held = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    is_file && File::open(&path).is_ok_and(held)
}

/// A working folder below with a lock that is held.
fn held_below(folder: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(folder).ok()?.flatten().filter(|entry| {
        entry.file_type().is_ok_and(|kind| kind.is_dir()) // links are not followed
    });
    folders.map(|entry| entry.path()).find_map(|path| {
        let work = path.as_os_str().as_encoded_bytes().ends_with(WORK.as_bytes());
        if work && is_held(&path) { Some(path) } else { held_below(&path) }
    })
}

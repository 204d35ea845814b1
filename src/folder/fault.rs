//! Every change of the disk passes here, so that tests can let any of them fail, or be the last before a kill.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

#[cfg(test)]
use plan::point;

#[cfg(not(test))]
fn point() -> io::Result<()> {
    Ok(())
}

/// Makes a folder.
pub(super) fn create_dir(path: &Path) -> io::Result<()> {
    point()?;
    fs::create_dir(path)
}

/// Writes a new file and flushes it to the disk.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    point()?;
    let mut file = File::create_new(path)?;
    let (first, second) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    point()?;
    file.write_all(second)?;
    file.sync_all()
}

/// Gives a file a second name, or copies it where the system has no such thing.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    point()?;
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    if !fs::symlink_metadata(from)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "neither a file nor a folder"));
    }
    fs::copy(from, to)?;
    File::open(to)?.sync_all()
}

/// Makes the same symbolic link again.
#[cfg(unix)]
pub(super) fn symlink(from: &Path, to: &Path) -> io::Result<()> {
    point()?;
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

#[cfg(not(unix))]
pub(super) fn symlink(from: &Path, to: &Path) -> io::Result<()> {
    link(from, to)
}

/// Gives a file or folder another name.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    point()?;
    fs::rename(from, to)
}

/// Swaps two names in one step; false where the system cannot.
#[cfg(target_os = "linux")]
pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    #[cfg(test)]
    if plan::plain() {
        return Ok(false);
    }
    point()?;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Removes a file or folder with all it holds; nothing to do when it is gone.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let gone = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    };
    let kind = match fs::symlink_metadata(path) {
        Err(error) => return gone(error),
        Ok(found) => found.file_type(),
    };
    if kind.is_dir() {
        for entry in fs::read_dir(path)? {
            remove(&entry?.path())?;
        }
        point()?;
        return fs::remove_dir(path).or_else(gone);
    }
    point()?;
    fs::remove_file(path).or_else(gone)
}

/// Flushes the entries of a folder to the disk.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    point()?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    let _ = folder;
    Ok(())
}

/// Whether a name begins with a dot.
pub(super) fn is_dot(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// What a test wants to happen at the n-th change of the disk.
#[cfg(test)]
pub(super) mod plan {
    use std::cell::Cell;
    use std::io;

    thread_local! {
        static LEFT: Cell<Option<u64>> = const { Cell::new(None) };
        static DEAD: Cell<bool> = const { Cell::new(false) };
        static SEEN: Cell<u64> = const { Cell::new(0) };
        static KILL: Cell<bool> = const { Cell::new(false) };
        static PLAIN: Cell<bool> = const { Cell::new(false) };
    }

    /// Lets `count` changes pass, then fails one (`kill`: all from there on); `plain`: names cannot be exchanged.
    pub(in crate::folder) fn arm(count: Option<u64>, kill: bool, plain: bool) {
        LEFT.set(count);
        KILL.set(kill);
        PLAIN.set(plain);
        DEAD.set(false);
        SEEN.set(0);
    }

    /// Changes that were asked for since it was armed.
    pub(in crate::folder) fn seen() -> u64 {
        SEEN.get()
    }

    pub(super) fn plain() -> bool {
        PLAIN.get()
    }

    pub(super) fn point() -> io::Result<()> {
        SEEN.set(SEEN.get() + 1);
        if DEAD.get() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        match LEFT.get() {
            Some(0) => {
                DEAD.set(KILL.get());
                LEFT.set(None);
                Err(io::ErrorKind::StorageFull.into())
            }
            left => {
                LEFT.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }
}

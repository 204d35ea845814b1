//! The output folder: written beside its target, then exchanged with it, so that a killed run leaves old or new results.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Name of the manifest, by which a folder is recognised as ours.
pub const MANIFEST: &str = "manifest.json";

/// Name of the file that stands beside partial results.
pub const PARTIAL: &str = "PARTIAL";

/// Name of the file that stands beside results of which too many left the world that the model knows.
pub const SUSPECT: &str = "SUSPECT";

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
}

/// Writes the files as the whole contents of the folder `target`; its dot files stay. See [`recover`] for what a
/// killed run may leave behind. A folder that holds anything but our results is refused.
pub fn write_folder(
    target: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    partial: bool,
) -> Result<(), WriteError> {
    let place = Place::of(target)?;
    place.recover()?;
    let replaces = check_ours(&place.target)?;
    let fresh = place.fresh();
    remove(&fresh)?;
    fs::create_dir(&fresh).map_err(|error| WriteError::new(&fresh, "cannot create", &error))?;
    let lock = File::open(&fresh).ok();
    if let Some(lock) = &lock {
        let _ = lock.try_lock(); // held while we live, so that another run leaves this folder alone
    }
    let exchanged = fill(&fresh, &place.target, files, partial, replaces)
        .and_then(|()| place.exchange(&fresh, replaces));
    if exchanged.is_err() {
        let _ = fs::remove_dir_all(&fresh);
    }
    exchanged
}

/// Puts right what a killed run left beside `target`, and makes sure that results may be written there, before hours are
/// spent on them.
pub fn check_folder(target: &Path) -> Result<(), WriteError> {
    let place = Place::of(target)?;
    place.recover()?;
    check_ours(&place.target).map(drop)
}

/// A file beside a folder of results, with a name made from that of the folder: `.output.sweep` beside `output`.
pub fn beside(target: &Path, kind: &str) -> Result<PathBuf, WriteError> {
    let place = Place::of(target)?;
    Ok(place.parent.join(place.beside(kind)))
}

/// Puts right what a killed run left beside `target`: an old folder moved aside comes back unless the new one is in
/// its place; half-written folders go, except those of runs that are still alive.
pub fn recover(target: &Path) -> Result<(), WriteError> {
    Place::of(target)?.recover()
}

/// A target with the names of the folders beside it.
struct Place {
    target: PathBuf,
    parent: PathBuf,
    name: OsString,
}

impl Place {
    fn of(target: &Path) -> Result<Self, WriteError> {
        let whole = match fs::canonicalize(target) {
            Ok(whole) => whole,
            Err(_) => std::path::absolute(target)
                .map_err(|error| WriteError::new(target, "cannot be resolved", &error))?,
        };
        let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else {
            let what = "has no folder around it".to_owned();
            return Err(WriteError { path: whole, what, remedy: "choose a folder inside it" });
        };
        fs::create_dir_all(parent)
            .map_err(|error| WriteError::new(parent, "cannot create", &error))?;
        Ok(Place { parent: parent.to_owned(), name: name.to_owned(), target: whole })
    }

    fn beside(&self, kind: &str) -> OsString {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(kind);
        name
    }

    fn fresh(&self) -> PathBuf {
        let mut name = self.beside(".new-");
        name.push(std::process::id().to_string());
        self.parent.join(name)
    }

    fn aside(&self) -> PathBuf {
        self.parent.join(self.beside(".old"))
    }

    fn recover(&self) -> Result<(), WriteError> {
        let aside = self.aside();
        if aside.exists() {
            if self.target.exists() {
                remove(&aside)?;
            } else {
                fs::rename(&aside, &self.target)
                    .map_err(|error| WriteError::new(&aside, "cannot be moved back", &error))?;
            }
        }
        let prefix = self.beside(".new-");
        let entries = fs::read_dir(&self.parent)
            .map_err(|error| WriteError::new(&self.parent, "cannot be read", &error))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let number = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
            if number.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit)) {
                let busy = File::open(entry.path()).is_ok_and(|folder| {
                    matches!(folder.try_lock(), Err(fs::TryLockError::WouldBlock))
                });
                if !busy {
                    remove(&entry.path())?;
                }
            }
        }
        Ok(())
    }

    /// Puts the finished folder in the target's place and removes what stood there.
    fn exchange(&self, fresh: &Path, replaces: bool) -> Result<(), WriteError> {
        let moved = |error: io::Error| WriteError::new(&self.target, "cannot be replaced", &error);
        if !replaces {
            fs::rename(fresh, &self.target).map_err(moved)?;
            return sync_folder(&self.parent);
        }
        if exchange_names(fresh, &self.target).map_err(moved)? {
            sync_folder(&self.parent)?;
            return remove(fresh);
        }
        let aside = self.aside();
        fs::rename(&self.target, &aside).map_err(moved)?;
        if let Err(error) = fs::rename(fresh, &self.target) {
            let _ = fs::rename(&aside, &self.target);
            return Err(moved(error));
        }
        sync_folder(&self.parent)?;
        remove(&aside)
    }
}

/// Swaps two names in one step; false where the system cannot.
#[cfg(target_os = "linux")]
fn exchange_names(a: &Path, b: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange_names(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

fn fill(
    fresh: &Path,
    target: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    partial: bool,
    replaces: bool,
) -> Result<(), WriteError> {
    if replaces {
        for (path, name) in entries(target)? {
            if is_dot(&name) {
                let to = fresh.join(&name);
                copy(&path, &to)
                    .map_err(|error| WriteError::new(&path, "cannot be kept", &error))?;
            }
        }
    }
    for (name, bytes) in files {
        let path = fresh.join(name);
        write(&path, bytes).map_err(|error| WriteError::new(&path, "cannot be written", &error))?;
    }
    if partial {
        let path = fresh.join(PARTIAL);
        let text = b"These results cover only the first paths of the run; see manifest.json.\n";
        write(&path, text).map_err(|error| WriteError::new(&path, "cannot be written", &error))?;
    }
    sync_folder(fresh)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Copies a file, a link or a folder with all it holds.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let kind = fs::symlink_metadata(from)?.file_type();
    if kind.is_dir() {
        fs::create_dir(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    #[cfg(unix)]
    if kind.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::copy(from, to)?;
    File::open(to)?.sync_all()
}

/// Whether the target exists (true) or not (false); an error when it holds what is not ours.
fn check_ours(target: &Path) -> Result<bool, WriteError> {
    let refuse = |what: &str, remedy| {
        Err(WriteError { path: target.to_owned(), what: what.to_owned(), remedy })
    };
    match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(WriteError::new(target, "cannot be read", &error)),
        Ok(found) if !found.is_dir() => {
            return refuse("is a file, not a folder", "choose another folder with --out");
        }
        Ok(_) => {}
    }
    if is_our_manifest(&target.join(MANIFEST)) {
        return Ok(true);
    }
    let foreign = entries(target)?.into_iter().find(|(_, name)| !is_dot(name));
    match foreign {
        None => Ok(true),
        Some((_, name)) => refuse(
            &format!("holds `{}` and no results of ustress, so it is left alone", name.display()),
            "choose a new or an empty folder with --out",
        ),
    }
}

fn is_our_manifest(path: &Path) -> bool {
    let text = fs::read(path).unwrap_or_default();
    let json = serde_json::from_slice::<serde_json::Value>(&text);
    json.is_ok_and(|json| json.get("ustress").is_some_and(serde_json::Value::is_string))
}

fn entries(folder: &Path) -> Result<Vec<(PathBuf, OsString)>, WriteError> {
    let unreadable = |error: io::Error| WriteError::new(folder, "cannot be read", &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        found.push((entry.path(), entry.file_name()));
    }
    found.sort();
    Ok(found)
}

fn is_dot(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Removes a folder with all it holds; nothing to do when it is gone.
fn remove(folder: &Path) -> Result<(), WriteError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(WriteError::new(folder, "cannot be removed", &error))
        }
        _ => Ok(()),
    }
}

fn sync_folder(folder: &Path) -> Result<(), WriteError> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|open| open.sync_all())
        .map_err(|error| WriteError::new(folder, "cannot be flushed to the disk", &error))?;
    let _ = folder;
    Ok(())
}

//! What in a folder of results is ours, and what is somebody's: the latter is carried over.

use super::error::WriteError;
use super::{MANIFEST, PARTIAL, SUSPECT, fault};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

/// In front of the name of a file that somebody changed, or whose name the new results need.
const KEPT: &str = "kept-";

/// The outputs that a manifest lists: name and SHA-256 in hexadecimal.
pub(super) type Listed = BTreeMap<String, String>;

/// The outputs that the manifest of a folder lists; none when it holds no manifest of ours.
pub(super) fn listed(folder: &Path) -> Option<Listed> {
    let path = folder.join(MANIFEST);
    fs::symlink_metadata(&path).ok().filter(|found| found.is_file())?;
    let json: serde_json::Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    json.get("ustress").filter(|version| version.is_string())?;
    let outputs = json.get("outputs").and_then(serde_json::Value::as_object);
    let hash = |facts: &serde_json::Value| {
        facts.get("sha256").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let outputs = outputs.into_iter().flatten();
    Some(outputs.map(|(name, facts)| (name.clone(), hash(facts))).collect())
}

/// Names in a folder, in order.
pub(super) fn names(folder: &Path) -> Result<Vec<OsString>, WriteError> {
    let unreadable = |error: std::io::Error| WriteError::new(folder, "cannot be read", &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        found.push(entry.map_err(unreadable)?.file_name());
    }
    found.sort();
    Ok(found)
}

/// Whether a file is one of ours, as we wrote it. The manifest and the marks always are.
fn is_ours(folder: &Path, name: &OsStr, listed: &Listed) -> bool {
    let Some(name) = name.to_str() else { return false };
    if [MANIFEST, PARTIAL, SUSPECT].contains(&name) {
        return fs::symlink_metadata(folder.join(name)).is_ok_and(|found| found.is_file());
    }
    listed.get(name).is_some_and(|hash| is_unchanged(&folder.join(name), hash))
}

/// Whether a regular file has this SHA-256.
fn is_unchanged(path: &Path, hash: &str) -> bool {
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) {
        return false;
    }
    let Ok(mut file) = File::open(path) else { return false };
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => digest.update(&piece[..count]),
            Err(_) => return false,
        }
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>() == hash
}

/// Carries what is somebody's from a folder into a new one, beside the results that stand there; gives the names that were
/// kept under another: what it was and what it is. `inputs` are carried over although they may be ours.
pub(super) fn carry(
    from: &Path,
    to: &Path,
    inputs: &BTreeSet<OsString>,
) -> Result<Vec<(String, String)>, WriteError> {
    let listed = listed(from).unwrap_or_default();
    let mut taken: BTreeSet<OsString> = names(to)?.into_iter().collect();
    let all = names(from)?;
    taken.extend(all.iter().cloned());
    let mut renamed = Vec::new();
    let stays = |name: &OsString| inputs.contains(name) || !is_ours(from, name, &listed);
    for name in all.iter().filter(|name| stays(name)) {
        let changed = name.to_str().is_some_and(|name| listed.contains_key(name));
        let changed = changed && !inputs.contains(name);
        let mut kept = name.clone();
        if changed || to.join(name).symlink_metadata().is_ok() {
            while taken.contains(&kept) {
                kept = [OsStr::new(KEPT), &kept].into_iter().collect();
            }
            let shown = |name: &OsStr| name.to_string_lossy().into_owned();
            renamed.push((shown(name), shown(&kept)));
            taken.insert(kept.clone());
        }
        let path = from.join(name);
        copy(&path, &to.join(&kept))
            .map_err(|error| WriteError::new(&path, "cannot be kept", &error))?;
    }
    Ok(renamed)
}

/// A second name for a file, the same link again, or a folder of these.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let kind = fs::symlink_metadata(from)?.file_type();
    if kind.is_symlink() {
        return fault::symlink(from, to);
    }
    if !kind.is_dir() {
        return fault::link(from, to);
    }
    fault::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    fault::sync(to)
}

/// Moves into a folder of results what is somebody's in an old one and came there after it had been looked through: all
/// else that is somebody's stands there already, under its name or as `kept-NAME`.
pub(super) fn bring(from: &Path, to: &Path) -> Result<(), WriteError> {
    let Some(listed) = listed(from) else { return bring_all(from, to, &|_| true) };
    bring_all(from, to, &|name| {
        let ours = [MANIFEST, PARTIAL, SUSPECT].map(OsStr::new).contains(&name);
        !ours && !name.to_str().is_some_and(|name| listed.contains_key(name))
    })
}

fn bring_all(from: &Path, to: &Path, wanted: &dyn Fn(&OsStr) -> bool) -> Result<(), WriteError> {
    let kept = |name: &OsStr| name.as_encoded_bytes().starts_with(KEPT.as_bytes());
    for name in names(from)?.iter().filter(|name| wanted(name) && !kept(name)) {
        let (path, place) = (from.join(name), to.join(name));
        let is_folder = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_dir());
        if place.symlink_metadata().is_err() {
            fault::rename(&path, &place)
                .map_err(|error| WriteError::new(&path, "cannot be kept", &error))?;
        } else if is_folder(&path) && is_folder(&place) {
            bring_all(&path, &place, &|_| true)?;
        }
    }
    Ok(())
}

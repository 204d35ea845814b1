//! The real files, beside the project; a clone does not have them.

use std::path::{Path, PathBuf};

/// Their folder, or a word that the test is skipped.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

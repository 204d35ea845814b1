//! A folder of results on disk: claimed before the work, written beside its target, exchanged with it when complete.
//!
//! * **Whose it is.** A folder is ours when it holds our manifest or nothing but dot files; another is refused at the claim,
//!   before anything runs. In ours, what the old manifest lists goes with the old results, and so do [`PARTIAL`] and
//!   [`SUSPECT`]; everything else (a workbook, notes, a folder, the scenario that is being run) is somebody's and is carried
//!   over, and so is what the new results are made from. A listed file that somebody has changed, or a foreign one whose name the new results need, is kept as
//!   `kept-NAME`.
//! * **Who writes.** The claim holds a lock until it is dropped: a second run into the folder, into one above or below it, is
//!   refused at once.
//! * **When.** Everything is written into the working folder `.NAME.ustress` beside the target. When it is complete and on
//!   the disk it takes the target's place in one step (two where the system cannot exchange names). A run that is killed
//!   leaves the old results or the new ones; the next claim puts right what it left.

mod claim;
mod error;
mod fault;
mod foreign;
mod lock;
mod place;

pub use claim::Folder;
pub use error::WriteError;

/// Name of the manifest, by which a folder is recognised as ours.
pub const MANIFEST: &str = "manifest.json";

/// Name of the file that stands beside partial results.
pub const PARTIAL: &str = "PARTIAL";

/// Name of the file that stands beside results of which too many left the world that the model knows.
pub const SUSPECT: &str = "SUSPECT";

#[cfg(test)]
mod tests;

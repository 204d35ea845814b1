//! The commands as functions that return text; only the binary prints it.

mod library;
mod scenarios;

pub use library::Library;
pub use scenarios::{Checked, check, explain, list, schema, show};

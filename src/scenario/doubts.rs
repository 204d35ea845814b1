//! placeholder
use super::diagnostic::{Diagnostic, SourceFile};
use super::layers::State;
use super::resolve::Resolved;
pub(super) fn warn(_: &State<'_>, _: &Resolved, _: &SourceFile, _: &mut Vec<Diagnostic>) {}

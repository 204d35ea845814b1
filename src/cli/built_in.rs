//! The scenarios that the binary carries.

use super::Library;

macro_rules! scenarios {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

/// The built-in library: `baseline`, the parent of all, first.
pub const LIBRARY: Library = Library { built_in: scenarios!["baseline", "managed_adjustment",] };

//! Golden runs: the whole library, small, byte for byte. A change of results is accepted by
//! `cargo test --test golden -- --ignored accept` and explained in the CHANGELOG.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use command::answer;
use std::path::{Path, PathBuf};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Files on record: small, and between them every number of the report.
const FILES: [&str; 2] = ["summary.csv", "attribution.csv"];

fn run(home: &Path) {
    let arguments = ["run", "--paths", "256", "--seed", "7", "--quiet"];
    let (code, _, errors) = answer(home, &arguments);
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn the_library_gives_the_results_on_record() {
    let home = tempfile::tempdir().unwrap();
    run(home.path());
    for name in FILES {
        let new = std::fs::read_to_string(home.path().join("output").join(name)).unwrap();
        let old = std::fs::read_to_string(golden(name)).unwrap();
        let differ = old.lines().zip(new.lines()).find(|(old, new)| old != new);
        assert!(differ.is_none(), "{name}:\n- {}\n+ {}", differ.unwrap().0, differ.unwrap().1);
        assert_eq!(old.len(), new.len(), "{name}");
    }
}

#[test]
#[ignore = "accepts the results of today as the record"]
fn accept() {
    let home = tempfile::tempdir().unwrap();
    run(home.path());
    std::fs::create_dir_all(golden("")).unwrap();
    for name in FILES {
        std::fs::copy(home.path().join("output").join(name), golden(name)).unwrap();
    }
}

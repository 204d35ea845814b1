//! Golden runs: the whole library, small, byte for byte. A change of results is accepted by
//! `cargo test --test golden -- --ignored accept` and explained in the CHANGELOG.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Files on record: small, and between them every number of the report.
const FILES: [&str; 2] = ["summary.csv", "attribution.csv"];

fn run(home: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_ustress"))
        .current_dir(home)
        .args(["run", "--paths", "256", "--seed", "7", "--quiet"])
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
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

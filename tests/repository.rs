//! The repository keeps its own rules: direction of imports, sources of numbers, sizes of files, shipped scenarios.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use ustress::cli::LIBRARY;
use ustress::model::CATALOGUE;
use ustress::scenario::UNSOURCED;

/// Modules from left to right: each may use those before it.
const ORDER: [&[&str]; 11] = [
    &["error", "num", "text", "files", "folder"],
    &["scenario", "data"],
    &["model"],
    &["engine"],
    &["stats"],
    &["report"],
    &["simulate"],
    &["compare", "sweep", "sensitivity", "reverse", "calibrate", "replay"],
    &["plausibility"],
    &["claims", "selftest"],
    &["cli"],
];

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|group| group.contains(&module))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Modules that a text uses by `crate::`.
fn uses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split("crate::").skip(1) {
        if let Some(group) = part.strip_prefix('{') {
            let inside = group.split('}').next().unwrap_or_default();
            found.extend(inside.split(',').map(|name| name.trim().to_owned()));
        } else {
            let end = part.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(part.len());
            found.push(part[..end].to_owned());
        }
    }
    found
}

#[test]
fn no_module_uses_one_to_its_right() {
    let source = root().join("src");
    let mut arrows = 0;
    for file in sources(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let module = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some(own) = rank(module) else { continue };
        for used in uses(&std::fs::read_to_string(&file).unwrap()) {
            // `error` stands left of all and carries the errors of all.
            let Some(other) = rank(&used).filter(|_| module != "error") else { continue };
            arrows += 1;
            assert!(other <= own, "{} uses crate::{used}", inside.display());
        }
    }
    assert!(arrows > 50, "{arrows} arrows found");
    assert_eq!(uses("use crate::num::x; use crate::{model, cli::y};"), ["num", "model", "cli::y"]);
}

#[test]
fn channels_do_not_use_each_other() {
    let channels = CATALOGUE.channels;
    for channel in channels {
        let text = std::fs::read_to_string(root().join(format!("src/model/{channel}.rs"))).unwrap();
        for other in channels.iter().filter(|other| *other != channel) {
            let code: Vec<&str> =
                text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            assert!(!code.join("\n").contains(&format!("{other}::")), "{channel} uses {other}");
        }
    }
}

#[test]
fn every_default_has_a_source() {
    for known in CATALOGUE.declarations() {
        assert_eq!(
            known.default.is_some(),
            !known.source.is_empty(),
            "{}.{}",
            known.table,
            known.name
        );
        assert!(!known.unit.is_empty() && known.about.trim().ends_with('.'), "{}", known.name);
        assert!(known.low < known.high, "{}.{}", known.table, known.name);
    }
}

#[test]
fn every_shipped_number_has_a_source_and_no_file_a_warning() {
    for (name, _) in LIBRARY.built_in {
        let loaded = LIBRARY.load(name, &[], &CATALOGUE).unwrap_or_else(|error| panic!("{error}"));
        if let Some(warning) = loaded.warnings.first() {
            panic!("{name}: {}", warning.render());
        }
        for number in &loaded.scenario.quantities {
            assert_ne!(number.source, UNSOURCED, "{name}: {}", number.address);
        }
        if *name != "baseline" {
            assert!(loaded.scenario.story.len() > 80, "{name} has no story");
        }
    }
}

#[test]
fn every_shipped_file_is_in_the_library() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut names: Vec<String> =
        LIBRARY.built_in.iter().map(|(name, _)| (*name).to_owned()).collect();
    files.sort();
    names.sort();
    assert_eq!(files, names);
}

#[test]
fn no_file_is_a_warehouse() {
    for file in sources(&root().join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text.lines().count() <= 500,
            "{} has {} lines",
            file.display(),
            text.lines().count()
        );
        assert!(text.starts_with("//!"), "{} does not say what it is", file.display());
    }
}

/// nalgebra multiplies by `matrixmultiply`, which picks fused operations at run time, only with its `std`; and `num-traits`
/// takes the platform's functions only with its own.
#[test]
fn no_package_brings_the_mathematics_of_the_platform() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    assert!(lock.contains("name = \"nalgebra\"") && !lock.contains("matrixmultiply"));
    let tree = std::process::Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "normal,features",
            "--invert",
            "num-traits",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("nalgebra") && tree.contains("rand_distr"), "{tree}");
    assert!(!tree.contains("num-traits feature \"std\""), "{tree}");
}

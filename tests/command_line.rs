//! The binary, run as a user runs it: results, exit codes, pipes, stops.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use command::{command, interrupted, results, text, ustress};
use std::path::Path;
use std::process::Stdio;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_run_writes_every_file_and_prints_the_table_without_colours() {
    let home = folder();
    let out = ustress(
        home.path(),
        &["run", "managed_adjustment", "--paths", "2000", "--keep-paths", "5"],
    );
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let table = text(&out.stdout);
    assert!(table.contains("managed_adjustment") && !table.contains('\u{1b}'), "{table}");
    let names =
        ["summary", "quantiles", "statistics", "attribution", "flows", "fan", "histogram", "paths"];
    for name in names {
        let file = results(home.path()).join(format!("{name}.csv"));
        let mut rows = csv::Reader::from_path(&file).unwrap();
        assert!(rows.records().map(Result::unwrap).count() > 0, "{name}");
    }
    let manifest = std::fs::read_to_string(results(home.path()).join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["seed"], 20_260_701);
    assert_eq!(manifest["paths_done"], 2000);
    assert_eq!(manifest["partial"], false);
}

#[test]
fn the_same_run_gives_the_same_bytes_and_another_seed_does_not() {
    let home = folder();
    let run = |out: &str, seed: &str, threads: &str| {
        let arguments = [
            "run",
            "managed_adjustment",
            "--paths",
            "1000",
            "--out",
            out,
            "--seed",
            seed,
            "--threads",
            threads,
        ];
        assert_eq!(ustress(home.path(), &arguments).status.code(), Some(0));
        std::fs::read(home.path().join(out).join("quantiles.csv")).unwrap()
    };
    assert!(run("a", "0", "1") == run("b", "0", "3"));
    assert!(run("c", "1", "1") != run("a", "0", "2"));
}

#[test]
fn bad_input_is_exit_2_with_the_name_and_a_remedy() {
    let home = folder();
    std::fs::write(home.path().join("bad.toml"), "title = \"x\"\n[boj]\nhike_probabilty = 0.3\n")
        .unwrap();
    for (arguments, needle) in [
        (vec!["run", "bad.toml"], "hike_probability"),
        (vec!["check", "bad.toml"], "hike_probability"),
        (vec!["run", "managed_adjustmnt"], "managed_adjustment"),
        (vec!["run", "missing.toml"], "missing.toml"),
        (vec!["run", "managed_adjustment", "--until", "p99 +-0.5bp of nothing"], "nothing"),
        (vec!["run", "managed_adjustment", "--until", "p99 +-0.5bp at 7y"], "7y"),
        (vec!["run", "managed_adjustment", "--set", "boj.hike_probability=2"], "hike_probability"),
        (vec!["run", "--paths", "0"], "--paths"),
        (vec!["explain", "carry_unwnd"], "carry_unwind"),
        (vec!["fly"], "fly"),
    ] {
        let out = ustress(home.path(), &arguments);
        let said = text(&out.stderr) + &text(&out.stdout);
        assert_eq!(out.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(needle), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    assert!(!home.path().join("output").exists());
}

#[test]
fn an_unusable_folder_is_exit_1_and_a_foreign_one_is_left_alone() {
    let home = folder();
    let mine = home.path().join("mine");
    std::fs::create_dir(&mine).unwrap();
    std::fs::write(mine.join("thesis.tex"), "years of work").unwrap();
    let out =
        ustress(home.path(), &["run", "managed_adjustment", "--paths", "300", "--out", "mine"]);
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stderr));
    assert!(text(&out.stderr).contains("mine"));
    assert_eq!(std::fs::read_to_string(mine.join("thesis.tex")).unwrap(), "years of work");
    let out = ustress(
        home.path(),
        &["run", "managed_adjustment", "--paths", "300", "--out", "mine/thesis.tex/x"],
    );
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stderr));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let home = folder();
    let mut schema = command(home.path(), &["schema"]);
    let mut child = schema.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn until_stops_early_or_says_that_the_cap_came_first() {
    let home = folder();
    let early =
        ["run", "managed_adjustment", "--paths", "200000", "--until", "mean +-0.2bp", "--quiet"];
    assert_eq!(ustress(home.path(), &early).status.code(), Some(0));
    let summary = std::fs::read_to_string(results(home.path()).join("summary.csv")).unwrap();
    let paths: u64 = summary.lines().nth(1).unwrap().split(',').nth(3).unwrap().parse().unwrap();
    assert!((4_096..200_000).contains(&paths), "{paths}");
    let checks = std::fs::read_to_string(results(home.path()).join("convergence.csv")).unwrap();
    let header = "scenario,paths,metric,unit,horizon,statistic,value,half_width_95,bound\n";
    let first = "managed_adjustment,4096,impact_10y_bp,bp,end,mean,";
    assert!(checks.starts_with(&format!("{header}{first}")), "{checks}");
    assert!(!results(home.path()).join("PARTIAL").exists());
    let never =
        ["run", "managed_adjustment", "--paths", "5000", "--until", "mean +-0.0001bp", "--quiet"];
    assert_eq!(ustress(home.path(), &never).status.code(), Some(3));
    assert!(results(home.path()).join("PARTIAL").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_cleanly_with_the_first_paths() {
    let home = folder();
    let typed = ["run", "managed_adjustment", "--paths", "1000000000", "--progress", "json"];
    let out = interrupted(home.path(), &typed);
    assert_eq!(out.status.code(), Some(3), "{}", text(&out.stderr));
    assert!(results(home.path()).join("PARTIAL").exists());
    let manifest = std::fs::read_to_string(results(home.path()).join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["partial"], true);
    let paths = manifest["paths_done"].as_u64().unwrap();
    assert!(paths > 0 && paths.is_multiple_of(256));
    // What was written is what a whole run of that many paths writes.
    let partial = std::fs::read(results(home.path()).join("summary.csv")).unwrap();
    let count = paths.to_string();
    let whole = ["run", "managed_adjustment", "--paths", &count, "--out", "whole", "--quiet"];
    assert_eq!(ustress(home.path(), &whole).status.code(), Some(0));
    assert!(partial == std::fs::read(home.path().join("whole/summary.csv")).unwrap());
}

#[test]
fn the_inspecting_commands_answer() {
    let home = folder();
    for (arguments, needle) in [
        (vec!["list"], "managed_adjustment"),
        (vec!["show", "managed_adjustment"], "hike_probability"),
        (vec!["check", "managed_adjustment"], "ok"),
        (vec!["schema"], "\"$schema\""),
        (vec!["explain", "carry_unwind"], "tolerance_pct"),
        (vec!["explain", "official_sale"], "credibility"),
        (vec!["--version"], env!("CARGO_PKG_VERSION")),
        (vec!["--help"], "10-year"),
    ] {
        let out = ustress(home.path(), &arguments);
        assert_eq!(out.status.code(), Some(0), "{arguments:?}");
        let said = text(&out.stdout);
        assert!(said.contains(needle), "{arguments:?}: {said}");
    }
}

#[test]
fn folders_and_settings_choose_what_runs() {
    let home = folder();
    let files = home.path().join("mine");
    std::fs::create_dir(&files).unwrap();
    for name in ["b", "a"] {
        std::fs::write(
            files.join(format!("{name}.toml")),
            format!("title = \"{name}\"\nhorizon = \"1w\"\n"),
        )
        .unwrap();
    }
    let arguments =
        ["run", "mine", "--paths", "300", "--set", "impact.prior=beltran2013", "--quiet"];
    let out = ustress(home.path(), &arguments);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let summary = std::fs::read_to_string(results(home.path()).join("summary.csv")).unwrap();
    let first = summary.lines().nth(1).unwrap();
    assert!(first.starts_with("a,"), "{first}");
    let manifest = std::fs::read_to_string(results(home.path()).join("manifest.json")).unwrap();
    assert!(manifest.contains("beltran2013"));
}

#[test]
fn every_broken_file_of_the_corpus_is_refused_by_the_binary() {
    let home = folder();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut files = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let out = ustress(home.path(), &["check", path.to_str().unwrap()]);
        let said = text(&out.stdout) + &text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{}: {said}", path.display());
        assert!(said.contains("error: ") && !said.contains("panicked"), "{said}");
        files += 1;
    }
    assert!(files >= 60, "{files} broken files");
}

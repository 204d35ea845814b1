//! Nothing is lost: users' files, runs at the same time, signals, and runs that need more memory than there is.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a test may panic

#[path = "common/command.rs"]
mod command;

use command::{answer, signal, started, text};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// More paths than any test waits for.
const LONG: [&str; 4] = ["--paths", "400000000", "--progress", "json"];

/// Waits until paths have been simulated, by the progress on stderr; gives what can be read there afterwards.
fn under_way(child: &mut Child) -> impl FnOnce() -> String + use<> {
    beyond(child, 1)
}

/// The same, waiting for that many paths.
fn beyond(child: &mut Child, paths: u64) -> impl FnOnce() -> String + use<> {
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        assert!(reader.read_line(&mut line).unwrap() > 0, "ended at once: {seen}");
        seen.push_str(&line);
        let progress = serde_json::from_str::<serde_json::Value>(&line).unwrap_or_default();
        if progress["paths_done"].as_u64().is_some_and(|done| done >= paths) {
            break;
        }
    }
    move || {
        reader.read_to_string(&mut seen).unwrap();
        seen
    }
}

/// Starts a command that would run for long, sends a signal when it is under way, and gives exit code and errors.
fn stopped_by(name: &str, home: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = started(home, &[arguments, &LONG].concat());
    let rest = under_way(&mut child);
    signal(&child, name);
    let code = child.wait().unwrap().code();
    (code, rest())
}

#[test]
fn every_command_that_simulates_stops_for_term_and_hup() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let [a, b] = ["managed_adjustment", "boj_pause"];
    let target = ["reverse", a, "--target", "impact_10y_bp >= 5"];
    for (signal, arguments, folder) in [
        ("TERM", vec!["run", a], "managed_adjustment"),
        ("HUP", vec!["run", a, b], "run"),
        ("INT", vec![], "library"),
        ("TERM", target.to_vec(), "reverse-managed_adjustment"),
        ("HUP", vec!["sensitivity", a], "sensitivity-managed_adjustment"),
        ("TERM", vec!["plausibility", b], "plausibility-boj_pause"),
    ] {
        let arguments = if arguments.is_empty() { vec!["run"] } else { arguments };
        let (code, errors) = stopped_by(signal, home, &arguments);
        assert_eq!(code, Some(3), "{arguments:?}: {errors}");
        let folder = home.join("output").join(folder);
        assert!(folder.join("PARTIAL").exists(), "{arguments:?}: {errors}");
        let manifest = std::fs::read(folder.join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(manifest["partial"], true, "{arguments:?}");
    }
}

/// Some commands are interrupted between parts: what is whole is written, else nothing.
#[test]
fn claims_compare_and_sweep_stop_too() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let compare = ["compare", "managed_adjustment", "boj_pause", "--no-waterfall"];
    let mut child =
        started(home, &[&compare[..], &["--paths", "9000000", "--progress", "json"]].concat());
    let rest = under_way(&mut child);
    signal(&child, "TERM");
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(3), "{}", rest());
    let vary = ["sweep", "managed_adjustment", "--vary", "impact.matched_share=0..1:400"];
    let few = ["--paths", "4096", "--progress", "json", "--set", "horizon=1w"];
    for arguments in [
        [&vary[..], &few[..]].concat(),
        ["claims", "--paths", "30000", "--progress", "json"].to_vec(),
    ] {
        let mut child = started(home, &arguments);
        let rest = beyond(&mut child, 3 * 30_000);
        signal(&child, "TERM");
        let code = child.wait().unwrap().code();
        let errors = rest();
        assert_eq!(code, Some(3), "{arguments:?}: {errors}");
    }
    let sweep = home.join("output/sweep-managed_adjustment");
    assert!(
        sweep.join("PARTIAL").exists()
            && home.join("output/.sweep-managed_adjustment.sweep").exists()
    );
    let claims = std::fs::read_to_string(home.join("output/claims/claims.csv")).unwrap();
    assert!(home.join("output/claims/PARTIAL").exists());
    let rows = claims.lines().count() - 1;
    assert!((1..19).contains(&rows), "{rows} claims answered");
}

/// As under `nohup`, and as a script's background jobs are with Ctrl-C.
#[test]
fn an_ignored_signal_stays_ignored() {
    let home = tempfile::tempdir().unwrap();
    let run = format!(
        "trap '' HUP INT; exec {} run managed_adjustment {}",
        env!("CARGO_BIN_EXE_ustress"),
        LONG.join(" ")
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &run]).current_dir(home.path()).stderr(Stdio::piped()).stdout(Stdio::piped());
    let mut child = shell.spawn().unwrap();
    let rest = under_way(&mut child);
    signal(&child, "HUP");
    signal(&child, "INT");
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert!(child.try_wait().unwrap().is_none(), "it was stopped by a signal that is ignored");
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(3), "{}", rest());
    assert!(home.path().join("output/managed_adjustment/PARTIAL").exists());
}

#[test]
fn a_second_signal_ends_at_once_and_names_what_is_left() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let vary = ["sweep", "managed_adjustment", "--vary", "impact.matched_share=0..1:4"];
    let whole = [&vary[..], &["--paths", "300", "--quiet", "--out", "mine"]].concat();
    assert_eq!(answer(home, &whole).0, Some(0));
    let old = std::fs::read(home.join("mine/sweep.csv")).unwrap();
    let mut child = started(home, &[&vary[..], &LONG, &["--out", "mine"]].concat());
    let rest = under_way(&mut child);
    // two different ones, as two of the same may arrive as one
    signal(&child, "INT");
    signal(&child, "TERM");
    let code = child.wait().unwrap().code();
    let errors = rest();
    assert_eq!(code, Some(130), "{errors}");
    assert!(errors.contains(".mine.ustress") && errors.contains(".mine.sweep"), "{errors}");
    assert_eq!(std::fs::read(home.join("mine/sweep.csv")).unwrap(), old);
    // the next run clears up
    std::fs::remove_file(home.join(".mine.sweep")).unwrap();
    assert_eq!(answer(home, &whole).0, Some(0));
    assert!(!home.join(".mine.ustress").exists() && !home.join(".mine.sweep").exists());
}

#[test]
fn of_four_runs_into_a_new_folder_one_runs() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let arguments = [&["run", "managed_adjustment", "--out", "new/folder"][..], &LONG].concat();
    let mut runs: Vec<Child> = (0..4).map(|_| started(home, &arguments)).collect();
    let mut refused = 0;
    while runs.len() > 1 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        let mut ended = None;
        for (index, run) in runs.iter_mut().enumerate() {
            if run.try_wait().unwrap().is_some() {
                ended = Some(index);
            }
        }
        let Some(index) = ended else { continue };
        let out = runs.remove(index).wait_with_output().unwrap();
        let errors = text(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{errors}");
        assert!(errors.contains("another run is writing it"), "{errors}");
        assert!(!errors.contains("paths_done"), "refused after work: {errors}");
        refused += 1;
    }
    assert_eq!(refused, 3);
    let mut last = runs.remove(0);
    let rest = under_way(&mut last);
    signal(&last, "TERM");
    assert_eq!(last.wait().unwrap().code(), Some(3), "{}", rest());
    assert!(home.join("new/folder/PARTIAL").exists());
    assert_eq!(std::fs::read_dir(home.join("new")).unwrap().count(), 1);
}

/// Every pairing of two commands on one folder: one writes it, the other is told at once.
#[test]
fn any_two_commands_on_one_folder() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let commands: [&[&str]; 7] = [
        &["run", "managed_adjustment"],
        &["compare", "managed_adjustment", "boj_pause"],
        &["sweep", "managed_adjustment", "--vary", "impact.matched_share=0,1"],
        &["sensitivity", "managed_adjustment"],
        &["reverse", "managed_adjustment", "--target", "impact_10y_bp >= 5"],
        &["plausibility", "managed_adjustment"],
        &["claims"],
    ];
    for first in commands {
        let long = ["--out", "one", "--paths", "9000000", "--progress", "json"];
        let mut child = started(home, &[first, &long].concat());
        let rest = under_way(&mut child);
        for second in commands {
            let (code, _, errors) =
                answer(home, &[second, &["--out", "one", "--paths", "300"]].concat());
            assert_eq!(code, Some(1), "{first:?} then {second:?}: {errors}");
            assert!(errors.contains("another run is writing it"), "{errors}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        drop(rest);
    }
    let _ = std::fs::remove_file(home.join(".one.sweep"));
    assert_eq!(
        answer(home, &["run", "managed_adjustment", "--paths", "300", "--out", "one"]).0,
        Some(0)
    );
    assert_eq!(
        std::fs::read_dir(home).unwrap().count(),
        1,
        "the dead leave nothing after the next run"
    );
}

#[test]
fn what_users_keep_beside_the_results_stays() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let run =
        |arguments: &[&str]| answer(home, &[arguments, &["--paths", "300", "--quiet"]].concat());
    assert_eq!(run(&["run", "boj_pause", "--keep-paths", "10"]).0, Some(0));
    let folder = home.join("output/boj_pause");
    std::fs::write(folder.join("board.xlsx"), "a workbook").unwrap();
    std::fs::create_dir(folder.join("charts")).unwrap();
    std::fs::write(folder.join("charts/one.png"), "a picture").unwrap();
    std::fs::write(folder.join("boj_pause.toml"), "title = \"mine\"\nhorizon = \"1w\"\n").unwrap();
    let noted = std::fs::read_to_string(folder.join("paths.csv")).unwrap() + "my note\n";
    std::fs::write(folder.join("paths.csv"), &noted).unwrap();
    // the scenario that runs lies among the results that it replaces
    let (code, _, errors) = run(&["run", "output/boj_pause/boj_pause.toml"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains("kept paths.csv of output/boj_pause as kept-paths.csv"), "{errors}");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("board.xlsx"), "a workbook");
    assert_eq!(read("charts/one.png"), "a picture");
    assert_eq!(read("kept-paths.csv"), noted);
    assert!(read("boj_pause.toml").contains("mine") && !folder.join("paths.csv").exists());
    assert!(read("summary.csv").contains("boj_pause,1w,"));
    // what an analysis rests on stays, though it is one of the results that it replaces
    assert_eq!(run(&["run", "boj_pause", "--keep-paths", "300", "--out", "here"]).0, Some(0));
    let given = ["sensitivity", "--given", "here/paths.csv", "--output", "impact_10y_bp"];
    let (code, _, errors) = run(&[&given[..], &["--out", "here"]].concat());
    assert_eq!(code, Some(0), "{errors}");
    assert!(home.join("here/sensitivity.csv").exists() && home.join("here/paths.csv").exists());
    // no command's results replace another's
    assert_eq!(run(&["sensitivity", "boj_pause"]).0, Some(0));
    assert_eq!(run(&["run", "boj_pause", "boj_fast_hikes"]).0, Some(0));
    assert!(read("summary.csv").contains("boj_pause,1w,"));
    for other in ["sensitivity-boj_pause", "run"] {
        assert!(home.join("output").join(other).join("summary.csv").exists(), "{other}");
    }
}

#[test]
fn more_memory_than_there_is_is_refused_before_the_run() {
    let home = tempfile::tempdir().unwrap();
    let limited = |arguments: &str| {
        let run = format!("ulimit -v 700000; exec {} {arguments}", env!("CARGO_BIN_EXE_ustress"));
        let out = Command::new("sh").args(["-c", &run]).current_dir(home.path()).output().unwrap();
        (out.status.code(), text(&out.stderr))
    };
    let few = "run boj_pause --paths 300 --threads 1 --keep-paths";
    let (code, errors) = limited(&format!("{few} 300"));
    assert_eq!(code, Some(0), "{errors}");
    for (arguments, remedy) in [
        ("run boj_pause --paths 1000000 --threads 1 --keep-paths 1000000", "--keep-paths"),
        ("run boj_pause --paths 100000000 --threads 1000", "--threads"),
        ("compare boj_pause boj_fast_hikes --paths 20000000 --threads 1", "--no-waterfall"),
    ] {
        let (code, errors) = limited(arguments);
        assert_eq!(code, Some(2), "{arguments}: {errors}");
        assert!(errors.contains("GiB of memory") && errors.contains(remedy), "{errors}");
        assert!(errors.contains("the limit of the process"), "{errors}");
    }
}

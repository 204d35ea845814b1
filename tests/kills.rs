//! kill −9 at random moments of real commands and of the exchange of folders: the results are the old ones or the new
//! ones, whole. Long: `cargo test --release --test kills -- --ignored --nocapture`.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a test may panic

#[path = "common/command.rs"]
mod command;
#[path = "common/shared.rs"]
mod shared;

use command::{answer, command};
use rand::{RngExt as _, SeedableRng as _};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Kills in all.
const ROUNDS: u32 = 1000;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// All files below a folder that are results, with their bytes.
fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.insert(path.file_name().unwrap().into(), std::fs::read(&path).unwrap());
    }
    found
}

/// A command with two settings that give different results, and what beside the folder may stay.
struct Case {
    name: &'static str,
    old: Vec<String>,
    new: Vec<String>,
}

fn case(name: &'static str, common: &[&str], old: &[&str], new: &[&str]) -> Case {
    let all = |more: &[&str]| {
        let words = common.iter().chain(more).chain(&["--quiet", "--out", "results"]);
        words.map(|word| (*word).to_owned()).collect()
    };
    Case { name, old: all(old), new: all(new) }
}

fn cases() -> Vec<Case> {
    let few = ["--seed", "1"];
    let other = ["--seed", "2"];
    let vary = "impact.matched_share=0..1:3";
    let mut cases = vec![
        case("run", &["run", "boj_pause", "--paths", "700", "--keep-paths", "300"], &few, &other),
        case(
            "compare",
            &["compare", "boj_pause", "boj_fast_hikes", "--paths", "600", "--no-waterfall"],
            &few,
            &other,
        ),
        case("sweep", &["sweep", "boj_pause", "--vary", vary, "--paths", "500"], &few, &other),
    ];
    if let Some(data) = shared::shared() {
        let data = data.canonicalize().unwrap();
        let replay = ["replay", "--paths", "300", "--data", data.to_str().unwrap()];
        cases.push(case("replay", &replay, &few, &other));
    }
    cases
}

fn words(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Results of a command on a clean place, and how long they took.
fn made(arguments: &[String]) -> (Files, Duration) {
    let home = tempfile::tempdir().unwrap();
    let clock = Instant::now();
    let (code, _, errors) = answer(home.path(), &words(arguments));
    assert_eq!(code, Some(0), "{errors}");
    (files(&home.path().join("results")), clock.elapsed())
}

#[test]
#[ignore = "long: see .ci/long"]
fn killed_at_any_moment_the_results_are_old_or_new() {
    let cases = cases();
    let each = ROUNDS.div_ceil(cases.len() as u32);
    let mut random = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(10);
    for Case { name, old, new } in cases {
        let ((old_files, _), (new_files, mut took)) = (made(&old), made(&new));
        assert!(old_files != new_files);
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("results");
        let note = target.join("note.txt");
        let (code, _, errors) = answer(home.path(), &words(&old));
        assert_eq!(code, Some(0), "{name}: {errors}");
        std::fs::write(&note, "mine").unwrap();
        let (mut kept, mut replaced, mut left, mut late) = (0, 0, 0, 0);
        let mut is_old = true;
        for round in 0..each {
            let (before, typed, after) = match is_old {
                true => (&old_files, &new, &new_files),
                false => (&new_files, &old, &old_files),
            };
            let mut child = command(home.path(), &words(typed))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // half of the moments lie in the last tenth, where the folder is written
            let share = if random.random_bool(0.5) {
                random.random_range(0.0..1.1)
            } else {
                random.random_range(0.85..1.1)
            };
            std::thread::sleep(took.mul_f64(share));
            let ended = child.try_wait().unwrap().is_some();
            late += u32::from(ended);
            took = took.mul_f64(if ended { 0.96 } else { 1.02 }); // others may be at work on the machine
            let _ = child.kill();
            child.wait().unwrap();
            assert_eq!(std::fs::read_to_string(&note).unwrap(), "mine", "{name}, round {round}");
            let found = files_without_note(&target);
            let (stayed, came) = (found == *before, found == *after);
            assert!(stayed || came, "{name}, round {round}: a mixture {:?}", found.keys());
            kept += u32::from(stayed);
            replaced += u32::from(came);
            left += u32::from(home.path().join(".results.ustress").exists());
            if came {
                // the journal of the other sweep goes, as its error says
                let _ = std::fs::remove_file(home.path().join(".results.sweep"));
                is_old = !is_old;
            }
        }
        let _ = std::fs::remove_file(home.path().join(".results.sweep"));
        // whatever was left, the next run gives what it gives on a clean place, and clears up
        let (code, _, errors) = answer(home.path(), &words(&new));
        assert_eq!(code, Some(0), "{name}: {errors}");
        assert!(files_without_note(&target) == new_files);
        let names: Vec<String> = std::fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names, ["results"], "{name}");
        println!(
            "{name}: {each} kills, {late} after the end, {kept} old, {replaced} new, {left} left a working folder"
        );
        assert!(left > each / 10 && replaced > each / 20, "{name}: killed at dull moments");
    }
}

/// The results of a folder, in which a note lies that is not theirs.
fn files_without_note(folder: &Path) -> Files {
    let mut found = files(folder);
    found.remove(Path::new("note.txt"));
    found
}

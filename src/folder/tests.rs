//! Every change of the disk fails once, and is once the last before a kill: results old or new, and nothing of anybody lost.
#![allow(clippy::unwrap_used)] // a test may panic

use super::fault::plan::{arm, seen};
use super::{Folder, WriteError};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

type Files = BTreeMap<String, Vec<u8>>;

/// Results of a run that carry a mark, with a manifest that lists them.
pub(super) fn results(mark: u64) -> Files {
    let mut files: Files = (0..3)
        .map(|index| (format!("table{index}.csv"), format!("{mark},{index}\n").repeat(40).into()))
        .collect();
    if mark == 2 {
        files.insert("further.csv".into(), b"new\n".to_vec());
    }
    let hash = |bytes: &Vec<u8>| {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let outputs: BTreeMap<_, _> = files
        .iter()
        .map(|(name, bytes)| (name.clone(), serde_json::json!({ "sha256": hash(bytes) })))
        .collect();
    let manifest = serde_json::json!({ "ustress": "0", "mark": mark, "outputs": outputs });
    files.insert("manifest.json".into(), manifest.to_string().into());
    files
}

fn write(target: &Path, mark: u64) -> Result<Vec<(String, String)>, WriteError> {
    Folder::claim(target)?.write(&results(mark), mark == 1)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Results of mark 1 with what somebody put there.
fn lived_in() -> (TempDir, PathBuf) {
    let home = TempDir::new().unwrap();
    let target = home.path().join("results");
    fs::create_dir(&target).unwrap();
    fs::write(target.join(".gitignore"), "*\n").unwrap();
    write(&target, 1).unwrap();
    fs::write(target.join("board.xlsx"), "workbook").unwrap();
    fs::create_dir_all(target.join("notes/deep")).unwrap();
    fs::write(target.join("notes/deep/a.txt"), "notes").unwrap();
    fs::write(target.join("mine.toml"), "title = \"mine\"").unwrap();
    fs::write(target.join("table1.csv"), "changed by hand").unwrap();
    fs::write(target.join("further.csv"), "mine, not yours").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("notes/deep", target.join("short")).unwrap();
    (home, target)
}

/// The mark of the results, which are whole, with all that is somebody's beside them.
fn check(target: &Path, story: &str) -> u64 {
    let manifest: serde_json::Value =
        serde_json::from_str(&read(&target.join("manifest.json"))).expect(story);
    let mark = manifest["mark"].as_u64().unwrap();
    for (name, bytes) in results(mark) {
        let changed = mark == 1 && name == "table1.csv";
        assert!(changed || read(&target.join(&name)).into_bytes() == bytes, "{story}: {name}");
    }
    assert_eq!(target.join("PARTIAL").exists(), mark == 1, "{story}");
    for (name, text) in [
        (".gitignore", "*\n"),
        ("board.xlsx", "workbook"),
        ("notes/deep/a.txt", "notes"),
        ("short/a.txt", "notes"),
        ("mine.toml", "title = \"mine\""),
        (if mark == 1 { "table1.csv" } else { "kept-table1.csv" }, "changed by hand"),
        (if mark == 1 { "further.csv" } else { "kept-further.csv" }, "mine, not yours"),
    ] {
        assert_eq!(read(&target.join(name)), text, "{story}: {name}");
    }
    let count = fs::read_dir(target).unwrap().count();
    assert_eq!(count, if mark == 1 { 11 } else { 12 }, "{story}");
    mark
}

fn beside(home: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(home.path()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn what_is_somebodys_is_carried_over() {
    for plain in [false, true] {
        let (home, target) = lived_in();
        assert_eq!(check(&target, "before"), 1);
        arm(None, false, plain);
        let renamed = write(&target, 2).unwrap();
        arm(None, false, false);
        let pair = |name: &str| (name.to_owned(), format!("kept-{name}"));
        assert_eq!(renamed, [pair("further.csv"), pair("table1.csv")]);
        assert_eq!(check(&target, "after"), 2);
        assert_eq!(beside(&home), ["results"]);
        // again: the kept ones stay under their names, and the old results go as a whole
        assert_eq!(write(&target, 2).unwrap(), []);
        assert_eq!(check(&target, "again"), 2);
        write(&target, 3).unwrap();
        assert!(!target.join("further.csv").exists());
        assert_eq!(read(&target.join("kept-further.csv")), "mine, not yours");
    }
}

/// Every change of the disk in turn fails, or is the last before a kill.
#[test]
fn old_or_new_whatever_change_fails() {
    let mut failures = 0;
    for (kill, plain) in [(false, false), (false, true), (true, false), (true, true)] {
        let (_home, target) = lived_in();
        arm(None, false, plain);
        write(&target, 2).unwrap();
        let changes = seen();
        assert!(changes > 30, "{changes} changes of the disk");
        for failing in 0..changes {
            let story = format!("change {failing} of {changes}, kill {kill}, plain {plain}");
            let (home, target) = lived_in();
            arm(Some(failing), kill, plain);
            let claimed = Folder::claim(&target).unwrap();
            let written = claimed.write(&results(2), false);
            if kill {
                std::mem::forget(claimed); // a killed process tidies nothing; its lock file stays
            } else {
                drop(claimed);
            }
            arm(None, false, false);
            let gap = plain && kill && !target.exists(); // between two renames
            if !gap {
                let mark = check(&target, &story);
                assert!(written.is_err() || mark == 2, "{story}");
            }
            if let Err(error) = written {
                failures += 1;
                assert!(error.to_string().contains("free some space"), "{story}: {error}");
            }
            if kill {
                // the lock of the dead is not held: here it is, by the value that was forgotten
                fs::remove_file(home.path().join(".results.ustress/lock")).unwrap();
            }
            drop(Folder::claim(&target).unwrap());
            check(&target, &story);
            assert_eq!(beside(&home), ["results"], "{story}");
        }
    }
    assert!(failures > 100, "{failures} failures");
}

#[test]
fn what_the_new_results_are_made_from_stays() {
    let (_home, target) = lived_in();
    let mut claimed = Folder::claim(&target).unwrap();
    claimed.keep(&target.join("table0.csv"));
    claimed.keep(&target.join("../results/table2.csv"));
    claimed.keep(Path::new("/nowhere/table1.csv"));
    let mut files = results(2);
    files.remove("table0.csv");
    let renamed = claimed.write(&files, false).unwrap();
    assert!(renamed.contains(&("table2.csv".to_owned(), "kept-table2.csv".to_owned())));
    assert_eq!(read(&target.join("table0.csv")).into_bytes(), results(1)["table0.csv"]);
    assert_eq!(read(&target.join("kept-table2.csv")).into_bytes(), results(1)["table2.csv"]);
    assert_eq!(read(&target.join("table2.csv")).into_bytes(), results(2)["table2.csv"]);
}

#[test]
fn a_file_saved_while_results_are_exchanged_is_brought_over() {
    let (home, target) = lived_in();
    // after the exchange a kill leaves the old results in the working folder, with what came late
    let ready = home.path().join(".results.ustress/ready");
    fs::create_dir_all(ready.parent().unwrap()).unwrap();
    fs::rename(&target, &ready).unwrap();
    fs::write(ready.join("late.docx"), "late").unwrap();
    fs::write(ready.join("notes/late.txt"), "late").unwrap();
    fs::create_dir_all(target.join("notes/deep")).unwrap();
    for (name, bytes) in results(3) {
        fs::write(target.join(name), bytes).unwrap();
    }
    drop(Folder::claim(&target).unwrap());
    assert_eq!(read(&target.join("late.docx")), "late");
    assert_eq!(read(&target.join("notes/late.txt")), "late");
    assert_eq!(beside(&home), ["results"]);
}

#[test]
fn what_lies_beside_is_named() {
    let home = TempDir::new().unwrap();
    let claimed = Folder::claim(&home.path().join("results")).unwrap();
    let whole = home.path().canonicalize().unwrap();
    assert_eq!(claimed.path(), whole.join("results"));
    assert_eq!(claimed.beside(".sweep"), whole.join(".results.sweep"));
    let left = claimed.leftovers();
    assert_eq!(left, [whole.join(".results.ustress"), whole.join(".results.sweep")]);
}

#[test]
fn one_claim_at_a_time_also_above_and_below() {
    let home = TempDir::new().unwrap();
    let target = home.path().join("a/results");
    let held = Folder::claim(&target).unwrap();
    held.write(&results(2), false).unwrap();
    for other in [target.clone(), target.join("x/y")] {
        let error = Folder::claim(&other).unwrap_err().to_string();
        assert!(error.contains("another run is writing") && error.contains("--out"), "{error}");
    }
    assert!(!target.join("x").exists(), "a refusal leaves nothing");
    drop(held);
    fs::create_dir(target.join("x")).unwrap();
    let inner = Folder::claim(&target.join("x/y")).unwrap();
    let error = Folder::claim(&target).unwrap_err().to_string();
    assert!(error.contains("inside it"), "{error}");
    drop(inner);
    drop(Folder::claim(&target).unwrap());
    assert_eq!(beside(&home), ["a"]);
}

#[cfg(unix)]
#[test]
fn names_beside_the_folder_that_are_not_ours_are_refused_and_stay() {
    let home = TempDir::new().unwrap();
    let work = home.path().join(".results.ustress");
    let target = home.path().join("results");
    let refused = |what: &str| {
        let error = Folder::claim(&target).unwrap_err().to_string();
        assert!(error.contains("move it away"), "{what}: {error}");
    };
    fs::write(&work, "thesis").unwrap();
    refused("a file");
    assert_eq!(read(&work), "thesis");
    fs::remove_file(&work).unwrap();
    std::os::unix::fs::symlink(home.path(), &work).unwrap();
    refused("a link");
    fs::remove_file(&work).unwrap();
    fs::create_dir(&work).unwrap();
    fs::write(work.join("lock"), "thesis").unwrap();
    refused("a file for a lock");
    assert_eq!(read(&work.join("lock")), "thesis");
    fs::remove_file(work.join("lock")).unwrap();
    fs::write(home.path().join("empty"), "").unwrap();
    std::os::unix::fs::symlink(home.path().join("empty"), work.join("lock")).unwrap();
    let error = Folder::claim(&target).unwrap_err().to_string();
    assert!(error.contains("cannot be opened"), "a link for a lock: {error}");
    fs::remove_file(work.join("lock")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(work.join("lock")).status();
    if pipe.is_ok_and(|made| made.success()) {
        refused("a pipe, for which nobody waits");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_refused() {
    let home = TempDir::new().unwrap();
    let target = home.path().join("results");
    std::os::unix::fs::symlink("nowhere", &target).unwrap();
    let error = Folder::claim(&target).unwrap_err().to_string();
    assert!(error.contains("link to nothing"), "{error}");
    assert!(target.symlink_metadata().unwrap().is_symlink());
}

#[test]
fn what_is_not_ours_is_refused_and_stays() {
    let home = TempDir::new().unwrap();
    let target = home.path().join("results");
    fs::write(&target, "a file").unwrap();
    let error = Folder::claim(&target).unwrap_err().to_string();
    assert!(error.contains("is a file, not a folder"), "{error}");
    fs::remove_file(&target).unwrap();
    fs::create_dir(&target).unwrap();
    fs::write(target.join(".gitignore"), "*").unwrap();
    drop(Folder::claim(&target).unwrap());
    fs::write(target.join("thesis.tex"), "years").unwrap();
    let error = Folder::claim(&target).unwrap_err().to_string();
    assert!(error.contains("thesis.tex") && error.contains("left alone"), "{error}");
    assert_eq!(read(&target.join("thesis.tex")), "years");
    let long = home.path().join("x".repeat(300));
    assert!(Folder::claim(&long).is_err(), "a name that no disk takes");
}

#[test]
fn the_locks_of_the_dead_hold_nobody_up() {
    let home = TempDir::new().unwrap();
    let target = home.path().join("a/results");
    for dead in [home.path().join(".a.ustress"), target.join("x/.y.ustress")] {
        fs::create_dir_all(&dead).unwrap();
        fs::write(dead.join("lock"), "").unwrap();
    }
    fs::write(target.join("manifest.json"), r#"{ "ustress": "0" }"#).unwrap();
    drop(Folder::claim(&target).unwrap());
}

#[test]
fn a_lock_whose_name_is_gone_is_no_lock() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("lock");
    let first = fs::File::create(&path).unwrap();
    assert!(super::lock::is_still(&first, &path));
    fs::remove_file(&path).unwrap();
    assert!(!super::lock::is_still(&first, &path));
    let _second = fs::File::create(&path).unwrap();
    assert!(!super::lock::is_still(&first, &path), "another file of that name");
}

/// Old results hold a file where new ones hold a folder, and the other way round: what stands stays.
#[test]
fn a_file_is_not_brought_into_a_folder() {
    let home = TempDir::new().unwrap();
    let (old, new) = (home.path().join("old"), home.path().join("new"));
    for (folder, other) in [(&old, &new), (&new, &old)] {
        let name = if folder == &old { "first" } else { "second" };
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::create_dir_all(other).unwrap();
        fs::write(other.join(name), "a file").unwrap();
    }
    super::foreign::bring(&old, &new).unwrap();
    assert!(new.join("second").is_dir() && new.join("first").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn where_no_second_name_can_be_given_a_file_is_copied_and_nothing_else() {
    let home = TempDir::new().unwrap();
    let to = home.path().join("copy");
    super::fault::link(Path::new("/proc/version"), &to).unwrap(); // another file system
    assert_eq!(read(&to), read(Path::new("/proc/version")));
    let error = super::fault::link(Path::new("/dev/null"), &home.path().join("device"));
    assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::Unsupported);
}

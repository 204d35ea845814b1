//! The output folder: old or new results and never a mixture, whatever happens while it is written.
#![allow(clippy::unwrap_used)] // a test may panic

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use ustress::folder::{Folder, WriteError};

/// Names the folder that the helper process writes to; only the tests below set it.
const TARGET: &str = "USTRESS_TEST_TARGET";

const FILES: usize = 12;

/// Results that all carry the same mark.
fn results(mark: u64, size: usize) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for index in 0..FILES {
        let body = format!("{mark}\n").repeat(size);
        files.insert(format!("table{index}.csv"), body.into_bytes());
    }
    let hash = |bytes: &Vec<u8>| ustress::report::sha256(bytes);
    let outputs: BTreeMap<_, _> = files
        .iter()
        .map(|(name, bytes)| (name.clone(), serde_json::json!({ "sha256": hash(bytes) })))
        .collect();
    let manifest =
        serde_json::json!({ "ustress": "0.0.0", "mark": mark, "outputs": outputs }).to_string();
    files.insert("manifest.json".to_owned(), manifest.into_bytes());
    files
}

/// The mark of the results in a folder; panics when they are not complete and of one mark.
fn mark(target: &Path) -> u64 {
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(target.join("manifest.json")).unwrap()).unwrap();
    let mark = manifest["mark"].as_u64().unwrap();
    let partial = mark % 2 == 1;
    let mut expected = results(mark, 300);
    if partial {
        expected.insert("PARTIAL".to_owned(), fs::read(target.join("PARTIAL")).unwrap());
    }
    expected.insert(".gitignore".to_owned(), b"*\n".to_vec());
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(target).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        found.insert(name, fs::read(entry.path()).unwrap());
    }
    assert!(found == expected, "a mixture: {:?}", found.keys());
    mark
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn write_folder(
    target: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    partial: bool,
) -> Result<(), WriteError> {
    Folder::claim(target)?.write(files, partial).map(drop)
}

/// What the next run does first.
fn recover(target: &Path) -> Result<(), WriteError> {
    Folder::claim(target).map(drop)
}

/// A folder like the `output/` of the project: empty but for `.gitignore`.
fn fresh_target() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("output");
    fs::create_dir(&target).unwrap();
    fs::write(target.join(".gitignore"), "*\n").unwrap();
    (folder, target)
}

/// Not a test: with the variable set, writes results with rising marks until it is killed.
#[test]
fn helper_writes_until_killed() {
    let Some(target) = std::env::var_os(TARGET) else { return };
    let target = PathBuf::from(target);
    let mut next = fs::read(target.join("manifest.json"))
        .map(|text| serde_json::from_slice::<serde_json::Value>(&text).unwrap()["mark"].as_u64())
        .map_or(0, |mark| mark.unwrap() + 1);
    loop {
        if let Err(error) = write_folder(&target, &results(next, 300), next % 2 == 1) {
            eprintln!("helper: {error}");
            std::process::exit(7);
        }
        next += 1;
    }
}

fn helper(target: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "helper_writes_until_killed", "--nocapture"])
        .env(TARGET, target)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_run_leaves_old_or_new_results() {
    let (folder, target) = fresh_target();
    write_folder(&target, &results(0, 300), false).unwrap();
    let clock = std::time::Instant::now();
    write_folder(&target, &results(0, 300), false).unwrap();
    let once = clock.elapsed(); // moments are spread over about three writes
    let mut last = 0;
    let (mut moved, mut leftovers) = (0, 0);
    for round in 0..300_u32 {
        if round >= 40 && moved > 10 && leftovers > 10 {
            break;
        }
        let mut child = helper(&target);
        std::thread::sleep(Duration::from_millis(3) + once * (round * 37 % 300) / 100);
        assert!(child.try_wait().unwrap().is_none(), "the helper failed");
        child.kill().unwrap();
        child.wait().unwrap();
        let now = mark(&target); // complete before any recovery
        assert!(now >= last);
        moved += u32::from(now > last);
        leftovers += u32::from(names(folder.path()).len() > 1);
        last = now;
        if round % 4 == 0 {
            recover(&target).unwrap();
            assert_eq!(names(folder.path()), ["output"]);
            assert_eq!(mark(&target), now);
        }
    }
    assert!(moved > 10 && leftovers > 10, "killed at dull moments: {moved}, {leftovers}");
    write_folder(&target, &results(last + 1, 300), (last + 1) % 2 == 1).unwrap();
    assert_eq!(names(folder.path()), ["output"], "leftovers are cleared by the next run");
    assert_eq!(mark(&target), last + 1);
}

#[test]
fn a_folder_moved_aside_comes_back() {
    // where names cannot be exchanged, a kill between the two renames leaves this
    let (folder, target) = fresh_target();
    write_folder(&target, &results(4, 300), false).unwrap();
    let work = folder.path().join(".output.ustress");
    fs::create_dir_all(work.join("unfinished")).unwrap();
    fs::write(work.join("unfinished/table1.csv"), "half").unwrap();
    fs::rename(&target, work.join("old")).unwrap();
    recover(&target).unwrap();
    assert_eq!(names(folder.path()), ["output"]);
    assert_eq!(mark(&target), 4);
    // and a kill before the old folder was removed, this
    fs::create_dir_all(work.join("old")).unwrap();
    for (name, bytes) in results(3, 2) {
        fs::write(work.join("old").join(name), bytes).unwrap();
    }
    recover(&target).unwrap();
    assert_eq!(names(folder.path()), ["output"]);
    assert_eq!(mark(&target), 4);
}

#[test]
fn new_results_replace_all_old_ones_but_dot_files() {
    let (folder, target) = fresh_target();
    fs::create_dir_all(target.join(".notes/deep")).unwrap();
    fs::write(target.join(".notes/deep/a.txt"), "kept").unwrap();
    write_folder(&target, &results(1, 2), true).unwrap();
    assert!(target.join("PARTIAL").exists());
    let mut fewer = results(2, 2);
    fewer.remove("table3.csv");
    write_folder(&target, &fewer, false).unwrap();
    assert!(!target.join("PARTIAL").exists() && !target.join("table3.csv").exists());
    assert_eq!(fs::read_to_string(target.join(".gitignore")).unwrap(), "*\n");
    assert_eq!(fs::read_to_string(target.join(".notes/deep/a.txt")).unwrap(), "kept");
    assert_eq!(names(folder.path()), ["output"]);
}

#[test]
fn a_target_that_does_not_exist_is_made() {
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("a/b/c");
    write_folder(&target, &results(2, 2), false).unwrap();
    assert_eq!(names(&target).len(), FILES + 1);
    assert_eq!(names(&folder.path().join("a/b")), ["c"]);
}

#[test]
fn a_foreign_folder_is_refused_and_untouched() {
    let foreign: [&[(&str, &str)]; 4] = [
        &[("thesis.docx", "years of work")],
        &[("manifest.json", "{ \"name\": \"a web page\" }")],
        &[("manifest.json", "not JSON"), (".hidden", "")],
        &[("manifest.json", "{ \"ustress\": null }")],
    ];
    for contents in foreign {
        let folder = TempDir::new().unwrap();
        let target = folder.path().join("mine");
        fs::create_dir(&target).unwrap();
        for (name, text) in contents {
            fs::write(target.join(name), text).unwrap();
        }
        let error = write_folder(&target, &results(2, 2), false).unwrap_err().to_string();
        assert!(error.contains(contents[0].0) && error.contains("--out"), "{error}");
        assert_eq!(names(&target).len(), contents.len());
        assert_eq!(fs::read_to_string(target.join(contents[0].0)).unwrap(), contents[0].1);
        assert_eq!(names(folder.path()), ["mine"]);
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    let error = write_folder(&file, &results(2, 2), false).unwrap_err().to_string();
    assert!(error.contains("is a file"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "text");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stays_a_link() {
    let (folder, target) = fresh_target();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    write_folder(&link, &results(2, 300), false).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(mark(&target), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn an_unwritable_place_is_named() {
    let target = Path::new("/proc/ustress-results");
    let error = write_folder(target, &results(2, 2), false).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("/proc/") && text.contains("--out"), "{text}");
    let (folder, _) = fresh_target();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = write_folder(&file.join("output"), &results(2, 2), false).unwrap_err().to_string();
    assert!(error.contains("file"), "{error}");
}

/// Runs the helper with the relative target `output` in a folder that is a tiny disk of its own.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_leaves_the_old_results() {
    let folder = TempDir::new().unwrap();
    // room for the old results and half of the new ones; the disk vanishes with its shell
    let script = "mount -t tmpfs -o size=$SIZE tmpfs \"$DISK\" || exit 99; cd \"$DISK\" || exit 98; \
        mkdir output && printf '*\\n' > output/.gitignore; \
        timeout 20 \"$EXE\" --exact helper_writes_until_killed --nocapture; \
        echo \"status $?\"; ls -A . ; echo \"holds $(cat output/manifest.json)\"; ls -A output";
    let run = Command::new("unshare")
        .args(["--mount", "sh", "-c", script])
        .env("DISK", folder.path())
        .env("EXE", std::env::current_exe().unwrap())
        .env("SIZE", "96k")
        .env(TARGET, "output")
        .output();
    let Ok(run) = run else {
        eprintln!("skipped: no `unshare`");
        return;
    };
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    if !out.contains("status") {
        eprintln!("skipped: may not mount a disk here: {err}");
        return;
    }
    assert!(out.contains("status 7"), "{out}{err}");
    assert!(err.contains("helper: ") && err.contains("free some space"), "{out}{err}");
    assert!(err.contains("output"), "the path is named: {err}");
    assert!(out.contains("holds {\"mark\"") || out.contains("holds \n"), "{out}{err}");
    assert!(!out.contains(".output.ustress"), "the half-written folder is gone: {out}");
}

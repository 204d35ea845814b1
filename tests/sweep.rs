//! Sweeps as a user runs them: every point is what a run gives, a kill costs nothing, and the finished files are the same.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use command::{command, results, ustress};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;
use ustress::model::REVISION;

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let name = |entry: &std::fs::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(|entry| (name(&entry), std::fs::read(entry.path()).unwrap())).collect()
}

fn records(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(Result::unwrap).collect()
}

const SWEEP: [&str; 12] = [
    "sweep",
    "treasury_card_played",
    "--set",
    "horizon=1m",
    "--vary",
    "boj.hike_probability=0.1..0.4:5",
    "--vary",
    "impact.prior=consensus,beltran2013,martin2015,fed_purchases",
    "--paths",
    "1500",
    "--quiet",
    "--out",
];

fn sweep(home: &Path, out: &str, more: &[&str]) -> Output {
    let arguments: Vec<&str> =
        SWEEP.iter().copied().chain([out]).chain(more.iter().copied()).collect();
    ustress(home, &arguments)
}

#[test]
fn every_point_is_what_a_run_gives_for_any_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    for (out, threads) in [("a", "1"), ("b", "3")] {
        let done = sweep(home, out, &["--threads", threads]);
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let found = files(&home.join("a"));
    assert!(found == files(&home.join("b")));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["manifest.json", "pivot.csv", "sweep.csv"]);
    let rows = records(&found["sweep.csv"]);
    let points: Vec<&str> = rows.iter().map(|row| row["point"].as_str()).collect();
    assert_eq!((points[0], points[points.len() - 1]), ("1", "20"));
    // Point 7: the second probability, the third prior.
    let run = [
        "run",
        "treasury_card_played",
        "--set",
        "horizon=1m",
        "--set",
        "boj.hike_probability=0.175",
        "--set",
        "impact.prior=martin2015",
        "--paths",
        "1500",
        "--quiet",
        "--out",
        "c",
    ];
    assert_eq!(ustress(home, &run).status.code(), Some(0));
    let summary = records(&files(&home.join("c"))["summary.csv"]);
    let point: Vec<_> = rows.iter().filter(|row| row["point"] == "7").collect();
    assert_eq!(point.len(), summary.len());
    for (swept, run) in point.iter().zip(&summary) {
        assert_eq!(swept["boj.hike_probability"], "0.175");
        assert_eq!(swept["impact.prior"], "martin2015");
        for (column, value) in run {
            assert_eq!(&swept[column], value, "{column}");
        }
    }
    let pivot = records(&found["pivot.csv"]);
    let cell = pivot
        .iter()
        .find(|row| {
            row["statistic"] == "p95_bp"
                && row["horizon"] == "end"
                && row["boj.hike_probability"] == "0.175"
        })
        .unwrap();
    let end = point.iter().find(|row| row["horizon"] == "end").unwrap();
    assert_eq!(cell["impact.prior=martin2015"], end["p95_bp"]);
}

#[test]
fn a_sweep_killed_ten_times_ends_with_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(sweep(home, "whole", &[]).status.code(), Some(0));
    let lines = || {
        let journal = std::fs::read(home.join(".killed.sweep")).unwrap_or_default();
        journal.iter().filter(|byte| **byte == b'\n').count()
    };
    let mut left = vec![0];
    // Each time it is killed some milliseconds after it has finished one point more: within the next one, or within a line.
    for delay in [0, 3, 7, 1, 5, 2, 11, 4, 6, 0] {
        let arguments: Vec<&str> = SWEEP.iter().copied().chain(["killed"]).collect();
        let quiet = Stdio::null;
        let mut child = command(home, &arguments).stdout(quiet()).stderr(quiet()).spawn().unwrap();
        while lines() < left[left.len() - 1] + 1 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        left.push(lines());
    }
    println!("lines of the journal after each kill: {left:?}");
    assert!(left[1] >= 1 && left[3] > left[1], "it went on where it had stopped: {left:?}");
    // A torn last line.
    let mut torn = std::fs::read(home.join(".killed.sweep")).unwrap_or_default();
    if !torn.is_empty() {
        torn.extend(b"{\"point\":");
        std::fs::write(home.join(".killed.sweep"), torn).unwrap();
    }
    let last = sweep(home, "killed", &[]);
    assert_eq!(last.status.code(), Some(0), "{}", String::from_utf8_lossy(&last.stderr));
    assert!(files(&home.join("killed")) == files(&home.join("whole")));
    assert!(!home.join(".killed.sweep").exists(), "the journal goes when the results are there");
}

#[test]
fn a_journal_of_another_sweep_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let other = format!("{{\"ustress\":\"0\",\"revision\":{REVISION},\"sweep_sha256\":\"x\"}}\n");
    std::fs::write(home.join(".out.sweep"), other).unwrap();
    let done = sweep(home, "out", &[]);
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains(".out.sweep is the journal of another sweep"), "{said}");
    assert!(home.join(".out.sweep").exists() && !home.join("out").exists());
}

#[test]
fn a_journal_of_another_revision_of_the_model_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let arguments: Vec<&str> = SWEEP.iter().copied().chain(["out"]).collect();
    let quiet = Stdio::null;
    let mut child = command(home, &arguments).stdout(quiet()).stderr(quiet()).spawn().unwrap();
    let journal = home.join(".out.sweep");
    while !std::fs::read(&journal).is_ok_and(|text| text.len() > 300) {
        assert!(child.try_wait().unwrap().is_none(), "it was over before it was stopped");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let ours = std::fs::read_to_string(&journal).unwrap();
    let own = format!("\"revision\":{REVISION},");
    assert!(ours.contains(&own), "{ours}");
    // Each line begins with the checksum of its rest.
    let first = ours.lines().next().unwrap();
    let rest = first[65..].replace(&own, "\"revision\":1,");
    let changed = format!("{} {rest}", ustress::report::sha256(rest.as_bytes()));
    let other = ours.replacen(first, &changed, 1);
    std::fs::write(&journal, &other).unwrap();
    let done = sweep(home, "out", &[]);
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    for needle in
        ["begun at revision 1", &format!("this is revision {REVISION}"), "remove the file"]
    {
        assert!(said.contains(needle), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&journal).unwrap(), other, "it is left as it was");
    std::fs::write(&journal, &ours).unwrap();
    let done = sweep(home, "out", &[]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(!journal.exists() && home.join("out/sweep.csv").exists());
}

#[test]
fn a_changed_point_of_a_journal_is_computed_anew_and_a_foreign_name_refused() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    assert_eq!(sweep(home, "whole", &[]).status.code(), Some(0));
    let journal = home.join(".out.sweep");
    let arguments: Vec<&str> = SWEEP.iter().copied().chain(["out"]).collect();
    let quiet = Stdio::null;
    let mut child = command(home, &arguments).stdout(quiet()).stderr(quiet()).spawn().unwrap();
    let lines = || std::fs::read_to_string(&journal).unwrap_or_default().matches('\n').count();
    while lines() < 3 {
        assert!(child.try_wait().unwrap().is_none(), "it was over before it was stopped");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // One digit of the first point: that one and what follows are dropped and said.
    let ours = std::fs::read_to_string(&journal).unwrap();
    let at = ours.lines().next().unwrap().len() + 1;
    let digit = at + 70 + ours[at + 70..].find("7").unwrap();
    let mut bytes = ours.into_bytes();
    bytes[digit] = b'1';
    std::fs::write(&journal, bytes).unwrap();
    let done = sweep(home, "out", &[]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(said.contains("more were computed anew: the journal had changed"), "{said}");
    assert!(files(&home.join("out")) == files(&home.join("whole")));
    #[cfg(unix)]
    {
        std::fs::write(home.join("mine"), "mine").unwrap();
        std::os::unix::fs::symlink(home.join("mine"), &journal).unwrap();
        let done = sweep(home, "out", &[]);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.code() != Some(0) && said.contains("it is a link"), "{said}");
        assert_eq!(std::fs::read_to_string(home.join("mine")).unwrap(), "mine");
        std::fs::remove_file(&journal).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&journal).status().unwrap().success());
        let done = sweep(home, "out", &[]);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.code() != Some(0) && said.contains("it is a pipe"), "{said}");
    }
}

#[test]
fn a_point_that_cannot_run_is_found_before_the_first_one_runs() {
    let home = tempfile::tempdir().unwrap();
    for (vary, needle) in [
        ("boj.hike_probability=0.1,0.2,2", "probability above 1"),
        ("boj.hike_probabilty=0.1,0.2", "hike_probability"),
        ("boj.hike_probability=0.1..0.4", "number of values"),
        ("boj.hike_probability", "no `=`"),
    ] {
        let done = ustress(home.path(), &["sweep", "managed_adjustment", "--vary", vary]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{vary}: {said}");
        assert!(said.contains(needle), "{vary}: {said}");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing was left behind");
}

#[test]
fn designs_and_stopping_rules_work_from_the_command_line() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let design = [
        "sweep",
        "managed_adjustment",
        "--set",
        "horizon=1w",
        "--vary",
        "impact.matched_share=0..1",
        "--vary",
        "impact.market_usd_tn=20..40:log",
        "--design",
        "sobol",
        "--points",
        "8",
        "--until",
        "mean +-0.2bp",
        "--paths",
        "8192",
        "--quiet",
    ];
    let done = ustress(home, &design);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let found = files(&results(home));
    assert!(!found.contains_key("pivot.csv"));
    let rows = records(&found["sweep.csv"]);
    let end: Vec<_> = rows.iter().filter(|row| row["horizon"] == "end").collect();
    assert_eq!(end.len(), 8);
    for row in end {
        let width: f64 = row["half_width_95"].parse().unwrap();
        assert!(width <= 0.2, "{width}");
        let paths: u64 = row["paths"].parse().unwrap();
        assert!((4096..=8192).contains(&paths) && paths.is_multiple_of(256), "{paths}");
    }
    let checks = records(&found["convergence.csv"]);
    assert!(checks.len() >= 8 && checks.iter().all(|row| row["statistic"] == "mean"));
    let header = "scenario,point,paths,metric,unit,horizon,statistic,value,half_width_95,bound\n";
    assert!(found["convergence.csv"].starts_with(header.as_bytes()));
    let names =
        ["point", "metric", "unit", "horizon", "bound"].map(|name| checks[0][name].as_str());
    assert_eq!(names, ["1", "impact_10y_bp", "bp", "end", "0.2"]);
    // A rule that cannot be met: exit 3, results marked, and the journal is gone as every point was visited.
    let last = design.len() - 4;
    let strict: Vec<&str> = design
        .iter()
        .enumerate()
        .map(|(index, word)| if index == last { "mean +-0.000001bp" } else { *word })
        .collect();
    let done = ustress(home, &strict);
    assert_eq!(done.status.code(), Some(3), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(results(home).join("PARTIAL").exists());
}

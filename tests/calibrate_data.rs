//! `ustress calibrate` as a user runs it, on the real files and on files that lack something.
#![allow(clippy::unwrap_used)]

#[path = "common/calibration.rs"]
mod calibration;
#[path = "common/command.rs"]
mod command;
#[path = "common/shared.rs"]
mod shared;

use calibration::{day, found, load, window};
use command::{answer, results};
use shared::shared;
use std::path::Path;
use time::{Date, Duration};
use ustress::calibrate::{Window, calibrate, overlay};
use ustress::data::read_folder;
use ustress::model::CATALOGUE;

#[test]
fn the_command_complains_with_a_remedy() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("data")).unwrap();
    let calibrate = |more: &[&str]| answer(home.path(), &[&["calibrate", "--data"], more].concat());
    for (arguments, needles) in [
        (["nowhere"].as_slice(), ["nowhere: cannot be read", ""]),
        (&["data"], ["holds no series that the program knows", "`ustress data data` says"]),
        (&["data", "--from", "soon"], ["not a date", "2025-01-01"]),
    ] {
        let (code, _, errors) = calibrate(arguments);
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(needles.iter().all(|needle| errors.contains(needle)), "{errors}");
    }
    std::fs::write(home.path().join("data/DGS10.csv"), "DATE,DGS10\n2026-01-02,4.19\n").unwrap();
    let (code, _, errors) = calibrate(&["data", "--from", "2026-02-01"]);
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("holds no day") && errors.contains("data end on 2026-01-02"),
        "{errors}"
    );
    let (code, _, errors) = calibrate(&["data"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("holds nothing to estimate from"), "{errors}");
    assert!(!home.path().join("output").exists());
}

/// From the real files. The numbers on record are from an independent calculation with pandas 3 and statsmodels
/// 0.15: Series.std, DataFrame.corr, OLS with HAC errors; window 2022-01-01 to 2026-06-30.
#[test]
fn the_real_data_give_what_pandas_and_statsmodels_give() {
    let Some(folder) = shared() else { return };
    let calibration = calibrate(&read_folder(&folder).unwrap(), window(), &CATALOGUE);
    let values = include_str!("golden/calibration_pandas.csv");
    let mut count = 0;
    for line in values.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split(',').collect();
        let (value, error) = found(&calibration, cells[0]);
        let near = |cell: &str, found: f64| {
            cell.is_empty() || (cell.parse::<f64>().unwrap() - found).abs() < 1e-6
        };
        assert!(near(cells[1], value) && near(cells[2], error), "{line}: {value} ± {error}");
        count += 1;
    }
    assert!(count > 70, "{count}");
    let loaded = load(&overlay(&calibration));
    assert!(loaded.warnings.is_empty());
}

#[test]
fn a_folder_becomes_a_scenario_that_runs() {
    let Some(folder) = shared() else { return };
    let home = tempfile::tempdir().unwrap();
    let data = folder.display().to_string();
    let (code, table, errors) =
        answer(home.path(), &["calibrate", "--data", &data, "--out", "fitted"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(table.contains("What the data cannot tell"), "{table}");
    let fitted = home.path().join("fitted");
    for name in ["calibration", "pickup", "projections"] {
        let mut rows = csv::Reader::from_path(fitted.join(format!("{name}.csv"))).unwrap();
        assert!(rows.records().map(Result::unwrap).count() > 10, "{name}");
    }
    let manifest = std::fs::read_to_string(fitted.join("manifest.json")).unwrap();
    assert!(manifest.contains("pickup.csv"));
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    check_data_files(&manifest, &folder, 15);
    let bytes = std::fs::read(fitted.join("calibration.csv")).unwrap();
    let again = ["calibrate", "--data", &data, "--out", "fitted"];
    assert_eq!(answer(home.path(), &again).0, Some(0), "our own folder is replaced");
    assert_eq!(bytes, std::fs::read(fitted.join("calibration.csv")).unwrap());
    let (code, _, errors) =
        answer(home.path(), &["run", "fitted/calibrated.toml", "--paths", "256", "--quiet"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(!errors.contains("warning"), "{errors}");
}

/// A manifest says of every data file that was read what it was: size and SHA-256, beside other files and other commands.
fn check_data_files(manifest: &serde_json::Value, folder: &Path, at_least: usize) {
    let files = manifest["data_files"].as_object().unwrap();
    for (name, facts) in files {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        assert_eq!(facts["bytes"], bytes.len(), "{name}");
        assert_eq!(facts["sha256"], ustress::report::sha256(&bytes), "{name}");
        assert!(!facts["format"].as_str().unwrap().is_empty());
    }
    assert!(files.len() >= at_least, "{files:?}");
    assert!(!files.contains_key("SOURCES.md"), "it is no data");
}

#[test]
fn a_replay_names_its_data_files_too() {
    let Some(folder) = shared() else { return };
    let home = tempfile::tempdir().unwrap();
    let episodes = "id,start,end\nshort,2024-08-01,2024-08-05\n";
    std::fs::write(home.path().join("one.csv"), episodes).unwrap();
    let folder = folder.canonicalize().unwrap();
    let data = folder.to_str().unwrap();
    let typed = ["replay", "--quiet", "--paths", "64", "--episodes", "one.csv", "--data", data];
    let (code, _, errors) = answer(home.path(), &typed);
    assert_eq!(code, Some(0), "{errors}");
    let manifest = std::fs::read_to_string(results(home.path()).join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    check_data_files(&manifest, &folder, 15);
    assert!(manifest["inputs_sha256"]["one.csv"].is_string());
}

/// Days on which the FOMC changed its rate, by its own record; 15 March 2020 was a Sunday and is left out.
#[test]
fn the_effective_rate_shows_when_the_fomc_moved() {
    let Some(folder) = shared() else { return };
    let set = read_folder(&folder).unwrap();
    let seen = |from: Date| {
        let calibration = calibrate(&set, Window { from, ..window() }, &CATALOGUE);
        let ten =
            calibration.estimates.iter().find(|found| found.name == "ust10_per_ust2.fomc_days");
        let ten = ten.unwrap();
        let days = ten.note.split_once("days: ").unwrap().1;
        let days: Vec<String> = days.split(' ').map(str::to_owned).collect();
        assert_eq!(days.len(), ten.sample.observations);
        days
    };
    let late = seen(day(2022, 1, 1));
    println!("{late:?}");
    assert_eq!(late.len(), 17, "eleven rises and six cuts");
    for known in ["2022-03-16", "2022-06-15", "2024-09-18", "2024-11-07", "2024-12-18"] {
        assert!(late.contains(&known.to_owned()), "{known}");
    }
    let long = seen(day(1990, 1, 1));
    assert_eq!(long.len(), 30, "{long:?}");
    assert!(long[0] == "2015-12-16" && long.contains(&"2019-07-31".to_owned()));
    // The rate had fallen before the decision of December 2008, so that nothing is to be seen of it.
    for unseen in ["2008-12-16", "2020-03-13", "2020-03-16"] {
        assert!(!long.contains(&unseen.to_owned()), "{unseen}");
    }
}

#[test]
fn a_file_of_meetings_and_older_equities_reach_the_results() {
    let Some(folder) = shared() else { return };
    let home = tempfile::tempdir().unwrap();
    for name in ["DGS2", "DGS10", "jgbcme_all", "DEXJPUS", "SP500", "GSPC", "VIXCLS", "DGS30"] {
        std::fs::copy(folder.join(format!("{name}.csv")), home.path().join(format!("{name}.csv")))
            .unwrap();
    }
    // Wednesdays, which are no days of the BOJ: what counts is that they arrive.
    let days = (0..40).map(|at| format!("{},boj\n", day(2022, 1, 5) + Duration::weeks(5 * at)));
    let list = format!("date,bank\n{}", days.collect::<String>());
    std::fs::write(home.path().join("meetings.csv"), list).unwrap();
    let (code, table, errors) =
        answer(home.path(), &["calibrate", "--data", ".", "--from", "2003-01-01", "--out", "fit"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        table.contains("jgb10_per_jgb2.boj_days") && table.contains("usdjpy_per_gap.boj_days"),
        "{table}"
    );
    assert!(table.contains("no bond was issued") && !table.contains("2026-06-16,boj"), "{table}");
    let csv = std::fs::read_to_string(home.path().join("fit/calibration.csv")).unwrap();
    let equities = csv.lines().find(|line| line.starts_with("sd.sp500,")).unwrap();
    assert!(
        equities.contains(",2003-01-03,") && equities.contains("GSPC.csv SP500.csv"),
        "{equities}"
    );
    let manifest = std::fs::read_to_string(home.path().join("fit/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    check_data_files(&manifest, home.path(), 9);
    assert_eq!(manifest["data_files"]["meetings.csv"]["format"], "central-bank meetings");
}

//! The tables, the manifest and the terminal text against their contract.
#![allow(clippy::unwrap_used)] // a test may panic

mod common;

use common::{layout, scenario, tally};
use std::collections::BTreeMap;
use ustress::model::{CHANNELS, HOLDERS, METRICS, REVISION};
use ustress::report::{Appearance, Report, Run, files, terminal};
use ustress::stats::PROBABILITIES;

const LABELS: [&str; 4] = ["1m", "end", "peak", "trough"];

fn reports() -> Vec<Report> {
    let layout = layout(&LABELS, 3, 2, 2);
    let make = |name: &str, seed| {
        let mut report = Report::new(&scenario(name), &tally(&layout, seed, 5000, 3));
        report.quantities = vec![Appearance {
            address: "boj.hike_probability".to_owned(),
            value: "\"0.1 to 0.4\"".to_owned(),
            unit: "probability".to_owned(),
            source: "unsourced".to_owned(),
            layer: "--set".to_owned(),
            dated: None,
        }];
        report.kept.draws = vec!["boj.hike_probability".to_owned(), format!("event.{name}")];
        report
    };
    vec![make("first", 1), make("second, with a comma", 2)]
}

fn run() -> Run {
    Run {
        version: "1.2.3".to_owned(),
        seed: 20_260_701,
        paths_asked: 6000,
        partial: true,
        inputs: vec![("first.toml".to_owned(), "abc".to_owned())],
        data_files: vec![ustress::report::DataFile {
            name: "DGS10.csv".to_owned(),
            format: "FRED",
            bytes: 3,
            sha256: "abc".to_owned(),
        }],
        notes: Vec::new(),
        definitions: Vec::new(),
    }
}

fn table(files: &BTreeMap<String, Vec<u8>>, name: &str) -> (String, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(files[name].as_slice());
    let header = reader.headers().unwrap().iter().collect::<Vec<_>>().join(",");
    (header, reader.records().map(Result::unwrap).collect())
}

fn float(cell: &str) -> f64 {
    cell.parse().unwrap_or(f64::NAN)
}

#[test]
fn the_columns_are_those_of_the_contract() {
    let files = files(&run(), &reports());
    let headers = [
        (
            "summary.csv",
            "scenario,horizon,date,paths,mean_bp,mean_mcse_bp,sd_bp,p1_bp,p5_bp,p10_bp,p25_bp,p50_bp,p75_bp,p90_bp,p95_bp,p99_bp,es95_bp,es99_bp,prob_ge_20bp,prob_ge_50bp,prob_ge_100bp,prob_20_to_50bp",
        ),
        ("quantiles.csv", "scenario,metric,unit,horizon,probability,value,mcse"),
        ("statistics.csv", "scenario,metric,unit,horizon,statistic,value,mcse"),
        ("attribution.csv", "scenario,horizon,channel,mean_bp,mcse_bp,share,worst5_mean_bp"),
        ("flows.csv", "scenario,holder,month,mean_usd_bn,p5_usd_bn,p50_usd_bn,p95_usd_bn"),
        ("fan.csv", "scenario,metric,unit,day,date,p5,p25,p50,p75,p95"),
        ("histogram.csv", "scenario,metric,unit,horizon,low,high,count"),
    ];
    for (name, header) in headers {
        assert_eq!(table(&files, name).0, header, "{name}");
    }
    let rows = |name| table(&files, name).1.len();
    assert_eq!(rows("summary.csv"), 2 * LABELS.len());
    assert_eq!(rows("quantiles.csv"), 2 * METRICS.len() * LABELS.len() * PROBABILITIES.len());
    assert_eq!(rows("statistics.csv"), 2 * LABELS.len() * (METRICS.len() * 4 + 5 * 4));
    assert_eq!(rows("attribution.csv"), 2 * LABELS.len() * (CHANNELS.len() + 1));
    assert_eq!(rows("flows.csv"), 2 * HOLDERS.len() * 2);
    assert_eq!(rows("fan.csv"), 2 * common::fan_metrics() * 3);
    assert_eq!(rows("paths.csv"), 2 * 3);
}

#[test]
fn attribution_rows_add_up_to_their_total() {
    let files = files(&run(), &reports());
    for group in table(&files, "attribution.csv").1.chunks(CHANNELS.len() + 1) {
        let (parts, total) = group.split_at(CHANNELS.len());
        assert_eq!(&total[0][2], "total");
        for column in [3, 6] {
            let sum: f64 = parts.iter().map(|row| float(&row[column])).sum();
            assert!((sum - float(&total[0][column])).abs() < 1e-6, "{group:?}");
        }
        let shares: f64 = parts.iter().map(|row| float(&row[5])).sum();
        assert!((shares - 1.0).abs() < 1e-6);
    }
}

#[test]
fn tables_agree_with_each_other_and_with_the_paths() {
    let files = files(&run(), &reports());
    let (_, summary) = table(&files, "summary.csv");
    let (_, quantiles) = table(&files, "quantiles.csv");
    for row in &summary {
        let mut same = quantiles.iter().filter(|quantile| {
            quantile[0] == row[0] && &quantile[1] == "impact_10y_bp" && quantile[3] == row[1]
        });
        for column in 7..16 {
            assert_eq!(same.next().unwrap()[5], row[column]);
        }
        assert_eq!(&row[3], "5000");
        let (ge20, ge50, between) = (float(&row[18]), float(&row[19]), float(&row[21]));
        assert!((ge20 - ge50 - between).abs() < 1e-9);
        assert_eq!(row[2].is_empty(), ["peak", "trough"].contains(&&row[1]));
    }
    let (_, histogram) = table(&files, "histogram.csv");
    let mut counts: BTreeMap<[&str; 3], (f64, usize, f64)> = BTreeMap::new();
    for row in &histogram {
        let (count, bars, last) =
            counts.entry([&row[0], &row[1], &row[3]]).or_insert((0.0, 0, f64::NEG_INFINITY));
        *count += float(&row[6]);
        *bars += 1;
        assert!(float(&row[4]) >= *last && float(&row[5]) >= float(&row[4]), "{row:?}");
        *last = float(&row[5]);
    }
    assert_eq!(counts.len(), 2 * METRICS.len() * LABELS.len());
    assert!(counts.values().all(|(count, bars, _)| *count == 5000.0 && *bars <= 200));
    let rate = histogram.iter().find(|row| &row[1] == "policy_rate_boj_pct").unwrap();
    assert_eq!(&rate[6], "5000", "a rate that does not move has one bar");
}

#[test]
fn kept_paths_hold_outcomes_and_draws() {
    let files = files(&run(), &reports());
    let (header, rows) = table(&files, "paths.csv");
    assert!(header.starts_with("scenario,path,impact_2y_bp,"), "{header}");
    let columns =
        csv::Reader::from_reader(files["paths.csv"].as_slice()).headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let layout = layout(&LABELS, 3, 2, 2);
    for (path, row) in rows[..3].iter().enumerate() {
        let [metrics, channels, _, _, draws] = common::path_outcomes(&layout, 1, path as u64);
        assert_eq!(row[1], path.to_string());
        assert_eq!(float(&row[at("usdjpy")]), metrics[METRICS.len() + 5]);
        assert_eq!(float(&row[at("peak_impact_10y_bp")]), metrics[2 * METRICS.len() + 2]);
        assert_eq!(float(&row[at("trough_impact_10y_bp")]), metrics[3 * METRICS.len() + 2]);
        assert_eq!(float(&row[at("carry_unwind_bp")]), channels[CHANNELS.len() + 1]);
        assert_eq!(float(&row[at("boj.hike_probability")]), draws[0]);
        assert_eq!(float(&row[at("event.first")]), draws[1]);
        assert_eq!(&row[at("event.second, with a comma")], "");
    }
}

#[test]
fn the_manifest_says_what_ran() {
    let files = files(&run(), &reports());
    let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["ustress"], "1.2.3");
    assert_eq!(manifest["revision"], REVISION);
    assert_eq!(manifest["partial"], true);
    assert_eq!((&manifest["paths_asked"], &manifest["paths_done"]), (&6000.into(), &5000.into()));
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(manifest["inputs_sha256"]["first.toml"], abc);
    let file = &manifest["data_files"]["DGS10.csv"];
    assert_eq!((&file["bytes"], &file["sha256"]), (&3.into(), &"abc".into()));
    let listed = manifest["outputs"].as_object().unwrap();
    assert_eq!(listed.len(), files.len() - 1);
    let scenario = &manifest["scenarios"][0];
    assert_eq!(scenario["name"], "first");
    assert_eq!(scenario["start"], "2026-07-01");
    assert_eq!(scenario["quantities"][0]["value"], "\"0.1 to 0.4\"");
    assert_eq!(scenario["quantities"][0]["source"], "unsourced");
    assert_eq!(scenario["muted_channels"], serde_json::json!(["safe_haven"]));
    assert_eq!(scenario["fan_paths"], 5000);
    assert_eq!(scenario["horizons"][2]["label"], "peak");
    assert_eq!(manifest["definitions"]["bins"].as_array().unwrap().len(), METRICS.len());
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert!(files(&run(), &reports()) == files(&run(), &reports()));
}

#[test]
fn the_terminal_table_fits_and_has_no_codes_without_colour() {
    let reports = reports();
    let plain = terminal(&reports, 120, false);
    assert!(!plain.contains('\u{1b}'));
    assert!(terminal(&reports, 120, true).contains('\u{1b}'));
    assert!(
        plain.contains("first") && plain.contains("backstop") && plain.contains('█'),
        "{plain}"
    );
    for width in [60, 80, 99, 100, 120, 200] {
        let text = terminal(&reports, width, false);
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(longest <= width.max(80), "{width}:\n{text}");
        // The picture is there where it fits beside whole names.
        assert!(width == 100 || text.contains('█') == (width >= 120), "{width}");
    }
    println!("{plain}");
}

#[test]
fn one_path_is_enough_for_a_report() {
    let layout = layout(&LABELS, 3, 2, 2);
    for paths in [0, 1, 2] {
        let report = Report::new(&scenario("tiny"), &tally(&layout, 1, paths, 1));
        let files = files(&run(), std::slice::from_ref(&report));
        for (name, bytes) in &files {
            let text = String::from_utf8_lossy(bytes);
            assert!(name == "manifest.json" || !text.contains("NaN"), "{name} {paths}: {text}");
            assert!(!text.contains(",inf"), "{name} {paths}");
        }
        terminal(&[report], 120, false);
    }
}

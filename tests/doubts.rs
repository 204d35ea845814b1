//! What is written and cannot happen: sales beyond what the seller has, events of muted channels, days past the end.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod run;

use command::{answer, text, ustress};
use run::{paths, scenario};
use std::path::Path;
use ustress::cli::LIBRARY;
use ustress::model::{CATALOGUE, CHANNELS};
use ustress::scenario::{EventKind, FieldKind};

/// An event of a kind of a size that would be seen.
fn event(kind: &EventKind) -> String {
    let fields = kind.fields.iter().filter(|field| !field.optional);
    let fields: Vec<String> = fields
        .map(|field| match field.kind {
            FieldKind::Number { low, high, .. } => {
                let size = if field.name.contains("days") { 5.0 } else { (0.2 * high).max(low) };
                format!("{} = {size}", field.name)
            }
            FieldKind::Word(words) => format!("{} = \"{}\"", field.name, words[0]),
            FieldKind::Flag => format!("{} = true", field.name),
        })
        .collect();
    format!("[[event]]\nday = 5\nprobability = 1\n{} = {{ {} }}\n", kind.name, fields.join(", "))
}

/// How far an event moves the 10-year yield with a channel muted, or none: the mean distance over 256 paths, bp.
fn effect(event: &str, channel: Option<&str>) -> f64 {
    let muted = channel.map(|channel| format!("{channel} = false")).unwrap_or_default();
    let impact = |event: &str| {
        let text = format!("title = \"x\"\nhorizon = \"1m\"\n[channels]\n{muted}\n{event}");
        paths(&scenario(&text, &[]), 256).metric("impact_10y_bp", "end")
    };
    let (with, without) =
        (impact(event), impact(&event.replace("probability = 1", "probability = 0")));
    with.iter().zip(&without).map(|(a, b)| (a - b).abs()).sum::<f64>() / 256.0
}

#[test]
fn each_kind_of_event_needs_the_channel_that_it_says_and_no_other() {
    let mut needed = Vec::new();
    for kind in CATALOGUE.events {
        let event = event(kind);
        let whole = effect(&event, None);
        assert!(whole > 0.1, "{}: {whole}", kind.name);
        for channel in CHANNELS {
            let none = effect(&event, Some(channel)) < 0.002 * whole;
            assert_eq!(none, kind.needs == Some(*channel), "{} without {channel}", kind.name);
            needed.extend(none.then_some(*channel));
        }
    }
    assert_eq!(needed.len(), 7);
    needed.sort_unstable();
    needed.dedup();
    assert_eq!(needed.len(), 5, "{needed:?}");
}

const GPIF: &str = r#"
title = "A fund sells more than it has"
horizon = "1m"
[[event]]
name = "fund"
day = 2
official_sale = { amount_usd_bn = 1000, over_days = 5, cohort = "gpif" }
[[event]]
day = 3
official_sale = { amount_usd_bn = 10, over_days = 2, cohort = "trusts" }
[[event]]
day = 4
intervention = { amount_usd_bn = 1400, over_days = 2 }
[[event]]
day = 4
oil_shock = { size_pct = 1 }
[sources]
"event.1" = "assumption"
"event.2" = "assumption"
"event.3" = "assumption"
"event.4" = "assumption"
"#;

fn messages(text: &str) -> Vec<String> {
    let loaded =
        ustress::scenario::load("test.toml", text, &|parent| LIBRARY.find(parent), &[], &CATALOGUE);
    let warnings = loaded.unwrap_or_else(|error| panic!("{error}")).warnings;
    warnings.into_iter().map(|found| format!("{} {:?}", found.message, found.help)).collect()
}

#[test]
fn a_sale_beyond_its_seller_is_warned_of_with_its_chance() {
    let found = messages(GPIF);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].contains("`event.fund.official_sale` can sell more than `gpif` has"));
    assert!(found[0].contains("about 185 USD bn") && found[0].contains("in 100% of its draws"));
    assert!(found[1].contains("`event.3.intervention` can sell more than the Ministry has"));
    let of = |amount: &str, more: &str| {
        messages(&format!(
            "title=\"x\"\n[[event]]\nday=3\nofficial_sale={{amount_usd_bn={amount},over_days=2{more}}}\n[sources]\n\"event.1\"=\"a\"\n"
        ))
    };
    let half = of("{ uniform = { low = 85, high = 285 } }", ",cohort=\"gpif\"");
    assert!(half.len() == 1 && half[0].contains("in 50."), "{half:?}");
    assert!(of("100", ",cohort=\"gpif\"").is_empty());
    assert!(of("-1000", ",cohort=\"gpif\"").is_empty(), "a purchase");
    assert!(of("1100", "").is_empty());
    assert!(of("1200", "")[0].contains("all of Japan has"));
    let twice = GPIF.replace("amount_usd_bn = 1000", "amount_usd_bn = 100");
    let twice =
        twice.replace("trusts", "gpif").replace("amount_usd_bn = 10,", "amount_usd_bn = 100,");
    let found = messages(&twice.replace("1400", "14"));
    assert!(found.len() == 1 && found[0].contains("event.2"), "what is left: {found:?}");
    assert!(found[0].contains("about 8"), "{found:?}");
}

#[test]
fn what_was_not_sold_is_in_the_results_for_any_threads() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("fund.toml"), GPIF).unwrap();
    let run = |out: &str, threads: &str| {
        let typed =
            ["run", "fund.toml", "--paths", "600", "--threads", threads, "--out", out, "--quiet"];
        let done = ustress(home.path(), &typed);
        let said = text(&done.stdout);
        assert!(said.contains("note: event.fund.official_sale: 81"), "{said}");
        assert!(text(&done.stderr).contains("can sell more than `gpif` has"));
        let manifest =
            std::fs::read_to_string(home.path().join(out).join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        manifest["scenarios"][0].clone()
    };
    let (one, three) = (run("a", "1"), run("b", "3"));
    assert_eq!(one, three);
    let events = one["events"].as_array().unwrap();
    let sale = |event: usize, key: &str| events[event]["sale"][key].as_f64().unwrap();
    assert_eq!(sale(0, "mean_asked_usd_bn"), 1000.0);
    assert_eq!(sale(0, "share_of_paths_cut"), 1.0);
    // The fund has 185 on day 0 and trades a little until the sale.
    assert!((sale(0, "mean_sold_usd_bn") - 185.0).abs() < 5.0, "{}", sale(0, "mean_sold_usd_bn"));
    assert_eq!((sale(1, "mean_asked_usd_bn"), sale(1, "mean_sold_usd_bn")), (10.0, 10.0));
    assert_eq!(sale(1, "share_of_paths_cut"), 0.0);
    // 900 of securities, 160 of deposits, and what the Fed lends against securities.
    assert!((1060.0..=1125.0).contains(&sale(2, "mean_sold_usd_bn")));
    assert!(events[3].get("sale").is_none());
    assert_eq!(one["notes"].as_array().unwrap().len(), 2, "{}", one["notes"]);
}

#[test]
fn unsold_amounts_are_what_the_flows_lack() {
    let found = paths(&scenario(GPIF, &[]), 256);
    let block = &found.blocks[0];
    let column = |cell: usize| &block.sales[cell * block.paths..(cell + 1) * block.paths];
    assert_eq!(block.sales.len(), 2 * 4 * block.paths);
    for path in 0..block.paths {
        let sold = column(0)[path] - column(1)[path];
        assert!(sold > 80.0 && sold < 400.0, "path {path}: {sold}");
        assert_eq!((column(2)[path], column(3)[path]), (10.0, 0.0));
        assert_eq!((column(6)[path], column(7)[path]), (0.0, 0.0));
    }
}

#[test]
fn plausibility_scores_what_can_be_sold() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("fund.toml"), GPIF).unwrap();
    let typed = ["plausibility", "fund.toml", "--paths", "300", "--quiet"];
    let (code, said, _) = answer(home.path(), &typed);
    assert!(code.is_some_and(|code| code == 0 || code == 4), "{said}");
    assert!(said.contains("185 USD bn in 5 days") && !said.contains("1000 USD bn in"), "{said}");
}

#[test]
fn muted_channels_and_days_past_the_end_are_warned_of() {
    let muted = format!("{GPIF}[channels]\nofficial_sale = false\n");
    let found = messages(&muted);
    let needle = "`event.2.official_sale` does not reach the 10-year yield: its channel `official_sale` is muted";
    assert!(found.iter().any(|said| said.contains(needle)), "{found:#?}");
    assert!(!found.iter().any(|said| said.contains("gpif")), "{found:#?}");
    let day = |day: &str| {
        messages(&format!(
            "title=\"x\"\nhorizon=\"3m\"\n[[event]]\nday={day}\noil_shock={{size_pct=1}}\n[sources]\n\"event.1\"=\"a\"\n"
        ))
    };
    let late = day("{ uniform = { low = 13.5, high = 113.5 } }");
    assert!(late.len() == 1 && late[0].contains("with probability 50.0%"), "{late:?}");
    assert!(day("{ uniform = { low = 1, high = 63 } }").is_empty());
    assert!(day("63").is_empty());
}

#[test]
fn scenarios_of_one_name_are_told_apart_in_every_table() {
    let home = tempfile::tempdir().unwrap();
    for folder in ["x", "y"] {
        std::fs::create_dir(home.path().join(folder)).unwrap();
        let text = format!("title = \"{folder}\"\nhorizon = \"1w\"\n");
        std::fs::write(home.path().join(folder).join("a.toml"), text).unwrap();
    }
    let names = ["x/a.toml", "y/a.toml", "x/a.toml"];
    for command in ["run", "plausibility"] {
        let out = home.path().join(command);
        let typed =
            [&[command][..], &names, &["--paths", "300", "--quiet", "--out", command]].concat();
        let (code, _, said) = answer(home.path(), &typed);
        assert_eq!(code, Some(0), "{said}");
        for entry in std::fs::read_dir(&out).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "csv") {
                continue;
            }
            let mut rows = csv::Reader::from_path(&path).unwrap();
            if rows.headers().unwrap().get(0) != Some("scenario") {
                continue;
            }
            let mut found: Vec<String> =
                rows.records().map(|row| row.unwrap().get(0).unwrap().to_owned()).collect();
            found.dedup();
            assert_eq!(found, ["a", "a #2", "a #3"], "{}", path.display());
        }
    }
}

#[test]
fn horizons_that_do_not_exist_stop_a_command_before_it_runs() {
    let home = tempfile::tempdir().unwrap();
    let vary = ["--vary", "boj.hike_probability=0.1,0.2"];
    for typed in [
        [&["sweep", "boj_pause", "--at", "7y"][..], &vary].concat(),
        [&["sweep", "boj_pause", "--until", "mean +-1bp at 7y"][..], &vary].concat(),
        vec!["sweep", "boj_pause", "--at", "7y", "--vary", "horizon=7y,3m"],
        [&["compare", "boj_pause", "--at", "7y"][..], &vary].concat(),
        vec!["sensitivity", "boj_pause", "--at", "7y"],
        vec!["reverse", "boj_pause", "--target", "impact_10y_bp >= 5 at 7y"],
        vec!["run", "boj_pause", "--until", "mean +-1bp at 7y"],
    ] {
        let (code, _, said) = answer(home.path(), &[&typed[..], &["--paths", "20000000"]].concat());
        assert_eq!(code, Some(2), "{typed:?}: {said}");
        assert!(said.contains("7y"), "{typed:?}: {said}");
    }
    // The second scenario lacks the horizon: the first does not run either.
    std::fs::write(home.path().join("short.toml"), "title = \"x\"\nhorizon = \"1w\"\n").unwrap();
    let typed =
        ["run", "boj_pause", "short.toml", "--until", "mean +-1bp at 1m", "--paths", "20000000"];
    let (code, _, said) = answer(home.path(), &typed);
    assert!(code == Some(2) && said.contains("`short` has no horizon `1m`"), "{said}");
    assert!(!Path::new(&home.path().join("output")).exists());
}

#[test]
fn a_key_that_is_set_twice_or_set_and_varied_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let twice = |typed: &[&str], needle: &str| {
        let (code, _, said) = answer(home.path(), typed);
        assert_eq!(code, Some(2), "{typed:?}: {said}");
        assert!(said.contains(needle), "{typed:?}: {said}");
    };
    let (a, b) = ("boj.hike_probability=0.1", "boj . \"hike_probability\" = 0.2");
    twice(&["run", "boj_pause", "--set", a, "--set", b], "`boj.hike_probability` is set twice");
    twice(&["run", "boj_pause", "--set", a, "--set", "boj={hike_probability=0.2}"], "set twice");
    let law = "boj.hike_probability={uniform={low=0,high=1}}";
    twice(&["show", "boj_pause", "--set", a, "--set", law], "set twice");
    let vary = ["--vary", "boj.hike_probability=0.1,0.2"];
    for command in ["sweep", "compare"] {
        let said = "`boj.hike_probability` is set and varies";
        twice(&[&[command, "boj_pause", "--set", a][..], &vary].concat(), said);
        let said = "`boj.hike_probability` varies twice";
        twice(&[&[command, "boj_pause"][..], &vary, &vary].concat(), said);
    }
    let apart = ["show", "boj_pause", "--set", a, "--set", "boj.cut_probability=0.2"];
    assert_eq!(answer(home.path(), &apart).0, Some(0));
}

//! Scenario files: what good ones mean and what is said about broken ones.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

#[path = "common/catalogue.rs"]
mod common;

use common::{BASELINE, catalogue};
use ustress::error::Error;
use ustress::scenario::{Loaded, Scenario, Severity, load};

fn resolve(name: &str) -> Option<(String, String)> {
    (name == "baseline").then(|| (name.to_owned(), BASELINE.to_owned()))
}

fn try_load(text: &str, sets: &[&str]) -> Result<Loaded, Error> {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    load("test.toml", text, &resolve, &sets, catalogue())
}

#[track_caller]
fn good(text: &str, sets: &[&str]) -> Loaded {
    try_load(text, sets).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn bad(text: &str, sets: &[&str]) -> String {
    match try_load(text, sets) {
        Ok(_) => panic!("accepted"),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn value(scenario: &Scenario, address: &str) -> f64 {
    let found = scenario.quantities.iter().find(|quantity| quantity.address == address);
    found.and_then(|quantity| quantity.marginal.constant()).unwrap_or_else(|| panic!("{address}"))
}

const SALE: &str = r#"
title   = "MoF sells $150bn to defend the yen"
origin  = "003"
extends = "baseline"
start   = 2026-07-01
horizon = "12m"
[boj]
hike_probability = 0.35
[impact]
prior                   = "consensus"
transitory_bp_per_100bn = { lognormal = { median = 4.5, sigma = 0.65 } }
lasting_bp_per_100bn    = "0.7 to 4.8"
[[event]]
day           = 10
official_sale = { amount_usd_bn = "100 to 300", over_days = 20 }
[[event]]
name        = "crash"
date        = 2026-09-07
probability = 0.5
yen_jump    = { size_pct = -8 }
[channels]
safe_haven = false
[sources]
"boj.hike_probability"           = "assumption"
"impact.transitory_bp_per_100bn" = "assumption"
impact.lasting_bp_per_100bn      = "assumption"
"event.official_sale"            = "assumption: one year of intervention"
"event.crash"                    = "assumption"
"#;

#[test]
fn a_whole_file_resolves_without_a_warning() {
    let Loaded { scenario, warnings, .. } = good(SALE, &[]);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((scenario.name.as_str(), scenario.horizon_days), ("test", 252));
    assert_eq!(scenario.parents, ["baseline"]);
    assert_eq!(value(&scenario, "boj.policy_rate_pct"), 1.0);
    assert_eq!(value(&scenario, "boj.hike_probability"), 0.35);
    assert_eq!(value(&scenario, "event.1.day"), 10.0);
    assert_eq!(value(&scenario, "event.crash.yen_jump.size_pct"), -8.0);
    assert_eq!(value(&scenario, "event.crash.probability"), 0.5);
    assert_eq!(scenario.events[1].fixed_day, Some(48), "Labor Day rolls to 8 September");
    assert_eq!(scenario.events[0].written, [true, true, false]);
    assert_eq!(value(&scenario, "event.1.official_sale.duration_years"), 4.8);
    assert_eq!(scenario.correlations.len(), 1);
    assert_eq!(scenario.muted.iter().filter(|muted| **muted).count(), 1);
    let at = |address: &str| scenario.quantities.iter().position(|found| found.address == address);
    let first = at("event.1.day").unwrap();
    assert_eq!(at("event.1.probability"), Some(first + 1));
    assert_eq!(at("event.1.official_sale.amount_usd_bn"), Some(first + 2));
    let amount = &scenario.quantities[first + 2];
    assert_eq!(amount.source, "assumption: one year of intervention");
    assert!((amount.marginal.cdf(100.0) - 0.05).abs() < 1e-12);
    assert!((amount.marginal.cdf(300.0) - 0.95).abs() < 1e-12);
}

#[test]
fn the_command_line_is_the_last_layer() {
    let sets = [
        "boj.hike_probability=0.5",
        "event.1.official_sale.amount_usd_bn = 500",
        "event.crash.day=3",
        "event.2.probability=0.25",
        "channels.safe_haven=true",
        "title=Another title",
        "event.1.official_sale.cohort=mof",
        "horizon=6m",
    ];
    let Loaded { scenario, warnings, .. } = good(SALE, &sets);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(value(&scenario, "boj.hike_probability"), 0.5);
    assert_eq!(value(&scenario, "event.1.official_sale.amount_usd_bn"), 500.0);
    assert_eq!(value(&scenario, "event.crash.day"), 3.0);
    assert_eq!(value(&scenario, "event.crash.probability"), 0.25);
    assert_eq!((scenario.title.as_str(), scenario.horizon_days), ("Another title", 126));
    assert_eq!(scenario.events[0].words, [Some("mof")]);
    assert!(scenario.muted.iter().all(|muted| !muted));
    let set = scenario.quantities.iter().find(|found| found.address == "boj.hike_probability");
    assert_eq!(
        set.map(|found| (found.layer.as_str(), found.source.as_str())),
        Some(("--set", "set on the command line"))
    );
    assert!(bad(SALE, &["boj.hike_probability=2"]).contains("probability above 1"));
    assert!(bad(SALE, &["event.3.day=2"]).contains("no event `3`"));
    assert!(bad(SALE, &["nonsense"]).contains("KEY=VALUE"));
    assert!(bad(SALE, &["extends=\"x\""]).contains("cannot be set"));
    assert!(bad(SALE, &["=1"]).contains("not valid TOML"));
}

#[test]
fn a_prior_of_a_later_layer_discards_the_values_of_earlier_ones() {
    let Loaded { scenario, warnings, .. } = good(SALE, &["impact.prior=beltran2013"]);
    assert_eq!(scenario.prior, "beltran2013");
    assert_eq!(value(&scenario, "impact.transitory_bp_per_100bn"), 6.4);
    assert_eq!(value(&scenario, "impact.half_life_days"), 60.0);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].message.contains("discards"), "{}", warnings[0].message);
    assert!(scenario.correlations.is_empty(), "a default correlation of constants is dropped");

    let over = good("title='x'\n[impact]\nlasting_bp_per_100bn = 2\nprior = 'beltran2013'", &[]);
    assert_eq!(
        value(&over.scenario, "impact.lasting_bp_per_100bn"),
        2.0,
        "in one layer, prior first"
    );
    assert_eq!(value(&over.scenario, "impact.transitory_bp_per_100bn"), 6.4);

    let cbo = good(SALE, &["impact.prior=cbo_debt"]).scenario;
    let half_life = cbo.quantities.iter().find(|found| found.address == "impact.half_life_days");
    assert!(half_life.is_some_and(|found| found.layer == "default"), "back to the default");
}

#[test]
fn tables_merge_and_events_are_inherited() {
    let resolve = |name: &str| match name {
        "parents/sale.toml" => Some((name.to_owned(), SALE.to_owned())),
        other => resolve(other),
    };
    let load = |text: &str| load("parents/child.toml", text, &resolve, &[], catalogue());
    let child = "title = 'child'\nextends = 'sale.toml'\n";
    let same = load(child).unwrap().scenario;
    assert_eq!(same.parents, ["sale", "baseline"]);
    assert_eq!(same.events.len(), 2);
    assert_eq!(value(&same, "boj.hike_probability"), 0.35);
    let event = "[[event]]\nday = 5\noil_shock = { size_pct = 20 }\n";
    let alone = load(&format!("{child}drop_events = true\n{event}")).unwrap().scenario;
    assert_eq!(alone.events.len(), 1);
    let added = load(&format!("{child}{event}")).unwrap().scenario;
    assert_eq!(
        added.events.iter().map(|event| event.kind).collect::<Vec<_>>(),
        ["official_sale", "yen_jump", "oil_shock"]
    );
    let none = load(&format!("{child}drop_events = true")).unwrap().scenario;
    assert!(none.events.is_empty() && none.correlations.len() == 1);
}

#[test]
fn doubtful_things_are_warned_of() {
    let warned = |text: &str, what: &str| {
        let warnings = good(text, &[]).warnings;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert_eq!(warnings[0].severity, Severity::Warning);
        assert!(warnings[0].message.contains(what), "{}", warnings[0].render());
    };
    warned("title='x'\n[boj]\nhike_probability = 0.3", "has no source");
    warned(
        "title='x'\n[boj]\nhike_probability={normal={mean=0.1,sd=0.1}}\n[sources]\nboj.hike_probability='a'",
        "truncation cuts 15.9%",
    );
    warned(
        "title='x'\n[[event]]\nday=250\njgb_shock={size_bp=9,over_days=3}\n[sources]\n'event.1'='a'\n[[correlation]]\na='boj.policy_rate_pct'\nb='impact.half_life_days'\nrho=0.1",
        "is constant",
    );
    warned(
        "title='x'\n[[event]]\nday=250\nofficial_sale={amount_usd_bn=9,over_days=4}\n[sources]\n'event.1'='a'",
        "runs past the end",
    );
}

/// What must survive `show`: everything but names, parents and layers.
fn essence(scenario: &Scenario) -> impl PartialEq + std::fmt::Debug {
    let quantities: Vec<_> = scenario
        .quantities
        .iter()
        .map(|found| {
            (found.address.clone(), found.unit, found.written.clone(), found.source.clone())
        })
        .collect();
    let marginals: Vec<_> =
        scenario.quantities.iter().map(|found| format!("{:?}", found.marginal)).collect();
    let rest = format!(
        "{} {} {:?} {:?} {:?} {} {:?} {:?} {:?}",
        scenario.title,
        scenario.story,
        scenario.origin,
        scenario.start,
        scenario.horizon_days,
        scenario.prior,
        scenario.correlations,
        scenario.events,
        scenario.muted
    );
    (quantities, marginals, rest)
}

#[test]
fn what_show_writes_loads_to_the_same_scenario() {
    let with_dates = "title='\"q\"\\n'\n[[event]]\ndate='2026-08-03 to 2026-09-30'\nprobability=0.5\nthreat={effect_bp='1 to 9',half_life_days=5}\n[[event]]\nname='x'\nday='5 to 20'\nequity_shock={size_pct=-9,origin='us'}\n[[event]]\ndate={uniform={low=2026-08-03,high=2026-10-01}}\noil_shock={size_pct={discrete={values=[1,2.5],weights=[1,3]}}}\n[[correlation]]\na='event.x.day'\nb='impact.half_life_days'\nrho=-0.25";
    let cases: [(&str, &[&str]); 5] = [
        (SALE, &[]),
        (
            SALE,
            &[
                "impact.prior=cbo_debt",
                "event.1.official_sale.cohort=gpif",
                "boj.hike_probability={ pert = { low = 0, mode = 0.2, high = 0.5 }, max = 0.4 }",
            ],
        ),
        (with_dates, &[]),
        (with_dates, &["start=2026-08-01"]),
        ("title='plain'\nstory='''\nTwo\nlines'''\n", &["impact.lasting_bp_per_100bn='-5 to 5'"]),
    ];
    for (index, (text, sets)) in cases.into_iter().enumerate() {
        if index == 4 {
            assert!(bad(text, sets).contains("out of range"));
            continue;
        }
        let first = good(text, sets).scenario;
        let shown = ustress::scenario::show(&first, catalogue());
        let again = good(&shown, &[]).scenario;
        assert_eq!(essence(&first), essence(&again), "{shown}");
        assert_eq!(
            shown.lines().filter(|line| !line.starts_with("# parents")).count(),
            ustress::scenario::show(&again, catalogue())
                .lines()
                .filter(|line| !line.starts_with("# parents"))
                .count()
        );
    }
}

#[test]
fn explain_says_unit_range_default_and_source() {
    let text = ustress::cli::explain("boj", catalogue()).unwrap();
    for part in ["boj.hike_probability", "0 to 1 (probability)", "0.25", "assumption"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(ustress::cli::explain("official_sale", catalogue()).unwrap().contains("`mof`"));
    assert!(ustress::cli::explain("impact", catalogue()).unwrap().contains("beltran2013"));
    for key in ["levels", "drop_events", "event", "sources"] {
        assert!(ustress::cli::explain(key, catalogue()).unwrap().starts_with(key), "{key}");
    }
    let error = ustress::cli::explain("dealer", catalogue()).unwrap_err().to_string();
    assert!(error.contains("did you mean `dealers`?"), "{error}");
}

#[test]
fn the_schema_names_every_key_and_closes_every_table() {
    let schema = ustress::scenario::schema(catalogue());
    for declaration in catalogue().declarations() {
        let table = &schema["properties"][declaration.table];
        assert_eq!(table["additionalProperties"], false);
        assert!(table["properties"][declaration.name]["anyOf"].is_array(), "{}", declaration.name);
    }
    let event = &schema["properties"]["event"]["items"];
    for kind in catalogue().events {
        assert_eq!(event["properties"][kind.name]["additionalProperties"], false);
    }
    // One of the kinds, or none in an amendment.
    assert_eq!(event["allOf"][0]["oneOf"].as_array().unwrap().len(), catalogue().events.len() + 1);
    for key in ["levels", "drop_events"] {
        assert!(schema["properties"][key]["anyOf"].is_array(), "{key}");
    }
    assert!(schema["properties"]["events_from_parent"].is_null());
    assert_eq!(event["properties"]["meeting"]["type"], "integer");
    assert_eq!(schema["required"][0], "title");
}

/// What is said, without what another catalogue would say otherwise: ranges, lists of words and descriptions.
fn steady(said: &str) -> String {
    let abouts: Vec<&str> = catalogue()
        .declarations()
        .map(|declaration| declaration.about)
        .chain(
            catalogue().events.iter().flat_map(|kind| kind.fields.iter().map(|field| field.about)),
        )
        .collect();
    let line = |line: &str| {
        let (before, label) = line.split_once("^ expected ").unwrap_or((line, ""));
        if let Some((what, _)) = label.split_once(" in ").filter(|_| label.ends_with(')')) {
            return format!("{before}^ expected {what} in …\n");
        }
        if label.contains("`, `") || label.contains("` or `") || label.contains("the tables") {
            return format!("{before}^ expected one of …\n");
        }
        match line.split_once("= help: ") {
            Some((before, help)) if abouts.iter().any(|about| about.trim() == help) => {
                format!("{before}= help: …\n")
            }
            _ => format!("{line}\n"),
        }
    };
    said.lines().map(line).collect()
}

/// Name, text and what is said of it, for every file of `tests/broken`.
fn broken() -> Vec<(std::path::PathBuf, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let resolve = |name: &str| {
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
        resolve(name).or_else(|| Some((name.to_owned(), read(name)?)))
    };
    let said = |path: &std::path::Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = ustress::scenario::decode(name, &std::fs::read(path).unwrap());
        let loaded = text.and_then(|text| load(name, &text, &resolve, &[], catalogue()));
        loaded.map_or_else(|error| steady(&error.to_string()), |_| "accepted\n".to_owned())
    };
    files
        .into_iter()
        .map(|path| {
            let text = said(&path);
            (path, text)
        })
        .collect()
}

#[test]
fn broken_files_are_refused_with_the_expected_words() {
    let files = broken();
    assert!(files.len() >= 60);
    for (path, said) in files {
        assert_ne!(said, "accepted\n", "{}", path.display());
        let expected = std::fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        assert_eq!(said, expected, "{}: accept with `-- --ignored accept`", path.display());
    }
}

#[test]
#[ignore = "writes what is said today as what is expected"]
fn accept() {
    for (path, said) in broken() {
        std::fs::write(path.with_extension("expected"), said).unwrap();
    }
}

#[test]
fn one_bound_is_enough_and_a_singular_matrix_is_refused() {
    let text = "title='x'\n[boj]\nhike_probability={uniform={low=0.1,high=0.5},max=0.3}\n[sources]\nboj.hike_probability='a'";
    let scenario = good(text, &[]).scenario;
    let hike =
        scenario.quantities.iter().find(|found| found.address == "boj.hike_probability").unwrap();
    assert_eq!(hike.marginal.support(), (0.1, 0.3));
    let pair = |a: &str, b: &str, rho: f64| {
        format!("[[correlation]]\na='impact.{a}'\nb='impact.{b}'\nrho={rho}\n")
    };
    let (t, p, h) = ("transitory_bp_per_100bn", "lasting_bp_per_100bn", "half_life_days");
    let matrix = |one: f64, two: f64| format!("title='x'\n{}{}", pair(t, p, one), pair(t, h, two));
    assert_eq!(good(&matrix(0.6, 0.79), &[]).scenario.correlations.len(), 2);
    // In exact numbers singular; in floating point the last pivot can be a small positive one.
    for (one, two) in [(0.6, 0.8), (0.8, 0.6), (0.28, 0.96), (0.96, 0.28), (0.352, 0.936)] {
        assert!(bad(&matrix(one, two), &[]).contains("not positive definite"), "{one} {two}");
    }
}

#[test]
fn a_parents_date_is_only_wrong_if_it_survives() {
    let resolve = |name: &str| match name {
        "sale" => Some((name.to_owned(), SALE.to_owned())),
        other => resolve(other),
    };
    let load = |text: &str| load("child.toml", text, &resolve, &[], catalogue());
    let late = "title='x'\nextends='sale'\nstart=2027-01-04\n";
    let error = load(late).unwrap_err().to_string();
    assert!(error.contains("sale:18") && error.contains("within reach"), "{error}");
    assert!(load(&format!("{late}drop_events=true")).is_ok());
}

#[test]
fn the_file_that_fuzzing_starts_from_is_good() {
    let loaded = good(include_str!("fuzz/good.toml"), &[]);
    assert_eq!(loaded.scenario.events.len(), 3);
}

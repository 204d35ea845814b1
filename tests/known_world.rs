//! Paths that leave the world that the model knows: counted, named, written beside the results and told by the exit code.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod run;

use command::{answer, results};
use run::{paths, scenario};
use std::collections::BTreeMap;
use std::path::Path;
use ustress::cli::LIBRARY;
use ustress::engine::Collect as _;
use ustress::model::{CATALOGUE, METRICS, Plan, numbers};
use ustress::plausibility::{Beyond, name_furthest};
use ustress::stats::{Outside, Tally};

/// Everyday noise at the end of its range: many a 10-year yield falls below −2% or rises above 16%.
const NOISY: &str = "title = \"Noisy\"\nhorizon = \"3m\"\n[fed]\nust_10y_noise_bp = 54\n[sources]\n\"fed.ust_10y_noise_bp\" = \"assumption\"\n";
/// An event at the end of its range: the yen at 325 on every path.
const CRASH: &str = "title = \"Crash\"\nhorizon = \"1w\"\n[[event]]\nname = \"yen\"\nday = 1\nyen_jump = { size_pct = 100 }\n";

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("noisy.toml"), NOISY).unwrap();
    std::fs::write(home.path().join("crash.toml"), CRASH).unwrap();
    home
}

fn read(home: &Path, name: &str) -> String {
    std::fs::read_to_string(results(home).join(name)).unwrap()
}

fn manifest(home: &Path) -> serde_json::Value {
    serde_json::from_str(&read(home, "manifest.json")).unwrap()
}

/// Paths of [`NOISY`] outside a metric's range, by metric and in all, from their peaks and troughs one by one.
fn counted_by_hand(count: usize) -> (BTreeMap<&'static str, u64>, u64) {
    let made = paths(&scenario(NOISY, &[]), count);
    let mut by_metric = BTreeMap::new();
    let mut any = vec![false; count];
    for metric in METRICS {
        let Some(known) = metric.known else { continue };
        let (peaks, troughs) =
            (made.metric(metric.name, "peak"), made.metric(metric.name, "trough"));
        let left: Vec<usize> = (0..count)
            .filter(|path| peaks[*path] > known.high || troughs[*path] < known.low)
            .collect();
        left.iter().for_each(|path| any[*path] = true);
        if !left.is_empty() {
            by_metric.insert(metric.name, left.len() as u64);
        }
    }
    (by_metric, any.iter().filter(|any| **any).count() as u64)
}

#[test]
fn the_counts_are_those_of_the_peaks_and_troughs_for_any_threads() {
    let home = home();
    let mut seen = Vec::new();
    for threads in ["1", "2", "3"] {
        let typed = ["run", "noisy.toml", "--paths", "1536", "--seed", "1", "--threads", threads];
        let (code, _, errors) = answer(home.path(), &typed);
        assert_eq!(code, Some(4), "{errors}");
        let text = read(home.path(), "SUSPECT");
        assert!(errors.contains(text.trim_end()), "{errors}\n{text}");
        let facts = manifest(home.path())["scenarios"][0]["outside_known_world"].clone();
        seen.push((text, facts));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    let (text, facts) = &seen[0];
    let (by_metric, total) = counted_by_hand(1536);
    assert!(total > 100, "{total}");
    assert_eq!(facts["paths"], total);
    assert_eq!(facts["by_metric"], serde_json::to_value(&by_metric).unwrap());
    assert!(text.contains(&format!("noisy: {total} of 1536 paths (")), "{text}");
    let yields = by_metric["yield_10y_pct"];
    assert!(text.contains(&format!("yield_10y_pct: {yields} paths outside -2 to 16 %")), "{text}");
    let worst = facts["worst"]["path"].as_u64().unwrap();
    assert!(text.contains(&format!("The furthest out is path {worst}, whose yield_10y_pct")));
    let key = "fed.ust_10y_noise_bp lies furthest from its default: 54 bp a day where the default is 4.6.";
    assert!(text.contains(key), "{text}");
}

#[test]
fn an_event_at_the_end_of_its_range_is_named() {
    let home = home();
    let (code, _, errors) = answer(home.path(), &["run", "crash.toml", "--paths", "256"]);
    assert_eq!(code, Some(4), "{errors}");
    let text = read(home.path(), "SUSPECT");
    assert!(text.contains("crash: 256 of 256 paths (100%)"), "{text}");
    let key =
        "event.yen.yen_jump.size_pct lies furthest from its default: 100 % where the default is 0.";
    assert!(text.contains(key), "{text}");
}

#[test]
fn a_clean_run_has_no_such_file_and_takes_an_old_one_away() {
    let home = home();
    let suspect = home.path().join("output/x/SUSPECT");
    let crash = ["run", "crash.toml", "--paths", "256", "--out", "output/x"];
    assert_eq!(answer(home.path(), &crash).0, Some(4));
    assert!(suspect.exists());
    let (code, screen, errors) =
        answer(home.path(), &["run", "managed_adjustment", "--paths", "512", "--out", "output/x"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(!suspect.exists() && !screen.contains("known to hold") && !errors.contains("SUSPECT"));
    assert_eq!(manifest(home.path())["scenarios"][0]["outside_known_world"]["paths"], 0);
}

#[test]
fn a_few_paths_are_a_note_and_no_failure() {
    let home = home();
    for tenths in (100..=135).rev().step_by(5) {
        let set = format!("fed.ust_10y_noise_bp={}", f64::from(tenths) / 10.0);
        let typed = ["run", "managed_adjustment", "--set", &set, "--paths", "4096"];
        let (code, screen, errors) = answer(home.path(), &typed);
        let facts = manifest(home.path())["scenarios"][0]["outside_known_world"].clone();
        let left = facts["paths"].as_u64().unwrap();
        let suspect = results(home.path()).join("SUSPECT").exists();
        assert_eq!((code, suspect), if left > 4 { (Some(4), true) } else { (Some(0), false) });
        if (1..=4).contains(&left) {
            let unwrapped = screen.replace('\n', " ");
            assert!(unwrapped.contains(&format!("note: managed_adjustment: {left} of 4096 paths")));
            let path = format!("the furthest out is path {}", facts["worst"]["path"]);
            assert!(unwrapped.contains(&path) && !errors.contains("SUSPECT"), "{screen}");
            return;
        }
    }
    panic!("no noise sent one to four paths out");
}

#[test]
fn stopped_goes_before_suspect() {
    let home = home();
    let typed = ["run", "noisy.toml", "--paths", "5000", "--until", "mean +-0.0001bp", "--quiet"];
    let (code, _, errors) = answer(home.path(), &typed);
    assert_eq!(code, Some(3), "{errors}");
    let output = results(home.path());
    assert!(output.join("SUSPECT").exists() && output.join("PARTIAL").exists());
}

#[test]
fn the_other_commands_say_it_too() {
    let home = home();
    let vary = ["sweep", "noisy.toml", "--vary", "fed.ust_10y_noise_bp=4.6,54", "--paths", "300"];
    let (code, _, errors) = answer(home.path(), &vary);
    assert_eq!(code, Some(4), "{errors}");
    let text = read(home.path(), "SUSPECT");
    assert!(text.starts_with("point 2 (fed.ust_10y_noise_bp=54): "), "{text}");
    assert!(!text.contains("point 1"), "{text}");
    let facts = manifest(home.path())["scenarios"][0]["outside_known_world"].clone();
    assert!(text.contains(&format!("): {} of 300 paths", facts["paths"])), "{text}");
    for typed in [
        vec!["sensitivity", "noisy.toml", "--paths", "1024"],
        vec!["compare", "noisy.toml", "boj_pause", "--paths", "256", "--no-waterfall"],
        vec!["plausibility", "noisy.toml", "--paths", "256"],
    ] {
        let (code, _, errors) = answer(home.path(), &typed);
        assert_eq!(code, Some(4), "{typed:?}: {errors}");
        assert!(read(home.path(), "SUSPECT").starts_with("noisy: "), "{typed:?}");
    }
}

#[test]
fn reverse_says_which_answers_lie_beyond() {
    let home = home();
    let text = CRASH.replace("100", "{ normal = { mean = 0, sd = 25 } }");
    std::fs::write(home.path().join("fall.toml"), text).unwrap();
    let typed = ["reverse", "fall.toml", "--target", "usdjpy >= 305 at end", "--paths", "2000"];
    let (_, screen, errors) = answer(home.path(), &typed);
    let unwrapped = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(unwrapped.contains("of the paths there leave the world that"), "{screen}{errors}");
    let moved = "Only with paths outside the world that the model is known to hold in: ";
    assert!(unwrapped.contains(moved), "{screen}");
    let table = read(home.path(), "single_moves.csv");
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let jump = rows
        .deserialize::<BTreeMap<String, String>>()
        .map(Result::unwrap)
        .find(|row| row["key"] == "event.yen.yen_jump.size_pct")
        .unwrap();
    assert!(jump["outside_known_world"].parse::<f64>().unwrap() > 0.5, "{jump:?}");
    let typed = ["reverse", "fall.toml", "--target", "usdjpy >= 180 at end", "--paths", "2000"];
    let (_, screen, _) = answer(home.path(), &typed);
    assert!(!screen.contains("of the paths there leave"), "{screen}");
}

fn outside(tally: &Tally) -> &Outside {
    tally.outside()
}

#[test]
fn parts_merge_to_the_same_counts_in_any_order() {
    let made = paths(&scenario(NOISY, &[]), 2048);
    let whole = made.blocks.iter().fold(Tally::new(&made.plan.layout), |mut tally, block| {
        tally.absorb(block);
        tally
    });
    assert!(outside(&whole).paths > 100);
    let mut parts: Vec<Tally> = Vec::new();
    for block in made.blocks.iter().rev() {
        let mut part = Tally::new(&made.plan.layout);
        part.absorb(block);
        parts.push(part);
    }
    parts.swap(1, 5);
    let merged = parts.into_iter().reduce(Tally::merge).unwrap();
    assert_eq!(outside(&merged), outside(&whole));
    let written = serde_json::to_string(outside(&whole)).unwrap();
    let read: Outside = serde_json::from_str(&written).unwrap();
    assert_eq!(&read, outside(&whole), "a journal gives back what was counted");
    let only = Tally::new(&made.plan.layout).only(&[2]);
    let narrow = made.blocks.iter().fold(only, |mut tally, block| {
        tally.absorb(block);
        tally
    });
    assert_eq!(outside(&narrow), outside(&whole), "also where one metric is tallied");
}

#[test]
fn the_worst_path_is_furthest_by_the_width_and_of_equals_the_first() {
    let mut made = paths(&scenario("title = \"Calm\"\nhorizon = \"1w\"\n", &[]), 512);
    let place = |label: &str, metric: &str, layout: &ustress::model::Layout| {
        let horizon = layout.horizons.iter().position(|known| known.label == label).unwrap();
        horizon * METRICS.len() + METRICS.iter().position(|known| known.name == metric).unwrap()
    };
    let layout = made.plan.layout.clone();
    let mut set = |block: usize, label: &str, metric: &str, path: usize, value: f64| {
        let cell = place(label, metric, &layout) * 256 + path;
        made.blocks[block].metrics[cell] = value;
    };
    // 18 wide: 4 over is 0.222; 240 wide: 60 over is 0.25, twice; 12 wide: 2 below is 0.167; on the edge is inside.
    set(0, "peak", "yield_10y_pct", 7, 20.0);
    set(1, "peak", "usdjpy", 9, 360.0);
    set(0, "peak", "usdjpy", 200, 360.0);
    set(0, "trough", "jgb_10y_pct", 7, -4.0);
    set(1, "trough", "equity_pct", 3, -70.0);
    let mut tally = Tally::new(&layout);
    for block in made.blocks.iter().rev() {
        tally.absorb(block);
    }
    let name = |metric: usize| METRICS[metric].name;
    let found = outside(&tally);
    let counts: Vec<(&str, u64)> =
        found.metrics.iter().map(|(metric, count)| (name(*metric), *count)).collect();
    assert_eq!(counts, [("yield_10y_pct", 1), ("usdjpy", 2), ("jgb_10y_pct", 1)]);
    assert_eq!(found.paths, 3);
    let worst = found.worst.as_ref().unwrap();
    assert_eq!((worst.drawn.path, name(worst.metric), worst.value), (200, "usdjpy", 360.0));
    assert_eq!(worst.widths, 0.25);
    let drawn = made.blocks[0].draws.iter().skip(200).step_by(256);
    assert!(worst.drawn.values.iter().eq(drawn));
}

#[test]
fn more_than_one_in_a_thousand_is_suspect() {
    let plan = Plan::new(&scenario(NOISY, &[])).unwrap();
    let baseline = LIBRARY.load("baseline", &[], &CATALOGUE).unwrap().scenario;
    for (left, of, suspect) in
        [(1, 1000, false), (2, 1999, true), (10, 10_000, false), (1, 999, true)]
    {
        let counts = Outside { paths: left, ..Outside::default() };
        let found = Beyond::new("a", (&plan, 1), of, &counts, &baseline);
        assert_eq!(found.is_suspect(), suspect, "{left} of {of}");
    }
}

#[test]
fn a_path_without_numbers_names_its_key() {
    let mut made = paths(&scenario(NOISY, &[]), 512);
    for (block, path) in [(1, 3), (0, 250), (0, 37)] {
        made.blocks[block].metrics[256 * 4 + path] = f64::NAN;
    }
    let mut tally = Tally::new(&made.plan.layout);
    for block in made.blocks.iter().rev() {
        tally.absorb(block);
    }
    let lost = tally.lost().unwrap();
    assert_eq!(lost.path, 37);
    let baseline = LIBRARY.load("baseline", &[], &CATALOGUE).unwrap().scenario;
    let named = name_furthest(&numbers(&made.plan, 1, lost.path, &lost.values), &baseline).unwrap();
    assert!(named.starts_with("fed.ust_10y_noise_bp lies furthest"), "{named}");
    let own = made.blocks[0].draws.iter().skip(37).step_by(256);
    assert!(lost.values.iter().eq(own));
}

/// The names that a path's numbers are given are those of the scenario.
#[test]
fn numbers_have_the_addresses_units_and_values_of_the_scenario() {
    let text = format!(
        "{CRASH}[[event]]\nday = 2\nofficial_sale = {{ amount_usd_bn = 9, over_days = 2 }}\n"
    );
    let scenario = scenario(&text, &[]);
    let plan = Plan::new(&scenario).unwrap();
    let values: Vec<f64> = (0..scenario.quantities.len()).map(|id| id as f64).collect();
    let found = numbers(&plan, 1, 5, &values);
    for number in &found {
        let quantity = &scenario.quantities[number.value as usize];
        assert_eq!((&number.address, number.unit), (&quantity.address, quantity.unit));
    }
    let named = |key: &str| found.iter().any(|number| number.address == key);
    assert!(named("event.yen.yen_jump.size_pct") && named("event.2.official_sale.amount_usd_bn"));
    assert!(!named("event.2.official_sale.over_days") && named("impact.half_life_days"));
    let mut never = values;
    never[scenario.events[0].probability] = 0.0;
    let found = numbers(&plan, 1, 5, &never);
    assert!(
        found.iter().all(|number| !number.address.starts_with("event.yen")),
        "it does not happen"
    );
    assert!(found.iter().any(|number| number.address.starts_with("event.2")));
}

/// An event counts on exactly the paths on which it happens.
#[test]
fn an_event_is_among_the_numbers_where_it_happens() {
    let text = CRASH.replace("day = 1\n", "day = 1\nprobability = 0.5\n");
    let made = paths(&scenario(&text, &[]), 512);
    let spot = made.metric("usdjpy", "peak");
    for (path, spot) in spot.iter().enumerate() {
        let (block, place) = (&made.blocks[path / 256], path % 256);
        let values: Vec<f64> = block.draws.iter().skip(place).step_by(256).copied().collect();
        let found = numbers(&made.plan, 1, path as u64, &values);
        let named = found.iter().any(|number| number.address.starts_with("event.yen"));
        assert_eq!(named, *spot > 250.0, "path {path}: {spot}");
    }
}

//! Levels of the market and where they come from: their dates, another root, doubtful ones, and every start of the library.

#![allow(clippy::unwrap_used, reason = "a test may stop here")]

#[path = "common/command.rs"]
mod command;
#[path = "common/run.rs"]
mod common;

use command::answer;
use common::{mean, paths};
use std::path::Path;
use tempfile::TempDir;
use ustress::cli::LIBRARY;
use ustress::model::CATALOGUE;
use ustress::scenario::{Loaded, load, render, show};

#[track_caller]
fn good(text: &str, sets: &[&str]) -> Loaded {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let loaded = load("mine.toml", text, &|name| LIBRARY.find(name), &sets, &CATALOGUE);
    loaded.unwrap_or_else(|error| panic!("{error}"))
}

/// What is said of a scenario whose numbers all have a source.
#[track_caller]
fn said(text: &str, sets: &[&str]) -> String {
    let tables = ["boj", "fed", "jgb", "usdjpy", "holdings", "equity", "hedge"];
    let tables = tables.iter().filter(|table| text.contains(&format!("[{table}]")));
    let sources: String = tables.map(|table| format!("{table} = 'assumption'\n")).collect();
    render(&good(&format!("title = 'x'\n{text}\n[sources]\n{sources}"), sets).warnings)
}

#[test]
fn old_levels_and_those_of_the_future_are_said() {
    for (start, age) in [
        ("2026-07-01", None),
        ("2026-07-15", None),
        ("2026-07-16", Some(11)),
        ("2026-11-25", Some(102)),
    ] {
        let said = said(&format!("start = {start}"), &[]);
        match age {
            None => assert_eq!(said, "", "{start}"),
            Some(age) => {
                assert!(
                    said.contains("old levels: `boj.policy_rate_pct` and 25 others of 2026-06-30"),
                    "{said}"
                );
                assert!(said.contains(&format!("{age} business days later")), "{said}");
                assert!(
                    said.contains("`--baseline FILE`") && said.contains("levels = DATE"),
                    "{said}"
                );
            }
        }
    }
    assert!(said("", &["start=2026-11-25"]).contains("start = 2026-11-25"));
    let early = said("start = 2026-06-26", &[]);
    assert!(
        early.contains("levels of the future: `boj.policy_rate_pct` and 25 others of 2026-06-30"),
        "{early}"
    );
    // The oldest in use: what a file dates itself, by number, by table or as a whole.
    let newer = "start = 2026-08-03\nlevels = 2026-07-31\n[fed]\nust_10y_pct = 4.6";
    assert!(said(newer, &[]).contains("and 24 others of 2026-06-30"), "{}", said(newer, &[]));
    let older =
        "start = 2026-07-01\n[fed]\nust_10y_pct = 4.6\n[levels]\n'fed.ust_10y_pct' = 2026-05-29";
    let older = said(older, &[]);
    assert!(older.contains("old levels: `fed.ust_10y_pct` of 2026-05-29"), "{older}");
    let table = said("[fed]\nust_10y_pct = 4.6\n[levels]\nfed = 2026-05-29\njgb = 2020-01-01", &[]);
    assert!(table.contains("`fed.ust_10y_pct` of 2026-05-29") && !table.contains("jgb"), "{table}");
    // A value that a scenario assumes is of its start.
    let own = good("title='x'\n[fed]\nust_10y_pct = 4.6", &[]).scenario;
    let dated =
        |address: &str| own.quantities.iter().find(|own| own.address == address).unwrap().dated;
    assert_eq!(dated("fed.ust_10y_pct"), None);
    assert_eq!(dated("fed.ust_2y_pct").unwrap().to_string(), "2026-06-30");
    assert_eq!(dated("boj.hike_probability"), None, "no level");
}

#[test]
fn show_keeps_the_dates_of_levels() {
    let cases = [
        "title = 'x'",
        "title = 'x'\n[fed]\nust_10y_pct = 4.6",
        "title = 'x'\n[fed]\nust_10y_pct = 4.6\n[levels]\nfed.ust_10y_pct = 2026-05-29\n'boj.priced_12m_pct' = 2026-06-01",
    ];
    for text in cases {
        let first = good(text, &[]).scenario;
        let shown = show(&first, &CATALOGUE);
        let again = good(&shown, &[]).scenario;
        let dates = |of: &ustress::scenario::Scenario| {
            of.quantities.iter().map(|own| own.dated).collect::<Vec<_>>()
        };
        assert_eq!(dates(&first), dates(&again), "{shown}");
    }
    assert!(show(&good(cases[0], &[]).scenario, &CATALOGUE).contains("\nlevels = 2026-06-30\n"));
}

#[test]
fn fractions_are_told_from_yields_near_zero() {
    for (text, address, written) in [
        ("[fed]\nust_10y_pct = 0.0444", "fed.ust_10y_pct", "write 4.44"),
        ("[fed]\nust_30y_pct = 0.0491", "fed.ust_30y_pct", "write 4.91"),
        ("[fed]\nust_2y_pct = 0.0414", "fed.ust_2y_pct", "write 4.14"),
        ("[fed]\npolicy_rate_pct = 0.0363", "fed.policy_rate_pct", "write 3.63"),
        ("[boj]\npolicy_rate_pct = 0.01", "boj.policy_rate_pct", "write 1"),
        ("[jgb]\njgb_10y_pct = 0.0269", "jgb.jgb_10y_pct", "write 2.69"),
        ("[jgb]\njgb_10y_pct = 0.05\njgb_30y_pct = 0.06", "jgb.jgb_30y_pct", "write 6"),
        ("[usdjpy]\nrealised_vol_20d_pct = 0.0334", "usdjpy.realised_vol_20d_pct", "write 3.34"),
        ("[usdjpy]\ndiffusion_pct = 0.00535", "usdjpy.diffusion_pct", "write 0.535"),
        ("[fed]\nust_10y_pct = '0.04 to 0.05'", "fed.ust_10y_pct", "for"),
    ] {
        let said = said(text, &[]);
        assert!(
            said.contains(&format!("`{address} = ")) && said.contains("looks like a fraction"),
            "{text}: {said}"
        );
        assert!(said.contains(written), "{text}: {said}");
    }
    let all = said("[fed]\nust_10y_pct = 0.0444\nust_5y_pct = 0.08\npolicy_rate_pct = 0.05", &[]);
    assert_eq!(all.matches("looks like a fraction").count(), 3, "{all}");
    // Real levels: Japan until 2024, the United States in 2020 and 2021, and changes of no more than usual.
    for text in [
        "[boj]\npolicy_rate_pct = -0.1",
        "[boj]\npolicy_rate_pct = 0.1",
        "[jgb]\njgb_10y_pct = 0.04",
        "[jgb]\njgb_10y_pct = 0.1",
        "[jgb]\njgb_10y_pct = -0.28\njgb_30y_pct = 0.05",
        "[jgb]\njgb_10y_pct = 0.06\njgb_30y_pct = 0.45",
        "[fed]\npolicy_rate_pct = 0.09\nust_2y_pct = 0.12\nust_5y_pct = 0.28\nust_10y_pct = 0.62\nust_30y_pct = 1.3",
        "[hedge]\nbasis_pct = -0.002",
        "[usdjpy]\nchange_60d_pct = 0",
    ] {
        assert_eq!(said(text, &[]), "", "{text}");
    }
    let vix = load(
        "x.toml",
        "title='x'\n[equity]\nvix = 0.165",
        &|name| LIBRARY.find(name),
        &[],
        &CATALOGUE,
    );
    let vix = vix.unwrap_err().to_string();
    assert!(vix.contains("looks like a fraction: write 16.5"), "{vix}");
}

#[test]
fn a_spot_or_a_total_that_cannot_be_is_said() {
    for spot in [81.3, 140.0, 180.0] {
        let said = said(&format!("[usdjpy]\nspot_jpy_per_usd = {spot}"), &[]);
        assert!(said.contains("from its 60-day average of 159.4"), "{spot}: {said}");
    }
    assert_eq!(said("[usdjpy]\nspot_jpy_per_usd = 155", &[]), "");
    assert_eq!(said("[usdjpy]\nspot_jpy_per_usd = 140\nrealised_vol_20d_pct = 12", &[]), "");
    let high = said("[usdjpy]\nspot_jpy_per_usd = 165", &[]);
    assert!(high.contains("highest spot of a year") && !high.contains("60-day"), "{high}");
    for (text, needle) in [
        ("total_usd_bn = 1.117", "1117 for USD 1.117tn"),
        ("total_usd_bn = 11170", "add up to 1117"),
        ("mof_usd_bn = 0.635", "add up to"),
        ("total_usd_bn = 700", "each is scaled by 0.62"),
    ] {
        let said = said(&format!("[holdings]\n{text}"), &[]);
        assert!(
            said.contains("`holdings.total_usd_bn = ") && said.contains(needle),
            "{text}: {said}"
        );
    }
    assert_eq!(said("[holdings]\ntotal_usd_bn = 1250", &[]), "");
    let names = [
        "mof",
        "gpif",
        "megabanks",
        "life_insurers",
        "post_bank",
        "norinchukin",
        "regional_banks",
        "trusts",
    ];
    let all: String = names.iter().map(|name| format!("{name}_usd_bn = 0.1\n")).collect();
    let all = said(&format!("[holdings]\ntotal_usd_bn = 0.8\n{all}"), &[]);
    assert!(all.contains("TIC has shown 293 to 1326"), "{all}");
}

/// The steps of the events of the shipped library at its start.
const STEPS: [(&str, &[usize]); 21] = [
    ("managed_adjustment", &[]),
    ("q1_pace_persists", &[1, 1, 1, 1, 1, 1, 1]),
    ("sustained_shift", &[1]),
    ("boj_fast_hikes", &[56, 85, 118, 56]),
    ("boj_pause", &[]),
    ("oil_shock_fed_hikes", &[5, 5, 83, 111]),
    ("fed_cuts_buyers_return", &[54, 83, 111, 143, 44, 65, 65, 65]),
    ("boj_pause_yen_slide", &[5]),
    ("aug_2024_replay", &[1, 1, 3, 2, 5, 5]),
    ("carry_unwind_sticky_inflation", &[1, 1, 2, 4, 9]),
    ("mof_unilateral_repeat", &[1, 3, 5]),
    ("yen_crash_campaign", &[1, 1]),
    ("coordinated_intervention", &[1, 2]),
    ("jgb_rout_replay", &[1, 2, 12]),
    ("tokyo_truss", &[1, 3, 3, 2]),
    ("structural_repatriation", &[1]),
    ("treasury_card_threat", &[5, 15]),
    ("treasury_card_played", &[11, 1, 1]),
    ("debt_ceiling_scare", &[1, 1, 1, 1]),
    ("taiwan_conflict", &[1, 1, 1, 3, 3, 1]),
    ("disorderly_dump_contagion", &[1, 1, 6, 6]),
];

#[test]
fn every_scenario_runs_from_any_start() {
    assert_eq!(LIBRARY.names().collect::<Vec<_>>(), STEPS.map(|(name, _)| name));
    for (name, steps) in STEPS {
        let at_home = LIBRARY.load(name, &[], &CATALOGUE).unwrap().scenario;
        let fixed: Vec<usize> =
            at_home.events.iter().map(|event| event.fixed_day.unwrap()).collect();
        assert_eq!(fixed, steps, "{name}");
        for start in ["2026-07-01", "2027-02-17", "2028-10-02"] {
            let scenario = common::scenario(name, &[&format!("start={start}")]);
            assert_eq!(scenario.start.to_string(), start, "{name}");
            let moved = scenario.events.iter().zip(&at_home.events);
            for (event, home) in moved {
                assert_eq!(event.meeting, home.meeting, "{name}");
                assert!(event.meeting.is_some() || event.fixed_day == home.fixed_day, "{name}");
            }
            let impacts = paths(&scenario, 64).metric("impact_10y_bp", "end");
            let (mean, error) = mean(&impacts);
            assert!(mean.is_finite() && error > 0.0, "{name} from {start}: {mean} ± {error}");
        }
    }
}

/// A folder with a root of other levels, and a scenario.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "today.toml",
        "title = 'Today'\nextends = 'baseline'\nstart = 2026-11-25\nlevels = 2026-11-24\n[fed]\nust_10y_pct = 5.25\n[boj]\npriced_12m_pct = 1.75\n[sources]\nfed = 'made up'\nboj = 'made up'\n",
    );
    write(
        "mine.toml",
        "title = 'Mine'\n[[event]]\nname = 'hike'\nmeeting = 1\nboj_move = { size_bp = 25 }\n[sources]\nevent = 'assumption'\n",
    );
    folder
}

fn said_by(home: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let (code, out, err) = answer(home, arguments);
    (code, out + &err)
}

#[test]
fn another_root_stands_for_the_baseline() {
    let folder = folder();
    let library =
        LIBRARY.with_root(folder.path().join("today.toml").to_str().unwrap(), &CATALOGUE).unwrap();
    let loaded = library.load("boj_fast_hikes", &[], &CATALOGUE).unwrap();
    let scenario = &loaded.scenario;
    let value = |address: &str| {
        scenario
            .quantities
            .iter()
            .find(|own| own.address == address)
            .unwrap()
            .marginal
            .quantile(0.5)
    };
    assert_eq!((value("fed.ust_10y_pct"), value("fed.ust_2y_pct")), (5.25, 4.14));
    assert_eq!(scenario.start.to_string(), "2026-11-25");
    assert_eq!(scenario.parents, ["today", "baseline"]);
    // The market knows what the root says: a path priced there is no surprise of the scenario.
    let place = CATALOGUE.declarations().position(|known| known.name == "priced_12m_pct").unwrap();
    assert_eq!(scenario.market[place].quantile(0.5), 1.75);
    // The file itself is the root, under whatever name it goes, and `baseline` is its name.
    for name in [
        folder.path().join("today.toml").to_str().unwrap(),
        folder
            .path()
            .join("../")
            .join(folder.path().file_name().unwrap())
            .join("today.toml")
            .to_str()
            .unwrap(),
        "baseline",
    ] {
        let own = library.load(name, &[], &CATALOGUE).unwrap().scenario;
        assert_eq!(
            (own.name.as_str(), own.parents.as_slice()),
            ("today", ["baseline".to_owned()].as_slice()),
            "{name}"
        );
    }
    let home = LIBRARY.load("boj_fast_hikes", &[], &CATALOGUE).unwrap().scenario;
    assert_eq!(home.parents, ["baseline"]);
}

#[test]
fn every_command_takes_another_root_and_the_manifest_names_it() {
    let folder = folder();
    let home = folder.path();
    let (code, shown) = said_by(home, &["show", "mine.toml", "--baseline", "today.toml"]);
    assert!(code == Some(0) && shown.contains("ust_10y_pct = 5.25"), "{shown}");
    let (code, said) =
        said_by(home, &["check", "mine.toml", "today.toml", "--baseline", "today.toml"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("old levels") && said.contains("24 others of 2026-06-30"),
        "what it does not renew: {said}"
    );
    let runs: [&[&str]; 5] = [
        &["run", "mine.toml", "boj_pause"],
        &["compare", "mine.toml", "boj_pause"],
        &["sweep", "mine.toml", "--vary", "event.hike.boj_move.size_bp=10,20"],
        &["reverse", "mine.toml", "--target", "impact_10y_bp >= 1 at 1m"],
        &["plausibility", "mine.toml"],
    ];
    for typed in runs {
        let out = format!("out_{}", typed[0]);
        let mut typed = typed.to_vec();
        typed.extend(["--baseline", "today.toml", "--paths", "256", "--quiet", "--out", &out]);
        let (code, said) = said_by(home, &typed);
        assert_eq!(code, Some(0), "{typed:?}: {said}");
        let manifest = std::fs::read(home.join(&out).join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        assert!(manifest["inputs_sha256"]["today.toml"].is_string(), "{typed:?}");
        assert_eq!(manifest["notes"][0], "--baseline today.toml", "{typed:?}");
        let scenario = &manifest["scenarios"][0];
        assert_eq!(
            (&scenario["start"], &scenario["parents"][0]),
            (&"2026-11-25".into(), &"today".into())
        );
        let ten = scenario["quantities"]
            .as_array()
            .unwrap()
            .iter()
            .find(|own| own["address"] == "fed.ust_10y_pct");
        assert_eq!(ten.unwrap()["dated"], "2026-11-24");
    }
}

#[test]
fn a_file_that_cannot_be_a_root_is_refused() {
    let folder = folder();
    let home = folder.path();
    std::fs::write(home.join("broken.toml"), "title = 'x'\n[fed]\nust_10y = 3\n").unwrap();
    std::fs::create_dir(home.join("own")).unwrap();
    let whole = show(&LIBRARY.load("baseline", &[], &CATALOGUE).unwrap().scenario, &CATALOGUE);
    std::fs::write(home.join("own/baseline.toml"), whole).unwrap();
    std::fs::write(home.join("apart.toml"), "title = 'x'\nextends = 'own/baseline.toml'\n")
        .unwrap();
    std::fs::write(
        home.join("undated.toml"),
        "title = 'x'\n[fed]\nust_10y_pct = 4.5\n[sources]\nfed = 'a'\n",
    )
    .unwrap();
    for (file, needles) in [
        ("mine.toml", ["a root has no events", "mine.toml"]),
        ("treasury_card_played", ["a root has no events", "this file has 3"]),
        ("nothing.toml", ["cannot read nothing.toml", "No such file"]),
        ("own", ["no scenario and no file", "`own`"]),
        ("broken.toml", ["broken.toml:3", "did you mean `ust_10y_pct`"]),
    ] {
        let (code, said) = said_by(home, &["run", "boj_pause", "--baseline", file]);
        assert_eq!(code, Some(2), "{file}: {said}");
        assert!(needles.iter().all(|needle| said.contains(needle)), "{file}: {said}");
    }
    let (code, said) = said_by(home, &["show", "apart.toml", "--baseline", "today.toml"]);
    assert!(code == Some(2) && said.contains("has a root of its own, own/baseline.toml"), "{said}");
    // A whole root without a parent will do.
    let (code, said) = said_by(home, &["check", "boj_pause", "--baseline", "own/baseline.toml"]);
    assert!(code == Some(0) && said.contains("boj_pause: ok\n"), "{said}");
    let (code, said) = said_by(home, &["check", "boj_pause", "--baseline", "undated.toml"]);
    assert!(code == Some(0) && said.contains("the level `fed.ust_10y_pct` has no date"), "{said}");
}

#[test]
fn check_says_what_was_inherited_and_run_warns_of_the_nameless() {
    let folder = folder();
    let home = folder.path();
    std::fs::write(home.join("child.toml"), "title = 'x'\nextends = 'mine.toml'\n[[event]]\nname = 'hike'\nboj_move = { size_bp = 50 }\n[[event]]\nday = 3\nyen_jump = { size_pct = 1 }\n[sources]\nevent = 'a'\n").unwrap();
    let (code, said) = said_by(home, &["check", "child.toml"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\nchild.toml: inherited: event.1 `hike` of mine\n"), "{said}");
    assert!(
        said.contains("\nchild.toml: amended: event.1 `hike` by child (boj_move.size_bp)\n"),
        "{said}"
    );
    let (code, said) =
        said_by(home, &["run", "child.toml", "child.toml", "--paths", "64", "--quiet"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("the event without a name is added").count(), 1, "said once: {said}");
}

//! What every command gives, on record: tables and screens byte for byte, at 256 paths.
//!
//! `cargo test --test golden -- --ignored accept` takes the results of today as the record. It raises `model::REVISION`
//! when a value in a table changed; explain the change in the CHANGELOG.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;
#[path = "common/record.rs"]
mod record;

use command::answer;
use record::{REVISION_FILE, differences, files, values_change, with_revision};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use ustress::model::REVISION;

/// Tables of a run that are large, and on record once.
const LARGE: &[&str] = &["histogram.csv", "quantiles.csv", "statistics.csv", "fan.csv"];
/// Those of the library, 21 times as large.
const LARGE_LIBRARY: &[&str] = &[
    "histogram.csv",
    "quantiles.csv",
    "statistics.csv",
    "fan.csv",
    "flows.csv",
    "plausibility.csv",
];

/// A command on record.
struct Case {
    /// Its folder under `tests/golden`.
    name: &'static str,
    /// What is typed there, but for where the results go.
    typed: &'static [&'static str],
    /// Whether it simulates, and so takes paths and a seed.
    simulates: bool,
    /// Tables that are not on record.
    left_out: &'static [&'static str],
    /// Its exit code.
    code: i32,
}

const fn answers(name: &'static str, typed: &'static [&'static str]) -> Case {
    Case { name, typed, simulates: false, left_out: &[], code: 0 }
}

const fn simulates(
    name: &'static str,
    typed: &'static [&'static str],
    left_out: &'static [&'static str],
) -> Case {
    Case { name, typed, simulates: true, left_out, code: 0 }
}

/// Name of the scenario that the cases share.
const DUMP: &str = "inputs/dump.toml";

/// Made-up data files: three years of markets, flows and decisions.
const DATA: &str = "inputs/data";

/// All that is on record.
const CASES: &[Case] = &[
    simulates("library", &["run"], LARGE_LIBRARY),
    simulates("run", &["run", DUMP, "--keep-paths", "16"], &[]),
    Case { code: 4, ..simulates("suspect", &["run", "inputs/crash.toml"], LARGE) },
    simulates("compare", &["compare", DUMP, "jgb_rout_replay"], LARGE),
    simulates(
        "compare_until",
        &["compare", DUMP, "--vary", "impact.prior=consensus,studies", "--until", "mean +-9bp"],
        LARGE,
    ),
    simulates(
        "sweep",
        &[
            "sweep",
            DUMP,
            "--vary",
            "impact.prior=consensus,studies",
            "--vary",
            "impact.matched_share=0..0.5:2",
        ],
        LARGE,
    ),
    simulates(
        "sweep_sobol",
        &[
            "sweep",
            DUMP,
            "--vary",
            "impact.market_usd_tn=20..40",
            "--design",
            "sobol",
            "--points",
            "4",
        ],
        LARGE,
    ),
    simulates("sensitivity", &["sensitivity", DUMP], LARGE),
    simulates("reverse", &["reverse", DUMP, "--target", "impact_10y_bp >= 20 at end"], LARGE),
    simulates("plausibility", &["plausibility", DUMP], LARGE),
    simulates("plausibility_data", &["plausibility", DUMP, "--data", DATA], LARGE),
    simulates("claims", &["claims"], LARGE),
    simulates("replay", &["replay", "--data", DATA], LARGE),
    answers("calibrate", &["calibrate", "--data", DATA, "--from", "2012-01-01"]),
    answers("data", &["data", DATA, "--all"]),
    answers("priors", &["priors"]),
    answers("priors_csv", &["priors", "--csv"]),
    answers("document", &["document"]),
    answers("list", &["list"]),
    answers("show", &["show", DUMP]),
    answers("check", &["check", DUMP, "managed_adjustment"]),
    answers("schema", &["schema"]),
    answers("explain_channel", &["explain", "carry_unwind"]),
    answers("explain_driver", &["explain", "usdjpy"]),
    answers("explain_event", &["explain", "other_holder_sale"]),
];

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

impl Case {
    /// What is typed in all, the results going to `out`.
    fn arguments<'a>(&self, out: &'a str) -> Vec<&'a str> {
        let mut typed: Vec<&str> = self.typed.to_vec();
        let writes = self.simulates || self.name == "calibrate";
        typed.extend(writes.then_some(["--out", out]).into_iter().flatten());
        let paths = if self.name == "sensitivity" { "1024" } else { "256" };
        let how = ["--paths", paths, "--seed", "7", "--quiet"];
        typed.extend(self.simulates.then_some(how).into_iter().flatten());
        typed
    }

    /// Its tables and its screen, but for the manifest, which holds hashes of these.
    fn results(&self, home: &Path) -> BTreeMap<String, String> {
        let out = home.join(self.name);
        let typed = self.arguments(out.to_str().unwrap());
        let (code, screen, errors) = answer(&golden(""), &typed);
        assert_eq!(code, Some(self.code), "{}: {errors}", self.name);
        let mut found = files(&out);
        found.retain(|name, _| name != "manifest.json" && !self.left_out.contains(&name.as_str()));
        found.insert("screen.txt".to_owned(), screen);
        found.into_iter().map(|(name, text)| (format!("{}/{name}", self.name), text)).collect()
    }
}

/// The results of all cases, by case and file.
fn results() -> BTreeMap<String, String> {
    let home = tempfile::tempdir().unwrap();
    CASES.iter().flat_map(|case| case.results(home.path())).collect()
}

/// What is on record of all cases.
fn on_record() -> BTreeMap<String, String> {
    let of = |case: &Case| {
        let found = files(&golden(case.name)).into_iter();
        found.map(|(name, text)| (format!("{}/{name}", case.name), text)).collect::<Vec<_>>()
    };
    CASES.iter().flat_map(of).collect()
}

#[test]
fn every_command_gives_what_is_on_record() {
    let told = differences(&on_record(), &results());
    assert!(
        told.is_empty(),
        "{} files differ from the record; when that is meant, \
         `cargo test --test golden -- --ignored accept`\n{}",
        told.len(),
        told.join("\n")
    );
}

#[test]
fn the_record_is_of_this_revision() {
    let stated = std::fs::read_to_string(golden(REVISION_FILE)).unwrap();
    assert_eq!(stated, format!("{REVISION}\n"), "accept the results, or take the change back");
}

#[test]
fn the_record_holds_the_cases_and_nothing_that_was_forgotten() {
    let entries = std::fs::read_dir(golden("")).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    for name in folders.map(|entry| entry.file_name().into_string().unwrap()) {
        let known = CASES.iter().any(|case| case.name == name);
        assert!(known || name == "inputs", "tests/golden/{name} is no case: remove it");
    }
    assert!(CASES.iter().all(|case| case.name != "inputs"), "accepting would remove the inputs");
}

#[test]
#[ignore = "accepts the results of today as the record"]
fn accept() {
    let cases: Vec<&str> = CASES.iter().map(|case| case.name).collect();
    let source = golden("../../src/model/revision.rs");
    let revision = record::accept(&golden(""), &cases, &results(), &source, REVISION);
    println!("the record is of revision {revision}");
}

const OLD: &str = "scenario,day,date,value,source\na,1,2026-07-01,1.5,X\na,2,2026-07-02,2,Y\nb,1,2026-07-01,3,Z\n";

#[test]
fn a_number_or_a_date_is_a_value_and_text_is_not() {
    for (from, to, change) in [
        ("2,Y", "2.000001,Y", true),
        ("1.5,X", "-1.5,X", true),
        ("1.5,X", ",X", true),
        ("2026-07-02", "2026-07-03", true),
        ("1.5,X", "1.50,X", false),
        ("1.5,X", "1.5,another source", false),
        ("X\na,2", "\"a, b\"\na,2", false),
        ("b,1,2026-07-01,3", "c,1,2026-07-01,3", false),
        ("b,1,2026-07-01,3", "c,1,2026-07-01,4", true),
        ("b,1,2026-07-01,3,Z\n", "b,1,2026-07-01,3,Z\nc,1,2026-07-01,9,Z\n", false),
        ("b,1,2026-07-01,3,Z\n", "", false),
        ("a,1,", "new,1,2026-07-01,7,N\na,1,", false),
    ] {
        let new = OLD.replace(from, to);
        assert_ne!(new, OLD, "{from}");
        assert_eq!(values_change(OLD, &new), change, "{from} to {to}");
    }
    let wider = OLD.replace("source\n", "source,more\n").replace(['X', 'Y', 'Z'], "X,1");
    assert!(!values_change(&OLD.replace(['X', 'Y', 'Z'], "X"), &wider), "a column more");
}

/// A record of one case in a folder, with a source of the revision beside it.
fn small_record() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("case")).unwrap();
    std::fs::write(home.path().join("case/table.csv"), OLD).unwrap();
    std::fs::write(home.path().join("case/screen.txt"), "a 1.5\n").unwrap();
    std::fs::write(home.path().join(REVISION_FILE), "4\n").unwrap();
    let source = home.path().join("revision.rs");
    std::fs::write(&source, "//! It.\n\npub const REVISION: u32 = 4;\n").unwrap();
    (home, source)
}

#[test]
fn accepted_values_raise_the_revision_and_nothing_else_does() {
    let values = OLD.replace("1.5", "1.6");
    let text = OLD.replace('X', "W");
    for (table, screen, more, revision) in [
        (OLD, "a 1.5\n", false, 4),
        (OLD, "a 1.6\n", false, 4),
        (&text, "a 1.6\n", true, 4),
        (&values, "a 1.5\n", false, 5),
        (&values, "a 1.6\n", true, 5),
    ] {
        let (home, source) = small_record();
        let mut new = BTreeMap::from([
            ("case/table.csv".to_owned(), table.to_owned()),
            ("case/screen.txt".to_owned(), screen.to_owned()),
        ]);
        new.extend(more.then(|| ("case/more.csv".to_owned(), "x\n9\n".to_owned())));
        assert_eq!(record::accept(home.path(), &["case"], &new, &source, 4), revision);
        let found = files(&home.path().join("case"));
        assert_eq!(found["table.csv"], table);
        assert_eq!(found.len(), new.len());
        let stated = std::fs::read_to_string(home.path().join(REVISION_FILE)).unwrap();
        assert_eq!(stated, format!("{revision}\n"));
        let constant = format!("//! It.\n\npub const REVISION: u32 = {revision};\n");
        assert_eq!(std::fs::read_to_string(&source).unwrap(), constant);
    }
}

#[test]
fn the_constant_is_found_in_the_model() {
    let text = std::fs::read_to_string(golden("../../src/model/revision.rs")).unwrap();
    let raised = with_revision(&text, REVISION + 1);
    assert_ne!(raised, text);
    assert_eq!(with_revision(&raised, REVISION), text);
}

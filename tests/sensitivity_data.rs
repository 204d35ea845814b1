//! `ustress sensitivity` as a user runs it: on given data, on a scenario, on its own kept paths, and on bad data.
#![allow(clippy::unwrap_used)] // a test may panic

#[path = "common/command.rs"]
mod command;
#[path = "common/functions.rs"]
mod functions;

use command::{results, text, ustress};
use functions::{file, ishigami, linear, table, written};
use std::path::Path;
use ustress::sensitivity::{Worst, analyse, read_given};

fn rows_of(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_command_on_given_data() {
    let home = tempfile::tempdir().unwrap();
    let mut rows = table(ishigami, 4000, 12);
    file(home.path(), "a.csv", &written(&rows));
    rows.reverse();
    // a byte order mark and line ends of Windows change nothing either
    let windows = format!("\u{feff}{}", written(&rows).replace('\n', "\r\n"));
    file(home.path(), "b.csv", &windows);
    let run = |name: &str, out: &str, threads: &str| {
        let arguments =
            ["sensitivity", "--given", name, "--inputs", "x1,x2,x3", "--output", "y", "--out", out];
        let all = [&arguments[..], &["--threads", threads]].concat();
        let found = ustress(home.path(), &all);
        assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
        let files = ["sensitivity.csv", "tornado.csv", "tail.csv"];
        let bytes =
            files.map(|file| std::fs::read_to_string(home.path().join(out).join(file)).unwrap());
        (text(&found.stdout), bytes)
    };
    let (shown, one) = run("a.csv", "one", "1");
    let (_, two) = run("b.csv", "two", "2");
    assert_eq!(one.clone().map(|text| text.replace("a,y,", "b,y,")), two);
    assert!(
        shown.contains("What drives y of a (4000 rows") && !shown.contains('\u{1b}'),
        "{shown}"
    );
    assert!(shown.lines().all(|line| line.chars().count() <= 120), "{shown}");
    let rows = rows_of(&home.path().join("one/sensitivity.csv"));
    assert_eq!(rows.len(), 12, "three scopes of three inputs and a rest");
    assert_eq!((rows[3]["input"].as_str(), rows[3]["first_order"].as_str()), ("unexplained", ""));
    let sum: f64 = rows[..4].iter().map(|row| row["shapley"].parse::<f64>().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-6);
    let manifest = std::fs::read_to_string(home.path().join("one/manifest.json")).unwrap();
    for needle in ["a.csv", "given data of 4000 rows", "sensitivity.csv", "shapley: fair share"] {
        assert!(manifest.contains(needle), "{needle}");
    }
}

#[test]
fn a_scenario_explains_itself() {
    let home = tempfile::tempdir().unwrap();
    let run = |out: &str, threads: &str| {
        let arguments = ["sensitivity", "disorderly_dump_contagion", "--paths", "6000", "--quiet"];
        let all = [&arguments[..], &["--threads", threads, "--out", out]].concat();
        let found = ustress(home.path(), &all);
        assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
        let read = |file: &str| std::fs::read(home.path().join(out).join(file)).unwrap();
        ["sensitivity.csv", "tornado.csv", "tail.csv", "summary.csv", "manifest.json"].map(read)
    };
    assert!(run("one", "1") == run("two", "2"));
    let rows = rows_of(&home.path().join("one/sensitivity.csv"));
    for scope in ["all", "reaching_worst5", "within_worst5"] {
        let own = rows.iter().filter(|row| row["scope"] == scope);
        let sum: f64 = own.map(|row| row["shapley"].parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{scope}: {sum}");
    }
    let shocks = rows.iter().find(|row| row["input"] == "shocks").unwrap();
    assert!((0.1..0.6).contains(&shocks["shapley"].parse().unwrap()), "{shocks:?}");
    let largest = rows[0]["input"].as_str();
    assert!(largest.starts_with("impact."), "{largest}");
    let bars = rows_of(&home.path().join("one/tornado.csv"));
    for input in ["impact.transitory_bp_per_100bn", "impact.lasting_bp_per_100bn"] {
        let bar = bars.iter().find(|bar| bar["input"] == input && bar["scope"] == "all").unwrap();
        let [swing, error] = ["swing", "swing_mcse"].map(|key| bar[key].parse::<f64>().unwrap());
        assert!(swing > 5.0 * error && bar["unit"] == "bp", "{bar:?}");
    }
    assert!(rows.iter().all(|row| !row["input"].is_empty() && row["metric"] == "impact_10y_bp"));
}

#[test]
fn own_kept_paths_are_given_data_too() {
    let home = tempfile::tempdir().unwrap();
    let kept = ["run", "managed_adjustment", "--paths", "400", "--keep-paths", "400", "--quiet"];
    assert_eq!(ustress(home.path(), &kept).status.code(), Some(0));
    let path = results(home.path()).join("paths.csv");
    let given = read_given(&path, None, "impact_10y_bp").unwrap();
    assert_eq!((given.name.as_str(), given.output.len()), ("managed_adjustment", 400));
    assert!(given.names.iter().any(|name| name == "impact.transitory_bp_per_100bn"));
    assert!(!given.names.iter().any(|name| name == "path" || name == "peak_impact_10y_bp"));
    // the same draws, the same answer
    let analysis = analyse(&given.inputs, &given.output, Worst::Highest);
    assert_eq!(analysis.scopes.len(), 1, "20 rows are too few for the worst 5%");
    let out = ["sensitivity", "managed_adjustment", "--paths", "400", "--quiet", "--out", "direct"];
    let found = ustress(home.path(), &out);
    assert!(text(&found.stdout).contains("fewer than 100 rows"));
    let direct = rows_of(&home.path().join("direct/sensitivity.csv"));
    let place = given.names.iter().position(|name| *name == direct[0]["input"]).unwrap();
    let same = analysis.scopes[0].effects[place].shapley.value;
    assert!((same - direct[0]["shapley"].parse::<f64>().unwrap()).abs() < 1e-6);
    // of two scenarios in one file nobody knows which is meant
    let both = ["run", "boj_pause", "managed_adjustment", "--paths", "300", "--keep-paths", "300"];
    assert_eq!(ustress(home.path(), &both).status.code(), Some(0));
    let path = results(home.path()).join("paths.csv");
    let error = read_given(&path, None, "impact_10y_bp").unwrap_err().to_string();
    assert!(error.contains("line 302") && error.contains("one scenario"), "{error}");
}

#[test]
fn bad_data_is_refused_with_line_column_and_remedy() {
    let home = tempfile::tempdir().unwrap();
    let good = written(&table(linear, 150, 13));
    let with = |line: usize, cells: &str| {
        let mut lines: Vec<&str> = good.lines().collect();
        lines[line - 1] = cells;
        lines.join("\n")
    };
    let cases: [(&str, String, &[&str]); 12] = [
        ("empty.csv", String::new(), &["is empty", "name the columns"]),
        ("header.csv", "x1,x2,x3,y\n".to_owned(), &["0 rows", "at least 100"]),
        ("few.csv", good.lines().take(51).collect::<Vec<_>>().join("\n"), &["50 rows"]),
        ("blank.csv", with(7, "1,2,,4"), &["line 7", "`x3`", "empty", "--inputs"]),
        ("word.csv", with(8, "1,two,3,4"), &["line 8", "`x2`", "`two`", "finite number"]),
        ("comma.csv", with(8, "\"1,5\",2,3,4"), &["line 8", "`x1`", "`1,5`"]),
        ("nan.csv", with(9, "1,2,3,NaN"), &["line 9", "`y`", "`NaN`"]),
        ("inf.csv", with(10, "1,-inf,3,4"), &["line 10", "`x2`", "`-inf`"]),
        ("short.csv", with(11, "1,2,3"), &["line 11", "3 cells", "header has 4"]),
        ("twice.csv", with(1, "x1,x1,x3,y"), &["`x1`", "twice in the header"]),
        ("other.csv", with(1, "x1,x2,x3,yy"), &["no column `y`", "did you mean `yy`?"]),
        ("still.csv", "x,y\n".to_owned() + &"1,2\n".repeat(120), &["no other column varies"]),
    ];
    for (name, text, needles) in cases {
        let path = file(home.path(), name, &text);
        let error = read_given(&path, None, "y").unwrap_err().to_string();
        for needle in needles.iter().chain(&[name]) {
            assert!(error.contains(needle), "{name}: {error}");
        }
    }
    std::fs::write(home.path().join("latin.csv"), b"x,y\n1,\xff\n").unwrap();
    let error = read_given(&home.path().join("latin.csv"), None, "y").unwrap_err().to_string();
    assert!(error.contains("UTF-8"), "{error}");
    file(home.path(), "good.csv", &good);
    let usage: [(&[&str], &str); 10] = [
        (&["--given", "good.csv", "--output", "y", "--inputs", "x1,x9"], "no column `x9`"),
        (&["--given", "good.csv", "--output", "y", "--inputs", "x1,y"], "as input and output"),
        (&["--given", "good.csv", "--output", "y", "--inputs", "x1,x1"], "twice in --inputs"),
        (&["--given", "missing.csv", "--output", "y"], "cannot read missing.csv"),
        (&["--given", ".", "--output", "y"], "cannot read ."),
        (&["--given", "good.csv"], "--output"),
        (&[], "<SCENARIO>"),
        (&["boj_pause", "--paths", "50"], "at least 100"),
        (&["boj_pause", "--metric", "impact_10y"], "did you mean `impact_10y_bp`?"),
        (&["boj_pause", "--at", "9m"], "no horizon `9m`"),
    ];
    for (arguments, needle) in usage {
        let found = ustress(home.path(), &[&["sensitivity"], arguments].concat());
        let error = text(&found.stderr);
        assert_eq!(found.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(needle), "{arguments:?}: {error}");
    }
    assert!(!home.path().join("output").exists(), "nothing was written");
}

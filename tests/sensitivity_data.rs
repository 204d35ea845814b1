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
    let of = |name: &str, scope: &str| {
        let found = rows.iter().find(|row| row["input"] == name && row["scope"] == scope);
        found.unwrap_or_else(|| panic!("{name} in {scope}"))
    };
    for scope in ["all", "reaching_worst5"] {
        let [shocks, rest] = ["shocks", "unexplained"].map(|name| of(name, scope));
        let [low, share, high] = ["shapley_low95", "shapley", "shapley_high95"]
            .map(|key| shocks[key].parse::<f64>().unwrap());
        assert!(0.0 < low && low < share && share < high && high < 0.6, "{shocks:?}");
        assert!(rest["shapley"].parse::<f64>().unwrap() > -0.02, "{rest:?}");
    }
    of("shocks or unexplained", "within_worst5");
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

/// Rows with a column of words: y = 3 for group B, 1 for C, 0 for A, plus x and noise of a quarter.
fn grouped(rows: usize, seed: u64) -> String {
    let mut draws = functions::Draws::new(seed);
    let mut text = "region,x,id,y\n".to_owned();
    for row in 0..rows {
        let (u, x) = (draws.uniform(), draws.normal());
        let (word, effect) = match u {
            u if u < 0.5 => ("A", 0.0),
            u if u < 0.8 => ("B", 3.0),
            _ => ("C", 1.0),
        };
        let y = effect + x + 0.25 * draws.normal();
        text += &format!("{word},{x},n{row},{y}\n");
    }
    text
}

#[test]
fn a_column_of_few_words_is_a_category() {
    let home = tempfile::tempdir().unwrap();
    let path = file(home.path(), "regions.csv", &grouped(4000, 21));
    let given = read_given(&path, None, "y").unwrap();
    assert_eq!(given.names, ["region", "x"]);
    assert_eq!(given.groups, [vec!["A", "B", "C"], vec![]], "the most frequent first");
    assert_eq!(given.left_out, ["id"], "too many words");
    let out = ["sensitivity", "--given", "regions.csv", "--output", "y", "--quiet", "--out", "out"];
    let found = ustress(home.path(), &out);
    assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
    let notes = text(&found.stderr);
    assert!(
        notes.contains("`region` is a category: A, B, C") && notes.contains("different words: id"),
        "{notes}"
    );
    let rows = rows_of(&home.path().join("out/sensitivity.csv"));
    // Var between groups: E = 1.1, E² = 2.9, so 1.69; of x 1, of noise 1/16.
    let whole = 1.69 + 1.0 + 0.0625;
    for (name, want) in
        [("region", 1.69 / whole), ("x", 1.0 / whole), ("unexplained", 0.0625 / whole)]
    {
        let row = rows.iter().find(|row| row["input"] == name && row["scope"] == "all").unwrap();
        let share: f64 = row["shapley"].parse().unwrap();
        assert!((share - want).abs() < 0.03, "{name}: {share} {want}");
        assert_eq!(row["rank_correlation"].is_empty(), name != "x", "{row:?}");
    }
    let bar = rows_of(&home.path().join("out/tornado.csv"));
    let bar = bar.iter().find(|bar| bar["input"] == "region").unwrap();
    assert!(bar["swing"].is_empty() && bar["p10"].is_empty(), "{bar:?}");
    assert!(text(&found.stdout).contains('–') && !text(&found.stdout).contains("NaN"));
    // Another order of rows and other words are the same groups.
    let mut lines: Vec<String> = grouped(4000, 21).lines().map(str::to_owned).collect();
    lines[1..].reverse();
    let turned = lines.join("\n").replace("A,", "South,").replace("B,", "North,");
    let again = read_given(&file(home.path(), "turned.csv", &turned), None, "y").unwrap();
    assert_eq!(again.groups[0], ["South", "North", "C"]);
    let bits = |given: &ustress::sensitivity::Given| {
        let (categories, inputs) = (given.categories(), &given.inputs);
        let rows = ustress::sensitivity::Rows {
            inputs,
            categories: &categories,
            output: &given.output,
            other_days: &[],
        };
        ustress::sensitivity::analyse_rows(&rows, Worst::Highest).scopes[0].effects[0].shapley
    };
    assert_eq!(bits(&again), bits(&given));
    // Asked for by name, a column of many words is an error that says so.
    let named = ["id".to_owned()];
    let error = read_given(&path, Some(&named), "y").unwrap_err().to_string();
    assert!(error.contains("`id` has words, more than 14"), "{error}");
    let region = read_given(&path, Some(&["region".to_owned()]), "y").unwrap();
    assert_eq!(region.groups[0].len(), 3);
}

#[test]
fn the_bad_end_is_that_of_the_metric() {
    let home = tempfile::tempdir().unwrap();
    let ask = |metric: &str, more: &[&str]| {
        let typed = [
            "sensitivity",
            "disorderly_dump_contagion",
            "--at",
            "1m",
            "--paths",
            "2400",
            "--quiet",
        ];
        let found = ustress(
            home.path(),
            &[&typed[..], &["--out", "out", "--metric", metric], more].concat(),
        );
        assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
        let tail = home.path().join("out/tail.csv");
        (text(&found.stdout), rows_of(&home.path().join("out/sensitivity.csv")), tail)
    };
    let (shown, rows, tail) = ask("equity_pct", &[]);
    assert!(shown.contains("Its worst 5% (at or below -"), "{shown}");
    assert!(rows.iter().any(|row| row["scope"] == "reaching_worst5"));
    assert_eq!(rows_of(&tail)[0]["end"], "lowest");
    let (shown, rows, tail) = ask("equity_pct", &["--highest"]);
    assert!(shown.contains("Its highest 5% (at or above"), "{shown}");
    assert!(rows.iter().any(|row| row["scope"] == "within_highest5"));
    assert_eq!(rows_of(&tail)[0]["end"], "highest");
    let (shown, rows, _) = ask("usdjpy", &[]);
    assert!(shown.contains("Its highest 5%") && !shown.contains("worst"), "{shown}");
    assert!(rows.iter().all(|row| !row["scope"].contains("worst")));
    let (shown, ..) = ask("impact_10y_bp", &["--lowest"]);
    assert!(shown.contains("Its lowest 5% (at or below"), "{shown}");
}

#[test]
fn a_tail_made_of_ties_is_not_defined_or_says_its_rows() {
    let home = tempfile::tempdir().unwrap();
    let tied = |name: &str, above: usize| {
        let mut draws = functions::Draws::new(31);
        let mut data = "x,y\n".to_owned();
        for row in 0..4000 {
            let x = draws.normal();
            data += &format!("{x},{}\n", if row < above { 1.0 + draws.uniform() } else { 0.0 });
        }
        file(home.path(), name, &data);
        let out = ["sensitivity", "--given", name, "--output", "y", "--quiet", "--out", "out"];
        let found = ustress(home.path(), &out);
        assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
        let rows = rows_of(&home.path().join("out/sensitivity.csv"));
        (text(&found.stdout), rows, home.path().join("out/tail.csv").exists())
    };
    let (shown, rows, tail) = tied("few.csv", 30);
    assert!(shown.contains("highest 5% are not defined: 3970 rows lie at 0"), "{shown}");
    assert!(shown.contains("30 above; 100 are needed") && !tail, "{shown}");
    assert!(rows.iter().all(|row| row["scope"] == "all"));
    let (shown, rows, tail) = tied("some.csv", 150);
    assert!(
        shown.contains("Its highest 3.75% (above 0: 150 rows; 3850 more lie at it)"),
        "{shown}"
    );
    let within = rows.iter().find(|row| row["scope"] == "within_highest5").unwrap();
    assert!(within["rows"] == "150" && tail, "{within:?}");
}

#[test]
fn totals_are_bounds_where_too_much_is_unexplained() {
    let home = tempfile::tempdir().unwrap();
    let total = |noise: f64| {
        let mut draws = functions::Draws::new(41);
        let mut data = "a,b,y\n".to_owned();
        for _ in 0..3000 {
            let (a, b) = (draws.normal(), draws.normal());
            data += &format!("{a},{b},{}\n", 2.0 * a + b + noise * draws.normal());
        }
        file(home.path(), "t.csv", &data);
        let out = ["sensitivity", "--given", "t.csv", "--output", "y", "--quiet", "--out", "out"];
        let found = ustress(home.path(), &out);
        assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
        let rows = rows_of(&home.path().join("out/sensitivity.csv"));
        let [value, low, high] =
            ["total", "total_low95", "total_high95"].map(|key| rows[0][key].clone());
        (value, low.parse::<f64>().unwrap(), high.parse::<f64>().unwrap(), text(&found.stdout))
    };
    // Noise of 1/2: 0.25/5.25 = 4.8%; of 0.7: 0.49/5.49 = 8.9%.
    let (value, low, high, shown) = total(0.45);
    assert!(!value.is_empty() && high - low < 0.1 && !shown.contains("bounds"), "{value} {shown}");
    let (value, low, high, shown) = total(0.7);
    assert!(value.is_empty() && low > 0.6 && high > low + 0.08 && high <= 1.0, "{low} {high}");
    assert!(shown.contains("totals are bounds, because more than 5% is unexplained"), "{shown}");
}

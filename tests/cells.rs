//! What stands in the cells of every CSV: names that a spreadsheet would compute or turn into a date stay text, and a column
//! of numbers that can have a fraction has a point in every one.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use command::answer;
use std::path::Path;

/// Names that a spreadsheet would change.
const NAMES: [&str; 12] = [
    "=1+1",
    "+x",
    "-x",
    "@x",
    "mar1",
    "mar-1",
    "1e5",
    "1-2",
    "2026-07-01",
    "TRUE",
    "#N/A",
    "0012345678901234567890",
];

/// A small scenario that sells in its first days.
const SCENARIO: &str = "title = \"t\"\nhorizon = \"1w\"\n[[event]]\nday = 1\nname = \"mar1\"\n\
                        official_sale = { amount_usd_bn = \"100 to 300\", over_days = 2 }\n";

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("in")).unwrap();
    for name in NAMES {
        // A slash is no part of a file's name.
        std::fs::write(home.path().join(format!("in/{}.toml", name.replace('/', "-"))), SCENARIO)
            .unwrap();
    }
    home
}

/// Runs a command, which must succeed, and checks every table that it writes. Gives the cells of one column of one of them.
fn tables(home: &Path, arguments: &[&str], file: &str, column: &str) -> Vec<String> {
    let _ = std::fs::remove_dir_all(home.join("out"));
    let (code, _, errors) = answer(home, &[arguments, &["--quiet", "--out", "out"]].concat());
    assert_eq!(code, Some(0), "{arguments:?}: {errors}");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(home.join("out")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let cells = columns(&path);
            cells.iter().for_each(|(column, cells)| check(&format!("{name}: {column}"), cells));
            let own = cells.into_iter().filter(|(other, _)| name == file && other == column);
            found.extend(own.flat_map(|(_, cells)| cells));
        }
    }
    assert!(!found.is_empty(), "no {column} in {file}");
    found
}

fn columns(path: &Path) -> Vec<(String, Vec<String>)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cells = |place: usize| rows.iter().map(|row| row[place].to_owned()).collect();
    header.iter().enumerate().map(|(place, name)| (name.to_owned(), cells(place))).collect()
}

fn is_date(cell: &str) -> bool {
    let shape: String = cell.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    ["0000-00-00", "0000-00"].contains(&shape.as_str())
}

/// A column holds numbers of one kind, or dates, or text that is text to every reader.
fn check(column: &str, cells: &[String]) {
    let cells: Vec<&str> =
        cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let numbers = cells.iter().filter(|cell| cell.parse::<f64>().is_ok()).count();
    let points =
        cells.iter().filter(|cell| cell.parse::<f64>().is_ok() && cell.contains('.')).count();
    let dates = cells.iter().filter(|cell| is_date(cell)).count();
    assert!(numbers == 0 || numbers == cells.len(), "{column} holds numbers and text");
    assert!(points == 0 || points == numbers, "{column} holds numbers with and without a point");
    assert!(dates == 0 || dates == cells.len(), "{column} holds dates and text");
    if numbers == 0 && dates == 0 {
        for cell in cells {
            assert!(!cell.starts_with(['=', '+', '-', '@', '#', '\t', '\r']), "{column}: {cell}");
            assert!(!cell.chars().any(char::is_control), "{column}: {cell:?}");
        }
    }
}

#[test]
fn names_of_scenarios_stay_text_in_every_table() {
    let home = home();
    let run = ["run", "in", "--paths", "64", "--keep-paths", "2"];
    let names = tables(home.path(), &run, "summary.csv", "scenario");
    for name in NAMES.map(|name| name.replace('/', "-")) {
        assert!(names.contains(&format!("'{name}")), "{name}: {names:?}");
    }
    let (mar, sum) = ("in/mar1.toml", "in/=1+1.toml");
    let bases = tables(home.path(), &["compare", mar, sum, "--paths", "64"], "compare.csv", "base");
    assert_eq!(bases[0], "'mar1");
    let varied = [
        "sweep",
        mar,
        "--vary",
        "impact.matched_share=0,0.5,1",
        "--vary",
        "channels.safe_haven=true,false",
    ];
    let sweep = [&varied[..], &["--paths", "64"]].concat();
    let values = tables(home.path(), &sweep, "sweep.csv", "impact.matched_share");
    assert!(values.contains(&"0.0".to_owned()) && values.contains(&"1.0".to_owned()), "{values:?}");
    let values = tables(home.path(), &sweep, "sweep.csv", "channels.safe_haven");
    assert!(values.contains(&"true".to_owned()), "{values:?}");
    let target = ["reverse", mar, "--target", "impact_10y_bp >= 5 at end", "--paths", "256"];
    tables(home.path(), &target, "reverse.csv", "scenario");
}

#[test]
fn columns_of_given_data_stay_text() {
    let home = home();
    let mut data = "=1+1,mar1,1e5,y\n".to_owned();
    for row in 0..400 {
        let (a, b, c) = (row % 17, row * 7 % 23, row * 5 % 31);
        data += &format!("{a},{b},{c},{}\n", a + 2 * b);
    }
    std::fs::write(home.path().join("mar1.csv"), data).unwrap();
    let given = ["sensitivity", "--given", "mar1.csv", "--output", "y"];
    let inputs = tables(home.path(), &given, "sensitivity.csv", "input");
    for name in ["'=1+1", "'mar1", "'1e5"] {
        assert!(inputs.contains(&name.to_owned()), "{inputs:?}");
    }
}

#[test]
fn check_warns_about_names() {
    let home = home();
    std::fs::write(home.path().join("in/plain_1.toml"), SCENARIO).unwrap();
    for (file, warns) in
        [("in/mar1.toml", true), ("in/=1+1.toml", true), ("in/plain_1.toml", false)]
    {
        let (code, screen, errors) = answer(home.path(), &["check", file]);
        assert_eq!(code, Some(0), "{errors}");
        let told = format!("{screen}{errors}");
        assert_eq!(
            told.contains("by a spreadsheet") && told.contains("rename the file"),
            warns,
            "{told}"
        );
    }
}

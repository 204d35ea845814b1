//! Files that nobody should have named, texts of others, and inputs without measure.
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use command::{answer, command, text};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn write(home: &Path, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(home.join(name), text).unwrap();
}

/// Exit code and all that is said.
fn said(home: &Path, typed: &[&str]) -> (Option<i32>, String) {
    let (code, out, err) = answer(home, typed);
    (code, out + &err)
}

const SMALL: &str = "title = \"x\"\nhorizon = \"1w\"\n";

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_without_waiting_by_every_reader() {
    let home = folder();
    let home = home.path();
    let made = std::process::Command::new("mkfifo").arg(home.join("pipe.toml")).status();
    assert!(made.unwrap().success());
    std::fs::create_dir(home.join("data")).unwrap();
    std::fs::rename(home.join("pipe.toml"), home.join("data/pipe.toml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(home.join("socket.toml")).unwrap();
    for (file, what) in
        [("data/pipe.toml", "a pipe"), ("/dev/zero", "a device"), ("./socket.toml", "a socket")]
    {
        for typed in [
            vec!["run", file],
            vec!["check", file],
            vec!["show", file],
            vec!["compare", "boj_pause", file],
            vec!["sweep", file, "--vary", "boj.hike_probability=0,1"],
            vec!["reverse", file, "--target", "impact_10y_bp >= 5 at 1m"],
            vec!["sensitivity", file],
            vec!["sensitivity", "--given", file, "--output", "y"],
            vec!["replay", "--data", "data", "--episodes", file],
            vec!["plausibility", file],
        ] {
            let (code, said) = said(home, &typed);
            assert_eq!(code, Some(2), "{typed:?}: {said}");
            let named = said.contains(file) && said.contains(&format!("it is {what}"));
            assert!(named && said.contains("must be a regular file"), "{typed:?}: {said}");
        }
    }
    let (code, told) = said(home, &["data", "data"]);
    assert!(code == Some(0) && told.contains("it is a pipe"), "{told}");
    write(home, "child.toml", "title = \"x\"\nextends = \"data/pipe.toml\"\n");
    let (code, told) = said(home, &["check", "child.toml"]);
    assert!(code == Some(2) && told.contains("it is a pipe"), "{told}");
}

#[test]
fn large_files_are_refused_with_both_sizes() {
    let home = folder();
    let home = home.path();
    write(home, "long.toml", format!("title = \"{}\"\n", "x".repeat(2 << 20)));
    let (code, told) = said(home, &["run", "long.toml"]);
    let needle =
        "long.toml: it has 2097163 bytes, more than the 1048576 that a scenario file may have";
    assert!(code == Some(2) && told.contains(needle), "{told}");
    let (code, told) = said(home, &["replay", "--data", ".", "--episodes", "long.toml"]);
    assert!(code == Some(2) && told.contains("that a table of episodes may have"), "{told}");
    write(home, "row.csv", format!("{}\n1,2\n", "x,".repeat(2 << 20)));
    let (code, told) = said(home, &["sensitivity", "--given", "row.csv", "--output", "y"]);
    assert!(code == Some(2) && told.contains("a row is longer than a megabyte"), "{told}");
}

#[test]
fn a_scenario_comes_from_standard_input() {
    let home = folder();
    let mut run = command(home.path(), &["run", "-", "--paths", "300", "--quiet", "--out", "out"]);
    run.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = run.spawn().unwrap();
    child.stdin.take().unwrap().write_all(SMALL.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let summary = std::fs::read_to_string(home.path().join("out/summary.csv")).unwrap();
    assert!(summary.lines().nth(1).unwrap().starts_with("stdin,1d,"), "{summary}");
    let manifest = std::fs::read_to_string(home.path().join("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let hash = ustress::report::sha256(SMALL.as_bytes());
    assert_eq!(manifest["inputs_sha256"]["stdin"], hash);
}

#[test]
fn inputs_without_measure_are_told_in_few_words() {
    let home = folder();
    let home = home.path();
    let lines = |head: &str, line: &dyn Fn(usize) -> String, count: usize| {
        (0..count).fold(format!("title = \"x\"\n{head}\n"), |mut text, index| {
            writeln!(text, "{}", line(index)).unwrap();
            text
        })
    };
    let many = 20_000;
    let unknown = lines("", &|index| format!("unknown_{index} = 1"), many);
    let misspelt = lines("[boj]", &|index| format!("hike_probabilit_{index} = 1"), many);
    let sources =
        lines("[sources]", &|index| format!("\"boj.hike_probabilit{index}\" = \"a\""), many);
    let tables = lines("", &|index| format!("[table_{index}]"), many);
    for (name, body) in [("a", unknown), ("b", misspelt), ("c", sources), ("d", tables)] {
        let file = format!("{name}.toml");
        write(home, &file, body);
        let (code, told) = said(home, &["check", &file]);
        assert_eq!(code, Some(2));
        assert_eq!(told.matches("error: ").count(), 51, "{name}");
        assert!(told.contains("and 19950 more errors, the first of them here"), "{name}");
        assert!(told.len() < 40_000, "{name}: {}", told.len());
    }
    let event = "[[event]]\nday = 1\noil_shock = { size_pct = 1 }";
    let pair = "[[correlation]]\na = \"boj.a\"\nb = \"boj.b\"\nrho = 0.1";
    let parts = vec!["1"; 100_000].join(",");
    let mixture =
        format!("hike_probability = {{ mixture = {{ parts = [{parts}], weights = [{parts}] }} }}");
    for (body, needle) in [
        (lines("", &|_| event.to_owned(), 10_000), "the scenario has 10000 events and more"),
        (lines("", &|_| pair.to_owned(), 10_000), "the scenario has 10000 correlations and more"),
        (
            lines("[boj]", &|_| mixture.clone(), 1),
            "the lists of `hike_probability` have 200000 items",
        ),
        (lines("[boj]", &|_| format!("a = {}", "[".repeat(100_000)), 1), "not valid TOML"),
        (lines("[boj]", &|_| format!("{} = 1", vec!["a"; 100_000].join(".")), 1), "not valid TOML"),
        (lines("", &|_| format!("{} = 1", "k".repeat(500_000)), 1), "k… = 1"),
    ] {
        write(home, "e.toml", body);
        let (code, told) = said(home, &["check", "e.toml"]);
        assert!(code == Some(2) && told.contains(needle), "{}", &told[..told.len().min(3000)]);
        assert!(told.len() < 5000, "{needle}: {}", told.len());
    }
    // A thousand events are allowed, spread over parents or not.
    write(home, "half.toml", lines("horizon = \"1w\"", &|_| event.to_owned(), 600));
    write(home, "more.toml", lines("extends = \"half.toml\"", &|_| event.to_owned(), 401));
    assert_eq!(said(home, &["check", "half.toml"]).0, Some(0));
    let (code, told) = said(home, &["check", "more.toml"]);
    assert!(code == Some(2) && told.contains("the scenario has 1001 events"), "{told}");
    for index in 0..100 {
        let next = format!("title = \"x\"\nextends = \"chain{}.toml\"\n", index + 1);
        write(home, &format!("chain{index}.toml"), next);
    }
    let (code, told) = said(home, &["check", "chain0.toml"]);
    assert!(code == Some(2) && told.contains("more than 32 parents"), "{told}");
}

#[test]
fn a_file_that_is_no_scenario_is_not_quoted() {
    let home = folder();
    let home = home.path();
    let files: [(&str, &[u8]); 9] = [
        ("key.toml", b"-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n"),
        ("shadow.toml", b"root:$6$SECRET:19000:0:99999:7:::\n"),
        ("credentials.toml", b"[default]\npassword = \"SECRET\"\n"),
        ("environment.toml", b"TOKEN=SECRET\n"),
        ("note.toml", b"# SECRET\n"),
        ("table.toml", b"SECRET,b,c\n1,2,3\n"),
        ("one.toml", b"\"SECRET\""),
        ("binary.toml", b"\x00\xff\xfeSECRET\x80\n"),
        ("wide.toml", b"\xff\xfet\x00i\x00t\x00l\x00e\x00SECRET"),
    ];
    for (name, bytes) in files {
        write(home, name, bytes);
        write(home, "child.toml", format!("title = \"x\"\nextends = \"{name}\"\n"));
        for typed in [["check", name], ["run", name], ["show", name], ["check", "child.toml"]] {
            let (code, told) = said(home, &typed);
            assert_eq!(code, Some(2), "{told}");
            assert!(!told.contains("SECRET"), "{typed:?}: {told}");
            let parent = typed[1] == "child.toml";
            assert!(parent || told.contains("this is not a scenario file"), "{typed:?}: {told}");
        }
    }
    write(home, "given.csv", "SECRET\n1\n2\n");
    let (code, told) = said(home, &["sensitivity", "--given", "given.csv", "--output", "y"]);
    assert!(code == Some(2) && !told.contains("SECRET"), "{told}");
    // A scenario with a slip is quoted, where the slip is.
    write(home, "slip.toml", "title = \"x\"\nstart = = 3\n");
    let (_, told) = said(home, &["check", "slip.toml"]);
    assert!(told.contains("start = = 3"), "{told}");
}

/// What may drive a terminal or hide.
fn drives(text: &str) -> Option<char> {
    text.chars().find(|c| *c != '\n' && ustress::text::is_hidden(*c))
}

#[cfg(unix)]
#[test]
fn nothing_of_others_drives_the_terminal() {
    let home = folder();
    let home = home.path();
    let evil = "a\u{1b}[31m\u{1b}]0;t\u{7}\r\u{9b}2J\u{202e}\u{2066}\u{200b}\u{7f}日本";
    let name = format!("{evil}.toml");
    write(home, &name, SMALL);
    let title = "title = \"a\\u001b[31m\\u202e\"\n";
    write(
        home,
        "bad.toml",
        format!("{title}\"{}\" = 1\n# \u{9b}\u{202e}\nstory = 3 # \u{200b}\n", "\u{9b}\u{202e}"),
    );
    std::fs::create_dir(home.join("data")).unwrap();
    write(home, "data/\u{1b}[2J.csv", "observation_date,DGS10\n2026-01-05,x\u{1b}[2J\n");
    let mut given = format!("x\u{1b}[31m{},y\n", '\u{202e}');
    (0..200).for_each(|row| writeln!(given, "{row},{}", row * row % 17).unwrap());
    write(home, "given.csv", given);
    write(home, "data/episodes.csv", "id,start,end,\u{1b}[2J\n1,2024-01-02,x\u{1b}\n");
    let missing = format!("./{evil}/x.toml");
    for typed in [
        vec!["run", &name, "--paths", "300", "--out", "o\u{1b}[2J", "--progress", "json"],
        vec!["compare", &name, &name, "--paths", "300", "--no-waterfall", "--quiet"],
        vec!["plausibility", &name, "--paths", "300", "--quiet"],
        vec!["sweep", &name, "--vary", "title=a\u{1b}[31m,b\u{202e}", "--paths", "300", "--quiet"],
        vec!["check", &name, "bad.toml", evil, &missing],
        vec!["show", &name],
        vec!["data", "data"],
        vec!["replay", "--data", "data"],
        vec!["sensitivity", "--given", "given.csv", "--output", "y", "--quiet"],
        vec!["sensitivity", "--given", "given.csv", "--output", evil],
        vec!["explain", evil],
        vec!["run", evil],
        vec!["run", "boj_pause", "--set", evil],
        vec!["run", "boj_pause", "--set", &format!("boj.{evil}=1")],
        vec!["run", "boj_pause", "--paths", evil],
        vec!["run", "boj_pause", &format!("--{evil}")],
        vec!["run", "boj_pause", "--until", evil],
        vec!["reverse", "boj_pause", "--target", evil],
        vec!["sensitivity", "boj_pause", "--metric", evil],
        vec![evil],
    ] {
        let (_, out, err) = answer(home, &typed);
        assert!(!out.is_empty() || !err.is_empty());
        assert_eq!(drives(&out), None, "{typed:?}: {out:?}");
        assert_eq!(drives(&err), None, "{typed:?}: {err:?}");
    }
    let (_, out, _) = answer(home, &["run", &name, "--paths", "300", "--quiet"]);
    assert!(out.contains("日本") && out.contains("\\u{1b}[31m"), "{out}");
    let (code, shown, _) = answer(home, &["show", "boj_pause", "--set", "story=a\u{202e}b"]);
    assert!(code == Some(0) && shown.contains("story = \"a\\u202Eb\""), "{shown}");
}

#[test]
fn a_misspelt_column_of_episodes_is_an_error_and_a_foreign_one_is_said() {
    let home = folder();
    let home = home.path();
    std::fs::create_dir(home.join("data")).unwrap();
    for (column, meant) in [
        ("ministry_sold_usd_b", "ministry_sold_usd_bn"),
        ("Residents_sold_usd_bn", "residents_sold_usd_bn"),
        ("ministry sold usd bn", "ministry_sold_usd_bn"),
        ("residents_sold", "residents_sold_usd_bn"),
        ("used-for", "used_for"),
    ] {
        write(home, "e.csv", format!("id,start,end,{column}\n1,2024-01-02,2024-02-02,\n"));
        let (code, told) = said(home, &["replay", "--data", "data", "--episodes", "e.csv"]);
        let needle =
            format!("column `{column}`: is no column of episodes; did you mean `{meant}`?");
        assert!(code == Some(2) && told.contains(&needle), "{told}");
    }
    assert_eq!(ustress::replay::unused_columns("id,start,end,remarks\n"), ["remarks"]);
}
